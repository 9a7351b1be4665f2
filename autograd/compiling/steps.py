"""each: a compiled step for each row of arrays, in chunks."""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat
from time import perf_counter
from typing import Any

import numpy as np

from autograd.compiling.loop import Loop, columns_of
from autograd.compiling.node import Argument
from autograd.compiling.passes.unroll import ENTRY
from autograd.compiling.variant import Variant
from autograd.engine.together import set_all

SECONDS = 0.02  # about how long a chunk takes, so that an interrupt comes through
FIRST_CHUNK, LARGEST_CHUNK = 256, 8_000  # the rows of a chunk stay in the cache as floats


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
        columns: arrays of equal length.
        done: called after each chunk with the number of its steps.
    """
    count, chunk, start = len(columns[0]), FIRST_CHUNK, 0
    while start < count:
        first = row_of(columns, start)
        variant = variant_for(*first)
        loop = None if variant is None else loop_of(variant)
        if loop is None:
            call(*first)
            start += 1
            done(1)
            continue
        begun = perf_counter()
        stop = min(start + chunk, count)
        steps = run_chunk(loop, columns, start, stop)
        if steps:
            done(steps)
        start += steps
        if start < stop:  # a step for which the program does not hold
            call(*row_of(columns, start))
            start += 1
            done(1)
        seconds = perf_counter() - begun
        chunk = int(min(max(chunk * SECONDS / max(seconds, 1e-6), FIRST_CHUNK), LARGEST_CHUNK))


def row_of(columns: list[Any], i: int) -> list[Any]:
    """Return the arguments of step i: floats and arrays."""
    return [x.item() if isinstance(x := column[i], np.float64) else x for column in columns]


def loop_of(variant: Variant) -> Loop | None:
    """Return the loop of a variant, None if its program cannot run in one."""
    if variant.loop is None:
        program = variant.program
        entries = {id(n.args[0]) for n in program.nodes if n.op is ENTRY}
        whole = [
            n
            for n in program.nodes
            if n.source is not None and np.ndim(n.sample) and id(n) not in entries
        ]
        rows = [n for n in program.nodes if isinstance(n.source, Argument)]
        floats = all(np.result_type(n.sample) == np.float64 for n in rows)
        fits = not whole and not program.entered and floats and variant.target != "jax"
        variant.loop = Loop(program) if fits else False
    return variant.loop or None


def run_chunk(loop: Loop, columns: list[Any], start: int, stop: int) -> int:
    """Run the steps of some rows; return how many were made before one that does not fit."""
    outer = [node.source.read() for node in loop.outer]
    outer = [float(x) if type(x) is int else x for x in outer]
    lists = columns_of(loop.rows, columns, start, stop)
    steps = stop - start
    found = loop.quick(zip(*lists, strict=True) if lists else repeat((), steps), *outer)
    if found is None or found[0] >= 0:
        rows = list(zip(*lists, strict=True)) if lists else [()] * steps
        found = loop.careful(rows, *outer)
        if found[0] >= 0:  # run the steps before it again, to write back what they left
            steps = found[0]
            found = loop.careful(rows[:steps], *outer) if steps else None
    if found is not None and found[2] is not None:
        new = iter(found[2])
        set_all(
            [
                (u.value, u.slot, None if node is None else next(new))
                for u, node in zip(loop.program.updates, loop.program.new, strict=True)
            ]
        )
        return steps
    return 0
