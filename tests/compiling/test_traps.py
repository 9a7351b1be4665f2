"""Programs that one recording cannot follow: each is refused, or right all the same."""

import math
import random
import time
import warnings
from collections import deque
from functools import partial
from importlib.util import find_spec

import numpy as np
import pytest

import autograd
import nn
from autograd import Value, grad, no_grad
from autograd.compiling.errors import TracingError

A, B = np.array([1.0, -2.0, 3.0]), np.array([-0.5, 4.0, 0.25])
TRAPS = []
SCALE = 2.0
TABLE = {"scale": 2.0}


def trap(make):
    """Register a program: a function that returns (f, the arguments of several calls)."""
    TRAPS.append(make)
    return make


def on_vectors(f):
    return trap(named(lambda: (f, [(A,), (B,), (A,), (B + 1,), (A - 2,)]), f.__name__))


def on_numbers(f):
    return trap(named(lambda: (f, [(2.0,), (-1.5,), (0.25,), (7.0,), (-3.0,)]), f.__name__))


def named(make, name):
    make.__name__ = name
    return make


# -- numbers that leave ----------------------------------------------------------------------


@on_numbers
def branch(x):
    return x * 2 if x > 0 else x * 3


@on_vectors
def branch_on_a_sum(x):
    return x if np.sum(x) > 1 else -x


@on_numbers
def while_loop(x):
    while x < 10:
        x = x * x + 1
    return x


@on_numbers
def conditional_and(x):
    return x * 1.0 if x > 0 and x < 3 else x * 0.0


@on_vectors
def any_branch(x):
    return x * 2 if np.any(x > 3.5) else x


@on_vectors
def all_branch(x):
    return x * 2 if np.all(x > -1) else x


@on_vectors
def argmax_as_index(x):
    return x[np.argmax(x)] * 2


@on_vectors
def argsort(x):
    return x[np.argsort(x)] * np.arange(3.0)


@on_vectors
def int_of_argmax(x):
    return x[int(np.argmax(x))]


@on_numbers
def item(x):
    return x * (x * 2.0 if not hasattr(x, "item") else x.item())


@on_numbers
def python_float(x):
    return x * float(x)


@on_numbers
def math_function(x):
    return x * math.exp(x)


@on_numbers
def rounding_to_int(x):
    return x * int(x)


@on_numbers
def formatted(x):
    return x * float(f"{x:.3f}")


@on_numbers
def shown(x):
    return x * len(repr(x))


@on_vectors
def to_list(x):
    return sum(x.tolist()) * x


@on_vectors
def mask(x):
    return np.sum(x[x > 0])


@on_vectors
def mask_set(x):
    y = x * 1.0
    y[y < 0] = 0.0
    return y


@on_vectors
def nonzero(x):
    return x[np.nonzero(x > 0)]


@on_vectors
def where_one_argument(x):
    return x[np.where(x > 0)]


@on_vectors
def searchsorted(x):
    return x * np.searchsorted(np.array([-1.0, 0.0, 2.0]), x)


@on_vectors
def digitize(x):
    return x * np.digitize(x, np.array([-1.0, 0.0, 2.0]))


@on_vectors
def interpolate(x):
    return np.interp(x, np.array([-3.0, 0.0, 5.0]), np.array([1.0, 2.0, -4.0]))


@on_vectors
def count(x):
    return x * np.count_nonzero(x > 0)


@on_vectors
def median(x):
    return np.median(x) * x


@on_vectors
def percentile(x):
    return np.percentile(x, 30) * x


@on_vectors
def maximum_of_python(x):
    return max(x[0], x[1]) * x


@on_vectors
def sorted_by_python(x):
    return sorted([x[0], x[1], x[2]])[1] * 2


@on_vectors
def membership(x):
    return x * 2 if 4.0 in x else x


@on_vectors
def an_array(x):
    return np.array([x[0], 1.0]) * 2


@on_vectors
def as_array(x):
    return np.asarray(x) * 2


@on_vectors
def into_a_plain_array(x):
    y = np.zeros(3)
    y[:] = x
    return y * x


@on_vectors
def unique(x):
    return np.unique(x)


@on_vectors
def histogram(x):
    return np.histogram(x, 3)[0] * x


@on_numbers
def range_of(x):
    return sum(x for _ in range(int(abs(x))))


@on_numbers
def truth_of_not(x):
    return x if not x - 2.0 else x * 2


@on_numbers
def equality(x):
    return x * 5 if x == 2.0 else x


@on_numbers
def dictionary_key(x):
    return {2.0: 10.0}.get(x, 1.0) * x


@on_vectors
def cumprod_gradient(x):
    return grad(lambda x: np.sum(np.cumprod(x)))(x * np.array([1.0, 0.0, 1.0]))


@on_vectors
def norm_at_zero(x):
    return grad(lambda x: np.linalg.norm(x * (x > 0)))(x)


@on_vectors
def where_with_a_bad_branch(x):
    return grad(lambda x: np.sum(np.where(x > 0, np.log(x), 0.0)))(x)


@on_vectors
def clipped_gradient(x):
    return grad(lambda x: np.sum(np.maximum(x, 0.0) ** 2))(x)


@on_vectors
def absolute_gradient(x):
    return grad(lambda x: np.sum(np.abs(x)))(x - 1.0)


# -- errors that the program catches, which another call does not raise -----------------------


@trap
def catches_an_error_of_an_op():
    def f(x):
        try:
            return np.linalg.inv(x)
        except np.linalg.LinAlgError:
            return x - 1.0

    regular, singular = np.eye(2) * 2.0, np.zeros((2, 2))
    return f, [(singular,)] * 3 + [(regular,)] * 3 + [(singular,)] * 3


@trap
def catches_an_error_later():
    def f(x, i):
        try:
            return x[i] * 2.0
        except IndexError:
            return x * 0.0

    inside, outside = np.array([0, 1]), np.array([0, 3])
    return f, [(A, inside)] * 3 + [(A, outside)] * 2 + [(B, inside)] * 3


@trap
def catches_a_floating_point_error():
    def f(x):
        with np.errstate(all="raise"):
            try:
                return np.log(x)
            except FloatingPointError:
                return x * 5.0

    return f, [(A * A,)] * 4 + [(A * 0.0,)] * 2 + [(B * B,)] * 2


@trap
def catches_a_warning():
    def f(x):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                return np.log(x)
            except RuntimeWarning:
                return x * 5.0

    return f, [(A * A,)] * 4 + [(A * 0.0,)] * 2 + [(B * B,)] * 2


# -- what lies outside -----------------------------------------------------------------------


@trap
def captured_array():
    a = np.array([1.0, 2.0, 3.0])

    def f(x):
        return x * a

    def change():
        a[0] += 1.0

    return f, [(A,), (B,), change, (A,), change, (B,), (A,)]


@trap
def array_computed_from_a_captured_one():
    a = np.array([1.0, 2.0, 3.0])

    def f(x):
        return x * (a * 2)

    return f, [(A,), (B,), lambda: a.__setitem__(1, 9.0), (A,), (B,), (A,)]


@trap
def captured_number():
    scale = 2.0

    def f(x):
        return x * scale

    def change():
        nonlocal scale
        scale = scale + 1.0

    return f, [(A,), (B,), change, (A,), (B,), change, (A,)]


@trap
def global_number():
    def f(x):
        return x * SCALE

    def change():
        global SCALE
        SCALE = SCALE + 1.0

    return f, [(A,), (B,), change, (A,), (B,), change, (A,)]


@trap
def global_dict():
    def f(x):
        return x * TABLE["scale"]

    def change():
        TABLE["scale"] += 1.0

    return f, [(A,), (B,), change, (A,), (B,), change, (A,)]


@trap
def captured_list():
    terms = [1.0, 2.0]

    def f(x):
        return sum(x * t for t in terms)

    return f, [(A,), (B,), lambda: terms.append(5.0), (A,), (B,), lambda: terms.pop(), (A,)]


@trap
def attribute_of_an_object():
    class Box:
        scale = 1.0

    box = Box()

    def f(x):
        return x * box.scale

    def change():
        box.scale = box.scale + 1.0

    return f, [(A,), (B,), change, (A,), (B,), change, (A,)]


@trap
def attribute_of_a_class():
    class Box:
        scale = 1.0

    box = Box()

    def f(x):
        return x * box.scale

    def change():
        Box.scale = Box.scale + 1.0

    return f, [(A,), (B,), change, (A,), (B,), change, (A,)]


@trap
def method():
    class Line:
        def __init__(self):
            self.slope = 2.0

        def at(self, x):
            return x * self.slope

    line = Line()

    def change():
        line.slope += 1.0

    return line.at, [(A,), (B,), change, (A,), (B,), change, (A,)]


@trap
def slots():
    class Box:
        __slots__ = ("scale",)

    box = Box()
    box.scale = 1.0

    def f(x):
        return x * box.scale

    def change():
        box.scale += 1.0

    return f, [(A,), (B,), change, (A,), (B,), change, (A,)]


@trap
def helper_with_a_global():
    def scaled(x):
        return x * SCALE

    def f(x):
        return scaled(x) + 1

    def change():
        global SCALE
        SCALE = SCALE + 1.0

    return f, [(A,), (B,), change, (A,), (B,), change, (A,)]


@trap
def replaced_helper():
    table = {"op": np.sin}

    def f(x):
        return table["op"](x)

    return f, [(A,), (B,), lambda: table.update(op=np.cos), (A,), (B,), (A,)]


@trap
def nested_array_in_an_object():
    class Box:
        def __init__(self):
            self.parts = {"w": [np.ones(3)]}

    box = Box()

    def f(x):
        return x * box.parts["w"][0]

    def change():
        box.parts["w"][0][:] += 1

    return f, [(A,), (B,), change, (A,), (B,), change, (A,)]


@trap
def value_from_outside():
    w = Value([1.0, 2.0, 3.0])

    def f(x):
        return x * w

    def change():
        w.data = w.data * 2

    return f, [(A,), (B,), change, (A,), (B,), change, (A,)]


@trap
def default_argument():
    def f(x, scale=np.ones(3)):  # noqa: B008
        return x * scale

    return f, [(A,), (B,), lambda: f.__defaults__[0].__setitem__(0, 7.0), (A,), (B,), (A,)]


@trap
def keyword_defaults():
    def scaled(x, *, scale=2.0):
        return x * scale

    def change():
        scaled.__kwdefaults__ = {"scale": 5.0}

    return (lambda x: scaled(x)), [(A,), (B,), (A,), change, (A,), (B,), (A,)]


@trap
def training_flag():
    model = nn.Sequential(nn.Linear(3, 3, seed=0), nn.Dropout(0.5, seed=0))
    model.eval()

    def f(x):
        return model(x)

    return f, [(A,), (B,), (A,)]


# -- what a function does beside its result ----------------------------------------------------


@trap
def counter():
    calls = 0

    def f(x):
        nonlocal calls
        calls += 1
        return x * calls

    return f, [(A,), (B,), (A,), (B,)]


@trap
def counter_beside():
    log = {"calls": 0}

    def f(x):
        log["calls"] += 1
        return x * 2

    f.beside = lambda: log["calls"]
    return f, [(A,), (B,), (A,), (B,)]


@trap
def appends():
    log = []

    def f(x):
        log.append(1)
        return x * 2

    f.beside = lambda: len(log)
    return f, [(A,), (B,), (A,), (B,)]


@trap
def appends_the_value():
    log = []

    def f(x):
        log.append(x * 3)
        return x * 2

    f.beside = lambda: [np.sum(x) for x in log]
    return f, [(A,), (B,), (A,), (B,)]


@trap
def cache_by_name():
    cache = {}

    def f(x):
        if "y" not in cache:
            cache["y"] = x * 2
        return cache["y"] + x

    return f, [(A,), (B,), (A,), (B,)]


@trap
def cache_of_constants():
    cache = {}

    def f(x):
        if len(x) not in cache:
            cache[len(x)] = np.arange(len(x)) * 1.0
        return cache[len(x)] * x

    return f, [(A,), (B,), (A,), (B,)]


@trap
def deque_of_results():
    last = deque([0.0], maxlen=1)

    def f(x):
        y = np.sum(x) + last[0]
        last.append(1.0)
        return y

    return f, [(A,), (B,), (A,), (B,)]


@trap
def sets_an_attribute():
    class Box:
        last = 0.0

    box = Box()

    def f(x):
        box.last = x[0] * 2
        return x * 2

    f.beside = lambda: float(box.last)
    return f, [(A,), (B,), (A,), (B,)]


@trap
def changes_its_argument():
    given = np.array([1.0, 2.0, 3.0])

    def f(x):
        x += 1.0
        return x * 2

    f.beside = lambda: given.tolist()
    return f, [(given,), (given,), (given,), (given,)]


@trap
def random_numbers():
    rng = np.random.default_rng(0)

    def f(x):
        return x * rng.normal(size=3)

    return f, [(A,), (B,), (A,), (B,)]


@trap
def random_module():
    random.seed(1)

    def f(x):
        return x * random.random()

    return f, [(A,), (B,), (A,), (B,)]


@trap
def dropout():
    layer = nn.Dropout(0.5, seed=0)

    def f(x):
        return layer(x)

    return f, [(A,), (B,), (A,), (B,)]


@trap
def clock():
    started = time.perf_counter()

    def f(x):
        return x * (time.perf_counter() > started)

    return f, [(A,), (B,)]


@trap
def running_statistics():
    layer = nn.BatchNorm(3)
    data = np.stack([A, B, A + B])

    def f(x):
        return layer(x)

    f.beside = lambda: layer.running_mean.tolist()
    return f, [(data,), (data * 2,), (data + 1,), (data,)]


# -- shapes, dtypes, static arguments ----------------------------------------------------------


@trap
def shapes_change():
    return (lambda x: x * len(x)), [(A,), (A[:2],), (B,), (B[:2],), (np.ones((2, 2)),)]


@trap
def dtypes_change():
    return (lambda x: x / 3), [(A,), (A.astype(np.float32),), (2.0,), (np.float64(2.0),), (B,)]


@trap
def ints_are_static():
    return (lambda x, n: x[n] ** n), [(A, 0), (A, 1), (B, 2), (B, 1), (A, -1)]


@trap
def strings_are_static():
    return (lambda x, way: getattr(np, way)(x)), [(A, "sin"), (A, "cos"), (B, "sin"), (B, "cos")]


@trap
def booleans_are_static():
    return (lambda x, flag: x if flag else -x), [(A, True), (A, False), (B, True), (B, 1), (B, 0)]


@trap
def labels_as_argument():
    def f(x, labels):
        return nn.cross_entropy(x, labels)

    x = np.arange(6.0).reshape(2, 3)
    return f, [(x, np.array(k)) for k in ([0, 1], [2, 1], [0, 0], [1, 2])]


@trap
def index_as_argument():
    def f(x, i):
        return np.take(x, i) * 2

    return f, [(A, np.array(k)) for k in ([0, 1], [2, 1], [0, 0], [1, 2])]


@trap
def structures():
    def f(p):
        return {"y": p["w"] * p["b"][0], "n": 3, "t": (p["b"][1], None)}

    return f, [({"w": A, "b": [2.0, B]},), ({"w": B, "b": [3.0, A]},), ({"w": B, "b": [3.0, A]},)]


# -- updates -----------------------------------------------------------------------------------


def training(make_optimiser, shape=(), loss=nn.squared_error):
    def make():
        neuron = nn.Neuron(3, init=[0.1, 0.2, 0.3])
        optimiser = make_optimiser(neuron.parameters())

        def f(x, t):
            optimiser.zero_grad()
            y = loss(neuron(x), t)
            y.backward()
            optimiser.step()
            return y

        def change():
            optimiser.lr = optimiser.lr / 2

        f.beside = lambda: (
            [p.data for p in neuron.parameters()] + [p.grad for p in neuron.parameters()]
        )
        return f, [(A, 1.0), (B, 2.0), (A, 1.5), change, (B, 0.0), (A, 1.0), change, (B, 1.0)]

    return make


def _optimiser(name, **settings):
    return lambda parameters: getattr(nn, name)(parameters, lr=0.01, **settings)


for _name in "SGD Adam AdamW NAdam RAdam Adamax RMSprop Adagrad Adadelta".split():
    trap(named(training(_optimiser(_name)), f"trains_{_name}"))
trap(named(training(_optimiser("SGD", momentum=0.9)), "trains_with_momentum"))
trap(named(training(_optimiser("SGD", clip=0.5)), "trains_with_clip"))


@trap
def accumulates_gradients():
    w = Value([1.0, 2.0, 3.0])

    def f(x):
        np.sum(w * w * x).backward()
        return np.sum(w)

    f.beside = lambda: [w.grad]
    return f, [(A,), (B,), (A,), lambda: w.zero_grad(), (B,), (A,)]


@trap
def updates_by_hand():
    w = Value([1.0, 2.0, 3.0])

    def f(x):
        w.zero_grad()
        y = np.sum((w * x) ** 2)
        y.backward()
        w.data = w.data - 0.01 * w.grad
        return y

    f.beside = lambda: [w.data]
    return f, [(A,), (B,), (A,), (B,)]


@trap
def updates_in_place_without_graph():
    w = Value([1.0, 2.0, 3.0])

    def f(x):
        w.zero_grad()
        y = np.sum((w * x) ** 2)
        y.backward()
        with no_grad():
            w[...] = w - 0.01 * w.grad
        return y

    f.beside = lambda: [w.data]
    return f, [(A,), (B,), (A,), (B,)]


@trap
def updates_a_view():
    w = Value([1.0, 2.0, 3.0])

    def f(x):
        w[0] = x[0]
        return np.sum(w * x)

    f.beside = lambda: [w.data]
    return f, [(A,), (B,), (A,), (B,)]


@trap
def a_scalar_rebound():
    b = Value(1.0)

    def f(x):
        b.zero_grad()
        y = np.sum(x * b)
        y.backward()
        b.data -= 0.1 * b.grad
        return y

    f.beside = lambda: [b.data]
    return f, [(A,), (B,), (A,), (B,)]


@trap
def frozen_halfway():
    neuron = nn.Neuron(3, init=[0.1, 0.2, 0.3])
    optimiser = nn.SGD(neuron.parameters(), lr=0.01)

    def f(x, t):
        optimiser.zero_grad()
        nn.squared_error(neuron(x), t).backward()
        optimiser.step()

    def freeze():
        neuron.weights.trainable = False

    f.beside = lambda: [p.data for p in neuron.parameters()]
    return f, [(A, 1.0), (B, 2.0), (A, 1.5), freeze, (B, 0.0), (A, 1.0), (B, 1.0)]


@trap
def a_view_of_what_is_updated():
    w = Value([1.0, 2.0, 3.0])
    first = w[0]

    def f(x):
        w.data = w.data + x
        return first * 2.0

    f.beside = lambda: [w.data]
    return f, [(A,), (B,), (A,), (B,)]


# -- what looks at the kind of what it was given: while it is recorded, that is a Value ----------


@on_vectors
def is_an_array(x):
    return x * 2.0 if isinstance(x, np.ndarray) else x * 3.0


@on_vectors
def is_a_value(x):
    return x * 3.0 if isinstance(x, Value) else x * 2.0


@on_numbers
def is_a_float(x):
    return x * 2.0 if type(x) is float else x * 3.0


@on_vectors
def has_a_gradient(x):
    return x * 3.0 if hasattr(x, "backward") else x * 2.0


@on_vectors
def asks_for_flags(x):
    try:
        return x * (2.0 if x.flags.writeable else 3.0)
    except AttributeError:
        return x * 5.0


# -- the tests -----------------------------------------------------------------------------------


def numbers(tree):
    """Return all that a program gives as arrays, for comparison."""
    if isinstance(tree, dict):
        return {key: numbers(x) for key, x in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [numbers(x) for x in tree]
    tree = tree.numpy() if isinstance(tree, Value) else tree
    return np.copy(tree)[()] if isinstance(tree, np.ndarray) else tree


def run(make, transform):
    global SCALE
    SCALE, TABLE["scale"] = 2.0, 2.0
    f, calls = make()
    beside = getattr(f, "beside", lambda: None)
    g = transform(f)
    found = []
    for call in calls:
        if callable(call):
            call()
        else:
            found.append(numbers(g(*call)))
            found.append(numbers(beside()))
    return found


def assert_same(a, b):
    assert type(a) is type(b) or np.shape(a) == np.shape(b)
    if isinstance(a, dict):
        assert a.keys() == b.keys()
        for key in a:
            assert_same(a[key], b[key])
    elif isinstance(a, list):
        assert len(a) == len(b)
        for x, y in zip(a, b, strict=True):
            assert_same(x, y)
    elif a is None or isinstance(a, str):
        assert a == b
    else:
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)


def test_there_are_sixty():
    assert len(TRAPS) >= 60


TARGETS = [autograd.compile]
if find_spec("llvmlite"):
    TARGETS.append(partial(autograd.compile, target="llvm"))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("compiled", TARGETS, ids=["numpy", "llvm"][: len(TARGETS)])
@pytest.mark.parametrize("make", TRAPS, ids=lambda make: make.__name__)
def test_no_program_is_silently_wrong(make, compiled):
    try:
        expected = run(make, lambda f: f)
    except Exception as error:
        with pytest.raises(type(error)):
            run(make, compiled)
        return
    try:
        found = run(make, compiled)
    except TracingError as error:
        assert any(word in str(error) for word in ("write", "use", "give", "return", "print"))
        return
    assert_same(found, expected)
