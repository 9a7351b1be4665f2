"""Writer: steps become nodes of an ONNX graph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.graphs.aligned import Filled, Operation, Size
from autograd.graphs.onnx.forms import FORMS
from autograd.graphs.tape import ResultOf

OPSET = 18  # the first in which all reductions take their axes alike
FORMAT = 8  # the version of the file format that belongs to it
WRITABLE = "biuf"


@dataclass(frozen=True)
class Operand:
    """A result in the graph, as another op takes it.

    Attributes:
        name: its name there.
        dtype, shape: its own; a Size in the shape grows with the input.
        weak: it is a Python float, which takes the dtype of what it is combined with.
    """

    name: str
    dtype: np.dtype
    shape: tuple[Any, ...]
    weak: bool

    @property
    def ndim(self) -> int:
        """How many axes it has."""
        return len(self.shape)


class Writer:
    """An ONNX graph that grows node by node.

    Args:
        onnx: the onnx package.
        free: the name of the size that is free.

    """

    def __init__(self, onnx: Any, free: str) -> None:
        self.onnx, self.free = onnx, free
        self.nodes: list[Any] = []
        self.initialisers: list[Any] = []
        self.inputs: list[Any] = []
        self.outputs: list[Any] = []
        self.sized: list[tuple[str, int]] = []  # inputs, and which axis of them has the free size
        self.size = ""  # the name of the free size, once it is used
        self.constants: dict[tuple, str] = {}
        self.casts: dict[tuple, str] = {}
        self.operands: dict[int, Operand] = {}

    # -- what a form calls

    def put(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Add a node, and return the name of its result."""
        name = f"/{kind}_{len(self.nodes)}"
        self.nodes.append(self.onnx.helper.make_node(kind, inputs, [name], name, **attributes))
        return name

    def constant(self, x: Any, dtype: Any = None) -> str:
        """Return the name of numbers that are always the same."""
        x = np.asarray(x, dtype)
        key = (x.tobytes(), x.shape, x.dtype)
        if key not in self.constants:
            self.constants[key] = self.hold(f"/constant_{len(self.constants)}", x)
        return self.constants[key]

    def hold(self, name: str, x: np.ndarray) -> str:
        """Add an initialiser, and return its name."""
        self.initialisers.append(self.onnx.numpy_helper.from_array(np.asarray(x, order="C"), name))
        return name

    def tensor(self, x: Any, dtype: Any) -> str:
        """Return the name of an argument of an op, in a dtype."""
        if isinstance(x, Operand):
            return x.name if x.dtype == dtype else self.cast(x.name, dtype)
        if isinstance(x, (Size, tuple)):
            return self.cast(self.ints(x), dtype)
        if isinstance(x, Filled):
            return self.put("Expand", self.constant(x.numbers, dtype), self.ints(x.shape))
        return self.constant(x, dtype)

    def cast(self, name: str, dtype: Any) -> str:
        """Return the name of a result in another dtype."""
        key = (name, np.dtype(dtype))
        if key not in self.casts:
            self.casts[key] = self.put("Cast", name, to=self.code(dtype))
        return self.casts[key]

    def code(self, dtype: Any) -> int:
        """Return ONNX's number of a dtype."""
        return self.onnx.helper.np_dtype_to_tensor_dtype(np.dtype(dtype))

    def ints(self, numbers: Any) -> str:
        """Return the name of whole numbers, some of which may grow with the input."""
        each = numbers if isinstance(numbers, (tuple, list)) else (numbers,)
        sizes = [n if isinstance(n, Size) else Size(0, int(n)) for n in each]
        slopes, offsets = [n.slope for n in sizes], [n.offset for n in sizes]
        if not isinstance(numbers, (tuple, list)):
            slopes, offsets = slopes[0], offsets[0]  # type: ignore[assignment]
        if not np.any(slopes):
            return self.constant(offsets, np.int64)
        grown = self.size = self.size or self.free_size()
        if np.any(np.not_equal(slopes, 1)) or np.ndim(slopes):
            grown = self.put("Mul", grown, self.constant(slopes, np.int64))
        if np.any(offsets):
            grown = self.put("Add", grown, self.constant(offsets, np.int64))
        return grown

    # -- what a graph consists of

    def input(self, place: int, step: Operation, name: str) -> None:
        """Add an input."""
        info = self.information(name, step)
        self.inputs.append(info)
        self.known(place, step, name)
        self.sized += [(name, axis) for axis, n in enumerate(step.shape) if n == Size(1)]

    def free_size(self) -> str:
        """Add what reads the free size off an input."""
        name, axis = self.sized[0]
        return self.put("Squeeze", self.put("Shape", name, start=axis, end=axis + 1))

    def output(self, place: int, step: Operation, name: str) -> None:
        """Add an output."""
        self.nodes.append(
            self.onnx.helper.make_node("Identity", [self.operands[place].name], [name], f"/{name}")
        )
        self.outputs.append(self.information(name, step))

    def information(self, name: str, step: Operation) -> Any:
        """Return what ONNX keeps of an input or an output: its name, dtype and shape."""
        lengths = [self.length(n) if isinstance(n, Size) else n for n in step.shape]
        return self.onnx.helper.make_tensor_value_info(name, self.code(step.dtype), lengths)

    def length(self, n: Size) -> str:
        """Return a size in letters, such as "batch" or "2*batch+1"."""
        product = self.free if n.slope == 1 else f"{n.slope}*{self.free}"
        return f"{product}{n.offset:+d}" if n.offset else product

    def leaf(self, place: int, step: Operation, name: str) -> None:
        """Add numbers that belong to the model, under a name."""
        if step.dtype.kind not in WRITABLE:
            raise ValueError(f"{name} has no form in ONNX, since it holds {step.dtype}")
        self.known(place, step, self.hold(name, np.asarray(step.data)))

    def known(self, place: int, step: Operation, name: str) -> None:
        """Remember which result of the graph a step has become."""
        weak = type(step.data) is float
        self.operands[place] = Operand(name, step.dtype, step.shape, weak)

    def step(self, place: int, step: Operation, where: Callable[[Operation], str]) -> None:
        """Add the nodes of an op.

        Raises:
            ValueError: ONNX has no form of it, or none with such arguments.
        """
        form = FORMS.get(step.op.call)
        try:
            if form is None or step.dtype.kind not in WRITABLE:
                raise ValueError(f"no form in ONNX that gives {step.dtype}")
            self.known(place, step, "")
            args, params = self.resolved(step.args), self.resolved(step.params)
            self.known(place, step, form(self, self.operands[place], *args, **params))
        except ValueError as error:
            raise ValueError(
                f"{step.op.name} has {error}: write that part with other functions, or leave it "
                f"out of the model; it is called {where(step)}"
            ) from None

    def resolved(self, x: Any) -> Any:
        """Return arguments with an Operand for each ResultOf."""
        if isinstance(x, ResultOf):
            return self.operands[x.number]
        if type(x) is dict:
            return {name: self.resolved(part) for name, part in x.items()}
        return tuple(map(self.resolved, x)) if type(x) is tuple else x

    def model(self, name: str) -> Any:
        """Return the whole as a model of ONNX."""
        helper = self.onnx.helper
        graph = helper.make_graph(self.nodes, name, self.inputs, self.outputs, self.initialisers)
        opsets = [helper.make_opsetid("", OPSET)]
        return helper.make_model(
            graph, producer_name="chainrule", opset_imports=opsets, ir_version=FORMAT
        )
