"""Rules of a backward pass that a recording takes as one step each, instead of op by op.

A rule is run on Values, so that its ops are recorded. But on arrays some rules look at the numbers,
to choose a formula or to take a shortcut. Such a rule as one step needs no guard, and has the bits
that it has op by op. It cannot be differentiated once more: if it is to be, the function is
recorded again without such steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.compiling.errors import NotHereError
from autograd.compiling.node import Node, form_of
from autograd.compiling.reading import numbers
from autograd.engine.each import Each
from autograd.engine.primitive import Primitive

FEWEST = 65  # entries of a gradient; with fewer, steps on floats are faster, but for whole loops


@dataclass(eq=False, repr=False)
class Rule(Primitive):
    """The rule of one of the package's own ops, `of`, as an op."""

    of: Any = None


class Pulling:
    """The part of a Recording that answers where a rule is applied.

    Attributes:
        rules_as_steps: whether the rule of an op may become a step; None for no op.
        again: whether one of these was to be differentiated.
    """

    guards: list[tuple[Node, Any]]
    rules_as_steps: Callable[[Any], bool] | None = None
    again = False

    def pulled(self, op: Any, rule: Callable[..., Any], given: tuple, params: dict) -> Any:
        """Return what a rule contributes, given (g, y, *args)."""
        before = len(self.guards)
        found = rule(*given, **params)
        small = np.size(numbers(given[0])) < FEWEST
        if (small and not op.loops) or self.rules_as_steps is None or not self.rules_as_steps(op):
            return found
        if not op.registered:  # such as a loop, whose rule holds more than its arguments
            return found
        plain = rule(*map(numbers, given), **params)
        if len(self.guards) == before and not op.shortcut and same_bits(found, plain):
            return found
        parts = [x for x in plain if x is not None] if isinstance(plain, list) else [plain]
        if len({x.dtype if type(x) is ndarray else None for x in parts} | {None}) != 2:
            return found
        del self.guards[before:]
        if not isinstance(plain, list):
            return self.step(op, rule, len(given) * op.elementwise)(*given, **params)
        joined = self.step(op, partial(flat, rule))(*given, **params)
        stops = np.cumsum([x.size for x in parts]).tolist()
        shares = iter(zip([0, *stops], stops, parts, strict=False))
        return [None if x is None else share(joined, *next(shares)) for x in plain]

    def step(self, op: Any, rule: Callable[..., Any], entrywise: int = 0) -> Rule:
        """Return an op that computes what a rule does, elementwise of so many arguments or not."""

        def differentiated(*_: Any, **__: Any) -> Any:
            self.again = True
            raise NotHereError(f"the rule of {op.name} is differentiated")

        domain = ((0.0, 1.0),) * entrywise
        rules = Each(differentiated)
        return Rule(
            f"{op.name}_vjp",
            rule,
            rules,
            elementwise=entrywise > 0,
            domain=domain,
            loops=op.loops,
            of=op,
        )


def same_bits(found: Any, plain: Any) -> bool:
    """Whether the results of a rule on Values and on arrays are the same."""
    if isinstance(plain, list):
        return all(map(same_bits, found, plain))
    x = numbers(found)
    if x is None or plain is None:
        return x is plain
    return form_of(x) == form_of(plain) and np.array_equal(x, plain, equal_nan=True)


def flat(rule: Callable[..., Any], *given: Any, **params: Any) -> ndarray:
    """Return all results of a rule, joined in one array of one axis, as they lie in memory."""
    return np.concatenate([np.ravel(x, "A") for x in rule(*given, **params) if x is not None])


def share(joined: Any, start: int, stop: int, like: ndarray) -> Any:
    """Return one result out of them."""
    if like.flags.f_contiguous:
        return np.reshape(joined[start:stop], like.shape[::-1]).T
    return np.reshape(joined[start:stop], like.shape)
