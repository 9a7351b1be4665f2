"""How steps on Python's floats are written, to the bits that Python gives.

Where Python would raise, as at 1 / 0 or exp(1000), the line that computes the number is followed
by one that notes a fault: the call, or the step of a loop, is then made again op by op. An op that
has no native form is computed by Python, which native code calls for that op alone.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy import float64

from autograd.compiling.errors import NoNativeError
from autograd.compiling.llvm.engine import LIBM, Callback
from autograd.compiling.llvm.functions import LINES, chosen
from autograd.compiling.llvm.terms import DOUBLE, Term, Writer
from autograd.compiling.node import HAS_NAN, Node
from autograd.compiling.outside import FITTED
from autograd.compiling.passes.unroll import ALL, ANY
from autograd.compiling.scalars import on_scalars, written_as
from autograd.engine.primitive import PRIMITIVES
from autograd.ops.activations import relu

MOST_GIVEN = 8  # arguments of a function of Python that native code calls


def finite(w: Writer, x: Term) -> Term:
    """Write whether a number is finite."""
    return w.compare("olt", w.intrinsic("fabs", x), w.cast(math.inf, DOUBLE))


def all_of(w: Writer, conditions: list[Term]) -> Term:
    """Write whether all conditions hold."""
    found = conditions[0]
    for one in conditions[1:]:
        found = w.logical("and", found, one)
    return found


def libm(name: str) -> Callable[..., Term]:
    """Return what writes a call of the C library's function that `math` calls, and its faults."""

    def write(w: Writer, *given: Any) -> Term:
        terms = [w.cast(x, DOUBLE) for x in given]
        kinds = ", ".join(["double"] * len(terms))
        w.declare(f"declare double @libm_{name}({kinds})")
        names = ", ".join(f"double {x.name}" for x in terms)
        y = w.emit(f"call double @libm_{name}({names})", DOUBLE)
        numbers = all_of(w, [w.compare("ord", x, x) for x in terms])
        nan = w.logical("and", w.compare("uno", y, y), numbers)
        above = w.logical("xor", finite(w, y), True)
        over = w.logical("and", above, all_of(w, [finite(w, x) for x in terms]))
        w.faults += [w.logical("or", nan, over).name]
        return y

    return write


def root(w: Writer, x: Any) -> Term:
    """Write a square root; Python raises for numbers below 0."""
    (x,) = w.common((x,))
    w.faults.append(w.compare("olt", x, w.cast(0.0, DOUBLE)).name)
    return w.intrinsic("sqrt", x)


def quotient(w: Writer, a: Any, b: Any) -> Term:
    """Write a quotient; Python raises where the divisor is 0."""
    a, b = w.common((a, b))
    w.faults.append(w.compare("oeq", b, w.cast(0.0, b.dtype)).name)
    return LINES[np.true_divide](w, a, b)


def positive_part(w: Writer, x: Any) -> Any:
    zero = w.cast(0.0, DOUBLE)
    return w.choose(w.compare("ugt", x, zero), x, zero)  # a NaN counts as greater


# What computes ops on floats in Python, see compiling/scalars.py.
PYTHON: dict[Any, Callable[..., Any]] = {
    operator.add: LINES[np.add],
    operator.sub: LINES[np.subtract],
    operator.mul: LINES[np.multiply],
    operator.truediv: quotient,
    operator.neg: LINES[np.negative],
    operator.pos: LINES[np.positive],
    abs: LINES[np.absolute],
    math.sqrt: root,
    math.copysign: LINES[np.copysign],
    **{getattr(math, name): libm(name) for name in LIBM},
    **{f: LINES[f] for f in LINES if isinstance(f, np.ufunc) and f not in (np.sqrt, np.absolute)},
    PRIMITIVES[relu.__name__].scalar: positive_part,
}
# The forward function of an op whose floats are computed by a line of Python says the same.
AS_PYTHON: dict[Any, Callable[..., Any]] = {
    **LINES,
    np.true_divide: quotient,
    np.maximum: chosen("oge"),
    np.minimum: chosen("ole"),
    np.exp: libm("exp"),
}
# NumPy's function of numbers that is the C library's.
AS_NUMPY: dict[Any, Callable[..., Any]] = {
    **LINES,
    operator.pow: libm("pow"),
    np.true_divide: quotient,
}


def lowered(w: Writer, node: Node, given: list[Any]) -> Term:
    """Write a step on floats and conditions.

    Args:
        w: takes the lines.
        node: the step.
        given: terms and constants, what it takes.

    Raises:
        NoNativeError: it is no such step.
    """
    if node.op in (ALL, ANY):
        if not given:
            return w.cast(node.op is ALL, np.dtype(bool))
        found = w.cast(given[0], np.dtype(bool))
        for x in given[1:]:
            found = w.logical("and" if node.op is ALL else "or", found, x)
        return found
    if node.op is HAS_NAN:
        return LINES[np.isnan](w, *given)
    if node.op is FITTED and type(node.sample) is not np.bool_:
        return w.cast(given[0], DOUBLE)
    before = len(w.lines), len(w.faults)
    try:
        return native(w, node, given)
    except (NoNativeError, TypeError, AttributeError, ValueError):
        del w.lines[before[0] :], w.faults[before[1] :]
        return by_python(w, node, given)


def native(w: Writer, node: Node, given: list[Any]) -> Term:
    """Write a step that has a native form."""
    function = written_as(node.op) if on_scalars(node) else None
    w.table = AS_NUMPY if function is None else AS_PYTHON
    if function in PYTHON:
        return PYTHON[function](w, *given)
    if node.params or not (node.op.registered or node.op.forward in w.table):
        raise NoNativeError(node.op.name)
    found = node.op.forward(*given)
    return w.cast(found, np.dtype(bool) if type(node.sample) is np.bool_ else DOUBLE)


def by_python(w: Writer, node: Node, given: list[Any]) -> Term:
    """Write a call of Python's function for an op."""
    places = [i for i, x in enumerate(given) if isinstance(x, Term)]
    fits = all(given[i].dtype == DOUBLE for i in places) and len(places) <= MOST_GIVEN
    if type(node.sample) is np.bool_ or not fits:
        raise NoNativeError(node.op.name)
    callback = Callback(partial(computed, node, places), len(places))
    w.callbacks.append(callback)
    w.by_python.append(node.op.name)
    for slot, i in enumerate(places):
        place = w.emit(f"getelementptr double, ptr %scratch, i64 {slot}", None).name
        w.lines.append(f"store double {given[i].name}, ptr {place}")
    went = w.emit(f"call i32 inttoptr (i64 {callback.address} to ptr)(ptr %scratch)", None).name
    w.faults.append(w.emit(f"icmp eq i32 {went}, 0", None).name)
    return w.emit("load double, ptr %scratch", DOUBLE)


def computed(node: Node, places: list[int], *numbers: float) -> float:
    """Return what a step gives for floats, as the printed program would."""
    args = [x.sample if isinstance(x, Node) else x for x in node.args]
    if on_scalars(node):
        for i, x in zip(places, numbers, strict=True):
            args[i] = x
        y = written_as(node.op)(*map(float, args))
        if type(y) is not float:
            raise ArithmeticError
        return y
    for i, x in zip(places, numbers, strict=True):
        args[i] = float64(x) if type(args[i]) is float64 else x
    return float(node.op.compute(tuple(args), node.params))
