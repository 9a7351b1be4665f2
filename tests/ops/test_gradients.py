"""The sweep: every op, and every part of `nn`, by the checker that is there for anybody.

Both modes, first and second derivatives, in double and single precision, and of complex numbers
where the op takes them.
"""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from autograd.engine.each import Each
from autograd.testing import check_gradients, strategies
from nn import activations, losses
from tests.mutation import noted
from tests.ops.points import OPS, points

pytestmark = pytest.mark.slow

ELEMENTWISE = [op for op in OPS if op.elementwise]
DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=lambda d: d.__name__)
RNG = np.random.default_rng(0)
INPUTS, TARGETS = RNG.normal(size=(4, 3)), RNG.normal(size=(4, 3))
SHARES = np.exp(TARGETS) / np.sum(np.exp(TARGETS), axis=-1, keepdims=True)


def by_name(op):
    return op.name


# -- ops -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("op", ELEMENTWISE, ids=by_name)
@settings(max_examples=12)
@given(data=st.data())
def test_draws_from_the_domain(op, data):
    check_gradients(op, *data.draw(strategies.arguments(*op.domain)))


@pytest.mark.parametrize("op", ELEMENTWISE, ids=by_name)
@settings(max_examples=6)  # of a rule that is drawn twice as often in double precision
@given(data=st.data())
def test_draws_in_single_precision(op, data):
    check_gradients(op, *data.draw(strategies.arguments(*op.domain, dtype=np.float32)))


@pytest.mark.parametrize("op", OPS, ids=by_name)
def test_points_and_that_each_rule_runs(op):
    with noted(op) as ran:
        for f, args in points(op):
            check_gradients(f, *args)
    rules = {0, 1} if isinstance(op.vjps, Each) else set(range(len(op.vjps)))
    masks = {i for i in rules if all(np.result_type(args[i]).kind == "b" for _, args in points(op))}
    assert ran >= rules - masks


@pytest.mark.parametrize("op", [op for op in OPS if not op.elementwise], ids=by_name)
def test_points_in_single_precision(op):
    for f, args in points(op, np.float32):
        check_gradients(f, *args)


@pytest.mark.parametrize("op", OPS, ids=by_name)
def test_complex_points(op):
    for f, args in points(op, np.complex128):
        check_gradients(f, *args)


def test_no_op_goes_without_points():
    assert not [op.name for op in OPS if not any(points(op))]


# -- networks ------------------------------------------------------------------------------------


def product(inputs, weights):
    """Another aggregation than the weighted sum."""
    return np.prod(1 + inputs * weights / 4, axis=-1)


MODULES = {
    "Neuron": [nn.Neuron(3, nn.tanh, seed=0), nn.Neuron(3, bias=False, aggregation=product)],
    "Layer": [nn.Layer(3, 2, nn.sigmoid, seed=0), nn.Layer(3, 2, aggregation=product, seed=0)],
    "MLP": [nn.MLP(3, [4, 2], nn.tanh, seed=0), nn.MLP(3, [4, 4, 1], seed=0)],
}
LOSSES = {
    "squared_error": [(INPUTS, TARGETS), (INPUTS[0, 0], 0.5), (INPUTS[0], TARGETS[0])],
    "hinge": [(INPUTS, np.sign(TARGETS).astype(int))],
    "cross_entropy": [
        (INPUTS, np.array([0, 2, 1, 1])),
        (INPUTS[0], 2),
        (INPUTS, SHARES),
    ],
    "absolute_error": [(INPUTS, TARGETS)],
    "huber": [(INPUTS, TARGETS)],
    "multiclass_hinge": [(INPUTS, np.array([0, 2, 1, 1]))],
    "binary_cross_entropy": [(INPUTS, TARGETS > 0)],
    "kl_divergence": [(INPUTS, SHARES)],
    "gaussian_nll": [(INPUTS, TARGETS, SHARES)],
    "cosine_distance": [(INPUTS, TARGETS)],
    "ctc_loss": [(np.stack([INPUTS, INPUTS[::-1]]), np.array([[1, 2], [1, 1]]))],
    "triplet": [(INPUTS, TARGETS, SHARES)],
}


ENTRY_BY_ENTRY = sorted(
    {*activations.__all__} - {"glu", "log_softmax", "prelu", "softmax", "softmin"}
)
LAYERS = {
    name: getattr(nn, name).samples(np.random.default_rng(0))
    for name in nn.layers.__all__
    if isinstance(getattr(nn, name), type)
}


def with_parameters(module, parameters):
    """Return a copy of a module with other parameters."""
    return copy.deepcopy(
        module, {id(p): new for p, new in zip(module.parameters(), parameters, strict=True)}
    )


@DTYPES
@pytest.mark.parametrize("name", MODULES)
def test_modules(name, dtype):
    for module in MODULES[name]:
        parameters = [np.asarray(p.data, dtype) for p in module.parameters()]
        check_gradients(
            lambda x, *new, module=module: with_parameters(module, new)(x),
            INPUTS.astype(dtype),
            *parameters,
        )


def modes(module, x):
    """Yield (in training?, copy of a module) where that gives the same numbers again and again."""
    for training in (True, False):
        made = copy.deepcopy(module).train(training)
        if np.array_equal(*[np.asarray(first(copy.deepcopy(made)(x))) for _ in range(2)]):
            yield training, made


def first(y):
    """Return the numbers of a result, or those of its first part."""
    return first(y[0]) if isinstance(y, tuple) else getattr(y, "data", y)


@pytest.mark.parametrize("name", LAYERS)
def test_layers(name):
    """In training and in evaluation, once where both are the same."""
    checked = set()
    for module, x in LAYERS[name]:
        known = []
        for training, made in modes(module, x):
            checked.add(training)
            y = np.asarray(first(copy.deepcopy(made)(x)))
            if any(np.array_equal(y, old) for old in known):
                continue
            known.append(y)
            parameters = [p.data for p in made.parameters()]

            def f(x, *new, module=made):
                return with_parameters(module, new)(x)

            if x.dtype.kind == "f":
                check_gradients(f, x, *parameters)
            else:
                check_gradients(lambda *new, f=f, x=x: f(x, *new), *parameters)
    assert checked == {True, False}


@DTYPES
@pytest.mark.parametrize("name", LOSSES)
def test_losses(name, dtype):
    for args in LOSSES[name]:
        floats = [np.asarray(x, dtype) if np.result_type(x).kind == "f" else x for x in args]
        check_gradients(getattr(nn, name), *floats)


@DTYPES
@pytest.mark.parametrize("name", ENTRY_BY_ENTRY)
@settings(max_examples=5)  # they are made of ops that are drawn above
@given(data=st.data())
def test_activations(name, dtype, data):
    (x,) = data.draw(strategies.arguments((-4, 4), dtype=dtype))
    check_gradients(getattr(nn, name), x)


def test_nothing_of_nn_is_left_out():
    public = {name: getattr(nn, name) for name in nn.__all__}
    modules = {n for n, x in public.items() if isinstance(x, type) and issubclass(x, nn.Module)}
    assert modules - {"Module"} == MODULES.keys() | LAYERS.keys()
    assert set(losses.__all__) == LOSSES.keys()
