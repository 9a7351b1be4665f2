"""Several runs of a function side by side: what they share, and sizes that grow with the input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.graphs.tape import ResultOf, Tape, at


@dataclass(frozen=True)
class Size:
    """A whole number that grows with a size of the input: slope · size + offset."""

    slope: int
    offset: int = 0


@dataclass(frozen=True)
class Filled:
    """An array whose shape grows with a size of the input, and whose numbers repeat along it.

    Attributes:
        numbers: the array, with length 1 along the axes that grow.
        shape: its shape.
    """

    numbers: np.ndarray
    shape: tuple[Any, ...]


@dataclass
class Operation:
    """What several runs did in the same way: an op, or a leaf.

    Attributes:
        op, args, params: as in an `Entry`, with what is the same in all runs.
        shape: that of the result, with a Size where it grows.
        follows, serial, line, data: those of the first run.
    """

    op: Any
    args: tuple
    params: dict[str, Any]
    shape: tuple[Any, ...]
    follows: bool
    serial: int
    line: str
    data: Any

    @property
    def dtype(self) -> np.dtype:
        """The dtype of the result."""
        return np.asarray(self.data).dtype


class Differ(Exception):
    """Two runs differ.

    Attributes:
        run: the number of the first run that differs from run 0.
        what: in what.
    """

    def __init__(self, run: int, what: str) -> None:
        super().__init__(what)
        self.run, self.what = run, what


class Alignment:
    """Runs side by side.

    Args:
        tapes: one of each run.
        sizes: the size of the input that is free, in each run.
        why: for each run, what it means when it differs from the first.
    """

    def __init__(self, tapes: Sequence[Tape], sizes: Sequence[int], why: Sequence[str]) -> None:
        self.tapes, self.sizes, self.why = tapes, sizes, why

    def steps(self) -> list[Operation]:
        """Return what all runs did.

        Raises:
            ValueError: they did not do the same.
        """
        found = []
        for each in zip(*[tape.entries for tape in self.tapes], strict=False):
            first = each[0]
            line = at(first.line)
            if any(entry.op is not first.op for entry in each):
                run = next(i for i, entry in enumerate(each) if entry.op is not first.op)
                raise self.differs(Differ(run, f"another op than {name_of(first)}{line} runs"))
            try:
                args = self.merged([entry.args for entry in each])
                params = self.merged([entry.params for entry in each])
                shape = self.merged([np.shape(entry.data) for entry in each])
            except Differ as error:
                what = f"{error.what} that {name_of(first)} takes{line}"
                raise self.differs(Differ(error.run, what)) from None
            about = (first.follows, first.serial, first.line, first.data)
            found.append(Operation(first.op, args, params, shape, *about))
        lengths = [len(tape.entries) for tape in self.tapes]
        if len(set(lengths)) > 1:
            run = next(i for i, n in enumerate(lengths) if n != lengths[0])
            raise self.differs(Differ(run, f"{lengths[run]} ops run instead of {lengths[0]}"))
        return found

    def results(self, outputs: Sequence[tuple[ResultOf, ...]]) -> tuple[ResultOf, ...]:
        """Return the places of the outputs; raise if they are not the same in all runs."""
        try:
            return self.merged(outputs)
        except Differ as error:
            raise self.differs(Differ(error.run, "another result is returned")) from None

    def differs(self, error: Differ) -> ValueError:
        """Return the error for runs that differ."""
        reads = f"; numbers were taken out of Values at {self.reads()}" if self.reads() else ""
        return ValueError(f"{self.why[error.run]}: {error.what}{reads}")

    def reads(self) -> str:
        """Return the lines where numbers were taken out of Values, "" for none."""
        return " and ".join(dict.fromkeys(line for tape in self.tapes for line in tape.reads))

    def merged(self, each: Sequence[Any]) -> Any:
        """Return what the same thing is in all runs.

        Raises:
            Differ: there is no such thing.
        """
        first = each[0]
        if any(type(x) is not type(first) for x in each):
            run = next(i for i, x in enumerate(each) if type(x) is not type(first))
            raise Differ(run, f"{described(first)} or {described(each[run])}")
        if isinstance(first, (tuple, list)) and not isinstance(first, ResultOf):
            self.same([len(x) for x in each], f"a {type(first).__name__}")
            return tuple(map(self.merged, zip(*each, strict=True)))
        if isinstance(first, dict):
            return {key: self.merged([x[key] for x in each]) for key in first}
        if isinstance(first, slice):
            return slice(*self.merged([(x.start, x.stop, x.step) for x in each]))
        if isinstance(first, np.ndarray):
            return self.array(each)
        if type(first) is int or isinstance(first, np.integer):
            return self.size([int(x) for x in each])
        return self.same(each, described(first))

    def same(self, each: Sequence[Any], what: str) -> Any:
        """Return the first of several things that are all the same."""
        for run, x in enumerate(each):
            if not (x is each[0] or x == each[0] or (x != x and each[0] != each[0])):
                raise Differ(run, what)
        return each[0]

    def size(self, each: Sequence[int]) -> int | Size:
        """Return a whole number; one that grows with the input as a Size."""
        if len(set(each)) == 1:
            return each[0]
        last = next(i for i, x in enumerate(each) if x != each[0])
        growth = self.sizes[last] - self.sizes[0]
        if growth:
            slope = (each[last] - each[0]) // growth
            offset = each[0] - slope * self.sizes[0]
            wrong = [i for i, n in enumerate(self.sizes) if slope * n + offset != each[i]]
            if not wrong:
                return Size(slope, offset)
            last = wrong[0]
        raise Differ(last, f"the number {each[0]} or {each[last]}")

    def array(self, each: Sequence[np.ndarray]) -> Any:
        """Return an array; one that grows with the input as Filled, or as a tuple of sizes."""
        first = each[0]
        what = f"an array of shape {first.shape}"
        for run, x in enumerate(each):
            if self.sizes[run] == self.sizes[0] and not alike(x, first):
                raise Differ(run, what)
        self.same([x.dtype for x in each], what)
        self.same([x.ndim for x in each], what)
        shape = self.merged([x.shape for x in each])
        grows = tuple(isinstance(n, Size) for n in shape)
        cuts = [x[tuple(slice(0, 1 if g else None) for g in grows)] for x in each]
        if any(grows) and any(np.any(x != cut) for x, cut in zip(each, cuts, strict=True)):
            run = next(i for i, n in enumerate(self.sizes) if n != self.sizes[0])
            raise Differ(run, what)
        for run, cut in enumerate(cuts):
            if not alike(cut, cuts[0]):
                if first.ndim == 1 and first.dtype.kind in "iu" and not any(grows):
                    return tuple(self.size(column) for column in zip(*each, strict=True))
                raise Differ(run, what)
        return Filled(cuts[0], shape) if any(grows) else first


def alike(x: np.ndarray, y: np.ndarray) -> bool:
    """Whether two arrays hold the same numbers."""
    return np.array_equal(x, y, equal_nan=x.dtype.kind in "fc" and y.dtype.kind in "fc")


def name_of(step: Any) -> str:
    """Return the name of an op, or what a leaf is called."""
    return step.op.name if step.op is not None else "an input"


def described(x: Any) -> str:
    """Return what an argument is, in a few words."""
    if isinstance(x, ResultOf):
        return "a result"
    return f"{x!r:.40}" if np.isscalar(x) or x is None else f"a {type(x).__name__}"
