"""Picture: the nodes to draw, before any decision on how to draw them."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy import ndarray

from autograd.drawing.grouping import Group, Grouping, by_calls, by_parameters, by_passes, is_pass
from autograd.engine.graph import FREED, freed, history, parents_then
from autograd.engine.modes import Running
from autograd.engine.trees import filled, leaves
from autograd.engine.value import Value, held
from autograd.graphs.lines import Line, Places
from autograd.graphs.membership import every_module, shared
from autograd.notation.names import is_module, names_in, own_name

if TYPE_CHECKING:
    from autograd.drawing.changes import Change


@dataclass(slots=True)
class Node:
    """One box of a picture: a Value, or a number that an op took.

    Attributes:
        key: "n7" for the seventh Value, "n7c1" for a constant that is argument 1 of its op.
        value: the Value; None for a constant.
        number: its data.
        name: "" if it has none.
        kind: "input" (a leaf), "parameter" (a leaf that learns), "constant", "computed" or
            "output".
        op: what made it; None for a leaf or a constant.
        sources: the keys of its op's arguments, in order, constants included.
        group: paths of the modules it belongs to, from outer to inner.
        covers: the nodes of the whole graph that a folded box stands for; empty for itself alone.
        later: what its op takes in all turns of a loop but the first, each with the frame of the
            loop: keys of boxes that stand for what the turn before made.
        line: the line of the program that made it, if it was looked up and is known.
        change: what became of it, in a comparison of two graphs; None if it is the same.
    """

    key: str
    value: Value | None
    number: Any
    name: str
    kind: str
    op: Any
    sources: list[str]
    group: Group = ()
    covers: Sequence[Node] = ()
    later: Sequence[tuple[str, str]] = ()
    line: Line | None = None
    change: Change | None = None


@dataclass
class Picture:
    """Nodes, oldest first.

    Attributes:
        nodes: the nodes.
        outputs: the keys of the Values that were given to draw.
        modules: each module by the path that it has in groups.
        shapes: of each call of a module that was seen, by the path of its group, the shapes that
            went in and those that came out.
        note: what to say below the picture.
        noted: where its ops were called, if they were watched for it.
    """

    nodes: list[Node]
    outputs: list[str]
    modules: dict[str, Any] = field(default_factory=dict)
    shapes: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)
    note: str = ""
    noted: Places | None = None

    def __post_init__(self) -> None:
        self.by_key = {node.key: node for node in self.nodes}

    def __getitem__(self, key: str) -> Node:
        return self.by_key[key]


def picture_of(target: Any, *args: Any, scope: Mapping[str, Any] | None = None) -> Picture:
    """Return the picture of a graph.

    Args:
        target: a Value or several, in lists or dicts if you like; or a module or a function,
            which is then called.
        args: more Values; or the arguments of the module or function. Floats and arrays of floats
            among them become Values, named after the parameters.
        scope: the caller's variables by name, such as `locals()`, to look up names.

    Raises:
        TypeError: there is no Value to draw.
        FreedGraphError: the graph was freed.

    Example:
        >>> picture = picture_of(lambda x: 2 * x, 3.0)
        >>> [(node.key, node.name, node.kind) for node in picture.nodes]
        [('n1', 'x', 'input'), ('n2c0', '', 'constant'), ('n2', '', 'output')]
    """
    scope = scope or {}
    if callable(target) and not isinstance(target, Value):
        return picture_of_call(target, args, scope)
    outputs = [leaf for _, leaf in leaves([target, *args])]
    wrong = [y for y in outputs if not isinstance(y, Value)]
    if wrong or not outputs:
        raise TypeError(
            f"draw takes the Values to draw, draw(loss), or a module or a function and its "
            f"inputs, draw(model, x), not {brief(wrong[0]) if wrong else 'an empty list'}"
        )
    return assembled(outputs, names_in(scope), by_parameters(scope), scope)


def brief(x: Any) -> str:
    """Return a few words on something that is not a Value."""
    text = repr(x)
    return f"{type(x).__name__} {text}" if len(text) < 40 and "\n" not in text else type(x).__name__


def picture_of_call(f: Callable[..., Any], args: tuple, scope: Mapping[str, Any]) -> Picture:
    """Return the picture of what a module or a function computes from `args`."""
    title = type(f).__name__ if is_module(f) else getattr(f, "__name__", "the function")
    names, few = argument_names(f, len(args))
    if few:
        raise TypeError(
            f"{title} has not been called: give draw its inputs too, "
            f"draw({'model' if is_module(f) else title}, {', '.join(few)})"
        )
    inputs = dict(zip(names, map(as_values, args, names), strict=True))
    surroundings = {**reachable(f), **({} if is_module(f) else scope)}
    grouping, watch, shapes = by_calls(surroundings, whole=f)
    noted = Places(sys._getframe())
    try:
        with Running(records=True, watcher=noted), watch:
            result, inside = with_variables(f, inputs.values())
    finally:
        noted.close()
    outputs = [leaf for _, leaf in leaves(result) if isinstance(leaf, Value)]
    if not outputs:
        raise TypeError(
            f"{title} returned {brief(result)}, which depends on no Value: give it at least one "
            "Value or float, and compute with functions of NumPy or autograd"
        )
    found = names_in({**surroundings, **inputs, **inside})
    picture = assembled(outputs, found, grouping, surroundings)
    picture.shapes, picture.noted = shapes, noted
    return picture


def argument_names(f: Callable[..., Any], n: int) -> tuple[list[str], list[str]]:
    """Return names for the first `n` arguments of `f`, and the names of missing ones."""
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):  # some functions written in C have none
        parameters = []
    places = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    missing = [p.name for p in places[n:] if p.default is p.empty]
    rest = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), "arg")
    names = [p.name for p in places[:n]]
    return names + [f"{rest}[{i}]" for i in range(n - len(names))], missing


def with_variables(f: Callable[..., Any], args: Iterable[Any]) -> tuple[Any, dict[str, Any]]:
    """Return what a function returns, and its variables when it does so, except parameters."""
    call = inspect.unwrap(type(f).__call__ if is_module(f) else f)
    code: Any = getattr(call, "__code__", None)
    variables: dict[str, Any] = {}

    def told(frame: Any, event: str, arg: Any) -> None:
        if event == "return" and frame.f_code is code:
            parameters = code.co_varnames[: code.co_argcount]
            for name, x in frame.f_locals.items():
                if name not in parameters and not is_module(x):
                    variables[name] = x

    before = sys.getprofile()
    try:
        sys.setprofile(told)
        return f(*args), variables
    finally:
        sys.setprofile(before)


def as_values(arg: Any, name: str) -> Any:
    """Return an argument with Values in place of its floats and arrays of floats."""
    return filled(arg, iter([as_value(x, label) for label, x in leaves(arg, name)]))


def as_value(x: Any, name: str) -> Any:
    """Return a float or an array of floats as a Value, anything else as it is."""
    real = isinstance(x, (float, complex, ndarray, np.generic)) and np.asarray(x).dtype.kind in "fc"
    return Value(x, name) if real else x


def reachable(f: Callable[..., Any]) -> dict[str, Any]:
    """Return the variables that a function can reach, by name; a network is found as "model"."""
    if is_module(f):
        return {"model": f}
    owner = getattr(f, "__self__", None)
    found = {"self": owner} if is_module(owner) else {}
    try:
        variables = inspect.getclosurevars(inspect.unwrap(f))
    except TypeError:  # not written in Python
        return found
    return found | {**variables.globals, **variables.nonlocals}


# -- the nodes -----------------------------------------------------------------------------------


def assembled(
    outputs: list[Value], names: dict[int, str], grouping: Grouping, scope: Mapping[str, Any]
) -> Picture:
    """Return the picture of everything that some Values depend on."""
    values = history(list({y.serial: y for y in outputs}.values()), {})[0][::-1]
    keys = {value.serial: f"n{n}" for n, value in enumerate(values, 1)}
    asked = {y.serial for y in outputs}
    groups, gradients = by_passes(values, names, grouping(values))
    nodes: list[Node] = []
    for value in values:
        if value.more is FREED:
            raise freed(value)
        key, sources = keys[value.serial], []
        for place, (parent, arg) in enumerate(zip(parents_then(value), value.args, strict=True)):
            if parent is not None:
                sources.append(keys[parent.serial])
            elif is_operand(value.op, place, arg):
                constant = Node(f"{key}c{place}", None, arg, "", "constant", None, [])
                nodes.append(constant)
                sources.append(constant.key)
        if value.op is None:
            kind = "parameter" if is_parameter(value) else "input"
            if any(map(is_pass, groups.get(value.serial, ()))):  # what it began with
                kind = "constant"
        else:
            kind = "output" if value.serial in asked else "computed"
        serial = value.serial
        name = gradients.get(serial) or own_name(value) or names.get(serial, "")
        group = groups.get(value.serial, ())
        nodes.append(Node(key, value, held(value), name, kind, value.op, sources, group))
    picture = Picture(nodes, [keys[serial] for serial in dict.fromkeys(y.serial for y in outputs)])
    picture.modules = {path: module for path, module in every_module(scope) if path}
    put_leaves_where_they_are_used(picture)
    return picture


def is_operand(op: Any, place: int, arg: Any) -> bool:
    """Whether an argument is a number that the op computes with, not an axis, index or shape."""
    rules = op.vjps
    if type(rules) is tuple and rules and place >= len(rules):
        return False
    return isinstance(arg, (int, float, complex, ndarray, np.generic))


def is_parameter(value: Value) -> bool:
    """Whether a leaf is a `Parameter` of `nn`, which this package must not import."""
    return any(cls.__name__ == "Parameter" for cls in type(value).__mro__)


def put_leaves_where_they_are_used(picture: Picture) -> None:
    """Put constants and parameters into the innermost module that contains all their users."""
    used = groups_of_users(picture)
    for node in picture.nodes:
        if node.kind in ("constant", "parameter"):
            node.group = used.get(node.key, ())


def groups_of_users(picture: Picture) -> dict[str, Group]:
    """Return the innermost group that contains all users of a node, by its key."""
    used: dict[str, Group] = {}
    for node in picture.nodes:
        for key in node.sources:
            used[key] = shared(used[key], node.group) if key in used else node.group
    return used
