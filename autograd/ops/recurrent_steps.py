"""The steps of an LSTM on arrays, with no new arrays at any of them.

A step is a product of matrices, one for each gate, and arithmetic on the entries of what comes of
it. The latter is written for NumPy, in few calls, and as a function of single entries, which a
native program makes a loop of. Both take what all steps need, and return a function of t.
"""

from functools import partial
from math import prod

import numpy as np

from autograd.engine.silence import silence
from autograd.ops.elementwise import sigmoid_slope, tanh, tanh_slope

BLOCK = 65_536  # entries that stay in the cache
_exp = silence()(np.exp)  # of a gate below −700


def parts(x, n):
    """Return the n parts of the last axis, equally large."""
    size = x.shape[-1] // n
    return [x[..., i * size : (i + 1) * size] for i in range(n)]


def as_rows(x):
    """Return x, whose last axis is one of hidden numbers, as a matrix."""
    return x.reshape(prod(x.shape[:-1]), x.shape[-1])


def by_gate(x, shape):
    """Return the four parts of the last axis, each of a shape, along the last axis but two."""
    return np.moveaxis(x.reshape(*shape[:-1], 4, shape[-1]), -2, -3)


# -- forward ---------------------------------------------------------------------------------------


def forward(gates, u, h, c, steps_of=None):
    """Return what `recurrent.lstm` does.

    Args:
        gates, u, h, c: arrays.
        steps_of: used in place of `forward_steps`.
    """
    y = np.empty((6, *gates.shape[:-1], c.shape[-1]), np.result_type(gates, u, h, c, np.float16))
    h, c = as_rows(h), np.array(as_rows(c), y.dtype, order="C")  # c is written to
    gates = by_gate(np.ascontiguousarray(gates, y.dtype), (len(gates), *c.shape))
    u = np.ascontiguousarray(by_gate(u, u.shape[:1] * 2), y.dtype)  # it is used again and again
    sums = np.empty(gates.shape[1:], y.dtype)
    steps = y.reshape(6, len(gates), *c.shape).swapaxes(0, 1)
    step = (steps_of or forward_steps)(sums, gates, c[None], steps)
    for t in range(len(gates)):
        np.matmul(h, u, out=sums)
        step(t)
        h = steps[t, 0]
    return y


def forward_steps(sums, gates, c, steps):
    """Return a function of t that takes step t, from sums that the gates are still to be added to.

    It writes h, c and what the gates let through into the step, and the new c over the old.
    """
    (c,) = c

    def step(t):
        h, inner, i, f, new, o = steps[t]
        np.add(sums, gates[t], out=sums)
        np.tanh(sums[2], out=new)
        np.negative(sums, out=sums)
        _exp(sums, out=sums)
        np.add(sums, 1, out=sums)
        np.divide(1, sums[:2], out=steps[t, 2:4])
        np.divide(1, sums[3], out=o)
        np.multiply(f, c, out=inner)
        np.multiply(i, new, out=h)
        np.add(inner, h, out=inner)
        c[...] = inner
        np.tanh(inner, out=h)
        np.multiply(h, o, out=h)

    return step


def forward_entry(i, f, new, o, to_i, to_f, to_new, to_o, c):
    """Return what `forward_steps` writes, for one entry; the new c once more at the end."""
    i, f, o = [1 / (1 + np.exp(-(x + more))) for x, more in ((i, to_i), (f, to_f), (o, to_o))]
    new = np.tanh(new + to_new)
    c = f * c + i * new
    return o * np.tanh(c), c, i, f, new, o, c


# -- back ------------------------------------------------------------------------------------------


def back(g, y, u, earlier, sums, steps_of=None):
    """Return the gradients of the sums of all steps, and of the first h and c.

    Args:
        g: the gradient of y, which is 0 but for h and c.
        y: the result of `forward`.
        u: the weight.
        earlier: c before each step.
        sums: those of all steps, None if no gate is far out.
        steps_of: used in place of `back_steps`, if no gate is far out.
    """
    shape, hidden = earlier.shape, earlier.shape[-1]
    count, rows = len(earlier), prod(shape[1:-1])
    g, y = (np.ascontiguousarray(x, y.dtype).reshape(6, count, rows, hidden) for x in (g, y))
    g, y = g.swapaxes(0, 1), y.swapaxes(0, 1)
    u = np.ascontiguousarray(by_gate(u, (hidden, hidden)).mT, y.dtype)
    d = np.empty((*shape[:-1], 4 * hidden), y.dtype)
    of_gates = by_gate(d, (count, rows, hidden))
    products, dc = np.zeros((4, rows, hidden), y.dtype), np.zeros((1, rows, hidden), y.dtype)
    if sums is not None:
        sums = sums.reshape(count, rows, 4 * hidden)
    if steps_of is None or sums is not None:
        steps_of = partial(back_steps, sums)
    step = steps_of(products, g[:, :2], y, earlier.reshape(count, 1, rows, hidden), dc, of_gates)
    for t in reversed(range(count)):
        step(t)
        np.matmul(of_gates[t], u, out=products)
    return d, np.add.reduce(products, axis=0).reshape(shape[1:]), dc.reshape(shape[1:])


def back_steps(sums, products, g, y, earlier, dc, of_gates):
    """Return a function of t that goes back through step t, from products whose sum is that of h.

    It writes the gradients of the sums, and that of c before the step over that of c after it.
    """
    dh, added = np.empty((2, *dc.shape[1:]), dc.dtype)
    found = np.empty_like(products)
    of_first, of_last = found[:3], found[3]
    size = max(1, BLOCK // max(1, found.size))
    factors, start = None, len(y)
    (dc,) = dc

    def step(t):
        nonlocal factors, start
        if t < start:
            stop, start = start, max(0, start - size)
            here, before = y[start:stop].swapaxes(0, 1), earlier[start:stop, 0]
            if sums is None:
                factors = factors_not_far_out(here, before)
            else:
                of_each = gate_slopes(here[2:], sums[start:stop])
                factors = np.stack(factors_of(here, before, of_each))
            factors = list(zip(factors[:3].swapaxes(0, 1), *factors[3:], strict=True))
        to_first, to_last, to_c = factors[t - start]
        gh, gc = g[t]
        np.add.reduce(products, axis=0, out=dh)
        np.add(dh, gh, out=dh)
        np.add(dc, gc, out=dc)
        np.multiply(dh, to_c, out=added)
        np.add(dc, added, out=dc)
        np.multiply(dc, to_first, out=of_first)
        np.multiply(dh, to_last, out=of_last)
        of_gates[t] = found
        np.multiply(dc, y[t, 3], out=dc)

    return step


def back_entry(of_i, of_f, of_new, of_o, gh, gc, h, c, i, f, new, o, earlier, dc):
    """Return what `back_steps` writes, for one entry, where no gate is far out."""
    dh = of_i + of_f + of_new + of_o + gh
    far = np.exp(-2 * np.abs(c))
    dc = dc + gc + dh * (o * (4 * far / ((1 + far) * (1 + far))))
    of_i, of_f, of_new = i * (1 - i) * new, f * (1 - f) * earlier, (1 - new) * (1 + new) * i
    return dc * of_i, dc * of_f, dc * of_new, dh * ((1 - o) * h), dc * f


def gate_slopes(activated, sums):
    """Return the slopes of the four gates, far out by the sums, which are None if none is."""
    i, f, new, o = activated
    if sums is None:
        return [i * (1 - i), f * (1 - f), 1 - new * new, o * (1 - o)]  # in half the time
    rules = sigmoid_slope, sigmoid_slope, tanh_slope, sigmoid_slope
    return [rule(y, x) for rule, y, x in zip(rules, activated, parts(sums, 4), strict=True)]


def factors_of(steps, earlier, of_gates):
    """Return what the gradients of c (thrice) and h are multiplied with for the sums, and for c."""
    _, c, i, _, new, o = steps
    bent = tanh(c)
    pairs = zip((new, earlier, i, bent, o), (*of_gates, tanh_slope(bent, c)), strict=True)
    return [a * b for a, b in pairs]


def factors_not_far_out(steps, earlier):
    """Return what `factors_of` does, in few passes, where no gate is far out."""
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
