"""Networks in the ONNX format, which other programs run: read off what a call computes."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from autograd import Value
from autograd.graphs.aligned import Alignment, Operation
from autograd.graphs.calls import Call, Watch
from autograd.graphs.onnx import Writer
from autograd.graphs.tape import Place, Tape, at, places_in
from nn.calling import copy_with
from nn.module import Module
from nn.saving.examples import check_examples, like
from nn.saving.replacing import replacing

FREE = "batch"
MOST_BYTES = 2**31 - 1  # bytes in a file of this format

# The network is called with other numbers and batches of other sizes; what differs tells what an
# ONNX graph could not hold. The first two calls are the same.
ALL = (0.0, 1.0)
SIZES = (2, 2, 2, 2, 5, 16, 1)
RANGES = (ALL, ALL, (0.0, 0.5), (0.5, 1.0), (0.4, 0.6), ALL, ALL)
RANDOM = "the network computes something else each time, perhaps with random numbers"
FROZEN = (
    "compute it from the input by NumPy's functions and operators on Values, not from x.numpy(), "
    "x.data or what np.argmax returns: numbers that depend on the input would be frozen"
)
SIZED = (
    "take sizes from x.shape and write them as -1, or give batch_axis=None for batches of one size "
    "only: something depends on the size of the batch in a way that ONNX cannot follow"
)
FIXED = 4  # so many calls have batches of one size
WHY = (RANDOM, RANDOM, FROZEN, FROZEN, SIZED, SIZED, SIZED)


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
        >>> import nn, onnx
        >>> from tempfile import TemporaryDirectory
        >>> model = nn.Sequential(nn.Linear(3, 4, seed=0), nn.ReLU())
        >>> with TemporaryDirectory() as folder:
        ...     export_onnx(model, np.zeros((1, 3)), f"{folder}/model.onnx")
        ...     graph = onnx.load(f"{folder}/model.onnx").graph
        >>> [x.name for x in (*graph.input, *graph.initializer, *graph.output)]
        ['x', '0.weight', '0.bias', 'output']
    """
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
    written = network.written(Writer(onnx, FREE))
    if network.reads:
        warnings.warn(
            f"the network takes numbers out of Values at {network.reads}: if it goes another way "
            "for others, this file does not. Write np.where instead of branches, and x.detach() "
            "for numbers without a gradient",
            stacklevel=2,
        )
    with replacing(path) as file:
        file.write(written)


class Traced:
    """A network, called several times.

    Args:
        model: the network.
        examples: arrays to call it with, or arguments of another kind.
        axes: for each of them, the axis whose size is free; None for none.
    """

    def __init__(self, model: Module, examples: list[Any], axes: Sequence[int | None]) -> None:
        buffers = [(path, b, Value(b.view(np.ndarray))) for path, b in model.named_buffers()]
        leaves = [*model.named_parameters(), *((path, value) for path, _, value in buffers)]
        self.names = {leaf.serial: path for path, leaf in leaves}
        self.leaves: list[Value] = [leaf for _, leaf in leaves]
        new = {id(p): p for p in model.parameters()} | {id(b): value for _, b, value in buffers}
        self.model = copy_with(model, new).eval()
        self.examples, self.axes = examples, axes
        self.arguments = names_of_arguments(model, examples)
        self.model(*map(as_input, examples))  # what a network keeps from its first call is there
        free = any(axis is not None for axis in axes)
        runs = [self.run(number) for number in range(len(SIZES) if free else FIXED)]
        tapes, calls, outputs = zip(*runs, strict=True)
        together = Alignment(tapes, SIZES[: len(runs)], WHY)
        self.calls: list[Call] = calls[0]
        self.reads = together.reads()
        self.steps = together.steps()
        self.outputs = together.results(outputs)

    def run(self, number: int) -> tuple[Tape, list[Call], tuple[Place, ...]]:
        """Call the network; return what it did, its modules' calls, and where the outputs are."""
        rng = np.random.default_rng(number // 2)
        inputs = [
            as_input(like(x, axis, SIZES[number], RANGES[number], rng))
            for x, axis in zip(self.examples, self.axes, strict=True)
        ]
        tape = Tape(self.leaves)
        calls: list[Call] = []
        with Watch(self.model.modules(), calls.append):
            try:
                y = tape.run(self.model, inputs)
            except Exception as error:
                shapes = ", ".join(str(x.shape) for x in inputs if isinstance(x, Value))
                error.add_note(
                    f"export_onnx called the network with inputs of shape {shapes}, to see what "
                    "depends on the size of a batch; batch_axis=None keeps it as it is"
                )
                raise
        outputs = [tape.found(x) for x in parts_of_result(y)]
        for x in outputs:
            if not isinstance(x, Place):
                raise ValueError(f"{FROZEN}; the network returned {x!r:.60}")
        return tape, calls, tuple(outputs)

    def written(self, to: Writer) -> bytes:
        """Return the bytes of the file."""
        used = needed(self.steps, self.outputs)
        arguments = iter(self.arguments)
        for place, step in enumerate(self.steps):
            if step.op is None and step.follows:
                to.input(place, step, unlike(next(arguments), self.names.values()))
            elif place in used and step.op is None:
                to.leaf(place, step, self.names[step.serial])
            elif place in used:
                to.step(place, step, self.where)
        several = len(self.outputs) > 1
        for i, (place,) in enumerate(self.outputs):
            name = f"output_{i}" if several else "output"
            to.output(place, self.steps[place], unlike(name, self.names.values()))
        model = to.model(type(self.model).__name__)
        if model.ByteSize() > MOST_BYTES:
            raise ValueError("an ONNX file holds up to 2 GB, and this network is larger")
        return model.SerializeToString()

    def where(self, step: Operation) -> str:
        """Return in which module an op was called, and in which line of the program."""
        paths = {id(module): path for path, module in self.model.named_modules()}
        for call in self.calls:  # inner ones first
            if call.first < step.serial < call.last:
                path, kind = paths[id(call.module)], type(call.module).__name__
                return (f"in {path}, a {kind}" if path else f"in {kind}") + at(step.line)
        return "in the network" + at(step.line)


def as_input(x: Any) -> Any:
    """Return an array as a Value, anything else as it is."""
    return Value(x) if isinstance(x, np.ndarray) else x


def parts_of_result(y: Any) -> Iterator[Any]:
    """Yield the arrays in what a network returns, which may be nested in tuples and dicts."""
    if isinstance(y, (tuple, list, dict)):
        for part in y.values() if isinstance(y, dict) else y:
            yield from parts_of_result(part)
    elif y is not None:
        yield y


def needed(steps: Sequence[Operation], outputs: Sequence[Place]) -> set[int]:
    """Return the places of all that outputs depend on."""
    found: set[int] = set()
    left = [place.number for place in outputs]
    while left:
        place = left.pop()
        if place not in found:
            found.add(place)
            left += [parent.number for parent in places_in(steps[place].args)]
    return found


def names_of_arguments(model: Module, examples: Sequence[Any]) -> list[str]:
    """Return what the call of a network names the arrays that it is given."""
    bound = inspect.signature(type(model).__call__).bind(model, *examples).arguments.items()
    names = [
        f"{name}_{i}" if isinstance(x, tuple) else name
        for name, x in bound
        for i, _ in enumerate(x if isinstance(x, tuple) else [x])
    ]
    return [name for name, x in zip(names[1:], examples, strict=True) if isinstance(x, np.ndarray)]


def unlike(name: str, others: Iterable[str]) -> str:
    """Return a name, changed if others have it."""
    return unlike(f"{name}_", others) if name in others else name


def onnx_package() -> Any:
    """Return the onnx package."""
    try:
        import onnx
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "ONNX files need a package: pip install 'chainrule[onnx]'", name="onnx"
        ) from error
    return onnx
