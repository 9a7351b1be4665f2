"""What programs written for HIPS autograd ask of NumPy's functions besides, on traced numbers."""

import numpy as np
import pytest

import autograd.numpy as anp
from autograd import Value, grad, no_grad
from autograd.testing import check_gradients

# -- np.isscalar -----------------------------------------------------------------------------------


def test_a_traced_number_is_a_scalar():
    asked = []

    def f(x):
        asked.append(anp.isscalar(x))
        return anp.sum(x * x)

    for x in (2.0, np.float32(2.0), np.array([1.0, 2.0]), np.array([2.0]), np.ones((1, 1))):
        grad(f)(x)
    assert asked == [True, True, False, False, False]
    assert anp.isscalar(Value(2.0 + 1j))
    assert anp.isscalar(Value([1.0, 2.0])[0])
    assert anp.isscalar(Value(np.array([1, 2])).sum())
    with no_grad():
        assert anp.isscalar(Value(2.0) * 2)


@pytest.mark.parametrize("x", [2.0, 2, "a", np.float64(2.0), np.array(2.0), [2.0], None], ids=repr)
def test_of_other_things_isscalar_is_numpys(x):
    assert anp.isscalar(x) is np.isscalar(x)


def test_what_else_tells_numbers_from_arrays():
    scalar, vector = Value(2.0), Value([1.0, 2.0])
    assert [anp.iterable(v) for v in (scalar, vector)] == [False, True]
    assert [anp.ndim(v) for v in (scalar, vector)] == [0, 1]
    assert [anp.shape(v) for v in (scalar, vector)] == [(), (2,)]
    assert [anp.size(v) for v in (scalar, vector)] == [1, 2]


# -- np.linalg.solve of stacks ---------------------------------------------------------------------


def matrices(*shape, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=shape) + 3 * np.eye(shape[-1])


SHAPES = [
    ((3, 3), (3,)),
    ((4, 3, 3), (3,)),
    ((4, 3, 3), (4, 3, 1)),
    ((4, 3, 3), (3, 2)),
    ((3, 3, 3), (3, 3)),  # one matrix since NumPy 2, three vectors before
    ((2, 4, 3, 3), (4, 3, 2)),
    ((3, 3), (4, 3, 2)),
]


@pytest.mark.parametrize(("a", "b"), SHAPES)
def test_solve_is_that_of_the_installed_numpy(a, b):
    a, b = matrices(*a), np.random.default_rng(1).normal(size=b)
    expected = np.linalg.solve(a, b)
    for solve in (np.linalg.solve, anp.linalg.solve):
        for x in (solve(Value(a), b), solve(a, Value(b)), solve(Value(a), Value(b))):
            assert x.shape == expected.shape
            assert np.allclose(x.data, expected, rtol=1e-12)
        check_gradients(solve, a, b, order=1)


STACKS = [((4, 3, 3), (4, 3)), ((2, 4, 3, 3), (4, 3)), ((2, 4, 3, 3), (2, 4, 3)), ((3, 3), (4, 3))]


@pytest.mark.parametrize(("a", "b"), STACKS)
def test_solve_of_a_stack_of_vectors_says_what_to_write(a, b):
    a, b = matrices(*a), np.random.default_rng(1).normal(size=b)
    with pytest.raises(ValueError, match=r"write np\.linalg\.solve\(a, b\[\.\.\., None\]\)"):
        np.linalg.solve(a, Value(b))
    with pytest.raises(ValueError, match=r"write np\.linalg\.solve\(a, b\[\.\.\., None\]\)"):
        grad(lambda a: np.sum(anp.linalg.solve(a, b)))(a)
    check_gradients(lambda a, b: anp.linalg.solve(a, b[..., None])[..., 0], a, b, order=1)


@pytest.mark.parametrize(("a", "b"), [((3, 3), (2, 4)), ((3, 3), ()), ((2, 3), (2,))])
def test_other_shapes_that_do_not_fit(a, b):
    a, b = np.ones(a), np.ones(b)
    with pytest.raises((ValueError, np.linalg.LinAlgError)) as theirs:
        np.linalg.solve(a, b)
    with pytest.raises(theirs.type):
        np.linalg.solve(Value(a), b)


# -- methods under NumPy's names -------------------------------------------------------------------


def test_methods_by_name():
    v = Value([[1.26, -2.5], [0.5, 3.0]])
    a = v.data
    for call in (
        lambda x: x.round(decimals=1),
        lambda x: x.clip(min=0.0, max=2.0),
        lambda x: x.sum(axis=0, keepdims=True),
        lambda x: x.std(axis=1, ddof=1),
        lambda x: x.take(indices=[0], axis=1),
        lambda x: x.reshape((4, 1), order="F"),
        lambda x: x.swapaxes(0, 1),
        lambda x: x.repeat(repeats=2, axis=0),
        lambda x: x.trace(offset=1),
        lambda x: x.diagonal(axis1=1, axis2=0),
        lambda x: x.astype(dtype=np.float32),
    ):
        assert np.array_equal(call(v).numpy(), call(a))
