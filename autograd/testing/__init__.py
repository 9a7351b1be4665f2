"""Verify gradients in tests: ours, those of an op of your own, or those of any function.

`check_gradients` checks at one point, `given_gradients` at many points that Hypothesis draws from
`strategies`. `from_torch` and `from_jax` take functions of these libraries over. docs/verify.md
explains how.
"""

from importlib import import_module
from typing import Any

import autograd.testing.intact  # noqa: F401  first, since it says why others may fail
from autograd.testing.adapters import from_jax, from_torch
from autograd.testing.checker import check_gradients
from autograd.testing.functional import functional
from autograd.testing.report import GradientError, Report

__all__ = [
    "GradientError",
    "Report",
    "check_gradients",
    "from_jax",
    "from_torch",
    "functional",
    "given_gradients",
    "strategies",
]


def __getattr__(name: str) -> Any:
    """Import what needs Hypothesis on first use."""
    if name not in ("given_gradients", "strategies"):
        raise AttributeError(f"module 'autograd.testing' has no attribute {name!r}")
    try:
        if name == "strategies":
            return import_module("autograd.testing.strategies")
        return import_module("autograd.testing.given").given_gradients
    except ModuleNotFoundError as error:
        if error.name != "hypothesis":
            raise
        raise ModuleNotFoundError(
            f"autograd.testing.{name} needs Hypothesis to draw its inputs: "
            "pip install 'chainrule[testing]'",
            name=error.name,
        ) from None
