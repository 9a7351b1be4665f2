"""NumPy's functions, compiled: values and gradients are those of Values, and reasons are words."""

import warnings

import numpy as np
import pytest

import autograd
from tests.compiling.test_ending import TARGETS
from tests.numpy.test_namespace import RUN, flattened, label


@pytest.mark.slow
@TARGETS
@pytest.mark.parametrize(("name", "example"), RUN, ids=label)
def test_values_and_gradients(name, example, target):
    joined = flattened(np, example)

    def weighted(x):
        y = joined(x)
        return np.real(np.sum(y * np.linspace(1.0, 2.0, len(y)).astype(y.dtype)))

    op_by_op = autograd.value_and_grad(weighted)
    compiled = autograd.compile(op_by_op, target=target)
    rng = np.random.default_rng(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some run op by op, and some divide by zero
        for _ in range(4):
            x = rng.uniform(0.3, 2.5, (2, 3)) * rng.choice([-1.0, 1.0], (2, 3))
            for found, expected in zip(compiled(x), op_by_op(x), strict=True):
                assert type(found) is type(expected)
                np.testing.assert_allclose(found, expected, 1e-11, 1e-12)
    assert "Error" not in str(compiled.show())
