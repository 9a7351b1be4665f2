"""Fused steps: a large parameter is changed by one native loop, where llvmlite is installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.compiling.reading import is_traced
from autograd.compiling.unasked import Unasked
from nn.optimisers.groups import MOMENTA
from nn.optimisers.state import State

if TYPE_CHECKING:
    from nn.optimisers.optimiser import Optimiser

MANY = 2**12  # entries for which a native loop saves more than its call takes


def fused_step(
    optimiser: Optimiser,
    options: dict[str, Any],
    old: np.ndarray,
    g: np.ndarray,
    state: State,
    lr: float,
    decay: float,
) -> np.ndarray | None:
    """Return what `optimiser.moved` does, None where that has to do it.

    The first step is not for it, since there is no state yet, nor is a rule without state, which
    NumPy has done in two passes.
    """
    if not optimiser.fused or old.size < MANY or not state or is_traced():
        return None
    momenta = next((options[name] for name in MOMENTA if name in options), ())
    rates = lr, decay or 0.0, *(momenta if isinstance(momenta, tuple) else [momenta])
    if not all(type(x) is float for x in rates):
        return None
    fixed = [setting for setting in options.items() if setting[0] not in MOMENTA]
    form = old.shape, old.strides, old.dtype, g.dtype
    key = type(optimiser).update, optimiser.decoupled, *form, *state, decay != 0, *fixed
    if key not in optimiser.natives:
        rule = rule_alone(optimiser, options, list(state), decay != 0)
        optimiser.natives[key] = Unasked(rule)
    new, *remembered = optimiser.natives[key](old, g, *rates, *state.values())
    if len(remembered) > len(state):  # there is more to remember, from this step on
        return None
    state.update(zip(state, remembered, strict=True))
    return new


def rule_alone(
    optimiser: Optimiser, options: dict[str, Any], names: list[str], decays: bool
) -> Callable[..., list[Any]]:
    """Return the rule as a function of nothing but numbers.

    It takes the parameter, its gradient, the learning rate, the weight decay, the momenta and what
    is remembered, and returns a list of the new parameter and of what to remember.
    """
    rule = object.__new__(type(optimiser))
    rule.decoupled = optimiser.decoupled
    name = next((name for name in MOMENTA if name in options), "")
    several = isinstance(options.get(name), tuple)
    count = len(options[name]) if several else bool(name)
    fixed = {key: x for key, x in options.items() if key != name}

    def moved(old: Any, g: Any, lr: float, decay: float, *rest: Any) -> list[Any]:
        momenta = {name: rest[:count] if several else rest[0]} if name else {}
        state = State(zip(names, rest[count:], strict=True))
        new = rule.moved(fixed | momenta, old, g, state, lr, decay, decays)
        return [new, *state.values()]

    return moved
