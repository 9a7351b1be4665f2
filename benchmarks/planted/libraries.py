"""The checkers, and what a case needs of each: its NumPy, a way to define an op, a verdict.

A case is written once, for any of them: with `xp`, which is NumPy or PyTorch under NumPy's names,
and `op(forward, *vjps)`, an op with the vjps `(g, y, *args)`.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

import autograd
from autograd.extend import defjvp, defvjp, primitive
from autograd.testing import check_gradients
from autograd.trees import filled, leaves
from benchmarks.harness import hips, optional
from benchmarks.planted.case import Case

FEW = 20_000  # entries that a checker which moves them one by one is asked about


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
        check_gradients(case.f, *case.args, grad=case.grad, order=case.order)


class OursExtended(Ours):
    """The same, ops made by `@primitive` and `defvjp` as in HIPS autograd."""

    name = "chainrule, defvjp"

    def op(self, forward: Callable[..., Any], *vjps: Any) -> Callable[..., Any]:
        return defined(primitive(forward), defvjp, vjps)


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


class Torch(Library):
    """`gradcheck`, and `gradgradcheck` for the second order."""

    name = "PyTorch"

    def __init__(self, torch: ModuleType) -> None:
        self.torch = torch
        self.xp = Renamed(torch)
        self.special = Renamed(torch.special)
        self.activations = Renamed(torch.nn.functional)

    def op(self, forward: Callable[..., Any], *vjps: Any) -> Callable[..., Any]:
        torch = self.torch

        class Planted(torch.autograd.Function):
            @staticmethod
            def forward(ctx: Any, *args: Any) -> Any:
                y = forward(*args)
                ctx.save_for_backward(*[x for x in (*args, y) if isinstance(x, torch.Tensor)])
                ctx.constants = [None if isinstance(x, torch.Tensor) else x for x in args]
                return y

            @staticmethod
            def backward(ctx: Any, g: Any) -> Any:
                saved = iter(ctx.saved_tensors)
                args = [next(saved) if x is None else x for x in ctx.constants]
                y = next(saved)
                # Its gradients are the conjugates of NumPy's autograd libraries.
                found = [
                    vjp and conjugate(vjp(conjugate(g), y, *args)) if needed else None
                    for vjp, needed in zip(vjps, ctx.needs_input_grad, strict=False)
                ]
                return (*found, *[None] * (len(args) - len(vjps)))

        return Planted.apply

    def op_forward(self, forward: Callable[..., Any], *jvps: Any) -> Callable[..., Any]:
        class Planted(self.torch.autograd.Function):
            @staticmethod
            def forward(ctx: Any, *args: Any) -> Any:
                y = forward(*args)
                ctx.save_for_forward(*args, y)
                return y

            @staticmethod
            def jvp(ctx: Any, *changes: Any) -> Any:
                *args, y = ctx.saved_tensors
                return sum(
                    jvp(change, y, *args)
                    for jvp, change in zip(jvps, changes, strict=True)
                    if change is not None
                )

        return Planted.apply

    def through_float32(self, x: Any) -> Any:
        return x.float().double()

    def detached(self, x: Any) -> Any:
        return x.detach()

    def foreign(self, case: Case) -> Callable[..., Any]:
        """Return an op of numbers in NumPy, with the gradient of the case."""
        torch = self.torch

        def bare(x: Any) -> Any:
            x = x.detach().numpy() if isinstance(x, torch.Tensor) else x
            return float(x) if isinstance(x, np.ndarray) and not x.ndim else x

        def op(*flat: Any) -> Any:
            def forward(*flat: Any) -> Any:
                return torch.as_tensor(
                    np.asarray(case.f(*filled(case.args, map(bare, iter(flat)))))
                )

            def vjp(k: int) -> Callable[..., Any]:
                def rule(g: Any, y: Any, *flat: Any) -> Any:
                    args = filled(case.args, map(bare, iter(flat)))
                    found = [pulled(case, i)(bare(g), None, *args) for i in range(len(args))]
                    return torch.as_tensor(
                        np.asarray([a for part in found for _, a in leaves(part)][k])
                    )

                return rule

            return self.op(forward, *map(vjp, range(len(flat))))(*flat)

        return op

    def check(self, case: Case) -> None:
        torch = self.torch
        torch.manual_seed(0)
        if sum(np.size(x) for _, x in leaves(case.args)) > FEW:
            raise Missing("it moves each entry alone, and that takes minutes")
        flat = []
        for _, x in leaves(case.args):
            x = x.copy() if isinstance(x, np.ndarray) else x
            if learns(x):
                x = torch.tensor(x, requires_grad=True, dtype=dtype_of(torch, x))
            flat.append(x)
        f = self.foreign(case) if case.grad else case.f

        def flattened(*flat: Any) -> Any:
            result = f(*flat) if case.grad else f(*filled(case.args, iter(flat)))
            return tuple([y for _, y in leaves(result) if isinstance(y, torch.Tensor)])

        forward = case.mode == "forward"
        torch.autograd.gradcheck(
            flattened, flat, check_forward_ad=forward, check_backward_ad=not forward
        )
        if case.order > 1 and not case.grad and not forward:
            torch.autograd.gradgradcheck(flattened, flat)


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


class Renamed:
    """A module of PyTorch under NumPy's names."""

    def __init__(self, module: ModuleType) -> None:
        self.module = module

    def __getattr__(self, name: str) -> Any:
        torch = importlib.import_module("torch")
        if name in ("linalg", "fft") and self.module is torch:
            return Renamed(getattr(torch, name))
        if name == "pi":
            return np.pi
        if name in ("maximum", "minimum", "hypot", "arctan2", "xlogy"):
            function = getattr(self.module, name)

            def of_tensors(*args: Any) -> Any:
                return function(
                    *[torch.tensor(x).double() if isinstance(x, float) else x for x in args]
                )

            return of_tensors
        if name == "sort":
            return lambda x: torch.sort(x).values
        if name == "astype":
            return lambda x, dtype: x.to(getattr(torch, dtype))
        if name == "max" or name == "min":
            return getattr(torch, f"a{name}")
        if name == "power":
            return torch.pow
        return getattr(self.module, name, getattr(Absent(), name))


def defined(made: Any, define: Any, vjps: Any) -> Any:
    """Give a primitive of HIPS autograd's kind the vjps `(g, y, *args)`."""
    define(made, *[vjp and maker(vjp) for vjp in vjps])
    return made


def maker(vjp: Callable[..., Any]) -> Callable[..., Any]:
    """Return a vjp in the form of HIPS autograd."""
    return lambda y, *args: lambda g: vjp(g, y, *args)


def pulled(case: Case, i: int) -> Callable[..., Any]:
    """Return the vjp of argument `i` of a case with a gradient of its own."""
    grad = case.grad

    def vjp(g: Any, y: Any, *args: Any) -> Any:
        found = grad(*args)  # type: ignore[misc]
        part = found[i] if len(args) > 1 else found
        if np.ndim(g):
            return np.tensordot(g, part, axes=np.ndim(g))
        scaled = [g * np.asarray(a) for _, a in leaves(part)] if not np.ndim(g) else []
        return filled(part, iter(scaled))

    return vjp


def learns(x: Any) -> bool:
    """Whether a number has a derivative."""
    return not isinstance(x, (str, bool, type(None))) and np.result_type(x).kind in "fc"


def conjugate(x: Any) -> Any:
    """Return the conjugate of a tensor, if it is complex."""
    return x.conj() if x is not None and x.is_complex() else x


def dtype_of(torch: ModuleType, x: Any) -> Any:
    """Return PyTorch's dtype for a number."""
    return getattr(torch, np.result_type(x).name)


def libraries(hips_folder: str | None = None) -> list[Library]:
    """Return ours and the peers that are installed."""
    found: list[Library] = [Ours(), OursExtended()]
    if torch := optional("torch"):
        found.append(Torch(torch))
    if package := hips(hips_folder):
        found.append(HIPS(package))
    return found
