"""What a function can reach by name, one thing at a time: what lies directly inside of it."""

from __future__ import annotations

import builtins
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from functools import partial
from io import IOBase
from operator import setitem
from types import BuiltinMethodType, FunctionType, MethodType, ModuleType
from typing import Any
from weakref import ProxyTypes, ref

import numpy as np

from autograd.compiling.errors import NotHereError, TracingError
from autograd.compiling.memory import buffer_held, numbers_held, pointed_at, position
from autograd.compiling.state import Place
from autograd.engine.lookups import MISSING, cell_of, compares_by_is, names_of, slots_of
from autograd.engine.owners import is_class_of_ours, is_registered, is_users, is_users_class
from autograd.engine.primitive import Primitive
from autograd.engine.state import Kept, is_state
from autograd.engine.value import Value

MOST_BYTES = 1_000_000  # bytes of arrays outside that are compared at each call
SIMPLE = (int, float, complex, str, bytes, bool, type(None), np.generic, range, slice)
DATA = (*SIMPLE, np.ndarray, list, tuple, set, frozenset, Mapping)
NO_DATA = (np.ufunc, np.dtype)

# What wraps a function: where the function lies in it.
WRAPPED = ("__func__", "fget", "fset", "func", "__wrapped__")
# What runs when an object is made, not when it is used.
CONSTRUCTORS = {"__init__", "__new__", "__post_init__", "__init_subclass__", "__set_name__"}
# The functions of an op that a program calls: what they read, they read anew.
RUN_ANEW = ("forward", "scalar")
NOT_READ = {"__dict__", "__weakref__", "__doc__", "__module__", "__annotations__", "_abc_impl"}
# Modules of Python's whose objects are nothing but what is put into them.
NAMESPACES = ("types", "argparse", "_thread")


class Reached:
    """The part of Surroundings that looks inside of things, and notes what is to be compared.

    Attributes:
        names: all names in the functions that were met, and `by_is` whether one says `is`.
        modules: the modules that were met, by id, and which names were looked up there.
        iterators: those that were met, and their paths.
    """

    skipped: set[tuple[int, Any]]
    followed: Callable[[Any], bool]
    places: list[Place]
    items: list[tuple[Callable[[], Any], Any, str]]
    dicts: list[tuple[Any, Any, Any, str]]
    orders: list[tuple[Any, list[Any], str]]
    lists: list[tuple[Any, list[Any], str]]
    arrays: list[tuple[Any, bytes, Any, str]]

    def __init__(self) -> None:
        self.size = 0
        self.names: set[str] = set()
        self.by_is = False
        self.modules: dict[int, tuple[ModuleType, str, set[str]]] = {}
        self.iterators: list[str] = []
        self.kinds: set[type] = set()

    def inside(self, thing: Any, path: str) -> Iterator[tuple[Any, str]]:
        """Note what is directly inside a thing, and yield it."""
        if (isinstance(thing, Kept) and self.followed(thing)) or is_registered(thing):
            return
        if type(thing).__module__.startswith("autograd.compiling"):
            yield getattr(thing, "f", None), path
            return
        own = is_users_class(type(thing)) and not isinstance(thing, type)
        if own or (is_class_of_ours(type(thing)) and not isinstance(thing, Value)):
            yield from self.object(thing, path)
        if isinstance(thing, np.ndarray):
            self.array(thing, path)
        elif isinstance(thing, Value):
            yield from self.slots(thing, path, set(Value.__slots__))
        elif isinstance(thing, NO_DATA):
            return
        elif isinstance(thing, ModuleType):
            self.modules.setdefault(id(thing), (thing, path, set()))
        elif isinstance(thing, FunctionType):
            yield from self.function(thing, path)
        elif isinstance(thing, type):
            yield from self.kind(thing, set())
        elif isinstance(thing, MethodType):
            yield thing.__self__, path.rpartition(".")[0] or path
            yield thing.__func__, path
        elif isinstance(thing, partial):
            yield from ((x, path) for x in (thing.func, thing.args, thing.keywords))
        elif isinstance(thing, Mapping):
            yield from self.contents(thing, lambda key: f"{path}[{key!r}]", list(thing))
            self.orders.append((thing, list(thing), f"{path}[…]"))
        elif isinstance(thing, (list, deque, tuple, set, frozenset)):
            yield from self.sequence(thing, path)
        elif not own and not is_class_of_ours(type(thing)):
            yield from self.of_a_library(thing, path)
        elif (numbers := buffer_held(thing)) is not None:  # of a class made with ctypes, say
            self.compared(thing, numbers, path)
            yield pointed_at(thing), path

    def contents(
        self, holder: Any, name: Callable[[Any], str], keys: Iterable[Any]
    ) -> Iterator[tuple[Any, str]]:
        """Note items of a dict."""
        for key in keys:
            if (id(holder), key) in self.skipped:
                continue
            x = holder.get(key, MISSING)
            self.dicts.append((holder, key, x, name(key)))
            if isinstance(holder, dict):
                self.place(setitem, holder, key, x)
            yield x, name(key)

    def sequence(self, thing: Any, path: str) -> Iterator[tuple[Any, str]]:
        """Note the items of a list, tuple or set."""
        if isinstance(thing, (set, frozenset)):
            if isinstance(thing, set):
                self.items.append((partial(frozenset, thing), frozenset(thing), path))
        elif not isinstance(thing, tuple):
            self.lists.append((thing, list(thing), path))
        for i, x in enumerate(thing):
            if isinstance(thing, list):
                self.place(setitem, thing, i, x)
            yield x, f"{path}[{i}]"

    def object(self, thing: Any, path: str) -> Iterator[tuple[Any, str]]:
        """Note the attributes of an object of the program or of ours."""
        kind = type(thing)
        held = getattr(thing, "__dict__", None)
        if held is not None:
            self.items.append((held.__len__, len(held), f"{path}.…"))
            left_out = RUN_ANEW if isinstance(thing, Primitive) else ()
            keys = [k for k in held if (id(thing), k) not in self.skipped and k not in left_out]
            yield from self.contents(held, lambda key: f"{path}.{key}", keys)
        yield from self.slots(thing, path, {"__dict__", "__weakref__"})
        if is_users_class(kind):
            self.items.append((partial(type, thing), kind, path))
            if kind not in self.kinds:
                self.kinds.add(kind)
                yield from self.kind(kind, CONSTRUCTORS)

    def kind(self, kind: type, left_out: set[str]) -> Iterator[tuple[Any, str]]:
        """Note what a class of the program and those below it define."""
        for c in kind.__mro__:
            if is_users_class(c):
                self.items.append((vars(c).__len__, len(vars(c)), f"{c.__name__}.…"))
                keys = [key for key in vars(c) if key not in NOT_READ and key not in left_out]
                yield from self.contents(vars(c), f"{c.__name__}.{{}}".format, keys)
        if is_users_class(type(kind)):
            yield type(kind), type(kind).__name__

    def of_a_library(self, thing: Any, path: str) -> Iterator[tuple[Any, str]]:
        """Note what an object of a library holds that is data, or a function that it wraps."""
        if type(thing) in ProxyTypes:
            yield thing.__repr__.__self__, path
        elif isinstance(thing, IOBase):
            self.items.append((partial(position, thing), position(thing), path))
        elif isinstance(thing, Iterator):
            self.iterators.append(path)
        elif isinstance(thing, BuiltinMethodType):
            if not isinstance(thing.__self__, (ModuleType, type)):
                yield thing.__self__, path.rpartition(".")[0] or path
        elif isinstance(thing, (ContextVar, ref)):
            read = partial(thing.get, None) if isinstance(thing, ContextVar) else thing
            self.items.append((read, read(), path))
            yield read(), path
        elif (numbers := numbers_held(thing)) is not None:
            self.compared(thing, numbers, path)
            yield pointed_at(thing), path
        elif isinstance(thing, Sequence):
            yield from self.sequence(thing, path)
        else:
            if type(thing).__module__ in ("builtins", "functools"):
                yield from ((getattr(thing, name, None), path) for name in WRAPPED)
            held = getattr(thing, "__dict__", {})
            if type(thing).__module__ in NAMESPACES:
                self.items.append((lambda: len(vars(thing)), len(held), f"{path}.…"))
                yield from self.attributes(thing, list(held), path)
            else:
                keys = [key for key, x in held.items() if key[:1] != "_" and is_data(x)]
                yield from self.contents(held, lambda key: f"{path}.{key}", keys)
                slots = {
                    s: getattr(thing, s, None) for c in type(thing).__mro__ for s in slots_of(c)
                }
                shown = [s for s, x in slots.items() if s[:1] != "_" or type(x) is np.ndarray]
                yield from self.attributes(thing, [s for s in shown if is_data(slots[s])], path)

    def slots(self, thing: Any, path: str, left_out: set[str]) -> Iterator[tuple[Any, str]]:
        """Note the slots of an object, such as whether a parameter is trainable."""
        slots = {s for c in type(thing).__mro__ for s in slots_of(c)} - left_out
        yield from self.attributes(thing, slots, path)

    def attributes(self, thing: Any, names: Iterable[str], path: str) -> Iterator[tuple[Any, str]]:
        """Note attributes that are read by their names, as each thread finds them."""
        for name in names:
            x = getattr(thing, name, MISSING)
            self.items.append((partial(getattr, thing, name, MISSING), x, f"{path}.{name}"))
            yield x, f"{path}.{name}"

    def function(self, f: FunctionType, path: str) -> Iterator[tuple[Any, str]]:
        """Note what a function has captured, and which globals it names."""
        for name, cell in zip(f.__code__.co_freevars, f.__closure__ or (), strict=True):
            x = cell_of(cell)
            self.items.append((partial(cell_of, cell), x, name))
            self.place(setattr, cell, "cell_contents", x)
            yield x, name
        for x in f.__defaults__ or ():
            yield x, f"a default of {path}"
        for held in (f.__kwdefaults__ or {}, f.__dict__):
            yield from self.contents(held, f"{path}.{{}}".format, list(held))
        if not is_users(f.__code__.co_filename):
            return
        for attribute in ("__code__", "__defaults__", "__kwdefaults__"):
            if (x := getattr(f, attribute)) is not None:  # without defaults, calls need none
                self.items.append((partial(getattr, f, attribute), x, path))
        names = names_of(f.__code__)
        self.by_is = self.by_is or compares_by_is(f.__code__)
        self.names |= names
        for name in sorted(names):
            if name in f.__globals__:
                yield from self.contents(f.__globals__, str, [name])
            elif hasattr(builtins, name):  # which a global could hide
                self.dicts.append((f.__globals__, name, MISSING, name))
                if is_data(getattr(builtins, name)):
                    yield from self.contents(vars(builtins), str, [name])
            if isinstance(module := sys.modules.get(name), ModuleType):  # imported inside
                yield module, name

    def named_in_modules(self) -> Iterator[tuple[Any, str]]:
        """Note what lies in modules under names that some function has; of a library, data."""
        for module, path, known in self.modules.values():
            own = is_users(getattr(module, "__file__", None))
            held = vars(module)
            new = sorted(name for name in self.names - known if name in held)
            known |= self.names
            keys = [name for name in new if own or is_data(held[name])]
            yield from self.contents(held, f"{path}.{{}}".format, keys)

    def place(self, write: Callable[..., None], holder: Any, key: Any, x: Any) -> None:
        """Note where state lies that is no Value."""
        if is_state(x):
            self.places.append(Place(write, holder, key, x))

    def array(self, x: np.ndarray, path: str) -> None:
        """Note an array that may be written to."""
        if x.dtype == object:
            raise NotHereError(f"{path} is an array of objects")
        base: Any = x
        while isinstance(base, np.ndarray):
            if base.flags.writeable:
                break
            base = base.base
        else:
            self.items.append((lambda: x.flags.writeable, False, path))
            return
        self.compared(x, x, path)

    def compared(self, thing: Any, numbers: np.ndarray, path: str) -> None:
        """Note something that holds numbers, which are compared at each call."""
        self.size += numbers.nbytes
        if self.size > MOST_BYTES:
            raise TracingError(
                f"{path} is an array of {numbers.nbytes:,} bytes outside the function, which may "
                f"be written to: give it as an argument, or write {path}.setflags(write=False)"
            )
        self.arrays.append((thing, numbers.tobytes(), (numbers.dtype, numbers.shape), path))


def is_data(x: Any) -> bool:
    """Whether what an object of a library holds is looked at: no other object of a library."""
    kind = type(x)
    return (
        isinstance(x, (*DATA, FunctionType, Value))
        or is_users_class(kind)
        or is_class_of_ours(kind)
    )


def is_simple(x: Any) -> bool:
    """Whether something is its numbers or its text, and nothing else."""
    return isinstance(x, SIMPLE) and not is_users_class(type(x))
