"""Membership: which module of a network a parameter, or a node that uses it, belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograd.engine.graph import parents_then
from autograd.engine.value import Value
from autograd.notation.names import joined, modules_in, visible

Group = tuple[str, ...]  # paths of modules, from outer to inner


def every_module(scope: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield (path, module) for all modules of the networks among variables, outer ones first.

    A network that is the only one and has no inner modules goes by the name of its class.
    """
    for prefix, network in modules_in(scope):
        named = getattr(network, "named_modules", None)
        parts = named() if named else [("", network)]
        for path, module in parts:
            alone = "" if len(parts) > 1 else type(network).__name__
            yield visible(joined(prefix, path) or alone), module


def owners(scope: Mapping[str, Any]) -> dict[int, Group]:
    """Return the modules around each parameter of the networks among variables, by its serial."""
    found: dict[int, Group] = {}
    for path, module in every_module(scope):
        for _, parameter in module.named_parameters():
            around = found.setdefault(parameter.serial, ())
            if path and (not around or path.startswith(f"{around[-1]}.")):
                found[parameter.serial] = (*around, path)
    return found


def modules_around(values: Sequence[Value], owned: Mapping[int, Group]) -> dict[int, Group]:
    """Return the modules around each node of a graph, guessed from the parameters used.

    A node that takes a parameter belongs to the parameter's module, and so does an activation
    right after it.

    Args:
        values: the nodes, oldest first.
        owned: the modules around each parameter, see `owners`.

    Example:
        >>> x, weight = Value(1.0), Value(2.0)
        >>> product = x * weight
        >>> modules_around([x, weight, product], {weight.serial: ("layers.0",)})[product.serial]
        ('layers.0',)
    """
    found: dict[int, Group] = {}
    for value in values:
        taken = [parent.serial for parent in parents_then(value) if parent is not None]
        own = max([owned.get(serial, ()) for serial in taken], key=len, default=())
        if not own and len(value.args) == 1 and value.op.elementwise:
            own = found[taken[0]]
        found[value.serial] = own
    return found
