"""Elementwise ops of complex numbers: in all quadrants, and on both sides of their cuts."""

from itertools import product

import mpmath as mp
import numpy as np
import pytest

from autograd import grad, holomorphic_grad
from autograd.engine.primitive import PRIMITIVES
from autograd.ops import activations, elementwise
from tests.ops.points import takes

EXACT = {
    "square": lambda z: z * z,
    "sqrt": mp.sqrt,
    "reciprocal": lambda z: 1 / z,
    "exp": mp.exp,
    "exp2": lambda z: mp.power(2, z),
    "expm1": lambda z: mp.exp(z) - 1,
    "log": mp.log,
    "log2": lambda z: mp.log(z) / mp.log(2),
    "log10": lambda z: mp.log(z) / mp.log(10),
    "log1p": lambda z: mp.log(1 + z),
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "arcsin": mp.asin,
    "arccos": mp.acos,
    "arctan": mp.atan,
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "tanh": mp.tanh,
    "arcsinh": mp.asinh,
    "arccosh": mp.acosh,
    "arctanh": mp.atanh,
    "sinc": lambda z: mp.sin(mp.pi * z) / (mp.pi * z),
    "sigmoid": lambda z: 1 / (1 + mp.exp(-z)),
    "erf": mp.erf,
    "erfc": mp.erfc,
    "negative": lambda z: -z,
    "positive": lambda z: z,
    "one_minus_square": lambda z: 1 - z * z,
}
OF_TWO = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "power": mp.power,
    "power_log": lambda x, p: mp.power(x, p) * mp.log(x),
}
# Their derivatives as functions of a complex number do not exist; the sweep tests them.
NOT_HOLOMORPHIC = {
    "absolute", "angle", "clip", "conjugate", "direction", "fmax", "fmin", "imag", "imag_of_reals",
    "maximum", "minimum", "real", "relu", "rint", "sign",
}  # fmt: skip

SIZES = (0.25, 0.8, 1.7, 3.1)
QUADRANTS = [s * x + 1j * t * y for x, y, s, t in product(SIZES, SIZES, (1, -1), (1, -1))]
BESIDE_AXES = [
    z for x, side in product((*SIZES, *(-s for s in SIZES)), (1e-3, -1e-3))
    for z in (complex(x, side), complex(side, x))
]  # fmt: skip
ON_AXES = [
    z for x, side in product((*SIZES, *(-s for s in SIZES)), (0.0, -0.0))
    for z in (complex(x, side), complex(side, x))
]  # fmt: skip


def derivatives(f, z):
    """Return the first and the second derivative of a holomorphic function."""
    return holomorphic_grad(f)(z), holomorphic_grad(holomorphic_grad(f))(z)


def exact(f, z):
    with mp.workdps(50):
        step = {"h": mp.mpf(10) ** -12}
        z = mp.mpc(z)
        return [complex(mp.diff(f, z, n, **step)) for n in (1, 2)]


@pytest.mark.parametrize("name", EXACT)
def test_ops_of_one_number_in_all_quadrants_and_beside_their_cuts(name):
    op = PRIMITIVES[name]
    for z in QUADRANTS + BESIDE_AXES:
        found, expected = derivatives(op, z), exact(EXACT[name], z)
        np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-12, err_msg=f"at {z}")


@pytest.mark.parametrize("name", EXACT)
def test_the_sign_of_a_zero_tells_the_side_of_a_cut(name):
    op = PRIMITIVES[name]
    for z in ON_AXES:
        side = complex(z.real or np.copysign(1e-13, z.real), z.imag or np.copysign(1e-13, z.imag))
        found, expected = derivatives(op, z), derivatives(op, side)
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-10, err_msg=f"at {z}")


@pytest.mark.parametrize("name", OF_TWO)
def test_ops_of_two_numbers(name):
    op, f = PRIMITIVES[name], OF_TWO[name]
    for z in QUADRANTS + BESIDE_AXES:
        other = 0.7 - 0.4j
        for one, exact_one in (
            (lambda z, w=other: op(z, w), lambda z, w=other: f(z, mp.mpc(w))),
            (lambda z, w=other: op(w, z), lambda z, w=other: f(mp.mpc(w), z)),
        ):
            found, expected = derivatives(one, z), exact(exact_one, z)
            np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-12, err_msg=f"at {z}")


@pytest.mark.parametrize("name", ["absolute", "angle", "conjugate", "imag", "real", "sign"])
def test_ops_that_are_not_holomorphic(name):
    """The gradient of a real function of z = x + iy is ∂f/∂x − i ∂f/∂y."""
    op, h = PRIMITIVES[name], 1e-6
    for z in QUADRANTS + [z for z in BESIDE_AXES if name != "angle"]:
        f = lambda z: np.real(op(z) * (0.3 - 0.7j))  # noqa: E731
        by_x, by_y = ((f(z + h * way) - f(z - h * way)) / (2 * h) for way in (1, 1j))
        assert grad(f)(z) == pytest.approx(by_x - 1j * by_y, rel=1e-4, abs=1e-6)


def test_no_op_of_complex_numbers_is_left_out():
    z = np.array([0.3 + 0.4j])
    there = {
        name for name, op in PRIMITIVES.items() if op.elementwise and op.vjps and not op.real_only
    }
    here = there & (vars(activations).keys() | vars(elementwise).keys())
    ops = [PRIMITIVES[name] for name in here]
    there = {op.name for op in ops if takes(op.forward, [z] * op.arity)}
    assert there <= EXACT.keys() | OF_TWO.keys() | NOT_HOLOMORPHIC
