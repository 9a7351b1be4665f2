"""Activations made of ops; tests/ops/test_edges.py tests their values and slopes far out."""

import pytest

import autograd


def test_an_unknown_approximation_is_refused():
    with pytest.raises(ValueError, match="'none' or 'tanh'"):
        autograd.gelu(1.0, approximate="fast")
