"""numpy.fft on Values: the values of NumPy, and the transposes of all transforms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from autograd.testing import check_gradients

COMPLEX = ["fft", "ifft", "irfft", "hfft"]
REAL = ["rfft", "ihfft"]
COMPLEX_AXES = ["fft2", "ifft2", "irfft2", "fftn", "ifftn", "irfftn"]
REAL_AXES = ["rfft2", "rfftn"]
NORMS = st.sampled_from([None, "backward", "ortho", "forward"])
SEEDS = st.integers(0, 2**32 - 1)


def draw(name, seed, shape, dtype="c16"):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=shape)
    if name in REAL + REAL_AXES:
        return x.astype({"c8": "f4", "c16": "f8"}.get(dtype, dtype))
    return (x + 1j * rng.normal(size=shape) if dtype in ("c8", "c16") else x).astype(dtype)


def same_as_numpy(f, x):
    found, expected = f(Value(x)), f(x)
    assert type(found) is Value
    assert found.shape == expected.shape
    assert found.dtype == expected.dtype
    tolerance = 100 * np.finfo(expected.dtype).eps * np.max(np.abs(expected), initial=1.0)
    np.testing.assert_allclose(found.numpy(), expected, rtol=0, atol=tolerance)


@pytest.mark.slow
@pytest.mark.parametrize("name", COMPLEX + REAL)
@given(
    n=st.sampled_from([None, 2, 3, 4, 5, 8, 9]),
    axis=st.integers(-3, 2),
    norm=NORMS,
    dtype=st.sampled_from(["f4", "f8", "c8", "c16"]),
    seed=SEEDS,
)
def test_one_axis(name, n, axis, norm, dtype, seed):
    def f(a):
        return getattr(np.fft, name)(a, n, axis, norm)

    x = draw(name, seed, (2, 3, 4), dtype)
    same_as_numpy(f, x)
    if dtype in ("f8", "c16"):
        check_gradients(f, x, order=1, modes=("reverse",))


@pytest.mark.slow
@pytest.mark.parametrize("name", COMPLEX_AXES + REAL_AXES)
@given(
    data=st.data(),
    norm=NORMS,
    dtype=st.sampled_from(["f4", "f8", "c8", "c16"]),
    seed=SEEDS,
)
def test_several_axes(name, data, norm, dtype, seed):
    params = {"norm": norm}
    if data.draw(st.booleans()):
        params["axes"] = axes = data.draw(st.permutations([0, 1, -1]))[
            : data.draw(st.integers(1, 3))
        ]
        if data.draw(st.booleans()):
            params["s"] = [data.draw(st.sampled_from([-1, 2, 3, 4, 7])) for _ in axes]

    def f(a):
        return getattr(np.fft, name)(a, **params)

    x = draw(name, seed, (2, 3, 4), dtype)
    same_as_numpy(f, x)
    if dtype in ("f8", "c16"):
        check_gradients(f, x, order=1, modes=("reverse",))


@pytest.mark.slow
@pytest.mark.parametrize("name", COMPLEX + REAL + COMPLEX_AXES + REAL_AXES)
def test_second_derivatives(name):
    x = draw(name, 0, (3, 4))
    check_gradients(lambda a: np.abs(getattr(np.fft, name)(a)) ** 2, x)


@given(shape=st.sampled_from([(4,), (5,), (3, 4)]), data=st.data())
def test_shifts(shape, data):
    x = np.random.default_rng(0).normal(size=shape)
    axes = data.draw(st.sampled_from([None, 0, (0,), -1, tuple(range(len(shape)))]))
    for f in (np.fft.fftshift, np.fft.ifftshift):
        same_as_numpy(lambda a, f=f: f(a, axes), x)
        check_gradients(lambda a, f=f: f(a, axes), x, order=1)
    np.testing.assert_array_equal(np.fft.ifftshift(np.fft.fftshift(Value(x))).numpy(), x)


def test_frequencies_of_a_spacing_to_learn():
    for f in (np.fft.fftfreq, np.fft.rfftfreq):
        same_as_numpy(lambda step, f=f: f(5, step), np.float64(0.5))
        check_gradients(lambda step, f=f: f(5, step), 0.5, order=1)


def test_the_gradient_of_energy_is_as_parseval_says():
    """The sum of |fft x|² is n times that of x²."""
    x = Value(np.arange(5.0))
    np.sum(np.abs(np.fft.fft(x)) ** 2).backward()
    np.testing.assert_allclose(x.grad, 2 * 5 * np.arange(5.0), atol=1e-12)


def test_sizes_that_do_not_fit_the_axes():
    with pytest.raises(ValueError, match="2 sizes s for 1 axes"):
        np.fft.fftn(Value(np.ones((2, 2))), s=(2, 2), axes=(0,))
