"""Values and derivatives over the whole range of each function, against exact ones of mpmath."""

import json

import numpy as np
import pytest

pytest.importorskip("scipy", reason="autograd.scipy is an extra")

import autograd
import autograd.scipy.special as special
import autograd.scipy.stats as stats
from autograd import Value
from autograd.engine.primitive import PRIMITIVES
from tests.reference.exact import FILE, moving, orders

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # overflows that are right

EXACT = json.loads(FILE.read_text("utf-8"))
TOLERANCE = (1e-12, 1e-12, 1e-9)  # of values, of first and of second derivatives
SMALLEST = 1e-290  # what is smaller may be rounded to 0, and what is larger than 1e290 to infinity

SCIPYS = "the value is SciPy's"
CANCELS = "a difference of numbers that are equal to almost all digits"
UNDERFLOW = "a number on the way is too small or too large for a float"
# Known limits: {function: (why, whether it holds for a derivative at a point)}. Beside them, second
# derivatives that are too large for a float may be NaN.
LIMITS = {
    "arctan2": (UNDERFLOW, lambda order, a, b: sum(order) == 2 and a == b == 1e-160),
    "sigmoid": (CANCELS, lambda order, x: order == (2,) and 0 < abs(x) <= 1e-8),
    "beta": (CANCELS, lambda order, a, b: order == (1, 1) and a < 1e-3),
    "poch": (CANCELS, lambda order, z, m: order == (2, 0) and 0 < z < 1e-3),
    "betaln": (SCIPYS, lambda order, a, b: sum(order) == 0),
    "rel_entr": (SCIPYS, lambda order, a, b: sum(order) == 0),  # before SciPy 1.15
    "kl_div": (SCIPYS, lambda order, a, b: sum(order) == 0),
    "inv_boxcox1p": (SCIPYS, lambda order, x, p: sum(order) == 0 and abs(x * p) < 1e-154),
    "stdtr": (SCIPYS, lambda order, n, t: sum(order) == 0),
    "i1": (SCIPYS, lambda order, x: order == (2,) and abs(x) < 1e-150),  # iv(2, x) there is wrong
    "k1e": (UNDERFLOW, lambda order, x: order == (2,) and x < 1e-150),
    "ellipk": (SCIPYS, lambda order, m: order == (1,) and m < -1e5),  # hyp2f1 loses digits there
    "loggamma.logcdf": (CANCELS, lambda order, z, c: order[0] == 2 and z < -20),
    "gamma.logcdf": (UNDERFLOW, lambda order, z, a: order[0] == 2 and z < 1e-150),
    "gamma.logsf": (CANCELS, lambda order, z, a: order[0] == 2 and not 1e-20 < z < 500),
    "chi2.logsf": (CANCELS, lambda order, z, n: order[0] == 2 and z > 500),
    "poisson.logcdf": (CANCELS, lambda order, k, m: order[1] == 2 and m > 500),
    "geom.logcdf": (CANCELS, lambda order, k, p: order[1] == 2 and p > 1 - 1e-6),
    "maxwell.logcdf": (UNDERFLOW, lambda order, z: order[0] == 2 and z < 1e-100),
    "triang.logpdf": (CANCELS, lambda order, z, c: order == (1, 1) and z > 1 - 1e-6),
    "t.logcdf": (UNDERFLOW, lambda order, z, n: order[0] == 2 and z < -1e75),
}


def function(name):
    owner, _, method = name.rpartition(".")
    if owner:
        return getattr(getattr(stats, owner), method)
    for room in (special, autograd):
        if name in vars(room):
            return getattr(room, name)
    return PRIMITIVES[name]


def found(name, xs):
    """Return {orders: value or derivative} at one point, or at many if `xs` are arrays."""
    n, free = len(xs), moving(name, len(xs))
    args = [Value(x) if i in free else x for i, x in enumerate(xs)]
    y = function(name)(*args)
    results = {(0,) * n: getattr(y, "data", y)}
    np.sum(y).backward(create_graph=True)
    slopes = {i: args[i].grad for i in free}
    for i, slope in slopes.items():
        for j in free:
            args[j].zero_grad()
        if isinstance(slope, Value) and slope.op is not None:
            np.sum(slope).backward()
        results[unit(n, i)] = getattr(slope, "data", slope)
        for j in free:
            if j >= i:
                both = tuple(a + b for a, b in zip(unit(n, i), unit(n, j), strict=True))
                results[both] = args[j].grad
    return {order: np.broadcast_to(x, np.shape(xs[0])) for order, x in results.items()}


def unit(n, place):
    return tuple(int(i == place) for i in range(n))


def wrong(name, points, results):
    """Yield (point, orders, found, exact) where the digits do not suffice, limits aside."""
    limit = LIMITS.get(name, ("", lambda order, *xs: False))[1]
    for place, (xs, exact) in enumerate(points):
        for order, right in zip(orders(name, len(xs)), exact, strict=True):
            given = float(np.ravel(results[order])[place])
            lost = sum(order) == 2 and abs(right) > 1 / SMALLEST and np.isnan(given)
            if not (close(given, right, TOLERANCE[sum(order)]) or lost or limit(order, *xs)):
                yield xs, order, given, right


def close(given, right, tolerance):
    if abs(right) < SMALLEST:
        return abs(given) <= 1e-14
    if abs(right) > 1 / SMALLEST:
        return given == np.copysign(np.inf, right) or abs(given / right - 1) < tolerance
    return abs(given - right) <= tolerance * abs(right)


@pytest.mark.parametrize("name", EXACT)
def test_digits_over_the_whole_range(name):
    points = EXACT[name]
    columns = [np.array(column) for column in zip(*[xs for xs, _ in points], strict=True)]
    assert not [*wrong(name, points, found(name, columns))]


@pytest.mark.slow
@pytest.mark.parametrize("name", EXACT)
def test_digits_of_single_numbers(name):
    for point in EXACT[name]:
        assert not [*wrong(name, [point], found(name, point[0]))]


def test_no_function_is_left_out():
    elementwise = {name for name, op in PRIMITIVES.items() if op.elementwise and op.vjps}
    assert elementwise <= EXACT.keys() | set(WITHOUT)
    assert not EXACT.keys() & set(WITHOUT)


# Elementwise rows without a table: choices, steps and parts, exact by their nature; and rows that
# are the slopes of others, whose second derivatives are tested there.
WITHOUT = """
    negative positive mod fmod absolute sign maximum minimum copysign fmax fmin clip floor ceil
    trunc rint spacing floor_divide heaviside nextafter deg2rad rad2deg relu
    real imag imag_of_reals conjugate angle
    direction power_log one_minus_square ratio log_ratio relative_gap log1p_square log_i0_less_x
    log_normal_density
    gammasgn owens_t
""".split()
