"""Guesses: which calls of which modules made a graph, seen from the parameters that it uses.

Nobody watched the calls, but a call leaves traces: its ops take the module's parameters, they ran
one after the other, and two calls of a module take the same parameters in the same order. A frame
that is guessed never holds more than a call made; it may lack what comes before the first parameter
or after the last.
"""

from __future__ import annotations

import dis
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from inspect import unwrap
from itertools import groupby, pairwise
from types import CodeType
from typing import Any

from numpy import ndarray

from autograd.engine.graph import parents_then
from autograd.engine.value import Value
from autograd.graphs.membership import Group, shared
from autograd.graphs.passes import passes_of


@dataclass
class Use:
    """A node that takes parameters of a module.

    Attributes:
        at: the number of the node in its graph.
        group: the modules around it.
        what: the op and the parameters, which are those of its fellow in another call.
    """

    at: int
    group: Group
    what: tuple


def modules_around(
    values: Sequence[Value], owned: Mapping[int, Group], modules: Mapping[str, Any]
) -> dict[int, Group]:
    """Return the modules around each node of a graph, guessed from the parameters used.

    A node that takes a parameter, or a view of one, belongs to a call of the parameter's module,
    and so does what lies on a path between two nodes of a call, and the activation of a layer. But
    what is computed from one parameter and nothing else, such as the sum of its squares, belongs to
    where it is used: a penalty on the weights is no part of any module. A second call of "a" is
    "a (2)".

    Args:
        values: the nodes, oldest first.
        owned: the modules around each parameter, see `owners`.
        modules: the modules by path.

    Example:
        >>> x, weight, bias = Value(1.0), Value(2.0), Value(3.0)
        >>> hidden = x * weight
        >>> between = -hidden
        >>> last = between + bias
        >>> owned = {weight.serial: ("a",), bias.serial: ("a",)}
        >>> found = modules_around([x, weight, bias, hidden, between, last], owned, {})
        >>> found[x.serial], found[hidden.serial], found[between.serial], found[last.serial]
        ((), ('a',), ('a',), ('a',))
    """
    made = {serial for told in passes_of(values) for serial in told.made}
    values = [value for value in values if value.serial not in made]
    number = {value.serial: at for at, value in enumerate(values)}
    parents = [
        [number[p.serial] for p in parents_then(value) if p is not None and p.serial in number]
        for value in values
    ]
    users: list[list[int]] = [[] for _ in values]
    for at, taken in enumerate(parents):
        for parent in taken:
            users[parent].append(at)
    uses, only = uses_of(values, parents, owned, modules)
    found: list[Group] = [()] * len(values)
    times: dict[str, int] = {}

    calls = [(uses, 0)]
    for within, level in calls:  # the list grows while it is read
        for path, part in calls_of(within, level, modules):
            times[path] = times.get(path, 0) + 1
            name = f"{path} ({times[path]})" if times[path] > 1 else path
            for at in between(part, parents, users):
                found[at] = (*found[at], name)
            calls.append((part, level + 1))
    for at in sorted(only, reverse=True):
        found[at] = reduce(shared, [found[user] for user in users[at]] or [()])
    groups = dict.fromkeys(made, ())
    return groups | {value.serial: group for value, group in zip(values, found, strict=True)}


def uses_of(
    values: Sequence[Value],
    parents: list[list[int]],
    owned: Mapping[int, Group],
    modules: Mapping[str, Any],
) -> tuple[list[Use], set[int]]:
    """Return what takes parameters, oldest first, and what is computed from one parameter alone."""
    roots = {}  # the parameter that a node is, or is a view of
    only: dict[int, int] = {}  # the one parameter that a node is computed from
    uses: list[Use] = []
    for at, value in enumerate(values):
        taken = parents[at]
        if value.serial in owned:
            roots[at] = value.serial
        if value.op is not None and value.op.view and taken[0] in roots and not arrays_in(value):
            roots[at] = roots[taken[0]]
        sole = {only.get(parent, -1) for parent in taken} or {value.serial}
        if sole <= owned.keys() and len(sole) == 1 and not takes_data(value):
            only[at] = sole.pop()
        elif own := [roots[parent] for parent in taken if parent in roots]:
            group = max((owned[serial] for serial in own), key=len)
            uses.append(Use(at, group, (value.op.name, *own)))
        elif uses and taken == [uses[-1].at] and ends_in(uses[-1], value, modules):
            uses.append(Use(at, uses[-1].group, (value.op.name,)))
    return uses, {*only}


def takes_data(value: Value) -> bool:
    """Whether an op takes numbers that may be data, or picks some, as that of a layer does."""
    if value.op is None:
        return False
    scalars = value.op.elementwise and value.ndim == 0 and not all(value.parents)
    return value.op.view or scalars or arrays_in(value)


def arrays_in(value: Value) -> bool:
    """Whether an op takes arrays that are no Values, such as rows to pick."""
    given = zip(value.parents, value.args, strict=True)
    return any(parent is None and isinstance(arg, (ndarray, list)) for parent, arg in given)


def ends_in(use: Use, value: Value, modules: Mapping[str, Any]) -> bool:
    """Whether a node is what the innermost module of a use ends with, such as its tanh."""
    module = modules.get(use.group[-1]) if use.group and len(use.what) > 1 else None
    return getattr(module, "activation", None) in (value.op.call, *value.op.numpy)


def calls_of(
    uses: list[Use], level: int, modules: Mapping[str, Any]
) -> Iterator[tuple[str, list[Use]]]:
    """Yield (path, uses) for each call of the modules at a level, in the order in which they ran.

    What runs between two uses of a module and belongs to another one ends a call. Uses that are not
    those of the first call are none: weights that an embedding shares with the last layer.
    """
    first: dict[str, set[tuple]] = {}
    for own, run in groupby(uses, lambda use: use.group[level : level + 1]):
        part = list(run)
        if not own:
            continue
        (path,), what = own, {use.what for use in part}
        if first.setdefault(path, what) != what:
            outside = [
                replace(use, group=use.group[:level] + use.group[level + 1 :]) for use in part
            ]
            yield from calls_of(outside, level, modules)
            continue
        length = period([use.what for use in part])
        if length < len(part) and may_repeat(part, level, modules.get(path)):
            length = len(part)
        for start in range(0, len(part), length):
            yield path, part[start : start + length]


def period(what: list[tuple]) -> int:
    """Return the length of the part that a list repeats, that of the list if it repeats none.

    Example:
        >>> period(list("abab")), period(list("aba"))
        (2, 3)
    """
    n = len(what)
    return next(k for k in range(1, n + 1) if n % k == 0 and what == what[:k] * (n // k))


def may_repeat(uses: list[Use], level: int, module: Any) -> bool:
    """Whether one call may use the same again and again: the code of the module has a loop.

    A loop over several parts is taken for one that calls each of them once. So is that of a layer
    of `nn`, over its parameters.
    """
    parts = {use.group[level + 1 : level + 2] for use in uses}
    known = type(module).__module__.partition(".")[0] == "nn" and parts == {()}
    return len(parts) == 1 and not known and has_loop(type(module))


def has_loop(cls: type) -> bool:
    """Whether the code of a module's call has a loop, or that of a method that it names.

    Example:
        >>> class Layer:
        ...     def __call__(self, x):
        ...         return 2 * x
        >>> class Network:
        ...     def __call__(self, x):
        ...         return self.run(x)
        ...     def run(self, x):
        ...         while x < 1:
        ...             x = 2 * x
        ...         return x
        >>> has_loop(Layer), has_loop(Network)
        (False, True)
    """
    waiting, seen = ["__call__"], {"__call__"}
    for name in waiting:  # the list grows as it is read
        code = getattr(unwrap(getattr(cls, name)), "__code__", None)
        codes = [] if code is None else [code]
        for code in codes:  # and so does this one, by functions in the function
            codes += [x for x in code.co_consts if isinstance(x, CodeType)]
            if any("JUMP_BACKWARD" in step.opname for step in dis.get_instructions(code)):
                return True
            methods = {x for x in code.co_names if callable(getattr(cls, x, None))} - seen
            waiting += methods
            seen |= methods
    return False


def between(uses: list[Use], parents: list[list[int]], users: list[list[int]]) -> set[int]:
    """Return the numbers of uses and of what lies on paths between them.

    In a loop this leaves out what comes after the last use of each turn: after the last turn nobody
    knows whether that is inside, and it may lie between two calls that cannot be told apart.
    """
    own = {use.at for use in uses}
    span = range(uses[0].at, uses[-1].at + 1)
    after, before = set(own), set(own)
    for at in span:
        if any(parent in after for parent in parents[at]):
            after.add(at)
    for at in reversed(span):
        if any(user in before for user in users[at]):
            before.add(at)
    turns = {
        at
        for use, later in pairwise(uses)
        if use.what == uses[-1].what
        for at in range(use.at + 1, later.at)
    }
    return (after & before) - turns
