"""Blocks: context managers whose end no interrupt can miss.

Python handles a signal, such as that of Ctrl-C, between two bytecodes: where a Python function
begins, after a function written in C or a call `f(*args)` has returned, and where a loop jumps
back. So:

- `try: change() finally: restore()`, where `restore()` is one call of a function written in C.
- Several changes are one if a function written in C makes them all: `at_once`.
- A `with` statement has no such way: its `__exit__`, written in Python, may be interrupted before
  its first line, and is never called again. `Block` takes care of that.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from contextlib import aclosing, contextmanager
from functools import partial, wraps
from inspect import (
    CO_ASYNC_GENERATOR,
    CO_GENERATOR,
    isasyncgenfunction,
    iscoroutinefunction,
    isgeneratorfunction,
)
from types import FrameType
from typing import Any, Self, TypeVar, cast
from weakref import ref

Function = TypeVar("Function", bound=Callable[..., Any])
CONTEXTLIB = contextmanager.__code__.co_filename


class Exit:
    """The `__exit__` of a block: a new object for each `with` statement, which alone holds it."""

    def __get__(self, block: Block | None, owner: type | None = None) -> Callable[..., None]:
        if block is None:
            return self
        leave = partial(block.leave)
        if not block.entered:
            block.statement = ref(leave, block.dropped)
        return leave

    def __call__(self, block: Block, *error: object) -> None:
        block.leave(*error)


class Block:
    """A context manager, and a decorator, that begins and ends something.

    If an interrupt keeps `__exit__` from doing its work, the `with` statement still drops it, and
    so the block ends nevertheless. Subclasses define `begin`, `end` and `again`.
    """

    __slots__ = ("entered", "statement")

    def __init__(self) -> None:
        self.entered = False
        self.statement: Any = None  # a weak reference to the `__exit__` that a statement holds

    def begin(self, frame: FrameType) -> None:
        """Begin, for a `with` statement in `frame`; an interrupt may come in the middle of it."""

    def end(self) -> None:
        """Undo as much of `begin` as has happened; after an interrupt, this may be called again."""

    def again(self) -> Self:
        """Return a new block of the same kind."""
        return type(self)()

    def __enter__(self) -> Self:
        if self.entered:
            raise RuntimeError(
                "this context manager is in use already; make a new one for each with statement"
            )
        self.entered = True
        self.begin(sys._getframe(1))
        return self

    __exit__ = cast("Callable[..., None]", Exit())

    def leave(self, *error: object) -> None:
        """End, once, with the error's type, value and traceback if there is one."""
        self.end()
        self.entered, self.statement = False, None

    def dropped(self, statement: object) -> None:
        """End, if the `with` statement is over and `leave` was interrupted."""
        if self.entered:
            self.leave()

    def __call__(self, f: Function) -> Function:
        """Return `f` such that each call runs in a new block; a generator, while it runs."""
        run: Any

        if isgeneratorfunction(f):

            @wraps(f)
            def run(*args: Any, **kwargs: Any) -> Any:
                with self.again():
                    return (yield from f(*args, **kwargs))

        elif isasyncgenfunction(f):

            @wraps(f)
            async def run(*args: Any, **kwargs: Any) -> Any:
                sent = None
                async with aclosing(f(*args, **kwargs)) as items:
                    with self.again():
                        while True:
                            try:
                                item = await items.asend(sent)
                            except StopAsyncIteration:
                                return
                            sent = yield item

        elif iscoroutinefunction(f):

            @wraps(f)
            async def run(*args: Any, **kwargs: Any) -> Any:
                with self.again():
                    return await f(*args, **kwargs)

        else:

            @wraps(f)
            def run(*args: Any, **kwargs: Any) -> Any:
                with self.again():
                    return f(*args, **kwargs)

        return run


def at_once(function: Callable[..., object], *columns: Iterable[Any]) -> None:
    """Call a function written in C for each row of arguments, without an interrupt in between."""
    list(map(function, *columns))


def generator_around(frame: FrameType | None) -> FrameType | None:
    """Return the frame of the generator whose `with` statement runs in `frame`, None if none does.

    A generator made into a context manager by `@contextmanager` stands for the statement that uses
    it, and `ExitStack` for the one around it.
    """
    while frame is not None and CONTEXTLIB in (file(frame), file(frame.f_back)):
        frame = frame.f_back
    if frame is not None and frame.f_code.co_flags & (CO_GENERATOR | CO_ASYNC_GENERATOR):
        return frame
    return None


def file(frame: FrameType | None) -> str:
    """Return the file whose code runs in a frame."""
    return "" if frame is None else frame.f_code.co_filename
