"""Changing numbers while a graph needs them: the gradients stay right, or an error says why."""

import pickle
from contextlib import nullcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, jacobian, no_grad, set_data
from autograd.testing import check_gradients
from tests.numpy.examples import EXAMPLES
from tests.numpy.test_namespace import DIFFERENTIABLE, parts

BEFORE = {
    "the array": lambda x: x,
    "a view of it": lambda x: x[:],
    "a view of a view": lambda x: x[:][::-1],
    "a reshaped view": lambda x: x.reshape(-1, 1),
}


@pytest.mark.parametrize("way", BEFORE)
@pytest.mark.parametrize(
    "f",
    [
        lambda w, x: (w * x).sum(),
        lambda w, x: w @ x,
        lambda w, x: np.stack([w, x]).prod(axis=0).sum(),
        lambda w, x: np.einsum("i,i->", w, x),
        lambda w, x: (x**w).sum(),
    ],
)
def test_a_plain_array_may_change_after_an_op_captured_it(way, f):
    expected = Value([1.0, 2.0, 3.0])
    f(expected, np.array([4.0, 5.0, 6.0])).backward()
    w, x = Value([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0])
    handle = BEFORE[way](x)
    y = f(w, x)
    handle[...] = 0
    y.backward()
    assert np.array_equal(w.grad, expected.grad)
    assert not x.any()


@pytest.mark.parametrize("way", BEFORE)
@pytest.mark.parametrize("early", [True, False])
@pytest.mark.parametrize(
    "f",
    [
        lambda w: (w * w).sum(),
        lambda w: np.square(w.reshape(3, 1)).sum(),
        lambda w: np.square(w[::-1]).sum(),
        lambda w: np.square(w[1:]).sum() + np.square(w[:1]).sum(),
    ],
)
def test_a_leaf_may_change_while_a_graph_needs_it(way, early, f):
    w = Value([1.0, 2.0, 3.0])
    if early:
        handle = BEFORE[way](w.data)
        y = f(w)
    else:
        y = f(w)
        handle = BEFORE[way](w.data)
    handle[...] = 9
    y.backward()
    assert w.grad.tolist() == [2, 4, 6]
    assert w.data.tolist() == [9, 9, 9]
    w.zero_grad()
    f(w).backward()
    assert w.grad.tolist() == [18, 18, 18]


def test_an_index_may_change_after_it_was_used():
    v, index = Value([1.0, 2.0, 3.0]), np.array([0, 1])
    y = v[index].sum()
    index[:] = 2
    y.backward()
    assert v.grad.tolist() == [1, 1, 0]


def test_training_step_by_hand():
    p = Value([1.0, 2.0])
    for _ in range(3):
        loss = (p * p).sum()
        p.zero_grad()
        loss.backward()
        p.data -= 0.25 * p.grad
    assert p.data.tolist() == [0.125, 0.25]
    with no_grad():
        p -= 0.125
        p[0] = 5.0
    assert p.op is None
    assert p.data.tolist() == [5.0, 0.125]


def test_computed_data_is_read_only():
    y = Value([1.0, 2.0]) * 2
    with pytest.raises(ValueError, match="read-only"):
        y.data[0] = 1
    copy = y.detach()
    copy.data[0] = 9
    assert y.data.tolist() == [2, 4]


def test_a_view_of_a_leaf_shares_its_memory_and_its_gradient():
    w = Value(np.zeros((2, 3)))
    row = w[1]
    row.data[:] = [1, 2, 3]
    assert w.data.tolist() == [[0, 0, 0], [1, 2, 3]]
    assert np.shares_memory(w.T.data, w.data)
    (w[1] * w[1]).sum().backward()
    assert w[1].grad.tolist() == [2, 4, 6]


# -- v[index] = w and v += w -------------------------------------------------------------------


INDICES = [1, slice(0, 2), (slice(None), 1), np.array([0, 2]), (np.array([0, 0]), np.array([1, 2]))]


@pytest.mark.parametrize("index", INDICES)
@given(seed=st.integers(0, 1000))
def test_assignment_equals_multiplying_by_masks(index, seed):
    rng = np.random.default_rng(seed)
    start, c = rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    taken = np.zeros((3, 3))
    taken[index] = 1
    v, w = Value(start), Value(2.0)
    before = v * 1.0
    v[index] = w * w
    after = v * c
    (after + before).sum().backward()
    np.testing.assert_allclose(v.grad, 1 + c * (1 - taken))
    assert w.grad == pytest.approx(4.0 * (c * taken).sum())


@pytest.mark.parametrize(
    ("change", "slope"),
    [
        (lambda v, w: v.__iadd__(w), lambda v, w: (1 + 0 * v, 1 + 0 * v)),
        (lambda v, w: v.__isub__(w), lambda v, w: (1 + 0 * v, -1 + 0 * v)),
        (lambda v, w: v.__imul__(w), lambda v, w: (w, v)),
        (lambda v, w: v.__itruediv__(w), lambda v, w: (1 / w, -v / w**2)),
        (lambda v, w: v.__ipow__(w), lambda v, w: (w * v ** (w - 1), v**w * np.log(v))),
    ],
)
def test_operators_in_place(change, slope):
    a, b = np.array([1.0, 2.0]), np.array([3.0, 0.5])
    v, w = Value(a), Value(b)
    alias, old = v, v * 10.0
    v = change(v, w)
    assert v is alias
    (v.sum() + old.sum()).backward()
    by_v, by_w = slope(a, b)
    np.testing.assert_allclose(v.grad, by_v + 10)
    np.testing.assert_allclose(w.grad, by_w)


def test_aliases_see_a_change_of_an_array_but_not_of_a_scalar():
    r = q = Value([3.0])
    q += 1
    (r * q).sum().backward()
    assert q.grad.tolist() == [8.0]
    s = t = Value(3.0)
    t += 1
    (s * t).backward()
    assert (s.data, t.data, s.grad) == (3.0, 4.0, 7.0)


def test_an_item_changed_in_place():
    v = Value([[1.0, 2.0], [3.0, 4.0]])
    v[0] *= 3
    (v * v).sum().backward()
    assert v.data.tolist() == [[3, 6], [3, 4]]
    assert v.grad.tolist() == [[18, 36], [6, 8]]


def test_filling_an_array_in_a_loop_equals_stacking():
    x = Value([1.0, 2.0, 3.0])
    filled = Value(np.zeros(3))
    for i in range(3):
        filled[i] = x[i] * x[2 - i]
    (filled * np.array([1.0, 10.0, 100.0])).sum().backward()
    y = Value([1.0, 2.0, 3.0])
    stacked = np.stack([y[i] * y[2 - i] for i in range(3)])
    (stacked * np.array([1.0, 10.0, 100.0])).sum().backward()
    assert np.array_equal(x.grad, y.grad)


@pytest.mark.parametrize("recorded", [True, False])
@pytest.mark.parametrize(
    ("kind", "other"),
    [("f4", "f8"), ("f2", "f4"), ("c8", "c16"), ("c8", "f8"), ("i4", "i8"), ("f8", "f4")]
    + [("f4", "c8"), ("i8", "f8"), ("i8", "f4"), ("?", "i8")],
)
def test_a_change_in_place_is_cast_as_numpy_casts_it(kind, other, recorded):
    x = np.array([1, 2, 3], kind)
    v, w = Value(x), Value(np.array([0.1, 0.7, 3], other))
    try:
        x *= w.numpy()
    except TypeError:
        with pytest.raises(ValueError, match="does not fit"):
            v *= w
        return
    with nullcontext() if recorded else no_grad():
        v *= w
    assert v.dtype == x.dtype
    np.testing.assert_array_equal(v.data, x)


def test_the_gradient_of_a_change_that_was_cast_is_cast_back():
    v, w = Value(np.ones(2, np.float32)), Value([0.5, 2.0])
    y = v * 1
    y += w
    (y * y).sum().backward()
    assert v.grad.dtype == np.float32
    assert v.grad.tolist() == [3.0, 6.0]
    assert w.grad.dtype == np.float64
    assert w.grad.tolist() == [3.0, 6.0]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda v: v.__iadd__(np.ones((2, 2))), "does not fit"),
        (lambda v: v.__iadd__(1j), "does not fit"),
        (lambda v: v.__setitem__(0, np.ones(5)), "setitem of shapes"),
        (lambda v: v[:1].__setitem__(0, np.ones(5)), "setitem of shapes"),
        (lambda v: v.sum().__setitem__(0, 1.0), "no entries to assign"),
    ],
)
def test_what_cannot_be_changed_in_place_stays_as_it_was(change, says):
    v = Value([1.0, 2.0])
    with pytest.raises((ValueError, TypeError), match=says):
        change(v)
    assert v.op is None
    assert v.data.tolist() == [1, 2]


def test_what_was_written_over_has_no_gradient():
    w = Value([1.0, 2.0, 3.0])
    for write in (
        lambda v: v.__setitem__(np.array([0, 1, 0]), w),
        lambda v: np.put(v, [0, 1, 0], w),
    ):
        v = Value(np.zeros(3)) * 1.0
        write(v)
        w.zero_grad()
        (v * np.array([10.0, 20.0, 30.0])).sum().backward()
        assert v.data.tolist() == [3, 2, 0]
        assert w.grad.tolist() == [0, 20, 10]


def test_a_value_changed_by_itself():
    a = Value([1.0, 2.0])
    x = a * 3.0
    x *= x
    x[:] = x
    x.sum().backward()
    assert x.data.tolist() == [9, 36]
    assert a.grad.tolist() == [18, 36]


# -- the ways of NumPy's programs ------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [np.zeros_like, np.empty_like, np.ones_like, lambda v: np.full_like(v, 7)],
)
def test_an_array_made_like_a_value_can_be_filled(make):
    x = Value(np.float32([1.0, 2.0, 3.0]))
    y = make(x)
    y[0] = x[0]
    for i in (1, 2):
        y[i] = 0.5 * y[i - 1] + x[i] ** 2
    y.sum().backward()
    assert y.dtype == x.grad.dtype == np.float32
    np.testing.assert_allclose(x.grad, [1.75, 6, 6])


def test_numbers_made_like_a_value():
    x = Value([1.0, 2.0])
    assert np.ones_like(x, dtype=int).data.tolist() == [1, 1]
    assert np.zeros_like(x, shape=(2, 1)).data.tolist() == [[0], [0]]
    assert np.empty_like(Value(2.0)).data == 0.0
    fill = Value([3.0])
    np.full_like(x, fill).sum().backward()
    assert fill.grad == [2.0]


def test_results_written_into_a_value():
    x = Value([1.0, 2.0])
    y = 2.0 * x
    assert np.multiply(y, x, out=y) is y
    np.exp(y, y)
    y.sum().backward()
    np.testing.assert_allclose(x.grad, 4 * x.data * np.exp(2 * x.data**2))
    with pytest.raises(TypeError, match="cannot write a Value into a plain array"):
        np.exp(x, out=np.zeros(2))


def test_a_plain_array_that_is_to_be_filled_says_how():
    x = Value([1.0, 2.0])
    for write in (lambda a: a.__setitem__(0, x[0]), lambda a: a.__setitem__(slice(0, 2), x)):
        with pytest.raises((TypeError, ValueError)) as raised:
            write(np.zeros(3))
        assert "np.zeros_like(v)" in str(raised.value.__cause__ or raised.value)


# -- views: what shares memory changes together --------------------------------------------------

VIEWS = {
    "the first": lambda a: a[:1],
    "the last two": lambda a: a[-2:],
    "every other": lambda a: a[..., ::2],
    "backwards": lambda a: a[::-1],
    "transposed": lambda a: a.T,
    "flipped": lambda a: np.flip(a),
    "in a row": lambda a: a.reshape(-1),
    "one axis more": lambda a: a[None],
    "axes moved": lambda a: np.moveaxis(a, 0, -1),
    "a copy": lambda a: a.copy(),
    "new numbers": lambda a: 0.5 * a,
}


def add(a, b):
    a += np.tanh(b.sum())


def twist(a, b):
    a[...] = np.sin(a * a)


def multiply_first(a, b):
    a[0] *= 2 * np.cos(b.ravel()[0])


def write_last(a, b):
    a[..., -1] = 1.5 * b.ravel()[-1]


def write_all(a, b):
    a[:] = b.ravel()[0]


CHANGES = [add, twist, multiply_first, write_last, write_all]
STEPS = st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from([*VIEWS, *CHANGES]))


def run(steps, x):
    """Take views of arrays, and change arrays; return all of them, as they are and as they were."""
    arrays, sums = [x * 1.0], []
    for i, j, step in steps:
        a, b = arrays[i % len(arrays)], arrays[j % len(arrays)]
        if step in VIEWS:
            arrays.append(VIEWS[step](a))
        else:
            step(a, b)
        sums.append((a * b.ravel()[0]).sum())
    return arrays, sums


@pytest.mark.slow
@settings(max_examples=60)
@given(st.lists(STEPS, max_size=8))
def test_views_change_as_those_of_numpy_do(steps):
    x = np.array([[0.3, -0.7], [1.1, 0.2], [-0.4, 0.9]])
    theirs, their_sums = run(steps, x)
    ours, our_sums = run(steps, Value(x))
    for value, array in zip([*ours, *our_sums], [*theirs, *their_sums], strict=True):
        np.testing.assert_allclose(value.data, array, rtol=1e-12)

    def total(t):
        arrays, sums = run(steps, x + t * towards)
        return sum(np.sum(np.tanh(a)) for a in arrays) + sum(np.tanh(s) for s in sums)

    towards = np.array([[0.7, 1.1], [-0.8, 0.9], [1.3, -0.6]])  # all entries move at once
    check_gradients(total, 0.1, modes=("reverse",))


def test_rows_are_views():
    x = Value([[1.0, 2.0], [3.0, 4.0]])
    y = np.zeros_like(x)
    for row, into in zip(x, y, strict=True):
        into[:] = np.cumsum(row)
    y.flat[0] *= 10
    y.T[1] += 1
    (y * y).sum().backward()
    assert y.data.tolist() == [[10, 4], [3, 8]]
    assert x.grad.tolist() == [[208, 8], [22, 16]]


def test_a_view_that_was_used_keeps_the_numbers_it_was_used_with():
    v = Value([1.0, 2.0, 3.0])
    rest = v[1:]
    before = (rest * rest).sum()
    v *= 10
    (before + rest.sum()).backward()
    assert rest.data.tolist() == [20, 30]
    assert v.grad.tolist() == [0, 14, 16]


def test_flatten_gives_a_copy_and_ravel_a_view():
    v = Value([[1.0, 2.0]]) * 1.0
    v.flatten()[0] = 7.0
    assert v.data.tolist() == [[1, 2]]
    v.ravel()[0] = 7.0
    assert v.data.tolist() == [[7, 2]]


def test_a_detached_copy_is_no_view():
    v = Value([1.0, 2.0])
    w = v * 2.0
    w[:] = w.detach()
    w.sum().backward()
    assert v.grad.tolist() == [0, 0]


def test_a_view_that_a_graph_knows_is_not_changed_without_a_graph():
    v = Value([1.0, 2.0])
    row = v[:1]
    with no_grad(), pytest.raises(ValueError, match="is a view"):
        row += 5
    with no_grad():
        v[:1] += 5
    assert v.op is None
    assert v.data.tolist() == [6, 2]


def test_every_way_to_read_a_view_after_a_change():
    v = Value([1.0, 2.0, 3.0])
    y = 1.0 * v
    rest = y[1:]
    y *= 10
    assert repr(rest) == "Value([20., 30.])"
    assert rest.numpy().tolist() == rest.tolist() == rest.data.tolist() == [20, 30]
    assert rest.detach().data.tolist() == rest.copy().data.tolist() == [20, 30]
    assert pickle.loads(pickle.dumps(rest)).data.tolist() == [20, 30]
    assert np.argmax(-rest) == 0
    assert 30.0 in rest
    assert [float(r.data) for r in rest] == [20, 30]
    rest.backward(gradient=np.array([1.0, 2.0]))
    assert v.grad.tolist() == [0, 10, 20]


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (lambda view: view.item(), 5.0),
        (bool, True),
        (lambda view: f"{view}", "Value([5.])"),
        (lambda view: view.max().data, 5.0),
    ],
)
def test_every_way_to_read_a_view_of_one_entry_after_a_change(read, expected):
    y = Value([0.0, 2.0]) * 1.0
    first = y[:1]
    y[0] = 5.0
    assert read(first) == expected


def test_a_view_of_a_whole_number_after_a_change():
    v = Value(np.array([1, 2]))
    first = v[:1].reshape(1, 1)[0]
    v[0] = 5
    assert int(first.item()) == first.data[0] == 5


def _write_without_a_graph(w, new):
    with no_grad():
        w[...] = new


WRITES = {
    "through .data": lambda w, new: w.data.__setitem__(..., new),
    "through .data of a view": lambda w, new: w.T.data.__setitem__(..., new.T),
    "new data": lambda w, new: setattr(w, "data", new),
    "set_data": lambda w, new: set_data([w], [new]),
    "set_data without a copy": lambda w, new: set_data([w], [new.copy()], copy=False),
    "without a graph": _write_without_a_graph,
}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("used", [True, False])
def test_views_of_a_leaf_see_what_is_written_to_it(write, used):
    w = Value(np.arange(6.0).reshape(2, 3))
    views = {"row": w[1], "columns": w.T, "corner": w.T[1:][:, ::-1], "flat": w.reshape(-1)}
    parts = {"row": lambda x: x[1], "columns": lambda x: x.T, "flat": lambda x: x.reshape(-1)}
    parts["corner"] = lambda x: x.T[1:][:, ::-1]
    before = w.numpy().copy()
    earlier = {name: (view * view).sum() for name, view in views.items()} if used else {}
    for new in (before + 10, before - 3):
        WRITES[write](w, new)
        for name, view in views.items():
            np.testing.assert_array_equal((view * 1.0).data, parts[name](new))
            np.testing.assert_array_equal(view.numpy(), parts[name](new))
            w.zero_grad()
            (view * view).sum().backward()
            expected = np.zeros((2, 3))
            parts[name](expected)[...] = 2 * parts[name](new)
            np.testing.assert_array_equal(w.grad, expected)
    for name, y in earlier.items():
        w.zero_grad()
        y.backward()
        expected = np.zeros((2, 3))
        parts[name](expected)[...] = 2 * parts[name](before)
        np.testing.assert_array_equal(w.grad, expected)
    views["columns"][0, 0] = 7.0
    assert w.numpy()[0, 0] == views["flat"].numpy()[0] == 7.0


def test_a_view_that_is_the_result_of_a_function():
    def f(x):
        y = 1.0 * x
        rest = y[1:]
        y *= x
        return rest

    assert jacobian(f)(np.array([1.0, 2.0])).tolist() == [[0, 4]]


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name in DIFFERENTIABLE])
@pytest.mark.parametrize("order", "CF")
def test_results_are_views_where_those_of_numpy_are(name, order):
    if name == "broadcast_arrays":
        pytest.skip("writing into what it gives is deprecated")
    x = np.array([[0.5, 1.5, 2.5], [1.0, 3.0, 2.0]], order=order)
    for example in EXAMPLES[name]:
        theirs, ours = x.copy(order="K"), Value(x) * 1.0
        for y, v in zip(parts(example(np, theirs)), parts(example(np, ours)), strict=True):
            if isinstance(v, Value) and np.ndim(y) and y.dtype.kind == "f" and y.flags.writeable:
                y[...] = v[...] = 7.0
        np.testing.assert_array_equal(ours.data, theirs)


def test_an_op_of_two_arguments_on_what_was_changed_is_no_view():
    """An einsum of one array may be a view of it; one of two depends on both."""

    def f(x):
        y = 1.0 * x
        y[0] = x[1]
        return np.einsum("i,j->j", y, np.cos(y))

    check_gradients(f, np.array([0.3, 0.5]))
