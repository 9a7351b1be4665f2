"""Expressions as text, such as `tanh(x*w + b)`: parsed here, never run as Python.

They may hold names, numbers, arithmetic, lists, constant indices and our own ops, nothing else.
"""

from __future__ import annotations

import ast
import keyword
import math
import re
import warnings
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, NoReturn

import numpy as np

from autograd.composed.activations import gelu, log_softmax, softmax, softplus
from autograd.composed.creation import array
from autograd.engine.primitive import PRIMITIVES
from autograd.engine.silence import silence
from autograd.notation.calls import OPTIONS, TAKEN, arguments, entries
from autograd.ops import contraction, elementwise
from autograd.ops.elementwise import sigmoid
from autograd.ops.reduce import logsumexp

LONGEST = 2000  # characters
BRACKETS = 60  # levels of nesting
OPS = 300  # levels of nesting
LARGEST = 1_000_000  # entries of all results together, and of the variables
NAME = 40  # characters of a name in a message

OPERATORS = {
    ast.Add: elementwise.add,
    ast.Sub: elementwise.subtract,
    ast.Mult: elementwise.multiply,
    ast.Div: elementwise.divide,
    ast.Pow: elementwise.power,
    ast.MatMult: contraction.matmul,
    ast.USub: elementwise.negative,
    ast.UAdd: elementwise.positive,
}
CONSTANTS = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan}
SPELLINGS = str.maketrans({"·": "*", "×": "*", "÷": "/", "−": "-", "^": "**", "∞": "inf"})
DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
FACTOR = re.compile(r"(?<![\w.])(?!0[xob]|[\d.]+e[-+]?\d)(\d[\d.]*)([^\W\d_]\w*)", re.IGNORECASE)
UNREADABLE = "the expression cannot be read at this place"
NESTED = f"ops are nested more than {OPS} deep; split the expression"
WHAT_MAY_STAND = "names, numbers, + - * / ** @, brackets, lists and functions"


class ExpressionError(ValueError):
    """A text is not an expression; the message shows the place.

    Example:
        >>> evaluate("tahn(x)", {"x": 2.0})
        Traceback (most recent call last):
        autograd.notation.expressions.ExpressionError: there is no function tahn; did you mean tanh?
          tahn(x)
          ^^^^
    """


def evaluate(text: str, variables: Mapping[str, Any]) -> Any:
    """Return the result of an expression.

    Args:
        text: such as "tanh(x*w + b)". Powers may be written x**2, x^2 or x², products x*w or x·w.
        variables: the Values, numbers or arrays that the names in it stand for.

    Returns:
        a Value if a Value is among them, otherwise a number or an array.

    Raises:
        ExpressionError: it is not an expression, or something in it is unknown.

    Example:
        >>> from autograd.engine.value import Value
        >>> evaluate("tanh(x*w + b)", {"x": Value(2.0), "w": -3.0, "b": 6.0})
        Value(0.0)
    """
    text = re.sub(r"\s", " ", text).translate(SPELLINGS)
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda m: "**" + m[0].translate(DIGITS), text)
    reader = Reader(text.strip(), variables)
    with silence(), warnings.catch_warnings(action="ignore"):
        return reader.read(reader.tree(), OPS)


def functions() -> dict[str, Callable[..., Any]]:
    """Return the functions that expressions may call, by name."""
    found: dict[str, Callable[..., Any]] = {
        name: op.call for name, op in PRIMITIVES.items() if op.elementwise
    }
    found |= {f.__name__: f for f in (gelu, softplus, softmax, log_softmax, logsumexp)}
    for name in "abs where sum mean prod max min var std cumsum cumprod dot transpose".split():
        found[name] = getattr(np, name)
    found |= {f.__name__: f for f in (np.linalg.norm, np.linalg.det, np.linalg.inv)}
    found |= {"ln": elementwise.log, "σ": sigmoid}
    return found


def list_of(*items: Any) -> Any:
    """Return numbers, arrays and Values as one array or Value."""
    return array(items)


class Reader:
    """A reader of one text.

    Args:
        text: the expression.
        variables: the meaning of its names.
    """

    def __init__(self, text: str, variables: Mapping[str, Any]) -> None:
        self.text, self.variables, self.functions = text, variables, functions()
        self.room = LARGEST - sum(map(np.size, variables.values()))

    def refuse(self, message: str, start: int = 0, end: int | None = None) -> NoReturn:
        """Raise an error that points at a part of the text."""
        end = len(self.text) if end is None else end
        left = max(0, start - 60)
        signs = self.text[left : left + 76]
        shown = "".join(sign if sign.isprintable() else "�" for sign in signs)
        marks = " " * (start - left) + "^" * max(1, min(end, left + 76) - start)
        raise ExpressionError(f"{message}\n  {shown}\n  {marks}")

    def refuse_at(self, node: ast.AST, message: str) -> NoReturn:
        """Raise an error that points at a node."""
        raw = self.text.encode()
        start, end = (
            len(raw[: getattr(node, side)].decode()) for side in ("col_offset", "end_col_offset")
        )
        self.refuse(message, start, end)

    def tree(self) -> ast.expr:
        """Return the syntax tree of the text, after checking that it is not too long or nested."""
        if not self.text:
            raise ExpressionError("the expression is empty; write one such as 'tanh(x*w + b)'")
        if len(self.text) > LONGEST:
            self.refuse(
                f"shorten the expression to {LONGEST:,} characters; it has {len(self.text):,}"
            )
        depth = 0
        for place, sign in enumerate(self.text):
            if not sign.isprintable():  # versions of Python report "\0" differently
                self.refuse(UNREADABLE, place, place + 1)
            depth += (sign in "([{") - (sign in ")]}")
            if depth > BRACKETS:
                self.refuse(f"brackets are nested more than {BRACKETS} deep", place, place + 1)
        try:
            with warnings.catch_warnings(action="ignore"):  # such as those about '\d' and 1or 2
                return ast.parse(self.text, mode="eval").body
        except SyntaxError as error:
            start = min(max((error.offset or 1) - 1, 0), len(self.text))
            if self.text[-1] in "+-*/@,":
                start = len(self.text)
            self.refuse(self.advice(start), start, start + 1)
        except (MemoryError, RecursionError):
            self.refuse(NESTED)

    def advice(self, start: int) -> str:
        """Return what is wrong with the syntax."""
        for word in re.findall(r"[^\W\d]\w*", self.text):
            if keyword.iskeyword(word):
                return f"{word!r} is a keyword of Python; choose another name for the variable"
        if found := FACTOR.search(self.text):
            return f"write the product with a *: {found[1]:.{NAME}}*{found[2]:.{NAME}}"
        if start >= len(self.text) or self.text.count("(") > self.text.count(")"):
            return "the expression stops before it is complete"
        return UNREADABLE

    def read(self, node: ast.expr, depth: int) -> Any:
        """Return the result of a node of the tree, which may be nested `depth` deep."""
        if depth == 0:
            self.refuse_at(node, NESTED)
        depth -= 1
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                try:
                    return float(number)
                except OverflowError:
                    self.refuse_at(node, "this number is too large for a float")
            case ast.Name(id=name):
                return self.variable(node, name)
            case ast.BinOp(left=a, op=op, right=b) if type(op) in OPERATORS:
                return self.apply(node, type(op), [self.read(a, depth), self.read(b, depth)])
            case ast.UnaryOp(op=op, operand=a) if type(op) in OPERATORS:
                return self.apply(node, type(op), [self.read(a, depth)])
            case ast.List(elts=items):
                items = [self.read(item, depth) for item in items]
                return self.call(node, "a list", list_of, *items)
            case ast.Subscript(value=value, slice=index):
                found = self.read(value, depth)
                if not np.shape(found):
                    self.refuse_at(node, "only an array has entries, and this is one number")
                return self.call(node, "an index", lambda x, i: x[i], found, self.index(index))
            case ast.Call(func=ast.Name(id=name), args=args, keywords=options):
                function = self.function(node, name)
                numbers = [self.read(arg, depth) for arg in args]
                if len(numbers) != (count := arguments(name)):
                    hint = "; name the rest, as in axis=0" if numbers and name in TAKEN else ""
                    what = f"{count} argument{'s' * (count > 1)}"
                    self.refuse_at(node, f"{name} takes {what}, not {len(numbers)}{hint}")
                return self.call(node, name, function, *numbers, **self.named(name, options))
        self.refuse_at(node, f"this is not allowed here; an expression may hold {WHAT_MAY_STAND}")

    def apply(self, node: ast.expr, operator: type[ast.AST], numbers: list[Any]) -> Any:
        """Return the result of an operator."""
        f = OPERATORS[operator]
        return self.call(node, f.__name__, f, *numbers)

    def call(
        self, node: ast.expr, name: str, f: Callable[..., Any], *args: Any, **params: Any
    ) -> Any:
        """Return the result of a function; its errors point at its place."""
        listed = f is list_of
        self.room -= sum(map(np.size, args)) if listed else entries(f, [np.shape(x) for x in args])
        if self.room < 0:
            self.refuse_at(
                node,
                f"with this, all steps together would have {LARGEST - self.room:,} entries, more "
                f"than {LARGEST:,}; use smaller arrays",
            )
        try:
            return f(*args, **params)
        except (TypeError, ValueError, IndexError, ArithmeticError, MemoryError) as error:
            told = str(error)
            own = told.startswith(f"{name} of ")
            self.refuse_at(node, told if own else f"{name} cannot take this: {told}")

    def variable(self, node: ast.expr, name: str) -> Any:
        """Return the value of a name."""
        if name in self.variables:
            return self.variables[name]
        if name in CONSTANTS:
            return CONSTANTS[name]
        if name in self.functions:
            self.refuse_at(node, f"{name} is a function: write {name}(...)")
        self.refuse_at(node, f"{name:.{NAME}} has no value; give it one: {name:.{NAME}}=1.0")

    def function(self, node: ast.Call, name: str) -> Callable[..., Any]:
        """Return the function of a name."""
        if name not in self.functions:
            near = [known for known in self.functions if sorted(known) == sorted(name)]
            near = near or get_close_matches(name, self.functions, 1)
            hint = f"did you mean {near[0]}?" if near else "use one of autograd's, such as tanh"
            if name in self.variables:
                hint = f"to multiply, write {name}*(...)"
            self.refuse_at(node.func, f"there is no function {name:.{NAME}}; {hint}")
        return self.functions[name]

    def named(self, function: str, options: list[ast.keyword]) -> dict[str, Any]:
        """Return the options of a call, each after checking that it is one of a few constants."""
        found: dict[str, Any] = {}
        taken = TAKEN.get(function, ())
        for option in options:
            name, node = option.arg, option.value
            if name is None:
                self.refuse_at(node, "write options one by one, as in axis=0")
            if name not in taken:
                others = f"; it takes {' and '.join(taken)}" if taken else " and takes no others"
                self.refuse_at(node, f"{function} has no option {name:.{NAME}} here{others}")
            allowed, what = OPTIONS[name]
            found[name] = self.literal(node, what)
            if not allowed(found[name]):
                self.refuse_at(node, f"{name} should be {what}")
        return found

    def literal(self, node: ast.expr, what: str) -> Any:
        """Return the constant that an option is given, such as 0, True or (0, 1)."""
        match node:
            case ast.Constant(value=constant):
                return constant
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as x)):
                return -x
            case ast.Tuple(elts=items) | ast.List(elts=items):
                return tuple([self.literal(item, what) for item in items])
        self.refuse_at(node, f"an option should be a constant: {what}")

    def index(self, node: ast.expr) -> Any:
        """Return a constant index."""
        match node:
            case ast.Tuple(elts=items):
                return tuple(self.index(item) for item in items)
            case ast.Slice(lower=a, upper=b, step=c):
                return slice(*(None if x is None else self.index(x) for x in (a, b, c)))
            case ast.Constant(value=int() as i) if not isinstance(i, bool):
                return i
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as i)):
                return -i
        self.refuse_at(node, "an index should be made of constants, such as x[0] or x[:, 1:]")
