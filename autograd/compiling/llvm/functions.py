"""A table: how each of NumPy's functions is written in LLVM's language, to the last bit.

Nothing is contracted, reordered or approximated. Functions of the C library are not in it: see
`scalars` for those that Python's floats have, and `mathematics` for those of arrays.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.compiling.errors import NoNativeError
from autograd.compiling.llvm.terms import BOOL, KINDS, Term, Writer

INSTRUCTIONS = {
    np.add: "fadd",
    np.subtract: "fsub",
    np.multiply: "fmul",
    np.true_divide: "fdiv",
    np.negative: "fneg",
}
INTRINSICS = {
    np.sqrt: "sqrt",
    np.absolute: "fabs",
    np.fabs: "fabs",
    np.floor: "floor",
    np.ceil: "ceil",
    np.trunc: "trunc",
    np.rint: "rint",
    np.copysign: "copysign",
}
COMPARISONS = {
    np.greater: "ogt",
    np.greater_equal: "oge",
    np.less: "olt",
    np.less_equal: "ole",
    np.equal: "oeq",
    np.not_equal: "une",
}
LOGICAL = {np.logical_and: "and", np.logical_or: "or", np.logical_xor: "xor"}


def instruction(code: str) -> Callable[..., Term]:
    """Return what writes an instruction of LLVM's."""

    def write(w: Writer, *given: Any) -> Term:
        terms = w.common(given)
        names = ", ".join(x.name for x in terms)
        return w.emit(f"{code} {KINDS[terms[0].dtype]} {names}", terms[0].dtype)

    return write


def intrinsic(name: str) -> Callable[..., Term]:
    """Return what writes a call of a function of LLVM's own."""
    return lambda w, *given: w.intrinsic(name, *w.common(given))


def comparison(how: str) -> Callable[..., Term]:
    """Return what writes a comparison."""
    return lambda w, a, b: w.compare(how, *w.common((a, b)))


def logical(how: str) -> Callable[..., Term]:
    """Return what writes an operation on conditions."""
    return lambda w, a, b: w.logical(how, a, b)


def chosen(how: str) -> Callable[..., Term]:
    """Return what writes the larger or smaller of two numbers, or the NaN among them."""

    def write(w: Writer, a: Any, b: Any) -> Term:
        a, b = w.common((a, b))
        return w.choose(w.logical("or", w.compare(how, a, b), w.compare("uno", a, a)), a, b)

    return write


def passing_over_nan(how: str) -> Callable[..., Term]:
    """Return what writes the larger or smaller of two numbers, or that which is no NaN."""

    def write(w: Writer, a: Any, b: Any) -> Term:
        a, b = w.common((a, b))
        return w.choose(w.logical("or", w.compare(how, a, b), w.compare("uno", b, b)), a, b)

    return write


def where(w: Writer, condition: Any, *branches: Any) -> Term:
    """Write a choice."""
    if len(branches) != 2:
        raise NoNativeError("where")
    a, b = w.common(branches, floats=False)
    return w.choose(condition, a, b)


def square(w: Writer, x: Any) -> Any:
    return x * x


def reciprocal(w: Writer, x: Any) -> Any:
    return 1.0 / x


def sign(w: Writer, x: Any) -> Any:
    return np.where(x > 0, 1.0, np.where(x < 0, -1.0, np.where(x == 0, 0.0, x)))


def heaviside(w: Writer, x: Any, at_zero: Any) -> Any:
    x, at_zero = w.common((x, at_zero))
    above = np.where(x == 0, at_zero, np.where(x > 0, one(w, x), one(w, x) * 0.0))
    return np.where(np.isnan(x), x, above)


def one(w: Writer, x: Term) -> Term:
    """Return 1 in the dtype of a term."""
    return w.cast(1.0, x.dtype)


# Whether np.clip leaves −0.0 as it is at a bound of 0.0; that of NumPy 2.0 gives it the bound.
INSIDE = operator.ge if np.signbit(np.clip(-0.0, 0.0, 1.0)) else operator.gt


def clip(w: Writer, x: Any, low: Any, high: Any) -> Any:
    x, low, high = w.common((x, low, high))
    nan = np.isnan(x)
    raised = w.choose(np.logical_or(nan, INSIDE(x, low)), x, low)
    return w.choose(np.logical_or(np.isnan(raised), INSIDE(high, raised)), raised, high)


def isnan(w: Writer, x: Any) -> Term:
    (x,) = w.common((x,))
    return w.compare("uno", x, x)


def isfinite(w: Writer, x: Any) -> Any:
    return np.abs(x) < np.inf


def isinf(w: Writer, x: Any) -> Any:
    return np.abs(x) == np.inf


def signbit(w: Writer, x: Any) -> Any:
    (x,) = w.common((x,))
    return w.intrinsic("copysign", one(w, x), x) < 0


def logical_not(w: Writer, x: Any) -> Term:
    return w.logical("xor", x, True)


def truth(w: Writer, x: Any) -> Term:
    return w.cast(x, BOOL)


def is_complex(w: Writer, x: Any) -> bool:
    return False


def as_it_is(w: Writer, x: Any) -> Any:
    return x


LINES: dict[Any, Callable[..., Any]] = {
    **{f: instruction(code) for f, code in INSTRUCTIONS.items()},
    **{f: intrinsic(name) for f, name in INTRINSICS.items()},
    **{f: comparison(how) for f, how in COMPARISONS.items()},
    **{f: logical(how) for f, how in LOGICAL.items()},
    np.maximum: chosen("ogt"),
    np.minimum: chosen("olt"),
    np.fmax: passing_over_nan("oge"),
    np.fmin: passing_over_nan("ole"),
    np.where: where,
    np.square: square,
    np.reciprocal: reciprocal,
    np.sign: sign,
    np.heaviside: heaviside,
    np.clip: clip,
    np.isnan: isnan,
    np.isfinite: isfinite,
    np.isinf: isinf,
    np.signbit: signbit,
    np.logical_not: logical_not,
    np.iscomplexobj: is_complex,
    np.positive: as_it_is,
    np.conjugate: as_it_is,
    np.real: as_it_is,
    np.any: truth,
    np.all: truth,
}
