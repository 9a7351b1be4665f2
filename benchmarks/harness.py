"""Timing: rounds of ours and the peers' in turn, medians, ratios.

`import autograd` makes Python's garbage collector run less often (`engine/collector.py`).
The peers do without: their rounds run at the pace that Python starts with.
"""

from __future__ import annotations

import gc
import importlib
import importlib.metadata
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import autograd  # noqa: F401  sets its pace
from benchmarks import PYTHONS_PACE

OUR_PACE = gc.get_threshold()


@dataclass
class Row:
    """One line of the table: our figure, a peer's, and the bar their ratio should stay under."""

    what: str
    peer: str
    ours: float | None
    theirs: float | None
    bar: float
    unit: str = "µs"

    def cells(self) -> list[str]:
        """Return the line as text; a missing peer is missing, not beaten."""
        if self.ours is None or self.theirs is None:
            return [self.what, self.peer, "", "missing", "", f"{self.bar:.3g}", "peer missing"]
        ratio = self.ours / self.theirs
        verdict = "met" if ratio <= self.bar else "missed"
        figures = [f"{x:,.4g} {self.unit}".strip() for x in (self.ours, self.theirs)]
        return [self.what, self.peer, *figures, f"{ratio:.3g}", f"{self.bar:.3g}", verdict]


def compare(
    runs: dict[str, Callable[[], object] | None],
    rounds: int = 25,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, float]:
    """Return the median time of one call of each in µs, taking turns in rounds of 10 ms."""
    present = {name: run for name, run in runs.items() if run is not None}
    calls = {name: calls_per_round(run) for name, run in present.items()}
    times: dict[str, list[float]] = {name: [] for name in present}
    for _ in range(rounds):
        for name, run in present.items():
            gc.set_threshold(*(OUR_PACE if name.startswith("ours") else PYTHONS_PACE))
            times[name].append(timed(run, calls[name], clock) / calls[name] * 1e6)
    gc.set_threshold(*OUR_PACE)
    return {name: statistics.median(found) for name, found in times.items()}


def timed(
    run: Callable[[], object], calls: int, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Return the seconds that `calls` calls take."""
    gc.collect()  # what others left behind
    started = clock()
    for _ in range(calls):
        run()
    return clock() - started


def calls_per_round(run: Callable[[], object]) -> int:
    """Warm up, and return how many calls take 10 ms."""
    run()
    calls = 1
    while (seconds := timed(run, calls)) < 0.01:
        calls = max(2 * calls, int(calls * 0.01 / max(seconds, 1e-9)))
    return calls


def rows(
    what: str,
    runs: dict[str, Callable[[], object] | None],
    bars: dict[str, float],
    rounds: int = 25,
) -> list[Row]:
    """Time `runs`, of which "ours" is ours, and return a row for each peer."""
    found = compare(runs, rounds)
    return [Row(what, peer, found["ours"], found.get(peer), bar) for peer, bar in bars.items()]


def optional(name: str) -> ModuleType | None:
    """Import a peer, or return None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def hips(folder: str | None) -> ModuleType | None:
    """Import HIPS autograd, which shares our name, beside ours.

    It is looked for in `folder` (`pip install --target folder autograd`) or among the
    installed distributions.
    """
    if folder is None:
        try:
            folder = str(importlib.metadata.distribution("autograd").locate_file(""))
        except importlib.metadata.PackageNotFoundError:
            return None
    if not (Path(folder) / "autograd" / "tracer.py").exists():
        return None
    ours = {name: m for name, m in sys.modules.items() if name.split(".")[0] == "autograd"}
    for name in ours:
        del sys.modules[name]
    sys.path.insert(0, folder)
    try:
        peer = importlib.import_module("autograd")
        importlib.import_module("autograd.numpy")
        importlib.import_module("autograd.test_util")
        if optional("scipy"):
            importlib.import_module("autograd.scipy.special")
    finally:
        sys.path.remove(folder)
        for name in [name for name in sys.modules if name.split(".")[0] == "autograd"]:
            del sys.modules[name]
        sys.modules.update(ours)
    return peer
