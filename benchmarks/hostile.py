"""Hostile input: random and mutated expressions for the command line, in a fresh process.

Each must give a result or a sentence: an `ExpressionError` from `evaluate`, a message and status 2
from the commands. `python -m benchmarks.hostile 5000 7` tries 5,000 of them, with seed 7.
"""

from __future__ import annotations

import io
import json
import random
import resource
import string
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from autograd.__main__ import main
from autograd.engine.value import Value
from autograd.notation.calls import DTYPES, OPTIONS, TAKEN, arguments
from autograd.notation.expressions import ExpressionError, evaluate, functions
from benchmarks.harness import Row

EXPRESSIONS = 200_000
MEMORY = 200.0  # MB
SECONDS = 5.0  # for one expression
COMMANDS = 50  # every which expression goes through `draw` and `explain` too

VARIABLES = {
    "x": Value(2.0, "x"),
    "w": Value([0.5, -1.0, 3.0], "w"),
    "m": Value(np.eye(3) + 0.1, "m"),
    "wide": Value(np.ones(30_000), "wide"),
    "none": Value(np.zeros((0, 3)), "none"),
    "flag": np.array([True, False, True]),
    "z": Value([1 + 2j, 3j, 0.0], "z"),
    "b": 6.88,
}
NUMBERS = ["0", "1", "-1", "2.5", "1e308", "1e-320", "9**9**9", "9" * 300, "9" * 400, "0x7fffffff",
           "1_000", "pi", "inf", "nan", "∞", "1e999", "0b101", "00", "1j", ".5", "1."]  # fmt: skip
CONSTANTS = [
    *["0", "1", "-1", "2", "(0, 1)", "(0, 0)", "[0, 1]", "None", "True", "'V1000000000'", "()"],
    *["'float32'", "'int8'", "'complex64'", "'O'", "'S9999999999'", "'M8[s]'", "float", "{[1]}"],
    *["{1: 2}", "{1}", "99999999999999999999", "-64", "1e400", "nan", "'fro'", "'nuc'", "b'x'"],
    *["~1", "1.5", "...", "''", "(0,)" * 9, "((0, 1), 2)", "1 if 1 else 2", "x", "(1, '0')"],
]
FITTING = {
    "axis": ["0", "-1", "1", "(0, 1)", "None", "()"],
    "axes": ["(1, 0)", "None", "(0,)", "(0, 0)"],
    "keepdims": ["True", "False"],
    "dtype": list(map(repr, DTYPES)),
    "ddof": ["0", "1", "5", "0.5", "-1000"],
    "ord": ["1", "2", "-2", "'fro'", "'nuc'", "0", "None", "0.5"],
}
OPTION_NAMES = [*OPTIONS, "out", "where", "initial", "order", "casting", "subok", "like", "shape"]
INDICES = [
    *["0", "-1", "5", ":", "::0", "::-1", ":, 1:", "None", "...", "True", "x", "[0, 1]", "1.5"],
    *["99999999999999999999", ":99999999999999999999", "0, 0, 0, 0", "'a'", "()", "(0, 1)", "~0"],
]
ATTACKS = [
    *["__import__('os').system('true')", "().__class__.__bases__", "x.data", "lambda: x", "x:=1"],
    *["[i for i in x]", "{x: 1}", "f'{x}'", "'a'*10**9", "x if x else w", "await x", "*w", "**x"],
    *["print(x)", "eval('1')", "open('/dev/zero')", "yield x", "x; w", "x = 1", "x\nw", "...", "_"],
    *["wide * transpose([wide])", "[[wide]] @ [[[wide]]]", "dot(transpose([wide]), [wide])"],
    *["[" * 70 + "x" + "]" * 70, "(" * 70 + "x" + ")" * 70, "-" * 400 + "x", "x" + "**x" * 400],
    *["tanh(" * 59 + "x" + ")" * 59, "x" + "[0]" * 400, "~" * 400 + "x", "not " * 100 + "x"],
    *["[" + "wide, " * 200 + "]", "x" + " + x" * 299, "9" * 2001, "[" + "1," * 900 + "]"],
    *["fill(x)", "zeros(10**9)", "arange(1e9)", "linspace(0, 1, 10**9)", "kron(wide, wide)"],
    *["outer(wide, wide)", "tile(x, 10**9)", "repeat(x, 10**9)", "pad(x, 10**9)", "full(9, x)"],
]
SIGNS = string.printable + "²³⁻·×÷−^∞σΣｘ\0\x1b\u202e\ud800\U0001f600\x7f\x85\u2028éе"


def expression(rng: random.Random, depth: int = 4) -> str:
    """Return a random expression, most of whose parts are right."""
    kind = rng.randrange(14) if depth else rng.randrange(3)
    inner: Callable[[], str] = lambda: expression(rng, depth - 1)  # noqa: E731
    if kind == 0:
        return rng.choice(NUMBERS)
    if kind < 3:
        return rng.choice([*VARIABLES, *VARIABLES, *VARIABLES, "y", "tanh"])
    if kind < 6:
        sign = rng.choice("+ - * / ** @ · ^ + - * / ** @ // % < == and , is << |".split())
        return f"{inner()} {sign} {inner()}"
    if kind == 6:
        return rng.choice(["-{}", "({})", "+{}", "{}²", "~{}", "not {}"]).format(inner())
    if kind == 7:
        return f"[{', '.join(inner() for _ in range(rng.randrange(4)))}]"
    if kind == 8:
        return f"{inner()}[{rng.choice(INDICES)}]"
    if kind == 9 and not rng.randrange(4):
        return rng.choice(ATTACKS)
    name = rng.choice(FUNCTIONS)
    right = rng.randrange(4)  # 0: it may be wrong in any way
    count = arguments(name) if right else rng.randrange(4)
    known = list(TAKEN.get(name, ())) if right else OPTION_NAMES
    options = [
        f"{option}={rng.choice(FITTING.get(option, CONSTANTS) if right else CONSTANTS)}"
        for option in rng.sample(known, k=min(len(known), rng.choice([0, 0, 1, 2])))
    ]
    return f"{name}({', '.join([*(inner() for _ in range(count)), *options])})"


FUNCTIONS = [*functions(), "__import__", "reshape"]


def mutated(rng: random.Random, text: str) -> str:
    """Return a text with some of its signs removed, doubled, swapped or replaced."""
    for _ in range(rng.choice([1, 1, 2, 5])):
        i = rng.randrange(len(text) + 1)
        j = min(len(text), i + rng.choice([0, 1, 1, 3, 10]))
        new = rng.choice(
            [
                "",
                rng.choice(SIGNS),
                text[i:j] * 2,
                text[i:j][::-1],
                "".join(rng.choices(SIGNS, k=3)),
                rng.choice(ATTACKS) if not rng.randrange(10) else "",
            ]
        )
        text = text[:i] + new + text[j:]
    return text


def tried(rng: random.Random, text: str, folder: str) -> str:
    """Return what is wrong with the answer to a text, "" if it is a result or a sentence."""
    start = time.perf_counter()
    try:
        evaluate(text, VARIABLES)
    except ExpressionError as error:
        if not clean(str(error)):
            return f"control characters in {error!r}"
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    if not rng.randrange(COMMANDS) and (wrong := commanded(rng, text, folder)):
        return wrong
    seconds = time.perf_counter() - start
    return f"{seconds:.1f} s" if seconds > SECONDS else ""


def commanded(rng: random.Random, text: str, folder: str) -> str:
    """Return what is wrong with the answers of the commands to a text."""
    values = [f"x={rng.choice(NUMBERS)}", "w=[0.5, -1, 3]", f"m={text}", "b=2"]
    outputs = [f"{folder}/g.{end}" for end in ("dot", "html", "txt")]
    for words in (
        ["draw", text, *values],
        ["draw", text, *values, "-o", rng.choice(outputs)],
        ["explain", text, *values, "--format", rng.choice(["text", "markdown", "latex"])],
        ["explain", text, *values, "--wrt", mutated(rng, "x")],
    ):
        said = io.StringIO()
        try:
            with redirect_stdout(said), redirect_stderr(said):
                status = main(words)
        except SystemExit as stop:  # argparse, of words that look like options
            status = stop.code
        except BaseException as error:
            return f"{words[0]}: {type(error).__name__}: {error}"
        if status not in (0, 2) or not said.getvalue().strip() or not clean(said.getvalue()):
            return f"{words[0]}: status {status!r}, {said.getvalue()!r:.200}"
    return ""


def clean(text: str) -> bool:
    """Whether a text has no control characters."""
    return all(sign.isprintable() or sign == "\n" for sign in text)


def run(n: int, seed: int = 0) -> dict[str, Any]:
    """Try `n` expressions; return what went wrong with which, and by how many MB memory grew."""
    rng = random.Random(seed)
    wrong: dict[str, str] = {}
    with TemporaryDirectory() as folder:
        before = peak()
        for _ in range(n):
            text = expression(rng)
            text = text if rng.randrange(2) else mutated(rng, text)
            if found := tried(rng, text, folder):
                wrong[text] = found
        return {"wrong": wrong, "memory": peak() - before}


def peak() -> float:
    """Return the most memory that this program has had, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # of a child, getrusage returns at least what its parent has had
        return float(status.read_text().split("VmHWM:")[1].split()[0]) / 1e3
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def expressions(hips_folder: str | None) -> list[Row]:
    """How many of 200,000 expressions got neither a result nor a sentence, and the memory."""
    command = [sys.executable, "-W", "error", "-m", "benchmarks.hostile", str(EXPRESSIONS)]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    what = f"{EXPRESSIONS:,} hostile expressions, "
    return [
        Row(what + "tracebacks", "expressions", len(found["wrong"]), EXPRESSIONS, 0.0, ""),
        Row(what + "peak memory", "bar of 200 MB", found["memory"], MEMORY, 1.0, "MB"),
    ]


if __name__ == "__main__":
    print(json.dumps(run(*map(int, sys.argv[1:])), indent=1))
