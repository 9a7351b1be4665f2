"""The native loop of softmax along the last axis: three passes over a row that is in the cache."""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from autograd.compiling.llvm.mathematics import named
from autograd.compiling.llvm.terms import KINDS, LETTERS, literal
from autograd.compiling.node import Node
from autograd.compiling.passes.regions import SMALLEST_NATIVE
from autograd.engine.primitive import PRIMITIVES
from autograd.ops.reduce import softmax

SOFTMAX = PRIMITIVES[softmax.__name__]


def is_softmax_of_rows(node: Node) -> bool:
    """Whether a step is the softmax of each row of a large array of floats."""
    y = node.sample
    if node.op is not SOFTMAX or type(y) is not ndarray or y.size < SMALLEST_NATIVE:
        return False
    (x, *other), axis = node.args, node.params.get("axis")
    along_rows = not other and axis in (-1, y.ndim - 1) and y.flags.c_contiguous
    return along_rows and isinstance(x, Node) and x.sample.dtype == y.dtype and y.dtype.char in "fd"


def softmax_of_rows(name: str, dtype: np.dtype) -> str:
    """Return the text of a function of the number of rows, their length, and two addresses.

    As in the op, an infinite entry takes all, and a row of −∞ becomes 0. The entries of a row are
    added up in any order.
    """
    kind = KINDS[dtype]
    letters, exp = LETTERS[kind], named("exp") + ("_f32" if kind == "float" else "")
    zero, one, high, low = (literal(x, dtype) for x in (0.0, 1.0, np.inf, -np.inf))
    return f"""define void @{name}(i64 %rows, i64 %n, ptr noalias readonly %in, ptr noalias %out) {{
entry:
  br label %row
row:
  %r = phi i64 [0, %entry], [%next_r, %done]
  %start = mul i64 %r, %n
  %x = getelementptr {kind}, ptr %in, i64 %start
  %y = getelementptr {kind}, ptr %out, i64 %start
  br label %find_top
find_top:
  %i = phi i64 [0, %row], [%next_i, %find_top]
  %highest = phi {kind} [{low}, %row], [%top, %find_top]
  %x_at = getelementptr {kind}, ptr %x, i64 %i
  %x_i = load {kind}, ptr %x_at, align 1
  %top = call {kind} @llvm.maximum.{letters}({kind} %highest, {kind} %x_i)
  %next_i = add nuw nsw i64 %i, 1
  %more_i = icmp slt i64 %next_i, %n
  br i1 %more_i, label %find_top, label %top_found
top_found:
  %size = call {kind} @llvm.fabs.{letters}({kind} %top)
  %is_finite = fcmp olt {kind} %size, {high}
  %less = select i1 %is_finite, {kind} %top, {kind} {zero}
  %takes_all = fcmp oeq {kind} %top, {high}
  br label %raise
raise:
  %j = phi i64 [0, %top_found], [%next_j, %raise]
  %sum = phi {kind} [{zero}, %top_found], [%total, %raise]
  %x_j_at = getelementptr {kind}, ptr %x, i64 %j
  %x_j = load {kind}, ptr %x_j_at, align 1
  %below = fsub {kind} %x_j, %less
  %power = call {kind} @{exp}({kind} %below)
  %is_high = fcmp oeq {kind} %x_j, {high}
  %taken = select i1 %is_high, {kind} {one}, {kind} {zero}
  %e = select i1 %takes_all, {kind} %taken, {kind} %power
  %y_j_at = getelementptr {kind}, ptr %y, i64 %j
  store {kind} %e, ptr %y_j_at, align 1
  %total = fadd reassoc {kind} %sum, %e
  %next_j = add nuw nsw i64 %j, 1
  %more_j = icmp slt i64 %next_j, %n
  br i1 %more_j, label %raise, label %raised
raised:
  %is_nothing = fcmp oeq {kind} %total, {zero}
  %divisor = select i1 %is_nothing, {kind} {one}, {kind} %total
  br label %share
share:
  %k = phi i64 [0, %raised], [%next_k, %share]
  %y_k_at = getelementptr {kind}, ptr %y, i64 %k
  %y_k = load {kind}, ptr %y_k_at, align 1
  %part = fdiv {kind} %y_k, %divisor
  store {kind} %part, ptr %y_k_at, align 1
  %next_k = add nuw nsw i64 %k, 1
  %more_k = icmp slt i64 %next_k, %n
  br i1 %more_k, label %share, label %done
done:
  %next_r = add nuw nsw i64 %r, 1
  %more_r = icmp slt i64 %next_r, %rows
  br i1 %more_r, label %row, label %end
end:
  ret void
}}
"""
