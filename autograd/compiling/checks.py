"""Checks: the guards of a program that have to be made."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from autograd.compiling.node import HAS_NAN, Node
from autograd.compiling.passes.finite import ALL_FINITE
from autograd.compiling.program import Program
from autograd.engine.primitive import PRIMITIVES
from autograd.ops.elementwise import add, divide, multiply, negative, subtract
from autograd.ops.shape import reshape, transpose

CARRY_NAN = {
    PRIMITIVES[op.__name__]
    for op in (add, subtract, multiply, divide, negative, reshape, transpose)
}


def with_needed_checks(program: Program) -> Program:
    """Return a program with each guard once, without those that others imply.

    A gradient without NaN need not be looked at if it goes, by sums and products, into new numbers
    that must be finite, as they could not be otherwise.
    """
    checks: list[tuple[Node, Any]] = []
    seen: set[Any] = set()
    for node, expected in zip(program.guards, program.expected, strict=True):
        key = node, repr(expected)
        if key not in seen:
            seen.add(key)
            checks.append((node, expected))
    clean = without_nan([x.args[0] for x, good in checks if x.op is ALL_FINITE and good])
    kept = [(x, good) for x, good in checks if x.op is not HAS_NAN or x.args[0] not in clean]
    guards, expected = zip(*kept, strict=True) if kept else ((), ())
    return replace(program, guards=guards, expected=expected)


def without_nan(finite: list[Node]) -> set[Node]:
    """Return the nodes whose NaN would be a NaN in one of these."""
    found, waiting = set(finite), list(finite)
    while waiting:
        node = waiting.pop()
        whole = [x for x in node.parents if np.size(x.sample) <= np.size(node.sample)]
        new = [x for x in whole if x not in found] if node.op in CARRY_NAN else []
        found.update(new)
        waiting += new
    return found
