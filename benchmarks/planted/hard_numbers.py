"""Right, and hard for their numbers: precision, size, saturation, cancellation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.planted.case import Case
from benchmarks.planted.library import Library

V = np.array([0.5, -2.0, 4.0, 1.3])
F4, F2 = V.astype(np.float32), V.astype(np.float16)
MIXED = np.array([1e8, 1e-8, 1.0, -1e4])


def precision(lib: Library) -> Iterator[Case]:
    """Yield cases of low precision."""
    xp = lib.xp
    yield Case("float32", lambda x: xp.sum(xp.exp(xp.sin(x)) / (1 + x * x)), (F4,))
    yield Case("float32, elementwise", lambda x: xp.tanh(x) * xp.exp(-x), (F4,))
    yield Case("float32, large", lambda x: xp.sum(x * x * x), (F4 * np.float32(1e8),))
    yield Case("float32, tiny", lambda x: xp.sum(x * x), (F4 * np.float32(1e-8),))
    yield Case("float32, near a kink", lambda x: xp.sum(abs(x)), (F4 * np.float32(1e-7),))
    yield Case(
        "float32, small beside large",
        lambda x: 1e4 + xp.sin(x),
        (np.float32(0.4) * np.ones(1, "f4"),),
    )
    yield Case(
        "float32, softmax",
        lambda x: (lambda e: xp.sum((e / xp.sum(e)) ** 2))(xp.exp(x - xp.max(x))),
        (np.array([20.0, 1.0, -3.0], np.float32),),
    )
    yield Case("float32 beside float64", lambda x, w: xp.sum(xp.sin(x) * w), (F4, V))
    yield Case(
        "float32, matmul",
        lambda a, b: xp.tanh(a @ b),
        (F4.reshape(2, 2), F4.reshape(2, 2).T.copy()),
    )
    yield Case(
        "float32, mean of 1,000",
        lambda x: xp.mean(xp.sin(x) ** 2),
        (np.linspace(-3, 3, 1000, dtype=np.float32),),
        order=1,
    )
    yield Case(
        "float32, saturated",
        lambda x: 1 / (1 + xp.exp(-x)),
        (np.array([-15.0, 20.0, 0.1], np.float32),),
    )
    yield Case(
        "float32, variance by squares",
        lambda x: xp.mean(x * x) - xp.mean(x) ** 2,
        (F4 + np.float32(100),),
    )
    yield Case("float32, 1 - cos near 0", lambda x: 1 - xp.cos(x), (F4 / np.float32(100),))
    yield Case("float32, log-sum-exp", lambda x: xp.log(xp.sum(xp.exp(x))), (F4 * np.float32(8),))
    yield Case("float32, inverse", xp.linalg.inv, (F4.reshape(2, 2),))
    yield Case(
        "float32, norm of 1,000",
        lambda x: xp.sqrt(xp.sum(x * x)),
        (np.linspace(-3, 3, 1000, dtype="f4"),),
    )
    yield Case("float32, power of 20", lambda x: x**20, (F4 / 3,))
    yield Case(
        "float32, at a kink", lambda x: abs(x) * xp.exp(x), (np.array([0.0, -1.0, 1e-7], "f4"),)
    )
    yield Case("float32, a float", lambda x: xp.tanh(x) / x, (np.float32(0.3) * np.ones((), "f4"),))
    yield Case("float32, products", lambda x: xp.cumsum(xp.sin(x) * x, axis=0), (F4,))
    yield Case("float16, softmax", lambda x: softmax(xp, x), (F2,))
    yield Case("float16, tiny", lambda x: x * 3, (F2 / np.float16(1000),))
    yield Case("float16, mean", lambda x: xp.mean(x * x * x), (F2,))
    yield Case(
        "through float32 and back",
        lib.op(lambda x: lib.through_float32(x) ** 2.0, lambda g, y, x: 2 * g * x),
        (V / 3,),
        order=1,
    )
    yield Case("complex64, holomorphic", lambda z: xp.exp(z) * z, ((V / 2 + 0.5j).astype("c8"),))
    yield Case("complex64, absolute value", lambda z: abs(z), ((V + 1j).astype("c8"),))
    yield Case("float16", lambda x: xp.sum(x * x + x), (F2,))
    yield Case("float16, elementwise", lambda x: xp.sin(x) * x, (F2,))
    yield Case("float16, division", lambda x: 1 / (1 + x * x), (F2,))
    yield Case(
        "complex64", lambda z: xp.sum(xp.real(z * xp.conj(z))), ((V + 1j).astype(np.complex64),)
    )


def size(lib: Library) -> Iterator[Case]:
    """Yield cases of huge, tiny and mixed numbers."""
    xp = lib.xp
    yield Case("values of 1e8", lambda x: xp.sum(x * x), (1e8 * V,))
    yield Case("cube of 1e8", lambda x: x**3, (1e8 * V,))
    yield Case("values of 1e-8", lambda x: xp.sum(x * x), (1e-8 * V,))
    yield Case("values of 1e-8, sine", lambda x: xp.sin(x) * xp.exp(x), (1e-8 * V,))
    yield Case("values of 1e-300", lambda x: 3 * x + x * x, (1e-300 * V,))
    yield Case("values of 1e150", lambda x: xp.sqrt(x) + x * 1e-150, (1e150 * abs(V),))
    yield Case("values of 1e150, squared", lambda x: x * x, (1e150 * V,))
    yield Case("from 1e-8 to 1e8, cubes", lambda x: xp.sum(x**3), (MIXED,))
    yield Case("from 1e-8 to 1e8, elementwise", lambda x: xp.arctan(x) + x, (MIXED,))
    yield Case("from 1e-8 to 1e8, reciprocals", lambda x: 1 / x, (MIXED,))
    yield Case("1e8 times 1e-8", lambda x, w: xp.sum(x * w), (1e8 * V, 1e-8 * V))
    yield Case("1e10 plus a sine", lambda x: 1e10 + xp.sin(x), (V,))
    yield Case("1e-30 times a sine", lambda x: 1e-30 * xp.sin(x), (V,))
    yield Case("1e30 times a sine", lambda x: 1e30 * xp.sin(x), (V,))
    yield Case("large and back", lambda x: (x + 1e8) - 1e8, (V,))
    yield Case("a square less a square", lambda x: x * x - 1e16, (1e8 + V,))
    yield Case("steep", lambda x: xp.exp(x), (np.array([50.0, -50.0, 0.0]),))
    yield Case("at the end of the range", lambda x: xp.exp(x), (np.array([-700.0, 700.0]),))
    yield Case("power of 50", lambda x: x**50, (np.array([1.3, 0.7]),))
    yield Case("power of -3", lambda x: x**-3.0, (np.array([1e-3, 20.0]),))
    yield Case("fast waves", lambda x: xp.sin(1e4 * x), (V,))
    yield Case("very fast waves", lambda x: xp.sin(1e6 * x), (np.array([1.0]),))
    yield Case("sine of 1e8", xp.sin, (np.array([1e8, 3e7]),))
    yield Case("waves that quicken", lambda x: xp.sin(1 / x), (np.array([0.01, 0.3]),))
    yield Case(
        "a narrow bump", lambda x: xp.exp(-((x - 1) ** 2) * 1e6), (np.array([1.0003, 0.9995]),)
    )
    yield Case("a bump seen from afar", lambda x: xp.exp(-x * x), (np.array([6.0, -5.0]),))
    yield Case(
        "sum of a million",
        lambda x: xp.mean((x - 0.3) ** 2),
        (np.linspace(-1, 1, 1_000_000),),
        order=1,
    )
    yield Case("zeros beside 1e8", xp.sin, (np.array([0.0, 1e8, 0.0]),))
    yield Case("zeros beside 1e-8", lambda x: xp.exp(x) * x, (np.array([0.0, 1e-8, 0.0]),))
    yield Case(
        "a wave at its period", lambda x: xp.sin(2 * np.pi * x), (np.array([1024.0, 512.0]),)
    )
    yield Case("a ripple", lambda x: x + 1e-7 * xp.sin(1e7 * x), (np.array([0.3, 1.7]),))
    yield Case("at nothing", lambda x: xp.sin(x) + x * x, (np.zeros(3),))
    yield Case("subnormal", lambda x: 3 * x, (np.array([5e-310, -2e-308]),))
    yield Case("a constant", lambda x: xp.sum(x * 0.0) + 3.0, (V,))
    yield Case("a slope of 1e-12", lambda x: 1e-12 * x + 1.0, (V,))


def borders(lib: Library) -> Iterator[Case]:
    """Yield cases near the borders of domains, and saturated."""
    xp, special, activations = lib.xp, lib.special, lib.activations
    yield Case("log near 0", xp.log, (np.array([1e-10, 1e-100, 0.5]),))
    yield Case("sqrt near 0", xp.sqrt, (np.array([1e-12, 1e-6]),))
    yield Case("sqrt at 1e-300", xp.sqrt, (np.array([1e-300]),))
    yield Case("reciprocal near 0", lambda x: 1 / x, (np.array([1e-6, -1e-9]),))
    yield Case("a root of a tenth near 0", lambda x: x**0.1, (np.array([1e-9, 1e-3]),))
    yield Case("arcsin near 1", xp.arcsin, (np.array([0.999999, -0.999]),))
    yield Case("arccosh near 1", xp.arccosh, (np.array([1.000001, 5.0]),))
    yield Case("arctanh near 1", xp.arctanh, (np.array([0.9999999, -0.99]),))
    yield Case("log1p near -1", xp.log1p, (np.array([-0.9999, -0.99999999]),))
    yield Case("log1p near 0", xp.log1p, (np.array([1e-12, -1e-15]),))
    yield Case("expm1 near 0", xp.expm1, (np.array([1e-12, -1e-15]),))
    yield Case("logarithm near 1", xp.log, (np.array([1 + 1e-10, 1 - 1e-12]),))
    yield Case("tan near its pole", xp.tan, (np.array([1.57, 1.5707]),))
    yield Case("x log x near 0", lambda x: x * xp.log(x), (np.array([1e-10, 1e-5]),))
    yield Case("sine over x near 0", lambda x: xp.sin(x) / x, (np.array([1e-4, 0.1]),))
    yield Case(
        "arctan2 near its cut", xp.arctan2, (np.array([1e-6, -1e-3]), np.array([-1.0, -2.0]))
    )
    yield Case("hypot by an axis", xp.hypot, (np.array([1e-9, 3.0]), np.array([1.0, 1e-7])))
    yield Case("saturated sigmoid", lambda x: 1 / (1 + xp.exp(-x)), (np.array([-40.0, 40.0, 0.0]),))
    yield Case("saturated tanh", xp.tanh, (np.array([-20.0, 19.0, 10.0, 0.1]),))
    yield Case(
        "saturated tanh of a sum", lambda x: xp.tanh(xp.sum(x)), (np.array([-0.09, -1e-8, -7.0]),)
    )
    yield Case("tanh twice", lambda x: xp.tanh(3 * xp.tanh(3 * x)), (np.array([-8.0, 2.0, 0.01]),))
    yield Case(
        "sigmoid of ours", lambda x: activations.sigmoid(x), (np.array([-40.0, 30.0, 800.0]),)
    )
    yield Case("gelu far out", lambda x: activations.gelu(x), (np.array([-6.0, 6.0, -3.0]),))
    yield Case("softplus far out", lambda x: activations.softplus(x), (np.array([-30.0, 30.0]),))
    yield Case("silu far out", lambda x: x / (1 + xp.exp(-x)), (np.array([-30.0, 30.0, 1.0]),))
    yield Case("erf far out", lambda x: special.erf(x), (np.array([6.0, -5.0, 0.1]),))
    yield Case(
        "erf of a saturated tanh",
        lambda x: special.erf(3 * xp.tanh(x)),
        (np.array([-8.4921875, 0.2]),),
    )
    yield Case("erfc far out", lambda x: special.erfc(x), (np.array([6.0, 10.0]),))
    yield Case(
        "gammaln, large and small", lambda x: special.gammaln(x), (np.array([1e-6, 1e5, 1.5]),)
    )
    yield Case("digamma", lambda x: special.digamma(x), (np.array([0.3, 20.0]),))
    yield Case(
        "xlogy at 0", lambda x, w: special.xlogy(x, w), (np.array([0.0, 1.0]), np.array([0.5, 2.0]))
    )
    yield Case("softmax of 1,000", lambda x: softmax(xp, x), (np.array([1000.0, 998.0, -1000.0]),))
    yield Case("log-softmax far apart", lambda x: x - logsumexp(xp, x), (np.array([0.0, 33.77]),))
    yield Case(
        "log-sum-exp far apart", lambda x: logsumexp(xp, x), (np.array([-600.0, 20.0, 1.0]),)
    )
    yield Case("log-sum-exp of equals", lambda x: logsumexp(xp, x), (np.array([5.0, 5.0, 5.0]),))
    yield Case(
        "cross-entropy, sure and right",
        lambda x: logsumexp(xp, x) - x[0],
        (np.array([30.0, 0.0, -5.0]),),
    )
    yield Case(
        "logistic loss, far out", lambda x: xp.log1p(xp.exp(-x)), (np.array([30.0, -30.0, 0.0]),)
    )
    yield Case("1 - cos near 0", lambda x: 1 - xp.cos(x), (np.array([1e-5, 1e-3]),))
    yield Case("standardised, of near equals", lambda x: standardised(xp, x), (1 + 1e-3 * V,))


def softmax(xp, x):
    """Return exp(x) / Σ exp(x)."""
    e = xp.exp(x - xp.max(x))
    return e / xp.sum(e)


def logsumexp(xp, x):
    """Return log Σ exp(x)."""
    m = 1.0 * np.max(np.asarray([float(entry) for entry in numbers(x)]))
    return xp.log(xp.sum(xp.exp(x - m))) + m


def numbers(x):
    """Return the entries of an array of any library as floats."""
    while hasattr(x, "_value"):
        x = x._value
    x = x.detach() if hasattr(x, "detach") else x
    return np.asarray(getattr(x, "data", x) if type(x).__name__ == "Value" else x)


def standardised(xp, x):
    """Return numbers less their mean, over their standard deviation."""
    centred = x - xp.mean(x)
    return centred / xp.sqrt(xp.mean(centred * centred))
