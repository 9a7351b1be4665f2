"""Draw correct functions and points at random, and count how often the checker cries wolf.

    python -m tests.testing.draws --count 10000 --seed 7 [--opaque]

Drawn are expressions and networks, and every op with a domain or with samples, in float64 and,
one time in four, in another dtype; each is checked in both modes up to the second order; or, with
--opaque, as a function that only takes and returns plain numbers, with its gradient as `grad=`, at
the point drawn alone.
What a draw is depends on the seed alone.  An alarm is printed with the code that raises it again.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

import autograd.scipy.special  # noqa: F401 (its ops are drawn as well)
from autograd.engine.primitive import PRIMITIVES
from autograd.engine.trees import filled, leaves
from autograd.engine.value import Value
from autograd.ops.elementwise import (
    add,
    cos,
    cosh,
    exp,
    multiply,
    negative,
    sin,
    sinh,
    square,
    subtract,
)
from autograd.scipy import integrate
from autograd.testing import GradientError, check_gradients, strategies
from autograd.testing.code import as_code
from autograd.testing.collecting import of_op
from autograd.testing.problem import moves
from autograd.transforms.products import make_vjp

DTYPES = st.sampled_from([np.dtype(t) for t in ("f8", "f8", "f8", "f4", "f2", "c16", "c8")])
COMPLEX = {add, subtract, multiply, sin, cos, sinh, cosh, exp, square, negative}
SOLVERS = {integrate._odeint}  # exact to their tolerance only, which no check can know
Draw = tuple[str, Callable[..., Any], tuple[Any, ...]]


def expression(kinks: bool) -> st.SearchStrategy[Draw]:
    """Draw an expression of two arguments, ordinary ones or any."""
    ends = st.sampled_from([(-9.0, 9.0), strategies.EVERYTHING])
    args = ends.flatmap(lambda end: strategies.arguments(end, end))
    return st.builds(
        lambda f, xs: (repr(f), f, xs), strategies.expressions("x", "y", kinks=kinks), args
    )


def network() -> st.SearchStrategy[Draw]:
    return strategies.networks(kinks=True).map(lambda f: (repr(f), f, (f.parameters,)))


@cache
def elementwise() -> st.SearchStrategy[Draw]:
    """Draw an op that has a domain, and arguments from it."""
    ops = [op for op in PRIMITIVES.values() if op.elementwise and op.vjps]

    def of(op: Any) -> st.SearchStrategy[Draw]:
        dtypes = DTYPES.filter(lambda dtype: dtype.kind == "f" or op.call in COMPLEX)
        args = strategies.arguments(*op.domain, dtype=dtypes, max_dims=2)
        return args.map(lambda xs: (op.name, op, xs))

    return st.sampled_from(ops).flatmap(of)


@cache
def sampled() -> st.SearchStrategy[Draw]:
    """Draw one of the samples of an op."""
    ops = [op for op in PRIMITIVES.values() if op.samples and op.vjps and not op.elementwise]
    ops = [op for op in ops if op.call not in SOLVERS]

    def of(op: Any, number: int, which: int, dtype: np.dtype) -> Draw:
        cases = list(of_op(op, None).cases(dtype, number))
        f, args, _ = cases[which % len(cases)]
        return f"{op.name}, sample {which % len(cases)} of seed {number}", f, args

    widths = st.sampled_from([np.dtype(t) for t in ("f8", "f8", "f8", "f4")])
    return st.builds(of, st.sampled_from(ops), st.integers(0, 999), st.integers(0, 99), widths)


@cache
def draws() -> st.SearchStrategy[Draw]:
    return st.one_of(expression(False), expression(True), network(), elementwise(), sampled())


def opaque(f: Callable[..., Any], args: tuple[Any, ...]) -> Callable[..., Any]:
    """Return `f` as a function through which nothing can be traced."""

    def g(*given: Any) -> Any:
        numbers = [x.numpy() if isinstance(x, Value) else x for _, x in leaves(given)]
        return f(*filled(given, iter(numbers)))

    return g


def slopes(f: Callable[..., Any], args: tuple[Any, ...]) -> Callable[..., Any]:
    """Return the Jacobian of `f`, as `grad=` takes it."""
    places = tuple(i for i, arg in enumerate(args) if any(moves(x) for _, x in leaves(arg)))

    def grad(*given: Any) -> Any:
        pull, y = make_vjp(f, places)(*given)
        shape = np.shape(y)
        rows = [
            leaves(pull(seed.astype(y.dtype).reshape(shape)[()])) for seed in np.eye(np.size(y))
        ]
        like = tuple(given[i] for i in places)
        if not rows:
            rows = [[(name, np.zeros(0)) for name, _ in leaves(like)]]
        found = (
            np.reshape([x for _, x in column], shape + np.shape(x0)).astype(np.result_type(x0))[()]
            for column, (_, x0) in zip(zip(*rows, strict=True), leaves(like), strict=True)
        )
        tree = filled(like, found)
        return tree if len(places) > 1 else tree[0]

    return grad


def check(f: Callable[..., Any], args: tuple[Any, ...], hidden: bool) -> None:
    """Check a draw; one with several results, or complex ones, cannot be hidden."""
    if not hidden:
        check_gradients(f, *args)
        return
    y = f(*args)
    real = all(np.result_type(x).kind != "c" for _, x in leaves((args, y)) if moves(x))
    if isinstance(y, (float, np.ndarray, np.generic)) and moves(y) and real:
        check_gradients(opaque(f, args), *args, grad=slopes(f, args), special=False)


def alarms(count: int, number: int, hidden: bool = False) -> Iterator[str]:
    """Yield what the checker says wherever it calls a derivative wrong.

    Args:
        count: how many functions to draw.
        number: the seed.
        hidden: whether to draw them opaque.
    """
    drawn: list[Draw] = []

    @seed(number)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(draws())
    def each(draw: Draw) -> None:
        drawn.append(draw)

    each()
    for name, f, args in drawn:
        try:
            check(f, args, hidden)
        except ValueError:  # a point outside the domain
            continue
        except GradientError as error:
            yield f"{name}\n    at {', '.join(map(as_code, args))}\n{error}\n"


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--opaque", action="store_true")
    options = parser.parse_args()
    found = 0
    for alarm in alarms(options.count, options.seed, options.opaque):
        found += 1
        print(alarm, flush=True)
    how = "opaque draws" if options.opaque else "draws"
    print(f"{found} false alarms in {options.count} {how} of seed {options.seed}")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
