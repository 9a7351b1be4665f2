"""What a compiled function returns: the function's own things, or a way to them is an error."""

import copy
import pickle
from collections import OrderedDict, defaultdict, namedtuple
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

import autograd
import nn
from autograd import Value, grad, no_grad
from autograd.engine.trees import children

Pair = namedtuple("Pair", "a b")
CALLS = [np.array([1.0, -2.0, 3.0]) * (0.5 + k) for k in range(20)]


@dataclass
class Point:
    x: object
    y: object


class Numbers(list):
    pass


class Named(Numbers):
    """A list that holds more than its items."""

    def __init__(self, items=(), more=None):
        super().__init__(items)
        self.more = more


RETURNED = {
    "a namedtuple": lambda x: Pair(x * 2, x[0]),
    "a dataclass": lambda x: Point(x * 2, [x[0]]),
    "a subclass of list": lambda x: Numbers([x * 2, 1.0]),
    "a list with attributes": lambda x: Named([x * 2], x * 3),
    "an ordered dict": lambda x: OrderedDict(b=x * 2, a=x),
    "a defaultdict": lambda x: defaultdict(list, a=x * 2),
    "a namespace": lambda x: SimpleNamespace(a=x * 2),
    "a slice": lambda x: SimpleNamespace(a=slice(None)),
    "a generator": lambda x: (y for y in [x * 2, x * 3]),
    "a map": lambda x: map(np.sin, [x, x * 2]),
    "a set": lambda x: {len(x), 7},
    "a partial": lambda x: partial(np.multiply, x)(2.0),
    "types": lambda x: (x.dtype, x.shape, len(x), "text", None, True, range(3), np.sum),
    "NumPy's results": lambda x: np.linalg.slogdet(np.outer(x, x) + np.eye(3)),
    "constants": lambda x: (3, 2.5, np.float32(1), np.arange(3), 1j, x),
    "one array twice": lambda x: [x * 2] * 2,
    "views": lambda x: (x[1:], x[::-1], x),
}


def shown(y):
    """Return what a result is, as texts: its types, containers and numbers."""
    inside = children(y)
    if inside is not None:
        beside = shown(y.more) if isinstance(y, Named) else None
        return type(y).__name__, [(name, shown(child)) for name, child in inside], beside
    if hasattr(y, "__next__"):
        return type(y).__name__, [shown(x) for x in y]
    if isinstance(y, SimpleNamespace):
        return type(y).__name__, shown(vars(y))
    return type(y).__name__, repr(y), getattr(y, "dtype", None)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("target", ["auto", "numpy"])
@pytest.mark.parametrize("name", RETURNED)
def test_results_are_those_of_the_function_though_the_caller_changes_them(name, target):
    f = RETURNED[name]
    g = autograd.compile(f, target=target)
    for x in CALLS:
        found = g(x.copy())
        assert shown(found) == shown(f(x))
        spoil(found)


def spoil(y):
    """Write into the lists and arrays of a result, as a caller may."""
    for _, child in children(y) or ():
        spoil(child)
    if isinstance(y, np.ndarray):
        y[...] = -7.0
    elif isinstance(y, list):
        y.append("mine")


def test_objects_that_the_function_makes_are_told_of():
    with pytest.warns(UserWarning, match="op by op.*a new SimpleNamespace, not numbers in tuples"):
        autograd.compile(lambda x: SimpleNamespace(a=x * 2))(1.0)


# -- gradients that would stop at a program -------------------------------------------------------


class Compiling(nn.Module):
    """A network whose call is compiled."""

    def __init__(self):
        self.layer = nn.Linear(3, 2, seed=0)

    @autograd.compile
    def __call__(self, x):
        return self.layer(x) ** 2


MODEL, X, BOX = Compiling(), np.ones((4, 3)), {}
WEIGHTS = {name: np.asarray(p) for name, p in MODEL.state_dict().items()}
HELPER = autograd.compile(lambda x: x * BOX["w"])


def loss_with_helper(w):
    BOX["w"] = w
    return HELPER(3.0) * w


def loss_of_weights(weights):
    return np.sum(nn.functional_call(MODEL, weights, X))


THROUGH_PROGRAMS = {
    "backward": lambda: np.sum(MODEL(X)).backward(),
    "grad": lambda: grad(loss_with_helper)(2.0),
    "functional_call": lambda: grad(loss_of_weights)(WEIGHTS),
}


@pytest.mark.parametrize("run", THROUGH_PROGRAMS.values(), ids=THROUGH_PROGRAMS)
def test_gradients_do_not_stop_silently_at_a_program(run):
    for _ in range(4):
        with pytest.raises(ValueError, match="inside of the compiled function"):
            run()


def test_results_that_need_no_gradient_begin_a_graph():
    layer, w = nn.Linear(3, 2, seed=0), Value(2.0)
    forward = autograd.compile(layer)
    for _ in range(4):
        with no_grad():
            features = forward(np.ones((4, 3)))
        w.zero_grad()
        np.sum(features * w).backward()
        assert w.grad == pytest.approx(np.sum(features.data))


def test_the_loss_of_a_step_becomes_a_float():
    layer = nn.Linear(3, 2, seed=0)

    @autograd.compile
    def step(x):
        layer.zero_grad()
        loss = np.sum(layer(x) ** 2)
        loss.backward()
        return loss

    assert all(float(step(x)) > 0 for x in [np.ones((4, 3))] * 4)


# -- copies ---------------------------------------------------------------------------------------


@autograd.compile
def doubled(x):
    return x * 2.0


class Holder(nn.Module):
    def __init__(self):
        self.layer = nn.Linear(3, 2, seed=0)
        self.forward = autograd.compile(self.computed)

    def computed(self, x):
        return self.layer(x)


COPIES = {"deepcopy": copy.deepcopy, "pickle": lambda x: pickle.loads(pickle.dumps(x))}


@pytest.mark.parametrize("made", COPIES.values(), ids=COPIES)
def test_a_compiled_function_is_copied_by_its_name(made):
    for _ in range(20):
        doubled(1.0)
        assert made(doubled) is doubled


@pytest.mark.parametrize("made", COPIES.values(), ids=COPIES)
def test_the_copy_of_a_model_has_a_compiled_function_of_its_own(made):
    first, x = Holder(), np.ones((4, 3))
    for _ in range(3):
        first.forward(x)
    second = made(first)
    second.layer.weight.data = second.layer.weight.data * 3.0
    for model in (first, second) * 3:
        np.testing.assert_allclose(model.forward(x).data, model.layer(x).data, rtol=1e-13)
