"""check_gradients: are the derivatives of a function right, at a point, in every mode and order?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.testing.check import Check
from autograd.testing.functional import opened
from autograd.testing.handwritten import Handwritten
from autograd.testing.problem import Problem
from autograd.testing.report import GradientError, Report
from autograd.testing.rules import check_rules


def check_gradients(
    f: Callable[..., Any],
    *args: Any,
    order: int = 2,
    modes: str | Sequence[str] = ("reverse", "forward"),
    wrt: Any = None,
    grad: Callable[..., Any] | None = None,
    seed: int = 0,
    nearby: bool = True,
) -> Report:
    """Check derivatives of a function at a point against differences of its values.

    There is no tolerance to choose: differences are extrapolated with an estimate of their own
    error, and a derivative that is further away is wrong.  Where the derivatives from the two
    sides differ, all between them are right.

    Args:
        f: takes and returns numbers, arrays and containers of them.  The parameters of a network
            are checked as one more argument, see `functional`.
        args: the point, in any float or complex dtype.
        order: up to which order derivatives are checked.
        modes: "reverse" (against the arrows), "forward" (along them).
        wrt: positions of the arguments to differentiate; all that hold floats if left out.
        grad: a function of the same arguments that returns the gradient, where it was written
            by hand or comes from elsewhere: of the argument's form, or a tuple for several; a
            Jacobian if `f` returns an array or a list of numbers.  Then `f` need not be
            differentiable by autograd, and `order`, `modes` and `nearby` play no part.
        seed: of the random directions.
        nearby: look along one direction at a second point too, a few percent off: a rule may
            remember the first one it saw.

    Returns:
        a report that can be printed.

    Raises:
        GradientError: a derivative is wrong, or the function has another defect.
        TypeError: there is nothing to differentiate, or the result is no number.
        ValueError: the function is not defined at the point.

    Example:
        >>> report = check_gradients(lambda x: np.sum(np.sin(x)), np.array([0.5, 1.0]))
        >>> print(report)
        gradients of <lambda> are right: ...
        >>> check_gradients(lambda x: x**3, 2.0, grad=lambda x: 2 * x**2)
        Traceback (most recent call last):
        autograd.testing.report.GradientError: the gradient of <lambda> is wrong...
    """
    __tracebackhide__ = True  # pytest shows the line that called
    modes = (modes,) if isinstance(modes, str) else tuple(modes)
    if not set(modes) <= {"reverse", "forward"} or not modes:
        raise ValueError(f'modes are "reverse" and "forward", not {modes!r}')
    if not isinstance(order, (int, np.integer)) or order < 1:
        raise ValueError(f"order counts from 1, not {order!r}")
    for name, function in (("f", f), ("grad=", grad)):
        if not callable(function) and not (function is grad is None):
            raise TypeError(
                f"{name} is {function!r:.60}, of {type(function).__name__}, and should be a "
                "function: write check_gradients(f, x), or check_gradients(f, x, grad=df)"
            )
    if grad is None:
        problem: Any = Problem(*opened(f, args), wrt)
    else:
        problem, order, modes = Handwritten(f, args, wrt, grad), 1, ("reverse",)
    report = Report(getattr(problem.f, "__name__", None) or repr(f))
    try:
        with np.errstate(all="ignore"):
            check = Check(problem, modes, np.random.default_rng(seed), report)
            check.run(order)
            if grad is None:
                if nearby and not check.kinks:  # there a constant may be right, and wrong elsewhere
                    check.elsewhere(problem)
                check_rules(problem)
    except GradientError as error:
        message = str(error)
        if grad is None:
            from autograd.testing.blame import blame

            with np.errstate(all="ignore"):
                message = "\n".join(filter(None, [message, blame(problem, order)]))
        raise GradientError(message) from error.__cause__
    return report
