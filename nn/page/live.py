"""The file of a page that follows a training: replaced now and then, as a whole."""

from __future__ import annotations

import os
from pathlib import Path
from time import monotonic, time
from typing import TYPE_CHECKING
from warnings import warn

from autograd.notation.pages import page_of
from nn.page.facts import training_facts
from nn.saving.replacing import replacing

if TYPE_CHECKING:
    from nn.monitoring import Monitor

SCRIPTS = "training colours charts layers histograms main".split()
PAUSE = 50  # a new version takes at most one part in 50 of the time


class LivePage:
    """A page that shows a monitor, in a browser.

    Attributes:
        ended: how the training ended, in words, for the last version.

    Args:
        path: the file.
        every: how many seconds are at least between two versions.

    Raises:
        ValueError: the path does not end in .html, or the time is negative.
        FileNotFoundError: there is no such folder.
    """

    def __init__(self, path: str | os.PathLike[str], every: float = 5.0) -> None:
        self.path, self.every = Path(path).absolute(), every
        if self.path.suffix.lower() not in (".html", ".htm"):
            raise ValueError(
                f"the page of a training is a .html file, not {self.path.name!r}; "
                "watch.plot().savefig(path) makes a picture"
            )
        if not self.path.parent.is_dir():
            raise FileNotFoundError(f"make the folder {self.path.parent} first: there is none")
        if not every >= 0:
            raise ValueError(f"every is a number of seconds, of at least 0, not {every!r}")
        self.due = 0.0
        self.ended = "finished"

    def follow(self, watch: Monitor) -> None:
        """Write a version if it is time for one; if that fails, the training goes on."""
        began = monotonic()
        if began >= self.due:
            self.write_or_warn(watch, "running")
            now = monotonic()
            self.due = now + max(self.every, PAUSE * (now - began))

    def finish(self, watch: Monitor) -> None:
        """Write the last version."""
        if watch.count:
            self.write_or_warn(watch, self.ended)

    def write_or_warn(self, watch: Monitor, state: str) -> None:
        """Write a version, or warn that the disk would not take it."""
        try:
            self.write(watch, state)
        except OSError as error:
            warn(f"the page of the training was not written: {error}", stacklevel=4)

    def write(self, watch: Monitor, state: str = "") -> None:
        """Write a version; the file is the old one or the new one at any moment.

        Args:
            watch: what to show.
            state: whether the training goes on ("running"), or how it ended.
        """
        facts = training_facts(watch)
        facts |= {"state": state, "written": round(time() * 1000), "every": self.every}
        page = page_of("nn.page", "training", SCRIPTS, facts["title"], facts)
        with replacing(self.path) as file:
            file.write(page.encode("utf-8", "replace"))
