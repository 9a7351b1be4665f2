"""Groups: parameters that share their settings."""

from __future__ import annotations

from typing import Any
from weakref import ref

from autograd import Value
from nn.optimisers.gradients import listed_or_alone, values_once
from nn.optimisers.mistakes import NUMBERS, refuse_number

MOMENTA = ("momentum", "betas")  # settings that hold the momentum, the second in its first place


class Options(dict[str, Any]):
    """The settings of a group by name, looked at when they are set.

    Args:
        settings: the first ones.
        optimiser: whose `check` knows which may be.
    """

    def __init__(self, settings: dict[str, Any], optimiser: Any) -> None:
        super().__init__(settings)
        self.optimiser = ref(optimiser)  # which holds the group, and goes when nobody else does
        self.kind = type(optimiser).__name__

    def __setitem__(self, name: str, new: Any) -> None:
        self.update({name: new})

    def __ior__(self, new: Any) -> Options:  # type: ignore[override,misc]
        self.update(new)
        return self

    def update(self, *new: Any, **named: Any) -> None:
        """Set several at once; raise, and set none, if one cannot be."""
        changed, optimiser = dict(self), self.optimiser()
        changed.update(*new, **named)
        if unknown := changed.keys() - self.keys():
            raise ValueError(
                f"a group of {self.kind} has the settings {', '.join(self) or 'none'}, not "
                f"{', '.join(sorted(unknown))}"
            )
        if optimiser is not None:
            optimiser.refuse(changed)
        super().update(changed)

    def __reduce__(self) -> Any:
        optimiser = self.optimiser()
        return (Options, (dict(self), optimiser)) if optimiser else (dict, (dict(self),))


class Group:
    """Parameters that share their settings; those that cannot be are refused when they are set.

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

    def __setattr__(self, name: str, new: Any) -> None:
        if name in NUMBERS:
            refuse_number(name, new)
        elif name == "options" and isinstance(old := vars(self).get(name), Options):
            old.update(new)
            return
        elif name not in ("parameters", "options"):
            raise AttributeError(
                f"write group.options[{name!r}] = …: a group has no .{name} to set"
            )
        object.__setattr__(self, name, new)

    def __getitem__(self, name: str, *_: Any) -> Any:
        raise TypeError(
            "write group.lr and group.weight_decay, and group.options[name] for other settings, "
            f"not group[{name!r}]"
        )

    __setitem__ = __getitem__


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
        refuse_number("lr", own_lr)
        groups.append(Group(values, own_lr / lr if lr else 1.0, decay, own))
    return groups


def momentum_in(group: Group, kind: str) -> str:
    """Return the name of the setting that holds the momentum; raise if there is none."""
    for name in MOMENTA:
        if name in group.options:
            return name
    raise AttributeError(f"{kind} has no momentum; it has {', '.join(group.options) or 'lr only'}")
