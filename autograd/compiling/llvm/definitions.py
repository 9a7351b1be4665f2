"""Whole functions of LLVM's language, from formulas."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from inspect import signature

from autograd.compiling.llvm.formula import Body, Number, absolute, choose
from autograd.compiling.llvm.trigonometry import FAR, any_angle, near_angle

Formula = Callable[..., Number]


@cache
def fuses() -> bool:
    """Whether this machine computes a · b + c in one instruction."""
    from llvmlite import binding

    return bool(binding.get_host_cpu_features().get("fma"))


@cache
def doubles_at_once() -> tuple[int, ...]:
    """Return the widths of vectors of doubles that LLVM may choose for this machine."""
    from llvmlite import binding

    features = binding.get_host_cpu_features()
    return (4, 8) if features.get("avx512f") else (4,) if features.get("avx2") else (2,)


class Function:
    """A function in the making: it computes in doubles.

    Args:
        kind: of what its arguments and its result are, "double" or "float".
        names: of its arguments.
        fused, lanes: see `Body`.
    """

    def __init__(self, kind: str, fused: bool, lanes: int = 1, names: Sequence[str] = ("%x",)):
        self.kind, self.names = kind, names
        self.body = Body(fused, lanes)
        self.type = self.body.spelled(kind)
        given = [Number(self.body, kind, name) for name in names]
        self.given = [x.changed("double", "fpext") if kind == "float" else x for x in given]

    def text(self, head: str, y: Number, attributes: str, before: Sequence[str] = ()) -> str:
        """Return the text, with instructions that come before y is returned."""
        if self.kind == "float":
            y = y.changed("float", "fptrunc")
        lines = "\n  ".join([*self.body.lines, *before, f"ret {y}"])
        given = ", ".join(f"{self.type} {name}" for name in self.names)
        pure = "nounwind willreturn memory(none)"
        return f"define {head}({given}) {pure} {attributes} {{\n  {lines}\n}}"


def inlined(name: str, kind: str, formula: Formula, fused: bool) -> str:
    """Return the text of a function that is put in the place of each call."""
    names = ("%x", "%y")[: len(signature(formula).parameters)]
    function = Function(kind, fused, names=names)
    return function.text(f"internal {kind} @{name}", formula(*function.given), "alwaysinline")


def near_and_far(name: str, kind: str, formula: Formula, fused: bool) -> str:
    """Return the text of a function that needs another angle far out, alone and for vectors.

    A loop can be vectorised around a call if the call names the same function for vectors. In a
    vector with a number far out, the numbers are computed one by one.
    """
    anywhere = Function(kind, fused)
    (x,) = anywhere.given
    y = choose(absolute(x) < math.inf, formula(x, *any_angle(absolute(x))), math.nan)
    attributes = "noinline optnone"  # LLVM would take long to optimise it, for little
    texts = [anywhere.text(f"internal {kind} @{name}_any", y, attributes)]

    widths = [n * (2 if kind == "float" else 1) for n in doubles_at_once()]
    variants = ",".join(f"_ZGV_LLVM_N{n}v_{name}({name}_{n})" for n in widths)
    alone = Function(kind, fused)
    call = [f"%all = call {kind} @{name}_any({kind} %x)"]
    y, before = near_unless(alone, formula, call)
    attributes = f'noinline "vector-function-abi-variant"="{variants}"'
    texts.append(alone.text(f"internal {kind} @{name}", y, attributes, before))

    for n in widths:
        vector = Function(kind, fused, n)
        y, before = near_unless(vector, formula, one_by_one(vector, f"{name}_any"))
        texts.append(vector.text(f"{vector.type} @{name}_{n}", y, "noinline", before))
    return "\n".join(texts)


def near_unless(function: Function, formula: Formula, far: list[str]) -> tuple[Number, list[str]]:
    """Return a result of angles that are near, and the branch that returns `%all` if one is far."""
    (x,), lanes = function.given, function.body.lanes
    y = formula(x, *near_angle(absolute(x)))
    is_far = absolute(x) > FAR
    if lanes > 1:
        any_of = f"call i1 @llvm.vector.reduce.or.v{lanes}i1({is_far})"
        is_far = function.body.write("i1", any_of)
    branch = f"br i1 {is_far.name}, label %far, label %near"
    return y, [branch, "far:", *far, f"ret {function.type} %all", "near:"]


def one_by_one(vector: Function, name: str) -> list[str]:
    """Return the text that computes `%all` from `%x`, calling a function for each number."""
    many, kind, n = vector.type, vector.kind, vector.body.lanes
    lines, filled = [], "poison"
    for i in range(n):
        lines += [
            f"%x{i} = extractelement {many} %x, i64 {i}",
            f"%y{i} = call {kind} @{name}({kind} %x{i})",
        ]
        before, filled = filled, f"%filled{i}" if i < n - 1 else "%all"
        lines.append(f"{filled} = insertelement {many} {before}, {kind} %y{i}, i64 {i}")
    return lines
