"""The public attributes of NumPy's arrays on Values: offered here, or refused with a reason.

Those that come from a row, `methods.py` or `assignment.py` are not listed here.
"""

import numpy as np

from autograd.composed.creation import objects
from autograd.composed.layout import copied, in_memory, in_order, order_of
from autograd.composed.manipulation.shapes import matrix_transpose, ravel, reshape
from autograd.composed.methods import give
from autograd.engine.arrays import learns
from autograd.engine.differentiating import entered, is_differentiated
from autograd.engine.dispatch import DroppedGradientError, there
from autograd.engine.elsewhere import OPTIONS, refuse_options
from autograd.engine.tracing import tracer
from autograd.engine.value import Value, held, held_grad
from autograd.ops import shape as rows
from autograd.ops.elementwise import conjugate

# Methods that are the NumPy function of the same name; some return plain numbers.
FUNCTIONS = """
    all any argmax argmin argpartition argsort choose nonzero searchsorted take
""".split()

# Attributes about memory and bytes are read from the numbers, v.numpy().
OF_THE_NUMBERS = "flags itemsize nbytes strides device".split()

REFUSED = {
    "base": "use v.is_view() and v.parents",
    "byteswap": "bytes have no derivative; use v.numpy().byteswap()",
    "ctypes": "C code would lose the gradient; use v.numpy().ctypes",
    "dump": "use pickle.dump(v, file), or v.numpy().dump(file)",
    "dumps": "use pickle.dumps(v), or v.numpy().dumps()",
    "getfield": "bytes have no derivative; use v.numpy().getfield(dtype)",
    "resize": "a Value keeps its shape; use np.resize(v, shape) or v.reshape(shape)",
    "setfield": "bytes have no derivative; assign with v[i] = w",
    "setflags": "use v.data, which is writable in a leaf only, or v.numpy()",
    "to_device": "NumPy knows one device only; use v as it is",
    "tobytes": "bytes have no derivative; use v.numpy().tobytes()",
    "tofile": "files keep no gradient; use v.numpy().tofile(file)",
    "tostring": "bytes have no derivative; use v.numpy().tobytes()",
    "view": "bytes have no derivative; use v.astype(dtype), v.reshape(shape), or v[...] for a view",
}

# Names of PyTorch's tensors, and one from micrograd's lectures, that are called differently here.
ON_THE_CPU = "leave it out, since NumPy computes on the CPU"
IN_PLACE = "assign, v.data[...] = x for a leaf, or v = f(v)"
ELSEWHERE = {
    "add": "use v + w",
    "add_": "use v += w",
    "addmm": "use v + a @ b",
    "bmm": "use v @ w",
    "bool": "use v.astype(bool)",
    "chunk": "use np.array_split(v, n)",
    "clamp": "use v.clip(low, high)",
    "clamp_max": "use np.minimum(v, high)",
    "clamp_min": "use np.maximum(v, low)",
    "clone": "use v.copy()",
    "contiguous": "leave it out, or use np.ascontiguousarray(v)",
    "copy_": IN_PLACE,
    "amax": "use v.max(axis)",
    "amin": "use v.min(axis)",
    "at": "write v = v.copy() and v[i] = x",
    "assign": "write v.data[...] = x",
    "block_until_ready": "leave it out: it is computed",
    "cpu": ON_THE_CPU,
    "cuda": ON_THE_CPU,
    "detach_": "use v = v.detach()",
    "dim": "use v.ndim",
    "div": "use v / w",
    "double": "use v.astype(float)",
    "einsum": "use np.einsum(subscripts, v, w)",
    "eq": "use v == w",
    "eval": "leave it out: v.numpy() has the numbers",
    "expand": "use np.broadcast_to(v, shape)",
    "fill_": IN_PLACE,
    "flip": "use np.flip(v, axis)",
    "float": "use v.astype(np.float32)",
    "gather": "use np.take_along_axis(v, indices, axis)",
    "grad_fn": "use v.op, and v.parents for what it was computed from",
    "half": "use v.astype(np.float16)",
    "index_add": "use np.add.at(total, indices, v), with total a Value",
    "index_add_": "use np.add.at(v, indices, w)",
    "index_put_": "use v[indices] = w",
    "index_select": "use np.take(v, indices, axis)",
    "int": "use v.astype(int)",
    "is_cuda": ON_THE_CPU,
    "is_leaf": "use v.op is None",
    "label": "use v.name, or Value(data, name=...)",
    "long": "use v.astype(int)",
    "masked_fill": "use np.where(mask, x, v)",
    "matmul": "use v @ w",
    "mm": "use v @ w",
    "mul": "use v * w",
    "mul_": "use v *= w",
    "norm": "use np.linalg.norm(v)",
    "numel": "use v.size",
    "permute": "use v.transpose(axes)",
    "pow": "use v ** w",
    "register_hook": "use autograd.Primitive for an op with a gradient of your own",
    "requires_grad": "every Value of floats has a gradient; v.detach() has no history, and "
    "p.trainable = False freezes an nn.Parameter",
    "requires_grad_": "every Value of floats has a gradient; p.trainable = False freezes an "
    "nn.Parameter",
    "retain_grad": "use y.backward(retain_gradients=True)",
    "scatter": "use np.put_along_axis(v, indices, w, axis) on a copy",
    "scatter_": "use v[indices] = w",
    "scatter_add": "use np.add.at(total, indices, w), with total a copy of v",
    "scatter_add_": "use np.add.at(v, indices, w)",
    "select": "use v[:, i], or np.take(v, i, axis)",
    "split": "use np.split(v, places)",
    "sub": "use v - w",
    "sub_": "use v -= w",
    "t": "use v.T",
    "to": f"for a device {ON_THE_CPU}; for a dtype use v.astype(dtype)",
    "topk": "use np.sort(v)[..., -k:]",
    "type": "use v.astype(dtype)",
    "unfold": "use np.lib.stride_tricks.sliding_window_view(v, n, axis)",
    "unsqueeze": "use v[:, None], or np.expand_dims(v, axis)",
    "value": "use v.data, or v.numpy()",
    "zero_": IN_PLACE,
    "div_": "use v /= w",
    "expand_as": "use np.broadcast_to(v, w.shape)",
    "ge": "use v >= w",
    "gt": "use v > w",
    "le": "use v <= w",
    "lerp": "use v + t * (w - v)",
    "lt": "use v < w",
    "masked_select": "use v[mask]",
    "movedim": "use np.moveaxis(v, source, destination)",
    "mv": "use v @ w",
    "narrow": "use v[start : start + length]",
    "ne": "use v != w",
    "neg": "use -v",
    "nelement": "use v.size",
    "new_ones": "use np.ones(shape)",
    "new_zeros": "use np.zeros(shape)",
    "repeat_interleave": "use np.repeat(v, n, axis)",
    "rsqrt": "use 1 / np.sqrt(v)",
    "stride": "use v.strides",
    "type_as": "use v.astype(w.dtype)",
    "unbind": "use list(v)",
    "where": "use np.where(mask, v, w)",
    "view_as": "use v.reshape(w.shape)",
} | {
    f"{name}_": IN_PLACE
    for name in """
    abs bernoulli ceil clamp clip cos erf exp floor log masked_fill neg normal pow random relu round
    sigmoid sin sqrt square tanh trunc uniform
    """.split()
} | {
    name: f"use np.{name}(v)"
    for name in """
    absolute ceil count_nonzero diag diff floor isclose isfinite isinf isnan log10 log2 median
    moveaxis nan_to_num nansum negative outer quantile reciprocal roll tile tril triu trunc
    """.split()
}  # fmt: skip


def _function(name):
    def method(self, *args, **params):
        if not OPTIONS.keys().isdisjoint(params):
            refuse_options(OPTIONS.keys() & params.keys())
        return getattr(np, name)(self, *args, **params)

    method.__name__ = name
    method.__doc__ = f"Return np.{name}(v, ...)."
    return method


def _of_the_numbers(name):
    return property(lambda self: getattr(in_memory(self), name), doc=f"The data's {name}.")


def _refused(name, reason):
    def refuse(self, *_):
        raise AttributeError(f"a Value has no .{name}: {reason}", name=name, obj=self)

    return property(refuse, refuse)


def _reshape(self, *shape, order="C", copy=None):
    """Return the entries in another shape: `v.reshape(2, 3)` or `v.reshape((2, 3))`."""
    return reshape(self, shape[0] if len(shape) == 1 else shape, order, copy=copy)


def _astype(self, dtype, order="K", casting="unsafe", subok=True, copy=True):
    """Return the numbers in another dtype; the gradient comes back in this one."""
    if not np.can_cast(self.dtype, dtype, casting):
        raise TypeError(
            f"{self.dtype} cannot be cast to {np.dtype(dtype)} with casting={casting!r}; "
            "give casting='unsafe', or leave dtype out"
        )
    if np.dtype(dtype) == object:
        return objects(self)
    flags = in_memory(self).flags
    if self.dtype == dtype and not copy and (order != "A" or flags.forc):
        return in_order(self, order)
    return rows.astype(self, dtype, order_of(self, order))


def _conjugate(self):
    """Return the complex conjugates; real numbers are their own."""
    return conjugate(self) if self.dtype.kind == "c" else self


def _fill(self, value):
    """Give every entry this number, in place."""
    if np.ndim(value):
        raise ValueError("v.fill takes one number; write v[...] = w for an array")
    self[...] = value


def _mask(self):
    """Raise, since np.ma, which reads the mask of each operand, would drop the gradient."""
    if learns(held(self)):
        raise DroppedGradientError(
            "np.ma would take the numbers of a Value without its gradient; use "
            f"np.where(m.mask, 0.0, v) with m.filled(0.0) for a masked array m{there()}"
        )
    return np.ma.nomask


# -- copies: that of a leaf is a leaf; others keep their history, as v.copy() does -----------------


def _state(self):
    data = held(self.current())
    data = data.copy() if isinstance(data, np.ndarray) else data
    grad = held_grad(self)
    return {
        "data": data,
        "grad": rows.copy(grad) if isinstance(grad, Value) else grad,
        "name": self.name,
    }


def _set_state(self, state):
    self.__init__(state["data"], state["name"])
    self.grad = state["grad"]


def _copy(self):
    if self.op is None and self.serial not in entered:
        leaf = type(self).__new__(type(self))
        leaf.__setstate__(_state(self))
        return leaf if (trace := tracer()) is None else trace.detached(leaf, self)
    copy = rows.copy(self)
    copy.name = self.name
    return copy


def _deepcopy(self, memo):
    memo[id(self)] = copy = _copy(self)
    return copy


def _pickled(self):
    """Return what pickle stores: only the numbers, since a graph stays in its process."""
    if learns(held(self)) and is_differentiated(self.current()):
        raise DroppedGradientError(
            "pickling a Value inside a function that is being differentiated would drop its "
            "gradient: compute with v itself in this process, write copy.deepcopy(v) for a copy, "
            f"and v.detach() where no gradient is needed{there()}"
        )
    return _state(self)


give(__copy__=_copy, __deepcopy__=_deepcopy, __getstate__=_pickled, __setstate__=_set_state)
give(**{name: _function(name) for name in FUNCTIONS})
give(**{name: _of_the_numbers(name) for name in OF_THE_NUMBERS})
# Properties, because `__getattr__` would make reading a slot a third slower.
give(**{name: _refused(name, reason) for name, reason in (REFUSED | ELSEWHERE).items()})
give(
    astype=_astype,
    compress=lambda self, condition, axis=None: np.compress(condition, self, axis),
    conj=_conjugate,
    conjugate=_conjugate,
    copy=lambda self, order="C": copied(self, order),
    fill=_fill,
    _mask=property(_mask),
    flatten=lambda self, order="C": rows.copy(ravel(self, order)),
    mT=property(matrix_transpose, doc="The Value with its last two axes exchanged."),
    reshape=_reshape,
)
