"""Data of many kinds as arrays of finite numbers, with the samples along the first axis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import Value


def each(f: Callable[[np.ndarray], Any], data: Any) -> Any:
    """Return f of an array, or of each array in a dict or tuple."""
    if isinstance(data, dict):
        return {name: each(f, x) for name, x in data.items()}
    return tuple([each(f, x) for x in data]) if isinstance(data, tuple) else f(data)


def leaves(data: Any) -> list[Any]:
    """Return an array, or all arrays in a dict or tuple, as a list; nothing for None."""
    if data is None:
        return []
    if not isinstance(data, (dict, tuple)):
        return [data]
    return [x for part in (data.values() if isinstance(data, dict) else data) for x in leaves(part)]


def arrays_of(data: Any, name: str) -> Any:
    """Return data as an array, or as a dict or tuple of arrays; raise if it holds no numbers.

    A tuple of arrays, such as a model with several inputs takes, stays one; any other is a list.
    """
    if isinstance(data, dict):
        return {key: arrays_of(x, f"{name}[{key!r}]") for key, x in data.items()}
    if isinstance(data, tuple) and any(getattr(x, "ndim", 0) for x in data):
        return tuple([arrays_of(x, f"{name}[{i}]") for i, x in enumerate(data)])
    return finite(array_of(data, name), name)


def array_of(data: Any, name: str) -> np.ndarray:
    """Return numbers of any kind as an array."""
    if isinstance(data, Value):
        return data.numpy()
    if hasattr(data, "to_numpy"):
        return array_of_table(data, name)
    if hasattr(data, "toarray"):
        raise TypeError(f"write {name}.toarray(): {name} should be an array, not sparse")
    if np.ma.is_masked(data):
        raise ValueError(f"write {name}.filled(0.0), or leave rows out: {name} has masked entries")
    try:
        found = np.asarray(data)
    except ValueError as error:
        raise ValueError(f"{name} has rows of different lengths: {error}") from None
    if found.dtype.kind in "USO":
        raise TypeError(
            f"{name} should hold numbers, not {found.dtype} ({data!r:.40}); names of classes "
            f"become ints by: names, {name} = np.unique({name}, return_inverse=True)"
        )
    if found.dtype.kind not in "biufc" or not found.ndim:
        raise TypeError(
            f"{name} should be an array with a row for each sample, not {found.dtype} of shape "
            f"{found.shape}"
        )
    return found


def array_of_table(table: Any, name: str) -> np.ndarray:
    """Return the numbers of a DataFrame or Series."""
    columns = {c: table[c] for c in table.columns} if hasattr(table, "columns") else {name: table}
    kinds = {column: getattr(one.dtype, "kind", "f") for column, one in columns.items()}
    if bad := [str(column) for column, kind in kinds.items() if kind not in "biufc"]:
        raise TypeError(
            f"{name} should hold numbers, and {', '.join(bad)} holds others: pd.get_dummies(frame) "
            "or series.cat.codes turns names of classes into numbers"
        )
    found = np.asarray(table.to_numpy())
    return table.to_numpy(dtype=float, na_value=np.nan) if found.dtype == object else found


def check_order_of_rows(X: Any, y: Any) -> None:
    """Raise if two tables have the same rows by name, in another order: rows pair by position."""
    first: Any = getattr(X, "index", None)
    second: Any = getattr(y, "index", None)
    if not hasattr(first, "equals") or not hasattr(second, "equals") or first.equals(second):
        return  # not two tables, or the same order
    if sorted(map(str, first)) == sorted(map(str, second)):
        raise ValueError(
            "write y.loc[X.index]: X and y have the same rows in another order, and row i of one "
            "belongs to row i of the other; y.to_numpy() if that is what they do"
        )


def finite(x: np.ndarray, name: str) -> np.ndarray:
    """Return an array if all its numbers are finite."""
    if x.dtype.kind in "fc" and not (good := np.isfinite(x)).all():
        places = np.argwhere(~good)
        first = ", ".join(map(str, places[0]))
        raise ValueError(
            f"{name} should hold finite numbers, and {name}[{first}] is {x[tuple(places[0])]} "
            f"({len(places)} of {x.size:,} are not finite); fill them in, or leave the rows out: "
            f"np.isfinite({name}) tells which"
        )
    return x


def rows_of(X: Any, y: Any) -> int:
    """Return how many samples there are; raise if there are none, or if X and y have not as many.

    Args:
        X, y: arrays, or dicts or tuples of them; None for none.
    """
    lengths = {n: [len(x) for x in leaves(data)] for n, data in {"X": X, "y": y}.items()}
    found = {n for many in lengths.values() for n in many}
    if len(found) > 1:
        told = " and ".join(f"{name} has {str(n)[1:-1]}" for name, n in lengths.items() if n)
        raise ValueError(f"give X and y as many samples, one a row: {told}")
    if found <= {0}:
        raise ValueError("there should be at least one sample, and the data set is empty")
    return found.pop()
