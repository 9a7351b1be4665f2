"""Problem: a function of the floating-point numbers in its arguments, and its derivatives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.arrays import SCALARS
from autograd.engine.trees import filled, leaves
from autograd.engine.value import Value
from autograd.transforms.products import make_jvp_reversemode, make_vjp
from autograd.transforms.trace import argument_key, name_of

NUMBERS = (ndarray, Value, *SCALARS)
OUTSIDE = (ArithmeticError, ValueError)  # what functions raise where they are not defined
WIDE = {"f": np.float64, "c": np.complex128}


class Problem:
    """A function of a tree of arguments as a function of the numbers in them that can move.

    Args:
        f: any function of numbers, arrays and containers of them.
        args: its arguments.
        wrt: the positions of those that move, or None for all that hold floats.

    Attributes:
        names, numbers: the numbers that move, as code and as numbers.
        differentiated: the positions of the arguments with such numbers.
        what, result: what its derivatives and its results are called in messages.
        by_hand: which option its derivatives come from, "" if they are those of autograd.
        mode: in which mode derivatives by hand come.
        accuracy: how exact the function and its derivatives are, relatively; 0 for as exact as
            rounding lets them be.
        coverage: how its numbers move, in words, "" if entry by entry.

    Raises:
        TypeError: no number can move.
    """

    what, result = "gradient", "result"
    by_hand, mode = "", "reverse"
    accuracy = 0.0
    coverage = ""

    def __init__(self, f: Callable[..., Any], args: Sequence[Any], wrt: Any = None) -> None:
        self.f, self.args = f, tuple(args)
        if wrt is None:
            keys = list(range(len(self.args)))
        else:
            listed = list(wrt) if isinstance(wrt, (tuple, list)) else [wrt]
            keys = [int(argument_key(f, key, self.args, {}, "wrt")) for key in listed]
        self.keys = keys
        found = [
            (i, name, x) for i, arg in enumerate(self.args) for name, x in leaves(arg, f"args[{i}]")
        ]
        self.places = [k for k, (i, _, x) in enumerate(found) if i in keys and moves(x)]
        self.names = [found[k][1] for k in self.places]
        moving = {name.partition("]")[0] for name in self.names}
        self.differentiated = [i for i in keys if f"args[{i}" in moving]
        self.labels = [name for _, name, _ in found]
        self.every = [x.numpy() if isinstance(x, Value) else x for _, _, x in found]
        self.numbers = [self.every[k] for k in self.places]
        if not self.places:
            given = self.args if wrt is None else tuple(self.args[i] for i in keys)
            like = next((x for _, _, x in found if hasattr(x, "__array__")), None)
            hint = "write 3.0 for 3, or x.astype(float)"
            if like is not None and not isinstance(like, NUMBERS):
                hint = f"write np.asarray(x) for a {type(like).__name__}"
            raise TypeError(
                f"nothing to differentiate: {name_of(f)} was given {given!r:.80}, without any "
                f"floating-point number; {hint}"
            )

    @property
    def here(self) -> list[Any]:
        """The numbers of the point, for messages."""
        return self.numbers

    def arguments(self, numbers: Sequence[Any]) -> tuple:
        """Return the arguments with other numbers, and copies of all other arrays."""
        moved = dict(zip(self.places, numbers, strict=True))
        every = [moved[k] if k in moved else own(x) for k, x in enumerate(self.every)]
        return filled(self.args, iter(every))

    def changed(self, args: Sequence[Any]) -> str:
        """Return the name of an argument that a call has changed in place, "" if there is none."""
        now = dict(leaf for i, arg in enumerate(args) for leaf in leaves(arg, f"args[{i}]"))
        names = dict(zip(self.places, self.names, strict=True))
        for k, (label, x) in enumerate(zip(self.labels, self.every, strict=True)):
            if label not in now or (isinstance(x, NUMBERS) and not same(now[label], x)):
                return names.get(k, label)
        return next((label for label in now if label not in self.labels), "")

    def __call__(self, *numbers: Any) -> list[Any]:
        """Return the numbers in the result of the function."""
        return self.results(self.arguments(numbers))

    def results(self, args: Sequence[Any]) -> list[Any]:
        """Return the numbers in what the function returns for these arguments."""
        found = [(name, self.taken(y)) for name, y in leaves(self.f(*args), "result")]
        for name, y in found:
            if not isinstance(y, NUMBERS) or np.result_type(y).kind not in "biufc":
                hint = "; does it lack a return?" if y is None else ""
                raise TypeError(
                    f"the {name} of {name_of(self.f)} should be a number or an array of numbers, "
                    f"not {y!r:.60}{hint}"
                )
        return [y for _, y in found]

    def taken(self, y: Any) -> Any:
        """Return a result as it is; a subclass may convert it."""
        return y

    def moved(self, numbers: list[Any]) -> Problem:
        """Return the same function at another point."""
        there = copy(self)
        there.numbers, there.every = numbers, self.every.copy()
        for k, x in zip(self.places, numbers, strict=True):
            there.every[k] = x
        return there

    def value(self, numbers: Sequence[Any]) -> ndarray:
        """Return all results as one vector of real numbers."""
        return reals(self(*[own(x) for x in numbers]))

    def widest(self) -> list[Any]:
        """Return the numbers in the highest precision that the function takes."""
        wide = [widened(x) for x in self.numbers]
        try:
            self(*map(own, wide))
        except Exception:
            return list(self.numbers)
        return wide

    def pullback(self, numbers: Sequence[Any]) -> tuple[Callable[[list[Any]], list[Any]], Any]:
        """Return (function from gradients of the results to those of the numbers, results)."""
        argnum = tuple(range(len(self.numbers)))
        pull, results = make_vjp(self, argnum)(*map(own, numbers))
        return (lambda g: list(pull(g))), results

    def pushforward(self, numbers: Sequence[Any]) -> Callable[[list[Any]], list[Any]]:
        """Return the function from changes of the numbers to changes of the results."""
        argnum = tuple(range(len(self.numbers)))
        push = make_jvp_reversemode(self, argnum)(*map(own, numbers))
        return lambda v: list(push(tuple(v)))

    def gradient(self, results: list[Any], rng: np.random.Generator) -> Problem:
        """Return the problem of the gradient, a function of the numbers and incoming gradients."""
        count = len(self.numbers)
        learnt = [i for i, y in enumerate(results) if moves(y)]
        seeds = [random_like(results[i], rng) for i in learnt]

        def gradient(*moving: Any) -> list[Any]:
            g: list[Any] = [np.zeros(np.shape(y)) for y in results]
            for i, x in zip(learnt, moving[count:], strict=True):
                g[i] = x
            pull, _ = make_vjp(self, tuple(range(count)))(*moving[:count])
            return list(pull(g))

        problem = Problem(gradient, (*self.numbers, *seeds))
        problem.accuracy = self.accuracy
        problem.names = self.names + [f"the gradient of result {i}" for i in learnt]
        return problem


def moves(x: Any) -> bool:
    """Whether `x` is a real or complex floating-point number, or an array of such numbers."""
    return isinstance(x, NUMBERS) and np.result_type(x).kind in "fc"


def own(x: Any) -> Any:
    """Return `x`, copied if it is an array; the copy of a strided one is strided."""
    if not isinstance(x, ndarray) or x.flags.forc:
        return x.copy(order="K") if isinstance(x, ndarray) else x
    wide = np.zeros((*x.shape, 2), x.dtype)
    wide[..., 0] = x
    return wide[..., 0]


def same(a: Any, b: Any) -> bool:
    """Whether numbers are the same; NaN is the same as NaN."""
    return np.array_equal(a, b, equal_nan=np.result_type(b).kind in "fc")


def widened(x: Any) -> Any:
    """Return `x` in double precision."""
    wide = WIDE[np.result_type(x).kind]
    return x if np.result_type(x) == wide else np.asarray(x).astype(wide)[()]


def reals(numbers: Sequence[Any]) -> ndarray:
    """Return numbers as one vector; a complex one becomes two, its real and imaginary parts."""
    parts = []
    for x in numbers:
        x = np.asarray(x.numpy() if isinstance(x, Value) else x).ravel()
        if x.dtype.kind == "c":
            x = np.ascontiguousarray(x.astype(np.complex128)).view(float)
        parts.append(x.astype(float, copy=False))
    return np.concatenate(parts) if parts else np.zeros(0)


def moduli(numbers: Sequence[Any]) -> ndarray:
    """Return the size of each real number in `numbers`; parts of a complex number have its size."""
    return reals([np.abs(x) * (1 + 1j if np.iscomplexobj(x) else 1.0) for x in numbers])


def from_reals(vector: ndarray, like: Sequence[Any]) -> list[Any]:
    """Return numbers in the form of `like` from one vector, the inverse of `reals`."""
    numbers, at = [], 0
    for x in like:
        dtype, size = np.result_type(x), np.size(x) * (2 if np.iscomplexobj(x) else 1)
        part = vector[at : at + size]
        at += size
        if dtype.kind == "c":
            part = part.view(complex)
        part = part.reshape(np.shape(x)).astype(dtype if dtype.kind in "fc" else float, copy=False)
        single = float(part) if type(x) is float else part[()]
        numbers.append(part if isinstance(x, ndarray) else single)
    return numbers


def bounds(numbers: Sequence[Any]) -> ndarray:
    """Return where each number begins in the vector of `reals`, and where the last one ends."""
    return np.cumsum([0] + [reals([x]).size for x in numbers])


def conjugates(numbers: Sequence[Any]) -> list[Any]:
    """Return the conjugates of numbers, since the gradient of x + iy is ∂f/∂x − i ∂f/∂y."""
    return [np.conj(x) for x in numbers]


def random_like(x: Any, rng: np.random.Generator) -> Any:
    """Return random numbers between ½ and 1½, of either sign, in the form of `x`."""
    size = np.size(x) * (2 if np.iscomplexobj(x) else 1)
    vector = rng.uniform(0.5, 1.5, size) * rng.choice([-1.0, 1.0], size)
    (made,) = from_reals(vector, [x])
    return made


def coarsest(numbers: Sequence[Any]) -> np.dtype:
    """Return the real dtype of the lowest precision among numbers."""
    dtypes = [np.finfo(np.result_type(x)).dtype for x in numbers if moves(x)]
    return max(dtypes, key=lambda dtype: np.finfo(dtype).eps, default=np.dtype(float))
