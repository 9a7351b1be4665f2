"""Membership: which module of a network a parameter belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

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


def shared(a: Group, b: Group) -> Group:
    """Return the outer modules that two groups share."""
    n = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
    return a[:n] if n is not None else min(a, b, key=len)
