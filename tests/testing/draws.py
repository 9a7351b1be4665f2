"""Draw correct functions and points at random, and count how often the checker cries wolf.

    python -m tests.testing.draws --count 10000 --seed 7

Drawn are expressions and networks, and every op with a domain or with samples, in float64 and,
one time in four, in another dtype; each is checked in both modes up to the second order.  What a
draw is depends on the seed alone.  An alarm is printed with the code that raises it again.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

import autograd.scipy.special  # noqa: F401 (its ops are drawn as well)
from autograd.primitive import PRIMITIVES
from autograd.testing import GradientError, check_gradients, strategies
from autograd.testing.code import as_code
from autograd.testing.plugin import at_places, of_width
from autograd.testing.problem import moves

DTYPES = st.sampled_from([np.dtype(t) for t in ("f8", "f8", "f8", "f4", "f2", "c16", "c8")])
COMPLEX = set("add subtract multiply sin cos sinh cosh exp square negative".split())
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
        dtypes = DTYPES.filter(lambda dtype: dtype.kind == "f" or op.name in COMPLEX)
        args = strategies.arguments(*op.domain, dtype=dtypes, max_dims=2)
        return args.map(lambda xs: (op.name, op, xs))

    return st.sampled_from(ops).flatmap(of)


@cache
def sampled() -> st.SearchStrategy[Draw]:
    """Draw one of the samples of an op."""
    ops = [op for op in PRIMITIVES.values() if op.samples and op.vjps and not op.elementwise]

    def of(op: Any, number: int, which: int, dtype: np.dtype) -> Draw:
        samples = op.samples(np.random.default_rng(number))
        args, params = samples[which % len(samples)]
        places = [i for i, x in enumerate(args) if moves(x)]
        f = partial(at_places, op, args, places, params)
        f.__name__ = f"{op.name}, sample {which % len(samples)} of seed {number}"
        return f.__name__, f, tuple([of_width(args[i], dtype) for i in places])

    widths = st.sampled_from([np.dtype(t) for t in ("f8", "f8", "f8", "f4")])
    return st.builds(of, st.sampled_from(ops), st.integers(0, 999), st.integers(0, 99), widths)


@cache
def draws() -> st.SearchStrategy[Draw]:
    return st.one_of(expression(False), expression(True), network(), elementwise(), sampled())


def alarms(count: int, number: int) -> Iterator[tuple[str, str, str]]:
    """Yield (what was drawn, the code of its arguments, what the checker says) for each alarm."""
    yield from run(count, number)[1]


def run(count: int, number: int) -> tuple[Counter, list[tuple[str, str, str]]]:
    """Return how many draws were right, outside a domain, an alarm; and the alarms."""
    outcomes: Counter = Counter()
    found = []

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
        name, f, args = draw
        try:
            check_gradients(f, *args)
            outcomes["right"] += 1
        except (ValueError, TypeError) as error:
            outcomes[f"{type(error).__name__} {str(error)[:0]}"] += 1
        except GradientError as error:
            outcomes["alarm"] += 1
            found.append((name, ", ".join(map(as_code, args)), str(error)))

    each()
    return outcomes, found


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    start = time.perf_counter()
    outcomes, found = run(options.count, options.seed)
    for name, args, message in found:
        print(f"--- {name}\n    at {args}\n{message}\n")
    print(dict(outcomes), f"{time.perf_counter() - start:.0f} s")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
