"""chainrule: numbers and arrays that remember how they were computed, and the chain rule.

    >>> from autograd import Value
    >>> x = Value(2.0)
    >>> y = x * x + 3 * x
    >>> y.backward()
    >>> x.grad
    7.0

Read `value`, `primitive` and `backward`, in this order; `ops` is a table.
"""

from autograd import collector as _collector  # noqa: F401  rarer vain collections
from autograd.backward import FreedGraphError
from autograd.draw import draw
from autograd.ops.activations import erf, gelu, relu, sigmoid, softplus
from autograd.ops.composed import array, log_softmax, softmax
from autograd.ops.elementwise import exp, log, sqrt, square, tanh
from autograd.ops.linalg import matmul
from autograd.ops.reduce import logsumexp
from autograd.primitive import Primitive
from autograd.recording import no_grad
from autograd.value import Value

__version__ = "0.1.0"

__all__ = [
    "FreedGraphError",
    "Primitive",
    "Value",
    "array",
    "draw",
    "erf",
    "exp",
    "gelu",
    "log",
    "log_softmax",
    "logsumexp",
    "matmul",
    "no_grad",
    "relu",
    "sigmoid",
    "softmax",
    "softplus",
    "sqrt",
    "square",
    "tanh",
]
