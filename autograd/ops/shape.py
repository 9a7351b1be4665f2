"""Ops that move entries: reshape, transpose, join, split, pad, repeat.

All are linear: each vjp moves the entries of the gradient back.
"""

from itertools import accumulate

import numpy as np

from autograd.engine.arrays import like
from autograd.engine.each import Each
from autograd.engine.primitive import define
from autograd.ops.elementwise import always


def _x(rng, *shape):
    return rng.normal(size=shape or (2, 3))


# -- the same entries in another shape -------------------------------------------------------


def _same_numbers(w, y, x, *table):
    """In a rule, leave out a mere change of shape or dtype, unless the rule itself computed it."""
    return x if w.rule_of is not None and not table else None


reshape = define(
    "reshape",
    lambda a, shape: np.reshape(a, shape),
    vjps=(lambda g, y, x, shape: np.reshape(g, np.shape(x)),),
    view=True,
    samples=lambda rng: [((_x(rng), (3, 2)), {}), ((_x(rng), -1), {})],
    written=_same_numbers,
)


def _unpermute(g, y, x, axes=None):
    if axes is None:
        return np.transpose(g)
    return np.transpose(g, tuple(np.argsort([axis % np.ndim(g) for axis in axes]).tolist()))


def _swaps(y):
    """Whether a transpose swaps rows and columns, and nothing else."""
    axes, n = y.args[1] if len(y.args) > 1 else y.params.get("axes"), y.ndim
    axes = range(n)[::-1] if axes is None else axes
    return n > 1 and tuple(axes) == (*range(n - 2), n - 1, n - 2)


transpose = define(
    "transpose",
    np.transpose,
    numpy=(np.transpose, np.permute_dims),
    symbol="ᵀ",
    vjps=(_unpermute,),
    view=True,
    samples=lambda rng: [
        ((_x(rng),), {}),
        ((_x(rng, 2, 3, 4), (2, 0, 1)), {}),
        ((_x(rng, 2, 2, 2), (0, -1, 1)), {}),
        ((_x(rng, 2, 2), (-1, 0)), {}),
    ],
    written=lambda w, y, x, *_: w.transpose(x) if _swaps(y) else None,
)
broadcast_to = define(
    "broadcast_to",
    lambda array, shape: np.broadcast_to(array, shape),
    numpy=(np.broadcast_to,),
    vjps=(lambda g, y, x, shape: g,),
    view=True,
    read_only=True,
    samples=lambda rng: [((_x(rng, 3, 1), (2, 3, 4)), {})],
    written=_same_numbers,
)
flip = define(
    "flip",
    np.flip,
    numpy=(np.flip,),
    vjps=(lambda g, y, x, axis=None: np.flip(g, axis),),
    view=True,
    samples=lambda rng: [((_x(rng),), {}), ((_x(rng),), {"axis": 1})],
)


def _unroll(g, y, x, shift, axis=None):
    back = tuple(-s for s in shift) if isinstance(shift, tuple) else -shift
    return np.roll(g, back, axis)


roll = define(
    "roll",
    np.roll,
    numpy=(np.roll,),
    vjps=(_unroll,),
    samples=lambda rng: [((_x(rng), 2), {}), ((_x(rng), (1, -1)), {"axis": (0, 1)})],
    reads=("",),
)
astype = define(
    "astype",
    lambda x, dtype, order="K": np.asarray(x, like=like(x)).astype(dtype, order),
    vjps=(lambda g, y, x, dtype, order="K": g,),
    samples=lambda rng: [((_x(rng), complex), {})],
    written=_same_numbers,
    reads=("",),
)
copy = define(
    "copy",
    lambda a, order="K": np.copy(a, order),
    vjps=(lambda g, y, x, order="K": g,),
    samples=lambda rng: [((_x(rng),), {}), ((_x(rng), "F"), {})],
    written=_same_numbers,
    reads=("",),
)


def _laid_out(a, axes):
    return np.transpose(np.copy(np.transpose(a, axes), "C"), np.argsort(axes))


laid_out = define(
    "laid_out",
    _laid_out,
    vjps=(lambda g, y, x, axes: g,),
    samples=lambda rng: [((_x(rng, 2, 3, 4), (1, 0, 2)), {})],
    written=_same_numbers,
    reads=("",),
)

full_like = define("full_like", np.full_like, vjps=None)

# -- joining -----------------------------------------------------------------------------------


def _join(*arrays, axis=0):
    return np.concatenate(arrays, axis=axis)


def _parts(places, g, y, *arrays, axis=0):
    """Return the slice of `g` that belongs to each of the arrays at these places."""
    stops = list(accumulate(a.shape[axis] for a in arrays))
    head = (slice(None),) * (axis % y.ndim)
    return [g[(*head, slice(stops[i] - arrays[i].shape[axis], stops[i]))] for i in places]


concatenate = define(
    "concatenate",
    _join,
    vjps=Each(_parts),
    samples=lambda rng: [
        ((_x(rng, 2, 3), _x(rng, 1, 3)), {}),
        ((_x(rng, 2, 3), _x(rng, 2, 1), _x(rng, 2, 2)), {"axis": -1}),
    ],
    reads=(),
)


def _stack(*arrays, axis=0):
    return np.stack(arrays, axis=axis)


def _layers(places, g, y, *arrays, axis=0):
    head = (slice(None),) * (axis % y.ndim)
    return [g[(*head, i)] for i in places]


stack = define(
    "stack",
    _stack,
    vjps=Each(_layers),
    samples=lambda rng: [((_x(rng), _x(rng)), {}), ((_x(rng), _x(rng)), {"axis": -1})],
    reads=(),
)

# -- more entries than before --------------------------------------------------------------------


def _pad(array, pad_width, **options):
    return np.pad(array, pad_width, **options)


def _unpad(g, y, x, pad_width, **options):
    widths = np.broadcast_to(np.asarray(pad_width), (x.ndim, 2)).tolist()
    return g[tuple(slice(a, a + n) for (a, _), n in zip(widths, x.shape, strict=True))]


pad = define(
    "pad",
    _pad,
    vjps=(_unpad,),
    samples=lambda rng: [((_x(rng), 1), {}), ((_x(rng), ((0, 1), (2, 0))), {"constant_values": 5})],
    reads=("",),
)


def resized(x, n, axis):
    """Return `x` with `n` entries along an axis: cut off, or padded with zeros at the end."""
    axis = axis % x.ndim
    x = x[(*[slice(None)] * axis, slice(n))]
    missing = n - x.shape[axis]
    return np.pad(x, [(0, missing if i == axis else 0) for i in range(x.ndim)]) if missing else x


def _unrepeat(g, y, x, repeats, axis=None):
    """Sum over the copies of each entry, which came from the sources 0, 0, 1, 1, …"""
    if axis is None:
        return np.reshape(_unrepeat(g, y, np.ravel(x), repeats, 0), np.shape(x))
    axis = axis % x.ndim
    source = np.repeat(np.arange(x.shape[axis]), repeats)
    counts = np.equal.outer(np.arange(x.shape[axis]), source).astype(x.dtype)
    return np.moveaxis(np.tensordot(counts, g, axes=(1, axis)), 0, axis)


repeat = define(
    "repeat",
    np.repeat,
    numpy=(np.repeat,),
    vjps=(_unrepeat,),
    selects=always,
    samples=lambda rng: [
        ((_x(rng), 2), {}),
        ((_x(rng), 3), {"axis": 0}),
        ((_x(rng), [0, 2, 1]), {"axis": -1}),
    ],
)


def _untile(g, y, x, reps):
    """Split each axis into (copies, entries) and sum over the copies."""
    reps = (reps,) if isinstance(reps, (int, np.integer)) else tuple(reps)
    ndim = max(len(reps), np.ndim(x))
    reps = (1,) * (ndim - len(reps)) + reps
    shape = (1,) * (ndim - np.ndim(x)) + np.shape(x)
    split = np.reshape(g, [n for pair in zip(reps, shape, strict=True) for n in pair])
    return np.reshape(np.sum(split, axis=tuple(range(0, 2 * ndim, 2))), np.shape(x))


tile = define(
    "tile",
    np.tile,
    numpy=(np.tile,),
    vjps=(_untile,),
    samples=lambda rng: [((_x(rng), 2), {}), ((_x(rng), (2, 1, 3)), {})],
    reads=("",),
)
