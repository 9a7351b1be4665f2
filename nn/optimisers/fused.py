"""Fused steps: a parameter is changed by one native loop, where llvmlite is installed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.compiling.reading import is_traced, numbers
from autograd.compiling.unasked import Unasked
from nn.optimisers.gradients import all_finite
from nn.optimisers.groups import MOMENTA, Group
from nn.optimisers.state import State

if TYPE_CHECKING:
    from autograd import Value
    from nn.optimisers.optimiser import Optimiser

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
    parameter: Value,
    g: np.ndarray,
    slots: dict[str, Value],
) -> list[Any] | None:
    """Return the new numbers of a parameter, all finite, and those of its slots, in their order.

    Return None where `optimiser.changed` has to find them. The first step is not for a native loop,
    since there is no state yet, nor is a rule without state, which NumPy has done in two passes.

    Args:
        optimiser, group, parameter, g: as in `optimiser.changed`.
        known: the settings of groups at this step, by the group's id; filled in.
        slots: what is remembered of the parameter.
    """
    if not slots or not optimiser.fused or parameter.op is not None or is_traced():
        return None
    old = numbers(parameter)
    if type(old) is not np.ndarray or old.dtype.kind == "c":
        return None
    settings = known.get(id(group))
    if settings is None:
        settings = known[id(group)] = Settings(optimiser, group)
    if not settings.numbers:
        return None
    key = settings.key, old.shape, old.strides, old.dtype, g.dtype, *slots
    native = optimiser.natives.get(key)
    if native is None:
        if len(optimiser.natives) >= MOST_FORMS:
            return None
        native = optimiser.natives[key] = Unasked(rule_alone(optimiser, settings, list(slots)))
    state = list(map(numbers, slots.values()))
    try:
        new = native(old, g, *settings.rates, *state)
    except NotFiniteError:
        return None
    return new if len(new) == 1 + len(slots) else None  # there may be more to remember from now on


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
        state = State(zip(names, map(to_read, rest[count:]), strict=True))
        new = rule.moved(options, old, g, state, lr, decay, settings.decays)
        if not all_finite(new):
            raise NotFiniteError
        return [new, *state.values()]

    return moved


def to_read(x: Any) -> Any:
    """Return an array as one that cannot be written to, and anything else as it is."""
    if type(x) is np.ndarray:
        x = x.view()
        x.flags.writeable = False
    return x
