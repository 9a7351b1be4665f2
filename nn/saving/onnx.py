"""Networks in the ONNX format, which other programs run: read off what a call computes."""

from __future__ import annotations

import warnings
from typing import Any

from autograd import Value
from nn.answers import FILES, answering
from nn.module import Module
from nn.precision import depth
from nn.saving.examples import check_examples
from nn.saving.replacing import replacing


@answering(FILES)
def export_onnx(model: Module, inputs: Any, path: Any, *, batch_axis: Any = 0) -> None:
    """Save what a network computes as an ONNX file, which ONNX Runtime and many others run.

    The file holds the network as it is in evaluation, `model.eval()`: without dropout, and with
    running means. What a call computes is written down op by op, so any module will do, also your
    own. Batches may have any size. Parameters and buffers keep the names of `state_dict`. Inputs
    are called as in the signature of the call; outputs "output", or "output_0" and so on.

    To see what depends on what, the network is called several times with other numbers, and with
    batches of 1 to 16: where it goes another way only beyond these, the file does not. Where it
    takes numbers out of Values, a warning says so.

    Build networks for ONNX Runtime with dtype=np.float32: it has no convolution, mean of windows or
    exact `gelu` in double precision, and versions before 1.24 lack more.

    Args:
        model: the network; it stays as it is.
        inputs: what to call it with, an array, or a tuple of several arguments. Of floats, shape
            and dtype count, and the range they lie in; of ints, which ones occur.
        path: of the file, such as "model.onnx".
        batch_axis: which axis of the inputs may have any length in the file, such as 1 for the
            samples of `LSTM(batch_first=False)`, None for none; a tuple for one of each input.

    Raises:
        ModuleNotFoundError: this needs the extra `onnx`.
        TypeError: the model is no Module, or inputs are no arrays.
        ValueError: an op has no form in ONNX; or the network cannot be written down, since it goes
            another way for other numbers or batches, draws random numbers, or computes with numbers
            that were taken out of Values.

    Example:
        >>> import nn, numpy as np, onnx
        >>> from tempfile import TemporaryDirectory
        >>> model = nn.Sequential(nn.Linear(3, 4, seed=0), nn.ReLU())
        >>> with TemporaryDirectory() as folder:
        ...     export_onnx(model, np.zeros((1, 3)), f"{folder}/model.onnx")
        ...     graph = onnx.load(f"{folder}/model.onnx").graph
        >>> [x.name for x in (*graph.input, *graph.initializer, *graph.output)]
        ['x', '0.weight', '0.bias', 'output']
    """
    from nn.saving.traced import Traced  # not for those who import nn alone

    onnx = onnx_package()
    if not isinstance(model, Module):
        raise TypeError(
            f"write nn.export_onnx(model, x, path) with a Module that was built, not {model!r:.60}"
        )
    given = inputs if isinstance(inputs, tuple) else (inputs,)
    examples = [x.numpy() if isinstance(x, Value) else x for x in given]
    axes = batch_axis if isinstance(batch_axis, tuple) else [batch_axis] * len(examples)
    check_examples(model, examples, axes)
    network = Traced(model, examples, axes)
    written = network.written(onnx)
    if network.reads:
        warnings.warn(
            f"the network takes numbers out of Values at {network.reads}: if it goes another way "
            "for others, this file does not. Write np.where instead of branches, and x.detach() "
            "for numbers without a gradient",
            stacklevel=depth(),
        )
    with replacing(path) as file:
        file.write(written)


def onnx_package() -> Any:
    """Return the onnx package."""
    try:
        import onnx
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "ONNX files need a package: pip install 'chainrule[onnx]'", name="onnx"
        ) from error
    return onnx
