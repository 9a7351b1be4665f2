"""LSTMs: one op for a step after the products with the weights, and one for all of a sequence.

A sequence takes a step after another, each on few numbers, so that some ops a step would spend most
of the time on the graph, and on products of small matrices where one large one would do.
"""

from math import prod

import numpy as np

from autograd.engine.arrays import surely
from autograd.engine.each import Each
from autograd.engine.primitive import define
from autograd.engine.silence import silence
from autograd.ops.elementwise import FEW_DIGITS, sigmoid, sigmoid_slope, tanh, tanh_slope
from autograd.ops.plain import raw

BLOCK = 65_536  # entries that stay in the cache
_exp = silence()(np.exp)  # of a gate below −700


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
    """Return the slopes of the four, far out by the gates, which are None if none is far out."""
    i, f, new, o = activated
    if gates is None:
        return [i * (1 - i), f * (1 - f), 1 - new * new, o * (1 - o)]  # in half the time
    rules = sigmoid_slope, sigmoid_slope, tanh_slope, sigmoid_slope
    return [rule(y, x) for rule, y, x in zip(rules, activated, parts(gates, 4), strict=True)]


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
    of_i, of_f, of_new, of_o = _slopes(activated, gates)
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
# The result is h, c and what the gates i, f, g and o let through, stacked, each of all steps.


def _lstm(gates, u, h, c):
    if are_raw(gates, u, h, c):
        return _lstm_in_place(gates, u, h, c)
    states = []
    for t in range(gates.shape[0]):
        i, f, new, o = _activated(h @ u + gates[t])
        c = f * c + i * new
        h = o * tanh(c)
        states.append(np.stack([h, c, i, f, new, o]))
    return np.stack(states, axis=1)


def _lstm_in_place(gates, u, h, c):
    """Return what `_lstm` does, without new arrays at each step."""
    y = np.empty((6, *gates.shape[:-1], c.shape[-1]), np.result_type(gates, u, h, c, np.float16))
    h, c = _as_rows(h), _as_rows(c)
    gates, u = _by_gate(gates, (len(gates), *c.shape)), _by_gate(u, u.shape[:1] * 2)
    u = np.ascontiguousarray(u, y.dtype)  # it is multiplied with again and again
    sums = np.empty(gates.shape[1:], y.dtype)
    for gate, step in zip(gates, y.reshape(6, len(gates), *c.shape).swapaxes(0, 1), strict=True):
        np.matmul(h, u, out=sums)
        sums += gate
        _through_gates(sums, c, step)
        h, c = step[:2]
    return y


def _through_gates(sums, c, step):
    """Write h, c and what the gates let through into a step, from the sums, which are lost."""
    h, inner, i, f, new, o = step
    np.tanh(sums[2], out=new)
    np.negative(sums, out=sums)
    _exp(sums, out=sums)
    sums += 1
    np.divide(1, sums[:2], out=step[2:4])
    np.divide(1, sums[3], out=o)
    np.multiply(f, c, out=inner)
    np.multiply(i, new, out=h)
    inner += h
    np.tanh(inner, out=h)
    h *= o


def _as_rows(x):
    """Return x, whose last axis is one of hidden numbers, as a matrix."""
    return x.reshape(prod(x.shape[:-1]), x.shape[-1])


def _by_gate(x, shape):
    """Return the four parts of the last axis, each of a shape, along the last axis but two."""
    return np.moveaxis(x.reshape(*shape[:-1], 4, shape[-1]), -2, -3)


def _lstm_vjps(places, g, y, gates, u, h, c):
    """Go back from the last step to the first, and then multiply what all steps need at once."""
    before = np.concatenate([h[None], y[0, :-1]])
    earlier = np.concatenate([c[None], y[1, :-1]])
    far_out = not surely(_largest(raw(y)[2:]) < 1 - FEW_DIGITS)
    sums = gates + before @ u if far_out else None
    in_place = are_raw(g, y, u, h, c) and not g[2:].any()
    d, dh, dc = (_back_in_place if in_place else _back)(g, y, u, earlier, sums)
    found = {0: d, 2: dh, 3: dc}
    if 1 in places:
        found[1] = (_as_rows(d).T @ _as_rows(before)).T
    return [found[place] for place in places]


def _back(g, y, u, earlier, sums):
    """Return the gradients of the sums of all steps, and of the first h and c.

    With d the gradient of the sums of a step, that of the state before is d Uᵀ and f gc.
    """
    steps = [y[k] for k in range(6)]
    activated = steps[2:]
    slopes = _slopes(activated, sums)
    *factors, by_c = _factors(steps, earlier, slopes)
    factors, slopes = joined(*factors), joined(*slopes)
    gh, gc, *others = [g[k] for k in range(6)]
    others = joined(*others)
    dh = dc = 0.0
    d = []
    for t in reversed(range(y.shape[1])):
        dh = gh[t] + dh
        dc = gc[t] + dc + dh * by_c[t]
        d.append(joined(dc, dc, dc, dh) * factors[t] + others[t] * slopes[t])
        dh, dc = d[-1] @ u.T, dc * activated[1][t]
    return np.stack(d[::-1]), dh, dc


def _factors(steps, earlier, slopes):
    """Return what the gradients of c (thrice) and h are multiplied with for the sums, and for c."""
    _, c, i, _, new, o = steps
    bent = tanh(c)
    factors = new, earlier, i, bent, o
    return [a * b for a, b in zip(factors, (*slopes, tanh_slope(bent, c)), strict=True)]


def _back_in_place(g, y, u, earlier, sums):
    """Return what `_back` does, without new arrays at each step, if only h and c have gradients."""
    shape, hidden = earlier.shape, earlier.shape[-1]
    g, y = (x.reshape(6, len(earlier), prod(shape[1:-1]), hidden) for x in (g, y))
    earlier = earlier.reshape(y.shape[1:])
    if sums is not None:
        sums = sums.reshape(*y.shape[1:3], 4 * hidden)
    u = np.ascontiguousarray(_by_gate(u, (hidden, hidden)).mT, y.dtype)
    d = np.empty((*shape[:-1], 4 * hidden), y.dtype)
    by_gate = _by_gate(d, earlier.shape)
    found, products = np.empty((2, 4, *earlier.shape[1:]), y.dtype)
    dh, dc, added = np.zeros((3, *earlier.shape[1:]), y.dtype)
    size = max(1, BLOCK // max(1, found.size))
    for stop in range(len(earlier), 0, -size):
        block = slice(max(0, stop - size), stop)
        if sums is None:
            factors = _factors_not_far_out(y[:, block], earlier[block])
        else:
            slopes = _slopes(y[2:, block], sums[block])
            factors = np.stack(_factors(y[:, block], earlier[block], slopes))
        of_sums, of_c = factors[:4].swapaxes(0, 1), factors[4]
        steps = zip(*g[:2, block], y[3, block], of_sums, of_c, by_gate[block], strict=True)
        for gh, gc, f, to_sums, to_c, place in reversed(list(steps)):
            dh += gh
            dc += gc
            np.multiply(dh, to_c, out=added)
            dc += added
            np.multiply(dc, to_sums[:3], out=found[:3])
            np.multiply(dh, to_sums[3], out=found[3])
            place[...] = found
            np.matmul(found, u, out=products)
            np.add.reduce(products, axis=0, out=dh)
            dc *= f
    return d, dh.reshape(shape[1:]), dc.reshape(shape[1:])


def _factors_not_far_out(steps, earlier):
    """Return what `_factors` does, in few passes, where no gate is far out."""
    h, c, i, f, new, o = steps
    factors = of_i, of_f, of_new, of_o, of_c = np.empty((5, *h.shape), h.dtype)
    np.subtract(1, steps[2:], out=factors[:4])
    of_i *= i
    of_i *= new
    of_f *= f
    of_f *= earlier
    np.add(new, 1, out=of_c)
    of_new *= of_c
    of_new *= i
    of_o *= h
    np.tanh(c, out=of_c)
    np.multiply(tanh_slope(of_c, c), o, out=of_c)
    return factors


def _largest(x):
    """Return the largest size of a number in an array, 0 if it is empty."""
    if not x.size or np.iscomplexobj(x):
        return np.max(np.abs(x), initial=0.0)
    return max(-np.min(x), np.max(x))


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
    doc="""Return h, c and what the gates let through, stacked, each of all steps.

    At each step the gates are gates[t] + h u, where h is that of the step before, and then c and h
    those of `lstm_cell`.

    Example:
        >>> lstm(Value(np.zeros((1, 4))), np.zeros((1, 4)), [0.0], [2.0])[:, 0, 0]
        Value([0.38079708, 1.        , 0.5       , 0.5       , 0.        , 0.5       ])
    """,
)
