"""Commands for expressions: `python -m autograd draw "tanh(x*w + b)" x=2 w=-3 b=6.88`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter, _SubParsersAction
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn, TextIO

from autograd.drawing import draw
from autograd.engine.value import Value
from autograd.explaining import explain
from autograd.notation.expressions import LARGEST, ExpressionError, evaluate
from autograd.notation.names import visible

DRAW = """Draw the graph of an expression, with the gradient of each Value.

  python -m autograd draw "tanh(x*w + b)" x=2 w=-3 b=6.88
  python -m autograd draw "tanh(x*w + b)" x=2 w=-3 b=6.88 -o g.svg
  python -m autograd draw "mean((X @ w - t)^2)" "X=[[1, 2], [3, 4]]" "w=[0.5, -1]" "t=[1, 0]"
"""
EXPLAIN = """Explain the derivative of an expression, path by path.

  python -m autograd explain "tanh(x*w + b)" x=2 w=-3 b=6.88 --wrt x
"""
EXPRESSIONS = """An expression may hold names, numbers, + - * / ** @, brackets, lists, constant
indices and functions: tanh, exp, log, sigmoid, relu, sum, mean, softmax, norm, where, ...
It is parsed here, never run as Python."""


def add_to(commands: _SubParsersAction[Any]) -> None:
    """Add these commands to a parser."""
    parser = partial(
        commands.add_parser, epilog=EXPRESSIONS, formatter_class=RawDescriptionHelpFormatter
    )
    drawing = parser("draw", help="draw the graph of an expression", description=DRAW)
    explaining = parser("explain", help="explain a derivative", description=EXPLAIN)
    for command in (drawing, explaining):
        command.add_argument("expression", help='such as "tanh(x*w + b)"')
        command.add_argument("values", nargs="*", help='one for each name: x=2 "w=[1, 2]" a=pi/4')
    drawing.add_argument(
        "-o", "--output", help="file to write: .svg, .png, .pdf, .dot, .mmd, .html or .txt"
    )
    drawing.set_defaults(run=partial(run, drawn))
    explaining.add_argument(
        "--wrt", help="names to differentiate with respect to: x or x,w (default: all)"
    )
    explaining.add_argument(
        "--paths", type=int, default=5, help="how many paths to show (default: 5)"
    )
    explaining.add_argument(
        "--format",
        choices=["text", "markdown", "latex"],
        default="text",
        help="how to write it (default: text)",
    )
    explaining.set_defaults(run=partial(run, explained))


def run(command: Callable[[Value, Namespace], str], given: Namespace) -> int:
    """Run a command on the expression and print its answer; return 0, or 2 after an error."""
    try:
        y = evaluate(given.expression, variables(given.values))
        if not isinstance(y, Value):
            raise ExpressionError("the expression needs a variable, as in x*2 x=1.5")
        say(command(y, given))
    except BrokenPipeError:  # nobody reads any more, which is no fault of the expression
        raise
    except (ValueError, TypeError, OSError, ImportError) as error:
        say(error, file=sys.stderr)
        return 2
    return 0


def say(answer: Any, file: TextIO | None = None) -> None:
    """Print lines of text, with control characters as Python's escapes."""
    print(*map(visible, str(answer).split("\n")), sep="\n", file=file)


class Parser(ArgumentParser):
    """A parser whose errors show control characters as Python's escapes."""

    def error(self, message: str) -> NoReturn:
        """Print the message and the usage, and exit with status 2."""
        super().error(visible(message))


def drawn(y: Value, given: Namespace) -> str:
    """Return the graph as text, or write it and return the name of the file."""
    drawing = draw(y, gradients=y.size == 1)
    return str(drawing.save(given.output) if given.output else drawing)


def explained(y: Value, given: Namespace) -> str:
    """Return the explanation in the chosen format."""
    names = given.wrt and [name.strip() for name in given.wrt.split(",")]
    found = explain(y, wrt=names, paths=given.paths)
    return str(found if given.format == "text" else getattr(found, given.format)())


def assignment(text: str) -> tuple[str, Value]:
    """Return the name and the Value in a text such as x=2 or "w=[1, 2]"."""
    name, sign, number = text.partition("=")
    if not sign or not name.strip().isidentifier():
        raise ExpressionError(f"write name=number, such as x=2 or 'w=[1, 2]', not {text!r}")
    name = name.strip()
    return name, Value(evaluate(number, {}), name=name)


def variables(values: list[str]) -> dict[str, Value]:
    """Return the Values that assignments give, after checking that no name is given twice."""
    found: dict[str, Value] = {}
    room = LARGEST
    for name, value in map(assignment, values):
        if name in found:
            raise ExpressionError(f"{name} is given twice; give each name one number")
        found[name] = value
        room -= value.size
        if room < 0:
            raise ExpressionError(
                f"{name} is too large: together they may have {LARGEST:,} entries"
            )
    return found


def guarded(argv: list[Any]) -> list[Any]:
    """Return the arguments, changed so that an expression such as -x*w is not read as an option."""
    if len(argv) > 1 and argv[0] in ("draw", "explain"):
        first = argv[1]
        if first.startswith("-") and not first.startswith("--") and first not in ("-h", "-o"):
            return [argv[0], f" {first}", *argv[2:]]
    return argv


def more_values(given: Namespace, rest: list[str]) -> bool:
    """Count what follows an option, as in -o g.svg x=2, as values; return whether it can be."""
    if "values" not in given or any(value.startswith("-") for value in rest):
        return False
    given.values += rest
    return True
