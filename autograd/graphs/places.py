"""Places: the line of a program that called an op, and the modules around it.

A place is noted at every op, so it holds only what is needed to find the line later: a code
object and how far it had run.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sysconfig
from collections.abc import Iterator
from types import CodeType, FrameType, ModuleType
from typing import Any, NamedTuple
from weakref import finalize, ref

import numpy as np

from autograd.engine import backward, careful, fast_backward
from autograd.engine.dispatch import LIBRARIES, OURS
from autograd.notation.names import is_module

NEAR = 6  # how many frames above the user's to search for modules, at every op
DEEPEST = 32  # how many frames to search for names, after a failure
NOT_USERS = (  # files that are not the user's program
    OURS,
    os.path.join(os.path.dirname(os.path.dirname(OURS)), "nn", ""),
    os.path.join(os.path.dirname(np.__file__), ""),
    contextlib.__file__,
    functools.__file__,
)
STANDARD = os.path.join(sysconfig.get_path("stdlib"), "")


class Spot(NamedTuple):
    """Where an op was called.

    Attributes:
        serial: the serial of the Value it made.
        code, reached: the program's code, and how far it had run; None if there is none.
        modules: weak references to the modules whose methods were running, inner ones first.
        child: the serial of the node whose rule called the op, None outside a backward pass.
    """

    serial: int
    code: CodeType | None
    reached: int
    modules: tuple
    child: int | None


# Kinds of code: the user's; a library's built on ours; perhaps a method of a module; code that
# runs rules, and code that also adds up their results
USERS, LIBRARY, METHOD, RULES, WALK = 1, 2, 4, 8, 16
WALKS = (
    backward.visit.__code__,
    fast_backward.fast_visit.__code__,
    careful.careful_visit.__code__,
)
RULE_CALLERS = (backward.hand_on.__code__, careful.handed_on.__code__)
CODE_KINDS: dict[int, int] = {}  # for each code object, by id, the sum of its kinds


def kind_of(code: CodeType) -> int:
    """Return the kinds of a code object, and remember them as long as it lives."""
    if id(code) in CODE_KINDS:
        return CODE_KINDS[id(code)]
    finalize(code, CODE_KINDS.pop, id(code), None).atexit = False
    file = code.co_filename
    whose = 0
    if not file.startswith(NOT_USERS):
        others = file.startswith(STANDARD) or any(part in file for part in LIBRARIES)
        whose = LIBRARY if others else USERS
    of_class = code.co_qualname.rpartition(".")[0]
    method = code.co_argcount and of_class and not of_class.endswith("<locals>")
    method = bool(method) and not file.startswith(OURS)
    calls, walks = [any(code is one for one in them) for them in (RULE_CALLERS, WALKS)]
    found = CODE_KINDS[id(code)] = whose + METHOD * method + RULES * calls + WALK * walks
    return found


def place_fields(serial: int, frame: FrameType | None, base: FrameType | None) -> tuple:
    """Return the fields of a Spot for an op that runs in `frame`; the search stops at `base`.

    The line is the user's innermost one, or a library's if there is no other.
    """
    code, reached, modules, child = None, 0, (), None
    library, within = None, 0
    left = NEAR
    while frame is not None and left:
        here = frame.f_code
        kind = CODE_KINDS.get(id(here))
        if kind is None:
            kind = kind_of(here)
        if kind:
            if code is None and kind & USERS:
                code, reached = here, frame.f_lasti
            elif library is None and kind & LIBRARY:
                library, within = here, frame.f_lasti
            if kind & METHOD and is_module(module := frame.f_locals.get(here.co_varnames[0])):
                modules = with_module(modules, module)
            if child is None and (kind & RULES or (kind & WALK and code is None)):
                child = frame.f_locals["node"].serial
        if frame is base:
            break
        if code is not None:
            left -= 1
        frame = frame.f_back
    if code is None:
        code, reached = library, within
    return serial, code, reached, modules, child


def with_module(modules: tuple, module: Any) -> tuple:
    """Return `modules` and one more module around them."""
    with contextlib.suppress(TypeError):  # a class without weak references
        if not modules or modules[-1]() is not module:
            return (*modules, ref(module))
    return modules


# -- read after a failure -------------------------------------------------------------------------


def caller(frame: FrameType | None) -> FrameType | None:
    """Return the first frame from `frame` upwards that is the user's or a library's."""
    while frame is not None and not kind_of(frame.f_code) & (USERS | LIBRARY):
        frame = frame.f_back
    return frame


def users_frames(frame: FrameType | None, base: FrameType | None) -> Iterator[FrameType]:
    """Yield the frames of the user's program that are running, inner ones first."""
    for _ in range(DEEPEST):
        if frame is None:
            return
        if kind_of(frame.f_code) & USERS:
            yield frame
        if frame is base:
            return
        frame = frame.f_back


def scopes(frame: FrameType | None, base: FrameType | None) -> Iterator[dict[str, Any]]:
    """Yield the variables of the running functions of the user's program, inner ones first."""
    for _ in range(DEEPEST):
        if frame is None:
            return
        if kind_of(frame.f_code) & (USERS | LIBRARY):
            code, everything = frame.f_code, frame.f_globals
            used = {name: everything[name] for name in code.co_names if name in everything}
            found = {**used, **frame.f_locals}
            yield {name: thing for name, thing in found.items() if name.isidentifier()}
        if frame is base:
            return
        frame = frame.f_back


def module_path(place: Spot, variables: dict[str, Any]) -> str:
    """Return the path of the module that called an op, such as "model.layers.3"; "" for none."""
    alive = [module for module in (weak() for weak in place.modules) if module is not None]
    if not alive:
        return ""
    inner, outer = alive[0], alive[-1]
    roots = dict(networks(variables))
    paths = []
    for name, root in [*roots.items(), (type(outer).__name__, outer)]:
        modules: list[tuple[str, Any]] = getattr(root, "named_modules", list)()
        paths += [
            (len(modules), f"{name}.{path}" if path else name)
            for path, module in modules
            if module is inner
        ]
    largest = max([count for count, _ in paths], default=0)
    return next((path for count, path in paths if count == largest), type(inner).__name__)


def networks(variables: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield (name, network) for those among variables, and among the attributes of objects."""
    for name, thing in variables.items():
        if name == "self" or isinstance(thing, (type, ModuleType)):
            continue
        if is_module(thing):
            yield name, thing
            continue
        for attribute, inner in getattr(thing, "__dict__", {}).items():
            if is_module(inner):
                yield f"{name}.{attribute}", inner
