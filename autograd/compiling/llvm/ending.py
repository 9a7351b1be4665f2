"""The ending of a program as two native functions: one looks at its numbers, one writes them."""

from __future__ import annotations

from ctypes import addressof, c_char, c_double, c_int, c_void_p
from functools import partial
from typing import Any

import numpy as np

from autograd.compiling.ending import Call, Ending, sets_of
from autograd.compiling.llvm.engine import Native
from autograd.compiling.llvm.frame import whole_function
from autograd.compiling.llvm.kernel import ArrayWriter, entry, read, write_entry
from autograd.compiling.llvm.mathematics import define_math
from autograd.compiling.llvm.terms import BOOL, DOUBLE, Term
from autograd.compiling.node import Node

here: Any = c_char.from_buffer  # half the time of x.ctypes


class InLLVM:
    """An ending in native code: a loop over the entries for each set of steps that share arrays.

    Args:
        ending: which.

    Attributes:
        text: of the native functions.

    Raises:
        NoNativeError: a step has no native form.
        ImportError: there is no LLVM.
    """

    def __init__(self, ending: Ending) -> None:
        self.cut = ending
        self.names = {x: f"%x{i}" for i, x in enumerate(ending.inputs)}
        self.targets = dict(zip(ending.inputs, ending.new, strict=False))
        self.declared: set[str] = set()
        self.used: set[tuple[str, str]] = set()
        loops: list[str] = []
        looks, writes, bad = [], [], "false"
        for k, steps in enumerate(sets_of(ending)):
            inputs = list(dict.fromkeys([p for x in steps for p in x.parents if p in self.names]))
            targets = [old for old, new in self.targets.items() if new in steps]
            inputs += [x for x in targets if x not in inputs]
            loops += [self.look(k, steps, inputs), self.write(k, steps, inputs)]
            looks.append(f"%found_{k} = call i1 @look_{k}({self.head(inputs)})")
            looks.append(f"%bad_{k} = or i1 {bad}, %found_{k}")
            writes.append(f"call void @write_{k}({self.head(inputs)})")
            bad = f"%bad_{k}"
        head = self.head(ending.inputs)
        looks += [f"%result = zext i1 {bad} to i32", "ret i32 %result"]
        loops.append(whole_function(f"i32 @look({head})", looks))
        loops.append(whole_function(f"void @write({head})", [*writes, "ret void"]))
        self.text = "\n".join([*sorted(self.declared), *loops])
        doubles = {name for name, kind in self.used if kind == "double"}
        floats = {name for name, kind in self.used if kind == "float"}
        functions = [define_math(sorted(doubles)), define_math(sorted(floats), float32=True)]
        native = Native("\n".join([self.text, *functions]), 3)
        types = [c_void_p if np.ndim(x.sample) else c_double for x in ending.inputs]
        self.looks = native.function("look", c_int, *types, quick=True)
        self.writes = native.function("write", None, *types, quick=True)

    def head(self, inputs: list[Node], how: str = "") -> str:
        """Return inputs as parameters or arguments."""
        return ", ".join(
            f"{f'ptr {how}'.strip() if np.ndim(x.sample) else 'double'} {self.names[x]}"
            for x in inputs
        )

    def computed(
        self, steps: list[Node], inputs: list[Node]
    ) -> tuple[ArrayWriter, list[str], dict[Node, Term]]:
        """Return the lines of an entry, those before the loop, and the terms of the steps."""
        w = ArrayWriter()
        terms: dict[Node, Term] = {}
        for x in inputs:
            if not np.ndim(x.sample):
                terms[x] = w.cast(Term(w, self.names[x], DOUBLE), np.result_type(x.sample))
        before, w.lines = w.lines, []
        for x in inputs:
            if np.ndim(x.sample):
                terms[x] = read(w, self.names[x], x.sample.dtype)
        for node in steps:
            given = [terms[x] if isinstance(x, Node) else x for x in node.args]
            terms[node] = entry(w, node, given)
        self.declared |= w.declared
        self.used |= w.used
        return w, before, terms

    def look(self, k: int, steps: list[Node], inputs: list[Node]) -> str:
        """Return the text of a function that returns whether a number would not be finite."""
        w, before, terms = self.computed(steps, inputs)
        found = Term(w, "%found", BOOL)
        for node in self.cut.finite:
            if node in terms:
                fine = w.apply(np.isfinite, (terms[node],))
                found = w.logical("or", found, w.logical("xor", fine, True))
        self.declared |= w.declared
        body = ["%found = phi i1 [false, %entry], [%worse, %each]", *w.lines]
        body.append(f"%worse = or i1 {found.name}, false")
        lines = over_entries(before, body, steps[0].sample.size, "ret i1 %worse")
        return whole_function(
            f"internal i1 @look_{k}({self.head(inputs, 'noalias readonly')}) noinline", lines
        )

    def write(self, k: int, steps: list[Node], inputs: list[Node]) -> str:
        """Return the text of a function that writes the results over what they are made from."""
        w, before, terms = self.computed(steps, inputs)
        for old, new in self.targets.items():
            if new in terms:
                write_entry(w, terms[new], self.names[old])
        lines = over_entries(before, w.lines, steps[0].sample.size, "ret void")
        return whole_function(
            f"internal void @write_{k}({self.head(inputs, 'noalias')}) noinline", lines
        )

    def calls(self, inputs: list[Any]) -> list[Call] | None:
        """Return what writes the results over the first inputs, None if one would be infinite."""
        try:
            given = [x if type(x) is float else addressof(here(x)) for x in inputs]
        except (TypeError, ValueError):  # an array is read-only, or empty
            given = [x if type(x) is float else x.ctypes.data for x in inputs]
        return None if self.looks(*given) else [partial(self.writes, *given)]


def over_entries(before: list[str], body: list[str], count: int, end: str) -> list[str]:
    """Return the lines of a loop over so many entries."""
    return [
        "entry:", *before, "br label %each",
        "each:", "%i = phi i64 [0, %entry], [%next, %each]", *body,
        "%next = add nuw nsw i64 %i, 1", f"%more = icmp slt i64 %next, {count}",
        "br i1 %more, label %each, label %end",
        "end:", end,
    ]  # fmt: skip
