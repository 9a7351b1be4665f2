"""Products with Jacobians and Hessians, written by hand or taken from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Any

import numpy as np

from autograd.engine.trees import aligned, filled, leaves
from autograd.testing.handwritten import ByHand, Handwritten
from autograd.testing.problem import Problem, coarsest, moves, own, random_like, reals
from autograd.testing.report import GradientError
from autograd.transforms.gradients import grad
from autograd.transforms.trace import name_of


class Tangents(ByHand):
    """A function whose change along a direction another function returns, which is `by`.

    `by` takes the arguments and a direction: in the form of the argument that moves, or a tuple of
    them for several. It returns the change in the form of the result.
    """

    mode = "forward"

    def __init__(self, *given: Any, option: str, what: str, result: str) -> None:
        super().__init__(*given)
        self.by_hand, self.what, self.result = option, what, result

    def pushforward(self, numbers: Sequence[Any]) -> Callable[[list[Any]], list[Any]]:
        """Return the function from changes of the numbers to changes of the results.

        `by` is called in the dtype of the arguments as they were given.

        Raises:
            GradientError: (also when called) `by` returns something else the second time, or in
                another form, or it is not linear in the direction.
        """
        results = self.f(*self.arguments([own(x) for x in self.numbers]))

        def push(tangents: list[Any]) -> list[Any]:
            pairs = zip(tangents, self.numbers, strict=True)
            cast = [np.asarray(v, np.result_type(x))[()] for v, x in pairs]
            found = self.asked(*self.arguments([own(x) for x in self.numbers]), self.tree(cast))
            return self.fitting(found, results)

        self.linear(push)
        return push

    def tree(self, tangents: list[Any]) -> Any:
        """Return a direction in the form of the argument that moves, or a tuple for several."""
        moved = dict(zip(self.places, tangents, strict=True))
        every = [moved.get(k, 0.0) for k in range(len(self.every))]
        whole = filled(self.args, iter(every))
        trees = tuple(whole[i] for i in self.differentiated)
        return trees if len(trees) > 1 else trees[0]

    def fitting(self, found: Any, results: Any) -> list[Any]:
        """Return the numbers in what `by` returned, in the order of those in the results.

        Raises:
            GradientError: it has another form or shape than the result.
        """
        who = f"what {name_of(self.by)} returns"
        try:
            pairs = list(aligned(found, results, who))
        except TypeError as error:
            raise GradientError(str(error)) from None
        changes = []
        for (where, change), (_, y) in zip(pairs, leaves(results), strict=True):
            change, y = self.taken(change), self.taken(y)
            if not moves(change) and not isinstance(change, int):
                raise GradientError(f"{where} should be a number or an array, not {change!r:.60}")
            if np.shape(change) != np.shape(y):
                raise GradientError(
                    f"{where} has shape {np.shape(change)}, not {np.shape(y)} like the "
                    f"{self.result}, which changes along the direction"
                )
            changes.append(own(change))
        return changes

    def linear(self, push: Callable[[list[Any]], list[Any]]) -> None:
        """Refuse a product that is not linear in the direction, or not the same twice."""
        rng = np.random.default_rng(0)
        a, b = ([random_like(x, rng) for x in self.numbers] for _ in range(2))
        both = [2.5 * x - 0.5 * y for x, y in zip(a, b, strict=True)]
        found, first, other = reals(push(both)), reals(push(a)), reals(push(b))
        if not np.allclose(reals(push(a)), first, max(1e-12, self.accuracy), 0.0, equal_nan=True):
            raise GradientError(f"{name_of(self.by)} gives another product when called twice")
        expected = 2.5 * first - 0.5 * other
        size = 2.5 * abs(first) + 0.5 * abs(other)
        blur = max(1e-6, self.accuracy, 1e3 * float(np.finfo(coarsest(self.numbers)).eps))
        off = abs(found - expected) > blur * (size + size.max(initial=0.0) / 1e3)
        if off.any() and np.isfinite(expected).all():
            raise GradientError(
                f"{name_of(self.by)} is not linear in the direction: for 2.5·a − 0.5·b it gives "
                f"{found[off][0]:.12g}, and from those for a and b follows {expected[off][0]:.12g}"
            )


def product_with(hess: Callable[..., Any], problem: ByHand) -> Callable[..., Any]:
    """Return the product with a Hessian, as a function of the arguments and a direction.

    Args:
        hess: returns the Hessian of one argument x, an array of x.shape + x.shape; or, for several
            arguments, a tuple of tuples of such blocks, (gradient of one, with respect to another).
        problem: the function, at its point.
    """
    several = len(problem.differentiated) > 1
    shapes = [np.shape(problem.args[i]) for i in problem.differentiated]

    def product(*given: Any) -> Any:
        *args, direction = given
        found = hess(*args)
        rows = found if several else ((found,),)
        directions = direction if several else (direction,)
        try:
            blocks = [[as_array(block) for block in row] for row in rows]
            formed = [[block.shape for block in row] for row in blocks]
        except TypeError:
            formed = []
        wanted = [[a + b for b in shapes] for a in shapes]
        if formed != wanted:
            raise GradientError(
                f"{name_of(hess)} should return {described(wanted)}, (gradient, argument), not "
                f"{described(formed)}"
            )
        pairs = [
            [np.tensordot(block, v, np.ndim(v)) for block, v in zip(row, directions, strict=True)]
            for row in blocks
        ]
        changes = tuple(sum(row[1:], row[0])[()] for row in pairs)
        return changes if several else changes[0]

    product.__name__ = name_of(hess)
    return product


def as_array(block: Any) -> np.ndarray:
    """Return a block of a Hessian as an array; SciPy's sparse ones, too."""
    return np.asarray(block.toarray() if hasattr(block, "toarray") else block)


def described(shapes: list[list[tuple[int, ...]]]) -> str:
    """Return the shapes of the blocks of a Hessian in words."""
    if not shapes:
        return "something else"
    if len(shapes) == 1:
        return f"an array of shape {shapes[0][0]}"
    return f"a tuple of tuples of arrays of the shapes {shapes}"


def problems_by_hand(
    f: Callable[..., Any], args: Sequence[Any], wrt: Any, by: dict[str, Callable[..., Any]]
) -> Iterator[ByHand]:
    """Yield a problem for each derivative by hand: what it belongs to, and how it is computed.

    Args:
        f, args, wrt: see `Problem`.
        by: the functions that return derivatives, by option: grad, jvp, hess, hvp.

    Raises:
        TypeError: there is no gradient that a Hessian could be compared with.
    """
    if "grad" in by:
        yield Handwritten(f, args, wrt, by["grad"])
    if "jvp" in by:
        yield Tangents(f, args, wrt, by["jvp"], option="jvp=", what="jvp", result="result")
    for name in [name for name in ("hess", "hvp") if name in by]:
        slope = by["grad"] if "grad" in by else gradient_of(f, args, wrt, name)
        words = {"option": f"{name}=", "what": "second derivative", "result": "gradient"}
        problem = Tangents(slope, args, wrt, by[name], **words)
        if name == "hess":
            problem.by = product_with(by[name], problem)
        if any(np.iscomplexobj(x) for x in problem.numbers):
            raise TypeError(f"{name}= is for real arguments: split x + iy into x and y")
        yield problem


def gradient_of(
    f: Callable[..., Any], args: Sequence[Any], wrt: Any, name: str
) -> Callable[..., Any]:
    """Return the gradient of `f` by autograd, to compare second derivatives with.

    Raises:
        TypeError: autograd cannot differentiate `f`.
    """
    moving = Problem(f, args, wrt).differentiated
    slope = grad(f, moving[0] if len(moving) == 1 else tuple(moving))
    try:
        slope(*args)
    except Exception as error:
        raise TypeError(
            f"{name}= is compared with differences of the gradient, and autograd cannot "
            f"differentiate {name_of(f)}: give grad= too ({type(error).__name__}: {error})"
        ) from error
    return slope


def split(f: Callable[..., Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return a function that returns a pair (value, gradient) as two functions.

    Raises:
        TypeError: (when called) it does not return a pair.
    """

    def pair(*args: Any) -> Any:
        found = f(*args)
        if not isinstance(found, (tuple, list)) or len(found) != 2:
            raise TypeError(
                f"with value_and_grad=True {name_of(f)} should return a pair (value, gradient), "
                f"not {found!r:.60}"
            )
        return found

    @wraps(f)
    def value(*args: Any) -> Any:
        return pair(*args)[0]

    @wraps(f)
    def slope(*args: Any) -> Any:
        return pair(*args)[1]

    return value, slope
