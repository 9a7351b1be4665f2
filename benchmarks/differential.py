"""Random programs on NumPy's arrays and on Values at once: nothing may differ after any line.

    python -m benchmarks.differential [--programs N] [--first SEED] [--lines N]

prints each kind of difference with its shortest program. An error where NumPy has a result is
allowed, and counted; another result is not.
"""

from __future__ import annotations

import argparse
import warnings
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

import autograd.numpy
from autograd import Value
from autograd.composed.layout import in_memory
from benchmarks.harness import Row
from benchmarks.programs import Writer


def _made(a: Any) -> Any:
    x = np.array(a, order="K")
    return x if x.ndim else x[()]


def _assigned(v: Any, a: Any) -> None:
    if v.shape != a.shape:
        raise ValueError("new data must have the shape of the old")
    v[...] = a


def _replaced(v: Value, a: Any) -> None:
    v.data = a


NUMPY = {"np": np, "V": _made, "data": lambda v: v[...], "set_data": _assigned}
OURS = {"np": autograd.numpy, "V": Value, "data": lambda v: v.data, "set_data": _replaced}


@dataclass
class Difference:
    """What differs after a line: a variable, in which way, and what each side has."""

    line: str
    kind: str
    theirs: Any = None
    ours: Any = None


def run(line: str, names: dict[str, Any]) -> Exception | None:
    """Execute a line; return the error that it raises."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            exec(compile(line, "program", "exec"), names)
    except Exception as error:
        return error
    return None


def arrays(names: dict[str, Any]) -> dict[str, np.ndarray]:
    """Return the variables of a program, with NumPy's scalars as arrays."""
    found = {n: x for n, x in names.items() if n[0] in "va" and n[1:].isdigit()}
    return {n: in_memory(x) for n, x in found.items()}


def differing(line: str, theirs: dict[str, np.ndarray], ours: dict[str, np.ndarray]) -> Any:
    """Return the first difference between the variables of the two sides."""
    for name, x in theirs.items():
        y = ours[name]
        for kind, a, b in (("dtype", x.dtype, y.dtype), ("shape", x.shape, y.shape)):
            if a != b:
                return Difference(line, f"{kind} of {name}", a, b)
        if x.tobytes() != y.tobytes() and not np.array_equal(x, y, equal_nan=True):
            near = x.dtype.kind in "fc" and np.allclose(x, y, 1e-5, 1e-5, equal_nan=True)
            return Difference(line, f"{'rounding' if near else 'numbers'} of {name}", x, y)
        if layout(x) != layout(y):
            return Difference(line, f"layout of {name}", x.strides, y.strides)
    return None


def layout(x: np.ndarray) -> list[int]:
    """Return the strides that matter."""
    return [s for s, n in zip(x.strides, x.shape, strict=True) if n > 1] if x.size else []


def settle(theirs: dict[str, Any], ours: dict[str, Any]) -> None:
    """Make NumPy's 0-d arrays scalars where ours are, and let what is empty be written to."""
    for name, x in theirs.items():
        if type(x) is np.ndarray and not x.ndim:
            y = ours[name]
            is_array = y.is_view() if isinstance(y, Value) else isinstance(y, np.ndarray)
            theirs[name] = x if is_array else x[()]
        elif type(x) is np.ndarray and not x.size:
            theirs[name] = np.lib.stride_tricks.as_strided(np.empty(0, x.dtype), x.shape, x.strides)


class Trial:
    """A program on both sides, line by line.

    Args:
        refusals: counts the lines that only Values refuse.
    """

    def __init__(self, refusals: Counter[str] | None = None) -> None:
        self.refusals = refusals
        self.theirs, self.ours = dict(NUMPY), dict(OURS)
        self.accepted: list[str] = []

    def step(self, line: str) -> Difference | None:
        """Run a line on both sides and compare all variables."""
        if error := run(line, self.ours):
            if self.refusals is not None:
                alone = dict(NUMPY)
                if not any(run(earlier, alone) for earlier in [*self.accepted, line]):
                    self.refusals[f"{line.partition(' = ')[2] or line}: {error}"[:150]] += 1
        else:
            if error := run(line, self.theirs):
                return Difference(line, f"NumPy raises {type(error).__name__}", str(error))
            self.accepted.append(line)
            settle(self.theirs, self.ours)
        return differing(line, arrays(self.theirs), arrays(self.ours))


def first_difference(lines: list[str]) -> Difference | None:
    """Return the first difference in a program."""
    trial = Trial()
    return next((found for line in lines if (found := trial.step(line))), None)


def written(seed: int, length: int, refusals: Counter[str]) -> tuple[list[str], Difference | None]:
    """Write and run a program until something differs."""
    writer, trial, lines = Writer(seed), Trial(refusals), []
    for line in writer.program(length):
        lines.append(line)
        if found := trial.step(line):
            return lines, found
        writer.arrays = arrays(trial.theirs)
    return lines, None


def shrunk(lines: list[str], kind: str) -> list[str]:
    """Return the program without the lines that its difference does not need."""
    for i in range(len(lines) - 2, -1, -1):
        fewer = lines[:i] + lines[i + 1 :]
        found = first_difference(fewer)
        if found and found.line == lines[-1] and found.kind == kind:
            lines = fewer
    return lines


def differences(programs: int, first: int = 0, length: int = 10) -> tuple[list, Counter[str]]:
    """Run programs; return the short form of each that differs, and what only Values refuse."""
    found, refusals = [], Counter[str]()
    for seed in range(first, first + programs):
        lines, difference = written(seed, length, refusals)
        if difference:
            lines = shrunk(lines, difference.kind)
            found.append((seed, lines, first_difference(lines)))
    return found, refusals


def differential(hips_folder: str | None) -> list[Row]:
    """20,000 programs: how many differ."""
    found, _ = differences(20_000)
    return [Row("20,000 random programs, differences", "NumPy", len(found), 1.0, 0.0, "")]


def main() -> None:
    """Print every kind of difference with a program, and the commonest refusals."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.differential")
    parser.add_argument("--programs", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--lines", type=int, default=10, help="lines of each program")
    options = parser.parse_args()
    found, refusals = differences(options.programs, options.first, options.lines)
    for seed, lines, difference in sorted(found, key=lambda item: len(item[1])):
        print(f"\n# seed {seed}: {difference.kind}", *lines, sep="\n")
        print(f"#   NumPy {difference.theirs!s}\n#   ours  {difference.ours!s}")
    print(f"\n{len(found)} of {options.programs} programs differ")
    print(f"{refusals.total()} lines refused; the commonest:")
    for line, count in refusals.most_common(40):
        print(f"{count:6} {line}")


if __name__ == "__main__":
    main()
