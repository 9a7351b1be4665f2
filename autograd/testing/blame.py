"""Find the op to blame for a wrong gradient by checking the ops of a graph one by one."""

from __future__ import annotations

import sys
from bisect import bisect_right
from inspect import signature
from typing import Any

import numpy as np

from autograd.engine.dispatch import LIBRARIES
from autograd.engine.graph import history, next_serial
from autograd.engine.value import Value
from autograd.testing.problem import own
from autograd.testing.report import GradientError, Report
from autograd.testing.rules import check_rules

NEAR = 0  # in place of an order: the first derivatives at a point nearby


def blame(problem: Any, order: int) -> str:
    """Return which op of a function's graph has a wrong rule, or "" if each op alone is right.

    Args:
        problem: the function, at a point.
        order: the highest order to check its ops in.
    """
    inputs = [Value(x) for x in problem.numbers]
    trail = Trail()
    try:
        with trail:
            results = problem(*inputs)
        nodes = history([y for y in results if isinstance(y, Value)], {})[0]
    except Exception:
        return ""
    made = [node for node in reversed(nodes) if node.op is not None]
    if len(made) == 1 and not trail.line(made[0].serial):
        return ""  # the function is this op
    made = [node for node in made if node.op.vjps]
    looks = [(level, brief) for level in range(1, order + 1) for brief in (True, False)]
    for level, brief in [*looks, (NEAR, True)]:
        for node in made:
            about = node, level, problem.accuracy
            if fault(*about, brief) and (found := fault(*about, False)):
                line = trail.line(node.serial)
                return f"the rule of {node.op.name} is wrong{line}:\n{found}"
    return ""


def fault(node: Any, order: int, accuracy: float, brief: bool) -> str:
    """Return what is wrong with the op of a node at its arguments, or "".

    Args:
        node: a node made by the op.
        order: the highest order to check; `NEAR` checks at another point.
        accuracy: how exact the function is, see `Problem`.
        brief: whether to check along one direction only.
    """
    from autograd.testing.check import Check
    from autograd.testing.problem import Problem

    places = [i for i, parent in enumerate(node.parents) if parent is not None]

    def op(*args: Any) -> Any:
        return node.op.record(*args, **node.params)

    op.__name__ = node.op.name
    try:
        problem = Problem(op, [own(x) for x in node.args], places)
        problem.names, problem.accuracy = names_of(node, places), accuracy
        check = Check(problem, ("reverse",), np.random.default_rng(0), Report(node.op.name), brief)
        if order == NEAR:
            check.elsewhere(problem)
        else:
            check.run(order)
            check_rules(problem)
    except GradientError as error:
        return str(error)
    except Exception:
        return ""
    return ""


def names_of(node: Any, places: list[int]) -> list[str]:
    """Return names for the arguments of an op that are nodes of the graph."""
    call = node.params.get("call")  # if `primitive` made the op from a function
    try:
        written = list(signature(call.rules.fun if call else node.op.forward).parameters)
    except ValueError:  # a ufunc
        written = []
    numbers = call.argnums if call else places
    return [
        f"argument {i} ({written[i]})" if i < len(written) else f"argument {i}" for i in numbers
    ]


class Trail:
    """A record of which line of the user's code ran when, to tell which line made a node."""

    def __init__(self) -> None:
        self.serials: list[int] = []
        self.lines: list[str] = []

    def __enter__(self) -> Trail:
        self.start: Any = sys._getframe(1)
        self.before = sys.gettrace()
        sys.settrace(self.called)
        return self

    def __exit__(self, *error: object) -> None:
        sys.settrace(self.before)
        self.start = None  # the frame may hold this trail

    def called(self, frame: Any, event: str, argument: Any) -> Any:
        """Follow the frames of the user's functions."""
        return self.ran if is_users(frame) else None

    def ran(self, frame: Any, event: str, argument: Any) -> Any:
        """Note a line that is about to run, or that goes on after a function it called."""
        at = frame
        if event == "return":
            at = frame.f_back
            while at is not self.start and not is_users(at):
                at = at.f_back
        if event in ("line", "return"):
            self.serials.append(next_serial())
            line = f" ({at.f_code.co_filename}, line {at.f_lineno})"
            self.lines.append("" if at is self.start else line)
        return self.ran

    def line(self, serial: int) -> str:
        """Return the file and line where the node with this serial was made, "" if unknown."""
        i = bisect_right(self.serials, serial)
        return self.lines[i - 1] if i else ""


def is_users(frame: Any) -> bool:
    """Whether a frame is neither ours nor a library's."""
    name = frame.f_code.co_filename
    ours = frame.f_globals.get("__name__", "").partition(".")[0] in ("autograd", "nn")
    return not (ours or any(part in name for part in LIBRARIES))
