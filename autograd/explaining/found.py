"""What an explanation says about a derivative, found in the graph and not yet printed."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import count
from typing import Any

import numpy as np

from autograd.engine.arrays import learns
from autograd.engine.graph import history
from autograd.engine.silence import silence
from autograd.engine.value import Value, held
from autograd.explaining.constants import constants_in
from autograd.explaining.differences import Differences, differences
from autograd.explaining.passes import Receipt, receipts
from autograd.explaining.trails import Ways, ways
from autograd.graphs.membership import Group, every_module, owners
from autograd.graphs.steps import rounding
from autograd.notation.names import is_module, names_in, own_name

LEAVES = 8  # how many are explained if `wrt` is left out
ITSELF = "the network itself"  # the module of a parameter outside all inner modules


@dataclass
class Derivation:
    """The derivative of the result with respect to one Value.

    Attributes:
        ways: the paths to it, and the total.
        differences: finite differences to compare; None if the graph cannot be run again.
        trouble: why it cannot be run again.
    """

    ways: Ways
    differences: Differences | None
    trouble: str = ""


@dataclass
class Found:
    """How a derivative comes about.

    Attributes:
        y: the result.
        nodes: all Values that it depends on, oldest first.
        names: their names, by serial.
        modules: the paths of the modules around a parameter, by serial.
        parts: all modules, by path.
        derivations: one for each Value in `wrt`, or for the leaves with the largest gradients.
        others: how many more leaves there are.
        norms: the norm of the gradient at the parameters of each module, by path.
        constants: a name and the numbers of each array that is no Value, by id.
        receipts: how the gradients grow in the backward pass; empty for a large graph.
    """

    y: Value
    nodes: list[Value]
    names: dict[int, str]
    modules: dict[int, Group]
    parts: dict[str, Any]
    derivations: list[Derivation]
    others: int
    norms: dict[str, float]
    constants: dict[int, tuple[str, np.ndarray]]
    receipts: list[Receipt]


@silence()
def find(y: Any, wrt: Any, paths: int, scope: Mapping[str, Any]) -> Found:
    """Return what there is to explain about a Value, with names from a scope; see `explain`."""
    check_result(y, wrt)
    if not isinstance(paths, int) or paths < 1:
        raise ValueError(f"paths, the number of paths to show, should be at least 1, not {paths!r}")
    nodes = history([y], {})[0][::-1]
    given = names_in(scope)
    constants = constants_in(nodes, scope)
    names = naming(y, nodes, given, {name for name, _ in constants.values()})
    chosen = None if wrt is None else wanted(y, wrt, nodes, names)
    for x in chosen or ():
        names.setdefault(x.serial, given.get(x.serial) or own_name(x) or "x")
    ends = None if chosen is None else {x.serial for x in chosen}
    found = ways(y, ends, paths)
    if chosen is None:
        reached = [way for way in found.values() if way.count and way.gradient is not None]
        if not reached:
            raise ValueError(
                f"{names[y.serial]} depends on no Value with a gradient, only on constants or "
                "integers"
            )
        reached.sort(key=lambda way: -gradient_length(way.gradient))
    else:
        nothing = {x.serial: Ways(x, np.zeros(x.shape, x.dtype)[()], 0, []) for x in chosen}
        reached = [found.get(x.serial, nothing[x.serial]) for x in chosen]
    modules, noise = owners(scope), rounding(y)
    explained = reached[:LEAVES] if chosen is None else reached
    return Found(
        y,
        nodes,
        names,
        modules,
        dict(every_module(scope)),
        [derivation_along(y, way, noise) for way in explained],
        max(0, len(reached) - LEAVES) if chosen is None else 0,
        sizes_by_module(reached, modules),
        constants,
        receipts(y, nodes, {way.end.serial for way in explained}),
    )


def check_result(y: Any, wrt: Any) -> None:
    """Refuse a result that has no derivative to explain."""
    if not isinstance(y, Value):
        raise TypeError(
            f"explain takes a Value that was computed from others, not {type(y).__name__}; "
            "for a function write explain(f(x), wrt=x) with x = Value(...)"
        )
    if y.op is None and wrt is None:
        raise ValueError(
            f"there is nothing to explain: {y!r} was not computed from other Values, or was "
            "computed inside no_grad()"
        )
    if not learns(held(y)):
        raise TypeError(
            f"compute in floats to get a derivative: a Value of dtype {y.dtype} has none"
        )
    if y.size != 1:
        entry = ", ".join("0" * y.ndim)
        raise ValueError(
            f"write explain(y[{entry}]) for one entry or explain(y.sum()) for their sum: a Value "
            f"of shape {y.shape} has {y.size} entries, and explain takes one at a time"
        )


def wanted(y: Value, wrt: Any, nodes: list[Value], names: dict[int, str]) -> list[Value]:
    """Return the Values that `wrt` stands for."""
    if isinstance(wrt, (list, tuple)):
        return [x for item in wrt for x in wanted(y, item, nodes, names)]
    if isinstance(wrt, str):
        by_name = {names[node.serial]: node for node in nodes}
        if wrt not in by_name:
            near = get_close_matches(wrt, by_name, 3) or [
                names[node.serial] for node in nodes if node.op is None
            ]
            raise ValueError(
                f"{names[y.serial]} depends on no Value called {wrt!r}; choose from "
                + ", ".join(near[:LEAVES])
            )
        wrt = by_name[wrt]
    if is_module(wrt):
        return [parameter for _, parameter in wrt.named_parameters()]
    if not isinstance(wrt, Value):
        raise TypeError(
            f"wrt should be a Value or its name, not {type(wrt).__name__} ({wrt!r:.40})"
        )
    if not learns(held(wrt)):
        raise TypeError(f"make wrt a float: a Value of dtype {wrt.dtype} has no derivative")
    return [wrt]


def derivation_along(y: Value, way: Ways, noise: float) -> Derivation:
    """Return the derivative along some paths, and its finite differences."""
    try:
        return Derivation(way, differences(y, way.end, way.gradient, noise))
    except Exception as error:  # a user's op may do anything when it runs again
        return Derivation(way, None, f"{type(error).__name__}: {error}")


def gradient_length(gradient: Any) -> float:
    """Return the Euclidean norm of a gradient; NaN counts as infinite."""
    length = float(np.linalg.norm(gradient))
    return np.inf if np.isnan(length) else length


# -- names ---------------------------------------------------------------------------------------


def naming(
    y: Value, nodes: list[Value], given: Mapping[int, str], others: Set[str]
) -> dict[int, str]:
    """Return a name for each node: the variable's, its own, or v1, v2, … (leaves: x1, x2, …).

    Args:
        y, nodes: the result and all that it depends on, oldest first.
        given: names of variables, by serial.
        others: names that stand for something else.
    """
    own = {node.serial: given.get(node.serial) or own_name(node) for node in nodes}
    own[y.serial] = own[y.serial] or next(name for name in ("y", "z", "y_") if name not in others)
    used = {*own.values(), *others}
    numbers = {"x": count(1), "v": count(1)}
    names: dict[int, str] = {}
    taken: set[str] = set()
    for node in nodes:
        letter = "x" if node.op is None else "v"
        name = own[node.serial] or next(
            name for n in numbers[letter] if (name := f"{letter}{n}") not in used
        )
        while name in taken:
            name += "′"
        taken.add(name)
        names[node.serial] = name
    return names


def sizes_by_module(reached: list[Ways], modules: Mapping[int, Group]) -> dict[str, float]:
    """Return the norm of the gradient at each module's own parameters, largest first."""
    squares: dict[str, float] = {}
    for way in reached:
        if way.end.serial in modules and way.gradient is not None:
            path = next(reversed(modules[way.end.serial]), ITSELF)
            squares[path] = squares.get(path, 0.0) + gradient_length(way.gradient) ** 2
    return {path: squares[path] ** 0.5 for path in sorted(squares, key=lambda p: -squares[p])}
