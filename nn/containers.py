"""Containers: what a module looks into for its parameters, and what it does not look into."""

from __future__ import annotations

import warnings
from collections import UserDict, UserList, deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields
from types import BuiltinFunctionType, FunctionType, MappingProxyType, ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from autograd import Value
from autograd.notation.names import is_module
from nn.parameter import Buffer, Parameter
from nn.precision import depth

LISTS = list, tuple, deque, UserList
DICTS = dict, UserDict, MappingProxyType
CONTAINERS = *LISTS, *DICTS, SimpleNamespace
PLAIN = {  # what is of these types holds no parameters
    bool, int, float, complex, str, bytes, type, type(None), FunctionType,
    BuiltinFunctionType, ModuleType, np.float64, np.float32, np.int64, np.random.Generator,
}  # fmt: skip
INWARDS, MOST = 3, 1000  # how many objects within objects are searched, and how many in each


def is_container(thing: Any) -> bool:
    """Whether a module finds what lies in a thing: a list, a dict or a dataclass, among others.

    Example:
        >>> is_container(deque()), is_container({1, 2})
        (True, False)
    """
    return isinstance(thing, CONTAINERS) or (
        hasattr(type(thing), "__dataclass_fields__") and not is_module(thing)
    )


def items_in(container: Any) -> list[tuple[Any, Any]]:
    """Return (name, thing) for what lies directly in a container.

    Example:
        >>> items_in(["a", "b"]), items_in(SimpleNamespace(encoder="c"))
        ([(0, 'a'), (1, 'b')], [('encoder', 'c')])
    """
    if isinstance(container, LISTS):
        return list(enumerate(container))
    if isinstance(container, DICTS):
        return list(container.items())
    named = () if isinstance(container, SimpleNamespace) else fields(container)
    own = {field.name: getattr(container, field.name, None) for field in named}
    return list((own | getattr(container, "__dict__", {})).items())


def state_behind(thing: Any, depth: int = INWARDS, seen: set[int] | None = None) -> Iterator[Any]:
    """Yield the Parameters and Buffers in a thing, also where no module looks for them."""
    seen = set() if seen is None else seen
    if isinstance(thing, (Parameter, Buffer)):
        yield thing
    elif is_module(thing):
        yield from [x for _, x in [*thing.named_parameters(), *thing.named_buffers()]]
    elif depth and type(thing) not in PLAIN and id(thing) not in seen:
        seen.add(id(thing))
        for inner in parts_of(thing)[:MOST]:
            yield from state_behind(inner, depth - 1, seen)


def parts_of(thing: Any) -> list[Any]:
    """Return what lies directly in a thing of any kind."""
    if is_container(thing):
        return [inner for _, inner in items_in(thing)]
    if isinstance(thing, (set, frozenset)):
        return list(thing)
    if isinstance(thing, np.ndarray):
        return thing.ravel().tolist() if thing.dtype.hasobject else []
    return list(getattr(thing, "__dict__", {}).values())


def refuse_hidden(module: Any, name: str, new: Any) -> None:
    """Raise or warn if an attribute that a module is given holds parameters that it would not find.

    Those that it has anyway, such as an optimiser's, are no matter.
    """
    if isinstance(new, Value) or (isinstance(new, np.ndarray) and not new.dtype.hasobject):
        return
    if is_container(new):
        for key, inner in items_in(new):
            if type(inner) not in PLAIN and not is_container(inner):
                refuse_hidden(module, f"{name}.{key}", inner)
        return
    if is_module(new) or not (found := list(state_behind(new))):
        return
    kind = type(new).__name__
    if isinstance(new, (set, frozenset, np.ndarray)):
        raise TypeError(
            f"write a list or a dict for {name}: the parameters in a {kind} would not be found, "
            "and not learn"
        )
    known = {id(x) for x in [*module.parameters(), *module.buffers()]}
    if not all(id(x) in known for x in found):
        compiled = hasattr(new, "__wrapped__")
        remedy = "compile the whole model" if compiled else f"write class {kind}(nn.Module)"
        warnings.warn(
            f"{remedy}: {name} of a {type(module).__name__} is a {kind}, an "
            "object in which no parameters are found, so those that it holds do not learn",
            stacklevel=depth(),
        )


def refuse_in_class(cls: type) -> None:
    """Raise if a class of modules holds parameters itself, or keeps attributes in slots."""
    if any(slot != "__dict__" for slot in np.atleast_1d(vars(cls).get("__slots__", ()))):
        raise TypeError(
            f"leave __slots__ out of {cls.__name__}: a Module finds its parameters in its __dict__"
        )
    annotated: Any = ()
    with suppress(NameError):  # of a class that is not there yet, in Python 3.14
        annotated = cls.__annotations__  # a dataclass puts these into its objects
    for name, thing in vars(cls).items():
        if name not in annotated and not name.startswith("__") and list(state_behind(thing)):
            raise TypeError(
                f"write self.{name} = … in __init__ of {cls.__name__}: parameters in the class "
                "itself would be shared by all its objects, not be found, and not learn"
            )
