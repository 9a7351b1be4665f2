"""Fused steps: a large parameter is changed by one native loop, where llvmlite is installed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.compiling.reading import is_traced
from autograd.compiling.unasked import Unasked
from nn.optimisers.gradients import all_finite
from nn.optimisers.groups import MOMENTA, Group
from nn.optimisers.state import State

if TYPE_CHECKING:
    from nn.optimisers.optimiser import Optimiser

MANY = 2**7  # entries for which a native loop saves more than its call takes
MOST_FORMS = 2**10  # of parameters and settings: there are more if a setting always changes


class NotFiniteError(ArithmeticError):
    """A step would make a parameter infinite or NaN."""


class Settings:
    """The settings of a group at one step.

    Attributes:
        rates: the learning rate, the weight decay and the momenta, which a rule takes as numbers.
        fixed: the other settings, and `name` that of the momenta, "" if there are none.
        key: what decides how a rule computes, and `numbers` whether all rates are floats.
    """

    def __init__(self, optimiser: Optimiser, group: Group) -> None:
        options, decay = group.options, group.weight_decay
        self.name = next((name for name in MOMENTA if name in options), "")
        momenta = options.get(self.name, ())
        self.several = isinstance(momenta, tuple)
        given = momenta if self.several else [momenta]
        self.rates = optimiser.lr * group.lr, decay or 0.0, *given
        self.numbers = all(type(x) is float for x in self.rates)
        self.fixed = {name: x for name, x in options.items() if name != self.name}
        self.decays = decay != 0
        rule = type(optimiser).update, optimiser.decoupled
        self.key = *rule, self.decays, len(given), *self.fixed.items()

    def momenta(self, given: Sequence[Any]) -> dict[str, Any]:
        """Return the momenta as the rule takes them."""
        if not self.name:
            return {}
        return {self.name: tuple(given) if self.several else given[0]}


def fused_step(
    optimiser: Optimiser,
    group: Group,
    known: dict[int, Settings],
    old: np.ndarray,
    g: np.ndarray,
    state: State,
) -> np.ndarray | None:
    """Return what `optimiser.moved` does, all finite; None where that has to do it.

    The first step is not for it, since there is no state yet, nor is a rule without state, which
    NumPy has done in two passes.

    Args:
        optimiser, group, old, g, state: as in `optimiser.changed`.
        known: the settings of groups at this step, by the group's id; filled in.
    """
    if not optimiser.fused or old.size < MANY or not state or is_traced():
        return None
    settings = known.get(id(group))
    if settings is None:
        settings = known[id(group)] = Settings(optimiser, group)
    if not settings.numbers:
        return None
    key = settings.key, old.shape, old.strides, old.dtype, g.dtype, *state
    if key not in optimiser.natives:
        if len(optimiser.natives) >= MOST_FORMS:
            return None
        optimiser.natives[key] = Unasked(rule_alone(optimiser, settings, list(state)))
    try:
        new, *remembered = optimiser.natives[key](old, g, *settings.rates, *state.values())
    except NotFiniteError:
        return None
    if len(remembered) > len(state):  # there is more to remember, from this step on
        return None
    state.update(zip(state, remembered, strict=True))
    return new


def rule_alone(
    optimiser: Optimiser, settings: Settings, names: list[str]
) -> Callable[..., list[Any]]:
    """Return the rule as a function of nothing but numbers.

    It takes the parameter, its gradient, the learning rate, the weight decay, the momenta and what
    is remembered, and returns a list of the new parameter and of what to remember. It raises
    NotFiniteError if the new parameter is not finite.
    """
    rule = object.__new__(type(optimiser))
    rule.decoupled = optimiser.decoupled
    count = len(settings.rates) - 2

    def moved(old: Any, g: Any, lr: float, decay: float, *rest: Any) -> list[Any]:
        options = settings.fixed | settings.momenta(rest[:count])
        state = State(zip(names, rest[count:], strict=True))
        new = rule.moved(options, old, g, state, lr, decay, settings.decays)
        if not all_finite(new):
            raise NotFiniteError
        return [new, *state.values()]

    return moved
