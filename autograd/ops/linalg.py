"""Products of arrays: matmul, dot, tensordot, einsum, outer, inner."""

from string import ascii_letters

import numpy as np

from autograd.primitive import Each, define
from autograd.protocols import answers


def _t(x):
    return np.swapaxes(x, -1, -2)


def _matmul_left(g, y, a, b):
    if a.ndim == 1:
        if b.ndim <= 2:
            return g * b if b.ndim == 1 else b @ g
        return np.squeeze(np.expand_dims(g, -2) @ _t(b), -2)
    if b.ndim == 1:
        return np.expand_dims(g, -1) * b
    return g @ _t(b)


def _matmul_right(g, y, a, b):
    if b.ndim == 1:
        if a.ndim == 1:
            return g * a
        if a.ndim == 2:
            return g @ a
        return np.squeeze(_t(a) @ np.expand_dims(g, -1), -1)
    if a.ndim == 1:
        return np.expand_dims(a, -1) * np.expand_dims(g, -2)
    return _t(a) @ g


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
        return a.dot(b)  # half as long on short vectors
    if not np.ndim(a) or not np.ndim(b):
        raise ValueError("@ is for arrays of one dimension or more; multiply numbers with *")
    return np.matmul(a, b)


matmul = define(
    "matmul",
    _matmul,
    arity=2,
    numpy=(np.matmul,),
    vjps=(_matmul_left, _matmul_right),
    symbol="@",
    doc="""Return the matrix product a @ b, as np.matmul does, of vectors, matrices and stacks.

    Example:
        >>> matmul(Value([1.0, 2.0]), np.array([3.0, 4.0]))
        Value(11.0)
    """,
    samples=_pairs,
)

# -- einsum: the gradient of one operand is an einsum of all others ------------------------------


def _spell(subscripts, operands):
    """Write the subscripts out: explicit result, letters in place of the ellipsis."""
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


def _einsum(*operands, subscripts):
    return np.einsum(subscripts, *operands)


def _einsum_vjp(i, g, y, *operands, subscripts):
    terms, output = _spell(subscripts, operands)
    x, term = operands[i], terms[i]
    if len(set(term)) < len(term):  # a diagonal, 'ii': spread the gradient on it with an eye
        return _diagonal_vjp(i, g, terms, output, operands)
    others = [(t, o) for j, (t, o) in enumerate(zip(terms, operands, strict=True)) if j != i]
    known = set(output).union(*[set(t) for t, _ in others])
    sizes = dict(zip(term, np.shape(x), strict=True))
    got = "".join(c for c in term if c in known)
    inputs = ",".join([output, *[t for t, _ in others]])
    gx = np.einsum(f"{inputs}->{got}", g, *[o for _, o in others])
    # letters only this operand has were summed over: each entry receives the same
    shape = [gx.shape[got.index(c)] if c in got else 1 for c in term]
    full = [max(n, sizes[c]) for c, n in zip(term, shape, strict=True)]
    return np.broadcast_to(np.reshape(gx, shape), full)


def _diagonal_vjp(i, g, terms, output, operands):
    """Give a repeated letter's axes letters of their own, tied by an identity matrix."""
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
    return _einsum_vjp(i, g, None, *operands, *[o for _, o in ties], subscripts=subscripts)


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
        (tuple(rng.normal(size=s) for s in shapes), {"subscripts": subscripts})
        for subscripts, *shapes in cases
    ]


contract = define("einsum", _einsum, vjps=Each(_einsum_vjp), samples=_einsum_samples)


@answers(np.einsum)
def einsum(subscripts, *operands, optimize=False):
    """Return Einstein's sum over the operands, as np.einsum does with subscripts in a string.

    Raises:
        TypeError: the operands come in NumPy's other form, with lists of numbers.

    Example:
        >>> float(einsum("i,i->", np.ones(3), np.arange(3.0)))
        3.0
    """
    if not isinstance(subscripts, str):
        raise TypeError(
            "einsum of Values takes its subscripts as a string: np.einsum('ij,jk', a, b)"
        )
    return contract(*operands, subscripts=subscripts)


@answers(np.dot)
def dot(a, b):
    """Return the dot product of `a` and `b`, as np.dot does: the last axis with the one before."""
    if not np.ndim(a) or not np.ndim(b):
        return a * b
    if np.ndim(a) <= 2 and np.ndim(b) <= 2:
        return a @ b
    return tensordot(a, b, ((np.ndim(a) - 1,), (max(np.ndim(b) - 2, 0),)))


@answers(np.inner)
def inner(a, b):
    """Return the sum over the last axes of `a` and `b`, as np.inner does."""
    return a * b if not np.ndim(a) or not np.ndim(b) else tensordot(a, b, ((-1,), (-1,)))


@answers(np.outer)
def outer(a, b):
    """Return all products of an entry of `a` and an entry of `b`, as np.outer does."""
    return np.reshape(a, (-1, 1)) * np.reshape(b, (1, -1))


@answers(np.vdot)
def vdot(a, b):
    """Return the sum of products of entries, the first conjugated, as np.vdot does."""
    return np.sum(np.conj(np.ravel(a)) * np.ravel(b))


@answers(np.tensordot)
def tensordot(a, b, axes=2):
    """Return the sum over chosen axes of `a` and `b`, as np.tensordot does: one matmul.

    Args:
        a, b: arrays or Values.
        axes: how many last axes of `a` to sum with as many first of `b`, or the two lists.
    """
    na, nb = np.ndim(a), np.ndim(b)
    if isinstance(axes, (int, np.integer)):
        left, right = list(range(na - axes, na)), list(range(axes))
    else:
        left, right = ([int(i) for i in np.atleast_1d(side)] for side in axes)
    left, right = [i % na for i in left], [i % nb for i in right]
    stay_a = [i for i in range(na) if i not in left]
    stay_b = [i for i in range(nb) if i not in right]
    shape_a, shape_b = np.shape(a), np.shape(b)
    summed = int(np.prod([shape_a[i] for i in left]))
    rows = np.reshape(
        np.transpose(a, stay_a + left),
        (-1, summed) if summed else (int(np.prod([shape_a[i] for i in stay_a])), 0),
    )
    columns = np.reshape(
        np.transpose(b, right + stay_b),
        (summed, -1) if summed else (0, int(np.prod([shape_b[i] for i in stay_b]))),
    )
    return np.reshape(rows @ columns, [shape_a[i] for i in stay_a] + [shape_b[i] for i in stay_b])
