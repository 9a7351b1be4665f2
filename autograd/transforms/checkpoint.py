"""checkpoint: keep a function's arguments and results, and compute what lies between twice."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import wraps
from itertools import accumulate, pairwise
from math import prod
from typing import Any, ParamSpec, TypeVar

import numpy as np

from autograd.engine.arrays import fit, known, normal
from autograd.engine.differentiating import differentiated
from autograd.engine.each import Each
from autograd.engine.elsewhere import OF_TRANSFORMS, answering
from autograd.engine.graph import history, next_serial
from autograd.engine.modes import recording, with_graph
from autograd.engine.ownership import exposed, kept
from autograd.engine.primitive import Primitive
from autograd.engine.silence import silence
from autograd.engine.tracing import tracer
from autograd.engine.trees import filled, leaves
from autograd.engine.value import Value, held, leaf, made_by
from autograd.ops.elementwise import positive
from autograd.transforms.paths import Paths
from autograd.transforms.reach import Moment, state_in
from autograd.transforms.seeds import joined_objects, learning
from autograd.transforms.trace import name_of

Form = ParamSpec("Form")
Result = TypeVar("Result")
OPEN = object()  # stands in the arguments of a `Run` for one to differentiate by


@answering(OF_TRANSFORMS)
def checkpoint(f: Callable[Form, Result]) -> Callable[Form, Result]:
    """Return `f` with a graph that keeps only its arguments and results.

    What `f` computes in between is computed again in the backward pass: half the speed for much
    less memory. A loop of n steps, cut into √n checkpointed parts of √n steps, needs memory for
    about 2√n steps (T. Chen et al., "Training deep nets with sublinear memory cost", 2016).

    Args:
        f: returns numbers, the same each time it is called with the same arguments. Values that
            it uses from outside, such as the parameters of a model, get their gradients too. What
            may change, such as a mask or a step size, should be an argument: `f` gets arguments as
            they were at the call, arrays read-only. Buffers and random generators of NumPy's that
            it finds by name, such as those of a model, are as they were, too, and move on once, as
            generators among the arguments do. What else it does, such as appending to a list, it
            does twice.

    Raises:
        RuntimeError: `f` changes a Value in place that it did not make; or (in the backward pass)
            something that `f` uses from outside has changed since it ran.

    Example:
        >>> def many(x):
        ...     for _ in range(100):
        ...         x = np.sin(x)
        ...     return x
        >>> x = Value([1.0, 2.0])
        >>> y = checkpoint(many)(x)
        >>> y.op
        Primitive(checkpoint of many)
    """

    @wraps(f)
    def compact(*args: Form.args, **kwargs: Form.kwargs) -> Result:
        if not recording() or tracer() is not None:
            return f(*args, **kwargs)
        run = Run(f, (args, kwargs))
        inside = [x.current() for _, x in leaves((args, kwargs)) if learning(x)]
        result, roots, outside = run.first((args, kwargs), [leaf(kept(x)) for x in inside])
        run.then = run.then.of_what_moved()
        sources = (*inside, *outside)
        if not roots or not sources:
            return result
        run.results = [(y.shape, y.dtype) for y in roots]
        run.outside = [x.serial for x in outside]
        name = getattr(f, "__name__", "function")
        op = Primitive(f"checkpoint of {name}", run.forward, Each(run.gradients))
        data = packed([held(y) for y in roots])
        node = made_by(op, data, sources, tuple([kept(x) for x in sources]), {})
        new = iter(unpacked(node, run.results))
        return filled(result, iter([next(new) if learning(y) else y for _, y in leaves(result)]))

    return compact


class Run:
    """A call of a function that can be computed again.

    Attributes:
        f: the function.
        arguments: its arguments as they were, with `OPEN` for those to differentiate by.
        results: the shape and dtype of each result.
        outside: the serials of the Values from outside that the results depend on.
        then: the buffers and random generators that it can reach, as they were; when it has run,
            of those that it moved.
    """

    def __init__(self, f: Callable[..., Any], arguments: tuple[tuple, dict]) -> None:
        self.f = f
        self.then = Moment(state_in([f, *(x for _, x in leaves(arguments))]))
        self.arguments = filled(arguments, iter([fixed(x) for _, x in leaves(arguments)]))
        self.results: list[tuple[tuple[int, ...], Any]] = []
        self.outside: list[int] = []

    def first(self, arguments: Any, entries: list[Value]) -> tuple[Any, list[Value], list[Value]]:
        """Compute the results, and move the caller's random generators on."""
        pairs = zip(leaves(arguments), leaves(self.arguments), strict=True)
        now = [x if is_random(x) else kept for (_, x), (_, kept) in pairs]
        return self.traced(filled(self.arguments, iter(now)), entries)

    def traced(self, arguments: Any, entries: list[Value]) -> tuple[Any, list[Value], list[Value]]:
        """Return the result, the Values in it, and those from outside that it depends on."""
        given = iter(entries)
        args, kwargs = filled(
            arguments, iter([next(given) if x is OPEN else x for _, x in leaves(arguments)])
        )
        own = [*[entry.serial for entry in entries], next_serial()]
        result = joined_objects(differentiated(own[:-1], self.f, args, kwargs))
        roots = [y for _, y in leaves(result) if learning(y)]
        return result, roots, from_outside("checkpoint", self.f, roots, entries, own)

    def again(self, numbers: tuple) -> tuple[list[Value], list[Value]]:
        """Compute `f` again; return the Values to differentiate by, and the results.

        Args:
            numbers: those of the arguments to differentiate by and of the Values from outside,
                raw or in Values.
        """
        inside = len(numbers) - len(self.outside)
        with with_graph(), silence():
            entries = [
                positive(x) if isinstance(x, Value) else leaf(fixed(x)) for x in numbers[:inside]
            ]
            now = [fixed(x) if is_random(x) else x for _, x in leaves(self.arguments)]
            given = filled(self.arguments, iter(now))
            _, roots, used = self.then.again(self.traced, given, entries)
        if [x.serial for x in used] != self.outside or not all(
            same(x, old) for x, old in zip(used, numbers[inside:], strict=True)
        ):
            raise RuntimeError(
                f"checkpoint: a Value that {name_of(self.f)} uses from outside has changed since "
                "it ran; call backward before you change it"
            )
        return entries + used, roots

    def forward(self, *numbers: Any) -> Any:
        """Return the results for other numbers."""
        return packed([held(y) for y in self.again(numbers)[1]])

    def gradients(self, places: list[int], g: Any, y: Any, *numbers: Any) -> list[Any]:
        """Return the gradients of the arguments at these places."""
        targets, roots = self.again(numbers)
        if not same(packed([held(root) for root in roots]), y):
            raise RuntimeError(
                f"checkpoint: {name_of(self.f)} gave other results when it was computed again; "
                "make what changes between calls an argument of it, such as a mask or a number "
                "that it uses from outside, and draw from an np.random.Generator"
            )
        seeds = [
            fit(part, held(root))
            for part, root in zip(unpacked(g, self.results), roots, strict=True)
        ]
        live = any(isinstance(x, Value) for x in numbers)
        return Paths(roots, [targets[i].serial for i in places]).gradients(seeds, live)


def from_outside(
    goal: str, f: Callable[..., Any], roots: list[Value], entries: list[Value], own: list[int]
) -> list[Value]:
    """Return the Values from outside that the results of a call depend on.

    Args:
        goal, f: the transformation and the function, for a message.
        roots: the Values among the results.
        entries: those among the arguments, which nothing else uses.
        own: the serials that these had, in order, and after them the first that the call gave.

    Raises:
        RuntimeError: `f` changed a Value in place that it did not make.
    """
    *own, start = own
    unique = {root.serial: root for root in roots if root.serial not in own}
    nodes, _ = history(list(unique.values()), dict.fromkeys(own), start)
    outside = [node for node in nodes if node.serial < start]
    if any(x.past for x in outside) or [entry.serial for entry in entries] != own:
        raise RuntimeError(
            f"{goal}: {name_of(f)} changes a Value in place that it did not make, "
            "which would happen again in the backward pass; let it change a copy, np.copy(x)"
        )
    return outside


def is_random(x: Any) -> bool:
    """Whether this is a random generator, whose state moves on."""
    import random  # it and np.random are a tenth of the time of `import autograd`

    return isinstance(x, (np.random.Generator, np.random.RandomState, random.Random))


def fixed(x: Any) -> Any:
    """Return an argument in a form that stays as it is."""
    if isinstance(x, Value):
        return OPEN if learning(x) else x.detach()
    if isinstance(x, np.ndarray) and (x.flags.writeable or exposed(x.base)):
        x = x.copy()
        x.setflags(write=False)
    return deepcopy(x) if is_random(x) else x


def same(now: Any, then: Any) -> bool:
    """Whether numbers, raw or in Values, are equal to the last bit, or both NaN, if it is known."""
    if not (known(now) and known(then)):
        return True
    now, then = [held(x) if isinstance(x, Value) else x for x in (now, then)]
    return now is then or np.array_equal(now, then) or np.array_equal(now, then, equal_nan=True)


def packed(parts: list[Any]) -> Any:
    """Return several numbers or arrays as one flat array; a single one as it is."""
    return parts[0] if len(parts) == 1 else np.concatenate([np.ravel(part) for part in parts])


def unpacked(row: Any, forms: list[tuple[tuple[int, ...], Any]]) -> list[Any]:
    """Return the parts of what `packed` returned, with these shapes and dtypes."""
    if len(forms) == 1:
        return [row]
    places = pairwise(accumulate([prod(shape) for shape, _ in forms], initial=0))
    return [
        normal(in_dtype(np.reshape(row[start:stop], shape), dtype))
        for (start, stop), (shape, dtype) in zip(places, forms, strict=True)
    ]


def in_dtype(x: Any, dtype: np.dtype) -> Any:
    """Return an array or a Value in a dtype, its real part if that is real."""
    if x.dtype.kind == "c" != dtype.kind:
        x = np.real(x)
    return x if isinstance(x, Value) and x.dtype == dtype else x.astype(dtype)
