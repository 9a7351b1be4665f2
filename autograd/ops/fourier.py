"""Fourier transforms.  All are linear, so each rule is the transform turned round.

Four ops along one axis have rules; the others are made of them.
"""

import numpy as np

from autograd.engine.dispatch import answers
from autograd.engine.primitive import define
from autograd.ops.shape import resized

SWAPPED = {None: "forward", "backward": "forward", "ortho": "ortho", "forward": "backward"}


# -- along one axis ----------------------------------------------------------------------------


def _complex_vjp(function):
    """The matrix of a Fourier transform is symmetric: its transpose is itself."""

    def rule(g, y, x, n=None, axis=-1, norm=None):
        return resized(function(g, axis=axis, norm=norm), x.shape[axis], axis)

    return rule


def _times(n, x, axis):
    """Return how often each of the n // 2 + 1 entries of a real transform stands in a full one.

    An entry stands for its conjugate as well, but for the first and, of an even n, the last.
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


@answers(np.fft.hfft)
def hfft(a, n=None, axis=-1, norm=None):
    """Return the real transform of a signal that is its own mirror image conjugated."""
    return irfft(np.conj(a), n=n, axis=axis, norm=SWAPPED[norm])


@answers(np.fft.ihfft)
def ihfft(a, n=None, axis=-1, norm=None):
    """Return the inverse of `hfft`, as np.fft.ihfft does."""
    return np.conj(rfft(a, n=n, axis=axis, norm=SWAPPED[norm]))


# -- along several axes ------------------------------------------------------------------------


def _along_axes(name, last, others, axes):
    """Make a transform of several axes of one along the last of them and one along the others."""

    @answers(getattr(np.fft, name))
    def transform(a, s=None, axes=axes, norm=None):
        if axes is None:
            axes = range(-a.ndim if s is None else -len(s), 0)
        axes = tuple(axes)
        sizes = [None] * len(axes) if s is None else list(s)
        if len(sizes) != len(axes):
            raise ValueError(f"{len(sizes)} sizes s for {len(axes)} axes; give one for each")
        steps = [(others, *step) for step in zip(axes, sizes, strict=True)]
        if steps:
            steps[-1] = (last, *steps[-1][1:])
        for along, axis, n in steps if last is irfft else reversed(steps):
            a = along(a, n=a.shape[axis] if n == -1 else n, axis=axis, norm=norm)
        return a

    transform.__name__ = name
    transform.__doc__ = f"Return `a` transformed along several axes, as np.fft.{name} does."
    return transform


fft2, ifft2, rfft2, irfft2, fftn, ifftn, rfftn, irfftn = (
    _along_axes(name + dimensions, last, others, axes)
    for dimensions, axes in (("2", (-2, -1)), ("n", None))
    for name, last, others in (
        ("fft", fft, fft),
        ("ifft", ifft, ifft),
        ("rfft", rfft, fft),
        ("irfft", irfft, ifft),
    )
)

# -- the zero frequency in the middle ----------------------------------------------------------


def _rolled(x, axes, direction):
    axes = range(x.ndim) if axes is None else np.atleast_1d(axes).tolist()
    shift = tuple(x.shape[i] // 2 if direction > 0 else -(x.shape[i] // 2) for i in axes)
    return np.roll(x, shift, tuple(axes))


@answers(np.fft.fftshift)
def fftshift(x, axes=None):
    """Return `x` with the zero frequency moved to the middle of its axes."""
    return _rolled(x, axes, 1)


@answers(np.fft.ifftshift)
def ifftshift(x, axes=None):
    """Return `x` with the zero frequency moved from the middle of its axes to their start."""
    return _rolled(x, axes, -1)
