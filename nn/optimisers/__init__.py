"""Optimisers: from gradients to new parameters, each an update rule on a common base."""

from nn.optimisers.adam import Adam, Adamax, AdamW, NAdam, RAdam
from nn.optimisers.adaptive import Adadelta, Adagrad, RMSProp, RMSprop
from nn.optimisers.averages import ExponentialAverage, StochasticAverage
from nn.optimisers.directions import Lion, Muon
from nn.optimisers.gradients import clip_gradient_values, clip_gradients
from nn.optimisers.lbfgs import LBFGS
from nn.optimisers.optimiser import ExplodedError, Optimiser
from nn.optimisers.sgd import SGD

__all__ = [
    "LBFGS",
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "ExplodedError",
    "ExponentialAverage",
    "Lion",
    "Muon",
    "NAdam",
    "Optimiser",
    "RAdam",
    "RMSProp",
    "RMSprop",
    "StochasticAverage",
    "clip_gradient_values",
    "clip_gradients",
]
