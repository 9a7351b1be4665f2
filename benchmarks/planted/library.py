"""Library: what a case needs of the package it is checked in, and that package's checker.

A case is written once, for any of them: with `xp`, which is NumPy or PyTorch under NumPy's names,
and `op(forward, *vjps)`, an op with the vjps `(g, y, *args)`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

import autograd
from autograd.extend import defjvp, defvjp, primitive
from autograd.testing import check_gradients
from benchmarks.harness import optional
from benchmarks.planted.case import Case


class Missing(Exception):
    """The library has no such function, so that it cannot be asked about the case."""


class Library:
    """A NumPy, a way to define an op, and a checker.

    Attributes:
        xp: functions under NumPy's names.
        special: functions under the names of `scipy.special`.
        activations: functions of neural networks.
    """

    name = ""
    xp: Any
    special: Any
    activations: Any

    def op(self, forward: Callable[..., Any], *vjps: Any) -> Callable[..., Any]:
        """Return an op with these vjps `(g, y, *args)`, None for an argument without one."""
        raise NotImplementedError

    def op_forward(self, forward: Callable[..., Any], *jvps: Any) -> Callable[..., Any]:
        """Return an op with these jvps `(change, y, *args)` and no vjps."""
        raise NotImplementedError

    def through_float32(self, x: Any) -> Any:
        """Return numbers rounded to float32, as float64."""
        return x.astype("float32").astype("float64")

    def detached(self, x: Any) -> Any:
        """Return the number in a traced one, at any order."""
        return getattr(x, "data", x) if isinstance(x, autograd.Value) else x

    def check(self, case: Case) -> None:
        """Raise an exception if the derivatives look wrong."""
        raise NotImplementedError

    def accepts(self, case: Case) -> bool | None:
        """Return whether the derivatives look right, None if the library cannot be asked."""
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                self.check(case)
        except (Missing, NotImplementedError):
            return None
        except Exception:
            return False
        return True


class Ours(Library):
    """`autograd.testing.check_gradients`, ops made by `Primitive`."""

    name = "chainrule"
    xp = np
    activations = autograd

    @property
    def special(self) -> Any:
        return optional("autograd.scipy.special") or Absent()

    def op(self, forward: Callable[..., Any], *vjps: Any) -> Callable[..., Any]:
        return autograd.Primitive("planted", forward, vjps=vjps)

    def op_forward(self, forward: Callable[..., Any], *jvps: Any) -> Callable[..., Any]:
        made = primitive(forward)
        defjvp(made, *jvps)
        return made

    def check(self, case: Case) -> None:
        chosen = {"grad": case.grad, "order": case.order, "special": case.special}
        check_gradients(case.f, *case.args, **chosen)


class OursExtended(Ours):
    """The same, ops made by `@primitive` and `defvjp` as in HIPS autograd."""

    name = "chainrule, defvjp"

    def op(self, forward: Callable[..., Any], *vjps: Any) -> Callable[..., Any]:
        return defined(primitive(forward), defvjp, vjps)


class Absent:
    """A namespace that a library lacks."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def absent(*args: Any, **params: Any) -> Any:
            raise Missing(name)

        return absent


class Offered:
    """A namespace that lacks some functions."""

    def __init__(self, module: ModuleType) -> None:
        self.module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(self.module, name, getattr(Absent(), name))


def defined(made: Any, define: Any, vjps: Any) -> Any:
    """Give a primitive of HIPS autograd's kind the vjps `(g, y, *args)`."""
    define(made, *[vjp and maker(vjp) for vjp in vjps])
    return made


def maker(vjp: Callable[..., Any]) -> Callable[..., Any]:
    """Return a vjp in the form of HIPS autograd."""
    return lambda y, *args: lambda g: vjp(g, y, *args)
