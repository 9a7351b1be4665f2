"""Runs: find stretches in a list of steps where the same looks come again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

PERIOD = 200  # the longest part to look for, in steps
TIMES = 3  # how often it must occur


@dataclass(frozen=True)
class Step:
    """What a run is found by.

    Attributes:
        look: what the step itself looks like.
        sources: what its sources look like.
        inside: how many modules the step and the one before it are both in.
        module: the module whose parameters were used last on the way to it, "" for none.
        needed: the number of the last step that takes it, -1 for none.
    """

    look: Hashable
    sources: Hashable
    inside: int
    module: str
    needed: int = -1


@dataclass(frozen=True)
class Run:
    """A part of `period` steps that occurs `times` times in a row from step `start` on."""

    start: int
    period: int
    times: int

    @property
    def end(self) -> int:
        """The first step after it."""
        return self.start + self.period * self.times


def runs(steps: Sequence[Step]) -> list[Run]:
    """Return the runs of a list of steps, which may overlap, those of the most steps first.

    Example:
        >>> runs([Step(look, "", 0, "") for look in "xabababy"])
        [Run(start=1, period=2, times=3)]
    """
    ids = numbered((step.look, step.sources) for step in steps)
    looks = numbered(step.look for step in steps)
    found = []
    for period in range(1, min(PERIOD, len(steps) // TIMES) + 1):
        same = np.concatenate([[0], ids[:-period] == ids[period:], [0]]).astype(np.int8)
        edges = np.flatnonzero(np.diff(same)).reshape(-1, 2)
        for begin, end in edges[np.diff(edges)[:, 0] >= period].tolist():
            start = with_first_turn(looks, begin, period)
            run = in_whole_turns(steps, start, end + period, period)
            if run.times >= TIMES:
                found.append(run)
    return sorted(found, key=lambda run: ((1 - run.times) * run.period, run.period))


def numbered(things: Iterator[Hashable]) -> np.ndarray:
    """Return a number for each thing, the same for equal ones."""
    known: dict[Hashable, int] = {}
    return np.array([known.setdefault(thing, len(known)) for thing in things])


def with_first_turn(looks: np.ndarray, start: int, period: int) -> int:
    """Return where a run begins if the first turn may take something else than the others."""
    first = max(start - period, 0)
    other = np.flatnonzero(looks[first:start] != looks[first + period : start + period])
    return first + int(other[-1]) + 1 if len(other) else first


def in_whole_turns(steps: Sequence[Step], start: int, end: int, period: int) -> Run:
    """Return a stretch as whole turns.

    As many as there can be; if they can begin at several steps, rather between modules than inside
    one, then where little is handed on from turn to turn, then such that most of a turn belongs to
    one module, then early.
    """
    spare = (end - start) % period

    def badness(begin: int) -> tuple[int, int, int, int]:
        turn = steps[begin : begin + period] if spare else ()
        handed_on = sum(step.needed >= begin + period for step in turn)
        together = sum(largest_part([step.module for step in turn]))
        return steps[begin].inside, handed_on, -together, begin

    begin = min(range(start, start + spare + 1), key=badness)
    return Run(begin, period, (end - begin) // period)


def largest_part(paths: list[str]) -> Iterator[int]:
    """Yield for each depth of modules how many paths begin with the same ones at most.

    Example:
        >>> list(largest_part(["0.norm", "1.norm", "1.linear", "1.linear"]))
        [3, 2]
    """
    parts = [path.split(".") for path in paths]
    for depth in range(1, 1 + max(map(len, parts), default=0)):
        yield max(Counter(tuple(part[:depth]) for part in parts).values())
