"""Inverses, linear systems and determinants.

Rules after Giles (2008), "Collected matrix derivative results for forward and reverse mode". For
complex matrices they are the same; where the op is holomorphic, transposes do not conjugate.
"""

import numpy as np

from autograd.engine.primitive import define
from autograd.engine.value import Value
from autograd.ops.packed import numbers, several
from autograd.ops.reduce import products_of_others
from autograd.ops.spectral import h


def _well(rng, *shape):
    """Return matrices far from singular."""
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

solve = define(
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


def _pinv_vjp(g, y, a, **cutoff):
    gt = g.mT
    return (
        -y.mT @ g @ y.mT
        + np.conj((gt - a @ (y @ gt)) @ y @ h(y))
        + np.conj(h(y) @ y @ (gt - (gt @ y) @ a))
    )


pinv = define(
    "pinv",
    np.linalg.pinv,
    vjps=(_pinv_vjp,),
    samples=lambda rng: [((rng.normal(size=shape),), {}) for shape in ((3, 2), (2, 2, 4))],
)


# -- determinants --------------------------------------------------------------------------------


def _as_matrices(x):
    """Return one number per matrix in a shape that multiplies the matrices."""
    return np.reshape(x, (*np.shape(x), 1, 1))


def _condition(a, inverse):
    return np.prod([np.max(np.abs(x), (-2, -1), initial=0.0) for x in (a, inverse)], axis=0)


def cofactors(a):
    """Return det(a) · a⁻ᵀ for square matrices `a`; it is finite even if they are singular.

    Those of a Value have derivatives of any order, at singular matrices too.
    """
    det, live = np.linalg.det(a), isinstance(a, Value)
    if np.all(numbers(det) != 0):
        inverse = np.linalg.inv(a)
        condition = _condition(numbers(a), numbers(inverse))
        # with every further derivative, a product with one more inverse loses as many digits again
        if np.all(condition < (100.0 if live else np.finfo(condition.dtype).eps ** -0.5)):
            return _as_matrices(det) * inverse.mT
    u, s, vh = np.linalg.svd(numbers(a))
    signs = _as_matrices(np.linalg.det(u) * np.linalg.det(vh))
    if live:
        return signs * (np.conj(u) @ _cofactors_by_products(h(u) @ a @ h(vh)) @ np.conj(vh))
    return signs * np.conj((u * products_of_others(s)[..., None, :]) @ vh)


def _cofactors_by_products(b):
    """Return the cofactors of matrices by sums and products; if b is diag(s ≥ 0), none cancel.

    Bird (2011), "A simple division-free algorithm for computing determinants", starts with x = b
    and repeats x ← μ(x) b. After n − 1 times the first entry of x is the determinant, up to its
    sign. This function computes that, and then goes back, as a backward pass does.
    """
    n = b.shape[-1]
    before = np.tri(n, k=-1, dtype=b.dtype)  # (d @ before)ᵢ is the sum of d after i
    chain = [b] if n else []
    while len(chain) < n:
        chain.append(_mu(chain[-1], before) @ b)
    first = np.zeros((n, n), b.dtype)
    first[:1, :1] = (-1.0) ** (n - 1)
    g, total = np.broadcast_to(first, b.shape), 0.0
    for x in chain[-2::-1]:
        total = total + _mu(x, before).mT @ g
        g = _mu(g @ b.mT, before.T)
    return total + g


def _mu(x, ones):
    """Return what is above the diagonal of x, and on the diagonal minus a sum over that of x."""
    sums = np.diagonal(x, axis1=-2, axis2=-1) @ ones
    return np.triu(x, 1) - sums[..., None, :] * np.eye(x.shape[-1], dtype=x.dtype)


det = define(
    "det",
    np.linalg.det,
    numpy=(np.linalg.det,),
    vjps=(lambda g, y, a: _as_matrices(g) * cofactors(a),),
    symbol="det",
    latex=r"\det",
    samples=_stacks,
)


def _slogdet_vjp(gradients, results, a):
    (gsign, g), (sign, _) = gradients, results
    if a.dtype.kind == "c":
        g = g - 1j * np.real(1j * gsign * sign)
    return _as_matrices(g) * np.linalg.inv(a).mT


slogdet = several(
    "slogdet",
    np.linalg.slogdet,
    lambda *_: ((), ()),
    _slogdet_vjp,
    real=(1,),
    samples=_stacks,
    outside=(
        (
            lambda y, a: np.isinf(y) & np.all(np.isfinite(a)),
            "the matrix is singular: its determinant is 0, whose logarithm is −inf",
        ),
    ),
)
