"""Names that HIPS autograd adds to NumPy's own."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine.arrays import normal

__all__ = [
    "T",
    "make_diagonal",
    "metadata",
    "of_kind",
]


def make_diagonal(D: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """Return matrices with `D` on a diagonal, from where np.diagonal would read it.

    Args:
        D: the diagonals, of shape (..., n).
        offset: which diagonal.
        axis1, axis2: the axes of the rows and columns of the matrices in the result.

    Returns:
        an array with one more dimension.

    Example:
        >>> make_diagonal(np.array([1.0, 2.0]), axis1=-1, axis2=-2)
        array([[1., 0.],
               [0., 2.]])
    """
    n = D.shape[-1]
    rows = np.eye(n + abs(offset), n, min(offset, 0))
    columns = np.eye(n + abs(offset), n, -max(offset, 0))
    return np.moveaxis((D[..., None, :] * rows) @ columns.T, (-2, -1), (axis1, axis2))


def T(x: Any) -> Any:
    """Return the transposes of a stack of matrices, as a name of `autograd.numpy.linalg`."""
    return np.swapaxes(x, -1, -2)


def metadata(x: Any) -> tuple[tuple[int, ...], int, np.dtype, bool]:
    """Return the shape, number of dimensions and dtype of `x`, and whether it is complex."""
    return np.shape(x), np.ndim(x), np.result_type(x), np.iscomplexobj(x)


def of_kind(meta: tuple[tuple[int, ...], int, np.dtype, bool]) -> Any:
    """Return zeros with this metadata."""
    shape, _, dtype, _ = meta
    return normal(np.zeros(shape, dtype))
