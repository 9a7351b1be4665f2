"""Second derivatives at zeros, ties, repeated values and ends of domains, where rules take care.

The truth comes from differences of first derivatives at both sides of the point. Where these have
no common limit there is no second derivative, and a finite number is wrong.
"""

from types import ModuleType

import numpy as np
import pytest

import autograd
from autograd import grad, hessian, jvp, ops
from autograd.engine.primitive import PRIMITIVES
from autograd.ops import indexing, shape

LA = np.linalg
ROW = np.array([1.0, -2.0, 0.5])

# -- points by row: the arguments, and the keywords if there are any -------------------------------

OUTER = np.outer([1.0, 2.0, 1.0], [1.0, 1.0, 3.0])
SPECIAL = {
    "power": [(0.0, 0.0), (0.0, 1.0), (0.0, 2.0), (0.0, 3.0), (0.0, 1.5), (0.0, 2.5), (-2.0, 2.0)],
    "power_log": [(0.0, 5.0), (1.0, 0.0)],
    "square": [(0.0,)],
    "sqrt": [(0.0,)],
    "cbrt": [(0.0,), (-8.0,)],
    "expm1": [(0.0,)],
    "log1p": [(0.0,)],
    "logaddexp": [(1.0, 1.0), (0.0, -800.0)],
    "logaddexp2": [(1.0, 1.0)],
    "bessel_i0": [(0.0,)],
    "tan": [(0.0,)],
    "arcsin": [(0.0,), (1.0,), (-1.0,)],
    "arccos": [(0.0,), (1.0,), (-1.0,)],
    "arctan2": [(0.0, 1.0), (1.0, 0.0), (-1.0, 0.0), (0.0, 0.0)],
    "direction": [(0.0, 0.0), (0.0, 1.0)],
    "hypot": [(0.0, 0.0), (0.0, 1.0), (-2.0, 0.0)],
    "sinh": [(0.0,)],
    "cosh": [(0.0,)],
    "tanh": [(0.0,)],
    "arcsinh": [(0.0,)],
    "arccosh": [(1.0,)],
    "arctanh": [(0.0,), (1.0,)],
    "sinc": [(0.0,), (0.5,), (1.0,), (-0.5,)],
    "absolute": [(0.0,)],
    "sign": [(0.0,)],
    "maximum": [(1.0, 1.0), (0.0, 0.0)],
    "minimum": [(1.0, 1.0)],
    "fmax": [(1.0, 1.0)],
    "fmin": [(1.0, 1.0)],
    "clip": [(1.0, 1.0, 2.0), (2.0, 1.0, 2.0)],
    "relu": [(0.0,)],
    "sigmoid": [(0.0,)],
    "gelu": [(0.0,), (40.0,), (-40.0,)],
    "gelu_slope": [(0.0,), (40.0,), (-40.0,)],
    "erf": [(0.0,)],
    "erfc": [(0.0,)],
    "norm": [
        ((np.zeros(3),), {}),
        ((np.array([0.0, 3.0, 0.0]),), {}),
        ((np.array([[0.0, 0.0], [1.0, 2.0]]),), {"axis": 1}),
    ],
    "p_norm": [
        ((x,), {"ord": p, "axis": 0})
        for p in (3, 2.5, 1.5, 0.5, -1.5)
        for x in (np.zeros(3), np.array([0.0, 3.0, -1.0]))
    ],
    "var": [((np.ones(3),), {}), ((np.ones(3),), {"ddof": 1})],
    "std": [((np.ones(3),), {}), ((np.array([[1.0, 1.0], [1.0, 2.0]]),), {"axis": 1, "ddof": 1})],
    "max": [((np.array([1.0, 3.0, 3.0]),), {})],
    "min": [((np.ones(2),), {})],
    "prod": [((np.array(x),), {}) for x in ([0.0, 2.0, 3.0], [0.0, 0.0, 3.0], [0.0, 0.0, 0.0])],
    "cumprod": [((np.array(x),), {}) for x in ([2.0, 0.0, 3.0], [0.0, 0.0, 3.0])],
    "logsumexp": [((np.ones(3),), {})],
    "softmax": [((np.ones(3),), {})],
    "log_softmax": [((np.ones(3),), {})],
    "det": [((a,), {}) for a in (np.diag([1.0, 2.0, 0.0]), OUTER, np.zeros((3, 3)))],
    "inv": [((np.eye(2),), {})],
    "pinv": [((np.eye(2),), {})],
    "slogdet": [((np.eye(2),), {})],
    "signed_power": [((np.array([0.0, 1.0]),), {"p": p}) for p in (1.0, 2.5, 3.0)],
    "nanmax": [((np.array([1.0, np.nan, 1.0]),), {})],
    "nanmin": [((np.array([1.0, np.nan, 1.0]),), {})],
    "max_pool": [
        ((np.array([1.0, 3.0, 3.0, 0.0]),), {"kernel": (size,), "stride": (step,)})
        for size, step in ((2, 2), (3, 1), (4, 4))
    ],
    "max_unpool": [((np.ones(1), np.array([1.0, 3.0, 3.0])), {"kernel": (3,), "stride": (3,)})],
    "max_picked": [((np.ones(3), np.array([1.0, 3.0, 3.0])), {"kernel": (3,), "stride": (3,)})],
    "sort": [((np.ones(3),), {"axis": -1})],
    "running maximum": [((np.array([1.0, 2.0, 2.0, 1.0]),), {"axis": -1})],
    "running minimum": [((np.array([1.0, 2.0, 1.0, 1.0]),), {"axis": -1})],
}  # fmt: skip

PLAIN = {  # rows with one formula everywhere, which is infinite or NaN at its poles
    "add", "subtract", "multiply", "divide", "negative", "positive", "reciprocal", "exp", "exp2",
    "log", "log2", "log10", "sin", "cos", "one_minus_square", "arctan", "deg2rad", "rad2deg",
    "real", "imag", "imag_of_reals", "conjugate", "angle", "matmul", "einsum", "convolve", "conv",
    "conv_input", "conv_weight", "lstm", "lstm_cell", "sum_pool", "sum_unpool", "sum",
    "sum_from", "mean", "cumsum", "solve", "cholesky", "qr", "fft", "ifft", "rfft", "irfft",
    "ldexp",
}  # fmt: skip
STEPS = {  # rows whose values jump, and whose derivatives are 0 or constant
    "mod", "fmod", "copysign", "floor", "ceil", "trunc", "rint", "round", "spacing", "floor_divide",
    "heaviside", "nextafter",
}  # fmt: skip
MOVES = {
    "where",
    "writable windows",
    "reshape",
    "transpose",
    "partition",
    *dir(indexing),
    *dir(shape),
}
DEGENERATE = {"eigh", "eig", "svd", "of_eigenvalues", "of_singular_values"}  # test_degenerate.py

# -- functions made of ops: f, and a point ---------------------------------------------------------

COMPOSED = {
    "norm²": (lambda x: LA.norm(x) ** 2, np.zeros(2)),
    "hypot²": (lambda x: np.hypot(x[0], x[1]) ** 2, np.zeros(2)),
    "hypot³": (lambda x: np.hypot(x[0], x[1]) ** 3, np.zeros(2)),
    "|x|^1.5": (lambda x: np.sum(np.abs(x) ** 1.5), np.zeros(2)),
    "|x|²": (lambda x: np.sum(np.abs(x) ** 2), np.array([0.0, 1.0, 0.0, -2.0])),
    "cos |x|": (lambda x: np.sum(np.cos(np.fabs(x))), np.zeros(1)),
    "exp −|x|²": (lambda x: np.exp(-np.sum(np.abs(x) ** 2)), np.zeros(3)),
    "|x|² y": (lambda x: np.abs(x[0]) ** 2 * x[1], np.array([0.0, 2.0])),
    "|x|³ in float32": (lambda x: np.sum(np.abs(np.float32(1) * x) ** 3), np.zeros(2)),
    "sign(x) √|x|": (lambda x: np.sum(np.sign(x) * np.sqrt(np.abs(x))), np.zeros(2)),
    "std²": (lambda x: np.std(x) ** 2, np.ones(3)),
    "std of one": (lambda x: np.std(x[0]) + np.sum(np.std(x[:, None], axis=1)), np.ones(2)),
    "std² of some": (lambda x: np.std(x, where=[True, True, False]) ** 2, np.ones(3)),
    "std of complex numbers": (lambda x: np.std(x[:2] + 1j * x[2:]) ** 2, np.ones(4)),
    "|z|": (lambda x: np.abs(x[0] + 1j * x[1]), np.zeros(2)),
    "|z|²": (lambda x: np.abs(x[0] + 1j * x[1]) ** 2, np.zeros(2)),
    "|z| z̄": (lambda x: np.real(np.abs(x[0] + 1j * x[1]) * np.conj(x[0] + 1j * x[1])), np.zeros(2)),
    "Matérn 3/2": (
        lambda x: (lambda r: (1 + 3**0.5 * r) * np.exp(-(3**0.5) * r))(LA.norm(x)), np.zeros(2),
    ),
    "Matérn 5/2": (
        lambda x: (lambda r: (1 + r + r * r / 3) * np.exp(-r))(LA.norm(x)), np.zeros(2),
    ),
    "Gauss": (lambda x: np.exp(-(LA.norm(x) ** 2)), np.zeros(2)),
    "cosine of a norm": (lambda x: np.cos(LA.norm(x)), np.zeros(3)),
    "sinc of a norm": (lambda x: np.sinc(LA.norm(x)), np.zeros(3)),
    "rows, one of them zero": (
        lambda x: np.sum(LA.norm(np.reshape(x, (2, 2)), axis=1) ** 2), np.array([0.0, 0, 1, 2]),
    ),
    "distances": (
        lambda x: np.sum(np.exp(-(LA.norm(x[:, None] - x[None, :, None], axis=-1) ** 2))), ROW,
    ),
    "softened norm": (lambda x: np.sqrt(LA.norm(x) ** 2 + 1), np.zeros(2)),
    "1-norm": (lambda x: LA.norm(x, 1), np.array([0.0, 1.0])),
    "3-norm²": (lambda x: LA.norm(x, 3) ** 2, np.zeros(2)),
    "max norm": (lambda x: LA.norm(x, np.inf), np.array([1.0, -1.0])),
    "norms of several axes": (lambda x: LA.vector_norm(x, axis=(0, 1)) ** 2, np.zeros((2, 2))),
    "Frobenius²": (lambda x: LA.norm(x, "fro") ** 2, np.zeros((2, 2))),
    "nuclear": (lambda x: LA.norm(x, "nuc"), np.diag([2.0, 0.0])),
    "spectral": (lambda x: LA.norm(x, 2), np.diag([2.0, 1.0, 0.0])),
    "spectral, equal": (lambda x: LA.norm(x, 2), np.eye(2)),
    "spectral²": (lambda x: LA.norm(x, 2) ** 2, np.zeros((2, 2))),
    "spectral of two": (
        lambda x: np.sum(LA.norm(x, 2, axis=(1, 2))), np.stack([np.eye(2), np.diag([1.0, 2.0])]),
    ),
    "smallest": (lambda x: LA.norm(x, -2), np.diag([2.0, 0.0])),
    "cond": (LA.cond, np.diag([3.0, 2.0, 1.0])),
    "pinv": (lambda x: np.sum(LA.pinv(x)), np.eye(2)),
    "slogdet": (lambda x: LA.slogdet(x)[1], np.eye(2)),
    "matrix power": (lambda x: np.sum(LA.matrix_power(x, 3)), np.zeros((2, 2))),
    "x⁰": (lambda x: np.sum(x**0), np.zeros(2)),
    "x^[0, 1, 2, 3]": (lambda x: np.sum(x ** np.arange(4.0)), np.zeros(4)),
    "0^y": (lambda y: np.sum(0.0**y), np.array([0.5, 1.0, 2.0])),
    "x^y": (lambda v: v[0] ** v[1], np.array([0.0, 1.0])),
    "x^y, 2": (lambda v: v[0] ** v[1], np.array([0.0, 2.5])),
    "x^1.5": (lambda x: np.sum(x**1.5), np.zeros(1)),
    "softmax": (lambda x: autograd.softmax(x)[0], np.zeros(3)),
    "softplus": (lambda x: np.sum(autograd.softplus(x)), np.zeros(1)),
    "gelu": (lambda x: np.sum(autograd.gelu(x)), np.zeros(1)),
    "norm where it is taken": (
        lambda x: np.sum(np.where([True, False], LA.norm(np.reshape(x, (2, 2)), axis=1), 0.0)),
        np.array([1.0, 2.0, 0.0, 0.0]),
    ),
    "masked norms": (
        lambda x: np.sum(np.array([1.0, 0.0]) * LA.norm(np.reshape(x, (2, 2)), axis=1)),
        np.array([1.0, 2.0, 0.0, 0.0]),
    ),
    "corrcoef": (lambda x: np.corrcoef(x, ROW)[0, 1], np.array([1.0, 2.0, 4.0])),
    "average": (lambda x: np.average(x, weights=x), np.ones(3)),
}  # fmt: skip
PIECEWISE = {
    "1-norm", "max norm", "max", "min", "nanmax", "nanmin", "sort", "running maximum",
    "running minimum", "max_pool", "max_unpool", "max_picked",
}  # fmt: skip
EXACT = {  # functions that one op computes, or in which a slope of 0 meets no pole
    "pinv", "slogdet", "matrix power", "x⁰", "x^[0, 1, 2, 3]", "0^y", "softmax",
    "norm²", "hypot²", "std²", "std² of some", "std of complex numbers", "|z|²", "Matérn 3/2",
    "Matérn 5/2", "Gauss", "cosine of a norm", "sinc of a norm", "rows, one of them zero",
    "distances", "softened norm", "norms of several axes", "Frobenius²", "|x|²", "cos |x|",
    "exp −|x|²", "|x|² y", "|x|³ in float32", "spectral", "cond",
    "softplus", "gelu", "norm where it is taken", "masked norms", "corrcoef",
    "average", "x^y, 2",
}  # fmt: skip


# -- the truth -------------------------------------------------------------------------------------


def gradient(f, x):
    with np.errstate(all="ignore"):
        return np.asarray(grad(f)(x))


def slope(f, x, d, side):
    """Return the derivative along `d` of the gradient of `f`, on one side of `x`; None if none."""
    found = []
    for step in (1e-7, 1e-8):
        near, far = (gradient(f, x + side * k * step * d) for k in (1, 2))
        found.append(side * (far - near) / step)
    a, b = found
    agree = np.isfinite(b).all() and np.allclose(a, b, rtol=5e-3, atol=5e-3)
    return b if agree else None


def exact_second(f, x, d):
    """Return the derivative of the gradient along `d`, or None if it does not exist.

    At the end of the domain of `f` it is the one on the inner side.
    """
    left, right = slope(f, x, d, -1), slope(f, x, d, 1)
    before, after = gradient(f, x - 1e-8 * d), gradient(f, x + 1e-8 * d)
    if np.isnan(before).any() or np.isnan(after).any():
        return right if np.isnan(before).any() else left
    if left is None or right is None or not np.allclose(before, after, rtol=1e-4, atol=1e-4):
        return None
    return right if np.allclose(left, right, rtol=1e-2, atol=1e-2) else None


def check(f, x, name, honest, piecewise):
    """Compare second derivatives in both modes with the truth.

    Args:
        honest: NaN, infinity or an error will do where the truth is finite.
        piecewise: `f` consists of pieces with second derivative 0, so 0 will do anywhere.
    """
    rng = np.random.default_rng(0)
    directions = [*np.eye(x.size).reshape(x.size, *x.shape), rng.uniform(0.5, 1.0, x.shape)]
    for d in directions:
        expected = exact_second(f, x, d)
        for mode in (lambda d=d: grad(lambda x: np.sum(grad(f)(x) * d))(x),
                     lambda d=d: jvp(grad(f), (x,), (d,))[1]):  # fmt: skip
            try:
                with np.errstate(all="ignore"):
                    found = np.asarray(mode())
            except LA.LinAlgError:
                found = np.full(x.shape, np.nan)
            if expected is None:
                fine = not np.isfinite(found).all() or (piecewise and not found.any())
            else:
                fine = np.allclose(found, expected, rtol=1e-2, atol=1e-2) or (
                    honest and not np.isfinite(found).all()
                )
            assert fine, f"{name} along {d.tolist()}: {found.tolist()}, right is {expected}"


POINTS = [(name, i) for name, points in SPECIAL.items() for i in range(len(points))]


@pytest.mark.parametrize(("name", "i"), POINTS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_rows(name, i):
    op, point = PRIMITIVES[name], SPECIAL[name][i]
    args, params = (point, {}) if op.elementwise else point
    sizes = [np.size(a) for a in args]

    def f(v):
        ends = np.cumsum([0, *sizes])
        parts = [
            np.reshape(v[a:b], np.shape(x)) for a, b, x in zip(ends, ends[1:], args, strict=False)
        ]
        y = op(*parts, **params)
        return np.sum(y * np.linspace(1.0, 1.5, np.size(y)).reshape(np.shape(y)))

    x = np.concatenate([np.ravel(a).astype(float) for a in args])
    honest = params.get("ord", 2) < 2  # the slope of an entry that is 0 is infinite
    check(f, x, f"{name}{args}", honest, bool(op.breaks) or name in PIECEWISE)


def test_no_row_goes_without_its_special_points():
    tables = [module for module in vars(ops).values() if isinstance(module, ModuleType)]
    defined = {getattr(x, "__name__", "") for table in tables for x in vars(table).values()}
    rows = {name for name, op in PRIMITIVES.items() if op.vjps and name in defined}
    assert len(rows) > 100
    assert not rows - SPECIAL.keys() - PLAIN - STEPS - MOVES - DEGENERATE


@pytest.mark.parametrize("name", COMPOSED)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_composed(name):
    f, x = COMPOSED[name]
    check(f, x, name, name not in EXACT, name in PIECEWISE)


def test_the_deviation_of_a_single_number_is_constant():
    def f(x):
        return np.std(x[0]) + np.sum(np.std(x[:, None], axis=1) ** 2)

    assert not hessian(f)(np.array([1.0, -2.0])).any()


def test_the_size_of_two_numbers_that_meet_at_a_kink_has_no_second_derivative():
    """(|a| + |b|)² is a² along the axis a, but its slope by a jumps where b passes 0."""

    def f(x):
        return np.sum(np.abs(x)) ** 2

    assert np.isnan(np.diag(hessian(f)(np.zeros(2)))).all()
    np.testing.assert_array_equal(hessian(f)(np.array([0.0, 2.0])), 2 * np.eye(2))
    assert grad(f)(np.zeros(2)).tolist() == [0.0, 0.0]
