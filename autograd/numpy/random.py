"""NumPy's random numbers. They are constants, so this is `numpy.random` itself."""

from typing import Any

from numpy import random as _numpy

__all__ = list(_numpy.__all__)


def __getattr__(name: str) -> Any:
    return getattr(_numpy, name)
