"""Matrices to draw, gradients to take, and NumPy as the truth for functions of matrices."""

import numpy as np
from hypothesis import strategies as st

from autograd import Value

LA = np.linalg
DTYPES = ["f4", "f8", "c8", "c16"]
SEEDS = st.integers(0, 2**32 - 1)
VECTOR_ORDERS = [None, 0, 1, 2, 3, 2.5, 0.5, -1, -2, np.inf, -np.inf]
MATRIX_ORDERS = [None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf]


def draw(rng, *shape, dtype="c16"):
    x = rng.normal(size=shape)
    if np.dtype(dtype).kind == "c":
        x = x + 1j * rng.normal(size=shape)
    return x.astype(dtype)


def h(x):
    return np.conj(np.swapaxes(x, -1, -2))


def gradient(f, x):
    v = Value(x)
    f(v).backward()
    return v.grad


def scaled(u, s, vh):
    return (u * s[..., None, :]) @ vh


def projector(v):
    return v @ h(v)


def parts(result):
    return result if isinstance(result, tuple) else (result,)


def same_as_numpy(f, a, exact=1e4):
    found, expected = f(Value(a)), f(a)
    assert type(found) is (type(expected) if isinstance(expected, tuple) else Value)
    for one, other in zip(parts(found), parts(expected), strict=True):
        assert isinstance(one, Value)
        assert one.shape == other.shape
        assert one.dtype == other.dtype
        size = np.max(np.abs(other), initial=1.0)
        np.testing.assert_allclose(
            one.numpy(), other, rtol=0, atol=exact * np.finfo(other.dtype).eps * size
        )
