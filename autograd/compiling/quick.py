"""Calls with floats alone, the shortest way from the arguments to a program and back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from numpy import float64

from autograd.compiling.node import Argument
from autograd.compiling.returned import written
from autograd.compiling.running import OTHER
from autograd.compiling.unchanged import same_as_before
from autograd.compiling.variant import Variant
from autograd.engine.modes import modes
from autograd.engine.tracing import open_traces


def quick_call(variant: Variant, args: tuple) -> Callable[[tuple], Any] | None:
    """Return a function of the arguments of a call, None if the program needs more than floats.

    It returns OTHER for arguments that are not all floats, inside `no_grad` and its like, and where
    the program does not hold.

    Args:
        variant: a program that has stood the comparison with its function.
        args: the arguments of a call that it is for.
    """
    program, nodes = variant.program, variant.program.results
    if (
        not nodes
        or not all(type(x) is float for x in args)
        or program.updates
        or program.entered
        or variant.draws
        or not all(isinstance(n.source, Argument) for n in variant.sources)
        or not all(kind in (float, float64) for kind in variant.kinds)
    ):
        return None
    names = [f"x{i}" for i in range(len(args))]
    native = getattr(variant.function, "native", None)  # called at once, without its function
    scope: dict[str, Any] = {
        "run": native or variant.function, "changed": variant.surroundings.changed, "OTHER": OTHER,
        "modes": modes, "open_traces": open_traces, "float64": float64,
    }  # fmt: skip
    taken = [names[n.source.place] for n in variant.sources]
    others = [x for x in names if native is None or x not in taken]  # native code looks itself
    floats = [f"type({x}) is float" for x in others]
    found = [f"y{i}" for i in range(len(nodes))]
    parts = zip(found, nodes, variant.kinds, strict=True)
    shown = [
        y if type(n.sample) is kind is float else f"{kind.__name__}({y})" for y, n, kind in parts
    ]
    whole = written(program.result, iter(shown).__next__, partial(put_into, scope))
    if whole is None:
        return None
    text = (
        "def call(args):\n"
        "    if modes or open_traces: return OTHER\n"
        f"    try: [{', '.join(names)}] = args\n"
        "    except ValueError: return OTHER\n"
        f"    if not ({' and '.join(floats) or True}): return OTHER\n"
        "    try:\n"
        f"        same = {same_as_before(variant.surroundings, scope)}\n"
        "    except Exception: same = False\n"
        "    if not same and changed(): return OTHER\n"
        "    try:\n"
        f"        {', '.join(found)}, = run({', '.join(taken)})\n"
        "    except Exception: return OTHER\n"
        f"    return {whole}\n"
    )
    exec(compile(text, "<quick call>", "exec"), scope)
    return scope["call"]


def put_into(scope: dict[str, Any], thing: Any) -> str:
    """Put an object that an expression uses into its scope; return its name."""
    name = f"k{len(scope)}"
    scope[name] = thing
    return name
