"""Right, and hard because they are not ours: gradients written by hand, and their manners."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.planted.case import Case
from benchmarks.planted.library import Library

V = np.array([0.5, -2.0, 4.0, 1.3])
SPD = np.array([[2.0, 0.3, -0.1], [0.3, 1.0, 0.2], [-0.1, 0.2, 0.5]])


def right(lib: Library) -> Iterator[Case]:
    """Yield the cases."""
    yield Case("math.log near 0", math.log, (1e-6,), lambda x: 1 / x)
    yield Case("math.sqrt near 0", math.sqrt, (1e-12,), lambda x: 0.5 / math.sqrt(x))
    yield Case("math.asin near 1", math.asin, (0.9999,), lambda x: 1 / math.sqrt(1 - x * x))
    yield Case("math.acosh near 1", math.acosh, (1.0001,), lambda x: 1 / math.sqrt(x * x - 1))
    yield Case("math.exp near its end", math.exp, (709.0,), math.exp)
    yield Case(
        "math.erf far out", math.erf, (5.0,), lambda x: 2 / math.sqrt(math.pi) * math.exp(-x * x)
    )

    def asserts(x):
        assert np.all(abs(x) <= 1), "outside"
        return float(np.sum(np.arcsin(x)))

    yield Case(
        "asserts its domain", asserts, (np.array([0.999, -0.5]),), lambda x: 1 / np.sqrt(1 - x * x)
    )

    def raises(x):
        if x <= 0:
            raise RuntimeError("no logarithm of that")
        return math.log(x)

    yield Case("raises an error of its own", raises, (1e-3,), lambda x: 1 / x)
    table = np.linspace(0, 1, 11)

    def chord(x):
        i = int(x * 10)
        return table[i] + table[min(i + 1, 10)]

    def looked_up(x):
        i = int(x * 10)
        return table[i] ** 2 + (x - table[i]) * (table[i + 1] + table[i])

    yield Case("a table that ends", looked_up, (0.9999,), chord)

    def interpolated(x):
        return float(np.interp(x, table, table**2))

    yield Case("interpolation at a knot", interpolated, (0.5,), chord)
    yield Case("interpolation near a knot", interpolated, (0.5 + 1e-7,), chord)

    def cholesky(a):
        low = np.linalg.cholesky((a + a.T) / 2)
        return float(2 * np.sum(np.log(np.diag(low))))

    yield Case(
        "Cholesky's log-determinant", cholesky, (SPD,), lambda a: np.linalg.inv((a + a.T) / 2)
    )
    nearly = np.diag([1.0, 1e-6, 1.0])
    yield Case(
        "Cholesky near its border", cholesky, (nearly,), lambda a: np.linalg.inv((a + a.T) / 2)
    )
    buffer = np.zeros(4)

    def into_buffer(x):
        np.multiply(2, x, out=buffer)
        return buffer

    yield Case("a gradient in a buffer", lambda x: float(np.sum(x * x)), (V,), into_buffer)
    room = np.zeros(4)

    def reused(x):
        np.multiply(x, x, out=room)
        return room

    yield Case("a result in a buffer", reused, (V,), lambda x: np.diag(2 * x))

    @functools.cache
    def remembered(entries: tuple[float, ...]) -> float:
        return sum(math.sin(x) for x in entries)

    yield Case("a function with a memory", lambda x: remembered(tuple(x)), (V,), np.cos)
    yield Case("random numbers with a seed", noisy, (V,), noisy_slope)
    yield Case("bisection to 1e-12", root, (2.0,), lambda x: 1 / (3 * root(x) ** 2 + 1))
    yield Case("Newton to 1e-10", newton, (0.5,), lambda m: 1 / (1 - 0.9 * math.cos(newton(m))))
    yield Case("a quadrature", quadrature, (1.3,), quadrature_slope)
    yield Case(
        "float32 by hand", lambda x: float(np.sum(x * x)), (V.astype("f4"),), lambda x: 2 * x
    )
    yield Case("one result in an array", lambda x: np.array([np.sum(x * x)]), (V,), lambda x: 2 * x)
    yield Case(
        "a scalar in a 0-d array", lambda x: np.array(x * x), (1.5,), lambda x: np.array(2 * x)
    )
    yield Case(
        "a Jacobian of one column",
        lambda x: np.array([x, x * x]),
        (1.5,),
        lambda x: np.array([1.0, 2 * x]),
    )
    yield Case(
        "a wide Jacobian",
        lambda x: np.array([np.sum(x), x[0] * x[1]]),
        (V,),
        lambda x: np.array([[1.0, 1, 1, 1], [x[1], x[0], 0, 0]]),
    )
    yield Case(
        "a Jacobian of a matrix",
        lambda a: a.T * 2.0,
        (SPD,),
        lambda a: 2.0 * np.einsum("il,jk->ijkl", np.eye(3), np.eye(3)),
    )
    yield Case(
        "complex by hand", lambda z: float(np.sum(abs(z) ** 2)), (V + 1j,), lambda z: 2 * np.conj(z)
    )
    yield Case("read-only", lambda x: float(np.sum(x**3)), (read_only(V),), lambda x: 3 * x**2)
    yield Case(
        "of another byte order",
        lambda x: float(np.sum(x**3)),
        (V.astype(">f8"),),
        lambda x: 3 * x**2,
    )
    yield Case(
        "two arguments and a number",
        lambda x, n, w: float(np.sum(x**n) * w),
        (V, 2, 0.5),
        lambda x, n, w: (n * x ** (n - 1) * w, np.sum(x**n)),
    )
    yield Case(
        "abs by hand, 0 at 0", lambda x: float(np.sum(abs(x))), (np.array([0.0, 1.0]),), np.sign
    )
    yield Case(
        "abs by hand, 1 at 0",
        lambda x: float(np.sum(abs(x))),
        (np.array([0.0, 1.0]),),
        lambda x: np.where(x < 0, -1.0, 1.0),
    )
    yield Case(
        "norm by hand, 0 at 0",
        lambda x: float(np.linalg.norm(x)),
        (np.zeros(3),),
        lambda x: x / (np.linalg.norm(x) or 1.0),
    )
    yield Case(
        "relu by hand, one half at 0",
        lambda x: max(x, 0.0),
        (0.0,),
        lambda x: (np.sign(x) + 1) / 2,
    )
    yield Case("Lasso by hand", lasso, (np.array([0.0, 0.7, -0.2]),), lasso_slope)
    yield Case(
        "stairs of a millionth", lambda x: float(np.round(x, 6)), (0.3000002,), lambda x: 0.0
    )
    yield Case("a median", lambda x: float(np.median(x)), (V,), median_slope)
    yield Case(
        "an argmax's entry",
        lambda x: float(x[np.argmax(x)] ** 2),
        (V,),
        lambda x: np.where(x == x.max(), 2 * x, 0.0),
    )
    yield Case("Rosenbrock far away", valley, (np.array([1e4, -1e3]),), valley_slope)
    yield Case("Rosenbrock at its minimum", valley, (np.array([1.0, 1.0]),), valley_slope)
    yield Case(
        "a least square at its minimum",
        lambda x: float(np.sum((x - V) ** 2)),
        (V.copy(),),
        lambda x: 2 * (x - V),
    )
    yield Case(
        "dates",
        lambda t: float(np.sum(np.sin((t - 1.7e9) / 3600))),
        (1.7e9 + 1000 * V,),
        lambda t: np.cos((t - 1.7e9) / 3600) / 3600,
    )


class Wave:
    """sin(frequency · x)."""

    def __init__(self, frequency: float) -> None:
        self.frequency = frequency

    def __call__(self, x: float) -> float:
        return math.sin(self.frequency * x)

    def slope(self, x: float) -> float:
        """The derivative."""
        return self.frequency * math.cos(self.frequency * x)


def noisy(x: Any) -> float:
    """Return a sum with weights drawn from a fixed seed."""
    return float(np.sum(np.random.default_rng(0).normal(size=4) * x**2))


def noisy_slope(x: Any) -> Any:
    """The gradient of `noisy`."""
    return 2 * np.random.default_rng(0).normal(size=4) * x


def root(x: float) -> float:
    """Return y with y³ + y = x, by bisection."""
    low, high = 0.0, 10.0
    while high - low > 1e-12:
        middle = (low + high) / 2
        low, high = (middle, high) if middle**3 + middle < x else (low, middle)
    return (low + high) / 2


def newton(m: float) -> float:
    """Return e with e - 0.9 sin e = m, to 1e-10."""
    e = m
    while abs(step := (e - 0.9 * math.sin(e) - m) / (1 - 0.9 * math.cos(e))) > 1e-10:
        e -= step
    return e - step


GRID = np.linspace(0, 1, 1001)


def quadrature(a: float) -> float:
    """Return the integral of exp(a t²) from 0 to 1, by trapezoids."""
    return float(np.trapezoid(np.exp(a * GRID**2), GRID))


def quadrature_slope(a: float) -> float:
    """The derivative of `quadrature`."""
    return float(np.trapezoid(GRID**2 * np.exp(a * GRID**2), GRID))


def read_only(x: Any) -> Any:
    """Return a copy that cannot be written into."""
    x = x.copy()
    x.setflags(write=False)
    return x


def lasso(w: Any) -> float:
    """Return a square error with an absolute penalty."""
    return float(np.sum((SPD @ w - 1) ** 2) + 0.3 * np.sum(abs(w)))


def lasso_slope(w: Any) -> Any:
    """A gradient of `lasso`."""
    return 2 * SPD.T @ (SPD @ w - 1) + 0.3 * np.sign(w)


def median_slope(x: Any) -> Any:
    """The derivative of the median of four numbers."""
    slope = np.zeros(4)
    slope[np.argsort(x, kind="stable")[1:3]] = 0.5
    return slope


def valley(x: Any) -> float:
    """Rosenbrock's valley."""
    return float((1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2)


def valley_slope(x: Any) -> Any:
    """The gradient of `valley`."""
    gap = x[1] - x[0] ** 2
    return np.array([-2 * (1 - x[0]) - 400 * x[0] * gap, 200 * gap])
