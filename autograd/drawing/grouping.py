"""Grouping: which node belongs to which module."""

from __future__ import annotations

import re
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
    return path_of(part).startswith(PASS)


def turns(part: str) -> int:
    """Return how many parts the frame of a fold stands for, 1 for another part of a group.

    Example:
        >>> turns("n7\\nlayers.1 … layers.3 × 3"), turns("n7\\n× 1,000 side by side"), turns("cell")
        (3, 1000, 1)
    """
    _, frame, count = part.partition("\n")[2].rpartition("× ")
    return int(count.partition(" ")[0].replace(",", "")) if frame else 1


def title(part: str) -> str:
    """Return the title of a group, without the key that tells repeats apart."""
    return part.rpartition("\n")[2]


def path_of(part: str) -> str:
    """Return the path of the first module that a part of a group stands for, "" for a loop's frame.

    Example:
        >>> path_of("cell"), path_of(titled("n7", "layers.1", "layers.1 … layers.3 × 3"))
        ('cell', 'layers.1')
    """
    key, line, _ = part.rpartition("\n")
    return key.partition(" ")[2] if line else part


def titled(key: str, path: str, title: str) -> str:
    """Return a part of a group that has a title of its own, and a key that tells it from others."""
    return f"{key} {path}".strip() + f"\n{title}"


def of_any_call(path: str) -> str:
    """Return the path of a module without the number of its call, "cell" for "cell (2)"."""
    return re.sub(r" \(\d+\)$", "", path)


def together(first: str, last: str, around: Group) -> str:
    """Return the title of the modules from a first to a last one, inside of other groups.

    Example:
        >>> together("blocks.0", "blocks.5", ())
        'blocks.0 … blocks.5'
        >>> blocks = titled("n7", "blocks.0", "blocks.0 … blocks.5 × 6")
        >>> together("blocks.0.norm", "blocks.5.norm", (blocks,))
        'norm'
    """
    path, end = path_of(first), path_of(last)
    if of_any_call(path) == of_any_call(end):
        return title(first)
    frames = (f"{of_any_call(path_of(part))}." for part in reversed(around) if "\n" in part)
    outer = next((frame for frame in frames if path.startswith(frame)), "")
    names = [title(first).removeprefix(outer), title(last).removeprefix(outer)]
    return names[0] if title(last).endswith(f".{names[0]}") else " … ".join(dict.fromkeys(names))
