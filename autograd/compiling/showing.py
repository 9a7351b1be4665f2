"""show: what a compiled function became, to read and to draw."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.compiling.node import Attribute, Drawn, Entries, Node
from autograd.compiling.program import Program
from autograd.compiling.scalars import on_scalars
from autograd.compiling.variant import PASSES, Variant
from autograd.engine.value import Value, leaf, made_by


class Shown(str):
    """A text on a compiled function, and its graphs.

    Attributes:
        graphs: for each stage, from "recorded" to the last pass, the graph as a Value, which
            `autograd.draw` draws; one of a tuple of all results if there are several. One number of
            a large array stands for all. A program that computes nothing has none.
    """

    graphs: dict[str, Value]


def shown(name: str, variants: list[Variant], given_up: list[str]) -> Shown:
    """Return what is to be said about a compiled function."""
    parts = [f"{name}: {len(variants)} program{'s' if len(variants) != 1 else ''}"]
    parts += [f"runs op by op: {why}" for why in given_up]
    parts += [said(variant) for variant in variants]
    text = Shown("\n\n".join(parts))
    text.graphs = {}
    if variants:
        stages = ["recorded", *(f"{i}. {rewrite.__name__}" for i, rewrite in enumerate(PASSES, 1))]
        for stage, program in zip(stages, variants[0].stages, strict=False):
            if (graph := as_value(program)) is not None:
                text.graphs[stage] = graph
    return text


def said(variant: Variant) -> str:
    """Return what is to be said about one program."""
    program, nodes = variant.program, variant.program.nodes
    steps = [node for node in nodes if node.op is not None]
    in_python = sum(map(on_scalars, steps))
    before = sum(node.op is not None for node in variant.recorded.nodes)
    lines = [
        variant.text.rstrip(),
        *([variant.loop.text.rstrip()] if variant.loop else []),
        *([f"no native code: {variant.not_native}"] if variant.not_native else []),
        f"{before} steps recorded, {len(steps)} after {len(PASSES)} passes: {in_python} on floats, "
        f"{len(steps) - in_python} as NumPy computes them; at most {variant.peak:,} bytes at once",
    ]
    lines += [f"reads {source_in_words(n)}" for n in nodes if n.source is not None]
    lines += [f"writes the {u.slot} of {a_thing(u.value)} {u.value.shape}" for u in program.updates]
    lines += [f"draws {draw.method}{draw.args} from a generator" for draw in program.draws]
    constants = [x for node in nodes for x in node.args if is_array(x)]
    constants += [
        n.sample for n in nodes if n.op is None and n.source is None and is_array(n.sample)
    ]
    lines += [f"holds the constant {np.array2string(x, threshold=6)}" for x in constants]
    guards = [node.op.name for node in program.guards if node.op is not None]
    if guards:
        lines.append(f"holds while these are as recorded: {', '.join(dict.fromkeys(guards))}")
    return "\n".join(lines)


def a_thing(x: Any) -> str:
    """Return what a Value or a Kept array is called."""
    return f"a {type(x).__name__}" if isinstance(x, np.ndarray) else x.name or "a Value"


def is_array(x: Any) -> bool:
    """Whether a constant is an array."""
    return isinstance(x, np.ndarray) and x.ndim > 0


def source_in_words(node: Node) -> str:
    """Return what a source is."""
    source = node.source
    if isinstance(source, Drawn):
        return f"random numbers {np.shape(node.sample)}"
    if isinstance(source, Entries):
        return f"the entries of {a_thing(source.array)} {np.shape(node.sample)}"
    if hasattr(source, "place"):
        return f"argument {source.place} {np.shape(node.sample)}"
    if isinstance(source, Attribute):
        return f"{source.name} of {type(source.owner).__name__}"
    what = type(source).__name__.lower()
    return f"the {what} of {a_thing(source.value)} {np.shape(node.sample)}"


def as_value(program: Program) -> Any:
    """Return a program's graph as a Value, to draw it; None if it computes nothing."""
    new: dict[Node, Value] = {}
    for node in program.nodes:
        if node.op is None:
            value = leaf(node.sample)
            if node.source is not None:
                value.name = source_in_words(node)
        else:
            parents = tuple([new[x] if isinstance(x, Node) else None for x in node.args])
            raw = tuple([x.sample if isinstance(x, Node) else x for x in node.args])
            value = made_by(node.op, node.sample, parents, raw, node.params)
        new[node] = value
    ends = [new[x] for x in (*program.results, *program.new) if x is not None]
    if len(ends) < 2:
        return ends[0] if ends else None
    return np.concatenate([np.ravel(x) for x in ends])
