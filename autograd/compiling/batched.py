"""Batched: a recorded function of one sample, applied to all samples at once.

Each step of the function is one step on arrays with the samples along their first axis, where it is
elementwise, a product of matrices, a reduction or a change of shape. Any other is made sample by
sample, and its results are stacked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from autograd.compiling.errors import NotHereError
from autograd.compiling.node import HAS_NAN, Node
from autograd.compiling.reading import numbers
from autograd.compiling.subprogram import Subprogram
from autograd.engine.arrays import computed
from autograd.engine.tracing import tracer
from autograd.ops.contraction import matmul
from autograd.ops.elementwise import where
from autograd.ops.indexing import getitem
from autograd.ops.reduce import logsumexp, max_, min_, sum_
from autograd.ops.shape import reshape


class Batch(NamedTuple):
    """Numbers of one sample, or of all.

    Attributes:
        x: a number, an array or a Value.
        whole: whether it holds all samples, along its first axis.
    """

    x: Any
    whole: bool


def all_at_once(node: Node, args: list[Batch], n: int) -> Any:
    """Return the results of a step for all samples.

    Args:
        node: the step, as it was recorded for one sample.
        args: at least one of them is `whole`.
        n: the number of samples.
    """
    rule = aligned if node.op.elementwise else RULES.get(node.op.call)
    y: Any = rule(node, args, n) if rule is not None and not node.params else None
    fits = np.shape(y) == (n, *np.shape(node.sample))
    if y is not None and fits and np.result_type(y) == np.result_type(node.sample):
        return y
    samples = [[x[i] if whole else x for x, whole in args] for i in range(n)]
    return np.stack([node.op(*given, **node.params) for given in samples])


def aligned(node: Node, args: list[Batch], n: int) -> Any:
    """Return the results of a step whose arguments are broadcast."""
    return node.op(*[spread(arg, np.ndim(node.sample), n) for arg in args])


def spread(arg: Batch, ndim: int, n: int) -> Any:
    """Return an argument with so many axes that those of samples meet."""
    shape = np.shape(arg.x)
    if not arg.whole or len(shape) > ndim:
        return arg.x
    return np.reshape(arg.x, (n, *[1] * (ndim + 1 - len(shape)), *shape[1:]))


def multiplied(node: Node, args: list[Batch], n: int) -> Any:
    """Return products of matrices and vectors."""
    (a, first), (b, second) = args
    ranks = np.ndim(a) - first, np.ndim(b) - second
    if min(ranks) > 1:
        return np.matmul(*[spread(arg, max(ranks), n) for arg in args])
    if ranks == (1, 1):
        if first and second:
            return np.sum(a * b, axis=-1)
        return np.matmul(a, b) if first else np.matmul(b, a)
    if ranks == (2, 1):
        if first and second:
            return np.matmul(a, b[..., None])[..., 0]
        return np.matmul(a, b) if first else np.matmul(b, np.swapaxes(a, 0, 1))
    if ranks == (1, 2):
        return np.matmul(a[:, None], b)[:, 0] if first and second else np.matmul(a, b)
    return None


def by_axes(node: Node, args: list[Batch], n: int) -> Any:
    """Return reductions along axes of one sample."""
    (x, _), *rest = args
    if any(arg.whole for arg in rest) or not rest:
        return None
    axis, *others = [arg.x for arg in rest]
    ndim = np.ndim(x) - 1
    if axis is None:
        axis = tuple(range(ndim))
    axes = axis if isinstance(axis, tuple) else (axis,)
    moved = tuple([i % ndim + 1 for i in axes])
    return node.op(x, moved if isinstance(axis, tuple) else moved[0], *others)


def reshaped(node: Node, args: list[Batch], n: int) -> Any:
    """Return samples in another shape."""
    return np.reshape(args[0].x, (n, *np.shape(node.sample)))


def taken(node: Node, args: list[Batch], n: int) -> Any:
    """Return a part of each sample, by slices and numbers."""
    (x, _), (index, whole) = args
    parts = index if isinstance(index, tuple) else (index,)
    plain = all(isinstance(i, (int, slice)) or i is None or i is Ellipsis for i in parts)
    return x[(slice(None), *parts)] if plain and not whole else None


RULES: dict[Any, Callable[[Node, list[Batch], int], Any]] = {
    where: aligned,
    matmul: multiplied,
    reshape: reshaped,
    getitem: taken,
    **dict.fromkeys((sum_, max_, min_, logsumexp), by_axes),
}


def mapped(
    f: Callable[[list[Any]], list[Any]], columns: list[Any], axes: Callable[[], list[int | None]]
) -> list[Any]:
    """Return the results of `f` for all samples, as `transforms.vmap` asks for them.

    Raises:
        NotHereError, TracingError: `f` does more than compute, or looks at its numbers.
    """
    n, gaps = len(columns[0]), list[bool]()

    def one(given: list[Any]) -> list[Any]:
        found = f(given)
        gaps[:] = [y is None for y in found]
        return [y for y in found if y is not None]

    body = Subprogram(one, [computed(numbers(x)[0]) for x in columns])
    given = [Batch(x, True) for x in columns] + [Batch(x, False) for x in body.outside]
    found: dict[Node, Batch] = {}
    for node in body.nodes:
        args = [found[x] if isinstance(x, Node) else Batch(x, False) for x in node.args]
        if node.op is None:
            known = node.source is None
            found[node] = Batch(node.sample, False) if known else given[node.source.place]
        elif node.op is HAS_NAN:
            tracer().expect_no_nan([(None, x) for x, _ in args])
        elif any(whole for _, whole in args):
            found[node] = Batch(all_at_once(node, args, n), True)
        else:
            found[node] = Batch(node.op(*[x for x, _ in args], **node.params), False)
    if any(node.op is not HAS_NAN for node in body.program.guards):
        raise NotHereError("what one sample looks at may be otherwise for another")
    results = iter([found[node] for node in body.program.results])
    pairs = zip(gaps, axes(), strict=True)
    return [None if gap else along(next(results), axis, n) for gap, axis in pairs]


def along(y: Batch, axis: int | None, n: int) -> Any:
    """Return a result with its samples along an axis, None for one that is the same for all."""
    if axis is None:
        if y.whole:
            raise NotHereError("a result differs between samples")
        return y.x
    whole = y.x if y.whole else np.broadcast_to(y.x, (n, *np.shape(y.x)))
    return np.moveaxis(whole, 0, axis)
