"""Activations: functions of a Value or an array.

They are applied entry by entry, but `glu`, `softmax`, `log_softmax` and `softmin` along an axis.
"""

from autograd import gelu, log_softmax, relu, sigmoid, softmax, softplus, tanh
from nn.activations.bent import (
    hardshrink,
    hardsigmoid,
    hardswish,
    hardtanh,
    identity,
    leaky_relu,
    prelu,
    relu6,
    softshrink,
    threshold,
)
from nn.activations.smooth import (
    celu,
    elu,
    glu,
    logsigmoid,
    mish,
    selu,
    silu,
    softmin,
    softsign,
    tanhshrink,
)

__all__ = [
    "celu",
    "elu",
    "gelu",
    "glu",
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "identity",
    "leaky_relu",
    "log_softmax",
    "logsigmoid",
    "mish",
    "prelu",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softmin",
    "softplus",
    "softshrink",
    "softsign",
    "tanh",
    "tanhshrink",
    "threshold",
]
