"""Runs: find repeated parts in a list of ops by comparing their signatures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

PERIOD = 200  # the longest repeated part to look for, in ops
TIMES = 3  # how often it must occur
SAVED = 6  # how many ops folding it must save
NOWHERE = 1000  # a level deeper than any module


class Signature(NamedTuple):
    """What two steps must have in common for one to repeat the other.

    Attributes:
        what: op, shape and modules.
        begins: the level of the outermost module that begins with it.
        sources: each as ("step", how many steps back) or its kind and shape.
        name: the name of the step; that of an output is unique.
        names: the names of its sources, "" for steps.
    """

    what: tuple
    begins: int
    sources: tuple
    name: str
    names: tuple

    def may_begin(self, second: Signature) -> bool:
        """Whether it may belong to the first turn, which takes its inputs from outside."""
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
        """Whether it may belong to the last turn, whose Values may have names or be outputs."""
        return (self.what, self.begins, self.sources) == (
            before.what,
            before.begins,
            before.sources,
        )


@dataclass
class Run:
    """A part of `period` steps that occurs `times` times in a row from step `start` on.

    `chained` tells whether each part uses the one before; otherwise they stand side by side.
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
    """Return the repeats that save the most steps, without overlaps."""
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
    """Return the repeats of a period in a stretch, extended by a first and a last turn if possible.

    They begin where a module begins, the outermost if there are several.
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
    """Return for each step the steps that use it."""
    users: list[set[int]] = [set() for _ in signatures]
    for i, look in enumerate(signatures):
        for kind, at in look.sources:
            if kind in ("step", "far"):
                users[i - at if kind == "step" else at].add(i)
    return users


def used_alike(users: list[set[int]], run: Run) -> bool:
    """Whether later steps use all parts alike; in a chain, the last part may have more users."""
    end = run.start + run.period * run.times
    *others, last = (
        [{user for user in users[i] if user >= end} for i in range(start, start + run.period)]
        for start in run.starts()
    )
    first = others[0]
    return all(part == first for part in others) and all(
        a <= b if run.chained else a == b for a, b in zip(first, last, strict=True)
    )
