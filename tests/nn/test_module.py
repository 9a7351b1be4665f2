"""Modules: what belongs to their state, under which path, and what setting an attribute does."""

import copy
import pickle
import warnings
from collections import UserDict, UserList, deque
from dataclasses import dataclass, field, make_dataclass
from types import SimpleNamespace

import numpy as np
import pytest

import autograd
import nn
from autograd import Value


class Normal(nn.Module):
    """Parameters, buffers, and modules in a list and a dict."""

    def __init__(self):
        self.scale = nn.Parameter([1.0, 2.0])
        self.mean = nn.Buffer([0.0, 0.0])
        self.count = nn.Buffer(0)
        self.parts = [nn.Neuron(2, seed=0), {"inner": nn.Layer(2, 2, seed=0)}]

    def __call__(self, x):
        self.mean = 0.5 * self.mean + 0.5 * np.mean(x, axis=0)
        self.count += 1
        return (x - self.mean) * self.scale


class Tied(nn.Module):
    def __init__(self):
        self.first = nn.Layer(2, 2, bias=False, seed=0)
        self.second = nn.Layer(2, 2, bias=False, seed=1)
        self.second.weights = self.first.weights
        self.mean = self.same = nn.Buffer([1.0])


@dataclass(eq=False)
class Plain(nn.Module):
    weight: nn.Parameter = field(default_factory=lambda: nn.Parameter(2.0))


def paths(pairs):
    return [path for path, _ in pairs]


def test_what_belongs_to_the_state():
    model = Normal()
    weights = ["parts.0.weights", "parts.0.bias", "parts.1.inner.weights", "parts.1.inner.bias"]
    assert paths(model.named_parameters()) == ["scale", *weights]
    assert paths(model.named_buffers()) == ["mean", "count"] == paths(model.named_buffers("*n*"))
    assert model.buffers()[0] is model.mean
    assert list(model.state_dict()) == ["scale", "mean", "count", *weights]
    assert paths(model.named_parameters("parts.*.bias")) == ["parts.0.bias", "parts.1.inner.bias"]
    assert paths(Plain().named_parameters()) == ["weight"]


def test_an_attribute_may_have_the_name_of_a_method():
    class Box(nn.Module):
        def __init__(self):
            self.contents = [nn.Parameter(1.0)]

    assert paths(Box().named_parameters()) == ["contents.0"]


@pytest.mark.parametrize("name", ["parameters", "modules", "train", "summary"])
@pytest.mark.parametrize("new", [True, [nn.Linear(2, 1)], nn.Linear(2, 1)])
def test_but_not_if_it_would_hide_what_is_needed(name, new):
    model = Normal()
    with pytest.raises(AttributeError, match=f"choose another name than {name}, a method of each"):
        setattr(model, name, new)
    assert len(model.parameters()) == 5 and model.train() is model
    model.train = lambda: "own"
    assert model.train() == "own"


class Holder(nn.Module):
    def __init__(self, made):
        self.made = made


class Aside:
    """An object that is no Module."""

    def __init__(self, layer):
        self.layer = layer


@dataclass
class Parts:
    encoder: nn.Module
    sizes: list = field(default_factory=list)


SLOTTED = make_dataclass("Slotted", ["encoder"], slots=True)


@pytest.mark.parametrize(
    ("put", "path"),
    [
        (lambda layer: [layer], "0"),
        (lambda layer: deque([layer]), "0"),
        (lambda layer: UserList([layer]), "0"),
        (lambda layer: {"encoder": layer}, "encoder"),
        (lambda layer: UserDict({"encoder": layer}), "encoder"),
        (lambda layer: SimpleNamespace(encoder=layer), "encoder"),
        (lambda layer: {"all": Parts(layer)}, "all.encoder"),
        (lambda layer: (0, SLOTTED(layer)), "1.encoder"),
    ],
)
def test_modules_are_found_in_containers(put, path):
    model = Holder(put(nn.Linear(2, 1, seed=0)))
    assert paths(model.named_parameters()) == [f"made.{path}.{x}" for x in ("weight", "bias")]
    assert f"made.{path} Linear" in repr(model)
    again = copy.deepcopy(model)
    again.load_state_dict({name: 0 * x for name, x in model.state_dict().items()})
    assert not any(p.data.any() for p in again.parameters()) and model.parameters()[0].data.all()
    zeros = {name: np.zeros_like(x) for name, x in model.state_dict().items()}
    called = nn.functional_call(Last(model), zeros, np.ones(2))
    assert not called.data.any()


class Through(nn.Module):
    """Calls its layer by a method that it holds as an attribute."""

    def __init__(self, wrap):
        self.layer = nn.Linear(2, 1, seed=0)
        self.part = wrap(self.computed)

    def computed(self, x):
        return self.layer(x)

    def __call__(self, x):
        return self.part(x)


@pytest.mark.parametrize("wrap", [lambda method: method, autograd.compile])
def test_functional_call_goes_through_methods_in_attributes(wrap):
    model = Through(wrap)
    zeros = {name: np.zeros_like(x) for name, x in model.state_dict().items()}
    for _ in range(3):
        assert model(np.ones(2)).data.any()
        assert not nn.functional_call(model, zeros, np.ones(2)).data.any()


def test_compiled_layers_among_others_are_told():
    with pytest.warns(UserWarning, match="^compile the whole model: layers.0 of a Sequential"):
        nn.Sequential(autograd.compile(nn.Linear(2, 1)), nn.tanh)


class Last(nn.Module):
    """Calls the only layer of another module."""

    def __init__(self, model):
        self.__dict__ |= vars(model)

    def __call__(self, x):
        return next(m for m in self.modules() if isinstance(m, nn.Linear))(x)


@pytest.mark.parametrize("hide", [Aside, lambda layer: [Aside([layer])], lambda x: Aside(Aside(x))])
def test_parameters_in_other_objects_are_told(hide):
    layer = nn.Linear(2, 1)
    with pytest.warns(UserWarning, match=r"^write class Aside\(nn\.Module\): made.* of a Holder"):
        Holder(hide(layer))
    model = Holder([layer])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.other = hide(layer)  # it is found anyway
        model.optimiser = nn.Adam(model.parameters())
        with nn.monitor(model) as model.watch:
            pass
        model.data = Aside([[1.0], np.ones(2), "text"])
    assert len(model.parameters()) == 2


def test_parameters_are_not_put_where_they_are_never_found():
    layer = nn.Linear(2, 1)
    for hidden in ({layer}, frozenset([layer]), np.array([layer, None])):
        with pytest.raises(TypeError, match=r"^write a list or a dict for made: the parameters in"):
            Holder(hidden)
    with pytest.raises(TypeError, match=r"^write self\.layer = … in __init__ of Shared"):
        type("Shared", (nn.Module,), {"layer": layer})
    with pytest.raises(TypeError, match=r"^leave __slots__ out of Slotted"):
        type("Slotted", (nn.Module,), {"__slots__": ("layer",)})

    @dataclass
    class Given(nn.Module):
        inner: nn.Module = layer

    assert len(Given().parameters()) == 2
    type("Fine", (nn.Module,), {"act": nn.ReLU(), "sizes": {1, 2}, "__slots__": ()})
    Holder({1, 2}), Holder(np.array([None, "text"]))


def test_a_buffer_follows_what_it_is_set_to():
    model = Normal()
    mean, count = model.mean, model.count
    y = model(np.array([[2.0, 4.0], [4.0, 8.0]]))
    y.sum().backward()
    assert model.mean is mean and mean.tolist() == [1.5, 3.0]
    assert model.count is count and count == 1
    assert model.scale.grad.tolist() == [3.0, 6.0]
    state = model.state_dict()
    assert state["mean"].tolist() == [1.5, 3.0] and type(state["mean"]) is np.ndarray
    other = Normal()
    other.load_state_dict(state)
    assert other.mean.tolist() == [1.5, 3.0] and other.count == 1
    assert not np.shares_memory(other.mean, state["mean"])


@pytest.mark.parametrize(
    "compute",
    [lambda b: b * 2, lambda b: b + b, np.sqrt, np.mean, lambda b: b.sum(), lambda b: b @ b],
)
def test_what_is_computed_from_a_buffer_is_no_buffer(compute):
    assert not isinstance(compute(nn.Buffer([1.0, 2.0])), nn.Buffer)
    assert isinstance(Value([1.0, 1.0]) * nn.Buffer([1.0, 2.0]), Value)


def test_numbers_set_as_an_attribute_go_into_the_parameter():
    model = Normal()
    scale = model.scale
    for new in ([3.0, 4.0], np.float32([3.0, 4.0]), Value([3.0, 4.0]), (3, 4)):
        model.scale = 0 * scale.data
        model.scale = new
        assert model.scale is scale and scale.data.tolist() == [3.0, 4.0]
        assert scale.dtype == float
    model.scale *= 2.0
    assert model.scale is scale and model.parameters()[0] is scale


@pytest.mark.parametrize(
    ("new", "says"),
    [
        (np.ones(3), r"scale is a Parameter of shape \(2,\)"),
        ("large", r"to replace it, set another one, nn.Parameter\(x\)"),
        (Value([1.0, 1.0]) * 2.0, "computed by multiply: set its numbers, module.scale = x.data"),
    ],
)
def test_what_is_no_new_state_is_refused(new, says):
    model = Normal()
    with pytest.raises(TypeError, match=says):
        model.scale = new
    assert model.scale.data.tolist() == [1.0, 2.0]


def test_a_parameter_and_a_layer_can_be_replaced():
    model = Normal()
    model.scale = new = nn.Parameter([5.0, 5.0, 5.0])
    assert model.scale is new
    model.scale = None
    assert "scale" not in model.state_dict()
    model.parts[1]["inner"] = nn.MLP(2, [4, 2])
    assert "parts.1.inner.layers.1.weights" in model.state_dict()


@pytest.mark.parametrize("again", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_what_is_shared_stays_shared(again):
    model = again(Tied())
    assert model.second.weights is model.first.weights and model.same is model.mean
    assert isinstance(model.mean, nn.Buffer)
    assert list(model.state_dict()) == ["first.weights", "mean"]
    model.first.weights = np.zeros((2, 2))
    assert not model.second.weights.data.any()


def test_a_state_may_name_what_is_shared_by_any_of_its_paths():
    model, ones = Tied(), np.ones((2, 2))
    for names in (["first"], ["second"], ["first", "second"]):
        model.first.weights = np.zeros((2, 2))
        model.load_state_dict({f"{name}.weights": ones for name in names} | {"mean": [2.0]})
        assert model.second.weights.data.all()
    with pytest.raises(ValueError, match="is shared, and differs from the same numbers"):
        model.load_state_dict({"first.weights": ones, "second.weights": 2 * ones, "mean": [2.0]})


def test_a_state_that_does_not_fit_changes_nothing():
    model = Normal()
    state = model.state_dict() | {"mean": [1.0], "extra": 3.0}
    state["scale"] = np.array([9.0, 9.0])
    del state["count"]
    with pytest.raises(ValueError) as caught:
        model.load_state_dict(state)
    for problem in ("count is missing", "extra is not part of it", "mean has shape (1,) instead"):
        assert problem in str(caught.value)
    assert model.scale.data.tolist() == [1.0, 2.0]


def test_what_is_frozen_does_not_learn():
    model = nn.MLP(2, [3, 1], seed=0)
    assert model.layers[0].freeze() is model.layers[0]
    before = model.state_dict()
    optimiser = nn.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=0.1, clip=1.0)
    for trainable in (False, True):
        model([[1.0, 2.0]]).sum().backward()
        optimiser.step()
        moved = {k: not np.array_equal(v, before[k]) for k, v in model.state_dict().items()}
        assert moved["layers.1.weights"] and moved["layers.0.weights"] == trainable
        model.unfreeze()


def test_a_frozen_gradient_does_not_count_when_gradients_are_clipped():
    a, b = nn.Parameter([3.0]), nn.Parameter([4.0], trainable=False)
    (a + 1000.0 * b).sum().backward()
    nn.SGD([a, b], lr=1.0, clip=1.0).step()
    assert a.data.tolist() == [2.0] and b.data.tolist() == [4.0]


@pytest.mark.parametrize("data", [[1, 2], [True]])
def test_a_parameter_of_whole_numbers(data):
    assert nn.Parameter([int(x) for x in data]).dtype == float
    with pytest.raises(TypeError, match="holds floats, not"):
        nn.Parameter(np.array(data))
    with pytest.raises(TypeError, match="holds floats, not int64"):
        nn.Layer(2, 2, dtype=int)
