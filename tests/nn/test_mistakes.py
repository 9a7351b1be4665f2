"""Ordinary mistakes: what a newcomer writes is answered by one sentence that names our way."""

import copy
import inspect
import math
import pickle
import re
import sys
import warnings

import numpy as np
import pytest

import autograd
import autograd.numpy as anp
import nn
from autograd import Value, grad, no_grad
from nn.counterparts import OTHER_SCHEDULES
from nn.elsewhere import ARGUMENTS, ATTRIBUTES, NAMES, NEEDLESS

X = np.random.default_rng(0).normal(size=(5, 3))
MODEL = nn.Linear(3, 2, seed=0)
ROWS, LABELS = np.ones((4, 3)), np.array([0, 1, 1, 0])
SCHEDULES = [getattr(nn.schedules, name) for name in nn.schedules.__all__]
RULE = nn.Adam(MODEL.parameters(), lr=0.01)


def model(dtype=float):
    return nn.MLP(3, [4, 1], seed=0, dtype=dtype)


def loss_of(network, dtype=float):
    return nn.squared_error(network(X.astype(dtype))[:, 0], np.zeros(5, dtype))


# -- a Value where a number is meant --------------------------------------------------------------


@pytest.mark.parametrize("convert", [float, int, complex, math.exp, "%.3f".__mod__])
def test_a_number_of_a_value_with_a_gradient_says_how_first(convert):
    with pytest.raises(TypeError, match=r"^write v\.item\(\) where .*test_mistakes\.py, line \d+"):
        convert(loss_of(model()))


def test_arrays_of_values_with_a_gradient_say_how_first():
    output = model()(X)[:, 0]
    for convert in (np.asarray, lambda v: np.array([v.sum(), v.sum()]).mean()):
        with pytest.raises(TypeError, match=r"^write v\.(numpy|item)\(\) where no gradient"):
            convert(output)


@pytest.mark.parametrize("dtype", [float, np.float32])
def test_a_loss_is_a_number_once_its_backward_pass_has_run(dtype):
    losses = []
    for _ in range(3):
        loss = loss_of(model(dtype), dtype)
        with pytest.raises(TypeError, match=r"^write v\.item"):
            float(loss)
        loss.backward()
        assert float(loss) == loss.item() and int(loss) == int(loss.item())
        losses.append(loss)
    assert np.array_equal(np.asarray(losses), [loss.item() for loss in losses])
    assert np.mean(losses) > 0


def test_what_can_still_lose_a_gradient_stays_a_value():
    w = Value(2.0)
    w.backward()
    with pytest.raises(TypeError, match=r"write v\.item"):
        float(w)  # a leaf takes part in the next graph, too
    y = w * w
    y.backward(create_graph=True)
    with pytest.raises(TypeError, match=r"write v\.item"):
        float(y)
    array = Value([1.0, 2.0]) * 2
    array.sum().backward()
    with pytest.raises(TypeError, match=r"write v\.numpy"):
        np.asarray(array)

    def f(x):
        inner = x * x
        inner.backward()
        return x * float(inner)

    with pytest.raises(TypeError, match=r"write v\.item"):
        grad(f)(3.0)


def test_what_was_computed_without_a_graph_is_numbers():
    with no_grad():
        scores = model()(X)[:, 0]
        loss = loss_of(model())
    assert np.array_equal(np.asarray(scores), scores.data)
    assert float(loss) == loss.item()
    assert float(loss_of(model()).detach()) == loss.item()
    with pytest.raises(ValueError, match=r"computed inside no_grad\(\)"):
        loss.backward()


def test_losses_and_scores_reach_other_packages():
    metrics = pytest.importorskip("sklearn.metrics")
    labels, scores = np.array([0, 1, 1, 0, 1]), model()(X)[:, 0]
    with pytest.raises(TypeError, match=r"^write v\.numpy\(\) where no gradient"):
        metrics.roc_auc_score(labels, scores)
    with no_grad():
        assert metrics.roc_auc_score(labels, model()(X)[:, 0]) >= 0


def test_losses_are_plotted():
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    losses = [loss_of(model()) for _ in range(3)]
    axes = Figure().subplots()
    with pytest.raises(TypeError, match=r"^write v\.item\(\) where no gradient"):
        axes.plot(losses)
    for loss in losses:
        loss.backward()
    (line,) = axes.plot(losses)
    assert np.array_equal(line.get_ydata(), [loss.item() for loss in losses])


# -- gradients before a backward pass -------------------------------------------------------------


@pytest.mark.parametrize("dtype", [float, np.float32, complex])
@pytest.mark.parametrize("shape", [(), (3,), (2, 0)])
def test_before_a_backward_pass_a_gradient_is_zero_and_says_that_none_came(shape, dtype):
    w = Value(np.ones(shape, dtype))
    for _ in range(2):
        assert np.shape(w.grad) == shape and np.result_type(w.grad) == dtype
        assert not np.any(w.grad) and not w.has_grad
        (w * w).sum().backward()
        assert w.has_grad and np.array_equal(w.grad, 2 * w.data)
        w.zero_grad()
    w.grad = w.grad + 1
    assert w.has_grad and np.array_equal(w.grad, w.data)


def test_a_gradient_that_is_not_there_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        Value([1.0, 2.0]).grad[0] = 1.0


def test_a_view_has_the_gradient_of_its_leaf():
    w = Value([1.0, 2.0])
    assert not w[0].has_grad and w[:1].grad.tolist() == [0.0]
    (w * w).sum().backward()
    assert w[:1].has_grad and w[1:].grad.tolist() == [4.0]
    assert not (w * w).has_grad


@pytest.mark.parametrize("kind", [nn.SGD, nn.Adam, nn.AdamW])
@pytest.mark.parametrize("shape", [(), (2,)])
def test_optimisers_leave_alone_what_no_gradient_has_reached(kind, shape):
    used, unused = Value(np.ones(shape)), Value(np.ones(shape))
    optimiser = kind([used, unused], lr=0.1, weight_decay=0.1)
    (used * used).sum().backward()
    optimiser.step()
    assert np.all(used.data < 1) and np.all(unused.data == 1)


def test_a_value_where_a_parameter_is_meant():
    class Scale(nn.Module):
        def __init__(self, factor):
            self.factor = factor

    for given in (Value(2.0), [Value([1.0]), Value([2.0])], {"a": Value(1.0)}):
        with pytest.warns(UserWarning, match=r"factor of a Scale .*write nn\.Parameter") as told:
            Scale(given)
        assert told[0].filename == __file__
    w = nn.Parameter(2.0)
    for given in (w, w * w, w.detach(), [w], np.ones(2), nn.Buffer(1.0)):
        Scale(given)


# -- names of PyTorch and Keras -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda v: v.sum().backward(retain_graph=True), "no retain_graph= here: leave it out"),
        (lambda v: v.sum(dim=1), "no dim= here: write axis="),
        (lambda v: v.mean(dim=1, keepdim=True), "no dim= here: write axis="),
        (lambda v: v.max(axis=1, keepdim=True), "no keepdim= here: write keepdims="),
        (lambda v: v.var(unbiased=True), "no unbiased= here: write ddof=1"),
        (lambda v: v.std(dim=0), "no dim= here"),
        (lambda v: v.prod(dim=0), "no dim= here"),
        (lambda v: v.min(dim=0), "no dim= here"),
        (lambda v: v.ptp(dim=0), "no dim= here"),
        (lambda v: v.cumsum(dim=0), "no dim= here"),
        (lambda v: v.cumprod(dim=0), "no dim= here"),
        (lambda v: v.squeeze(dim=0), "no dim= here"),
        (lambda v: v.argmax(dim=0), "no dim= here"),
        (lambda v: v.all(dim=0), "no dim= here"),
        (lambda v: v.softmax(dim=0), "no dim= here"),
        (lambda v: v.logsumexp(dim=0), "no dim= here"),
        (lambda v: nn.log_softmax(v, dim=0), "no dim= here"),
        (lambda v: nn.Softmax(dim=0), "what PyTorch calls dim is the axis here"),
        (lambda v: v.sum(nothing=0), "unexpected keyword argument 'nothing'"),
        (lambda v: v.sum().backward(nothing=0), "unexpected keyword argument 'nothing'"),
        (lambda v: v.softmax(nothing=0), "unexpected keyword argument 'nothing'"),
    ],
)
def test_options_of_other_libraries(call, says):
    v = Value(X)
    with pytest.raises(TypeError, match=says):
        call(v)
    assert not v.has_grad


REDUCTIONS = """
    all any argmax average cumsum max mean median min nanmax nansum prod ptp sort std sum var
""".split()


@pytest.mark.parametrize("name", REDUCTIONS)
@pytest.mark.parametrize("x", [Value(np.ones((2, 3))), np.ones((2, 3))], ids=["Value", "array"])
def test_options_of_functions_of_our_namespace(name, x):
    """NumPy's own functions raise before they ask us."""
    with pytest.raises(TypeError, match=r"^there is no dim= here: write axis= for it$") as caught:
        getattr(anp, name)(x, dim=0)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("cpu", "leave it out"),
        ("cuda", "leave it out"),
        ("to", r"v\.astype"),
        ("requires_grad_", "every Value of floats has a gradient"),
        ("requires_grad", r"p\.trainable = False freezes"),
    ],
)
def test_names_of_tensors(name, says):
    v = nn.Parameter(X)
    with pytest.raises(AttributeError, match=says):
        getattr(v, name)
    with pytest.raises(AttributeError, match=says):
        setattr(v, name, True)
    assert not hasattr(v, name)
    with pytest.raises(AttributeError, match=r"no \.cpu: leave it out"):
        v.detach().cpu().numpy()


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_names_of_modules(name):
    network = nn.Sequential(nn.relu)
    with pytest.raises(AttributeError, match=rf"Sequential has no \.{name}: ") as raised:
        getattr(network, name)
    for ours in re.findall(r"model\.(\w+)", str(raised.value)):
        assert hasattr(model(), ours)
    named_in_nn(str(raised.value))


@pytest.mark.parametrize("name", NAMES)
def test_names_of_other_libraries(name):
    with pytest.raises(AttributeError, match=rf"nn has no {name}: use ") as raised:
        getattr(nn, name)
    assert not hasattr(nn, name)
    named_in_nn(str(raised.value))


@pytest.mark.parametrize("name", OTHER_SCHEDULES)
def test_names_of_schedules_are_answered_in_nn_as_well(name):
    with pytest.raises(AttributeError, match=rf"nn has no {name}: use ") as raised:
        getattr(nn, name)
    named_in_nn(str(raised.value))


@pytest.mark.parametrize(
    "name", ["DataLoader", "TensorDataset", "random_split", "train_test_split"]
)
def test_names_of_loaders_are_answered_where_the_data_are(name):
    with pytest.raises(AttributeError, match=rf"nn\.data has no {name}: use ") as raised:
        getattr(nn.data, name)
    named_in_nn(str(raised.value))
    with pytest.raises(AttributeError, match=r"module 'nn\.data' has no attribute 'nothing'"):
        _ = nn.data.nothing


def named_in_nn(message):
    """Check that what a message says of `nn` and `autograd` is there."""
    for path in re.findall(r"\bnn\.([\w.]+\w)", message):
        thing = nn
        for name in path.split("."):
            thing = getattr(thing, name)
    for name in re.findall(r"\bautograd\.(\w+)", message):
        assert hasattr(autograd, name)


NAMED = [getattr(nn, name) for name in nn.__all__]
LAYERS = [c for c in NAMED if inspect.isclass(c) and issubclass(c, nn.Module)]


@pytest.mark.parametrize("name", sorted(ARGUMENTS.keys() | NEEDLESS.keys()))
def test_arguments_of_layers(name):
    answered = False
    for layer in LAYERS:
        taken = inspect.signature(layer.__init__).parameters
        if name in taken or any(p.kind is p.VAR_KEYWORD for p in taken.values()):
            continue
        renamed = any(ours in taken for ours in ARGUMENTS.get(name, ()))
        if renamed or name in NEEDLESS:
            answered = True
            with pytest.raises(TypeError, match=rf"^{layer.__name__} has no {name}: "):
                layer(**{name: 3})
        else:
            with pytest.raises(
                TypeError, match=f"unexpected keyword argument '{name}'|no __init__"
            ):
                layer(**{name: 3})
    assert answered


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (
            lambda: nn.Linear(in_features=2, out_features=3),
            "Linear has no in_features, out_features: write inputs=2, outputs=3",
        ),
        (lambda: nn.Conv2d(1, 2, kernel_size=3), "Conv2d has no kernel_size: write kernel=3"),
        (lambda: nn.Linear(2, units=3, activation="relu"), "no units: write outputs=3"),
        (lambda: nn.Linear(2, 3, activation="relu"), r"the next layer: nn\.Sequential"),
        (lambda: nn.Layer(2, 3, activation="relu"), r"a function such as nn\.relu"),
        (lambda: nn.Linear(2, 3, input_shape=(2,)), "input_shape: leave it out"),
        (lambda: nn.Linear(2, 3, device="cuda"), "device: leave it out: NumPy computes on the CPU"),
        (lambda: nn.SGD(model().parameters, lr=0.1), r"write parameters\(\), with the brackets"),
    ],
)
def test_layers_as_others_write_them(build, says):
    with pytest.raises((TypeError, ValueError), match=says):
        build()


def set_on(thing, name):
    before = dict(vars(thing))
    with pytest.raises(AttributeError, match=r"^(write|there is no)") as raised:
        setattr(thing, name, 0.5)
    assert vars(thing).keys() == before.keys()
    return str(raised.value)


def test_attributes_of_other_names_are_not_set_in_vain():
    says = {
        (nn.Dropout(0.5), "rate"): "write .p = ",
        (nn.Linear(2, 1), "weights"): "write .weight = ",
        (nn.Layer(2, 1), "weight"): "write .weights = ",
        (nn.Linear(2, 1), "kernel"): "write .weight = ",
        (nn.BatchNorm(2), "moving_mean"): "write .running_mean = ",
        (nn.LayerNorm(2), "epsilon"): "write .eps = ",
        (model(), "trainable"): "write model.freeze(), or model.unfreeze()",
        (Plain(), "requires_grad"): "write model.freeze(), or model.unfreeze()",
        (nn.Adam(MODEL.parameters()), "betas"): "optimiser.groups[0].options['betas'] = ",
        (nn.SGD(MODEL.parameters(), 0.1), "weight_decay"): "optimiser.groups[0].weight_decay = ",
        (nn.SGD(MODEL.parameters(), 0.1), "learning_rate"): "use optimiser.lr",
    }
    for (thing, name), ours in says.items():
        assert ours in set_on(thing, name)
    own = Plain()
    own.weight, own.weights, own.rate = nn.Parameter(1.0), [nn.Parameter(2.0)], 0.5
    assert len(own.parameters()) == 2
    optimiser = nn.SGD(MODEL.parameters(), 0.1, momentum=0.9)
    optimiser.momentum, optimiser.lr, optimiser.my_own = 0.5, 0.2, 3
    assert optimiser.groups[0].options["momentum"] == 0.5


def test_a_layer_of_a_sequential_is_replaced():
    network = nn.Sequential(nn.Linear(3, 2), nn.relu)
    network[1] = nn.Linear(2, 4)
    assert network(X).shape == (5, 4) and len(network.parameters()) == 4
    with pytest.raises(TypeError, match="a layer should be a function such as"):
        network[0] = 3


class Plain(nn.Module):
    pass


def test_modules_stay_plain_objects():
    class Plain(nn.Module):
        pass

    class Broken(nn.Module):
        @property
        def to(self):
            return self.missing

    with pytest.raises(TypeError, match=r"Plain\(\) takes no arguments"):
        Plain(3)
    with pytest.raises(AttributeError, match="'Broken' object has no attribute 'missing'"):
        _ = Broken().to
    network = model()
    for twin in (copy.copy(network), copy.deepcopy(network), pickle.loads(pickle.dumps(network))):
        assert np.array_equal(twin(X).data, network(X).data)
    assert not hasattr(network, "nothing") and not hasattr(nn, "nothing")
    assert getattr(network, "to", None) is None


class Tensor:
    """What a tensor of PyTorch is to us: it has `__array__` and operators that know no Value."""

    detach = cpu = None
    __array_priority__ = 1000

    def __array__(self, dtype=None, copy=None):
        return np.ones(3)

    def __rmul__(self, other):
        return NotImplemented

    def __mul__(self, other):
        return NotImplemented


Tensor.__module__ = "torch"


@pytest.mark.parametrize(
    "call",
    [
        Value,
        nn.Parameter,
        lambda t: Value(np.ones(3)) * t,
        lambda t: t * Value(np.ones(3)),
        lambda t: nn.squared_error(Value(np.ones(3)), t),
        lambda t: (Value(np.ones(3)) * 2).backward(t),
        nn.relu,
    ],
)
def test_tensors_are_answered(call):
    with pytest.raises(
        TypeError, match=r"not a torch\.Tensor: write x\.detach\(\)\.cpu\(\)\.numpy"
    ):
        call(Tensor())


# -- numbers of another precision -----------------------------------------------------------------


@pytest.mark.parametrize("dtype", [int, bool, np.int32, "int8", object])
@pytest.mark.parametrize("layer", ["Layer(2, 3", "Linear(2, 3", "Conv1d(2, 3, 1", "Embedding(2, 3"])
def test_a_layer_of_whole_numbers_is_refused_at_once(layer, dtype):
    with pytest.raises(TypeError, match=r"holds floats, not .*leave dtype out"):
        eval(f"nn.{layer}, dtype=dtype)", {"nn": nn, "dtype": dtype})


@pytest.mark.parametrize("layer", ["LSTM(2, 3", "BatchNorm(3", "LayerNorm(3", "PReLU(3"])
def test_other_layers_of_whole_numbers_are_refused_at_once(layer):
    with pytest.raises(TypeError, match=r"holds floats, not .*leave dtype out"):
        eval(f"nn.{layer}, dtype=int)", {"nn": nn})


IMAGE = np.ones((2, 3, 4))


@pytest.mark.parametrize(
    ("layer", "x"),
    [
        (lambda d: nn.MLP(4, [2, 2], dtype=d), IMAGE),
        (lambda d: nn.Sequential(nn.Flatten(), nn.Linear(12, 2, dtype=d), np.tanh), IMAGE),
        (lambda d: nn.Conv1d(3, 2, 2, dtype=d), IMAGE),
        (lambda d: nn.GRU(4, 2, dtype=d), IMAGE),
        (lambda d: nn.MultiheadAttention(4, 2, dtype=d), IMAGE),
        (lambda d: nn.TransformerBlock(4, 2, dtype=d), IMAGE),
        (lambda d: nn.BatchNorm(3, dtype=d), IMAGE),
        (lambda d: nn.LayerNorm(4, dtype=d), IMAGE),
        (lambda d: nn.PReLU(dtype=d), IMAGE),
        (lambda d: nn.Linear(4, 2, dtype=d), np.ones((2, 4), int)),
    ],
)
def test_a_float32_model_fed_float64_says_so_once(layer, x):
    network = layer(np.float32)
    with pytest.warns(
        UserWarning, match=r"float32 is given \w+64.*write x\.astype\(np\.float32\)"
    ) as w:
        network(x)
    assert len(w) == 1 and w[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        network(x)
        layer(np.float32)(x.astype(np.float32))
        layer(float)(x.astype(np.float32))
        layer(float)(x)
    assert sys.getrefcount(network) == 2  # what was told is not kept alive


# -- functional calls, reports, custom parts ------------------------------------------------------


def test_a_network_as_a_function_of_its_parameters():
    network = nn.Sequential(nn.Linear(3, 2, seed=0), nn.BatchNorm(2), nn.Dropout(0.5, seed=0))
    before = network.state_dict()
    new = {path: np.ones(p.shape) for path, p in network.named_parameters("*0*")}

    def f(parameters):
        return nn.functional_call(network, parameters, X).sum()

    slopes = grad(f)(new)
    assert slopes.keys() == new.keys()
    after = network.state_dict()
    for path, parameter in network.named_parameters():
        assert np.array_equal(after[path], before[path]) and not parameter.has_grad
    changed = [path for path, b in network.named_buffers() if not np.array_equal(b, before[path])]
    assert any("running_mean" in path for path in changed)
    masks = [nn.functional_call(network, {}, X).data == 0 for _ in range(2)]
    assert not np.array_equal(*masks)
    nn.functional_call(network, {}, X).sum().backward()
    assert all(p.has_grad for p in network.parameters())
    for given, error in (({"no": 1.0}, ValueError), ([1.0], TypeError)):
        with pytest.raises(error, match="parameter"):
            nn.functional_call(network, given, X)
    with pytest.raises(ValueError, match=r"shape \(2, 3\), and what is given \(\)"):
        nn.functional_call(network, {next(iter(new)): 1.0}, X)


def test_reports_show_as_what_they_are_in_a_notebook():
    pytest.importorskip("matplotlib")
    network = model()
    with nn.monitor(network) as watch:
        assert watch._repr_html_() == '<pre style="line-height: 1.4">no steps yet</pre>'
        loss_of(network).backward()
        nn.SGD(network.parameters(), lr=0.1).step()
        watch.step()
    assert "<svg" in watch._repr_html_() and "layers.0" in watch._repr_html_()
    assert "<svg" in watch.plot()._repr_svg_()
    data = nn.data.batches(X, X[:, :1], 5)
    history = nn.fit(
        network, nn.squared_error, data, nn.SGD(network.parameters(), lr=0.1), 2, progress=False
    )
    assert "<svg" in history._repr_html_() and "<svg" in history.plot()._repr_svg_()


@pytest.mark.parametrize("layer", [lambda **k: nn.Neuron(3, **k), lambda **k: nn.Layer(3, 2, **k)])
@pytest.mark.parametrize("x", [X, X[0], X[None]], ids=["batch", "one", "batches"])
def test_custom_parts_of_a_wrong_shape_are_refused(layer, x):
    for wrong in (lambda x, w: x * w, lambda x, w: np.sum(x * w), lambda x, w: 1.0):
        if np.shape(wrong(x, np.ones(3))) != x.shape[:-1]:
            with pytest.raises(ValueError, match=r"aggregation of a .* returned shape"):
                layer(aggregation=wrong)(x)
    for wrong in (lambda z: z[None], np.argmax if x.ndim > 1 else lambda z: np.stack([z, z])):
        with pytest.raises(ValueError, match=r"activation of a .* returned shape"):
            layer(activation=wrong)(x)
    distance = layer(aggregation=lambda x, w: np.sum((x - w) ** 2, axis=-1), activation=np.tanh)
    assert distance(x).shape == layer()(x).shape


# -- what else is called otherwise, and where a layer lies -----------------------------------------


@pytest.mark.parametrize("name", autograd.engine.elsewhere.NAMES)
def test_names_of_other_libraries_in_autograd(name):
    if not hasattr(autograd, name):
        says = re.escape(autograd.engine.elsewhere.NAMES[name])
        with pytest.raises(AttributeError, match=f"autograd has no {name}: use {says}"):
            getattr(autograd, name)


TRANSFORMS = [autograd.grad, autograd.value_and_grad, autograd.elementwise_grad, autograd.jacobian]
TRANSFORMS += [autograd.hessian, autograd.vmap, autograd.scan, autograd.checkpoint]
TRANSFORMS += [autograd.compile, autograd.grad_and_aux]


@pytest.mark.parametrize("name", autograd.engine.elsewhere.OF_TRANSFORMS)
@pytest.mark.parametrize("transform", TRANSFORMS)
def test_arguments_of_other_libraries_transforms(transform, name):
    says = re.escape(f"there is no {name}= here: {autograd.engine.elsewhere.OF_TRANSFORMS[name]}")
    with pytest.raises(TypeError, match=says) as raised:
        transform(np.sum, **{name: 0})
    named_in_nn(str(raised.value))
    with pytest.raises(TypeError, match="unexpected keyword argument 'nothing'"):
        transform(np.sum, nothing=0)


def test_what_a_transformed_function_raises_is_its_own():
    def wrong(h, x, argnums=0):
        raise TypeError("mine")

    with pytest.raises(TypeError, match=r"^mine$"):
        autograd.scan(wrong, 0.0, np.ones(3))
    with pytest.raises(TypeError, match=r"^mine$"):
        autograd.grad(wrong)(0.0, 1.0)


@pytest.mark.parametrize("name", nn.optimisers.mistakes.NAMES_OF_OPTIMISERS)
def test_names_of_other_optimisers(name):
    optimiser = nn.Adam([nn.Parameter(1.0)])
    assert not hasattr(optimiser, name) and not hasattr(copy.deepcopy(optimiser), name)
    with pytest.raises(AttributeError, match=f"Adam has no .{name}: "):
        getattr(optimiser, name)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: nn.cross_entropy([0, 1], model()(X)), "logits first .*in the right order"),
        (lambda: nn.cross_entropy(X, [0] * 5, label_smoothing=0.1), "write smoothing= for it"),
        (lambda: nn.binary_cross_entropy(X, X > 0, from_logits=True), "leave it out: losses"),
        (lambda: nn.cross_entropy(X, [0] * 5, axes=1), "unexpected keyword argument 'axes'"),
        (
            lambda: nn.cross_entropy(input=X, target=0),
            r"^write nn\.cross_entropy\(logits, labels\):",
        ),
        (lambda: nn.squared_error(y_true=X, y_pred=X), r"^write nn\.squared_error\(output, target"),
        (lambda: nn.huber(X), r"^write nn\.huber\(output, target\): .* missing 1 required"),
        (
            lambda: nn.binary_cross_entropy(X, X > 0, weight=X),
            r"or the mean of weights \* losses of s",
        ),
        (
            lambda: nn.binary_cross_entropy(X, X > 0, X),
            r"^write nn\.binary_cross_entropy\(logits, ",
        ),
        (lambda: nn.cross_entropy(X, [0] * 5, [1.0, 2.0, 3.0]), "^write weights= for the weights"),
        (lambda: nn.load("model.npz"), r"^write nn\.load\(model, path\): .* missing 1 required"),
        (lambda: nn.save(obj=MODEL, f="model.pt"), r"^write nn\.save\(model, path\): "),
        (
            lambda: nn.load(MODEL, "m.npz", map_location="cpu"),
            "no map_location= here: leave it out",
        ),
        (lambda: nn.export_onnx(MODEL, X, "m.onnx", opset_version=17), "no opset_version= here"),
        (lambda: MODEL.named_parameters(False), r'a pattern for paths, such as "encoder\.\*"'),
        (
            lambda: MODEL.train(X),
            r"^write nn\.fit\(model, loss, data, optimiser, epochs\) to train",
        ),
        (lambda: MODEL.train(X, X), r"^write model\.train\(\): .* 3 were given"),
        (lambda: MODEL.eval(X), r"^write model\.eval\(\): "),
        (lambda: nn.fit(MODEL, X, X), r"^write nn\.fit\(model, loss, data, optimiser, epochs\): "),
        (lambda: nn.evaluate(MODEL, nn.squared_error, X, X), "data should be batches"),
        (lambda: nn.evaluate(MODEL, nn.squared_error, [X, X]), "data should be batches"),
        (lambda: nn.data.batches(), r"^write nn\.data\.batches\(X\): "),
        (lambda: nn.schedules.cosine(0.1), r"^write nn\.schedules\.cosine\(lr, epochs\): "),
        (lambda: nn.Dropout(0.5)(X, training=True), r"write model\.train\(\) or model\.eval\(\)"),
        (lambda: nn.Sequential(MODEL)(X, training=False), "no training= here: write model"),
        (lambda: nn.LSTM(3, 2)(np.ones((2, 5, 3)), np.array([5, 2])), "how many steps .* lengths="),
        (lambda: nn.functional_call(model(), {}, (X,)), r"write functional_call\(model, .*, x\)"),
        (lambda: model().summary(5, 3), r"one tuple, model\.summary\(\(5, 3\)\)"),
        (lambda: nn.Upsample(size=(4, 4)), "no size: write factor="),
        (lambda: nn.LSTM(3, 2)(X, initial_state=None), "no initial_state= here: write state="),
        (lambda: nn.Adam(0.1, model().parameters()), "the parameters come first"),
        (lambda: nn.MultiheadAttention(4, 2)(*np.ones((3, 1, 2, 4))), r"call layer\(x\)"),
    ],
)
def test_calls_as_others_write_them(call, says):
    with pytest.raises((TypeError, ValueError), match=says):
        call()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: Value(X, requires_grad=True), "no requires_grad=: leave it out; every Value of"),
        (lambda: Value(X, dtype=np.float32), r"no dtype=: write np\.asarray\(x, dtype\)"),
        (lambda: Value(X, device="cpu"), "no device=: leave it out"),
        (lambda: Value(X, colour=1), "a Value takes no 'colour'"),
        (lambda: nn.Parameter(X, requires_grad=False), "requires_grad=: write trainable=False"),
        (lambda: nn.Parameter(X, dtype=int), "no dtype=: write"),
        (lambda: model().zero_grad(set_to_none=True), "no set_to_none= here: leave it out"),
        (lambda: model().zero_grad(colour=1), "unexpected keyword argument 'colour'"),
        (lambda: model().load_state_dict({}, strict=False), r"state_dict\(\) \| state\)"),
        (lambda: model().load_state_dict({}, False), r"state_dict\(\) \| state\)"),
        (lambda: RULE.zero_grad(set_to_none=True), "no set_to_none= here: leave it out"),
        (lambda: RULE.step(lambda: 1.0), r"no closure= here: call loss\.backward\(\) before"),
        (lambda: RULE.step(closure=lambda: 1.0), "no closure= here: call"),
        (lambda: RULE.load_state_dict({}, strict=False), "no strict= here: "),
        (lambda: nn.LBFGS(RULE.parameters).load_state_dict({}, strict=False), "no strict= here: "),
        (lambda: nn.huber(X, X, beta=1.0), "no beta= here: write delta="),
        (lambda: nn.absolute_error(X, X, reduce=False), "no reduce= here: write reduction="),
        (lambda: nn.kl_divergence(X, X, log_target=True), "no log_target= here: give"),
        (lambda: nn.Adam(RULE.parameters, betas=0.9), r"betas should be in \[0, 1\)"),
        (lambda: nn.MaxPool2d(None), "kernel should be one int for all axes, or 2 of them"),
        (lambda: nn.AdaptiveAvgPool2d(1.5), "sizes should be one int for all axes"),
        (lambda: nn.MultiheadAttention(4, 2)(X, attn_mask=X), "no attn_mask= here: write mask="),
        (lambda: nn.load(MODEL, MODEL.state_dict()), r"model\.load_state_dict\(state\)"),
        (lambda: anp.array([1.0], requires_grad=True), "requires_grad"),
    ],
)
def test_arguments_as_others_write_them(call, says):
    before = MODEL.state_dict()
    with pytest.raises((TypeError, ValueError), match=says):
        call()
    for name, x in MODEL.state_dict().items():
        np.testing.assert_array_equal(x, before[name])


def untaken(answers, functions):
    """Yield each name that is answered, with the functions that do not take it."""
    for name in answers:
        without = [f for f in functions if name not in inspect.signature(f).parameters]
        assert without, name
        yield name, without


@pytest.mark.parametrize(
    ("answers", "functions"),
    [
        (nn.answers.LOSSES, [getattr(nn, name) for name in nn.losses.__all__]),
        (nn.answers.FIT, [nn.fit]),
        (nn.answers.EVALUATE, [nn.evaluate]),
        (nn.answers.FILES, [nn.save, nn.load, nn.export_onnx]),
        (nn.answers.DATA, [nn.data.batches, nn.data.split, nn.data.folds]),
        (nn.answers.SCHEDULES, [f for f in SCHEDULES if inspect.isfunction(f)]),
        (nn.answers.CLIPPING, [nn.clip_gradients, nn.clip_gradient_values]),
        (nn.elsewhere.OF_METHODS, [getattr(MODEL, name) for name in sorted(nn.module.METHODS)]),
    ],
    ids=["losses", "fit", "evaluate", "files", "data", "schedules", "clipping", "methods"],
)
def test_arguments_that_are_answered(answers, functions):
    for name, without in untaken(answers, functions):
        for f in without:
            with pytest.raises(TypeError, match=rf"^there is no {name}= here: ") as raised:
                f(**{name: 0})
            named_in_nn(str(raised.value))


def test_errors_from_inside_are_not_those_of_the_call():
    def broken(output, target):
        return nn.squared_error(output[:, 0], target, 1, 2, 3)

    def missing(output, target):
        return target()

    for loss, says in ((broken, "takes from 2 to 3 positional"), (missing, "not callable")):
        with pytest.raises(TypeError, match=says) as raised:
            nn.evaluate(MODEL, loss, (X, X[:, :1]))
        assert "nn.evaluate" not in str(raised.value) and raised.traceback[-1].frame.code.path


def test_a_state_is_loaded_strictly_and_a_mode_is_set_by_its_name():
    network = model()
    network.load_state_dict(network.state_dict(), strict=True)
    assert not network.train(mode=False).training and RULE.step(None) is None


@pytest.mark.parametrize("name", nn.schedules.OTHER_SCHEDULES)
def test_names_of_other_schedules(name):
    for used in ("step", "get_last_lr"):
        with pytest.raises(AttributeError, match=r"write optimiser\.lr = schedule\(epoch\)"):
            getattr(nn.schedules.constant(0.1), used)()
    with pytest.raises(AttributeError, match=rf"nn\.schedules has no {name}: use") as raised:
        getattr(nn.schedules, name)
    named_in_nn(str(raised.value))


@pytest.mark.parametrize(
    ("name", "ours"),
    [("relu", "autograd.relu"), ("cat", "NumPy's: np.concatenate"), ("tensor", "autograd.Value")],
)
def test_names_that_numpy_does_not_have(name, ours):
    with pytest.raises(AttributeError, match=f"NumPy has no {name}: use {re.escape(ours)}"):
        getattr(anp, name)
    assert not hasattr(anp, "nothing")


class Read(nn.Module):
    def __init__(self, wrong, x):
        self.parts = {"first": nn.Sequential(nn.Lambda(lambda _: x)), "second": [wrong]}

    def __call__(self, x):
        return self.parts["second"][0](self.parts["first"](x))


@pytest.mark.parametrize(
    ("layer", "x"),
    [
        (nn.Linear(3, 2), np.ones((5, 4))),
        (nn.Layer(3, 2), np.ones((5, 4))),
        (nn.Conv2d(3, 1, 3), np.ones((5, 2, 6, 6))),
        (nn.BatchNorm(3), np.ones((5, 4))),
        (nn.LayerNorm(3), np.ones((5, 4))),
        (nn.RMSNorm(3), np.ones((5, 4))),
        (nn.Embedding(3, 2), np.array([3])),
        (nn.LSTM(3, 2), np.ones((5, 4, 2))),
        (nn.MultiheadAttention(4, 2), np.ones((5, 4, 2))),
        (nn.Residual(np.sum), np.ones((5, 4))),
    ],
    ids=lambda x: type(x).__name__,
)
def test_a_misfit_says_which_layer_it_is(layer, x):
    with pytest.raises(ValueError, match=r"; it is parts\.second\.0 of the Read$"):
        Read(layer, x)(X)
    with pytest.raises(ValueError) as alone:
        layer(x)
    assert "it is" not in str(alone.value)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"data": (ROWS, LABELS)}, "nn.data.batches"),
        ({"data": ROWS}, "nn.data.batches"),
        ({"optimiser": nn.SGD}, r"write nn.SGD\(model.parameters\(\), lr=0.01\)"),
        ({"optimiser": "adam"}, r"write nn.Adam\(model.parameters\(\), lr=0.01\)"),
        ({"loss": "mse"}, "loss should be a function such as nn.squared_error, not 'mse'"),
        ({"batch_size": 5}, "nn.data.batches"),
        ({"validation_data": (ROWS, LABELS)}, "write validation="),
        ({"verbose": 0}, "write progress=False"),
        ({"speed": 3}, "fit.. got an unexpected keyword argument 'speed'"),
    ],
)
def test_what_fit_is_given_elsewhere(given, says):
    right = {"data": nn.data.batches(ROWS, LABELS, 2, seed=0), "optimiser": RULE}
    right |= {"model": MODEL, "loss": nn.cross_entropy, "epochs": 1, "progress": False}
    before = MODEL.state_dict()
    with pytest.raises(TypeError, match=says):
        nn.fit(**right | given)
    for name, x in MODEL.state_dict().items():
        np.testing.assert_array_equal(x, before[name])


@pytest.mark.parametrize(
    "use",
    [
        nn.Linear(4, 2), nn.GRU(4, 2), nn.LayerNorm(4), nn.Dropout(), nn.ReLU(), nn.Flatten(),
        nn.MultiheadAttention(4, 2), lambda x: nn.squared_error(x, np.ones((2, 5, 4))),
        lambda x: nn.cross_entropy(x, np.ones((2, 5), int)),
        lambda x: nn.Sequential(nn.LSTM(3, 4), nn.Linear(4, 2))(np.ones((2, 5, 3))),
    ],
)  # fmt: skip
def test_the_output_of_a_layer_with_a_state_is_two_things(use):
    with pytest.raises(ValueError, match=r"^take the one that is meant, y, state = layer\(x\)"):
        use(nn.LSTM(3, 4, seed=0)(np.ones((2, 5, 3))))
