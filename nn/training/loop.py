"""The loop: epochs of steps, each a prediction, a loss, its gradients, and better weights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from autograd import Value, no_grad
from nn.answers import EVALUATE, FIT, answering
from nn.arguments import positive_int
from nn.calling import called_with
from nn.optimisers import ExplodedError, Optimiser
from nn.training.arguments_of_fit import (
    batches_of,
    batches_to_judge_by,
    check_loss,
    check_optimiser,
    check_patience,
    check_together,
    checked_checkpoint,
    checked_network,
    functions_by_name,
    is_true,
    listed,
    moments_of,
    pairs,
    path_to_resume,
    target_of,
)
from nn.training.bar import Bar
from nn.training.checkpoint import Run
from nn.training.history import History
from nn.training.metrics import Means
from nn.training.rates import Rates
from nn.training.steps import Steps
from nn.training.untrained import check_parameters

Metrics = Mapping[str, Callable[..., Any]] | Iterable[Callable[..., Any]]


@answering(FIT)
def fit(
    model: Any,
    loss: Callable[[Any, Any], Any],
    data: Iterable[Any],
    optimiser: Optimiser,
    epochs: int,
    *,
    metrics: Metrics = (),
    validation: Any = None,
    schedule: Any = None,
    momentum: Callable[[float], float] | None = None,
    schedule_each: Literal["epoch", "step"] = "epoch",
    callbacks: Iterable[Any] = (),
    early_stopping: int | None = None,
    keep_best: bool = True,
    checkpoint: Any = None,
    resume: Any = False,
    progress: bool = True,
    compile: bool | str = False,
    devices: Any = None,
) -> History:
    """Train a model, and return the history of its loss. Afterwards it is in evaluation mode.

    Ctrl-C ends the training as if it were over. What was learned until then is kept.

    Args:
        model: the network, called with the inputs of a batch; a tuple or dict of inputs is several
            arguments, by place or by name, where its call needs several.
        loss: a function loss(output, target) that returns a Value of one number.
        data: batches (inputs, targets), as from `nn.data.batches`, to go through in each epoch.
        optimiser: what changes the parameters; `LBFGS` takes all data in one batch.
        epochs: how many times to go through the data, those before a `resume` included.
        metrics: functions such as `nn.accuracy` of an output and a target, as arrays, that return
            a number; a list, or a dict with names of your own.
        validation: data to judge the model by after each epoch: batches, or (X, y).
        schedule: a function from the epoch, counted from 0, to the learning rate, as in
            `nn.schedules`. One that has a state, `OnPlateau`, gets the last loss instead, of the
            validation if there is one.
        momentum: a function from the epoch, counted from 0, to the momentum, such as
            `nn.schedules.one_cycle_momentum(epochs)`.
        schedule_each: "step" for a schedule and a momentum that change before each step, as those
            of `one_cycle` and `cyclic` often do: they count the steps of all epochs, from 0.
        callbacks: functions that are called with the history after each epoch; one that returns
            True ends the training. Also objects with a method `step` or `update`, such as
            `nn.monitor(model)`, which is called after each step, with the loss if it has an
            argument of this name; its `measure` gets metrics and validation after each epoch.
        early_stopping: for how many epochs in a row the validation loss, or without one the loss,
            may fail to become smaller than ever before; None for all.
        keep_best: whether the model ends with the weights of the epoch with the smallest
            validation loss, not with the last ones.
        checkpoint: the path of a .npz file that is replaced after each epoch. If the program is
            killed, at any moment, the file is that of the last epoch, whole.
        resume: True to go on from the checkpoint if there is one; or the path of another one. The
            final weights are, to the last bit, those of a run that was not interrupted, if model,
            data and optimiser were built in the same way: random generators that are attributes of
            these, of callbacks and of transforms go on where they were, and so does `np.random`.
            What callbacks changed, such as what is frozen, is changed again.
        progress: whether to show a progress bar.
        compile: whether steps are recorded once and run as programs, as by `autograd.compile`, to
            the same weights; or the target of these. If nothing has to be done between steps, by
            metrics, callbacks or a schedule of steps, about 20 ms of them run in one go.
        devices: with compile="jax", how many of JAX's devices share each batch, or a list of them.

    Returns:
        a History: for "loss", "lr" and each metric a list of one number an epoch. It plots itself.

    Raises:
        TypeError: what is given is of another kind; or the loss is no Value of one real number.
        ValueError: the checkpoint does not fit, a setting is none, or nothing would be learned.
            Nothing is changed then.
        TracingError: with `compile`, the model or the loss does what a recording cannot repeat.
        ExplodedError: a loss, or a weight, became infinite or NaN; the message says where. The
            model keeps the weights from before that step.

    Warns:
        UserWarning: the loss depends on parameters that the optimiser does not change, or does not
            depend on some that it does.

    Example:
        >>> import nn
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(100, 2))
        >>> model = nn.Linear(2, 1, seed=0)
        >>> optimiser = nn.SGD(model.parameters(), lr=0.1)
        >>> data = nn.data.batches(X, X.sum(axis=1, keepdims=True), 10, seed=0)
        >>> history = fit(model, nn.squared_error, data, optimiser, epochs=5, progress=False)
        >>> print(model.weight.data.round(3), history["loss"][-1] < 1e-3)
        [[1. 1.]] True
    """
    model, data = checked_network(model), batches_of(data, "data")
    check_loss(loss)
    check_optimiser(optimiser)
    check_together(data, optimiser)
    check_parameters(model, optimiser)
    check_patience(early_stopping)
    epochs, named, callbacks = (
        positive_int(epochs, "epochs"),
        functions_by_name(metrics),
        listed(callbacks),
    )
    rates = Rates(optimiser, data, schedule, momentum, schedule_each)
    steps = Steps(model, loss, optimiser, target_of(compile, devices), devices)
    validation = None if validation is None else batches_to_judge_by(validation, "validation")
    measured = ["loss", *named]
    judged = [] if validation is None else [f"validation_{name}" for name in measured]
    history = History({name: [] for name in [*measured, *judged, "lr"]})
    run = Run(model, optimiser, data, validation, schedule, callbacks, history)
    if path := path_to_resume(resume, checked_checkpoint(checkpoint)):
        run.load(path)
    after_step, after_epoch = moments_of(callbacks)
    with Bar(data, epochs, history.epochs, progress) as bar:
        try:
            while history.epochs < epochs and not history.stopped:
                rates.begin_epoch(history)
                numbers = train(model, steps, data, rates, named, after_step, bar, history)
                if validation is not None:
                    found = evaluate(model, loss, validation, named)
                    numbers |= {f"validation_{name}": x for name, x in found.items()}
                if validation is not None and keep_best and history.improved_by(numbers):
                    run.best = model.state_dict()
                history.add(numbers | {"lr": optimiser.lr})
                if any([is_true(callback(history)) for callback in after_epoch]):
                    history.stopped = f"a callback ended it after epoch {history.epochs}"
                if early_stopping and history.epochs - history.best_epoch >= early_stopping:
                    history.stopped = f"no smaller loss since epoch {history.best_epoch}"
                if checkpoint is not None:
                    run.save(checkpoint)
        except KeyboardInterrupt:
            history.stopped = f"interrupted in epoch {history.epochs + 1}"
        finally:
            model.eval()
    if run.best is not None:
        model.load_state_dict(run.best)
    return history


def train(
    model: Any,
    steps: Steps,
    data: Any,
    rates: Rates,
    metrics: Mapping[str, Callable[..., Any]],
    after_step: list[Callable[[float], Any]],
    bar: Bar,
    history: History,
) -> dict[str, float]:
    """Show the model each batch once; return the means of the loss and the metrics."""
    model.train()
    means = Means(metrics)
    looked_at = metrics or after_step or rates.by_step
    try:
        if steps.go_together(data) and not looked_at:
            steps.together(data, means, bar)
            return means.numbers()
        for x, y in pairs(data):
            rates.begin_step(history, means.batches)
            output, number = steps(x, y)
            for also in after_step:
                also(number)
            means.add(number, output, y)
            bar.step(means)
    except ExplodedError as error:
        raise ExplodedError(
            f"epoch {history.epochs + 1}, step {means.batches + 1}: {error}"
        ) from error
    return means.numbers()


@answering(EVALUATE)
def evaluate(
    model: Any,
    loss: Callable[[Any, Any], Any],
    data: Any,
    metrics: Metrics = (),
) -> dict[str, float]:
    """Return the means of a loss and of metrics over a data set, in evaluation mode.

    Args:
        model, loss, metrics: as in `fit`.
        data: batches (inputs, targets), or (X, y).

    Example:
        >>> import nn
        >>> model = nn.Linear(1, 1, init=[[2.0]], bias=False)
        >>> evaluate(model, nn.squared_error, ([[1.0], [2.0]], [[2.0], [5.0]]))
        {'loss': 0.5}
    """
    check_loss(loss)
    batches = batches_to_judge_by(data, "data")
    means = Means(functions_by_name(metrics))
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with no_grad():
            for x, y in pairs(batches):
                output = called_with(model, x)
                value = loss(output, y)
                means.add(value.item() if isinstance(value, Value) else float(value), output, y)
    finally:
        for module, training in modes:
            module.training = training
    return means.numbers()
