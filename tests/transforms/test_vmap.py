"""vmap: the loop over samples, with the samples along any axis of arguments and results."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, checkpoint, grad, hessian, jacobian, jvp, scan, vmap
from autograd.testing import check_gradients

FUNCTIONS = {  # of an array of shape (2, 3), a number, and weights of shape (3,)
    "elementwise": lambda x, s, w: np.tanh(x * s) + w,
    "matrix": lambda x, s, w: x @ w * s,
    "number": lambda x, s, w: np.sum(x**2) * s + np.sum(w),
    "branch": lambda x, s, w: x @ w if s > 0.2 else np.sum(x, axis=1) * s,
    "index": lambda x, s, w: x[np.argmax(np.sum(x, axis=1))] * s * w,
    "several": lambda x, s, w: {"a": (np.sin(x), s * w), "b": [np.max(x, axis=0) @ w]},
    "constant": lambda x, s, w: np.ones(2),
    "gradient": lambda x, s, w: grad(lambda w: np.sum(np.sin(x @ w) * s))(w),
    "loop": lambda x, s, w: scan(lambda h, row: (np.sin(h + row @ w), h), s, x)[0],
    "checkpoint": lambda x, s, w: checkpoint(lambda x: np.sum(np.cos(x @ w)))(x),
}
functions = st.sampled_from([*FUNCTIONS])


def samples(seed, n):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 2, 3)), rng.uniform(0, 1, n), rng.normal(size=3)


def looped(f, xs, ss, w):
    """The same by hand: a list of results."""
    return [f(x, s, w) for x, s in zip(xs, ss, strict=True)]


def parts(tree):
    """The arrays of a result, in order."""
    if isinstance(tree, dict):
        return [p for x in tree.values() for p in parts(x)]
    if isinstance(tree, (list, tuple)):
        return [p for x in tree for p in parts(x)]
    return [tree.data if isinstance(tree, Value) else tree]


@given(name=functions, seed=st.integers(0, 99), n=st.integers(1, 4), data=st.data())
def test_it_is_a_loop_whatever_the_axes(name, seed, n, data):
    f, (xs, ss, w) = FUNCTIONS[name], samples(seed, n)
    axis, out_axis = data.draw(st.integers(-3, 2)), data.draw(st.sampled_from([0, -1]))
    values = data.draw(st.booleans())
    given_xs = np.moveaxis(xs, 0, axis)
    found = vmap(f, in_axes=(axis, 0, None), out_axes=out_axis)(
        Value(given_xs) if values else given_xs, ss, w
    )
    rows = [parts(row) for row in looped(f, xs, ss, w)]
    expected = [np.stack(column, out_axis) for column in zip(*rows, strict=True)]
    for a, b in zip(parts(found), expected, strict=True):
        np.testing.assert_array_equal(a, b)
        assert a.dtype == b.dtype


def total(f):
    """The sum of the sines of all numbers that vmap of `f` returns."""
    return lambda xs, ss, w: sum(
        np.sum(np.sin(part)) for part in whole(vmap(f, in_axes=(0, 0, None))(xs, ss, w))
    )


def whole(tree):
    if isinstance(tree, dict):
        return [p for x in tree.values() for p in whole(x)]
    return [p for x in tree for p in whole(x)] if isinstance(tree, (list, tuple)) else [tree]


@given(name=functions, seed=st.integers(0, 99), n=st.integers(1, 3))
def test_gradients_of_it_are_those_of_the_loop(name, seed, n):
    f, args = FUNCTIONS[name], samples(seed, n)

    def by_hand(xs, ss, w):
        return sum(np.sum(np.sin(part)) for y in looped(f, xs, ss, w) for part in whole(y))

    def compare(transform):
        for a, b in zip(transform(total(f)), transform(by_hand), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-12)

    compare(lambda g: grad(lambda *args: g(*args) + 0 * np.sum(args[0]), (0, 1, 2))(*args))
    compare(lambda g: jvp(g, args, args))
    compare(lambda g: [hessian(lambda w: g(*args[:2], w) + 0 * np.sum(w))(args[2])])


@pytest.mark.parametrize("name", ["several", "branch", "loop"])
def test_derivatives_agree_with_finite_differences(name):
    check_gradients(total(FUNCTIONS[name]), *samples(3, 2), nearby=False)


def test_gradients_of_each_sample():
    def loss(params, x, y):
        return (np.tanh(params["w"] @ x) + params["b"] - y) ** 2

    rng = np.random.default_rng(0)
    params = {"w": rng.normal(size=3), "b": 0.3}
    xs, ys = rng.normal(size=(5, 3)), rng.normal(size=5)
    found = vmap(grad(loss), in_axes=(None, 0, 0))(params, xs, ys)
    assert (found["w"].shape, found["b"].shape) == ((5, 3), (5,))
    for i in range(5):
        one = grad(loss)(params, xs[i], ys[i])
        np.testing.assert_array_equal(found["w"][i], one["w"])
        assert found["b"][i] == one["b"]
    mean = grad(lambda p: np.mean(vmap(loss, in_axes=(None, 0, 0))(p, xs, ys)))(params)
    np.testing.assert_allclose(mean["w"], found["w"].mean(axis=0))


def test_it_nests_and_composes():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(3, 4)), rng.normal(size=(5, 4))
    pairs = vmap(vmap(np.dot, in_axes=(None, 0)), in_axes=(0, None))
    np.testing.assert_allclose(pairs(a, b), a @ b.T)
    np.testing.assert_array_equal(
        vmap(jacobian(np.sin))(a), np.stack([np.diag(np.cos(row)) for row in a])
    )
    np.testing.assert_allclose(
        jacobian(vmap(np.sin))(a), np.einsum("ij,ik,jl->ijkl", np.cos(a), np.eye(3), np.eye(4))
    )
    np.testing.assert_allclose(
        vmap(hessian(lambda x: np.sum(x**3)))(a), np.stack([np.diag(6 * row) for row in a])
    )
    np.testing.assert_array_equal(scan(lambda h, x: (h, vmap(np.sin)(x)), 0.0, a)[1], np.sin(a))


@dataclass
class Pair:
    x: np.ndarray
    note: str


def test_trees_of_axes():
    def f(pair, rest, *, scale):
        return {"sum": np.sum(pair.x) * scale, "kept": rest["w"][0]}, None

    x, scale = np.arange(6.0).reshape(2, 3), np.array([1.0, 10.0, 100.0])
    axes = (Pair(1, None), {"w": None, "b": (0, 1)})
    rest = {"w": [7.0], "b": (np.ones(3), np.ones((2, 3)))}
    found, none = vmap(f, axes, ({"sum": 0, "kept": None}, None))(
        Pair(x, "text"), rest, scale=scale
    )
    assert found["sum"].tolist() == [3.0, 50.0, 700.0]
    assert (found["kept"], none) == (7.0, None)
    assert vmap(lambda x, y: x + y, in_axes=[1, None])(x, 1.0).tolist() == (x.T + 1).tolist()


@given(name=functions)
def test_no_samples(name):
    xs, ss, w = samples(0, 1)
    f = vmap(FUNCTIONS[name], in_axes=(0, 0, None), out_axes=-1)
    for none, one in zip(parts(f(xs[:0], ss[:0], w)), parts(f(xs, ss, w)), strict=True):
        assert none.shape == (*one.shape[:-1], 0)
        assert none.dtype == one.dtype


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: vmap(3.0), TypeError, "vmap"),
        (
            lambda: vmap(np.sin)(2.0),
            TypeError,
            "0 should be an array .* None for it",
        ),
        (lambda: vmap(np.sin, in_axes=None)(np.ones(2)), TypeError, "no argument has an axis"),
        (lambda: vmap(np.sin, in_axes=2)(np.ones((2, 2))), ValueError, "has no axis 2"),
        (lambda: vmap(np.sin, in_axes=-3)(np.ones((2, 2))), ValueError, "has no axis -3"),
        (
            lambda: vmap(np.add)(np.ones(2), np.ones(3)),
            ValueError,
            "as many samples, not argument 0: 2, argument 1: 3",
        ),
        (lambda: vmap(np.add, in_axes=(0,))(np.ones(2), 1.0), TypeError, r"in_axes is \(0,\)"),
        (
            lambda: vmap(np.sum, in_axes=({"a": 0},))(np.ones(2)),
            TypeError,
            r"in_axes\[0\] is .*, where there is a number",
        ),
        (lambda: vmap(np.sin, out_axes=1)(np.ones(2)), ValueError, "axis 1 of the result"),
        (
            lambda: vmap(np.sin, out_axes=None)(np.arange(2.0)),
            ValueError,
            "differs between samples",
        ),
        (lambda: vmap(np.sin, out_axes=(0, 0))(np.ones(2)), TypeError, "out_axes"),
        (
            lambda: vmap(lambda x: np.ones(int(x)))(np.arange(3.0)),
            ValueError,
            r"of shape \(0,\) for sample 0 and of shape \(1,\) for sample 1",
        ),
        (
            lambda: vmap(lambda x: x if x > 0 else None)(np.arange(2.0)),
            ValueError,
            "is None for sample 0",
        ),
        (lambda: vmap(lambda x: [x] * int(x))(np.arange(2.0)), TypeError, "form of the list"),
        (lambda: vmap(lambda x: "text")(np.ones(2)), TypeError, "cannot be stacked"),
    ],
)
def test_errors_say_what_to_write(call, error, message):
    with pytest.raises(error, match=message):
        call()
