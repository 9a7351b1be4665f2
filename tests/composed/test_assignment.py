"""NumPy's functions that write into an array, on Values."""

import numpy as np
import pytest

from autograd import Value
from tests.parity import agrees

RNG = np.random.default_rng(0)
X = RNG.uniform(0.3, 2.0, (3, 4)) * RNG.choice([-1, 1], (3, 4))
ORDER = np.argsort(X, axis=1)


WRITTEN = {
    "put": lambda x, w: np.put(x, [0, -1, 5], w),
    "put one": lambda x, w: np.put(x, 3, w),
    "put wrap": lambda x, w: np.put(x, [13, 2], w, mode="wrap"),
    "put clip": lambda x, w: x.put([99, 2], w, mode="clip"),
    "place": lambda x, w: np.place(x, X > 0, w),
    "putmask": lambda x, w: np.putmask(x, X > 0, w),
    "put_along_axis": lambda x, w: np.put_along_axis(x, ORDER[:, :2], w[:, None], axis=1),
    "put_along_axis flat": lambda x, w: np.put_along_axis(x, np.array([1, 4, 7]), w, axis=None),
    "copyto": lambda x, w: np.copyto(x, w[:, None]),
    "copyto where": lambda x, w: np.copyto(x, w[:, None], where=X > 0),
    "copyto row": lambda x, w: np.copyto(x, w[:, None], where=[True, False, False, True]),
    "fill_diagonal": lambda x, w: np.fill_diagonal(x, w),
    "add.at": lambda x, w: np.add.at(x, ([0, 0, 2], [1, 1, 3]), w),
    "subtract.at": lambda x, w: np.subtract.at(x, 1, w[0]),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_written(name):
    def f(x, w):
        x = x * 1.0
        WRITTEN[name](x, w)
        return x

    agrees(f, X, np.array([0.5, -0.25, 3.0]))


def test_a_tall_diagonal_wraps():
    def f(x):
        x = x * 1.0
        np.fill_diagonal(x, 5.0, wrap=True)
        return x

    agrees(f, RNG.normal(size=(7, 3)))


@pytest.mark.parametrize(
    "write",
    [
        lambda a, v: np.put(a, 0, v),
        lambda a, v: np.place(a, [True, False], v),
        lambda a, v: np.copyto(a, v),
        lambda a, v: np.put_along_axis(a, np.array([0]), v, axis=0),
        lambda a, v: np.add.at(a, 0, v),
    ],
)
def test_a_plain_array_cannot_take_a_value(write):
    with pytest.raises(TypeError, match="cannot be written into a plain array"):
        write(np.zeros(2), Value([1.0]))
