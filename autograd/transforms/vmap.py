"""vmap: a function of one sample, applied to each sample of a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import numpy as np

from autograd.engine.arrays import SCALARS
from autograd.engine.elsewhere import OF_TRANSFORMS, answering
from autograd.engine.hosts import Host, host
from autograd.engine.modes import no_grad
from autograd.engine.silence import silence
from autograd.engine.trees import aligned, children, filled, leaves
from autograd.transforms.checkpoint import same
from autograd.transforms.gradients import Function
from autograd.transforms.rows import is_numeric, shape_of
from autograd.transforms.seeds import joined_objects
from autograd.transforms.trace import name_of

Axes = Any  # an int, None, or a tree of these


@answering(OF_TRANSFORMS)
def vmap(f: Callable[..., Any], in_axes: Axes = 0, out_axes: Axes = 0) -> Function:
    """Return the function that calls `f` for each sample of a batch and stacks the results.

    `vmap(grad(loss), in_axes=(None, 0, 0))(w, xs, ys)` is the gradient of each sample. It is a
    loop, so `f` may branch on its numbers. Arguments by name are mapped along their first axis.

    Args:
        f: takes and returns numbers, arrays, and trees of these.
        in_axes: along which axis of an argument the samples lie, None for an argument that is the
            same for all; a tuple or list with an entry for each argument, or one for all of them.
            An entry may be a tree that begins like its argument, such as {"x": 0, "w": None}.
        out_axes: along which axis of a result its samples shall lie, None for a result that is the
            same for all; one for all results, or a tree that begins like the result.

    Returns:
        a function of arguments with one axis more, where they are mapped; so are its results.

    Raises:
        TypeError: (when called) the axes do not have the form of the arguments, no argument is
            mapped, or one is no array.
        ValueError: (when called) an argument has no such axis, the mapped axes differ in length,
            results differ in shape, or a result with None in `out_axes` is not the same for all.

    Example:
        >>> from autograd import grad
        >>> xs, w = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([10.0, 1.0])
        >>> vmap(np.dot, in_axes=(0, None))(xs, w)
        array([12., 34., 56.])
        >>> vmap(grad(lambda w, x: np.dot(w, x) ** 2), in_axes=(None, 0))(w, xs)
        array([[ 24.,  48.],
               [204., 272.],
               [560., 672.]])
    """

    if not callable(f):
        raise TypeError(f"vmap maps a function, not {f!r:.60}; write vmap(f)(x), not vmap(f(x))")

    @wraps(f)
    def mapped(*args: Any, **kwargs: Any) -> Any:
        given = (args, kwargs)
        names = [name for i, x in enumerate(args) for name, _ in leaves(x, f"argument {i}")]
        names += [name for key, x in kwargs.items() for name, _ in leaves(x, f"argument {key}")]
        axes = [*each_axis(in_axes, args, "in_axes"), *[0 for _ in leaves(kwargs)]]
        inputs = [
            x if axis is None else Batch(x, axis, name)
            for (_, x), axis, name in zip(leaves(given), axes, names, strict=True)
        ]
        n = common_length([x for x in inputs if isinstance(x, Batch)])
        results = Samples(f, out_axes)
        if n and (engine := host()) is not None:
            found = results.at_once(engine, given, inputs)
            if found is not None:
                return filled(results.form, iter(found))
            results = Samples(f, out_axes)
        for i in range(n):
            sample = (x.at(i) if isinstance(x, Batch) else x for x in inputs)
            args, kwargs = filled(given, sample)
            results.add(f(*args, **kwargs))
        if n:
            return results.stacked()
        args, kwargs = filled(given, (x.zeros() if isinstance(x, Batch) else x for x in inputs))
        with no_grad(), silence():  # a call with zeros shows what there would be
            results.add(f(*args, **kwargs))
        return results.none()

    return mapped


class Batch:
    """An argument with an axis of samples.

    Args:
        x: an array or a Value.
        axis: the axis.
        name: how to call the argument in messages.
    """

    def __init__(self, x: Any, axis: int, name: str) -> None:
        self.name = name
        if not is_numeric(x) or isinstance(x, SCALARS):
            raise TypeError(
                f"vmap: {name} should be an array with an axis of samples, not {x!r:.60}; write "
                "None for it in in_axes if it is the same for all, np.array([...]) around a list"
            )
        if not -x.ndim <= axis < x.ndim:
            raise ValueError(
                f"vmap: {name} of shape {x.shape} has no axis {axis}; give another in in_axes, or "
                "None if it is the same for all"
            )
        self.rows: Any = np.moveaxis(x, axis, 0)  # type: ignore[type-var]

    def at(self, i: int) -> Any:
        """Return one sample."""
        return self.rows[i]

    def zeros(self) -> Any:
        """Return what a sample looks like, where there is none."""
        return np.zeros(self.rows.shape[1:], self.rows.dtype)[()]


class Samples:
    """The results of all samples, in the form of the first.

    Args:
        f: the function, for messages.
        out_axes: see `vmap`.
    """

    def __init__(self, f: Function, out_axes: Axes) -> None:
        self.f, self.out_axes = f, out_axes
        self.form: Any = None
        self.names: list[str] = []
        self.rows: list[list[Any]] = []

    def add(self, result: Any) -> None:
        """Take the result of one more sample."""
        result = joined_objects(result)
        if not self.rows:
            found = list(leaves(result, "the result"))
            self.form, self.names = (
                filled(result, iter([None for _ in found])),
                [n for n, _ in found],
            )
        row = [y for _, y in aligned(result, self.form, "the result")]
        for name, y, *first in zip(self.names, row, *self.rows[:1], strict=True):
            if y is not None and not is_numeric(y):
                raise TypeError(
                    f"vmap: {name} of {name_of(self.f)} is {y!r:.60}, which cannot be stacked; "
                    "return numbers, arrays, trees of these, or None"
                )
            if first and form_of(y) != form_of(first[0]):
                raise ValueError(
                    f"vmap: {name} of {name_of(self.f)} is {form_of(first[0])} for sample 0 and "
                    f"{form_of(y)} for sample {len(self.rows)}; return one shape for all samples"
                )
        self.rows.append(row)

    def at_once(self, engine: Host, given: Any, inputs: list[Any]) -> Any:
        """Return the leaves of the results of all samples, by an engine that has maps of its own.

        Args:
            engine: the engine.
            given: the arguments of the mapped function.
            inputs: their leaves, a `Batch` for one that is mapped.
        """

        def one(sample: list[Any]) -> list[Any]:
            own = iter(sample)
            leaves = [next(own) if isinstance(x, Batch) else x for x in inputs]
            args, kwargs = filled(given, iter(leaves))
            self.rows = []
            self.add(self.f(*args, **kwargs))
            return self.rows[0]

        def axes() -> list[Any]:
            return list(each_axis(self.out_axes, self.form, "out_axes"))

        columns = [x.rows for x in inputs if isinstance(x, Batch)]
        return engine.mapped(one, columns, axes)

    def stacked(self) -> Any:
        """Return the results side by side."""
        axes = each_axis(self.out_axes, self.form, "out_axes")
        columns = zip(*self.rows, strict=True)
        parts = zip(self.names, columns, axes, strict=True)
        return filled(self.form, (self.joined(*part) for part in parts))

    def none(self) -> Any:
        """Return the results of no samples, like the only one there is."""
        whole = self.stacked()
        axes = each_axis(self.out_axes, self.form, "out_axes")
        return filled(
            self.form,
            (
                y if y is None or axis is None else np.take(y, [], axis)
                for (_, y), axis in zip(leaves(whole), axes, strict=True)
            ),
        )

    def joined(self, name: str, column: tuple, axis: int | None) -> Any:
        """Return the same result of all samples side by side."""
        first = column[0]
        if first is None:
            return None
        if axis is None:
            if not all(same(y, first) for y in column):
                raise ValueError(
                    f"vmap: {name} of {name_of(self.f)} differs between samples, so it needs an "
                    "axis in out_axes, not None"
                )
            return first
        n = len(shape_of(first)) + 1
        if not -n <= axis < n:
            raise ValueError(
                f"vmap: out_axes puts samples along axis {axis} of {name} of {name_of(self.f)}, "
                f"which has {n} axes with that of the samples; give one from {-n} to {n - 1}"
            )
        return np.stack(column, axis)


def each_axis(axes: Axes, tree: Any, name: str) -> Iterator[Any]:
    """Yield the axis of each leaf of a tree.

    Raises:
        TypeError: `axes` does not begin like the tree.
    """
    if axes is None or isinstance(axes, (int, np.integer)):
        yield from (axes for _ in leaves(tree))
        return
    inside, given = children(tree), dict(children(axes) or [])
    if inside is None or given.keys() != dict(inside).keys():
        wanted = "a number" if inside is None else f"a {type(tree).__name__} of {len(inside)} parts"
        raise TypeError(
            f"vmap: {name} is {axes!r:.60}, where there is {wanted}; give an int or None for all "
            "of it, or a tree with an entry for each part"
        )
    for key, part in inside:
        yield from each_axis(given[key], part, name + key)


def common_length(batches: list[Batch]) -> int:
    """Return how many samples there are.

    Raises:
        TypeError: no argument is mapped.
        ValueError: the axes differ in length.
    """
    if not batches:
        raise TypeError("vmap: no argument has an axis of samples; give in_axes an int for one")
    lengths = {batch.name: len(batch.rows) for batch in batches}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{name}: {n}" for name, n in lengths.items())
        raise ValueError(
            f"vmap: all arguments should have as many samples, not {found}; check in_axes, and "
            "write None for what is the same for all"
        )
    return len(batches[0].rows)


def form_of(y: Any) -> str:
    """Return the shape of a result, in words."""
    return "None" if y is None else f"of shape {shape_of(y)}"
