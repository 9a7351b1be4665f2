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

from autograd.composed.activations import gelu, log_softmax, softmax, softplus
from autograd.composed.creation import array
from autograd.engine import collector as _collector  # noqa: F401  fewer useless collections
from autograd.engine.graph import FreedGraphError
from autograd.engine.modes import no_grad
from autograd.engine.primitive import Primitive
from autograd.engine.value import Value
from autograd.hips.builtins import dict, isinstance, list, tuple, type  # noqa: F401  HIPS's names
from autograd.hips.core import primitive
from autograd.ops.activations import erf, relu, sigmoid
from autograd.ops.contraction import matmul
from autograd.ops.elementwise import exp, log, sqrt, square, tanh
from autograd.ops.reduce import logsumexp
from autograd.transforms.checkpoint import checkpoint
from autograd.transforms.gradients import (
    deriv,
    elementwise_grad,
    grad,
    grad_and_aux,
    grad_named,
    holomorphic_grad,
    multigrad_dict,
    value_and_grad,
)
from autograd.transforms.jacobians import (
    hessian,
    hessian_tensor_product,
    hessian_vector_product,
    jacobian,
    make_ggnvp,
    make_hvp,
    tensor_jacobian_product,
    vector_jacobian_product,
)
from autograd.transforms.products import jvp, make_jvp, make_jvp_reversemode, make_vjp, vjp

__version__ = "0.1.0"

# Modules, and functions of modules, that are imported on first use.
_ROOMS = """
    builtins core debugging differential_operators extend misc numpy scipy test_util testing tracer
    util wrap_util
""".split()
_LATER = {
    "NonFiniteError": "debugging",
    "debug": "debugging",
    "draw": "drawing",
    "explain": "explaining",
}

__all__ = [
    "FreedGraphError",
    "NonFiniteError",
    "Primitive",
    "Value",
    "array",
    "checkpoint",
    "debug",
    "deriv",
    "draw",
    "elementwise_grad",
    "erf",
    "exp",
    "explain",
    "gelu",
    "grad",
    "grad_and_aux",
    "grad_named",
    "hessian",
    "hessian_tensor_product",
    "hessian_vector_product",
    "holomorphic_grad",
    "jacobian",
    "jvp",
    "log",
    "log_softmax",
    "logsumexp",
    "make_ggnvp",
    "make_hvp",
    "make_jvp",
    "make_jvp_reversemode",
    "make_vjp",
    "matmul",
    "multigrad_dict",
    "no_grad",
    "primitive",
    "relu",
    "sigmoid",
    "softmax",
    "softplus",
    "sqrt",
    "square",
    "tanh",
    "tensor_jacobian_product",
    "value_and_grad",
    "vector_jacobian_product",
    "vjp",
]


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
    from autograd.debugging import NonFiniteError, debug
    from autograd.drawing import draw
    from autograd.explaining import explain
else:

    def __getattr__(name: str) -> _Any:
        if name in _LATER:
            return getattr(_import_module(f"autograd.{_LATER[name]}"), name)
        if name in _ROOMS:
            return _import_module(f"autograd.{name}")
        raise AttributeError(f"module 'autograd' has no attribute {name!r}")
