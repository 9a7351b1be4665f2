"""A graph as a function: its steps line by line, its regions as loops over blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from typing import Any

import numpy as np
from numpy import float64

from autograd.compiling.liveness import freeing_first, gives, last_taken, overwritten
from autograd.compiling.node import Node
from autograd.compiling.passes.regions import Region, fits, in_regions, layout, ufunc_of
from autograd.compiling.text import Text, used_once

BLOCK = 16_384  # entries
NONE: Set[Node] = frozenset()


def function_of(
    nodes: Iterable[Node],
    sources: list[Node],
    guards: list[tuple[Node, Any]],
    results: list[Node],
    regions: Callable[..., list[Node | Region]] | None = None,
    write: Callable[[Text, Region], None] | None = None,
    forward: Callable[[Node], Any] | None = None,
    replacing: Set[Node] = NONE,
) -> tuple[Callable[..., tuple], str]:
    """Return a function of the numbers of sources, which returns those of results, and its text.

    A guard is checked as soon as its node is there. `regions` gathers steps in regions and `write`
    writes one; unless they are given, as blocks. `forward` returns the function of a step.
    Before the first of the steps `replacing`, the program calls a function that it may be given.
    """
    nodes = list(nodes)
    text = Text(used_once(nodes, results, [node for node, _ in guards]), forward)
    for source in sources:
        name = text.variable(source)
        if type(source.sample) is float64:
            text.lines.append(f"{name} = float({name})")
    checks: dict[Node, list[Any]] = {}
    for node, expected in guards:
        checks.setdefault(node, []).append(expected)
    steps = freeing_first((regions or in_blocks)(nodes, [*results, *checks]), results)
    over = overwritten(steps, results)
    last: list[str] = []
    for step, dead in zip(steps, last_taken(steps, results), strict=True):
        if not replacing.isdisjoint(gives(step)):
            text.lines.append("let_go()")
            text.scope["nothing"], replacing, last = nothing, NONE, ["let_go=nothing"]
        if isinstance(step, Region):
            (write or write_region)(text, step)
        elif step in over:
            write_over(text, step, over[step])
        else:
            text.write(step)
        for node in gives(step):
            for expected in checks.get(node, ()):
                text.guard(node, expected)
        if dead:
            text.lines.append(f"del {', '.join(text.names[node] for node in dead)}")
    found = ", ".join(text.result(node) for node in results)
    names = ", ".join([*(text.names[source] for source in sources), *last])
    body = "\n    ".join([*text.lines, f"return ({found}{',' if results else ''})"])
    source_text = f"def program({names}):\n    {body}\n"
    exec(compile(source_text, "<compiled>", "exec"), text.scope)
    return text.scope["program"], source_text


def nothing() -> None:
    """What a program calls that is given nothing to let go."""


def in_blocks(nodes: list[Node], ends: list[Node]) -> list[Node | Region]:
    """Return nodes, those of them that run in blocks gathered in regions."""
    return in_regions(nodes, ends, fits, layout)


def write_over(text: Text, node: Node, old: Node) -> None:
    """Write the line of a step whose result takes the place of one of its arguments."""
    f = ufunc_of(node)
    given = ", ".join(text.argument(x) for x in node.args)
    called = f"{text.known_as(f, f.__name__)}({given}, out={text.argument(old)})"
    text.lines.append(f"{text.variable(node)} = {called}")


def write_region(text: Text, region: Region) -> None:
    """Write the loop over blocks of a region, with buffers that are used again."""
    first = region.nodes[0].sample
    wide = [x for x in region.inputs if np.ndim(x.sample)]
    block = {x: f"{text.names[x]}_b" for x in wide}
    flat = {x: f"{text.names[x]}_f" for x in wide}
    text.lines += [f"{flat[x]} = {text.names[x]}.ravel()" for x in wide]
    outputs = set(region.outputs)
    for x in region.outputs:
        kind = text.known_as(x.sample.dtype, "dtype")
        name = text.variable(x)
        text.lines.append(f"{name} = empty({x.sample.shape}, {kind})")
        text.lines.append(f"{name}_f = {name}.reshape(-1)")
        block[x], flat[x] = f"{name}_b", f"{name}_f"
    body = [f"{block[x]} = {flat[x]}[i:i + {BLOCK}]" for x in (*wide, *region.outputs)]
    buffers = Buffers(region, outputs)
    for node in region.nodes:
        given = ", ".join(
            block[x] if isinstance(x, Node) and x in block else text.argument(x) for x in node.args
        )
        f = ufunc_of(node)
        if f is not None:
            if node not in outputs:
                block[node] = buffers.take(node)
            body.append(f"{text.known_as(f, f.__name__)}({given}, out={block[node]})")
        else:
            called = f"{text.known_as(node.op.forward, node.op.name)}({given})"
            whole = f"{block[node]}[...]" if node in outputs else text.variable(node)
            block.setdefault(node, whole)
            body.append(f"{whole} = {called}")
    names = buffers.names
    for name, kind in names.items():
        text.lines.append(f"{name} = empty({BLOCK}, {text.known_as(kind, 'dtype')})")
    text.lines.append(f"for i in range(0, {first.size}, {BLOCK}):")
    if names and first.size % BLOCK:
        cut = ", ".join(names), ", ".join(f"{name}[:{first.size % BLOCK}]" for name in names)
        text.lines.append(f"    if i + {BLOCK} > {first.size}: {cut[0]} = {cut[1]}")
    text.lines += [f"    {line}" for line in body]
    views = [name for x in (*wide, *region.outputs) for name in (flat[x], block[x])]
    text.lines.append(f"del {', '.join(views)}")


class Buffers:
    """Buffers of one block for what only the steps of a region take; each is used again.

    Attributes:
        names: the dtype of each buffer that is needed.
    """

    def __init__(self, region: Region, outputs: set[Node]) -> None:
        self.names: dict[str, Any] = {}
        self.free: list[str] = []
        self.of: dict[Node, str] = {}
        self.outputs = outputs
        self.last: dict[Node, Node] = {p: node for node in region.nodes for p in node.parents}

    def take(self, node: Node) -> str:
        """Return a buffer for a step; one that holds an argument for the last time may be it."""
        for parent in node.parents:
            if parent in self.of and self.last[parent] is node and parent not in self.outputs:
                self.free.append(self.of.pop(parent))
        kind = node.sample.dtype
        fitting = [name for name in self.free if self.names[name] == kind]
        if fitting:
            self.free.remove(fitting[-1])
        name = fitting[-1] if fitting else f"t{len(self.names)}"
        self.names[name] = kind
        self.of[node] = name
        return name
