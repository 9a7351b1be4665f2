"""What formulas of distributions are made of: their arguments, powers, and logarithms of parts."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from autograd.composed.creation import array
from autograd.engine.arrays import normal
from autograd.engine.value import Value
from autograd.ops.plain import raw
from autograd.scipy.special import xlog1py, xlogy

INF = math.inf


def as_float(x: Any) -> Any:
    """Return `x` as floats; a Python number becomes a Python float, which leaves float32 alone."""
    if isinstance(x, (int, float)):
        return float(x)
    x = array(x)
    return x.astype(float) if x.dtype.kind in "biu" else x


def as_precise_as(inputs: tuple, y: Any) -> Any:
    """Return `y` in float32 if the inputs are: logarithms of Python numbers made it double."""
    precisions = {x.dtype for x in inputs if type(x) is not float and (x.ndim or x.dtype != float)}
    return y.astype(np.float32) if precisions == {np.dtype(np.float32)} else y


def plainly(x: Any, wanted: float) -> bool:
    """Whether `x` is the Python float `wanted`."""
    return type(x) is float and x == wanted


def all_positive(*shapes: Any) -> Any:
    """Whether all are greater than 0."""
    result: Any = True
    for shape in shapes:
        result = np.logical_and(result, shape > 0)
    return result


def either(a: Any, b: Any) -> Any:
    """Whether one of two conditions holds; a plain False costs nothing."""
    return b if a is False else a if b is False else np.logical_or(a, b)


def unless(condition: Any, otherwise: Any, y: Any) -> Any:
    """Return `y`, but `otherwise` where a condition holds; just `y` if it holds nowhere."""
    if not isinstance(condition, Value) and not np.any(condition):
        return y
    return np.where(condition, otherwise, y)


def point_inside(low: Any, high: Any) -> Any:
    """Return a number well inside a support, where formulas are finite."""
    low, high = raw(low), raw(high)
    one_sided = np.where(np.isfinite(low), low + 1.0, np.where(np.isfinite(high), high - 1.0, 0.0))
    both = np.logical_and(np.isfinite(low), np.isfinite(high))
    return normal(np.where(both, (low + high) / 2, one_sided))


class Power(NamedTuple):
    """A factor base^exponent of a density.

    Attributes:
        base: what may be 0, a function of `x`.
        exponent: the power of it.
        log: the logarithm of the factor, a function of x and the exponent.
        x: a number or array.
        neutral: the number that is `x` where the base is 1.
    """

    base: Any
    exponent: Any
    log: Callable[[Any, Any], Any]
    x: Any
    neutral: float

    def logarithm(self) -> Any:
        """Return the logarithm, infinite where the base is 0."""
        return self.log(self.exponent, self.x)

    def parted(self) -> tuple[Any, Any]:
        """Return the power where its base is 0, elsewhere 1; and its logarithm elsewhere."""
        zero = raw(self.base) == 0
        factor = np.where(zero, np.where(zero, self.base, 1.0) ** self.exponent, 1.0)
        return factor, self.log(self.exponent, np.where(zero, self.neutral, self.x))


def power(x: Any, p: Any) -> Power:
    """Return the factor x^p."""
    return Power(x, p, xlogy, x, 1.0)


def power_of_rest(x: Any, p: Any) -> Power:
    """Return the factor (1 − x)^p."""
    return Power(1 - x, p, lambda p, x: xlog1py(p, -x), x, 0.0)


def product(powers: list[Power], rest: Any) -> Any:
    """Return the product of powers and e^rest.

    Where a base is 0, its factor is a power, since its logarithm is infinite; elsewhere it is the
    exponential of the logarithm, so that no factor overflows.
    """
    factors = []
    for power in powers:
        if np.any(raw(power.base) == 0):
            factor, log = power.parted()
            factors.append(factor)
        else:
            log = power.logarithm()
        rest = rest + log
    rest = np.maximum(rest, -1e4)  # e^rest is 0 from there on, and so is its slope
    return math.prod(factors, start=np.exp(np.minimum(rest, 700.0) if factors else rest))


def applied(formula: Callable[..., Any], *args: Any) -> Any:
    """Apply a formula; where Python's floats raise an error (1/0, overflow), by NumPy's."""
    try:
        return formula(*args)
    except ArithmeticError:
        return formula(*[np.float64(x) if type(x) is float else x for x in args])


def log_of_part(part: Any, other: Any) -> Any:
    """Return the logarithm of the first of two probabilities that add up to 1."""
    small = part < 0.5
    return np.where(
        small, np.log(np.where(small, part, 1.0)), np.log1p(-np.where(small, 0.0, other))
    )


def log_or_rest(log: Any, other: Any) -> Any:
    """Return the logarithm of a probability, by the `other` one, 1 minus it, if that is less."""
    small = other < 0.5
    return np.where(small, np.log1p(-np.where(small, other, 0.0)), log)
