"""Grouping: which node belongs to which module."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from autograd.calls import Call, Watch
from autograd.graph import parents_then
from autograd.value import Value
from autograd.wording import joined, modules_in

Group = tuple[str, ...]  # paths of modules, from outer to inner
Grouping = Callable[[list[Value]], dict[int, Group]]  # Values, the oldest first -> by serial


def by_calls(scope: Mapping[str, Any], whole: Any = None) -> tuple[Grouping, Watch]:
    """Return a grouping by the calls of modules, and the watch that is told of them.

    A module that is called again is another group, "cell (2)".  `whole` is all there is to see,
    and no group.
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
        around: list[tuple[int, str]] = []  # the calls that are not over, the outermost first
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
    """Return a grouping that guesses, for a graph made earlier, from the parameters used.

    A node that takes a parameter belongs to the parameter's module, and so does an activation
    right after it.
    """
    owners: dict[int, Group] = {}
    for path, module in every_module(scope):
        for _, parameter in module.named_parameters():
            around = owners.setdefault(parameter.serial, ())
            if path and (not around or path.startswith(f"{around[-1]}.")):
                owners[parameter.serial] = (*around, path)

    def grouping(values: list[Value]) -> dict[int, Group]:
        groups: dict[int, Group] = {}
        for value in values:
            taken = [parent.serial for parent in parents_then(value) if parent is not None]
            own = max([owners.get(serial, ()) for serial in taken], key=len, default=())
            if not own and len(value.args) == 1 and value.op.elementwise:
                own = groups[taken[0]]
            groups[value.serial] = own
        return groups

    return grouping


def every_module(scope: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield (path, module) for all modules of the networks among variables, outer ones first.

    A network that is alone and of one part goes by the name of its class.
    """
    for prefix, network in modules_in(scope):
        named = getattr(network, "named_modules", None)
        parts = named() if named else [("", network)]
        for path, module in parts:
            alone = "" if len(parts) > 1 else type(network).__name__
            yield joined(prefix, path) or alone, module


def shared(a: Group, b: Group) -> Group:
    """Return what two groups begin with."""
    n = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
    return a[:n] if n is not None else min(a, b, key=len)


def title(part: str) -> str:
    """Return what to write on a group: what follows the key that sets repeats apart."""
    return part.rpartition("\n")[2]
