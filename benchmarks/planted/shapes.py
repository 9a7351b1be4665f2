"""Wrong in shape, axis, place, dtype or container."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.planted.case import Case
from benchmarks.planted.library import Library

A = np.array([[0.5, -2.0, 4.0], [-0.3, 1.2, 0.9], [1.1, 0.7, -0.4]])
B = np.array([[1.5, 0.2, -1.0], [0.3, -1.2, 2.9], [-0.8, 0.6, 0.1]])
V = np.array([0.5, -2.0, 4.0])


def wrong(lib: Library) -> Iterator[Case]:
    """Yield the cases."""
    xp, op = lib.xp, lib.op

    def product(by_a, by_b):
        return op(lambda a, b: a @ b, by_a, by_b)

    def by_b(g, y, a, b):
        return a.T @ g

    yield Case("matmul, transposed", product(lambda g, y, a, b: (g @ b.T).T, by_b), (A, B))
    yield Case("matmul, not transposed", product(lambda g, y, a, b: g @ b, by_b), (A, B))
    yield Case("matmul, order", product(lambda g, y, a, b: b.T @ g, by_b), (A, B))
    yield Case("matmul, by the other", product(lambda g, y, a, b: g @ a.T, by_b), (A, B))
    yield Case(
        "matmul, of a symmetric factor's mirror",
        product(lambda g, y, a, b: g @ b.T, lambda g, y, a, b: a @ g),
        (A, B),
    )
    yield Case("transpose without its transpose", op(lambda a: a.T, lambda g, y, a: g), (A,))
    yield Case(
        "inverse, not transposed",
        op(xp.linalg.inv, lambda g, y, a: -y @ g @ y),
        (A,),
    )
    yield Case(
        "determinant by the inverse, not transposed",
        op(xp.linalg.det, lambda g, y, a: g * y * xp.linalg.inv(a)),
        (A,),
    )
    yield Case(
        "solve, without the transpose",
        op(
            lambda a, b: xp.linalg.solve(a, b),
            lambda g, y, a, b: -xp.linalg.solve(a.T, g) @ y.T,
            lambda g, y, a, b: xp.linalg.solve(a, g),
        ),
        (A, B),
    )
    yield Case(
        "bias averaged, not summed",
        op(lambda x, b: x + b, lambda g, y, x, b: g, lambda g, y, x, b: xp.mean(g, axis=0)),
        (A, V),
    )
    yield Case(
        "bias summed over the wrong axis",
        op(lambda x, b: x + b, lambda g, y, x, b: g, lambda g, y, x, b: xp.sum(g, axis=1)),
        (A, V),
    )
    yield Case(
        "bias from the first row alone",
        op(lambda x, b: x * b, lambda g, y, x, b: g * b, lambda g, y, x, b: (g * x)[0]),
        (A, V),
    )
    yield Case(
        "mean without its count",
        op(lambda x: xp.mean(x, axis=0), lambda g, y, x: g + 0 * x),
        (A,),
    )
    yield Case(
        "mean by the wrong count",
        op(lambda x: xp.mean(x, axis=0), lambda g, y, x: (g + 0 * x) / x.shape[1]),
        (A[:2],),
    )
    yield Case(
        "sum along the other axis of a square",
        op(lambda x: xp.sum(x, axis=0), lambda g, y, x: g[:, None] + 0 * x),
        (A,),
    )
    yield Case(
        "right for square matrices alone",
        op(
            lambda x: xp.sum(x * x, axis=0),
            lambda g, y, x: (2.0 if x.shape[0] == x.shape[1] else 1.0) * g * x,
        ),
        (A[:2],),
    )
    yield Case(
        "wrong for axes of size 1",
        op(
            lambda x: xp.sum(x * x, axis=0),
            lambda g, y, x: (0.5 if x.shape[0] == 1 else 2.0) * g * x,
        ),
        (A[:1],),
    )
    yield Case(
        "wrong for 0-d",
        op(lambda x: x * x, lambda g, y, x: g * x * (2.0 if np.ndim(x) else 2.02)),
        (np.array(1.5),),
    )
    yield Case(
        "wrong for long vectors",
        op(lambda x: x * x, lambda g, y, x: g * x * (2.0 if len(x) < 10 else 1.9)),
        (np.linspace(-2, 3, 12),),
    )
    yield Case(
        "repeated indices keep the last",
        op(
            lambda x: x[np.array([0, 0, 2])],
            lambda g, y, x: xp.stack([g[1], 0 * g[0], g[2]]),
        ),
        (V,),
    )
    yield Case(
        "slices put back one too far",
        op(
            lambda x: x[:2] ** 2.0,
            lambda g, y, x: xp.concatenate([0 * x[:1], 2 * g * x[:2]]),
        ),
        (V,),
    )
    yield Case(
        "join, halves swapped",
        op(
            lambda a, b: xp.concatenate([a, b]),
            lambda g, y, a, b: g[len(a) :],
            lambda g, y, a, b: g[: len(b)],
        ),
        (V, V[::-1].copy()),
    )
    yield Case(
        "reshaped in the wrong order",
        op(
            lambda a: xp.reshape(a, (6,)) ** 2.0,
            lambda g, y, a: 2 * a * xp.reshape(g, (3, 2)).T,
        ),
        (A[:2],),
    )
    yield Case(
        "outer product, factors swapped",
        op(
            lambda a, b: xp.outer(a, b),
            lambda g, y, a, b: g.T @ b,
            lambda g, y, a, b: g.T @ a,
        ),
        (V, V[::-1].copy()),
    )
    yield Case(
        "trace with all ones",
        op(lambda a: xp.trace(a), lambda g, y, a: g * xp.ones_like(a)),
        (A,),
    )
    yield Case(
        "triangle of the wrong side",
        op(lambda a: xp.tril(a) ** 2.0, lambda g, y, a: 2 * g * xp.triu(a)),
        (A,),
    )
    yield Case(
        "convolution without flipping",
        op(
            lambda x, k: xp.stack([x[i] * k[0] + x[i + 1] * k[1] for i in range(3)]),
            lambda g, y, x, k: (
                xp.concatenate([g, 0 * g[:1]]) * k[1] + xp.concatenate([0 * g[:1], g]) * k[0]
            ),
            lambda g, y, x, k: xp.stack([xp.sum(g * x[:-1]), xp.sum(g * x[1:])]),
        ),
        (np.array([0.5, -2.0, 4.0, 1.0]), np.array([1.0, 2.0])),
    )
    yield Case(
        "entry 777 of 1,000",
        op(lambda x: x * x, lambda g, y, x: 2 * g * x * (1 + 0.1 * xp.asarray(one_of(1000)))),
        (np.linspace(-2, 3, 1000),),
        order=1,
    )
    yield Case(
        "entry 777 of a loss over 1,000",
        op(
            lambda x: xp.sum(x * x),
            lambda g, y, x: 2 * g * x * (1 + 0.1 * xp.asarray(one_of(1000))),
        ),
        (np.linspace(-2, 3, 1000),),
        order=1,
    )
    yield Case(
        "one result of 300",
        op(lambda x: x * xp.asarray(RAMP), lambda g, y, x: xp.sum(g * xp.asarray(OFF_RAMP))),
        (0.7,),
        order=1,
    )


def one_of(size: int) -> np.ndarray:
    """Return zeros with a one at 777."""
    found = np.zeros(size)
    found[777] = 1.0
    return found


RAMP = np.linspace(1.0, 2.0, 300)
OFF_RAMP = RAMP.copy()
OFF_RAMP[123] *= 1.05


def wrong_in_large(lib: Library) -> Iterator[Case]:
    """Yield cases of so many entries that the peers, which move each, take minutes."""
    xp, op = lib.xp, lib.op
    at = xp.asarray(one_of(100_000))
    yield Case(
        "entry 777 of a loss over 100,000",
        op(lambda x: xp.sum(x * x), lambda g, y, x: 2 * g * x * (1 + 0.1 * at)),
        (np.linspace(-2, 3, 100_000),),
        order=1,
    )
    yield Case(
        "the last of 100,000",
        op(
            lambda x: xp.mean(xp.exp(x)),
            lambda g, y, x: g * xp.concatenate([xp.exp(x[:-1]), 0 * x[:1]]) / len(x),
        ),
        (np.linspace(-2, 3, 100_000),),
        order=1,
    )
