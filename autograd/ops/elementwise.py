"""Elementwise ops: a row is a name, the forward function, its partial derivatives `(y, *args)`.

Linear ops have vjps `(g, y, *args)` instead, since their partial derivatives are constant. Tests
draw arguments from `domain`, where the op is smooth. `outside` says where a result is not finite
and why, `steep` where a slope is not, `written` how formulas write the op (see `Described`).
"""

import math
import operator

import numpy as np

from autograd.engine.arrays import known, possibly, surely
from autograd.engine.between import own_slopes
from autograd.engine.primitive import Primitive, define, elementwise
from autograd.engine.value import Value
from autograd.ops.not_finite import (
    INF_MINUS_INF,
    LOGARITHM,
    NOTHING_TIMES_INF,
    OVERFLOW,
    defined_from,
    divided_by,
    next_to_zero,
)
from autograd.ops.plain import raw

BOTH = ((-3.0, 3.0), (-3.0, 3.0))
POSITIVE = ((0.1, 4.0),)
UNIT = ((-0.9, 0.9),)

# -- arithmetic ----------------------------------------------------------------------------

add = elementwise(
    "add",
    operator.add,
    scalar=operator.add,
    numpy=(np.add,),
    symbol="+",
    vjps=(lambda g, y, a, b: g, lambda g, y, a, b: g),
    written=lambda w, y, a, b: w.sum(a, b),
    outside=INF_MINUS_INF,
    reads=("", ""),
)
subtract = elementwise(
    "subtract",
    operator.sub,
    scalar=operator.sub,
    numpy=(np.subtract,),
    symbol="−",
    vjps=(lambda g, y, a, b: g, lambda g, y, a, b: -g),
    written=lambda w, y, a, b: w.difference(a, b),
    outside=INF_MINUS_INF,
    reads=("", ""),
)


def _product(w, y, a, b):
    """In a rule, write a column times a row as an outer product, since reshapes are left out."""
    if w.rule_of is not None and y.ndim == 2 and all(1 < np.size(x) < y.size for x in y.args):
        return w.call("outer", [a, b])
    return w.product(a, b)


multiply = elementwise(
    "multiply",
    operator.mul,
    scalar=operator.mul,
    numpy=(np.multiply,),
    symbol="×",
    vjps=(lambda g, y, a, b: g * b, lambda g, y, a, b: g * a),
    product=True,
    written=_product,
    outside=NOTHING_TIMES_INF,
    reads=("1", "0"),
)
divide = elementwise(
    "divide",
    operator.truediv,
    scalar=operator.truediv,
    numpy=(np.divide,),
    symbol="÷",
    vjps=(lambda g, y, a, b: g / b, lambda g, y, a, b: -g * y / b),
    domain=((-3.0, 3.0), (0.5, 3.0)),
    product=True,
    written=lambda w, y, a, b: w.quotient(a, b),
    outside=divided_by(1),
    steep=divided_by(1),
    reads=("1", "y1"),
)
negative = elementwise(
    "negative",
    operator.neg,
    scalar=operator.neg,
    numpy=(np.negative,),
    symbol="−",
    vjps=(lambda g, y, x: -g,),
    written=lambda w, y, x: w.negative(x),
    reads=("",),
)
positive = elementwise(
    "positive",
    np.positive,
    scalar=operator.pos,
    symbol="+",
    vjps=(lambda g, y, x: g,),
    written=lambda w, y, x: x,
    reads=("",),
)


def _power_by_base(y, x, p):
    if (type(p) is int or type(p) is float) and p == 2:
        return 2 * x
    if type(p) is float and type(x) is float:
        return p * math.pow(x, p - 1.0) if p else 0.0
    if type(p) is float or type(p) is int:
        return p * power(x, p - 1) if p else 0.0
    edge = np.logical_and(x == 0, np.logical_or(p == 0, p == 1))
    some = np.any(edge)
    if not possibly(some):
        return p * power(x, p - 1)
    slope = p * power(np.where(edge, 1.0, x), p - 1)
    if not surely(some):
        return slope
    # x**0 and x**1 have constant slopes by x, but beside these exponents the slope jumps
    now = raw(p)
    return np.where(edge, now + direction(p - now, 0.0), slope)


def _power_by_exponent(y, x, p):
    # 0**p jumps from 1 to 0 at p = 0: its slope is taken as 0 there, and has none of its own
    origin = np.logical_and(x == 0, p == 0)
    if not known(origin):
        return power_log(np.where(origin, 1.0, x), p)
    return np.where(origin, direction(x + p, 0.0), power_log(x, p))


power = elementwise(
    "power",
    operator.pow,
    _power_by_base,
    _power_by_exponent,
    scalar=math.pow,
    numpy=(np.power, np.pow),
    symbol="^",
    domain=((0.2, 3.0), (-2.0, 2.0)),
    written=lambda w, y, a, b: w.power(a, b),
    outside=(
        (
            lambda y, x, p: (x == 0) & (p < 0),
            "zero to a negative power is a division by zero",
        ),
        (
            lambda y, x, p: np.isnan(y) & (x.real < 0),
            "a negative number to a fractional power is not real; take np.abs(x) or maximum(x, 0)",
        ),
        (
            lambda y, x, p: True,
            "an overflow: {sizes[0]:.2g} to the power of up to {sizes[1]:.2g}; scale the base "
            "before, or compute with logarithms: p * np.log(x)",
        ),
    ),
    steep=(
        (
            lambda y, x, p: x.real < 0,
            "the slope with respect to the exponent is log(base), and the base is negative; "
            "if the exponent needs no gradient, make it a number instead of a Value",
            1,
        ),
        (
            lambda y, x, p: next_to_zero(x) & (p.real < 1),
            "x ** p has an infinite slope at zero for p < 1; write (x + {small}) ** p",
        ),
    ),
    reads=("01", "01"),
)


def _power_log(x, p):
    return np.power(x, p) * np.log(np.where(np.logical_and(x == 0, np.real(p) > 0), 1.0, x))


power_log = elementwise(
    "power_log",
    _power_log,
    lambda y, x, p: p * power_log(x, p - 1) + power(x, p - 1),
    lambda y, x, p: square(power_log(x, p / 2)),
    domain=((0.2, 3.0), (-2.0, 2.0)),
    written=lambda w, y, a, b: w.product(w.power(a, b), w.call("log", [a])),
    reads=("01", "01"),
    doc="""Return x ** p · log x, the slope of x ** p by p; it is 0 where x is 0 and p is positive.

    Example:
        >>> power_log(Value([0.0, 1.0]), 2.0)
        Value([0., 0.])
    """,
)
mod = elementwise(
    "mod",
    np.mod,
    lambda y, a, b: 1.0,
    lambda y, a, b: -np.floor_divide(a, b),
    scalar=operator.mod,
    domain=((0.2, 0.8), (1.0, 2.0)),
    outside=divided_by(1),
    breaks="jump",
)
fmod = elementwise(
    "fmod",
    np.fmod,
    lambda y, a, b: 1.0,
    lambda y, a, b: -np.rint((a - y) / b),  # a / b may be rounded up to a whole number
    scalar=math.fmod,
    domain=((-1.5, -1.2), (0.8, 1.1)),
    outside=divided_by(1),
    breaks="jump",
)
square = elementwise(
    "square",
    np.square,
    lambda y, x: 2.0 * x,
    scalar=lambda x: x * x,
    symbol="²",
    written=lambda w, y, x: w.power(x, w.number(2.0)),
    reads=("0",),
    doc="""Return x · x, as np.square does.

    Example:
        >>> square(Value(3.0))
        Value(9.0)
    """,
)
sqrt = elementwise(
    "sqrt",
    np.sqrt,
    lambda y, x: 0.5 / y,
    scalar=math.sqrt,
    symbol="√",
    domain=POSITIVE,
    latex=r"\sqrt{%s}",
    outside=(
        (
            lambda y, x: True,
            "the square root of a negative number; write np.sqrt(np.maximum(x, 0.0))",
        ),
    ),
    steep=(
        (
            lambda y, x: y == 0,
            "the slope of a square root at zero is infinite; write np.sqrt(x + {small}), or "
            "np.linalg.norm, whose slope there is 0",
        ),
    ),
    reads=("y",),
    doc="""Return the square root of x, as np.sqrt does; the slope at 0 is infinite.

    Example:
        >>> sqrt(Value(9.0))
        Value(3.0)
    """,
)
cbrt = elementwise(
    "cbrt",
    np.cbrt,
    lambda y, x: 1 / (3 * y * y),
    domain=POSITIVE,
    symbol="∛",
    steep=(
        (
            lambda y, x: y == 0,
            "the slope of a root at zero is infinite; keep the argument away from zero",
        ),
    ),
)
reciprocal = elementwise(
    "reciprocal",
    np.reciprocal,
    lambda y, x: -y * y,
    scalar=lambda x: 1.0 / x,
    domain=POSITIVE,
    written=lambda w, y, x: w.quotient(w.number(1.0), x),
    outside=divided_by(0),
    steep=divided_by(0),
    reads=("y",),
)

# -- exponentials and logarithms -------------------------------------------------------------

exp = elementwise(
    "exp",
    np.exp,
    lambda y, x: y,
    scalar=math.exp,
    latex=r"e^{%s}",
    outside=OVERFLOW,
    reads=("y",),
    doc="""Return e to the power of x, as np.exp does.

    Example:
        >>> exp(Value([0.0, 1.0]))
        Value([1.        , 2.71828183])
    """,
)
exp2 = elementwise(
    "exp2",
    np.exp2,
    lambda y, x: y * math.log(2),
    scalar=math.exp2,
    outside=OVERFLOW,
    reads=("y",),
)
FEW_DIGITS = 1e-3  # a difference of numbers around 1 that is less has lost three digits or more


def _replaced(few, slope, far, x):
    """Return the slope with far(x) where it has few digits, mostly at few of its entries."""
    if not possibly(np.any(few)):
        return slope
    if type(slope) is type(x) is np.ndarray:
        slope[few] = far(x[few])
        return slope
    return np.where(few, far(x), slope)


def _expm1_slope(y, x):
    return _replaced(y < FEW_DIGITS - 1, y + 1, exp, x)


expm1 = elementwise(
    "expm1", np.expm1, _expm1_slope, scalar=math.expm1, outside=OVERFLOW, reads=("y",)
)
log = elementwise(
    "log",
    np.log,
    lambda y, x: 1 / x,
    scalar=math.log,
    domain=POSITIVE,
    **LOGARITHM,
    latex=r"\log",
    reads=("0",),
    doc="""Return the natural logarithm of x, as np.log does.

    Example:
        >>> log(Value(1.0))
        Value(0.0)
    """,
)
log2 = elementwise(
    "log2",
    np.log2,
    lambda y, x: 1 / (x * math.log(2)),
    scalar=math.log2,
    domain=POSITIVE,
    **LOGARITHM,
    reads=("0",),
)
log10 = elementwise(
    "log10",
    np.log10,
    lambda y, x: 1 / (x * math.log(10)),
    scalar=math.log10,
    domain=POSITIVE,
    **LOGARITHM,
    reads=("0",),
)
log1p = elementwise(
    "log1p",
    np.log1p,
    lambda y, x: 1 / (1 + x),
    scalar=math.log1p,
    domain=((-0.8, 3.0),),
    outside=(
        (
            lambda y, x: np.isnan(y),
            "log1p is the logarithm of 1 + x, and x is below −1",
        ),
        (
            lambda y, x: True,
            "log1p is the logarithm of 1 + x, and x is −1",
        ),
    ),
    reads=("0",),
)


def _sigmoid_of_float(x: float) -> float:
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    small = math.exp(x)
    return small / (1.0 + small)


def _sigmoid(x):
    """Return 1 / (1 + e^-x) without overflow: exp is never given a positive number."""
    if np.iscomplexobj(x):
        return 1 / (1 + np.exp(-x))
    small = np.exp(-np.abs(x))
    return np.maximum(small, x >= 0) / (1 + small)


def sigmoid_slope(y, x):
    """Return y (1 − y), far to the right with 1 − y = sigmoid(−x), since y has lost its digits."""
    rest = 1.0 - y
    if type(y) is float:
        return y * (rest if rest > FEW_DIGITS else _sigmoid_of_float(-x))
    return y * _replaced(np.abs(rest) < FEW_DIGITS, rest, lambda x: sigmoid(-x), x)


sigmoid = elementwise(
    "sigmoid",
    _sigmoid,
    sigmoid_slope,
    scalar=_sigmoid_of_float,
    symbol="σ",
    latex=r"\sigma",
    saturates=(0.0, 1.0),
    reads=("y",),
    doc="""Return 1 / (1 + e^-x), from 0 to 1, without overflow.

    Example:
        >>> sigmoid(Value([-1000.0, 0.0]))
        Value([0. , 0.5])
    """,
)


def _share(a, b):
    """Return e^a / (e^a + e^b): ½ each if both are +inf, and 0 if both are −inf."""
    same = np.logical_and(a == b, np.isinf(a))
    return np.where(same, np.where(a > 0, 0.5, 0.0), sigmoid(np.where(same, 0.0, a - b)))


logaddexp = elementwise(
    "logaddexp",
    np.logaddexp,
    lambda y, a, b: _share(a, b),
    lambda y, a, b: _share(b, a),
    reads=("01", "01"),
)
logaddexp2 = elementwise(
    "logaddexp2",
    np.logaddexp2,
    lambda y, a, b: _share(a * math.log(2), b * math.log(2)),
    lambda y, a, b: _share(b * math.log(2), a * math.log(2)),
    reads=("01", "01"),
)


# I₁(x) is the mean of t·e^(xt), or of its even part t·sinh(xt), over the Gauss-Chebyshev nodes t.
# With 128 nodes it is exact to the last digit for every x whose e^x is finite. The negative half
# of the nodes would only repeat the positive half.
NODES = np.cos(np.pi * (np.arange(64) + 0.5) / 128)


def _i0_slope(y, x):
    return np.mean(NODES * sinh(np.expand_dims(x, -1) * NODES), axis=-1)


i0 = elementwise("bessel_i0", np.i0, _i0_slope, numpy=(np.i0,))

# -- trigonometric and hyperbolic ------------------------------------------------------------

sin = elementwise("sin", np.sin, lambda y, x: cos(x), scalar=math.sin, latex=r"\sin", reads=("0",))
cos = elementwise("cos", np.cos, lambda y, x: -sin(x), scalar=math.cos, latex=r"\cos", reads=("0",))
tan = elementwise(
    "tan",
    np.tan,
    lambda y, x: 1 + y * y,
    scalar=math.tan,
    domain=((-1.2, 1.2),),
    latex=r"\tan",
    reads=("y",),
)
# On a cut the sign of a zero imaginary part tells the side; x − (−1) keeps it, and x + 1 does not.
one_minus_square = elementwise(  # with all digits where x is close to ±1
    "one_minus_square",
    lambda x: -(x - 1) * (x - -1),
    lambda y, x: -2 * x,
    written=lambda w, y, x: w.difference(w.number(1.0), w.power(x, w.number(2.0))),
    reads=("0",),
)
arcsin = elementwise(
    "arcsin",
    np.arcsin,
    lambda y, x: 1 / sqrt(one_minus_square(x)),
    scalar=math.asin,
    domain=UNIT,
    latex=r"\arcsin",
    **defined_from("−1 to 1"),
)
arccos = elementwise(
    "arccos",
    np.arccos,
    lambda y, x: -1 / sqrt(one_minus_square(x)),
    scalar=math.acos,
    domain=UNIT,
    latex=r"\arccos",
    **defined_from("−1 to 1"),
)
arctan = elementwise(
    "arctan",
    np.arctan,
    lambda y, x: 1 / (1 + x * x),
    scalar=math.atan,
    latex=r"\arctan",
    saturates=(-math.pi / 2, math.pi / 2),
    reads=("0",),
)


def _over_square(part, a, b):
    """Return part / (a² + b²): dividing by the root twice neither overflows nor underflows."""
    root = hypot(a, b)
    return part / root / root


arctan2 = elementwise(
    "arctan2",
    np.arctan2,
    lambda y, a, b: _over_square(b, a, b),
    lambda y, a, b: -_over_square(a, a, b),
    scalar=math.atan2,
    domain=((0.5, 3.0), (0.5, 3.0)),
    breaks="jump",
)
direction = elementwise(
    "direction",
    lambda x, length: x / np.where(length == 0, np.inf, length),
    vjps=(
        lambda g, y, x, length: g / length,
        lambda g, y, x, length: -g * y / length,
    ),
    scalar=lambda x, length: x / (length or math.inf),
    domain=((0.5, 3.0), (3.0, 6.0)),
    written=lambda w, y, x, length: w.quotient(x, length),
    breaks="jump",
    reads=("1", "y1"),
    steep=(
        (
            lambda y, x, length: length == 0,
            "a length, a norm, a deviation or the size of a complex number has a kink at zero: its "
            "slope there is taken as 0, and its second derivative does not exist; square the "
            "entries themselves, as np.sum(x * x), np.var(x) and z * np.conj(z) do",
        ),
    ),
    doc="""Return x / length, the slope of a length by x: 0 where the length is 0.

    There a length has a kink, and we take its smallest subgradient. A second derivative does not
    exist, so that of `direction` is infinite or NaN.

    Example:
        >>> direction(Value([3.0, 0.0]), np.array([5.0, 0.0]))
        Value([0.6, 0. ])
    """,
)
bent = Primitive(
    "bent",
    lambda x, bend: np.zeros_like(x),
    (lambda g, y, x, bend: g * bend, None),
    elementwise=True,
    domain=((-3.0, 3.0), (-3.0, 3.0)),
    doc="bent: zeros whose slope by x is `bend`.",
)


def radial(g, y, x, wide=lambda z: z):
    """Return g · x / y: the gradient by `x` of a function of its length `y`, with the slope `g`.

    Where the length is 0, so is the gradient. If the slope is 0 too, the function may be smooth
    there, as y² is: the slope of its gradient is that of `g` by y.

    Args:
        wide: gives what has the shape of `y` that of `x`.
    """
    if isinstance(y, Value) and isinstance(g, Value):
        smooth = np.logical_and(raw(y) == 0, raw(g) == 0)
        if surely(np.any(smooth)):
            bend = own_slopes(y, g, smooth, alone=True)
            return wide(g) * direction(x, wide(np.where(smooth, np.inf, y))) + bent(x, wide(bend))
    return wide(g) * direction(x, wide(y))


hypot = elementwise(
    "hypot",
    np.hypot,
    vjps=(lambda g, y, a, b: radial(g, y, a), lambda g, y, a, b: radial(g, y, b)),
    domain=((0.5, 3.0), (0.5, 3.0)),
)
sinh = elementwise(
    "sinh",
    np.sinh,
    lambda y, x: cosh(x),
    scalar=math.sinh,
    latex=r"\sinh",
    outside=OVERFLOW,
    reads=("0",),
)
cosh = elementwise(
    "cosh",
    np.cosh,
    lambda y, x: sinh(x),
    scalar=math.cosh,
    latex=r"\cosh",
    outside=OVERFLOW,
    reads=("0",),
)


def _far_tanh_slope(x):
    """Return 1 / cosh² x, which is 4t / (1 + t)² with t = e^(−2|x|)."""
    t = exp(2 * np.where(np.real(x) > 0, -x, x))
    return 4 * t / (1 + t) ** 2


def tanh_slope(y, x):
    """Return 1 − y², far out by x, since y has lost its digits."""
    slope = 1.0 - y * y
    if type(y) is float:
        return slope if slope > FEW_DIGITS else float(_far_tanh_slope(np.float64(x)))
    reals = type(slope) is np.ndarray and slope.dtype.kind == "f" and slope.size
    if reals and slope.min() > FEW_DIGITS:  # the quickest way to see it
        return slope
    return _replaced(np.abs(slope) < FEW_DIGITS, slope, _far_tanh_slope, x)


tanh = elementwise(
    "tanh",
    np.tanh,
    tanh_slope,
    scalar=math.tanh,
    latex=r"\tanh",
    saturates=(-1.0, 1.0),
    reads=("y",),
    doc="""Return the hyperbolic tangent of x, as np.tanh does, from −1 to 1.

    Example:
        >>> tanh(Value([0.0, 1000.0]))
        Value([0., 1.])
    """,
)
arcsinh = elementwise(
    "arcsinh",
    np.arcsinh,
    lambda y, x: 1 / (sqrt(x * x - -1) if np.iscomplexobj(x) else hypot(x, 1.0)),
    scalar=math.asinh,
)
arccosh = elementwise(
    "arccosh",
    np.arccosh,
    # the root of x² − 1 has the other sign in the left half of the complex plane
    lambda y, x: 1 / (sqrt(x - 1) * sqrt(x - -1)),
    scalar=math.acosh,
    domain=((1.2, 4.0),),
    **defined_from("1 and above"),
)
arctanh = elementwise(
    "arctanh",
    np.arctanh,
    lambda y, x: 1 / one_minus_square(x),
    scalar=math.atanh,
    domain=UNIT,
    **defined_from("−1 to 1"),
)
deg2rad = elementwise(
    "deg2rad", np.deg2rad, lambda y, x: math.pi / 180, numpy=(np.deg2rad, np.radians)
)
rad2deg = elementwise(
    "rad2deg", np.rad2deg, lambda y, x: 180 / math.pi, numpy=(np.rad2deg, np.degrees)
)
# Near zero, cos(πx) − y loses its digits, and its derivatives, so there the slope is a series.
SINC_SLOPES = [
    (-1) ** k * 2 * k * math.pi ** (2 * k) / math.factorial(2 * k + 1) for k in range(12)
]


def _sinc_slope(y, x):
    near = np.abs(x) < 0.5
    small, large = np.where(near, x, 0.0), np.where(near, 1.0, x)
    series = 0.0
    for coefficient in reversed(SINC_SLOPES[1:]):
        series = series * small * small + coefficient
    return np.where(near, series * small, (cos(math.pi * large) - y) / large)


sinc = elementwise("sinc", np.sinc, _sinc_slope, numpy=(np.sinc,))

# -- choices: ties share the gradient equally ------------------------------------------------


def always(y, *args, **params):
    """State that each slope of 0 means that an argument is not chosen (see `selects`)."""
    return True


def _won(a, b):
    """Return 1 where `a` is greater than `b`, ½ at a tie, and 0 elsewhere."""
    if np.ndarray in (types := {type(a), type(b)}) and Value not in types:
        kind = np.result_type(a, b, np.float16)
        return np.add(a > b, a >= b, dtype=kind) * kind.type(0.5)  # where takes ten times as long
    return np.where(a == b, 0.5, np.where(a > b, 1.0, 0.0))


def _size_vjp(g, y, x):
    """The vjp of |x|. At the kink it is 0, although f(|x|) may be smooth, as |x|² is.

    The second derivative of f(|x|) is f'' sign(x)² there, and not f'' · 0². So the slope of `g` by
    y, which is f'', is put into the graph of the derivative.
    """
    if type(x) is float:
        return g * sign(x)
    if np.iscomplexobj(x):
        return radial(g, y, np.conj(x))
    gx = g * sign(x)
    if isinstance(x, Value) and isinstance(g, Value) and surely(np.any(kink := raw(x) == 0)):
        bend = own_slopes(y, g, kink)
        if np.any(bend):
            return gx + bent(x, bend)
    return gx


absolute = elementwise(
    "absolute",
    np.absolute,
    vjps=(_size_vjp,),
    scalar=abs,
    numpy=(np.absolute, np.fabs),
    symbol="|·|",
    latex=r"\left\lvert %s\right\rvert ",
    breaks="kink",
    reads=("0",),
)


def _sign_vjp(g, y, x):
    """The vjp is 0 for real numbers and at 0; z / |z| changes with z's phase, not its size."""
    if not np.iscomplexobj(x):
        return g * 0.0
    return (g - np.real(g * y) * np.conj(y)) * direction(1.0, np.abs(x))


sign = elementwise(
    "sign",
    np.sign,
    vjps=(_sign_vjp,),
    symbol="±",
    selects=lambda y, x: np.logical_and(x != 0, not np.iscomplexobj(x)),
    breaks="jump",
)
maximum = elementwise(
    "maximum",
    np.maximum,
    lambda y, a, b: _won(a, b),
    lambda y, a, b: _won(b, a),
    scalar=lambda a, b: a if a >= b or a != a else b,
    symbol="max",
    selects=always,
    breaks="kink",
    dead_at_zero=True,  # np.maximum(x, 0) is a relu
    reads=("01", "01"),
)
minimum = elementwise(
    "minimum",
    np.minimum,
    lambda y, a, b: _won(b, a),
    lambda y, a, b: _won(a, b),
    scalar=lambda a, b: a if a <= b or a != a else b,
    symbol="min",
    selects=always,
    breaks="kink",
    reads=("01", "01"),
)
copysign = elementwise(
    "copysign",
    np.copysign,
    lambda y, a, b: np.copysign(1.0, a) * np.copysign(1.0, b),
    lambda y, a, b: 0.0,
    scalar=math.copysign,
    domain=((0.3, 3.0), (-3.0, -0.3)),
    selects=always,
    breaks="jump",
)


def _passing_over_nan(a, b, won):
    """Return the slope by `a` of a choice between a and b that is NaN only if both are."""
    return np.where(np.isnan(b), np.where(np.isnan(a), 0.5, 1.0), won)


fmax = elementwise(
    "fmax",
    np.fmax,
    lambda y, a, b: _passing_over_nan(a, b, _won(a, b)),
    lambda y, a, b: _passing_over_nan(b, a, _won(b, a)),
    selects=always,
    breaks="kink",
)
fmin = elementwise(
    "fmin",
    np.fmin,
    lambda y, a, b: _passing_over_nan(a, b, _won(b, a)),
    lambda y, a, b: _passing_over_nan(b, a, _won(a, b)),
    selects=always,
    breaks="kink",
)


def _below(x, bound):
    return np.False_ if bound is None else x < bound


def _above(x, bound):
    return np.False_ if bound is None else x > bound


clip = elementwise(
    "clip",
    lambda a, low, high: np.clip(a, low, high),
    vjps=(
        lambda g, y, x, low, high: np.where(np.logical_or(_below(x, low), _above(x, high)), 0.0, g),
        lambda g, y, x, low, high: np.where(_below(x, low), g, 0.0),
        lambda g, y, x, low, high: np.where(_above(x, high), g, 0.0),
    ),
    domain=((-3.0, 3.0), (-2.0, -1.0), (1.0, 2.0)),
    selects=always,
    breaks="kink",
    reads=("012", "01", "02"),
)


def _where(condition, x, y):
    return np.where(condition, x, y)


def _choice(w, y, *parts):
    """In a rule, write the branch that was taken; elsewhere, both branches if they are numbers."""
    holds, branches = y.args[0], parts[-2:]
    if len(parts) < 3 and not isinstance(holds, bool):
        return None  # a branch is an integer, which formulas write as an option
    numbers = all(branch.number is not None for branch in branches)
    guards = w.rule_of is not None and (w.rule_of.op is not y.op or not np.ndim(holds))
    if guards and np.all(holds) == np.any(holds):
        # Two numbers say less than the condition, unless it holds at a single point only.
        maker = y.parents[0].op if y.parents[0] is not None else None
        if not numbers or (maker is not None and maker.call in (equal, logical_and)):
            return branches[0] if np.all(holds) else branches[1]
    return w.choice(*parts) if numbers and len(parts) == 3 else None


where = define(
    "where",
    _where,
    vjps=(
        lambda g, y, c, a, b: None,
        lambda g, y, c, a, b: np.where(c, g, 0.0),
        lambda g, y, c, a, b: np.where(c, 0.0, g),
    ),
    written=_choice,
    samples=lambda rng: [
        ((rng.random(4) > 0.5, rng.normal(size=(3, 4)), rng.normal(size=(3, 1))), {}),
        ((True, rng.normal(size=2), 1.0), {}),
    ],
    reads=("", "0", "0"),
)


# -- predicates: true or false, recorded like any op, without a derivative -------------------


def _predicate(function, scalar, sign="", symbol=""):
    """Define a row for such an op; formulas write its sign between two arguments."""

    def of_floats(*args):
        return np.True_ if scalar(*args) else np.False_

    return elementwise(
        function.__name__,
        function,
        vjps=None,
        reads=(),
        domain=BOTH[: function.nin],
        scalar=of_floats,
        symbol=symbol,
        written=(lambda w, y, a, b: w.relation(a, sign, b)) if sign else None,
    )


greater = _predicate(np.greater, operator.gt, ">", symbol=">")
greater_equal = _predicate(np.greater_equal, operator.ge, "≥", symbol="≥")
less = _predicate(np.less, operator.lt, "<", symbol="<")
less_equal = _predicate(np.less_equal, operator.le, "≤", symbol="≤")
equal = _predicate(np.equal, operator.eq, "=", symbol="=")
not_equal = _predicate(np.not_equal, operator.ne, "≠")
isnan = _predicate(np.isnan, math.isnan)
isinf = _predicate(np.isinf, math.isinf)
isfinite = _predicate(np.isfinite, math.isfinite)
signbit = _predicate(np.signbit, lambda x: math.copysign(1.0, x) < 0)
logical_and = _predicate(np.logical_and, lambda a, b: bool(a and b), "and")
logical_or = _predicate(np.logical_or, lambda a, b: bool(a or b), "or")
logical_xor = _predicate(np.logical_xor, lambda a, b: bool(a) != bool(b))
logical_not = _predicate(np.logical_not, operator.not_)

# -- steps: their derivative is zero wherever it exists --------------------------------------

floor, ceil, trunc, rint, spacing, floor_divide = (
    elementwise(
        f.__name__,
        f,
        *[lambda y, *args: 0.0] * f.nin,
        scalar=operator.floordiv if f is np.floor_divide else None,
        domain=((0.2, 0.8), (2.2, 2.8))[: f.nin],
        selects=always,
        breaks="jump",
        outside=divided_by(1) if f is np.floor_divide else (),
    )
    for f in (np.floor, np.ceil, np.trunc, np.rint, np.spacing, np.floor_divide)
)
heaviside = elementwise(
    "heaviside",
    np.heaviside,
    lambda y, x, at_zero: 0.0,
    lambda y, x, at_zero: np.where(x == 0, 1.0, 0.0),
    domain=((0.2, 0.8), (-3.0, 3.0)),
    selects=always,
    breaks="jump",
)
nextafter = elementwise(
    "nextafter",
    np.nextafter,
    lambda y, x, towards: 1.0,
    lambda y, x, towards: 0.0,
    selects=always,
    breaks="jump",
)
round_ = define(
    "round",
    np.round,
    numpy=(np.round, np.around),
    vjps=(lambda g, y, x, decimals=0: 0.0 * g,),
    selects=always,
    samples=lambda rng: [((rng.uniform(0.2, 0.3, 3),), {}), ((rng.uniform(0.2, 0.3, 3), -1), {})],
)
ldexp = define(
    "ldexp",
    np.ldexp,
    numpy=(np.ldexp,),
    vjps=(lambda g, y, x, n: ldexp(g, n),),
    samples=lambda rng: [((rng.normal(size=3), np.array([1, -2, 0])), {})],
)

# -- complex numbers: a real function f of z = x + iy has the gradient ∂f/∂x − i ∂f/∂y --------


def _real_numbers(w, y, x):
    """In a rule, leave these ops out for real numbers, which they do not change."""
    return x if w.rule_of is not None and not np.iscomplexobj(y.args[0]) else None


real = define(
    "real",
    np.real,
    vjps=(lambda g, y, z: g,),
    elementwise=True,
    view=True,
    domain=((-3.0, 3.0),),
    written=_real_numbers,
)
imag = define(
    "imag",
    np.imag,
    vjps=(lambda g, y, z: -1j * g,),
    elementwise=True,
    view=True,
    domain=((-3.0, 3.0),),
)
no_imag = define(
    "imag_of_reals",
    np.imag,
    symbol="imag",
    vjps=(lambda g, y, x: 0.0 * g,),
    selects=always,
    elementwise=True,
    read_only=True,
    domain=((-3.0, 3.0),),
    real_only="that of complex numbers is another op",
)
conjugate = elementwise(
    "conjugate",
    np.conjugate,
    vjps=(lambda g, y, z: np.conj(g),),
    symbol="z̄",
    written=_real_numbers,
)
angle = define(
    "angle",
    np.angle,
    vjps=(lambda g, y, z: g * (np.conj(1j * z) / np.abs(z)) / np.abs(z),),
    elementwise=True,
    domain=((0.5, 3.0),),
    breaks="jump",
)
