"""Find the op that makes a NaN or an infinity, and the line of the program that called it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from autograd.debugging.places import caller
from autograd.debugging.report import NonFiniteError
from autograd.debugging.session import Session
from autograd.engine.modes import watched, watching

__all__ = ["NonFiniteError", "debug"]


@contextmanager
def debug() -> Iterator[None]:
    """Stop at the first op that makes a NaN or an infinity of finite numbers, forward or backward.

    A context manager or a decorator, of this thread.  Where it stops it raises a
    NonFiniteError that says the op, the numbers it met, the line that called it and the module
    around it, and what the cause may be.  It stops too where a loss is not finite already when its
    backward pass begins, and where an op meets a NaN that came in as data.

    Infinities that a program writes itself, such as the −inf of a mask, are let through as long as
    no NaN is made of them.  So are NaNs in data as long as they are only moved about, until
    `np.nanmean` or a `where` takes them out; and, on the way back, those of a branch that a `where`
    did not take, which reach no gradient.  NumPy's warnings are off inside.  A step takes up to
    three times as long; the lines of the last 250,000 ops are remembered.

    Raises:
        NonFiniteError: an op, or a gradient, is not finite.

    Example:
        >>> import numpy as np
        >>> from autograd import Value
        >>> p = Value([0.5, 0.0], name="p")
        >>> with debug():
        ...     loss = -np.log(p).sum()
        Traceback (most recent call last):
        autograd.debugging.report.NonFiniteError: log made -inf of finite numbers, 1 of 2 ...
    """
    if any(isinstance(watcher, Session) for watcher in watching()):
        yield  # the block around this one watches already
        return
    session = Session(caller(sys._getframe(1)))
    try:
        with watched(session), np.errstate(all="ignore"):
            yield
    finally:
        session.base = None  # which holds this frame
