"""What a function can reach by name that moves on as it runs: buffers and random generators.

A function that runs again in a backward pass finds them as they were, and leaves them as they are.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from operator import call, setitem
from types import FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from autograd.engine.blocks import at_once
from autograd.engine.lookups import cell_of, names_of, slots_of
from autograd.engine.owners import is_class_of_ours, is_users, is_users_class
from autograd.engine.state import Kept, is_state
from autograd.engine.value import Value

NOTHING_INSIDE = (np.generic, np.ndarray, Value)
SIMPLE = {int, float, complex, bool, str, bytes, type(None), np.ndarray}


class Moment:
    """State as it is now.

    Args:
        things: buffers and generators.
    """

    def __init__(self, things: list[Any]) -> None:
        self.things, self.then = things, [state_of(x) for x in things]

    def of_what_moved(self) -> Moment:
        """Return the moment, of only those things that are another now: it keeps no other's."""
        kept = zip(self.things, self.then, strict=True)
        pairs = [(x, then) for x, then in kept if not is_same_state(state_of(x), then)]
        if not pairs:
            return NOTHING
        moved = Moment([])
        moved.things, moved.then = [x for x, _ in pairs], [then for _, then in pairs]
        return moved

    def again(self, f: Callable[..., Any], *args: Any) -> Any:
        """Call a function with state as it was; afterwards it is what it is now."""
        if not self.things:
            return f(*args)
        then, now = self.writes(), Moment(self.things).writes()
        back, once_more = map(call, now), map(call, now)
        try:
            at_once(call, then)
            return f(*args)
        finally:
            try:
                list(back)
            except BaseException:  # NumPy sets the state of a generator in several steps
                list(once_more)
                raise

    def writes(self) -> list[Callable[[], None]]:
        """Return functions written in C that give each thing its state."""
        return [
            partial(setitem, x, ..., then)
            if isinstance(x, Kept)
            else partial(setattr, x.bit_generator, "state", then)
            for x, then in zip(self.things, self.then, strict=True)
        ]


NOTHING = Moment([])  # one for all turns of a loop that move nothing


def state_of(x: Any) -> Any:
    """Return a copy of the numbers of a buffer, or the state of a generator."""
    return np.array(x)[()] if isinstance(x, Kept) else x.bit_generator.state


def is_same_state(a: Any, b: Any) -> bool:
    """Whether two states of a thing are the same."""
    return str(a) == str(b) if isinstance(a, dict) else a.tobytes() == b.tobytes()


def state_in(roots: Iterable[Any]) -> list[Any]:
    """Return the buffers and random generators that functions and objects can reach."""
    found, seen, waiting = [], {}, list(roots)
    while waiting:
        thing = waiting.pop()
        if is_state(thing) and id(thing) not in seen:
            found.append(thing)
        elif not isinstance(thing, NOTHING_INSIDE) and id(thing) not in seen:
            waiting += [x for x in inside(thing) if type(x) not in SIMPLE]
        seen[id(thing)] = thing
    return found


def inside(thing: Any) -> Iterator[Any]:
    """Yield what is directly inside a thing."""
    kind = type(thing)
    if kind.__module__.startswith("autograd."):  # a function of ours, around one of the program
        yield getattr(thing, "f", None)
    elif isinstance(thing, FunctionType):
        yield from in_function(thing)
    elif isinstance(thing, MethodType):
        yield from (thing.__self__, thing.__func__)
    elif isinstance(thing, partial):
        yield from (thing.func, thing.args, thing.keywords)
    elif isinstance(thing, (property, staticmethod, classmethod)):
        yield getattr(thing, "fget", None) or getattr(thing, "__func__", None)
    elif isinstance(thing, type):
        yield from (x for c in thing.__mro__ if is_users_class(c) for x in vars(c).values())
    elif isinstance(thing, (dict, list, tuple, set, frozenset, deque)):
        yield from thing.values() if isinstance(thing, dict) else thing
    if is_users_class(kind) or is_class_of_ours(kind) or kind is SimpleNamespace:
        yield from getattr(thing, "__dict__", {}).values()
        yield from (getattr(thing, name, None) for c in kind.__mro__ for name in slots_of(c))
        yield kind


def in_function(f: FunctionType) -> Iterator[Any]:
    """Yield what a function has captured, and the globals that it names."""
    yield from map(cell_of, f.__closure__ or ())
    yield from (f.__defaults__, f.__kwdefaults__, vars(f))
    if is_users(f.__code__.co_filename):
        names = names_of(f.__code__)
        for held in [f.__globals__[name] for name in names if name in f.__globals__]:
            if isinstance(held, ModuleType):
                own = vars(held) if is_users(getattr(held, "__file__", None)) else {}
                yield from (own[name] for name in names if name in own)
            else:
                yield held
