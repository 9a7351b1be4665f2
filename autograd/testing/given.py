"""given_gradients: turn a function into a test of its derivatives at many points."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from inspect import Parameter, Signature, signature
from operator import itemgetter
from typing import Any

import hypothesis
import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from autograd.engine.primitive import Primitive
from autograd.testing import strategies
from autograd.testing.code import as_code, call, imports_of, name_in_code, source, spelt
from autograd.testing.problem import reals
from autograd.testing.report import Report
from autograd.testing.search import Search, adapted
from autograd.testing.special import Made, changed, changes_of_value, with_value

BY_HAND = ("grad", "hess", "hvp", "jvp")  # options that are functions of the test's arguments
SETTINGS = "_hypothesis_internal_use_settings"  # where Hypothesis keeps those of a test
ALONE = {"nearby": False, "special": False}  # since many points are drawn


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

    A failure is shrunk to the smallest input that fails, which is printed as a program to paste:
    called with arguments, the test checks that point alone. Points where the function is not
    defined (it raises a ValueError or ArithmeticError, or is not finite) are skipped.

    It is a test of Hypothesis: profiles, `@settings`, `@example`, `@seed` and
    `@reproduce_failure` do what they do with `@given`, above it or below. Hypothesis's own
    deadline of 200 ms does not apply, since a check takes its time; another one does.

    Args:
        order: the highest order of derivatives to check.
        examples: how many points to draw, unless `@settings` says so; left to Hypothesis's profile
            by default.
        seed: draw the same points in every run, and do not remember failures.
        dtype: the dtype of the arrays, or a strategy for it such as `strategies.dtypes`.
        options: further arguments for `check_gradients`, such as {"grad": slope}. A function among
            them is called with the drawn arguments, and with those of pytest's fixtures and
            parameters that it names.
        arguments: for each argument of the function by name, the ends (low, high) of its domain or
            `...` for all numbers, which are drawn as arrays that broadcast together; or a strategy
            of your own. Arguments of a test that are not listed here are pytest's fixtures. Some
            arrays hold zeros, ones, whole numbers, ties, equal rows, or an end: there the gradient
            fails only if the function is defined on both sides.

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
    own = {name: x for name, x in arguments.items() if isinstance(x, SearchStrategy)}
    ends = {name: domain(name, x) for name, x in arguments.items() if name not in own}
    points = drawn(ends, own, dtype)

    def decorate(f: Callable[..., Any]) -> Callable[..., None]:
        whole, names, rest = places(f, arguments)
        leading = [*whole.parameters][: len(names)] == names

        def check(given: dict[str, Any]) -> Report:
            from autograd.testing import check_gradients

            __tracebackhide__ = True  # pytest shows the message alone
            fixtures = {name: x for name, x in given.items() if name not in names}
            g = f if leading and not fixtures else by_name(f, names, fixtures)
            chosen = {"order": order, **ALONE, **(options or {})}
            if any(np.isin(reals([given[name]]), ends[name]).any() for name in ends):
                chosen["special"] = "only"  # beyond an end there may be nothing to compare with
            for name in BY_HAND:
                if callable(chosen.get(name)):
                    chosen[name] = with_fixtures(chosen[name], fixtures)
            return check_gradients(g, *[given[name] for name in names], **chosen)

        looking = Search(check, lambda given: to_paste(f, given, names))

        @wraps(f)
        def at(*args: Any, **kwargs: Any) -> None:
            __tracebackhide__ = True
            looking.at(at.__signature__.bind(*args, **kwargs).arguments)  # type: ignore[attr-defined]

        at.__name__ = name_in_code(f)
        at.__signature__ = open_form(whole, names)  # type: ignore[attr-defined]  # for Hypothesis
        run: Any = hypothesis.given(**by_argument(points, names))(at)
        setattr(run, SETTINGS, adapted(getattr(run, SETTINGS), examples))
        if seed is not None:
            run = hypothesis.seed(seed)(run)

        @wraps(f)
        def test(*args: Any, **kwargs: Any) -> None:
            __tracebackhide__ = True
            given = whole.bind_partial(*args, **kwargs).arguments
            if given.keys() & names:
                check(given)
                return
            asked = vars(test)  # what @settings, @example and others have left there
            vars(run).update({name: x for name, x in asked.items() if "hypothesis" in name})
            setattr(run, SETTINGS, adapted(asked[SETTINGS], examples))
            looking.run(lambda: run(*args, **kwargs))

        vars(test).update({name: x for name, x in vars(run).items() if "hypothesis" in name})
        test.__signature__ = rest  # type: ignore[attr-defined]  # what pytest fills in
        return test

    return decorate


def by_argument(
    points: SearchStrategy[dict[str, Any]], names: list[str]
) -> dict[str, SearchStrategy[Any]]:
    """Return a strategy for each argument; they come from one point, drawn once for all."""
    point = st.shared(points, key=object())
    return {name: point.map(itemgetter(name)) for name in names}


def drawn(
    ends: dict[str, strategies.Domain], own: dict[str, Any], dtype: Any
) -> SearchStrategy[dict[str, Any]]:
    """Return the strategy for points; arguments given by ends broadcast together."""
    if not isinstance(dtype, SearchStrategy):
        for name, each in ends.items():  # report an empty domain here, not in the test
            try:
                strategies.numbers(dtype, each)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from None
    return st.builds(lambda x, y: x | y, together(ends, dtype), st.fixed_dictionaries(own))


@st.composite
def together(draw: DrawFn, ends: dict[str, strategies.Domain], dtype: Any) -> dict[str, Any]:
    """Arrays that broadcast together, one of them sometimes special, or at an end."""
    point = dict(zip(ends, draw(strategies.arguments(*ends.values(), dtype=dtype)), strict=True))
    if ends and draw(st.integers(0, 3)) == 3:
        name = draw(st.sampled_from(sorted(ends)))
        at_ends = [partial(with_value, value=end) for end in ends[name] if np.isfinite(end)]
        every: list[Made] = [*at_ends, *(change for _, change in changes_of_value())]
        made = changed(point[name], draw(st.sampled_from(every)))
        if made is not None and inside(reals([made]), *ends[name]):
            point[name] = made
    return point


def inside(numbers: np.ndarray, low: float, high: float) -> bool:
    """Whether all numbers lie between two ends, or on them."""
    return bool(np.all((low <= numbers) & (numbers <= high)))


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


def open_form(whole: Signature, names: list[str]) -> Signature:
    """Return a signature without defaults, in which each argument may be given by its name."""
    parameters = [
        p.replace(kind=p.POSITIONAL_OR_KEYWORD, default=p.empty)
        for p in whole.parameters.values()
        if p.name in names or p.default is p.empty
    ]
    return Signature(parameters)


def by_name(
    f: Callable[..., Any], names: list[str], fixtures: dict[str, Any]
) -> Callable[..., Any]:
    """Return `f` as a function of these arguments by position, with the fixtures filled in."""

    @wraps(f)
    def g(*args: Any) -> Any:
        return f(**dict(zip(names, args, strict=True)), **fixtures)

    return g


def with_fixtures(g: Callable[..., Any], fixtures: dict[str, Any]) -> Callable[..., Any]:
    """Return `g` as a function of its other arguments, with the fixtures that it names."""
    parameters = signature(g).parameters.values()
    named = {p.name: fixtures[p.name] for p in parameters if p.name in fixtures}
    if not named:
        return g
    others = [p.name for p in parameters if p.name not in named and p.kind is not p.VAR_KEYWORD]

    @wraps(g)
    def filled(*args: Any) -> Any:
        return g(**dict(zip(others, args, strict=True)), **named)

    return filled


def to_paste(f: Callable[..., Any], given: dict[str, Any], names: list[str]) -> str:
    """Return the note under a failure: where the test is, and a program that repeats it.

    A program cannot make every fixture; then it is pytest that repeats it.

    Args:
        f: the function that became a test.
        given: its arguments.
        names: those that were drawn.
    """
    at = source(f)
    where = f", in {name_in_code(f)} ({at[0]}, line {at[1]})" if at else ""
    head = f"This is the smallest input found that fails{where}."
    arguments = {name: x for name, x in given.items() if name != "self"}
    if all(map(spelt, arguments.values())) or not at:
        program = [*imports_of(f), "import numpy as np", call(f, arguments)]
        return f"{head} To check it alone:\n\n" + indented(program)
    drawn = ", ".join(f"{name}={as_code(x)}" for name, x in arguments.items() if name in names)
    lines = [f"@hypothesis.example({drawn})"]
    return (
        f"{head} To check it first, write above it:\n\n{indented(lines)}\n\n"
        f"and run\n\n{indented([f'python -m pytest {at[0]} -k {name_in_code(f)}'])}"
    )


def indented(lines: list[str]) -> str:
    """Return lines of code for a message."""
    return "\n".join(f"    {line}" for line in lines)
