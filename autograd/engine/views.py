"""View ops on aliases: their results are aliases too, if they are views."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.aliases import current, memory, root_of, shows, view_node
from autograd.engine.fast import aside
from autograd.engine.modes import watches
from autograd.engine.ownership import frozen
from autograd.engine.value import Value
from autograd.engine.windows import Window


def view_of_alias(op: Any, args: tuple, params: dict[str, Any]) -> Any:
    """Return the result of a view op on an alias as another alias, or as a node if it is no view.

    The op is applied to the memory itself, so that NumPy decides whether there is a view of it.
    """
    base = args[0]
    rest = tuple([current(a)._data if isinstance(a, Value) else frozen(a) for a in args[1:]])
    params = {name: frozen(x) for name, x in params.items()}
    shown, whole = op.compute((memory(base), *rest), params), root_of(base)._data
    if watches:
        raw = (current(base)._data, *rest)
        aside(op, np.copy(shown), (base.more.node, *[None] * len(rest)), raw, params)
    how = op, rest, params
    if type(shown) is not ndarray or not np.may_share_memory(shown, whole):
        return view_node(base, how, shown)
    view = base.copied()
    view._grad = view.name = None
    shows(view, base, Window.on(whole, shown), how)
    return view
