"""HIPS autograd's `check_grads`."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from autograd.engine.trees import filled, leaves
from benchmarks.planted.case import Case
from benchmarks.planted.library import Absent, Library, Offered, defined


class HIPS(Library):
    """`check_grads`, asked for each argument in turn."""

    name = "HIPS autograd"

    def __init__(self, package: ModuleType) -> None:
        self.xp = package.numpy
        self.extend = package.extend
        self.check_grads = package.test_util.check_grads
        self.special = Offered(package.scipy.special) if hasattr(package, "scipy") else Absent()
        self.activations = Absent()
        self.getval = package.tracer.getval

    def detached(self, x: Any) -> Any:
        while x is not (x := self.getval(x)):
            pass
        return x

    def op(self, forward: Callable[..., Any], *vjps: Any) -> Callable[..., Any]:
        return defined(self.extend.primitive(forward), self.extend.defvjp, vjps)

    def op_forward(self, forward: Callable[..., Any], *jvps: Any) -> Callable[..., Any]:
        made = self.extend.primitive(forward)
        self.extend.defjvp(made, *jvps)
        return made

    def check(self, case: Case) -> None:
        f, order = case.f, case.order
        if case.grad is not None:
            vjps = [pulled(case, i) for i in range(len(case.args))]
            f, order = self.op(case.f, *vjps), 1

        def joined(*args: Any) -> Any:
            parts = [y for _, y in leaves(f(*args))]
            if len(parts) == 1:
                return parts[0]
            return self.xp.concatenate([self.xp.ravel(y) for y in parts])

        np.random.seed(0)
        modes = [{"reverse": "rev", "forward": "fwd"}[case.mode]]
        for i, arg in enumerate(case.args):
            if any(learns(x) for _, x in leaves(arg)):
                self.check_grads(joined, i, modes=modes, order=order)(*case.args)


def pulled(case: Case, i: int) -> Callable[..., Any]:
    """Return the vjp of argument `i` of a case with a gradient of its own."""
    grad = case.grad
    differentiated = [any(learns(x) for _, x in leaves(arg)) for arg in case.args]
    place = sum(differentiated[:i])

    def vjp(g: Any, y: Any, *args: Any) -> Any:
        found = grad(*args)  # type: ignore[misc]
        part = found[place] if sum(differentiated) > 1 else found
        if np.size(g) > 1:
            return np.tensordot(g, part, axes=np.ndim(g))
        arrays = [np.asarray(a) for _, a in leaves(part)]
        scaled = [(np.reshape(g, ()) * a).astype(a.dtype) for a in arrays]
        return filled(part, iter(scaled))

    return vjp


def learns(x: Any) -> bool:
    """Whether a number has a derivative."""
    return not isinstance(x, (str, bool, type(None))) and np.result_type(x).kind in "fc"
