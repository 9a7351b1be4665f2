"""Lines that make a new variable, for `benchmarks.programs`, if one can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from benchmarks.programs import Writer

DTYPES = ["float64"] * 6 + ["float32"] * 2 + ["complex128", "complex64", "int64", "bool"]
# Left out: power and arctan2, whose np.power.reduce([2.0, 3.0, 4.0]) is 2 ** 4 on some processors,
# and logaddexp, whose reductions run in another order here.
FOLDS = """
    add multiply subtract divide maximum minimum hypot fmax fmin logical_and
    logical_or floor_divide
""".split()
COPIES = np.lib.NumpyVersion(np.__version__) >= "2.1.0"  # whether np.reshape has `copy`
REDUCTIONS = "sum prod max min mean all any argmax argmin cumsum cumprod ptp".split()


def array(x: np.ndarray) -> bool:
    return x.ndim > 0


def matrix(x: np.ndarray) -> bool:
    return x.ndim > 1


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
        "np.require({v}, requirements={needs!r})",
        *["np.reshape({v}, {shape}, copy={copies})"] * COPIES,
        "np.asarray({v}, order={any_order!r}, copy={copies})",
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
    return f"{w.new()} = " + call.format(
        v=v,
        shape=w.shape_of_size(x.size),
        order=order,
        any_order=any_order,
        dtype=w.one_of(*DTYPES),
        needs=w.one_of("C", "F"),
        copies=w.one_of(True, False, None) if x.ndim else None,
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
        "np.vsplit({v}, [1])[0]",
        "np.piecewise({v}, [{v} > 0], [lambda x: x, 2])",
        "np.select([{v} > 0], [{v}])",
        "np.gradient({v}, axis={i})",
        "np.vectorize(lambda x: x)({v})",
        "np.append({v}, {v}, axis={i})",
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
        "np.rot90({v}, {turns})",
        "np.fliplr({v})",
        "np.hsplit({v}, [1])[0]",
        "np.tril({v})",
        "np.transpose({v}, {axes})",
        "np.permute_dims({v})",
    )
    axes = list(range(w.arrays[v].ndim))
    w.random.shuffle(axes)
    return f"{w.new()} = " + call.format(v=v, axes=tuple(axes), turns=w.one_of(1, 2, 3, 4))


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
    # as may the absolute value of a complex number that does not lie beside the next one
    steady = w.arrays[v].dtype.kind != "c" or (w.arrays[v].flags.forc and w.arrays[v].ndim > 0)
    # that of whole numbers is the array itself in NumPy 2.0, and a copy in later ones
    rounds = w.arrays[v].dtype.kind != "i"
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
        *["abs({v})"] * steady,
        "np.sqrt({v})",
        "np.square({v})",
        "np.where({v} > 0, {v}, {x})",
        "np.concatenate([{v}, {v}])",
        "np.stack([{v}, {v}], axis={i})",
        *["np.dot({v}, {v})", "{v} @ {v}.T"] * forwards,
        "np.outer({v}, {x})",
        "np.maximum({v}, {x})",
        "np.median({v}, axis={i})",
        "np.var({v}, axis={i})",
        "np.std({v})",
        *["np.quantile({v}, [0.0, 0.5, 1.0], axis={i})", "np.quantile({v}, 0.5)"] * finite,
        "np.clip({v}, -1, 1)",
        "np.tile({v}, 2)",
        "np.diff({v})",
        "np.argsort({v})",
        *["np.round({v})"] * rounds,
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
