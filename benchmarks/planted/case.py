"""Case: a function with derivatives that are right or wrong, and the point to check it at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass
class Case:
    """A function to check.

    Args:
        name: what is wrong with it, or what makes it hard.
        f: the function.
        args: the point.
        grad: its gradient, if that is written by hand; else `f` is differentiated.
        order: up to which order its derivatives are checked.
        mode: "reverse" or "forward", where a checker has to be told.
        special: whether `grad` is right at special points too, not at the point alone.
    """

    name: str
    f: Callable[..., Any]
    args: tuple[Any, ...]
    grad: Callable[..., Any] | None = None
    order: int = 2
    mode: str = "reverse"
    special: bool = True
