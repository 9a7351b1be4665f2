"""Right, and hard for what they are: linear algebra, complex numbers, forms, long programs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.planted.case import Case
from benchmarks.planted.library import Library

RNG = np.random.default_rng(5)
V = np.array([0.5, -2.0, 4.0, 1.3])
A = RNG.normal(size=(3, 3))
SPREAD = np.diag([1.0, 1e-4, 1e-8]) + 1e-9 * A
SPD = A @ A.T + np.eye(3)
Z = np.array([1 + 2j, 0.5 - 1j, -1.5 + 0.3j])


def linear_algebra(lib: Library) -> Iterator[Case]:
    """Yield cases of matrices."""
    xp = lib.xp
    linalg = xp.linalg

    def symmetric(a):
        return (a + a.T) / 2

    yield Case("inverse", linalg.inv, (A,))
    yield Case("inverse, condition 1e6", linalg.inv, (np.array([[1.0, 1.0], [1.0, 1.000001]]),))
    yield Case("inverse, condition 1e8", linalg.inv, (SPREAD,), order=1)
    yield Case("solve, condition 1e8", lambda a, b: linalg.solve(a, b), (SPREAD, A), order=1)
    yield Case(
        "solve, Hilbert's matrix", lambda a, b: linalg.solve(a, b), (hilbert(5), np.ones((5, 1)))
    )
    yield Case("determinant", linalg.det, (A,))
    yield Case("determinant near 0", linalg.det, (np.array([[1.0, 2.0], [0.5, 1.0 + 1e-9]]),))
    yield Case("log of a determinant", lambda a: linalg.slogdet(a)[1], (SPD,))
    yield Case("log of a small determinant", lambda a: linalg.slogdet(a)[1], (1e-6 * SPD,))
    yield Case("Cholesky", lambda a: linalg.cholesky(symmetric(a)), (SPD,))
    yield Case(
        "singular values, near equal",
        lambda a: svdvals(xp, a),
        (np.eye(3) * [1.0, 1.001, 2.0],),
        order=1,
    )
    yield Case(
        "eigenvalues, near equal",
        lambda a: linalg.eigvalsh(symmetric(a)),
        (np.diag([1.0, 1.001, 2.0]) + 1e-4 * SPD,),
        order=1,
    )
    yield Case("a function of eigenvectors", lambda a: projector(xp, symmetric(a)), (SPD,), order=1)
    yield Case("Frobenius norm", lambda a: linalg.norm(a), (A,))
    yield Case("a power of a matrix", lambda a: linalg.matrix_power(a, 5), (A / 2,))
    yield Case(
        "Gaussian process", lambda s: gaussian_process(xp, s), (np.array([-1.0, 0.3, -2.0]),)
    )
    yield Case(
        "quadratic form, large and small", lambda x, a: x @ a @ x, (np.array([1e6, 1.0, 1e-6]), SPD)
    )


def complex_numbers(lib: Library) -> Iterator[Case]:
    """Yield cases of complex numbers."""
    xp = lib.xp
    yield Case("holomorphic", lambda z: xp.exp(z) * z, (Z,))
    yield Case("complex, a quotient", lambda z: 1 / (1 + z * z), (Z,))
    yield Case("squared absolute value", lambda z: xp.real(z * xp.conj(z)), (Z,))
    yield Case("absolute value", lambda z: abs(z), (Z,))
    yield Case("absolute value, near 0", lambda z: abs(z), (1e-9 * Z,))
    yield Case("angle", lambda z: xp.angle(z), (Z,))
    yield Case("fft", xp.fft.fft, (V,))
    yield Case("spectrum", lambda x: abs(xp.fft.fft(x)) ** 2, (V,))
    yield Case("inverse fft", lambda z: xp.real(xp.fft.ifft(z)), (Z,))
    yield Case("complex from real", lambda x: xp.real(xp.exp(1j * x) * (2 - 1j)), (V,))
    yield Case("complex, tiny beside large", lambda z: xp.real(z * z), (np.array([1e8 + 1e-3j]),))
    yield Case("complex square root near its cut", xp.sqrt, (np.array([-1 + 1e-6j, -2 - 1e-4j]),))


def forms(lib: Library) -> Iterator[Case]:
    """Yield cases of unusual arguments and results."""
    xp = lib.xp
    model = {"w": [1.0, np.array([2.0, 3.0])], "b": 0.5}
    yield Case("empty", lambda x: xp.sum(x * x), (np.zeros((0, 3)),))
    yield Case("empty results", lambda x: xp.tanh(x), (np.zeros((2, 0)),))
    yield Case("one entry", lambda x: x * x, (np.array([[3.0]]),))
    yield Case("0-d", lambda x: xp.exp(x) * x, (np.array(0.7),))
    yield Case("a float", lambda x: x * x * x, (1.5,))
    yield Case("integers beside floats", lambda x, n: xp.sum(x**3) * n, (V, 3))
    yield Case("indices beside floats", lambda x, n: x[n] * 2.0, (V, np.array([0, 0, 2])))
    yield Case("a dict", lambda m: m["w"][0] ** 2 + xp.sum(xp.exp(m["w"][1])) * m["b"], (model,))
    yield Case("results in a tuple", lambda x: (xp.sin(x), xp.sum(x)), (V,))
    yield Case("results in a dict", lambda x: {"a": x * x, "b": xp.sum(x)}, (V,))
    yield Case("results in a list", lambda x, w: [x * w, x + w], (V, V[::-1].copy()))
    yield Case("an argument that is not used", lambda x, w: xp.sum(x * x), (V, V.copy()))
    yield Case("an argument given back", lambda x: x, (V,))
    yield Case("a view", lambda x: x[::2], (V,))
    yield Case("a transposed argument", lambda a: xp.sum(a * a, axis=0), (A.T,))
    yield Case("read backwards", lambda x: xp.cumsum(x, axis=0), (V[::-1],))
    yield Case("broadcast to a matrix", lambda x, w: x[:, None] * w[None, :], (V, V[:3].copy()))
    yield Case("broadcast from size 1", lambda x, w: xp.exp(x) * w, (V, np.array([[0.3]])))
    yield Case("a float beside an array", lambda x, w: xp.sum(x) * w, (V, 0.3))


def programs(lib: Library) -> Iterator[Case]:
    """Yield long and iterative programs."""
    xp = lib.xp
    yield Case(
        "10,000 operations", lambda x: chain(xp, x, 10_000), (np.array([0.3, 0.5]),), order=1
    )
    yield Case("1,000 operations that grow", lambda x: growth(x, 1000), (np.array([0.1]),))
    yield Case("Newton's square root", lambda x: newton(x), (np.array([2.0, 1e-4, 1e6]),))
    yield Case(
        "a fixed point to 1e-10", lambda x: fixed_point(xp, x), (np.array([0.3, 0.8]),), order=1
    )
    yield Case("Kepler's equation", lambda m: kepler(xp, m), (np.array([0.5, 3.0]),))
    yield Case("a chaotic map", lambda x: logistic_map(x, 20), (np.array([0.3]),))
    yield Case("an ODE", lambda p: ode(p), (np.array([1.0, 0.5]),))
    yield Case(
        "a loss over 100,000 entries",
        lambda x: xp.sum(xp.log1p(xp.exp(x))),
        (np.linspace(-3, 3, 100_000),),
        order=1,
    )
    yield Case(
        "Rosenbrock's valley, 30",
        lambda x: xp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2),
        (np.linspace(-1.2, 1, 30),),
    )
    yield Case(
        "tanh network",
        lambda x, w, b: xp.sum(xp.tanh(xp.tanh(x @ w + b) @ w.T)),
        (RNG.normal(size=(4, 3)), A, np.array([0.1, -2.0, 8.0])),
    )
    yield Case("attention", lambda q, k: attention(xp, q, k), (A, A.T.copy()))
    yield Case(
        "layer norm",
        lambda x: (x - xp.mean(x)) / xp.sqrt(xp.mean((x - xp.mean(x)) ** 2) + 1e-5),
        (V,),
    )
    yield Case(
        "a value-dependent branch", lambda x: x * x if x > 1 else xp.sin(x), (np.array(1.0 + 1e-6),)
    )
    yield Case("a loop that ends by value", lambda x: halved(x), (np.array(37.3),))
    yield Case(
        "a polynomial near its root", lambda x: (x - 1) ** 5, (np.array([1 + 1e-4, 1 - 1e-3]),)
    )
    yield Case(
        "the same, expanded",
        lambda x: x**3 - 3 * x**2 + 3 * x - 1,
        (np.array([1 + 1e-4, 1 - 1e-3]),),
    )
    yield Case("variance by squares", lambda x: xp.mean(x * x) - xp.mean(x) ** 2, (1e4 + V,))


def hilbert(n):
    """Return Hilbert's matrix."""
    i = np.arange(n)
    return 1.0 / (1 + i[:, None] + i[None, :])


def svdvals(xp, a):
    """Return the singular values."""
    return xp.linalg.svd(a, full_matrices=False)[1]


def projector(xp, a):
    """Return the projection on the largest eigenvector."""
    v = xp.linalg.eigh(a)[1][:, -1]
    return xp.outer(v, v)


def gaussian_process(xp, s):
    """Return the log marginal likelihood of a Gaussian process with log scales."""
    t = np.linspace(0, 5, 8)
    gaps = xp.asarray((t[:, None] - t[None, :]) ** 2)
    y = xp.asarray(np.sin(t))
    kernel = xp.exp(s[0] - 0.5 * gaps * xp.exp(-2 * s[1])) + xp.exp(s[2]) * xp.asarray(np.eye(8))
    return -0.5 * xp.sum(y * xp.linalg.solve(kernel, y)) - 0.5 * xp.linalg.slogdet(kernel)[1]


def chain(xp, x, n):
    """Return x after n operations."""
    for _ in range(n // 2):
        x = xp.sin(x) * 1.0001
    return x


def growth(x, n):
    """Return x after n steps of interest."""
    y = x
    for _ in range(n):
        y = y + 0.01 * y
    return y * y


def newton(x):
    """Return the square root by 40 steps of Newton's method."""
    y = 0.5 * (x + 1)
    for _ in range(40):
        y = 0.5 * (y + x / y)
    return y


def fixed_point(xp, x):
    """Return y = cos(x y), to 1e-10."""
    y, before = xp.cos(x), 0 * x
    while float(np.max(np.abs(numbers(y) - numbers(before)))) > 1e-10:
        y, before = xp.cos(x * y), y
    return y


def numbers(x):
    """Return the numbers in an array of any library."""
    x = x.detach() if hasattr(x, "detach") else x
    while hasattr(x, "_value"):
        x = x._value
    return np.asarray(getattr(x, "data", x) if type(x).__name__ == "Value" else x)


def kepler(xp, m):
    """Return the eccentric anomaly at an eccentricity of 0.9."""
    e = m
    for _ in range(30):
        e = e - (e - 0.9 * xp.sin(e) - m) / (1 - 0.9 * xp.cos(e))
    return e


def logistic_map(x, n):
    """Return x after n steps of a chaotic map."""
    for _ in range(n):
        x = 3.9 * x * (1 - x)
    return x


def ode(p):
    """Return a pendulum's angle after 100 steps."""
    angle, speed = p[0], p[1]
    for _ in range(100):
        speed = speed - 0.05 * (angle - angle * angle * angle / 6)
        angle = angle + 0.05 * speed
    return angle


def attention(xp, q, k):
    """Return softmax(q kᵀ) k."""
    e = xp.exp(q @ k.T)
    return (e / xp.sum(e, axis=1)[:, None]) @ k


def halved(x):
    """Return x, halved until it is below 1, squared."""
    while x > 1:
        x = x / 2
    return x * x
