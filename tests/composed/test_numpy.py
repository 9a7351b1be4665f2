"""Plain NumPy is the language: same values, shapes and dtypes on Values as on arrays."""

import ast
import inspect

import numpy as np
import pytest

from autograd import Value
from autograd.engine import signatures
from autograd.engine.dispatch import NUMPY
from autograd.engine.primitive import PRIMITIVES
from autograd.testing import check_gradients

pytestmark = pytest.mark.slow

X = np.array([[0.5, -1.5, 2.0], [1.0, 0.25, -0.75]])
S = np.array([[2.0, 0.3, 0.1], [0.3, 1.5, 0.2], [0.1, 0.2, 1.8]])
V = np.array([1.0, -2.0, 0.5])

DIFFERENTIABLE = {
    "sum": lambda x: np.sum(x, axis=0),
    "sum of axes": lambda x: np.sum(x, (0, 1)),
    "mean": lambda x: np.mean(x, axis=-1, keepdims=True),
    "var": lambda x: np.var(x, axis=1, ddof=1),
    "std": lambda x: np.std(x),
    "max": lambda x: np.max(x, axis=1),
    "amin": lambda x: np.amin(x, axis=0, keepdims=True),
    "prod": lambda x: np.prod(x, axis=(0, 1)),
    "cumsum": lambda x: np.cumsum(x),
    "cumprod": lambda x: np.cumprod(x, axis=-1),
    "average": lambda x: np.average(x, axis=0),
    "where": lambda x: np.where(x > 0, x, 2 * x),
    "clip": lambda x: np.clip(x, -0.9, 0.9),
    "clip below": lambda x: np.clip(x, a_min=0.3, a_max=None),
    "reshape": lambda x: np.reshape(x, (3, 2)),
    "ravel": lambda x: np.ravel(x),
    "transpose": lambda x: np.transpose(x),
    "transpose axes": lambda x: np.transpose(x, (1, 0)),
    "swapaxes": lambda x: np.swapaxes(x, 0, -1),
    "moveaxis": lambda x: np.moveaxis(x, 0, -1),
    "expand_dims": lambda x: np.expand_dims(x, (0, 2)),
    "squeeze": lambda x: np.squeeze(x[None]),
    "broadcast_to": lambda x: np.broadcast_to(x, (4, 2, 3)),
    "broadcast_arrays": lambda x: np.broadcast_arrays(x, np.ones((4, 1, 1)))[0],
    "concatenate": lambda x: np.concatenate([x, x, np.ones((1, 3))]),
    "concatenate flat": lambda x: np.concatenate([x, V[None]], axis=None),
    "stack": lambda x: np.stack([x, 2 * x], axis=-1),
    "vstack": lambda x: np.vstack([x, V]),
    "hstack": lambda x: np.hstack([x, x]),
    "split": lambda x: np.split(x, 3, axis=1)[1],
    "split at": lambda x: np.split(x, [1], axis=-1)[1],
    "array_split": lambda x: np.array_split(x, 2, axis=1)[0],
    "pad": lambda x: np.pad(x, ((1, 0), (0, 2))),
    "pad one": lambda x: np.pad(x, 1, constant_values=3),
    "repeat": lambda x: np.repeat(x, 2, axis=1),
    "tile": lambda x: np.tile(x, (2, 1)),
    "flip": lambda x: np.flip(x, 1),
    "roll": lambda x: np.roll(x, 1),
    "roll axes": lambda x: np.roll(x, (1, 2), axis=(0, 1)),
    "tril": lambda x: np.tril(x, 1),
    "triu": lambda x: np.triu(x),
    "diagonal": lambda x: np.diagonal(x, 1),
    "trace": lambda x: np.trace(x),
    "diag": lambda x: np.diag(x[0], -1),
    "diag of a matrix": lambda x: np.diag(x),
    "dot": lambda x: np.dot(x, V),
    "dot of stacks": lambda x: np.dot(np.stack([x, x]), S),
    "matmul": lambda x: np.matmul(x, S),
    "inner": lambda x: np.inner(x, S),
    "outer": lambda x: np.outer(x, V),
    "vdot": lambda x: np.vdot(x, x),
    "tensordot": lambda x: np.tensordot(x, S, axes=1),
    "tensordot axes": lambda x: np.tensordot(x, x, axes=([0, 1], [0, 1])),
    "tensordot outer": lambda x: np.tensordot(x, V, axes=0),
    "einsum": lambda x: np.einsum("ij,jk->ik", x, S),
    "einsum dots": lambda x: np.einsum("...j,j", x, V),
    "norm": lambda x: np.linalg.norm(x),
    "norm of rows": lambda x: np.linalg.norm(x, axis=1),
    "round": lambda x: np.round(x, 1),
    "floor": lambda x: np.floor(x),
    "sign": lambda x: np.sign(x),
    "copy": lambda x: np.copy(x),
    "add.reduce": lambda x: np.add.reduce(x, axis=0),
    "atleast_2d": lambda x: np.atleast_2d(x[0]),
    "atleast_1d": lambda x: np.atleast_1d(x[0, 0]),
    "lists": lambda x: np.stack([x[0, 0], 1.0, x[1, 1]]),
    "real": lambda x: np.real(x),
    "angle": lambda x: np.angle(x + 2j),
}


if np.lib.NumpyVersion(np.__version__) >= "2.1.0":
    DIFFERENTIABLE["clip by name"] = lambda x: np.clip(x, min=-1.2)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_values_shapes_and_dtypes(name, dtype):
    f, x = DIFFERENTIABLE[name], X.astype(dtype)
    found, expected = f(Value(x)), f(x)
    assert type(found) is Value
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-6)
    assert found.shape == np.shape(expected)
    if not any(
        c in name for c in ("dot", "inner", "outer", "matmul", "einsum", "concatenate", "stack")
    ):
        assert found.dtype == expected.dtype


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_gradients(name):
    if name not in ("floor", "round", "sign"):
        check_gradients(DIFFERENTIABLE[name], X)


PLAIN = {
    "argmax": lambda x: np.argmax(x, axis=1),
    "argsort": lambda x: np.argsort(x),
    "isneginf": lambda x: np.isneginf(x),
    "allclose": lambda x: np.allclose(x, x),
    "array_equal": lambda x: np.array_equal(x, x),
    "any": lambda x: np.any(x > 0, axis=0),
    "shape": lambda x: np.shape(x),
    "ndim": lambda x: np.ndim(x),
    "nonzero": lambda x: np.nonzero(x)[0],
    "searchsorted": lambda x: np.searchsorted(x[0], 1.0),
}


@pytest.mark.parametrize("name", PLAIN)
def test_functions_without_a_derivative_answer_with_plain_numbers(name):
    found, expected = PLAIN[name](Value(X)), PLAIN[name](X)
    assert not isinstance(found, Value)
    np.testing.assert_array_equal(found, expected)


PREDICATES = {
    "greater": lambda x: np.greater(x, 0),
    "less_equal": lambda x: x[0] <= x[1],
    "isfinite": lambda x: np.isfinite(x),
    "signbit": lambda x: np.signbit(x),
    "and": lambda x: (x > 0) & (x < 1),
    "or": lambda x: (x < 0) | np.array([True, False, False]),
    "xor": lambda x: np.array([True, False, False]) ^ (x > 0),
    "not": lambda x: ~(x > 0),
}


@pytest.mark.parametrize("name", PREDICATES)
def test_predicates_are_recorded_and_convert_freely(name):
    found, expected = PREDICATES[name](Value(X)), PREDICATES[name](X)
    assert found.op is not None
    assert found.dtype == bool
    np.testing.assert_array_equal(np.asarray(found), expected)


def test_every_ufunc_row_answers_numpy():
    for op in PRIMITIVES.values():
        for function in op.numpy:
            if isinstance(function, np.ufunc) and op.elementwise:
                y = function(*[Value([(a + b) / 2, a / 3 + b * 2 / 3]) for a, b in op.domain])
                assert isinstance(y, Value), function


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_no_function_gives_an_object_array():
    v = Value([0.5, 0.25])
    for name in dir(np):
        function = getattr(np, name)
        if isinstance(function, np.ufunc):
            try:
                found = function(*[v] * function.nin)
            except (TypeError, ValueError):
                continue
            for part in found if isinstance(found, tuple) else (found,):
                assert isinstance(part, Value) or np.asarray(part).dtype != object, name


def test_what_checkers_know_is_what_values_have():
    tree = ast.parse(inspect.getsource(signatures))
    declared = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert {"__add__", "sum", "T"} <= declared <= vars(Value).keys()
    assert all(key in NUMPY for key in (np.sum, np.where, np.concatenate, np.einsum))
