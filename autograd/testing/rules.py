"""Check rules one by one, for defects that right derivatives may hide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograd.engine.graph import history
from autograd.engine.trees import aligned, filled, leaves
from autograd.engine.value import Value
from autograd.testing.problem import Problem, coarsest, moves, own, random_like, same
from autograd.testing.report import GradientError

NUDGE = 1 + 2.0**-40  # less than the last digit of float32, and far more than that of float64
OFTEN = 100  # an op is checked at most this many times
LEAST = 1e-290  # numbers below it have fewer digits


def check_rules(problem: Problem) -> None:
    """Check the rules in a graph one by one: what they write into, their digits, their form.

    Derivatives may be right although a rule has a defect: perhaps nobody else needs the gradient
    that it overwrites, or the digits that it drops are too small to matter; the backward pass sums
    over broadcast axes and casts; and forward mode is derived from the vjps. Used elsewhere, such
    as in HIPS autograd, the same rules give wrong derivatives.

    Raises:
        GradientError: a vjp writes into its incoming gradient, computes in float32 on float64
            arguments, or differs in form from its argument; or a jvp is not its transpose.
    """
    results = problem(*[Value(own(x)) for x in problem.numbers])
    rng = np.random.default_rng(0)
    times: Counter[Any] = Counter()
    for node in history([y for y in results if isinstance(y, Value)], {})[0]:
        times[node.op] += 1
        if times[node.op] > OFTEN:
            continue
        call: Any = node.params.get("call") if node.op is not None else None
        if hasattr(call, "gradient"):
            check_call(node, call, rng, problem.accuracy)
        elif node.op is not None:
            for i, (parent, rule) in enumerate(zip(node.parents, node.op.vjps, strict=False)):
                if parent is not None and moves(node.data):
                    vjp = partial(plain, rule, node)
                    check_vjp(vjp, random_like(node.data, rng), f"argument {i} of {node.op.name}")


def plain(rule: Callable[..., Any], node: Any, g: Any) -> Any:
    """Return what the rule of an op returns, None if it does not take a random gradient."""
    try:
        return rule(g, node.data, *node.args, **node.params)
    except Exception:
        return None


def check_call(node: Any, call: Any, rng: np.random.Generator, accuracy: float) -> None:
    """Check the rules from `defvjp` and `defjvp` for one call of a primitive, up to an accuracy."""
    args = call.args(node.args)
    for i, place in enumerate(call.argnums):
        name, g = f"args[{place}] of {node.op.name}", random_like(node.data, rng)
        gradient = check_vjp(partial(by_call, call, i, node, args), g, name)
        check_untouched(args, call.args(node.args), name)
        if gradient is None:
            continue
        check_form(gradient, args[place], name)
        tangent = filled(args[place], (random_like(x, rng) for _, x in leaves(args[place])))
        for factor in (1.0, -2.0):
            scaled = filled(args[place], (factor * x for _, x in leaves(tangent)))
            try:
                change = call.change(i, scaled, node.data, args)
            except Exception as error:
                raise GradientError(
                    f"the jvp for {name} is not possible: {type(error).__name__}: {error}"
                ) from error
            if change is not None:
                check_change(change, node.data, name)
                check_transpose((gradient, scaled), (g, change), name, accuracy)


def check_untouched(args: tuple, fresh: tuple, name: str) -> None:
    """Check that a rule did not write into the arguments it was given."""
    pairs = zip(leaves(args), leaves(fresh), strict=True)
    if not all(same(a, b) for (_, a), (_, b) in pairs if moves(b)):
        raise GradientError(
            f"the rule for {name} modifies an argument in place; let it make a new array"
        )


def by_call(call: Any, i: int, node: Any, args: tuple, g: Any) -> Any:
    """Return what the rule for an argument of a primitive returns."""
    return call.gradient(i, g, node.data, args)


def check_vjp(vjp: Callable[[Any], Any], g: Any, name: str) -> Any:
    """Return what a vjp returns for `g`, after checking that it keeps `g` and the digits."""
    given = own(g)
    gradient = vjp(given)
    if not same(given, g):
        raise GradientError(
            f"the rule for {name} modifies its incoming gradient in place; let it make a new array"
        )
    found, nudged = (numbers_of(x) for x in (gradient, vjp(own(g * NUDGE))))
    if coarsest([g, *found]) != np.float64:
        return gradient
    told = [np.isfinite(x) & (abs(x) > LEAST) for x in found]
    if any(map(np.any, told)) and all(map(np.array_equal, found, nudged)):
        raise GradientError(
            f"the rule for {name} drops digits: incoming gradients that differ by 1e-12 of their "
            "size give the same result; let it compute in float64"
        )
    return gradient


def numbers_of(gradient: Any) -> list[Any]:
    """Return the numbers in a gradient."""
    return [np.asarray(x) for _, x in leaves(gradient) if moves(x)]


def check_form(gradient: Any, arg: Any, name: str) -> None:
    """Refuse a gradient that differs in form from its argument."""
    try:
        pairs = list(aligned(gradient, arg, name))
    except TypeError as error:
        raise GradientError(f"the gradient by a rule: {error}") from None
    if isinstance(arg, (list, tuple)) and type(gradient) is not type(arg):
        raise GradientError(
            f"the rule for {name} gives a {type(gradient).__name__} of gradients, not a "
            f"{type(arg).__name__} like the argument"
        )
    for (where, g), (_, x) in zip(pairs, leaves(arg), strict=True):
        if np.shape(g) != np.shape(x):
            raise GradientError(
                f"the rule for {where} gives a gradient of shape {np.shape(g)}, not {np.shape(x)} "
                "like the argument; sum over broadcast axes"
            )
        if np.result_type(g) != np.result_type(x):
            raise GradientError(
                f"the rule for {where} gives a gradient of dtype {np.result_type(g)}, not "
                f"{np.result_type(x)} like the argument; write g.astype(x.dtype)"
            )


def check_change(change: Any, y: Any, name: str) -> None:
    """Refuse a change from a jvp that differs in form from the result."""
    if np.shape(change) != np.shape(y) or np.result_type(change) != np.result_type(y):
        raise GradientError(
            f"the jvp for {name} gives a change of shape {np.shape(change)} and dtype "
            f"{np.result_type(change)}, not {np.shape(y)} and {np.result_type(y)} like the result"
        )


def check_transpose(reverse: Any, forward: Any, name: str, accuracy: float) -> None:
    """Refuse a jvp that is not the transpose of the vjp: Σ gradient · tangent = Σ g · change."""
    sums, sizes, numbers = [], [], []
    for a, b in (reverse, forward):
        pairs = [(p, q) for (_, p), (_, q) in zip(leaves(a), leaves(b), strict=True)]
        sums.append(sum(np.sum(np.real(p * q)) for p, q in pairs))
        sizes.append(sum(np.sum(abs(p * q)) for p, q in pairs))
        numbers += [x for pair in pairs for x in pair]
    eps = float(np.finfo(coarsest(numbers)).eps)
    if not abs(sums[0] - sums[1]) <= max(1e-8, 1e3 * eps, accuracy) * max(sizes) and np.isfinite(
        sums[0]
    ):
        raise GradientError(
            f"the jvp for {name} is wrong: it gives Σ g · change = {sums[1]:.12g}, which should "
            f"equal Σ gradient · tangent = {sums[0]:.12g} from its vjp"
        )
