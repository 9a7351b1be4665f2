"""The tests of `pytest --gradients PACKAGE`: one for each thing in a package with derivatives."""

from __future__ import annotations

import time
from collections.abc import Iterator
from math import inf
from typing import Any

import numpy as np
import pytest

from autograd.testing.collecting import subjects_of
from autograd.testing.report import OutsideDomainError
from autograd.testing.subjects import DTYPES, Subject, Unusable

OURS = ("autograd", "nn")  # packages whose ops are for every dtype


def tests_of(package: str, session: pytest.Session) -> Iterator[pytest.Item]:
    """Yield a test for each op, function and network of a package.

    Raises:
        pytest.UsageError: there is no such package, or nothing to test in it.
    """
    why = (
        "none of its modules holds a Primitive, a function made by `primitive`, a subclass of "
        "nn.Module, or a function with a `domain` or `samples`"
    )
    try:
        subjects = subjects_of(package)
    except ImportError as error:
        subjects, why = [], str(error)
    if not subjects:
        if not hasattr(session.config, "workerinput"):
            raise pytest.UsageError(f"--gradients {package}: {why}")
        subjects = [Unusable(package, None, why)]  # a worker of pytest-xdist must not raise
    asked = session.config.getoption("gradients_dtypes")
    if asked is None:
        asked = DTYPES if package.partition(".")[0] in OURS else DTYPES[:1]
    for subject in subjects:
        name = f"{package}::{subject.name}"
        yield GradientsItem.from_parent(
            session, name=name, nodeid=name, subject=subject, dtypes=asked
        )


class GradientsItem(pytest.Item):
    """The test of one thing, in each mode and dtype; it ends at the first failure."""

    def __init__(self, *, subject: Subject, dtypes: list[np.dtype], **rest: Any):
        super().__init__(**rest)
        self.subject, self.dtypes = subject, dtypes
        self.add_marker("gradients")

    def runtest(self) -> None:
        asked = self.config.getoption
        order, seconds = asked("gradients_order"), asked("gradients_seconds")
        end = inf if seconds is None else time.monotonic() + seconds
        options = {
            "modes": asked("gradients_modes"),
            "order": order,
            "seed": asked("gradients_seed"),
        }
        dtypes = self.subject.dtypes(order, self.dtypes)
        if not dtypes:
            pytest.skip(f"{self.subject.name} takes none of {', '.join(map(str, self.dtypes))}")
        points, others = 0, []
        for i, dtype in enumerate(dtypes):
            if i and time.monotonic() > end:
                others.append(str(dtype))
                continue
            points += self.subject.check(dtype, asked("gradients_examples"), options, end)
        left = [f"{points} points"] * (points > 0) + others
        if left:
            self.user_properties.append(("gradients left out", ", ".join(left)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo, style: Any = None) -> Any:
        """Return the checker's own message, without the traceback."""
        if not isinstance(excinfo.value, (AssertionError, OutsideDomainError)):
            excinfo.traceback = excinfo.traceback.cut(path=__file__)
            return super().repr_failure(excinfo, style)
        return "\n".join([str(excinfo.value), *getattr(excinfo.value, "__notes__", [])])

    def reportinfo(self) -> tuple[Any, None, str]:
        return self.path, None, self.name
