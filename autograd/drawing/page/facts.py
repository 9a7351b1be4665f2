"""Facts: everything the page shows about a picture, as text and plain numbers."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.drawing.changes import change_in_words
from autograd.drawing.folding import about, module_of
from autograd.drawing.grouping import is_pass, title
from autograd.drawing.labels import label_of
from autograd.drawing.picture import Node, Picture
from autograd.drawing.scene import shortened
from autograd.drawing.source import with_lines
from autograd.engine.arrays import learns
from autograd.engine.value import Value, held, held_grad
from autograd.graphs.lines import Line, shown_file
from autograd.graphs.membership import shared
from autograd.graphs.steps import Link, Step, links_of, steps
from autograd.notation.formulas import definition, derivative
from autograd.notation.names import short, visible

MOST_NODES = 20_000  # on a page; the newest are kept
MOST_ENTRIES = 24  # rows and columns of an array that are shown; a larger array is sampled
LONGEST_MADE = 100  # letters of a node's formula
NODES_IN_FULL = 1_000  # with more nodes, a page gives only shapes and ranges, and no formulas

Facts = dict[str, Any]


def facts(picture: Picture, title: str) -> Facts:
    """Return what the page of a picture shows, ready for JSON.

    Nodes are in order of creation, each leaf right before its first use, and refer to each other
    by position. Gradients are those of the output, or of the sum of all entries of all outputs,
    and `uses` are the terms of their sums.
    """
    nodes, homes, groups = ordered_nodes(with_lines(picture))
    omitted = max(0, len(nodes) - MOST_NODES)
    nodes, homes = nodes[omitted:], homes[omitted:]
    full = len(nodes) <= NODES_IN_FULL
    place = {node.key: i for i, node in enumerate(nodes)}
    labels = {node.value.serial: label(node) for node in nodes if node.value is not None}
    told = [node_facts(node, place, labels, full) for node in nodes]
    for fact, home in zip(told, homes, strict=True):
        fact["group"] = home
    lines = dict.fromkeys(node.line for node in nodes if node.line is not None)
    numbers = {here: i for i, here in enumerate(lines)}
    for fact, node in zip(told, nodes, strict=True):
        if node.line is not None:
            fact["line"] = numbers[node.line]
    by_serial = {node.value.serial: place[node.key] for node in nodes if node.value is not None}
    tell_about(picture, groups, nodes, homes)
    return {
        "title": title,
        "nodes": told,
        "groups": groups,
        "lines": [line_facts(here) for here in lines],
        "outputs": [place[key] for key in picture.outputs],
        "omitted": omitted,
        "trouble": tell_gradients(picture, told, by_serial, full),
    }


# -- the order -----------------------------------------------------------------------------------


def ordered_nodes(picture: Picture) -> tuple[list[Node], list[int], list[Facts]]:
    """Return nodes in the order of the page, the group of each, and the groups.

    A group of the page is an unbroken run of nodes of one module. Since nothing else was made in
    between, folding any groups leaves the graph free of cycles.
    """
    groups: list[Facts] = []
    opened: list[int] = []  # where each open group began
    inside: list[int] = []  # the open groups, from outer to inner
    rows: dict[str, int] = {}  # groups of leaves, by their paths
    found: dict[str, tuple[float, int, int, Node, int]] = {}

    def put(node: Node, depth: int, at: float) -> None:
        home = inside[depth - 1] if depth else -1
        for path in node.group[depth:]:
            if path not in rows:
                rows[path] = len(groups)
                groups.append({"path": path, "parent": home})
            home = rows[path]
        found[node.key] = (at, depth, len(found), node, home)

    for node in picture.nodes:
        if not node.sources and node.key not in picture.outputs:
            continue
        known = len(shared(tuple(groups[g]["path"] for g in inside), node.group))
        del inside[known:], opened[known:]
        for path in node.group[known:]:
            groups.append({"path": path, "parent": inside[-1] if inside else -1})
            inside.append(len(groups) - 1)
            opened.append(len(found))
        for key in node.sources:
            if key not in found:
                leaf = picture[key]
                depth = len(shared(leaf.group, node.group))
                put(leaf, depth, opened[depth] - 0.5 if depth < len(opened) else len(found))
        put(node, len(node.group), len(found))
    for group in groups:
        group["path"] = title(group["path"])
        if is_pass(group["path"]):
            group["backward"] = True
    ordered = sorted(found.values(), key=lambda entry: entry[:3])
    return [node for *_, node, _ in ordered], [home for *_, home in ordered], groups


def tell_about(picture: Picture, groups: list[Facts], nodes: list[Node], homes: list[int]) -> None:
    """Add to the groups of modules what a picture says in their boxes."""
    inside: dict[int, list[Node]] = defaultdict(list)
    for node, home in zip(nodes, homes, strict=True):
        while home >= 0:
            inside[home].append(node)
            home = groups[home]["parent"]
    for g, members in inside.items():
        path = groups[g]["path"]
        if module_of(path, picture) is not None:
            groups[g]["about"] = about((path,), members, [], picture)


# -- what a node is ------------------------------------------------------------------------------


def label(node: Node) -> str:
    """Return what to call a node in formulas: its name, or without one its number or shape."""
    if node.name:
        return node.name
    if np.ndim(node.number):
        return f"[{'×'.join(map(str, np.shape(node.number)))}]"
    text = short(node.number)
    return f"({text})" if text.startswith("-") else text


def node_facts(node: Node, place: dict[str, int], labels: dict[int, str], full: bool) -> Facts:
    """Return the facts about a node, without its gradient."""
    fact: Facts = {
        "name": node.name,
        "kind": node.kind,
        "value": value_facts(node.number, full),
        "sources": [place[key] for key in node.sources if key in place],
    }
    if node.op is not None and node.value is not None:
        fact["op"], fact["symbol"] = node.op.name, label_of(node)
        fact["made"] = shortened(definition(node.value, labels), LONGEST_MADE)
    if node.change is not None:
        fact["mark"], fact["change"] = node.change.mark, change_in_words(node)
        fact["gone"] = [place[key] for key in sorted(node.change.gone) if key in place]
    left = None if node.value is None else held_grad(node.value)
    if left is not None:
        fact["left"] = short(left)
    return fact


def line_facts(here: Line) -> list[str]:
    """Return where a line of the program is, and its text."""
    return [
        visible(f"{shown_file(here.file)}:{here.number}, in {here.function}"),
        here.text.strip(),
    ]


def value_facts(x: Any, full: bool) -> Facts:
    """Return the facts about a number or an array: a text, and its entries or a sample of them."""
    x = held(x) if isinstance(x, Value) else x
    fact: Facts = {"text": short(x)}
    if not np.all(np.isfinite(x)):
        odd = {"NaN": np.isnan(x), "infinite": np.isinf(x)}
        fact["odd"] = " and ".join(what for what, where in odd.items() if np.any(where))
    elif isinstance(x, float) and float(fact["text"]) != x:
        fact["exact"] = str(float(x))
    if isinstance(x, (ndarray, np.generic)):
        fact["dtype"] = str(x.dtype)
    if isinstance(x, ndarray) and x.ndim:
        fact["shape"] = list(x.shape)
        if full and x.size:
            fact["entries"], fact["every"] = sample(x)
    return fact


def sample(x: ndarray) -> tuple[list[list[str]], list[int]]:
    """Return rows of entries of an array, and the steps between the sampled rows and columns."""
    table = x.reshape(-1, x.shape[-1])
    every = [-(-size // MOST_ENTRIES) for size in table.shape]
    return [[short(x) for x in row] for row in table[:: every[0], :: every[1]]], every


# -- the chain rule ------------------------------------------------------------------------------


def tell_gradients(
    picture: Picture, told: list[Facts], by_serial: dict[int, int], full: bool
) -> str:
    """Add gradients and the terms of their sums to the facts; return why there are none, or ""."""
    outputs = [value for key in picture.outputs if (value := picture[key].value) is not None]
    outputs = [value for value in outputs if learns(held(value))]
    if not outputs:
        return "The output holds integers or booleans, which have no gradient."
    root = outputs[0] if len(outputs) == 1 else sum((y.sum() for y in outputs), start=Value(0.0))
    names = {
        node.value.serial: node.name
        for node in picture.nodes
        if node.value is not None and node.name
    }
    totals: dict[int, Any] = defaultdict(lambda: None)
    try:
        for step in steps(root):
            here = by_serial.get(step.node.serial)
            if here is not None and step.gradient is not None:
                told[here]["gradient"] = value_facts(step.gradient, full)
            for link, slope in zip(step.links, slopes(step), strict=True):
                to = by_serial.get(link.parent.serial)
                if to is None or link.gradient is None:
                    continue
                total = totals[to]
                totals[to] = link.gradient if total is None else total + link.gradient
                use = {"by": -1, "part": short(link.gradient), "total": short(totals[to])}
                if here is not None:
                    use |= {"by": here, "slope": slope}
                    if full:
                        use["of"] = shortened(definition(step.node, names), LONGEST_MADE)
                        use["rule"] = derivative(step.node, link.place, names)
                told[to].setdefault("uses", []).append(use)
    except Exception as error:  # a rule may refuse; the page shows the rest
        return f"The backward pass stopped: {visible(error)}"
    return ""


def slopes(step: Step) -> list[str]:
    """Return the local derivative of each link as text, "" if it is not elementwise."""
    node = step.node
    if not step.links or step.gradient is None:
        return [""] * len(step.links)
    if node.size > 1 and not node.op.elementwise:
        return [""] * len(step.links)
    ones = np.ones(node.shape, node.dtype)[()]
    return [slope(node, link) for link in links_of(node, ones)]


def slope(node: Value, link: Link) -> str:
    """Return a local derivative as text."""
    whole = link.parent.shape == node.shape or node.size == 1
    return short(link.gradient) if whole and link.gradient is not None else ""
