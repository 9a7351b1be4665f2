"""Indexing of every NumPy kind, and its transpose, scattering; triangles of matrices."""

import operator

import numpy as np

from autograd.engine.aliases import cutouts
from autograd.engine.arrays import like
from autograd.engine.primitive import PRIMITIVES, define
from autograd.engine.windows import Window


def _add_at(total, g, x, index):
    """Add `g` to the entries that were read; those read twice receive it twice."""
    if repeats(index):
        np.add.at(total, index, g)
    else:
        total[index] += g


def repeats(index):
    """Whether an index may name an entry more than once; only arrays of integers can.

    These may be Values or arrays of JAX's, whose numbers a recorded program does not know yet.
    """
    parts = index if type(index) is tuple else (index,)
    arrays = [np.asarray(part) if isinstance(part, list) else part for part in parts]
    return any(getattr(part, "ndim", 0) > 0 and part.dtype.kind != "b" for part in arrays)


def _scatter(g, index, shape):
    total = np.zeros(shape, np.result_type(g), like=like(g))
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
    written=lambda w, y, x, *_: w.index(x, y.args[1]),
    index=1,
)
scatter = define(
    "scatter",
    _scatter,
    vjps=(lambda g, y, x, index, shape: g[index],),
    samples=lambda rng: [((rng.normal(size=4), np.array([0, 2, 0, 0]), (3,)), {})],
    written=lambda w, y, x, *_: w.at(x, y.args[1]) if w.rule_of is not None else None,
    reads=("",),
    index=1,
)


def _write(x, w, index, window=None):
    part = x if window is None else window.of(x)
    part[index] = w


def _with_item(x, w, index, window=None):
    # keeps the memory layout, so that a reshape is still a view
    y = x.copy(order="K") if window is None else window.laid_out(x)
    _write(y, w, index, window)
    return y


def _conj(g, window):
    """Return the gradient of complex numbers for a window on their real or imaginary parts.

    The gradient by x + iy is that by x, minus i times that by y; so in its conjugate, the part that
    the window shows is the gradient by that part.
    """
    return g if window.dtype is None else np.conj(g)


def _dtype(x, g, window):
    return np.result_type(g) if window.dtype is None else np.result_type(x.dtype, g)


def _written(g, y, x, w, index, window=None):
    """Return the gradient of `w`; of entries written to the same place, only the last has one."""
    part = g if window is None else part_of(_conj(g, window), window)
    read = part[index]
    if not repeats(index):
        return read
    turn = np.arange(read.size).reshape(read.shape)
    last = setitem(np.zeros(part.shape, int), turn, index)
    return np.where(last[index] == turn, read, 0.0)


def _hand_down(g, x, w, index, window=None):
    """Turn the gradient of the result into that of `x`, and return it with that of `w`."""
    if window is not None and not window.fits(g):
        g = window.laid_out(g)
    part, read = (g, g) if window is None else (window.of(g), window.of(_conj(g, window)))
    by_w = np.copy(_written(read, None, part, w, index))
    part[index] = 0.0
    return g, by_w


def _window_samples(rng):
    x = rng.normal(size=(3, 4))
    return [((x, Window.on(x, view)), {}) for view in (x[1:, ::2], x.T[::-1])]


def _add_to_window(total, g, x, window):
    if window.dtype is not None:
        total += _conj(_with_item(np.zeros_like(total), g, ..., window), window)
    elif window.fits(total):
        part = window.of(total)
        part += g
    else:
        total += _with_item(np.zeros_like(total), g, ..., window)


part_of = define(
    "part_of",
    lambda x, window: window.of(window.laid_out(x)),
    vjps=(
        lambda g, y, x, window: _conj(
            setitem(np.zeros(np.shape(x), _dtype(x, g, window)), g, ..., window), window
        ),
    ),
    add_into=_add_to_window,
    symbol="[·]",
    samples=_window_samples,
    reads=("",),
    index=1,
)
cutouts.append(PRIMITIVES[part_of.__name__])
setitem = define(
    "setitem",
    _with_item,
    symbol="[·]=",
    vjps=(
        lambda g, y, x, w, index, window=None: setitem(g, 0.0, index, window),
        _written,
    ),
    write=_write,
    hand_down=_hand_down,
    samples=lambda rng: [
        ((rng.normal(size=3), rng.normal(size=4), np.array([0, 2, 0, 0])), {}),
        ((rng.normal(size=(3, 4)), rng.normal(size=4), 1), {}),
        ((rng.normal(size=(3, 4)), 2.0, (slice(None), slice(0, 2))), {}),
        ((rng.normal(size=(3, 4)), rng.normal(size=(3, 1)), (slice(None), np.array([0, 3]))), {}),
        *[((x, 2.0, 1, window), {}) for (x, window), _ in _window_samples(rng)],
    ],
    reads=("", ""),
    index=2,
)


def _with_added(x, b, index):
    y = x.copy(order="K")
    np.add.at(y, index, b)
    return y


add_at = define(
    "add_at",
    _with_added,
    symbol="[·]+=",
    vjps=(lambda g, y, x, b, index: g, lambda g, y, x, b, index: g[index]),
    samples=lambda rng: [
        ((rng.normal(size=3), rng.normal(size=4), np.array([0, 2, 0, 0])), {}),
        ((rng.normal(size=(3, 4)), rng.normal(size=4), (np.array([1, 1]),)), {}),
    ],
    reads=("", ""),
    index=2,
)


def _pieces(indices, n):
    """Return, for each entry of all slices that begin at `indices`, its slice and its place."""
    ends = [*indices[1:], n]
    slices = [np.arange(i, max(i + 1, j)) for i, j in zip(indices, ends, strict=True)]
    return np.repeat(np.arange(len(slices)), list(map(len, slices))), np.concatenate(slices)


def _add_slices(g, y, x, indices, axis=0):
    """Give each entry the gradients of all slices that it is in."""
    of, places = _pieces(np.asarray(indices).tolist(), x.shape[axis])
    head = (slice(None),) * (axis % x.ndim)
    return scatter(g[(*head, of)], (*head, places), x.shape)


slice_sums = define(
    "slice_sums",
    lambda x, indices, axis=0: np.add.reduceat(x, indices, axis),
    vjps=(_add_slices,),
    samples=lambda rng: [
        ((rng.normal(size=5), np.array([0, 3, 1])), {}),
        ((rng.normal(size=(2, 4)), np.array([1, 0, 0])), {"axis": -1}),
    ],
)

# -- one index for each entry along an axis ------------------------------------------------------


def places(indices, shape, axis):
    """Return the index tuple of what `indices` names along an axis of an array of this shape."""
    ndim = len(shape)
    grid = [
        indices if d == axis % ndim else np.arange(n).reshape((-1,) + (1,) * (ndim - 1 - d))
        for d, n in enumerate(shape)
    ]
    return tuple(grid)


def _add_along_axis(g, indices, shape, axis):
    total = np.zeros(shape, g.dtype, like=like(g))
    once = np.shape(g)[axis] == 1 and g.size * shape[axis] == total.size
    if once and type(total) is np.ndarray:  # no place is named twice
        total[places(indices, shape, axis)] = g + 0  # as adding to 0 does, this makes 0.0 of -0.0
    else:
        np.add.at(total, places(indices, shape, axis), g)
    return total


def _sample_along(rng):
    return [
        ((rng.normal(size=(3, 4)), rng.integers(0, 3, (2, 4)), 0), {}),
        ((rng.normal(size=(3, 4)), np.array([[0], [-1], [2]]), -1), {}),
        ((rng.normal(size=(2, 4)), np.array([[0, 1, 1]]), 1), {}),
    ]


take_along_axis = define(
    "take_along_axis",
    np.take_along_axis,
    vjps=(lambda g, y, x, indices, axis: add_along_axis(g, indices, np.shape(x), axis),),
    samples=_sample_along,
    reads=("",),
    index=1,
)
add_along_axis = define(
    "add_along_axis",
    _add_along_axis,
    vjps=(lambda g, y, x, indices, shape, axis: take_along_axis(g, indices, axis),),
    samples=lambda rng: [((rng.normal(size=(2, 4)), rng.integers(0, 3, (2, 4)), (3, 4), 0), {})],
    reads=("",),
    index=1,
)

# -- windows, diagonals and triangles ----------------------------------------------------------


def _add_windows(g, y, x, window_shape, axis=None):
    """Add each entry of the windows to the entry that it shows."""
    places = np.lib.stride_tricks.sliding_window_view(
        np.arange(x.size).reshape(x.shape), window_shape, axis
    )
    return np.reshape(scatter(np.reshape(g, (-1,)), places.ravel(), (x.size,)), x.shape)


def _windows(name, read_only):
    return define(
        name,
        lambda x, window_shape, axis=None: np.lib.stride_tricks.sliding_window_view(
            x, window_shape, axis, writeable=not read_only
        ),
        vjps=(_add_windows,),
        view=True,
        read_only=read_only,
        samples=lambda rng: [
            ((rng.normal(size=(3, 4)), 2, 1), {}),
            ((rng.normal(size=(3, 4)), (2, 2)), {}),
        ],
    )


windows = _windows("windows", read_only=True)
writable_windows = _windows("writable windows", read_only=False)


def _on_diagonal(g, shape, offset=0, axis1=0, axis2=1):
    total = np.zeros(shape, np.result_type(g))
    diagonal_of = np.diagonal(total, offset, axis1, axis2)
    diagonal_of.setflags(write=True)
    diagonal_of[...] = g
    return total


on_diagonal = define(
    "on_diagonal",
    _on_diagonal,
    vjps=(lambda g, y, x, shape, offset=0, axis1=0, axis2=1: np.diagonal(g, offset, axis1, axis2),),
    samples=lambda rng: [
        ((rng.normal(size=2), (3, 2)), {}),
        ((rng.normal(size=(2, 3)), (3, 2, 4), 1, 0, 2), {}),
    ],
)
diagonal = define(
    "diagonal",
    np.diagonal,
    vjps=(
        lambda g, y, x, offset=0, axis1=0, axis2=1: on_diagonal(
            g, np.shape(x), offset, axis1, axis2
        ),
    ),
    numpy=(np.diagonal,),
    view=True,
    read_only=True,
    samples=lambda rng: [
        ((rng.normal(size=(3, 2)),), {}),
        ((rng.normal(size=(3, 2, 4)), 1, -1, 0), {}),
    ],
)


def _triangle(name, function):
    return define(
        name,
        function,
        numpy=(function,),
        vjps=(lambda g, y, x, k=0: function(g, k),),
        reads=("",),
        samples=lambda rng: [((rng.normal(size=(3, 4)),), {}), ((rng.normal(size=(3, 3)), 1), {})],
    )


tril = _triangle("tril", np.tril)
triu = _triangle("triu", np.triu)
