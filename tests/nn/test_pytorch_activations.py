"""Activations: PyTorch's values and slopes, at kinks and far out, as functions and as modules."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value
from nn import activations
from nn.layers.functions import FunctionModule
from tests.nn.pytorch_activations import CASES, FILE, X

KNOWN = np.load(FILE)
MODULES = [c for c in (getattr(nn, name) for name in nn.layers.__all__) if isinstance(c, type)]
MODULES = [c for c in MODULES if issubclass(c, FunctionModule)]


@pytest.mark.parametrize("name", CASES)
def test_values_and_slopes_are_pytorchs(name):
    module, x = eval(CASES[name][0], {"nn": nn}), Value(X)
    y = module(x)
    weights = np.linspace(0.5, 2.0, y.size).reshape(y.shape)
    (weights * y).sum().backward()
    close = dict(rtol=1e-7 if name == "Hardsigmoid()" else 1e-12, atol=1e-15)  # 1/6 in float32
    np.testing.assert_allclose(y.data, KNOWN[f"{name}/y"], **close)
    np.testing.assert_allclose(x.grad, KNOWN[f"{name}/x"], **close)
    for parameter in module.parameters():
        np.testing.assert_allclose(parameter.grad, KNOWN[f"{name}/weight"], **close)


def test_every_activation_is_a_function_and_a_module():
    cases = {code.partition("(")[0] for code in CASES}
    assert {c.__name__ for c in MODULES} == cases - {"PReLU"}
    assert {c.function for c in MODULES} | {nn.prelu} == {
        getattr(activations, name) for name in activations.__all__
    }


@pytest.mark.parametrize("kind", MODULES, ids=lambda kind: kind.__name__)
def test_a_module_gives_what_its_function_gives(kind):
    x = np.random.default_rng(0).normal(size=(3, 4))
    assert np.array_equal(kind()(x), kind.function(x))
    assert np.array_equal(nn.Sequential(kind())(Value(x)).data, kind.function(x))


FUNCTIONS = [getattr(nn, name) for name in sorted({*activations.__all__} - {"glu", "prelu"})]


@pytest.mark.parametrize("f", [*FUNCTIONS, nn.GELU("tanh"), nn.Softplus(0.5)])
@given(x=st.floats(-1e150, 1e150))
def test_slopes_are_finite(f, x):
    for value in (Value(x), Value([x])):
        y = f(value)
        y.sum().backward()
        assert np.isfinite(y.data).all() and np.isfinite(value.grad).all()


@pytest.mark.parametrize("name", sorted({*activations.__all__} - {"glu", "prelu"}))
def test_numbers_stay_numbers_and_single_stays_single(name):
    f = getattr(nn, name)
    assert np.ndim(f(0.5)) == 0 and not isinstance(f(0.5), (np.ndarray, Value))
    assert f(np.float32([0.5, -0.5])).dtype == f(Value(np.float32([0.5, -0.5]))).dtype == np.float32
    with np.errstate(invalid="ignore"):
        assert np.isnan(f(Value(np.nan)).data)


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: nn.Softmax(dim=1), r"write Softmax\(axis.*what PyTorch calls dim is the axis"),
        (lambda: nn.ReLU(inplace=True), r"write ReLU\(\) .*nothing is done in place"),
        (lambda: nn.ELU(1.0, 2.0), r"write ELU\(alpha"),
        (lambda: nn.Sequential(nn.ReLU), r"write ReLU\(…\)"),
    ],
)
def test_arguments_of_other_libraries(build, says):
    with pytest.raises(TypeError, match=says):
        build()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: nn.glu(np.ones(3)), "should have an even size"),
        (lambda: nn.PReLU(3)(np.ones((2, 4))), r"not \(3,\) for x of shape \(2, 4\)"),
        (lambda: nn.PReLU(0), "num_parameters should be an int of at least 1"),
        (lambda: nn.GELU("erf")(np.ones(2)), "approximate must be"),
    ],
)
def test_what_does_not_fit(call, says):
    with pytest.raises(ValueError, match=says):
        call()
