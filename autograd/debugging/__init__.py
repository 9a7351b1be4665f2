"""Find the op that makes a NaN or an infinity, and the line of the program that called it."""

from __future__ import annotations

from types import FrameType
from typing import Any, Self

from autograd.debugging.report import NonFiniteError
from autograd.debugging.session import Session
from autograd.engine.modes import Running, watching
from autograd.engine.silence import silence
from autograd.graphs.lines import remember
from autograd.graphs.places import caller

__all__ = ["NonFiniteError", "debug"]


def debug() -> Debugging:
    """Stop at the first op that makes a NaN or an infinity from finite numbers, in either pass.

    Use it as a context manager or a decorator; it watches its own thread and asyncio task, and
    inside a generator the generator alone. It raises a NonFiniteError that names the op, its
    arguments, the line that called it, the module around it and the likely cause. It also stops if
    a loss is not finite before its backward pass, and if an op meets a NaN that came in with the
    data.

    A number that the program may leave out, as in a branch of a `where` or inside `np.maximum`, is
    held as a suspect: it stops where that number reaches the loss, a gradient or the end of the
    block, and the error names the op that made it.

    Infinities that a program writes itself, such as the −inf of a mask, are allowed as long as no
    op makes a NaN from them. NaNs in data are allowed as long as ops only move them, until
    `np.nanmean` or a `where` takes them out. In the backward pass, NaNs of a branch that a `where`
    did not take are allowed, since they reach no gradient. NumPy's warnings are off inside. A step
    takes up to three times as long; the lines of the last 250,000 ops are remembered.

    Raises:
        NonFiniteError: an op, or a gradient, is not finite.

    Example:
        >>> import numpy as np
        >>> from autograd import Value
        >>> p = Value([0.5, 0.0], name="p")
        >>> with debug():
        ...     loss = -np.log(p).sum()
        Traceback (most recent call last):
        autograd.debugging.report.NonFiniteError: log made -inf from finite numbers, 1 of 2 ...
    """
    return Debugging()


class Debugging(Running):
    """What `debug()` returns."""

    __slots__ = ("silence",)

    def __init__(self) -> None:
        super().__init__()
        self.silence = silence()

    def begin(self, frame: FrameType) -> None:
        if any(isinstance(watcher, Session) for watcher in watching()):
            return  # an outer block is watching already
        self.watcher = Session(caller(frame))
        self.silence.begin(frame)
        super().begin(frame)

    def end(self) -> None:
        super().end()
        self.silence.end()
        if isinstance(self.watcher, Session):
            self.watcher.close()
            remember(self.watcher)
        self.watcher = None

    def leave(self, *error: Any) -> None:
        left = self.watcher.suspects.left()[:1] if isinstance(self.watcher, Session) else []
        super().leave(*error)
        if left and error[:1] == (None,):  # the block went well so far
            raise left.pop()

    def again(self) -> Self:
        return type(self)()
