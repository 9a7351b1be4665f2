"""The vector space of a number, an array or a container of these, as in HIPS autograd.

A complex number counts as two real ones: `inner_prod` is the real part of x̄ · y, and `covector`
the conjugate, which turns a gradient ∂f/∂x − i ∂f/∂y into a direction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any, ClassVar

import numpy as np

from autograd.engine.trees import aligned, filled, leaves
from autograd.engine.value import Value, held


class VSpace:
    """The space of all containers with the structure, shapes and dtypes of a given one.

    Args:
        value: a number, an array, a Value, or a nested list, tuple or dict of these.

    Raises:
        TypeError: `value` contains something else, such as an int.

    Example:
        >>> space = vspace({"w": np.ones((2, 2)), "b": 0.0})
        >>> space.size
        5
        >>> space.zeros()["w"]
        array([[0., 0.],
               [0., 0.]])
    """

    mappings: ClassVar[dict[type, Callable[[Any], Any]]] = {}  # types with spaces of their own

    def __init__(self, value: Any) -> None:
        found = [_numbers(leaf) for _, leaf in leaves(value)]
        self.form = filled(value, repeat(None))
        self.shapes = [np.shape(x) for x in found]
        self.dtypes = [np.result_type(x) for x in found]

    @classmethod
    def register(cls, value_type: type, vspace_maker: Callable[[Any], Any] | None = None) -> None:
        """Make `vspace` call `vspace_maker`, or else this class, for values of a type."""
        VSpace.mappings[value_type] = vspace_maker or cls

    @property
    def shape(self) -> Any:
        """The shape of an array; for a container, a container of shapes."""
        return filled(self.form, iter(self.shapes))

    @property
    def dtype(self) -> Any:
        """The dtype of an array; for a container, a container of dtypes."""
        return filled(self.form, iter(self.dtypes))

    @property
    def ndim(self) -> int:
        """The number of dimensions of an array."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of real numbers in a vector of this space."""
        return sum(
            int(np.prod(shape)) * (2 if dtype.kind == "c" else 1)
            for shape, dtype in zip(self.shapes, self.dtypes, strict=True)
        )

    @property
    def iscomplex(self) -> bool:
        """Whether the space contains complex numbers."""
        return any(dtype.kind == "c" for dtype in self.dtypes)

    def _map(self, f: Callable[..., Any], *xs: Any) -> Any:
        """Return a container with `f` applied to the leaves of `xs`."""
        return filled(self.form, map(f, *map(self._leaves, xs)))

    def _leaves(self, x: Any) -> list[Any]:
        return [leaf for _, leaf in aligned(x, self.form, "a vector")]

    def _make(self, f: Callable[[tuple[Any, ...]], Any]) -> Any:
        """Return a container with `f` applied to each shape, complex where the space is."""
        made = [
            np.asarray(f(s) + 1j * f(s) if d.kind == "c" else f(s)).astype(d)[()]
            for s, d in zip(self.shapes, self.dtypes, strict=True)
        ]
        return filled(self.form, iter(made))

    def zeros(self) -> Any:
        """Return the zero of the space."""
        return self._make(np.zeros)

    def ones(self) -> Any:
        """Return the sum of the standard basis."""
        return self._make(np.ones)

    def probe(self) -> Any:
        """Return numbers that are not 0, and unlikely to cancel."""
        return self._make(
            lambda shape: np.sqrt(2.0 + np.arange(int(np.prod(shape))).reshape(shape))
        )

    def randn(self) -> Any:
        """Return normally distributed numbers, drawn from `np.random`."""
        return self._make(lambda shape: np.random.randn(*shape))

    def standard_basis(self) -> Iterator[Any]:
        """Yield the vectors that are zero except for a single 1, or a single i if complex."""
        for n, (shape, dtype) in enumerate(zip(self.shapes, self.dtypes, strict=True)):
            for index in np.ndindex(*shape):
                for one in (1.0, 1.0j) if dtype.kind == "c" else (1.0,):
                    vector = self._leaves(self.zeros())
                    vector[n] = np.array(vector[n])
                    vector[n][index] = one
                    vector[n] = vector[n][()]
                    yield filled(self.form, iter(vector))

    def add(self, x: Any, y: Any) -> Any:
        """Return x + y."""
        return self._map(lambda a, b: a + b, x, y)

    def mut_add(self, x: Any, y: Any) -> Any:
        """Return x + y; x may be None, for zero."""
        return y if x is None else self.add(x, y)

    def scalar_mul(self, x: Any, a: Any) -> Any:
        """Return x times the number a."""
        return self._map(lambda leaf: leaf * a, x)

    def inner_prod(self, x: Any, y: Any) -> Any:
        """Return the inner product of x and y, a real number."""
        pairs = zip(self._leaves(x), self._leaves(y), strict=True)
        return sum(np.real(np.sum(np.conj(a) * b)) for a, b in pairs)

    def covector(self, x: Any) -> Any:
        """Return the conjugate of x."""
        return self._map(np.conj, x)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, VSpace) and (self.form, self.shapes, self.dtypes) == (
            other.form, other.shapes, other.dtypes
        )  # fmt: skip

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"VSpace({self.shape})"


def vspace(value: Any) -> VSpace:
    """Return the vector space of `value`.

    Args:
        value: a number, an array, a Value, or a nested list, tuple or dict of these.

    Raises:
        TypeError: `value` contains something else, such as an int.

    Example:
        >>> vspace([1.0, np.zeros(3)])
        VSpace([(), (3,)])
    """
    return VSpace.mappings.get(type(value), VSpace)(value)


def _numbers(leaf: Any) -> Any:
    """Return a leaf as raw numbers."""
    raw = held(leaf) if isinstance(leaf, Value) else leaf
    if isinstance(raw, (float, complex, np.inexact, np.ndarray)):
        return raw
    raise TypeError(
        f"derivatives are with respect to floats and arrays, not {type(leaf).__name__} "
        f"({leaf!r:.60}); write 2.0 instead of 2"
    )


def SparseObject(vs: VSpace, mut_add: Callable[[Any], Any]) -> Any:
    """Return the gradient that `mut_add` adds to zeros, for vjps that return a SparseObject.

    Args:
        vs: the space of the gradient.
        mut_add: a function that adds to a vector of this space in place, and returns it.

    Example:
        >>> import numpy as np
        >>> def to_first(v):
        ...     v[0] += 2.0
        ...     return v
        >>> SparseObject(vspace(np.ones(3)), to_first)
        array([2., 0., 0.])
    """
    return mut_add(vs.zeros())
