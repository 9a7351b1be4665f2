"""Functions with several results, such as eigh: one op, with its results side by side in one array.

An op has one result, and each node has one gradient. So the results of a decomposition are packed
side by side along the last axis, and each is then a slice of that array. The decomposition is
computed once, its rule runs once, and higher derivatives work as for any op.
"""

from math import prod

import numpy as np

from autograd.engine.primitive import define
from autograd.engine.value import Value
from autograd.ops.plain import raw


def numbers(x):
    """Return the plain numbers of an array or a Value as an array."""
    return np.asarray(raw(x))


def several(name, function, shapes, vjp, real=(), **fields):
    """Define an op that takes a matrix, or a stack of matrices, and has several results.

    Args:
        name: what the op is called in messages.
        function: `(a, **params)` of raw arrays, which returns a (named) tuple of arrays.
        shapes: `(rows, columns, **params)`, which returns the shape of each result for one
            matrix.
        vjp: `(gradients, results, a, **params)`, which returns the gradient of `a`; the first
            two are lists with one entry for each result.
        real: the positions of results that are real even where the others are complex.
        **fields: further fields, as for `define`.

    Returns:
        A function `(a, **params)` that returns what `function` does, with Values if `a` is one.
    """

    def split(packed, a, params):
        batch, parts, start = a.shape[:-2], [], 0
        each = (slice(None),) * len(batch)
        for i, shape in enumerate(shapes(*a.shape[-2:], **params)):
            stop = start + prod(shape)
            part = packed[(*each, slice(start, stop) if shape else start)]
            if len(shape) > 1:
                part = np.reshape(part, (*batch, *shape))
            parts.append(np.real(part) if i in real and packed.dtype.kind == "c" else part)
            start = stop
        return parts

    def forward(a, **params):
        results, cores = function(a, **params), shapes(*a.shape[-2:], **params)
        flat = [
            np.reshape(part, (*a.shape[:-2], prod(shape)))
            for part, shape in zip(results, cores, strict=True)
        ]
        return np.concatenate(flat, axis=-1)

    def rule(g, y, a, **params):
        return vjp(split(g, a, params), split(y, a, params), a, **params)

    packed = define(name, forward, vjps=(rule,), **fields)
    result = type(function(np.eye(1)))

    def call(a, **params):
        if not isinstance(a, Value):
            return function(a, **params)
        if a.ndim < 2:
            raise np.linalg.LinAlgError(
                f"{name} takes a matrix or a stack of matrices, not a Value of shape {a.shape}"
            )
        return result(*split(packed(a, **params), a, params))

    return call
