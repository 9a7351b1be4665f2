"""Random programs of views, changes in place, ufunc methods and reads, as lines of text.

A program runs on NumPy's arrays and on Values alike: `V(a)` makes either from an array, `data(v)`
is the array that may be written to, and `set_data(v, a)` replaces the numbers. Each line is chosen
by what the variables hold on NumPy's side when it is reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import numpy as np

from benchmarks import changes, lines

SHAPES = [(3,), (4,), (2, 3), (3, 3), (3, 2), (1, 3), (2, 2, 3), (1,), (2, 1), (0,), (0, 2), (1, 1)]
KINDS = {
    5: [lines.index_view, changes.write],
    3: [lines.shape_view, lines.axis_view, lines.read],
    2: [lines.ufunc_method, lines.matrix_view, changes.alias, changes.of_one_number],
    1: [changes.into],
}
Arrays = dict[str, Any]


class Writer:
    """Writes the lines of one program.

    Args:
        seed: programs of the same seed are the same.
    """

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.arrays: Arrays = {}
        self.leaves: set[str] = set()
        self.count = 0
        self.kinds = [(kind, weight) for weight, kinds in KINDS.items() for kind in kinds]

    def program(self, length: int) -> Iterator[str]:
        """Yield the lines; after each, `self.arrays` must hold what NumPy has then."""
        for _ in range(self.random.choice([1, 1, 2])):
            self.leaves.add(new := self.new())
            yield f"{new} = V({self.literal()})"
        if self.random.random() < 0.4:
            yield f"a0 = {self.literal()}"
        for _ in range(length):
            kinds, weights = zip(*self.kinds, strict=True)
            line = self.random.choices(kinds, weights)[0](self)
            if line:
                yield line
        for i, name in enumerate(sorted(self.arrays)):  # who shares memory with whom?
            yield f"{name}[...] = {i % 2 if self.arrays[name].dtype == bool else 20 + i}"

    # -- parts of lines ------------------------------------------------------------------

    def one_of(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def new(self) -> str:
        self.count += 1
        return f"v{self.count}"

    def name(self, accept: Callable[[np.ndarray], bool] = lambda x: True) -> str | None:
        """Return a variable that holds what is asked for, more often a later one."""
        names = [n for n, x in self.arrays.items() if n != "a0" and accept(x)]
        return names[-1 - int(len(names) * self.random.random() ** 1.5)] if names else None

    def literal(self) -> str:
        r, shape = self.random, self.one_of(*SHAPES)
        dtype = self.one_of(*lines.DTYPES)
        n = int(np.prod(shape))
        numbers = [r.randint(-12, 12) / 4 for _ in range(n)]
        if dtype[:7] == "complex":
            numbers = [complex(x, r.randint(-3, 3)) for x in numbers]
        order = self.one_of("C", "C", "F") if len(shape) > 1 else "C"
        text = f"np.reshape({numbers}, {shape})"
        return f"np.array({text}, {dtype!r}, order={order!r})"

    def index(self, shape: tuple[int, ...]) -> str:
        """Return an index of an array of this shape, of any kind that NumPy has."""
        r = self.random
        if r.random() < 0.08:
            mask = [r.random() < 0.5 for _ in range(int(np.prod(shape)))]
            return f"np.reshape(np.array({mask}, bool), {shape})"
        parts = [self.part(n) for n in shape[: r.randint(min(1, len(shape)), len(shape))]]
        if r.random() < 0.15:
            parts.insert(r.randint(0, len(parts)), self.one_of("None", "..."))
        return ", ".join(parts) or "..."

    def part(self, n: int) -> str:
        r = self.random
        kinds = ["slice"] * 6 + ["int"] * 2 * (n > 0) + ["list"] * (n > 0) + ["mask"]
        kind = r.choice(kinds)
        if kind == "int":
            return str(r.randint(-n, n - 1))
        if kind == "list":
            return str([r.randint(-n, n - 1) for _ in range(r.randint(1, 3))])
        if kind == "mask":
            return str([r.random() < 0.6 for _ in range(n)]) if n else ":"
        return self.one_of(":", "1:", ":2", "::2", "::-1", ":1", "-2:", "1:1", "::-2")

    def axis(self, ndim: int) -> int:
        return self.random.randint(-ndim, ndim - 1) if ndim else 0

    def number(self) -> str:
        return str(self.one_of(2, 3.0, 0.5, -1.0, 7, 0.25))

    def operand(self) -> str:
        """Return something to compute with or to write: a number, a variable, a part of one."""
        name = self.name()
        if name is None or self.random.random() < 0.35:
            return self.number()
        kind = self.random.random()
        if kind < 0.5 or not self.arrays[name].ndim:
            return name
        if kind < 0.7:
            return f"{name}[{self.index(self.arrays[name].shape)}]"
        return f"{name} {self.one_of('+', '*', '-')} {self.number()}"

    def shape_of_size(self, size: int) -> str:
        shapes = [f"({size},)", "(-1,)", f"(1, {size})", f"({size}, 1)"]
        shapes += [f"({n}, {size // n})" for n in (2, 3) if size % n == 0]
        return self.one_of(*shapes) if size else "(0, 3)"
