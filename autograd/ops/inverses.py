"""Inverses, linear systems and determinants.

Rules after Giles (2008), "Collected matrix derivative results for forward and reverse mode". For
complex matrices they are the same; where the op is holomorphic, transposes do not conjugate.
"""

import numpy as np

from autograd.engine.primitive import define
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


def _largest(a):
    return np.max(np.abs(numbers(a)), axis=(-2, -1), initial=0.0)


def cofactors(a):
    """Return det(a) · a⁻ᵀ for square matrices `a`; it is finite even if they are singular."""
    det = np.linalg.det(a)
    if np.all(numbers(det) != 0):
        inverse = np.linalg.inv(a)
        condition = _largest(a) * _largest(inverse)
        if np.all(condition < np.finfo(condition.dtype).eps ** -0.5):
            return _as_matrices(det) * inverse.mT
    u, s, vh = np.linalg.svd(a)
    signs = np.linalg.det(u) * np.linalg.det(vh)
    return _as_matrices(signs) * np.conj((u * products_of_others(s)[..., None, :]) @ vh)


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
