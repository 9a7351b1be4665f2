"""Fourier transforms along several axes, and of mirror images, composed of those along one axis."""

import numpy as np

from autograd.engine.dispatch import answers
from autograd.ops.fourier import SWAPPED, fft, ifft, irfft, rfft


@answers(np.fft.hfft)
def hfft(a, n=None, axis=-1, norm=None):
    """Return the real transform of a signal whose mirror image is its conjugate."""
    return irfft(np.conj(a), n=n, axis=axis, norm=SWAPPED[norm])


@answers(np.fft.ihfft)
def ihfft(a, n=None, axis=-1, norm=None):
    """Return the inverse of `hfft`, as np.fft.ihfft does."""
    return np.conj(rfft(a, n=n, axis=axis, norm=SWAPPED[norm]))


# -- along several axes --------------------------------------------------------------------------


def _along_axes(name, last, others, axes):
    """Make a transform along several axes from one for the last axis and one for the others."""

    @answers(getattr(np.fft, name))
    def transform(a, s=None, axes=axes, norm=None):
        if axes is None:
            axes = range(-a.ndim if s is None else -len(s), 0)
        axes = tuple(axes)
        sizes = [None] * len(axes) if s is None else list(s)
        if len(sizes) != len(axes):
            raise ValueError(f"{len(sizes)} sizes s for {len(axes)} axes; give one for each axis")
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

# -- the zero frequency in the middle ------------------------------------------------------------


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
    """Return `x` with the zero frequency moved back from the middle of its axes to the start."""
    return _rolled(x, axes, -1)
