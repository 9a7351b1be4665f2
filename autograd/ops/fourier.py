"""Fourier transforms along one axis. All are linear: each rule is the transposed transform."""

import numpy as np

from autograd.engine.primitive import define
from autograd.ops.shape import resized

SWAPPED = {None: "forward", "backward": "forward", "ortho": "ortho", "forward": "backward"}


def _complex_vjp(function):
    """Return the rule of a transform that is its own transpose, since its matrix is symmetric."""

    def rule(g, y, x, n=None, axis=-1, norm=None):
        return resized(function(g, axis=axis, norm=norm), x.shape[axis], axis)

    return rule


def _times(n, x, axis):
    """Return how often each of the n // 2 + 1 entries of a real transform occurs in a full one.

    Each entry stands for its conjugate too, except for the first and, if n is even, the last.
    """
    times = np.full(n // 2 + 1, 2.0, np.real(x).dtype)
    times[0] = 1.0
    if n % 2 == 0:
        times[-1] = 1.0
    return np.reshape(times, [-1 if i == axis % x.ndim else 1 for i in range(x.ndim)])


def _rfft_vjp(g, y, x, n=None, axis=-1, norm=None):
    n = x.shape[axis] if n is None else n
    back = np.fft.irfft(np.conj(g) / _times(n, x, axis), n, axis, SWAPPED[norm])
    return resized(back, x.shape[axis], axis)


def _irfft_vjp(g, y, x, n=None, axis=-1, norm=None):
    n = y.shape[axis]
    back = np.conj(np.fft.rfft(g, n, axis, SWAPPED[norm])) * _times(n, x, axis)
    return resized(back, x.shape[axis], axis)


def _samples(rng):
    return [
        ((rng.normal(size=(3, 4)),), {}),
        ((rng.normal(size=(3, 4)),), {"n": 5, "norm": "ortho"}),
        ((rng.normal(size=(3, 4)),), {"n": 9, "axis": 0, "norm": "forward"}),
    ]


def _row(name, vjp):
    function = getattr(np.fft, name)
    return define(
        name,
        lambda a, n=None, axis=-1, norm=None: function(a, n, axis, norm),
        numpy=(function,),
        vjps=(vjp,),
        samples=_samples,
    )


fft = _row("fft", _complex_vjp(np.fft.fft))
ifft = _row("ifft", _complex_vjp(np.fft.ifft))
rfft = _row("rfft", _rfft_vjp)
irfft = _row("irfft", _irfft_vjp)
