"""Which steps of a program run in native loops, and the program of NumPy's that calls them.

NumPy reads and writes an array for each step; a loop reads each entry once, and keeps what lies
between in registers. Arithmetic has NumPy's bits. exp, log, tanh and their kin are those of
`mathematics`, within 1.5 or 3 units in the last place.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from functools import partial
from math import prod
from typing import Any

import numpy as np

from autograd.compiling.blocks import NONE, function_of
from autograd.compiling.errors import NoNativeError
from autograd.compiling.llvm.arrays import TYPES, check_layout, taking_arrays
from autograd.compiling.llvm.engine import Native
from autograd.compiling.llvm.entrywise import entrywise
from autograd.compiling.llvm.frame import whole_function
from autograd.compiling.llvm.kernel import (
    ArrayWriter,
    Kernel,
    entry,
    own_form,
    taken_by,
)
from autograd.compiling.llvm.mathematics import define_math
from autograd.compiling.llvm.rows import is_softmax_of_rows, softmax_of_rows
from autograd.compiling.llvm.terms import BOOL, KINDS, Term
from autograd.compiling.node import Node, sample_of
from autograd.compiling.passes.finite import ALL_FINITE
from autograd.compiling.passes.regions import (
    SHORTEST,
    SMALLEST_NATIVE,
    Region,
    in_regions,
    is_candidate,
)
from autograd.compiling.text import Text
from autograd.engine.arrays import by_columns

NARROWEST = 32  # entries of a row for which a native loop pays


class Kernels:
    """The native loops of a program.

    Args:
        smallest: entries of an array for which a native loop pays.

    Attributes:
        loops: their texts.
        kinds: the types of what each takes.
        left: ops on large arrays that are left to NumPy.
        steps: the texts of the loops inside steps.
    """

    def __init__(self, smallest: int = SMALLEST_NATIVE) -> None:
        self.smallest = smallest
        self.loops: list[str] = []
        self.kinds: list[list[str]] = []
        self.declared: set[str] = set()
        self.used: set[tuple[str, str]] = set()
        self.left: set[str] = set()
        self.steps: dict[Any, str] = {}
        self.known: dict[Any, bool] = {}

    def regions(self, nodes: list[Node], ends: list[Node]) -> list[Node | Region]:
        """Return nodes, those of them that run in native loops gathered in regions."""
        return in_regions(nodes, ends, self.fits, in_common, pays)

    def fits(self, node: Node) -> bool:
        """Whether a step can be part of a native loop."""
        if is_softmax_of_rows(node):
            return True
        if node.op is ALL_FINITE:
            return node.args[0].sample.size >= self.smallest
        shapes = ((), np.shape(node.sample))
        if not is_candidate(node, self.smallest) or not all(
            np.shape(sample_of(x)) in shapes for x in taken_by(node)
        ):
            return False
        key = node.op, tuple([kind_of(x) for x in taken_by(node)])
        if key not in self.known:
            w = ArrayWriter()
            try:
                entry(w, node, [self.stand_in(w, x) for x in taken_by(node)])
                self.known[key] = True
            except NoNativeError as error:
                self.left.add(str(error))
                self.known[key] = False
        return self.known[key]

    def stand_in(self, w: ArrayWriter, x: Any) -> Any:
        """Return a term in place of an argument, to learn whether there is a native form."""
        sample = x.sample if isinstance(x, Node) else x
        if not isinstance(x, Node) and not np.ndim(sample):
            return x
        dtype = np.result_type(sample)
        if dtype not in KINDS:
            raise NoNativeError(f"numbers of dtype {dtype}")
        return Term(w, "%x", dtype)

    def forward(self, node: Node) -> Any:
        """Return the function of a step, with native loops inside if it asks for them."""
        if not node.op.loops:
            return node.op.forward
        samples = [np.asarray(sample_of(x)) for x in node.args]
        dtypes = {node.sample.dtype, *[x.dtype for x in samples]}
        small = any(x.size < SMALLEST_NATIVE or x.shape[-1] < NARROWEST for x in samples)
        if small or len(dtypes) > 1 or not dtypes <= {*KINDS} - {BOOL}:
            return node.op.forward
        loops = {name: entrywise(f, *dtypes) for name, f in node.op.loops.items()}
        self.steps |= {loop: loop.text for loop in loops.values()}
        return partial(node.op.forward, **loops)

    def write(self, text: Text, region: Region) -> None:
        """Write the call of a native loop."""
        k = len(self.loops)
        if is_softmax_of_rows(region.nodes[0]):
            self.write_softmax(text, k, region.nodes[0])
            return
        loop = Kernel(region)
        order = order_of([*loop.arrays, *loop.outputs])
        for i, x in enumerate(loop.arrays):
            text.lines.append(f"a{k}_{i} = {text.argument(x)}.ravel({order!r})")
        for x in loop.outputs:
            kind = text.known_as(x.sample.dtype, "dtype")
            text.lines.append(f"{text.variable(x)} = empty({x.sample.shape}, {kind}, {order!r})")
        arrays = [f"a{k}_{i}" for i in range(len(loop.arrays))]
        arrays += [text.names[x] for x in loop.outputs]
        numbers = [text.names[x] for x in loop.numbers]
        size = prod(in_common(region.nodes[0]))
        if loop.flags:
            text.lines.append(f"bad_{k} = empty({len(loop.flags)}, bool_)")
            arrays.append(f"bad_{k}")
        text.lines.append(f"region_{k}({', '.join([str(size), *arrays, *numbers])})")
        for i, x in enumerate(loop.flags):
            text.lines.append(f"{text.variable(x)} = ~bad_{k}[{i}]")
        for x in loop.outputs:
            if not x.sample.flags[f"{order}_CONTIGUOUS"]:
                other = "C" if order == "F" else "F"
                text.lines.append(f"{text.names[x]} = array({text.names[x]}, order={other!r})")
        self.loops.append(whole_function(f"void @region_{k}({loop.head})", loop.lines))
        self.kinds.append(["i64"] + ["ptr"] * len(arrays) + ["double"] * len(numbers))
        self.declared |= loop.w.declared
        self.used |= loop.w.used

    def write_softmax(self, text: Text, k: int, node: Node) -> None:
        """Write the call of the native loop of a softmax."""
        dtype, shape = node.sample.dtype, node.sample.shape
        text.lines.append(f"a{k} = {text.argument(node.args[0])}.ravel()")
        name = text.variable(node)
        text.lines.append(f"{name} = empty({shape}, {text.known_as(dtype, 'dtype')})")
        sizes = f"{node.sample.size // shape[-1]}, {shape[-1]}"
        text.lines.append(f"region_{k}({sizes}, a{k}, {name})")
        self.loops.append(softmax_of_rows(f"region_{k}", dtype))
        self.kinds.append(["i64", "i64", "ptr", "ptr"])
        self.used.add(("exp", KINDS[dtype]))

    def compiled(self, scope: dict[str, Any]) -> str:
        """Put the native loops into the scope of the program that calls them; return their text."""
        if not self.loops and not self.steps:
            left = f": {', '.join(sorted(self.left))}" if self.left else ""
            raise NoNativeError(f"no chain of elementwise steps on large arrays{left}")
        doubles = {name for name, kind in self.used if kind == "double"}
        floats = {name for name, kind in self.used if kind == "float"}
        text = "\n".join([*sorted(self.declared), *self.loops])
        shown = "\n".join([text, *self.steps.values()])
        definitions = [define_math(sorted(doubles)), define_math(sorted(floats), float32=True)]
        check_layout()
        taken = [taking_arrays("void", f"region_{k}", x) for k, x in enumerate(self.kinds)]
        native = Native("\n".join([text, *taken, *definitions]), 3)
        for k, kinds in enumerate(self.kinds):
            types = [TYPES[kind] for kind in kinds]
            scope[f"region_{k}"] = native.function(f"region_{k}_of", None, *types)
        left = f"; left to NumPy: {', '.join(sorted(self.left))}\n" if self.left else ""
        return left + shown


def with_native_loops(
    nodes: list[Node],
    sources: list[Node],
    guards: list[tuple[Node, Any]],
    results: list[Node],
    replacing: Set[Node] = NONE,
    smallest: int = SMALLEST_NATIVE,
) -> tuple[Callable[..., tuple], str]:
    """Return a function of the numbers of sources, which returns those of results, and its text.

    Args:
        nodes: the graph, each node after those that it takes.
        sources, results: the nodes that it begins and ends with.
        guards: nodes that must give these numbers; else the program is not that of the call.
        replacing: see `function_of`.
        smallest: entries of an array for which a native loop pays.

    Raises:
        NoNativeError: it has no elementwise steps on large arrays.
        ImportError: there is no LLVM.
    """
    kernels = Kernels(smallest)
    program, text = function_of(
        nodes, sources, guards, results, kernels.regions, kernels.write, kernels.forward, replacing
    )
    return program, f"{text}\n{kernels.compiled(program.__globals__)}"


def order_of(arrays: list[Any]) -> str:
    """Return the order in memory that most arrays have: "F" by columns, "C" by rows."""
    columns = sum(by_columns(sample_of(x)) for x in arrays)
    return "F" if 2 * columns > len(arrays) else "C"


def in_common(node: Node) -> Any:
    """Return what steps have in common that run in one loop; a softmax has one of its own."""
    if is_softmax_of_rows(node):
        return node
    return np.shape((node.args[0] if node.op is ALL_FINITE else node).sample)


def pays(members: list[Node]) -> bool:
    """Whether some steps are worth a native loop: several, or one of many instructions."""
    return len(members) >= SHORTEST or any(
        own_form(node.op) or is_softmax_of_rows(node) for node in members
    )


def kind_of(x: Any) -> Any:
    """Return what of an argument decides whether a step has a native form."""
    if not isinstance(x, Node) and not np.ndim(x):
        return type(x), repr(x)
    return type(sample_of(x)), np.result_type(sample_of(x)), isinstance(x, Node)
