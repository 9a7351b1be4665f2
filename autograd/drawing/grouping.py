"""Grouping: which node belongs to which module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autograd.engine.value import Value
from autograd.graphs.calls import Call, Watch
from autograd.graphs.membership import Group, every_module, modules_around, owners

Grouping = Callable[[list[Value]], dict[int, Group]]  # of Values, oldest first; by serial


def by_calls(scope: Mapping[str, Any], whole: Any = None) -> tuple[Grouping, Watch]:
    """Return a grouping by the calls of modules, and the watch that records these calls.

    Calling a module again makes another group, "cell (2)". `whole` is the module that is drawn;
    it gets no group.
    """
    paths: dict[int, str] = {}
    for path, module in every_module(scope):
        paths.setdefault(id(module), path)
    calls: list[tuple[Call, str]] = []

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
                around.append((call.last, f"{path} ({n})" if n > 1 else path))
            while around and around[-1][0] < value.serial:
                around.pop()
            groups[value.serial] = tuple(path for _, path in around)
        return groups

    return grouping, Watch([module for _, module in every_module(scope)], seen)


def by_parameters(scope: Mapping[str, Any]) -> Grouping:
    """Return a grouping for a graph built earlier, guessed from the parameters it uses."""
    owned = owners(scope)
    return lambda values: modules_around(values, owned)


def title(part: str) -> str:
    """Return the title of a group, without the key that tells repeats apart."""
    return part.rpartition("\n")[2]
