"""Einstein's sum: the gradient of one operand is an einsum of the gradient and all others."""

from string import ascii_letters

import numpy as np

from autograd.engine.dispatch import answers
from autograd.engine.primitive import Each, define


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


def _einsum(*operands, subscripts, optimize=False):
    return np.einsum(subscripts, *operands, optimize=optimize)


def _einsum_vjp(i, g, y, *operands, subscripts, optimize=False):
    terms, output = _spell(subscripts, operands)
    x, term = operands[i], terms[i]
    if len(set(term)) < len(term):  # a diagonal, 'ii': spread the gradient on it with an eye
        return _diagonal_vjp(i, g, terms, output, operands, optimize)
    others = [(t, o) for j, (t, o) in enumerate(zip(terms, operands, strict=True)) if j != i]
    known = set(output).union(*[set(t) for t, _ in others])
    sizes = dict(zip(term, np.shape(x), strict=True))
    got = "".join(c for c in term if c in known)
    inputs = ",".join([output, *[t for t, _ in others]])
    optimize = optimize is not False  # a path given by hand was for other operands
    gx = np.einsum(f"{inputs}->{got}", g, *[o for _, o in others], optimize=optimize)
    # letters only this operand has were summed over: each entry receives the same
    shape = [gx.shape[got.index(c)] if c in got else 1 for c in term]
    full = [max(n, sizes[c]) for c, n in zip(term, shape, strict=True)]
    return np.broadcast_to(np.reshape(gx, shape), full)


def _diagonal_vjp(i, g, terms, output, operands, optimize):
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
    operands = [*operands, *[o for _, o in ties]]
    return _einsum_vjp(i, g, None, *operands, subscripts=subscripts, optimize=optimize)


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


contract = define("einsum", _einsum, vjps=Each(_einsum_vjp), samples=_einsum_samples)


def _letters(sublist):
    """Spell a list of axis numbers in letters, as einsum's strings have them."""
    return "".join("..." if i is Ellipsis else ascii_letters[i] for i in sublist)


@answers(np.einsum)
def einsum(*operands, optimize=False):
    """Return Einstein's sum over the operands, as np.einsum does.

    Args:
        *operands: a string of subscripts and the operands it is for, or operands each followed
            by the list of its axes' numbers, and at the end, if wanted, that of the result.
        optimize: whether, or in which order, to multiply two at a time: see np.einsum_path.

    Example:
        >>> float(einsum("i,i->", np.ones(3), np.arange(3.0)))
        3.0
        >>> float(einsum(np.ones(3), [0], np.arange(3.0), [0]))
        3.0
    """
    if isinstance(operands[0], str):
        subscripts, *operands = operands
    else:
        subscripts = ",".join(map(_letters, operands[1::2]))
        if len(operands) % 2:
            subscripts += "->" + _letters(operands[-1])
        operands = operands[: len(operands) // 2 * 2 : 2]
    return contract(*operands, subscripts=subscripts, optimize=optimize)
