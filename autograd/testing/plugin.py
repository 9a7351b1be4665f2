"""What `pytest --gradients PACKAGE` runs: a test for each op of a package."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from itertools import product
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograd.primitive import PRIMITIVES, Primitive

MODES = ("reverse", "forward")
DTYPES = ("float64", "float32")


def tests_of(package: str, session: pytest.Session) -> Iterator[pytest.Item]:
    """Yield a test for each op of a package, by mode, order and dtype.

    Raises:
        pytest.UsageError: there is no such package, or no op in it.
    """
    orders = range(1, session.config.getoption("gradients_order") + 1)
    for op in ops_of(package):
        for mode, order, dtype in product(MODES, orders, DTYPES):
            name = f"{package}::{op.name}[{mode}-order{order}-{dtype}]"
            yield OpItem.from_parent(
                session, name=name, op=op, mode=mode, order=order, dtype=np.dtype(dtype)
            )


class OpItem(pytest.Item):
    """The test of one op in one mode, up to one order, in one dtype."""

    def __init__(self, *, op: Primitive, mode: str, order: int, dtype: np.dtype, **rest: Any):
        super().__init__(**rest)
        self.op, self.dtype = op, dtype
        self.options = {
            "modes": (mode,),
            "order": order,
            "seed": self.config.getoption("gradients_seed"),
        }

    def runtest(self) -> None:
        if self.op.elementwise:
            self.check_domain()
        elif self.op.samples:
            self.check_samples(self.op.samples)
        else:
            pytest.skip(f"{self.op.name} has neither a domain nor samples to be tested on")

    def check_domain(self) -> None:
        """Check an elementwise op at points drawn from its domain."""
        from autograd.testing import check_gradients, strategies
        from autograd.testing.code import as_code
        from autograd.testing.given import search

        search(
            lambda args: check_gradients(self.op, *args, **self.options),
            strategies.arguments(*self.op.domain, dtype=self.dtype),
            lambda args: f"check_gradients({self.op.name}, {', '.join(map(as_code, args))})",
            examples=self.config.getoption("gradients_examples"),
            seed=self.options["seed"],
        )

    def check_samples(self, samples: Callable[..., list[tuple[tuple, dict]]]) -> None:
        """Check any other op on its samples."""
        from autograd.testing import check_gradients

        for args, params in samples(np.random.default_rng(self.options["seed"])):
            places = [i for i, x in enumerate(args) if np.asarray(x).dtype.kind in "fc"]
            check_gradients(
                partial(at_places, self.op, args, places, params),
                *[of_width(args[i], self.dtype) for i in places],
                **self.options,
            )

    def repr_failure(self, excinfo: pytest.ExceptionInfo, style: Any = None) -> Any:
        """Return the checker's own message, without the way there."""
        if not isinstance(excinfo.value, AssertionError):
            return super().repr_failure(excinfo, style)
        return "\n".join([str(excinfo.value), *getattr(excinfo.value, "__notes__", [])])

    def reportinfo(self) -> tuple[Any, None, str]:
        return self.path, None, self.name


def at_places(op: Primitive, args: tuple, places: list[int], params: dict, *xs: Any) -> Any:
    """Return the op of `args` with other numbers in some places."""
    full = list(args)
    for place, x in zip(places, xs, strict=True):
        full[place] = x
    return op(*full, **params)


def of_width(x: Any, dtype: np.dtype) -> Any:
    """Return the same numbers, real or complex, in the precision of a dtype."""
    x = np.asarray(x)
    return x.astype(np.result_type(dtype, np.complex64) if x.dtype.kind == "c" else dtype)


def ops_of(package: str) -> list[Primitive]:
    """Return the ops that stand in the modules of a package, in order of name."""
    by_call = {id(op.call): op for op in PRIMITIVES.values()}
    before = set(PRIMITIVES)
    found: dict[str, Primitive] = {}
    for module in modules(package):
        by_call |= {id(op.call): op for op in PRIMITIVES.values()}
        for thing in vars(module).values():
            op = thing if isinstance(thing, Primitive) else by_call.get(id(thing))
            if op is not None and (op.vjps or op.samples):
                found[op.name] = op
    found |= {name: PRIMITIVES[name] for name in PRIMITIVES.keys() - before}
    if not found:
        raise pytest.UsageError(f"--gradients {package}: no module of it holds a Primitive")
    return [found[name] for name in sorted(found)]


def modules(package: str) -> Iterator[ModuleType]:
    """Import and yield a package and every module in it."""
    try:
        top = import_module(package)
    except ModuleNotFoundError as error:
        raise pytest.UsageError(f"--gradients {package}: {error}") from None
    yield top
    for info in walk_packages(getattr(top, "__path__", []), f"{package}."):
        if not info.name.endswith("__main__"):
            yield sys.modules.get(info.name) or import_module(info.name)
