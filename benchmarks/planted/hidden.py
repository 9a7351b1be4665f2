"""Wrong where few look: in one entry, in memory's order, at a period, at a later call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.planted.case import Case
from benchmarks.planted.library import Library

V = np.array([0.5, -2.0, 4.0, 1.3])
A = np.array([[0.5, -2.0, 4.0], [-0.3, 1.2, 0.9], [1.1, 0.7, -0.4]])


def one_among_many(lib: Library) -> Iterator[Case]:
    """Yield cases wrong in one entry, one argument, one op."""
    xp, op = lib.xp, lib.op
    small = np.linspace(-2, 3, 1000)
    small[:100] = 1e-9 * np.linspace(1, 2, 100)
    off = np.ones(1000)
    off[50] = 1.5
    yield Case(
        "one tiny entry of 1,000",
        op(lambda x: xp.sum(xp.sin(x)), lambda g, y, x: g * xp.cos(x) * xp.asarray(off)),
        (small,),
        order=1,
    )
    slope = op(lambda x: 2 * x, lambda g, y, x: 2 * g * xp.asarray(off))
    yield Case(
        "second order, one entry of 1,000",
        op(lambda x: xp.sum(x * x), lambda g, y, x: g * slope(x)),
        (np.linspace(-2, 3, 1000),),
    )
    bad_sin = op(xp.sin, lambda g, y, x: -g * xp.cos(x))
    off_sin = op(xp.sin, lambda g, y, x: 1.001 * g * xp.cos(x))

    def chain(x, n, at, other):
        for i in range(n):
            x = x + 0.01 * (other(x) if i == at else xp.sin(x))
        return x

    yield Case(
        "a sign in one op of 1,000",
        lambda x: chain(x, 500, 250, bad_sin),
        (np.array([0.3]),),
        order=1,
    )
    yield Case(
        "a thousandth in one op of 100", lambda x: chain(x, 50, 49, off_sin), (np.array([0.3]),)
    )
    yield Case("one result of two", lambda x: (xp.sin(x), bad_sin(x)), (V,))
    model = {"w": [1.5, np.array([2.0, 3.0])], "b": 0.5}
    yield Case(
        "one number of a dict",
        lambda m: xp.sum(xp.exp(m["w"][1] / 3)) * bad_sin(m["b"]) + m["w"][0],
        (model,),
    )
    yield Case(
        "an integer exponent",
        op(lambda x, n: x**n, lambda g, y, x, n: n * g * x**n),
        (V, 3),
    )
    yield Case(
        "one branch of a value-dependent choice",
        lambda x: bad_sin(x) if x > 1 else xp.sin(x),
        (np.array(1.3),),
    )
    yield Case("one of two uses", lambda x: xp.sin(x) * op(xp.cos, lambda g, y, x: g * y)(x), (V,))
    yield Case(
        "hidden by a factor of zero elsewhere",
        lambda x: xp.sum(bad_sin(x) * xp.asarray(np.array([0.0, 0, 0, 1e-3]))),
        (V,),
    )
    rows = np.array([[0.0, 1, 0], [0, 0, 0], [0, 0, 1e-4]])
    yield Case("hidden by a sparse weight", lambda a: xp.sum(bad_sin(a) * xp.asarray(rows)), (A,))
    yield Case(
        "cancels in the sum",
        op(lambda x: xp.sum(x * x), lambda g, y, x: 2 * g * x + 0.1 * g * (x - xp.mean(x))),
        (V,),
    )
    yield Case(
        "orthogonal to ones",
        op(
            lambda x: xp.sum(x),
            lambda g, y, x: g + 0.3 * xp.asarray(np.array([1.0, -1.0, 1.0, -1.0])) * g,
        ),
        (V,),
    )


def forms(lib: Library) -> Iterator[Case]:
    """Yield rules that return something of another form, or know how memory is laid out."""
    xp, op = lib.xp, lib.op

    def square(rule):
        return op(lambda x: x * x, rule)

    yield Case(
        "a rule that returns too few", square(lambda g, y, x: 2 * (g * x)[:-1]), (V,), order=1
    )
    yield Case(
        "a rule that returns too many",
        square(lambda g, y, x: xp.concatenate([2 * g * x, g[:1]])),
        (V,),
        order=1,
    )
    yield Case(
        "a rule that returns a column", square(lambda g, y, x: 2 * (g * x)[:, None]), (V,), order=1
    )
    yield Case(
        "a rule that returns one number", square(lambda g, y, x: 2 * xp.sum(g * x)), (V,), order=1
    )
    yield Case("a rule that returns a string", square(lambda g, y, x: "2x"), (V,), order=1)
    yield Case("a rule that returns nothing", square(lambda g, y, x: None), (V,), order=1)
    yield Case(
        "a rule that returns a function", square(lambda g, y, x: lambda: 2 * g * x), (V,), order=1
    )
    yield Case("a rule that raises", square(lambda g, y, x: g @ x @ x), (V,), order=1)
    yield Case(
        "a rule cut to whole numbers", square(lambda g, y, x: xp.floor(2 * g * x)), (V,), order=1
    )
    yield Case(
        "transposed where memory is",
        square(lambda g, y, x: 2 * g * (x.T if turned(x) else x)),
        (A.T,),
        order=1,
    )
    yield Case(
        "broadcast the wrong way",
        op(lambda x: xp.sum(x * x, axis=1), lambda g, y, x: 2 * g * x),
        (A,),
    )


def periodic(lib: Library) -> Iterator[Case]:
    """Yield slopes that look right at steps of some size."""
    xp, op = lib.xp, lib.op

    def wave(slope):
        return op(lambda x: xp.sin(2 * np.pi * x), lambda g, y, x: g * slope(x))

    yield Case("zero, of a wave at its period", wave(lambda x: 0 * x), (np.array([1024.0]),))
    yield Case(
        "zero, of a wave of half that period", wave(lambda x: 0 * x), (np.array([4096.0, 512.0]),)
    )
    yield Case(
        "sign, of a wave at its period",
        wave(lambda x: -2 * np.pi * xp.cos(2 * np.pi * x)),
        (np.array([1024.0]),),
    )
    yield Case(
        "straight through stairs of a millionth",
        op(lambda x: xp.round(x * 1e6) / 1e6, lambda g, y, x: g),
        (np.array([0.3000002, 1.7000001]),),
        order=1,
    )
    yield Case(
        "slope of the stairs' ramp",
        op(lambda x: xp.floor(x * 1024) / 1024, lambda g, y, x: g),
        (np.array([1.0004, 1.7003]),),
        order=1,
    )
    yield Case(
        "mean slope of a ripple",
        op(lambda x: x + 1e-7 * xp.sin(1e7 * x), lambda g, y, x: g),
        (np.array([0.3, 1.7]),),
        order=1,
    )


def second_call(lib: Library) -> Iterator[Case]:
    """Yield cases that show at another call or another point."""
    xp, op = lib.xp, lib.op
    cache: dict[str, Any] = {}

    def remembered(g, y, x):
        if "slope" not in cache:
            cache["slope"] = 2 * x
        return g * cache["slope"]

    yield Case(
        "a slope remembered from the first point", op(lambda x: xp.sum(x * x), remembered), (V,)
    )
    calls: list[Any] = []

    def drifting(x):
        calls.append(0)
        return xp.sum(x * x) + 1e-3 * len(calls)

    yield Case("a value that drifts with each call", drifting, (V,))
    tired: list[Any] = []

    def from_the_tenth(x):
        tired.append(0)
        return xp.sum(x * x) * (1.0 if len(tired) < 10 else 1.1)

    yield Case("other from the tenth call on", from_the_tenth, (V,))
    buffer = 0.0 * V

    def into_buffer(x):
        buffer[...] = 2 * x
        return buffer

    def adding(x):
        buffer[...] += 2 * x
        return buffer

    yield Case("a buffer that is added to", lambda x: float(np.sum(x * x)), (V,), adding)
    yield Case(
        "a buffer of another gradient", lambda x: float(np.sum(x * x * x)), (V,), into_buffer
    )

    def halved(y):
        z = y * y
        y *= 0.5
        return z

    halving = op(halved, lambda g, y, x: 4 * g * x)
    yield Case("writes into an intermediate", lambda x: halving(xp.exp(x)), (V,), order=1)


def turned(x: Any) -> bool:
    """Return whether the first axis is the fastest in memory."""
    strides = getattr(x, "strides", None) or x.stride()
    return strides[0] < strides[-1]
