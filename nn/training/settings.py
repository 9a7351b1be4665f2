"""Settings: numbers that callbacks may change while a model is trained, such as what is frozen."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.module import Module

OF_A_SETTING = (bool, int, float, str, type(None), np.bool_, np.number)


def settings_of(model: Module, optimiser: Any) -> dict[str, tuple[Any, str]]:
    """Return where settings lie, by name: an object, or a dict, and what it holds there.

    Of the model, whether parameters are trainable, and the numbers in its modules, such as the
    share that is dropped; of the optimiser, all but the learning rate.
    """
    found: dict[str, tuple[Any, str]] = {}
    for path, parameter in model.named_parameters():
        found[f"{path}.trainable"] = parameter, "trainable"
    for path, module in model.named_modules():
        found |= {f"{path}.{name}": (module, name) for name in vars(module) if name != "training"}
    found["clip"] = optimiser, "clip"
    for i, group in enumerate(getattr(optimiser, "groups", ())):
        found |= {f"group {i}.{name}": (group, name) for name in ("lr", "weight_decay")}
        options = getattr(group, "options", {})
        found |= {f"group {i}.{name}": (options, name) for name in options}
    return {name: place for name, place in found.items() if is_plain(setting_at(*place))}


def is_plain(x: Any) -> bool:
    """Whether this is a number, a text, or a tuple of such."""
    return all(isinstance(y, OF_A_SETTING) for y in (x if isinstance(x, tuple) else (x,)))


def setting_at(holder: Any, name: str) -> Any:
    """Return a setting."""
    return holder[name] if isinstance(holder, dict) else getattr(holder, name, None)


def as_told(places: dict[str, tuple[Any, str]]) -> dict[str, Any]:
    """Return settings by name, as a file gives them back."""
    settings = {name: setting_at(*place) for name, place in places.items()}
    return {name: list(x) if isinstance(x, tuple) else x for name, x in settings.items()}


def restore(places: dict[str, tuple[Any, str]], begun: dict[str, Any], then: Any, now: Any) -> None:
    """Set what changed in a run to what it was at its end, where this one begins as it did.

    Args:
        places: where settings lie, and `begun` what they were when this run began.
        then, now: what they were when the other began, and when it ended.
    """
    for name, (holder, key) in places.items():
        if name not in now or name not in then or then[name] != begun[name]:
            continue
        new, old = now[name], setting_at(holder, key)
        new = tuple(new) if isinstance(new, list) else new
        if not is_plain(new):
            raise ValueError(f"its {name}: {new!r:.40}")
        if isinstance(holder, dict):
            holder[key] = new
        elif new != old or type(new) is not type(old):
            setattr(holder, key, new)
