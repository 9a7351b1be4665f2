"""Writing: sums, products, calls and so on, as text or as LaTeX.

A `Piece` is a written expression that knows how tightly it binds, so that brackets appear only
where they are needed, and 1·a, a + 0 and −(−a) are written as a.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy import ndarray

from autograd.engine.value import Value
from autograd.notation.names import short, visible

CHOICE, OR, AND, COMPARED, SUM, MATRIX, PRODUCT, POWER, ATOM = range(9)
RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


class Piece(NamedTuple):
    """A written expression.

    Attributes:
        text: the text.
        binds: the binding strength of the loosest sign outside brackets.
        number: its value if it is a number.
        opposite: the piece it is the negative of, if any.
    """

    text: str
    binds: int = ATOM
    number: Any = None
    opposite: Any = None


class Text:
    """Formulas for a terminal: `1 − y²`, `x·w + b`, `g @ wᵀ`.

    Args:
        digits: how many digits of a number to write.
        rule_of: the node whose rule is written, None outside rules. In a rule, ops that only
            change shapes are left out, and so are branches that were not taken.
        constants: names for arrays that are no Values, by id.
    """

    minus, times, matrix_times, transposed, at_sign = "−", "·", " @ ", "ᵀ", " at "
    signs: ClassVar[dict[str, str]] = {}  # signs that are not written as in a row

    def __init__(
        self,
        digits: int = 4,
        rule_of: Value | None = None,
        constants: Mapping[int, str] | None = None,
    ) -> None:
        self.digits, self.rule_of = digits, rule_of
        self.constants = constants or {}

    def number(self, x: Any) -> Piece:
        """Write a number, or an array's name or entries if it is short; others are c."""
        if np.ndim(x):
            if id(x) in self.constants:
                return self.name(self.constants[id(x)])
            return Piece(short(x) if np.ndim(x) == 1 and np.size(x) <= 3 else "c")
        if x is None or isinstance(x, (bool, np.bool_)):
            return Piece(str(x))
        if np.iscomplexobj(x) and x.imag:
            if x.real:
                return Piece(f"({x:.{self.digits}g})")
            return self.negative(self.number(-x)) if x.imag < 0 else Piece(f"{x.imag:.4g}j")
        x = np.real(x)
        if x < 0:
            return self.negative(self.number(-x))._replace(number=x)
        return Piece(self.digits_of(x), number=x)

    def neutral(self, x: Any) -> Any:
        """Write a 0 or 1 so that nothing simplifies it away; leave anything else as it is."""
        plain = isinstance(x, (float, complex, np.generic)) and x in (0, 1)
        return self.number(x)._replace(number=None) if plain else x

    def digits_of(self, x: Any) -> str:
        """Write a real number that is not negative."""
        return "∞" if x == np.inf else f"{x:.{self.digits}g}"

    def name(self, name: str) -> Piece:
        """Write the name of a Value on one line."""
        return Piece(visible(" ".join(name.split())))

    def brackets(self, text: str) -> str:
        """Write an expression in brackets."""
        return f"({text})"

    def inside(self, piece: Piece, binds: int) -> str:
        """Write a piece inside something that binds with this strength."""
        return piece.text if piece.binds >= binds else self.brackets(piece.text)

    def negative(self, a: Piece) -> Piece:
        """Write −a."""
        if a.number == 0:
            return a
        return a.opposite or Piece(self.minus + self.inside(a, MATRIX), SUM, opposite=a)

    def sum(self, a: Piece, b: Piece) -> Piece:
        """Write a + b."""
        if a.number == 0:
            return b
        if b.number == 0:
            return a
        if b.opposite:
            return Piece(
                f"{self.inside(a, SUM)} {self.minus} {self.inside(b.opposite, PRODUCT)}", SUM
            )
        return Piece(f"{self.inside(a, SUM)} + {self.inside(b, SUM)}", SUM)

    def difference(self, a: Piece, b: Piece) -> Piece:
        """Write a − b."""
        if a.number == 0:
            return self.negative(b)
        return self.sum(a, self.negative(b))

    def product(self, a: Piece, b: Piece) -> Piece:
        """Write a · b, numbers first."""
        if a.opposite or b.opposite:
            positive = self.product(a.opposite or a, b.opposite or b)
            return positive if a.opposite and b.opposite else self.negative(positive)
        if b.number is not None and a.number is None:
            a, b = b, a
        if a.number == 0 or b.number == 1:
            return a
        if a.number == 1:
            return b
        if a.text == b.text:
            return self.power(a, self.number(2.0))
        return Piece(self.inside(a, PRODUCT) + self.times + self.inside(b, PRODUCT), PRODUCT)

    def matrix_product(self, a: Piece, b: Piece) -> Piece:
        """Write a @ b."""
        if a.opposite:
            return self.negative(self.matrix_product(a.opposite, b))
        return Piece(self.inside(a, MATRIX) + self.matrix_times + self.inside(b, POWER), MATRIX)

    def quotient(self, a: Piece, b: Piece) -> Piece:
        """Write a / b."""
        if a.opposite or b.opposite:
            positive = self.quotient(a.opposite or a, b.opposite or b)
            return positive if a.opposite and b.opposite else self.negative(positive)
        return a if b.number == 1 or a.number == 0 else self.fraction(a, b)

    def fraction(self, a: Piece, b: Piece) -> Piece:
        """Write a / b as it is."""
        return Piece(f"{self.inside(a, PRODUCT)}/{self.inside(b, POWER)}", PRODUCT)

    def power(self, a: Piece, b: Piece) -> Piece:
        """Write a to the power of b."""
        if b.number == 1:
            return a
        if b.number is not None and abs(b.number) < 100 and b.number == int(b.number):
            return Piece(self.inside(a, ATOM) + str(int(b.number)).translate(RAISED), POWER)
        return Piece(f"{self.inside(a, ATOM)}^{self.inside(b, ATOM)}", POWER)

    def relation(self, a: Piece, sign: str, b: Piece) -> Piece:
        """Write a > b, a ≠ b, `a and b` and the like, but b for `False or b`."""
        if sign == "or" and "False" in (a.text, b.text):
            return b if a.text == "False" else a
        binds = {"and": AND, "or": OR}.get(sign, COMPARED)
        written = f" {self.signs.get(sign, sign)} "
        return Piece(self.inside(a, binds) + written + self.inside(b, binds + 1), binds)

    def transpose(self, a: Piece) -> Piece:
        """Write the transpose of a matrix."""
        return Piece(self.inside(a, ATOM) + self.transposed, POWER)

    def choice(self, condition: Piece, a: Piece, b: Piece) -> Piece:
        """Write a number that depends on a condition."""
        return Piece(f"{self.inside(a, OR)} if {condition.text} else {b.text}", CHOICE)

    def index(self, a: Piece, i: Any) -> Piece:
        """Write an entry or a part of an array."""
        return Piece(f"{self.inside(a, ATOM)}[{index(i)}]")

    def at(self, a: Piece, i: Any) -> Piece:
        """Write an array of zeros with numbers at an index."""
        return Piece(self.index(a, i).text.replace(a.text, a.text + self.at_sign, 1), CHOICE)

    def option(self, name: str, x: Any) -> Piece:
        """Write an argument that is not a number: `axis=0`."""
        return Piece(f"[{index(x)}]" if name == "index" else f"{name}={x!r:.30}")

    def call(self, name: str, args: list[Piece], latex: str = "") -> Piece:
        """Write a function of some arguments; `latex` is that of an op, see `Primitive`."""
        return Piece(f"{name}({', '.join(arg.text for arg in args)})")


class Latex(Text):
    r"""Formulas for a page: `1 - y^{2}`, `\frac{a}{b}`, `\tanh\left(x\right)`."""

    minus, times, matrix_times, transposed = "-", r" \cdot ", r" \, ", r"^{\top}"
    at_sign = r" \text{ at } "
    signs: ClassVar = {"≥": r"\ge", "≤": r"\le", "≠": r"\ne", "and": r"\wedge", "or": r"\vee"}

    def digits_of(self, x: Any) -> str:
        plain, _, exponent = super().digits_of(x).replace("∞", r"\infty").partition("e")
        return plain + (rf" \cdot 10^{{{int(exponent)}}}" if exponent else "")

    def name(self, name: str) -> Piece:
        if name.endswith("′"):
            return Piece(self.name(name[:-1]).text + "'", POWER)
        if parts := re.fullmatch(r"([A-Za-zα-ωΑ-Ω])(?:_?(\d+))?", name):
            letter = GREEK.get(parts[1], parts[1])
            return Piece(f"{letter}_{{{parts[2]}}}" if parts[2] else letter)
        return Piece(upright(name))

    def option(self, name: str, x: Any) -> Piece:
        return Piece(upright(super().option(name, x).text))

    def brackets(self, text: str) -> str:
        return rf"\left({text}\right)"

    def fraction(self, a: Piece, b: Piece) -> Piece:
        return Piece(rf"\frac{{{a.text}}}{{{b.text}}}", PRODUCT)

    def power(self, a: Piece, b: Piece) -> Piece:
        return a if b.number == 1 else Piece(f"{self.inside(a, ATOM)}^{{{b.text}}}", POWER)

    def choice(self, condition: Piece, a: Piece, b: Piece) -> Piece:
        rows = rf"{a.text} & {condition.text} \\ {b.text} & \text{{else}}"
        return Piece(rf"\begin{{cases}} {rows} \end{{cases}}")

    def index(self, a: Piece, i: Any) -> Piece:
        return Piece(f"{self.inside(a, ATOM)}[{escaped(index(i))}]")

    def call(self, name: str, args: list[Piece], latex: str = "") -> Piece:
        if "%s" in latex:
            return Piece(latex % tuple([arg.text for arg in args]), POWER if "^" in latex else ATOM)
        sign = latex or rf"\operatorname{{{escaped(name)}}}"
        return Piece(sign + self.brackets(", ".join(arg.text for arg in args)))


def number_like(part: Any) -> bool:
    """Whether an argument is written as a number, not as an option."""
    return isinstance(part, (Piece, float, complex, np.generic, ndarray))


def upright(text: str) -> str:
    """Return upright text for a formula, with its spaces, and Greek letters in LaTeX."""
    text = escaped(text).replace(" ", r"\ ").replace("'", r"\text{'}")
    text = "".join(f"{{{GREEK[sign]}}}" if sign in GREEK else sign for sign in text)
    return rf"\mathrm{{{text}}}"


def escaped(text: str) -> str:
    """Return the LaTeX code that shows this text on one line."""
    text = visible(" ".join(text.split()))
    return re.sub(r"[\\{}$&#%_^~<>|`*]", lambda m: LATEX.get(m[0], "\\" + m[0]), text)


GREEK = {
    letter: "\\" + name
    for letter, name in zip(
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ",
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
        "upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi "
        "Omega".split(),
        strict=True,
    )
}
LATEX = {
    "\\": r"{\backslash}",
    "^": r"\hat{}",
    "~": r"{\sim}",
    "<": "{<}",
    ">": "{>}",
    "|": r"{\vert}",
    "`": r"{\prime}",
    "*": r"{\ast}",
}


def index(i: Any) -> str:
    """Return an index as code.

    Example:
        >>> index((0, slice(1, None), ...))
        '0, 1:, ...'
    """
    if isinstance(i, tuple):
        return ", ".join(map(index, i))
    if isinstance(i, slice):
        ends = ["" if end is None else str(end) for end in (i.start, i.stop, i.step)]
        return ":".join(ends if i.step is not None else ends[:2])
    if i is Ellipsis:
        return "..."
    return "indices" if np.size(i) > 3 else str(np.asarray(i).tolist()) if np.ndim(i) else str(i)
