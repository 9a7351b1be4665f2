"""The ops, one table for each family. Each is an attribute here, such as `autograd.ops.tanh`.

To add a family, add a file here and its name to the import below, which fills the tables.
"""

from typing import Any

from autograd.ops import (  # noqa: F401
    activations,
    contraction,
    convolution,
    elementwise,
    factors,
    fourier,
    indexing,
    inverses,
    norms,
    packed,
    plain,
    pooling,
    recurrent,
    reduce,
    shape,
    singular,
    sorting,
    spectral,
)


def __getattr__(name: str) -> Any:
    from autograd.engine.primitive import PRIMITIVES

    if name in PRIMITIVES:
        return PRIMITIVES[name].call
    raise AttributeError(f"there is no op called {name!r}; autograd.ops has {sorted(PRIMITIVES)}")
