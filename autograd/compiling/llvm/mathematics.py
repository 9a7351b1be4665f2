"""Functions of mathematics as text of LLVM's language, so that loops that call them are vectorised.

A loop cannot be vectorised around a call to a library.  These are inlined.  exp and log are within
1.5 ulp of the exact result, the others within 3 (1 ulp: from a double to the next one there).  The
bits are the same alone and in a vector; they differ in the last places between machines that round
a · b + c once and those that round it twice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import cache

from autograd.compiling.llvm import (
    error_functions,
    exponentials,
    hyperbolics,
    in_floats,
    inverses,
    trigonometry,
)
from autograd.compiling.llvm.formula import Body, Number, absolute, choose
from autograd.compiling.llvm.trigonometry import FAR, any_angle, near_angle

FORMULAS: dict[str, Callable[[Number], Number]] = {
    f.__name__: f
    for f in (
        *(exponentials.exp, exponentials.exp2, exponentials.expm1),
        exponentials.cbrt,
        *(exponentials.log, exponentials.log2, exponentials.log10, exponentials.log1p),
        *(hyperbolics.sinh, hyperbolics.cosh, hyperbolics.tanh),
        *(hyperbolics.arcsinh, hyperbolics.arccosh, hyperbolics.arctanh),
        *(inverses.arcsin, inverses.arccos, inverses.arctan),
        *(error_functions.erf, error_functions.erfc),
    )
}
OF_FLOATS = FORMULAS | {
    "exp": in_floats.exp_of_float,
    "log": in_floats.log_of_float,
    "tanh": in_floats.tanh_of_float,
}
PERIODIC = {f.__name__: f for f in (trigonometry.sin, trigonometry.cos, trigonometry.tan)}
# The name of a function of NumPy, or SciPy → what `define_math` defines; `_f32` more for float32.
MATHEMATICS = {name: f"chainrule_{name}" for name in (*FORMULAS, *PERIODIC)}


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


def define_math(names: Iterable[str], float32: bool = False, *, fused: bool | None = None) -> str:
    """Return the text that defines functions, each once.

    Args:
        names: NumPy's names of functions, keys of `MATHEMATICS`.
        float32: Define those of floats; they compute in doubles and round once more.
        fused: Whether to use fused multiply-adds; unless given, where this machine has them.

    Returns:
        Definitions, of functions that only the module they stand in can see. What they use of
        LLVM's own needs no declaration (from LLVM 19 on).

    Raises:
        ValueError: if there is no formula for a name.

    Example:
        >>> print(define_math(["exp"], fused=True).partition("(")[0])
        define internal double @chainrule_exp
    """
    names = dict.fromkeys(names)
    if unknown := [name for name in names if name not in MATHEMATICS]:
        raise ValueError(
            f"there is no formula for {', '.join(unknown)}; there are: {', '.join(MATHEMATICS)}"
        )
    if fused is None:
        fused = fuses()
    return "\n".join(definition(name, float32, fused) for name in names)


def definition(name: str, float32: bool, fused: bool) -> str:
    """Return the text of one function."""
    kind, whole = (
        ("float", f"{MATHEMATICS[name]}_f32") if float32 else ("double", MATHEMATICS[name])
    )
    if name in PERIODIC:
        return near_and_far(whole, kind, PERIODIC[name], fused)
    body = Body(fused)
    formula = (OF_FLOATS if float32 else FORMULAS)[name]
    return function(
        f"internal {kind} @{whole}", kind, formula(argument(body, kind)), [], "alwaysinline"
    )


def argument(body: Body, kind: str) -> Number:
    """Return the argument of a function, as doubles."""
    x = Number(body, kind, "%x")
    return x.changed("double", "fpext") if kind == "float" else x


def function(head: str, kind: str, y: Number, instead: list[str], attributes: str) -> str:
    """Return the text of a function, with what may happen instead of returning y."""
    if kind == "float":
        y = y.changed("float", "fptrunc")
    pure = "nounwind willreturn memory(none)"
    lines = "\n  ".join([*y.body.lines, *instead, f"ret {y}"])
    return f"define {head}({y.body.spelled(kind)} %x) {pure} {attributes} {{\n  {lines}\n}}"


def near_and_far(whole: str, kind: str, formula: Callable[..., Number], fused: bool) -> str:
    """Return the text of a function that needs other formulas far out, alone and for vectors.

    A loop can be vectorised around a call if the call names the same function for vectors. In a
    vector with a number far out, the numbers are computed one by one.
    """
    body = Body(fused)
    x = argument(body, kind)
    y = choose(absolute(x) < math.inf, formula(x, *any_angle(absolute(x))), math.nan)
    one = f"{whole}_any"  # LLVM would take long to optimise it, for little
    texts = [function(f"internal {kind} @{one}", kind, y, [], "noinline optnone")]

    vectors = [n * (2 if kind == "float" else 1) for n in doubles_at_once()]
    known = ",".join(f"_ZGV_LLVM_N{n}v_{whole}({whole}_{n})" for n in vectors)
    attributes = f'noinline "vector-function-abi-variant"="{known}"'
    body = Body(fused)
    x = argument(body, kind)
    far = [f"%all = call {kind} @{one}({kind} %x)"]
    instead = branch(absolute(x) > FAR, far, kind)
    y = formula(x, *near_angle(absolute(x)))
    texts.append(function(f"internal {kind} @{whole}", kind, y, instead, attributes))

    for lanes in vectors:
        body = Body(fused, lanes)
        x, many = argument(body, kind), body.spelled(kind)
        far = one_by_one(one, kind, lanes)
        reduced = f"call i1 @llvm.vector.reduce.or.v{lanes}i1({absolute(x) > FAR})"
        instead = branch(body.write("i1", reduced), far, many)
        y = formula(x, *near_angle(absolute(x)))
        texts.append(function(f"{many} @{whole}_{lanes}", kind, y, instead, "noinline"))
    return "\n".join(texts)


def branch(condition: Number, far: list[str], kind: str) -> list[str]:
    """Return the text that returns `%all` if a condition holds."""
    start = f"br i1 {condition.name}, label %far, label %near"
    return [start, "far:", *far, f"ret {kind} %all", "near:"]


def one_by_one(function: str, kind: str, lanes: int) -> list[str]:
    """Return the text that computes the numbers of a vector, `%x`, alone, into `%all`."""
    many, all_of = f"<{lanes} x {kind}>", "poison"
    lines = []
    for i in range(lanes):
        lines += [
            f"%x{i} = extractelement {many} %x, i64 {i}",
            f"%y{i} = call {kind} @{function}({kind} %x{i})",
            f"%all{i} = insertelement {many} {all_of}, {kind} %y{i}, i64 {i}",
        ]
        all_of = f"%all{i}"
    return lines[:-1] + [lines[-1].replace(f"{all_of} =", "%all =")]
