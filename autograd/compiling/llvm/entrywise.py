"""Native loops that an op asks for, over the entries of matrices that it holds.

An op such as a recurrent network alternates between products of matrices, which are NumPy's, and
arithmetic on their entries, which a native loop does in one pass.
"""

from __future__ import annotations

from collections.abc import Callable
from ctypes import c_int64
from functools import cache
from inspect import signature
from typing import Any

import numpy as np

from autograd.compiling.llvm.engine import Native
from autograd.compiling.llvm.frame import whole_function
from autograd.compiling.llvm.kernel import ArrayWriter, looped, read, write_entry
from autograd.compiling.llvm.mathematics import define_math
from autograd.compiling.llvm.terms import KINDS


@cache
def entrywise(formula: Callable[..., tuple], dtype: Any) -> Entrywise:
    """Return the loops of a formula, made once."""
    return Entrywise(formula, dtype)


class Entrywise:
    """A function of the entries of matrices in native code.

    Args:
        formula: takes numbers and returns numbers; the last of these takes the place of the last
            of those.
        dtype: of all of them.

    Attributes:
        text: the loop over a row.
    """

    def __init__(self, formula: Callable[..., tuple], dtype: Any) -> None:
        w = ArrayWriter()
        count = len(signature(formula).parameters)
        names = [f"%x{k}" for k in range(count)]
        *found, changed = formula(*[read(w, name, np.dtype(dtype)) for name in names])
        names += [f"%y{k}" for k in range(len(found))]
        for x, name in zip([changed, *found], names[count - 1 :], strict=True):
            write_entry(w, x, name)
        head = ", ".join(["i64 %count", *[f"ptr noalias {name}" for name in names]])
        self.text = "\n".join(
            [*sorted(w.declared), whole_function(f"void @row({head})", looped([], w.lines))]
        )
        used = sorted({name for name, _ in w.used})
        math = define_math(used, float32=KINDS[np.dtype(dtype)] == "float")
        native = Native("\n".join([self.text, math, for_each_row(len(names))]), 3)
        self.native = native.function("rows", None, c_int64, c_int64, c_int64)

    def __call__(self, *stacks: np.ndarray) -> Callable[[int], None]:
        """Return a function of t that computes what step t asks for.

        Args:
            stacks: matrices that the numbers are taken from, and then those that they are written
                to, of shape (…, rows, columns); with four axes, the first is that of the steps.
        """
        rows, columns = stacks[0].shape[-2:]
        steps = max([len(x) for x in stacks if x.ndim == 4])
        table = table_of(stacks, steps)
        start, size = table.ctypes.data, table.strides[0]

        def run(t: int, held: Any = (table, stacks)) -> None:
            self.native(rows, columns, start + t * size)

        return run


def table_of(stacks: tuple[np.ndarray, ...], steps: int) -> np.ndarray:
    """Return the address of each matrix at each step, and how far apart its rows lie."""
    first, apart = [], []  # for each matrix its address and 0, how far they move with a step
    for x in stacks:
        start, step = x.ctypes.data, x.strides[0] if x.ndim == 4 else 0
        for k in range(x.shape[-3]):
            first.append((start + k * x.strides[-3], x.strides[-2]))
            apart.append((step, 0))
    t = np.arange(steps)[:, None, None]
    return np.array(first, np.int64) + t * np.array(apart, np.int64)


def for_each_row(count: int) -> str:
    """Return the text of a loop over the rows of so many matrices, which a table describes."""
    lines = []
    for k in range(count):
        lines += [
            f"%entry{k} = getelementptr i64, ptr %table, i64 {2 * k}",
            f"%address{k} = load i64, ptr %entry{k}",
            f"%after{k} = getelementptr i64, ptr %entry{k}, i64 1",
            f"%apart{k} = load i64, ptr %after{k}",
            f"%far{k} = mul i64 %apart{k}, %i",
            f"%here{k} = add i64 %address{k}, %far{k}",
            f"%row{k} = inttoptr i64 %here{k} to ptr",
        ]
    rows = ", ".join([f"ptr %row{k}" for k in range(count)])
    lines.append(f"call void @row(i64 %columns, {rows}) noinline")  # else the rows might overlap
    body = looped(["%table = inttoptr i64 %start to ptr"], lines)
    return whole_function("void @rows(i64 %count, i64 %columns, i64 %start)", body)
