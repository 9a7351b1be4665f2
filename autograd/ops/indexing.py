"""Indexing of every NumPy kind, and its mirror, scattering; diagonals and triangles."""

import operator

import numpy as np

from autograd.primitive import define
from autograd.protocols import answers


def _add_at(total, g, x, index):
    """Add `g` where it was read from; entries read twice receive twice."""
    if _repeats(index):
        np.add.at(total, index, g)
    else:
        total[index] += g


def _repeats(index):
    """Whether an index may name an entry more than once: only arrays of integers do."""
    parts = index if type(index) is tuple else (index,)
    return any(
        isinstance(part, (np.ndarray, list)) and np.asarray(part).dtype != bool for part in parts
    )


def _scatter(g, index, shape):
    total = np.zeros(shape, np.result_type(g))
    _add_at(total, g, None, index)
    return total


def _samples(rng):
    x = rng.normal(size=(3, 4))
    indices = [
        1,
        (slice(None), -1),
        (Ellipsis, slice(None, None, 2)),
        (None, slice(1, 3)),
        np.array([0, 2, 0, 0]),
        (np.array([[0, 1], [2, 2]]), np.array([1, 3])),
        x > 0,
        (slice(None), np.array([True, False, True, False])),
        (1, 2),
    ]
    return [((x, index), {}) for index in indices]


getitem = define(
    "getitem",
    operator.getitem,
    vjps=(lambda g, y, x, index: scatter(g, index, x.shape),),
    add_into=_add_at,
    symbol="[·]",
    view=True,
    samples=_samples,
)
scatter = define(
    "scatter",
    _scatter,
    vjps=(lambda g, y, x, index, shape: g[index],),
    samples=lambda rng: [((rng.normal(size=4), np.array([0, 2, 0, 0]), (3,)), {})],
)


def _with_item(x, w, index):
    y = x.copy()
    y[index] = w
    return y


def _written(g, y, x, w, index):
    """What `w` receives: of entries written to the same place the last one stayed."""
    read = g[index]
    if not _repeats(index):
        return read
    turn = np.arange(read.size).reshape(read.shape)
    last = np.empty(x.shape, int)
    last[index] = turn
    return np.where(last[index] == turn, read, 0.0)


setitem = define(
    "setitem",
    _with_item,
    symbol="[·]=",
    vjps=(
        lambda g, y, x, w, index: setitem(g, 0.0, index),
        _written,
    ),
    samples=lambda rng: [
        ((rng.normal(size=3), rng.normal(size=4), np.array([0, 2, 0, 0])), {}),
        ((rng.normal(size=(3, 4)), rng.normal(size=4), 1), {}),
        ((rng.normal(size=(3, 4)), 2.0, (slice(None), slice(0, 2))), {}),
        ((rng.normal(size=(3, 4)), rng.normal(size=(3, 1)), (slice(None), np.array([0, 3]))), {}),
    ],
)


# -- diagonals and triangles -------------------------------------------------------------------


def _triangle(name, function):
    return define(
        name,
        function,
        numpy=(function,),
        vjps=(lambda g, y, x, k=0: function(g, k),),
        samples=lambda rng: [((rng.normal(size=(3, 4)),), {}), ((rng.normal(size=(3, 3)), 1), {})],
    )


tril = _triangle("tril", np.tril)
triu = _triangle("triu", np.triu)


@answers(np.diagonal)
def diagonal(a, offset=0, axis1=0, axis2=1):
    """Return the diagonals of `a`, as np.diagonal does: an indexing with two ranges."""
    a = np.moveaxis(a, (axis1, axis2), (0, 1))
    rows, columns = a.shape[:2]
    n = max(min(rows + min(offset, 0), columns - max(offset, 0)), 0)
    i = np.arange(n)
    return np.moveaxis(a[i - min(offset, 0), i + max(offset, 0)], 0, -1)


@answers(np.trace)
def trace(a, offset=0, axis1=0, axis2=1):
    """Return the sums along the diagonals of `a`, as np.trace does."""
    return np.sum(diagonal(a, offset, axis1, axis2), axis=-1)


@answers(np.diag)
def diag(v, k=0):
    """Return the diagonal of a matrix, or the matrix of a diagonal, as np.diag does."""
    if v.ndim == 2:
        return diagonal(v, k)
    n = v.shape[0] + abs(k)
    i = np.arange(v.shape[0])
    return scatter(v, (i - min(k, 0), i + max(k, 0)), (n, n))
