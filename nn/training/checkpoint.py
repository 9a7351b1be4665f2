"""All that a training run needs to go on where it was, in one file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from autograd import Value
from nn.containers import is_container
from nn.module import Module, contents_of
from nn.saving.npz import npz_arrays, write_npz
from nn.saving.replacing import replacing
from nn.saving.trees import arrays_of_tree, is_tree, tree_of
from nn.training.history import History
from nn.training.settings import as_told, restore, settings_of

DEEPEST = 3  # how far to look for generators inside objects that are neither modules nor lists


class Run:
    """What takes part in a training run.

    Attributes:
        best: the weights of the best epoch so far; None if there is none.

    Args:
        model, optimiser, data, validation, schedule, callbacks: as in `fit`.
        history: that of the epochs so far.
    """

    def __init__(
        self,
        model: Module,
        optimiser: Any,
        data: Any,
        validation: Any,
        schedule: Any,
        callbacks: list[Any],
        history: History,
    ) -> None:
        self.model, self.optimiser, self.history = model, optimiser, history
        self.best: dict[str, Any] | None = None
        others = {"schedule": schedule, "callbacks": callbacks}
        taking_part = {"model": model, "data": data, "validation": validation} | others
        self.generators = dict(generators_in(taking_part))
        listed = {"schedule": schedule} | {f"callback {i}": c for i, c in enumerate(callbacks)}
        self.with_state = {n: c for n, c in listed.items() if hasattr(c, "load_state_dict")}
        self.settings = settings_of(model, optimiser)
        self.begun = as_told(self.settings)

    def state(self) -> dict[str, Any]:
        """Return the state of all as a tree of plain numbers, text and arrays."""
        return {
            "kind": type(self.optimiser).__name__,
            "model": self.model.state_dict(),
            "best": self.best,
            "optimiser": self.optimiser.state_dict(),
            "kinds": {name: type(one).__name__ for name, one in self.with_state.items()},
            "others": {name: one.state_dict() for name, one in self.with_state.items()},
            "begun": self.begun,
            "settings": as_told(self.settings),
            "history": dict(self.history),
            "stopped": self.history.stopped,
            "generators": {n: g.bit_generator.state for n, g in self.generators.items()},
            "np.random": np.random.get_state(legacy=False),
        }

    def set_state(self, state: dict[str, Any]) -> None:
        """Give all the state that `state` returned."""
        kept = {"history": self.history, "others": self.with_state, "generators": self.generators}
        for name, own in kept.items():
            if state[name].keys() != own.keys():
                raise ValueError(
                    f"its {name}: {', '.join(state[name]) or 'none'}; those of this run: "
                    f"{', '.join(own) or 'none'}"
                )
        told = {"optimiser": state.get("kind")} | state.get("kinds", {})  # not in earlier versions
        for name, one in ({"optimiser": self.optimiser} | self.with_state).items():
            if told.get(name) not in (None, kind := type(one).__name__):
                raise ValueError(f"its {name}: {told[name]}; that of this run: {kind}")
        history = {str(name): [float(x) for x in xs] for name, xs in state["history"].items()}
        if state["best"] is not None:
            self.model.load_state_dict(state["best"])  # whether they fit
        self.model.load_state_dict(state["model"])
        self.optimiser.load_state_dict(state["optimiser"])
        restore(self.settings, self.begun, state.get("begun", {}), state.get("settings", {}))
        for name, one in self.with_state.items():
            one.load_state_dict(state["others"][name])
        for name, generator in self.generators.items():
            generator.bit_generator.state = state["generators"][name]
        np.random.set_state(state["np.random"])
        self.best = state["best"]
        self.history.update(history)
        self.history.stopped = str(state["stopped"])

    def save(self, path: Any) -> None:
        """Replace the checkpoint, as a whole."""
        with replacing(path) as file:
            write_npz(file, arrays_of_tree(self.state()))

    def load(self, path: Any) -> None:
        """Go on from a checkpoint.

        Raises:
            ValueError: it is damaged, or of another run. Nothing is changed then.
        """
        arrays = npz_arrays(Path(path))
        if not is_tree(arrays):
            raise ValueError(
                f"{path} is no checkpoint of nn.fit; nn.load(model, path) reads weights"
            )
        state, before = tree_of(arrays, path), self.state()
        try:
            self.set_state(state)
        except BaseException as error:
            self.set_state(before)
            if not isinstance(error, Exception):
                raise
            raise ValueError(f"{path} is the checkpoint of another run: {error}") from error


def generators_in(
    thing: Any, path: str = "", seen: set[int] | None = None, depth: int = 0
) -> Iterator[tuple[str, np.random.Generator]]:
    """Yield (path, generator) for NumPy's generators inside a thing, each once."""
    seen = set() if seen is None else seen
    if id(thing) in seen or isinstance(thing, (Value, np.ndarray, type, ModuleType)):
        return
    seen.add(id(thing))
    if isinstance(thing, np.random.Generator):
        yield path, thing
        return
    if isinstance(thing, Module) or is_container(thing):
        inside = contents_of(thing)
    else:
        depth += 1
        inside = list(getattr(thing, "__dict__", {}).items()) if depth <= DEEPEST else []
    for name, child in inside:
        yield from generators_in(child, f"{path}.{name}" if path else str(name), seen, depth)
