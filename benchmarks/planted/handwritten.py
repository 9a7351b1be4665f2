"""Gradients written by hand, as for SciPy's `jac=`, each with a slip."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.planted.case import Case
from benchmarks.planted.library import Library

RNG = np.random.default_rng(3)
DATA, LABELS = RNG.normal(size=(8, 3)), np.array([0.0, 1, 1, 0, 1, 0, 0, 1])
CLASSES = np.array([0, 2, 1, 2, 0, 1, 1, 0])
W = np.array([0.4, -0.7, 1.1])
START = np.array([-1.2, 1.0, 0.5, 0.8])


def rosenbrock(x):
    """Rosenbrock's valley."""
    return float(np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2))


def rosenbrock_slope(x):
    """The gradient of `rosenbrock`."""
    inner = x[1:] - x[:-1] ** 2
    slope = np.zeros(len(x))
    slope[:-1] = -400 * x[:-1] * inner - 2 * (1 - x[:-1])
    slope[1:] += 200 * inner
    return slope


def logistic(w):
    """The mean negative log-likelihood of a logistic regression."""
    z = DATA @ w
    return float(np.mean(np.logaddexp(0.0, z) - LABELS * z))


def logistic_slope(w):
    """The gradient of `logistic`."""
    return DATA.T @ (1 / (1 + np.exp(-DATA @ w)) - LABELS) / len(DATA)


def cross_entropy(w):
    """The cross-entropy of a softmax regression."""
    logits = DATA @ w
    logits = logits - np.max(logits, axis=1, keepdims=True)
    log_sums = np.log(np.sum(np.exp(logits), axis=1))
    return float(np.mean(log_sums - logits[np.arange(8), CLASSES]))


def cross_entropy_slope(w, classes=CLASSES):
    """The gradient of `cross_entropy`."""
    logits = DATA @ w
    p = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    p /= np.sum(p, axis=1, keepdims=True)
    p[np.arange(8), classes] -= 1
    return DATA.T @ p / 8


def circle(x):
    """Polar to Cartesian coordinates and a product."""
    return np.array([x[0] * np.cos(x[1]), x[0] * np.sin(x[1]), x[0] * x[1]])


def circle_jacobian(x):
    """The Jacobian of `circle`."""
    c, s = np.cos(x[1]), np.sin(x[1])
    return np.array([[c, -x[0] * s], [s, x[0] * c], [x[1], x[0]]])


def swap(x):
    """A function of three numbers and as many results."""
    return np.array([x[0] ** 2 * x[1], x[1] * x[2], np.sin(x[0])])


def swap_jacobian(x):
    """The Jacobian of `swap`."""
    return np.array([[2 * x[0] * x[1], x[0] ** 2, 0], [0, x[2], x[1]], [np.cos(x[0]), 0, 0]])


def linear(x, w, b):
    """A sum of squares of a linear layer."""
    return float(np.sum((x @ w + b) ** 2))


def linear_slopes(x, w, b):
    """The gradients of `linear`."""
    y = 2 * (x @ w + b)
    return y @ w.T, x.T @ y, np.sum(y, axis=0)


LAYER = DATA[:4], RNG.normal(size=(3, 2)), np.array([0.3, -0.5])


def edited(slope: Callable[..., Any], change: Callable[[Any], Any]) -> Callable[..., Any]:
    """Return a gradient with a change made to its result."""
    return lambda *args: change(slope(*args))


def right(lib: Library) -> Iterator[Case]:
    """Yield the gradients without a slip."""
    yield Case("Rosenbrock's valley by hand", rosenbrock, (START,), rosenbrock_slope)
    yield Case("logistic regression by hand", logistic, (W,), logistic_slope)
    weights = RNG.normal(size=(3, 3))
    yield Case("softmax regression by hand", cross_entropy, (weights,), cross_entropy_slope)
    yield Case("a Jacobian by hand", circle, (np.array([1.5, 0.7]),), circle_jacobian)
    yield Case("gradients of three arguments by hand", linear, LAYER, linear_slopes)


def wrong(lib: Library) -> Iterator[Case]:
    """Yield the cases."""

    def of_rosenbrock(name, grad, start=START):
        return Case(name, rosenbrock, (start,), grad)

    def valley(inner=-400.0, outer=200.0, lone=-2.0, sign=1.0):
        def slope(x):
            gap = x[1:] - x[:-1] ** 2
            found = np.zeros(len(x))
            found[:-1] = inner * x[:-1] * gap + lone * (1 - sign * x[:-1])
            found[1:] += outer * gap
            return found

        return slope

    yield of_rosenbrock("Rosenbrock, 200 for 400", valley(inner=-200.0))
    yield of_rosenbrock("Rosenbrock, sign of the inner", valley(inner=400.0))
    yield of_rosenbrock("Rosenbrock, the last term's factor", valley(outer=100.0))
    yield of_rosenbrock("Rosenbrock, sign of the lone term", valley(lone=2.0))
    yield of_rosenbrock("Rosenbrock, 1 + x for 1 - x", valley(sign=-1.0))
    yield of_rosenbrock("Rosenbrock, 1.999 for 2", valley(lone=-1.999))

    def overwriting(x):
        found = valley()(x)
        found[1:-1] = (-400 * x[:-1] * (x[1:] - x[:-1] ** 2) - 2 * (1 - x[:-1]))[1:]
        return found

    yield of_rosenbrock("Rosenbrock, = for +=", overwriting)
    yield of_rosenbrock(
        "a gradient rolled by one", edited(rosenbrock_slope, lambda g: np.roll(g, 1))
    )
    yield of_rosenbrock("a list for an array", edited(rosenbrock_slope, list))
    yield of_rosenbrock("a column", edited(rosenbrock_slope, lambda g: g[:, None]))
    yield of_rosenbrock(
        "a gradient one too long", edited(rosenbrock_slope, lambda g: np.append(g, 0))
    )
    yield of_rosenbrock("a gradient one too short", edited(rosenbrock_slope, lambda g: g[:-1]))
    yield of_rosenbrock("a sum of the gradient", edited(rosenbrock_slope, np.sum))
    yield of_rosenbrock("no return", edited(rosenbrock_slope, lambda g: None))
    yield of_rosenbrock(
        "a NaN among numbers", edited(rosenbrock_slope, lambda g: np.where(g > 111, np.nan, g))
    )
    yield of_rosenbrock("a gradient in float32", edited(rosenbrock_slope, np.float32))
    yield of_rosenbrock(
        "through float32, by hand", edited(rosenbrock_slope, lambda g: g.astype("f4").astype("f8"))
    )
    yield of_rosenbrock(
        "a gradient cut to integers", edited(rosenbrock_slope, lambda g: g.astype(int))
    )
    yield of_rosenbrock("a gradient in an array of integers", integers)
    yield of_rosenbrock("a gradient in text", edited(rosenbrock_slope, lambda g: g.astype(str)))
    yield of_rosenbrock("a gradient with its value", lambda x: (rosenbrock(x), rosenbrock_slope(x)))
    yield of_rosenbrock("the Hessian's diagonal", lambda x: np.full(len(x), 200.0))

    def halving(x):
        x *= 0.5
        return rosenbrock_slope(2 * x)

    yield of_rosenbrock("a gradient that writes into its input", halving, START.copy())
    memory: list[Any] = []

    def stale(x):
        memory.append(rosenbrock_slope(x))
        return memory[-1] if len(memory) == 1 else memory[-1] + memory[-2]

    yield of_rosenbrock("gradients that accumulate, by hand", stale)
    noise = np.random.default_rng(4)
    yield of_rosenbrock(
        "a noisy gradient",
        edited(rosenbrock_slope, lambda g: g * (1 + 1e-3 * noise.normal(size=4))),
    )
    yield of_rosenbrock(
        "a gradient by coarse differences", lambda x: differences(rosenbrock, x, 1e-3)
    )

    yield Case("logistic loss, no 1 / n", logistic, (W,), lambda w: 8 * logistic_slope(w))
    yield Case("logistic loss, sign", logistic, (W,), lambda w: -logistic_slope(w))
    yield Case(
        "logistic loss, labels of -1 and 1",
        logistic,
        (W,),
        lambda w: DATA.T @ (1 / (1 + np.exp(-DATA @ w)) - (2 * LABELS - 1)) / 8,
    )
    yield Case(
        "logistic loss, extra slope of the sigmoid",
        logistic,
        (W,),
        lambda w: DATA.T @ ((p := 1 / (1 + np.exp(-DATA @ w))) - LABELS) * np.mean(p * (1 - p)) / 8,
    )
    yield Case(
        "logistic loss, penalty left in", logistic, (W,), lambda w: logistic_slope(w) + 1e-3 * w
    )
    weights = RNG.normal(size=(3, 3))
    yield Case(
        "cross-entropy, labels off by one",
        cross_entropy,
        (weights,),
        lambda w: cross_entropy_slope(w, (CLASSES + 1) % 3),
    )
    yield Case(
        "cross-entropy, transposed", cross_entropy, (weights,), lambda w: cross_entropy_slope(w).T
    )
    yield Case(
        "cross-entropy, labels forgotten",
        cross_entropy,
        (weights,),
        lambda w: cross_entropy_slope(w) + DATA.T @ np.eye(3)[CLASSES] / 8,
    )
    yield Case(
        "cross-entropy, one sample's label",
        cross_entropy,
        (weights,),
        lambda w: cross_entropy_slope(w, np.where(np.arange(8) == 5, 0, CLASSES)),
    )

    polar = np.array([1.5, 0.7])
    yield Case("a Jacobian transposed", circle, (polar,), lambda x: circle_jacobian(x).T)
    yield Case("a square Jacobian transposed", swap, (W,), lambda x: swap_jacobian(x).T)
    yield Case(
        "a Jacobian's rows swapped", circle, (polar,), lambda x: circle_jacobian(x)[[1, 0, 2]]
    )
    yield Case(
        "a Jacobian's columns swapped", circle, (polar,), lambda x: circle_jacobian(x)[:, ::-1]
    )
    yield Case(
        "a Jacobian summed to a gradient", circle, (polar,), lambda x: circle_jacobian(x).sum(0)
    )
    yield Case("a diagonal for a Jacobian", lambda x: x * x, (W,), lambda x: 2 * x)
    yield Case("one sign in a Jacobian", circle, (polar,), lambda x: abs(circle_jacobian(x)))
    yield Case(
        "an outer product for a gradient", logistic, (W,), lambda w: np.outer(logistic_slope(w), w)
    )

    def layer(name, change):
        return Case(name, linear, LAYER, lambda *args: change(*linear_slopes(*args)))

    yield layer("gradients of two arguments swapped", lambda x, w, b: (w, x, b))
    yield layer("a bias not summed over the batch", lambda x, w, b: (x, w, b + 0 * x[:, :2]))
    yield layer("a bias averaged over the batch", lambda x, w, b: (x, w, b / 4))
    yield layer("weights transposed", lambda x, w, b: (x, w.T, b))
    yield layer("one gradient left out", lambda x, w, b: (x, w))
    yield layer("no gradient of one argument", lambda x, w, b: (x, None, b))
    yield layer("zeros for one argument", lambda x, w, b: (x, 0 * w, b))
    yield layer("the bias's sign", lambda x, w, b: (x, w, -b))
    yield layer("a dict of gradients", lambda x, w, b: {"x": x, "w": w, "b": b})

    point = np.float64(1.7)
    yield Case("x to the x, power rule", lambda x: x**x, (1.7,), lambda x: x * x ** (x - 1))
    yield Case(
        "degrees for radians",
        lambda x: np.sin(np.radians(x)),
        (30.0,),
        lambda x: np.cos(np.radians(x)),
    )
    yield Case("logarithm of base ten", np.log10, (point,), lambda x: 1 / x)
    yield Case(
        "an integral's integrand, shifted",
        lambda x: float(np.arctan(x)),
        (1.7,),
        lambda x: 1 / (1 + (x + 1e-3) ** 2),
    )
    tree = {"w": np.array([1.0, 2.0]), "b": 0.5}
    yield Case(
        "a dict, the keys swapped",
        lambda m: float(np.sum(m["w"] ** 2) * m["b"]),
        (tree,),
        lambda m: {"w": 2 * m["w"], "b": float(np.sum(m["w"] ** 2))},
    )


def integers(x):
    """The gradient of `rosenbrock`, collected in an array made by zeros_like of integers."""
    found = np.zeros_like(np.rint(x).astype(int))
    found[:] = rosenbrock_slope(x)
    return found


def differences(f, x, step):
    """Forward differences."""
    return np.array([(f(x + step * row) - f(x)) / step for row in np.eye(len(x))])
