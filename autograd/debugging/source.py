"""Source: the line of a program that called an op, and what the program does with the result."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Iterable, Iterator
from functools import lru_cache
from types import FrameType
from typing import Any

from autograd.graphs.lines import Line, line
from autograd.notation.names import short

CHOOSE = {"where", "select", "choose"}  # functions that may leave a result out, as nansum may
FIRST_CHOOSES = {"where", "choose"}  # by their first argument
MASKS = (ast.Compare, ast.BinOp, ast.UnaryOp, ast.Name)  # an index that may be one
BOUND = {"maximum", "minimum", "fmax", "fmin", "clip"}  # or keep an infinite one out


def in_where(here: Line | None) -> bool:
    """Whether a line makes a branch of a `where`, in its call or through a variable."""
    if here is None:
        return False
    around, function = surroundings(here)
    branches = [part for call in calls(function, {"where"}) for part in call.args[1:]]
    if any(spans(part, here) and contains(part, here) for part in branches):
        return True
    return not targets(around).isdisjoint(names_of(branches))


def may_be_left_out(frames: Iterable[FrameType]) -> bool:
    """Whether one of these lines makes what the program may leave out, as a branch of a `where`.

    Args:
        frames: those of the user's program, inner ones first.
    """
    return any(left_out(here) for frame in frames if (here := line(frame.f_code, frame.f_lasti)))


@lru_cache(1000)
def left_out(here: Line) -> bool:
    """Whether a line makes a branch, in a call or through variables computed from each other.

    Where the program cannot be read, as what `exec` runs, it may.
    """
    around, function = surroundings(here)
    if not around:
        return True
    branches = [part for call in calls(function, CHOOSE | BOUND) for part in parts_of(call)]
    branches += [
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, MASKS)
    ]
    if any(spans(part, here) and contains(part, here) for part in branches):
        return True
    used = names_of(branches)
    assigned = [(targets([node]), names_of([node])) for node in ast.walk(function)]
    assigned = [(made, sources) for made, sources in assigned if made]
    for _ in assigned:
        more = {x for made, sources in assigned if made & used for x in sources} - used
        if not more:
            break
        used |= more
    return not targets(around).isdisjoint(used)


def parts_of(call: ast.Call) -> list[ast.expr]:
    """Return the arguments of a choosing function that it may leave out."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if name_of(call) in FIRST_CHOOSES:
        return given[1:]
    return [*given, call.func.value] if isinstance(call.func, ast.Attribute) else given


def surroundings(here: Line) -> tuple[list[ast.AST], ast.AST]:
    """Return the parts of a program around a line, and the innermost function, or all of it."""
    tree = parsed("".join(linecache.getlines(here.file)))
    around = [node for node in ast.walk(tree) if spans(node, here)]
    functions = [node for node in around if isinstance(node, ast.FunctionDef)]
    return around, functions[-1] if functions else tree


@lru_cache(16)
def parsed(text: str) -> ast.AST:
    """Return the syntax tree of a program, an empty one if it cannot be read."""
    try:
        return ast.parse(text)
    except SyntaxError:
        return ast.Module([], [])


def calls(tree: ast.AST, names: set[str]) -> Iterator[ast.Call]:
    """Yield the calls of functions or methods with these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = name_of(node)
            if name in names or (name.startswith("nan") and names >= CHOOSE):
                yield node


def name_of(call: ast.Call) -> str:
    """Return the name of the function or method that is called."""
    return ast.unparse(call.func).rpartition(".")[2]


def targets(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that statements among some nodes give a value or change."""
    found: list[ast.AST] = []
    for node in nodes:
        if isinstance(node, ast.Assign):
            found += node.targets
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign)):
            found.append(node.target)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            found += [node.value.func] * isinstance(node.value.func, ast.Attribute)  # a.append(…)
    return names_of(found)


def names_of(parts: Iterable[ast.AST]) -> set[str]:
    """Return the names that parts of a program mention."""
    return {node.id for part in parts for node in ast.walk(part) if isinstance(node, ast.Name)}


def spans(node: ast.AST, here: Line) -> bool:
    """Whether a part of a program includes a line."""
    return getattr(node, "lineno", here.number + 1) <= here.number <= getattr(node, "end_lineno", 0)


def contains(part: ast.expr, here: Line) -> bool:
    """Whether an expression includes the columns of a line."""
    if here.columns is None:
        return True
    after_start = part.lineno < here.number or part.col_offset <= here.columns[0]
    before_end = (part.end_lineno or 0) > here.number or (part.end_col_offset or 0) >= here.columns[
        1
    ]
    return after_start and before_end


def turns(frames: Iterable[FrameType]) -> list[str]:
    """Return the variables of the `for` loops around the lines of some frames, as "t = 2".

    Args:
        frames: those of the user's program, inner ones first.
    """
    found: dict[str, str] = {}
    for frame in frames:
        here = line(frame.f_code, frame.f_lasti)
        if here is None:
            continue
        for node in reversed(surroundings(here)[0]):
            if not isinstance(node, ast.For) or spans(node.iter, here):
                continue
            for name in sorted(names_of([node.target]) & frame.f_locals.keys()):
                if counts(frame.f_locals[name]):
                    found.setdefault(name, f"{name} = {short(frame.f_locals[name])}")
    return list(found.values())


def counts(x: Any) -> bool:
    """Whether a variable of a loop is a number that says which turn it is."""
    return isinstance(x, int) and not isinstance(x, bool)
