"""Effects: a function prints, logs or opens a file, which a program that computes would not do."""

from __future__ import annotations

import builtins
import io
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any

from autograd.compiling.errors import TracingError, line
from autograd.compiling.owners import is_ours, is_users

AFTER = "a compiled function would {} while it is recorded, and not when it is called"


@contextmanager
def refused() -> Iterator[None]:
    """Refuse to print, to log and to open files, in this thread, while a function is recorded.

    Raises:
        TracingError: it was done, even if the function has caught the error meanwhile.
    """
    thread, found = get_ident(), []

    def refusing(f: Any, remedy: str, verb: str) -> Callable[..., Any]:
        def refuse(*args: Any, **kwargs: Any) -> Any:
            frame = sys._getframe(1)
            if get_ident() != thread or not by_the_program(frame):
                return f(*args, **kwargs)
            found.append(TracingError(f"{remedy}: {AFTER.format(verb)}{line(frame)}"))
            raise found[-1]

        return refuse

    make, opened, out = logging.getLogRecordFactory(), builtins.open, sys.stdout
    opens = refusing(opened, "read files before the call, and give what is in them", "open a file")
    written = refusing(getattr(out, "write", None), "print after the call", "print")
    logging.setLogRecordFactory(refusing(make, "log after the call", "log"))
    builtins.open = io.open = opens
    sys.stdout = Stream(out, written)
    try:
        yield
    finally:
        sys.stdout = out
        builtins.open = io.open = opened
        logging.setLogRecordFactory(make)
    if found:
        raise found[0]


def by_the_program(frame: Any) -> bool:
    """Whether the program does something, or a library for it; not we, nor a module on import."""
    while frame is not None and not is_users(frame.f_code.co_filename):
        name = frame.f_code.co_filename
        if is_ours(name) or "importlib" in name:
            return False
        frame = frame.f_back
    return True


class Stream:
    """A text stream that writes by a function, and is another stream in all else."""

    def __init__(self, stream: Any, write: Callable[..., Any]) -> None:
        self.stream, self.write = stream, write

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)
