"""Along: a function along given directions, for points that may not move in all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any

import numpy as np

from autograd.engine.trees import aligned
from autograd.testing.moves import scales
from autograd.testing.problem import Problem, from_reals, reals

LIKE = 16.0  # a direction is scaled if it is so much larger or smaller than the numbers


class Along(Problem):
    """A problem whose numbers move along directions, as a function of how far along each.

    Args:
        base: the problem.
        directions: each in the form of the argument that moves, or a tuple for several.

    Attributes:
        vectors: the directions, each as numbers in the form of those of `base`.

    Raises:
        TypeError, ValueError: a direction has another form, or goes nowhere.
    """

    def __init__(self, base: Problem, directions: Sequence[Any]) -> None:
        self.__dict__.update(vars(base))
        self.what, self.result, self.mode = base.what, base.result, base.mode
        self.by_hand, self.accuracy = base.by_hand, base.accuracy
        self.base = base.moved(base.widest())
        self.names, self.vectors = [], []
        for i, direction in enumerate(listed_directions(directions)):
            name, vector = f"along[{i}]", parts(base, direction, f"along[{i}]")
            size = np.max(abs(reals(vector)) / scales(reals(base.numbers)), initial=0.0)
            if not 0 < size < np.inf:
                raise ValueError(f"{name} should be a direction, not {direction!r:.60}")
            if not 1 / LIKE <= size <= LIKE:
                power = 2.0 ** np.round(np.log2(size))
                name, vector = f"{name} / {power:g}", [v / power for v in vector]
            self.names.append(name)
            self.vectors.append(vector)
        self.numbers = [0.0] * len(self.vectors)
        self.coverage = "along the directions given"

    @property
    def here(self) -> list[Any]:
        """The numbers of the point."""
        return self.point(self.numbers)

    def point(self, distances: Sequence[Any]) -> list[Any]:
        """Return the numbers so far along each direction."""
        found = list(self.base.numbers)
        for t, vector in zip(distances, self.vectors, strict=True):
            found = [x + t * v for x, v in zip(found, vector, strict=True)]
        return found

    def arguments(self, numbers: Sequence[Any]) -> tuple:
        """Return the arguments of the function so far along each direction."""
        return self.base.arguments(self.point(numbers))

    def results(self, args: Sequence[Any]) -> list[Any]:
        """Return the numbers in what the function returns for these arguments."""
        return self.base.results(args)

    def changed(self, args: Sequence[Any]) -> str:
        """Return the name of an argument that a call has changed in place, "" if there is none."""
        return self.base.moved(self.here).changed(args)

    def moved(self, numbers: list[Any]) -> Along:
        """Return the same function so far along each direction."""
        there = copy(self)
        there.numbers = numbers
        return there

    def pullback(self, numbers: Sequence[Any]) -> tuple[Callable[[list[Any]], list[Any]], Any]:
        """Return (function from gradients of the results to those of the distances, results)."""
        if not self.by_hand:
            return super().pullback(numbers)
        there = self.base.moved(self.here)
        pull, results = there.pullback(there.numbers)

        def along(g: list[Any]) -> list[Any]:
            gradients = pull(g)
            return [derivative_along(gradients, vector) for vector in self.vectors]

        return along, results

    def pushforward(self, numbers: Sequence[Any]) -> Callable[[list[Any]], list[Any]]:
        """Return the function from changes of the distances to changes of the results."""
        if not self.by_hand:
            return super().pushforward(numbers)
        there = self.base.moved(self.here)
        push = there.pushforward(there.numbers)
        matrix = np.array([reals(vector) for vector in self.vectors])
        return lambda v: push(from_reals(np.array(v, float) @ matrix, there.numbers))


def derivative_along(gradients: Sequence[Any], vector: Sequence[Any]) -> Any:
    """Return the derivative along a vector, from the gradient of each number in it."""
    pairs = zip(gradients, vector, strict=True)
    return float(sum(np.sum(np.real(g * v)) for g, v in pairs))


def listed_directions(directions: Any) -> list[Any]:
    """Return directions as a list.

    Raises:
        TypeError: they are not several.
    """
    several = isinstance(directions, (list, tuple)) or np.ndim(directions) > 0
    if not several or not len(directions):
        raise TypeError(f"along= should be a list of directions, not {directions!r:.60}")
    return list(directions)


def parts(base: Problem, direction: Any, name: str) -> list[Any]:
    """Return a direction as numbers in the form of those that move.

    Raises:
        TypeError: it has another form.
    """
    several = len(base.differentiated) > 1
    trees = direction if several else (direction,)
    if not isinstance(trees, (tuple, list)) or len(trees) != len(base.differentiated):
        raise TypeError(
            f"{name} should be a tuple of {len(base.differentiated)}, one for each argument that "
            f"moves, not {direction!r:.60}"
        )
    found: dict[str, Any] = {}
    for i, tree in zip(base.differentiated, trees, strict=True):
        found.update(aligned(tree, base.args[i], f"args[{i}]"))
    vector = []
    for label, x in zip(base.names, base.numbers, strict=True):
        part = found[label]
        if np.shape(part) != np.shape(x):
            raise TypeError(
                f"{name} has shape {np.shape(part)}, not {np.shape(x)} like {label}, which moves "
                "along it; let along= be a list of directions"
            )
        vector.append(np.asarray(part, np.result_type(float, np.result_type(x)))[()])
    return vector
