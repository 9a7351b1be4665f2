"""Variant: a recorded program as a function of the call, and when it holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.compiling.blocks import function_of, in_blocks
from autograd.compiling.checks import with_needed_checks
from autograd.compiling.drawing import Draws, Updates
from autograd.compiling.ending import ending_of
from autograd.compiling.errors import NoNativeError
from autograd.compiling.forms import distance, nudged
from autograd.compiling.liveness import freeing_first, peak
from autograd.compiling.llvm import native_arrays, native_ending, native_program
from autograd.compiling.node import Argument, Grad, Leaf, Node, in_order, lying
from autograd.compiling.overwriting import InNumPy, is_quick
from autograd.compiling.passes.common import common_once
from autograd.compiling.passes.constants import constants_away
from autograd.compiling.passes.finite import finite_at_once
from autograd.compiling.passes.identities import identities_away
from autograd.compiling.passes.regions import SMALLEST_NATIVE, is_candidate
from autograd.compiling.passes.scattered import scattered_at_once
from autograd.compiling.passes.uniform import uniform_as_numbers
from autograd.compiling.passes.unroll import ENTRY, JOINED, unrolled
from autograd.compiling.program import Program
from autograd.compiling.running import OTHER, Running
from autograd.compiling.surroundings import Surroundings
from autograd.engine.silence import silence

SAME_ORDER = 2.0**-5  # digits differ by less where sums are added in the same order
WORTH_NATIVE = 8_000  # bytes that a program writes last for which native code pays,
WORTH = 32_000  # and of an array for which NumPy's calls do
PASSES = (
    constants_away,
    uniform_as_numbers,
    identities_away,
    unrolled,
    constants_away,
    scattered_at_once,
    common_once,
    finite_at_once,
)
NOT_FOR_JAX = unrolled, scattered_at_once, finite_at_once
FOR_JAX = tuple([rewrite for rewrite in PASSES if rewrite not in NOT_FOR_JAX])
ON_ARRAYS = tuple([rewrite for rewrite in PASSES if rewrite is not unrolled])


class Variant(Running):
    """A program, compiled for one form of the arguments and one outcome of each guard.

    Attributes:
        recorded: the program as it was recorded; `program` is what the passes made of it.
        scale: how large the numbers are whose last digits may differ from those of the function,
            and `coarsest` the distance from 1 to the next number in its coarsest precision.
        text: the printed program.
        can_loop: whether `each` may run it in a loop.
        kept: state that is no Value, and its slot: what the program does not write must stay.
        native: whether there is native code; `not_native` says why not.
        waiting: whether native code is made once the program has run often.
        peak: how many bytes it needs at once, by estimate.
    """

    def __init__(
        self,
        recorded: Program,
        surroundings: Surroundings,
        target: str,
        devices: list[Any] | None = None,
        overwrites: bool = True,
        smallest: int = SMALLEST_NATIVE,
        passes: tuple[Callable[..., Any], ...] = (),
    ) -> None:
        self.recorded, self.surroundings, self.target = recorded, surroundings, target
        self.devices = devices
        self.native, self.not_native, self.waiting, made = False, "", False, None
        self.stages = [recorded]
        for rewrite in passes or (PASSES if target != "jax" else FOR_JAX):
            self.stages.append(self.stages[-1].after(rewrite))
        self.program = with_needed_checks(self.stages[-1])
        nodes = self.program.nodes
        self.sources = [node for node in nodes if node.source is not None]
        self.read: list[Any] = [
            (
                node.source.place if isinstance(node.source, Argument) else None,
                getattr(node.source, "read", None),
                type(node.sample),
                node.sample.shape if type(node.sample) is ndarray else None,
                getattr(node.sample, "dtype", None),
                lying(node.sample) if may_lie_otherwise(node) else None,
            )
            for node in self.sources
        ]
        self.ending = self.cut() if overwrites and target != "jax" else None
        self.cleared: Updates = []
        first = self.first = self.program if self.ending is None else self.ending.cut.first
        self.places, self.values = [], []
        if self.ending is not None:
            cut = self.ending.cut
            self.places = [self.sources.index(node) for node in cut.old]
            self.values = [self.program.updates[i].value for i in cut.places]
        self.results = [*first.results, *(x for x in first.new if x is not None)]
        ends = self.results if self.ending is None else [*self.results, *self.ending.cut.taken]
        guards = list(zip(first.guards, first.expected, strict=True))
        steps = in_order([*first.guards, *ends])
        if target == "jax":
            from autograd.compiling.on_jax import on_jax

            self.function, self.text = on_jax(nodes, self.sources, guards, ends, devices)
        else:
            parts = steps, self.sources, guards, ends
            replaced = replaced_unread(first)
            self.cleared = [(value, "grad", None) for value, _ in replaced]
            new = {node for _, node in replaced}
            arrays = any(is_candidate(node, smallest) for node in steps)
            made = self.natively(native_arrays, *parts, new, smallest) if arrays else None
            self.waiting = target == "auto" and not arrays and self.ending is None
            self.function, self.text = made or function_of(*parts, replacing=new)
        if self.ending is not None:
            self.text += self.ending.text
            self.not_native = "" if self.native else self.not_native
        if not all(is_float(node) for node in nodes):
            self.function = silence()(self.function)
        self.constants = constants_in(nodes)
        other_order = target == "jax" or any(x.op in (JOINED, ENTRY) for x in nodes)
        self.scale = largest(recorded) * (1.0 if other_order else SAME_ORDER)
        self.coarsest = coarsest(nodes) if other_order else 0.0
        in_turn = freeing_first(in_blocks(steps, ends), ends)
        self.peak = peak(in_turn, [*first.guards, *ends])
        self.runs = 0
        self.named: dict[int, int] = {}
        self.kept: list[tuple[Any, str]] = []
        self.can_loop = not recorded.draws if target == "jax" else recorded.keeps_to_values
        self.draws = Draws(recorded.draws) if recorded.draws else None
        self.loop: Any = None
        if target == "llvm" and not self.not_native and not made and self.ending is None:
            self.go_native([])

    def cut(self) -> Any:
        """Return the steps that write over old numbers, None if there are none."""
        found = ending_of(self.program, 0)
        native = None
        if found is not None and found.size >= WORTH_NATIVE:
            native = self.natively(native_ending, found)
        if native is not None:
            return native
        found = ending_of(self.program, WORTH)
        return InNumPy(found) if found is not None and is_quick(found) else None

    def natively(self, make: Callable[..., Any], *given: Any) -> Any:
        """Return what LLVM makes of the program; None, and note why, if it can make nothing."""
        if self.target not in ("auto", "llvm"):
            return None
        try:
            made = make(*given)
            self.native = True
            return made
        except (NoNativeError, ImportError, OSError, RuntimeError) as error:
            self.not_native = str(error)
            return None

    def go_native(self, given: list[Any]) -> None:
        """Let native code run from now on, if it gives the same bits for the numbers of a call."""
        self.waiting = False
        guards = list(zip(self.program.guards, self.program.expected, strict=True))
        nodes = self.program.nodes
        made = self.natively(native_program, nodes, self.sources, guards, self.results)
        if made is None:
            return
        if given and outcome(made[0], given) != outcome(self.function, given):
            self.native, self.not_native = False, "it gave other numbers than Python's program"
            return
        self.function, self.text = made

    def forget(self) -> None:
        """Let go of the large arrays that were there while the program was recorded."""
        for program in self.stages:
            for node in program.nodes:
                node.forget()
        if self.ending is not None:
            for node in (*self.ending.cut.inputs, *self.ending.cut.steps):
                node.forget()

    def spread(self, numbers: list[Any], computed: tuple[list[Any], Updates]) -> list[float]:
        """Return how far each result and update moves with the last digits of what they are from.

        A gradient may be 0 but for rounding, and an optimiser may make a whole step of that.
        """
        moved = self.compute(numbers, nudged)
        if moved is OTHER:
            return []
        (results, updates), (others, other_updates) = computed, moved
        ours = [*results, *(new for _, _, new in updates)]
        return list(map(distance, ours, [*others, *(new for _, _, new in other_updates)]))


def may_lie_otherwise(node: Node) -> bool:
    """Whether other arrays may be read there, of which NumPy's order "K" tells how they lie."""
    return isinstance(node.source, (Leaf, Grad)) and type(node.sample) is ndarray


def replaced_unread(program: Program) -> list[tuple[Any, Node]]:
    """Return Values whose gradient a program replaces and does not look at, with the new one.

    Of these, the ones that are large arrays.
    """
    looked_at = {value.serial for value, _ in program.entered}
    looked_at |= {n.source.value.serial for n in program.nodes if isinstance(n.source, Grad)}
    return [
        (update.value, new)
        for update, new in zip(program.updates, program.new, strict=True)
        if update.slot == "grad" and update.value.serial not in looked_at
        if new is not None and new.op is not None and np.asarray(new.sample).nbytes >= WORTH_NATIVE
    ]


def outcome(function: Callable[..., tuple], given: list[Any]) -> list[Any] | None:
    """Return the bits of a program's results but for NaNs, None where it does not hold."""
    try:
        return [np.where(y == y, y, 0.0).tobytes() for y in function(*given)]
    except Exception:
        return None


def is_float(node: Node) -> bool:
    """Whether a node gives a float."""
    return type(node.sample) is float or type(node.sample) is np.float64


def constants_in(nodes: list[Node]) -> set[int]:
    """Return the ids of the arrays that a program holds."""
    arrays = [x for node in nodes for x in node.args if type(x) is ndarray]
    arrays += [node.sample for node in nodes if node.op is None and node.source is None]
    return {id(x) for x in arrays}


def coarsest(nodes: list[Node]) -> float:
    """Return the distance from 1 to the next number in the coarsest precision of some nodes."""
    kinds = {np.result_type(node.sample) for node in nodes}
    return max([float(np.finfo(kind).eps) for kind in kinds if kind.kind in "fc"], default=0.0)


def largest(program: Program) -> float:
    """Return the size of the largest finite number that a program took or gave when recorded.

    Those on the way do not count: a mask may fill in −1e30.
    """
    ends = [*program.results, *program.new]
    met = [x for x in program.nodes if x.source is not None] + [x for x in ends if x is not None]
    sizes = [np.abs(np.asarray(x.sample, complex)) for x in met if np.size(x.sample)]
    return max([float(np.max(x, initial=0.0, where=np.isfinite(x))) for x in sizes], default=0.0)
