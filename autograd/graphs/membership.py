"""Membership: which module of a network a parameter, or a node that uses it, belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from numpy import ndarray

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

    A node that takes a parameter, or a view of one, belongs to the parameter's module, and so does
    an activation right after it. But what is computed from one parameter and nothing else, such as
    the sum of its squares, belongs to where it is used: a penalty on the weights is no part of any
    module.

    Args:
        values: the nodes, oldest first.
        owned: the modules around each parameter, see `owners`.

    Example:
        >>> x, weight = Value(1.0), Value(2.0)
        >>> product = x * weight
        >>> modules_around([x, weight, product], {weight.serial: ("layers.0",)})[product.serial]
        ('layers.0',)
        >>> turned = (rows := Value([[1.0, 2.0]])).T
        >>> product = x * turned
        >>> modules_around([rows, turned, product], {rows.serial: ("layers.1",)})[product.serial]
        ('layers.1',)
    """
    found: dict[int, Group] = {}
    owned = dict(owned)  # and those of views of parameters
    only: dict[int, int] = {}  # the one parameter that a node is computed from
    for value in values:
        taken = [parent.serial for parent in parents_then(value) if parent is not None]
        own = max([owned.get(serial, ()) for serial in taken], key=len, default=())
        if not own and len(value.args) == 1 and value.op.elementwise:
            own = found[taken[0]]
        found[value.serial] = own
        if value.op is not None and value.op.view and taken[0] in owned:
            owned[value.serial] = owned[taken[0]]
        sole = {only.get(serial, -1) for serial in taken} or {value.serial}
        if sole <= owned.keys() and len(sole) == 1 and not takes_data(value):
            only[value.serial] = sole.pop()
    users: dict[int, Group] = {}
    for value in reversed(values):
        if value.serial in only:
            found[value.serial] = users.get(value.serial, ())
        for parent in parents_then(value):
            if parent is not None and parent.serial in only:
                group = found[value.serial]
                users[parent.serial] = shared(users.get(parent.serial, group), group)
    return found


def takes_data(value: Value) -> bool:
    """Whether an op takes numbers that may be data, or picks some, as that of a layer does."""
    if value.op is None:
        return False
    scalars = value.op.elementwise and value.ndim == 0
    constants = (
        arg for parent, arg in zip(value.parents, value.args, strict=True) if parent is None
    )
    return value.op.view or any(scalars or isinstance(arg, (ndarray, list)) for arg in constants)


def shared(a: Group, b: Group) -> Group:
    """Return the outer modules that two groups share."""
    n = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
    return a[:n] if n is not None else min(a, b, key=len)
