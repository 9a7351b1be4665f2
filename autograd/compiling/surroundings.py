"""Surroundings: everything outside a function that a recording of it may depend on.

A recorded program holds the numbers of global variables, attributes, lists and captured arrays as
they were. So before each run the program looks whether one of these has changed, and if so it is
recorded again. And if the function itself changes one, a single recording cannot do what it does.

What is looked at is what the function can reach by name: its closure, defaults and globals, those
of functions and classes among them, and the contents of lists, dicts and objects. Parameters are
left out, as their numbers are read anew, and so is the code of libraries.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np

from autograd.compiling.errors import TracingError
from autograd.compiling.memory import numbers_held
from autograd.compiling.node import Attribute
from autograd.compiling.reached import SIMPLE, Reached, is_simple
from autograd.compiling.state import Place
from autograd.engine.lookups import MISSING
from autograd.engine.state import is_state
from autograd.engine.value import Value

FLOATS = (float, complex, np.inexact)


class Surroundings(Reached):
    """What a function can reach, as it was.

    Args:
        roots: the function, and arguments that are no numbers.
        read_anew: attributes that the program reads at each call.
        followed: tells of a Kept array whether the program follows its changes.

    Attributes:
        places: where Kept arrays and generators lie.
        met: how often each of these was met, places or not, by id.
    """

    def __init__(
        self,
        roots: list[Any],
        read_anew: list[Attribute],
        followed: Callable[[Any], bool] = lambda array: True,
    ) -> None:
        super().__init__()
        self.skipped = {(id(a.owner), a.name) for a in read_anew}
        self.followed = followed
        self.places = []
        self.met: Counter[int] = Counter()
        self.items, self.dicts, self.orders, self.lists, self.arrays = [], [], [], [], []
        self.seen: dict[int, Any] = {}
        waiting = deque((root, getattr(root, "__name__", "argument")) for root in roots)
        while waiting:
            thing, path = waiting.popleft()
            if is_state(thing):
                self.met[id(thing)] += 1
            if id(thing) not in self.seen and not is_simple(thing):
                self.seen[id(thing)] = thing
                waiting.extend(self.inside(thing, path))
            if not waiting:
                waiting.extend(self.named_in_modules())
        if "name" in self.names:
            named = [x for x in self.seen.values() if isinstance(x, Value)]
            waiting.extend(y for x in named for y in self.attributes(x, ["name"], "a Value"))
        if self.iterators and not self.names.isdisjoint(("next", "send")):
            raise TracingError(
                f"give what next() yields as an argument, f(x, next({self.iterators[0]})): a "
                "compiled function would take it while it is recorded, and not when it is called"
            )

    def named(self, numbers: list[Any]) -> dict[int, int]:
        """Return which arguments can also be reached by a name, by place, if some `is` may tell."""
        if not self.by_is:
            return {}
        return {i: id(x) for i, x in enumerate(numbers) if id(x) in self.seen}

    def changed(self) -> str:
        """Return the path of something that has changed, "" if nothing has."""
        for holder, key, then, path in self.dicts:
            now = holder.get(key, MISSING)
            if now is not then and not same_simple(now, then):
                return path
        for read, then, path in self.items:
            now = read()
            if now is not then and not same_simple(now, then):
                return path
        for holder, keys, path in self.orders:
            if list(holder) != keys:
                return path
        for things, known, path in self.lists:
            if len(things) != len(known) or not all(map(is_same, things, known)):
                return path
        return self.array_changed()

    def array_changed(self) -> str:
        """Return the path of an array whose numbers have changed, "" if there is none."""
        for thing, then, form, path in self.arrays:
            numbers = thing if isinstance(thing, np.ndarray) else numbers_held(thing)
            if numbers is None or (numbers.dtype, numbers.shape) != form:
                return path
            if numbers.tobytes() != then:
                return path
        return ""


def places_of_state(roots: list[Any]) -> tuple[list[Place], list[Any]]:
    """Return where Kept arrays and generators lie that a recording follows, and those it does not.

    The latter lie in tuples, say, where nothing can be put in their place, or share memory with an
    array that is not Kept.
    """
    found = Surroundings(roots, [])
    for root in roots:
        found.met[id(root)] -= is_state(root)
    known = Counter(id(place.thing) for place in found.places)
    shown = [thing for thing, *_ in found.arrays if isinstance(thing, np.ndarray)]
    fixed = {
        key: found.seen[key]
        for key, times in found.met.items()
        if times != known[key] or any(np.may_share_memory(found.seen[key], x) for x in shown)
    }
    return [p for p in found.places if id(p.thing) not in fixed], list(fixed.values())


def same_simple(now: Any, then: Any) -> bool:
    """Whether two numbers or strings are the same."""
    if type(now) is not type(then):
        return False
    if isinstance(now, FunctionType):  # a lambda or def inside a function is made anew each time
        return False
    if not isinstance(now, (*SIMPLE, frozenset)):
        return False
    if now == then:  # −0.0 is not 0.0
        return not isinstance(now, FLOATS) or now != 0 or repr(now) == repr(then)
    return now != now and then != then


def is_same(now: Any, then: Any) -> bool:
    """Whether an item of a list is the same object, or the same number or string."""
    return now is then or same_simple(now, then)
