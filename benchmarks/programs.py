"""Random programs of views, changes in place, ufunc methods and reads, as lines of text.

A program runs on NumPy's arrays and on Values alike: `V(a)` makes either from an array, `data(v)`
is the array that may be written to, and `set_data(v, a)` replaces the numbers. Each line is chosen
by what the variables hold on NumPy's side when it is reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import numpy as np

DTYPES = ["float64"] * 6 + ["float32"] * 2 + ["complex128", "complex64", "int64", "bool"]
SHAPES = [(3,), (4,), (2, 3), (3, 3), (3, 2), (1, 3), (2, 2, 3), (1,), (2, 1), (0,), (0, 2), (1, 1)]
# Left out: power and arctan2, whose np.power.reduce([2.0, 3.0, 4.0]) is 2 ** 4 on some processors,
# and logaddexp, whose reductions run in another order here.
FOLDS = """
    add multiply subtract divide maximum minimum hypot fmax fmin logical_and
    logical_or floor_divide
""".split()
REDUCTIONS = "sum prod max min mean all any argmax argmin cumsum cumprod ptp".split()
# Left out until a change in place refuses what is read-only, and keeps the layout in memory.
WAITING = """
    diag broadcast meshgrid sliding_window imag real sort partition **= -= += /= order='F' out=
""".split()
Arrays = dict[str, Any]


class Writer:
    """Writes the lines of one program.

    Args:
        seed: programs of the same seed are the same.
    """

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.arrays: Arrays = {}
        self.leaves: set[str] = set()
        self.count = 0
        self.kinds = [(kind, weight) for weight, kinds in KINDS.items() for kind in kinds]

    def program(self, lines: int) -> Iterator[str]:
        """Yield the lines; after each, `self.arrays` must hold what NumPy has then."""
        for _ in range(self.random.choice([1, 1, 2])):
            self.leaves.add(new := self.new())
            yield f"{new} = V({self.literal()})"
        if self.random.random() < 0.4:
            yield f"a0 = {self.literal()}"
        for _ in range(lines):
            kinds, weights = zip(*self.kinds, strict=True)
            line = self.random.choices(kinds, weights)[0](self)
            if line and not any(fragment in line for fragment in WAITING):
                yield line
        for i, name in enumerate(sorted(self.arrays)):  # who shares memory with whom?
            yield f"{name}[...] = {i % 2 if self.arrays[name].dtype == bool else 20 + i}"

    # -- parts of lines ------------------------------------------------------------------

    def one_of(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def new(self) -> str:
        self.count += 1
        return f"v{self.count}"

    def name(self, accept: Callable[[np.ndarray], bool] = lambda x: True) -> str | None:
        """Return a variable that holds what is asked for, more often a later one."""
        names = [n for n, x in self.arrays.items() if n != "a0" and accept(x)]
        return names[-1 - int(len(names) * self.random.random() ** 1.5)] if names else None

    def literal(self) -> str:
        r, shape = self.random, self.one_of(*SHAPES)
        dtype = self.one_of(*DTYPES)
        n = int(np.prod(shape))
        numbers = [r.randint(-12, 12) / 4 for _ in range(n)]
        if dtype[:7] == "complex":
            numbers = [complex(x, r.randint(-3, 3)) for x in numbers]
        order = self.one_of("C", "C", "F") if len(shape) > 1 else "C"
        text = f"np.reshape({numbers}, {shape})"
        return f"np.array({text}, {dtype!r}, order={order!r})"

    def index(self, shape: tuple[int, ...]) -> str:
        """Return an index of an array of this shape, of any kind that NumPy has."""
        r = self.random
        if r.random() < 0.08:
            mask = [r.random() < 0.5 for _ in range(int(np.prod(shape)))]
            return f"np.reshape(np.array({mask}, bool), {shape})"
        parts = [self.part(n) for n in shape[: r.randint(min(1, len(shape)), len(shape))]]
        if r.random() < 0.15:
            whole = ["..."] if len(parts) < len(shape) else []
            parts.insert(r.randint(0, len(parts)), self.one_of("None", *whole))
        return ", ".join(parts) or "..."

    def part(self, n: int) -> str:
        r = self.random
        kinds = ["slice"] * 6 + ["int"] * 2 * (n > 0) + ["list"] * (n > 0) + ["mask"]
        kind = r.choice(kinds)
        if kind == "int":
            return str(r.randint(-n, n - 1))
        if kind == "list":
            return str([r.randint(-n, n - 1) for _ in range(r.randint(1, 3))])
        if kind == "mask":
            return str([r.random() < 0.6 for _ in range(n)]) if n else ":"
        return self.one_of(":", "1:", ":2", "::2", "::-1", ":1", "-2:", "1:1", "::-2")

    def axis(self, ndim: int) -> int:
        return self.random.randint(-ndim, ndim - 1) if ndim else 0

    def number(self) -> str:
        return str(self.one_of(2, 3.0, 0.5, -1.0, 7, 0.25))

    def operand(self) -> str:
        """Return something to compute with or to write: a number, a variable, a part of one."""
        name = self.name()
        if name is None or self.random.random() < 0.35:
            return self.number()
        kind = self.random.random()
        if kind < 0.5 or not self.arrays[name].ndim:
            return name
        if kind < 0.7:
            return f"{name}[{self.index(self.arrays[name].shape)}]"
        return f"{name} {self.one_of('+', '*', '-')} {self.number()}"

    def shape_of_size(self, size: int) -> str:
        shapes = [f"({size},)", "(-1,)", f"(1, {size})", f"({size}, 1)"]
        shapes += [f"({n}, {size // n})" for n in (2, 3) if size % n == 0]
        return self.one_of(*shapes) if size else "(0, 3)"


def array(x: np.ndarray) -> bool:
    return x.ndim > 0


def matrix(x: np.ndarray) -> bool:
    return x.ndim > 1


# -- kinds of lines ------------------------------------------------------------------------------


def index_view(w: Writer) -> str | None:
    v = w.name(array)
    return v and f"{w.new()} = {v}[{w.index(w.arrays[v].shape)}]"


def shape_view(w: Writer) -> str | None:
    v = w.name()
    if v is None:
        return None
    x, order = w.arrays[v], w.one_of("C", "C", "F", "A")
    any_order = w.one_of("C", "F", "A", "K")
    many = "np.broadcast_to({v}, (2, *np.shape({v})))"
    call = w.one_of(
        "{v}.T",
        "{v}.reshape({shape}, order={order!r})",
        "np.reshape({v}, {shape}, order={order!r})",
        "{v}.ravel(order={any_order!r})",
        "{v}.ravel()",
        "np.ravel({v}, order={any_order!r})",
        "{v}.flatten(order={any_order!r})",
        "{v}.copy(order={any_order!r})",
        "np.copy({v}, order={any_order!r})",
        "np.array({v}, order={any_order!r})",
        "np.asarray({v})",
        "np.asarray({v}, order={any_order!r})",
        "np.array({v}, ndmin=3)",
        "np.ascontiguousarray({v})",
        "np.asfortranarray({v})",
        "np.require({v}, requirements='F')",
        "np.squeeze({v})",
        "np.expand_dims({v}, 0)",
        "np.atleast_2d({v})",
        "np.atleast_3d({v})",
        "np.flip({v})",
        "np.real({v})",
        "np.imag({v})",
        "{v}.real",
        "{v}.imag",
        "np.nan_to_num({v}, copy=False)",
        "np.nan_to_num({v})",
        many,
        "np.broadcast_to({v}, np.shape({v}))",
        "np.broadcast_arrays({v}, np.zeros((2, 1)))[0]",
        "np.astype({v}, {dtype!r}, copy=False)",
        "{v}.astype({dtype!r})",
        "{v}.astype({dtype!r}, order={any_order!r}, copy=False)",
        "np.zeros_like({v})",
        "np.full_like({v}, 2.5)",
        "np.ones_like({v}, order={any_order!r})",
        "np.real_if_close({v})",
        "np.conj({v})",
        "{v}.conj()",
        "+{v}",
    )
    new, dtype = w.new(), w.one_of(*DTYPES)
    shape = w.shape_of_size(x.size)
    return f"{new} = " + call.format(
        v=v, shape=shape, order=order, any_order=any_order, dtype=dtype
    )


def axis_view(w: Writer) -> str | None:
    v = w.name(array)
    if v is None:
        return None
    x = w.arrays[v]
    i, j, n = w.axis(x.ndim), w.axis(x.ndim), x.shape[0]
    call = w.one_of(
        "np.flip({v}, {i})",
        "np.swapaxes({v}, {i}, {j})",
        "{v}.swapaxes({i}, {j})",
        "np.moveaxis({v}, {i}, {j})",
        "np.rollaxis({v}, {i})",
        "np.expand_dims({v}, {i})",
        "np.split({v}, [1], axis={i})[0]",
        "np.array_split({v}, 2, axis={i})[1]",
        "np.unstack({v}, axis={i})[0]",
        "np.lib.stride_tricks.sliding_window_view({v}, 2, axis={i})",
        "np.lib.stride_tricks.sliding_window_view({v}, 2, axis={i}, writeable=True)",
        "np.meshgrid({v}, {v}, copy=False)[0]",
        "np.meshgrid({v}, {v}, copy=False, sparse=True)[1]",
        "np.take({v}, [0, -1], axis={i})",
        "np.repeat({v}, 2, axis={i})",
        "np.roll({v}, 1, axis={i})",
        "np.compress([True], {v}, axis={i})",
        "np.diag({v})",
        "{v}.flat[0]",
        "{v}.flat[0:2]",
        "{v}.flat[::2]",
        "{v}.flat[[0, -1]]",
        "np.einsum('i...->...i', {v})",
        "np.einsum('i->i', {v})",
        "np.einsum('...->...', {v})",
    )
    new = w.new()
    return f"{new} = " + call.format(v=v, i=i, j=j, n=n)


def matrix_view(w: Writer) -> str | None:
    v = w.name(matrix)
    if v is None:
        return None
    square = len(set(w.arrays[v].shape)) == 1  # NumPy reads past the end of others
    call = w.one_of(
        "np.diagonal({v})",
        "{v}.diagonal(1)",
        "np.diagonal({v}, -1, 1, 0)",
        "np.diag({v})",
        "np.linalg.diagonal({v})",
        "np.trace({v})",
        "np.einsum('ij->ji', {v})",
        *["np.einsum('ii->i', {v})"] * square,
        "np.einsum('ij->ij', {v})",
        "{v}.mT",
        "np.rot90({v})",
        "np.fliplr({v})",
        "np.hsplit({v}, [1])[0]",
        "np.tril({v})",
        "np.transpose({v}, {axes})",
        "np.permute_dims({v})",
    )
    axes = list(range(w.arrays[v].ndim))
    w.random.shuffle(axes)
    return f"{w.new()} = " + call.format(v=v, axes=tuple(axes))


def write(w: Writer) -> str | None:
    v = w.name(array)
    if v is None:
        return None
    x = w.arrays[v]
    call = w.one_of(
        *["{v}[{index}] = {x}"] * 6,
        *["{v} {op}= {x}"] * 4,
        *["{v}[{index}] {op}= {x}"] * 2,
        "{v} **= 2",
        "{v}.flat[{at}] = {n}",
        "{v}.flat[{at}] = {x}",
        "{v}.flat[:2] = np.copy({x})",  # NumPy's flat does not care for overlaps
        "{v}.flat[[0, -1]] = np.copy({x})",
        "{v}.flat = np.copy({x})",
        "np.put({v}, [0, -1], {x})",
        "np.put({v}, [0, 7], {x}, mode='wrap')",
        "{v}.put([0, 0], [5, 6])",
        "np.place({v}, {v} > 0, [5, 6])",
        "np.copyto({v}, {x})",
        "np.copyto({v}, {x}, where={v} > 0)",
        "np.putmask({v}, {v} > 0, {x})",
        "np.fill_diagonal({v}, np.copy({x}))",
        "np.put_along_axis({v}, np.argsort({v}, axis={i})[:1], {x}, axis={i})",
        "np.add.at({v}, [0, 0], {x})",
        "np.add.at({v}, [], {x})",
        "np.subtract.at({v}, ([0, -1, 0],), 1.0)",
        "np.multiply.at({v}, [0, 0], 2)",
        "np.negative.at({v}, [0])",
        "{v}.sort(axis={i})",
        "{v}.partition(0, axis={i})",
        "{v}.fill({n})",
        "np.nan_to_num({v}, copy=False)[...] = {x}",
        "{v}.T[...] = {x}",
        "{v}.ravel()[0] = {x}",
        "{v}.ravel(order='K')[0] = {x}",
        "{v}.real = {n}",
        "{v}.imag[...] = {n}",
    )
    return call.format(
        v=v,
        index=w.index(x.shape),
        x=w.operand(),
        op=w.one_of("+", "-", "*", "/"),
        at=w.one_of(0, -1),
        i=w.axis(x.ndim),
        n=w.number(),
    )


def into(w: Writer) -> str | None:
    v, u = w.name(array), w.name()
    call = w.one_of(
        "np.add({u}, {x}, out={v})",
        "np.multiply({u}, {x}, out={v})",
        "{new} = np.square({u}, out={v})",
        "np.subtract({v}, 1.0, out={v})",
        "np.add({v}, {x}, out={v}[::-1])",
        "np.add({u}, {x}, out={v}, where={v} > 0)",
        "np.cumsum({u}, axis=0, out={v})",
        "np.sum({u}, axis=0, out={v})",
        "np.clip({u}, -1, 1, out={v})",
        "np.add.reduce({u}, axis=0, out={v})",
        "np.add.accumulate({u}, out={v})",
        "np.greater({u}, 0, out={v})",
    )
    return v and call.format(v=v, u=u, x=w.operand(), new=w.new())


def ufunc_method(w: Writer) -> str | None:
    v = w.name(array)
    if v is None:
        return None
    call = w.one_of(
        "np.{f}.reduce({v})",
        "np.{f}.reduce({v}, axis={i})",
        "np.{f}.reduce({v}, axis={i}, keepdims=True)",
        "np.{f}.reduce({v}, axis=None)",
        "np.{f}.reduce({v}, initial=2.0)",
        "np.{f}.reduce({v}[:1])",
        "np.{f}.reduce({v}[:0])",
        "np.{f}.reduce({v}, axis={i}, dtype={d!r})",
        "np.{f}.accumulate({v}, axis={i})",
        "np.{f}.accumulate({v}[:1])",
        "np.{f}.outer({v}, {u})",
        "np.{f}.reduceat({v}, [0, 1, 0], axis={i})",
        "np.{f}.reduceat({v}, [0])",
        "np.{f}.reduceat({v}, [0, 0, 1])",
    )
    i = w.axis(w.arrays[v].ndim)
    d = w.one_of("float64", "float32", "complex128")
    call = call.format(f=w.one_of(*FOLDS), v=v, i=i, u=w.name(), d=d)
    return f"{w.new()} = {call}"


def read(w: Writer) -> str | None:
    v = w.name()
    if v is None:
        return None
    i = w.axis(w.arrays[v].ndim)
    # a product of reversed vectors may differ in the last bit: np.dot and np.matmul differ, too
    forwards = min(w.arrays[v].strides, default=0) >= 0
    finite = bool(np.isfinite(w.arrays[v]).all())  # NumPy's quantiles are NaN next to infinity
    call = w.one_of(
        *["{v} {op} {x}"] * 5,
        *["{x} {op} {v}"] * 2,
        *["{v} {compare} {x}"] * 2,
        *["np.{r}({v})", "np.{r}({v}, axis={i})"] * 3,
        "np.{r}({v}, axis={i}, keepdims=True)",
        "{v}.sum()",
        "{v}.mean()",
        "{v}.max(axis={i})",
        "np.sort({v})",
        "-{v}",
        "abs({v})",
        "np.sqrt({v})",
        "np.square({v})",
        "np.where({v} > 0, {v}, {x})",
        "np.concatenate([{v}, {v}])",
        "np.stack([{v}, {v}], axis={i})",
        *["np.dot({v}, {v})", "{v} @ {v}.T"] * forwards,
        "np.outer({v}, {x})",
        "np.maximum({v}, {x})",
        "np.median({v}, axis={i})",
        *["np.quantile({v}, [0.0, 0.5, 1.0], axis={i})", "np.quantile({v}, 0.5)"] * finite,
        "np.clip({v}, -1, 1)",
        "np.tile({v}, 2)",
        "np.diff({v})",
        "np.argsort({v})",
        "np.round({v})",
        "np.isnan({v})",
        "np.full((2, 3), {n})",
    )
    call = call.format(
        v=v,
        x=w.operand(),
        op=w.one_of("+", "-", "*", "/", "**", "//", "%"),
        compare=w.one_of("<", "<=", ">", "==", "!="),
        r=w.one_of(*REDUCTIONS),
        i=i,
        n=w.number(),
    )
    return f"{w.new()} = {call}"


def alias(w: Writer) -> str | None:
    v = w.name(array)
    if v is None:
        return None
    # views of a leaf that were taken earlier do not follow writes to its .data
    alone = not any(np.shares_memory(w.arrays[v], x) for n, x in w.arrays.items() if n != v)
    alone = alone and w.arrays[v].dtype.kind in "fc"  # that of others may change its dtype
    new = w.new()
    line = w.one_of(
        "{new} = V(a0)",
        "a0[...] = {n}",
        "a0 = np.copy(data({v}))",
        "a0 = {a}",
        *["set_data({v}, a0)", "data({v})[...] = {n}"] * (alone and v in w.leaves),
        "{v}[...] = a0",
        "{new} = {v} + a0",
        "{new} = {v}",
        "del {v}",
    )
    return line.format(v=v, new=new, n=w.number(), a=w.literal())


KINDS = {
    5: [index_view, write],
    3: [shape_view, axis_view, read],
    2: [ufunc_method, matrix_view, alias],
    1: [into],
}
