"""What would not learn, although it seems to: parameters that no optimiser changes."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

from autograd import Value
from nn.module import Module
from nn.parameter import Parameter
from nn.precision import depth


def changed_by(optimiser: Any) -> list[Any]:
    """Return the parameters of an optimiser; an optimiser of another kind may not tell."""
    told = getattr(optimiser, "parameters", ())
    return list(told) if isinstance(told, Iterable) else []


def is_trainable(parameter: Any) -> bool:
    """Whether a parameter is not frozen."""
    return bool(getattr(parameter, "trainable", True))


def check_parameters(model: Module, optimiser: Any) -> None:
    """Raise if an optimiser changes nothing of a model; warn if it is that of an earlier one.

    Raises:
        ValueError: it has none of the parameters of the model, or all that it has are frozen.
    """
    own, changed = model.named_parameters(), changed_by(optimiser)
    ids, held = {id(p) for _, p in own}, {id(p) for p in changed}
    call = f"nn.{type(optimiser).__name__}(model.parameters(), …)"
    if own and held and ids.isdisjoint(held):
        raise ValueError(
            f"write {call}: the optimiser changes none of the parameters of this model"
        )
    if changed and not any(map(is_trainable, changed)):
        raise ValueError(
            "write model.unfreeze(), or that of a layer: all parameters that the optimiser has are "
            "frozen, so nothing would be learned"
        )
    left = [path for path, p in own if is_trainable(p) and id(p) not in held]
    gone = [p for p in changed if id(p) not in ids]
    if left and gone:
        warnings.warn(
            f"write {call} after the model is built: {left[0]} is not among what the optimiser "
            f"changes, and {len(gone)} of those that it changes are none of this model's",
            stacklevel=depth(),
        )


class FirstStep:
    """What the first step showed of parameters that do not learn.

    It is looked at inside the step, which may be a recording, and told after it.

    Args:
        model, optimiser: as in `fit`.
    """

    def __init__(self, model: Module, optimiser: Any) -> None:
        self.model, self.optimiser = model, optimiser
        self.known = {id(p) for p in [*model.parameters(), *changed_by(optimiser)]}

    def look(self, loss: Value) -> None:
        """Note on what the loss depends, and what got a gradient."""
        if self not in LOOKED_AT:
            trainable = filter(is_trainable, changed_by(self.optimiser))
            changed = [p for p in trainable if hasattr(p, "has_grad")]
            without = {id(p) for p in changed if not p.has_grad}
            LOOKED_AT[self] = strangers_in(loss, self.known), changed, without

    def tell(self) -> None:
        """Raise if no parameter has a gradient; warn of those that have none, and of strangers."""
        if (shown := LOOKED_AT.get(self)) is not None:
            LOOKED_AT[self] = None
            strangers, changed, without = shown
            warn_of_strangers(strangers)
            check_gradients(self.model, changed, without)


# What each first step showed, None once it is told. Were it in attributes, which a compiled step
# watches, that would be recorded anew.
LOOKED_AT: WeakKeyDictionary[FirstStep, Any] = WeakKeyDictionary()


def strangers_in(loss: Value, known: set[int]) -> list[Parameter]:
    """Return the parameters that a loss depends on, not frozen and not known, by their ids."""
    waiting: list[Any] = [loss]
    seen = {id(loss)}
    for value in waiting:  # the list grows as it is read
        new = [p for p in value.parents if p is not None and id(p) not in seen]
        seen.update(map(id, new))
        waiting += new
    strangers = [p for p in waiting if isinstance(p, Parameter) and id(p) not in known]
    return [p for p in strangers if p.trainable]


def warn_of_strangers(found: list[Parameter]) -> None:
    """Warn if a loss depends on parameters that neither model nor optimiser has."""
    if found:
        shapes = ", ".join(str(p.shape) for p in found[:3])
        warnings.warn(
            "hold each layer as an attribute of the model, in lists or dicts, from __init__ on: "
            f"the loss depends on {len(found)} parameters, of shape {shapes}, that neither model "
            "nor optimiser has, and that do not learn; if they should not, freeze() their module",
            stacklevel=depth(),
        )


def check_gradients(model: Module, changed: list[Any], without: set[int]) -> None:
    """Raise if the first step had no gradient at all; warn of parameters that got none.

    Args:
        model: as in `fit`.
        changed: the parameters that the optimiser changes.
        without: the ids of those that have no gradient.

    Raises:
        ValueError: none has one.
    """
    if without and len(without) == len(changed):
        raise ValueError(
            "let the loss depend on the parameters: none that the optimiser has got a gradient; "
            "what is computed from .data, numpy() or inside no_grad() has none"
        )
    if paths := [path for path, p in model.named_parameters() if id(p) in without]:
        warnings.warn(
            f"freeze() what should not learn: {', '.join(paths[:3])}"
            + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")
            + " got no gradient in the first step; what is computed from .data, numpy() or inside "
            "no_grad() has none, nor has what the loss does not depend on",
            stacklevel=depth(),
        )
