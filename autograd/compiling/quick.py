"""Calls with floats alone, the shortest way from the arguments to a program and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy import float64

from autograd.compiling.node import Argument, Node
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
    program, count, result = variant.program, len(args), variant.program.result
    nodes = [result] if isinstance(result, Node) else result
    if (
        not nodes
        or not all(type(x) is float for x in args)
        or program.updates
        or program.entered
        or variant.draws
        or not all(isinstance(n.source, Argument) for n in variant.sources)
        or not (isinstance(result, Node) or type(result) is tuple)
        or not all(isinstance(n, Node) and n.numbers for n in nodes)
        or not all(type(n.sample) in (float, float64) for n in nodes)
    ):
        return None
    names = [f"x{i}" for i in range(count)]
    native = getattr(variant.function, "native", None)  # called at once, without its function
    scope: dict[str, Any] = {
        "run": native or variant.function, "changed": variant.surroundings.changed, "OTHER": OTHER,
        "modes": modes, "open_traces": open_traces, "float64": float64,
    }  # fmt: skip
    taken = ", ".join(names[n.source.place] for n in variant.sources)
    found = [f"y{i}" for i in range(len(nodes))]
    shown = [
        f"float64({y})" if numpy else y for y, numpy in zip(found, program.as_numpy, strict=True)
    ]
    text = (
        "def call(args):\n"
        f"    if modes or open_traces or len(args) != {count}: return OTHER\n"
        f"    {', '.join(names)}, = args\n"
        f"    if not ({' and '.join(f'type({x}) is float' for x in names)}): return OTHER\n"
        "    try:\n"
        f"        same = {same_as_before(variant.surroundings, scope)}\n"
        "    except Exception: same = False\n"
        "    if not same and changed(): return OTHER\n"
        "    try:\n"
        f"        {', '.join(found)}, = run({taken})\n"
        "    except Exception: return OTHER\n"
        f"    return {', '.join(shown)}{'' if isinstance(result, Node) else ','}\n"
    )
    exec(compile(text, "<quick call>", "exec"), scope)
    return scope["call"]
