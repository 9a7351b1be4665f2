"""Unroll: steps on small arrays become steps on their entries, which Python computes as floats.

To learn what a step does to entries, its own `forward` is run on arrays of symbols: reshapes,
slices and products need no code here. Steps that add in an order of their own, as sums do, are
run on numbers as well, to see that the bits are the same. Sums of products may differ in the last
digit, as BLAS rounds some of them once where Python rounds twice.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
from numpy import float64, ndarray

from autograd.compiling.node import HAS_NAN, NAN, Node, in_order
from autograd.compiling.outside import FITTED
from autograd.compiling.scalars import CODE, is_exact, is_scalar, on_scalars
from autograd.engine.primitive import Primitive

LARGEST = 64  # entries of an array that is unrolled
MOST = 20_000  # entries of all arrays together
DRAWS = 8  # on how many numbers the order of additions is tried
ENTRY = Primitive("entry", lambda x, place: float(x.flat[place]), None)
JOINED = Primitive("joined", lambda *x, shape: np.array(x, float).reshape(shape), None)
ALL = Primitive("all", lambda *x: np.bool_(all(x)), None)
ANY = Primitive("any", lambda *x: np.bool_(any(x)), None)
JOINS = {np.all: ALL, np.any: ANY}


class CannotError(Exception):
    """A graph has a step that cannot be unrolled."""


class Symbol:
    """An entry of an array: what is computed from it is a symbol too."""

    def __init__(self, node: Any) -> None:
        self.node = node

    def __add__(self, other: Any) -> Symbol:
        return Symbol(step(operator.add, self, other))

    def __mul__(self, other: Any) -> Symbol:
        return Symbol(step(operator.mul, self, other))

    def __sub__(self, other: Any) -> Symbol:
        return Symbol(step(operator.sub, self, other))

    def __neg__(self) -> Symbol:
        return Symbol(step(operator.neg, self))

    def __bool__(self) -> bool:
        raise CannotError

    def __eq__(self, other: object) -> bool:
        raise CannotError

    def __lt__(self, other: Any) -> bool:
        raise CannotError

    __ne__ = __eq__
    __gt__ = __le__ = __ge__ = __lt__
    __hash__ = object.__hash__


SCALAR_OPS = {
    f: Primitive(f.__name__, f, None, scalar=f, elementwise=True, domain=((0.0, 1.0),) * n)
    for f, n in ((operator.add, 2), (operator.mul, 2), (operator.sub, 2), (operator.neg, 1))
}


def step(function: Any, *args: Any) -> Node:
    """Return the node of an operation on symbols and numbers."""
    given = tuple([x.node if isinstance(x, Symbol) else float(x) for x in args])
    return Node(SCALAR_OPS[function], given, {}, float64(0.0))


def unrolled(ends: list[Node]) -> list[Node]:
    """Return a graph of steps on floats, or the same graph if one of its steps is none.

    What comes in as an array is taken apart once, and what goes out as one joined once.
    """
    nodes = in_order(ends)
    arrays = [node for node in nodes if np.ndim(node.sample)]
    if not arrays or sum(np.size(node.sample) for node in arrays) > MOST:
        return ends
    try:
        entries: dict[Node, Any] = {}
        for node in nodes:
            entries[node] = taken_apart(node, entries)
        return [joined(end, entries[end]) for end in ends]
    except CannotError:
        return ends


def taken_apart(node: Node, entries: dict[Node, Any]) -> Any:
    """Return the node or constant that stands for a number, or an array of symbols for an array."""
    sample = node.sample
    if np.ndim(sample):
        if np.size(sample) > LARGEST or sample.dtype not in (float, bool):
            raise CannotError
        if node.op is None:
            return symbols_of(node)
    elif node.op is None:
        return node
    given = [entries[x] if isinstance(x, Node) else x for x in node.args]
    if type(node.sample) is float and node.op.scalar is None and node.op is not FITTED:
        raise CannotError
    if not any(isinstance(x, ndarray) for x in given) and not np.ndim(sample):
        return node.with_args(given)
    if node.op is HAS_NAN:
        parts = [Node(NAN, (x.node,), {}, np.False_) for x in given[0].flat]
        return Node(ANY, tuple(parts), {}, sample)
    if node.op.forward in JOINS and not node.params and len(given) == 1:
        return Node(JOINS[node.op.forward], tuple([x.node for x in given[0].flat]), {}, sample)
    if is_exact(node.op) and not node.params:
        return elementwise(node, given)
    return by_forward(node, given)


def symbols_of(node: Node) -> ndarray:
    """Return an array that comes in, or is a constant, as its entries."""
    sample = node.sample
    found = np.empty(sample.size, object)
    for i, x in enumerate(sample.ravel().tolist()):
        kept = Node(ENTRY, (node,), {"place": i}, float64(x))
        found[i] = Symbol(Node(None, sample=float64(x)) if node.source is None else kept)
    return found.reshape(sample.shape)


def elementwise(node: Node, given: list[Any]) -> Any:
    """Return the entries of an elementwise step."""
    sample = node.sample
    result = np.bool_(False) if sample.dtype == bool else float64(0.0)
    boxed = []
    for x in given:
        if isinstance(x, ndarray) and x.dtype == object:
            boxed.append(x)
        elif isinstance(x, ndarray):
            if x.dtype != float:
                raise CannotError
            boxed.append(symbols_of(Node(None, sample=x)))
        elif is_scalar(x) or type(x) is int:
            one = np.empty((), object)
            one[()] = Symbol(float(x) if type(x) is int else x)
            boxed.append(one)
        else:
            raise CannotError
    found = np.empty(sample.shape, object)
    for place, parts in enumerate(zip(*(x.flat for x in np.broadcast_arrays(*boxed)), strict=True)):
        new = Node(node.op, tuple([part.node for part in parts]), {}, result)
        if not on_scalars(new):
            raise CannotError
        found.flat[place] = Symbol(new)
    return found


def by_forward(node: Node, given: list[Any]) -> Any:
    """Return the entries of a step that moves entries, or adds and multiplies them."""
    if any(isinstance(x, ndarray) and x.dtype.kind not in "Obiu" for x in given):
        raise CannotError
    inputs: list[Node] = []
    held: list[Any] = []

    def stands_for(x: Any) -> Symbol:
        inputs.append(Node(None, sample=float64(0.0)))
        held.append(x)
        return Symbol(inputs[-1])

    symbols: list[Any] = []
    for x, arg in zip(given, node.args, strict=True):
        if isinstance(arg, Node) and isinstance(x, ndarray):
            flat = np.empty(x.size, object)
            flat[:] = [stands_for(entry.node) for entry in x.flat]
            symbols.append(flat.reshape(x.shape))
        else:
            symbols.append(stands_for(x) if isinstance(arg, Node) else x)
    try:
        whole = np.asarray(node.op.forward(*symbols, **node.params), object)
    except Exception:
        raise CannotError from None
    if whole.shape != np.shape(node.sample) or np.result_type(node.sample).char != "d":
        raise CannotError
    outputs = [
        x.node if isinstance(x, Symbol) else Node(None, sample=float64(x)) for x in whole.flat
    ]
    try_bits(node, inputs, outputs)
    new: dict[Any, Any] = dict(zip(inputs, held, strict=True))
    for x in in_order(outputs):
        if x not in new:
            new[x] = x.with_args([new[a] if isinstance(a, Node) else a for a in x.args])
    if not np.ndim(node.sample):
        return new[outputs[0]]
    result = np.empty(len(outputs), object)
    result[:] = [Symbol(new[x]) for x in outputs]
    return result.reshape(whole.shape)


def try_bits(node: Node, inputs: list[Node], outputs: list[Node]) -> None:
    """Raise unless the entries have the same bits as the step itself, on random numbers."""
    rng = np.random.default_rng(0)
    order = in_order(outputs)
    for _ in range(DRAWS):
        drawn = [random_like(x, rng) for x in node.args]
        flat = [y for x in drawn if x is not None for y in np.ravel(x).tolist()]
        numbers: dict[Any, Any] = dict(zip(inputs, flat, strict=True))
        for x in order:
            if x not in numbers:
                args = [numbers[a] if isinstance(a, Node) else a for a in x.args]
                numbers[x] = x.sample if x.op is None else x.op.forward(*args)
        args = [a if d is None else d for a, d in zip(node.args, drawn, strict=True)]
        y = np.ravel(node.op.forward(*args, **node.params))
        off = np.abs(y - np.array([numbers[x] for x in outputs]))
        bound: Any = 0.0
        if node.op.product:  # BLAS may round a sum of products once, where Python rounds twice
            sizes = [np.abs(x) if isinstance(x, (ndarray, float)) else x for x in args]
            bound = np.ravel(node.op.forward(*sizes, **node.params)) * LARGEST * 2.0**-53
        if not np.all(off <= bound):
            raise CannotError


def random_like(x: Any, rng: Any) -> Any:
    """Return random numbers in the form of an argument; None for one that is no node."""
    if not isinstance(x, Node):
        return None
    if np.result_type(x.sample).kind == "b":
        return rng.random(np.shape(x.sample))[()] < 0.5
    return rng.normal(size=np.shape(x.sample))[()] * 10.0 ** rng.integers(-3, 4, np.shape(x.sample))


def joined(end: Node, entries: Any) -> Node:
    """Return an end of the graph, its entries put together if it is an array."""
    if not isinstance(entries, ndarray):
        return entries
    parts = tuple([x.node for x in entries.flat])
    params = {"shape": np.shape(end.sample)}
    return Node(JOINED, parts, params, end.sample, numbers=end.numbers)


assert set(SCALAR_OPS) <= set(CODE)
