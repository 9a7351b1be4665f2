"""New data for several leaves at once: an optimiser's step is taken as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain, repeat
from operator import call, setitem
from typing import Any

from autograd.engine.aliases import noted_writes
from autograd.engine.blocks import at_once
from autograd.engine.inputs import new_data
from autograd.engine.tracing import open_traces, tracer
from autograd.engine.value import Value

KEYS: dict[str, Any] = {
    "data": "_data", "written": "_data", "grad": "_grad", "entries": ..., "state": "state"
}  # fmt: skip


def set_all(rows: list[tuple[Any, str, Any]], first: Iterable[Callable[[], object]] = ()) -> None:
    """Give leaves new data and gradients, all of them, or none if an interrupt comes first.

    Args:
        rows: a leaf, "data" or "grad", and what nobody else will write to; or an array, "entries"
            and numbers in its shape and dtype; or NumPy's state of random numbers, "state" and new.
        first: functions written in C that are called before, each once. What they write to becomes
            the data of a leaf as it is, if the slot is "written".
    """
    things = [thing for thing, _, _ in rows]
    writes = [setitem if slot == "entries" else setattr for _, slot, _ in rows]
    keys = [KEYS[slot] for _, slot, _ in rows]
    news = [
        new_data(thing._data, new, copy=False) if slot == "data" else new
        for thing, slot, new in rows
    ]
    waiting = iter(first)  # each is called once
    try:
        at_once(call, chain(waiting, map(partial, writes, things, keys, news)))
    except BaseException:
        # NumPy sets the state of a generator in several steps: an interrupt may come in between
        at_once(call, chain(waiting, map(partial, writes, things, keys, news)))
        raise
    finally:
        noted_writes()


def set_data(values: Iterable[Value], data: Iterable[Any], *, copy: bool = True) -> None:
    """Give several leaves new data, all of them or, after an error or an interrupt, none.

    `v.data = new` for one after the other could be stopped half-way, by Ctrl-C for example. Views,
    such as `w[0]`, are written through one after the other, when all leaves are set.

    Args:
        values: the leaves.
        data: as many arrays or numbers, each of the shape of its leaf.
        copy: whether arrays are copied; False if nobody else will write to them.

    Raises:
        ValueError: there are more of one than of the other, or new data has another shape.
        TypeError: new data holds something other than numbers, or complex ones for real ones.
        AttributeError: one of the Values was computed.

    Example:
        >>> w, b = Value([1.0, 2.0]), Value(3.0)
        >>> set_data([w, b], [w.data - 0.5, 2.5])
        >>> w, b
        (Value([0.5, 1.5]), Value(2.5))
    """
    if open_traces and (trace := tracer()) is not None:
        for value, new in zip(values, data, strict=True):
            trace.assign(value, new)
        return
    leaves: list[Value] = []
    arrays: list[Any] = []
    views: list[tuple[Value, Any]] = []
    for value, new in zip(values, data, strict=True):
        array = new_data(value._data, new, copy)
        if value.op is None:
            leaves.append(value)
            arrays.append(array)
        elif value.is_view():
            views.append((value, array))
        else:
            raise AttributeError(
                f"{value.name or 'a Value'} was computed by {value.op.name}, so its data cannot "
                "be set; give leaves, or make new ones with v.detach(); nothing was changed"
            )
    if len(leaves) == 1:
        leaves[0]._data = arrays[0]
    else:
        at_once(setattr, leaves, repeat("_data"), arrays)
    noted_writes()
    for view, array in views:
        view.data = array
