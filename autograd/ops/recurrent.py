"""The cell of an LSTM: one op for all that happens in a step after the products with the weights.

A sequence takes a step after another, each on few numbers, so that twenty ops a step would spend
most of the time on the graph.
"""

import numpy as np

from autograd.engine.each import Each
from autograd.engine.primitive import define
from autograd.ops.elementwise import sigmoid, tanh
from autograd.ops.plain import raw


def parts(x, n):
    """Return the n parts of the last axis, equally large."""
    size = x.shape[-1] // n
    return [x[..., i * size : (i + 1) * size] for i in range(n)]


def _activated(gates):
    """Return σ(i), σ(f), tanh(g) and σ(o)."""
    i, f, _, o = parts(sigmoid(gates), 4)  # at once, since each call takes time
    return i, f, tanh(parts(gates, 4)[2]), o


def _lstm_cell(gates, c):
    i, f, new, o = _activated(gates)
    c = f * c + i * new
    return np.concatenate([o * tanh(c), c], axis=-1)


def _near(x):
    """Whether 1 − σ(x) and 1 − tanh²(x) have all their digits, computed so."""
    return np.max(np.abs(raw(x)), initial=0.0) < 9.0


def _rest(x, y, near):
    """Return 1 − σ(x), where y = σ(x)."""
    return 1 - y if near else sigmoid(-x)


def _bend(x, y, near):
    """Return 1 − tanh²(x), where y = tanh(x)."""
    return 1 - y * y if near else 4 * sigmoid(2 * x) * sigmoid(-2 * x)


def _lstm_cell_vjps(places, g, y, gates, c):
    i, f, new, o = _activated(gates)
    (gh, gc), inner = parts(g, 2), parts(y, 2)[1]
    after, near = tanh(inner), _near(gates)
    gc = gc + gh * o * _bend(inner, after, _near(inner))
    at_i, at_f, at_new, at_o = parts(gates, 4)
    slopes = [
        gc * new * i * _rest(at_i, i, near),
        gc * c * f * _rest(at_f, f, near),
        gc * i * _bend(at_new, new, near),
        gh * after * o * _rest(at_o, o, near),
    ]
    return [gc * f if place else np.concatenate(slopes, axis=-1) for place in places]


lstm_cell = define(
    "lstm_cell",
    _lstm_cell,
    vjps=Each(_lstm_cell_vjps),
    samples=lambda rng: [
        ((rng.normal(size=(2, 12)), rng.normal(size=(2, 3))), {}),
        ((rng.normal(size=4), rng.normal(size=1)), {}),
    ],
    doc="""Return h = σ(o) tanh(c') and c' = σ(f) c + σ(i) tanh(g), joined along the last axis.

    The gates are (i, f, g, o), joined along the last axis.

    Example:
        >>> lstm_cell(Value([0.0, 0.0, 0.0, 0.0]), [2.0])
        Value([0.38079708, 1.        ])
    """,
)
