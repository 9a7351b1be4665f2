"""Linear equations, least squares, and generalised inverses."""

import numpy as np

from autograd.composed.linalg.decompositions import from_lower, svdvals
from autograd.engine.dispatch import answers
from autograd.ops import inverses as rows
from autograd.ops.packed import numbers


@answers(np.linalg.solve)
def solve(a, b):
    """Return the x of a @ x = b, as np.linalg.solve does.

    Args:
        a: square matrices, (…, n, n).
        b: a vector, (n,), or matrices, (…, n, k).

    Raises:
        LinAlgError: a matrix is singular.
        ValueError: `b` does not fit; a stack of vectors has to be b[..., None].

    Example:
        >>> from autograd import Value
        >>> np.linalg.solve(Value([[2.0, 0.0], [0.0, 4.0]]), np.array([1.0, 1.0]))
        Value([0.5 , 0.25])
    """
    matrices, columns = np.shape(a), np.shape(b)
    if len(columns) == 1:
        return rows.solve(a, np.expand_dims(b, -1))[..., 0]
    if len(columns) > 1 and columns[-2] != matrices[-1] == columns[-1]:
        raise ValueError(
            f"np.linalg.solve of matrices of shape {matrices} takes b as a single vector or as "
            f"matrices, not of shape {columns}; for a stack of vectors write "
            "np.linalg.solve(a, b[..., None])[..., 0]"
        )
    return rows.solve(a, b)


@answers(np.linalg.pinv)
def pinv(a, rcond=None, hermitian=False, **cutoff):
    """Return the pseudo-inverses of matrices, as np.linalg.pinv does.

    The derivative is the one among matrices of the same rank (Golub and Pereyra, 1973).

    Args:
        a: matrices, (…, m, n).
        rcond: singular values below this times the largest count as zero.
        hermitian: `a` is Hermitian, and its lower triangle is read.
        **cutoff: `rtol`, another name for `rcond`.

    Returns:
        matrices, (…, n, m).
    """
    if rcond is not None:
        cutoff["rcond"] = rcond
    if hermitian:
        a = from_lower(a)
    return rows.pinv(a, **cutoff)


@answers(np.linalg.lstsq)
def lstsq(a, b, rcond=None):
    """Return the least-squares solution of a @ x = b, as np.linalg.lstsq does.

    Args:
        a: a matrix, (m, n).
        b: a vector, (m,), or a matrix, (m, k).
        rcond: singular values below this times the largest count as zero; None for the
            precision of the dtype times max(m, n), −1 for the precision alone.

    Returns:
        (x, residuals, rank, singular values); if the rank is below n, x is the shortest of all
        solutions, and there are no residuals.
    """
    dtype = np.result_type(a, b)
    eps = np.finfo(dtype if dtype.kind in "fc" else float).eps
    rcond = max(np.shape(a)) * eps if rcond is None else eps if rcond < 0 else rcond
    s = svdvals(a)
    rank = int(np.sum(numbers(s) > rcond * np.max(numbers(s), initial=0.0)))
    x = pinv(a, rcond) @ b
    squares = np.abs(b - a @ x) ** 2
    squares = np.sum(squares[:, None] if np.ndim(b) == 1 else squares, axis=0)
    return x, squares if rank == a.shape[1] < a.shape[0] else np.empty(0, s.dtype), rank, s


@answers(np.linalg.tensorinv)
def tensorinv(a, ind=2):
    """Return the inverse of `a`, taken as a map from its last axes to its first `ind`."""
    first, last = np.shape(a)[:ind], np.shape(a)[ind:]
    if ind <= 0:
        raise ValueError(f"np.linalg.tensorinv takes a positive ind, not {ind}")
    return np.reshape(rows.inv(np.reshape(a, (int(np.prod(first)), -1))), last + first)


@answers(np.linalg.tensorsolve)
def tensorsolve(a, b, axes=None):
    """Return the x for which np.tensordot(a, x, x.ndim) is `b`, as np.linalg.tensorsolve does.

    Args:
        a: an array whose shape is that of `b` followed by that of x.
        b: an array.
        axes: the axes of `a` to move to its end first.
    """
    if axes is not None:
        a = np.moveaxis(a, axes, range(-len(axes), 0))
    shape = np.shape(a)[np.ndim(b) :]
    return np.reshape(solve(np.reshape(a, (-1, int(np.prod(shape)))), np.ravel(b)), shape)
