"""Inverses, linear systems and determinants.

Rules after Giles (2008), "Collected matrix derivative results for forward and reverse mode";
of complex matrices they are the same, with transposes that do not conjugate where the op is
holomorphic.
"""

from operator import index

import numpy as np

from autograd.engine.dispatch import answers
from autograd.engine.primitive import define
from autograd.engine.value import Value
from autograd.ops.packed import numbers, several
from autograd.ops.reduce import products_of_others
from autograd.ops.spectral import h, svd, svdvals


def _well(rng, *shape):
    """Matrices far from singular."""
    return rng.normal(size=shape) + 3 * np.eye(*shape[-2:])


def _stacks(rng):
    return [((_well(rng, 3, 3),), {}), ((_well(rng, 2, 2, 2),), {})]


# -- inverses and systems ------------------------------------------------------------------------

inv = define(
    "inv",
    np.linalg.inv,
    numpy=(np.linalg.inv,),
    vjps=(lambda g, y, a: -y.mT @ g @ y.mT,),
    symbol="⁻¹",
    samples=_stacks,
)

_solve = define(
    "solve",
    np.linalg.solve,
    vjps=(
        lambda g, y, a, b: -np.linalg.solve(a.mT, g) @ y.mT,
        lambda g, y, a, b: np.linalg.solve(a.mT, g),
    ),
    samples=lambda rng: [
        ((_well(rng, 3, 3), rng.normal(size=(3, 2))), {}),
        ((_well(rng, 2, 3, 3), rng.normal(size=(3, 1))), {}),
        ((_well(rng, 2, 2), rng.normal(size=(3, 2, 2))), {}),
    ],
)


@answers(np.linalg.solve)
def solve(a, b):
    """Return the x of a @ x = b, as np.linalg.solve does.

    Args:
        a: square matrices, (…, n, n).
        b: a vector, (n,), or matrices, (…, n, k).

    Raises:
        LinAlgError: a matrix is singular.

    Example:
        >>> np.linalg.solve(Value([[2.0, 0.0], [0.0, 4.0]]), np.array([1.0, 1.0]))
        Value([0.5 , 0.25])
    """
    if np.ndim(b) == 1:
        return _solve(a, np.expand_dims(b, -1))[..., 0]
    return _solve(a, b)


def _pinv_vjp(g, y, a, **cutoff):
    gt = g.mT
    return (
        -y.mT @ g @ y.mT
        + np.conj((gt - a @ (y @ gt)) @ y @ h(y))
        + np.conj(h(y) @ y @ (gt - (gt @ y) @ a))
    )


_pinv = define(
    "pinv",
    np.linalg.pinv,
    vjps=(_pinv_vjp,),
    samples=lambda rng: [((rng.normal(size=shape),), {}) for shape in ((3, 2), (2, 2, 4))],
)


@answers(np.linalg.pinv)
def pinv(a, rcond=None, hermitian=False, **cutoff):
    """Return the pseudo-inverses of matrices, as np.linalg.pinv does.

    The derivative is that among matrices of the same rank (Golub and Pereyra, 1973).

    Args:
        a: matrices, (…, m, n).
        rcond: singular values below this times the largest count as zero.
        hermitian: `a` is Hermitian, and its lower triangle is read.
        **cutoff: `rtol`, another name of `rcond`.

    Returns:
        matrices, (…, n, m).
    """
    if rcond is not None:
        cutoff["rcond"] = rcond
    if hermitian:
        lower = np.tril(a, -1)
        a = lower + h(lower) + np.real(a) * np.eye(a.shape[-1], dtype=a.dtype)
    return _pinv(a, **cutoff)


@answers(np.linalg.lstsq)
def lstsq(a, b, rcond=None):
    """Return the least-squares solution of a @ x = b, as np.linalg.lstsq does.

    Args:
        a: a matrix, (m, n).
        b: a vector, (m,), or a matrix, (m, k).
        rcond: singular values below this times the largest count as zero; None for the
            precision of the dtype times max(m, n), −1 for the precision alone.

    Returns:
        (x, residuals, rank, singular values); where the rank is below n, x is the shortest of
        all solutions and there are no residuals.
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
    """Return the inverse of `a` as a map of its last axes to its first `ind`."""
    rows, columns = np.shape(a)[:ind], np.shape(a)[ind:]
    if ind <= 0:
        raise ValueError(f"tensorinv takes a positive ind, not {ind}")
    return np.reshape(inv(np.reshape(a, (int(np.prod(rows)), -1))), columns + rows)


@answers(np.linalg.tensorsolve)
def tensorsolve(a, b, axes=None):
    """Return the x for which the sum of products of `a`, over its last axes, and x is `b`.

    Args:
        a: an array of the shape of `b` followed by that of x.
        b: an array.
        axes: the axes of `a` to move to its end first.
    """
    if axes is not None:
        a = np.moveaxis(a, axes, range(-len(axes), 0))
    shape = np.shape(a)[np.ndim(b) :]
    return np.reshape(solve(np.reshape(a, (-1, int(np.prod(shape)))), np.ravel(b)), shape)


@answers(np.linalg.matrix_power)
def matrix_power(a, n):
    """Return the n-th power of square matrices, by squaring; of the inverse if n is negative."""
    n = index(n)
    if n == 0:
        return np.where(True, np.eye(a.shape[-1], dtype=a.dtype), a)
    if n < 0:
        return matrix_power(inv(a), -n)
    power = None
    while n:
        if n % 2:
            power = a if power is None else power @ a
        n //= 2
        a = a @ a if n else a
    return power


# -- determinants --------------------------------------------------------------------------------


def _as_matrices(x):
    """Return one number a matrix so that it multiplies matrices."""
    return np.reshape(x, (*np.shape(x), 1, 1))


def _largest(a):
    return np.max(np.abs(numbers(a)), axis=(-2, -1), initial=0.0)


def cofactors(a):
    """Return det(a) · a⁻ᵀ for square matrices `a`, which is finite for singular ones too."""
    det = np.linalg.det(a)
    if np.all(numbers(det) != 0):
        inverse = np.linalg.inv(a)
        condition = _largest(a) * _largest(inverse)
        if np.all(condition < np.finfo(condition.dtype).eps ** -0.5):
            return _as_matrices(det) * inverse.mT
    u, s, vh = svd(a) if isinstance(a, Value) else np.linalg.svd(a)
    signs = np.linalg.det(u) * np.linalg.det(vh)
    return _as_matrices(signs) * np.conj((u * products_of_others(s)[..., None, :]) @ vh)


det = define(
    "det",
    np.linalg.det,
    numpy=(np.linalg.det,),
    vjps=(lambda g, y, a: _as_matrices(g) * cofactors(a),),
    symbol="det",
    samples=_stacks,
)


def _slogdet_vjp(gradients, results, a):
    (gsign, g), (sign, _) = gradients, results
    if a.dtype.kind == "c":
        g = g - 1j * np.real(1j * gsign * sign)
    return _as_matrices(g) * np.linalg.inv(a).mT


_slogdet = several(
    "slogdet",
    np.linalg.slogdet,
    lambda *_: ((), ()),
    _slogdet_vjp,
    real=(1,),
    samples=_stacks,
)


@answers(np.linalg.slogdet)
def slogdet(a):
    """Return the sign of the determinants of matrices and the logarithm of their size.

    Args:
        a: square matrices, (…, n, n).

    Returns:
        (sign, logabsdet), each of shape (…), as np.linalg.slogdet does.

    Example:
        >>> np.linalg.slogdet(Value(np.eye(2) * 3.0)).logabsdet
        Value(2.1972245773362196)
    """
    return _slogdet(a)
