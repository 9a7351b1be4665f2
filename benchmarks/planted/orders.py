"""Wrong in the second derivative alone, in forward mode, in some dtype, or in the incoming
gradient."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.planted.case import Case
from benchmarks.planted.library import Library

V = np.array([0.5, -2.0, 4.0, 1.3])
P = np.array([0.5, 2.0, 4.0, 1.3])


def wrong(lib: Library) -> Iterator[Case]:
    """Yield the cases."""
    xp, op = lib.xp, lib.op

    def square(rule):
        return op(lambda x: x * x, rule)

    yield Case("second order, x detached", square(lambda g, y, x: 2 * g * lib.detached(x)), (V,))
    yield Case("second order, y detached", op(xp.exp, lambda g, y, x: g * lib.detached(y)), (V,))
    yield Case("second order, g detached", square(lambda g, y, x: 2 * lib.detached(g) * x), (V,))
    yield Case(
        "second order, one factor detached",
        op(
            lambda x, w: x * x * w,
            lambda g, y, x, w: 2 * g * x * lib.detached(w),
            lambda g, y, x, w: g * x * x,
        ),
        (V, P),
    )
    slope = op(lambda x: 2 * x, lambda g, y, x: 2.2 * g)
    yield Case("second order, ten percent", square(lambda g, y, x: g * slope(x)), (V,))
    slope_off = op(lambda x: 2 * x, lambda g, y, x: 2.0002 * g)
    yield Case("second order, a ten-thousandth", square(lambda g, y, x: g * slope_off(x)), (V,))
    slope_sign = op(xp.cos, lambda g, y, x: g * xp.sin(x))
    yield Case("second order, sign", op(xp.sin, lambda g, y, x: g * slope_sign(x)), (V,))
    yield Case(
        "second order, the mixed one",
        op(
            lambda x, w: xp.sin(x) * w,
            lambda g, y, x, w: g * xp.cos(x) * lib.detached(w),
            lambda g, y, x, w: g * xp.sin(lib.detached(x)),
        ),
        (V, P),
    )
    yield Case(
        "second order, beyond three",
        square(lambda g, y, x: g * xp.where(x > 3, 2 * lib.detached(x), 2 * x)),
        (V,),
    )
    yield Case(
        "forward mode, sign",
        lib.op_forward(xp.sin, lambda change, y, x: -change * xp.cos(x)),
        (V,),
        mode="forward",
    )
    yield Case(
        "forward mode, one of two swapped",
        lib.op_forward(
            lambda x, w: x * w,
            lambda change, y, x, w: change * w,
            lambda change, y, x, w: change * w,
        ),
        (V, P),
        mode="forward",
    )
    yield Case("a factor detached in the function", lambda x: x * lib.detached(x), (V,))
    yield Case(
        "a denominator detached in the function",
        lambda x: xp.exp(x) / lib.detached(xp.sum(xp.exp(x))),
        (V,),
    )
    yield Case("all detached", lambda x: xp.sum(lib.detached(x) ** 2) + 0 * xp.sum(x), (V,))
    yield Case("g squared", square(lambda g, y, x: 2 * g * g * x), (V,))
    yield Case("absolute g", square(lambda g, y, x: 2 * abs(g) * x), (V,))
    yield Case("clipped g", square(lambda g, y, x: 2 * xp.clip(g, -1.0, 1.0) * x), (V,))
    yield Case("sign of g", square(lambda g, y, x: 2 * xp.sign(g) * x), (V,))
    yield Case("g ignored", square(lambda g, y, x: 2 * x + 0 * g), (V,))
    yield Case("g ignored, of a loss", op(lambda x: xp.sum(x * x), lambda g, y, x: 2 * x), (V,))
    yield Case("g plus a constant", square(lambda g, y, x: 2 * g * x + 0.01), (V,))
    yield Case("g normalised", square(lambda g, y, x: 2 * x * g / xp.sqrt(xp.sum(g * g))), (V,))
    yield Case("g's mean for each", square(lambda g, y, x: 2 * x * (xp.mean(g) + 0 * x)), (V,))
    yield Case(
        "g cut when small",
        square(lambda g, y, x: 2 * x * xp.where(abs(g) < 0.7, 0 * g, g)),
        (V,),
        order=1,
    )
    yield Case("through float32", square(lambda g, y, x: lib.through_float32(2 * g * x)), (V / 3,))
    yield Case(
        "a constant in float32",
        op(lambda x: x * (1 / 3), lambda g, y, x: g * float(np.float32(1 / 3))),
        (V,),
    )
    yield Case(
        "pi by 22 / 7",
        op(lambda x: xp.sin(np.pi * x), lambda g, y, x: 22 / 7 * g * xp.cos(np.pi * x)),
        (V / 3,),
    )
    yield Case(
        "wrong in float32",
        square(lambda g, y, x: g * x * (2.02 if "float32" in str(x.dtype) else 2.0)),
        (V.astype(np.float32),),
    )
    yield Case(
        "sign in float32",
        square(lambda g, y, x: g * x * (-2.0 if "float32" in str(x.dtype) else 2.0)),
        (V.astype(np.float32),),
    )
    yield Case(
        "three percent, in float32", square(lambda g, y, x: 2.06 * g * x), (V.astype(np.float32),)
    )
    yield Case(
        "ten percent, in float16", square(lambda g, y, x: 2.2 * g * x), (V.astype(np.float16),)
    )


def wrong_complex(lib: Library) -> Iterator[Case]:
    """Yield cases of complex numbers, with gradients ∂f/∂x − i ∂f/∂y."""
    xp, op = lib.xp, lib.op
    z = np.array([1 + 2j, 0.5 - 1j, -1.5 + 0.3j])

    def power(rule: Any) -> Any:
        return op(lambda z: xp.real(z * xp.conj(z)), rule)

    yield Case("complex, conjugate missing", power(lambda g, y, z: 2 * g * z), (z,))
    yield Case("complex, factor", power(lambda g, y, z: g * xp.conj(z)), (z,))
    yield Case("complex, conjugate too many", op(xp.exp, lambda g, y, z: g * xp.conj(y)), (z,))
    yield Case("complex, g conjugated", op(xp.exp, lambda g, y, z: xp.conj(g) * y), (z,))
    yield Case("complex, real part alone", op(xp.exp, lambda g, y, z: xp.real(g * y) + 0j), (z,))
    yield Case("complex, times i", op(xp.sin, lambda g, y, z: 1j * g * xp.cos(z)), (z,))
    yield Case("imaginary part, sign", op(xp.imag, lambda g, y, z: 1j * g), (z,))
    yield Case("conjugate passes g", op(xp.conj, lambda g, y, z: g), (z,))
    yield Case(
        "absolute value as if real",
        op(abs, lambda g, y, z: g * xp.sign(xp.real(z)) + 0j),
        (z,),
    )
    yield Case("absolute value, conjugate missing", op(abs, lambda g, y, z: g * z / y), (z,))
    yield Case(
        "fft by its own inverse",
        op(xp.fft.fft, lambda g, y, z: xp.fft.ifft(g)),
        (z,),
    )
    yield Case(
        "complex product, conjugate of one",
        op(lambda a, b: a * b, lambda g, y, a, b: g * xp.conj(b), lambda g, y, a, b: g * a),
        (z, z[::-1].copy()),
    )
