"""Constants: names for the arrays of a program that are no Values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.value import Value
from autograd.notation.names import visible

LARGEST = 1_000_000  # entries; parts of larger arrays are not looked for


def constants_in(nodes: list[Value], scope: Mapping[str, Any]) -> dict[int, tuple[str, ndarray]]:
    """Return a name and the array for each constant array in a graph, by its id.

    A graph has copies, so an array goes by the variable that holds the same numbers, or by a part
    of one, such as `X[:, 0]`; the others are c1, c2, and so on, short ones stand for themselves.

    Args:
        nodes: all of the graph, which keeps these arrays alive, oldest first.
        scope: variables by name, inner ones first.
    """
    variables = {name: x for name, x in scope.items() if usable(name, x)}
    found: dict[int, tuple[str, ndarray]] = {}
    nameless: list[ndarray] = []
    for array in constant_arrays(nodes):
        name = next(names_for(array, variables), "")
        if name:
            found[id(array)] = (name, array)
        elif array.ndim > 1 or array.size > 3:
            nameless.append(array)
    different: list[ndarray] = []
    for array in nameless:
        if not any(same(array, other) for other in different):
            different.append(array)
    for array in nameless:
        place = next(i for i, other in enumerate(different, 1) if same(array, other))
        found[id(array)] = ("c" if len(different) == 1 else f"c{place}", array)
    return found


def constant_arrays(nodes: list[Value]) -> Iterator[ndarray]:
    """Yield the constant arrays that the ops of a graph took."""
    for node in nodes:
        if node.op is not None:
            for parent, x in zip(node.parents, node.args, strict=True):
                if parent is None and isinstance(x, ndarray) and x.ndim:
                    yield x


def usable(name: str, x: Any) -> bool:
    """Whether a variable may have given its name to a constant."""
    return isinstance(x, ndarray) and x.ndim > 0 and not name.startswith("_")


def names_for(array: ndarray, variables: Mapping[str, ndarray]) -> Iterator[str]:
    """Yield the variables, and then the parts of variables, with the numbers of an array."""
    yield from (visible(name) for name, x in variables.items() if same(x, array))
    for name, x in variables.items():
        if x.size > LARGEST:
            continue
        for axis, before in ((0, ""), (1, ":, ")):
            if x.ndim > 1 and x.shape[:axis] + x.shape[axis + 1 :] == array.shape:
                parts = np.moveaxis(x, axis, 0)
                yield from (
                    f"{visible(name)}[{before}{i}]"
                    for i, part in enumerate(parts)
                    if same(part, array)
                )


def same(a: ndarray, b: ndarray) -> bool:
    """Whether two arrays hold the same numbers."""
    return a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
