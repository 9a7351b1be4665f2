"""The printer: a graph as the text of a Python function, one line a step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import isfinite
from operator import attrgetter
from re import sub
from types import BuiltinFunctionType
from typing import Any

import numpy as np
from numpy import float64, ndarray

from autograd.compiling.node import HAS_NAN, Node
from autograd.compiling.passes.unroll import ALL, ANY, ENTRY, JOINED
from autograd.compiling.scalars import CODE, on_scalars, written_as
from autograd.engine.arrays import has_nan

EXACTLY = (float64, np.float32, np.bool_, np.int64)
LONGEST = 60  # an expression that stands inside another
JOINED_BY = {ALL: " and ", ANY: " or ", JOINED: ", "}


class OtherwiseError(Exception):
    """A guard of a recorded program did not hold: the program is not that of this call."""


def checked(x: Any) -> float:
    """Return a float; raise for anything else that an op on floats may give, such as a complex."""
    if type(x) is not float:
        raise ArithmeticError
    return x


class Text:
    """Lines of a program, and the names that they use.

    Attributes:
        lines: the text.
        names: what stands for each node: the name of a variable, or a number.
        scope: the objects that the text calls by name.
        once: nodes that are written where they are used, not on a line of their own.
        forward: returns the function that computes a step on arrays.
    """

    def __init__(self, once: set[Node], forward: Callable[[Node], Any] | None = None) -> None:
        self.once = once
        self.forward = forward or attrgetter("op.forward")
        self.lines: list[str] = []
        self.names: dict[Node, str] = {}
        self.scope: dict[str, Any] = {
            "float64": float64, "checked": checked, "Otherwise": OtherwiseError, "array": np.array,
            "equal": np.array_equal, "empty": np.empty, "bool_": np.bool_,
        }  # fmt: skip
        self.objects: dict[int, str] = {}
        self.entries: dict[Node, list[str]] = {}

    def known_as(self, thing: Any, prefix: str) -> str:
        """Return a name for an object that the text uses."""
        if id(thing) not in self.objects:
            name = f"{sub(r'[^a-zA-Z0-9]', '_', prefix)}_{len(self.objects)}"
            self.objects[id(thing)] = name
            self.scope[name] = thing
        return self.objects[id(thing)]

    def variable(self, node: Node) -> str:
        """Return a new name for the result of a node."""
        return self.names.setdefault(node, f"v{len(self.names)}")

    def number(self, x: Any) -> str:
        """Return how a float is written where Python computes with it."""
        sample = x.sample if isinstance(x, Node) else x
        if isinstance(x, Node) and (x.op is not None or x.source is not None):
            return self.names[x]
        if type(sample) is np.bool_:
            return str(bool(sample))
        if not isfinite(sample):
            return self.known_as(float(sample), "c")
        return (
            repr(float(sample)) if sample >= 0 and str(sample)[0] != "-" else f"({float(sample)!r})"
        )

    def argument(self, x: Any) -> str:
        """Return how an argument is written where NumPy computes with it."""
        if not isinstance(x, Node):
            plain = type(x) in (int, float, bool, str, type(None)) and x == x and abs_finite(x)
            return repr(x) if plain else self.known_as(x, "c")
        if x.op is None and x.source is None:
            return self.argument(x.sample)
        name = self.names[x]
        return f"float64({name})" if type(x.sample) is float64 else name

    def write(self, node: Node) -> None:
        """Write the line of a node."""
        if node.op is None:
            if node.source is None:
                self.names[node] = self.argument(node.sample)
            return
        if node.op is ENTRY:
            self.take_apart(node)
            return
        expression = (
            self.joined(node)
            if node.op in JOINED_BY
            else self.scalar(node)
            if on_scalars(node)
            else self.call(node)
        )
        if node in self.once and len(expression) < LONGEST:
            self.names[node] = f"({expression})"
        else:
            self.lines.append(f"{self.variable(node)} = {expression}")

    def take_apart(self, node: Node) -> None:
        """Name the entries of an array, all at once when the first is asked for."""
        (whole,) = node.args
        entries = self.entries.get(whole)
        if entries is None:
            entries = self.entries[whole] = [
                f"{self.names[whole]}_{i}" for i in range(whole.sample.size)
            ]
            names = ", ".join(entries)
            self.lines.append(f"{names}{',' if len(entries) == 1 else ''} = {self.flat(whole)}")
        self.names[node] = entries[node.params["place"]]

    def flat(self, whole: Node) -> str:
        """Return the expression of the entries of an array."""
        ravel = "" if whole.sample.ndim == 1 else ".ravel()"
        return f"{self.names[whole]}{ravel}.tolist()"

    def joined(self, node: Node) -> str:
        """Return the expression of what is made of several entries."""
        parts = [self.number(x) for x in node.args]
        if node.op is not JOINED:
            return JOINED_BY[node.op].join(parts) or str(node.op is ALL)
        shape = node.params["shape"]
        return f"array([{', '.join(parts)}])" + ("" if len(shape) == 1 else f".reshape({shape})")

    def scalar(self, node: Node) -> str:
        """Return the expression of an op on floats."""
        function = written_as(node.op)
        given = [self.number(x) for x in node.args]
        if function in CODE:
            return CODE[function].format(*given)
        name = self.known_as(function, node.op.name)
        called = f"{name}({', '.join(given)})"
        sure = isinstance(function, BuiltinFunctionType) or type(node.sample) is np.bool_
        return called if sure else f"checked({called})"

    def call(self, node: Node) -> str:
        """Return the call of an op as NumPy computes it."""
        given = ", ".join(self.argument(x) for x in node.args)
        params = ", ".join(f"{key}={self.argument(x)}" for key, x in node.params.items())
        if node.op is HAS_NAN:
            return f"{self.known_as(has_nan, 'has_nan')}({given})"
        if (type(node.sample) is ndarray and node.sample.ndim) or gives_as_it_is(node):
            both = ", ".join(part for part in (given, params) if part)
            called = f"{self.known_as(self.forward(node), node.op.name)}({both})"
            return f"float({called})" if type(node.sample) is float64 else called
        name = self.known_as(node.op.compute, node.op.name)
        pairs = ", ".join(f"{key!r}: {self.argument(x)}" for key, x in node.params.items())
        called = f"{name}(({given},), {{{pairs}}})"
        return f"float({called})" if type(node.sample) is float64 else called

    def guard(self, node: Node, expected: Any) -> None:
        """Write the line that stops a program which is not that of this call."""
        name = self.argument(node)
        if isinstance(expected, (bool, np.bool_)):
            whole = name[1:-1] if name[0] == "(" and node in self.once and not expected else name
            self.lines.append(f"if {'not ' if expected else ''}{whole}: raise Otherwise")
        else:
            other = self.known_as(expected, "c")
            self.lines.append(f"if not equal({name}, {other}, equal_nan=True): raise Otherwise")

    def result(self, node: Node) -> str:
        """Return how a result is written, in its own type."""
        if type(node.sample) is float and (node.op is not None or node.source is not None):
            return self.names[node]
        return self.argument(node)


def gives_as_it_is(node: Node) -> bool:
    """Whether `forward` gives a number in the type that the op has, with nothing left to do."""
    given = [x.sample if isinstance(x, Node) else x for x in node.args]
    if all(type(x) is float for x in given):
        return False
    try:
        return type(node.op.forward(*given, **node.params)) is type(node.sample) in EXACTLY
    except Exception:
        return False


def used_once(nodes: list[Node], ends: Iterable[Node], checks: Iterable[Node]) -> set[Node]:
    """Return the steps on floats that one other step on floats takes, or a check, once."""
    uses: dict[Node, int] = {}
    for node in nodes:
        twice = on_scalars(node) and "{0}" in CODE.get(written_as(node.op), "")
        weight = 1 if (on_scalars(node) and not twice) or node.op in (ALL, ANY) else 2
        for x in node.parents:
            uses[x] = uses.get(x, 0) + weight
    for node in checks:
        uses[node] = uses.get(node, 0) + 1
    for node in ends:
        uses[node] = 2
    fits = [node for node in nodes if on_scalars(node) or node.op in (ALL, ANY)]
    return {node for node in fits if uses.get(node) == 1}


def abs_finite(x: Any) -> bool:
    """Whether `repr` gives back a constant."""
    return not isinstance(x, float) or isfinite(x)
