"""checkpoint: keep a function's arguments and results, and compute what lies between twice."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from itertools import accumulate, pairwise
from typing import Any, ParamSpec, TypeVar

import numpy as np

from autograd.engine.arrays import fit, normal
from autograd.engine.differentiating import differentiating
from autograd.engine.graph import history, next_serial
from autograd.engine.modes import recording, with_graph
from autograd.engine.ownership import kept
from autograd.engine.primitive import Primitive
from autograd.engine.trees import filled, leaves
from autograd.engine.value import Value, held, leaf, made_by
from autograd.ops.elementwise import positive
from autograd.transforms.paths import Paths
from autograd.transforms.seeds import joined_objects, learning, zeros
from autograd.transforms.trace import name_of

Form = ParamSpec("Form")
Result = TypeVar("Result")


def checkpoint(f: Callable[Form, Result]) -> Callable[Form, Result]:
    """Return `f` with a graph that keeps only its arguments and results.

    What `f` computes in between is computed again in the backward pass: half the speed for much
    less memory. A loop of n steps, cut into √n checkpointed parts of √n steps, needs memory for
    about 2√n steps (T. Chen et al., "Training deep nets with sublinear memory cost", 2016).

    Args:
        f: returns numbers, the same each time it is called with the same arguments. Values that
            it uses from outside, such as the parameters of a model, get their gradients too.

    Raises:
        RuntimeError: (in the backward pass) a Value that `f` uses from outside has changed since
            `f` ran.

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
        if not recording():
            return f(*args, **kwargs)
        run = OpenCall(f, (args, kwargs))
        inside = [x for _, x in leaves((args, kwargs)) if learning(x)]
        result, roots, outside = run([x.detach() for x in inside])
        sources = inside + outside
        if not roots or not sources:
            return result
        seen = [kept(x) for x in outside]
        forms, results = [held(x) for x in sources], [held(y) for y in roots]

        def recomputed(numbers: Any, live: bool) -> tuple[list[Value], list[Value]]:
            """Run `f` again; return the Values to differentiate by, and the results."""
            given = unpacked(numbers, forms)[: len(inside)]
            with with_graph():
                entries = [positive(x) if live else leaf(x) for x in given]
                _, again, used = run(entries)
            if [x.serial for x in used] != [x.serial for x in outside] or not all(
                held(x) is old or np.array_equal(held(x), old, equal_nan=True)
                for x, old in zip(used, seen, strict=True)
            ):
                raise RuntimeError(
                    f"checkpoint: a Value that {name_of(f)} uses from outside has changed since "
                    "it ran; call backward before you change it"
                )
            return entries + used, again

        def gradient(g: Any, y: Any, numbers: Any) -> Any:
            live = isinstance(numbers, Value)
            targets, again = recomputed(numbers, live)
            seeds = [
                fit(part, held(r)) for part, r in zip(unpacked(g, results), again, strict=True)
            ]
            found = Paths(again, [x.serial for x in targets]).gradients(seeds, live)
            return packed(
                [zeros(x) if gx is None else gx for gx, x in zip(found, targets, strict=True)]
            )

        def forward(numbers: Any) -> Any:
            return packed([held(y) for y in recomputed(numbers, live=False)[1]])

        op = Primitive(f"checkpoint of {getattr(f, '__name__', 'function')}", forward, [gradient])
        source = packed(sources)
        node = made_by(op, packed(results), (source,), (kept(source),), {})
        new = iter(unpacked(node, results))
        return filled(result, iter([next(new) if learning(y) else y for _, y in leaves(result)]))

    return compact


class OpenCall:
    """A call of a function that leaves its differentiable arguments open."""

    def __init__(self, f: Callable[..., Any], arguments: tuple[tuple, dict]) -> None:
        self.f, self.arguments = f, arguments

    def __call__(self, entries: list[Value]) -> tuple[Any, list[Value], list[Value]]:
        """Return the result, the Values in it, and those from outside that it depends on."""
        given, start = iter(entries), next_serial()
        args, kwargs = filled(
            self.arguments,
            iter([next(given) if learning(x) else x for _, x in leaves(self.arguments)]),
        )
        with differentiating([entry.serial for entry in entries]):
            result = joined_objects(self.f(*args, **kwargs))
        roots = [y for _, y in leaves(result) if learning(y)]
        own = {entry.serial for entry in entries}
        unique = {root.serial: root for root in roots if root.serial not in own}
        nodes, _ = history(list(unique.values()), dict.fromkeys(own), start)
        return result, roots, [node for node in nodes if node.serial < start]


def packed(parts: list[Any]) -> Any:
    """Return several arrays, numbers or Values as one flat array; a single one as it is."""
    if len(parts) == 1:
        return parts[0]
    return np.concatenate([np.ravel(part) for part in parts])


def unpacked(row: Any, forms: list[Any]) -> list[Any]:
    """Return the parts of what `packed` returned, in the shapes and dtypes of `forms`."""
    if len(forms) == 1:
        return [row]
    places = pairwise(accumulate([np.size(form) for form in forms], initial=0))
    return [
        normal(np.reshape(row[start:stop], np.shape(form)).astype(np.result_type(form)))
        for (start, stop), form in zip(places, forms, strict=True)
    ]
