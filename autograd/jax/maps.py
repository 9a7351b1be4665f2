"""vmap inside `to_jax`: JAX's own, one node where our backward pass differentiates it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from autograd.engine.differentiating import differentiated
from autograd.engine.graph import next_serial
from autograd.engine.modes import no_grad, recording
from autograd.engine.value import Value, held, leaf
from autograd.jax.arrays import JaxArray, unwrapped
from autograd.jax.loops import bare, standing_for
from autograd.jax.names import jax_itself
from autograd.jax.ops import array_of, node_of
from autograd.transforms.checkpoint import from_outside, packed, unpacked
from autograd.transforms.rows import Row
from autograd.transforms.seeds import learning


def mapped(f: Callable[[Row], Row], columns: Row, axes: Callable[[], list[int | None]]) -> Row:
    """Return the results of `f` for all samples.

    Args:
        f: takes a number of each column, and returns a list of numbers, arrays or None.
        columns: arrays or Values with the samples along their first axis.
        axes: along which axis of each result its samples shall lie, when `f` has run once.
    """
    columns = columns if recording() else list(map(bare, columns))
    return Map(f, columns, axes).results()


class Map:
    """A function of a sample, for all samples.

    Attributes:
        f, columns, axes: see `mapped`.
        outside: the Values from outside that a sample uses.
        moving: which results can be differentiated.
        gaps: for each result whether it is None.
    """

    def __init__(
        self, f: Callable[[Row], Row], columns: Row, axes: Callable[[], list[int | None]]
    ) -> None:
        self.f, self.columns, self.axes = f, columns, axes
        self.outside: list[Value] = []
        self.moving: list[bool] = []
        self.gaps: list[bool] = []
        jax = jax_itself()
        jax.eval_shape(jax.vmap(self.seen), [array_of(bare(x)) for x in columns])

    def entered(self, sample: Row) -> Row:
        """Return what `f` takes, for arrays of JAX's."""
        return [
            leaf(JaxArray(x)) if learning(column) else JaxArray(x)
            for x, column in zip(sample, self.columns, strict=True)
        ]

    def seen(self, sample: Row) -> Row:
        """Return the results of a sample, and note what can move, and what is from outside."""
        given = self.entered(sample)
        entries = [x for x in given if isinstance(x, Value)]
        own = [*[x.serial for x in entries], next_serial()]
        found = differentiated(own[:-1], self.f, (given,), {})
        roots = [y for y in found if learning(y)]
        used = from_outside("vmap", self.f, roots, entries, own) if recording() else []
        self.outside = [x for x in used if learning(x)]
        self.gaps = [y is None for y in found]
        self.moving = [learning(y) for y in found if y is not None]
        return [array_of(bare(y)) for y in found if y is not None]

    def run(self, *numbers: Any) -> Row:
        """Return the results of all samples that are no None.

        Args:
            numbers: of the Values in the columns and from outside.
        """
        given = iter(numbers)
        columns = [array_of(bare(next(given) if learning(x) else x)) for x in self.columns]
        axes = [axis for axis, gap in zip(self.axes(), self.gaps, strict=True) if not gap]

        def one(sample: Row) -> Row:
            found = self.f(self.entered(sample))
            return [array_of(bare(y)) for y in found if y is not None]

        with no_grad(), standing_for(self.outside, list(given)) if numbers else nullcontext():
            return list(jax_itself().vmap(one, out_axes=axes)(columns))

    def results(self) -> Row:
        """Return the results of all samples; what can move comes out of one node."""
        values = [x.current() for x in self.columns if learning(x)] + self.outside
        found = list(map(JaxArray, self.run(*[array_of(held(x)) for x in values])))
        moving = [k for k, moves in enumerate(self.moving) if moves]
        if values and moving:

            def h(*numbers: Any) -> Any:
                new = self.run(*numbers)
                return unwrapped(packed([JaxArray(new[k]) for k in moving]))

            node = node_of("vmap", h, packed([found[k] for k in moving]), values)
            forms = [(found[k].shape, found[k].dtype) for k in moving]
            for k, part in zip(moving, unpacked(node, forms), strict=True):
                found[k] = part
        rest = iter(found)
        return [None if gap else next(rest) for gap in self.gaps]
