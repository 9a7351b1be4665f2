"""NumPy's functions that write into an array: in a Value they assign, and gradients stay right."""

import numpy as np

from autograd.composed import sorting
from autograd.composed.creation import array
from autograd.composed.indexing import within
from autograd.composed.inplace import assign, change
from autograd.composed.methods import give
from autograd.engine.dispatch import answers
from autograd.engine.value import Value
from autograd.ops import indexing
from autograd.ops.plain import raw


def _assign(target, index, new):
    """Do `target[index] = new`; for a Value this becomes part of its history."""
    if not isinstance(target, Value):
        raise TypeError(
            "a Value cannot be written into a plain array: the gradient would be lost; make the "
            "array a Value first, v = autograd.Value(a), and write into v"
        )
    assign(target, index, new)


@answers(np.put)
def put(a, ind, v, mode="raise"):
    """Write numbers to positions in the flattened array, as np.put does."""
    if a.size and not np.size(raw(array(v))):
        ind, v = [], 0  # as NumPy, which has nothing to write then
    ind = np.ravel(within(ind, a.size, mode))
    if np.any((ind < -a.size) | (ind >= a.size)):
        raise IndexError(
            f"np.put writes to positions from {-a.size} to {a.size - 1}; give mode='wrap' or 'clip'"
        )
    _assign(a, np.unravel_index(ind % max(a.size, 1), a.shape), _repeated(v, ind.size))


def _repeated(v, n):
    """Return n numbers: those of `v`, repeated from the start as often as necessary."""
    v = np.ravel(array(v))
    return v[np.arange(n) % v.size]


@answers(np.place)
def place(arr, mask, vals):
    """Write numbers, one after another, where a mask holds, as np.place does."""
    mask = np.reshape(np.asarray(raw(array(mask)), dtype=bool), arr.shape)
    _assign(arr, mask, _repeated(vals, int(mask.sum())))


@answers(np.putmask)
def putmask(a, /, mask, values):
    """Write the number at the same position of `values` where a mask holds, as np.putmask does."""
    mask = np.reshape(np.asarray(raw(array(mask)), dtype=bool), a.shape)
    if hasattr(values, "dtype") and not np.can_cast(values.dtype, a.dtype):
        raise TypeError(
            f"np.putmask does not round {values.dtype} to {a.dtype}; convert the values first, "
            "with values.astype"
        )
    if np.size(raw(array(values))):
        _assign(a, mask, np.reshape(_repeated(values, a.size), a.shape)[mask])
    else:
        _assign(a, np.zeros(a.shape, dtype=bool), 0)


@answers(np.put_along_axis)
def put_along_axis(arr, indices, values, axis):
    """Write numbers to positions along an axis, one per entry, as np.put_along_axis does."""
    if axis is None:
        put(arr, indices, values)
    else:
        _assign(arr, indexing.places(raw(array(indices)), arr.shape, axis), array(values))


@answers(np.copyto)
def copyto(dst, src, casting="same_kind", where=True):
    """Write one array into another, as np.copyto does."""
    src = array(src)
    if not np.can_cast(src.dtype, dst.dtype, casting):
        raise TypeError(
            f"np.copyto cannot write {src.dtype} into {dst.dtype} with casting={casting!r}; "
            "convert it first, or give casting='unsafe'"
        )
    if where is True:
        _assign(dst, ..., src)
    else:
        where = np.broadcast_to(raw(array(where)), dst.shape)
        _assign(dst, where, np.broadcast_to(src, dst.shape)[where])


@answers(np.fill_diagonal)
def fill_diagonal(a, val, wrap=False):
    """Write numbers, one after another, to the main diagonal, as np.fill_diagonal does."""
    on_diagonal = np.zeros(a.shape, dtype=bool)
    np.fill_diagonal(on_diagonal, True, wrap)
    put(a, np.flatnonzero(on_diagonal), val)


@answers((np.add, "at"))
def add_at(a, indices, b):
    """Add numbers to the entries at an index, repeated ones repeatedly, as np.add.at does."""
    if not isinstance(a, Value):
        _assign(a, indices, b)
    indices = np.array([], int) if isinstance(indices, list) and not indices else indices
    change(a, lambda old: indexing.add_at(old, array(b), indices))


@answers((np.subtract, "at"))
def subtract_at(a, indices, b):
    """Subtract numbers from the entries at an index, as np.subtract.at does."""
    add_at(a, indices, -array(b))


# -- methods -------------------------------------------------------------------------------------


def _sort(self, axis=-1, kind=None, *, stable=None):
    """Sort in place along an axis, as ndarray.sort does."""
    change(self, lambda old: sorting.sort(old, axis))


def _partition(self, kth, axis=-1, kind="introselect"):
    """Partition in place along an axis, as ndarray.partition does."""
    change(self, lambda old: sorting.partition(old, kth, axis))


give(put=put, sort=_sort, partition=_partition)
