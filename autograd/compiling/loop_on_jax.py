"""Loops on JAX: a compiled step for each row of some arrays, without leaving the devices.

What the step reads and writes back, such as weights, stays on the devices for a chunk of rows. If
the program does not hold for a row, the loop stops with what the row before it left.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.compiling.loop import sources_of
from autograd.compiling.on_jax import as_recorded, doubles, numbers_of
from autograd.compiling.program import Program
from autograd.compiling.sharing import Shared
from autograd.jax.names import jax_itself

IN_STEP = 50  # rows of a chunk where processes have to make as many steps as each other


class LoopOnJax:
    """The loop of a program over rows.

    Args:
        program: one that enters no gradient, and whose arguments are arrays.
        devices: those of JAX's that share each row; None for JAX's first.
    """

    largest = 8_000  # rows of a chunk
    chunk = smallest = 1  # rows of the next chunk, and of each at least

    def __init__(self, program: Program, devices: list[Any] | None) -> None:
        self.program = program
        self.rows, self.outer, carried = sources_of(program)
        self.new = [node for node in program.new if node is not None]
        self.carried = {n: self.new.index(x) for n, x in carried.items() if x is not None}
        self.shared = Shared([*self.rows, *self.outer], devices, lead=1)
        if self.shared.whole is not None and not self.shared.whole.is_fully_addressable:
            self.chunk = self.smallest = self.largest = IN_STEP
        self.compiled = jax_itself().jit(self.loop, out_shardings=self.shared.whole)
        self.there: tuple[Any, Any] = None, None  # columns, and the same on the devices

    def loop(self, start: Any, stop: Any, columns: list[Any], outer: list[Any]) -> tuple:
        """Make the steps from `start` on; return where they ended, and what they left."""
        jax, guards = jax_itself(), list(self.program.guards)
        np_ = jax.numpy
        outside = dict(zip(self.outer, outer, strict=True))
        begun = [np_.zeros_like(np_.asarray(node.sample)) for node in self.new]
        for node, place in self.carried.items():
            begun[place] = np_.asarray(outside[node], begun[place].dtype)

        def step(state: tuple) -> tuple:
            i, _, old = state
            given = outside | {node: old[place] for node, place in self.carried.items()}
            given |= {node: x[i] for node, x in zip(self.rows, columns, strict=True)}
            found = numbers_of([*guards, *self.new], self.program.nodes, given)
            holds = np_.array(True)
            for x, expected in zip(found, self.program.expected, strict=False):
                holds &= np_.array_equal(x, expected, equal_nan=x.dtype.kind in "fc")
            new = [
                np_.where(holds, x.astype(before.dtype), before)
                for x, before in zip(found[len(guards) :], old, strict=True)
            ]
            return i + holds.astype(i.dtype), holds, new

        first = np_.asarray(start, int), np_.array(True), begun
        end, _, left = jax.lax.while_loop(lambda state: (state[0] < stop) & state[1], step, first)
        return end, left

    def run(
        self, columns: list[Any], start: int, stop: int, outer: list[Any]
    ) -> tuple[int, list[Any], BaseException | None]:
        """Run the steps of some rows.

        Args:
            outer: the numbers of the other sources.

        Returns:
            how many were made before one that does not fit, what they leave, and no interrupt.
        """
        with doubles():
            known, rows = self.there
            if known is not columns:
                rows = [columns[node.source.place] for node in self.rows]
                rows = self.shared.placed(self.rows, rows)
                self.there = columns, rows  # at once: another thread may be here with its own
            placed = self.shared.placed(self.outer, outer)
            end, left = self.compiled(start, stop, rows, placed)
            found = list(map(as_recorded, map(np.asarray, left), self.new))
        return int(end) - start, found, None
