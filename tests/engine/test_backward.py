"""The walk: once per node, in order, without recursion, and what it leaves behind."""

import sys
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import FreedGraphError, Primitive, Value, array, grad, no_grad, tanh
from autograd.engine.each import Each
from autograd.engine.graph import history
from autograd.engine.value import held_grad
from autograd.graphs.steps import steps
from autograd.ops.plain import raw


def test_a_node_used_twice_is_counted_once_per_use():
    a = Value(3.0)
    b = a + a
    c = b + b
    c.backward()
    assert a.grad == 4.0


def test_leaves_do_not_share_a_gradient_array():
    x, y = Value([1.0, 2.0]), Value([3.0, 4.0])
    seed = np.ones(2)
    (x + y).backward(seed)
    x.grad[0] = 9
    seed[1] = 7
    assert y.grad.tolist() == [1, 1]
    assert x.grad.tolist() == [9, 1]


@pytest.mark.parametrize("start", [3.0, np.array([1.0, 2.0])])
def test_a_second_pass_doubles_the_leaves_and_nothing_else(start):
    x = Value(start)
    y = (tanh(x) * x).sum() if np.ndim(start) else tanh(x) * x
    y.backward()
    once, inner = x.grad, y.grad
    y.backward()
    assert np.array_equal(x.grad, 2 * once)
    assert y.grad == inner
    x.zero_grad()
    assert not x.has_grad and np.array_equal(x.grad, np.zeros(np.shape(start)))


def test_gradients_of_inner_nodes():
    x = Value([1.0, 2.0])
    y = x * x
    z = y.sum()
    z.backward()
    assert z.grad == 1.0
    assert y.grad is None
    z.backward(retain_gradients=True)
    assert y.grad.tolist() == [1, 1]


@pytest.mark.slow
def test_a_chain_of_a_million_nodes():
    x = y = Value(0.0)
    for _ in range(1_000_000):
        y = y + 1.0
    y.backward()
    assert (y.data, x.grad) == (1e6, 1.0)


def test_the_graph_survives_with_its_values():
    x = Value([1.0, 2.0])
    y = x * 3.0
    z = y.sum()
    z.backward()
    x.data -= 0.5
    assert z.parents[0] is y
    assert y.data.tolist() == [3, 6]
    assert y.args[0].tolist() == [1, 2]


def test_a_search_can_end_at_older_nodes():
    x = Value(1.0)
    y = x * x
    z = y * y
    nodes, places = history([z * z], {}, since=z.serial)
    assert [node.serial for node in nodes] == sorted(places, reverse=True)
    assert nodes[1:] == [z, y]


def test_the_seed_may_be_a_value():
    x = Value([1.0, 2.0])
    (x * x).backward(gradient=Value([1.0, 10.0]))
    assert x.grad.tolist() == [2, 40]


def test_arguments_given_by_name_have_gradients():
    scaled = Primitive(
        "scaled",
        lambda x, k=2.0: k * x,
        vjps=[lambda g, y, x, k=2.0: k * g, lambda g, y, x, k=2.0: g * x],
    )
    x, k = Value(3.0), Value(5.0)
    scaled(k=k, x=x).backward()
    assert (x.grad, k.grad) == (5, 3)
    k.zero_grad()
    scaled(3.0, k=k).backward()
    assert k.grad == 3


def test_a_freed_graph_says_so():
    x = Value([1.0, 2.0])
    y = (x * x).sum()
    y.backward(free=True)
    assert x.grad.tolist() == [2, 4]
    with pytest.raises(FreedGraphError, match=r"freed by backward\(free=True\)"):
        y.backward()
    assert x.grad.tolist() == [2, 4]


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda y: y.backward(), ValueError, r"shape \(2,\) needs a gradient: write v.sum"),
        (lambda y: y.backward(np.ones(3)), ValueError, r"gradient of shape \(3,\)"),
        (lambda y: y.backward(1.0), ValueError, r"gradient of shape \(\)"),
        (lambda y: y.backward("ones"), TypeError, "not str"),
        (
            lambda y: y.backward([1j, 1j]),
            ValueError,
            "of dtype float64 cannot have a complex gradient",
        ),
    ],
)
def test_bad_seeds(call, error, says):
    x = Value([1.0, 2.0])
    with pytest.raises(error, match=says):
        call(x * x)
    assert not x.has_grad


def test_an_error_in_a_rule_names_the_op_and_changes_nothing():
    def broken(g, y, x):
        raise KeyError("no rule")

    x, w = Value(2.0), Value(3.0)
    y = Primitive("broken", lambda x: x, vjps=[broken])(x) + w
    with pytest.raises(KeyError) as caught:
        y.backward()
    assert "broken" in caught.value.__notes__[0]
    assert w.grad == 0.0


# -- higher orders ----------------------------------------------------------------------------


@given(x=st.floats(0.5, 2.0), n=st.integers(3, 6))
def test_any_order(x, n):
    v = Value(x)
    y, factor = v**n, 1.0
    for order in range(1, 4):
        v.zero_grad()
        y.backward(create_graph=True)
        y = v.grad
        factor *= n - order + 1
        assert y.data == pytest.approx(factor * x ** (n - order))


def test_nested_derivatives_are_not_confused():
    def slope(f, x):
        v = Value(x) if not isinstance(x, Value) else x
        old, v.grad = held_grad(v), None
        f(v).backward(create_graph=True)
        found, v.grad = v.grad, old
        return found

    x = Value(1.0)
    inner = slope(lambda y: x * y, Value(2.0))  # d(xy)/dy = x
    x.zero_grad()
    (x * inner).backward()  # d(x²)/dx = 2x
    assert x.grad == 2.0


def test_changed_data_stops_a_higher_derivative():
    a = Value([2.0])
    y = (a * a).sum()
    a.data = np.array([5.0])
    y.backward()
    assert a.grad.tolist() == [4.0]
    with pytest.raises(RuntimeError, match="was changed after the op ran"):
        y.backward(create_graph=True)


# -- no_grad and threads --------------------------------------------------------------------------


def test_no_grad():
    x = Value(2.0)

    @no_grad()
    def square(v):
        return v * v

    with no_grad():
        with no_grad():
            assert (x * x).op is None
        assert (x * x).op is None
        assert np.stack([x, x]).op is None
    assert square(x).op is None
    assert (x * x).op is not None
    with pytest.raises(ZeroDivisionError), no_grad():
        raise ZeroDivisionError
    assert (x * x).op is not None


def test_no_grad_is_of_one_thread():
    x, inside, results = Value(2.0), threading.Barrier(2), []

    def other():
        inside.wait()
        results.append((x * x).op)
        inside.wait()

    thread = threading.Thread(target=other)
    thread.start()
    with no_grad():
        inside.wait()
        inside.wait()
        assert (x * x).op is None
    thread.join()
    assert results[0] is not None


def test_eight_threads_give_the_gradients_of_one():
    shared = Value(np.linspace(0.1, 1.0, 10))

    def work(seed, out):
        rng = np.random.default_rng(seed)
        own = Value(rng.normal(size=10))
        for _ in range(200):
            (tanh(own * shared).sum() + own[3] ** 2).backward()
        out[seed] = own.grad

    alone, together = {}, {}
    for seed in range(8):
        work(seed, alone)
    total = shared.grad
    shared.zero_grad()
    threads = [threading.Thread(target=work, args=(seed, together)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(alone[seed], together[seed]) for seed in range(8))
    np.testing.assert_allclose(shared.grad, total)


def test_a_rule_may_leave_out_axes_of_one_entry():
    row = np.ones((1, 3))
    total = Primitive(
        "total", lambda x, b: x + b, vjps=[lambda g, y, *args: g, lambda g, y, *args: g.sum(axis=0)]
    )
    b = Value(row)
    np.sum(total(np.ones((4, 3)), b)).backward()
    np.testing.assert_array_equal(b.grad, 4 * row)


@pytest.mark.parametrize(
    ("gradient", "words"),
    [
        ((1.0, 2.0), r"must return a number or an array, and one returned \(1.0, 2.0\) \(tuple\)"),
        (np.ones(2), r"a gradient of shape \(2,\) for an argument of shape \(3,\)"),
        (np.ones((3, 2)), r"a gradient of shape \(3, 2\) for an argument of shape \(3,\)"),
    ],
)
def test_what_a_rule_may_not_return(gradient, words):
    odd = Primitive("odd", lambda x: 2 * x, vjps=[lambda g, y, x: gradient])
    with pytest.raises((TypeError, ValueError), match=words):
        odd(Value(np.ones(3))).sum().backward()


# -- any number of arguments -----------------------------------------------------------------------


@pytest.mark.parametrize("live", [False, True])
def test_one_call_of_a_rule_for_all_parts(live):
    calls = []

    def rule(places, g, y, *xs):
        calls.append(places)
        return [g * (i + 1.0) for i in places]

    total = Primitive("total", lambda *xs: sum((i + 1.0) * x for i, x in enumerate(xs)), Each(rule))
    parts = [Value([1.0, 2.0]) for _ in range(5)]
    y = total(parts[0], np.ones(2), *parts[1:], parts[0])
    y.sum().backward(create_graph=live)
    assert calls == [[0, 2, 3, 4, 5, 6]]
    found = [part.grad for part in parts]
    np.testing.assert_array_equal(raw(found[0]), [8.0, 8.0])
    assert [np.ravel(raw(g))[0] for g in found[1:]] == [3.0, 4.0, 5.0, 6.0]
    calls.clear()
    g = grad(lambda x: total(x, *parts, x).sum())(np.ones(2))
    assert calls == [[0, 6]] and g.tolist() == [8.0, 8.0]
    calls.clear()
    walk = steps(total(*parts).sum(), careful=False)
    assert [len(step.links) for step in walk][:2] == [1, 5]
    assert len(calls) == 1


@pytest.mark.parametrize("join", [np.stack, np.concatenate, np.hstack, np.block, array])
def test_joining_looks_at_each_part_once(join):
    """Twice the parts take twice the time, not four times: the work is counted, not timed."""

    def work(n):
        looks = []
        parts = [np.multiply(Value([1.0, 2.0]), 3.0) for _ in range(n)]
        y = join(parts).sum()
        sys.setprofile(lambda frame, event, arg: looks.append(event))
        try:
            y.backward()
        finally:
            sys.setprofile(None)
        return len(looks)

    base = work(50)
    assert work(100) <= 2.2 * base
