"""Losses: one number that measures how wrong an output is, or one for each sample.

`reduction` is "mean" for the mean over samples, "sum" for their sum, "none" for one number each.
"""

from nn.losses.classification import (
    binary_cross_entropy,
    cross_entropy,
    hinge,
    kl_divergence,
    multiclass_hinge,
)
from nn.losses.regression import absolute_error, gaussian_nll, huber, squared_error
from nn.losses.sequences import ctc_loss
from nn.losses.similarity import cosine_distance, triplet

__all__ = [
    "absolute_error",
    "binary_cross_entropy",
    "cosine_distance",
    "cross_entropy",
    "ctc_loss",
    "gaussian_nll",
    "hinge",
    "huber",
    "kl_divergence",
    "multiclass_hinge",
    "squared_error",
    "triplet",
]
