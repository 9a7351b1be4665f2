"""compile: a function that is recorded once and then runs as a program of its own."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import update_wrapper
from itertools import chain, repeat
from threading import RLock
from typing import Any

from autograd.compiling.as_function import AsFunction
from autograd.compiling.errors import NotHereError, TracingError
from autograd.compiling.forms import close, form_of_call
from autograd.compiling.llvm import has_llvm
from autograd.compiling.llvm.engine import llvm_itself
from autograd.compiling.node import Leaf, Node
from autograd.compiling.points import recorded_twice
from autograd.compiling.quick import quick_call
from autograd.compiling.recording import is_number
from autograd.compiling.returned import maker_of, numbers_in, paired
from autograd.compiling.running import OTHER, WAIT
from autograd.compiling.sharing import devices_of
from autograd.compiling.showing import Shown, shown
from autograd.compiling.state import now
from autograd.compiling.steps import arrays_of, run_each
from autograd.compiling.variant import Variant
from autograd.engine.elsewhere import OF_TRANSFORMS, answering
from autograd.engine.state import where_kept
from autograd.graphs.calls import is_seen
from autograd.jax.names import jax_itself

MOST_VARIANTS = 16  # programs for one form of the arguments
MOST_FAILURES = 3  # points at which a function could not be recorded
OFTEN = 8  # forms of the arguments, or recordings, after which a warning is due
OFTEN_CALLED = WAIT + 2  # runs after which calls with floats take a shorter way
NEEDS = {"jax": jax_itself, "llvm": llvm_itself}
TARGETS = ("auto", "numpy", "llvm", "jax")


@answering(OF_TRANSFORMS)
def compile(
    f: Callable[..., Any] | None = None, *, target: str = "auto", devices: Any = None
) -> Any:
    """Return `f` as a function that is recorded once, and then runs as a program of its own.

    It is recorded for each combination of shapes and dtypes of the numbers and arrays among its
    arguments, and of the values of all other arguments, such as ints and strings. What it reads
    from outside, such as parameters, buffers, the learning rate of an optimiser and gradients, is
    read anew at each call, and written back, and random numbers are drawn anew. All else is a
    constant; if a global, an attribute or a captured array changes, it is recorded again.

    Args:
        f: computes numbers from numbers with NumPy's functions and ours; it may take gradients,
            call `backward()` and let an optimiser step.
        target: "numpy" for a program in Python and NumPy; "llvm" for machine code where there is a
            native form, which needs `pip install chainrule[compile]`; "jax" for a program of
            JAX's, on its devices, which needs `pip install chainrule[jax]`. "auto" is "llvm" where
            that is installed, and else "numpy".
        devices: with "jax", how many of its devices share the arrays among the arguments, each of
            them cut along its first axis; or a list of devices.

    Returns:
        a function of the same arguments with the same results. Its `show()` says what it became.

    Raises:
        TypeError: `f` is no function.
        ValueError: there is no such target, or there are not so many devices.
        ImportError: it is LLVM or JAX, which is not installed.
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
        return lambda f: compile(f, target=target, devices=devices)
    if not callable(f):
        raise TypeError(f"compile takes a function, not {f!r:.60}; write compile(f)(x)")
    if devices is not None and target != "jax":
        raise ValueError(f'write target="jax" for several devices, not {target!r}')
    if target in NEEDS:
        NEEDS[target]()
    return f if isinstance(f, Compiled) else Compiled(f, target, devices_of(devices))


class Compiled(AsFunction):
    """What `compile` returns."""

    __name__: str

    def __init__(
        self, f: Callable[..., Any], target: str = "auto", devices: list[Any] | None = None
    ) -> None:
        update_wrapper(self, f)
        self.f, self.target, self.devices = f, target, devices
        self.variants: dict[Any, list[Variant]] = {}
        self.failures: dict[Any, list[str]] = {}
        self.given_up: dict[Any, str] = {}
        self.drawing: set[Any] = set()  # forms of the arguments with a program that draws
        self.recorded = 0
        self.quick: Callable[[tuple], Any] | None = None
        self.lock = RLock()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if (quick := self.quick) is not None and not kwargs:
            result = quick(args)
            if result is not OTHER:
                return result
        if is_seen():
            return self.f(*args, **kwargs)
        found = form_of_call(args, kwargs)
        if found is None:
            return self.f(*args, **kwargs)
        key, numbers = found
        if key in self.drawing:
            with self.lock:  # so that no other thread draws the same numbers
                return self.run(key, numbers, args, kwargs)
        return self.run(key, numbers, args, kwargs)

    def run(self, key: Any, numbers: list[Any], args: tuple, kwargs: dict[str, Any]) -> Any:
        """Run the program for a call, or record one."""
        for variant in self.variants.get(key, ()):
            if variant.surroundings.changed():
                continue
            new = variant.runs < 2
            computed = variant.compute(numbers) if new else variant.run(numbers)
            if computed is OTHER:
                continue
            if new:
                return self.compared(variant, key, numbers, computed, args, kwargs)
            variant.runs += 1
            if variant.runs == OFTEN_CALLED and key[0] and args and not kwargs:
                self.quick = quick_call(variant, args)
            return computed
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
        run_each(self, self.settled, arrays_of(columns), done)

    def show(self) -> Shown:
        """Return what the function became: code, what it reads, writes and holds, and graphs.

        The result is a text; its `graphs` hold the graph as recorded and after each pass, as
        Values for `autograd.draw`.
        """
        variants = [v for several in self.variants.values() for v in several]
        name = getattr(self.f, "__name__", "the function")
        return shown(name, variants, list(dict.fromkeys(self.given_up.values())))

    @property
    def native(self) -> bool:
        """Whether LLVM made machine code of a program or loop."""
        return any(v.native for several in self.variants.values() for v in several)

    def settled(self, *args: Any) -> Variant | None:
        """Return the program of a loop, if it has stood the comparison with the function."""
        if is_seen():
            return None
        found = form_of_call(args, {})
        variants = () if found is None else self.variants.get(found[0], ())
        stood = (v for v in variants if v.runs >= 2 and v.can_loop)
        return next((v for v in stood if not v.surroundings.changed()), None)

    def anew(self, key: Any, numbers: list[Any], args: tuple, kwargs: dict[str, Any]) -> Any:
        """Record the function for this call, and run it; or run it op by op if it cannot be."""
        with self.lock:
            if key not in self.given_up and self.recorded <= 8 * OFTEN:
                try:
                    variant = self.variant(key, args, kwargs)
                    variant.named = variant.surroundings.named(numbers)
                    found = variant.compute(numbers)
                    good = found is not OTHER and self.as_recorded(variant, key, numbers, found)
                    variant.forget()
                except NotHereError as error:
                    self.failed(key, str(error))
                except TracingError:
                    raise
                except Exception as error:  # if it is the program's own, it comes again
                    result = self.f(*args, **kwargs)
                    self.failed(key, f"{type(error).__name__}: {error}")
                    return result
                else:
                    if good:
                        return self.compared(variant, key, numbers, found, args, kwargs)
        return self.f(*args, **kwargs)

    def variant(self, key: Any, args: tuple, kwargs: dict[str, Any]) -> Variant:
        """Record the function once more, and note the program."""
        name = getattr(self.f, "__name__", "the function")
        program, surroundings, places = recorded_twice(
            self.f, name, args, kwargs, rules_as_steps=self.is_for_numpy
        )
        variant = Variant(program, surroundings, self.target, self.devices)
        variant.kept = [where_kept(place.thing) for place in places]
        if program.draws:
            self.drawing.add(key)
        others = [v for v in self.variants.get(key, ()) if not v.surroundings.changed()]
        self.variants[key] = [variant, *others]
        self.recorded += 1
        if len(others) >= MOST_VARIANTS:
            self.give_up(key, "it takes other turns each time")
        if self.recorded == OFTEN:
            warnings.warn(
                f"{name} was recorded {OFTEN} times: give arguments of few shapes, floats instead "
                "of ints, and as arguments what changes outside",
                stacklevel=5,
            )
        if self.recorded > 8 * OFTEN:
            self.give_up(key, "it is recorded again and again")
        return variant

    def is_for_numpy(self, op: Any) -> bool:
        """Whether the rule of an op may be one step, as no other engine makes a loop of it."""
        native = self.target == "llvm" or (self.target == "auto" and has_llvm())
        return self.target != "jax" and (op.shortcut or not (native and op.elementwise))

    def as_recorded(self, variant: Variant, key: Any, numbers: list[Any], computed: Any) -> bool:
        """Whether the program gives what its recording gave at the same point."""
        results, updates = computed
        program = variant.recorded
        mine = [None if x is None else x.sample for x in (*program.results, *program.new)]
        theirs = [*results, *(new for _, _, new in updates)]
        size = repeat(variant.scale), repeat(variant.coarsest)
        same = all(map(close, mine, theirs, *size))
        if not same:
            spread = chain(variant.spread(numbers, computed), repeat(0.0))
            same = all(map(close, mine, theirs, *size, spread))
        if not same:
            self.give_up(key, "the program gave other numbers than its recording")
        return same

    def compared(
        self,
        variant: Variant,
        key: Any,
        numbers: list[Any],
        computed: Any,
        args: tuple,
        kwargs: dict[str, Any],
    ) -> Any:
        """Run the function itself, once more, and hold the program against it."""
        results, updates = computed
        spread = chain(variant.spread(numbers, computed), repeat(0.0))
        written = {id(thing) for thing, _, _ in updates}
        kept = [slot for slot in variant.kept if id(slot[0]) not in written]
        updates = [*updates, *((thing, slot, now(thing, slot)) for thing, slot in kept)]
        result = self.f(*args, **kwargs)
        pairs, why = paired(variant.program.result, result)
        if why:
            self.give_up(key, why)
            return result
        given = [y for x, y in pairs if isinstance(x, Node)]
        constants = [pair for pair in pairs if is_number(pair[0])]
        outside = [n.source.value for n in variant.sources if isinstance(n.source, Leaf)]
        variant.kinds = [maker_of(y, outside) for y in given]
        mine = list(map(numbers_in, given))
        mine += [now(thing, slot) for thing, slot, _ in updates] + [y for _, y in constants]
        theirs = [*results, *(new for _, _, new in updates), *(x for x, _ in constants)]
        size = repeat(variant.scale), repeat(variant.coarsest)
        if not all(map(close, mine, theirs, *size, spread)):
            self.give_up(key, "the program gave other numbers than the function")
            return result
        variant.runs += 1
        return variant.finish(results, [])  # the function has made the updates

    def failed(self, key: Any, why: str) -> None:
        """Note that a call could not be recorded."""
        self.failures.setdefault(key, []).append(why)
        if len(self.failures[key]) >= MOST_FAILURES:
            self.give_up(key, why)

    def give_up(self, key: Any, why: str) -> None:
        """Run the function itself from now on, for arguments of this form."""
        if key not in self.given_up:
            name = getattr(self.f, "__name__", "the function")
            warnings.warn(f"{name} runs op by op, not compiled: {why}", stacklevel=6)
        self.given_up[key] = why
        self.quick = None
        self.variants.pop(key, None)
