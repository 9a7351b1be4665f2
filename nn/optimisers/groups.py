"""Groups: parameters that share their settings."""

from __future__ import annotations

from typing import Any

from autograd import Value
from nn.optimisers.gradients import listed_or_alone, values_once

MOMENTA = ("momentum", "betas")  # settings that hold the momentum, the second in its first place


class Group:
    """Parameters that share their settings.

    Attributes:
        parameters: the Values.
        lr: the learning rate relative to the optimiser's own.
        weight_decay: that of this group.
        options: the other settings, by name.
    """

    def __init__(
        self, parameters: list[Value], lr: float, weight_decay: float, options: dict[str, Any]
    ) -> None:
        self.parameters = parameters
        self.lr = lr
        self.weight_decay = weight_decay
        self.options = options


def grouped(
    parameters: Any, kind: str, lr: float, weight_decay: float, options: dict[str, Any]
) -> list[Group]:
    """Return the groups that parameters come in: one, if they are no groups."""
    given = listed_or_alone(parameters)
    if not given or not all(isinstance(g, dict) for g in given):
        values = values_once(parameters if given is None else given, kind)
        return [Group(values, 1.0, weight_decay, options)]
    groups = []
    for settings in given:
        own = {"lr": lr, "weight_decay": weight_decay} | options | settings
        if "params" in settings:
            raise ValueError(f'write "parameters" for "params" in a group of {kind}')
        if unknown := settings.keys() - options.keys() - {"parameters", "lr", "weight_decay"}:
            raise ValueError(
                f"a group of {kind} has its parameters and may set "
                f"{', '.join(['lr', 'weight_decay', *options])}, not {', '.join(sorted(unknown))}"
            )
        values = values_once(own.pop("parameters", None), kind)
        own_lr, decay = own.pop("lr"), own.pop("weight_decay")
        groups.append(Group(values, own_lr / lr if lr else 1.0, decay, own))
    return groups


def momentum_in(group: Group, kind: str) -> str:
    """Return the name of the setting that holds the momentum; raise if there is none."""
    for name in MOMENTA:
        if name in group.options:
            return name
    raise AttributeError(f"{kind} has no momentum; it has {', '.join(group.options) or 'lr only'}")
