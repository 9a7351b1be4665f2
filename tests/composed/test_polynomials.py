"""Polynomials: what undoes what, and the cases at the edge."""

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from autograd.composed import polynomials
from tests.numpy.test_namespace import same


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 5), m=st.integers(1, 4))
def test_division_undoes_multiplication(seed, n, m):
    rng = numpy.random.default_rng(seed)
    a = Value(rng.uniform(0.5, 2, n))
    b = rng.uniform(0.5, 2, m)
    quotient, rest = numpy.polydiv(numpy.polymul(a, b), b)
    numpy.testing.assert_allclose(quotient.numpy(), a.numpy(), rtol=1e-6)
    numpy.testing.assert_allclose(rest.numpy(), numpy.zeros(rest.shape), atol=1e-6)


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 4))
def test_differentiation_undoes_integration_and_roots_are_zeros(seed, n):
    x = numpy.random.default_rng(seed).uniform(0.5, 2, n)
    p = Value(x)
    numpy.testing.assert_allclose(numpy.polyder(numpy.polyint(p, 2, k=[3.0]), 2).numpy(), x)
    zeros = numpy.roots(numpy.poly(p))
    numpy.testing.assert_allclose(
        numpy.polyval(numpy.poly(p), zeros).numpy(), numpy.zeros(n), atol=1e-6
    )


def test_roots_with_zeros_at_both_ends_and_none():
    assert numpy.roots(Value([0.0, 1.0, -2.0, 0.0])).numpy().tolist() == [2.0, 0.0]
    assert polynomials.roots([0.0]).size == polynomials.roots([3.0]).size == 0
    assert polynomials.roots(numpy.array([3.0, 0.0])).tolist() == [0.0]


def test_polynomials_of_a_matrix_and_of_complex_zeros():
    matrix = numpy.array([[0.0, -1.0], [1.0, 0.0]])
    same(numpy.poly(Value(matrix)), numpy.poly(matrix), 1e-12)
    zeros = numpy.array([1j, -1j, 2.0])
    same(numpy.poly(Value(zeros)), numpy.poly(zeros), 1e-12)


def test_bad_arguments():
    v = Value([1.0, 2.0])
    with pytest.raises(ValueError, match="takes one constant or 3, not 2"):
        numpy.polyint(v, 3, k=[1.0, 2.0])
    with pytest.raises(ValueError, match="are too few"):
        numpy.polyfit(v, v, 1, cov=True)
