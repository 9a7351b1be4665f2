"""Makes the operators and methods of Value from rows."""

from numbers import Number

import numpy as np

from autograd.composed import (  # noqa: F401  what answers for NumPy's functions answers as a method
    activations,
    indexing,
    linalg,
    manipulation,
    mathematical,
    statistics,
)
from autograd.composed.creation import array
from autograd.composed.inplace import assign, change, is_item_of
from autograd.engine.dispatch import NUMPY
from autograd.engine.elsewhere import library_of
from autograd.engine.fast import binary, slowly
from autograd.engine.primitive import PRIMITIVES
from autograd.engine.protocols import is_stranger
from autograd.engine.tracing import tracer
from autograd.engine.value import Value, held
from autograd.ops import activations as rows
from autograd.ops import elementwise, shape
from autograd.ops.contraction import matmul
from autograd.ops.indexing import getitem
from autograd.ops.reduce import logsumexp

# -- operators -----------------------------------------------------------------------------------


def give(**functions):
    """Make functions methods of Value."""
    for name, function in functions.items():
        setattr(Value, name, function)


NEVER = (str, bytes, bytearray, Number)  # of Python: they have no answer to a Value, nor has torch


def _operator(name, op):
    """Return an op as an operator that lets an operand of another class handle the operation."""

    def unusual(op, a, b):
        deaf = isinstance(b, NEVER) or library_of(b) == "torch"
        theirs = is_stranger(b) and hasattr(b, f"__r{name}__") and not deaf
        return NotImplemented if theirs else slowly(op, a, b)

    operate = binary(PRIMITIVES[op.__name__], unusual)
    operate.__code__ = operate.__code__.replace(co_name=op.__name__)  # as an op's own
    return operate


def _mirrored(op):
    return lambda self, other: op(other, self)


def _unless_strange(op):
    """Return an operator that leaves the operation to operands of other classes."""
    return lambda self, other: NotImplemented if is_stranger(other) else op(self, other)


def _on_booleans(op):
    """Return an operator & | ^ ~ for Values of booleans, as for NumPy's masks."""

    def operate(*args):
        for x in args:
            dtype = x.dtype if isinstance(x, Value) else np.result_type(x)
            if dtype.kind != "b":
                raise TypeError(
                    f"the operators & | ^ ~ are for Values of booleans such as v > 0, not {dtype}"
                )
        return op(*args)

    return operate


for _name, _op in {
    "add": elementwise.add,
    "sub": elementwise.subtract,
    "mul": elementwise.multiply,
    "truediv": elementwise.divide,
    "floordiv": elementwise.floor_divide,
    "mod": elementwise.mod,
    "pow": elementwise.power,
    "matmul": matmul,
}.items():
    give(**{f"__{_name}__": _operator(_name, _op), f"__r{_name}__": _mirrored(_op)})


for _name, _op in {
    "eq": elementwise.equal,
    "ne": elementwise.not_equal,
    "lt": elementwise.less,
    "le": elementwise.less_equal,
    "gt": elementwise.greater,
    "ge": elementwise.greater_equal,
}.items():
    give(**{f"__{_name}__": _unless_strange(_op)})  # what is not a number never equals one
for _name, _function in {
    "and": elementwise.logical_and,
    "or": elementwise.logical_or,
    "xor": elementwise.logical_xor,
}.items():
    _op = NUMPY[getattr(np, f"bitwise_{_name}")] = _on_booleans(_function)
    give(**{f"__{_name}__": _unless_strange(_op), f"__r{_name}__": _unless_strange(_op)})
NUMPY[np.invert] = _on_booleans(elementwise.logical_not)
give(
    __invert__=NUMPY[np.invert],
    __neg__=elementwise.negative,
    __pos__=elementwise.positive,
    __abs__=elementwise.absolute,
    __floor__=elementwise.floor,
    __ceil__=elementwise.ceil,
    __trunc__=elementwise.trunc,
    __round__=lambda self, digits=0: elementwise.round_(self, digits or 0),
    __divmod__=_unless_strange(lambda self, other: (self // other, self % other)),
    __rdivmod__=_unless_strange(lambda self, other: (other // self, other % self)),
)

# -- methods -------------------------------------------------------------------------------------


def _part(function, doc):
    def assign(self, new):
        function(self)[...] = new

    return property(NUMPY[function], assign, doc=doc)


for _name in """
    exp log sqrt square sin cos tan arcsin arccos arctan sinh cosh tanh sign expm1 log1p
    sum prod mean var std max min ptp cumsum cumprod
    ravel squeeze swapaxes repeat clip dot diagonal trace
""".split():
    give(**{_name: NUMPY[getattr(np, _name)]})


def _tolist(self):
    """Return the numbers in nested lists."""
    if (trace := tracer()) is not None:
        return np.asarray(trace.leaving(self, "v.tolist()")).tolist()
    return held(self) if type(held(self)) is float else self.numpy().tolist()


give(
    relu=rows.relu,
    sigmoid=elementwise.sigmoid,
    erf=rows.erf,
    softplus=activations.softplus,
    gelu=activations.gelu,
    softmax=activations.softmax,
    log_softmax=activations.log_softmax,
    logsumexp=logsumexp,
    abs=elementwise.absolute,
    round=lambda self, decimals=0: round(self, decimals),
    tolist=_tolist,
    T=property(shape.transpose, doc="The Value with its axes reversed."),
    real=_part(np.real, "The real part; it can be assigned to."),
    imag=_part(np.imag, "The imaginary part; it can be assigned to."),
)


def _transpose(self, *axes):
    """Return the Value with its axes in the given order, or reversed."""
    if not axes:
        return shape.transpose(self)
    return shape.transpose(self, axes if len(axes) > 1 or isinstance(axes[0], int) else axes[0])


give(transpose=_transpose)

# -- indexing and changes in place ---------------------------------------------------------------


def _index(index):
    """Return an index with its Values as raw numbers and its lists as arrays."""
    if isinstance(index, tuple):
        return tuple(map(_index, index))
    if isinstance(index, Value):
        return Value.numpy(index)  # whoever follows a Value finds it again in the op
    return np.asarray(index, dtype=None if index else int) if isinstance(index, list) else index


def _getitem(self, index):
    if not self.ndim and type(held(self)) is float:
        raise TypeError("a scalar Value cannot be indexed; use v itself, or v.reshape(1)[0]")
    return getitem(self, _index(index))


def _setitem(self, index, new):
    index = _index(index)
    if not self.ndim and not self.is_view():
        raise TypeError("a scalar Value has no entries to assign to; write v = w")
    if isinstance(new, (list, tuple)):
        new = array(new)
    if isinstance(new, Value) and is_item_of(new, self, index):
        return  # as at the end of `v[0] += w`, which Python runs as `r = v[0]; r += w; v[0] = r`
    assign(self, index, new)


def _in_place(op):
    """Return the operator `v += w`: it changes arrays; scalars get a new Value, as floats do."""

    def operate(self, other):
        if is_stranger(other) or not (self.ndim or self.is_view()):
            return NotImplemented  # Python then runs `v = v + w`
        return change(self, lambda old: op(old, old if other is self else other))

    return operate


give(__getitem__=_getitem, __setitem__=_setitem)
for _name, _op in {
    "add": elementwise.add,
    "sub": elementwise.subtract,
    "mul": elementwise.multiply,
    "truediv": elementwise.divide,
    "floordiv": elementwise.floor_divide,
    "mod": elementwise.mod,
    "pow": elementwise.power,
    "matmul": matmul,
    **{name: NUMPY[getattr(np, f"bitwise_{name}")] for name in ("and", "or", "xor")},
}.items():
    give(**{f"__i{_name}__": _in_place(_op)})
