"""PyTorch's `gradcheck` and `gradgradcheck`."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import torch

from autograd.engine.trees import filled, leaves
from benchmarks.planted.case import Case
from benchmarks.planted.hips import learns, pulled
from benchmarks.planted.library import Absent, Library, Missing

FEW = 20_000  # entries, each of which it moves alone


class Torch(Library):
    """`gradcheck`, and `gradgradcheck` for the second order."""

    name = "PyTorch"

    def __init__(self) -> None:
        self.xp = Renamed(torch)
        self.special = Renamed(torch.special)
        self.activations = Renamed(torch.nn.functional)

    def op(self, forward: Callable[..., Any], *vjps: Any) -> Callable[..., Any]:
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
        class Planted(torch.autograd.Function):
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
                    found = [
                        pulled(case, i)(bare(g), None, *args)
                        for i, arg in enumerate(case.args)
                        if any(learns(x) for _, x in leaves(arg))
                    ]
                    place = sum(learns(x) for _, x in list(leaves(case.args))[:k])
                    return torch.as_tensor(
                        np.asarray([a for part in found for _, a in leaves(part)][place])
                    )

                return rule

            return self.op(forward, *map(vjp, range(len(flat))))(*flat)

        return op

    def check(self, case: Case) -> None:
        torch.manual_seed(0)
        if sum(np.size(x) for _, x in leaves(case.args)) > FEW:
            raise Missing("it moves each entry alone, and that takes minutes")
        flat = []
        for _, x in leaves(case.args):
            if isinstance(x, np.ndarray):
                x = x.astype(x.dtype.newbyteorder("="))
            if learns(x):
                x = torch.tensor(
                    x, requires_grad=True, dtype=getattr(torch, np.result_type(x).name)
                )
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


class Renamed:
    """A module of PyTorch under NumPy's names."""

    def __init__(self, module: ModuleType) -> None:
        self.module = module

    def __getattr__(self, name: str) -> Any:
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


def conjugate(x: Any) -> Any:
    """Return the conjugate of a tensor, if it is complex."""
    return x.conj() if x is not None and x.is_complex() else x
