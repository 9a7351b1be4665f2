"""What an optimiser remembers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import Value
from autograd.compiling.reading import first_call_is_needed


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


def slots_for(
    slots: dict[str, Value], state: State, born: list[tuple[dict[str, Value], str]]
) -> list[Value]:
    """Return the Values that hold what is remembered of a parameter, as `state` has them.

    Those that are made for it are told to `born`.
    """
    for name in state.keys() - slots.keys():
        first_call_is_needed("an optimiser has no state before its first step")
        if np.asarray(state[name]).dtype.kind not in "biufc":
            raise TypeError(
                f"put numbers into state[{name!r}], of the gradient's shape, not "
                f"{state[name]!r:.60}; nothing was changed"
            )
        slots[name] = Value(np.zeros_like(state[name]))
        born.append((slots, name))
    return [slots[name] for name in state]


def slots_of(optimiser: Any, state: Any) -> list[dict[str, Value]]:
    """Return what a state holds of each parameter of an optimiser.

    Raises:
        TypeError: it is no dict.
        ValueError: it is of other parameters, or of an optimiser that remembers something else.
    """
    kind, names = type(optimiser).__name__, optimiser.remembers
    refuse_no_dict(state)
    found: dict[str, set[str]] = {}  # the names in the state, by the place of a parameter
    for key in state.keys() - {"lr"}:
        place, _, name = key.partition(".")
        found.setdefault(place if name else "", set()).add(name or key)
    for held in found.values():
        refuse_names(kind, names, held)
    slots: list[dict[str, Value]] = [{} for _ in optimiser.parameters]
    for key, numbers in state.items():
        place, _, name = key.partition(".")
        if key == "lr" and np.shape(numbers) == ():
            continue
        known = place.isdecimal() and int(place) < len(slots)
        shapes = [(), optimiser.parameters[int(place)].shape] if known else []
        if names is None and known:  # a rule of one's own may remember, say, one number a row
            shapes.append(np.shape(numbers))
        if np.shape(numbers) not in shapes:
            raise ValueError(
                f"this state does not fit the {kind}: {key} has shape {np.shape(numbers)}; build "
                "it with the same parameters as when it was saved"
            )
        slots[int(place)][name] = Value(numbers)
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
