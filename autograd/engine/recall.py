"""What a Value shows that is not simply stored: its numbers, its arguments, its gradient.

The numbers of a node that a change in place wrote over are computed again when they are needed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine.aliases import catch_up, current, pure, recalled, seen_through, views_to
from autograd.engine.arrays import learns
from autograd.engine.graph import Alias, taken
from autograd.engine.windows import Form


def numbers(value: Any) -> Any:
    """Return the numbers of a Value; those of a node are computed again if they are not kept."""
    return value._data if type(value._data) is not Form else current(value)._data


def args_of(value: Any) -> tuple:
    """Return the raw numbers that the op of a Value took."""
    args = taken(value)
    if not any(type(x) is Form for x in args):
        return args
    pairs = zip(args, recalled(value), strict=True)
    return tuple([numbers(node) if type(x) is Form else x for x, node in pairs])


def live_args(node: Any) -> tuple:
    """Return the arguments of `node`, as nodes of the graph where they are not constants."""
    args = list(taken(node))
    for i, parent in enumerate(node.parents):
        if parent is None:
            continue
        raw, args[i] = args[i], pure(parent)
        now = args[i]._data
        if now is raw or type(raw) is Form or type(now) is Form:
            continue
        if isinstance(now, float) and now == raw:
            continue
        if not np.array_equal(now, raw, equal_nan=True):
            raise RuntimeError(
                f"the data of an argument of {node.op.name} was changed after the op ran; "
                "differentiate with create_graph=True before you change it"
            )
    return tuple(args)


# -- gradients -----------------------------------------------------------------------------------


def keeper(value: Any) -> Any:
    """Return the leaf in which a Value keeps its gradient: itself, or what it was when a leaf."""
    changed = type(value.more) is Alias and value.more.former is not None
    return value.more.former if changed and value.more.former.op is None else value


def inherited_grad(value: Any) -> Any:
    """Return the gradient that a Value shows if it has none of its own.

    A leaf shows 0, or zeros that cannot be written to; a view, its part of that of its base; an
    alias, that of what it was before.
    """
    if not learns(value._data):
        raise TypeError(
            f"a Value of dtype {value.dtype} has no gradient; "
            "make it a float: Value(np.asarray(x, dtype=float))"
        )
    if isinstance(value._data, float):
        return 0.0
    if value.op is None:
        return np.broadcast_to(value.dtype.type(0), value.shape)[()]
    if type(value.more) is Alias and value.more.node._grad is not None:
        return value.more.node._grad
    catch_up(value)
    if type(value.more) is Alias and (window := value.more.window) is not None:
        whole = value.more.root.grad
        return None if whole is None else window.of(window.laid_out(whole))
    root, views = views_to(value)
    if views:
        return None if root.grad is None else seen_through(views, root.grad)
    return value.more.former.grad if type(value.more) is Alias else None


def has_grad(value: Any) -> bool:
    """Whether a backward pass left a gradient that a Value shows: its own, or that of its base."""
    keeps = keeper(value)
    if keeps._grad is not None or keeps.op is None:
        return keeps._grad is not None
    if type(value.more) is Alias and value.more.node._grad is not None:
        return True
    catch_up(value)
    if type(value.more) is Alias and value.more.window is not None:
        return has_grad(value.more.root)
    root, views = views_to(value)
    if views:
        return has_grad(root)
    former = value.more.former if type(value.more) is Alias else None
    return former is not None and has_grad(former)
