"""given_gradients: turn a function into a test of its derivatives at many points."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from inspect import Parameter, Signature, signature
from typing import Any

import hypothesis
import numpy as np
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy

from autograd.engine.primitive import Primitive
from autograd.testing import strategies
from autograd.testing.code import as_code
from autograd.testing.report import GradientError, OutsideDomainError, Report

HOPELESS = 50  # give up after this many points, if all lie outside the function's domain


def given_gradients(
    *,
    order: int = 2,
    examples: int | None = None,
    seed: int | None = None,
    dtype: Any = np.float64,
    options: dict[str, Any] | None = None,
    **arguments: Any,
) -> Callable[[Callable[..., Any]], Callable[..., None]]:
    """Turn a function into a test of its derivatives by `check_gradients` at random points.

    A failure is shrunk to the smallest input that fails, which is printed as code to paste: called
    with arguments, the test checks that point alone. Points where the function is not defined (it
    raises a ValueError or ArithmeticError, or is not finite) are skipped.

    Args:
        order: the highest order of derivatives to check.
        examples: how many points to draw; left to Hypothesis's profile by default.
        seed: draw the same points in every run, and do not remember failures.
        dtype: the dtype of the arrays, or a strategy for it such as `strategies.dtypes`.
        options: further arguments for `check_gradients`, such as {"grad": slope}.
        arguments: for each argument of the function by name, the ends (low, high) of its domain or
            `...` for all numbers, which are drawn as arrays that broadcast together; or a strategy
            of your own. Arguments of a test that are not listed here are pytest's fixtures.

    Returns:
        a decorator; the test takes no arguments, or the point to check.

    Raises:
        TypeError: the function does not have such an argument, or an argument is given neither
            ends nor `...` nor a strategy.
        ValueError: a domain contains no number; (when called) the function is not defined at any
            of the points.

    Example:
        >>> @given_gradients(x=(0, 4), y=(-3, 3), examples=5, seed=0)
        ... def test_product(x, y):
        ...     return np.log(x) * y
        >>> test_product()
        >>> test_product(x=np.array([1.0, 2.0]), y=0.5)
    """
    if not arguments:
        raise TypeError("write given_gradients(x=(low, high)): it needs at least one argument")
    points = drawn(arguments, dtype)

    def decorate(f: Callable[..., Any]) -> Callable[..., None]:
        whole, names, rest = places(f, arguments)
        leading = [*whole.parameters][: len(names)] == names

        def check(point: dict[str, Any], fixtures: dict[str, Any]) -> Report:
            from autograd.testing import check_gradients

            __tracebackhide__ = True  # pytest shows the message alone
            g = f if leading and not fixtures else by_name(f, names, fixtures)
            args = [point[name] for name in names]
            # no point nearby is needed, since many points are drawn
            return check_gradients(g, *args, **{"order": order, "nearby": False, **(options or {})})

        @wraps(f)
        def test(*args: Any, **kwargs: Any) -> None:
            __tracebackhide__ = True
            given = whole.bind_partial(*args, **kwargs).arguments
            fixtures = {name: x for name, x in given.items() if name not in names}
            if len(fixtures) < len(given):
                check({name: given[name] for name in names}, fixtures)
                return

            search(
                partial(check, fixtures=fixtures),
                points,
                lambda point: ["import numpy as np", call(f, point)],
                examples=examples,
                seed=seed,
            )

        test.__signature__ = rest  # type: ignore[attr-defined]  # what pytest fills in
        return test

    return decorate


def drawn(arguments: dict[str, Any], dtype: Any) -> SearchStrategy[dict[str, Any]]:
    """Return the strategy for points; arguments given by ends broadcast together."""
    own = {name: x for name, x in arguments.items() if isinstance(x, SearchStrategy)}
    ends = {name: domain(name, x) for name, x in arguments.items() if name not in own}
    if not isinstance(dtype, SearchStrategy):
        for name, each in ends.items():  # report an empty domain here, not in the test
            try:
                strategies.numbers(dtype, each)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from None
    together = strategies.arguments(*ends.values(), dtype=dtype)
    return st.builds(
        lambda arrays, others: {**dict(zip(ends, arrays, strict=True)), **others},
        together,
        st.fixed_dictionaries(own),
    )


def domain(name: str, given: Any) -> tuple[float, float]:
    """Return the ends given for an argument; `...` stands for all numbers."""
    if given is ...:
        return strategies.EVERYTHING
    if (
        isinstance(given, tuple)
        and len(given) == 2
        and all(isinstance(end, (int, float, np.number)) for end in given)
    ):
        return (float(given[0]), float(given[1]))
    raise TypeError(
        f"{name}={given!r:.60}: write the ends of its domain (low, high), ... for all numbers, "
        "or a strategy such as autograd.testing.strategies.arrays((2, 3))"
    )


def form(f: Callable[..., Any], arguments: dict[str, Any]) -> Signature:
    """Return the signature of `f`; for a ufunc without one, the given arguments in order."""
    try:
        return signature(f.forward if isinstance(f, Primitive) else f)
    except ValueError:
        return Signature([Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in arguments])


def places(
    f: Callable[..., Any], arguments: dict[str, Any]
) -> tuple[Signature, list[str], Signature]:
    """Return the signature, the given names in its order, and the signature of the other names."""
    whole = form(f, arguments)
    unknown = arguments.keys() - whole.parameters.keys()
    if unknown:
        raise TypeError(
            f"{getattr(f, '__name__', f)} has no argument {sorted(unknown)[0]}; choose from "
            f"{[*whole.parameters]}"
        )
    rest = [p for name, p in whole.parameters.items() if name not in arguments]
    names = [name for name in whole.parameters if name in arguments]
    return whole, names, whole.replace(parameters=[p for p in rest if p.default is p.empty])


def by_name(
    f: Callable[..., Any], names: list[str], fixtures: dict[str, Any]
) -> Callable[..., Any]:
    """Return `f` as a function of these arguments by position, with the fixtures filled in."""

    @wraps(f)
    def g(*args: Any) -> Any:
        return f(**dict(zip(names, args, strict=True)), **fixtures)

    return g


def call(f: Callable[..., Any], point: dict[str, Any]) -> str:
    """Return the code that calls a test with these arguments, also if it is a method."""
    path = getattr(f, "__qualname__", "test").rpartition("<locals>.")[2]
    owner, _, name = path.rpartition(".")
    name = name if name.isidentifier() else "test"  # a lambda has none
    arguments = ", ".join(f"{key}={as_code(x)}" for key, x in point.items())
    return f"{owner}().{name}({arguments})" if owner else f"{name}({arguments})"


def to_paste(lines: list[str]) -> str:
    """Return the note under a failure that says how to repeat it."""
    return "To check it alone:\n\n" + "\n".join(f"    {line}" for line in lines)


class HopelessDomain(BaseException):
    """None of many points lies in the domain; a BaseException, which Hypothesis lets through."""


def search(
    check: Callable[[Any], Report],
    points: SearchStrategy[Any],
    code: Callable[[Any], list[str]],
    *,
    examples: int | None = None,
    seed: int | None = None,
) -> None:
    """Run a check at random points; raise the error of the smallest point that fails.

    Points where the function is not defined are skipped.

    Args:
        check: raises an error if something is wrong.
        points: the strategy to draw from.
        code: returns the lines of a program that checks one point alone, for the message.
        examples, seed: see `given_gradients`.

    Raises:
        OutsideDomainError: the function is not defined at any of the points.
    """
    __tracebackhide__ = True
    compared = 0
    outside: list[OutsideDomainError] = []

    def at(point: Any) -> None:
        nonlocal compared
        try:
            compared += check(point).compared
        except OutsideDomainError as error:
            outside.append(error)
            if len(outside) >= HOPELESS and not compared:
                raise HopelessDomain from None
            hypothesis.reject()
        except Exception as error:
            error.add_note(f"This is the smallest input found that fails. {to_paste(code(point))}")
            raise

    asked: dict[str, Any] = {} if examples is None else {"max_examples": examples}
    if seed is not None:
        asked |= {"database": None, "derandomize": False}
    run = hypothesis.settings(
        deadline=None,
        print_blob=False,
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
        phases=set(Phase) - {Phase.explain},
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.filter_too_much,
        ],
        **asked,
    )(hypothesis.given(points)(at))
    try:
        (run if seed is None else hypothesis.seed(seed)(run))()
    except HopelessDomain:
        pass
    except GradientError as error:
        raise error.with_traceback(None) from error.__cause__  # without Hypothesis's frames
    except Unsatisfiable:
        if not outside:
            raise
    if outside and not compared:
        raise OutsideDomainError(
            f"none of the {len(outside)} points drawn lies in the function's domain; give ends "
            f"(low, high) inside it. At the first point: {outside[0]}"
        )
