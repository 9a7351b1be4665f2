"""Subjects: things with derivatives to test, on their domains or on their samples."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any
from unittest import SkipTest

import numpy as np

from autograd.engine.trees import filled, leaves
from autograd.testing import strategies
from autograd.testing.checker import check_gradients
from autograd.testing.code import as_code
from autograd.testing.given import ALONE, indented
from autograd.testing.guesses import gives, refuses
from autograd.testing.problem import moves
from autograd.testing.search import search

DTYPES = tuple(map(np.dtype, ("float64", "float32", "float16", "complex128", "complex64")))

# (function, its arguments, a function from arguments to the code for check_gradients)
Sample = tuple[Callable[..., Any], tuple, Callable[[tuple], str]]


@dataclass
class Subject:
    """Something that has derivatives.

    Attributes:
        name: its name in messages.
        home: (module, attribute) to import it from, None if it is in no module.
        real_only: why it is not tested on complex numbers, "" if it is.
    """

    name: str
    home: tuple[str, str] | None
    real_only = ""

    def dtypes(self, order: int, among: Sequence[np.dtype] = DTYPES) -> list[np.dtype]:
        """Return the dtypes to test: float64, and others that it takes."""
        fit = [dtype for dtype in among if dtype.kind == "f" or not self.real_only]
        return [dtype for dtype in fit if dtype == DTYPES[0] or self.takes(dtype, order)]

    def takes(self, dtype: np.dtype, order: int) -> bool:
        """Whether it returns finite numbers of this kind, with derivatives up to `order`."""
        raise NotImplementedError

    def check(
        self, dtype: np.dtype, examples: int, options: dict[str, Any], end: float = inf
    ) -> int:
        """Check its derivatives in a dtype by `check_gradients` with these options.

        Args:
            examples: how many points to draw.
            end: the reading of `time.monotonic` after which no more points are checked.

        Returns:
            how many points were left out when the time was over.

        Raises:
            GradientError: a derivative is wrong.
        """
        raise NotImplementedError

    @property
    def import_name(self) -> str:
        """Its name once it is imported."""
        return self.home[1] if self.home else self.name

    def code(self, call: str, options: dict[str, Any]) -> list[str]:
        """Return the lines of a program that checks `call`, such as "cube, np.array(1.0)"."""
        used = [
            name
            for name in ("check_gradients", "functional")
            if f"{name}(" in f"check_gradients({call}"
        ]
        lines = ["import numpy as np", f"from autograd.testing import {', '.join(used)}"]
        lines += [f"from {self.home[0]} import {self.home[1]}"] if self.home else []
        chosen = [f"{name}={value!r}" for name, value in options.items()]
        return [*lines, f"check_gradients({', '.join([call, *chosen])})"]


@dataclass
class OnDomain(Subject):
    """A function that is tested at points drawn from a domain.

    Attributes:
        f: the function.
        domain: for each argument the interval of its entries.
        shape: the shape of all arguments; None for any shapes that broadcast together.
        wrt: which arguments have a derivative; None for all.
    """

    f: Callable[..., Any]
    domain: tuple[tuple[float, float], ...]
    shape: tuple[int, ...] | None = None
    wrt: list[int] | None = None

    def takes(self, dtype: np.dtype, order: int) -> bool:
        try:
            point = [np.array(amid(*ends), dtype) for ends in self.domain]
            self.points(dtype)
        except ValueError:  # no number of this dtype lies in the domain
            return False
        shape = (1,) if self.shape is None else self.shape
        if dtype.kind == "c":
            point = [x + x * dtype.type(1j) for x in point]
        return works(dtype, order, self.f, [np.full(shape, x) for x in point], self.wrt)

    def points(self, dtype: np.dtype) -> Any:
        """Return the strategy for points."""
        if self.shape is None:
            return strategies.arguments(*self.domain, dtype=dtype, max_dims=2)
        entries = [strategies.arrays(self.shape, dtype, ends) for ends in self.domain]
        return strategies.st.tuples(*entries)

    def check(
        self, dtype: np.dtype, examples: int, options: dict[str, Any], end: float = inf
    ) -> int:
        chosen = options if self.wrt is None else {"wrt": self.wrt} | options
        return search(
            lambda args: check_gradients(self.f, *args, **(ALONE | chosen)),
            self.points(dtype),
            lambda args: (
                "This is the smallest input found that fails. "
                + alone(self.code(f"{self.import_name}, {listed(args)}", chosen))
            ),
            examples=examples,
            seed=options["seed"],
            end=end,
        )


@dataclass
class OnSamples(Subject):
    """A subject that is tested on its samples.

    Attributes:
        samples: `rng -> [Sample, ...]`.
    """

    samples: Callable[[np.random.Generator], list[Sample]]

    def cases(self, dtype: np.dtype, seed: int) -> Iterator[Sample]:
        """Yield the samples in a dtype."""
        rng = np.random.default_rng(seed)
        for f, args, written in self.samples(rng):
            yield f, of_dtype(args, dtype, rng), written

    def takes(self, dtype: np.dtype, order: int) -> bool:
        try:
            return all(works(dtype, order, f, args) for f, args, _ in self.cases(dtype, 0))
        except Exception:  # the test in float64 will report it
            return False

    def check(
        self, dtype: np.dtype, examples: int, options: dict[str, Any], end: float = inf
    ) -> int:
        left_out = 0
        for i, (f, args, written) in enumerate(self.cases(dtype, options["seed"])):
            if i and time.monotonic() > end:
                left_out += 1
                continue
            try:
                check_gradients(f, *args, **options)
            except Exception as error:
                error.add_note(alone(self.code(written(args), options)))
                raise
        return left_out


@dataclass
class Untested(Subject):
    """A subject that cannot be tested.

    Attributes:
        reason: why, and what to write.
    """

    reason: str

    def dtypes(self, order: int, among: Sequence[np.dtype] = DTYPES) -> list[np.dtype]:
        return [DTYPES[0]]

    def check(
        self, dtype: np.dtype, examples: int, options: dict[str, Any], end: float = inf
    ) -> int:
        raise SkipTest(f"{self.name} is not tested: {self.reason}")


class Unusable(Untested):
    """A subject that cannot be tested because of a mistake in it."""

    def check(
        self, dtype: np.dtype, examples: int, options: dict[str, Any], end: float = inf
    ) -> int:
        raise AssertionError(f"{self.name} cannot be tested: {self.reason}")


def works(
    dtype: np.dtype, order: int, f: Callable[..., Any], args: Sequence[Any], wrt: Any = None
) -> bool:
    """Whether a function returns numbers of the dtype's kind, and complex ones have derivatives."""
    if not gives(dtype.kind, f, *args):
        return False
    refusal = TypeError, NotImplementedError
    return dtype.kind != "c" or not refuses(f, args, wrt, refusal, order)


def alone(program: list[str]) -> str:
    """Return the note under a failure that says how to repeat it."""
    return f"To check it alone:\n\n{indented(program)}"


def listed(args: tuple) -> str:
    """Return arguments as code for a call."""
    return ", ".join(map(as_code, args))


def amid(low: float, high: float) -> float:
    """Return a number between two ends, which may be infinite."""
    low, high = max(low, min(high, 1.0) - 1.0), min(high, max(low, 0.0) + 1.0)
    return (low + high) / 2


def of_dtype(tree: Any, dtype: np.dtype, rng: np.random.Generator) -> Any:
    """Return a tree with its floats in a dtype, and with imaginary parts if that is complex."""

    def cast(x: Any) -> Any:
        if not moves(x):
            return x
        x = np.asarray(x)
        if dtype.kind == "c" and x.dtype.kind != "c":
            x = x + 0.5j * rng.normal(size=x.shape)
        return x.astype(np.result_type(dtype, np.complex64) if x.dtype.kind == "c" else dtype)

    return filled(tree, (cast(x) for _, x in leaves(tree)))
