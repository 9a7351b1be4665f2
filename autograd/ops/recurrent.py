"""LSTMs: one op for a step after the products with the weights, and one for all of a sequence.

A sequence takes a step after another, each on few numbers, so that some ops a step would spend most
of the time on the graph, and on products of small matrices where one large one would do.
"""

import numpy as np

from autograd.engine.arrays import surely
from autograd.engine.each import Each
from autograd.engine.primitive import define
from autograd.ops.elementwise import FEW_DIGITS, sigmoid, sigmoid_slope, tanh, tanh_slope
from autograd.ops.plain import raw


def parts(x, n):
    """Return the n parts of the last axis, equally large."""
    size = x.shape[-1] // n
    return [x[..., i * size : (i + 1) * size] for i in range(n)]


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


def _slopes(activated, gates):
    """Return the slopes of the four, far out by the four gates themselves."""
    rules = sigmoid_slope, sigmoid_slope, tanh_slope, sigmoid_slope
    return [rule(y, x) for rule, y, x in zip(rules, activated, gates, strict=True)]


def _slopes_not_far_out(activated):
    """Return the same where no gate is far out, which takes half the time."""
    i, f, new, o = activated
    return [i * (1 - i), f * (1 - f), 1 - new * new, o * (1 - o)]


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
    of_i, of_f, of_new, of_o = _slopes(activated, parts(gates, 4))
    slopes = gc * new * of_i, gc * c * of_f, gc * i * of_new, gh * after * of_o
    return [gc * f if place else joined(*slopes) for place in places]


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


def _lstm(gates, u, h, c):
    steps, *batch, _ = gates.shape
    y = [None] * steps
    if are_raw(gates, u, h, c):
        u = np.ascontiguousarray(u)  # it is multiplied with again and again
        y = np.empty((steps, *batch, 6 * c.shape[-1]), np.result_type(gates, u, h, c))
    for t in range(steps):
        i, f, new, o = _activated(h @ u + gates[t])
        c = f * c + i * new
        h = o * tanh(c)
        y[t] = joined(h, c, i, f, new, o)
    return np.stack(y) if type(y) is list else y


def _lstm_vjps(places, g, y, gates, u, h, c):
    """Go back from the last step to the first, and then multiply what all steps need at once.

    With d the gradient of the sums of a step, that of the state before is d Uᵀ and f gc.
    """
    after, inner, *activated = parts(y, 6)
    i, f, new, o = activated
    before = np.concatenate([h[None], after[:-1]])
    earlier = np.concatenate([c[None], inner[:-1]])
    if surely(_largest(raw(y)[..., 2 * c.shape[-1] :]) < 1 - FEW_DIGITS):
        slopes = joined(*_slopes_not_far_out(activated))
    else:
        slopes = joined(*_slopes(activated, parts(gates + before @ u, 4)))
    bent = tanh(inner)
    by_c = o * tanh_slope(bent, inner)
    factors = joined(new, earlier, i, bent) * slopes
    gh, gc, *others = parts(g, 6)
    dh = dc = 0.0
    in_place = are_raw(g, factors, u)
    d = factors if in_place else [None] * y.shape[0]
    alone = in_place and _largest(g[..., 2 * c.shape[-1] :]) == 0
    for t in reversed(range(y.shape[0])):
        dh = gh[t] + dh
        dc = gc[t] + dc + dh * by_c[t]
        d[t] = joined(dc, dc, dc, dh) * factors[t]
        if not alone:
            d[t] = d[t] + joined(*[x[t] for x in others]) * slopes[t]
        dh, dc = d[t] @ u.T, dc * f[t]
    d = np.stack(d) if type(d) is list else d
    found = {0: d, 2: dh, 3: dc}
    if 1 in places:
        found[1] = _flat(before).T @ _flat(d)
    return [found[place] for place in places]


def _largest(x):
    """Return the largest size of a number in an array, 0 if it is empty."""
    if not x.size or np.iscomplexobj(x):
        return np.max(np.abs(x), initial=0.0)
    return max(-np.min(x), np.max(x))


def _flat(x):
    """Return a stack of matrices as one matrix, with all their rows."""
    return np.reshape(x, (-1, x.shape[-1]))


def _sequences(rng):
    shapes = [((2, 1, 8), (2, 8), (1, 2), (1, 2)), ((3, 4), (1, 4), (1,), (1,))]
    return [(tuple([rng.normal(size=shape) for shape in each]), {}) for each in shapes]


lstm = define(
    "lstm",
    _lstm,
    vjps=Each(_lstm_vjps),
    samples=_sequences,
    reads=("y123",) * 4,
    multiply_adds=lambda y, gates, u, h, c: np.size(gates) * np.shape(u)[0],
    doc="""Return h, c and what the gates let through at each step, joined along the last axis.

    At each step the gates are gates[t] + h u, where h is that of the step before, and then c and h
    those of `lstm_cell`.

    Example:
        >>> lstm(Value(np.zeros((1, 4))), np.zeros((1, 4)), [0.0], [2.0])
        Value([[0.38079708, 1.        , 0.5       , 0.5       , 0.        , 0.5       ]])
    """,
)
