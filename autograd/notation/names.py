"""Names of Values for pictures and messages, and short forms of numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from types import ModuleType
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.trees import children
from autograd.engine.value import Value, held

MEMBERS = 1000  # how many members of a variable to search for Values
DEPTH = 3  # how deep to search nested lists


def names_in(scope: Mapping[str, Any]) -> dict[int, str]:
    """Return the names of Values in a program, by serial.

    A path in a module comes first, then a Value's own name, then that of a variable or its member.

    Args:
        scope: variables by name, such as `locals()`.

    Example:
        >>> w, rates = Value([1.0, 2.0]), [Value(0.1), Value(0.2)]
        >>> sorted(names_in({"w": w, "rates": rates}).values())
        ['rates[0]', 'rates[1]', 'w']
    """
    found: dict[int, str] = {}
    for prefix, module in modules_in(scope):
        for path, parameter in module.named_parameters():
            found.setdefault(parameter.serial, visible(joined(prefix, path)))
    for name, thing in scope.items():
        if name.isidentifier() and not name.startswith("_"):
            for label, value in values_in(name, thing):
                found.setdefault(value.serial, own_name(value) or visible(label))
    return found


def own_name(value: Value) -> str:
    """Return the name that a Value was given, as `visible` writes it; "" if it has none."""
    return visible(value.name) if value.name else ""


def visible(x: Any) -> str:
    """Return a text on one line, with control characters as Python's escapes.

    Pages, pictures and terminals get all names through this, for a name may come from anywhere and
    a terminal obeys control characters.

    Example:
        >>> visible("w\\x1b[2J\\0")
        'w\\\\x1b[2J\\\\x00'
    """
    text = str(x)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def variables(frame: Any) -> dict[str, Any]:
    """Return the variables visible in a frame, local ones first."""
    hidden = ("In", "Out") if "get_ipython" in frame.f_globals else ()  # a notebook's history
    seen = {**frame.f_locals, **frame.f_globals, **frame.f_locals}  # local ones first, and they win
    return {name: x for name, x in seen.items() if name.isidentifier() and name not in hidden}


def modules_in(scope: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return (prefix for its paths, module) for each network among variables.

    The prefix is the variable's name, or "" if there is only one network.
    """
    found: dict[int, tuple[str, Any]] = {}
    for name, thing in scope.items():
        if is_module(thing) and not name.startswith("_"):
            found.setdefault(id(thing), (name, thing))
    return list(found.values()) if len(found) > 1 else [("", thing) for _, thing in found.values()]


def joined(*paths: str) -> str:
    """Return several paths, some of which may be "", joined into one.

    Example:
        >>> joined("model", "layers.0", "")
        'model.layers.0'
    """
    return ".".join(path for path in paths if path)


def values_in(name: str, thing: Any) -> Iterator[tuple[str, Value]]:
    """Yield (its code such as "rates[0]", Value) for each Value in a variable, outermost first.

    Objects of other classes are searched too, "neuron.w[0]", but for attributes that begin with _.

    Example:
        >>> class Neuron:
        ...     def __init__(self):
        ...         self.w, self.b = [Value(1.0), Value(2.0)], Value(0.0)
        >>> [name for name, _ in values_in("layers", [Neuron()])]
        ['layers[0].b', 'layers[0].w[0]', 'layers[0].w[1]']
    """
    waiting, seen = [(name, thing, DEPTH)], set[int]()
    for name, thing, depth in waiting:  # the list grows as it is read
        room = max(MEMBERS - len(waiting), 0)
        if isinstance(thing, Value):
            yield name, thing
        elif depth and isinstance(thing, (list, tuple, dict)):
            if not isinstance(thing, dict):
                thing = thing[:room]
            for suffix, child in islice(children(thing) or (), room):
                waiting.append((name + suffix, child, depth - 1))
        elif id(thing) not in seen:
            seen.add(id(thing))
            for attribute, child in islice(attributes(thing), room):
                waiting.append((f"{name}.{attribute}", child, depth))


def attributes(thing: Any) -> Iterator[tuple[str, Any]]:
    """Yield the public attributes of an object that are its own, none of a module or a class."""
    if isinstance(thing, (ModuleType, type)) or is_module(thing):
        return
    try:
        own = dict(vars(thing))
    except Exception:  # it has none, or does not say
        return
    for name, child in own.items():
        if isinstance(name, str) and not name.startswith("_"):
            yield name, child


def is_module(thing: Any) -> bool:
    """Whether something is a network: a module of `nn`, or an object with `named_parameters`."""
    return callable(getattr(type(thing), "named_parameters", None))


def short(x: Any) -> str:
    """Return a number with four digits, or the shape and range of an array.

    Example:
        >>> short(2 / 3), short(np.array([1.0, 2.0])), short(np.eye(20)), short(np.eye(1))
        ('0.6667', '[1, 2]', '20×20 in 0 … 1', '[[1]]')
    """
    x = held(x) if isinstance(x, Value) else x
    if np.ndim(x) == 0:
        return str(x) if isinstance(x, (bool, np.bool_)) else f"{x:.4g}"
    x = np.asarray(x)
    if (x.size <= 3 and x.ndim == 1) or x.size == 1:
        return "[" + ", ".join(map(short, x)) + "]"
    shape = lengths(x)
    if x.size > 1 and (x == x.flat[0]).all():
        return f"{shape}, all {x.flat[0]:.3g}"
    size = ", |·|" if x.dtype.kind == "c" else ""
    return f"{shape}{size} in {spread(x)}" if x.size else shape


def lengths(x: Any) -> str:
    """Return a shape as text, "" for a single number.

    Example:
        >>> lengths(np.zeros((5, 2)))
        '5×2'
    """
    return "×".join(map(str, np.shape(x)))


def spread(x: ndarray) -> str:
    """Return the smallest and largest entry or absolute value, and how many are not finite."""
    sizes = abs(x) if x.dtype.kind == "c" else x
    finite = sizes[np.isfinite(sizes)]
    parts = [f"{finite.min():.3g} … {finite.max():.3g}"] if finite.size else []
    for what, count in (("NaN", np.isnan(x).sum()), ("infinite", np.isinf(x).sum())):
        parts += [f"{count} {what}"] if count else []
    return ", ".join(parts)
