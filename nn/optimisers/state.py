"""What an optimiser remembers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import Value


class State(dict[str, Any]):
    """What an optimiser remembers of one parameter: numbers by name, 0.0 until they are set."""

    def __missing__(self, name: str) -> float:
        return 0.0


@dataclass(frozen=True)
class Names:
    """The names of what a rule remembers: each after any step, `more` with some settings only."""

    each: tuple[str, ...] = ()
    more: tuple[str, ...] = ()

    def fit(self, found: set[str]) -> bool:
        """Whether these may be the names in a state; those of more may come later."""
        return not found or set(self.each) <= found <= {*self.each, *self.more}

    def __str__(self) -> str:
        return ", ".join([*self.each, *self.more]) or "nothing"


def slots_of(optimiser: Any, state: Any) -> list[dict[str, Value]]:
    """Return what a state holds of each parameter of an optimiser.

    Raises:
        TypeError: it is no dict.
        ValueError: it is of other parameters, or of an optimiser that remembers something else.
    """
    kind, names = type(optimiser).__name__, optimiser.remembers
    refuse_no_dict(state)
    refuse_names(kind, names, {key for key in state if not key[:1].isdecimal()} - {"lr"})
    slots: list[dict[str, Value]] = [{} for _ in optimiser.parameters]
    for key, numbers in state.items():
        place, _, name = key.partition(".")
        if key == "lr" and np.shape(numbers) == ():
            continue
        known = place.isdecimal() and int(place) < len(slots)
        shapes = [(), optimiser.parameters[int(place)].shape] if known else []
        if np.shape(numbers) not in shapes:
            raise ValueError(
                f"this state does not fit the {kind}: {key} has shape {np.shape(numbers)}; build "
                "it with the same parameters as when it was saved"
            )
        slots[int(place)][name] = Value(numbers)
    for held in slots:
        refuse_names(kind, names, set(held))
    return slots


def refuse_no_dict(state: Any) -> None:
    """Raise if a state is no dict."""
    if not isinstance(state, dict):
        raise TypeError(
            f"load_state_dict takes the dict that state_dict() returned, not {state!r:.60}"
        )


def refuse_names(kind: str, names: Names | None, found: set[str]) -> None:
    """Raise if a state holds something else than what a kind of optimiser remembers.

    Args:
        kind: the optimiser's.
        names: of what it remembers; None if it does not tell.
        found: the names in the state.
    """
    if names is not None and not names.fit(found):
        raise ValueError(
            "give this state to the kind of optimiser that it was saved from: it holds "
            f"{', '.join(sorted(found))}, and {kind} remembers {names}"
        )
