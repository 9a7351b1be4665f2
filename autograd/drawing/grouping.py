"""Grouping: which node belongs to which module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autograd.engine.value import Value
from autograd.graphs.calls import Call, Watch
from autograd.graphs.costs import shapes_of
from autograd.graphs.guesses import modules_around
from autograd.graphs.membership import Group, every_module, owners
from autograd.graphs.passes import passes_of
from autograd.notation.names import own_name, visible

PASS = "backward pass"  # how the title of its frame begins
Grouping = Callable[[list[Value]], dict[int, Group]]  # of Values, oldest first; by serial


def by_calls(
    scope: Mapping[str, Any], whole: Any = None
) -> tuple[Grouping, Watch, dict[str, tuple[list[str], list[str]]]]:
    """Return a grouping by the calls of modules, the watch that records these calls, and shapes.

    Calling a module again makes another group, "cell (2)". `whole` is the module that is drawn;
    it gets no group. The shapes that go in and come out of a call are known, by the path of its
    group, once the grouping was asked.
    """
    paths: dict[int, str] = {}
    for path, module in every_module(scope):
        paths.setdefault(id(module), path)
    calls: list[tuple[Call, str]] = []
    shapes: dict[str, tuple[list[str], list[str]]] = {}

    def seen(call: Call) -> None:
        path = paths[id(call.module)]
        if path and call.module is not whole:
            calls.append((call, path))

    def grouping(values: list[Value]) -> dict[int, Group]:
        groups: dict[int, Group] = {}
        times: dict[str, int] = {}
        around: list[tuple[int, str]] = []  # calls that are not over, outermost first
        ahead = sorted(calls, key=lambda told: (told[0].first, -told[0].last), reverse=True)
        for value in values:
            while ahead and ahead[-1][0].first < value.serial:
                call, path = ahead.pop()
                times[path] = n = times.get(path, 0) + 1
                while around and around[-1][0] < call.first:
                    around.pop()
                path = f"{path} ({n})" if n > 1 else path
                shapes[path] = shapes_of(call.args), shapes_of(call.output)
                around.append((call.last, path))
            while around and around[-1][0] < value.serial:
                around.pop()
            groups[value.serial] = tuple(path for _, path in around)
        return groups

    return grouping, Watch([module for _, module in every_module(scope)], seen), shapes


def by_parameters(scope: Mapping[str, Any]) -> Grouping:
    """Return a grouping for a graph built earlier, guessed from the parameters it uses."""
    owned, modules = owners(scope), dict(every_module(scope))
    return lambda values: modules_around(values, owned, modules)


def by_passes(
    values: list[Value], names: Mapping[int, str], groups: Mapping[int, Group]
) -> tuple[dict[int, Group], dict[int, str]]:
    """Return groups in which what a backward pass made has a frame, and names of the gradients.

    Args:
        values: the nodes of a graph, oldest first.
        names: their names by serial, and those of other Values of the program.
        groups: the modules around each, by serial.
    """
    found, called, titles = dict(groups), dict(names), set[str]()
    for value in values:
        if value.name:
            called.setdefault(value.serial, own_name(value))
    for told in passes_of(values):
        of = ", ".join(filter(None, (called.get(root, visible(name)) for root, name in told.roots)))
        title = f"{PASS} of {of}" if of else PASS
        if title in titles:
            title += f" ({len(titles) + 1})"
        titles.add(title)
        for serial in told.made:
            around = found.get(serial, ())
            outer = around if around and is_pass(around[0]) else ()
            found[serial] = (*outer, title)
        top = f"({of})" if "∂" in of else of
        labels: dict[int, list[str]] = {}
        for gradient, serial in told.gradients:
            if serial in called and gradient not in names:
                labels.setdefault(gradient, []).append(f"∂{top}/∂{called[serial]}")
        called |= {g: " = ".join(dict.fromkeys(row)) for g, row in labels.items()}
    return found, {serial: name for serial, name in called.items() if name.startswith("∂")}


def is_pass(part: str) -> bool:
    """Whether a part of a group is the frame of a backward pass."""
    return part.startswith(PASS)


def turns(part: str) -> int:
    """Return how many parts the frame of a fold stands for, 1 for another part of a group.

    Example:
        >>> turns("n7\\nlayers.1 … layers.3 × 3"), turns("n7\\n× 1,000 side by side"), turns("cell")
        (3, 1000, 1)
    """
    if "\n" not in part:
        return 1
    return int(part.rpartition("× ")[2].partition(" ")[0].replace(",", ""))


def title(part: str) -> str:
    """Return the title of a group, without the key that tells repeats apart."""
    return part.rpartition("\n")[2]
