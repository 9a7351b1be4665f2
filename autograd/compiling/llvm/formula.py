"""Formulas that write themselves down in LLVM's language, one instruction an operator.

>>> body = Body(fused=False)
>>> x = Number(body, "double", "%x")
>>> result = choose(x > 0.0, x * x + 1.0, x)
>>> print(*body.lines, sep=chr(10))
%v0 = fcmp ogt double %x, 0x0000000000000000
%v1 = fmul double %x, %x
%v2 = fadd double %v1, 0x3FF0000000000000
%v3 = select i1 %v0, double %v2, double %x

A comparison with NaN is false, here as in Python.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from fractions import Fraction

TO_INTEGER = 1.5 * 2.0**52  # x + TO_INTEGER is an integer nearest to x, in its last bits


class Body:
    """The instructions of a function so far; `fused`: a · b + c is one of them."""

    def __init__(self, fused: bool):
        self.fused = fused
        self.lines: list[str] = []

    def write(self, kind: str, instruction: str) -> Number:
        """Write an instruction and return its result."""
        name = f"%v{len(self.lines)}"
        self.lines.append(f"{name} = {instruction}")
        return Number(self, kind, name)


class Number:
    """The result of an instruction: a double, an integer of 64 bits, or a truth value."""

    def __init__(self, body: Body, kind: str, name: str):
        self.body, self.kind, self.name = body, kind, name

    def named(self, x: Number | float) -> str:
        """Return how an operand of this one's kind is written, a double by its bits."""
        if isinstance(x, Number):
            return x.name
        return str(x) if self.kind == "i64" else f"0x{struct.pack('>d', x).hex().upper()}"

    def with_(self, x: Number | float, code: str) -> Number:
        """Write an operation of two numbers of a kind."""
        return self.body.write(self.kind, f"{code} {self.kind} {self.name}, {self.named(x)}")

    def arithmetic(self, x: Number | float, code: str) -> Number:
        return self.with_(x, f"f{code}" if self.kind == "double" else code)

    def compared(self, x: Number | float, code: str) -> Number:
        """Write a comparison of doubles, which is false where one is NaN."""
        return self.body.write("i1", f"fcmp o{code} double {self.name}, {self.named(x)}")

    def __add__(self, x: Number | float) -> Number:
        return self.arithmetic(x, "add")

    def __sub__(self, x: Number | float) -> Number:
        return self.arithmetic(x, "sub")

    def __mul__(self, x: Number | float) -> Number:
        return self.arithmetic(x, "mul")

    def __truediv__(self, x: Number | float) -> Number:
        return self.with_(x, "fdiv")

    def __radd__(self, x: float) -> Number:
        return self + x

    def __rmul__(self, x: float) -> Number:
        return self * x

    def __rsub__(self, x: float) -> Number:
        return self.constant(x) - self

    def __rtruediv__(self, x: float) -> Number:
        return self.constant(x) / self

    def constant(self, x: float) -> Number:
        """Return a constant of this one's kind."""
        return Number(self.body, self.kind, self.named(x))

    def __neg__(self) -> Number:
        return self.body.write(self.kind, f"fneg {self.kind} {self.name}")

    def __lshift__(self, n: int) -> Number:
        return self.with_(n, "shl")

    def __rshift__(self, n: int) -> Number:
        return self.with_(n, "lshr")

    def __and__(self, x: Number | int) -> Number:
        return self.with_(x, "and")

    def __or__(self, x: Number | int) -> Number:
        return self.with_(x, "or")

    def __xor__(self, x: Number | int) -> Number:
        return self.with_(x, "xor")

    def __lt__(self, x: Number | float) -> Number:
        return self.compared(x, "lt")

    def __le__(self, x: Number | float) -> Number:
        return self.compared(x, "le")

    def __gt__(self, x: Number | float) -> Number:
        return self.compared(x, "gt")

    def __ge__(self, x: Number | float) -> Number:
        return self.compared(x, "ge")

    def equals(self, x: Number | float) -> Number:
        return self.compared(x, "eq")


def of_llvm(name: str, *numbers: Number | float) -> Number:
    """Call what LLVM itself can compute of doubles."""
    first = next(t for t in numbers if isinstance(t, Number))
    args = ", ".join(f"double {first.named(t)}" for t in numbers)
    return first.body.write("double", f"call double @llvm.{name}.f64({args})")


def choose(condition: Number, yes: Number | float, no: Number | float) -> Number:
    """Return `yes` or `no`; both are computed."""
    like = yes if isinstance(yes, Number) else no if isinstance(no, Number) else None
    if like is None:
        like = Number(condition.body, "i64" if isinstance(yes, int) else "double", "")
    choices = f"{like.kind} {like.named(yes)}, {like.kind} {like.named(no)}"
    return condition.body.write(like.kind, f"select i1 {condition.name}, {choices}")


def fused(a: Number, b: Number | float, c: Number | float) -> Number:
    """Return a · b + c, rounded once where the machine can, else twice."""
    return of_llvm("fma", a, b, c) if a.body.fused else a * b + c


def absolute(x: Number) -> Number:
    return of_llvm("fabs", x)


def square_root(x: Number) -> Number:
    return of_llvm("sqrt", x)


def with_sign(x: Number, of: Number) -> Number:
    """Return ±x, with the sign of another number."""
    return of_llvm("copysign", x, of)


def bits(x: Number) -> Number:
    """Return the 64 bits of a double as an integer."""
    return x.body.write("i64", f"bitcast double {x.name} to i64")


def from_bits(i: Number) -> Number:
    """Return the double that has these bits."""
    return i.body.write("double", f"bitcast i64 {i.name} to double")


def power_of_2(n: Number, bias: int = 1023) -> Number:
    """Return 2^n of an integer, which may stand in the lowest 12 bits only."""
    return from_bits((n + bias) << 52)


def polynomial(x: Number, coefficients: Sequence[float]) -> Number:
    """Return c₀ + c₁ x + c₂ x² + … by Horner's rule."""
    *rest, last = coefficients
    total: Number | float = last
    for c in reversed(rest):
        total = fused(x, total, c)
    assert isinstance(total, Number)
    return total


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
