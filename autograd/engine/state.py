"""State that is no Value: Kept arrays, such as buffers, and random generators of NumPy's."""

from __future__ import annotations

from typing import Any

import numpy as np


class Kept(np.ndarray):
    """An array that a compiled function reads anew at each call, and writes back, as a parameter.

    Example:
        >>> import autograd
        >>> count = np.zeros(()).view(Kept)
        >>> @autograd.compile
        ... def f(x):
        ...     count[...] += 1
        ...     return x * count
        >>> [float(f(1.0)) for _ in range(3)]
        [1.0, 2.0, 3.0]
    """


def is_known(x: Any) -> bool:
    """Whether this is a generator of NumPy's own, which can be copied by its state."""
    return (
        type(x) is np.random.Generator and type(x.bit_generator).__module__.split(".")[0] == "numpy"
    )


def is_state(x: Any) -> bool:
    """Whether this is state that a recording follows, and no Value."""
    return (isinstance(x, Kept) and x.flags.writeable) or is_known(x)


def where_kept(thing: Any) -> tuple[Any, str]:
    """Return what is state in an array or a generator, and its slot, as `set_all` takes them."""
    return (thing, "entries") if isinstance(thing, Kept) else (thing.bit_generator, "state")
