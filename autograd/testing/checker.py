"""check_gradients: check the derivatives of a function at a point, in every mode and order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np

from autograd.engine.silence import silence
from autograd.testing.along import Along
from autograd.testing.check import Check
from autograd.testing.functional import opened
from autograd.testing.problem import Problem
from autograd.testing.report import GradientError, Report
from autograd.testing.rules import check_rules
from autograd.testing.special import asks_for_special, check_as_special, check_special
from autograd.testing.tangents import problems_by_hand, split


def check_gradients(
    f: Callable[..., Any],
    *args: Any,
    order: int = 2,
    modes: str | Sequence[str] = ("reverse", "forward"),
    wrt: Any = None,
    grad: Callable[..., Any] | None = None,
    jvp: Callable[..., Any] | None = None,
    hess: Callable[..., Any] | None = None,
    hvp: Callable[..., Any] | None = None,
    value_and_grad: bool = False,
    accuracy: float | None = None,
    along: Sequence[Any] | None = None,
    seed: int = 0,
    nearby: bool = True,
    special: bool | Literal["only"] = True,
) -> Report:
    """Compare the derivatives of a function at a point with finite differences.

    There is no tolerance to choose: the differences are extrapolated and come with their own error
    estimate, and a derivative that is off by more is wrong. At a kink, every derivative between
    the two one-sided ones is right.

    Args:
        f: takes and returns numbers, arrays and containers of them. The parameters of a network
            are checked as one more argument, see `functional`.
        args: the point, in any float or complex dtype.
        order: the highest order of derivatives to check.
        modes: "reverse", "forward" or both.
        wrt: positions of the arguments to differentiate; all that hold floats if left out.
        grad: a function of the same arguments that returns a gradient written by hand or taken
            from elsewhere: in the form of the argument, or a tuple for several; a Jacobian if `f`
            returns an array or a list of numbers. With any of the derivatives by hand, autograd
            need not be able to differentiate `f`, and `order`, `modes` and `nearby` are ignored.
        jvp: a function of the same arguments and a direction, in the form of the argument or a
            tuple for several, that returns how the result of `f` changes along it.
        hess: a function of the same arguments that returns the Hessian of `f`: for an argument x
            an array of x.shape + x.shape, for several a tuple of tuples of such blocks. It is
            compared with differences of `grad`, or of autograd's gradient without one.
        hvp: a function of the same arguments and a direction that returns the product of the
            Hessian with it, in the form of a gradient; compared as `hess` is.
        value_and_grad: whether `f` returns a pair (value, gradient), instead of `grad`, as
            functions for SciPy's `jac=True` do.
        accuracy: how exact the derivatives have to be, relatively, such as 1e-5, where the function
            is itself numerical: a solver, a quadrature, a table. The report says how exact they
            are.
        along: the directions to move in, where the point may not move in others, such as tangents
            of a manifold: a list, of each in the form of the argument, or a tuple for several.
        seed: the seed of the random directions.
        nearby: also check along one direction at a second point, a few percent away, since a rule
            may remember the first point it saw.
        special: for `grad=` and for rules of your own, also check along one direction at special
            points near this one: zeros, ones, whole numbers, ties, equal rows, scaled copies,
            views and other layouts, and for rules also float32 and a batch of one. It fails only
            where the function is finite and smooth and the gradient is finite, and wrong at two
            step sizes. "only" checks the point itself so, and nothing else: say, at an end of the
            domain.

    Returns:
        a report that can be printed; its `table` holds every number that was compared.

    Raises:
        GradientError: a derivative is wrong, or the function has another defect.
        TypeError: there is nothing to differentiate, or the result is not a number.
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
        raise ValueError(f'modes should be "reverse", "forward" or both, not {modes!r}')
    if not isinstance(order, (int, np.integer)) or order < 1:
        raise ValueError(f"order should be an int of at least 1, not {order!r}")
    if accuracy is not None and not 0 < accuracy < 1:
        raise ValueError(f"accuracy should be a number such as 1e-5, not {accuracy!r}")
    given = {"grad": grad, "jvp": jvp, "hess": hess, "hvp": hvp}
    by = {name: function for name, function in given.items() if function is not None}
    for name, function in {"f": f, **by}.items():
        if not callable(function):
            raise TypeError(
                f"{name if function is f else f'{name}='} should be a function, not "
                f"{function!r:.60} ({type(function).__name__}): "
                "write check_gradients(f, x), or check_gradients(f, x, grad=df)"
            )
    if value_and_grad:
        if grad is not None:
            raise TypeError("the gradient is given twice: leave out grad= or value_and_grad=True")
        f, by["grad"] = split(f)
    if by:
        problems: list[Any] = list(problems_by_hand(f, args, wrt, by))
    else:
        f, args = opened(f, args)
        problems = [Problem(f, args, wrt)]
    report = Report(getattr(f, "__name__", None) or repr(f))
    for problem in problems:
        problem.accuracy = accuracy or 0.0
        problem = problem if along is None else Along(problem, along)
        check_problem(problem, report, order, modes, seed, nearby, special)
    return report


def check_problem(
    problem: Problem,
    report: Report,
    order: int,
    modes: Sequence[str],
    seed: int,
    nearby: bool,
    special: bool | Literal["only"],
) -> None:
    """Check the derivatives of a problem, and the rules of the ops in its graph.

    Args:
        problem: a function at a point.
        report: what has been found right, to be continued.
        order, modes, seed, nearby, special: see `check_gradients`.

    Raises:
        GradientError: a derivative is wrong, or the function has another defect.
    """
    by_hand = bool(problem.by_hand)
    if special == "only":
        with silence():
            check_as_special(problem, seed, report)
        return
    if by_hand:
        order, modes = 1, (problem.mode,)
    try:
        with silence():
            check = Check(problem, modes, np.random.default_rng(seed), report)
            check.run(order)
            if not by_hand:
                if nearby and not check.kinks:  # at a kink a constant may be right here only
                    check.elsewhere(problem)
                check_rules(problem)
            if special and asks_for_special(problem):
                check_special(problem, seed, report)
    except GradientError as error:
        message = str(error)
        if not by_hand:
            from autograd.testing.blame import blame

            with silence():
                message = "\n".join(filter(None, [message, blame(problem, order)]))
        raise failure(message, report) from error.__cause__  # a variable here would be a cycle


def failure(message: str, report: Report) -> GradientError:
    """Return the error with a message, and with what has been compared."""
    error = GradientError(message)
    error.report = report
    return error
