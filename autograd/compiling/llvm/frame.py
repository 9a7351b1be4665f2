"""A graph of steps on floats as native functions of at most some hundred steps.

LLVM takes more than twice the time for a function of twice the length, so a long program is cut
into pieces. They hand numbers on in a frame, an array of doubles. If there is one piece only, it
is a part of what calls it, and the frame is nothing but registers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.compiling.errors import NoNativeError
from autograd.compiling.llvm.scalars import lowered
from autograd.compiling.llvm.terms import BOOL, DOUBLE, Term, Writer, literal
from autograd.compiling.node import Node
from autograd.compiling.passes.constants import is_constant
from autograd.compiling.passes.unroll import ENTRY, JOINED

LONGEST_PIECE = 512  # steps of a native function


class Frame:
    """Pieces of a program, and where in the frame each number lies.

    Args:
        nodes: the graph, each node after those that it takes.
        checks: nodes that must give these numbers.
        wanted: nodes whose numbers something outside the pieces reads.

    Attributes:
        slots: for nodes that are read outside their piece, their place.
        pieces: the text of the native functions; each returns whether there was a fault.
        callbacks: what they call in Python, and `by_python` for which ops.
    """

    def __init__(
        self, nodes: list[Node], checks: list[tuple[Node, Any]], wanted: list[Node]
    ) -> None:
        self.slots: dict[Node, int] = {}
        self.callbacks: list[Any] = []
        self.by_python: list[str] = []
        self.declared: set[str] = set()
        self.pieces: list[str] = []
        checked: dict[Node, list[Any]] = {}
        for node, expected in checks:
            checked.setdefault(node, []).append(expected)
        steps = [n for n in nodes if n.op is not None and n.op not in (ENTRY, JOINED)]
        cut = [steps[i : i + LONGEST_PIECE] for i in range(0, len(steps), LONGEST_PIECE)]
        home = {node: i for i, piece in enumerate(cut) for node in piece}
        for node in nodes:
            if node not in home and has_place(node) and not is_constant(node):
                self.slot(node)
        for node in wanted:
            if node in home:
                self.slot(node)
        for node in steps:
            for parent in node.parents:
                if home.get(parent, home[node]) != home[node]:
                    self.slot(parent)
        for node in steps:
            if not has_place(node):
                raise NoNativeError(f"{node.op.name} gives a {type(node.sample).__name__}")
        for node, expected in checks:
            if np.ndim(expected) or (node not in home and not has_place(node)):
                raise NoNativeError("a guard on an array")
        if not cut:
            raise NoNativeError("a program without steps on floats")
        for i, piece in enumerate(cut):
            self.pieces.append(self.piece(i, piece, checked, len(cut) == 1))

    def slot(self, node: Node) -> int:
        """Return the place of a number, a new one if it has none."""
        return self.slots.setdefault(node, len(self.slots))

    def piece(
        self, number: int, steps: list[Node], checked: dict[Node, list[Any]], alone: bool
    ) -> str:
        """Return the text of one piece."""
        w = Writer({})
        terms: dict[Node, Term] = {}

        def given(x: Any) -> Any:
            if not isinstance(x, Node):
                return x
            if is_constant(x):
                return x.sample
            if x not in terms:
                terms[x] = self.load(w, x)
            return terms[x]

        for node in steps:
            terms[node] = lowered(w, node, [given(x) for x in node.args])
            for expected in checked.get(node, ()):
                w.faults.append(otherwise(w, terms[node], expected).name)
            if node in self.slots:
                self.store(w, terms[node], self.slots[node])
        for node in checked if number == 0 else ():
            if node.op is None or node.op is ENTRY:
                w.faults += [otherwise(w, given(node), x).name for x in checked[node]]
        fault = "false"
        for x in w.faults:
            fault = x if fault == "false" else w.emit(f"or i1 {fault}, {x}", BOOL).name
        self.callbacks += w.callbacks
        self.by_python += w.by_python
        self.declared |= w.declared
        how = "alwaysinline" if alone else "noinline"
        scratch = ["%scratch = alloca [8 x double]"] if w.callbacks else []
        lines = [*scratch, *w.lines, f"ret i1 {fault}"]
        return whole_function(f"internal i1 @piece_{number}(ptr %frame) {how} nounwind", lines)

    def load(self, w: Writer, node: Node) -> Term:
        """Write the line that reads a number from the frame."""
        if node not in self.slots:
            raise NoNativeError(f"a {type(node.sample).__name__} comes in")
        x = w.emit(f"load double, ptr {place(w, '%frame', self.slots[node])}", DOUBLE)
        return w.cast(x, BOOL) if type(node.sample) is np.bool_ else x

    def store(self, w: Writer, x: Term, slot: int) -> None:
        """Write the line that puts a number into the frame."""
        double = w.cast(x, DOUBLE)
        w.lines.append(f"store double {double.name}, ptr {place(w, '%frame', slot)}")

    def text(self, head: str, w: Writer) -> str:
        """Return the text of the pieces and of the function that calls them."""
        lines = [*sorted(self.declared), *self.pieces, whole_function(head, w.lines)]
        if self.by_python:
            lines.insert(0, f"; by Python: {', '.join(sorted(set(self.by_python)))}")
        return "\n".join(lines)


def whole_function(head: str, lines: list[str]) -> str:
    """Return the text of a function."""
    body = "\n".join(line if line.endswith(":") else f"  {line}" for line in lines)
    return f"define {head} {{\n{body}\n}}\n"


def place(w: Writer, base: str, index: int) -> str:
    """Write the address of a double in an array of doubles, and return its name."""
    return w.emit(f"getelementptr double, ptr {base}, i64 {index}", None).name


def copy_number(w: Writer, base: str, index: int, target: str, slot: int) -> None:
    """Write the lines that copy a number from one array of doubles to another."""
    x = w.emit(f"load double, ptr {place(w, base, index)}", DOUBLE)
    w.lines.append(f"store double {x.name}, ptr {place(w, target, slot)}")


def number(w: Writer, x: Any, target: str, slot: int) -> None:
    """Write the line that puts a constant into an array of doubles."""
    sample = float(x.sample if isinstance(x, Node) else x)
    w.lines.append(f"store double {literal(sample, DOUBLE)}, ptr {place(w, target, slot)}")


def otherwise(w: Writer, x: Term, expected: Any) -> Term:
    """Write whether a guard does not hold."""
    if x.dtype == BOOL:
        return w.logical("xor", x, bool(expected))
    if expected != expected:
        return w.compare("ord", x, x)
    return w.compare("une", x, Term(w, literal(expected, DOUBLE), DOUBLE))


def has_place(node: Node) -> bool:
    """Whether a node is a single number that has a place in the frame."""
    return type(node.sample) in (float, np.float64, np.bool_)
