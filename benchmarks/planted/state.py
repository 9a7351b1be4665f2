"""Wrong by what they remember, overwrite or draw: each call yields cases with a fresh state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.planted.case import Case
from benchmarks.planted.library import Library

V = np.array([0.5, -2.0, 4.0, 1.3])


def wrong(lib: Library) -> Iterator[Case]:
    """Yield the cases."""
    xp, op = lib.xp, lib.op

    def square(rule):
        return op(lambda x: x * x, rule)

    def forward(x):
        y = x * x
        x *= 0.5
        return y

    yield Case(
        "writes into its input", op(forward, lambda g, y, x: 2 * g * x), (V.copy(),), order=1
    )

    def plain(x):
        y = xp.sum(x * x)
        x[0] = 0.0
        return y

    yield Case("writes into its input, a composition", plain, (V.copy(),), order=1)

    def scaled(g, y, x):
        g *= 2 * x
        return g

    yield Case("writes into g", square(scaled), (V,), order=1)
    yield Case(
        "writes into g, and returns a copy",
        square(lambda g, y, x: overwritten(g, 2 * g * x)),
        (V,),
        order=1,
    )
    yield Case(
        "writes into g that a sibling shares",
        lambda x: (lambda y: xp.sum(y * xp.asarray(V)))(square(scaled)(x) + x),
        (V,),
        order=1,
    )
    yield Case(
        "writes into a saved argument",
        square(lambda g, y, x: overwritten(x, 2 * g * x)),
        (V.copy(),),
        order=1,
    )
    noise = np.random.default_rng(0)
    yield Case("a random function", lambda x: xp.sum(x * x) * (1 + 0.01 * noise.random()), (V,))
    yield Case(
        "a random rule", square(lambda g, y, x: 2 * g * x * (1 + 0.1 * noise.random())), (V,)
    )
    dropped = np.random.default_rng(1)
    yield Case(
        "dropout drawn anew",
        lambda x: xp.sum(x * xp.asarray((dropped.random(4) > 0.5) * 2.0)),
        (V,),
    )
    calls: list[Any] = []

    def warm(x):
        calls.append(0)
        return xp.sum(x * x) * (1.0 if len(calls) == 1 else 1.5)

    yield Case("other from the second call on", warm, (V,))
    asked: list[Any] = []

    def first_only(g, y, x):
        asked.append(0)
        return 2 * g * x if len(asked) == 1 else 2.5 * g * x

    yield Case("a rule right at the first call alone", square(first_only), (V,))
    total: list[Any] = []

    def accumulating(g, y, x):
        total.append(2 * g * x)
        return sum(total[1:], total[0])

    yield Case("gradients that accumulate", square(accumulating), (V,), order=1)
    cache: list[Any] = []

    def cached(g, y, x):
        if not cache:
            cache.append(2 * g * x)
        return cache[0]

    yield Case("a rule that remembers its first gradient", square(cached), (V,), order=1)
    memory: dict[Any, Any] = {}

    def by_shape(x):
        return memory.setdefault(tuple(x.shape), xp.sum(x * x))

    yield Case(
        "a value remembered by its shape",
        op(by_shape, lambda g, y, x: 2 * g * x),
        (V,),
        order=1,
    )


def overwritten(x, result):
    """Return the result, with zeros left in `x`."""
    x[...] = 0.0
    return result
