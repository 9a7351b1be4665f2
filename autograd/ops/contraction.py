"""Products summed over an axis: matmul, einsum and convolution."""

from math import prod
from string import ascii_letters

import numpy as np

from autograd.engine.arrays import by_columns
from autograd.engine.each import Each
from autograd.engine.primitive import define
from autograd.ops.not_finite import NOTHING_TIMES_INF

# -- matmul --------------------------------------------------------------------------------------


def _matmul_left(g, y, a, b):
    if a.ndim == 1:
        if b.ndim <= 2:
            return g * b if b.ndim == 1 else b @ g
        return np.squeeze(np.expand_dims(g, -2) @ b.mT, -2)
    if b.ndim == 1:
        return np.expand_dims(g, -1) * b
    if b.ndim == 2 < g.ndim and type(g) is np.ndarray and g.flags.c_contiguous:
        return _matmul(g, b.mT)  # as Values do: one product, not a stack of them
    return g @ b.mT


def _matmul_right(g, y, a, b):
    if b.ndim == 1:
        if a.ndim == 1:
            return g * a
        if a.ndim == 2:
            return g @ a
        return np.squeeze(a.mT @ np.expand_dims(g, -1), -1)
    if a.ndim == 1:
        return np.expand_dims(a, -1) * np.expand_dims(g, -2)
    if b.ndim == 2 < a.ndim:
        a, g = _flat(a), _flat(g)
        return (g.mT @ a).mT if by_columns(b) else a.mT @ g
    return a.mT @ g


def _flat(x):
    """Return a stack of matrices as one matrix, with all their rows."""
    return np.reshape(x, (-1, x.shape[-1]))


def _pairs(rng):
    shapes = [((3,), (3,)), ((2, 3), (3, 4)), ((3,), (3, 2)), ((2, 3), (3,))]
    stacks = [
        ((5, 2, 3), (3, 4)),
        ((2, 3), (5, 3, 2)),
        ((5, 1, 2, 3), (4, 3, 2)),
        ((5, 2, 3), (3,)),
        ((3,), (5, 3, 2)),
    ]
    return [((rng.normal(size=a), rng.normal(size=b)), {}) for a, b in shapes + stacks]


def _matmul(a, b):
    if type(a) is type(b) is np.ndarray and a.ndim == 1 == b.ndim:
        return a.dot(b)  # takes half the time on short vectors
    if not np.ndim(a) or not np.ndim(b):
        raise ValueError("@ needs arrays of one dimension or more; multiply numbers with *")
    if np.ndim(b) == 2 < np.ndim(a) and a.shape[-1] == len(b):  # one product, not a stack of them
        return np.matmul(_flat(a), b).reshape(*a.shape[:-1], b.shape[1])
    return np.matmul(a, b)


matmul = define(
    "matmul",
    _matmul,
    arity=2,
    numpy=(np.matmul, np.linalg.matmul),
    vjps=(_matmul_left, _matmul_right),
    product=True,
    symbol="@",
    written=lambda w, y, a, b: w.matrix_product(a, b),
    outside=NOTHING_TIMES_INF,
    reads=("1", "0"),
    multiply_adds=lambda y, a, b: np.size(y) * np.shape(a)[-1],
    doc="""Return the matrix product a @ b, as np.matmul does, of vectors, matrices and stacks.

    Example:
        >>> matmul(Value([1.0, 2.0]), np.array([3.0, 4.0]))
        Value(11.0)
    """,
    samples=_pairs,
)

# -- einsum: the gradient of an operand is an einsum of the gradient and the other operands ------


def spell(subscripts, operands):
    """Write the subscripts out, with an explicit result and letters instead of the ellipsis."""
    subscripts = subscripts.replace(" ", "")
    inputs, arrow, output = subscripts.partition("->")
    terms = inputs.split(",")
    free = [c for c in ascii_letters if c not in subscripts]
    counts = [
        np.ndim(x) - len(t.replace("...", "")) if "..." in t else 0
        for t, x in zip(terms, operands, strict=True)
    ]
    dots = "".join(free[: max(counts, default=0)])
    terms = [t.replace("...", dots[len(dots) - n :]) for t, n in zip(terms, counts, strict=True)]
    if not arrow:
        letters = "".join(terms)
        named = sorted(c for c in set(letters) if c not in dots and letters.count(c) == 1)
        return terms, dots + "".join(named)
    return terms, output.replace("...", dots)


def _einsum(*operands, subscripts, optimize=False):
    return np.einsum(subscripts, *operands, optimize=optimize)


def _einsum_vjps(places, g, y, *operands, **params):
    return [_einsum_vjp(i, g, *operands, **params) for i in places]


def _einsum_vjp(i, g, *operands, subscripts, optimize=False):
    terms, output = spell(subscripts, operands)
    x, term = operands[i], terms[i]
    if len(set(term)) < len(term):  # a diagonal, 'ii': an identity matrix puts the gradient on it
        return _diagonal_vjp(i, g, terms, output, operands, optimize)
    others = [(t, o) for j, (t, o) in enumerate(zip(terms, operands, strict=True)) if j != i]
    known = set(output).union(*[set(t) for t, _ in others])
    sizes = dict(zip(term, np.shape(x), strict=True))
    got = "".join(c for c in term if c in known)
    inputs = ",".join([output, *[t for t, _ in others]])
    optimize = optimize is not False  # an explicit path would not fit these operands
    gx = np.einsum(f"{inputs}->{got}", g, *[o for _, o in others], optimize=optimize)
    # letters that only this operand has were summed over: all its entries get the same gradient
    shape = [gx.shape[got.index(c)] if c in got else 1 for c in term]
    full = [max(n, sizes[c]) for c, n in zip(term, shape, strict=True)]
    return np.broadcast_to(np.reshape(gx, shape), full)


def _diagonal_vjp(i, g, terms, output, operands, optimize):
    """Give each axis of a repeated letter its own letter, and tie these by an identity matrix."""
    free = iter(c for c in ascii_letters if c not in "".join(terms) + output)
    seen, term, ties = set(), "", []
    for c, n in zip(terms[i], np.shape(operands[i]), strict=True):
        new = next(free) if c in seen else c
        if c in seen:
            ties.append((c + new, np.eye(n)))
        seen.add(c)
        term += new
    spelled = [*terms[:i], term, *terms[i + 1 :], *[t for t, _ in ties]]
    subscripts = ",".join(spelled) + "->" + output
    operands = [*operands, *[o for _, o in ties]]
    return _einsum_vjp(i, g, *operands, subscripts=subscripts, optimize=optimize)


def _einsum_samples(rng):
    cases = [
        ("ij,jk->ik", (2, 3), (3, 4)),
        ("ij,jk", (2, 3), (3, 4)),
        ("ij->j", (2, 3)),
        ("i,j,k->kj", (2,), (3,), (4,)),
        ("...ij,...j->...i", (5, 2, 3), (3,)),
        ("ij,ij->", (2, 3), (1, 3)),
        ("ii->i", (3, 3)),
        ("ii", (3, 3)),
        ("iij,j->i", (2, 2, 3), (3,)),
        ("ij->ji", (2, 3)),
    ]
    return [
        (
            tuple(rng.normal(size=s) for s in shapes),
            {"subscripts": subscripts, "optimize": bool(i % 2)},
        )
        for i, (subscripts, *shapes) in enumerate(cases)
    ]


def _einsum_multiply_adds(y, *operands, subscripts, optimize=False):
    """Count those of the plain loop over all letters."""
    terms, _ = spell(subscripts, operands)
    sizes = {}
    for term, x in zip(terms, operands, strict=True):
        for letter, n in zip(term, np.shape(x), strict=True):
            sizes[letter] = max(n, sizes.get(letter, 1))
    return prod(sizes.values()) * (len(operands) - 1)


einsum = define(
    "einsum",
    _einsum,
    vjps=Each(_einsum_vjps),
    product=True,
    view=True,  # of a single operand that is not summed over
    samples=_einsum_samples,
    multiply_adds=_einsum_multiply_adds,
    outside=NOTHING_TIMES_INF,
)

# -- convolution ---------------------------------------------------------------------------------


def _full(a, v):
    return np.convolve(a, v)


def _unconvolved(g, other, n):
    """Entry i of n contributed to results i, i + 1, …, times the entries of `other` in turn."""
    m = other.shape[0]
    return np.convolve(g, other[::-1])[m - 1 : m - 1 + n]


convolve = define(
    "convolve",
    _full,
    symbol="∗",
    product=True,
    multiply_adds=lambda y, a, v: np.size(a) * np.size(v),
    vjps=(
        lambda g, y, a, v: _unconvolved(g, v, a.shape[0]),
        lambda g, y, a, v: _unconvolved(g, a, v.shape[0]),
    ),
    samples=lambda rng: [((rng.normal(size=4), rng.normal(size=3)), {})],
    reads=("1", "0"),
)
