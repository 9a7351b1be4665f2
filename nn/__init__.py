"""Networks of Values: neurons, layers, losses and optimisers.

>>> import nn
>>> neuron = nn.Neuron(2, bias=False, init=[0.5, 1.5])
>>> optimiser = nn.SGD(neuron.parameters(), lr=0.1)
>>> for _ in range(1000):
...     for a, b in [(0.1, 0.9), (0.8, 0.3)]:
...         optimiser.zero_grad()
...         nn.squared_error(neuron([a, b]), a + b).backward()
...         optimiser.step()
>>> round(neuron([2.2, 1.5]).data, 6)
3.7
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import nn.intact  # noqa: F401  first, since it says why others may fail
from nn.elsewhere import unknown_name

# Names that are imported on first use, by their modules; a module is, by its own name.
_ROOMS = {
    "activations": """
        celu elu gelu glu hardshrink hardsigmoid hardswish hardtanh identity leaky_relu log_softmax
        logsigmoid mish prelu relu relu6 selu sigmoid silu softmax softmin softplus softshrink
        softsign tanh tanhshrink threshold
    """,
    "initialisers": """
        he he_uniform lecun lecun_uniform normal orthogonal truncated_normal uniform xavier
        xavier_normal zeros
    """,
    "layers": """
        CELU ELU GELU GLU GRU LSTM RNN SELU AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveMaxPool1d
        AdaptiveMaxPool2d AvgPool1d AvgPool2d AvgPool3d BatchNorm ChannelDropout Conv1d Conv2d
        Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d Dropout Embedding Flatten
        GlobalAvgPool GlobalMaxPool GroupNorm Hardshrink Hardsigmoid Hardswish Hardtanh Identity
        InstanceNorm Lambda LayerNorm LeakyReLU LearnedPosition Linear LoRA LogSigmoid LogSoftmax
        MaxPool1d MaxPool2d MaxPool3d Mish MultiheadAttention PReLU RMSNorm ReLU ReLU6 Residual
        Rotary Sequential SiLU Sigmoid Sinusoidal Softmax Softmin Softplus Softshrink Softsign Still
        Tanh Tanhshrink Threshold TransformerBlock Upsample attention
    """,
    "losses": """
        absolute_error binary_cross_entropy cosine_distance cross_entropy ctc_loss gaussian_nll
        hinge huber kl_divergence multiclass_hinge squared_error triplet
    """,
    "optimisers": """
        LBFGS SGD Adadelta Adagrad Adam AdamW Adamax ExplodedError ExponentialAverage Lion Muon
        NAdam Optimiser RAdam RMSProp RMSprop StochasticAverage clip_gradient_values clip_gradients
    """,
    "calling": "functional_call",
    "health": "Problem",
    "module": "Module",
    "monitoring": "Monitor monitor",
    "neuron": "MLP Layer Neuron weighted_sum",
    "parameter": "Buffer Parameter",
    "saving": "load save",
    "saving.onnx": "export_onnx",
    "training": "History accuracy evaluate fit",
}
_LATER = {name: room for room, names in _ROOMS.items() for name in names.split()}

__all__: list[str] = ["data", "initialisers", "schedules"]


if TYPE_CHECKING:  # with a `__getattr__`, a type checker would believe in any name, as Any
    from nn import (  # noqa: F401
        activations,
        data,
        initialisers,
        layers,
        losses,
        optimisers,
        saving,
        schedules,
        sklearn,
        training,
    )
    from nn.activations import *  # noqa: F403
    from nn.calling import functional_call
    from nn.health import Problem
    from nn.initialisers import *  # noqa: F403
    from nn.layers import *  # noqa: F403
    from nn.losses import *  # noqa: F403
    from nn.module import Module
    from nn.monitoring import Monitor, monitor
    from nn.neuron import MLP, Layer, Neuron, weighted_sum
    from nn.optimisers import *  # noqa: F403
    from nn.parameter import Buffer, Parameter
    from nn.saving import load, save
    from nn.saving.onnx import export_onnx
    from nn.training import History, accuracy, evaluate, fit

    __all__ += ["MLP", "Buffer", "History", "Layer", "Module", "Monitor", "Neuron", "Parameter"]
    __all__ += ["Problem", "accuracy", "evaluate", "export_onnx", "fit", "functional_call"]
    __all__ += ["load", "monitor", "save", "weighted_sum"]
    __all__ += activations.__all__
    __all__ += initialisers.__all__
    __all__ += layers.__all__  # type: ignore[has-type]  # since nn.layers imports from nn
    __all__ += losses.__all__
    __all__ += optimisers.__all__
else:
    __all__.extend(_LATER)

    def __getattr__(name: str) -> Any:
        if name in _LATER:
            globals()[name] = found = getattr(import_module(f"nn.{_LATER[name]}"), name)
            return found
        try:
            return import_module(f"nn.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"nn.{name}":
                raise
            raise unknown_name(name) from None

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
