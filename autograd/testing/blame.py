"""Which op is to blame for a wrong gradient: the primitives of a graph, checked one by one."""

from __future__ import annotations

import sys
from bisect import bisect_right
from typing import Any

import numpy as np

from autograd.dispatch import LIBRARIES, OURS
from autograd.graph import history
from autograd.testing.problem import own
from autograd.testing.report import GradientError, Report
from autograd.value import Value, next_serial


def blame(problem: Any, order: int) -> str:
    """Return which op of a function's graph has a wrong rule, or nothing if each alone is right.

    Args:
        problem: the function, at a point.
        order: up to which order its ops are checked.
    """
    inputs = [Value(x) for x in problem.numbers]
    trail = Trail()
    try:
        with trail:
            results = problem(*inputs)
        nodes = history([y for y in results if isinstance(y, Value)], {})[0]
    except Exception:
        return ""
    nodes = [node for node in reversed(nodes) if node.op is not None and node.op.vjps]
    for level in range(1, order + 1):
        for brief in (True, False):
            for node in nodes:
                if fault(node, level, brief) and (found := fault(node, level, False)):
                    return f"the rule of {node.op.name} is wrong{trail.line(node.serial)}:\n{found}"
    return ""


def fault(node: Any, order: int, brief: bool) -> str:
    """Return what is wrong with the op of a node, at the arguments it had there.

    Args:
        node: made by the op.
        order: up to which order it is checked.
        brief: whether along one direction only.
    """
    from autograd.testing.checker import Check
    from autograd.testing.problem import Problem

    places = [i for i, parent in enumerate(node.parents) if parent is not None]

    def op(*args: Any) -> Any:
        return node.op.record(*args, **node.params)

    op.__name__ = node.op.name
    try:
        problem = Problem(op, [own(x) for x in node.args], places)
        problem.names = [f"argument {i}" for i in places]
        Check(problem, ("reverse",), np.random.default_rng(0), Report(node.op.name), brief).run(
            order
        )
    except GradientError as error:
        return str(error)
    except Exception:
        return ""
    return ""


class Trail:
    """Which line of the user's ran when: what the nodes made meanwhile were made by."""

    def __init__(self) -> None:
        self.serials: list[int] = []
        self.lines: list[str] = []

    def __enter__(self) -> Trail:
        self.before = sys.gettrace()
        sys.settrace(self.called)
        return self

    def __exit__(self, *error: object) -> None:
        sys.settrace(self.before)

    def called(self, frame: Any, event: str, argument: Any) -> Any:
        """Follow the frames of functions that are neither ours nor a library's."""
        name = frame.f_code.co_filename
        theirs = not name.startswith(OURS) and not any(part in name for part in LIBRARIES)
        caller = frame.f_back.f_code.co_filename if frame.f_back else ""
        # What an op calls, such as a forward function, is not where the op was called.
        theirs &= not caller.startswith(OURS) or caller.startswith(f"{OURS}testing")
        return self.ran if theirs else None

    def ran(self, frame: Any, event: str, argument: Any) -> Any:
        """Note a line that is about to run."""
        if event == "line":
            self.serials.append(next_serial())
            self.lines.append(f"{frame.f_code.co_filename}, line {frame.f_lineno}")
        return self.ran

    def line(self, serial: int) -> str:
        """Return where the node with this serial was made, or nothing if that is not known."""
        i = bisect_right(self.serials, serial)
        return f" ({self.lines[i - 1]})" if i else ""
