"""Large graphs and start-up, each in a fresh process."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys

from benchmarks.harness import Row

CHAIN = """
import time
from autograd import Value

def pages():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

def run(n):
    x = y = Value(1.0)
    start, before = pages(), time.perf_counter()
    for _ in range(n):
        y = y + 1.0
    middle = time.perf_counter()
    y.backward()
    after = time.perf_counter()
    return (middle - before) / n, (after - middle) / n, (pages() - start) / n

short = [run(1000) for _ in range(50)]
forward, backward, _ = [sorted(column)[25] for column in zip(*short)]
print(forward, backward, *run(1_000_000))
"""

IMPORT = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"


def output(code: str) -> list[float]:
    """Return the numbers that a fresh Python prints, with bytecode kept as for installed code."""
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
    return [float(x) for x in done.stdout.split()]


def chain(hips_folder: str | None) -> list[Row]:
    """1,000,000 scalar adds: bytes a node, and time a node against a chain of 1,000."""
    runs = [output(CHAIN) for _ in range(3)]
    forward, backward, long_forward, long_backward, size = map(
        statistics.median, zip(*runs, strict=True)
    )
    what = "chain of 1,000,000 adds, "
    return [
        Row(what + "bytes a node", "bar of 350 bytes", size, 350.0, 1.0, "B"),
        Row(what + "forward, a node", "at 1,000", long_forward * 1e9, forward * 1e9, 2.0, "ns"),
        Row(what + "backward, a node", "at 1,000", long_backward * 1e9, backward * 1e9, 2.0, "ns"),
    ]


def imports(hips_folder: str | None) -> list[Row]:
    """`import autograd`, also with `nn`, against `import numpy`."""
    names = "autograd", "autograd, nn", "numpy"
    rounds = [[output(IMPORT.format(name))[0] for name in names] for _ in range(15)]
    ours, both, numpy = (statistics.median(side) * 1e3 for side in zip(*rounds, strict=True))
    return [
        Row("import autograd", "import numpy", ours, numpy, 1.5, "ms"),
        Row("import autograd, nn", "import numpy", both, numpy, 1.6, "ms"),
    ]
