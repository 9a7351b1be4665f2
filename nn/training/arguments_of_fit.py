"""What `fit` takes: data, metrics and checkpoints, of the right kind or refused at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from contextlib import suppress
from functools import partial
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np

from nn.arguments import checked_function, positive_int
from nn.data import Batches, batches
from nn.data.arrays import leaves
from nn.module import Module
from nn.training.metrics import len_of

TARGETS = {"y_true", "true", "target", "targets", "label", "labels"}
LARGE = 256  # the size of batches where it does not matter for what is learned


def checked_network(model: Any) -> Module:
    """Return a model if it is a Module that was built and can be called."""
    if not isinstance(model, Module) or not callable(model):
        raise TypeError(
            f"fit(model, loss, data, optimiser, epochs) trains an nn.Module, not {model!r:.60}"
        )
    return model


def batches_of(data: Any, name: str) -> Any:
    """Return batches (inputs, targets) to go through again and again."""
    if isinstance(data, Batches) and len(data.columns) < 2:
        raise ValueError(
            f"{name} has inputs and no targets: write nn.data.batches(X, y); the targets of an "
            "autoencoder are X"
        )
    columns = isinstance(data, (tuple, list)) and any(isinstance(x, np.ndarray) for x in data)
    one = columns or isinstance(data, (np.ndarray, Iterator, dict, str))
    if one or not isinstance(data, Iterable):
        raise TypeError(
            f"{name} should be batches to go through again and again, such as nn.data.batches(X, "
            f"y, 32, seed=0), not {type(data).__name__}"
        )
    return data


def check_loss(loss: Any) -> None:
    """Raise unless a loss is a function of an output and a target."""
    check_order(checked_function(loss, "loss", "nn.squared_error"), "the loss")


def check_order(f: Any, what: str) -> None:
    """Raise for a function that takes the target first, as they do in Keras and scikit-learn."""
    names: list[str] = []
    with suppress(TypeError, ValueError):  # it does not say what it takes
        names = list(signature(f).parameters)
    if names[:1] and names[0] in TARGETS:
        called = getattr(f, "__name__", "f")
        raise TypeError(
            f"write lambda output, target: {called}(target, output) for {what}: it is given the "
            f"output first, and {called} takes {names[0]} first"
        )


def check_optimiser(optimiser: Any) -> None:
    """Raise unless an optimiser is one of some parameters."""
    if isinstance(optimiser, type) or not callable(getattr(optimiser, "step", None)):
        name = optimiser.__name__ if isinstance(optimiser, type) else "Adam"
        raise TypeError(
            f"write nn.{name}(model.parameters(), lr=0.01) for the optimiser, not {optimiser!r:.60}"
        )


def check_patience(epochs: Any) -> None:
    """Raise unless it is known after how many epochs to stop; None for never."""
    if isinstance(epochs, bool):
        raise TypeError(
            "write early_stopping=5, or another number: how many epochs in a row may be no better, "
            f"not {epochs}"
        )
    if epochs is not None:
        positive_int(epochs, "early_stopping")


def listed(callbacks: Any) -> list[Any]:
    """Return callbacks as a list."""
    if callable(callbacks) or not isinstance(callbacks, Iterable):
        raise TypeError(f"write callbacks=[…], a list, not {callbacks!r:.60}")
    return list(callbacks)


def pairs(data: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield the batches of data, each inputs and targets."""
    for batch in data:
        if not isinstance(batch, (tuple, list)) or len(batch) != 2:
            kind = type(batch).__name__
            found = f"{kind} of {len(batch)}" if isinstance(batch, (tuple, list)) else kind
            raise ValueError(f"a batch should be (inputs, targets), and this one is a {found}")
        if not len_of(batch[1]):
            raise ValueError(
                "leave out batches without samples, of which there is no loss: this one has "
                f"targets of shape {np.shape(leaves(batch[1])[0])}"
            )
        yield batch[0], batch[1]


def check_together(data: Any, optimiser: Any) -> None:
    """Raise for an optimiser that takes all data at once, and data in several batches."""
    if getattr(optimiser, "evaluates", False) and isinstance(data, Sized) and len(data) > 1:
        raise ValueError(
            f"write nn.data.batches(X, y, len(X)) for {type(optimiser).__name__}, which takes all "
            f"data at once, not in {len(data)} batches: it remembers how the gradient of one loss "
            "changes"
        )


def batches_to_judge_by(data: Any, name: str) -> Any:
    """Return batches as `batches_of` does, also of a tuple (X, y)."""
    if isinstance(data, tuple) and len(data) == 2:
        return batches(*data, LARGE, shuffle=False)
    return batches_of(data, name)


def functions_by_name(metrics: Any) -> dict[str, Callable[..., Any]]:
    """Return metrics by name."""
    if isinstance(metrics, Mapping):
        named = dict(metrics)
    else:
        listed = [metrics] if callable(metrics) or isinstance(metrics, str) else list(metrics)
        named = {getattr(f, "__name__", str(f)): f for f in listed}
        if len(named) < len(listed):
            raise ValueError(
                f"write metrics={{name: function, …}}, a dict: {len(listed)} functions have only "
                f"the names {', '.join(named)}"
            )
    for name, f in named.items():
        check_order(checked_function(f, f"the metric {name}", "nn.accuracy"), f"the metric {name}")
        if name in ("loss", "lr") or str(name).startswith("validation_"):
            raise ValueError(f"choose another name for the metric {name}: a history has one itself")
    return named


def moments_of(callbacks: list[Any]) -> tuple[list[Callable[..., Any]], list[Callable[..., Any]]]:
    """Return what to call after each step with its loss, and what to call after each epoch."""
    steps = [getattr(c, "step", getattr(c, "update", None)) for c in callbacks]
    pairs = list(zip(steps, callbacks, strict=True))
    for step, callback in pairs:
        if step is None:
            checked_function(callback, "a callback", "lambda history: history.epochs == 3")
    after_step = [given_loss(step) for step, _ in pairs if step]
    judges = [c.measure for c in callbacks if hasattr(c, "measure")]
    after_epoch = [c for step, c in pairs if step is None]
    return after_step, [*after_epoch, *(partial(tell_last, measure) for measure in judges)]


def is_true(answer: Any) -> bool:
    """Whether a callback returned True, and not a number or a picture."""
    return isinstance(answer, (bool, np.bool_)) and bool(answer)


def tell_last(measure: Callable[..., Any], history: Mapping[str, list[float]]) -> None:
    """Call `measure` with what an epoch ended with, beside the loss, which each step told."""
    if numbers := {name: x[-1] for name, x in history.items() if name not in ("loss", "lr")}:
        measure(**numbers)


def given_loss(step: Callable[..., Any]) -> Callable[[float], Any]:
    """Return `step` as a function of the loss, which it gets if it has an argument of this name."""
    takes_it = "loss" in signature(step).parameters
    return (lambda loss: step(loss=loss)) if takes_it else (lambda loss: step())


def checked_checkpoint(path: Any) -> Any:
    """Return the path of a checkpoint, or None; raise now if it could not be written later."""
    if path is not None and Path(path).suffix != ".npz":
        raise ValueError(f"a checkpoint is a .npz file, so give a path that ends so, not {path!r}")
    if path is not None and not Path(path).absolute().parent.is_dir():
        raise FileNotFoundError(f"make the folder of the checkpoint {path} first: there is none")
    return path


def path_to_resume(resume: Any, checkpoint: Any) -> Any:
    """Return the path of the checkpoint to go on from, or None."""
    if resume is True:
        if checkpoint is None:
            raise ValueError("resume=True goes on from checkpoint=..., so give its path")
        return checkpoint if Path(checkpoint).exists() else None
    return resume or None


def target_of(compile: Any, devices: Any) -> str | None:
    """Return the target that steps are compiled for, None for none."""
    if devices is not None and compile != "jax":
        raise ValueError(
            f'write compile="jax" for several devices, with devices={devices!r:.60}: JAX shares a '
            "batch among them"
        )
    if compile in (False, None):
        return None
    return "auto" if compile is True else compile
