"""Functions of mathematics as text of LLVM's language, so that loops that call them are vectorised.

A loop cannot be vectorised around a call to a library.  These are inlined.  exp and log are within
1.5 ulp of the exact result, the others within 3 (1 ulp: from a double to the next one there).  The
bits are the same alone and in a vector; they differ in the last places between machines that round
a · b + c once and those that round it twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from autograd.compiling.llvm import exponentials, hyperbolics, inverses
from autograd.compiling.llvm.formula import Body, Number

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
# NumPy's name of a function → what `define_math` defines; `_f32` more for float32.
MATHEMATICS = {name: f"chainrule_{name}" for name in FORMULAS}


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
        >>> print(define_math(["exp"]).splitlines()[0])
        define internal double @chainrule_exp(double %x) alwaysinline nounwind {
    """
    names = dict.fromkeys(names)
    if unknown := [name for name in names if name not in FORMULAS]:
        raise ValueError(
            f"there is no formula for {', '.join(unknown)}; there are: {', '.join(FORMULAS)}"
        )
    if fused is None:
        fused = fuses()
    return "\n".join(definition(name, float32, fused) for name in names)


def definition(name: str, float32: bool, fused: bool) -> str:
    """Return the text of one function."""
    body = Body(fused)
    if not float32:
        y, kind, suffix = FORMULAS[name](Number(body, "double", "%x")), "double", ""
    else:
        y = FORMULAS[name](body.write("double", "fpext float %x to double"))
        y, kind, suffix = body.write("float", f"fptrunc double {y.name} to float"), "float", "_f32"
    head = f"define internal {kind} @{MATHEMATICS[name]}{suffix}({kind} %x) alwaysinline nounwind"
    return "\n".join(
        [f"{head} {{", *(f"  {line}" for line in body.lines), f"  ret {kind} {y.name}", "}"]
    )
