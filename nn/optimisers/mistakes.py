"""What optimisers are given by mistake in the place of parameters and settings."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from math import inf, isfinite
from numbers import Real
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from autograd import Value

# Settings that are called otherwise here, and those that are not needed.
SPELLED = {
    "learning_rate": "lr",
    "eta": "lr",
    "step_size": "lr",
    "params": "parameters",
    "beta": "betas=(β₁, β₂)",
    "beta1": "betas=(β₁, β₂)",
    "beta2": "betas=(β₁, β₂)",
    "beta_1": "betas=(β₁, β₂)",
    "beta_2": "betas=(β₁, β₂)",
    "b1": "betas=(β₁, β₂)",
    "b2": "betas=(β₁, β₂)",
    "epsilon": "eps",
    "decay": "weight_decay, or a rate from nn.schedules",
    "l2": "weight_decay",
    "clipnorm": "clip",
    "global_clipnorm": "clip",
    "max_grad_norm": "clip",
    "maximize": "nothing, and take the backward of −loss",
    "foreach": "nothing",
    "fused": "nothing, and optimiser.fused = False to keep to NumPy",
    "capturable": "nothing",
    "differentiable": "nothing",
    "dampening": "nothing: the momentum is not dampened",
    "amsgrad": "nn.Adam, which has it",
}

# Attributes of optimisers in PyTorch and Keras.
NAMES_OF_OPTIMISERS = {
    "param_groups": "use optimiser.lr = rate for all groups, or optimiser.groups",
    "add_param_group": "give all groups at the start: nn.Adam([{'parameters': …, 'lr': …}, …])",
    "minimize": "write optimiser.zero_grad(), loss.backward() and optimiser.step()",
    "apply_gradients": "call loss.backward(), which puts them into .grad, and optimiser.step()",
    "get_last_lr": "use optimiser.lr",
    "get_lr": "use optimiser.lr",
    "init": "leave it out: its state is in optimiser.state_dict()",
    "learning_rate": "use optimiser.lr",
    "register_step_post_hook": "call what you need after optimiser.step()",
    "defaults": "use optimiser.groups",
}


def refuse_other_spellings(kind: Any, settings: dict[str, Any]) -> None:
    """Raise if a setting has another name here; others are left to Python."""
    for name in settings.keys() & SPELLED.keys():
        taken = [inspect.signature(f).parameters for f in (kind.__init__, kind.update)]
        if not any(name in names for names in taken):
            raise TypeError(f"{kind.__name__} has no {name}: write {SPELLED[name]}")


class Settable:
    """What answers names and settings of other libraries on optimisers."""

    def __new__(cls, *_: Any, **settings: Any) -> Self:
        refuse_other_spellings(cls, settings)
        return super().__new__(cls)

    if not TYPE_CHECKING:  # which would believe in every name

        def __getattr__(self, name: str) -> Any:
            if name in NAMES_OF_OPTIMISERS:
                message = f"{type(self).__name__} has no .{name}: {NAMES_OF_OPTIMISERS[name]}"
                raise AttributeError(message, name=name, obj=self)
            return object.__getattribute__(self, name)  # for Python's own message

    def __setattr__(self, name: str, new: Any) -> None:
        if name in ON_ITSELF:
            refuse_number(name, new)
        else:
            refuse_settings(self, name)
        object.__setattr__(self, name, new)


def refuse_settings(optimiser: Any, name: str) -> None:
    """Raise for a setting that lies in the groups, or has another name: it would do nothing."""
    if name in NAMES_OF_OPTIMISERS:
        raise AttributeError(f"there is no .{name} to set: {NAMES_OF_OPTIMISERS[name]}")
    own = not type(optimiser).__module__.startswith("nn.")  # a rule may look at what it likes
    if own or name in vars(optimiser) or hasattr(type(optimiser), name):
        return
    for group in vars(optimiser).get("groups", ())[:1]:
        if name in group.options:
            raise AttributeError(
                f"write optimiser.groups[0].options[{name!r}] = …, for each group: an optimiser "
                f"itself has no .{name}"
            )
        if name == "weight_decay":
            raise AttributeError(
                "write optimiser.groups[0].weight_decay = …, for each group: an optimiser itself "
                "has none"
            )


# What is a number of an optimiser or of a group: whether one fits, and which do.
NUMBERS: dict[str, tuple[Callable[[float], bool], str]] = {
    "lr": (lambda x: 0 <= x < inf, "at least 0, a finite number"),
    "clip": (lambda x: x > 0, "a positive number, or None"),
    "weight_decay": (isfinite, "a finite number"),
}
ON_ITSELF = {"lr", "clip"}  # those of an optimiser; the others lie in its groups


def refuse_number(name: str, given: Any) -> None:
    """Raise if a learning rate, a weight decay or a norm to clip to cannot be one."""
    fits, range_ = NUMBERS[name]
    if isinstance(given, Real) and fits(float(given)):
        return
    if given is None and "None" in range_:
        return
    if callable(given):
        raise TypeError(f"{name} is a number: set optimiser.{name} = schedule(epoch) in each epoch")
    hint = ""
    if name == "lr" and isinstance(given, Iterable):
        hint = "; the parameters come first"
    elif name == "lr" and isinstance(given, Real) and given < 0:
        hint = "; a step goes against the gradient, and to climb take the backward of −loss"
    kind = ValueError if isinstance(given, (Real, Iterable)) else TypeError
    raise kind(f"{name} should be {range_}, not {given!r:.60}{hint}")


def refuse_kinds(kind: type, options: dict[str, Any]) -> None:
    """Raise if a setting is of another sort than its default: no number, no True or False."""
    taken = inspect.signature(kind.__init__).parameters  # type: ignore[misc]
    for name, given in options.items():
        default = taken[name].default if name in taken else None
        if isinstance(default, bool):
            fits, sort = isinstance(given, (bool, int, np.bool_)), "True or False"
        elif isinstance(default, Real):
            fits, sort = isinstance(given, Real), "a number"
        elif isinstance(default, tuple):
            listed = given if isinstance(given, (tuple, list)) else ()  # `check` knows how many
            fits, sort = all(isinstance(x, Real) for x in listed), "numbers"
        else:
            continue
        if not fits:
            raise TypeError(f"{name} should be {sort}, such as {default}, not {given!r:.60}")


def refuse_results(kind: str, values: list[Value], results: list[Any], error: Exception) -> None:
    """Raise if a rule returned or remembered what a parameter, or its memory, cannot become."""
    for value, new in zip(values, results, strict=False):
        if np.shape(new) != value.shape:
            raise ValueError(
                f"return from {kind}.update what has the shape of its gradient, and put such into "
                f"the state, not what makes {value.shape} into {np.shape(new)}; nothing was changed"
            ) from error


def instead(found: Any) -> str:
    """Return what to write for what was given in the place of a list of Values."""
    if callable(getattr(found, "parameters", None)):
        return f": write .parameters() after this {type(found).__name__}"
    if callable(found):
        return f": write {getattr(found, '__name__', 'parameters')}(), with the brackets"
    if isinstance(found, Value):
        return f": write [w], a list, for the one Value w = {found!r:.60}"
    if isinstance(found, tuple) and len(found) == 2 and isinstance(found[0], str):
        return ", not named_parameters()"
    return f", not {found!r:.60}"
