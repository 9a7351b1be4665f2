"""An index of several parts, of which some are computed: a program takes each as an argument."""

from __future__ import annotations

from functools import cache
from typing import Any

from autograd.engine.primitive import Primitive


@cache
def in_parts(op: Primitive, n: int) -> Primitive:
    """Return an op whose index, a tuple of n parts, is n arguments.

    >>> import numpy as np
    >>> from autograd.engine.primitive import PRIMITIVES
    >>> in_parts(PRIMITIVES["getitem"], 2).forward(np.eye(3), 0, [0, 1])
    array([1., 0.])
    """
    place: Any = op.index

    def together(args: tuple) -> tuple:
        return (*args[:place], args[place : place + n], *args[place + n :])

    def of_parts(rule: Any) -> Any:
        return lambda g, y, *args, **params: rule(g, y, *together(args), **params)

    rules: Any = op.vjps
    return Primitive(
        op.name,
        lambda *args, **params: op.forward(*together(args), **params),
        vjps=[*map(of_parts, rules[:place]), *[None] * n],
        symbol=op.symbol,
        view=op.view,
    )
