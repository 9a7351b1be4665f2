"""each: a compiled step for each row of arrays, in chunks."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from autograd.compiling.llvm import native_loop
from autograd.compiling.loop import Loop
from autograd.compiling.node import Argument, Node, form_of
from autograd.compiling.passes.unroll import ENTRY, JOINED
from autograd.compiling.variant import Variant
from autograd.engine.together import set_all
from autograd.engine.traced import Traced

SECONDS = 0.02  # about how long a chunk takes, so that an interrupt comes through


def run_each(
    call: Callable[..., Any],
    variant_for: Callable[..., Variant | None],
    columns: list[Any],
    done: Callable[[int], object],
) -> None:
    """Call a compiled step for each row of some columns.

    Args:
        call: the step.
        variant_for: returns the variant that has run twice for a row, None if there is none.
        columns: arrays of equal length; only rows of numbers have the same form all.
        done: called after each chunk with the number of its steps.
    """
    count, start = len(columns[0]), 0
    alike = count > 1 and all(x.dtype.kind in "biufc" for x in columns)
    while start < count:
        first = row_of(columns, start)
        variant = variant_for(*first) if alike else None
        loop = None if variant is None else loop_of(variant)
        if loop is None:
            call(*first)
            start += 1
            done(1)
            continue
        begun = perf_counter()
        stop = min(start + loop.chunk, count)
        steps = run_chunk(loop, columns, start, stop)
        fitting = steps * SECONDS / max(perf_counter() - begun, 1e-6)
        loop.chunk = int(min(max(fitting, loop.smallest), loop.largest))
        if steps:
            done(steps)
        start += steps
        if start < stop:  # a step for which the program does not hold
            call(*row_of(columns, start))
            start += 1
            done(1)


def arrays_of(columns: tuple) -> list[Any]:
    """Return columns as arrays, or as what stands for one in a recording.

    Raises:
        ValueError: there are none, or they differ in length.
    """
    arrays = [x if isinstance(x, Traced) else np.asarray(x) for x in columns]
    lengths = [len(x) if x.ndim else "a number" for x in arrays]
    if not arrays or len(set(lengths)) > 1 or not arrays[0].ndim:
        raise ValueError(f"each takes arrays of equal length, not of lengths {lengths}")
    return arrays


def row_of(columns: list[Any], i: int) -> list[Any]:
    """Return the arguments of step i: floats and arrays."""
    return [x.item() if isinstance(x := column[i], np.float64) else x for column in columns]


def loop_of(variant: Variant) -> Any:
    """Return the loop of a variant, None if its program cannot run in one."""
    if variant.loop is None:
        make = loop_of_jax if variant.target == "jax" else loop_of_floats
        variant.loop = make(variant) or False
    return variant.loop or None


def loop_of_jax(variant: Variant) -> Any:
    """Return a loop of JAX's, None for a program whose arguments are not all arrays."""
    from autograd.compiling.loop_on_jax import LoopOnJax

    program = variant.program
    rows = [n for n in program.nodes if isinstance(n.source, Argument)]
    fits = not program.entered and all(np.ndim(n.sample) for n in rows)
    return LoopOnJax(program, variant.devices) if fits else None


def loop_of_floats(variant: Variant) -> Any:
    """Return a loop on floats, None for a program with an array that is not taken apart."""
    program = variant.program
    entries = {id(n.args[0]) for n in program.nodes if n.op is ENTRY}
    whole = [
        n
        for n in program.nodes
        if n.source is not None and np.ndim(n.sample) and id(n) not in entries
    ]
    whole += [n for n in program.new if n and n.op is not JOINED and np.ndim(n.sample)]
    rows = [n for n in program.nodes if isinstance(n.source, Argument)]
    floats = all(np.result_type(n.sample) == np.float64 for n in rows)
    if whole or program.entered or not floats:
        return None
    return variant.natively(native_loop, program) or Loop(program)


def read_anew(sources: list[Node]) -> list[Any] | None:
    """Return the numbers of sources, None if they have another form than while recorded."""
    found = [node.source.read() for node in sources]
    same = (form_of(x) == form_of(node.sample) for x, node in zip(found, sources, strict=True))
    return found if all(same) else None


def run_chunk(loop: Any, columns: list[Any], start: int, stop: int) -> int:
    """Run the steps of some rows; return how many were made before one that does not fit."""
    outer = read_anew(loop.outer)
    if outer is None:
        return 0
    steps, found, error = loop.run(columns, start, stop, outer)
    if steps:
        new = iter(found)
        set_all(
            [
                (u.value, u.slot, None if node is None else next(new))
                for u, node in zip(loop.program.updates, loop.program.new, strict=True)
            ]
        )
    if error is not None:
        raise error
    return steps
