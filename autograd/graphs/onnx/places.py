"""Forms of ops that pick entries: indexing of every NumPy kind, triangles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.graphs.aligned import Filled
from autograd.ops import indexing as rows

FIRST, LAST = np.iinfo(np.int64).min, np.iinfo(np.int64).max


def getitem(to: Any, y: Any, x: Any, index: Any) -> str:
    """Write an index as slices, then the entries that ints and arrays name, then new axes."""
    slices, named, layout = parted(x.ndim, index if isinstance(index, tuple) else (index,))
    name = sliced(to, to.tensor(x, y.dtype), slices)
    arrays = [part for _, part in named if is_array(part)]
    if not arrays:
        for axis, part in reversed(named):
            name = to.put("Gather", name, to.ints(part), axis=axis)
        layout = [part for part in layout if part != "named"]
    elif len(named) == 1:
        ((axis, part),) = named
        name = to.put("Gather", name, to.tensor(part, np.int64), axis=axis)
        at = layout.index("named")
        layout[at : at + 1] = ["named"] * axes_of_part(part)
    else:
        name, layout = gathered(to, name, x.ndim, named, layout)
    new = tuple(i for i, part in enumerate(layout) if part == "new")
    return to.put("Unsqueeze", name, to.ints(new)) if new else name


def parted(ndim: int, index: tuple) -> tuple[list, list, list]:
    """Return the slices and the ints and arrays of an index, each with its axis, and its layout.

    The layout says what each axis of the result is: "new", "kept", or what is "named".
    """
    parts = [part for item in index for part in unmasked(item)]
    taken = sum(part is not None and part is not Ellipsis for part in parts)
    if not any(part is Ellipsis for part in parts):
        parts.append(Ellipsis)
    slices, named, layout, axis = [], [], [], 0
    for part in parts:
        if part is None:
            layout.append("new")
        elif part is Ellipsis:
            layout += ["kept"] * (ndim - taken)
            axis += ndim - taken
        elif isinstance(part, slice):
            slices.append((axis, part))
            layout.append("kept")
            axis += 1
        else:
            named.append((axis, part))
            layout.append("named")
            axis += 1
    return slices, named, layout


def unmasked(part: Any) -> list[Any]:
    """Return a part of an index, with an array of places for each axis of a mask."""
    if isinstance(part, Filled) or (hasattr(part, "weak") and part.dtype == bool):
        raise ValueError("no form in ONNX with an index that depends on the input in such a way")
    mask = isinstance(part, (np.ndarray, list)) and np.asarray(part).dtype == bool
    return list(np.nonzero(np.asarray(part))) if mask else [part]


def is_array(part: Any) -> bool:
    """Whether a part of an index names several entries."""
    return hasattr(part, "weak") or isinstance(part, (np.ndarray, tuple))


def axes_of_part(part: Any) -> int:
    """Return how many axes an int or an array of an index has."""
    return getattr(part, "ndim", int(isinstance(part, tuple)))


def sliced(to: Any, name: str, slices: list) -> str:
    """Add the slices of an index, those that change something."""
    slices = [(axis, part) for axis, part in slices if part != slice(None)]
    if not slices:
        return name
    axes, parts = zip(*slices, strict=True)
    steps = [1 if part.step is None else part.step for part in parts]
    ends = [(0, LAST) if step > 0 else (LAST, FIRST) for step in steps]
    starts = [e[0] if p.start is None else p.start for p, e in zip(parts, ends, strict=True)]
    stops = [e[1] if p.stop is None else p.stop for p, e in zip(parts, ends, strict=True)]
    return to.put("Slice", name, to.ints(starts), to.ints(stops), to.ints(axes), to.ints(steps))


def gathered(to: Any, name: str, ndim: int, named: list, layout: list) -> tuple[str, list]:
    """Add what several ints and arrays name together; return it, and its layout."""
    axes = [axis for axis, _ in named]
    rest = [axis for axis in range(ndim) if axis not in axes]
    parts = [part for _, part in named]
    each = [to.tensor(part, np.int64) for part in parts]
    none, last = to.put("Mul", added(to, each), to.constant(0, np.int64)), to.ints((-1,))
    alike = [to.put("Unsqueeze", to.put("Add", i, none), last) for i in each]  # of one shape
    index = to.put("Concat", *alike, axis=-1)
    found = to.put("GatherND", to.put("Transpose", name, perm=axes + rest), index)
    k = max(map(axes_of_part, parts))
    places = [i for i, part in enumerate(layout) if part == "named"]
    together = places == list(range(places[0], places[-1] + 1))
    before = layout[: places[0]].count("kept") if together else 0
    order = [*range(k, k + before), *range(k), *range(k + before, k + len(rest))]
    others = [part for part in layout if part != "named"]
    where = places[0] if together else 0
    layout = [*others[:where], *["named"] * k, *others[where:]]
    return to.put("Transpose", found, perm=order), layout


def added(to: Any, each: list[str]) -> str:
    """Add up several results."""
    total, *others = each
    for other in others:
        total = to.put("Add", total, other)
    return total


def take_along_axis(to: Any, y: Any, x: Any, indices: Any, axis: int) -> str:
    axis = axis % x.ndim
    shape = (*y.shape[:axis], x.shape[axis], *y.shape[axis + 1 :])
    entries, picked = to.tensor(x, y.dtype), to.tensor(indices, np.int64)
    if x.shape != shape:
        entries = to.put("Expand", entries, to.ints(shape))
    if indices.shape != y.shape:
        picked = to.put("Expand", picked, to.ints(y.shape))
    return to.put("GatherElements", entries, picked, axis=axis)


def triangle(upper: int) -> Callable[..., str]:
    """Return the form of the upper or the lower triangle."""

    def form(to: Any, y: Any, x: Any, k: int = 0) -> str:
        x = to.tensor(x, y.dtype)
        return to.put("Trilu", x, to.constant(k, np.int64), upper=upper)

    return form


PLACES: dict[Any, Callable[..., str]] = {
    rows.getitem: getitem,
    rows.take_along_axis: take_along_axis,
    rows.tril: triangle(0),
    rows.triu: triangle(1),
}
