"""Verify gradients in tests: your own, those of this package, and anybody's.

`check_gradients` checks at one point, `given_gradients` at many that Hypothesis draws from
`strategies`.  docs/verify.md tells how.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "check_gradients": "checker",
    "GradientError": "report",
    "Report": "report",
    "given_gradients": "given",
}

__all__ = [*_HOMES, "strategies"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'autograd.testing' has no attribute {name!r}")
    try:
        module = import_module(f"autograd.testing.{_HOMES.get(name, name)}")
    except ModuleNotFoundError as error:
        if error.name != "hypothesis":
            raise
        raise ModuleNotFoundError(
            f"autograd.testing.{name} draws its inputs with Hypothesis, which is not installed; "
            "pip install 'chainrule[testing]'",
            name=error.name,
        ) from None
    return getattr(module, name) if name in _HOMES else module
