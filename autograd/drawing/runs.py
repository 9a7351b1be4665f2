"""Runs: where in a list of ops a part is there again and again, by how they look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

PERIOD = 200  # the longest repeated part that is looked for, in ops
TIMES = 3  # that it must be there
SAVED = 6  # ops that folding it must save
NOWHERE = 1000  # deeper than modules are


class Signature(NamedTuple):
    """What a step must have in common with another to be its repetition.

    Attributes:
        what: op, shape and modules.
        begins: the level of the outermost module that begins with it.
        sources: each as ("step", how many steps back) or its kind and shape.
        name: its own; that of what was asked for is like no other.
        names: of its sources, "" for steps.
    """

    what: tuple
    begins: int
    sources: tuple
    name: str
    names: tuple

    def may_begin(self, second: Signature) -> bool:
        """Whether it may be of the first turn: the numbers that it took come from elsewhere."""
        own = zip(self.sources, self.names, strict=True)
        theirs = zip(second.sources, second.names, strict=True)
        return (
            (self.what, self.name) == (second.what, second.name)
            and len(self.sources) == len(second.sources)
            and all(
                a == b or (b[0][0] == "step" and a[0][0] in ("step", "far", "input", "constant"))
                for a, b in zip(own, theirs, strict=True)
            )
        )

    def may_end(self, before: Signature) -> bool:
        """Whether it may be of the last turn, whose Values have names or are asked for."""
        return (self.what, self.begins, self.sources) == (
            before.what,
            before.begins,
            before.sources,
        )


@dataclass
class Run:
    """Steps from `start` on that are the same `times` times over, `period` steps each.

    `chained` tells whether each part uses the one before; else they stand side by side.
    """

    start: int
    period: int
    times: int
    chained: bool = True

    def starts(self) -> range:
        """The first step of each part."""
        return range(self.start, self.start + self.period * self.times, self.period)

    @property
    def saved(self) -> int:
        """How many steps need not be drawn."""
        return (self.times - 1) * self.period


def runs(signatures: list[Signature]) -> list[Run]:
    """Return the repeats that save most, without overlaps."""
    known: dict[Signature, int] = {}
    ids = np.array([known.setdefault(x, len(known)) for x in signatures])
    found = []
    for period in range(1, min(PERIOD, len(signatures) // TIMES) + 1):
        same = np.concatenate([[0], ids[:-period] == ids[period:], [0]]).astype(np.int8)
        edges = np.flatnonzero(np.diff(same)).reshape(-1, 2)
        for start, end in edges[np.diff(edges)[:, 0] >= period].tolist():
            run = whole_turns(signatures, start, end + period, period)
            if run.times >= TIMES and run.saved >= SAVED:
                found.append(run)
    users = users_of(signatures)
    taken = np.zeros(len(signatures), bool)
    chosen = []
    for run in sorted(found, key=lambda run: (-run.saved, run.period)):
        place = slice(run.start, run.start + run.period * run.times)
        if not taken[place].any() and used_alike(users, run):
            taken[place] = True
            chosen.append(run)
    return chosen


def whole_turns(signatures: list[Signature], start: int, end: int, period: int) -> Run:
    """Return the repeats of a period in a stretch, which may be longer by a first and a last turn.

    They begin where a module does, an outer one if there are several.
    """
    for _ in range(period):
        if not start or not signatures[start - 1].may_begin(signatures[start - 1 + period]):
            break
        start -= 1
    for _ in range(period):
        if end == len(signatures) or not signatures[end].may_end(signatures[end - period]):
            break
        end += 1
    first = min(range(start, start + period), key=lambda i: signatures[i].begins)
    run = Run(first, period, (end - first) // period)
    run.chained = chained(signatures, run)
    return run


def chained(signatures: list[Signature], run: Run) -> bool:
    """Whether each part uses the one before."""
    second = run.start + run.period
    return any(
        source[0] == "step" and i - source[1] < second
        for i in range(second, second + run.period)
        for source in signatures[i].sources
    )


def users_of(signatures: list[Signature]) -> list[set[int]]:
    """Return for each step those that use it."""
    users: list[set[int]] = [set() for _ in signatures]
    for i, look in enumerate(signatures):
        for kind, at in look.sources:
            if kind in ("step", "far"):
                users[i - at if kind == "step" else at].add(i)
    return users


def used_alike(users: list[set[int]], run: Run) -> bool:
    """Whether what follows uses all parts in the same way, or of a chain the last one more."""
    end = run.start + run.period * run.times
    *others, last = (
        [{user for user in users[i] if user >= end} for i in range(start, start + run.period)]
        for start in run.starts()
    )
    first = others[0]
    return all(part == first for part in others) and all(
        a <= b if run.chained else a == b for a, b in zip(first, last, strict=True)
    )
