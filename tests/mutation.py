"""Plant faults in the rules of ops: the checker must catch each.

    python -m tests.mutation             all ops
    python -m tests.mutation tanh sum    some

A mutant is an op one of whose rules gives a wrong gradient.  It goes through `check_gradients` at
the points of `points.py`, as every op does.  A mutant with the same first and second derivatives as
the op itself at all these points is no fault: the zeroed gradient of a step, say, or a symmetric
one transposed.  The table counts it as equivalent.
"""

import importlib
import pkgutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any
from unittest import mock

import numpy as np

from autograd import Value
from autograd.engine.arrays import fit
from autograd.engine.each import Each
from autograd.engine.primitive import PRIMITIVES, Primitive
from autograd.testing import GradientError, check_gradients
from tests.ops.points import Point, derivatives, points


def transposed(gx: Any) -> Any:
    """Return the last two axes of a gradient exchanged, a vector backwards."""
    turned = gx[::-1] if np.ndim(gx) == 1 else np.swapaxes(gx, -1, -2) if np.ndim(gx) else gx
    return np.reshape(turned, np.shape(gx))


def first(gx: Any, x: Any) -> Any:
    """Return the first entry along each axis that was broadcast, where the sum belongs."""
    lead = max(np.ndim(gx) - np.ndim(x), 0)
    short = [slice(0, 1) if n == 1 else slice(None) for n in np.shape(x)]
    return gx[(0,) * lead + tuple(short)] if np.ndim(gx) == lead + len(short) else gx


CHANGES: dict[str, Callable[[Any], Any]] = {  # of a gradient of its argument's shape
    "negated": lambda gx: -gx,
    "scaled by 1.03": lambda gx: 1.03 * gx,
    "zeroed": lambda gx: 0.0 * gx,
    "shifted by 0.03": lambda gx: gx + 0.03,
    "rolled": lambda gx: np.roll(gx, 1, axis=-1) if np.ndim(gx) else gx,
    "transposed": transposed,
}
FIRST, UNSUMMED = "first of a broadcast", "broadcast not summed"
NO_X, NO_G = "forgets that its arguments move", "forgets that the gradient moves"
KINDS = (*CHANGES, FIRST, UNSUMMED, NO_X, NO_G)


@dataclass
class Mutant:
    """A fault of some kind in the i-th rule of an op; without `i` it is in `add_into`."""

    op: Primitive
    i: int | None
    kind: str

    def __str__(self) -> str:
        place = "add_into" if self.i is None else f"argument {self.i}"
        return f"{self.op.name}, {place}: {self.kind}"

    def faulty(self, rule: Callable, g: Any, y: Any, *args: Any, **params: Any) -> Any:
        """Return what the rule gives with the fault in it."""
        if self.kind == NO_X:
            return rule(g, raw(y), *map(raw, args), **params)
        if self.kind == NO_G:
            return rule(raw(g), y, *args, **params)
        gx = rule(g, y, *args, **params)
        if gx is None or self.kind == UNSUMMED:
            return gx
        x = raw(args[self.i])
        return first(gx, x) if self.kind == FIRST else CHANGES[self.kind](fit(gx, x))

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Have the fault in the op."""
        if self.i is None:
            add, change = self.op.add_into, CHANGES[self.kind]
            with mock.patch.object(
                self.op, "add_into", lambda total, g, *rest, **p: add(total, change(g), *rest, **p)
            ):
                yield
        elif self.kind == UNSUMMED:
            with (
                mock.patch("autograd.engine.backward.fit", unsummed),
                mock.patch("autograd.engine.fast_backward.fit", unsummed),
            ):
                yield
        else:
            with replaced(self.op, self.wrap):
                yield

    def wrap(self, i: int, rule: Callable) -> Callable:
        """Return the i-th rule, with the fault if it is there."""
        return rule if i != self.i else lambda *args, **params: self.faulty(rule, *args, **params)

    def caught(self, places: list[Point]) -> bool:
        """Whether the checker finds the fault at one of these points; whose it is, we know."""
        with self.planted(), mock.patch("autograd.testing.blame.blame", lambda *about: ""):
            try:
                for f, args in places:
                    check_gradients(f, *args)
            except GradientError:
                return True
        return False

    def equivalent(self, places: list[Point], expected: list[list[Any]]) -> bool:
        """Whether the derivatives are what they are without the fault."""
        with self.planted(), np.errstate(all="ignore"):
            try:
                return all(
                    same(a, b)
                    for (f, args), right in zip(places, expected, strict=True)
                    for a, b in zip(derivatives(f, args), right, strict=True)
                )
            except (TypeError, ValueError, GradientError):
                return False

    def verdict(self, places: list[Point], expected: list[list[Any]]) -> str:
        """Return "equivalent", "caught" or "survived"."""
        if self.equivalent(places, expected):
            return "equivalent"
        return "caught" if self.caught(places) else "survived"


def raw(x: Any) -> Any:
    return x.data if isinstance(x, Value) else x


def unsummed(g: Any, x: Any) -> Any:
    """Return `g` as `fit` does, but with the axes that were broadcast left as they are."""
    shape = np.broadcast_shapes(np.shape(g), np.shape(x))
    return fit(g, x if shape == np.shape(x) else np.broadcast_to(x, shape))


def same(a: Any, b: Any) -> bool:
    """Whether numbers are equal but for rounding."""
    size = np.max(np.abs(b), initial=0.0, where=np.isfinite(b))
    return np.shape(a) == np.shape(b) and np.allclose(a, b, 1e-12, 1e-13 * size, equal_nan=True)


@contextmanager
def replaced(op: Primitive, wrap: Callable[[int, Callable], Callable]) -> Iterator[None]:
    """Have each rule of an op replaced by what `wrap(i, rule)` makes of it."""
    if isinstance(op.vjps, Each):
        one = op.vjps.one
        rules: Any = Each(
            lambda places, *args, **params: [
                wrap(i, partial(one, i))(*args, **params) for i in places
            ]
        )
    else:
        rules = tuple([wrap(i, rule) for i, rule in enumerate(op.vjps)])
    with mock.patch.object(op, "vjps", rules):
        yield


def places_of(op: Primitive) -> list[Point]:
    """Return the points at which an op's mutants are looked for."""
    return [*points(op), *points(op, np.complex128)]


@contextmanager
def noted(op: Primitive) -> Iterator[set[int]]:
    """Note which rules of an op give a gradient."""
    ran: set[int] = set()

    def note(i: int, rule: Callable) -> Callable:
        def noting(*args: Any, **params: Any) -> Any:
            gx = rule(*args, **params)
            ran.update([] if gx is None else [i])
            return gx

        return noting

    with replaced(op, note):
        yield ran


def mutants(op: Primitive, places: list[Point]) -> Iterator[Mutant]:
    """Yield every mutant of an op."""
    with noted(op) as ran, np.errstate(all="ignore"):
        for f, args in places:
            derivatives(f, args)
    for i in sorted(ran):
        yield from (Mutant(op, i, kind) for kind in KINDS if kind != UNSUMMED)
    yield Mutant(op, min(ran), UNSUMMED)
    if op.add_into is not None:
        yield from (Mutant(op, None, kind) for kind in ("negated", "scaled by 1.03", "zeroed"))


def verdicts(op: Primitive, some: slice = slice(None)) -> Iterator[tuple[Mutant, str]]:
    """Yield every mutant of an op, or some of them, with its verdict."""
    places = places_of(op)
    with np.errstate(all="ignore"):
        expected = [derivatives(f, args) for f, args in places]
    for mutant in list(mutants(op, places))[some]:
        yield mutant, mutant.verdict(places, expected)


def load_all() -> None:
    """Import every room of the package, so that all tables are filled."""
    package = importlib.import_module("autograd")
    for module in pkgutil.walk_packages(package.__path__, "autograd."):
        try:
            importlib.import_module(module.name)
        except ImportError as error:
            print(f"without {module.name}: {error}")


def table(counts: Counter[tuple[str, str]]) -> str:
    """Return how many mutants of each kind were caught, were equivalent and survived."""
    lines = ["| fault | mutants | caught | equivalent | survived |", "|---|---|---|---|---|"]
    for kind in [*KINDS, "all"]:
        found = [
            sum(n for (k, v), n in counts.items() if v == verdict and kind in (k, "all"))
            for verdict in ("caught", "equivalent", "survived")
        ]
        lines.append(f"| {' | '.join(map(str, [kind, sum(found), *found]))} |")
    return "\n".join(lines)


def tally(name: str) -> list[tuple[str, str, str]]:
    """Return (kind, verdict, which) of every mutant of an op."""
    return [(m.kind, verdict, str(m)) for m, verdict in verdicts(PRIMITIVES[name])]


def main(names: list[str]) -> int:
    """Print the table, and every mutant that survived; return how many did."""
    load_all()
    if names:
        found = list(chain.from_iterable(map(tally, names)))
    else:
        every = [op.name for op in PRIMITIVES.values() if op.vjps]
        with ProcessPoolExecutor(initializer=load_all) as pool:
            found = list(chain.from_iterable(pool.map(tally, every)))
    survivors = [mutant for _, verdict, mutant in found if verdict == "survived"]
    print(table(Counter((kind, verdict) for kind, verdict, _ in found)))
    print("\n".join(f"survived: {mutant}" for mutant in survivors))
    return len(survivors)


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
