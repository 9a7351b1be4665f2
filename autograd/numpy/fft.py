"""Fourier transforms: the functions of `numpy.fft`, for Values and lists of them too."""

from typing import Any

from numpy import fft as _numpy

from autograd.numpy.namespace import differentiable

globals().update(differentiable(_numpy, __name__))

__all__ = list(_numpy.__all__)


def __getattr__(name: str) -> Any:
    return getattr(_numpy, name)
