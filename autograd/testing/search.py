"""Search: run a check at points that Hypothesis draws, and say which is the smallest to fail."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy

from autograd.testing.report import GradientError, OutsideDomainError, Report

HOPELESS = 50  # give up after this many points, if all lie outside the function's domain
SUPPRESSED = (
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
    HealthCheck.function_scoped_fixture,
)


class HopelessDomain(BaseException):
    """None of many points lies in the domain; a BaseException, which Hypothesis lets through."""


class Search:
    """A check at many points, of which those where the function is not defined are skipped.

    Args:
        check: raises an error if something is wrong at a point.
        note: returns what to add to the message if it fails at a point.
        end: the reading of `time.monotonic` after which, once something was compared, points count
            as checked.

    Attributes:
        compared: how many derivatives were compared, decided or not.
        left_out: how many points were drawn after the time was over, and not checked.
        outside: the errors at points that lie outside the function's domain.
    """

    def __init__(
        self, check: Callable[[Any], Report], note: Callable[[Any], str], end: float = math.inf
    ) -> None:
        self.check, self.note, self.end = check, note, end
        self.compared, self.left_out = 0, 0
        self.outside: list[OutsideDomainError] = []

    def at(self, point: Any) -> None:
        """Check one point."""
        __tracebackhide__ = True
        if self.compared and time.monotonic() > self.end:
            self.left_out += 1
            return
        try:
            report = self.check(point)
            self.compared += report.compared + report.undecided
        except OutsideDomainError as error:
            self.outside.append(error)
            if len(self.outside) >= HOPELESS and not self.compared:
                raise HopelessDomain from None
            hypothesis.reject()
        except Exception as error:
            error.add_note(self.note(point))
            raise

    def run(self, test: Callable[[], None]) -> None:
        """Run a test of Hypothesis that calls `at`; raise the error of the smallest point.

        Raises:
            OutsideDomainError: the function is not defined at any of the points.
        """
        __tracebackhide__ = True
        self.compared, self.left_out, self.outside = 0, 0, []
        try:
            test()
        except HopelessDomain:
            pass
        except GradientError as error:
            raise error.with_traceback(None) from error.__cause__  # without Hypothesis's frames
        except Unsatisfiable:
            if not self.outside:
                raise
        if self.outside and not self.compared:
            raise OutsideDomainError(
                f"none of the {len(self.outside)} points drawn lies in the function's domain; give "
                f"ends (low, high) inside it. At the first point: {self.outside[0]}"
            )


def adapted(asked: settings, examples: int | None = None) -> settings:
    """Return settings as a user asked for, without what does not suit the check of a gradient.

    A check takes its time, so that only a deadline other than Hypothesis's own counts; its message
    holds all that Hypothesis would print, so that only a higher verbosity counts.

    Args:
        asked: the settings of a test, or of the profile.
        examples: how many points to draw, if these settings do not say.
    """
    default = settings.get_profile("default")
    left = asked.max_examples == settings().max_examples
    return settings(
        parent=asked,
        max_examples=examples if examples and left else asked.max_examples,
        deadline=None if asked.deadline == default.deadline else asked.deadline,
        verbosity=Verbosity.quiet if asked.verbosity == Verbosity.normal else asked.verbosity,
        report_multiple_bugs=False,
        phases=[phase for phase in asked.phases if phase != Phase.explain],
        suppress_health_check={*asked.suppress_health_check, *SUPPRESSED},
    )


def search(
    check: Callable[[Any], Report],
    points: SearchStrategy[Any],
    note: Callable[[Any], str],
    *,
    examples: int | None = None,
    seed: int | None = None,
    end: float = math.inf,
) -> int:
    """Run a check at random points; raise the error of the smallest point that fails.

    Args:
        points: the strategy to draw from.
        check, note, end: see `Search`.
        examples, seed: see `given_gradients`.

    Returns:
        how many points were left out when the time was over.

    Raises:
        OutsideDomainError: the function is not defined at any of the points.
    """
    __tracebackhide__ = True
    looking = Search(check, note, end)

    def at(point: Any) -> None:
        __tracebackhide__ = True
        looking.at(point)

    test = adapted(settings(), examples)(hypothesis.given(points)(at))
    looking.run(test if seed is None else hypothesis.seed(seed)(test))
    return looking.left_out
