"""SciPy's special functions and their derivatives beside mpmath's."""

from functools import partial

import mpmath as mp
from scipy import special


def legendre_q(n, x):
    """Legendre's function of the second kind, from its recurrence."""
    before, now = mp.log((x + 1) / (x - 1)) / 2, x * mp.log((x + 1) / (x - 1)) / 2 - 1
    for k in range(n):
        before, now = now, ((2 * k + 3) * x * now - (k + 1) * before) / (k + 2)
    return before


def oblate(m, n, c, x, start=3):
    """The radial functions of both kinds and their derivatives, by their differential equation.

    It starts where SciPy's values are right: their Wronskian is 1 / (c (x² + 1)) to 15 digits.
    """
    separation = mp.mpf(special.obl_cv(m, n, c))

    def equation(t, y):
        z = start - t
        factor = separation - (c * z) ** 2 - mp.mpf(m) ** 2 / (z * z + 1)
        return [-y[1], -(factor * y[0] - 2 * z * y[1]) / (z * z + 1)]

    first, second = (f(m, n, c, start) for f in (special.obl_rad1, special.obl_rad2))
    wronskian = (first[0] * second[1] - first[1] * second[0]) * c * (start**2 + 1)
    assert abs(wronskian - 1) < 1e-14
    solution = mp.odefun(equation, 0, [mp.mpf(float(y)) for y in second])
    return solution(start - mp.mpf(x))


def rows():
    """Yield (call, what SciPy gives, what is right)."""
    x = 1.8
    yield (
        "special.lqn(1, 1.8)[1][1]",
        special.lqn(1, x)[1][1],
        mp.diff(lambda z: legendre_q(1, z), mp.mpf(x)),
    )
    yield "special.lqn(0, 1.8)[0][0]", special.lqn(0, x)[0][0], legendre_q(0, mp.mpf(x))
    for part in (0, 1):
        call = f"special.obl_rad2(1, 2, 2.0, 0.7)[{part}]"
        yield call, special.obl_rad2(1, 2, 2.0, 0.7)[part], oblate(1, 2, 2.0, 0.7)[part]
    yield "special.pbvv(1, -9)[0]", special.pbvv(1, -9)[0], mp.pcfv(-1.5, -9)
    yield "special.pbvv(1, -9)[1]", special.pbvv(1, -9)[1], mp.diff(partial(mp.pcfv, -1.5), -9)
    yield "special.pbdv(15.5, -9)[0]", special.pbdv(15.5, -9)[0], mp.pcfd(15.5, -9)
    yield (
        "special.pbdv(15.5, -9)[1]",
        special.pbdv(15.5, -9)[1],
        mp.diff(partial(mp.pcfd, 15.5), -9),
    )
