"""Linear algebra: the functions of `numpy.linalg`, for Values and lists of them too."""

from typing import Any

from numpy import linalg as _numpy
from numpy import matmul as _dot  # noqa: F401  a name of HIPS autograd's

from autograd.hips.numpy_wrapper import T  # noqa: F401  another
from autograd.numpy.namespace import differentiable

globals().update(differentiable(_numpy, __name__))

__all__ = list(_numpy.__all__)


def __getattr__(name: str) -> Any:
    return getattr(_numpy, name)
