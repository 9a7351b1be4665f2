"""The functions of `autograd.numpy`, made from NumPy's and the registry instead of by hand."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from functools import wraps
from types import ModuleType
from typing import Any

import numpy as np
from numpy import ndarray

from autograd import composed  # noqa: F401  the tables fill the registry
from autograd.composed.creation import array
from autograd.engine.dispatch import NUMPY, answer
from autograd.engine.elsewhere import refuse_other_names
from autograd.engine.protocols import is_stranger
from autograd.engine.value import Value

# Functions of a list of arrays, perhaps of different shapes: they join the Values in it themselves.
OF_LISTS = {
    *"array asarray asanyarray asarray_chkfinite ascontiguousarray asfortranarray require".split(),
    *"block choose column_stack concat concatenate dstack einsum hstack multi_dot".split(),
    *"piecewise row_stack select stack vstack".split(),
}
# Functions that take, as those of HIPS autograd do, any iterable for the list, such as a generator.
OF_ITERABLES = {
    *"column_stack concat concatenate dstack hstack row_stack select stack vstack".split()
}
# Arguments that NumPy takes by their place alone, and HIPS autograd by name as well.
BY_NAME_TOO = {"where": ("condition", "x", "y")}
METHODS = "reduce accumulate outer reduceat at".split()
FACTS = "nin nout nargs ntypes types identity signature".split()


def public(module: ModuleType) -> list[str]:
    """Return the public names of a module of NumPy, without its submodules."""
    return [
        name
        for name, thing in sorted(vars(module).items())
        if not name.startswith("_") and not isinstance(thing, ModuleType)
    ]


def differentiable(module: ModuleType, here: str) -> dict[str, Callable]:
    """Return the functions of a module of NumPy that take Values, by name."""
    found = {}
    for name in public(module):
        function = getattr(module, name)
        if not known(function):
            continue
        if isinstance(function, type):  # np.vectorize
            found[name] = NUMPY[function]
        else:
            found[name] = through(function, function)
            found[name].__module__, found[name].__qualname__ = here, name  # where pickle finds it
    return found


def known(function: Any) -> bool:
    """Whether NumPy's function takes Values."""
    return callable(function) and function in NUMPY


def through(function: Callable, key: Any) -> Callable:
    """Return a function that is NumPy's for numbers, and the registry's for Values.

    Example:
        >>> through(np.sum, np.sum)([Value(2.0), 1.0])
        Value(3.0)
    """
    ours = NUMPY[key]
    name = f"{key[0].__name__}.{key[1]}" if isinstance(key, tuple) else key.__name__
    join = (lambda x: x) if name in OF_LISTS else joined

    def call(*args: Any, **params: Any) -> Any:
        try:
            for x in (*args, *params.values()) if params else args:
                if type(x) is ndarray:
                    continue
                if isinstance(x, Value) or (isinstance(x, (list, tuple)) and holds_value(x)):
                    joint = {
                        option: value if option == "out" else join(value)
                        for option, value in params.items()
                    }
                    return answer(key, name, tuple(map(join, args)), joint)
            return function(*args, **params)
        except (TypeError, ValueError) as error:
            given = [*args, *params.values()]
            opened = list(map(without_objects, given))
            if any(new is not old for new, old in zip(opened, given, strict=True)):
                return call(
                    *opened[: len(args)], **dict(zip(params, opened[len(args) :], strict=True))
                )
            if isinstance(error, TypeError) and any(map(is_stranger, args)):
                return function(*args, **params)  # NumPy asks each of the classes
            if isinstance(error, TypeError):
                refuse_other_names(params)
            raise

    def call_by_name(*args: Any, **params: Any) -> Any:
        rest = BY_NAME_TOO[name][len(args) :]
        return call(*args, *[params.pop(option) for option in rest if option in params], **params)

    def call_on_lists(*args: Any, **params: Any) -> Any:
        named = {option: as_list(value) for option, value in params.items()}
        return call(*map(as_list, args), **named)

    def call_on_one(x: Any, /, *args: Any, **params: Any) -> Any:
        if not args and not params:  # the fast path
            if type(x) is ndarray:
                try:
                    return function(x)
                except TypeError:  # an array of objects, or an error of NumPy's own
                    return call(x)
            if isinstance(x, Value):
                return ours(x)
        return call(x, *args, **params)

    one = isinstance(function, np.ufunc) and function.nin == 1
    chosen = call_on_one if one else call
    chosen = call_on_lists if name in OF_ITERABLES else chosen
    chosen = wraps(function)(call_by_name if name in BY_NAME_TOO else chosen)
    # without NumPy's examples, which our doctests would run
    chosen.__doc__ = (function.__doc__ or "").partition("Examples\n")[0].partition(">>>")[0]
    if not isinstance(function, np.ufunc):
        return chosen
    for method in METHODS:
        own = getattr(function, method)
        takes_values = (function, method) in NUMPY
        setattr(chosen, method, through(own, (function, method)) if takes_values else own)
    for fact in FACTS:
        setattr(chosen, fact, getattr(function, fact))
    return chosen


def joined(x: Any) -> Any:
    """Return a list that holds Values as one Value, anything else as it is."""
    return array(x) if isinstance(x, (list, tuple)) and holds_value(x) else x


def as_list(x: Any) -> Any:
    """Return an iterable without indices, such as a generator, as a list."""
    return list(x) if isinstance(x, Iterable) and not hasattr(x, "__getitem__") else x


def without_objects(x: Any) -> Any:
    """Return an object array that holds Values as one Value, also inside lists."""
    if isinstance(x, ndarray) and x.dtype == object:
        return array(x) if holds_value(x.ravel().tolist()) else x
    if isinstance(x, (list, tuple)):
        items = [without_objects(item) for item in x]
        return x if all(map(operator.is_, items, x)) else items
    return x


def holds_value(items: Any) -> bool:
    """Whether there is a Value in a nested list."""
    kinds = {*map(type, items)}  # at the speed of C, for long lists of numbers
    if any(issubclass(kind, Value) for kind in kinds):
        return True
    if kinds.isdisjoint({list, tuple}):
        return False
    return any(holds_value(x) for x in items if isinstance(x, (list, tuple)))
