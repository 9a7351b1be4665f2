"""Functions that move entries are linear: their gradients are held against the definition of a
linear map's mirror, ⟨g, f(d)⟩ = ⟨gradient, d⟩."""

import numpy
from hypothesis import strategies as st

from autograd import Value
from tests.numpy.test_namespace import parts, same

ARRAYS = st.builds(
    lambda shape, dtype, memory, seed: memory(random(shape, dtype, seed)),
    st.lists(st.integers(1, 4), min_size=0, max_size=3).map(tuple),
    st.sampled_from([numpy.float64, numpy.float32, numpy.complex128]),
    st.sampled_from([lambda x: x, lambda x: x.T, lambda x: x[..., ::-1] if x.ndim else x]),
    st.integers(0, 2**32 - 1),
)


SOME = ARRAYS.filter(lambda x: x.ndim)


MATRICES = ARRAYS.filter(lambda x: x.ndim >= 2)


def random(shape, dtype, seed):
    rng = numpy.random.default_rng(seed)
    x = numpy.asarray(rng.normal(size=shape))
    return (x + 1j * rng.normal(size=shape) if dtype is numpy.complex128 else x).astype(dtype)


def check_linear(np, f, x):
    """Assert NumPy's result, and that the gradient is the mirror of the linear map `f`."""
    v = Value(x)
    found, expected = f(np, v), f(numpy, x)
    same(found, expected, 1e-5)
    rng = numpy.random.default_rng(0)
    d = numpy.zeros_like(x)  # which lies in memory as `x` does
    d[...] = rng.normal(size=x.shape)
    zero = parts(f(numpy, numpy.zeros_like(x)))
    total = there = 0.0
    for y, moved, start in zip(parts(found), parts(f(numpy, d)), zero, strict=True):
        g = numpy.asarray(rng.normal(size=y.shape))
        total = total + np.sum(g * y)
        there += numpy.sum(g * (numpy.asarray(moved) - start))
    np.real(total).backward()
    numpy.testing.assert_allclose(numpy.sum(v.grad * d).real, there.real, rtol=1e-4, atol=1e-4)
