"""Plant faults in the rules of ops and see whether the tests notice.

    python tests/mutation.py             all ops
    python tests/mutation.py tanh sum    some

A mutant is a rule whose gradient is changed: negated, scaled, zeroed, shifted, rolled, transposed,
or cut from what a second derivative needs.  The gradient checks of `test_primitives.py` must fail
for each.  A mutant that changes nothing (zero negated) is no fault and is not counted.
"""

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from finite_differences import check, check_twice, learnable
from test_primitives import draw_arguments

from autograd import Value
from autograd.arrays import fit
from autograd.primitive import PRIMITIVES, Each, Primitive

CHANGES: dict[str, Callable[[Any], Any]] = {
    "negated": lambda gx: -gx,
    "scaled": lambda gx: 1.03 * gx,
    "zeroed": lambda gx: 0.0 * gx,
    "shifted": lambda gx: gx + 0.03,
    "rolled": lambda gx: np.roll(gx, 1, axis=-1) if np.ndim(gx) else gx,
    "transposed": lambda gx: (
        np.swapaxes(gx, -1, -2) if np.ndim(gx) > 1 and gx.shape[-1] == gx.shape[-2] else gx
    ),
}
COMPLEX = (
    "real",
    "imag",
    "conjugate",
    "angle",
    "absolute",
    "sign",
)  # what they do shows there only
CUTS = ("forgets its arguments", "forgets the gradient")


def arguments(op: Primitive, rng: np.random.Generator) -> Iterator[tuple[tuple, dict[str, Any]]]:
    """Yield (args, params) to check an op on."""
    if not op.elementwise:
        yield from op.samples(rng)
        return
    for shapes in ([(2, 3), (3,), ()], [(), (1, 3), (2, 3)], [(3,), (2, 1), (3,)], [(), (), ()]):
        yield tuple(draw_arguments(op, rng, shapes[: len(op.domain)])), {}
    if op.name in COMPLEX:
        yield (rng.uniform(0.4, 1.2, 3) + 1j * rng.uniform(0.2, 0.8, 3),), {}


def run_checks(op: Primitive) -> None:
    """Check gradients and second derivatives of an op: what the suite does, in small."""
    rng = np.random.default_rng(0)
    for args, params in arguments(op, rng):

        def f(*xs: Any, params: dict[str, Any] = params) -> Any:
            return op(*xs, **params)

        check(f, args, rng)
        check_twice(f, args, rng)


@contextmanager
def planted(op: Primitive, wrap: Callable[[int, Callable], Callable]) -> Iterator[None]:
    """Have each rule of an op replaced by what `wrap(i, rule)` makes of it."""
    rules = op.vjps
    if isinstance(rules, Each):
        each = rules.rule
        op.vjps = Each(
            lambda i, *args, **params: wrap(i, lambda *a, **p: each(i, *a, **p))(*args, **params)
        )
    else:
        op.vjps = tuple(wrap(i, rule) for i, rule in enumerate(rules))
    try:
        yield
    finally:
        op.vjps = rules


def raw(x: Any) -> Any:
    return x.data if isinstance(x, Value) else x


class Mutant:
    """One fault in the i-th rule of an op; knows whether it ever changed a gradient."""

    def __init__(self, op: Primitive, i: int, fault: str) -> None:
        self.op, self.i, self.fault = op, i, fault
        self.changed = False

    def wrap(self, i: int, rule: Callable) -> Callable:
        """Return the rule with the fault in it, if it is the i-th."""
        return rule if i != self.i else lambda *args, **params: self.faulty(rule, *args, **params)

    def faulty(self, rule: Callable, g: Any, y: Any, *args: Any, **params: Any) -> Any:
        gx = rule(g, y, *args, **params)
        if gx is None:
            return None
        if self.fault in CHANGES:
            gx = fit(gx, raw(args[self.i]))
            wrong = CHANGES[self.fault](gx) if gx is not None else None
            self.changed |= not np.array_equal(raw(wrong), raw(gx), equal_nan=True)
            return wrong
        if self.fault == "forgets the gradient":
            if isinstance(g, Value):
                self.changed |= bool(np.any(raw(gx) != 0))
            return rule(raw(g), y, *args, **params)
        if isinstance(g, Value):
            self.changed |= depends(rule, self.op, raw(g), map(raw, args), params)
            return rule(g, raw(y), *map(raw, args), **params)
        return gx

    def caught(self) -> bool:
        """Whether the checks fail with the fault in place."""
        with planted(self.op, self.wrap), np.errstate(all="ignore"):
            try:
                run_checks(self.op)
            except Exception:
                return True
        return False


def depends(rule: Callable, op: Primitive, g: Any, args: Any, params: dict[str, Any]) -> bool:
    """Whether what a rule gives depends on the arguments, and not on the gradient alone."""
    rng, args = np.random.default_rng(0), list(args)
    moved = [x + 1e-7 * rng.normal(size=np.shape(x)) if learnable(x) else x for x in args]
    moved = [float(m) if type(x) is float else m for m, x in zip(moved, args, strict=True)]
    here, there = (rule(g, op.forward(*xs, **params), *xs, **params) for xs in (args, moved))
    return not np.array_equal(here, there)


def rules_of(op: Primitive) -> list[int]:
    """Return which arguments an op has a rule for that its checks differentiate."""
    count = sys.maxsize if isinstance(op.vjps, Each) else len(op.vjps)
    found = set()
    for args, _ in arguments(op, np.random.default_rng(0)):
        found |= {i for i, x in enumerate(args) if learnable(x) and i < count}
    return sorted(found)


def mutants(op: Primitive) -> Iterator[Mutant]:
    """Yield every mutant of an op's rules."""
    return (Mutant(op, i, fault) for i in rules_of(op) for fault in (*CHANGES, *CUTS))


def add_into_is_noticed(op: Primitive) -> bool:
    """Whether the checks fail when `add_into` adds something wrong."""
    right = op.add_into
    for change in (lambda g: -g, lambda g: 1.03 * g, lambda g: 0.0 * g):
        op.add_into = lambda total, g, *args, change=change: right(total, change(g), *args)
        try:
            run_checks(op)
            return False
        except AssertionError:
            continue
        finally:
            op.add_into = right
    return True


def load_all() -> None:
    """Import every room of the package, so that all tables are filled."""
    package = importlib.import_module("autograd")
    for module in pkgutil.walk_packages(package.__path__, "autograd."):
        try:
            importlib.import_module(module.name)
        except ImportError as error:
            print(f"without {module.name}: {error}")


def main(names: list[str]) -> int:
    """Print a table of ops, the mutants of each and those that survived; return how many did."""
    load_all()
    sampled = [op for op in PRIMITIVES.values() if op.vjps and (op.elementwise or op.samples)]
    ops = [op for op in sampled if op.name in names or not names]
    survivors = 0
    for op in ops:
        results = [(mutant, mutant.caught()) for mutant in mutants(op)]
        caught = sum(found for _, found in results)
        alive = [f"rule {m.i} {m.fault}" for m, found in results if m.changed and not found]
        if op.add_into is not None and not add_into_is_noticed(op):
            alive.append("add_into")
        survivors += len(alive) or not results
        remarks = alive if results else ["no sample"]
        print(f"{op.name:18} {caught:3} caught  {'; '.join(remarks)}".rstrip())
    print(f"{survivors} survived" if survivors else "all were caught")
    return survivors


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
