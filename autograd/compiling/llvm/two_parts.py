"""Numbers as sums of doubles, where one has not digits enough.

T. J. Dekker, "A floating-point technique for extending the available precision", Numerische
Mathematik 18, 1971; D. E. Knuth, Seminumerical Algorithms, 4.2.2.
"""

from __future__ import annotations

from fractions import Fraction

from autograd.compiling.llvm.formula import Number, bits, from_bits, fused


def parts(digits: str, *places: int) -> list[float]:
    """Return a constant as a sum of doubles, those but the last of so many binary places.

    >>> parts("3.14159265358979323846264338327950288", 8)
    [3.140625, 0.0009676535897932385]
    """
    rest, found = Fraction(digits), []
    for n in places:
        found.append(float(Fraction(int(rest * 2**n), 2**n)))
        rest -= Fraction(found[-1])
    return [*found, float(rest)]


def with_rest(a: Number, b: Number) -> tuple[Number, Number]:
    """Return a + b and what its rounding has lost."""
    total = a + b
    of_b = total - a
    return total, (a - (total - of_b)) + (b - of_b)


def product_with_rest(a: Number, b: Number | float) -> tuple[Number, Number]:
    """Return a · b and what its rounding has lost."""
    b = a.like(b)
    whole = a * b
    if a.body.fused:
        return whole, fused(a, b, -whole)
    (a_high, a_low), (b_high, b_low) = halves(a), halves(b)
    rest = (a_high * b_high - whole) + a_high * b_low + a_low * b_high
    return whole, rest + a_low * b_low


def halves(x: Number) -> tuple[Number, Number]:
    """Return the higher half of a number's digits, and the lower one."""
    high = from_bits(bits(x) & -(2**27))
    return high, x - high
