"""Forms of elementwise ops.

Each is a function of the writer, the result, and the arguments; in the tables a name stands for an
op that ONNX has under that name.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.ops import activations
from autograd.ops import elementwise as rows

SAME = {
    rows.add: "Add",
    rows.subtract: "Sub",
    rows.multiply: "Mul",
    rows.divide: "Div",
    rows.power: "Pow",
    rows.maximum: "Max",
    rows.minimum: "Min",
    rows.negative: "Neg",
    rows.positive: "Identity",
    rows.real: "Identity",
    rows.conjugate: "Identity",
    rows.absolute: "Abs",
    rows.sign: "Sign",
    rows.sqrt: "Sqrt",
    rows.reciprocal: "Reciprocal",
    rows.exp: "Exp",
    rows.log: "Log",
    rows.sigmoid: "Sigmoid",
    rows.sin: "Sin",
    rows.cos: "Cos",
    rows.tan: "Tan",
    rows.arcsin: "Asin",
    rows.arccos: "Acos",
    rows.arctan: "Atan",
    rows.sinh: "Sinh",
    rows.cosh: "Cosh",
    rows.tanh: "Tanh",
    rows.arcsinh: "Asinh",
    rows.arccosh: "Acosh",
    rows.arctanh: "Atanh",
    rows.floor: "Floor",
    rows.ceil: "Ceil",
    rows.rint: "Round",
    activations.relu: "Relu",
    activations.erf: "Erf",
}
OF_BOOLEANS = {"Add": "Or", "Max": "Or", "Mul": "And", "Min": "And", "Identity": "Identity"}
COMPARISONS = {
    rows.greater: "Greater",
    rows.greater_equal: "GreaterOrEqual",
    rows.less: "Less",
    rows.less_equal: "LessOrEqual",
    rows.equal: "Equal",
    rows.isnan: "IsNaN",
    rows.isinf: "IsInf",
}
LOGIC = {
    rows.logical_and: "And",
    rows.logical_or: "Or",
    rows.logical_xor: "Xor",
    rows.logical_not: "Not",
}


def arithmetic(kind: str) -> Callable[..., str]:
    """Return the form of an op of ONNX on numbers of the dtype of the result."""

    def form(to: Any, y: Any, *args: Any) -> str:
        own = OF_BOOLEANS.get(kind) if y.dtype.kind == "b" else kind
        if own is None:
            raise ValueError("no form in ONNX for booleans")
        return to.put(own, *[to.tensor(x, y.dtype) for x in args])

    return form


def comparison(kind: str) -> Callable[..., str]:
    """Return the form of an op of ONNX on numbers of the dtype that its arguments share."""
    return lambda to, y, *args: to.put(kind, *[to.tensor(x, common_dtype(args)) for x in args])


def logic(kind: str) -> Callable[..., str]:
    """Return the form of an op of ONNX on booleans."""
    return lambda to, y, *args: to.put(kind, *[to.tensor(x, bool) for x in args])


def common_dtype(args: Any) -> np.dtype:
    """Return the dtype in which NumPy compares arguments."""
    kinds = [0.0 if getattr(x, "weak", False) else getattr(x, "dtype", x) for x in args]
    found = np.result_type(*kinds)
    return np.dtype(np.int64) if found.kind == "b" else found


def differs(to: Any, y: Any, a: Any, b: Any) -> str:
    return to.put("Not", comparison("Equal")(to, y, a, b))


def is_finite(to: Any, y: Any, x: Any) -> str:
    x = to.tensor(x, common_dtype([x]))
    return to.put("Not", to.put("Or", to.put("IsNaN", x), to.put("IsInf", x)))


def chosen(to: Any, y: Any, condition: Any, *branches: Any) -> str:
    parts = [to.tensor(x, y.dtype) for x in branches]
    return to.put("Where", to.tensor(condition, bool), *parts)


def clipped(to: Any, y: Any, x: Any, low: Any, high: Any) -> str:
    x = to.tensor(x, y.dtype)
    for kind, bound in (("Max", low), ("Min", high)):
        x = x if bound is None else to.put(kind, x, to.tensor(bound, y.dtype))
    return x


def square(to: Any, y: Any, x: Any) -> str:
    return to.put("Mul", *[to.tensor(x, y.dtype)] * 2)


def one_minus_square(to: Any, y: Any, x: Any) -> str:
    x, one = to.tensor(x, y.dtype), to.constant(1, y.dtype)
    return to.put("Mul", to.put("Sub", one, x), to.put("Add", one, x))


def cube_root(to: Any, y: Any, x: Any) -> str:
    x = to.tensor(x, y.dtype)
    size = to.put("Pow", to.put("Abs", x), to.constant(1 / 3, y.dtype))
    return to.put("Mul", to.put("Sign", x), size)


def exp_2(to: Any, y: Any, x: Any) -> str:
    return to.put("Pow", to.constant(2, y.dtype), to.tensor(x, y.dtype))


def exp_minus_one(to: Any, y: Any, x: Any) -> str:
    """Write e^x − 1 as tanh(x / 2) (e^x + 1), with all digits near 0."""
    x = to.tensor(x, y.dtype)
    half = to.put("Tanh", to.put("Mul", x, to.constant(0.5, y.dtype)))
    return to.put("Mul", half, to.put("Add", to.put("Exp", x), to.constant(1, y.dtype)))


def log_one_plus(to: Any, y: Any, x: Any) -> str:
    return log_of_one_plus(to, y.dtype, to.tensor(x, y.dtype))


def log_of_one_plus(to: Any, dtype: Any, x: str) -> str:
    """Write log(1 + x) as x log(u) / (u − 1) with u = 1 + x rounded: all digits near 0 (Kahan)."""
    one = to.constant(1, dtype)
    u = to.put("Add", one, x)
    ratio = to.put("Div", to.put("Log", u), to.put("Sub", u, one))
    small = to.put("Equal", u, one)
    large = to.put("IsInf", u)
    return to.put("Where", small, x, to.put("Where", large, x, to.put("Mul", x, ratio)))


def log_add_exp(to: Any, y: Any, a: Any, b: Any) -> str:
    """Write log(e^a + e^b) as the larger one plus log(1 + e^−|a − b|)."""
    a, b = to.tensor(a, y.dtype), to.tensor(b, y.dtype)
    apart = to.put("Neg", to.put("Abs", to.put("Sub", a, b)))
    same = to.put("Equal", a, b)  # two infinities have no difference
    apart = to.put("Where", same, to.constant(0, y.dtype), apart)
    more = log_of_one_plus(to, y.dtype, to.put("Exp", apart))
    return to.put("Add", to.put("Max", a, b), more)


def scaled(kind: str, factor: float) -> Callable[..., str]:
    """Return the form of an op of ONNX times a number; of the number alone for ""."""

    def form(to: Any, y: Any, x: Any) -> str:
        x = to.tensor(x, y.dtype)
        return to.put("Mul", to.put(kind, x) if kind else x, to.constant(factor, y.dtype))

    return form


def complementary_error(to: Any, y: Any, x: Any) -> str:
    return to.put("Sub", to.constant(1, y.dtype), arithmetic("Erf")(to, y, x))


def gelu(to: Any, y: Any, x: Any) -> str:
    x = to.tensor(x, y.dtype)
    erf = to.put("Erf", to.put("Mul", x, to.constant(math.sqrt(0.5), y.dtype)))
    twice = to.put("Mul", x, to.put("Add", erf, to.constant(1, y.dtype)))
    return to.put("Mul", twice, to.constant(0.5, y.dtype))


def truncated(to: Any, y: Any, x: Any) -> str:
    x = to.tensor(x, y.dtype)
    return to.put("Mul", to.put("Sign", x), to.put("Floor", to.put("Abs", x)))


def rounded_down(to: Any, y: Any, a: Any, b: Any) -> str:
    if y.dtype.kind != "f":
        raise ValueError("no form in ONNX for whole numbers")
    return to.put("Floor", arithmetic("Div")(to, y, a, b))


def remainder(to: Any, y: Any, a: Any, b: Any) -> str:
    """Write the remainder with the sign of b, a whole number of b away from a."""
    a, b = to.tensor(a, y.dtype), to.tensor(b, y.dtype)
    if y.dtype.kind != "f":
        return to.put("Mod", a, b)
    rest = to.put("Mod", a, b, fmod=1)
    zero = to.constant(0, y.dtype)
    across = to.put("Less", to.put("Mul", to.put("Sign", rest), to.put("Sign", b)), zero)
    return to.put("Where", across, to.put("Add", rest, b), rest)


def remainder_of_c(to: Any, y: Any, a: Any, b: Any) -> str:
    return to.put("Mod", to.tensor(a, y.dtype), to.tensor(b, y.dtype), fmod=1)


def hypotenuse(to: Any, y: Any, a: Any, b: Any) -> str:
    return to.put("Sqrt", to.put("Add", square(to, y, a), square(to, y, b)))


def rounded(to: Any, y: Any, x: Any, decimals: int = 0) -> str:
    factor = to.constant(10.0**decimals, y.dtype)
    return to.put("Div", to.put("Round", to.put("Mul", to.tensor(x, y.dtype), factor)), factor)


ELEMENTWISE: dict[Any, Callable[..., str]] = {
    **{op: arithmetic(kind) for op, kind in SAME.items()},
    **{op: comparison(kind) for op, kind in COMPARISONS.items()},
    **{op: logic(kind) for op, kind in LOGIC.items()},
    rows.not_equal: differs,
    rows.isfinite: is_finite,
    rows.where: chosen,
    rows.clip: clipped,
    rows.square: square,
    rows.one_minus_square: one_minus_square,
    rows.cbrt: cube_root,
    rows.exp2: exp_2,
    rows.expm1: exp_minus_one,
    rows.log1p: log_one_plus,
    rows.log2: scaled("Log", 1 / math.log(2)),
    rows.log10: scaled("Log", 1 / math.log(10)),
    rows.deg2rad: scaled("", math.pi / 180),
    rows.rad2deg: scaled("", 180 / math.pi),
    rows.logaddexp: log_add_exp,
    rows.trunc: truncated,
    rows.floor_divide: rounded_down,
    rows.mod: remainder,
    rows.fmod: remainder_of_c,
    rows.hypot: hypotenuse,
    rows.round_: rounded,
    activations.erfc: complementary_error,
    activations.gelu: gelu,
}
