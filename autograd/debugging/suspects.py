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

    def among(self, values: list[Value | None]) -> list[int]:
        """Return the serials of the suspects among some Values."""
        return [x.serial for x in values if x is not None and x.serial in self.errors]

    def behind(self, values: list[Value | None], where: str) -> NonFiniteError:
        """Return the error for the first suspect among some Values, and what it reached.

        No suspect is left then: an error that is raised should not be held by what it passes.
        """
        error = reached(self.errors[self.among(values)[0]], where)
        self.clear()
        return error

    def left(self) -> list[NonFiniteError]:
        """Return the errors for suspects that no op took, so that they may be results."""
        found = list(self.unused.values())
        self.clear()
        return found

    def clear(self) -> None:
        """Forget all suspects."""
        self.errors.clear()
        self.unused.clear()
