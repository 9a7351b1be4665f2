"""Suspects: numbers that are not finite, but may never reach a loss or a gradient."""

from __future__ import annotations

from autograd.debugging.report import NonFiniteError, reached
from autograd.engine.value import Value

MOST = 10_000  # how many are remembered, the latest


class Suspects:
    """The results that are not finite, each with the error for the op where it began."""

    def __init__(self) -> None:
        self.errors: dict[int, NonFiniteError] = {}  # by the serial of the result
        self.unused: dict[int, NonFiniteError] = {}  # those that no op has taken yet

    def hold(self, value: Value, error: NonFiniteError) -> None:
        """Hold a result that is not finite as a suspect."""
        self.errors[value.serial] = self.unused[value.serial] = error
        if len(self.errors) > MOST:
            oldest = next(iter(self.errors))
            self.unused.pop(oldest, None)
            del self.errors[oldest]

    def used(self, parents: tuple) -> NonFiniteError | None:
        """Note that an op took some Values; return the error of the first suspect among them."""
        serials = [parent.serial for parent in parents if parent is not None]
        for serial in serials:
            self.unused.pop(serial, None)
        return next((self.errors[serial] for serial in serials if serial in self.errors), None)

    def behind(self, values: list[Value | None], where: str) -> NonFiniteError | None:
        """Return the error for the first suspect among some Values, which reached a place."""
        for value in values:
            if value is not None and value.serial in self.errors:
                return reached(self.errors[value.serial], where)
        return None

    def left(self) -> NonFiniteError | None:
        """Return the error for the first suspect that no op took, so that it may be a result."""
        return next(iter(self.unused.values()), None)
