"""Special points: zeros, ties and the like, where rules are wrong most often.

A check of one point looks at these too, along one random direction each. It fails only where there
is no doubt; all else is a line in the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.graph import history
from autograd.engine.primitive import PRIMITIVES
from autograd.engine.value import Value
from autograd.testing.along import Along
from autograd.testing.check import Check
from autograd.testing.line import Line
from autograd.testing.moves import scales
from autograd.testing.problem import Problem, coarsest, own, reals
from autograd.testing.report import GradientError, OutsideDomainError, Report, shown
from autograd.testing.verdict import Verdict, mismatch

VALUES = (0.0, -0.0, 1.0, -1.0, 0.5, -0.5)
SCALE = 2.0**10  # of a copy scaled up or down
SEVERAL = 4  # up to this many numbers change one by one too
STEPS = (2.0**-8, 2.0**-11)  # at which a fault must show
SURE = 1e-5  # of the derivative: a smaller fault is none
CLEAR = 8  # a fault must exceed the noise so much
IN_FLOAT32 = 0.01  # of a derivative: a larger difference between dtypes is a fault

OUTSIDE_DOMAIN = ("not finite", "outside the domain")  # outcomes

Made = Callable[[ndarray], ndarray | None]


def check_special(problem: Problem, seed: int, report: Report) -> None:
    """Check a gradient at special points, made from the point of a problem.

    Args:
        problem: the function, right at its own point.
        seed: the seed of the directions.
        report: takes a line about where there was nothing to compare.

    Raises:
        GradientError: the function is finite and smooth there, the gradient is finite, and it is
            wrong at two step sizes.
    """
    outcomes: dict[str, list[str]] = {}
    for where, there in special_points(problem):
        outcome = looked_at(where, there, np.random.default_rng(seed), report.name)
        outcomes.setdefault(outcome, []).append(where)
    found = f"{len(outcomes.pop('right', []))} right"
    others = [f"{outcome}: {', '.join(names):.80}" for outcome, names in outcomes.items()]
    report.lines.append("; ".join([f"special points: {found}", *others]))


def check_as_special(problem: Problem, seed: int, report: Report) -> None:
    """Check a gradient at the point of a problem as at a special one.

    Raises:
        GradientError: see `check_special`.
        OutsideDomainError: the function is not defined there, or not finite.
    """
    outcome = looked_at("the one given", problem, np.random.default_rng(seed), report.name)
    if outcome in OUTSIDE_DOMAIN:
        raise OutsideDomainError(f"{report.name} at {shown(problem.here)}: {outcome}")
    report.compared += outcome == "right"
    report.undecided += outcome != "right"
    report.lines.append(f"as a special point: {outcome}")


def asks_for_special(problem: Problem) -> bool:
    """Whether special points are worth a look: for gradients by hand and for rules of one's own."""
    if isinstance(problem, Along) or problem.accuracy:
        return False
    return problem.by_hand == "grad=" or (not problem.by_hand and has_own_rules(problem))


def has_own_rules(problem: Problem) -> bool:
    """Whether rules that are not this package's are part of a function's graph."""
    try:
        results = problem(*[Value(own(x)) for x in problem.numbers])
        nodes = history([y for y in results if isinstance(y, Value)], {})[0]
    except Exception:
        return False
    ours = {None, *PRIMITIVES.values()}
    return any(node.op not in ours for node in nodes)


# -- where ---------------------------------------------------------------------------------------


def special_points(problem: Problem) -> Iterator[tuple[str, Problem]]:
    """Yield (name, the same function at that point) for all special points."""
    count = len(problem.numbers)
    groups = [range(count)] + [[k] for k in range(count) if 1 < count <= SEVERAL]
    for group in groups:
        for name, change in changes():
            numbers = [
                changed(x, change) if k in group else x for k, x in enumerate(problem.numbers)
            ]
            if any(new is not None and k in group for k, new in enumerate(numbers)):
                kept = zip(numbers, problem.numbers, strict=True)
                where = problem.names[group[0]] if len(group) < count else ""
                there = problem.moved([x if new is None else new for new, x in kept])
                yield f"{name} in {where}" if where else name, there
    if not problem.by_hand:
        yield from narrowed(problem)
        yield from of_one(problem)


def changes() -> Iterator[tuple[str, Made]]:
    """Yield (name, function from an array to a special one, None if there is none)."""
    yield from changes_of_value()
    yield "in another memory order", lambda x: np.asfortranarray(x) if x.ndim > 1 else None
    yield "a view", strided


def changes_of_value() -> Iterator[tuple[str, Made]]:
    """Yield those of `changes` that make other numbers."""
    for value in VALUES:
        yield str(value), partial(with_value, value=value)
    yield "a single 0", with_zero
    yield "all zero", np.zeros_like
    yield "whole numbers", lambda x: np.where(np.rint(x) == 0, 2.0, np.rint(x)).astype(x.dtype)
    yield "ties", tied
    yield "all equal", lambda x: np.full_like(x, x.flat[0]) if x.size > 1 else None
    yield "equal rows", equal_rows
    yield "scaled up", lambda x: x * x.dtype.type(SCALE)
    yield "scaled down", lambda x: x / x.dtype.type(SCALE)


def changed(x: Any, change: Made) -> Any:
    """Return a number or an array in the form of `x`, None if nothing changes."""
    made = change(np.array(x)) if np.size(x) else None
    return made if made is None or isinstance(x, ndarray) else type(x)(made[()])


def with_value(x: ndarray, value: float) -> ndarray:
    """Return an array with a value at every other entry."""
    x.flat[::2] = value
    return x


def with_zero(x: ndarray) -> ndarray | None:
    """Return an array with a 0 at one entry alone, where a product has a slope."""
    x.flat[0] = 0.0
    return x if x.size > 2 else None


def tied(x: ndarray) -> ndarray | None:
    """Return an array in which every other entry equals the one before it."""
    flat = x.ravel()
    flat[1::2] = flat[0 : 2 * (x.size // 2) : 2]
    return flat.reshape(x.shape) if x.size > 1 else None


def equal_rows(x: ndarray) -> ndarray | None:
    """Return an array whose second row equals the first."""
    if x.ndim < 2 or len(x) < 2:
        return None
    x[1] = x[0]
    return x


def strided(x: ndarray) -> ndarray | None:
    """Return every other entry of a longer array."""
    return np.repeat(x, 2, axis=-1)[..., ::2] if x.ndim and x.size > 1 else None


def narrowed(problem: Problem) -> Iterator[tuple[str, Problem]]:
    """Yield the point itself in float32, if it is an array of float64."""
    if all(isinstance(x, ndarray) and x.dtype == np.float64 for x in problem.numbers):
        yield "float32", problem.moved([x.astype(np.float32) for x in problem.numbers])


def are_places(x: Any) -> bool:
    """Whether these may be indices into other arrays."""
    return isinstance(x, ndarray) and x.dtype.kind in "iu"


def of_one(problem: Problem) -> Iterator[tuple[str, Problem]]:
    """Yield the first row of all arrays that have as many as the first one.

    Not beside integers, which may be places in these arrays.
    """
    length = np.shape(problem.numbers[0])[:1]
    if length and length[0] > 1 and not any(map(are_places, problem.every)):
        there = problem.moved(list(problem.numbers))
        there.every = [x[:1] if np.shape(x)[:1] == length else x for x in problem.every]
        there.numbers = [there.every[k] for k in problem.places]
        yield "a batch of one", there


# -- what is seen there --------------------------------------------------------------------------


def looked_at(where: str, problem: Problem, rng: np.random.Generator, name: str) -> str:
    """Return what came of a look at a point, "right" if the gradient is.

    Raises:
        GradientError: it is wrong without doubt.
    """
    try:
        if not np.isfinite(reals(problem(*map(own, problem.numbers)))).all():
            return OUTSIDE_DOMAIN[0]
    except Exception:
        return OUTSIDE_DOMAIN[1]
    check = Check(problem, ("reverse",), rng, Report(name), brief=True)
    try:
        numbers, _, names = check.prepare()
        check.moves = list(along(numbers, rng))
        claimed = check.claims.derivatives("reverse", numbers)
        verdicts = [check.judge(move, numbers, claimed) for move in range(len(check.moves))]
        if coarsest(problem.numbers) != coarsest(numbers):
            in_both_dtypes(where, check, verdicts)
    except Wrong:
        raise
    except Exception:
        return "without a gradient"
    for verdict in verdicts:
        if not verdict.right.all() and (~verdict.right & clearly_wrong(verdict)).any():
            told = mismatch(
                verdict,
                [verdict],
                names,
                order=1,
                how=check.how("reverse"),
                argument=problem.names[verdict.k],
                shape=(),
                clues=None,
            )
            raise Wrong(f"{check.wrong}\nat a special point ({where}):\n{told}")
    if any(verdict.kink for verdict in verdicts):
        return "not smooth"
    right = all((verdict.right & ~verdict.undecided).all() for verdict in verdicts)
    return "right" if right else "undecided"


def along(
    numbers: Sequence[Any], rng: np.random.Generator
) -> Iterator[tuple[int, ndarray, str, float]]:
    """Yield a direction of each number, in which no two entries move alike, so that ties show."""
    for k, x in enumerate(numbers):
        size = scales(reals([x]))
        signs = rng.choice([-1.0, 1.0], size.size)
        if size.size:
            yield k, size * signs * rng.uniform(0.5, 1.0, size.size), " along a direction", 1.0


class Wrong(GradientError):
    """A gradient is wrong at a special point."""


def clearly_wrong(verdict: Verdict) -> ndarray:
    """Return which derivatives are wrong where the function is smooth, at two step sizes."""
    claim, found, line = verdict.claim, verdict.found, verdict.line
    stairs = line.samples.rough(line.worst[0], line.least) & (line.samples.still > 0)
    clear = ~stairs & np.isfinite(claim) & np.isfinite(found.value) & found.known & ~found.kink
    least = SURE * np.maximum(abs(claim), abs(found.value))
    (_, far, _), (_, near, blur) = looks = [central(line, t) for t in STEPS]
    clear &= near <= far / 2 + CLEAR * blur  # beside a kink they are equal, beside a jump it grows
    for quotient, bend, noise in looks:
        gap = abs(quotient - claim)
        clear &= gap > least
        clear &= gap > CLEAR * (abs(quotient - found.value) + noise)
        clear &= bend <= np.maximum(gap, abs(quotient)) / CLEAR
    return clear


def central(line: Line, t: float) -> tuple[ndarray, ndarray, ndarray]:
    """Return the central quotient at a step, how far the sides differ, and the noise of both."""
    ahead, behind = line.change(t), line.change(-t)
    noise = np.maximum(line.unit, line.eps * line.largest)
    return (ahead - behind) / (2 * t), abs(ahead + behind) / t, noise / t


def in_both_dtypes(where: str, check: Check, verdicts: Sequence[Verdict]) -> None:
    """Refuse a gradient in float32 that has nothing to do with the one in float64."""
    narrow = check.claims.derivatives("reverse", check.problem.numbers)
    for verdict in verdicts:
        found, expected = narrow(verdict.k, verdict.step), verdict.claim
        off = abs(found - expected) > IN_FLOAT32 * (abs(found) + abs(expected).max(initial=0.0))
        if (off & np.isfinite(found) & np.isfinite(expected) & verdict.right).any():
            i = int(off.argmax())
            raise Wrong(
                f"{check.wrong}\nat a special point ({where}): with respect to {verdict.name} it "
                f"is {found[i]:.7g}, but in float64 {expected[i]:.7g}"
            )
