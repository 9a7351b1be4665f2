"""Effects: a function prints, logs or reads files, which a program of numbers would not do."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import get_ident
from typing import Any

from autograd.compiling.errors import TracingError, line
from autograd.engine.owners import is_ours, is_users

AFTER = "a compiled function would {} while it is recorded, and not when it is called"
FILES = "read files before the call, and give what is in them"
PRINTS = "print after the call", "print"
LOGS = "log after the call", "log"
# What Python tells its audit hooks of (PEP 578), by the first part of the event's name.
AUDITED = {
    "open": (FILES, "open a file"),
    "os": ("look at files and folders before the call", "do this"),
    "shutil": ("change files before the call", "do this"),
    "subprocess": ("run other programs before the call, and give what they print", "run one"),
    "socket": ("ask other machines before the call, and give what they answer", "ask"),
    "sqlite3": ("ask databases before the call, and give what they answer", "ask"),
    "builtins": ("ask for input before the call, and give it", "ask"),
}
BUILTINS = {"builtins.input", "builtins.input/result"}  # others, such as id, do no harm

# Modules of Python's that read the source, to import it or to show a line of it in a warning.
SOURCE = ("linecache.py", "warnings.py")

recorders: dict[int, list[TracingError]] = {}  # what was refused, by the thread that records


@contextmanager
def refused() -> Iterator[None]:
    """Refuse to print, to log, to read files and the like, in this thread, while it records.

    Raises:
        TracingError: it was done, even if the function has caught the error meanwhile.
    """
    listen()
    thread, found = get_ident(), list[TracingError]()
    outer, recorders[thread] = recorders.get(thread), found
    make, out = logging.getLogRecordFactory(), sys.stdout
    logging.setLogRecordFactory(refusing(make, *LOGS))
    sys.stdout = Stream(out, refusing(getattr(out, "write", None), *PRINTS))
    try:
        yield
    except Exception:
        if not found:
            raise
    finally:
        sys.stdout = out
        logging.setLogRecordFactory(make)
        del recorders[thread]
        if outer is not None:
            recorders[thread] = outer
    if found:
        raise found[0]


def refusing(f: Any, remedy: str, verb: str) -> Callable[..., Any]:
    """Return a function that does what another does, but where a function is recorded."""

    def refuse(*args: Any, **kwargs: Any) -> Any:
        refuse_here(sys._getframe(1), remedy, verb)
        return f(*args, **kwargs)

    return refuse


def refuse_here(frame: Any, remedy: str, verb: str) -> None:
    """Raise TracingError if this thread records a function, and the program does it."""
    found = recorders.get(get_ident())
    if found is not None and by_the_program(frame):
        found.append(TracingError(f"{remedy}: {AFTER.format(verb)}{line(frame)}"))
        raise found[-1]


@cache
def listen() -> None:
    """Let Python tell us of files and the like from now on, which cannot be taken back."""
    sys.addaudithook(hear)


def hear(event: str, args: tuple[Any, ...]) -> None:
    """Refuse what Python tells of, if a function is recorded."""
    if not recorders:
        return
    kind = event.partition(".")[0]
    if kind in AUDITED and (kind != "builtins" or event in BUILTINS):
        refuse_here(sys._getframe(1), *AUDITED[kind])


def by_the_program(frame: Any) -> bool:
    """Whether the program does something, or a library for it; not we, nor a module on import."""
    while frame is not None and not is_users(frame.f_code.co_filename):
        name = frame.f_code.co_filename
        if is_ours(name) or "importlib" in name or name.endswith(SOURCE):
            return False
        frame = frame.f_back
    return True


class Stream:
    """A text stream that writes by a function, and is another stream in all else."""

    def __init__(self, stream: Any, write: Callable[..., Any]) -> None:
        self.stream, self.write = stream, write

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)
