"""Adapters: functions of PyTorch's or JAX's arrays as functions of ours, derivatives included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograd.engine.trees import filled, leaves
from autograd.hips.extend import defjvp_argnums, defvjp_argnums, primitive
from autograd.testing.libraries import Function, Jax, Library, Torch
from autograd.testing.problem import moves
from autograd.transforms.trace import name_of


def from_torch(f: Function) -> Function:
    """Return a function of PyTorch tensors as one of arrays, with PyTorch's derivatives.

    The derivatives are those of PyTorch to any order, so that `check_gradients` checks them. A
    tensor gets the dtype of its array. Where PyTorch has no rule for forward mode, it is derived
    from the backward rule.

    Args:
        f: takes tensors, numbers and containers of them, and returns tensors; or a subclass of
            `torch.autograd.Function`.

    Returns:
        a function of arrays, which may be part of a larger one.

    Raises:
        ModuleNotFoundError: PyTorch is not installed.
        TypeError: (when called) the result is not a tensor, or a container of tensors.

    Example:
        >>> import torch  # doctest: +SKIP
        >>> check_gradients(from_torch(torch.erfc), np.array([0.5, 3.0]))  # doctest: +SKIP
    """
    if isinstance(f, type) and hasattr(f, "apply"):
        return taken_over(f.apply, Torch(), f.__name__)
    return taken_over(f, Torch())


def from_jax(f: Function) -> Function:
    """Return a function of JAX arrays as one of NumPy's, with JAX's derivatives.

    It computes in double precision on double arrays, whatever `jax_enable_x64` says. For functions
    with a `custom_vjp`, forward mode is derived from it.

    Args:
        f: takes JAX arrays, numbers and containers of them, and returns arrays.

    Returns:
        a function of arrays, which may be part of a larger one.

    Raises:
        ModuleNotFoundError: JAX is not installed.
        TypeError: (when called) the result is not an array, or a container of arrays.

    Example:
        >>> import jax  # doctest: +SKIP
        >>> check_gradients(from_jax(jax.nn.silu), np.array([0.5, 3.0]))  # doctest: +SKIP
    """
    return taken_over(f, Jax())


def taken_over(f: Function, library: Library, name: str = "") -> Function:
    """Return a function of a library's arrays as one of ours, with its derivatives.

    Args:
        f: the function.
        library: how the library computes.
        name: what to call it; its own name if left out.
    """
    name = name or getattr(f, "__name__", type(f).__name__)

    def g(*args: Any) -> Any:
        results: list[Any] = []  # the form of the result, and the shapes of its parts

        def single(*given: Any) -> Any:
            found = f(*given)
            parts = [y for _, y in leaves(found)]
            if not parts or not all(map(library.is_array, parts)):
                raise TypeError(
                    f"{name_of(f)} should return arrays of {library.name}, not {found!r:.60}"
                )
            results[:] = found, [tuple(part.shape) for part in parts]
            return found if library.is_array(found) else library.joined(parts)

        def forward(*raw: Any) -> Any:
            return library.array(library.run(single, raw))

        forward.__name__ = name
        op = primitive(forward)
        give_rules(op, single, library)
        joined = op(*args)
        found, shapes = results
        return joined if library.is_array(found) else filled(found, cut(joined, shapes))

    g.__name__ = name
    return g


def cut(joined: Any, shapes: Sequence[tuple[int, ...]]) -> Iterator[Any]:
    """Yield the parts of a vector, in these shapes."""
    at = 0
    for shape in shapes:
        size = int(np.prod(shape))
        yield np.reshape(joined[at : at + size], shape)
        at += size


def give_rules(op: Any, f: Function, library: Library) -> None:
    """Give a primitive the rules of the library's function behind it, differentiable in turn."""
    pull, push = taken_over(library.pull(f), library), taken_over(library.push(f), library)

    def reverse(argnums: Sequence[int], ans: Any, args: tuple, kwargs: Any) -> Function:
        def gradients(g: Any) -> list[Any]:
            found = iter(pull(g, *args))
            trees = [
                filled(arg, (next(found) if moves(x) else 0.0 for _, x in leaves(arg)))
                for arg in args
            ]
            return [trees[i] for i in argnums]

        return gradients

    def forward(argnums: Sequence[int], gs: Any, ans: Any, args: tuple, kwargs: Any) -> Any:
        given = dict(zip(argnums, gs, strict=True))
        changes = tuple(
            v
            for i, arg in enumerate(args)
            for (_, x), (_, v) in zip(leaves(arg), leaves(given.get(i, zeros(arg))), strict=True)
            if moves(x)
        )
        try:
            return push(changes, *args)
        except Exception as error:
            if not library.lacks_forward(error) or np.iscomplexobj(ans):
                raise
        seeds = np.eye(np.size(ans), dtype=np.result_type(ans)).reshape(-1, *np.shape(ans))
        found = [
            sum(np.sum(a * v) for a, v in zip(pull(seed[()], *args), changes, strict=True))
            for seed in seeds
        ]
        return np.reshape(np.stack(found), np.shape(ans))

    defvjp_argnums(op, reverse)
    defjvp_argnums(op, forward)


def zeros(tree: Any) -> Any:
    """Return a tree with a zero for each number."""
    return filled(tree, (np.zeros_like(x) if moves(x) else x for _, x in leaves(tree)))
