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

TO_INTEGER = 1.5 * 2.0**52  # x + TO_INTEGER is an integer nearest to x, in its last bits


class Body:
    """The instructions of a function so far.

    Args:
        fused: whether a · b + c is one of them.
        lanes: of how many numbers at once they are.
    """

    def __init__(self, fused: bool, lanes: int = 1):
        self.fused, self.lanes = fused, lanes
        self.lines: list[str] = []

    def write(self, kind: str, instruction: str) -> Number:
        """Write an instruction and return its result."""
        name = f"%v{len(self.lines)}"
        self.lines.append(f"{name} = {instruction}")
        return Number(self, kind, name)

    def spelled(self, kind: str) -> str:
        """Return how the type of numbers of a kind is written."""
        return kind if self.lanes == 1 else f"<{self.lanes} x {kind}>"


class Number:
    """The result of an instruction: a double, an integer ("i64", …), or a truth value ("i1")."""

    def __init__(self, body: Body, kind: str, name: str):
        self.body, self.kind, self.name = body, kind, name

    def __str__(self) -> str:
        """Return an operand with its type, as LLVM reads it."""
        return f"{self.body.spelled(self.kind)} {self.name}"

    def like(self, x: Number | float) -> Number:
        """Return x, a constant as one of this one's kind: a double is written by its bits."""
        if isinstance(x, Number):
            return x
        text = f"0x{struct.pack('>d', x).hex().upper()}" if self.kind == "double" else str(x)
        return Number(
            self.body, self.kind, text if self.body.lanes == 1 else f"splat ({self.kind} {text})"
        )

    def with_(self, x: Number | float, code: str) -> Number:
        """Write an operation of two numbers of a kind."""
        return self.body.write(self.kind, f"{code} {self}, {self.like(x).name}")

    def arithmetic(self, x: Number | float, code: str) -> Number:
        return self.with_(x, f"f{code}" if self.kind == "double" else code)

    def compared(self, x: Number | float, code: str) -> Number:
        """Write a comparison of doubles, which is false where one is NaN."""
        return self.body.write("i1", f"fcmp o{code} {self}, {self.like(x).name}")

    def changed(self, kind: str, code: str) -> Number:
        """Write a conversion to another kind."""
        return self.body.write(kind, f"{code} {self} to {self.body.spelled(kind)}")

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
        return self.like(x) - self

    def __rtruediv__(self, x: float) -> Number:
        return self.like(x) / self

    def __neg__(self) -> Number:
        return self.body.write("double", f"fneg {self}") if self.kind == "double" else 0 - self

    def __lshift__(self, n: Number | int) -> Number:
        return self.with_(n, "shl")

    def __rshift__(self, n: Number | int) -> Number:
        return self.with_(n, "lshr")

    def __and__(self, x: Number | int) -> Number:
        return self.with_(x, "and")

    def __or__(self, x: Number | int) -> Number:
        return self.with_(x, "or")

    def __xor__(self, x: Number | int) -> Number:
        return self.with_(x, "xor")

    def __lt__(self, x: Number | float) -> Number:
        return self.compared(x, "lt")

    def __gt__(self, x: Number | float) -> Number:
        return self.compared(x, "gt")

    def __ge__(self, x: Number | float) -> Number:
        return self.compared(x, "ge")

    def equals(self, x: Number | float) -> Number:
        return self.compared(x, "eq")


def of_llvm(name: str, x: Number, *others: Number | float) -> Number:
    """Call what LLVM itself can compute of doubles."""
    lanes = "" if x.body.lanes == 1 else f"v{x.body.lanes}"
    args = ", ".join(str(x.like(y)) for y in (x, *others))
    return x.body.write(
        "double", f"call {x.body.spelled('double')} @llvm.{name}.{lanes}f64({args})"
    )


def choose(condition: Number, yes: Number | float, no: Number | float) -> Number:
    """Return `yes` or `no`; both are computed."""
    first = next((x for x in (yes, no) if isinstance(x, Number)), None)
    if first is None:
        first = Number(condition.body, "i64" if isinstance(yes, int) else "double", "")
    return first.body.write(first.kind, f"select {condition}, {first.like(yes)}, {first.like(no)}")


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
    return x.changed("i64", "bitcast")


def from_bits(i: Number) -> Number:
    """Return the double that has these bits."""
    return i.changed("double", "bitcast")


def as_double(i: Number, less: float = 0.0) -> Number:
    """Return an integer from 0 to 2^52, less a constant: 2^52 + i is a double that ends in i."""
    return from_bits(i | 0x4330000000000000) - (2.0**52 + less)


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
