"""No warnings from NumPy, as with `np.errstate`, but restored even if an interrupt comes."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar, copy_context
from functools import wraps
from types import FrameType
from typing import Any, TypeVar

import numpy as np

from autograd.engine.blocks import Block, Function


def _set_by_seterr() -> tuple[ContextVar[Any], Any]:
    """Return the context variable that `np.seterr` sets, and what it holds if all is ignored."""
    before, after = copy_context(), copy_context()
    after.run(np.seterr, all="ignore")
    ((variable, value),) = set(after.items()) - set(before.items())
    return variable, value


errors, IGNORED = _set_by_seterr()
# The same to NumPy: a walk runs; one that a rule of another started; one that only asks a rule.
WALK, INNER_WALK, ASKING = [_set_by_seterr()[1] for _ in range(3)]
NEXT = {WALK: INNER_WALK, INNER_WALK: INNER_WALK, ASKING: ASKING}
F = TypeVar("F", bound=Callable[..., Any])


class silence(Block):
    """A block, or a decorator of functions, without NumPy's warnings: 1/0 is inf, 0/0 is NaN.

    Blocks may end in any order. As with `np.errstate`, a block in a generator silences the code
    that takes its items too.
    """

    __slots__ = ("before",)

    def begin(self, frame: FrameType) -> None:
        self.before = errors.get()
        silent.set((*silent.get(), self))
        errors.set(IGNORED)

    def end(self) -> None:
        here = silent.get()
        if self in here:
            later = here[here.index(self) + 1 :]
            if later:
                later[0].before = self.before
            else:
                errors.set(self.before)
            silent.set(tuple([block for block in here if block is not self]))

    def __call__(self, f: Function) -> Function:
        return _setting(f, {}, IGNORED)


def walking(f: F) -> F:
    """Decorate a backward walk: it is silent, and rules that start another can be told from it."""
    return _setting(f, NEXT, WALK)


def asking(f: F) -> F:
    """Decorate a function that calls rules only to learn something about them."""
    return _setting(f, {}, ASKING)


def inside_a_rule() -> bool:
    """Whether the walk that runs was started by a rule of another walk, as that of checkpoint."""
    return errors.get() in (INNER_WALK, ASKING)


def only_asking() -> bool:
    """Whether the rule that started the walk was only asked something."""
    return errors.get() is ASKING


def _setting(f: Any, following: dict[Any, Any], other: Any) -> Any:
    @wraps(f)
    def run(*args: Any, **kwargs: Any) -> Any:
        before = errors.get()
        try:
            errors.set(following.get(before, other))
            result = f(*args, **kwargs)
        finally:
            errors.set(before)
        return result

    return run


silent: ContextVar[tuple[silence, ...]] = ContextVar("silent", default=())  # outer ones first
