"""Losses of vectors: how near they are to those they should be near to."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import relu
from nn.answers import LOSSES, answering
from nn.losses.shared import reduced, same_shape


@answering(LOSSES)
def cosine_distance(
    a: Any,
    b: Any,
    eps: float = 1e-8,
    reduction: str = "mean",
) -> Any:
    """Return 1 − a · b / (|a| |b|) along the last axis.

    Args:
        a, b: of shape (…, n).
        eps: the smallest product of lengths.
        reduction: over the samples: "mean", "sum" or "none".

    Example:
        >>> from autograd import Value
        >>> cosine_distance(Value([1.0, 0.0]), [0.0, 2.0])
        Value(1.0)
    """
    a, b = same_shape(a, b, "cosine_distance")
    lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
    return reduced(1 - np.sum(a * b, axis=-1) / np.maximum(lengths, eps), reduction)


@answering(LOSSES)
def triplet(
    anchor: Any,
    positive: Any,
    negative: Any,
    margin: float = 1.0,
    reduction: str = "mean",
) -> Any:
    """Return max(0, |anchor − positive| − |anchor − negative| + margin), along the last axis.

    Schroff et al., "FaceNet", 2015, arXiv:1503.03832, with distances that are not squared.

    Args:
        anchor, positive, negative: of shape (…, n).
        margin: how much further away the negative should be.
        reduction: over the samples: "mean", "sum" or "none".

    Example:
        >>> from autograd import Value
        >>> triplet(Value([[0.0, 0.0]]), [[0.0, 1.0]], [[3.0, 0.0]])
        Value(0.0)
    """
    near, far = (
        np.linalg.norm(np.subtract(*same_shape(anchor, other, "triplet", True)), axis=-1)
        for other in (positive, negative)
    )
    return reduced(relu(near - far + margin), reduction)
