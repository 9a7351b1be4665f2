"""Right, and hard for their kinks, jumps and ties: near them and at them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.planted.case import Case
from benchmarks.planted.library import Library

TIED = np.array([2.0, 1.0, 2.0])


def right(lib: Library) -> Iterator[Case]:
    """Yield the cases."""
    xp, op, activations = lib.xp, lib.op, lib.activations

    def relu(x):
        return xp.where(x > 0, x, 0 * x)

    yield Case("abs near 0", abs, (np.array([1e-9, -1e-7, 1e-12]),))
    yield Case("abs beside its kink at 1", lambda x: abs(x - 1), (np.array([1 + 1e-9, 1 - 1e-12]),))
    yield Case("relu near 0", relu, (np.array([1e-12, -1e-12, 1e-5]),))
    yield Case(
        "relu beside its kink at 1", lambda x: relu(x - 1), (np.array([1 + 1e-9, 1 - 1e-10]),)
    )
    yield Case(
        "squared beside a kink", lambda x: relu(x - 1) ** 2, (np.array([1 + 1e-7, 1 - 1e-7]),)
    )
    yield Case("max near a tie", xp.max, (np.array([2.0, 2.0 + 1e-9, 1.0]),))
    yield Case(
        "maximum near a tie",
        lambda a, b: xp.maximum(a, b),
        (np.array([1.0, 2.0]), np.array([1.0 + 1e-10, 2.0 - 1e-8])),
    )
    yield Case("sort near a tie", lambda x: xp.sort(x) ** 2, (np.array([2.0, 2.0 - 1e-9, 1.0]),))
    yield Case(
        "clip near its bound",
        lambda x: xp.clip(x, -1.0, 1.0),
        (np.array([1 + 1e-9, 1 - 1e-9, 0.3]),),
    )
    yield Case(
        "floor near a whole number", lambda x: xp.floor(x) * x, (np.array([2 + 1e-6, 2 - 1e-6]),)
    )
    yield Case("huber near its seam", lambda x: huber(xp, x), (np.array([1 + 1e-8, 1 - 1e-8]),))
    yield Case("abs at 0", abs, (np.array([0.0, 1.0, -1.0]),))
    yield Case("abs at 0, of a sum", lambda x: xp.sum(abs(x)) ** 2, (np.array([0.0, 1.0, -1.0]),))
    yield Case("relu at 0", relu, (np.array([0.0, 1.0, -1.0]),))
    yield Case("maximum with 0 at 0", lambda x: xp.maximum(x, 0.0), (np.array([0.0, 1.0, -1.0]),))
    yield Case("leaky relu at 0", lambda x: xp.where(x > 0, x, 0.01 * x), (np.array([0.0, 1.0]),))
    yield Case("elu at 0", lambda x: xp.where(x > 0, x, xp.exp(x) - 1), (np.array([0.0, 1.0]),))
    yield Case("max at a tie", xp.max, (TIED,))
    yield Case("all equal", lambda x: xp.max(x) - xp.min(x), (np.ones(3),))
    yield Case("maximum at a tie", lambda a, b: xp.maximum(a, b), (TIED, TIED.copy()))
    yield Case("sort at a tie", lambda x: xp.sort(x) * 2.0, (TIED,))
    yield Case(
        "median of four", lambda x: xp.mean(xp.sort(x)[1:3]), (np.array([3.0, 1.0, 2.0, 2.0]),)
    )
    yield Case(
        "clip at its bound", lambda x: xp.clip(x, -1.0, 1.0) ** 2, (np.array([1.0, 0.5, 3.0]),)
    )
    yield Case(
        "where at its border", lambda x: xp.where(x > 1, x * x, 2 * x - 1), (np.array([1.0, 2.0]),)
    )
    yield Case("where at a corner", lambda x: xp.where(x > 1, x * x, x), (np.array([1.0, 2.0]),))
    yield Case(
        "absolute value of a square root",
        lambda x: xp.sqrt(abs(x)),
        (np.array([1e-6, -1e-4, 2.0]),),
    )
    yield Case("floor", lambda x: xp.floor(x), (np.array([0.5, 2.3]),))
    yield Case("floor times x", lambda x: xp.floor(x) * x, (np.array([2.5, -0.5]),))
    yield Case("round", lambda x: xp.round(x) + x, (np.array([0.3, 2.2]),))
    yield Case("sign", lambda x: xp.sign(x) * x * x, (np.array([0.3, -2.2]),))
    yield Case("floor at a whole number", lambda x: xp.floor(x), (np.array([2.0, 0.5]),), order=1)
    yield Case("sign at 0", lambda x: xp.sign(x), (np.array([0.0, 0.5]),), order=1)
    yield Case(
        "a cubic in pieces", lambda x: xp.where(x > 0, x**3, x**2), (np.array([0.0, 0.5, -0.5]),)
    )
    yield Case("x |x| at 0", lambda x: x * abs(x), (np.array([0.0, 1.0]),))
    yield Case("relu squared at 0", lambda x: relu(x) ** 2, (np.array([0.0, 1.0]),))
    yield Case("relu cubed at 0", lambda x: relu(x) ** 3, (np.array([0.0, 1.0]),))
    yield Case("distance of equals", lambda x, w: abs(x - w), (TIED, TIED.copy()))
    yield Case(
        "stairs of a thousandth", lambda x: xp.round(x * 1e3) / 1e3, (np.array([0.3002, 1.7001]),)
    )
    yield Case("sawtooth", lambda x: x - xp.floor(x), (np.array([0.3, 2.999999]),))
    yield Case("remainder", lambda x: xp.remainder(x, 1.0) * x, (np.array([0.3, 2.75]),))
    yield Case("a hat", lambda x: relu(1 - abs(x)), (np.array([0.0, 1.0, -1.0, 0.4]),))
    yield Case(
        "relu network with a dead tie",
        lambda w, x: xp.sum(relu(x @ w) ** 2),
        (np.array([[1.0, 0.5], [-1.0, 2.0]]), np.array([[1.0, 1.0], [0.5, -2.0]])),
    )
    yield Case(
        "norm at 0",
        op(lambda x: xp.sqrt(xp.sum(x * x)), lambda g, y, x: g * x / (y + (y == 0))),
        (np.zeros(3),),
        order=1,
    )
    yield Case(
        "a root's border",
        op(lambda x: x * xp.sqrt(x), lambda g, y, x: 1.5 * g * xp.sqrt(x)),
        (np.array([0.0, 1.0]),),
        order=1,
    )
    yield Case("x to the 0 at 0", lambda x: x**0.0, (np.array([0.0, 2.0]),))
    yield Case("x to the 2 at 0", lambda x: x**2.0 + x**3, (np.array([0.0, -2.0]),))
    product = op(xp.prod, lambda g, y, x: g * xp.stack([others(xp, x, i) for i in range(len(x))]))
    yield Case("product with one zero", product, (np.array([2.0, 0.0, 3.0]),))
    yield Case("product with two zeros", product, (np.array([2.0, 0.0, 3.0, 0.0]),))
    yield Case(
        "cumulative product with zeros",
        lambda x: xp.cumprod(x, axis=0),
        (np.array([2.0, 0.0, 3.0, 0.0, 1.0]),),
    )
    yield Case(
        "relu6 at both corners", lambda x: xp.clip(x, 0.0, 6.0), (np.array([0.0, 6.0, 3.0]),)
    )
    yield Case("hinge at its corner", lambda x: xp.sum(relu(1 - x)), (np.array([1.0, 0.5, 2.0]),))
    yield Case("relu of ours at 0", lambda x: activations.relu(x), (np.array([0.0, -1e-10, 2.0]),))


def huber(xp, x):
    """Return x²/2 up to 1, and its tangent beyond."""
    return xp.where(abs(x) < 1, x * x / 2, abs(x) - 0.5)


def others(xp, x, i):
    """Return the product of all entries but one."""
    return xp.prod(xp.concatenate([x[:i], x[i + 1 :]]))
