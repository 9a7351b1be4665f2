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

from autograd.compiling.llvm import exponentials, hyperbolics, inverses, trigonometry
from autograd.compiling.llvm.formula import Body, Number, absolute, choose
from autograd.compiling.llvm.trigonometry import FAR, any_angle, near_angle

FORMULAS: dict[str, Callable[[Number], Number]] = {
    f.__name__: f
    for f in (
        *(exponentials.exp, exponentials.exp2, exponentials.expm1),
        *(exponentials.log, exponentials.log2, exponentials.log10, exponentials.log1p),
        *(hyperbolics.sinh, hyperbolics.cosh, hyperbolics.tanh),
        *(hyperbolics.arcsinh, hyperbolics.arccosh, hyperbolics.arctanh),
        *(inverses.arcsin, inverses.arccos, inverses.arctan),
    )
}
PERIODIC = {f.__name__: f for f in (trigonometry.sin, trigonometry.cos, trigonometry.tan)}
WIDTHS = {"double": (2, 4, 8), "float": (4, 8, 16)}  # of vectors, in numbers
# NumPy's name of a function → what `define_math` defines; `_f32` more for float32.
MATHEMATICS = {name: f"chainrule_{name}" for name in (*FORMULAS, *PERIODIC)}


@cache
def fuses() -> bool:
    """Whether this machine computes a · b + c in one instruction."""
    from llvmlite import binding

    return bool(binding.get_host_cpu_features().get("fma"))


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
    y = FORMULAS[name](argument(body, kind))
    return function(f"internal {kind} @{whole}", kind, y, [], "alwaysinline")


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
    """Return the text of a function that is another one far out, alone and for vectors.

    A loop can be vectorised around a call if there is the same function for vectors, and the call
    names it. In a vector with a number far out the numbers are computed one by one.
    """
    widths = WIDTHS[kind]
    variants = ",".join(f"_ZGV_LLVM_N{n}v_{whole}({whole}_{n})" for n in widths)
    body = Body(fused)
    x = argument(body, kind)
    y = choose(absolute(x) < math.inf, formula(x, *any_angle(absolute(x))), math.nan)
    texts = [function(f"internal {kind} @{whole}_any", kind, y, [], "noinline")]
    for lanes in (1, *widths):
        body = Body(fused, lanes)
        x, many = argument(body, kind), body.spelled(kind)
        y, is_far = formula(x, *near_angle(absolute(x))), absolute(x) > FAR
        if lanes == 1:
            any_far = is_far.name
            head, attributes = (
                f"internal {kind} @{whole}",
                f'"vector-function-abi-variant"="{variants}"',
            )
            slow = [f"%slow = call {kind} @{whole}_any({kind} %x)", f"ret {kind} %slow"]
        else:
            any_far = "%any"
            head, attributes = f"{many} @{whole}_{lanes}", ""
            body.lines.append(f"%any = call i1 @llvm.vector.reduce.or.v{lanes}i1({is_far})")
            slow, filled = [], "poison"
            for i in range(lanes):
                slow += [
                    f"%from{i} = extractelement {many} %x, i64 {i}",
                    f"%alone{i} = call {kind} @{whole}_any({kind} %from{i})",
                    f"%filled{i} = insertelement {many} {filled}, {kind} %alone{i}, i64 {i}",
                ]
                filled = f"%filled{i}"
            slow.append(f"ret {many} {filled}")
        branch = [f"br i1 {any_far}, label %far, label %near", "far:", *slow, "near:"]
        texts.append(function(head, kind, y, branch, f"noinline {attributes}"))
    return "\n".join(texts)
