"""Weights in files: saved whole or not at all, loaded without running anything that they hold."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from nn.answers import FILES, answering
from nn.precision import depth
from nn.saving.npz import npz_arrays, write_npz
from nn.saving.replacing import replacing
from nn.saving.safetensors import safetensors_arrays, write_safetensors
from nn.saving.trees import is_tree, tree_of

Arrays = dict[str, np.ndarray]
Format = tuple[Callable[[BinaryIO, Arrays], None], Callable[[Path], Arrays]]

FORMATS: dict[str, Format] = {
    ".npz": (write_npz, npz_arrays),
    ".safetensors": (write_safetensors, safetensors_arrays),
}


@answering(FILES)
def save(model: Any, path: Any) -> None:
    """Save the numbers of a model by their paths: parameters and buffers, shared ones once.

    Whatever happens meanwhile, the file is either as it was before or the new one, whole.

    Args:
        model: a Module, or anything else with a `state_dict`, such as an optimiser.
        path: of the file. One that ends in .npz can be read by NumPy, one in .safetensors by
            PyTorch: `model.load_state_dict(safetensors.torch.load_file(path))`.

    Raises:
        ModuleNotFoundError: a .safetensors file needs the extra `safetensors`.
        TypeError: the model has no `state_dict`.
        ValueError: the path ends in something else.

    Example:
        >>> import nn
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     save(nn.Linear(2, 1, init=[[1.0, 2.0]]), f"{folder}/linear.npz")
        ...     nn.load(nn.Linear(2, 1), f"{folder}/linear.npz").weight
        Value([[1., 2.]])
    """
    state = checked_model(model, "save").state_dict()
    write, _ = format_of(path)
    with replacing(path) as file:
        write(file, {name: np.asarray(x) for name, x in state.items()})


@answering(FILES)
def load(model: Any, path: Any) -> Any:
    """Give a model the numbers that a file holds; return the model.

    A file holds numbers, not code, so the model has to be built first. Nothing in a file is ever
    run or unpickled. Numbers of a wider dtype are rounded, with a warning.

    Args:
        model: a Module, or anything else with a `load_state_dict`, as it was when it was saved.
        path: of a .npz file, a .safetensors file, also of a PyTorch model with the same names, or
            a checkpoint of `nn.fit`, of which the best weights are taken.

    Raises:
        ValueError: the file is damaged or of another kind, or holds the numbers of another model;
            the message lists what is missing, unexpected or of another shape. Nothing is changed.

    Example:
        >>> import nn
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     save(nn.Linear(3, 1), f"{folder}/linear.npz")
        ...     load(nn.Linear(2, 1), f"{folder}/linear.npz")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ValueError: .../linear.npz: ... weight has shape (1, 3) instead of (1, 2); ...
    """
    checked_model(model, "load")
    _, read = format_of(path)
    arrays = read(Path(path))
    if is_tree(arrays):
        tree = tree_of(arrays, path)
        arrays = tree.get("best") or tree["model"]
    own = model.state_dict()
    try:
        model.load_state_dict(arrays)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    rounded = [name for name, x in arrays.items() if name in own and loses(x, own[name])]
    if rounded:
        warnings.warn(
            f"{path} holds {arrays[rounded[0]].dtype} numbers where the {type(model).__name__} "
            f"has {np.asarray(own[rounded[0]]).dtype}, so they were rounded: {rounded[0]}"
            + (f" and {len(rounded) - 1} more" if len(rounded) > 1 else ""),
            stacklevel=depth(),
        )
    return model


def loses(x: np.ndarray, own: Any) -> bool:
    """Whether numbers are rounded when they take the dtype of our own."""
    return x.dtype.kind in "fc" and not np.can_cast(x.dtype, np.asarray(own).dtype, "safe")


def checked_model(model: Any, name: str) -> Any:
    """Return what has a state; raise for what has none."""
    if isinstance(model, type) or not hasattr(model, "load_state_dict"):
        raise TypeError(
            f"write nn.{name}(model, path) with a Module that was built; a file holds its numbers, "
            f"not its code. The first argument here is {model!r:.60}"
        )
    return model


def format_of(path: Any) -> Format:
    """Return how to write and read a file of this name."""
    if not isinstance(path, (str, PathLike)):
        raise TypeError(
            f"give the path of a file, not {path!r:.60}; model.load_state_dict(state) takes the "
            "numbers themselves"
        )
    ending = Path(path).suffix
    if ending not in FORMATS:
        raise ValueError(
            f"give a path that ends in {' or '.join(FORMATS)}, not {str(path)!r}; PyTorch's own "
            "files hold programs, which are not run here: write the numbers with "
            "safetensors.torch.save_file(model.state_dict(), 'model.safetensors')"
        )
    return FORMATS[ending]
