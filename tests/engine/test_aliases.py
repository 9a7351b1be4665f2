"""Values that changed in place stand for nodes: no cycles, no lost numbers, views as NumPy's."""

import copy
import gc
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, debug, grad, no_grad
from autograd.drawing import draw
from autograd.engine.windows import Form, Window
from autograd.explaining import explain
from autograd.graphs.replay import Replay

VIEWS = [
    lambda a: a[1:],
    lambda a: a[..., ::2],
    lambda a: a[::-1],
    lambda a: a.T,
    lambda a: a[None],
    lambda a: np.moveaxis(a, 0, -1),
    lambda a: a[:1],
    lambda a: a.swapaxes(0, -1)[..., :0],
]
ORDERS = [
    lambda x: x,
    lambda x: x.T.copy().T,
    lambda x: np.copy(x.transpose(1, 2, 0)).transpose(2, 0, 1),
]


# -- windows -------------------------------------------------------------------------------------


@given(
    st.lists(st.sampled_from(VIEWS), max_size=5), st.sampled_from(ORDERS), st.sampled_from(ORDERS)
)
def test_a_window_shows_in_any_array_what_the_views_show(views, order, other):
    def seen(x):
        for view in views:
            x = view(x)
        return x

    x = order(np.arange(24.0).reshape(2, 3, 4))
    window = Window.on(x, seen(x))
    y = other(np.float32(100 + np.arange(24.0).reshape(2, 3, 4)))
    laid = window.laid_out(y)
    assert window.fits(laid) or laid.size == 0
    np.testing.assert_array_equal(laid, y)
    np.testing.assert_array_equal(window.of(laid), seen(y))
    assert window.is_part()


@pytest.mark.parametrize(
    ("view", "part"),
    [
        (lambda x: np.broadcast_to(x[:, :1], (3, 9)), False),
        (lambda x: np.lib.stride_tricks.sliding_window_view(x, (2, 2)), False),
        (lambda x: np.lib.stride_tricks.sliding_window_view(x, (1, 1)), True),
        (lambda x: x.real, True),
        (lambda x: np.einsum("ii->i", x[:, :3]), True),
    ],
)
@pytest.mark.parametrize("dtype", [float, complex])
def test_a_window_knows_whether_it_shows_each_number_once(view, part, dtype):
    x = np.arange(12.0, dtype=dtype).reshape(3, 4)
    shown = view(x)
    window = Window.on(x, shown)
    assert window.is_part() == part
    np.testing.assert_array_equal(window.of(x), shown)


# -- no cycles -----------------------------------------------------------------------------------


def view_of_itself(y):
    y[::2] *= 1.1
    return y


def recurrence(y):
    for i in range(1, 4):
        y[i] = 0.9 * y[i - 1] + y[i]
    return y


def computed_before_the_change(y):
    z = y * 2.0
    y[0] = z[1]
    y[2] = z[3]
    return y


def by_itself(y):
    y += y * y
    y[:] = y[::-1]
    y[...] = y
    return y


def view_kept(y):
    rest = y[1:]
    y *= 3.0
    rest += rest * 2.0
    return rest.sum() + y


def view_of_a_view(y):
    inner = y[1:][::-1][:2]
    inner *= 2.0
    before = inner * 1.0
    y[0] = before[0]
    inner[0] = y[0] * 2.0
    return y


def two_of_them(y):
    z = y * 1.0
    y[0] = z[1] * 2.0
    z[0] = y[0] * y[1]
    y[2] = z[0]
    return y * z


def view_older_than_the_first_change(y):
    rest, total = y[1:], y[1:].sum()
    product = rest * total
    y[0] = 1.0
    y[1:] = product
    return y


STEPS = [
    view_of_itself,
    recurrence,
    computed_before_the_change,
    by_itself,
    view_kept,
    view_of_a_view,
    two_of_them,
    view_older_than_the_first_change,
]


@pytest.mark.parametrize("backward", [True, False, "twice"])
@pytest.mark.parametrize("step", STEPS)
def test_a_change_in_place_leaves_no_cycle(collector_off, step, backward):
    def once():
        x = Value([0.5, -1.0, 2.0, 0.3])
        y = step(x * 1.0).sum()
        if backward:
            y.backward()
        if backward == "twice":
            grad(lambda x: step(x * 1.0).sum() ** 2)(x)

    once()
    gc.collect()
    once()
    assert gc.collect() == 0


@pytest.mark.parametrize("step", STEPS)
def test_a_change_of_a_leaf_leaves_no_cycle(collector_off, step):
    def once():
        x = Value([0.5, -1.0, 2.0, 0.3])
        step(x).sum().backward()

    once()
    gc.collect()
    once()
    assert gc.collect() == 0


@pytest.mark.parametrize("step", STEPS)
def test_second_derivatives_through_changes(step):
    def f(x):
        return (step(x * 1.0) ** 2).sum()

    x, along = np.array([0.5, -1.0, 2.0, 0.3]), np.array([0.3, 1.1, -0.7, 0.2])
    h = 1e-5
    first = (f(x + h * along) - f(x - h * along)) / (2 * h)
    assert grad(f)(x) @ along == pytest.approx(float(first), rel=1e-7)
    second = (grad(f)(x + h * along) - grad(f)(x - h * along)) @ along / (2 * h)
    ours = grad(lambda t: grad(f)(x + t * along) @ along)(0.0)
    assert ours == pytest.approx(second, rel=1e-6)


# -- numbers that were written over ------------------------------------------------------------


def filled(n=6):
    x = Value(np.linspace(0.5, 1.0, n), name="x")
    y = np.zeros_like(x)
    y[0] = x[0]
    for i in range(1, n):
        y[i] = 0.5 * y[i - 1] + x[i]
    return x, y


def test_a_state_in_between_shows_its_own_numbers():
    x, y = filled()
    states = [y.current()]
    while states[-1].parents[0].op is states[0].op:
        states.append(states[-1].parents[0])
    assert sum(type(state._data) is Form for state in states) == 5
    expected, shown = np.zeros(6), []
    for i in range(6):
        expected[i] = (0.5 * expected[i - 1] if i else 0.0) + x.data[i]
        shown.append(expected.copy())
    np.testing.assert_array_equal([state.data for state in states], shown[::-1])
    for state, before in zip(states, [*shown[-2::-1], np.zeros(6)], strict=True):
        np.testing.assert_array_equal(state.args[0], before)


def test_a_state_in_between_can_be_used_again():
    x, y = filled()
    middle = y.current().parents[0].parents[0]
    (middle * middle).sum().backward()
    expected, z = Value(x.data), filled(6)[1]
    z = np.zeros_like(expected)
    for i in range(4):
        z[i] = (0.5 * z[i - 1] if i else 0.0) + expected[i]
    (z * z).sum().backward()
    np.testing.assert_allclose(x.grad, expected.grad)


def test_pictures_explanations_and_replays_of_written_over_numbers():
    x, y = filled()
    total = (y * y).sum()
    assert "x" in draw(total).source
    explain(total)
    again = Replay([total], [x])
    assert again([x.data])[0] == total.data
    other = np.linspace(-1.0, 0.2, 6)
    z = Value(other)
    w = np.zeros_like(z)
    w[0] = z[0]
    for i in range(1, 6):
        w[i] = 0.5 * w[i - 1] + z[i]
    assert again([other])[0] == pytest.approx((w * w).sum().data, rel=1e-14)


def test_numbers_that_somebody_holds_are_not_written_over():
    _, y = filled()
    shown, read, op = y.numpy(), y.data, y * 2.0
    before = y.data.copy()
    y[0] = 7.0
    y[1] = 8.0
    for held in (shown, read, op.args[0]):
        np.testing.assert_array_equal(held, before)
    assert y.data[:2].tolist() == [7, 8]


def test_copies_of_aliases():
    _, y = filled()
    row = y[2:]
    y[3] = 9.0
    for same in (copy.copy, copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v.detach()))):
        assert same(y).data.tolist() == y.data.tolist()
        assert same(row).data.tolist() == row.data.tolist()
        z = same(row)
        z[0] = -1.0
        assert row.data[0] != -1.0


def test_a_change_while_a_watcher_looks_on():
    with debug():
        _, y = filled()
        row = y[1:]
        row[0] = 3.0
    assert y.data[1] == 3.0
    y.sum().backward()
    with no_grad():
        assert (row * 2.0).data[0] == 6.0


def test_errors_leave_an_alias_as_it_was():
    _, y = filled()
    before = y.data.copy()
    for index, new in ((0, np.ones(3)), (99, 1.0), (slice(0, 2), np.ones(3)), ("a", 1.0)):
        with pytest.raises((ValueError, IndexError)):
            y[index] = new
        np.testing.assert_array_equal(y.data, before)
    y.sum().backward()


# -- gradients of leaves that changed ------------------------------------------------------------


def test_the_gradient_of_a_changed_leaf_can_be_reset_and_set():
    x = Value([1.0, 2.0])
    x += 1.0
    (x * x).sum().backward()
    assert x.grad.tolist() == [4, 6]
    x.zero_grad()
    assert not x.has_grad and not x.grad.any()
    (x * x).sum().backward()
    assert x.grad.tolist() == [4, 6]
    x.grad = None
    (x * x).sum().backward()
    assert x.grad.tolist() == [4, 6]
    x.grad = np.array([10.0, 20.0])
    (x * x).sum().backward()
    assert x.grad.tolist() == [14, 26]


# -- views -----------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(st.integers(1, 40), st.integers(0, 3))
def test_long_chains_of_views(n, changes):
    y, a = Value(np.arange(5.0)) * 1.0, np.arange(5.0)
    view, theirs = y, a
    for i in range(n):
        view, theirs = view[::-1], theirs[::-1]
        if changes and i % (changes + 1) == changes:
            view[0] *= 2.0
            theirs[0] *= 2.0
    y[1] = theirs[2] = a[1] = -3.0
    theirs[2] = view[2].data
    np.testing.assert_array_equal(view.data, view.numpy())
    np.testing.assert_array_equal(y.data[::-1] if n % 2 else y.data, view.data)


@pytest.mark.slow
@pytest.mark.parametrize("early", [True, False])
def test_views_of_views_fifty_thousand_deep(early):
    x = Value(np.ones(3))
    y = x * 1.0
    if early:
        y[0] = 2.0
    view = y
    for _ in range(50_000):
        view = view[:]
    view *= 3.0
    y[1] = 5.0
    assert view.data.tolist() == y.data.tolist()
    (view * y).sum().backward()
    assert x.grad.tolist() == [0 if early else 2 * 3 * 3, 0, 2 * 3 * 3]
    assert view.grad is None or view.grad.shape == (3,)
