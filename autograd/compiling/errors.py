"""What stops a trace, and where the program was then."""

from __future__ import annotations

import os
import sys
from typing import Any

from autograd.engine.dispatch import LIBRARIES, OURS
from autograd.engine.owners import is_users


class TracingError(TypeError):
    """A compiled function does with a traced number what a recorded program could not repeat.

    Example:
        >>> import autograd
        >>> @autograd.compile
        ... def f(x):
        ...     return x if x > 0 else 0.0
        >>> try:
        ...     f(1.0)
        ... except TracingError as error:
        ...     print(str(error).partition(":")[0])
        write np.where(condition, a, b) for a choice, or autograd.scan for a loop
    """


class NotHereError(Exception):
    """What happens at this point cannot be recorded; it may be elsewhere."""


class NoNativeError(Exception):
    """Something in a program has no native form."""


def caller() -> Any:
    """Return the frame that used a Value: the first outside the engine and NumPy."""
    frame: Any = sys._getframe(1)
    engine = (os.path.join(OURS, "engine", ""), os.path.join(OURS, "compiling", ""))
    while frame.f_back is not None:
        name = frame.f_code.co_filename
        if not name.startswith(engine) and not any(part in name for part in LIBRARIES):
            break
        frame = frame.f_back
    return frame


def line(frame: Any) -> str:
    """Return the place of the program's that led to a frame, for the end of a message."""
    while frame.f_back is not None and not is_users(frame.f_code.co_filename):
        frame = frame.f_back
    return f" ({frame.f_code.co_filename}, line {frame.f_lineno})"
