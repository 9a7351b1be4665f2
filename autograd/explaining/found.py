"""What is found about a derivative in the graph that made the numbers, before it is printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import count
from typing import Any

import numpy as np

from autograd.engine.arrays import learns
from autograd.engine.graph import history
from autograd.engine.value import Value, held
from autograd.explaining.differences import Differences, differences
from autograd.explaining.trails import Ways, ways
from autograd.graphs.membership import Group, owners
from autograd.graphs.steps import rounding
from autograd.notation.names import is_module, names_in

LEAVES = 8  # that are explained if nobody says which
ITSELF = "the network itself"  # the module of a parameter outside all of its parts


@dataclass
class Derivation:
    """The derivative of the result with respect to one Value.

    Attributes:
        ways: the paths to it, and the total.
        differences: what moving it a little does; None if the graph cannot be run again.
        trouble: why it cannot.
    """

    ways: Ways
    differences: Differences | None
    trouble: str = ""


@dataclass
class Found:
    """How a derivative comes about.

    Attributes:
        y: the result.
        nodes: all that it was made of, the oldest first.
        names: what they are called, by serial.
        modules: the paths of the modules around a parameter, by serial.
        derivations: one for each Value asked for, or the largest of all leaves'.
        others: how many leaves more there are.
        norms: the size of the gradient at the parameters of each module, by path.
    """

    y: Value
    nodes: list[Value]
    names: dict[int, str]
    modules: dict[int, Group]
    derivations: list[Derivation]
    others: int
    norms: dict[str, float]


@np.errstate(all="ignore")
def find(y: Any, wrt: Any, paths: int, scope: Mapping[str, Any]) -> Found:
    """Return what explains a Value, with the names that a scope gives; see `explain`."""
    check_result(y, wrt)
    if not isinstance(paths, int) or paths < 1:
        raise ValueError(f"paths is how many to show, 1 or more, not {paths!r}")
    nodes = history([y], {})[0][::-1]
    given = names_in(scope)
    names = naming(y, nodes, given)
    chosen = None if wrt is None else wanted(y, wrt, nodes, names)
    for x in chosen or ():
        names.setdefault(x.serial, given.get(x.serial) or x.name or "x")
    ends = None if chosen is None else {x.serial for x in chosen}
    found = ways(y, ends, paths)
    if chosen is None:
        reached = [way for way in found.values() if way.count and way.gradient is not None]
        if not reached:
            raise ValueError(
                f"{names[y.serial]} depends on no Value with a gradient: it was made of constants "
                "or integers"
            )
        reached.sort(key=lambda way: -gradient_length(way.gradient))
    else:
        nothing = {x.serial: Ways(x, np.zeros(x.shape, x.dtype)[()], 0, []) for x in chosen}
        reached = [found.get(x.serial, nothing[x.serial]) for x in chosen]
    modules, noise = owners(scope), rounding(y)
    return Found(
        y,
        nodes,
        names,
        modules,
        [
            derivation_along(y, way, noise)
            for way in (reached[:LEAVES] if chosen is None else reached)
        ],
        max(0, len(reached) - LEAVES) if chosen is None else 0,
        sizes_by_module(reached, modules),
    )


def check_result(y: Any, wrt: Any) -> None:
    """Refuse what has no derivative that could be explained."""
    if not isinstance(y, Value):
        raise TypeError(
            f"explain takes a Value that was computed from others, not {type(y).__name__}; "
            "for a function write explain(f(x), wrt=x) with x = Value(...)"
        )
    if y.op is None and wrt is None:
        raise ValueError(
            f"{y!r} was not computed from other Values, or inside no_grad(): there is nothing to "
            "explain"
        )
    if not learns(held(y)):
        raise TypeError(
            f"a Value of dtype {y.dtype} has no derivative to explain; compute in floats"
        )
    if y.size != 1:
        entry = ", ".join("0" * y.ndim)
        raise ValueError(
            f"a Value of shape {y.shape} has {y.size} entries, and one derivative is explained at "
            f"a time: write explain(y[{entry}]) for an entry or explain(y.sum()) for their sum"
        )


def wanted(y: Value, wrt: Any, nodes: list[Value], names: dict[int, str]) -> list[Value]:
    """Return the Values that `wrt` means."""
    if isinstance(wrt, (list, tuple)):
        return [x for item in wrt for x in wanted(y, item, nodes, names)]
    if isinstance(wrt, str):
        by_name = {names[node.serial]: node for node in nodes}
        if wrt not in by_name:
            near = get_close_matches(wrt, by_name, 3) or [
                names[node.serial] for node in nodes if node.op is None
            ]
            raise ValueError(
                f"{names[y.serial]} was made of nothing called {wrt!r}; there is "
                + ", ".join(near[:LEAVES])
            )
        wrt = by_name[wrt]
    if is_module(wrt):
        return [parameter for _, parameter in wrt.named_parameters()]
    if not isinstance(wrt, Value):
        raise TypeError(
            f"wrt is a Value or the name of one, not {type(wrt).__name__} ({wrt!r:.40})"
        )
    if not learns(held(wrt)):
        raise TypeError(f"a Value of dtype {wrt.dtype} has no derivative; make it a float")
    return [wrt]


def derivation_along(y: Value, way: Ways, noise: float) -> Derivation:
    """Return the derivative along some ways, and the check of it."""
    try:
        return Derivation(way, differences(y, way.end, way.gradient, noise))
    except Exception as error:  # an op of the user's may do anything when it runs again
        return Derivation(way, None, f"{type(error).__name__}: {error}")


def gradient_length(gradient: Any) -> float:
    """Return the Euclidean length of a gradient; NaN is larger than all."""
    length = float(np.linalg.norm(gradient))
    return np.inf if np.isnan(length) else length


# -- names ---------------------------------------------------------------------------------------


def naming(y: Value, nodes: list[Value], given: Mapping[int, str]) -> dict[int, str]:
    """Return a name for each node: its own, the variable's, or v1, v2, … (leaves: x1, x2, …)."""
    own = {node.serial: given.get(node.serial) or node.name for node in nodes}
    own[y.serial] = own[y.serial] or "y"
    used = set(own.values())
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
    """Return the length of the gradient of each module's own parameters, the largest first."""
    squares: dict[str, float] = {}
    for way in reached:
        if way.end.serial in modules and way.gradient is not None:
            path = next(reversed(modules[way.end.serial]), ITSELF)
            squares[path] = squares.get(path, 0.0) + gradient_length(way.gradient) ** 2
    return {path: squares[path] ** 0.5 for path in sorted(squares, key=lambda p: -squares[p])}
