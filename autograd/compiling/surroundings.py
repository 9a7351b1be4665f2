"""Surroundings: everything outside a function that a recording of it may depend on.

A recorded program holds the numbers of global variables, attributes, lists and captured arrays as
they were. So before each run the program looks whether one of these has changed, and if so it is
recorded again. And if the function itself changes one, a single recording cannot do what it does.

What is looked at is what the function can reach by name: its closure, defaults and globals, those
of functions among them, and the contents of lists, dicts and objects. Parameters are left out, as
their numbers are read anew, and so are libraries.
"""

from __future__ import annotations

import sys
from collections import Counter, deque
from collections.abc import Callable, Iterator
from functools import partial
from operator import setitem
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from autograd.compiling.errors import NotHereError, TracingError, is_ours
from autograd.compiling.kept import Kept
from autograd.compiling.node import Attribute
from autograd.compiling.state import Place, is_state
from autograd.engine.value import Value

MOST_BYTES = 1_000_000  # bytes of arrays outside that are compared at each call
SIMPLE = (int, float, complex, str, bytes, bool, type(None), np.generic, range, slice)
MISSING = object()


class Surroundings:
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
        self.skipped = {(id(a.owner), a.name) for a in read_anew}
        self.followed = followed
        self.places: list[Place] = []
        self.met: Counter[int] = Counter()
        self.items: list[tuple[Callable[[], Any], Any, str]] = []
        self.dicts: list[tuple[dict, Any, Any, str]] = []
        self.lists: list[tuple[Any, list[Any], str]] = []
        self.arrays: list[tuple[np.ndarray, bytes, str]] = []
        self.size = 0
        self.seen: dict[int, Any] = {}
        waiting = deque((root, getattr(root, "__name__", "argument")) for root in roots)
        while waiting:
            thing, path = waiting.popleft()
            if is_state(thing):
                self.met[id(thing)] += 1
            if id(thing) not in self.seen and not isinstance(thing, SIMPLE):
                self.seen[id(thing)] = thing
                waiting.extend(self.inside(thing, path))

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
        for things, known, path in self.lists:
            if len(things) != len(known) or not all(map(is_same, things, known)):
                return path
        for array, then, path in self.arrays:
            if array.tobytes() != then:
                return path
        return ""

    def inside(self, thing: Any, path: str) -> Iterator[tuple[Any, str]]:
        """Note what is directly inside a thing, and yield it."""
        if isinstance(thing, Kept) and self.followed(thing):
            return
        if isinstance(thing, np.ndarray):
            self.array(thing, path)
        elif isinstance(thing, Value):
            yield from self.slots(thing, path, set(Value.__slots__))
        elif isinstance(thing, (type(sys), np.ufunc, np.dtype)):
            return
        elif isinstance(thing, FunctionType):
            yield from self.function(thing, path)
        elif isinstance(thing, MethodType):
            yield thing.__self__, path.rpartition(".")[0] or path
            yield thing.__func__, path
        elif isinstance(thing, partial):
            yield from ((x, path) for x in (thing.func, thing.args, thing.keywords))
        elif isinstance(thing, dict):
            yield from self.contents(thing, lambda key: f"{path}[{key!r}]", list(thing))
        elif isinstance(thing, (list, deque, tuple, set, frozenset)):
            yield from self.sequence(thing, path)
        elif type(thing).__module__.startswith("autograd.compiling"):
            yield thing.f, path
        else:
            yield from self.object(thing, path)

    def contents(
        self, holder: dict, name: Callable[[Any], str], keys: list[Any], whole: bool = True
    ) -> Iterator[tuple[Any, str]]:
        """Note items of a dict."""
        if whole:
            self.items.append((holder.__len__, len(holder), name("…")))
        for key in keys:
            if (id(holder), key) in self.skipped:
                continue
            x = holder.get(key, MISSING)
            self.dicts.append((holder, key, x, name(key)))
            self.place(setitem, holder, key, x)
            yield x, name(key)

    def sequence(self, thing: Any, path: str) -> Iterator[tuple[Any, str]]:
        """Note the items of a list, tuple or set."""
        if isinstance(thing, (list, deque)):
            self.lists.append((thing, list(thing), path))
        for i, x in enumerate(thing):
            if isinstance(thing, list):
                self.place(setitem, thing, i, x)
            yield x, f"{path}[{i}]"
        if isinstance(thing, set):
            self.items.append((partial(frozenset, thing), frozenset(thing), path))

    def object(self, thing: Any, path: str) -> Iterator[tuple[Any, str]]:
        """Note the attributes of an object of the program or of ours."""
        kind = type(thing)
        own = is_users_class(kind) and not isinstance(thing, type)
        ours = kind.__module__.partition(".")[0] in ("autograd", "nn")
        if not own and not ours:
            return
        held = getattr(thing, "__dict__", {})
        keys = [key for key in held if (id(thing), key) not in self.skipped]
        yield from self.contents(held, lambda key: f"{path}.{key}", keys)
        yield from self.slots(thing, path, {"__dict__", "__weakref__"})
        for c in kind.__mro__ if own else ():
            if is_users_class(c):
                for key, x in list(vars(c).items()):
                    if not key.startswith("__") or key == "__call__":
                        read = partial(c.__dict__.get, key, MISSING)
                        self.items.append((read, x, f"{c.__name__}.{key}"))
                        yield getattr(x, "fget", None) or x, f"{c.__name__}.{key}"

    def slots(self, thing: Any, path: str, left_out: set[str]) -> Iterator[tuple[Any, str]]:
        """Note the slots of an object, such as whether a parameter is trainable."""
        for slot in {s for c in type(thing).__mro__ for s in slots_of(c)} - left_out:
            x = getattr(thing, slot, MISSING)
            self.items.append((partial(getattr, thing, slot, MISSING), x, f"{path}.{slot}"))
            yield x, f"{path}.{slot}"

    def function(self, f: FunctionType, path: str) -> Iterator[tuple[Any, str]]:
        """Note what a function has captured, and which globals it names."""
        for name, cell in zip(f.__code__.co_freevars, f.__closure__ or (), strict=True):
            try:
                x = cell.cell_contents
            except ValueError:
                x = MISSING
            self.items.append((partial(cell_of, cell), x, name))
            self.place(setattr, cell, "cell_contents", x)
            yield x, name
        for x in (*(f.__defaults__ or ()), *(f.__kwdefaults__ or {}).values()):
            yield x, f"a default of {path}"
        self.items.append((partial(getattr, f, "__code__"), f.__code__, path))
        self.items.append((partial(getattr, f, "__defaults__"), f.__defaults__, path))
        if not is_users(f.__code__.co_filename):
            return
        names = names_in(f.__code__)
        for name in sorted(names):
            if name in f.__globals__:
                yield from self.contents(f.__globals__, str, [name], whole=False)
                x = f.__globals__[name]
                if isinstance(x, ModuleType) and is_users(getattr(x, "__file__", None)):
                    used = sorted(names & vars(x).keys())
                    yield from self.contents(vars(x), f"{name}.{{}}".format, used, whole=False)
                if isinstance(x, type) and is_users_class(x):
                    for key in sorted(names & vars(x).keys()):
                        read = partial(x.__dict__.get, key, MISSING)
                        self.items.append((read, vars(x)[key], f"{name}.{key}"))
                        yield vars(x)[key], f"{name}.{key}"

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
            return
        self.size += x.nbytes
        if self.size > MOST_BYTES:
            raise TracingError(
                f"{path} is an array of {x.nbytes:,} bytes outside the function, which may be "
                f"written to: give it as an argument, or write {path}.setflags(write=False)"
            )
        self.arrays.append((x, x.tobytes(), path))


def places_of_state(roots: list[Any]) -> tuple[list[Place], list[Any]]:
    """Return where Kept arrays and generators lie that a recording follows, and those it does not.

    The latter lie in tuples, say, where nothing can be put in their place, or share memory with an
    array that is not Kept.
    """
    found = Surroundings(roots, [])
    for root in roots:
        found.met[id(root)] -= is_state(root)
    known = Counter(id(place.thing) for place in found.places)
    shown = [array for array, _, _ in found.arrays]
    fixed = {
        key: found.seen[key]
        for key, times in found.met.items()
        if times != known[key] or any(np.may_share_memory(found.seen[key], x) for x in shown)
    }
    return [p for p in found.places if id(p.thing) not in fixed], list(fixed.values())


def names_in(code: CodeType) -> set[str]:
    """Return all names that a function and those inside it use."""
    found = set(code.co_names)
    for x in code.co_consts:
        if isinstance(x, CodeType):
            found |= names_in(x)
    return found


def slots_of(kind: type) -> tuple[str, ...]:
    """Return the slots that a class of the program names."""
    slots = vars(kind).get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)


def is_users(filename: str | None) -> bool:
    """Whether a file belongs to the program, not to a library."""
    if filename is None:  # what is typed at a prompt, or built in
        return False
    return not (
        is_ours(filename)
        or filename.startswith((sys.base_prefix, sys.prefix))
        or "site-packages" in filename
        or filename.startswith("<frozen")
    )


def is_users_class(kind: type) -> bool:
    """Whether a class belongs to the program, not to a library."""
    module = sys.modules.get(kind.__module__)
    return kind.__module__ == "__main__" or is_users(getattr(module, "__file__", None))


def same_simple(now: Any, then: Any) -> bool:
    """Whether two numbers or strings are the same."""
    if type(now) is not type(then):
        return False
    if isinstance(now, FunctionType):  # a lambda or def inside a function is made anew each time
        return False
    return isinstance(now, (*SIMPLE, frozenset)) and (now == then or (now != now and then != then))


def is_same(now: Any, then: Any) -> bool:
    """Whether an item of a list is the same object, or the same number or string."""
    return now is then or same_simple(now, then)


def cell_of(cell: Any) -> Any:
    """Return what a closure has captured, MISSING if nothing yet."""
    try:
        return cell.cell_contents
    except ValueError:
        return MISSING
