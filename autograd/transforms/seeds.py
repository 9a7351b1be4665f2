"""What goes into a backward walk and what comes out: seeds, zeros, arrays nobody else holds."""

from __future__ import annotations

import operator
from itertools import accumulate, pairwise
from sys import getrefcount
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.composed.creation import array
from autograd.engine.arrays import Foreign, as_numpy, fit, learns
from autograd.engine.ownership import ALONE
from autograd.engine.trees import filled, leaves
from autograd.engine.value import Value, held, leaf
from autograd.ops.elementwise import positive


def entry_of(x: Value) -> Value:
    """Return a node that is equal to `x`, of the same name, to differentiate in its place."""
    entry = positive(x)
    entry.name = x.name
    return entry


def seed(value: Any, given: Any, name: str) -> Any:
    """Return what the user gave as the seed of `value`, in its dtype.

    Raises:
        ValueError: it has another shape than `value`.
    """
    if not isinstance(given, (Value, Foreign)):
        given = np.asarray(given)
    if given.shape != np.shape(value):
        raise ValueError(
            f"{name} has shape {given.shape} and needs shape {np.shape(value)}: give one number "
            "for each entry"
        )
    return fit(given, held(value)) if isinstance(value, Value) else given


def ones(y: Any) -> Any:
    """Return ones in the shape and dtype of a result or input."""
    data = held(y) if isinstance(y, Value) else y
    return 1.0 if type(data) is float else np.ones(np.shape(data), np.result_type(data))[()]


def zeros(y: Any) -> Any:
    """Return zeros in the shape and dtype of a result or input."""
    data = held(y) if isinstance(y, Value) else y
    if type(data) is float:
        return 0.0
    dtype = np.result_type(data)
    return np.zeros(np.shape(data), dtype if dtype.kind in "fc" else float)[()]


def unrelated(roots: list[Value]) -> list[Value]:
    """Return a Value for each of several results, in its form, for gradients that do not cancel.

    The sines of 1, 2, 3, … have no linear relation with algebraic coefficients (F. Lindemann, 1882;
    K. Weierstrass, 1885), so whatever a program computes from them is not 0 by chance.
    """
    stops = accumulate([root.size for root in roots], initial=1)
    return [
        leaf(fit(1.5 + np.sin(np.arange(*ends)).reshape(root.shape) / 2, held(root)))
        for root, ends in zip(roots, pairwise(stops), strict=True)
    ]


def is_float(x: Any) -> bool:
    """Whether `x` is a float or an array of floats, as most arguments are."""
    return isinstance(x, float) or (type(x) is ndarray and x.dtype.kind == "f")


def learning(y: Any) -> bool:
    """Whether a result can have a derivative: constants and booleans have none."""
    return isinstance(y, Value) and learns(held(y))


def joined_objects(result: Any) -> Any:
    """Return a result in which each array of objects that holds Values is one Value."""
    if type(result) is Value:
        return result
    found = [y for _, y in leaves(result)]
    joined = [array(y) if holds_values(y) else y for y in found]
    return result if all(map(operator.is_, joined, found)) else filled(result, iter(joined))


def holds_values(y: Any) -> bool:
    """Whether `y` is an array of objects, some of which are Values."""
    return type(y) is ndarray and y.dtype == object and any(isinstance(x, Value) for x in y.flat)


def numbers_of(y: Any) -> Any:
    """Return the numbers of a Value, as an array that the caller may change."""
    if not isinstance(y, Value):
        return y
    data = held(y.current())
    return data.copy() if type(data) is ndarray else as_numpy(data)


def unshared(g: Any, target: Value, live: bool) -> Any:
    """Return a gradient that nobody else holds; zeros where there is none."""
    if g is None:
        g = zeros(target)
    elif type(g) is ndarray and (
        g.base is not None or not g.flags.writeable or getrefcount(g) > ALONE
    ):
        g = g.copy()
    return leaf(g) if live and not isinstance(g, Value) else g
