"""Subprogram: a function that is recorded on its own, in the middle of another recording."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.compiling.blocks import function_of
from autograd.compiling.errors import NotHereError
from autograd.compiling.node import Argument, Leaf, Node, in_order
from autograd.compiling.passes.common import common_once
from autograd.compiling.passes.constants import constants_away
from autograd.compiling.passes.identities import identities_away
from autograd.compiling.passes.uniform import uniform_as_numbers
from autograd.compiling.program import Program, program_of
from autograd.compiling.recording import Recording
from autograd.engine.inputs import leaf_data
from autograd.engine.value import Value

SIMPLER = constants_away, uniform_as_numbers, identities_away, constants_away, common_once


class Subprogram:
    """A recorded function of some numbers, and of Values from outside, which come after these.

    Args:
        f: takes a list of Values, and returns a list of Values and numbers.
        numbers: those to record it at.

    Attributes:
        program: what was recorded; `nodes`, `ends` and `draws` are its own.
        outside: the Values from outside that it takes.
        samples: the numbers of each result.

    Raises:
        NotHereError: it does more than compute numbers.
    """

    def __init__(self, f: Callable[[list[Any]], list[Any]], numbers: list[Any]) -> None:
        recording = Recording(is_general=True)
        given = [recording.argument(x) for x in numbers]
        found = recording.run(f, (given,), {})
        if recording.assigned or recording.grads or recording.entered or recording.attributes:
            raise NotHereError("a loop in it changes Values from outside, or reads their gradients")
        self.program: Program = program_of(recording, [node_for(recording, y) for y in found])
        self.nodes, self.ends = self.program.nodes, self.program.ends
        self.draws = self.program.draws
        self.samples = [node.sample for node in self.program.results]
        self.outside: list[Value] = []
        for node in self.nodes:
            if isinstance(node.source, Leaf):
                self.outside.append(node.source.value)
                node.source = Argument(len(numbers) + len(self.outside) - 1)
        self.function: Any = None

    def __call__(self, *given: Any) -> list[Any]:
        """Return the results, op by op: for numbers numbers, for Values Values."""
        found: dict[Node, Any] = {}
        for node in in_order(self.program.results):
            if node.op is None:
                found[node] = node.sample if node.source is None else given[node.source.place]
                continue
            args = [found[x] if isinstance(x, Node) else x for x in node.args]
            found[node] = node.op(*args, **node.params)
        return [found[node] for node in self.program.results]

    def compiled(self) -> tuple[Callable[..., tuple], list[int]]:
        """Return a function of numbers, and which of all numbers it takes.

        It raises an `OtherwiseError` where the program does not hold.
        """
        if self.function is None:
            program = self.program
            for rewrite in SIMPLER:
                program = program.after(rewrite)
            sources = [node for node in program.nodes if node.source is not None]
            guards = list(zip(program.guards, program.expected, strict=True))
            function, _ = function_of(program.nodes, sources, guards, list(program.results))
            self.function = function, [node.source.place for node in sources]
        return self.function


def node_for(recording: Recording, y: Any) -> Node:
    """Return the node of a result."""
    if isinstance(y, Node):
        return y
    return recording.node_of(y) if isinstance(y, Value) else Node(None, sample=leaf_data(y))
