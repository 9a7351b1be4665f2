"""NumPy as the truth: the same call on Values and on arrays."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import Value
from autograd.testing import check_gradients


def learns(x: Any) -> bool:
    return isinstance(x, np.ndarray) and x.dtype.kind in "fc"


def single(x: Any) -> Any:
    """Return an array of floats in single precision."""
    if learns(x):
        return x.astype(np.complex64 if x.dtype.kind == "c" else np.float32)
    return x


def same(f: Callable[..., Any], *args: Any, rtol: float = 1e-12) -> None:
    """Assert that `f` of Values has the values, shape and dtype that it has of arrays."""
    expected = f(*args)
    found = f(*[Value(x) if learns(x) else x for x in args])
    assert isinstance(found, Value), "no Value came out"
    numbers = found.numpy()
    assert found.shape == np.shape(expected)
    assert found.dtype == np.asarray(expected).dtype
    np.testing.assert_allclose(numbers, expected, rtol=rtol, atol=rtol)


def agrees(f: Callable[..., Any], *args: Any) -> None:
    """Assert `same` in double and single precision, and the first and second derivatives."""
    same(f, *args)
    same(f, *map(single, args), rtol=1e-5)
    check_gradients(f, *args, modes=("reverse",))


def distinct(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Numbers far enough apart for differences not to change their order, none near zero."""
    n = int(np.prod(shape))
    x = rng.permutation(n) + rng.uniform(0.2, 0.8, n) + 0.3
    return (x * rng.choice([-1, 1], n)).reshape(shape)
