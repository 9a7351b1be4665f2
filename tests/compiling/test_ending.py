"""Endings: optimisers' steps write over the old numbers, if nobody else holds them."""

import random
import threading
import tracemalloc

import numpy as np
import pytest

import autograd
import nn
from autograd import Value
from autograd.compiling import variant
from autograd.compiling.llvm import has_llvm
from autograd.engine.value import held, held_grad
from benchmarks.interrupts import Alarm

ABSENT = pytest.mark.skipif(not has_llvm(), reason="llvmlite is not installed")
TARGETS = pytest.mark.parametrize("target", ["numpy", pytest.param("llvm", marks=ABSENT)])
X = np.random.default_rng(0).normal(size=(5, 6))


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Let small arrays be worth it."""
    monkeypatch.setattr(variant, "WORTH", 0)
    monkeypatch.setattr(variant, "WORTH_NATIVE", 0)


def trained(wrap, make, dtype=float, steps=5, hold=lambda model: None):
    """Return the numbers of a network and its optimiser after some steps, and what was held."""
    model = nn.Sequential(
        nn.Linear(6, 9, seed=0, dtype=dtype), nn.tanh, nn.Linear(9, 3, seed=1, dtype=dtype)
    )
    rule = make(model.parameters())

    @wrap
    def step(x):
        rule.zero_grad()
        loss = np.sum(np.square(model(x) - 1))
        loss.backward()
        rule.step()
        return loss

    met = []
    for _ in range(steps):
        met.append(hold(model))
        step(X.astype(dtype))
    slots = [v for slots in rule.state for v in slots.values()]
    found = [*model.parameters(), *slots, *(p.grad for p in model.parameters())]
    return [np.array(x.numpy() if isinstance(x, Value) else x) for x in found], met, model, step


@TARGETS
@pytest.mark.parametrize("dtype", [np.float32, float])
@pytest.mark.parametrize(
    "make",
    [
        lambda ps: nn.SGD(ps, lr=0.01, momentum=0.9, nesterov=True, weight_decay=0.01),
        lambda ps: nn.SGD(ps, lr=0.01, clip=0.5),
        lambda ps: nn.AdamW(ps, lr=0.01),
    ],
)
def test_steps_have_the_bits_of_eager(target, make, dtype):
    plain, *_ = trained(lambda f: f, make, dtype)
    mine, _, model, step = trained(autograd.compile(target=target), make, dtype)
    for x, y in zip(plain, mine, strict=True):
        np.testing.assert_array_equal(x, y)
    addresses = [held(p).ctypes.data for p in model.parameters()]
    step(X.astype(dtype))
    if target == "llvm" or make(model.parameters()).__class__ is nn.SGD:
        assert addresses == [held(p).ctypes.data for p in model.parameters()]


def holding(model):
    """Return what holds the numbers of a model: arrays, a view, a graph and a view of a Value."""
    first, *_, last = model.parameters()
    return first.data, last.data[1:], first * 2.0, last[:1], np.copy(first.data), np.copy(last.data)


@TARGETS
def test_what_others_hold_stays(target):
    def make(parameters):
        return nn.SGD(parameters, lr=0.01, momentum=0.9)

    plain, *_ = trained(lambda f: f, make)
    mine, met, model, _ = trained(autograd.compile(target=target), make, hold=holding)
    for x, y in zip(plain, mine, strict=True):
        np.testing.assert_array_equal(x, y)
    for array, part, product, view, first, last in met:
        assert np.array_equal(array, first)
        assert np.array_equal(part, last[1:])
        (product * 1.0).sum().backward()
        assert np.array_equal(product.data, 2.0 * first)
        assert np.array_equal(view.data, held(model.parameters()[-1])[:1])


@TARGETS
def test_old_gradients_are_let_go_before_new_ones_are_there(target):
    """But not before it is sure that the call comes so far, nor where something looks at them."""
    w = Value(np.ones((400, 300), np.float32))
    rule = nn.SGD([w], lr=1e-3, momentum=0.9)

    @autograd.compile(target=target)
    def step(x, labels):
        loss = nn.cross_entropy(x @ w, labels)
        rule.zero_grad()
        loss.backward()
        rule.step()

    x, labels = np.ones((4, 400), np.float32), np.arange(4)
    for _ in range(4):
        step(x, labels)
    tracemalloc.start()
    try:
        step(x, labels)  # now the gradient is memory that is traced
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        step(x, labels)
        assert tracemalloc.get_traced_memory()[1] - before < held_grad(w).nbytes
    finally:
        tracemalloc.stop()
    grad = held_grad(w)
    with pytest.raises(ValueError, match="300"):
        step(x, labels + 400)
    assert held_grad(w) is grad

    @autograd.compile(target=target)
    def adds(x, labels):
        nn.cross_entropy(x @ w, labels).backward()

    for _ in range(4):
        new = held_grad(w) + grad
        adds(x, labels)
        np.testing.assert_allclose(held_grad(w), new, rtol=0.1)


@TARGETS
@pytest.mark.filterwarnings("ignore:overflow")
@pytest.mark.parametrize("huge", [1e308, np.inf, np.nan])
def test_an_explosion_changes_nothing(target, huge):
    w = Value(np.ones((4, 5)))
    rule = nn.SGD([w], lr=0.5, momentum=0.5)

    @autograd.compile(target=target)
    def step(x):
        rule.zero_grad()
        np.sum(w * x).backward()
        rule.step()

    for _ in range(4):
        step(np.ones((4, 5)))
    for x in (1e150, 1e-300):  # far from 1, and finite all the same
        step(np.full((4, 5), x))
    velocity = rule.state[0]["velocity"]
    before = np.copy(w.data), np.copy(velocity.data)
    x = np.ones((4, 5))
    x[2, 3], rule.lr = huge, 1e300
    with pytest.raises(nn.ExplodedError):
        step(x)
    assert np.array_equal(w.data, before[0])
    assert np.array_equal(velocity.data, before[1])


def counting(target):
    """Return two Values, with rows and with columns in order, and a step that adds to them."""
    a, b = Value(np.zeros((60, 50))), Value(np.zeros((60, 50), order="F"))

    @autograd.compile(target=target)
    def step(x):
        autograd.set_data([a, b], [a.data + x, b.data + x])

    for _ in range(3):
        step(1.0)
    return a, b, step


# what comes while llvmlite frees something, Python only reports
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@TARGETS
def test_interrupts_leave_whole_steps(target):
    a, b, step = counting(target)
    alarm = Alarm(random.Random(0), 2e-4)
    for _ in range(100):
        alarm(lambda: [step(1.0) for _ in range(10_000)])
        now = held(a)
        assert np.all(now == now[0, 0])
        assert np.all(held(b) == now)
        del now


@TARGETS
def test_another_thread_reads_whole_arrays(target):
    a, b, step = counting(target)
    spread = autograd.compile(lambda x: np.max(a * x) - np.min(a * x) + np.max(b) - np.min(b))
    spread(1.0), spread(1.0)
    found = []

    def reads():
        found.extend([spread(1.0) for _ in range(300)])

    thread = threading.Thread(target=reads)
    thread.start()
    for _ in range(10_000):
        step(1.0)
        if not thread.is_alive():
            break
    thread.join()
    assert len(found) == 300
    assert not any(found)


@TARGETS
def test_two_threads_take_steps(target):
    a, b, step = counting(target)
    threads = [threading.Thread(target=lambda: [step(1.0) for _ in range(300)]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.ptp(held(a)) == np.ptp(held(b)) == 0


class Choosing(nn.Optimiser):
    """An optimiser whose rule is no ending, since it chooses entry by entry."""

    def update(self, gradient, state, lr):
        m = state["m"] = 0.5 * state["m"] + gradient
        return lr * np.where(m > 0, m * m + m * 3.0 - 2.0, m * 2.0)


@pytest.mark.parametrize("count", [1, 80])
@TARGETS
def test_native_loops_find_out_whether_all_is_finite(target, count):
    rng = np.random.default_rng(0)
    parameters = [nn.Parameter(rng.random((50, 50))) for _ in range(count)]
    optimiser = Choosing(parameters, lr=0.01)
    for p in parameters:
        p.grad = p.numpy() * 0.1
    step = autograd.compile(optimiser.step, target=target)
    for _ in range(4):
        step()
    assert ("bad_0" in str(step.show())) == (target == "llvm")
    before = [p.numpy().copy() for p in parameters]
    for bad in {0, count // 2, count - 1}:
        parameters[bad].grad[49, 49] = np.nan
        with pytest.raises(nn.ExplodedError, match=f"parameter {bad} "):
            step()
        parameters[bad].grad[49, 49] = 1.0
        assert all(map(np.array_equal, before, [p.numpy() for p in parameters]))
    step()
    assert not any(map(np.array_equal, before, [p.numpy() for p in parameters]))
