"""Liveness: when an array is taken for the last time, and how much memory that leaves in use."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heappop, heappush

import numpy as np
from numpy import ndarray

from autograd.compiling.node import Node, form_of, is_large
from autograd.compiling.passes.regions import Region, ufunc_of
from autograd.engine.primitive import PRIMITIVES
from autograd.ops.contraction import matmul

Step = Node | Region
MATMUL = PRIMITIVES[matmul.__name__]


def takes(step: Step) -> list[Node]:
    """Return the nodes whose numbers a step takes."""
    return step.inputs if isinstance(step, Region) else step.parents


def gives(step: Step) -> list[Node]:
    """Return the nodes that a step leaves behind."""
    return step.outputs if isinstance(step, Region) else [step]


def last_taken(steps: list[Step], ends: Iterable[Node]) -> list[list[Node]]:
    """Return for each step the large arrays that nothing takes after it.

    Args:
        steps: a program in order.
        ends: the nodes that it is run for, which stay.
    """
    seen = set(ends)
    found: list[list[Node]] = []
    for step in reversed(steps):
        new = [x for x in dict.fromkeys([*takes(step), *gives(step)]) if x not in seen]
        seen.update(new)
        found.append([x for x in new if is_large(x) and x.op is not None])
    return found[::-1]


def freeing_first(steps: list[Step], ends: Iterable[Node]) -> list[Step]:
    """Return steps in an order in which large arrays are let go of early.

    A step comes as soon as what it takes is there, if with it as much memory becomes free as it
    needs, and first what frees most. All others stay in order.

    Args:
        steps: a program in order.
        ends: the nodes that it is run for, which stay.
    """
    if not any(is_large(x) for step in steps for x in gives(step)):
        return steps
    owner = owners(steps)
    home = {node: step for step in steps for node in gives(step)}
    places = {step: i for i, step in enumerate(steps)}
    stay = {owner[x] for x in ends}
    users: dict[Node, set[Step]] = {}
    takers: dict[Step, set[Step]] = {}
    missing: dict[Step, int] = {}
    for step in steps:
        before = {home[x] for x in takes(step)}
        missing[step] = len(before)
        for x in before:
            takers.setdefault(x, set()).add(step)
        for node in (*takes(step), *gives(step)):
            users.setdefault(owner[node], set()).add(step)
    found: dict[Step, None] = {}
    waiting: list[tuple[int, int]] = []  # what steps that may come at once need, and their places

    def look(step: Step) -> None:
        """Let a step come at once if it can, and needs no more memory than it frees."""
        made = [x for x in gives(step) if is_large(x) and x.op is not None]
        held = {owner[x] for x in takes(step)} - stay
        freed = [x for x in held if is_new(x, owner) and users[x] == {step}]
        needed = sum(x.sample.nbytes for x in made if owner[x] is x)
        needed -= sum(x.sample.nbytes for x in freed)
        if not missing[step] and (made or freed) and needed <= 0:
            heappush(waiting, (needed, places[step]))

    def take(step: Step) -> None:
        """Let a step come now."""
        if step in found:
            return
        found[step] = None
        for taker in takers.get(step, ()):
            missing[taker] -= 1
            look(taker)
        for base in {owner[x] for x in (*takes(step), *gives(step))}:
            users[base].discard(step)
            if len(users[base]) == 1:
                look(*users[base])

    sources = [step for step in steps if isinstance(step, Node) and step.op is None]
    for step in [*sources, *steps]:
        while waiting:
            take(steps[heappop(waiting)[1]])
        take(step)
    return list(found)


def overwritten(steps: list[Step], ends: Iterable[Node]) -> dict[Node, Node]:
    """Return for some elementwise steps an argument that nothing takes any more.

    The result may be written over it. It has to be an array that a step of the program has made,
    and that no other can be a view of.
    """
    after: dict[Node, int] = dict.fromkeys(ends, len(steps))  # when a node is taken last
    for i, step in enumerate(steps):
        for node in takes(step):
            after[node] = max(after.get(node, 0), i)
    found: dict[Node, Node] = {}
    for step in reversed(steps):
        for node in gives(step):
            if isinstance(step, Region) or is_fresh(node):
                continue
            for parent in node.parents:  # it may be a view of it, and be taken later
                after[parent] = max(after.get(parent, 0), after.get(node, 0))
    for i, step in enumerate(steps):
        if isinstance(step, Region) or ufunc_of(step) is None or not is_whole(step):
            continue
        fits = [x for x in step.parents if is_fresh(x) and after[x] == i and is_whole(x)]
        same = [x for x in fits if form_of(x.sample) == form_of(step.sample)]
        if same:
            found[step] = same[0]
    return found


def is_fresh(node: Node) -> bool:
    """Whether a step makes a new array, at any time."""
    return type(node.sample) is ndarray and (node.op is MATMUL or ufunc_of(node) is not None)


def is_whole(node: Node) -> bool:
    """Whether a node is a large array whose entries lie in order."""
    return is_large(node) and node.sample.flags.c_contiguous


def peak(steps: list[Step], ends: Iterable[Node]) -> int:
    """Return how many bytes a program needs at once for what it computes, by estimate.

    A view needs none, but keeps the array alive that it is a view of. What a single step needs
    while it runs is not counted.

    Args:
        steps: a program in order.
        ends: the nodes that it is run for.
    """
    made = [node for step in steps for node in gives(step) if node.op is not None]
    if not any(map(is_large, made)):
        return sum(np.asarray(x.sample).nbytes for x in made)
    owner = owners(steps)
    kept = {owner[x] for x in ends if x in owner}
    users: dict[Node, set[Node]] = {}
    for node, base in owner.items():
        users.setdefault(base, set()).add(node)
    now = most = 0
    for step, dead in zip(steps, last_taken(steps, ends), strict=True):
        now += sum(np.asarray(x.sample).nbytes for x in gives(step) if is_new(x, owner))
        most = max(most, now)
        for node in dead:
            base = owner.get(node, node)
            users.get(base, set()).discard(node)
            if not users.get(base) and base not in kept and is_new(base, owner):
                now -= base.sample.nbytes
    return most


def owners(steps: list[Step]) -> dict[Node, Node]:
    """Return for each node the one whose memory it is a view of, or itself."""
    owner: dict[Node, Node] = {}
    for step in steps:
        for node in gives(step):
            shared = [p for p in node.parents if p in owner and shares_memory(node, p)]
            owner[node] = owner[shared[0]] if shared else node
    return owner


def is_new(node: Node, owner: dict[Node, Node]) -> bool:
    """Whether a step makes an array of its own."""
    return node.op is not None and owner.get(node) is node and type(node.sample) is ndarray


def shares_memory(node: Node, parent: Node) -> bool:
    """Whether a node is a view of what it takes."""
    both = type(node.sample) is ndarray and type(parent.sample) is ndarray
    return both and np.may_share_memory(node.sample, parent.sample)
