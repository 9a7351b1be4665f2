"""Norms of vectors. At zero, where a norm has a kink, we take its smallest subgradient: 0."""

import numpy as np

from autograd.engine.primitive import define
from autograd.ops.elementwise import direction, radial
from autograd.ops.reduce import spread


def _norm_vjp(g, y, x, axis=None, keepdims=False):
    return radial(g, y, np.conj(x), lambda z: spread(z, x, axis))


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


def _signed_power(x, p, odd=True):
    return np.sign(x) * np.abs(x) ** p if odd else np.abs(x) ** p


def _signed_power_vjp(g, y, x, p, odd=True):
    return g * p * signed_power(x, p=p - 1, odd=not odd) if p else 0.0 * g


signed_power = define(
    "signed_power",
    _signed_power,
    vjps=(_signed_power_vjp,),
    samples=lambda rng: [
        ((rng.uniform(0.5, 2.0, 3) * [1, -1, 1],), {"p": p, "odd": p != 1.5})
        for p in (0.5, 1.5, 2.0)
    ],
    real_only="complex numbers have no sign",
    doc="""Return |x|ᵖ, if it is odd with the sign of x.

    Example:
        >>> signed_power(Value([-2.0, 3.0]), p=2.0)
        Value([-4.,  9.])
    """,
)


def _p_norm_vjp(g, y, x, ord, axis, keepdims=False):
    # a power of |x| / y, which is at most 1; powers of x and of y alone may overflow
    share = direction(np.conj(x), spread(y, x, axis))
    if ord > 1 and not np.iscomplexobj(x):
        return spread(g, x, axis) * signed_power(share, p=ord - 1)
    if ord < 2:
        return spread(g, x, axis) * direction(share, np.abs(share) ** (2 - ord))
    return spread(g, x, axis) * share * np.abs(share) ** (ord - 2)


p_norm = define(
    "p_norm",
    lambda x, ord, axis, keepdims=False: np.linalg.norm(x, ord, axis, keepdims),
    symbol="‖·‖ₚ",
    vjps=(_p_norm_vjp,),
    samples=lambda rng: [
        ((rng.uniform(0.5, 2.0, (2, 3)) * rng.choice([-1.0, 1.0], (2, 3)),), {"ord": p, "axis": 1})
        for p in (3, 2.5, 1.5, 0.5, -1.5)
    ],
)
