"""Functions of mathematics as text of LLVM's language, so that loops that call them are vectorised.

A loop cannot be vectorised around a call to a library.  These are inlined.  exp and log are within
1.5 ulp of the exact result, the others within 3 (1 ulp: from a double to the next one there).  The
bits are the same alone and in a vector; they differ in the last places between machines that round
a · b + c once and those that round it twice.
"""

from __future__ import annotations

from collections.abc import Iterable

from autograd.compiling.llvm import (
    error_functions,
    exponentials,
    hyperbolics,
    in_floats,
    inverses,
    of_two,
    trigonometry,
)
from autograd.compiling.llvm.definitions import Formula, fuses, inlined, near_and_far

FORMULAS: dict[str, Formula] = {
    f.__name__: f
    for f in (
        *(exponentials.exp, exponentials.exp2, exponentials.expm1),
        *(exponentials.log, exponentials.log2, exponentials.log10, exponentials.log1p),
        *(hyperbolics.sinh, hyperbolics.cosh, hyperbolics.tanh),
        *(hyperbolics.arcsinh, hyperbolics.arccosh, hyperbolics.arctanh),
        *(inverses.arcsin, inverses.arccos, inverses.arctan, inverses.arctan2),
        *(exponentials.cbrt, of_two.hypot),
        *(error_functions.erf, error_functions.erfc),
    )
} | {"power": of_two.general_power}
PERIODIC: dict[str, Formula] = {
    f.__name__: f for f in (trigonometry.sin, trigonometry.cos, trigonometry.tan)
}
OF_FLOATS = FORMULAS | {
    "exp": in_floats.exp_of_float,
    "log": in_floats.log_of_float,
    "tanh": in_floats.tanh_of_float,
    "gelu": in_floats.gelu_of_float,
}


def named(name: str) -> str:
    """Return the name under which `define_math` defines a function."""
    return f"chainrule_{name}"


# The name of a function of NumPy, or SciPy → what `define_math` defines; `_f32` more for float32.
MATHEMATICS = {name: named(name) for name in (*FORMULAS, *PERIODIC)}


def define_math(names: Iterable[str], float32: bool = False, *, fused: bool | None = None) -> str:
    """Return the text that defines functions, each once.

    Args:
        names: NumPy's names of functions, keys of `MATHEMATICS`, and for floats "gelu".
        float32: Define those of floats; they compute in doubles and round once more.
        fused: Whether to use fused multiply-adds; unless given, where this machine has them.

    Returns:
        Definitions. What they use of LLVM's own needs no declaration (from LLVM 19 on).

    Raises:
        ValueError: if there is no formula for a name.

    Example:
        >>> print(define_math(["exp"], fused=True).partition("(")[0])
        define internal double @chainrule_exp
    """
    names = dict.fromkeys(names)
    kind, suffix, formulas = ("float", "_f32", OF_FLOATS) if float32 else ("double", "", FORMULAS)
    known = formulas | PERIODIC
    if unknown := [name for name in names if name not in known]:
        raise ValueError(
            f"there is no formula for {', '.join(unknown)}; there are: {', '.join(known)}"
        )
    if fused is None:
        fused = fuses()
    return "\n".join(
        (near_and_far if name in PERIODIC else inlined)(
            named(name) + suffix, kind, known[name], fused
        )
        for name in names
    )
