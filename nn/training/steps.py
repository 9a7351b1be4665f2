"""Steps: each a prediction, a loss, its gradients, and better weights; op by op, or compiled."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import Value, set_data
from autograd import compile as compiled
from autograd.graphs.calls import WATCHES
from nn.calling import called_with
from nn.data import Batches
from nn.optimisers import ExplodedError, Optimiser
from nn.precision import depth
from nn.training.bar import Bar
from nn.training.metrics import Means, len_of
from nn.training.untrained import FirstStep


class Steps:
    """What makes a step of a model on a batch.

    Args:
        model, loss, optimiser: as in `fit`.
        compile: the target that steps are compiled for; None for op by op.
        devices: those of JAX's that share each batch; None for one.
    """

    def __init__(
        self,
        model: Any,
        loss: Callable[[Any, Any], Any],
        optimiser: Optimiser,
        compile: str | None = None,
        devices: Any = None,
    ) -> None:
        if compile is not None and (why := why_not_compiled(optimiser)):
            warnings.warn(why, stacklevel=depth())
            compile = None
        self.total = total = Value([0.0])
        self.first = first = FirstStep(model, optimiser)

        def step(x: Any, y: Any) -> tuple[Any, Value]:
            output, value = step_on(model, loss, x, y, optimiser)
            first.look(value)
            return output, value

        def counted(x: Any, y: Any) -> None:
            _, value = step(x, y)
            number = value.numpy()
            number = number if number.dtype == float else number.astype(float)
            set_data([total], [total.numpy() + float(len_of(y)) * number], copy=False)

        step.__name__ = counted.__name__ = "the step of nn.fit"
        self.step: Callable[..., Any] = step
        self.counted: Any = None
        if compile is not None:
            settings = {"target": compile} | ({} if devices is None else {"devices": devices})
            self.step, self.counted = (compiled(f, **settings) for f in (step, counted))

    def __call__(self, x: Any, y: Any) -> tuple[Any, float]:
        """Show the model a batch and make a step; return the output and the loss before it."""
        output, value = self.step(x, y)
        self.first.tell()
        return output, value.item()

    def go_together(self, data: Any) -> bool:
        """Whether steps are compiled, and batches are nothing but rows of arrays."""
        return (
            self.counted is not None
            and type(data) is Batches
            and data.transform is None
            and not data.progress
            and all(type(x) is np.ndarray and x.flags.c_contiguous for x in data.columns)
        )

    def together(self, data: Batches, means: Means, bar: Bar) -> None:
        """Make the steps of an epoch where nobody looks at a single one: many in one call."""
        set_data([self.total], [[0.0]])
        for x, y in data.stacked():

            def done(steps: int, size: int = y.shape[1]) -> None:
                self.first.tell()
                means.count(steps, steps * size, self.total.item())
                bar.step(means, steps)

            self.counted.each(x, y, done=done)


def why_not_compiled(optimiser: Optimiser) -> str:
    """Return what keeps steps from being compiled, "" if nothing is known."""
    if getattr(optimiser, "evaluates", False):
        return (
            f"{type(optimiser).__name__} runs op by op, not compiled: it asks for the loss as "
            "often as it needs to"
        )
    if WATCHES:
        return (
            "close() the monitor, or leave compile out: steps run op by op while nn.monitor looks "
            "at what each layer returns"
        )
    return ""


def step_on(
    model: Any, loss: Callable[[Any, Any], Any], x: Any, y: Any, optimiser: Optimiser
) -> tuple[Any, Value]:
    """Show the model a batch and make a step; return the output and the loss before it."""
    before: list[Any] = []

    def computed() -> Any:
        output = called_with(model, x)
        value = loss(output, y)
        if not before:
            before[:] = output, finite_loss(value)
        return value

    optimiser.zero_grad()
    if getattr(optimiser, "evaluates", False):
        optimiser.step(computed)  # type: ignore[call-arg]
    else:
        computed().backward()
        optimiser.step()
    output, value = before
    return output, value


def finite_loss(value: Any) -> Value:
    """Return a loss if it is one number; raise if not, or if that is NaN or infinite."""
    if not isinstance(value, Value) or value.size != 1:
        raise TypeError(
            "loss(output, target) should return a Value of one number that depends on the "
            f"parameters, as nn.squared_error does, not {value!r:.60}"
        )
    if value.dtype.kind == "c":
        raise TypeError(
            "write np.mean(np.abs(output - target) ** 2), or another real number, for the loss: "
            f"this one is complex, {value.item():.4g}"
        )
    if not np.isfinite(value.numpy()):
        raise ExplodedError(
            f"the loss is {value.item()}, so the step was not made; use a smaller learning rate, "
            "inputs of about the size of 1, or clip=1.0 in the optimiser; inside autograd.debug() "
            "the first op that gave it is named"
        )
    return value
