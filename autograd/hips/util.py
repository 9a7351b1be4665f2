"""The names of HIPS autograd's `util`: small functions on sequences and graphs, and a check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.hips.sequences import subval, subvals, toposort
from autograd.hips.test_util import check_grads

__all__ = ["func", "quick_grad_check", "subval", "subvals", "toposort"]


def func(f: Any) -> Any:
    """Return `f`; this used to unwrap the methods of Python 2."""
    return f


def quick_grad_check(
    fun: Callable[..., Any],
    arg0: Any,
    extra_args: tuple[Any, ...] = (),
    kwargs: dict[str, Any] | None = None,
    **tolerances: Any,
) -> None:
    """Check the gradient of `fun` with respect to its first argument, as `check_grads` does."""

    check_grads(lambda x: fun(x, *extra_args, **(kwargs or {})), modes=["rev"], order=1)(arg0)
