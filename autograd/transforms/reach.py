"""What a function can reach by name that moves on as it runs: buffers and random generators.

A function that runs again in a backward pass finds them as they were, and leaves them as they are.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from types import FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from autograd.engine.lookups import cell_of, names_of, slots_of
from autograd.engine.owners import is_class_of_ours, is_users, is_users_class
from autograd.engine.state import Kept, is_state, where_kept
from autograd.engine.together import set_all
from autograd.engine.value import Value

NOTHING_INSIDE = (int, float, complex, str, bytes, type(None), np.generic, np.ndarray, Value)


class Moment:
    """State as it is now.

    Args:
        things: buffers and generators.
    """

    def __init__(self, things: list[Any]) -> None:
        self.things = things
        self.rows = [
            (*where_kept(x), np.array(x)[()] if isinstance(x, Kept) else x.bit_generator.state)
            for x in things
        ]

    def again(self, f: Callable[..., Any], *args: Any) -> Any:
        """Call a function with state as it was; afterwards it is what it is now."""
        if not self.things:
            return f(*args)
        now = Moment(self.things)
        try:
            set_all(self.rows)
            return f(*args)
        finally:
            set_all(now.rows)


def state_in(roots: Iterable[Any]) -> list[Any]:
    """Return the buffers and random generators that functions and objects can reach."""
    found, seen, waiting = [], {}, list(roots)
    while waiting:
        thing = waiting.pop()
        if is_state(thing) and id(thing) not in seen:
            found.append(thing)
        elif not isinstance(thing, NOTHING_INSIDE) and id(thing) not in seen:
            waiting += inside(thing)
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
