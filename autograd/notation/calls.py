"""Calls in expressions: how many arguments, which options, and how large the result will be.

An expression may come from anyone, and NumPy would take an option at its word, such as a dtype
whose entries fill the memory: so each option is one of a few constants.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.engine.primitive import PRIMITIVES
from autograd.ops.contraction import matmul

DTYPES = "float16 float32 float64 complex64 complex128 int8 int16 int32 int64".split()
NORMS = (None, "fro", "nuc")
DIMENSIONS = 64  # of an array of NumPy's


def is_axis(x: Any) -> bool:
    """Whether this is the number of an axis."""
    return type(x) is int and -DIMENSIONS <= x < DIMENSIONS


def are_axes(x: Any) -> bool:
    """Whether this is None, the number of an axis or a tuple of such numbers."""
    return x is None or is_axis(x) or (type(x) is tuple and all(map(is_axis, x)))


def is_small(x: Any) -> bool:
    """Whether this is a number of ordinary size."""
    return type(x) in (int, float) and abs(x) <= 1000


# name -> (whether it may be this constant, what to write)
OPTIONS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "axis": (are_axes, "the number of an axis, or several: axis=0, axis=(0, 1)"),
    "axes": (are_axes, "the new order of the axes: axes=(1, 0)"),
    "keepdims": (lambda x: type(x) is bool, "keepdims=True or keepdims=False"),
    "dtype": (lambda x: x in DTYPES, f"one of {', '.join(map(repr, DTYPES))}"),
    "ddof": (is_small, "a small number: ddof=1"),
    "ord": (lambda x: x in NORMS or is_small(x), "a small number, 'fro' or 'nuc': ord=1"),
    "approximate": (lambda x: type(x) is str, "'none' or 'tanh'"),
}

# function -> the options it takes; all of these take one array
TAKEN: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(["sum", "mean", "prod"], ("axis", "keepdims", "dtype")),
    **dict.fromkeys(["max", "min", "logsumexp"], ("axis", "keepdims")),
    **dict.fromkeys(["var", "std"], ("axis", "keepdims", "dtype", "ddof")),
    **dict.fromkeys(["cumsum", "cumprod"], ("axis", "dtype")),
    **dict.fromkeys(["softmax", "log_softmax"], ("axis",)),
    "norm": ("axis", "keepdims", "ord"),
    "transpose": ("axes",),
    "gelu": ("approximate",),
}


def arguments(name: str) -> int:
    """Return how many arguments a function takes in an expression, options aside."""
    op = PRIMITIVES.get(name)
    return (
        len(op.domain) if op is not None and op.elementwise else {"where": 3, "dot": 2}.get(name, 1)
    )


def entries(f: Callable[..., Any], shapes: list[tuple[int, ...]]) -> int:
    """Return how many entries the result of a function has at most; 0 if it will refuse them."""
    try:
        match shapes:
            case [(*batch, n, _), (*others, _, m)] if f is matmul:
                return math.prod(np.broadcast_shapes(tuple(batch), tuple(others))) * n * m
            case [(*rows, _), (*columns, _, m)] if f is np.dot:
                return math.prod(rows) * math.prod(columns) * m
        return math.prod(np.broadcast_shapes(*shapes))
    except ValueError:
        return 0
