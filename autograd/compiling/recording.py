"""Recording: a run of a function, written down as nodes.

The numbers that a function is given become Values, so every op on them is seen by a watcher, in
backward passes too, since these build graphs here. What is no op the engine tells the recording,
see `engine/tracing.py`. Nothing that the run does to Values from outside stays when it is over.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from itertools import starmap, zip_longest
from operator import call
from typing import Any

import numpy as np

from autograd.compiling.errors import NotHereError, TracingError
from autograd.compiling.indices import (
    checked_form,
    counted_masks,
    giving,
    may_choose_form,
    refuse_shapes,
)
from autograd.compiling.kept import Standing, array_of
from autograd.compiling.leaving import Leaving
from autograd.compiling.node import Argument, Leaf, Node
from autograd.compiling.outside import Outside
from autograd.compiling.pulling import Pulling
from autograd.compiling.state import Place, State
from autograd.engine.graph import next_serial, parents_then, taken
from autograd.engine.hosts import Host, hosted_by
from autograd.engine.inputs import leaf_data
from autograd.engine.modes import watched
from autograd.engine.state import is_state
from autograd.engine.traced import Traced
from autograd.engine.tracing import open_traces, traced_by
from autograd.engine.trees import filled, leaves
from autograd.engine.value import Value, held, leaf


class Recording(Leaving, State, Outside, Pulling):
    """Everything that a function did with numbers while it was traced.

    Attributes:
        nodes: for the serial of each Value that was met, the node that it stands for now.
        guards: (node, numbers): the recorded program holds where the node gives these numbers.
        shapes: the same for what shapes and dtypes depend on.
        assigned: Values from outside with new data, by serial, and the nodes that give it.
        grads: Values from outside whose gradient was set, and the nodes (None: no gradient).
        entered: whether each of the latter that was read held a gradient before.
        host: runs its loops.
        is_general: whether the numbers stand for others too, such as those of other turns.
    """

    host: Host

    def __init__(self, is_general: bool = False) -> None:
        super().__init__()
        self.is_general = is_general
        self.nodes: dict[int, Node] = {}
        self.shapes: dict[Any, tuple[Node, Any]] = {}
        self.inputs: list[Value] = []
        self.kept: list[Value] = []
        self.failed: TracingError | None = None
        self.error: Exception | None = None  # the last that an op has raised
        self.start = 0
        self.action = action()

    # -- the run ---------------------------------------------------------------------------------

    def argument(self, x: Any) -> Value:
        """Return a Value that stands for a number among the arguments."""
        data = leaf_data(x) if not isinstance(x, np.generic) else x
        if type(x) is np.ndarray and not x.ndim:
            data = x.copy()[()]
        value = leaf(data)
        value.__class__ = Traced
        source = Argument(len(self.inputs))
        self.nodes[value.serial] = Node(None, sample=data, source=source, numbers=True)
        self.inputs.append(value)
        return value

    def run(
        self,
        f: Callable[..., Any],
        args: tuple,
        kwargs: dict[str, Any],
        places: Sequence[Place] = (),
    ) -> Any:
        """Return the result of a function, with nodes; what is outside is as before then."""
        stand_ins = [self.stand_in(place.thing) for place in places]
        self.start = next_serial()
        token, before = traced_by.set(self), hosted_by.set(self.host)
        try:
            open_traces.add(self)
            for place, thing in zip(places, stand_ins, strict=True):
                self.old.appendleft(place.put(place.thing))
                write, *given = place.put(thing)
                write(*given)
            with watched(self):
                result = f(*args, **kwargs)
            if any(p.read() is not thing for p, thing in zip(places, stand_ins, strict=True)):
                raise NotHereError("an nn.Buffer or a random generator is replaced by another")
            nodes = iter([self.result(y) for _, y in leaves(result)])
            result = filled(result, nodes)
        finally:
            # one call of a function in C for all of it: no interrupt comes in between
            list(starmap(call, self.old))
            open_traces.discard(self)
            traced_by.reset(token)
            hosted_by.reset(before)
        if self.failed is not None:
            raise self.failed
        if self.error is not None:
            kind = type(self.error).__name__
            raise NotHereError(f"it catches the {kind} that an op raises for some numbers only")
        return result

    def result(self, y: Any) -> Any:
        """Return the node of a Value among the results; one from outside stays what it is."""
        if type(y) is Standing and (array := array_of(y)) is not None:
            return array
        if not isinstance(y, Value) or (
            y.serial < self.start and not any(y is x for x in self.inputs)
        ):
            return y
        return self.node_of(y)

    # -- ops, as a Watcher -----------------------------------------------------------------------

    def made(
        self, value: Any, op: Any, parents: tuple, args: tuple, params: dict[str, Any] | None
    ) -> None:
        """Note an op."""
        given = tuple(
            [x if p is None else self.node_of(p) for p, x in zip(parents, args, strict=True)]
        )
        node = self.note(value, op, given, params or {})
        if may_choose_form(op):
            if np.ndim(node.sample):
                self.shapes[node] = checked_form(node)
            else:
                node.op = giving(op, np.result_type(node.sample))

    def walked(self, *_: Any, **__: Any) -> None:
        """Backward passes are recorded op by op."""

    def where(self, node: Any) -> str:
        """Return where a node was made."""
        return ""

    def note(self, value: Any, op: Any, args: tuple, params: dict[str, Any]) -> Node:
        """Let a Value stand for a new node."""
        heard = not {"ignore", "warn"}.issuperset(np.geterr().values())
        if heard or (action() == "error" and self.action != "error"):
            raise NotHereError("NumPy is to raise what it warns of, as np.errstate can tell it to")
        args = tuple([self.static(x, op) if type(x) is tuple else x for x in args])
        plain = all(x.numbers for x in args if isinstance(x, Node))
        node = self.nodes[value.serial] = Node(op, args, params, held(value), None, plain)
        refuse_shapes(op, args)
        for step, expected in counted_masks(op, args):
            self.shapes.setdefault(step.args, (step, expected))
        if plain and type(value) is Value:
            value.__class__ = Traced
        self.kept.append(value)
        return node

    def node_of(self, value: Any) -> Node:
        """Return the node that a Value stands for."""
        value = value.current()
        node = self.nodes.get(value.serial)
        if node is not None:
            return node
        if value.serial < self.start:
            node = Node(None, sample=held(value), source=Leaf(value))
        elif value.op is None:
            node = Node(None, sample=held(value))  # a constant
        else:  # a view of what was changed in place
            below = [None if p is None else self.node_of(p) for p in parents_then(value)]
            args = [x if p is None else p for p, x in zip(below, taken(value), strict=True)]
            return self.note(value, value.op, tuple(args), value.params)
        self.nodes[value.serial] = node
        self.kept.append(value)
        return node


def record(
    f: Callable[..., Any],
    args: tuple,
    kwargs: dict[str, Any],
    places: Sequence[Place] = (),
    rules_as_steps: Callable[[Any], bool] | None = None,
) -> tuple[Recording, Any]:
    """Run a function on Values in place of its numbers; return the recording and its result.

    Args:
        places: where it finds state that is no Value.
        rules_as_steps: see `Pulling`.
    """
    recording = Recording()
    recording.rules_as_steps = rules_as_steps
    given = [
        recording.argument(x) if is_number(x) else recording.stand_in(x) if is_state(x) else x
        for _, x in leaves((args, kwargs))
    ]
    stand_ins = filled((args, kwargs), iter(given))
    before = list(leaves(stand_ins))
    try:
        result = recording.run(f, stand_ins[0], stand_ins[1], places)
        refuse_changed(before, list(leaves(stand_ins)))
    except Exception:
        if recording.again:
            return record(f, args, kwargs, places)
        raise
    return record(f, args, kwargs, places) if recording.again else (recording, result)


def refuse_changed(before: list[tuple[str, Any]], after: list[tuple[str, Any]]) -> None:
    """Raise if a run has put other things into the lists and dicts among its arguments."""
    for (path, then), (place, now) in zip_longest(before, after, fillvalue=("", None)):
        if path != place or then is not now:
            kind, part = "args" if (path or place)[1] == "0" else "kwargs", (path or place)[3:]
            raise TracingError(
                f"return what is computed instead of changing an argument, {kind}{part}: a "
                "compiled function would change it while it is recorded, and not when it is called"
            )


def action() -> str:
    """Return what becomes of a warning of NumPy's, such as that of a division by 0."""
    matching = (
        what
        for what, message, category, module, _ in warnings.filters
        if message is None and module is None and issubclass(RuntimeWarning, category)
    )
    return next(matching, "default")


def is_number(x: Any) -> bool:
    """Whether an argument is numbers that a recorded program takes anew at each call."""
    if isinstance(x, np.ndarray):
        return type(x) is np.ndarray and x.dtype.kind in "biufc"
    if isinstance(x, np.generic):
        return x.dtype.kind in "biufc"
    return type(x) in (float, complex)
