"""scipy.signal: convolution over any axes and sums of products over others, as one bilinear op."""

import math

import numpy as np
import scipy.signal as sp
from numpy.lib.stride_tricks import sliding_window_view

from autograd.composed.creation import array
from autograd.engine.primitive import define
from autograd.scipy import others

__getattr__ = others(sp)

# -- the row: y[i, j, x] = Σ a[i, d, x + k] b[j, d, k] over d and k, wherever b lies inside a -----


def _over(x):
    """Return the axes to slide over."""
    return tuple(range(2, x.ndim))


def _slide(a, b):
    if a.shape[:2] == (1, 1) == b.shape[:2] and a.ndim > 2:  # by FFT where SciPy finds it faster
        return sp.convolve(a[0, 0], np.flip(b[0, 0]), mode="valid")[None, None]
    places = _over(a)
    windows = sliding_window_view(a, b.shape[2:], axis=places) if places else a
    inside = tuple(range(a.ndim, windows.ndim))
    return np.moveaxis(np.tensordot(windows, b, axes=((1, *inside), (1, *places))), -1, 1)


def _swap(x):
    return np.swapaxes(x, 0, 1)


def _padded(a, widths):
    return np.pad(a, ((0, 0), (0, 0), *widths))


def _slide_by_signal(g, y, a, b):
    return slide(_padded(g, [(n - 1, n - 1) for n in b.shape[2:]]), _swap(np.flip(b, _over(b))))


def _slide_by_filter(g, y, a, b):
    return _swap(slide(_swap(a), _swap(g)))


slide = define(
    "slide",
    _slide,
    vjps=(_slide_by_signal, _slide_by_filter),
    samples=lambda rng: [
        ((rng.normal(size=a), rng.normal(size=b)), {})
        for a, b in [
            ((2, 3, 5, 4), (4, 3, 2, 3)),
            ((1, 1, 6), (1, 1, 3)),
            ((1, 1, 3, 3), (1, 1, 3, 2)),
            ((2, 3), (4, 3)),
        ]
    ],
)


def convolve(A, B, axes=None, dot_axes=((), ()), mode="full", method="auto"):
    """Return the convolution of two arrays, over all axes or over those in `axes`.

    The axes of the result are those of `A` in neither list, then those of `B`, then the convolved
    ones. SciPy's `convolve(a, b, "same")` works too.

    Args:
        A, B: arrays or Values.
        axes: two lists, which axes of `A` are convolved with which of `B`; None for all.
        dot_axes: two lists, which axes of `A` are multiplied and summed with which of `B`.
        mode: "full" for all places where the two overlap; "valid" for those where one lies inside
            the other; "same" for the middle of "full", in the size of `A`.
        method: for SciPy's signature; the faster method is always used.

    Raises:
        ValueError: the mode is none of these, or "valid" and neither fits inside the other.

    Example:
        >>> convolve(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0]))
        array([1., 3., 5., 3.])
    """
    if isinstance(axes, str):
        mode, axes, dot_axes = axes, None, ((), ())
    if mode not in ("full", "valid", "same"):
        raise ValueError(f"mode should be 'full', 'valid' or 'same', not {mode!r}")
    A, B = array(A), array(B)
    if axes is None:
        if A.ndim != B.ndim:
            raise ValueError(
                f"write axes=([…], […]) to convolve arrays of shapes {A.shape} and {B.shape}, "
                "which differ in dimension"
            )
        axes = (range(A.ndim), range(B.ndim))
    a, free_a = _arranged(A, axes[0], dot_axes[0])
    b, free_b = _arranged(B, axes[1], dot_axes[1])
    y = _convolve(a, b, mode)
    return np.reshape(y, (*free_a, *free_b, *y.shape[2:]))


def _arranged(x, over, summed):
    """Return `x` as (free, summed, *over), and the lengths of its free axes."""
    over, summed = ([i % x.ndim for i in axes] for axes in (over, summed))
    free = [i for i in range(x.ndim) if i not in (*over, *summed)]
    sizes = [[x.shape[i] for i in axes] for axes in (free, summed, over)]
    moved = np.transpose(x, (*free, *summed, *over))
    return np.reshape(moved, (math.prod(sizes[0]), math.prod(sizes[1]), *sizes[2])), sizes[0]


def _convolve(a, b, mode):
    m, n = a.shape[2:], b.shape[2:]
    if mode == "full":
        if math.prod(n) > math.prod(m):  # the smaller one slides
            return _swap(_convolve(b, a, mode))
        a = _padded(a, [(k - 1, k - 1) for k in n])
    elif mode == "same":
        a = _padded(a, [(k // 2, (k - 1) // 2) for k in n])
    elif any(k > size for k, size in zip(n, m, strict=True)):
        if any(k < size for k, size in zip(n, m, strict=True)):
            raise ValueError(
                f"mode='valid' needs one array to fit inside the other, not shapes {m} and {n}"
            )
        return _swap(_convolve(b, a, mode))
    return slide(a, np.flip(b, _over(b)))


def correlate(in1, in2, mode="full", method="auto"):
    """Return the cross-correlation of two arrays, as in scipy.signal."""
    return convolve(in1, np.conj(np.flip(array(in2))), mode=mode)
