"""The ending of a program as two native functions: one looks at its numbers, one writes them."""

from __future__ import annotations

from ctypes import c_int
from functools import partial
from typing import Any

import numpy as np

from autograd.compiling.ending import Call, Ending, sets_of
from autograd.compiling.llvm.arrays import TYPES, check_layout, taking_arrays
from autograd.compiling.llvm.engine import Native
from autograd.compiling.llvm.frame import whole_function
from autograd.compiling.llvm.kernel import ArrayWriter, entry, looped, read, write_entry
from autograd.compiling.llvm.mathematics import define_math
from autograd.compiling.llvm.terms import BOOL, DOUBLE, Term
from autograd.compiling.node import Node

LOOP = "loop"  # in the place of a loop's name


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
        self.targets = dict(zip(ending.inputs, ending.new, strict=False))
        self.declared: set[str] = set()
        self.used: set[tuple[str, str]] = set()
        self.loops: dict[str, str] = {}  # one for all sets of the same steps
        whole = {x: f"%x{i}" for i, x in enumerate(ending.inputs)}
        looks, writes, bad = [], [], "false"
        for k, steps in enumerate(sets_of(ending)):
            inputs = list(dict.fromkeys([p for x in steps for p in x.parents if p in whole]))
            targets = [old for old, new in self.targets.items() if new in steps]
            inputs += [x for x in targets if x not in inputs]
            given, size = head({x: whole[x] for x in inputs}), steps[0].sample.size
            look, write = self.look(steps, inputs), self.write(steps, inputs)
            looks.append(f"%found_{k} = call i1 @{look}(i64 {size}, {given})")
            looks.append(f"%bad_{k} = or i1 {bad}, %found_{k}")
            bad = f"%bad_{k}"
            writes.append(f"call void @{write}(i64 {size}, {given})")
        looks += [f"%result = zext i1 {bad} to i32", "ret i32 %result"]
        both = [
            whole_function(f"i32 @look({head(whole)})", looks),
            whole_function(f"void @write({head(whole)})", [*writes, "ret void"]),
        ]
        loops = [text.replace(LOOP, name, 1) for text, name in self.loops.items()]
        self.text = "\n".join([*sorted(self.declared), *loops, *both])
        doubles = {name for name, kind in self.used if kind == "double"}
        floats = {name for name, kind in self.used if kind == "float"}
        functions = [define_math(sorted(doubles)), define_math(sorted(floats), float32=True)]
        check_layout()
        kinds = ["ptr" if np.ndim(x.sample) else "double" for x in ending.inputs]
        taken = [taking_arrays("i32", "look", kinds), taking_arrays("void", "write", kinds)]
        native = Native("\n".join([self.text, *taken, *functions]), 3)
        types = [TYPES[kind] for kind in kinds]
        self.looks = native.function("look_of", c_int, *types, quick=True)
        self.writes = native.function("write_of", None, *types, quick=True)

    def computed(
        self, steps: list[Node], names: dict[Node, str]
    ) -> tuple[ArrayWriter, list[str], dict[Node, Term]]:
        """Return the lines of an entry, those before the loop, and the terms of the steps."""
        w = ArrayWriter()
        terms: dict[Node, Term] = {}
        for x, name in names.items():
            if not np.ndim(x.sample):
                terms[x] = w.cast(Term(w, name, DOUBLE), np.result_type(x.sample))
        before, w.lines = w.lines, []
        for x, name in names.items():
            if np.ndim(x.sample):
                terms[x] = read(w, name, x.sample.dtype)
        for node in steps:
            given = [terms[x] if isinstance(x, Node) else x for x in node.args]
            terms[node] = entry(w, node, given)
        self.used |= w.used
        return w, before, terms

    def look(self, steps: list[Node], inputs: list[Node]) -> str:
        """Return the name of a loop that returns whether a number would not be finite."""
        names = named_in_loop(inputs)
        w, before, terms = self.computed(steps, names)
        found = Term(w, "%found", BOOL)
        for node in self.cut.finite:
            if node in terms:
                fine = w.apply(np.isfinite, (terms[node],))
                found = w.logical("or", found, w.logical("xor", fine, True))
        self.declared |= w.declared
        body = ["%found = phi i1 [false, %entry], [%worse, %each]", *w.lines]
        body.append(f"%worse = or i1 {found.name}, false")
        return self.known_as("i1", head(names, "noalias readonly"), before, body, "ret i1 %worse")

    def write(self, steps: list[Node], inputs: list[Node]) -> str:
        """Return the name of a loop that writes the results over what they are made from."""
        names = named_in_loop(inputs)
        w, before, terms = self.computed(steps, names)
        for old, new in self.targets.items():
            if new in terms:
                write_entry(w, terms[new], names[old])
        self.declared |= w.declared
        return self.known_as("void", head(names, "noalias"), before, w.lines, "ret void")

    def known_as(self, kind: str, given: str, before: list[str], body: list[str], last: str) -> str:
        """Return the name of a loop over so many entries, of which the text is kept once."""
        lines = looped(before, body, [last])
        text = whole_function(f"internal {kind} @{LOOP}(i64 %count, {given}) noinline", lines)
        return self.loops.setdefault(text, f"loop_{len(self.loops)}")

    def calls(self, inputs: list[Any]) -> list[Call] | None:
        """Return what writes the results over the first inputs, None if one would be infinite."""
        return None if self.looks(*inputs) else [partial(self.writes, *inputs)]


def named_in_loop(inputs: list[Node]) -> dict[Node, str]:
    """Return the names that inputs have in a loop."""
    return {x: f"%a{i}" for i, x in enumerate(inputs)}


def head(names: dict[Node, str], how: str = "") -> str:
    """Return inputs as parameters or arguments."""
    return ", ".join(
        f"{f'ptr {how}'.strip() if np.ndim(x.sample) else 'double'} {name}"
        for x, name in names.items()
    )
