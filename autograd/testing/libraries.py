"""How other libraries compute functions of their arrays, and the derivatives of these."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any, Protocol
from warnings import catch_warnings, simplefilter

import numpy as np

from autograd.engine.trees import filled, leaves
from autograd.testing.problem import moves

Function = Callable[..., Any]


class Library(Protocol):
    """What an adapter needs to know about a library."""

    name: str

    def run(self, f: Function, args: tuple) -> Any:
        """Return what a function of the library's arrays returns for ours."""

    def array(self, y: Any) -> Any:
        """Return an array of the library as one of NumPy's."""

    def is_array(self, y: Any) -> bool:
        """Whether this is an array of the library."""

    def joined(self, parts: Sequence[Any]) -> Any:
        """Return arrays of the library as one vector."""

    def pull(self, f: Function) -> Function:
        """Return the function (g, *args) that computes the gradients of Σ g · f."""

    def push(self, f: Function) -> Function:
        """Return the function (changes, *args) that computes how the result of `f` changes."""

    def lacks_forward(self, error: Exception) -> bool:
        """Whether an error says that there is no rule for forward mode."""


def imported(module: str, name: str) -> Any:
    """Import a library on first use.

    Raises:
        ModuleNotFoundError: it is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise ModuleNotFoundError(
            f"from_{module} needs {name}: pip install {module}", name=module
        ) from None


class Torch:
    """How PyTorch computes."""

    name = "PyTorch"

    def __init__(self) -> None:
        self.torch = imported("torch", self.name)

    def run(self, f: Function, args: tuple) -> Any:
        return f(*filled(args, (self.tensor(x) for _, x in leaves(args))))

    def tensor(self, x: Any) -> Any:
        """Return a number or array as a tensor; other things, such as whole numbers, stay."""
        if not moves(x):
            return self.torch.from_numpy(x.copy()) if isinstance(x, np.ndarray) else x
        return self.torch.from_numpy(np.array(x)).requires_grad_()

    def array(self, y: Any) -> Any:
        return y.detach().cpu().resolve_conj().numpy()[()]

    def is_array(self, y: Any) -> bool:
        return isinstance(y, self.torch.Tensor)

    def joined(self, parts: Sequence[Any]) -> Any:
        return self.torch.cat([part.reshape(-1) for part in parts])

    def moving(self, args: tuple) -> Iterator[Any]:
        """Yield the tensors of floating-point numbers among arguments."""
        for _, x in leaves(args):
            if self.is_array(x) and (x.is_floating_point() or x.is_complex()):
                yield x

    def pull(self, f: Function) -> Function:
        def gradients(g: Any, *args: Any) -> tuple:
            xs = list(self.moving(args))
            zeros = tuple(map(self.torch.zeros_like, xs))
            y = f(*args)
            if not y.requires_grad:
                return zeros
            seed = g.to(y.dtype).conj()  # PyTorch's gradients are the conjugates of ours
            found = self.torch.autograd.grad(y, xs, seed, create_graph=True, allow_unused=True)
            pairs = zip(found, zeros, strict=True)
            return tuple(zero if a is None else a.conj() for a, zero in pairs)

        return gradients

    def push(self, f: Function) -> Function:
        dual = self.torch.autograd.forward_ad

        def change(changes: tuple, *args: Any) -> Any:
            tangents = iter(changes)
            moving = {id(x) for x in self.moving(args)}
            with catch_warnings(), dual.dual_level():
                simplefilter("ignore", DeprecationWarning)  # of PyTorch's own, on first use
                given = (
                    dual.make_dual(x, next(tangents).to(x.dtype)) if id(x) in moving else x
                    for _, x in leaves(args)
                )
                y = f(*filled(args, given))
                tangent = dual.unpack_dual(y).tangent
                return self.torch.zeros_like(y) if tangent is None else tangent

        return change

    def lacks_forward(self, error: Exception) -> bool:
        return isinstance(error, NotImplementedError) and "forward" in str(error)


class Jax:
    """How JAX computes."""

    name = "JAX"

    def __init__(self) -> None:
        self.jax = imported("jax", self.name)
        self.numpy = import_module("jax.numpy")

    def run(self, f: Function, args: tuple) -> Any:
        with self.in_double():
            given = filled(
                args,
                (
                    self.numpy.asarray(x) if moves(x) or isinstance(x, np.ndarray) else x
                    for _, x in leaves(args)
                ),
            )
            return f(*given)

    def in_double(self) -> Any:
        """Let JAX keep double precision; older versions have this among their experiments."""
        if hasattr(self.jax, "enable_x64"):
            return self.jax.enable_x64(True)
        return import_module("jax.experimental").enable_x64()

    def array(self, y: Any) -> Any:
        return np.asarray(y)[()]

    def is_array(self, y: Any) -> bool:
        return isinstance(y, self.jax.Array)

    def joined(self, parts: Sequence[Any]) -> Any:
        return self.numpy.concatenate([self.numpy.ravel(part) for part in parts])

    def of_moving(self, f: Function, args: tuple) -> tuple[Function, list[Any]]:
        """Return a function of the floating-point numbers among arguments, and these."""
        every = [x for _, x in leaves(args)]
        inexact = self.numpy.inexact
        moving = [
            i
            for i, x in enumerate(every)
            if self.is_array(x) and self.numpy.issubdtype(x.dtype, inexact)
        ]

        def of(*xs: Any) -> Any:
            new = dict(zip(moving, xs, strict=True))
            return f(*filled(args, (new.get(i, x) for i, x in enumerate(every))))

        return of, [every[i] for i in moving]

    def pull(self, f: Function) -> Function:
        def gradients(g: Any, *args: Any) -> tuple:
            of, xs = self.of_moving(f, args)
            y, back = self.jax.vjp(of, *xs)
            return back(g.astype(y.dtype))

        return gradients

    def push(self, f: Function) -> Function:
        def change(changes: tuple, *args: Any) -> Any:
            of, xs = self.of_moving(f, args)
            tangents = [v.astype(x.dtype) for v, x in zip(changes, xs, strict=True)]
            return self.jax.jvp(of, tuple(xs), tuple(tangents))[1]

        return change

    def lacks_forward(self, error: Exception) -> bool:
        return isinstance(error, TypeError) and "forward-mode" in str(error)
