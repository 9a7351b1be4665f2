"""Changing numbers while a graph needs them: the gradients stay right, or an error says why."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, no_grad

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


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda v: v.__iadd__(np.ones((2, 2))), "does not fit"),
        (lambda v: v.__iadd__(1j), "does not fit"),
        (lambda v: v.__setitem__(0, np.ones(5)), "setitem of shapes"),
        (lambda v: v[:1].__setitem__(0, 1.0), "is a view made by getitem"),
        (lambda v: v.sum().__setitem__(0, 1.0), "no items to assign"),
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
