"""Hypothesis strategies to check derivatives on: arrays, expressions, networks.

They draw the numbers and shapes that break derivatives: 0, tiny, large and saturating numbers,
ties, and shapes with one entry, with none, and without axes. The examples show the simplest draw
for which a condition holds.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from math import inf
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from autograd import ops
from autograd.engine.primitive import PRIMITIVES
from autograd.testing.programs import ACTIVATIONS, SMOOTH, Expression, Network, applied

Shape = tuple[int, ...]
Domain = tuple[float, float]
EVERYTHING = (-inf, inf)


# -- numbers -------------------------------------------------------------------------------------


@cache
def numbers(dtype: Any = np.float64, domain: Domain = EVERYTHING) -> SearchStrategy[Any]:
    """Numbers of a dtype between two ends: 0, ordinary, small, tiny, saturating and large ones.

    What is tiny depends on the dtype: with ε the distance from 1 to the next number, tiny numbers
    are about √ε, large ones about 1/√ε, and for saturating ones 1 + exp(-x) rounds to 1. None is
    subnormal, and each fits the dtype exactly.

    Args:
        dtype: a float or complex dtype.
        domain: the two ends (low, high), which are not drawn, since a derivative needs both sides;
            for complex numbers, the ends of both the real and the imaginary part.

    Raises:
        ValueError: there is no such number in the domain.
        TypeError: numbers of this dtype have no derivative.

    Example:
        >>> from hypothesis import find
        >>> find(numbers(np.float32, (0, 1)), lambda x: x > 0.6)
        0.75
    """
    dtype = np.dtype(dtype)
    if dtype.kind not in "fc":
        raise TypeError(f"numbers of dtype {dtype} have no derivative; write a float dtype")
    real = np.finfo(dtype).dtype
    low, high = within(real, domain)
    parts = [st.just(0.0)] if low <= 0 <= high else []
    for a, b in magnitudes(real):
        for ends in ((a, b), (-b, -a)):
            parts += floats(real, max(low, ends[0]), min(high, ends[1]))
    part = st.one_of(parts or floats(real, low, high))
    return st.builds(complex, part, part) if dtype.kind == "c" else part


def magnitudes(dtype: np.dtype) -> list[tuple[float, float]]:
    """Return the ranges to draw from: ordinary, small, tiny, saturating, large."""
    eps = float(np.finfo(dtype).eps)
    tiny, saturating, large = eps**0.5, -2 * np.log(eps), eps**-0.5
    return [(0.1, 4.0), (tiny, 0.1), (tiny / 8, tiny), (4.0, saturating), (saturating, large)]


def within(dtype: np.dtype, domain: Domain) -> tuple[float, float]:
    """Return the ends, moved inwards by about a tiny number.

    Raises:
        ValueError: there is nothing between them.
    """
    low, high = domain
    tiny = magnitudes(dtype)[2][0]
    low, high = (
        end + inwards * min(tiny * max(1.0, abs(end)), (high - low) / 8) if abs(end) < inf else end
        for end, inwards in ((low, 1), (high, -1))
    )
    if not (domain[0] < domain[1] and floats(dtype, low, high)):
        raise ValueError(
            f"no {dtype} number lies between {domain[0]} and {domain[1]}; "
            "write the domain as (low, high) with low < high"
        )
    return low, high


def floats(dtype: np.dtype, low: float, high: float) -> list[SearchStrategy[float]]:
    """Return [the strategy for the numbers of a dtype from low to high], [] if there are none."""
    big = float(np.finfo(dtype).max)
    low, high = max(low, -big), min(high, big)
    if not low <= high:
        return []
    first, last = dtype.type(low), dtype.type(high)
    if first < low:
        first = np.nextafter(first, dtype.type(inf))
    if last > high:
        last = np.nextafter(last, dtype.type(-inf))
    if not first <= last:
        return []
    width: Any = 8 * dtype.itemsize
    return [st.floats(float(first), float(last), width=width, allow_subnormal=False)]


# -- arrays --------------------------------------------------------------------------------------


@st.composite
def shapes(draw: DrawFn, n: int = 1, max_dims: int = 3, max_side: int = 3) -> tuple[Shape, ...]:
    """`n` shapes that broadcast together, with axes of size 1 and 0, or without any axis.

    Args:
        n: how many.
        max_dims: the most axes a shape has.
        max_side: the largest size of an axis.

    Example:
        >>> from hypothesis import find
        >>> sorted(find(shapes(2), lambda pair: (1,) in pair and (3,) in pair))
        [(1,), (3,)]
    """
    side = st.sampled_from([*range(1, max_side + 1), 0])
    full = [draw(side) for _ in range(draw(st.integers(0, max_dims)))]
    found = []
    for _ in range(n):
        change = draw(st.sampled_from(["none", "fewer axes", "ones"])) if n > 1 else "none"
        if change == "fewer axes":
            found.append(tuple(full[draw(st.integers(0, len(full))) :]))
        elif change == "ones":
            found.append(tuple([1 if draw(st.booleans()) else size for size in full]))
        else:
            found.append(tuple(full))
    return tuple(found)


@st.composite
def arrays(
    draw: DrawFn,
    shape: Any = None,
    dtype: Any = np.float64,
    domain: Domain = EVERYTHING,
) -> np.ndarray:
    """Arrays of the numbers that break derivatives, some with only one or two different entries.

    Args:
        shape: their shape, or a strategy for it; any small shape if left out.
        dtype: a float or complex dtype, or a strategy for it.
        domain: the ends (low, high) that the entries lie between, see `numbers`.

    Raises:
        ValueError: there is no such number in the domain.

    Example:
        >>> from hypothesis import find
        >>> find(arrays((2,), np.float32), lambda x: True)
        array([0., 0.], dtype=float32)
    """
    if shape is None:
        (shape,) = draw(shapes())
    elif isinstance(shape, SearchStrategy):
        shape = draw(shape)
    dtype = np.dtype(draw(dtype) if isinstance(dtype, SearchStrategy) else dtype)
    entry = numbers(dtype, domain)
    size = int(np.prod(shape))
    if size > 1 and draw(st.integers(0, 3)) == 3:
        entry = st.sampled_from([draw(entry), draw(entry)])
    return np.array([draw(entry) for _ in range(size)], dtype).reshape(shape)


@st.composite
def arguments(
    draw: DrawFn,
    *domains: Domain,
    dtype: Any = np.float64,
    max_dims: int = 3,
    max_side: int = 3,
) -> tuple[np.ndarray, ...]:
    """Arrays of one dtype that broadcast together, one for each domain.

    Args:
        domains: for each array the ends (low, high) that its entries lie between, see `numbers`.
        dtype: a float or complex dtype, or a strategy for it.
        max_dims, max_side: the most axes, and the largest size of an axis.

    Example:
        >>> from hypothesis import find
        >>> find(arguments((-3, 3), (0, 1)), lambda pair: True)
        (array(0.), array(0.5))
    """
    if isinstance(dtype, SearchStrategy):
        dtype = draw(dtype)
    together = draw(shapes(len(domains), max_dims, max_side))
    return tuple([draw(arrays(s, dtype, d)) for s, d in zip(together, domains, strict=True)])


dtypes = st.sampled_from([np.dtype(t) for t in ("f8", "f4", "f2", "c16", "c8")])
dtypes.__doc__ = "float64, float32, float16, complex128 or complex64."


# -- expressions and networks --------------------------------------------------------------------


def expressions(
    *names: str, kinks: bool = False, max_leaves: int = 6
) -> SearchStrategy[Expression]:
    """Random expressions of the ops of `autograd.ops`, sums and constants.

    An op with a limited domain gets its arguments squeezed into the domain.

    Args:
        names: the names of the arguments, ("x",) if left out.
        kinks: whether to use ops with a kink, such as `relu` and `maximum`. Ops that jump, such
            as `floor`, are never used.
        max_leaves: the most arguments and constants in one expression.

    Example:
        >>> from hypothesis import find
        >>> find(expressions("x", "y"), lambda f: "sqrt" in f.text)
        lambda x, y: np.sqrt(2.05 + 1.95 * np.tanh(x))
    """
    names = names or ("x",)
    chosen = [
        op
        for op in PRIMITIVES.values()
        if op.elementwise and op.vjps and (not op.breaks or (kinks and op.breaks == "kink"))
        if hasattr(ops, op.name) and op.name.isidentifier()
    ]
    constants = st.sampled_from(["0.5", "2.0", "-1.5"])
    leaves = st.sampled_from(names) | constants
    grown = st.recursive(
        st.sampled_from(names),
        lambda inner: (
            st.builds(lambda x: f"np.sum({x})", inner)
            | st.sampled_from(chosen).flatmap(
                lambda op: st.tuples(inner, *[inner | leaves] * (len(op.domain) - 1)).map(
                    lambda args: applied(op, args)
                )
            )
        ),
        max_leaves=max_leaves,
    )
    return grown.map(lambda text: Expression(names, text))


@st.composite
def networks(draw: DrawFn, kinks: bool = False, max_layers: int = 3, max_width: int = 3) -> Network:
    """Small random networks: `f = draw(networks())` is a function of parameters like f.parameters.

    Args:
        kinks: whether the activation may be `relu`.
        max_layers, max_width: the most layers, and the most neurons side by side.

    Example:
        >>> from hypothesis import find
        >>> find(networks(), lambda f: len(f.parameters) == 1)
        Network('tanh', np.array([[0.0]]), [(np.array([[0.0]]), np.array([0.0]))])
    """
    activation = draw(st.sampled_from([*(ACTIVATIONS if kinks else SMOOTH)]))
    width = st.integers(1, max_width)
    sizes = draw(st.lists(width, min_size=2, max_size=max_layers + 1))
    inputs = draw(arrays((draw(width), sizes[0]), domain=(-2, 2)))
    layers = [
        (draw(arrays(pair, domain=(-2, 2))), draw(arrays(pair[1:], domain=(-2, 2))))
        for pair in pairwise(sizes)
    ]
    return Network(activation, inputs, layers)
