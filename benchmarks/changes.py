"""Lines that change an array in place, for `benchmarks.programs`, if one can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.lines import array

if TYPE_CHECKING:
    from benchmarks.programs import Writer


def write(w: Writer) -> str | None:
    v = w.name(array)
    if v is None:
        return None
    x = w.arrays[v]
    call = w.one_of(
        *["{v}[{index}] = {x}"] * 6,
        *["{v} {op}= {x}"] * 4,
        *["{v}[{index}] {op}= {x}"] * 2,
        "{v} &= True",
        "{v} |= {v} > 0",
        "{v} @= np.eye({n_last})",
        *["{v} **= 2"] * (x.dtype.kind != "c"),  # see `beside`
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
        "np.nan_to_num({v}, copy=False)[...] = {n}",
        "{v}.T[...] = {x}",
        "{v}.ravel()[0] = {x}",
        "{v}.ravel(order='K')[0] = {x}",
        "{v}.real = {n}",
        "{v}.imag[...] = {n}",
    )
    return call.format(
        v=v,
        index=w.index(x.shape),
        x=beside(w, x),
        op=w.one_of("+", "-", "*", "/", "//", "%"),
        at=w.one_of(0, -1),
        i=w.axis(x.ndim),
        n=w.number(),
        n_last=x.shape[-1],
    )


def of_one_number(w: Writer) -> str | None:
    v = w.name(lambda x: x.size == 1)
    u = w.name(lambda x: x.ndim == 1 and x.size > 0)
    many = ["{new} = {u}[0, ...]", "{new} = {u}[..., -1]", "{new} = {u}[:1].reshape(())"]
    one = ["{v}[...] = {n}", "{v}[()] = {n}", "{v} += {n}", "{v}.fill({n})", "{new} = {v}[...]"]
    one += ["{new} = {v}.reshape(())", "{new} = np.squeeze({v})", "{new} = {v}.T"]
    calls = many * (u is not None) + one * (v is not None)
    return calls and w.one_of(*calls).format(v=v, u=u, n=w.number(), new=w.new())


def beside(w: Writer, x: np.ndarray) -> str:
    """Return an operand for a change of `x`.

    A product of one complex number with itself may differ from NumPy's in the last bit where NumPy
    writes it over the number itself, so of complex numbers it is a copy.
    """
    return f"np.copy({w.operand()})" if x.dtype.kind == "c" else w.operand()


def into(w: Writer) -> str | None:
    v, u = w.name(array), w.name()
    if v is None:
        return None
    real = w.arrays[v].dtype.kind != "c"  # see `beside`
    call = w.one_of(
        "np.add({u}, {x}, out={v})",
        *["np.multiply({u}, {x}, out={v})"] * real,
        *["{new} = np.square({u}, out={v})"] * real,
        "np.subtract({v}, 1.0, out=({v},))",
        "np.median({u}, axis=0, out={v})",
        "np.add({v}, {x}, out={v}[::-1])",
        "np.add({u}, {x}, out={v}, where={v} > 0)",
        "np.cumsum({u}, axis=0, out={v})",
        "np.sum({u}, axis=0, out={v})",
        "np.clip({u}, -1, 1, out={v})",
        "np.add.reduce({u}, axis=0, out={v})",
        "np.add.accumulate({u}, out={v})",
        "np.greater({u}, 0, out={v})",
    )
    x = beside(w, w.arrays[v])
    return call.format(v=v, u=u, x=x, new=w.new())


def alias(w: Writer) -> str | None:
    v = w.name(array)
    if v is None:
        return None
    learns = w.arrays[v].dtype.kind in "fc"  # new data of others may change the dtype
    new = w.new()
    line = w.one_of(
        "{new} = V(a0)",
        "a0[...] = {n}",
        "a0 = np.copy(data({v}))",
        "a0 = {a}",
        *["set_data({v}, a0)", "data({v})[...] = {n}"] * (learns and v in w.leaves),
        "{v}[...] = a0",
        "{new} = {v} + a0",
        "{new} = {v}",
        "del {v}",
    )
    return line.format(v=v, new=new, n=w.number(), a=w.literal())
