"""Program: what a recording comes to, as a graph that passes rewrite and printers print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograd.compiling.drawing import Draw
from autograd.compiling.kept import Standing, array_of
from autograd.compiling.node import Entries, Node, form_of, in_order
from autograd.compiling.recording import Recording
from autograd.engine.trees import leaves
from autograd.engine.value import Value

Pass = Callable[[list[Node]], list[Node]]


@dataclass(frozen=True)
class Update:
    """A Value from outside that the program gives new data, or a new gradient.

    Or a Kept array, of which it writes all "entries".
    """

    value: Any
    slot: str  # "data", "grad" or "entries"


@dataclass(frozen=True)
class Program:
    """A recorded program.

    Attributes:
        result: what the function returned, with a Node for each Value in it.
        results: these nodes.
        updates: what it does to Values from outside, and `new` the nodes that it does it with;
            None where a gradient is cleared.
        guards: nodes that must give the numbers in `expected`; else the program does not hold.
        entered: Values whose gradient it looks at first: their form, None for no gradient.
        draws: the random numbers that it takes after its arguments.
    """

    result: Any
    results: tuple[Node, ...]
    updates: tuple[Update, ...]
    new: tuple[Node | None, ...]
    guards: tuple[Node, ...]
    expected: tuple[Any, ...]
    entered: tuple[tuple[Value, Any], ...]
    draws: tuple[Draw, ...]

    @property
    def ends(self) -> list[Node]:
        """All nodes that the program is run for: guards first."""
        return [*self.guards, *self.results, *(x for x in self.new if x is not None)]

    @property
    def nodes(self) -> list[Node]:
        """All its nodes, in an order in which they can run."""
        return in_order(self.ends)

    @property
    def keeps_to_values(self) -> bool:
        """Whether all that it changes are Values, which a loop can carry from step to step."""
        kept = any(isinstance(node.source, Entries) for node in self.nodes)
        return not (kept or self.draws or any(u.slot == "entries" for u in self.updates))

    def after(self, rewrite: Pass) -> Program:
        """Return the program after a pass, which takes and returns the ends of a graph."""
        ends = iter(rewrite(self.ends))
        guards = tuple([next(ends) for _ in self.guards])
        results = tuple([next(ends) for _ in self.results])
        new = tuple([None if x is None else next(ends) for x in self.new])
        return replace(self, guards=guards, results=results, new=new)


def program_of(recording: Recording, result: Any) -> Program:
    """Return what a recording comes to."""
    results = [x for _, x in leaves(result) if isinstance(x, Node)]
    updates: list[Update] = []
    new: list[Node | None] = []
    for value, node in recording.assigned.values():
        kept = type(value) is Standing
        updates.append(Update(array_of(value), "entries") if kept else Update(value, "data"))
        new.append(node)
    for value, grad in recording.grads.values():
        updates.append(Update(value, "grad"))
        new.append(grad)
    guards = [*recording.guards, *recording.shapes.values()]
    return Program(
        result=result,
        results=tuple(results),
        updates=tuple(updates),
        new=tuple(new),
        guards=tuple([node for node, _ in guards]),
        expected=tuple([x for _, x in guards]),
        entered=tuple(recording.entered.values()),
        draws=tuple(recording.draws),
    )


def body_of(node: Node) -> Any:
    """Return the program of each turn of a loop that is one step, None for another step."""
    return getattr(getattr(getattr(node.op, "forward", None), "__self__", None), "body", None)


def differences(one: Any, other: Any) -> str:
    """Return how two recordings of one function differ, "" if they are the same program.

    Args:
        one, other: what has `nodes` and `ends`, a Program or the body of a loop.
    """
    mine, theirs = one.nodes, other.nodes
    if len(mine) != len(theirs) or len(one.ends) != len(other.ends):
        return f"one has {len(mine)} steps and the other {len(theirs)}"
    if len(one.draws) != len(other.draws):
        return f"one draws {len(one.draws)} times and the other {len(other.draws)}"
    for d, e in zip(one.draws, other.draws, strict=True):
        asked = [tuple(leaves((draw.method, draw.args, draw.kwargs))) for draw in (d, e)]
        if d.generator is not e.generator or not same(*asked):
            return f"one draws {d.method}{d.args!r:.40} and the other {e.method}{e.args!r:.40}"
    match = dict(zip(theirs, mine, strict=True))
    for a, b in zip(mine, theirs, strict=True):
        if kind(a) != kind(b):
            return f"where one has {a!r}, the other has {b!r}"
        if (body := body_of(a)) is not None and (found := differences(body, body_of(b))):
            return f"in the loop {a!r}, {found}"
        given = [match[x] if isinstance(x, Node) else x for x in b.args]
        for x, y in zip(a.args, given, strict=True):
            if isinstance(x, Node) or isinstance(y, Node):
                if x is not y:
                    return f"{a!r} takes another argument"
            elif not same(x, y):
                return f"{a!r} takes the constant {x!r:.40} in one, and {y!r:.40} in the other"
        if a.op is None and a.source is None and not same(a.sample, b.sample):
            return f"a constant is {a.sample!r:.40} in one, and {b.sample!r:.40} in the other"
    return ""


def kind(node: Node) -> tuple[Any, ...]:
    """Return what two nodes must share to be the same step."""
    source = node.source if node.source is None else repr(node.source)
    return getattr(node.op, "name", None), source, form_of(node.sample), len(node.args)


def same(x: Any, y: Any) -> bool:
    """Whether two constants are the same to the last bit."""
    if isinstance(x, (tuple, list)) and type(x) is type(y):
        return len(x) == len(y) and all(map(same, x, y))
    if form_of(x) != form_of(y):
        return False
    if isinstance(x, (np.ndarray, np.generic)):
        return bool(x.tobytes() == y.tobytes())
    if isinstance(x, float):
        return x == y or (x != x and y != y)
    try:
        return x is y or bool(x == y)
    except Exception:
        return False
