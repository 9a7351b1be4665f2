"""Judge checkers: `python -m benchmarks.verdicts [--list] [--hips DIR] [--only WORD]`."""

from __future__ import annotations

import argparse
import time
from importlib import import_module

from benchmarks.harness import hips, optional
from benchmarks.planted import RIGHT, WRONG
from benchmarks.planted.hips import HIPS
from benchmarks.planted.library import Library, Ours, OursExtended

Verdicts = dict[tuple[str, str], bool | None]  # whether a checker is right about (kind, case)


def verdicts(lib: Library, only: str = "", slow: float = 1.0) -> tuple[Verdicts, Verdicts]:
    """Return for each wrong case and for each right one whether the checker says so.

    None where it cannot be asked.  What takes longer than `slow` seconds is printed.
    """
    both: list[Verdicts] = []
    for kinds, truth in ((WRONG, False), (RIGHT, True)):
        found: Verdicts = {}
        for kind, cases in kinds.items():
            for case in cases(lib):
                if only in f"{kind}: {case.name}":
                    started = time.perf_counter()
                    accepted = lib.accepts(case)
                    if (took := time.perf_counter() - started) > slow:
                        print(f"  {lib.name}: {case.name} takes {took:.1f} s", flush=True)
                    found[kind, case.name] = None if accepted is None else accepted is truth
        both.append(found)
    return both[0], both[1]


def libraries(hips_folder: str | None) -> list[Library]:
    """Return ours and the peers that are installed."""
    found: list[Library] = [Ours(), OursExtended()]
    if optional("torch"):
        found.append(import_module("benchmarks.planted.pytorch").Torch())
    if package := hips(hips_folder):
        found.append(HIPS(package))
    return found


def counted(found: Verdicts, right: bool) -> str:
    """Return "n of m", those that are judged as `right` says."""
    asked = [verdict for verdict in found.values() if verdict is not None]
    return f"{asked.count(right)} of {len(asked)}"


def main() -> None:
    """Print the table, and with --list every case that a checker gets wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verdicts", description=__doc__)
    parser.add_argument(
        "--hips", metavar="DIR", help="where pip install --target put HIPS autograd"
    )
    parser.add_argument("--list", action="store_true", help="name the cases")
    parser.add_argument("--only", default="", help="cases with this in their kind or name")
    parser.add_argument("--checker", default="", help="checkers with this in their name")
    options = parser.parse_args()
    lines = []
    for lib in libraries(options.hips):
        if options.checker not in lib.name:
            continue
        wrong, right = verdicts(lib, options.only)
        lines.append(f"| {lib.name} | {counted(wrong, True)} | {counted(right, False)} |")
        if options.list:
            for word, found in (("missed", wrong), ("false alarm", right)):
                for (kind, name), verdict in found.items():
                    if verdict is False:
                        print(f"{lib.name}: {word}: {kind}: {name}")
                    elif verdict is None:
                        print(f"{lib.name}: not asked: {kind}: {name}")
    print("| checker | wrong ones caught | false alarms |", "|---|---|---|", *lines, sep="\n")


if __name__ == "__main__":
    main()
