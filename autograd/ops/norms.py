"""Norms of vectors. At zero, where a norm has a kink, we take its smallest subgradient: 0."""

import numpy as np

from autograd.engine.primitive import define
from autograd.ops.reduce import spread


def _norm_vjp(g, y, x, axis=None, keepdims=False):
    # zero is the minimum of the norm: we take its slope there as 0, not 0/0
    return spread(g / np.where(y == 0, 1.0, y), x, axis) * np.conj(x)


norm = define(
    "norm",
    lambda x, axis=None, keepdims=False: np.linalg.norm(x, None, axis, keepdims),
    symbol="‖·‖",
    vjps=(_norm_vjp,),
    samples=lambda rng: [
        ((rng.normal(size=(2, 3)),), {}),
        ((rng.normal(size=(2, 3)),), {"axis": 1, "keepdims": True}),
        ((rng.normal(size=(2, 3, 2)),), {"axis": (0, 2)}),
    ],
)


def _p_norm_vjp(g, y, x, ord, axis, keepdims=False):
    size, top = np.abs(x), np.where(y == 0, 1.0, y)
    # a power of |x| / y, which is at most 1; powers of x and of y alone may overflow
    share = np.where(x == 0, 1.0, size / spread(top, x, axis)) ** (ord - 1)
    return spread(g, x, axis) * share * np.conj(np.sign(x))


p_norm = define(
    "p_norm",
    lambda x, ord, axis, keepdims=False: np.linalg.norm(x, ord, axis, keepdims),
    symbol="‖·‖ₚ",
    vjps=(_p_norm_vjp,),
    samples=lambda rng: [
        ((rng.uniform(0.5, 2.0, (2, 3)) * rng.choice([-1.0, 1.0], (2, 3)),), {"ord": p, "axis": 1})
        for p in (1, 3, 2.5, 0.5, -1.5)
    ],
)
