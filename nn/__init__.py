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
from nn import activations, data, initialisers, layers, losses, optimisers, schedules
from nn.activations import *  # noqa: F403
from nn.calling import functional_call
from nn.elsewhere import unknown_name
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

__all__ = [
    "MLP",
    "Buffer",
    "History",
    "Layer",
    "Module",
    "Monitor",
    "Neuron",
    "Parameter",
    "Problem",
    "accuracy",
    "data",
    "evaluate",
    "export_onnx",
    "fit",
    "functional_call",
    "initialisers",
    "load",
    "monitor",
    "save",
    "schedules",
    "weighted_sum",
]
__all__ += activations.__all__ + initialisers.__all__ + layers.__all__ + losses.__all__
__all__ += optimisers.__all__


if not TYPE_CHECKING:  # which would believe in every name

    def __getattr__(name: str) -> Any:
        """Import `nn.sklearn`, which needs scikit-learn, when it is asked for."""
        if name == "sklearn":
            return import_module("nn.sklearn")
        raise unknown_name(name)
