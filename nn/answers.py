"""What functions are given that they do not take, each answered by what to write."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

from autograd.notation import answers as by_name
from nn.elsewhere import ON_THE_CPU

P = ParamSpec("P")
R = TypeVar("R")

NOT_UNPICKLED = "leave it out: nothing in a file is ever run or unpickled"
IN_BATCHES = "nn.data.batches(X, y, 32, seed=0) makes the batches"

# Arguments of losses in PyTorch and Keras.
LOSSES = {
    "axis": "the classes come last; only nn.cross_entropy has an axis=",
    "beta": "write delta= for it; huber is beta times the smooth L1 loss",
    "from_logits": "leave it out: losses of classes take logits",
    "full": "leave it out: the constant log(2π) / 2 changes no gradient",
    "ignore_index": "write ignore= for it",
    "label_smoothing": "write smoothing= for it",
    "log_input": "write np.mean(np.exp(output) - target * output) for Poisson's loss",
    "log_target": "give the probabilities themselves, np.exp(target)",
    "p": "leave it out: the power is 1, and distances are Euclidean",
    "pos_weight": "write positive_weight= for it",
    "reduce": "write reduction='none' for reduce=False",
    "sample_weight": "write reduction='none', and the mean of weights * losses",
    "size_average": "write reduction='sum' for size_average=False",
    "swap": "leave it out: the anchor stays the anchor",
    "var": "write variance= for it",
    "weight": "write weights= for those of classes, or the mean of weights * losses of samples",
    "zero_infinity": "leave it out: a text that does not fit into its steps is refused",
}

# Arguments of fit in Keras, Lightning and scikit-learn.
FIT = {
    "accelerator": ON_THE_CPU,
    "batch_size": IN_BATCHES,
    "callback": "write callbacks=[…], a list",
    "class_weight": "give the loss weights: lambda z, y: nn.cross_entropy(z, y, weights=w)",
    "criterion": "write loss=",
    "device": ON_THE_CPU,
    "gradient_clip_val": "give the optimiser clip=",
    "initial_epoch": "use checkpoint=path and resume=True",
    "learning_rate": "give it to the optimiser",
    "lr": "give it to the optimiser",
    "max_epochs": "write epochs=",
    "max_iter": "write epochs=",
    "num_epochs": "write epochs=",
    "optimizer": "write optimiser=",
    "patience": "write early_stopping=",
    "sample_weight": "weigh in the loss, with targets (y, weights)",
    "scheduler": "write schedule=",
    "seed": "give it to the layers and to nn.data.batches",
    "shuffle": "nn.data.batches(X, y, 32, shuffle=False) keeps the order",
    "steps_per_epoch": "an epoch goes through all batches of the data",
    "train_dataloader": "write data=",
    "train_dataloaders": "write data=",
    "train_loader": "write data=",
    "val_dataloaders": "write validation=",
    "val_loader": "write validation=",
    "validation_batch_size": "write validation=nn.data.batches(X, y, 256)",
    "validation_data": "write validation=(X, y)",
    "validation_freq": "the model is judged after each epoch",
    "validation_split": "use nn.data.split, and validation=(X, y)",
    "verbose": "write progress=False for no bar",
    "workers": "nn.data.batches(X, y, 32, workers=4) prepares batches ahead",
    "x": IN_BATCHES,
    "y": IN_BATCHES,
}

EVALUATE = {
    "batch_size": "write nn.evaluate(model, loss, nn.data.batches(X, y, 256, shuffle=False))",
    "callbacks": "leave it out",
    "return_dict": "leave it out: the result is a dict",
    "sample_weight": FIT["sample_weight"],
    "steps": "leave it out: all batches of the data count",
    "verbose": "leave it out",
    "x": "write data=(X, y)",
    "y": "write data=(X, y)",
}

# Arguments of what saves and loads.
FILES = {
    "allow_pickle": NOT_UNPICKLED,
    "do_constant_folding": "leave it out",
    "dynamic_axes": "leave it out: batches may have any size",
    "export_params": "leave it out: the parameters are in the file",
    "input_names": "leave it out: inputs have the names of the arguments of the call",
    "map_location": ON_THE_CPU,
    "mmap": "leave it out",
    "opset_version": "leave it out",
    "output_names": "leave it out",
    "overwrite": "leave it out: a file is replaced as a whole",
    "pickle_module": NOT_UNPICKLED,
    "safe_mode": NOT_UNPICKLED,
    "weights_only": NOT_UNPICKLED,
}

# Arguments of data loaders and of what splits data.
DATA = {
    "batch_size": "write size= for it",
    "collate_fn": "write transform=, a function of a batch",
    "generator": "write seed= for it",
    "n_splits": "write k= for it",
    "num_workers": "write workers= for it",
    "persistent_workers": "leave it out",
    "pin_memory": ON_THE_CPU,
    "prefetch_factor": "write workers= for it, how many batches are prepared ahead",
    "random_state": "write seed= for it",
    "sampler": "write data in the order that it should have, with shuffle=False",
    "test_size": "write share= for it",
    "train_size": "write share=1 - train_size, the share of the second part",
}


# Arguments of schedules in PyTorch, Keras and Optax.
SCHEDULES = {
    "T_0": "write epochs= for it, the length of the first fall",
    "T_max": "write epochs= for it",
    "T_mult": "write factor= for it",
    "alpha": "write final= for it, the last rate itself",
    "decay_rate": "write decay=, the factor for each epoch",
    "decay_steps": "write epochs= for it",
    "end_factor": "write end=, the last rate itself",
    "eta_min": "write final= for it",
    "gamma": "write factor=, or decay= for nn.schedules.exponential",
    "init_value": "write lr= for it, the first rate",
    "initial_learning_rate": "write lr= for it, the first rate",
    "last_epoch": "leave it out: a schedule is a function of the epoch",
    "optimizer": "leave it out: the first rate comes first, and optimiser.lr = schedule(epoch)",
    "start_factor": "write start=, the first rate itself",
    "step_size": "write every= for it",
    "total_iters": "write epochs= for it",
    "total_steps": "write epochs= for it",
}

# Arguments of what clips gradients.
CLIPPING = {
    "clip_value": "write max_value= for it",
    "error_if_nonfinite": "leave it out: a step that would make a weight NaN is refused",
    "foreach": "leave it out",
    "norm_type": "leave it out: the norm is the Euclidean one",
}


def answering(answers: Mapping[str, str]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator: arguments that a function does not take are answered.

    Args:
        answers: what to write, by the name of an argument.

    Example:
        >>> @answering({"dim": "write axis= for it"})
        ... def total(x, axis=None):
        ...     return np.sum(x, axis)
        >>> total([1.0], dim=0)
        Traceback (most recent call last):
        TypeError: there is no dim= here: write axis= for it
        >>> total(input=[1.0])
        Traceback (most recent call last):
        TypeError: write nn.total(x): total() got an unexpected keyword argument 'input'
    """
    return by_name.answering(answers, way_to_call)


def way_to_call(f: Callable[..., Any], said: str) -> str:
    """Return how to call a function, where Python said only that arguments do not fit."""
    if f.__name__ == "__init__":
        return said
    needed = [x.name for x in inspect.signature(f).parameters.values() if x.default is x.empty]
    room = f.__module__.split(".")[1]
    place = f"nn.{room}" if room in ("data", "schedules") else "nn"
    if needed[:1] == ["self"]:
        place, needed = "model", needed[1:]
    return f"write {place}.{f.__name__}({', '.join(needed)}): {said}"
