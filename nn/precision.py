"""Numbers of a higher precision than the weights, which would make all that follows as slow."""

from __future__ import annotations

import os
import sys
import warnings
from typing import Any
from weakref import WeakSet

import numpy as np

import autograd

OURS = tuple(  # nn/ and autograd/
    os.path.join(os.path.dirname(os.path.abspath(path)), "")
    for path in (__file__, autograd.__file__)
)
told: WeakSet[Any] = WeakSet()


def warn_if_wider(module: Any, x: Any, weights: Any) -> None:
    """Warn, once for each module, that plain numbers turn its results into a wider dtype."""
    dtype = weights.dtype
    if not isinstance(x, np.ndarray) or x.dtype == dtype or dtype.kind != "f":
        return
    wide = np.result_type(x.dtype, dtype)
    if wide.kind != "f" or wide == dtype or module in told:
        return
    told.add(module)
    warnings.warn(
        f"a {type(module).__name__} of {dtype} is given {x.dtype}, so all that follows is computed "
        f"in {wide}, which is slower: write x.astype(np.{dtype})",
        stacklevel=depth(),
    )


def depth() -> int:
    """Return the `stacklevel` of the first line above that is not ours."""
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None and frame.f_code.co_filename.startswith(OURS):
        frame, level = frame.f_back, level + 1
    return level
