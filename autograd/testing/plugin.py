"""The tests of `pytest --gradients PACKAGE`: one for each thing in a package with derivatives."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

from autograd.testing.collecting import subjects_of
from autograd.testing.report import OutsideDomainError
from autograd.testing.subjects import Subject, Unusable

MODES = ("reverse", "forward")


def tests_of(package: str, session: pytest.Session) -> Iterator[pytest.Item]:
    """Yield a test for each op, function and network of a package, by mode, order and dtype.

    Raises:
        pytest.UsageError: there is no such package, or nothing to test in it.
    """
    orders = range(1, session.config.getoption("gradients_order") + 1)
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
    for subject in subjects:
        dtypes = [(order, dtype) for order in orders for dtype in subject.dtypes(order)]
        for mode, (order, dtype) in product(MODES, dtypes):
            name = f"{subject.name}[{mode}-order{order}-{dtype}]"
            yield GradientsItem.from_parent(
                session,
                name=f"{package}::{name}",
                nodeid=f"{package}::{name}",
                subject=subject,
                mode=mode,
                order=order,
                dtype=dtype,
            )


class GradientsItem(pytest.Item):
    """The test of one thing in one mode, up to one order, in one dtype."""

    def __init__(self, *, subject: Subject, mode: str, order: int, dtype: np.dtype, **rest: Any):
        super().__init__(**rest)
        self.subject, self.dtype = subject, dtype
        self.options = {
            "modes": (mode,),
            "order": order,
            "seed": self.config.getoption("gradients_seed"),
        }
        self.add_marker("gradients")

    def runtest(self) -> None:
        self.subject.check(self.dtype, self.config.getoption("gradients_examples"), self.options)

    def repr_failure(self, excinfo: pytest.ExceptionInfo, style: Any = None) -> Any:
        """Return the checker's own message, without the traceback."""
        if not isinstance(excinfo.value, (AssertionError, OutsideDomainError)):
            excinfo.traceback = excinfo.traceback.cut(path=__file__)
            return super().repr_failure(excinfo, style)
        return "\n".join([str(excinfo.value), *getattr(excinfo.value, "__notes__", [])])

    def reportinfo(self) -> tuple[Any, None, str]:
        return self.path, None, self.name
