"""scan, fori_loop and while_loop inside `to_jax`: as loops of JAX's.

JAX runs a body once, on arrays whose numbers are not known. Where our backward pass differentiates
a loop, it is one node, and JAX differentiates what is inside. Values that the body uses from
outside are found in a first run; then they stand for other numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from autograd.engine.arrays import known
from autograd.engine.dispatch import there
from autograd.engine.modes import no_grad, recording
from autograd.engine.tracing import put
from autograd.engine.value import Value, held, leaf
from autograd.jax.arrays import JaxArray, unwrapped
from autograd.jax.names import jax_itself
from autograd.jax.ops import array_of, node_of
from autograd.transforms.checkpoint import is_random, packed, unpacked
from autograd.transforms.rows import Row, is_numeric
from autograd.transforms.seeds import learning
from autograd.transforms.turns import Loop, Results


def looped(loop: Loop, state: Row, columns: Row) -> Results:
    """Return what `loop.plain` does, by a loop of JAX's."""
    if any(is_random(x) for x in state):
        raise RuntimeError(
            f"to_jax: {loop.name} has a random generator in its state, and would draw the same "
            f"numbers at each turn; draw them before, and make them data{there()}"
        )
    if not recording():
        state, columns = list(map(bare, state)), list(map(bare, columns))
    if loop.length == 0:
        return loop.plain(state, columns)
    if loop.length is None:
        state, goes_on = while_known(loop, state)
        if not goes_on:
            return state, [], []
    return Run(loop, state, columns).results()


JaxArray.looped = lambda _, *given: looped(*given)  # type: ignore[method-assign]


def while_known(loop: Loop, state: Row) -> tuple[Row, bool]:
    """Run a loop while its condition is known; return the state, and whether it goes on then."""
    k = 0
    while known(condition := bare(loop.goes_on(k, state))):
        if not condition:
            return state, False
        state, k = loop.body(loop.order(k), state, [])[0], k + 1
    return state, True


class Run:
    """A loop at a state and columns.

    Attributes:
        places: those of the numbers in the state.
        outside: the Values from outside that a turn uses.
        first, kinds: the numbers that the state begins with, and the dtypes that it comes to.
        moving: the places of states that can be differentiated, `moving_outputs` of outputs.
        gaps: for each output whether it is None.
    """

    def __init__(self, loop: Loop, state: Row, columns: Row) -> None:
        self.loop, self.state, self.columns = loop, state, columns
        self.places = [i for i, x in enumerate(state) if is_numeric(x)]
        self.moving = {i for i in self.places if learning(state[i])}
        self.moving_outputs: set[int] = set()
        self.outside: list[Value] = []
        self.gaps: list[bool] = []
        self.first = [array_of(bare(state[i])) for i in self.places]
        self.kinds = [x.dtype for x in self.first]
        self.look()

    def look(self) -> None:
        """Run a turn without numbers, until the state keeps its dtypes and what can move."""
        jax = jax_itself()
        rows = [None if x is None else array_of(bare(x))[0] for x in self.columns]
        before: Any = None
        while before != (self.kinds, self.moving):
            before = self.kinds, set(self.moving)
            new = jax.eval_shape(self.seen, 0, self.first, rows)
            for k, (x, y) in enumerate(zip(self.first, new, strict=True)):
                weak = x.weak_type and not y.weak_type and x.dtype.kind == y.dtype.kind
                kind = y.dtype if weak else jax.numpy.promote_types(x.dtype, y.dtype)
                self.first[k] = x if kind == x.dtype else x.astype(kind)
            self.kinds = [x.dtype for x in self.first]

    def seen(self, t: Any, carry: Row, rows: Row) -> Row:
        """Return the next numbers of a state; note what can move, and what is from outside."""
        given = (JaxArray(t), self.entered(carry), self.row(rows))
        (state, outputs, _), outside = self.loop.turn(*given)
        self.outside = outside if recording() else []
        self.moving |= {i for i in self.places if learning(state[i])}
        self.moving_outputs = {i for i, y in enumerate(outputs) if learning(y)}
        self.gaps = [y is None for y in outputs]
        return [array_of(bare(state[i])) for i in self.places]

    def entered(self, carry: Row) -> Row:
        """Return a state with other numbers."""
        state = list(self.state)
        for i, x in zip(self.places, carry, strict=True):
            state[i] = leaf(JaxArray(x)) if i in self.moving else JaxArray(x)
        return state

    def row(self, rows: Row) -> Row:
        """Return a row of the columns with other numbers."""
        return [
            None if x is None else leaf(JaxArray(x)) if learning(column) else JaxArray(x)
            for x, column in zip(rows, self.columns, strict=True)
        ]

    def run(self, *numbers: Any) -> Row:
        """Return the numbers of the last state and of all outputs.

        Args:
            numbers: of the Values in the state, in the columns and from outside.
        """
        lax, given = jax_itself().lax, iter(numbers)
        state = [next(given) if learning(x) else x for x in self.state]
        columns = [next(given) if learning(x) else x for x in self.columns]
        pairs = zip(self.places, self.kinds, strict=True)
        carry = [array_of(bare(state[i])).astype(kind) for i, kind in pairs]
        rows = [None if x is None else array_of(bare(x)) for x in columns]
        with no_grad(), standing_for(self.outside, list(given)) if numbers else nullcontext():
            if self.loop.length is None:
                return list(lax.while_loop(self.goes_on, lambda x: self.turn(x, (0, []))[0], carry))
            times = jax_itself().numpy.arange(self.loop.length)
            backwards = self.loop.order(0) != 0
            last, outputs = lax.scan(self.turn, carry, (times, rows), reverse=backwards)
        return [*last, *outputs]

    def goes_on(self, carry: Row) -> Any:
        """Return whether a loop goes on at some numbers of its state."""
        return array_of(bare(self.loop.goes_on(0, self.entered(carry)))).reshape(())

    def turn(self, carry: Row, now: tuple[Any, Row]) -> tuple[Row, Row]:
        """Return the next numbers of the state, and the outputs that are no None."""
        t, rows = now
        state, outputs, _ = self.loop.body(JaxArray(t), self.entered(carry), self.row(rows))
        for i, (x, y) in enumerate(zip(self.state, state, strict=True)):
            if i not in self.places and x is not y and x != y:
                raise TypeError(
                    f"to_jax: in a loop of JAX's only numbers change, not {x!r:.40} in the state "
                    f"of {self.loop.name}{there()}"
                )
        pairs = zip(self.places, self.kinds, strict=True)
        new = [array_of(bare(state[i])).astype(kind) for i, kind in pairs]
        return new, [array_of(bare(y)) for y in outputs if y is not None]

    def results(self) -> Results:
        """Return the last state, outputs and no sums; what can move comes out of one node."""
        values = [x.current() for x in (*self.state, *self.columns) if learning(x)]
        values += self.outside
        found = list(map(JaxArray, self.run(*[array_of(held(x)) for x in values])))
        outputs = [i for i, gap in enumerate(self.gaps) if not gap]
        n = len(self.places)
        moving = [k for k, i in enumerate(self.places) if i in self.moving]
        moving += [n + k for k, i in enumerate(outputs) if i in self.moving_outputs]
        if values and moving:

            def h(*numbers: Any) -> Any:
                new = self.run(*numbers)
                return unwrapped(packed([JaxArray(new[k]) for k in moving]))

            data = packed([found[k] for k in moving])
            node = node_of(self.loop.name, h, data, values)
            forms = [(found[k].shape, found[k].dtype) for k in moving]
            for k, part in zip(moving, unpacked(node, forms), strict=True):
                found[k] = part
        last = list(self.state)
        for i, x in zip(self.places, found, strict=False):
            last[i] = x
        rest = iter(found[n:])
        return last, [None if gap else next(rest) for gap in self.gaps], []


def bare(x: Any) -> Any:
    """Return the numbers of a Value, or anything else as it is."""
    return held(x.current()) if isinstance(x, Value) else x


@contextmanager
def standing_for(values: list[Value], numbers: list[Any]) -> Iterator[None]:
    """Let Values hold other numbers, arrays of JAX's, in this block."""
    before = list(map(held, values))
    try:
        for x, number in zip(values, numbers, strict=True):
            put(x, "data", JaxArray(number))
        yield
    finally:
        for x, data in zip(values, before, strict=True):
            put(x, "data", data)
