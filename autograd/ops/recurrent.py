"""The cell of an LSTM: one op for all that happens in a step after the products with the weights.

A sequence takes a step after another, each on few numbers, so that twenty ops a step would spend
most of the time on the graph.
"""

import numpy as np

from autograd.engine.each import Each
from autograd.engine.primitive import define
from autograd.ops.elementwise import sigmoid, tanh


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


def _lstm_cell_vjps(places, g, y, gates, c):
    i, f, new, o = _activated(gates)
    (gh, gc), after = parts(g, 2), tanh(parts(y, 2)[1])
    gc = gc + gh * o * (1 - after * after)
    slopes = [
        gc * new * i * (1 - i),
        gc * c * f * (1 - f),
        gc * i * (1 - new * new),
        gh * after * o * (1 - o),
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
