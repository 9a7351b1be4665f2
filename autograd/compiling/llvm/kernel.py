"""The native loop of some elementwise steps on arrays of one shape, which LLVM vectorises."""

from __future__ import annotations

import operator
from collections.abc import Callable
from math import pi, sqrt
from typing import Any

import numpy as np

from autograd.compiling.errors import NoNativeError
from autograd.compiling.llvm.functions import LINES
from autograd.compiling.llvm.mathematics import MATHEMATICS, named
from autograd.compiling.llvm.terms import BOOL, DOUBLE, KINDS, Term, Writer
from autograd.compiling.node import Node, sample_of
from autograd.compiling.passes.finite import ALL_FINITE
from autograd.compiling.passes.regions import LAID_OUT, Region
from autograd.compiling.pulling import Rule
from autograd.engine.primitive import PRIMITIVES
from autograd.ops import activations


class Kernel:
    """The lines of a native loop.

    Attributes:
        arrays: nodes and constants whose entries it reads.
        numbers: nodes whose numbers it is given.
        outputs: nodes whose entries it writes.
        flags: nodes that say whether all entries of an array are finite; if there are any, it
            writes a byte for each to one more array, 0 if they are.
        head: its parameters.
        lines: the lines, and `w` what else they need.
    """

    def __init__(self, region: Region) -> None:
        self.w = ArrayWriter()
        self.terms: dict[Any, Term] = {}
        taken = [x for n in region.nodes for x in taken_by(n) if not isinstance(x, Node)]
        constants = {id(x): x for x in taken if np.ndim(x)}
        self.arrays = [x for x in region.inputs if np.ndim(x.sample)] + list(constants.values())
        self.numbers = [x for x in region.inputs if not np.ndim(x.sample)]
        self.flags = [x for x in region.outputs if x.op is ALL_FINITE]
        self.outputs = [x for x in region.outputs if x.op is not ALL_FINITE]
        ins = [f"ptr noalias readonly %in{i}" for i in range(len(self.arrays))]
        outs = [f"ptr noalias %out{i}" for i in range(len(self.outputs))]
        outs += ["ptr noalias %flags"] if self.flags else []
        numbers = [f"double %number{i}" for i in range(len(self.numbers))]
        self.head = ", ".join(["i64 %count", *ins, *outs, *numbers])
        for i, x in enumerate(self.numbers):
            given = Term(self.w, f"%number{i}", DOUBLE)
            self.terms[x] = self.w.cast(given, np.result_type(x.sample))
        before, self.w.lines = self.w.lines, []
        for i, x in enumerate(self.arrays):
            key = x if isinstance(x, Node) else id(x)
            self.terms[key] = read(self.w, f"%in{i}", np.result_type(sample_of(x)))
        for node in region.nodes:
            if node.op is not ALL_FINITE:
                self.terms[node] = entry(self.w, node, [self.term(x) for x in taken_by(node)])
        for i, x in enumerate(self.outputs):
            write_entry(self.w, self.terms[x], f"%out{i}")
        worse = [self.worse(i, x) for i, x in enumerate(self.flags)]
        phis = [f"%bad{i} = phi i1 [false, %entry], [{x}, %each]" for i, x in enumerate(worse)]
        self.lines = looped(before, [*phis, *self.w.lines], bytes_of(worse))

    def worse(self, i: int, flag: Node) -> str:
        """Write whether an entry is not finite, or one before it was not."""
        fine = self.w.apply(np.isfinite, (self.term(flag.args[0]),))
        bad = Term(self.w, f"%bad{i}", BOOL)
        return self.w.logical("or", bad, self.w.logical("xor", fine, True)).name

    def term(self, x: Any) -> Any:
        """Return the term of an argument; a number that is constant as it is."""
        if isinstance(x, Node):
            return self.terms.get(x, x.sample)
        return self.terms[id(x)] if np.ndim(x) else x


def power(w: Writer, x: Any, p: Any) -> Any:
    """Write a power; some powers of arrays NumPy computes without its power function."""
    if isinstance(x, Term) and not isinstance(p, Term) and p in (2, 0.5, -1):
        return x * x if p == 2 else np.sqrt(x) if p == 0.5 else 1.0 / x
    return w.apply(np.power, (x, p))


def mathematical(name: str) -> Callable[..., Term]:
    """Return what writes a call of a function of `mathematics`."""

    def write(w: ArrayWriter, *given: Any) -> Term:
        terms = w.common(given)
        dtype = terms[0].dtype
        kind = KINDS[dtype]
        called = named(name) + ("_f32" if kind == "float" else "")
        w.used.add((name, kind))
        names = ", ".join(f"{kind} {x.name}" for x in terms)
        return w.emit(f"call {kind} @{called}({names})", dtype)

    return write


def gelu(w: ArrayWriter, x: Any) -> Any:
    """Write x Φ(x); for doubles the formula of the op itself is as good."""
    floats = isinstance(x, Term) and x.dtype == np.float32
    return mathematical("gelu")(w, x) if floats else GELU.forward(x)


def gelu_vjp(w: ArrayWriter, g: Any, y: Any, x: Any) -> Any:
    """Write g (Φ(x) + x Φ'(x)), where Φ(x) = y / x, in the order of the rule on arrays."""
    z = np.clip(x, -40.0, 40.0)
    square = z * z
    middle = square == 0  # where y / z has few digits
    share = np.where(middle, 0.5, np.clip(y, -40.0, 40.0) / np.where(middle, 1.0, z))
    return g * (share + np.exp(square * -0.5) * z * (1 / sqrt(2 * pi)))


def own_form(op: Any) -> Callable[..., Any] | None:
    """Return what writes an op, or a rule, whose function looks at arrays to choose a formula."""
    return FORMS_OF_RULES.get(op.of) if isinstance(op, Rule) else FORMS_OF_OPS.get(op)


GELU: Any = PRIMITIVES[activations.gelu.__name__]
FORMS_OF_OPS: dict[Any, Callable[..., Any]] = {GELU: gelu}
FORMS_OF_RULES: dict[Any, Callable[..., Any]] = {GELU: gelu_vjp}


class ArrayWriter(Writer):
    """Lines that compute one entry of arrays.

    Attributes:
        used: names of functions of `mathematics`, and for which kind of number.
    """

    def __init__(self) -> None:
        super().__init__({**LINES, operator.pow: power})
        self.used: set[tuple[str, str]] = set()

    def apply(self, function: Any, given: tuple) -> Term:
        """Write one of NumPy's functions, or of SciPy's."""
        name = getattr(function, "__name__", "")
        if function not in self.table and isinstance(function, np.ufunc) and name in MATHEMATICS:
            return mathematical(name)(self, *given)
        return super().apply(function, given)


def entry(w: Writer, node: Node, given: list[Any]) -> Term:
    """Write a step on entries of arrays.

    Args:
        w: takes the lines.
        node: the step.
        given: terms and constants, what it takes.

    Raises:
        NoNativeError: it has no native form.
    """
    if node.op is LAID_OUT:
        return given[0]
    samples = [sample_of(x) for x in node.args]
    own = own_form(node.op)
    if not (own or node.op.registered):
        raise NoNativeError(node.op.name)
    # a float of Python takes the precision of what it meets
    strong = [np.result_type(x) for x in samples if type(x) not in (float, int)]
    precision = np.result_type(*strong)
    for i, (x, sample) in enumerate(zip(given, samples, strict=True)):
        if isinstance(x, Term) and type(sample) is float:
            given[i] = w.cast(x, precision if precision in KINDS and precision != BOOL else DOUBLE)
    try:
        found = own(w, *given) if own else node.op.forward(*given)
    except (TypeError, AttributeError, ValueError):
        raise NoNativeError(node.op.name) from None
    if not isinstance(found, Term) or found.dtype != node.sample.dtype:
        raise NoNativeError(node.op.name)
    return found


def taken_by(node: Node) -> tuple[Any, ...]:
    """Return the arguments of a step whose entries it takes."""
    return node.args[:1] if node.op is LAID_OUT else node.args


def read(w: Writer, base: str, dtype: Any) -> Term:
    """Write the lines that read an entry."""
    kind = "i8" if dtype == BOOL else KINDS[dtype]
    place = w.emit(f"getelementptr {kind}, ptr {base}, i64 %i", None).name
    x = w.emit(f"load {kind}, ptr {place}, align 1", dtype)
    return w.emit(f"icmp ne i8 {x.name}, 0", BOOL) if dtype == BOOL else x


def write_entry(w: Writer, x: Term, base: str) -> None:
    """Write the lines that store an entry."""
    kind, name = KINDS[x.dtype], x.name
    if x.dtype == BOOL:
        kind, name = "i8", w.emit(f"zext i1 {name} to i8", None).name
    place = w.emit(f"getelementptr {kind}, ptr {base}, i64 %i", None).name
    w.lines.append(f"store {kind} {name}, ptr {place}, align 1")


def bytes_of(flags: list[str]) -> list[str]:
    """Return the last lines of a function that writes a byte for each flag."""
    lines = []
    for i, flag in enumerate(flags):
        lines += [
            f"%flag{i} = zext i1 {flag} to i8",
            f"%place{i} = getelementptr i8, ptr %flags, i64 {i}",
        ]
        lines.append(f"store i8 %flag{i}, ptr %place{i}")
    return [*lines, "ret void"]


def looped(before: list[str], body: list[str], last: list[str] | None = None) -> list[str]:
    """Return the lines of a loop over entries.

    Args:
        before, last: what comes before and after it; if there is no `last`, nothing is returned.
        body: what is done for entry %i.
    """
    return [
        "entry:", *before, "br label %each",
        "each:", "%i = phi i64 [0, %entry], [%next, %each]", *body,
        "%next = add nuw nsw i64 %i, 1", "%more = icmp slt i64 %next, %count",
        "br i1 %more, label %each, label %end",
        "end:", *(last or ["ret void"]),
    ]  # fmt: skip
