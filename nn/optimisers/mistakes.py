"""What optimisers are given by mistake in the place of parameters and settings."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from numbers import Real
from typing import TYPE_CHECKING, Any, Self

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
    "fused": "nothing, and optimiser.fused = False to keep large parameters in NumPy",
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


def refuse_rates(lr: Any, clip: Any) -> None:
    """Raise if the learning rate or the norm to clip to cannot be one."""
    if callable(lr):
        raise TypeError("lr is a number: set optimiser.lr = schedule(epoch) in each epoch")
    if isinstance(lr, Iterable):
        raise ValueError(
            f"lr should be at least 0, a number, and the parameters come first; lr is {lr!r:.60}"
        )
    if not isinstance(lr, Real) or not float(lr) >= 0 or (clip is not None and not clip > 0):
        raise ValueError(
            f"lr should be at least 0 and clip positive, not lr={lr!r}, clip={clip}; a step goes "
            "against the gradient already, and to climb take the backward of −loss"
        )


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
