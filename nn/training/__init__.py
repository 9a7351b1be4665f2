"""Training: `fit`, whose loop in `loop.py` is short enough to write your own after it."""

from nn.training.history import History
from nn.training.loop import evaluate, fit
from nn.training.metrics import accuracy

__all__ = ["History", "accuracy", "evaluate", "fit"]
