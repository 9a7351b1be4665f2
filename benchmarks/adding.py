"""The adding neuron's training, compiled, against plain C and against a script for Node.

The script is the one that the environment variable ADDING_NEURON_JS names; gcc compiles the C.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import numpy as np

import autograd
import nn
from benchmarks.harness import Row, compare

EXAMPLE = Path(__file__).parents[1] / "examples" / "adding_neuron.py"
C = """
void epoch(const double *rows, const double *sums, long n, double rate, double *weights) {
    double a = weights[0], b = weights[1];
    for (long i = 0; i < n; i++) {
        double x = rows[2 * i], y = rows[2 * i + 1];
        double slope = 2 * (a * x + b * y - sums[i]);
        a -= rate * (slope * x - a);
        b -= rate * (slope * y - b);
    }
    weights[0] = a;
    weights[1] = b;
}
"""
RATE = 1 / 200_000


def step() -> Callable[[Any, float], None]:
    """Return the step of the example, of a new neuron."""
    neuron = nn.Neuron(2, bias=False, init=[0.5, 1.5])
    optimiser = nn.SGD(neuron.parameters(), lr=RATE, weight_decay=-1.0)

    def run(row: Any, total: float) -> None:
        optimiser.zero_grad()
        nn.squared_error(neuron(row), total).backward()
        optimiser.step()

    return run


def data() -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of an epoch, and their sums."""
    rows = np.random.default_rng(0).random((500_000, 2)) * 100
    return rows, rows.sum(axis=1)


def loop(*targets: str) -> dict[str, float]:
    """Return the median times of an epoch in µs."""
    rows, sums = data()
    runs: dict[str, Callable[[], object] | None] = {
        f"ours, {target}": partial(autograd.compile(step(), target=target).each, rows, sums)
        for target in targets
    }
    with TemporaryDirectory() as folder:
        runs["C"] = in_c(folder, rows, sums)
        return compare(runs, rounds=7, clock=process_time)


def in_c(folder: str, rows: np.ndarray, sums: np.ndarray) -> Callable[[], object] | None:
    """Return an epoch in C, None where gcc is missing."""
    if shutil.which("gcc") is None:
        return None
    source, library = Path(folder, "adding.c"), Path(folder, "adding.so")
    source.write_text(C)
    command = ["gcc", "-O2", "-ffp-contract=off", "-shared", "-fPIC", "-o", library, source]
    subprocess.run(command, check=True)
    epoch = ctypes.CDLL(str(library)).epoch
    epoch.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_long, ctypes.c_double] + [
        ctypes.c_void_p
    ]
    weights = np.array([0.5, 1.5])
    given = rows.ctypes.data, sums.ctypes.data, len(rows), RATE, weights.ctypes.data
    return lambda: epoch(*given)


def first_epoch(target: str) -> float:
    """Return the seconds until the first rows are done, recording and compiling included."""
    rows, sums = (x[:100] for x in data())
    run = step()
    started = process_time()
    autograd.compile(run, target=target).each(rows, sums)
    return process_time() - started


def whole(rounds: str) -> dict[str, float]:
    """Return the median CPU times of the whole programs in s, from start to end."""
    script = os.environ.get("ADDING_NEURON_JS", "")
    without = "import runpy, sys; sys.modules['llvmlite'] = None; "
    without += f"runpy.run_path({str(EXAMPLE)!r}, run_name='__main__')"
    commands = {
        "llvm": [sys.executable, str(EXAMPLE)],
        "numpy": [sys.executable, "-c", without],
    }
    if script and shutil.which("node"):
        commands["Node"] = ["node", script]
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(int(rounds)):
        for name, command in commands.items():
            quiet = subprocess.DEVNULL
            here = os.environ | {"PYTHONPATH": str(EXAMPLE.parents[1])}
            with subprocess.Popen(command, stdout=quiet, stderr=quiet, env=here) as child:
                _, status, used = os.wait4(child.pid, 0)
                child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode:
                raise RuntimeError(f"{' '.join(command)} ended with {child.returncode}")
            times[name].append(used.ru_utime + used.ru_stime)
    return {name: statistics.median(found) for name, found in times.items()}


def rows(targets: list[str], apart: Callable[..., Any]) -> Iterator[Row]:
    """Yield the rows, for each target.

    Args:
        targets: those of our own that are here.
        apart: runs a function of this project's benchmarks in a process of its own.
    """
    found = apart("loop", *targets)
    for target in targets:
        bar = {"llvm": 1.1, "numpy": 30.0}[target]
        what = f"adding neuron, an epoch: {target}"
        yield Row(what, "C, gcc -O2", found[f"ours, {target}"], found.get("C"), bar)
    for target in targets:
        bar = {"llvm": 0.1, "numpy": 0.05}[target]
        what = f"adding neuron, its first 100 rows: {target}"
        yield Row(what, f"bar of {bar} s", apart("first_epoch", target), bar, 1.0, "s")
    used = apart("whole", "5")
    for target in targets:
        what = f"adding neuron, the whole program: {target}"
        bar = {"llvm": 0.6, "numpy": 2.0}[target]
        yield Row(what, "Node", used[target], used.get("Node"), bar, "s")
