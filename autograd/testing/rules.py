"""Rules by `defvjp` and `defjvp`: what may be wrong with them though derivatives are right."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.graph import history
from autograd.testing.problem import Problem, coarsest, own, random_like
from autograd.testing.report import GradientError
from autograd.trees import aligned, filled, leaves
from autograd.value import Value


def check_rules(problem: Problem) -> None:
    """Check the rules of the primitives along a graph: their form, and both modes together.

    The walk sums over broadcast axes and casts, and forward mode is derived from the vjps, so that
    derivatives come out right all the same.  Where else the rules are used, in HIPS autograd, they
    do not.

    Raises:
        GradientError: a vjp is not of the form of its argument, or a jvp is not its transpose.
    """
    results = problem(*[Value(own(x)) for x in problem.numbers])
    rng = np.random.default_rng(0)
    for node in history([y for y in results if isinstance(y, Value)], {})[0]:
        call: Any = node.params.get("call") if node.op is not None else None
        if not hasattr(call, "gradient"):
            continue
        args = call.args(node.args)
        for i, place in enumerate(call.argnums):
            name, g = f"args[{place}] of {node.op.name}", random_like(node.data, rng)
            gradient = call.gradient(i, g, node.data, args)
            if gradient is None:
                continue
            check_form(gradient, args[place], name)
            tangent = filled(args[place], (random_like(x, rng) for _, x in leaves(args[place])))
            change = call.change(i, tangent, node.data, args)
            if change is not None:
                check_transpose((gradient, tangent), (g, change), name)


def check_form(gradient: Any, arg: Any, name: str) -> None:
    """Refuse a gradient that is not of the form of the argument it belongs to."""
    try:
        pairs = list(aligned(gradient, arg, name))
    except TypeError as error:
        raise GradientError(f"the gradient by a rule: {error}") from None
    for (where, g), (_, x) in zip(pairs, leaves(arg), strict=True):
        if np.shape(g) != np.shape(x):
            raise GradientError(
                f"the rule for {where} gives a gradient of shape {np.shape(g)}, not {np.shape(x)} "
                "as the argument; sum over broadcast axes"
            )
        if np.result_type(g) != np.result_type(x):
            raise GradientError(
                f"the rule for {where} gives a gradient of dtype {np.result_type(g)}, not "
                f"{np.result_type(x)} as the argument; write g.astype(x.dtype)"
            )


def check_transpose(reverse: Any, forward: Any, name: str) -> None:
    """Refuse a jvp that is not the transpose of the vjp: Σ gradient · tangent = Σ g · change."""
    sums, sizes, numbers = [], [], []
    for a, b in (reverse, forward):
        pairs = [(p, q) for (_, p), (_, q) in zip(leaves(a), leaves(b), strict=True)]
        sums.append(sum(np.sum(np.real(p * q)) for p, q in pairs))
        sizes.append(sum(np.sum(abs(p * q)) for p, q in pairs))
        numbers += [x for pair in pairs for x in pair]
    eps = float(np.finfo(coarsest(numbers)).eps)
    if not abs(sums[0] - sums[1]) <= max(1e-8, 1e3 * eps) * max(sizes) and np.isfinite(sums[0]):
        raise GradientError(
            f"the jvp for {name} is wrong: it gives Σ g · change = {sums[1]:.12g}, and its vjp "
            f"Σ gradient · tangent = {sums[0]:.12g}, which should be equal"
        )
