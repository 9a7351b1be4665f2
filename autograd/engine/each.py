"""Each: the vjps of an op that takes any number of arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from typing import Any


class Each:
    """The vjps of an op that takes any number of arguments.

    One call for all of them takes time in proportion to their number, where a call for each, with
    all arguments to look at, would take the square.

    Args:
        rule: a function `(places, g, y, *args, **params)`, which returns a list with the gradient
            of each of the arguments at these places.

    Example:
        >>> from autograd import Primitive, Value
        >>> rules = Each(lambda places, g, y, *xs: [g for _ in places])
        >>> total = Primitive("total", lambda *xs: sum(xs), vjps=rules)
        >>> a, b = Value(1.0), Value(2.0)
        >>> total(a, b, a).backward()
        >>> a.grad, b.grad
        (2.0, 1.0)
    """

    def __init__(self, rule: Callable[..., list[Any]]) -> None:
        self.rule = rule

    def __iter__(self) -> Iterator[Callable[..., Any]]:
        return (partial(self.one, i) for i in count())

    def one(self, place: int, g: Any, y: Any, *args: Any, **params: Any) -> Any:
        """Return the gradient of one argument."""
        (gradient,) = self.rule([place], g, y, *args, **params)
        return gradient
