"""A file replaced as a whole: what is there at any moment is the old one or the new one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO


@contextmanager
def replacing(path: Any) -> Iterator[BinaryIO]:
    """Yield a file to write to; when the block is done, it takes the place of the one at `path`.

    The new file is on the disk before it gets its name, so that not even a power cut leaves half of
    one. After an error it is removed, and the old one stays.
    """
    target = Path(os.path.realpath(path))  # through a link, not over it
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with open(draft, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
        settle(target.parent)
    finally:
        draft.unlink(missing_ok=True)


def settle(folder: Path) -> None:
    """Wait until a new name in a folder is on the disk, where the system can tell."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
