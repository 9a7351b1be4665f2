"""Guess what to test on: build modules by their signatures, find points for functions."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from inspect import Parameter, signature
from itertools import chain, product, repeat
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np

from autograd.engine.silence import silence
from autograd.engine.trees import leaves
from autograd.engine.value import Value
from autograd.testing.problem import NUMBERS, Problem, moves
from autograd.testing.strategies import Domain

SIZES = (4, 2, 3), (2, 2, 2)
DOMAINS: tuple[Domain, ...] = (-3.0, 3.0), (0.0, 1.0)
SHAPES: tuple[tuple[int, ...], ...] = (3,), (), (3, 3)


def gives(kind: str, f: Callable[..., Any], *args: Any) -> bool:
    """Whether `f` returns finite numbers of a kind ("f" or "c") here, and at most integers besides.

    Example:
        >>> gives("f", np.sqrt, 2.0), gives("f", np.sqrt, -2.0), gives("c", abs, 1j)
        (True, False, False)
    """
    try:
        with warnings.catch_warnings(), silence():
            warnings.simplefilter("error", np.exceptions.ComplexWarning)
            results = [y for _, y in leaves(f(*args))]
            kinds = {np.result_type(y).kind for y in results}
            return kind in kinds <= {kind, *"iub"} and all(
                isinstance(y, NUMBERS) and np.all(np.isfinite(y)) for y in results
            )
    except Exception:
        return False


# -- functions -----------------------------------------------------------------------------------


def required(f: Callable[..., Any]) -> int:
    """Return how many positional arguments a function needs; two for `*args`."""
    if isinstance(f, np.ufunc):
        return f.nin
    places = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    try:
        every = signature(f).parameters.values()
    except (TypeError, ValueError):
        return 0
    count = sum(p.kind in places and p.default is p.empty for p in every)
    return count or 2 * any(p.kind is p.VAR_POSITIONAL for p in every)


def points(
    f: Callable[..., Any], form: Callable[..., Any] | None = None
) -> tuple[Domain, tuple[int, ...]] | None:
    """Return a domain and a shape of arguments for which a function is defined, None if none is.

    Vectors come first, since they test more than numbers do. Matrices come last, since a function
    of vectors may accept them without being meant for them.

    Args:
        f: the function.
        form: a function with its signature, if it has none itself.

    Example:
        >>> points(lambda x, y: np.log(x) * y), points(np.linalg.inv)
        (((0.0, 1.0), (3,)), ((-3.0, 3.0), (3, 3)))
    """
    rng, n = np.random.default_rng(0), required(form or f)
    for shape, domain in product(SHAPES, DOMAINS):
        if n and gives("f", f, *[np.asarray(rng.uniform(*domain, shape)) for _ in range(n)]):
            return domain, shape
    return None


def with_rule(f: Callable[..., Any], args: Sequence[Any]) -> list[int] | None:
    """Return which arguments of a function have a derivative, None if all or none have one."""
    places = [i for i, x in enumerate(args) if moves(x)]
    found = [
        i
        for i in places
        if not refuses(f, args, i, (NotImplementedError,)) and not left_out(f, args, i)
    ]
    return found if 0 < len(found) < len(args) else None


def left_out(f: Callable[..., Any], args: Sequence[Any], i: int) -> bool:
    """Whether a function made by `primitive` has None, for zero, as its rule for an argument."""
    try:
        node: Any = f(*[Value(x) if k == i else x for k, x in enumerate(args)])
        call = node.params["call"]
        return call.gradient(0, np.ones_like(node.data), node.data, call.args(node.args)) is None
    except Exception:
        return False


def refuses(
    f: Callable[..., Any],
    args: Sequence[Any],
    wrt: Any,
    how: tuple[type[Exception], ...],
    order: int = 1,
) -> bool:
    """Whether asking for the derivative raises one of `how`, so that there is nothing to check."""
    try:
        problem = Problem(f, args, wrt)
        for _ in range(order):
            pull, results = problem.pullback(problem.numbers)
            pull([np.ones_like(y) for y in results])
            problem = problem.gradient(results, np.random.default_rng(0))
    except how:
        return True
    except Exception:
        return False
    return False


# -- modules -------------------------------------------------------------------------------------


def modules(
    cls: Any, rng: np.random.Generator
) -> tuple[dict[str, Any], list[tuple[Any, tuple]]] | None:
    """Return (arguments of its constructor, [(module, inputs), ...]), None if no guess works.

    Sizes are small numbers, parameters are random. A module that is random in training, such as
    dropout, is set to `eval()`.

    Example:
        >>> import nn
        >>> made, samples = modules(nn.Layer, np.random.default_rng(0))
        >>> made, [x.shape for _, (x,) in samples]
        ({'inputs': 4, 'outputs': 2, 'seed': 0}, [(5, 4), (4,)])
    """
    for sizes in SIZES:
        try:
            made = constructor_arguments(cls, sizes)
            module = cls(**made)
        except Exception:
            continue
        for parameter in module.parameters():
            parameter.data = rng.normal(size=parameter.shape)[()]
        count = required(module)
        found = [
            (settled(module, inputs), inputs)
            for inputs in inputs_of(sizes[0], count, rng)
            if gives("f", module, *inputs)
        ]
        if found:
            return made, found[:2]
    return None


def constructor_arguments(cls: Any, sizes: Sequence[int]) -> dict[str, Any]:
    """Return the arguments that a constructor requires, and a seed if it takes one.

    Raises:
        TypeError: an argument cannot be guessed.
    """
    hints = get_type_hints(cls.__init__)
    every = signature(cls).parameters.values()
    size = chain(sizes, repeat(sizes[-1]))
    named = [
        p for p in every if p.kind in (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
    ]
    made = {p.name: argument(hints.get(p.name, Any), size) for p in named if p.default is p.empty}
    return made | {p.name: 0 for p in named if p.name == "seed"}


def argument(hint: Any, size: Iterator[int]) -> Any:
    """Return a value of a type, such as the next size for an int.

    Raises:
        TypeError: there is no guess for this type.
    """
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return argument(inner[0], size)
    if hint in (int, Any):
        return next(size)
    if hint in (float, bool):
        return hint(0.5)
    if Callable in (hint, origin):
        return np.tanh
    if origin in (list, tuple, Sequence) and inner[0] is int:
        return [next(size), next(size)]
    raise TypeError(f"no guess for an argument of {hint}")


def inputs_of(size: int, count: int, rng: np.random.Generator) -> Iterator[tuple]:
    """Yield inputs that networks may take, with `size` features, channels or classes."""
    shapes = (5, size), (size,), (2, 3, size), (2, size, 5, 5), (2, size, 5), ()
    for shape in shapes:
        yield tuple([rng.normal(size=shape)[()] for _ in range(count)])
    for shape in ((5,), (2, 3)):
        yield tuple([rng.integers(0, 2, shape) for _ in range(count)])


def settled(module: Any, inputs: tuple) -> Any:
    """Return a module in a state in which it returns the same twice, set to `eval()` if needed."""
    first, second = ([y for _, y in leaves(module(*inputs))] for _ in range(2))
    same = all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    return module if same else module.eval()
