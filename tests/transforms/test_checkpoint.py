"""checkpoint: the same derivatives of any order from less memory."""

import random
import tracemalloc
import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, checkpoint, grad, hessian, jvp, no_grad
from autograd.graphs.replay import Replay

X = np.array([0.3, 0.5])


def one(x):
    return np.sin(x) * x


def state(x, h, scale=1.0):
    """Two results, one of another shape."""
    return np.tanh(x * h) * scale, np.sum(h * h) + x[0]


def tree(parts):
    return {"sum": parts["a"] + parts["b"], "first": [parts["a"][0]], "note": "kept"}


LOSSES = {
    "one array": lambda c, x: np.sum(c(one)(c(one)(x))),
    "a number": lambda c, x: c(one)(c(one)(x[0])) + x[1],
    "two results": lambda c, x: np.sum(c(state)(x, x * x)[0]) * c(state)(x, x)[1],
    "by name": lambda c, x: np.sum(c(state)(x, h=np.cos(x), scale=x[1])[0]),
    "trees": lambda c, x: np.sum(c(tree)({"a": x, "b": x[::-1]})["sum"] ** 3),
    "part of a tree": lambda c, x: c(tree)({"a": x, "b": x})["first"][0] ** 3,
    "the argument itself": lambda c, x: np.sum(c(lambda x: x)(x) ** 2),
    "a constant": lambda c, x: np.sum(x * c(lambda x: 2.0)(x)),
    "from outside": lambda c, x: np.sum(c(lambda y: y * x * np.sin(x))(np.ones(2)) ** 2),
    "only from outside": lambda c, x: np.sum(c(lambda: x * x)() ** 2),
    "outside as it is": lambda c, x: np.sum(c(lambda y: x)(x) ** 2),
    "nested": lambda c, x: np.sum(c(lambda x: c(one)(x) * c(one)(x * x))(x)),
    "gradient inside": lambda c, x: np.sum(c(grad(lambda x: np.sum(x**3)))(x) * x),
}


@pytest.mark.parametrize("name", LOSSES)
def test_the_same_derivatives_of_any_order(name):
    f = LOSSES[name]
    plainly, compactly = (lambda x: f(lambda g: g, x)), (lambda x: f(checkpoint, x))
    assert compactly(X) == plainly(X)
    np.testing.assert_allclose(grad(compactly)(X), grad(plainly)(X))
    np.testing.assert_allclose(hessian(compactly)(X), hessian(plainly)(X), atol=1e-14)
    np.testing.assert_allclose(jvp(compactly, (X,), (X,)), jvp(plainly, (X,), (X,)))

    def third(f):
        return grad(grad(grad(lambda t: f(t * X))))(1.1)

    np.testing.assert_allclose(third(compactly), third(plainly), rtol=1e-10, atol=1e-12)


@given(x=st.floats(0.2, 2.0), steps=st.integers(1, 6))
def test_backward_reaches_all_leaves(x, steps):
    def loss(f, x, w):
        for _ in range(steps):
            x, total = f(x, w)
        return np.sum(x) + total

    found = []
    for f in (state, checkpoint(state)):
        leaves = Value([x, 0.5]), Value([1.5, x])
        loss(f, *leaves).backward()
        found.append([leaf.grad for leaf in leaves])
    np.testing.assert_allclose(found[1], found[0])


def test_parameters_that_the_function_uses_from_outside():
    w = Value([2.0, 3.0])
    x = Value(X)
    y = checkpoint(lambda x: np.sum(np.sin(w * x)))(x)
    y.backward()
    np.testing.assert_allclose(w.grad, np.cos(w.data * X) * X)
    np.testing.assert_allclose(x.grad, np.cos(w.data * X) * w.data)
    y = checkpoint(lambda x: np.sum(np.sin(w * x)))(x)
    w.data -= 1.0
    with pytest.raises(RuntimeError, match="uses from outside has changed"):
        y.backward()


class TestWhatChangesAfterTheCall:
    """Either the gradient of what was computed, or an error that says why there is none."""

    def test_the_base_of_a_view(self):
        v = Value(X) * 1.0
        w = v[...]
        v *= 10.0
        y = checkpoint(lambda w: np.sum(w * w))(w)
        assert y.data == pytest.approx(100 * np.sum(X * X))
        y.backward()

        v = Value(X)
        y = v * 1.0
        w = y[...]
        y *= 10.0
        checkpoint(lambda w: np.sum(w * w))(w).backward()
        np.testing.assert_allclose(v.grad, 200 * X)

    @given(
        wrap=st.sampled_from(
            [lambda a: a, lambda a: [a], lambda a: {"a": (a, 1)}, lambda a: a[:1], lambda a: a.T]
        ),
        by_name=st.booleans(),
    )
    def test_arguments(self, wrap, by_name):
        def scaled(x, tree):
            while not isinstance(tree, np.ndarray):
                tree = next(iter(tree.values())) if isinstance(tree, dict) else tree[0]
            return np.sum(x * x * tree)

        x, a = Value(X), np.array([2.0, 3.0])
        tree = wrap(a)
        expected = 2 * X * (a[:1] if tree is not a and isinstance(tree, np.ndarray) else a)
        f = checkpoint(scaled)
        y = f(x, tree=tree) if by_name else f(x, tree)
        expected = grad(scaled)(X, tree)
        a[:] = 100.0
        if isinstance(tree, list):
            tree[0] = np.zeros(2)
        y.backward()
        np.testing.assert_array_equal(x.grad, expected)

    def test_whole_numbers_in_a_value(self):
        x, n = Value(X), Value(np.array([2, 3]))
        y = checkpoint(lambda x, n: np.sum(x * n))(x, n)
        n.data[:] = 100
        y.backward()
        assert x.grad.tolist() == [2.0, 3.0]

    @pytest.mark.parametrize("order", [1, 2])
    def test_a_closed_over_number(self, order):
        scale = [2.0]
        x = Value(X)
        y = checkpoint(lambda x: np.sum(x**3 * scale[0]))(x)
        scale[0] = 3.0
        with pytest.raises(RuntimeError, match=r"gave other results .* make what changes"):
            y.backward(create_graph=order == 2)
        assert not x.has_grad
        scale[0] = 2.0
        y.backward()
        np.testing.assert_allclose(x.grad, 6 * X**2)

    def test_random_numbers_from_no_generator(self):
        rng = random.Random(0)
        y = checkpoint(lambda x: np.sum(x * rng.random()))(Value(X))
        with pytest.raises(RuntimeError, match=r"draw from an np\.random\.Generator"):
            y.backward()

    @pytest.mark.parametrize("make", [np.random.default_rng, np.random.RandomState, random.Random])
    def test_a_generator_as_argument_draws_the_same_again(self, make):
        def dropout(x, rng):
            return x * np.array([rng.random() for _ in range(2)])

        found = []
        for f in (dropout, checkpoint(dropout)):
            x, rng = Value(X), make(0)
            f(f(x, rng), rng=rng).sum().backward()
            x.grad = None
            f(f(x, rng), rng=rng).sum().backward()
            found.append([*x.grad, rng.random()])
        assert found[0] == found[1]

    def test_nan_stays_equal_to_nan(self):
        x = Value([-1.0, 4.0])
        with np.errstate(invalid="ignore"):
            checkpoint(lambda x: np.sqrt(x))(x).backward(np.ones(2))
        np.testing.assert_array_equal(x.grad, [np.nan, 0.25])


class TestChangesInPlaceInside:
    def test_of_its_own_values(self):
        def f(x):
            y = x * 2.0
            y[0] *= 5.0
            return y

        x = Value(X)
        checkpoint(f)(x).sum().backward()
        assert x.grad.tolist() == [10.0, 2.0]

    def test_of_others_are_refused(self):
        def changed(x):
            x *= 2.0
            return x

        x, w = Value(X) * 1.0, Value(X) * 1.0
        for f in (lambda: checkpoint(changed)(x), lambda: checkpoint(lambda x: changed(w))(x)):
            with pytest.raises(RuntimeError, match="changes a Value in place that it did not make"):
                f()
        assert x.data.tolist() == X.tolist()

    def test_of_an_array_are_refused(self):
        with pytest.raises(ValueError, match="read-only"):
            checkpoint(lambda x, a: x * a.sort())(Value(X), np.array([2.0, 1.0]))


def test_new_numbers_for_what_comes_from_outside():
    w, x = Value([2.0, 3.0]), Value(X)
    again = Replay([checkpoint(lambda x: x * w)(x)], [x])
    np.testing.assert_array_equal(again([2 * X])[0], 2 * X * w.data)
    again = Replay([checkpoint(lambda x: x * w)(x)], [w])
    with pytest.raises(RuntimeError, match="uses from outside"):
        again([np.ones(2)])


def test_types_stay():
    x = Value(X.astype(np.float32))
    low, high = checkpoint(lambda x: (x * x, x.astype(float), x > 0))(x)[:2]
    assert (low.dtype, high.dtype) == (np.float32, np.float64)
    (low.sum() + high.sum()).backward()
    assert x.grad.dtype == np.float32
    np.testing.assert_allclose(x.grad, 2 * x.data + 1)
    z = Value(1 + 2j)
    assert grad(lambda z: np.real(checkpoint(one)(z)))(z.data) == pytest.approx(
        grad(lambda z: np.real(one(z)))(z.data)
    )


def test_a_real_and_a_complex_result():
    real, z = checkpoint(lambda x: (x * 2.0, x * 1j))(Value(X))
    assert (real.dtype, z.dtype) == (float, complex)
    (np.sum(real) + np.sum(np.abs(z) ** 2)).backward()


def test_raw_numbers_and_no_grad_make_no_graph():
    assert type(checkpoint(one)(X)) is np.ndarray
    with no_grad():
        assert checkpoint(one)(Value(X)).op is None
    x = Value(X)
    y = checkpoint(one)(x).sum()
    with no_grad():
        y.backward()
    assert x.has_grad


def test_the_inner_graph_is_gone():
    class Watched(Value):
        __slots__ = ("__weakref__",)

    seen = []

    def f(x):
        inner = Watched(2.0)
        seen.append(weakref.ref(inner))
        return x * inner

    x = Value(3.0)
    y = checkpoint(f)(x)
    assert seen[0]() is None
    y.backward()
    assert x.grad == 2.0
    assert [ref() for ref in seen] == [None, None]


def test_a_thousand_steps_need_a_tenth_of_the_memory():
    def step(x):
        return np.sin(x) * 1.01

    def steps(x, n):
        for _ in range(n):
            x = step(x)
        return x

    def peak(f):
        tracemalloc.start()
        gradient = grad(f)(x)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most, gradient

    x = np.linspace(0.0, 1.0, 1000)  # a hundredth of the size, a hundredth of the time
    part = checkpoint(steps)

    def in_parts(x):
        for _ in range(40):
            x = part(x, 25)
        return np.sum(x)

    plain, expected = peak(lambda x: np.sum(steps(x, 1000)))
    compact, found = peak(in_parts)
    np.testing.assert_allclose(found, expected)
    assert compact < plain / 10
