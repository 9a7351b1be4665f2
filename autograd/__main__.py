"""The command line: `python -m autograd check module:function --args 0.5 "[1, 2]"` and others."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentTypeError, Namespace
from ast import literal_eval
from collections.abc import Callable, Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import numpy as np

from autograd.commands import Parser, add_to, guarded, more_values, say


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return 0 if all is well, 1 if a derivative is wrong, 2 after any other error.

    Args:
        argv: the words after `python -m autograd`; those of the command line if left out.

    Example:
        >>> main(["check", "numpy:tanh", "--args", "[0.5, 1.0]"])  # doctest: +ELLIPSIS
        ...
        0
    """
    parser = Parser(
        prog="python -m autograd",
        description="Derivatives from the command line: check, draw and explain them.",
        epilog="For more on a command, with examples: python -m autograd draw --help",
    )
    commands = parser.add_subparsers(metavar="command")
    add_to(commands)
    check = commands.add_parser("check", help="check a function's derivatives at a point")
    check.add_argument("function", type=function, help="module:function, such as numpy:tanh")
    check.add_argument(
        "--args", type=argument, nargs="+", required=True, help='numbers and lists: 0.5 "[1, 2]"'
    )
    check.add_argument(
        "--grad", type=function, help="module:function that returns a gradient by hand"
    )
    check.add_argument(
        "--wrt", type=places, help="which arguments to differentiate: 0 or 0,2 (default: all)"
    )
    check.add_argument("--modes", type=words, help="reverse or forward (default: reverse,forward)")
    check.add_argument(
        "--accuracy", type=float, help="how exact a numerical function is, such as 1e-5"
    )
    check.add_argument(
        "--order", type=int, help="highest order of derivatives to check (default: 2)"
    )
    check.add_argument("--seed", type=int, help="seed of the random directions (default: 0)")
    check.set_defaults(run=run_check)
    given, rest = parser.parse_known_args(guarded(list(sys.argv[1:] if argv is None else argv)))
    if rest and not more_values(given, rest):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if "run" in given:
        return given.run(given)
    parser.print_help()
    return 0


def quietly() -> int:
    """Run the command of the command line; end without a word when nobody reads its output."""
    try:
        try:
            return main()
        finally:  # argparse may leave by SystemExit
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what Python flushes
        return 1


OPTIONS = ("grad", "wrt", "modes", "accuracy", "order", "seed")  # of `check_gradients`


def run_check(given: Namespace) -> int:
    """Check a function, and print the report or what is wrong."""
    from autograd.testing import GradientError, check_gradients
    from autograd.transforms.trace import name_of

    f = given.function
    options = {name: x for name, x in vars(given).items() if name in OPTIONS and x is not None}
    try:
        report = check_gradients(f, *given.args, **options)
    except GradientError as error:
        say(error, file=sys.stderr)
        return 1
    except (TypeError, ValueError) as error:  # nothing to check, or a point outside the domain
        say(error, file=sys.stderr)
        return 2
    except Exception as error:
        say(f"{name_of(f)} raises {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    say(report)
    return 0


def function(text: str) -> Callable[..., Any]:
    """Return the function named by `module:function`; the current directory is searched first."""
    module, _, name = text.partition(":")
    if not name:
        raise ArgumentTypeError(f"write module:function, such as numpy:tanh, not {text!r}")
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        found: Any = import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        raise ArgumentTypeError(str(error)) from None
    except Exception as error:
        raise ArgumentTypeError(f"{module} cannot be imported: {error!r}") from None
    if not callable(found):
        raise ArgumentTypeError(f"{text} is {found!r:.60}, which is not a function")
    return found


def places(text: str) -> list[int]:
    """Return the positions in a text such as 0,2."""
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise ArgumentTypeError(f"write positions of arguments, 0 or 0,2, not {text!r}") from None


def words(text: str) -> list[str]:
    """Return the words in a text such as reverse,forward."""
    return text.split(",")


def argument(text: str) -> Any:
    """Return the number that a text spells, or the array if it spells a list."""
    try:
        x = np.asarray(literal_eval(text))
    except (ValueError, SyntaxError):
        x = np.asarray(None)
    if x.dtype.kind not in "iufc":
        raise ArgumentTypeError(f"write a number or a list of numbers, not {text!r}")
    return x.astype(float).item() if not x.ndim and x.dtype.kind != "c" else x + 0.0


if __name__ == "__main__":
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # some terminals cannot print ∂
    sys.exit(quietly())
