"""Sorting along an axis: each entry of the result is one of the argument, and so is its gradient.

Of two equal entries the first ranks lower, whatever sorting method is chosen.
"""

import numpy as np

from autograd.engine.primitive import define
from autograd.ops.indexing import add_along_axis

# These have no derivative; as ops, they let a graph with a sort in it be run on new numbers.
_order = define("argsort", lambda a, axis: np.argsort(a, axis, stable=True), vjps=None)
_order_around = define(
    "argpartition", lambda a, kth, axis: np.argpartition(a, kth, axis), vjps=None
)
sort = define(
    "sort",
    lambda a, axis: np.sort(a, axis),
    vjps=(lambda g, y, x, axis: add_along_axis(g, _order(x, axis), x.shape, axis),),
    samples=lambda rng: [((rng.normal(size=(3, 4)), 0), {}), ((rng.normal(size=5), -1), {})],
)
partition = define(
    "partition",
    # np.partition may order the entries around the kth differently from np.argpartition
    lambda a, kth, axis: np.take_along_axis(a, np.argpartition(a, kth, axis), axis),
    vjps=(
        lambda g, y, x, kth, axis: add_along_axis(g, _order_around(x, kth, axis), x.shape, axis),
    ),
    samples=lambda rng: [((rng.normal(size=(3, 5)), 2, 1), {})],
)

# -- running extremes ----------------------------------------------------------------------------


def _latest_extreme(x, y, axis):
    """Return where each running extreme came from: the last of equal entries, or the last NaN."""
    places = np.arange(x.shape[axis]).reshape([-1] + [1] * (x.ndim - 1 - axis % x.ndim))
    return np.maximum.accumulate(np.where((x == y) | np.isnan(x), places, 0), axis)


_source = define("source", _latest_extreme, vjps=None)


def _running(ufunc):
    return define(
        f"running {ufunc.__name__}",
        lambda a, axis: ufunc.accumulate(a, axis),
        vjps=(lambda g, y, x, axis: add_along_axis(g, _source(x, y, axis), x.shape, axis),),
        samples=lambda rng: [((rng.normal(size=(3, 4)), 1), {}), ((rng.normal(size=5), 0), {})],
    )


running_maximum = _running(np.maximum)
running_minimum = _running(np.minimum)
