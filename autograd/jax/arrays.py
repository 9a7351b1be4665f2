"""JaxArray: an array of JAX's that answers NumPy's functions with JAX's.

NumPy asks its arguments how to compute a function, so a program written for NumPy runs on these
arrays unchanged, and so does the forward function of each op. JAX's arrays never change. What is
changed in place here gets a new array; that is only allowed where nobody could see the difference:
in an array that the program has just created, before any function could have made a view of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from autograd.engine.arrays import Foreign
from autograd.engine.dispatch import there
from autograd.engine.value import Value
from autograd.jax.indices import arrays_for_lists, is_view
from autograd.jax.leaving import from_outside, known
from autograd.jax.names import counterpart, jax_itself

CREATE = {
    np.zeros, np.ones, np.empty, np.full, np.copy,
    np.zeros_like, np.ones_like, np.empty_like, np.full_like,
}  # fmt: skip
METHODS = """
    all any argmax argmin argsort clip conj conjugate cumprod cumsum diagonal dot max mean min
    nonzero prod ravel repeat round searchsorted squeeze std sum swapaxes take trace var
""".split()
FACTS, PARTS = "dtype itemsize nbytes ndim shape size".split(), "T imag mT real".split()


class JaxArray(NDArrayOperatorsMixin, Foreign):
    """An array of JAX's among NumPy's functions.

    Args:
        array: the array.
        fresh: whether the program has just created it, so that it may change.
        base, index: for a part of an array that may change: that, and which part.
    """

    __slots__ = ("base", "fresh", "index", "own")

    def __init__(
        self, array: Any, fresh: bool = False, base: JaxArray | None = None, index: Any = None
    ) -> None:
        self.own, self.fresh, self.base, self.index = unwrapped(array), fresh, base, index

    @property
    def array(self) -> Any:
        """The array of JAX's."""
        return self.own if self.base is None else self.base.array[self.index]

    @property
    def is_known(self) -> bool:
        """Whether the numbers are known already."""
        jax, array = jax_itself(), self.array
        if not isinstance(array, jax.core.Tracer):
            return True
        if array.size != 1:
            return False
        try:
            return bool(array) or True
        except jax.errors.ConcretizationTypeError:
            return False

    def settled(self) -> JaxArray:
        """Return the array in a form that nobody can change."""
        return self if not self.fresh and self.base is None else JaxArray(self.array)

    # -- NumPy's protocols -----------------------------------------------------------------------

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **params: Any) -> Any:
        if any(isinstance(x, Value) for x in inputs):
            return NotImplemented  # it is an op on Values
        (target,) = params.pop("out", (None,))
        function: Any = counterpart(ufunc)
        if method == "at":
            changed, index, *rest = inputs
            new = function.at(unwrapped(changed), *unwrapped([index, *rest]), inplace=False)
            return change(changed, ..., new)
        if method != "__call__":
            function = getattr(function, method)
        result = wrapped(called(function, inputs, params), fresh=True)
        return result if target is None else change(target, ..., result)

    def __array_function__(self, function: Any, types: Any, args: Any, params: Any) -> Any:
        if any(issubclass(kind, Value) for kind in types):
            return NotImplemented
        target = params.pop("out", None)
        result = called(counterpart(function), args, params)
        seen(args)
        result = wrapped(result, fresh=function in CREATE)
        return result if target is None else change(target, ..., result)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        raise TypeError(
            "to_jax: np.asarray, np.array, or a function that calls them, would turn an array of "
            "JAX's into one of NumPy's, and lose its gradient; leave np.asarray out, write "
            "np.stack for a list of arrays, and pass plain arrays as arguments, such as one that "
            f"is indexed{there()}"
        )

    # -- numbers that have to be known now ---------------------------------------------------------

    def __bool__(self) -> bool:
        return known(
            self, bool, "write np.where(condition, a, b) instead of if, or scan for a loop"
        )

    def __int__(self) -> int:
        return known(self, int, "make it a static argument: jax.jit(f, static_argnums=…)")

    def __index__(self) -> int:
        return known(
            self,
            lambda x: x.__index__(),
            "make it a static argument of jax.jit; in a loop, np.stack a list, which it can index",
        )

    def __float__(self) -> float:
        return known(self, float, "use NumPy's functions, np.sin for math.sin")

    def __complex__(self) -> complex:
        return known(self, complex, "use NumPy's functions")

    def item(self) -> Any:
        """Return the only entry."""
        return known(self, lambda x: x.item(), "keep it an array")

    def tolist(self) -> Any:
        """Return the entries in lists."""
        return known(self, lambda x: x.tolist(), "keep it an array")

    # -- parts -----------------------------------------------------------------------------------

    def __getitem__(self, index: Any) -> Any:
        self.check(index)
        if is_view(index) and self.changes:
            return JaxArray(None, base=self, index=index)
        return wrapped(called(lambda x, i: x[arrays_for_lists(i)], (self, index), {}))

    def __setitem__(self, index: Any, value: Any) -> None:
        self.check(index)
        change(self, index, value)

    def check(self, index: Any) -> None:
        """Raise NumPy's error for an index out of range, where JAX would take another entry."""
        parts = index if isinstance(index, tuple) else (index,)
        if not any(isinstance(part, JaxArray) for part in parts):
            np.broadcast_to(np.int8(0), self.shape)[index]

    @property
    def changes(self) -> bool:
        """Whether this array may be changed in place."""
        return self.fresh if self.base is None else self.base.changes

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of an array without axes")
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    # -- attributes and methods --------------------------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        if name in FACTS:
            return getattr(self.array, name)
        if name in PARTS:
            seen(self)
            return wrapped(getattr(self.array, name))
        if name in METHODS:
            return lambda *args, **params: getattr(np, name)(self, *args, **params)
        raise AttributeError(
            f"to_jax: an array of JAX's has no {name} here; use a function of NumPy's, np.…(x)"
        )

    def astype(self, dtype: Any, order: str = "K", **_: Any) -> Any:
        """Return a copy of another dtype."""
        return wrapped(self.array.astype(dtype), fresh=True)

    def copy(self, order: str = "C") -> Any:
        """Return a copy."""
        return wrapped(self.array, fresh=True)

    def reshape(self, *shape: Any, **params: Any) -> Any:
        """Return the array in another shape."""
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, **params)

    def transpose(self, *axes: Any) -> Any:
        """Return the array with its axes in another order."""
        return np.transpose(self, axes[0] if len(axes) == 1 else axes or None)

    def __repr__(self) -> str:
        return f"JaxArray({self.array!r})"


def unwrapped(x: Any) -> Any:
    """Return arguments with JAX's arrays in place of a `JaxArray`.

    Raises:
        TypeError: there is a Value among them.
    """
    if isinstance(x, JaxArray):
        return x.array
    if isinstance(x, Value):
        raise from_outside(x)
    if isinstance(x, (list, tuple)):
        parts = [unwrapped(part) for part in x]
        return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)
    if isinstance(x, dict):
        return {key: unwrapped(part) for key, part in x.items()}
    return x


def wrapped(x: Any, fresh: bool = False) -> Any:
    """Return results with a `JaxArray` in place of JAX's arrays."""
    if isinstance(x, jax_itself().Array):
        return JaxArray(x, fresh)
    if isinstance(x, (list, tuple)):
        parts = [wrapped(part) for part in x]
        return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)
    return x


def called(function: Callable[..., Any], args: Any, params: dict[str, Any]) -> Any:
    """Call a function of JAX's.

    Raises:
        TypeError: it needs numbers that are not known yet.
    """
    jax = jax_itself()
    try:
        try:
            return function(*unwrapped(args), **unwrapped(params))
        except TypeError as error:
            if "<class 'list'>" not in str(error):
                raise
            return function(*map(arrays_for_lists, unwrapped(args)), **unwrapped(params))
    except (jax.errors.JAXTypeError, jax.errors.JAXIndexError) as error:
        raise TypeError(
            "to_jax: the shape of a result, or which entries are taken, depends on numbers that "
            f"are not known yet ({str(error).splitlines()[0]}); write np.where(mask, x, 0) for "
            f"x[mask]{there()}"
        ) from error


def seen(x: Any) -> None:
    """Note that a function may have made views of these arrays, so they may not change any more."""
    if isinstance(x, JaxArray):
        x.fresh = False
        seen(x.base)
    elif isinstance(x, (list, tuple)):
        for part in x:
            seen(part)


def change(target: Any, index: Any, value: Any) -> Any:
    """Write into an array in place, and return it.

    Raises:
        ValueError: somebody could see that JAX's arrays do not change.
        TypeError: it is an array of NumPy's, or of a dtype that the value does not fit.
    """
    if not isinstance(target, JaxArray):
        raise TypeError(
            "to_jax: an array of JAX's cannot be written into one of NumPy's, and would lose its "
            f"gradient; create it with np.zeros_like(x), or use the result{there()}"
        )
    if not target.changes:
        raise ValueError(
            "to_jax: arrays of JAX's do not change in place, and this one, or what shares its "
            "memory in NumPy, is used elsewhere; write np.where, x = x + 1 for x += 1, or change a "
            f"copy, np.copy(x){there()}"
        )
    number = unwrapped(value)
    dtype = jax_itself().numpy.result_type(number)
    if not np.can_cast(dtype, target.dtype, "same_kind"):
        raise TypeError(
            f"to_jax: {dtype} cannot be written into an array of {target.dtype}; create that with "
            f"dtype={dtype}{there()}"
        )
    new = called(lambda x, i, v: x.at[arrays_for_lists(i)].set(v), (target, index, number), {})
    if target.base is None:
        target.own = new
    else:
        change(target.base, target.index, new)
    return target
