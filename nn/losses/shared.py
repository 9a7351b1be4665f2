"""What losses share: reductions, and labels that fit the outputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Value, array, sigmoid, softmax
from autograd.compiling.reading import are_known

REAL = np.dtype(float)
TO_PROBABILITIES = {f(Value([0.0])).op: f.__name__ for f in (sigmoid, softmax)}
MEAN, SUM, NONE = REDUCTIONS = ("mean", "sum", "none")


def reduced(losses: Any, reduction: str) -> Any:
    """Return the mean or the sum of losses, or the losses."""
    if reduction not in REDUCTIONS:
        raise ValueError(f"reduction should be one of {', '.join(REDUCTIONS)}, not {reduction!r}")
    if reduction == NONE:
        return losses
    return np.mean(losses) if reduction == MEAN else np.sum(losses)


def over_entries(errors: Any) -> Any:
    """Return the sum over all axes but the first."""
    return np.sum(errors, axis=tuple(range(1, errors.ndim))) if errors.ndim > 1 else errors


def parts(shares: Any, logs: Any) -> Any:
    """Return shares times logs, and 0 where a share is 0 and the log −inf."""
    missing = np.logical_and(shares == 0, logs == -np.inf)
    none = are_known(missing) and not np.any(missing)
    return shares * (logs if none else np.where(missing, 0.0, logs))


def refuse_complex(name: str, *numbers: Any) -> None:
    """Raise for complex numbers, of which a loss would be none, since it would be complex."""
    for x in numbers:
        if getattr(x, "dtype", REAL).kind == "c":
            raise TypeError(
                "write np.mean(np.abs(output - target) ** 2) for complex numbers, or give their "
                f"real and imaginary parts: {name} takes real ones"
            )


def refuse_probabilities(logits: Any, name: str) -> None:
    """Raise for what a sigmoid or softmax has just computed, since a loss computes it itself."""
    if isinstance(logits, Value) and (made_by := TO_PROBABILITIES.get(logits.op)):
        raise TypeError(
            f"leave out the {made_by} before {name}, which takes logits and computes probabilities "
            "itself: these would be squashed twice"
        )


def same_shape(output: Any, target: Any, name: str, complex_too: bool = False) -> tuple[Any, Any]:
    """Return an output and a target, no tables of pandas, if they have the same shape."""
    output = output if isinstance(output, Value) else array(output)
    if not isinstance(target, (np.ndarray, Value)) and hasattr(target, "to_numpy"):
        target = target.to_numpy()
    if not complex_too:
        refuse_complex(name, output, target)
    if output.shape != np.shape(target):
        raise ValueError(
            f"{name} got outputs of shape {output.shape} and targets of shape "
            f"{np.shape(target)}: give both the same shape"
        )
    return output, target


def as_given(labels: Any) -> Any:
    """Return labels as an array."""
    return labels.numpy() if isinstance(labels, Value) else array(labels)


def numbers_like(labels: Any, like: Any) -> Any:
    """Return labels as an array of the dtype of `like`."""
    return labels if isinstance(labels, Value) else array(labels).astype(like.dtype, copy=False)


def probabilities(labels: Any, dtype: Any) -> Any:
    """Return labels that are a probability for each class; raise if they do not add up to 1."""
    given = as_given(labels)
    totals = np.sum(given, axis=-1, dtype=float)
    if not (are_known(totals) and given.size):
        return labels if isinstance(labels, Value) else labels.astype(dtype)
    if not (np.all(given >= 0) and np.all(np.abs(totals - 1) < 1e-3)):
        raise ValueError(
            "labels in the shape of the logits are probabilities, at least 0, and add up to 1 for "
            f"each sample; these add up to between {totals.min():.3g} and {totals.max():.3g}; are "
            "logits and labels in the right order?"
        )
    return labels if isinstance(labels, Value) else labels.astype(dtype)


def whole_labels(labels: Any, logits: Any, axis: int, ignore: int | None, name: str) -> Any:
    """Return labels that are ints, one for each sample; raise for others."""
    labels = as_given(labels)
    batch = (*logits.shape[: axis % logits.ndim], *logits.shape[axis % logits.ndim + 1 :])
    classes = logits.shape[axis]
    if labels.shape != batch or labels.dtype.kind not in "iu":
        raise ValueError(
            f"{name}: give labels as ints of shape {batch}, or as probabilities of shape "
            f"{logits.shape} like the logits, not as {labels.dtype} of shape {labels.shape}"
        )
    if not are_known(labels):
        return labels
    counted = labels if ignore is None else labels[labels != ignore]
    if counted.size and not (counted.min() >= 0 and counted.max() < classes):
        raise ValueError(
            f"labels of {classes} classes should lie between 0 and {classes - 1}, not between "
            f"{counted.min()} and {counted.max()}"
        )
    return labels
