"""Functions made of ops: they need no rule of their own."""

from itertools import pairwise

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.engine.dispatch import answers
from autograd.engine.value import Value
from autograd.ops.elementwise import clip as bounded
from autograd.ops.elementwise import exp
from autograd.ops.plain import raw
from autograd.ops.reduce import logsumexp
from autograd.ops.shape import broadcast_to, join, pile, reshape, transpose

# -- lists of Values ---------------------------------------------------------------------------


def array(items):
    """Return a nested list of numbers and Values as one array, or one Value if any is inside.

    Args:
        items: a number, an array, a Value, or a (nested) list or tuple of those.

    Returns:
        a Value whose gradient flows to the Values inside, or a plain array if there are none.

    Example:
        >>> x = Value(2.0)
        >>> array([x, 1.0, x * x])
        Value([2., 1., 4.])
    """
    if not isinstance(items, (list, tuple)):
        return items if isinstance(items, Value) else np.asarray(items)
    parts = [array(item) for item in items]
    if any(isinstance(part, Value) for part in parts):
        return pile(*[_dimensioned(part) for part in parts])
    return np.array(items)


def _dimensioned(x):
    return np.asarray(x) if isinstance(x, (int, float, list, tuple)) else x


def _in_dtype(arrays, dtype, casting):
    """The arrays in a list as arrays or Values, of the wished dtype if one is given."""
    parts = [array(part) for part in arrays]
    return parts if dtype is None else [part.astype(dtype, casting=casting) for part in parts]


@answers(np.concatenate)
def concatenate(arrays, axis=0, *, dtype=None, casting="same_kind"):
    """Return the arrays joined along an axis, as np.concatenate does."""
    parts = _in_dtype(arrays, dtype, casting)
    if axis is None:
        return join(*[ravel(part) for part in parts])
    return join(*parts, axis=axis)


@answers(np.stack)
def stack(arrays, axis=0, *, dtype=None, casting="same_kind"):
    """Return the arrays joined along a new axis, as np.stack does."""
    return pile(*_in_dtype(arrays, dtype, casting), axis=axis)


@answers(np.vstack)
def vstack(tup, *, dtype=None, casting="same_kind"):
    """Return the arrays one below the other, as np.vstack does."""
    return concatenate([atleast_2d(part) for part in tup], dtype=dtype, casting=casting)


@answers(np.hstack)
def hstack(tup, *, dtype=None, casting="same_kind"):
    """Return the arrays side by side, as np.hstack does."""
    parts = [atleast_1d(part) for part in tup]
    axis = 0 if parts[0].ndim == 1 else 1
    return concatenate(parts, axis, dtype=dtype, casting=casting)


@answers(np.split)
def split(a, sections, axis=0):
    """Return the parts of `a` along an axis, as np.split does.

    Raises:
        ValueError: a number of sections does not divide the axis.
    """
    if isinstance(sections, (int, np.integer)) and a.shape[axis] % sections:
        raise ValueError(
            f"an axis of {a.shape[axis]} cannot be split into {sections} equal parts; "
            "use np.array_split or give the places to cut at"
        )
    return array_split(a, sections, axis)


@answers(np.array_split)
def array_split(a, sections, axis=0):
    """Return the parts of `a` along an axis, as equal as can be, as np.array_split does."""
    n = a.shape[axis]
    if isinstance(sections, (int, np.integer)):
        cuts = np.cumsum([0, *map(len, np.array_split(np.empty(n), sections))]).tolist()
    else:
        cuts = [0, *sections, n]
    head = (slice(None),) * (axis % a.ndim)
    return [a[(*head, slice(start, stop))] for start, stop in pairwise(cuts)]


# -- shapes ------------------------------------------------------------------------------------


def _columns_first(a, order):
    """Whether `order` reads the entries of `a` with the first index changing fastest."""
    if order in ("C", "F"):
        return order == "F"
    if order != "A":
        raise ValueError(f"order is 'C', 'F' or 'A', not {order!r}")
    flags = np.asarray(raw(a)).flags
    return flags.f_contiguous and not flags.c_contiguous


@answers(np.ravel)
def ravel(a, order="C"):
    """Return all entries in one axis, as np.ravel does."""
    if order == "K":  # as they lie in memory
        strides = np.asarray(raw(a)).strides
        a, order = transpose(a, np.argsort(np.negative(np.abs(strides)), kind="stable")), "C"
    return np_reshape(a, (-1,), order)


@answers(np.reshape)
def np_reshape(a, shape, order="C", *, copy=None):
    """Return the entries in another shape, as np.reshape does."""
    if _columns_first(a, order):
        # reversing the axes before and after makes the first index the one that changes fastest
        backwards = shape[::-1] if isinstance(shape, (tuple, list)) else shape
        y = transpose(reshape(transpose(a), backwards))
    else:
        y = reshape(a, shape)
    return np.copy(y) if copy else y


@answers(np.squeeze)
def squeeze(a, axis=None):
    """Return `a` without its axes of length one, or without those in `axis`."""
    return reshape(a, np.squeeze(np.empty(a.shape), axis).shape)


@answers(np.expand_dims)
def expand_dims(a, axis):
    """Return `a` with axes of length one put in, as np.expand_dims does."""
    return reshape(a, np.expand_dims(np.broadcast_to(0.0, a.shape), axis).shape)


@answers(np.moveaxis)
def moveaxis(a, source, destination):
    """Return `a` with axes moved to new places, as np.moveaxis does."""
    # NumPy moves an array whose axes have the lengths 0, 1, 2, …: where each comes to stand
    moved = np.moveaxis(np.broadcast_to(0.0, range(a.ndim)), source, destination)
    return transpose(a, moved.shape)


@answers(np.swapaxes)
def swapaxes(a, axis1, axis2):
    """Return `a` with two axes exchanged."""
    first, second = normalize_axis_index(axis1, a.ndim), normalize_axis_index(axis2, a.ndim)
    axes = list(range(a.ndim))
    axes[first], axes[second] = second, first
    return transpose(a, tuple(axes))


def _each(function):
    """Let a function of one array take several, and give a tuple of as many."""

    def of_each(*arys):
        results = tuple(function(array(a)) for a in arys)
        return results[0] if len(arys) == 1 else results

    return of_each


@answers(np.atleast_1d)
@_each
def atleast_1d(a):
    """Return `a`, a scalar as an array of one entry."""
    return a if a.ndim else reshape(a, (1,))


@answers(np.atleast_2d)
@_each
def atleast_2d(a):
    """Return `a` with leading axes of length one up to two."""
    return a if a.ndim >= 2 else reshape(a, (1, a.size))


@answers(np.atleast_3d)
@_each
def atleast_3d(a):
    """Return `a` with axes of length one up to three, as np.atleast_3d does."""
    return a if a.ndim >= 3 else reshape(a, np.atleast_3d(np.broadcast_to(0.0, a.shape)).shape)


@answers(np.broadcast_arrays)
def broadcast_arrays(*arrays):
    """Return all arrays broadcast to their common shape."""
    shape = np.broadcast_shapes(*[np.shape(a) for a in map(array, arrays)])
    return tuple(broadcast_to(a, shape) for a in map(array, arrays))


@answers(np.clip)
def clip(a, a_min=None, a_max=None, *, min=None, max=None):
    """Return `a` kept between two bounds, either of which may be None, as np.clip does."""
    return bounded(a, min if a_min is None else a_min, max if a_max is None else a_max)


# -- softmax -------------------------------------------------------------------------------------


def log_softmax(x, axis=-1):
    """Return the logarithm of softmax, x − logsumexp(x): finite where softmax underflows.

    Args:
        x: logits, a Value or array.
        axis: the axis whose entries are the classes.

    Example:
        >>> log_softmax(np.array([1000.0, 0.0]))
        array([    0., -1000.])
    """
    return x - logsumexp(x, axis=axis, keepdims=True)


def softmax(x, axis=-1):
    """Return e^x / Σ e^x along an axis: positive numbers that add up to 1.

    Args:
        x: logits, a Value or array.
        axis: the axis to sum over.

    Example:
        >>> softmax(np.array([1000.0, 1000.0]))
        array([0.5, 0.5])
    """
    return exp(log_softmax(x, axis))


@answers(np.matrix_transpose, np.linalg.matrix_transpose)
def matrix_transpose(x):
    """Return `x` with its last two axes exchanged, as np.matrix_transpose does."""
    return swapaxes(x, -1, -2)
