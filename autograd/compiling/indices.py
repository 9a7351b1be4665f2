"""Indices that a call brings: a program takes each part of one, and knows what shapes it makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from autograd.compiling.errors import NotHereError
from autograd.compiling.node import Node, lying, sample_of
from autograd.compiling.scalars import written_as
from autograd.engine.each import Each
from autograd.engine.owners import is_ours
from autograd.engine.primitive import PRIMITIVES, Primitive
from autograd.ops.elementwise import ldexp, where
from autograd.ops.indexing import getitem, slice_sums
from autograd.ops.shape import full_like
from autograd.ops.spectral import EIG

COUNT = Primitive("count_nonzero", np.count_nonzero, None)
FORM = Primitive("form", lambda x: np.array(form_as_numbers(x)), None)
SHAPED_BY_NUMBERS = {
    np.nonzero, np.flatnonzero, np.argwhere, np.histogram_bin_edges, np.ix_, np.delete,
    np.insert,
}  # fmt: skip
GETITEM = PRIMITIVES[getitem.__name__]
OTHERS_SHAPES = [PRIMITIVES[f.__name__] for f in (where, ldexp, slice_sums, full_like)]

# By an op of the program's own, which may go with the function that uses it, what `giving` returns.
GIVING: WeakKeyDictionary[Primitive, dict[Any, Primitive]] = WeakKeyDictionary()


@dataclass(eq=False, repr=False)
class InParts(Primitive):
    """The op `of` whose index is `count` arguments from `place` on, not a tuple of as many."""

    of: Any = None
    place: int = 0
    count: int = 0


@cache
def in_parts(op: Primitive, n: int) -> InParts:
    """Return an op whose index, a tuple of n parts, is n arguments.

    >>> import numpy as np
    >>> from autograd.engine.primitive import PRIMITIVES
    >>> in_parts(PRIMITIVES["getitem"], 2).forward(np.eye(3), 0, [0, 1])
    array([1., 0.])
    """
    place: Any = op.index

    def together(args: tuple) -> tuple:
        return (*args[:place], args[place : place + n], *args[place + n :])

    def of_parts(rule: Any) -> Any:
        return lambda g, y, *args, **params: rule(g, y, *together(args), **params)

    rules: Any = op.vjps
    return InParts(
        op.name,
        lambda *args, **params: op.forward(*together(args), **params),
        vjps=[*map(of_parts, rules[:place]), *[None] * n],
        symbol=op.symbol,
        view=op.view,
        of=op,
        place=place,
        count=n,
    )


# -- shapes that depend on numbers ---------------------------------------------------------------


def counted_masks(op: Primitive, args: tuple) -> Iterator[tuple[Node, Any]]:
    """Yield the counts that the shape of a step depends on, as steps, and what they are here."""
    for mask in masks(op, args):
        count = np.count_nonzero(mask.sample)
        yield Node(COUNT, (mask,), {}, count, None, mask.numbers), count


def form_as_numbers(x: Any) -> list[int]:
    """Return the dtype and the shape of an array, and how a NumPy one lies in memory, as ints."""
    lies = lying(x) if type(x) is np.ndarray else ()
    return [np.result_type(x).num, *np.shape(x), *map(int, lies)]


def checked_form(node: Node) -> tuple[Node, Any]:
    """Return the dtype, the shape and the like of a step, as a step, and what they are here."""
    form = FORM.forward(node.sample)
    return Node(FORM, (node,), {}, form, None, True), form


def giving(op: Primitive, kind: np.dtype) -> Primitive:
    """Return an op of the program's own that raises unless it gives one number of this dtype.

    Native code would take each for a float. The call is then made by the function itself.
    """
    if isinstance(op.forward, np.ufunc) or written_as(op) is not None:
        return op
    known = GIVING.setdefault(op, {})
    if kind not in known:
        known[kind] = replace(op, forward=of_one_type(op.forward, op.name, kind), vjps=None)
    return known[kind]


def of_one_type(f: Callable[..., Any], name: str, kind: np.dtype) -> Callable[..., Any]:
    """Return the forward function of an op as one that raises unless it gives this dtype."""

    def forward(*args: Any, **params: Any) -> Any:
        y = f(*args, **params)
        x = float(y) if type(y) is int else y
        if isinstance(x, (float, complex, np.generic, np.ndarray)) and (
            np.ndim(x) or np.result_type(x) != kind
        ):
            raise TypeError(f"{name} gave {kind} while it was recorded")
        return y

    return forward


def masks(op: Primitive, args: tuple) -> Iterator[Node]:
    """Yield the masks that decide how many entries an op takes, or is given."""
    whole, place, count = op, op.index, 1
    if isinstance(op, InParts):
        whole, place, count = op.of, op.place, op.count
    if place is None:
        return
    written = [x for x in (*args[1:place], *args[place + count :]) if type(x) is not tuple]
    if whole is not GETITEM and not any(np.ndim(sample_of(x)) for x in written):
        return  # one number is written, to any number of entries
    for x in args[place : place + count]:
        if isinstance(x, Node) and np.result_type(x.sample) == np.bool_:
            yield x


def refuse_shapes(op: Primitive, args: tuple) -> None:
    """Raise if an op is given whole numbers of the call that may decide the shape of its result."""
    if not op.registered or op.elementwise or op in OTHERS_SHAPES or isinstance(op.vjps, Each):
        return
    rules: Any = op.vjps
    for i, x in enumerate(args[1:], 1):
        whole = isinstance(x, Node) and np.result_type(x.sample).kind in "bui"
        if whole and i != op.index and (i >= len(rules) or rules[i] is None):
            raise shapes_vary(op.name)


def shapes_vary(name: str) -> NotHereError:
    """Return the error for an op or a function whose result may have another shape at each call."""
    return NotHereError(f"the shape of {name} depends on the numbers")


def may_choose_form(op: Primitive) -> bool:
    """Whether the numbers may decide what form the result of an op has.

    An op of the program's own may return as many numbers as it likes, and eigenvalues are complex
    if they have to be.
    """
    if op is EIG:
        return True
    if op.registered or type(op) is not Primitive:
        return False
    method = getattr(op.forward, "__func__", None)  # that of a loop or a checkpoint of ours
    return method is None or not is_ours(method.__code__.co_filename)
