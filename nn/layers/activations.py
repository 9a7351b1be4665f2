"""Activations as modules: each keeps the settings of its function."""

from nn import activations as functions
from nn.layers.functions import FunctionModule


class Identity(FunctionModule, of=functions.identity):
    """`identity` as a module.

    Example:
        >>> Identity()([-1.0, 2.0])
        array([-1.,  2.])
    """


class ReLU(FunctionModule, of=functions.relu):
    """`relu` as a module.

    Example:
        >>> ReLU()([-1.0, 2.0])
        array([0., 2.])
    """


class ReLU6(FunctionModule, of=functions.relu6):
    """`relu6` as a module.

    Example:
        >>> ReLU6()([-1.0, 7.0])
        array([0., 6.])
    """


class LeakyReLU(FunctionModule, of=functions.leaky_relu):
    """`leaky_relu` as a module.

    Args:
        negative_slope: as in `leaky_relu`.

    Example:
        >>> LeakyReLU(0.5)([-1.0, 2.0])
        array([-0.5,  2. ])
    """


class ELU(FunctionModule, of=functions.elu):
    """`elu` as a module.

    Args:
        alpha: as in `elu`.

    Example:
        >>> ELU(2.0)([-1000.0, 2.0])
        array([-2.,  2.])
    """


class CELU(FunctionModule, of=functions.celu):
    """`celu` as a module.

    Args:
        alpha: as in `celu`.

    Example:
        >>> CELU(2.0)([-1000.0, 2.0])
        array([-2.,  2.])
    """


class SELU(FunctionModule, of=functions.selu):
    """`selu` as a module.

    Example:
        >>> SELU()([0.0])
        array([0.])
    """


class GELU(FunctionModule, of=functions.gelu):
    """`gelu` as a module.

    Args:
        approximate: as in `gelu`.

    Example:
        >>> GELU(approximate="tanh")([0.0, 100.0])
        array([  0., 100.])
    """


class SiLU(FunctionModule, of=functions.silu):
    """`silu` as a module.

    Example:
        >>> SiLU()([0.0, 100.0])
        array([  0., 100.])
    """


class Mish(FunctionModule, of=functions.mish):
    """`mish` as a module.

    Example:
        >>> Mish()([0.0, 100.0])
        array([  0., 100.])
    """


class Sigmoid(FunctionModule, of=functions.sigmoid):
    """`sigmoid` as a module.

    Example:
        >>> Sigmoid()([-1000.0, 0.0])
        array([0. , 0.5])
    """


class LogSigmoid(FunctionModule, of=functions.logsigmoid):
    """`logsigmoid` as a module.

    Example:
        >>> LogSigmoid()([-1000.0])
        array([-1000.])
    """


class Tanh(FunctionModule, of=functions.tanh):
    """`tanh` as a module.

    Example:
        >>> Tanh()([-1000.0, 0.0])
        array([-1.,  0.])
    """


class Softplus(FunctionModule, of=functions.softplus):
    """`softplus` as a module.

    Args:
        beta: as in `softplus`.

    Example:
        >>> Softplus(beta=2.0)([-1000.0, 3000.0])
        array([   0., 3000.])
    """


class Softsign(FunctionModule, of=functions.softsign):
    """`softsign` as a module.

    Example:
        >>> Softsign()([-3.0, 1.0])
        array([-0.75,  0.5 ])
    """


class Tanhshrink(FunctionModule, of=functions.tanhshrink):
    """`tanhshrink` as a module.

    Example:
        >>> Tanhshrink()([0.0, 3000.0])
        array([   0., 2999.])
    """


class Threshold(FunctionModule, of=functions.threshold):
    """`threshold` as a module.

    Args:
        threshold, value: as in `threshold`.

    Example:
        >>> Threshold(0.5, -2.0)([0.25, 0.75])
        array([-2.  ,  0.75])
    """


class Hardtanh(FunctionModule, of=functions.hardtanh):
    """`hardtanh` as a module.

    Args:
        min_val, max_val: as in `hardtanh`.

    Example:
        >>> Hardtanh(-2.0, 2.0)([-3.0, 0.5])
        array([-2. ,  0.5])
    """


class Hardsigmoid(FunctionModule, of=functions.hardsigmoid):
    """`hardsigmoid` as a module.

    Example:
        >>> Hardsigmoid()([-4.0, 1.5])
        array([0.  , 0.75])
    """


class Hardswish(FunctionModule, of=functions.hardswish):
    """`hardswish` as a module.

    Example:
        >>> Hardswish()([1.5, 5.0])
        array([1.125, 5.   ])
    """


class Hardshrink(FunctionModule, of=functions.hardshrink):
    """`hardshrink` as a module.

    Args:
        lambd: as in `hardshrink`.

    Example:
        >>> Hardshrink(0.25)([0.25, 0.5])
        array([0. , 0.5])
    """


class Softshrink(FunctionModule, of=functions.softshrink):
    """`softshrink` as a module.

    Args:
        lambd: as in `softshrink`.

    Example:
        >>> Softshrink(0.25)([-1.0, 0.25])
        array([-0.75,  0.  ])
    """


class Softmax(FunctionModule, of=functions.softmax):
    """`softmax` as a module.

    Args:
        axis: as in `softmax`.

    Example:
        >>> Softmax(axis=0)([0.0, 0.0])
        array([0.5, 0.5])
    """


class LogSoftmax(FunctionModule, of=functions.log_softmax):
    """`log_softmax` as a module.

    Args:
        axis: as in `log_softmax`.

    Example:
        >>> LogSoftmax()([1000.0, 0.0])
        array([    0., -1000.])
    """


class Softmin(FunctionModule, of=functions.softmin):
    """`softmin` as a module.

    Args:
        axis: as in `softmin`.

    Example:
        >>> Softmin()([-1000.0, 1000.0])
        array([1., 0.])
    """


class GLU(FunctionModule, of=functions.glu):
    """`glu` as a module.

    Args:
        axis: as in `glu`.

    Example:
        >>> GLU(axis=0)([3.0, 0.0])
        array([1.5])
    """
