"""compile: a function that is recorded once and then runs as a program of its own."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import update_wrapper
from itertools import repeat
from threading import RLock
from types import MethodType
from typing import Any

import numpy as np

from autograd.compiling.errors import NotHereError, TracingError
from autograd.compiling.forms import close, elsewhere, form_of_call
from autograd.compiling.node import Attribute
from autograd.compiling.program import Program, differences, program_of
from autograd.compiling.recording import is_number, record
from autograd.compiling.showing import Shown, shown
from autograd.compiling.steps import run_each
from autograd.compiling.surroundings import Surroundings
from autograd.compiling.variant import OTHER, Variant
from autograd.engine.modes import watching
from autograd.engine.tracing import tracer
from autograd.engine.trees import filled, leaves
from autograd.engine.value import Value, held, held_grad
from autograd.jax.names import jax_itself

MOST_VARIANTS = 16  # programs for one form of the arguments
MOST_FAILURES = 3  # points at which a function could not be recorded
OFTEN = 8  # forms of the arguments, or recordings, after which a warning is due
TARGETS = ("auto", "numpy", "jax")


def compile(f: Callable[..., Any] | None = None, *, target: str = "auto") -> Any:
    """Return `f` as a function that is recorded once, and then runs as a program of its own.

    It is recorded for each combination of shapes and dtypes of the numbers and arrays among its
    arguments, and of the values of all other arguments, such as ints and strings. What it reads
    from outside, such as parameters, the learning rate of an optimiser and gradients, is read anew
    at each call, and written back. All else is a constant; if a global, an attribute or a captured
    array changes, the function is recorded again.

    Args:
        f: computes numbers from numbers with NumPy's functions and ours; it may take gradients,
            call `backward()` and let an optimiser step.
        target: "numpy" for a program in Python and NumPy, "jax" for one of JAX's, on its devices,
            which needs `pip install chainrule[jax]`; "auto" is "numpy".

    Returns:
        a function of the same arguments with the same results. Its `show()` says what it became.

    Raises:
        TypeError: `f` is no function.
        ValueError: there is no such target.
        ImportError: it is JAX, which is not installed.
        TracingError: (when called) `f` does what one recording cannot repeat, such as an `if` on
            a number that it computes.

    Example:
        >>> import autograd
        >>> @autograd.compile
        ... def f(x):
        ...     return x * x + 1.0
        >>> f(2.0), f(3.0)
        (5.0, 10.0)
    """
    if target not in TARGETS:
        raise ValueError(f"target should be one of {', '.join(TARGETS)}, not {target!r}")
    if f is None:
        return lambda f: compile(f, target=target)
    if not callable(f):
        raise TypeError(f"compile takes a function, not {f!r:.60}; write compile(f)(x)")
    if target == "jax":
        jax_itself()
    return f if isinstance(f, Compiled) else Compiled(f, target)


class Compiled:
    """What `compile` returns."""

    __name__: str

    def __init__(self, f: Callable[..., Any], target: str = "auto") -> None:
        update_wrapper(self, f)
        self.f, self.target = f, target
        self.variants: dict[Any, list[Variant]] = {}
        self.failures: dict[Any, list[str]] = {}
        self.given_up: dict[Any, str] = {}
        self.recorded = 0
        self.lock = RLock()

    def __get__(self, owner: Any, kind: Any = None) -> Any:
        return self if owner is None else MethodType(self, owner)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if tracer() is not None or watching():
            return self.f(*args, **kwargs)
        found = form_of_call(args, kwargs)
        if found is None:
            return self.f(*args, **kwargs)
        key, numbers = found
        for variant in self.variants.get(key, ()):
            if variant.surroundings.changed():
                continue
            computed = variant.compute(numbers)
            if computed is OTHER:
                continue
            variant.runs += 1
            if variant.runs == 2:
                return self.compared(variant, key, computed, args, kwargs)
            return variant.finish(*computed)
        return self.anew(key, numbers, args, kwargs)

    def each(self, *columns: Any, done: Callable[[int], object] = lambda steps: None) -> None:
        """Call the function for each row of some arrays, in one loop where that is possible.

        Args:
            columns: arrays of equal length, one for each argument; rows of one number are given as
                floats.
            done: called now and then with the number of steps made since the last time.

        Raises:
            ValueError: there are no columns, or they differ in length.
        """
        columns = tuple([np.asarray(column) for column in columns])
        if not columns or len({len(column) for column in columns}) != 1:
            lengths = [len(column) for column in columns]
            raise ValueError(f"each takes arrays of equal length, not of lengths {lengths}")
        run_each(self, self.settled, list(columns), done)

    def show(self) -> Shown:
        """Return what the function became: code, what it reads, writes and holds, and graphs.

        The result is a text; its `graphs` hold the graph as recorded and after each pass, as
        Values for `autograd.draw`.
        """
        variants = [v for several in self.variants.values() for v in several]
        name = getattr(self.f, "__name__", "the function")
        return shown(name, variants, list(dict.fromkeys(self.given_up.values())))

    def settled(self, *args: Any) -> Variant | None:
        """Return the program for a call, if it has stood the comparison with the function."""
        found = form_of_call(args, {})
        variants = () if found is None else self.variants.get(found[0], ())
        return next((v for v in variants if v.runs >= 2 and not v.surroundings.changed()), None)

    def anew(self, key: Any, numbers: list[Any], args: tuple, kwargs: dict[str, Any]) -> Any:
        """Record the function for this call, and run it; or run it op by op if it cannot be."""
        with self.lock:
            if key not in self.given_up:
                try:
                    variant = self.variant(key, args, kwargs)
                    computed = variant.compute(numbers)
                    if computed is not OTHER and self.as_recorded(variant, key, computed):
                        variant.runs += 1
                        return self.compared(variant, key, computed, args, kwargs)
                except NotHereError as error:
                    self.failed(key, str(error))
                except TracingError:
                    raise
                except Exception as error:  # if it is the program's own, it comes again
                    result = self.f(*args, **kwargs)
                    self.failed(key, f"{type(error).__name__}: {error}")
                    return result
        return self.f(*args, **kwargs)

    def variant(self, key: Any, args: tuple, kwargs: dict[str, Any]) -> Variant:
        """Record the function once more, and note the program."""
        name = getattr(self.f, "__name__", "the function")
        program, attributes = recorded(self.f, args, kwargs)
        static = [x for _, x in leaves((args, kwargs)) if not is_number(x)]
        surroundings = Surroundings([self.f, *static], attributes)
        self.compare_elsewhere(program, name, args, kwargs)
        if changed := surroundings.changed():
            raise TracingError(
                f"return what {name} computes instead of changing {changed}: a compiled function "
                "would change it while it is recorded, and not when it is called"
            )
        variant = Variant(program, surroundings, self.target)
        others = [v for v in self.variants.get(key, ()) if not v.surroundings.changed()]
        self.variants[key] = [variant, *others]
        self.recorded += 1
        if len(others) >= MOST_VARIANTS:
            self.give_up(key, "it takes other turns each time")
        if self.recorded == OFTEN:
            warnings.warn(
                f"{name} was recorded {OFTEN} times: give arguments of few shapes, floats instead "
                "of ints, and as arguments what changes outside",
                stacklevel=4,
            )
        if self.recorded > 8 * OFTEN:
            self.give_up(key, "it is recorded again and again")
        return variant

    def compare_elsewhere(
        self, program: Program, name: str, args: tuple, kwargs: dict[str, Any]
    ) -> None:
        """Record the function at another point, and refuse constants that differ there."""
        given = iter([elsewhere(x) if is_number(x) else x for _, x in leaves((args, kwargs))])
        other_args, other_kwargs = filled((args, kwargs), given)
        try:
            other, _ = recorded(self.f, other_args, other_kwargs)
        except TracingError:
            raise
        except Exception:
            return  # the other point is none of this function's
        if list(map(str, other.expected)) != list(map(str, program.expected)):
            return
        if found := differences(program, other):
            raise TracingError(
                f"give {name} as an argument whatever else changes from call to call, such as "
                f"random numbers, a counter or the time: recorded twice, {found}"
            )

    def as_recorded(self, variant: Variant, key: Any, computed: Any) -> bool:
        """Whether the program gives what its recording gave at the same point."""
        results, updates = computed
        program = variant.recorded
        mine = [x.sample for x in (*program.results, *program.new) if x is not None]
        theirs = [*results, *(new for _, _, new in updates if new is not None)]
        same = all(map(close, mine, theirs, repeat(variant.scale)))
        if not same:
            self.give_up(key, "the program gave other numbers than its recording")
        return same

    def compared(
        self, variant: Variant, key: Any, computed: Any, args: tuple, kwargs: dict[str, Any]
    ) -> Any:
        """Run the function itself, once more, and hold the program against it."""
        results, updates = computed
        result = self.f(*args, **kwargs)
        mine = [x for _, x in leaves(result) if isinstance(x, Value) or is_number(x)]
        mine = [held(x.current()) if isinstance(x, Value) else x for x in mine]
        theirs = list(results)
        if len(mine) != len(theirs):
            theirs = mine
        for value, slot, new in updates:
            mine.append(held(value.current()) if slot == "data" else held_grad(value))
            theirs.append(new)
        if not all(map(close, mine, theirs, repeat(variant.scale))):
            self.give_up(key, "the program gave other numbers than the function")
            return result
        return variant.finish(results, [])  # the function has made the updates

    def failed(self, key: Any, why: str) -> None:
        """Note that a call could not be recorded."""
        reasons = self.failures.setdefault(key, [])
        reasons.append(why)
        if len(reasons) >= MOST_FAILURES:
            self.give_up(key, why)

    def give_up(self, key: Any, why: str) -> None:
        """Run the function itself from now on, for arguments of this form."""
        if key not in self.given_up:
            name = getattr(self.f, "__name__", "the function")
            warnings.warn(f"{name} runs op by op, not compiled: {why}", stacklevel=5)
        self.given_up[key] = why
        self.variants.pop(key, None)


def recorded(
    f: Callable[..., Any], args: tuple, kwargs: dict[str, Any]
) -> tuple[Program, list[Attribute]]:
    """Return the program of a call, and the attributes that it reads anew."""
    recording, result = record(f, args, kwargs)
    return program_of(recording, result), [a for a, _ in recording.attributes.values()]
