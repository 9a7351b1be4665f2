"""The loop of a compiled step over rows, as one native function."""

from __future__ import annotations

from ctypes import c_int64, c_void_p
from typing import Any

import numpy as np

from autograd.compiling.errors import NoNativeError
from autograd.compiling.llvm.engine import Native
from autograd.compiling.llvm.frame import Frame, copy_number, has_place, place
from autograd.compiling.llvm.straight import parts_of
from autograd.compiling.llvm.terms import DOUBLE, Term, Writer, literal
from autograd.compiling.loop import sources_of
from autograd.compiling.node import Node, in_order
from autograd.compiling.passes.constants import is_constant
from autograd.compiling.passes.unroll import ENTRY, JOINED
from autograd.compiling.program import Program


class NativeLoop:
    """The loop of a program over rows.

    It stops before the step of a fault: one in which Python would raise or a guard does not hold.

    Attributes:
        text: the loop in LLVM's language.

    Raises:
        NoNativeError: a step has no native form, as it is none on floats.
        ImportError: there is no LLVM.
    """

    largest = 50_000_000  # rows of a chunk
    chunk = smallest = 1_000  # rows of the next chunk, and of each at least

    def __init__(self, program: Program) -> None:
        self.program = program
        self.rows, self.outer, self.carried = sources_of(program)
        self.updates = [node for node in program.new if node is not None]
        self.parts = [x for node in self.updates for x in parts_of(node)]
        checks = list(zip(program.guards, program.expected, strict=True))
        wanted = [x for x in self.parts if isinstance(x, Node)]
        self.entries = {(n.args[0], n.params["place"]): n for n in program.nodes if n.op is ENTRY}
        self.frame = Frame(in_order([*program.guards, *wanted]), checks, wanted)
        self.text = self.printed()
        self.native = Native(self.text, 2, self.frame.callbacks)
        kinds = [c_void_p, c_void_p, c_int64, *[c_void_p] * len(self.rows)]
        self.function = self.native.function("loop", c_int64, *kinds)

    def printed(self) -> str:
        """Return the text of the loop and its pieces."""
        w = Writer({})
        first = len(self.frame.slots)  # where the numbers to write back lie in the frame
        w.lines += ["entry:", f"%frame = alloca [{first + len(self.parts)} x double]"]
        for i, node in enumerate(self.scalars(self.outer)):
            if node in self.frame.slots:
                copy_number(w, "%outer", i, "%frame", self.frame.slots[node])
        w.lines += ["br label %head", "head:"]
        w.lines.append("%i = phi i64 [0, %entry], [%next, %latch]")
        w.lines.append("%more = icmp slt i64 %i, %count")
        w.lines += ["br i1 %more, label %body, label %end", "body:"]
        for k, row in enumerate(self.rows):
            entries = self.scalars([row])
            start = w.emit(f"mul i64 %i, {len(entries)}", None).name
            begin = w.emit(f"getelementptr double, ptr %column_{k}, i64 {start}", None).name
            for i, node in enumerate(entries):
                if node in self.frame.slots:
                    copy_number(w, begin, i, "%frame", self.frame.slots[node])
        for i in range(len(self.frame.pieces)):
            fault = w.emit(f"call i1 @piece_{i}(ptr %frame)", None).name
            w.lines += [f"br i1 {fault}, label %end, label %after_{i}", f"after_{i}:"]
        w.lines += ["br label %latch", "latch:", "%next = add nsw i64 %i, 1"]
        new = [self.read(w, x) for x in self.parts]
        for i, x in enumerate(new):
            w.lines.append(f"store double {x.name}, ptr {place(w, '%frame', first + i)}")
        for slot, i in self.steps_on():
            w.lines.append(f"store double {new[i].name}, ptr {place(w, '%frame', slot)}")
        w.lines += ["br label %head", "end:"]
        for i in range(len(self.parts)):
            copy_number(w, "%frame", first + i, "%out", i)
        w.lines.append("ret i64 %i")
        given = ["ptr %outer", "ptr noalias %out", "i64 %count"]
        given += [f"ptr %column_{k}" for k in range(len(self.rows))]
        return self.frame.text(f"i64 @loop({', '.join(given)})", w)

    def scalars(self, sources: list[Node]) -> list[Any]:
        """Return the nodes of all entries of some sources, None for one that nothing takes."""
        found: list[Any] = []
        for source in sources:
            if np.ndim(source.sample):
                found += [self.entries.get((source, i)) for i in range(source.sample.size)]
            elif has_place(source):
                found.append(source)
            else:
                raise NoNativeError(f"numbers of type {type(source.sample).__name__}")
        return found

    def read(self, w: Writer, x: Any) -> Term:
        """Write the line that reads what is to be written back."""
        if not isinstance(x, Node) or is_constant(x):
            number = x.sample if isinstance(x, Node) else x
            return Term(w, literal(number, DOUBLE), DOUBLE)
        return w.emit(f"load double, ptr {place(w, '%frame', self.frame.slots[x])}", DOUBLE)

    def steps_on(self) -> list[tuple[int, int]]:
        """Return which places of the frame take which new numbers for the next step."""
        found = []
        starts = dict(zip(self.updates, self.starts(), strict=True))
        for old, new in self.carried.items():
            if new is None:
                continue
            for i, node in enumerate(self.scalars([old])):
                if node in self.frame.slots:
                    found.append((self.frame.slots[node], starts[new] + i))
        return found

    def starts(self) -> list[int]:
        """Return at which number each update begins."""
        sizes = [len(parts_of(node)) for node in self.updates]
        return [sum(sizes[:i]) for i in range(len(sizes))]

    def run(
        self, columns: list[Any], start: int, stop: int, outer: list[Any]
    ) -> tuple[int, list[Any], BaseException | None]:
        """Run the steps of some rows.

        Args:
            outer: the numbers of the other sources.

        Returns:
            how many were made before one that does not fit, what they leave, and an interrupt.
        """
        numbers = np.array([x for n in outer for x in np.ravel(n).tolist()], float)
        parts = [
            np.ascontiguousarray(columns[n.source.place][start:stop], float) for n in self.rows
        ]
        out = np.empty(len(self.parts))
        steps = self.function(
            numbers.ctypes.data, out.ctypes.data, stop - start, *[x.ctypes.data for x in parts]
        )
        error = next(filter(None, [c.taken() for c in self.frame.callbacks]), None)
        new = [
            typed(out[i : i + len(parts_of(node))], node)
            for node, i in zip(self.updates, self.starts(), strict=True)
        ]
        return steps, new, error


def typed(numbers: np.ndarray, node: Node) -> Any:
    """Return numbers in the type and shape of what a node gives."""
    if node.op is JOINED:
        return np.array(numbers, node.sample.dtype).reshape(node.params["shape"])
    return type(node.sample)(numbers[0])
