"""Forms of products: of matrices, by subscripts, and convolutions; of pools, and of LSTMs."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from autograd.graphs.aligned import Size
from autograd.ops import contraction, convolution, pooling, recurrent


def matmul(to: Any, y: Any, a: Any, b: Any) -> str:
    return to.put("MatMul", to.tensor(a, y.dtype), to.tensor(b, y.dtype))


def einsum(to: Any, y: Any, *operands: Any, subscripts: str, optimize: Any = False) -> str:
    like = [np.empty((0,) * x.ndim) for x in operands]
    terms, output = contraction.spell(subscripts, like)
    each = [to.tensor(x, y.dtype) for x in operands]
    return to.put("Einsum", *each, equation=f"{','.join(terms)}->{output}")


def options(stride: Any, padding: Any, dilation: Any, groups: int) -> dict[str, Any]:
    """Return the options of a convolution under ONNX's names."""
    pads = [before for before, _ in padding] + [after for _, after in padding]
    return {"strides": stride, "pads": pads, "dilations": dilation, "group": groups}


def conv(to: Any, y: Any, x: Any, w: Any, results: Any = None, **given: Any) -> str:
    if results is not None:
        raise ValueError("no form in ONNX for a part of the result")
    return to.put("Conv", to.tensor(x, y.dtype), to.tensor(w, y.dtype), **options(**given))


def conv_input(to: Any, y: Any, g: Any, w: Any, sizes: Any, **given: Any) -> str:
    lengths = zip(
        sizes, g.shape[2:], w.shape[2:], given["stride"], given["padding"], given["dilation"],
        strict=True,
    )  # fmt: skip
    if any(isinstance(n, Size) for n in (*sizes, *g.shape[2:])):
        raise ValueError("no form in ONNX along an axis of free size")
    more = [n - ((m - 1) * s + d * (k - 1) + 1 - sum(p)) for n, m, k, s, p, d in lengths]
    g, w = to.tensor(g, y.dtype), to.tensor(w, y.dtype)
    return to.put("ConvTranspose", g, w, output_padding=more, **options(**given))


def pool(kind: str) -> Callable[..., str]:
    """Return the form of a pool over windows of the last axes."""

    def form(to: Any, y: Any, x: Any, kernel: Any, stride: Any) -> str:
        sizes = x.shape[x.ndim - len(kernel) :]
        alone = to.put("Reshape", to.tensor(x, y.dtype), to.ints((1, -1, *sizes)))
        pooled = to.put(kind, alone, kernel_shape=kernel, strides=stride)
        return to.put("Reshape", pooled, to.ints(y.shape))

    return form


def sum_pool(to: Any, y: Any, x: Any, kernel: Any, stride: Any) -> str:
    mean = pool("AveragePool")(to, y, x, kernel, stride)
    return to.put("Mul", mean, to.constant(prod(kernel), y.dtype))


def part(to: Any, x: str, start: int, end: int, axis: int) -> str:
    return to.put("Slice", x, *[to.ints((n,)) for n in (start, end, axis)])


def step(to: Any, gates: str, c: str, size: int) -> list[str]:
    """Return h, c and the four gates after their activations."""
    i, f, new, o = (
        to.put(kind, part(to, gates, n * size, (n + 1) * size, -1))
        for n, kind in enumerate(("Sigmoid", "Sigmoid", "Tanh", "Sigmoid"))
    )
    c = to.put("Add", to.put("Mul", f, c), to.put("Mul", i, new))
    return [to.put("Mul", o, to.put("Tanh", c)), c, i, f, new, o]


def lstm_cell(to: Any, y: Any, gates: Any, c: Any) -> str:
    h, after, *_ = step(to, to.tensor(gates, y.dtype), to.tensor(c, y.dtype), c.shape[-1])
    return to.put("Concat", h, after, axis=-1)


def lstm(to: Any, y: Any, gates: Any, u: Any, h: Any, c: Any) -> str:
    steps, size = gates.shape[0], c.shape[-1]
    if isinstance(steps, Size):
        raise ValueError("no form in ONNX for a free number of steps")
    gates, u = to.tensor(gates, y.dtype), to.tensor(u, y.dtype)
    h, c = (to.put("Unsqueeze", to.tensor(x, y.dtype), to.ints((0,))) for x in (h, c))
    states = []
    for t in range(steps):
        sums = to.put("Add", part(to, gates, t, t + 1, 0), to.put("MatMul", h, u))
        h, c, *_ = found = step(to, sums, c, size)
        apart = [to.put("Unsqueeze", x, to.ints((0,))) for x in found]
        states.append(to.put("Concat", *apart, axis=0))
    return to.put("Concat", *states, axis=1)


PRODUCTS: dict[Any, Callable[..., str]] = {
    contraction.matmul: matmul,
    contraction.einsum: einsum,
    convolution.conv: conv,
    convolution.conv_input: conv_input,
    pooling.max_pool: pool("MaxPool"),
    pooling.sum_pool: sum_pool,
    recurrent.lstm_cell: lstm_cell,
    recurrent.lstm: lstm,
}
