"""The arguments of distributions: make them floats, compare them, choose between them."""

import math
from typing import Any

import numpy as np

from autograd.composed.creation import array
from autograd.engine.arrays import normal
from autograd.engine.value import Value
from autograd.ops.plain import raw

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
