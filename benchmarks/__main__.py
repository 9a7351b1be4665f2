"""Run the benchmarks: `python -m benchmarks [names] [--hips DIR] [--save]`."""

from __future__ import annotations

import argparse
import importlib.metadata
import platform
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks import (
    checking,
    compiled,
    derivatives,
    differential,
    graphs,
    hostile,
    interrupts,
    linear,
    memory,
    networks,
    scale,
    seeing,
    training,
)
from benchmarks.harness import Row

ALL: dict[str, Callable[[str | None], Iterable[Row]]] = {
    "chain": scale.chain,  # first: it measures fresh memory
    "import": scale.imports,
    "scalar": graphs.scalar,
    "array8": graphs.array8,
    "adding_neuron": training.adding_neuron,
    "moons": training.moons,
    "mlp": training.mlp,
    "networks": networks.networks,
    "compiled": compiled.compiled,
    "grad": derivatives.gradients,
    "hessian": derivatives.hessians,
    "check": checking.checks,
    "differential": differential.differential,
    "debug": seeing.debugging,
    "monitor": seeing.watching,
    "draw": seeing.drawing,
    "linear": linear.linear,
    "memory": memory.peaks,
    "interrupts": interrupts.interrupts,
    "hostile": hostile.expressions,
}
HEAD = ["what", "against", "ours", "theirs", "ratio", "bar", ""]


def main() -> None:
    """Print the table, and with --save write it to docs/benchmarks.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*ALL, []], help="all if none is given")
    parser.add_argument(
        "--hips", metavar="DIR", help="where pip install --target put HIPS autograd"
    )
    parser.add_argument("--save", action="store_true", help="write docs/benchmarks.md")
    options = parser.parse_args()
    lines = ["| " + " | ".join(HEAD) + " |", "|---" * len(HEAD) + "|"]
    print(*lines, sep="\n", flush=True)
    for name in options.names or ALL:
        for row in ALL[name](options.hips):
            lines.append("| " + " | ".join(row.cells()) + " |")
            print(lines[-1], flush=True)
    if options.save:
        page = Path(__file__).parents[1] / "docs" / "benchmarks.md"
        page.write_text(PAGE.format(machine=machine(), table="\n".join(lines)))


def machine() -> str:
    """Return the versions and the processor."""
    names = "numpy", "torch", "micrograd", "autograd"
    found = []
    for name in names:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    info = Path("/proc/cpuinfo")
    models = info.read_text().split("model name\t: ")[1:] if info.exists() else []
    processor = models[0].splitlines()[0] if models else platform.processor()
    return f"Python {platform.python_version()}, {', '.join(found)}; {len(models)} × {processor}"


PAGE = """# Benchmarks

`python -m benchmarks --save` makes this page, with the peers that `pip install -e '.[peers]'`
installs. Each figure is the median over rounds in which ours and the peers take turns, all in one
run and with one thread each. The ratio is ours divided by theirs, so smaller is better. The bar is
the ratio we want to stay under; a missed bar is shown as missed. Each library takes the code that
it has for the processor: OPENBLAS_CORETYPE, which would hold NumPy's products of matrices to that
of an older one, does not count.

{machine}

{table}
"""

if __name__ == "__main__":
    main()
