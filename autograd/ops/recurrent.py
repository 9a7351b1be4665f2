"""LSTMs: one op for a step after the products with the weights, and one for all of a sequence.

A sequence takes a step after another, each on few numbers, so that some ops a step would spend most
of the time on the graph, and on products of small matrices where one large one would do.
"""

import numpy as np

from autograd.engine.arrays import surely
from autograd.engine.each import Each
from autograd.engine.primitive import define
from autograd.ops import recurrent_steps
from autograd.ops.elementwise import FEW_DIGITS, sigmoid, tanh, tanh_slope
from autograd.ops.plain import raw
from autograd.ops.recurrent_steps import as_rows, factors_of, gate_slopes, parts


def joined(*xs):
    """Return arrays joined along the last axis."""
    return np.concatenate(xs, axis=-1)


def are_raw(*xs):
    """Whether all are arrays, which may be written to entry by entry."""
    return all([type(x) is np.ndarray for x in xs])


def _activated(gates):
    """Return σ(i), σ(f), tanh(g) and σ(o)."""
    i, f, _, o = parts(sigmoid(gates), 4)  # at once, since each call takes time
    return i, f, tanh(parts(gates, 4)[2]), o


# -- a step ----------------------------------------------------------------------------------------


def _lstm_cell(gates, c):
    i, f, new, o = _activated(gates)
    c = f * c + i * new
    return joined(o * tanh(c), c)


def _lstm_cell_vjps(places, g, y, gates, c):
    activated = i, f, new, o = _activated(gates)
    (gh, gc), inner = parts(g, 2), parts(y, 2)[1]
    after = tanh(inner)
    gc = gc + gh * o * tanh_slope(after, inner)
    of_i, of_f, of_new, of_o = gate_slopes(activated, gates)
    of_gates = gc * new * of_i, gc * c * of_f, gc * i * of_new, gh * after * of_o
    return [gc * f if place else joined(*of_gates) for place in places]


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

# -- a sequence ------------------------------------------------------------------------------------
# The result is h, c and what the gates i, f, g and o let through, stacked, each of all steps.


def _lstm(gates, u, h, c, forward=None, back=None):
    if are_raw(gates, u, h, c):
        return recurrent_steps.forward(gates, u, h, c, forward)
    states = []
    for t in range(gates.shape[0]):
        i, f, new, o = _activated(h @ u + gates[t])
        c = f * c + i * new
        h = o * tanh(c)
        states.append(np.stack([h, c, i, f, new, o]))
    return np.stack(states, axis=1)


def _lstm_vjps(places, g, y, gates, u, h, c, forward=None, back=None):
    """Go back from the last step to the first, and then multiply what all steps need at once."""
    before = np.concatenate([h[None], y[0, :-1]])
    earlier = np.concatenate([c[None], y[1, :-1]])
    far_out = not surely(_largest_gate(raw(y)) < 1 - FEW_DIGITS)
    sums = gates + before @ u if far_out else None
    if are_raw(g, y, u, h, c) and not g[2:].any():
        d, dh, dc = recurrent_steps.back(g, y, u, earlier, sums, back)
    else:
        d, dh, dc = _back(g, y, u, earlier, sums)
    found = {0: d, 2: dh, 3: dc}
    if 1 in places:
        found[1] = (as_rows(d).T @ as_rows(before)).T
    return [found[place] for place in places]


def _back(g, y, u, earlier, sums):
    """Return the gradients of the sums of all steps, and of the first h and c.

    With d the gradient of the sums of a step, that of the state before is d Uᵀ and f gc.
    """
    steps = [y[k] for k in range(6)]
    activated = steps[2:]
    of_gates = gate_slopes(activated, sums)
    *factors, by_c = factors_of(steps, earlier, of_gates)
    factors, of_gates = joined(*factors), joined(*of_gates)
    gh, gc, *others = [g[k] for k in range(6)]
    others = joined(*others)
    dh = dc = 0.0
    d = []
    for t in reversed(range(y.shape[1])):
        dh = gh[t] + dh
        dc = gc[t] + dc + dh * by_c[t]
        d.append(joined(dc, dc, dc, dh) * factors[t] + others[t] * of_gates[t])
        dh, dc = d[-1] @ u.T, dc * activated[1][t]
    return np.stack(d[::-1]), dh, dc


def _largest_gate(y):
    """Return how far from 0 a gate lets through at most; those of a sigmoid are no less than 0."""
    if not y.size or np.iscomplexobj(y):
        return np.max(np.abs(y[2:]), initial=0.0)
    return max(np.max(y[2:]), -np.min(y[4]))


def _sequences(rng):
    shapes = [((2, 1, 8), (2, 8), (1, 2), (1, 2)), ((3, 4), (1, 4), (1,), (1,))]
    return [(tuple([rng.normal(size=shape) for shape in each]), {}) for each in shapes]


lstm = define(
    "lstm",
    _lstm,
    vjps=Each(_lstm_vjps),
    samples=_sequences,
    reads=("y123",) * 4,
    loops={"forward": recurrent_steps.forward_entry, "back": recurrent_steps.back_entry},
    multiply_adds=lambda y, gates, u, h, c: np.size(gates) * np.shape(u)[0],
    doc="""Return h, c and what the gates let through, stacked, each of all steps.

    At each step the gates are gates[t] + h u, where h is that of the step before, and then c and h
    those of `lstm_cell`.

    Example:
        >>> lstm(Value(np.zeros((1, 4))), np.zeros((1, 4)), [0.0], [2.0])[:, 0, 0]
        Value([0.38079708, 1.        , 0.5       , 0.5       , 0.        , 0.5       ])
    """,
)
