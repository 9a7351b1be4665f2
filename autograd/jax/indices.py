"""Indices of JAX's arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.jax.names import jax_itself


def arrays_for_lists(index: Any) -> Any:
    """Return an index with arrays in place of lists, which JAX does not take."""
    if isinstance(index, tuple):
        return tuple([arrays_for_lists(part) for part in index])
    return jax_itself().numpy.asarray(index) if isinstance(index, list) else index


def is_view(index: Any) -> bool:
    """Whether NumPy would return a view for an index."""
    parts = index if isinstance(index, tuple) else (index,)
    return all(
        part is None or part is Ellipsis or isinstance(part, (int, np.integer, slice))
        for part in parts
    )
