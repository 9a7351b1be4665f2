"""chainrule: numbers and arrays that remember how they were computed, and the chain rule.

    >>> from autograd import Value
    >>> x = Value(2.0)
    >>> y = x * x + 3 * x
    >>> y.backward()
    >>> x.grad
    7.0

Read `value`, `primitive` and `backward`, in this order; `ops` is a table.
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING
from typing import Any as _Any

from autograd import transforms as _transforms
from autograd.composed.activations import gelu, log_softmax, softmax, softplus
from autograd.composed.creation import array
from autograd.composed.networks import avg_pool, conv, conv_transpose, lstm, lstm_cell, max_pool
from autograd.engine import allocator as _allocator  # noqa: F401  arrays' memory is used again
from autograd.engine import collector as _collector  # noqa: F401  fewer useless collections
from autograd.engine.elsewhere import unknown_name as _unknown_name
from autograd.engine.graph import FreedGraphError
from autograd.engine.modes import no_grad
from autograd.engine.primitive import Primitive
from autograd.engine.together import set_data
from autograd.engine.value import Value
from autograd.hips.builtins import dict, isinstance, list, tuple, type  # noqa: F401  HIPS's names
from autograd.ops.activations import erf, relu
from autograd.ops.contraction import matmul
from autograd.ops.elementwise import exp, log, sigmoid, sqrt, square, tanh
from autograd.ops.reduce import logsumexp
from autograd.transforms import *  # noqa: F403

__version__ = "0.1.0"

# Functions that are imported on first use, with their modules; a module is, by its own name.
_LATER = {
    "NonFiniteError": "debugging",
    "compare": "drawing",
    "compile": "compiling.compiled",
    "debug": "debugging",
    "draw": "drawing",
    "explain": "explaining",
    "fori_loop": "transforms.scan",
    "primitive": "hips.core",
    "scan": "transforms.scan",
    "to_jax": "jax",
    "vmap": "transforms.vmap",
    "while_loop": "transforms.scan",
}

__all__ = [
    "FreedGraphError",
    "NonFiniteError",
    "Primitive",
    "Value",
    "array",
    "avg_pool",
    "compare",
    "compile",
    "conv",
    "conv_transpose",
    "debug",
    "draw",
    "erf",
    "exp",
    "explain",
    "fori_loop",
    "gelu",
    "log",
    "log_softmax",
    "logsumexp",
    "lstm",
    "lstm_cell",
    "matmul",
    "max_pool",
    "no_grad",
    "primitive",
    "relu",
    "scan",
    "set_data",
    "sigmoid",
    "softmax",
    "softplus",
    "sqrt",
    "square",
    "tanh",
    "to_jax",
    "vmap",
    "while_loop",
]
__all__ += _transforms.__all__


if TYPE_CHECKING:  # with a `__getattr__`, a type checker would believe in any name, as Any
    from autograd import (  # noqa: F401
        builtins,
        core,
        debugging,
        differential_operators,
        extend,
        misc,
        numpy,
        scipy,
        test_util,
        testing,
        tracer,
        util,
        wrap_util,
    )
    from autograd.compiling.compiled import compile
    from autograd.debugging import NonFiniteError, debug
    from autograd.drawing import compare, draw
    from autograd.explaining import explain
    from autograd.hips.core import primitive
    from autograd.jax import to_jax
    from autograd.transforms.scan import fori_loop, scan, while_loop
    from autograd.transforms.vmap import vmap
else:

    def __getattr__(name: str) -> _Any:
        if name in _LATER:
            return getattr(_import_module(f"autograd.{_LATER[name]}"), name)
        try:
            return _import_module(f"autograd.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"autograd.{name}":
                raise
            raise _unknown_name(name) from None

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
