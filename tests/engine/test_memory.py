"""No reference cycles: with the garbage collector off, memory stays flat."""

import contextlib
import copy
import gc
import pickle
import threading
import weakref

import numpy as np
import pytest

import autograd.numpy as anp
import nn
from autograd import (
    FreedGraphError,
    NonFiniteError,
    Primitive,
    Value,
    array,
    checkpoint,
    debug,
    draw,
    explain,
    grad,
    hessian,
    jacobian,
    jvp,
    no_grad,
    tanh,
    value_and_grad,
)
from autograd.engine.primitive import PRIMITIVES
from autograd.extend import def_linear, defjvp, defvjp, primitive
from autograd.testing import GradientError, check_gradients


class Watched(Value):
    __slots__ = ("__weakref__",)


def test_a_dropped_graph_is_gone_at_once(collector_off):
    x = Watched([1.0, 2.0])
    y = tanh(x * x)[0] + x.sum()
    y.backward()
    gone = weakref.ref(x)
    del x, y
    assert gone() is None


# -- steps of every kind ---------------------------------------------------------------------------

w, x = Value(np.ones((4, 4))), Value(np.linspace(0.1, 1.0, 4))
compact = checkpoint(lambda w: np.tanh(w @ w.T))
model = nn.MLP(4, [4, 1], seed=0)
optimiser = nn.SGD(model.parameters(), lr=1e-9)
FEW = 12  # a cycle in each step is found in these already
STEPS = {}  # name -> one step
SLOW = []  # those that no test runs hundreds of times


def step(function):
    STEPS[function.__name__] = function
    return function


def slow_step(function):
    SLOW.append(function.__name__)
    return step(function)


def loss(w):
    return np.square(np.tanh(w @ w.T)[0]).sum() + w.mean()


def wrong(g, y, x):
    raise ValueError("no gradient today")


def op_of(c, slope=None, **fields):
    slope = slope or c
    return Primitive("mine", lambda x: c * x, vjps=[lambda g, y, x: slope * g], **fields)


@step
def training():
    w.zero_grad()
    loss(w).backward()
    w.data -= 0.001 * w.grad


@step
def network():
    optimiser.zero_grad()
    nn.squared_error(model(np.ones((5, 4)))[:, 0], np.ones(5)).sum().backward()
    optimiser.step()


@slow_step
def new_network():
    fresh = nn.MLP(4, [4, 1], seed=0)
    fresh(np.ones((5, 4))).sum().backward()
    nn.SGD(fresh.parameters(), lr=0.1).step()


@slow_step
def monitored():
    with nn.monitor(model) as watch:
        network()
        watch.step()


@step
def joined():
    w.zero_grad()
    y = np.stack([w, 2.0 * w])
    (np.concatenate([y[0], y[1]]) * np.block([[w], [w]])).sum().backward()


@step
def array_of_values():
    x.zero_grad()
    array([[x[0], 1.0], [x[1], x[2] * x[3]]]).sum().backward()


@step
def object_array():
    anp.array([x[0], None], dtype=object)


@step
def chain_of_matrices():
    np.linalg.multi_dot([w, w, w]).sum().backward()
    w.zero_grad()


# .. transforms


@step
def second_derivatives():
    w.zero_grad()
    loss(w).backward(create_graph=True)
    slope = w.grad
    w.zero_grad()
    (slope * slope).sum().backward()


@step
def abandoned_second_derivatives():
    w.zero_grad()
    loss(w).backward(create_graph=True)
    w.zero_grad()


@step
def checkpointed():
    w.zero_grad()
    compact(w).sum().backward()


@step
def checkpoint_made_anew():
    w.zero_grad()
    checkpoint(lambda x: (np.sin(x * w), x[0]))(x)[0].sum().backward()


@step
def checkpoint_in_grad():
    grad(lambda w: compact(w).sum())(w.data)


@slow_step
def checkpoint_in_hessian():
    hessian(lambda x: checkpoint(lambda x: np.sin(x).sum())(x))(x.data)


@step
def checkpoint_refused():
    with pytest.raises(RuntimeError):
        checkpoint(lambda x: x.__imul__(2.0))(x)


@step
def gradient():
    value_and_grad(loss)(w.data)
    grad(loss)(w)


@slow_step
def higher_transforms():
    hessian(lambda x: (np.sin(x) * x).sum())(x.data)
    jacobian(lambda x: np.outer(x, x))(x.data)
    grad(lambda x: (grad(lambda x: np.sin(x).sum())(x) ** 2).sum())(x.data)


@step
def forward_mode():
    jvp(loss, (w.data,), (w.data,))


# .. errors


@step
def rule_that_raises():
    for maker in ({}, {"arity": 1}):
        broken = Primitive("broken", lambda x: 1.0 * x, vjps=[wrong], **maker)
        with pytest.raises(ValueError):
            (broken(np.tanh(w)) * w).sum().backward()


@step
def rule_that_raises_with_a_graph():
    broken = Primitive("broken", lambda x: 1.0 * x, vjps=[wrong])
    with pytest.raises(ValueError):
        np.stack([broken(w)]).sum().backward(create_graph=True)
    with pytest.raises(ValueError):
        grad(lambda w: compact(broken(w)).sum())(w.data)


@step
def errors_caught_by_the_loop():
    with contextlib.suppress(ValueError):
        loss(w @ np.ones(3))
    with contextlib.suppress(ValueError):
        np.tanh(w).backward()
    with contextlib.suppress(TypeError):
        np.lexsort(w)
    with contextlib.suppress(TypeError):
        grad(lambda w: float(w.sum()))(w.data)
    with contextlib.suppress(ZeroDivisionError):
        grad(lambda w: 1 / 0)(w.data)


@step
def freed_graph():
    y = loss(w)
    y.backward(free=True)
    w.zero_grad()
    with pytest.raises(FreedGraphError):
        y.backward()


# .. ops made within the loop


@step
def ops_of_ones_own():
    x.zero_grad()
    for fields in ({}, {"arity": 1}, {"elementwise": True, "domain": [(-1.0, 1.0)]}):
        op_of(2.0, **fields)(x).sum().backward()


@step
def hips_primitives():
    double, half = primitive(lambda x: 2 * x), primitive(lambda x: x / 2)
    defvjp(double, lambda ans, x: lambda g: 2 * g)
    defjvp(half, lambda g, ans, x: g / 2)
    grad(lambda x: (half(x) * double(x)).sum())(x.data)


@step
def hips_primitives_in_the_older_way():
    double = primitive(lambda x: 2 * x)
    double.defgrad(lambda ans, x: lambda g: 2 * g)
    linear = primitive(lambda x: 2 * x)
    def_linear(linear)
    grad(lambda x: (double(x) + linear(x)).sum())(x.data)


# .. tools


@slow_step
def debugged():
    with debug():
        loss(w).backward()
    with pytest.raises(NonFiniteError), debug():
        np.log(x - 1.0).sum().backward()
    with debug():
        np.where(x < 0, np.log(x - 1.0), 0.0).sum().backward()
    with pytest.raises(NonFiniteError), debug():
        np.where(x > 0, 2.0 * np.log(x - 1.0), 0.0).sum().backward()
    with pytest.raises(NonFiniteError), debug():
        np.where(x > 0, 2.0 * np.log(x - 1.0), 0.0)


@slow_step
def drawn():
    str(draw(loss(w)))
    str(draw(model, np.ones(4)))


@slow_step
def explained():
    str(explain(loss(w)))


@slow_step
def checked():
    check_gradients(lambda x: np.sin(x).sum(), x.data)
    with pytest.raises(GradientError):
        check_gradients(lambda x: op_of(2.0, slope=3.0)(x), 0.5)


@step
def copied():
    copy.copy(loss(w))
    copy.deepcopy(loss(w))
    pickle.loads(pickle.dumps(w))


@slow_step
def copied_network():
    copy.deepcopy(model)
    pickle.loads(pickle.dumps(model))


@slow_step
def in_a_thread():
    threads = [threading.Thread(target=gradient) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@step
def without_a_graph():
    with no_grad():
        loss(w)


# .. changes in place


@step
def part_scaled():
    w.zero_grad()
    y = w * x
    y[::2] *= 1.1
    (y * y).sum().backward()


@step
def part_scaled_and_dropped():
    y = w * x
    y[::2] *= 1.1


@step
def rows_filled():
    w.zero_grad()
    y = np.zeros_like(w)
    for i in range(4):
        y[i] = x * w[i]
    y.sum().backward()


@step
def recurrence():
    x.zero_grad()
    y = np.zeros_like(x)
    for i in range(1, 4):
        y[i] = 0.9 * y[i - 1] + x[i]
    y.sum().backward()


@step
def entry_from_its_own_result():
    x.zero_grad()
    y = 1.0 * x
    y[0] = (y * 2.0)[1]
    y.sum().backward()


@step
def whole_changed_by_itself():
    w.zero_grad()
    y = 1.0 * w
    y += y * w
    y.sum().backward()


@step
def reversed_onto_itself():
    x.zero_grad()
    y = 1.0 * x
    y[:] = y[::-1]
    y.sum().backward()


@step
def view_used_afterwards():
    w.zero_grad()
    y = 1.0 * w
    view = y[0]
    y *= 2.0
    view += 1.0
    (view * y[1]).sum().backward()


def run(function, times, warm=5):
    """Return how many objects that many steps leave, and how many of them are in cycles."""
    for _ in range(warm):
        function()
    gc.collect()
    before = living()
    for _ in range(times):
        function()
    in_cycles = gc.collect()
    return living() - before, in_cycles


def living():
    """Return how many objects there are, those that the collector leaves alone among them."""
    return len(gc.get_objects()) + gc.get_freeze_count()


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.filterwarnings("ignore:invalid value")
def test_memory_stays_flat(name, collector_off):
    check_memory(name, FEW)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in STEPS if name not in SLOW])
@pytest.mark.filterwarnings("ignore:invalid value")
def test_memory_stays_flat_for_long(name, collector_off):
    check_memory(name, 300)


def check_memory(name, times):
    warm = 25 if name == "debugged" else 5  # debug() remembers the last 20 blocks
    left, in_cycles = run(STEPS[name], times, warm)
    assert left < FEW
    assert in_cycles < FEW


def test_no_primitive_leaves_a_cycle(collector_off):
    rng = np.random.default_rng(0)
    for op in PRIMITIVES.values():
        if not op.samples:
            continue
        for args, params in op.samples(rng):
            leaf = Watched(args[0]) if isinstance(args[0], np.ndarray) else Watched(1.0)
            gone = weakref.ref(leaf)
            y = op(leaf, *args[1:], **params)
            if leaf.dtype.kind == y.dtype.kind == "f" and type(args[0]) is not bool:
                y.backward(np.ones(y.shape) if y.shape else None)
            del leaf, y
            assert gone() is None, op.name
