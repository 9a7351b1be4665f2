"""Functions with several results, such as eigh: one op, with its results side by side in one array.

An op has one result, and each node has one gradient. So the results of a decomposition are packed
side by side along the last axis, and each is then a slice of that array. The decomposition is
computed once, its rule runs once, and higher derivatives work as for any op.
"""

from math import prod

import numpy as np

from autograd.engine.primitive import PRIMITIVES, Primitive, define
from autograd.engine.value import Value
from autograd.ops.plain import raw

DECOMPOSITIONS: set[Primitive] = (
    set()
)  # ops with vectors among their results that are one choice of many


def numbers(x):
    """Return the plain numbers of an array or a Value as an array."""
    return np.asarray(raw(x))


def whole(part):
    """Return the packed results that a result, a Value, was cut out of."""
    while part.op not in DECOMPOSITIONS:
        part = part.parents[0]
    return part


def several(name, function, shapes, vjp, real=(), vectors=(), chosen=None, **fields):
    """Define an op that takes a matrix, or a stack of matrices, and has several results.

    Args:
        name: what the op is called in messages.
        function: `(a, **params)` of raw arrays, which returns a (named) tuple of arrays.
        shapes: `(rows, columns, **params)`, which returns the shape of each result for one
            matrix.
        vjp: `(gradients, results, a, **params)`, which returns the gradient of `a`; the first
            two are lists with one entry for each result.
        real: the positions of results that are real even where the others are complex.
        vectors: the positions of results of which there are many choices.
        chosen: for these, `(g, y, a)`, vjps of a function of the packed results `y` and of `a` that
            returns `y`. Their rules run only if one of these results was used, so that they know.
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
    if vectors:
        DECOMPOSITIONS.add(PRIMITIVES[name])
        choice = Primitive(f"{name}_vectors", lambda y, a, **params: np.copy(y), chosen)

    def call(a, **params):
        if not isinstance(a, Value):
            return function(a, **params)
        if a.ndim < 2:
            raise np.linalg.LinAlgError(
                f"{name} takes a matrix or a stack of matrices, not a Value of shape {a.shape}"
            )
        y = packed(a, **params)
        parts = split(y, a, params)
        if vectors:
            own = split(choice(y, a, **params), a, params)
            parts = [own[i] if i in vectors else part for i, part in enumerate(parts)]
        return result(*parts)

    return call
