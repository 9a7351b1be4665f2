"""Optimisers: from gradients to new parameters, each an update rule on a common base."""

from nn.optimisers.adam import Adam, AdamW
from nn.optimisers.gradients import clip_gradients, gradient_of
from nn.optimisers.optimiser import ExplodedError, Optimiser
from nn.optimisers.sgd import SGD

__all__ = ["SGD", "Adam", "AdamW", "ExplodedError", "Optimiser", "clip_gradients", "gradient_of"]
