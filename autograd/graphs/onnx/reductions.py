"""Forms of ops along axes: sums, means, extremes, softmax."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from autograd.graphs.aligned import Size
from autograd.ops import norms
from autograd.ops import reduce as rows


def reduced(to: Any, kind: str, x: str, axis: Any, keepdims: Any) -> str:
    """Add a reduction of ONNX over some axes, all if None."""
    if axis == ():
        return x
    axes = [] if axis is None else [to.ints(axis if isinstance(axis, tuple) else (axis,))]
    return to.put(kind, x, *axes, keepdims=int(keepdims))


def reduction(kind: str) -> Callable[..., str]:
    """Return the form of an op of ONNX that reduces axes."""

    def form(to: Any, y: Any, x: Any, axis: Any = None, keepdims: Any = False) -> str:
        return reduced(to, kind, to.tensor(x, y.dtype), axis, keepdims)

    return form


def extreme(kind: str, join: str) -> Callable[..., str]:
    """Return the form of a maximum or minimum, which may begin with a number."""

    def form(
        to: Any, y: Any, x: Any, axis: Any = None, keepdims: Any = False, initial: Any = None
    ) -> str:
        dtype = np.dtype(np.int32) if y.dtype.kind == "b" else y.dtype
        found = reduced(to, kind, to.tensor(x, dtype), axis, keepdims)
        if initial is not None and (y.dtype.kind == "f" or np.isfinite(initial)):
            found = to.put(join, found, to.tensor(initial, dtype))
        return found if dtype == y.dtype else to.cast(found, y.dtype)

    return form


def sum_from(to: Any, y: Any, x: Any, initial: Any, axis: Any = None, keepdims: Any = False) -> str:
    total = reduction("ReduceSum")(to, y, x, axis, keepdims)
    return to.put("Add", total, to.tensor(initial, y.dtype))


def variance(
    to: Any, y: Any, x: Any, axis: Any = None, ddof: Any = 0, keepdims: Any = False
) -> str:
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    n = [x.shape[i] for i in axes]
    x = to.tensor(x, y.dtype)
    centred = to.put("Sub", x, reduced(to, "ReduceMean", x, axis, True))
    squares = to.put("Mul", centred, centred)
    if not ddof:
        return reduced(to, "ReduceMean", squares, axis, keepdims)
    if any(isinstance(length, Size) for length in n):
        raise ValueError("no form in ONNX with ddof along an axis of free size")
    total = reduced(to, "ReduceSum", squares, axis, keepdims)
    return to.put("Div", total, to.constant(prod(n) - ddof, y.dtype))


def deviation(to: Any, y: Any, *args: Any, **params: Any) -> str:
    return to.put("Sqrt", variance(to, y, *args, **params))


def along(kind: str) -> Callable[..., str]:
    """Return the form of an op of ONNX that keeps the shape, along one axis or all."""

    def form(to: Any, y: Any, x: Any, axis: Any = None) -> str:
        x = to.tensor(x, y.dtype)
        if axis is not None:
            return to.put(kind, x, axis=axis)
        flat = to.put(kind, to.put("Reshape", x, to.ints((-1,))), axis=0)
        return to.put("Reshape", flat, to.ints(y.shape))

    return form


def cumulative_sum(to: Any, y: Any, x: Any, axis: Any = None) -> str:
    x = to.tensor(x, y.dtype)
    x = to.put("Reshape", x, to.ints((-1,))) if axis is None else x
    return to.put("CumSum", x, to.constant(axis or 0, np.int64))


REDUCTIONS: dict[Any, Callable[..., str]] = {
    rows.sum_: reduction("ReduceSum"),
    rows.mean: reduction("ReduceMean"),
    rows.prod: reduction("ReduceProd"),
    rows.logsumexp: reduction("ReduceLogSumExp"),
    norms.norm: reduction("ReduceL2"),
    rows.max_: extreme("ReduceMax", "Max"),
    rows.min_: extreme("ReduceMin", "Min"),
    rows.sum_from: sum_from,
    rows.var: variance,
    rows.std: deviation,
    rows.softmax: along("Softmax"),
    rows.log_softmax: along("LogSoftmax"),
    rows.cumsum: cumulative_sum,
}
