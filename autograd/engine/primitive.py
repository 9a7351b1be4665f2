"""Primitive: an op, defined in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy import float64, ndarray

from autograd.engine.aliases import catch_up, current
from autograd.engine.arguments import by_place, refuse_without_rule, rules_of
from autograd.engine.arrays import KINDS, NO_NUMBERS, computed, learns, of_numbers, viewed
from autograd.engine.described import Described
from autograd.engine.dispatch import NUMPY
from autograd.engine.each import Each
from autograd.engine.fast import aside, binary, misfit, on_floats, record_of, unary
from autograd.engine.graph import Alias
from autograd.engine.modes import modes, recording, watches
from autograd.engine.ownership import frozen, kept
from autograd.engine.release import LARGE, release
from autograd.engine.value import Value, made_by
from autograd.engine.views import view_of_alias

PRIMITIVES: dict[str, Primitive] = {}  # every op by name, in order of definition
CALLS: dict[Primitive, Callable[..., Any]] = {}  # the same ops as functions
MAKERS = {1: unary, 2: binary}  # arity -> what makes the function of an op


@dataclass(eq=False, repr=False)
class Primitive(Described):
    """An op, with everything that the rest of the project knows about it.

    Called with raw numbers, it returns raw numbers. Called with a Value among its positional
    arguments, it returns a Value which, outside `no_grad`, is a new node of the graph.

    Args:
        name: what to call it in messages.
        forward: computes the raw result from raw arguments, with NumPy's own signature.
        vjps: one vector-Jacobian product for each positional argument: a function
            `(g, y, *args, **params)` of the gradient of the result, the result and the
            arguments. It returns the gradient of the argument, which may still be broadcast, or
            None for no gradient. Write it with NumPy functions and ops of this package: then it
            runs on raw arrays for first derivatives and on Values for higher ones. None stands
            for an argument without one; `vjps=None` is for an op without, such as a comparison.
            `Each` holds the vjps of an op that takes any number of arguments.
        numpy: the NumPy functions that call this op when they are given a Value.
        scalar: a faster `forward` for Python floats. If it raises, `forward` runs instead.
        add_into: `(total, g, *args, **params)`: a faster form of the op's only vjp, which adds
            the gradient to the array `total`.
        write: for an op that returns a changed copy of its first argument: it changes the array.
        hand_down: `(g, *args, **params)`: for such an op, a faster form of its vjps, which may
            write to `g`; it returns the gradients of all arguments.
        symbol: how to draw it; its name if left out.
        domain: for elementwise ops, the interval that tests draw each argument from.
        samples: for all other ops, `rng -> [(args, params), ...]` for tests, with the
            differentiable arguments first.
        elementwise: each entry of the result depends on one entry of each argument.
        selects: for an op that chooses among its arguments or among formulas: `(y, *args)`,
            where a slope of 0 means that the argument was not chosen, and that this stays so
            nearby. Then 0 · inf is 0 there, as it is in the branch that a `where` did not take.
        product: the op multiplies its arguments, so 0 times any of them is 0.
        view: the result may share memory with the first argument.
        doc: its docstring; for a public op, a sentence and an example.
        arity: 1 or 2 for an op with that many arguments and no keywords, which may then take
            the fast path.

    `Described` lists further fields, for writing formulas, diagnosis and tests.

    Example:
        >>> cube = Primitive("cube", lambda x: x**3, vjps=[lambda g, y, x: g * 3 * x**2])
        >>> x = Value(2.0)
        >>> y = cube(x)
        >>> y.backward()
        >>> y.data, x.grad
        (8.0, 12.0)
    """

    name: str
    forward: Callable[..., Any]
    vjps: Iterable[Callable[..., Any] | None] | None = ()
    numpy: Sequence[Any] = ()
    scalar: Callable[..., float] | None = None
    add_into: Callable[..., None] | None = None
    write: Callable[..., None] | None = None
    hand_down: Callable[..., tuple] | None = None
    symbol: str = ""
    domain: Sequence[tuple[float, float]] = ()
    samples: Callable[[np.random.Generator], list[tuple[tuple, dict]]] | None = None
    elementwise: bool = False
    selects: Callable[..., Any] | None = None
    product: bool = False
    view: bool = False
    doc: str = ""
    arity: int = 0

    def __post_init__(self) -> None:
        self.symbol = self.symbol or self.name
        if self.elementwise:
            self.arity = len(self.domain)
        self.vjps = self.vjps if isinstance(self.vjps, Each) else rules_of(self)
        if not (self.vjps or self.scalar):
            self.arity = 0
        self.__doc__ = (
            self.doc or f"{self.name}: see the NumPy function of that name, or autograd.ops."
        )

    def __repr__(self) -> str:
        return f"Primitive({self.name})"

    def __call__(self, *args: Any, **params: Any) -> Any:
        return self.function()(*args, **params)

    @property
    def registered(self) -> bool:
        """Whether this is one of the package's own ops, whose forward function is only NumPy's."""
        return self in CALLS

    @property
    def call(self) -> Callable[..., Any]:
        """The op as a function, which takes the fast path if the op may.

        Function and op hold each other. So a registered op, which lives as long as the program,
        keeps its function, and any other has it made anew: it can then be freed at once.
        """
        return CALLS.get(self) or self.function()

    def function(self) -> Callable[..., Any]:
        """Return a new function that applies the op."""
        function = (record_of if self.view else MAKERS.get(self.arity, record_of))(self)
        function.__name__ = self.name
        return function

    def record(self, *args: Any, **params: Any) -> Any:
        """Apply the op to any arguments; `unary` and `binary` do the same, only faster."""
        if params:
            args, params = by_place(self, args, params)
        if self.view and args and isinstance(args[0], Value) and recording():
            catch_up(args[0])
            if type(args[0].more) is Alias and not any(
                [isinstance(a, Value) and learns(a._data) for a in args[1:]]
            ):
                return view_of_alias(self, args, params)
        parents = tuple([current(a) if isinstance(a, Value) else None for a in args])
        if not any([parent is not None for parent in parents]):
            return self.forward(*args, **params)
        pairs = list(zip(args, parents, strict=True))
        if type(self.vjps) is tuple and 0 < len(self.vjps) < len(parents):
            refuse_without_rule(self, parents)
        if modes and not recording():
            numbers = tuple([a if parent is None else parent._data for a, parent in pairs])
            return aside(self, self.compute(numbers, params), parents, numbers, params)
        raw = tuple([frozen(a) if parent is None else kept(parent) for a, parent in pairs])
        params = {name: list(x) if type(x) is list else frozen(x) for name, x in params.items()}
        data = self.compute(raw, params)
        for parent in parents:
            if parent is not None and parent.size > LARGE:
                release(parent)
        if watches:
            return aside(self, data, parents, raw, params)
        return made_by(self, data, parents, raw, params)

    def compute(self, raw: tuple, params: dict[str, Any]) -> Any:
        """Return the data of the result from raw arguments."""
        if self.arity and all(type(x) is float for x in raw):
            return on_floats(self, raw)
        try:
            y = self.forward(*raw, **params)
            data = viewed(y, raw[0]) if self.view else computed(y)
            if type(data) is float64 and type(raw[0]) is not ndarray and of_numbers(raw):
                data = float(data)
        except Exception as error:
            raise misfit(self, raw, error) from error.__cause__
        if isinstance(data, (ndarray, np.generic)) and data.dtype.kind not in KINDS:
            raise TypeError(f"{self.name} takes and returns {NO_NUMBERS.format(data.dtype)}")
        return data


def define(name: str, forward: Callable[..., Any], **fields: Any) -> Callable[..., Any]:
    """Make a primitive, register it by name and for its NumPy functions, and return its call."""
    op = PRIMITIVES[name] = Primitive(name, forward, **fields)
    call = CALLS[op] = op.call
    # Each op gets its own code object, for Python to specialise, and to name in tracebacks.
    call.__code__ = call.__code__.replace(co_name=name)
    call.__name__, call.__doc__ = name, op.__doc__
    call.__module__, call.__qualname__ = "autograd.ops", name  # where pickle looks for it
    for function in op.numpy:
        NUMPY[function] = call
    return call


def elementwise(
    name: str, forward: Callable[..., Any], *partials: Callable[..., Any], **fields: Any
) -> Callable[..., Any]:
    """Define an elementwise op by its partial derivatives `(y, *args)`, without the chain rule."""
    if len(partials) == 1:
        (slope,) = partials
        fields.setdefault("vjps", (lambda g, y, x: g * slope(y, x),))
    fields.setdefault("vjps", tuple(partial(_chain, slope) for slope in partials))
    fields.setdefault("domain", ((-3.0, 3.0),) * len(fields["vjps"] or ()))
    if isinstance(forward, np.ufunc):
        fields.setdefault("numpy", (forward,))
    return define(name, forward, elementwise=True, **fields)


def _chain(slope: Callable[..., Any], g: Any, y: Any, *args: Any) -> Any:
    return g * slope(y, *args)
