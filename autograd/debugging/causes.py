"""The classic causes of a NaN or an infinity, by op."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.debugging.numbers import all_finite, largest
from autograd.engine.graph import history
from autograd.engine.value import Value

PRODUCTS = {"prod", "cumprod"}
GROWN = 1e4  # weights of a network beyond this size did not come from training that goes well
HUGE = 1e30  # and numbers beyond this are no data
LOGARITHMS = {"log", "log2", "log10", "log1p"}
EXPONENTIALS = {"exp", "exp2", "expm1", "sinh", "cosh"}
QUOTIENTS = {"divide", "reciprocal", "mod", "fmod", "floor_divide"}
BOUNDED = {"arcsin": "−1 to 1", "arccos": "−1 to 1", "arctanh": "−1 to 1", "arccosh": "1 and above"}

Args = Sequence[Any]


def of_result(op: Any, args: Args, y: Any) -> str:
    """Return why an op may have made `y`, "" if nobody knows."""
    name = op.name
    numbers = [x for x in args if isinstance(x, (float, int, complex, np.ndarray, np.generic))]
    if not all(map(np.size, numbers)):
        return "an array without entries, perhaps of a mask that leaves none"
    if name in LOGARITHMS:
        return of_logarithm(name, args[0], y)
    if name == "sqrt":
        return "the square root of a negative number; write np.sqrt(np.maximum(x, 0.0))"
    if name in QUOTIENTS and (found := of_divisor(args[-1])):
        return found
    if name == "power":
        return of_power(args[0], args[1], y)
    if name in BOUNDED:
        outside = np.asarray(args[0])[np.isnan(y) | np.isinf(y)].flat[0].item()
        return (
            f"{name} is defined from {BOUNDED[name]}, and this is {outside!r}; clip its argument, "
            "np.clip(x, low, high)"
        )
    if name in EXPONENTIALS:
        return (
            f"an overflow: {name} of {largest(args[0]):.4g} is larger than any {dtype(y)}; "
            "autograd.logsumexp, softmax, log_softmax, softplus and sigmoid do not overflow"
        )
    if not all(map(all_finite, numbers)):
        return of_infinities(name)
    if np.isinf(y).any() and numbers:
        return of_infinite(op, max(map(largest, numbers)), dtype(y))
    return ""


def of_infinite(op: Any, size: float, kind: str) -> str:
    """Return why an op may have made an infinity of finite numbers of up to `size`."""
    if op.name == "slogdet":
        return "the matrix is singular: its determinant is 0, whose logarithm is −inf"
    if op.name in PRODUCTS:
        return f"an overflow: a product of numbers of up to {size:.2g} is too large for a {kind}"
    if size < far(np.zeros((), kind)):
        return f"{op.name} is infinite there, or larger than any {kind}"
    return f"an overflow: numbers of up to {size:.2g} are too large for a {kind}"


def of_divisor(x: Any) -> str:
    """Return what is wrong with what is divided by, "" for nothing."""
    size = np.abs(np.asarray(x))
    if np.any(size == 0):
        return "a division by zero; make sure that the divisor is none, or add a small number"
    if np.any(next_to_zero(x)):
        return f"a division by a number as small as {size.min():.2g}; add a small number to it"
    return ""


def of_logarithm(name: str, x: Any, y: Any) -> str:
    """Return why a logarithm is not finite."""
    if name == "log1p":
        number = "a number below −1" if np.isnan(y).any() else "−1"
        return f"log1p is the logarithm of 1 + x, and x is {number}"
    small = little(x)
    if np.isnan(y).any():
        return f"the logarithm of a negative number; write np.log(np.maximum(x, {small}))"
    return (
        f"the logarithm of zero; write np.log(x + {small}), or np.log(np.maximum(x, {small})), or "
        "autograd.log_softmax for the logarithm of probabilities"
    )


def of_power(base: Any, exponent: Any, y: Any) -> str:
    """Return why a power is not finite."""
    base, exponent = np.broadcast_arrays(base, exponent)
    wrong = ~np.isfinite(np.broadcast_to(y, base.shape))
    if np.any(wrong & (base == 0) & (exponent < 0)):
        return "zero to a negative power is a division by zero"
    if np.isnan(y).any() and np.any(wrong & (base.real < 0)):
        return (
            "a negative number to a fractional power is not real; take np.abs(x) or maximum(x, 0)"
        )
    return f"an overflow: {largest(base):.2g} to the power of up to {largest(exponent):.2g}"


def of_infinities(name: str) -> str:
    """Return why an op of infinities is NaN."""
    if name in ("add", "subtract", "sum", "mean"):
        return "inf − inf, which is no number: an infinity that was let through, such as a mask's"
    if name in ("multiply", "matmul", "einsum", "dot"):
        return "0 · inf, which is no number: multiply by a mask of 0 and 1 only what is finite"
    return "an infinity that was let through, such as a mask's, and that this op makes NaN of"


def of_branch(op: Any) -> str:
    """Return what to say of an op in a `where`."""
    f = op.name if op.arity == 1 else "f"
    return (
        "If the where does not take this branch there, give the op something harmless: "
        f"np.where(ok, {f}(np.where(ok, x, 1.0)), 0.0)"
    )


def of_gradient(op: Any, args: Args, y: Any, place: int, g: Any, gx: Any) -> str:
    """Return why the rule of an op may have made `gx` of the gradient `g`."""
    name = op.name
    if all_finite(gx):
        return "several gradients are each finite, but their sum overflows"
    rule: Callable[..., str] | None = SLOPES.get(name)
    if rule is not None and (found := rule(args, y, place)):
        return found
    if of_nothing(g, gx):
        return (
            "0 · inf: the gradient that comes in is 0, as from the branch that a where did not "
            "take, and the slope of the op is infinite; make the op's argument harmless in that "
            "branch first: np.where(ok, f(np.where(ok, x, 1.0)), 0.0)"
        )
    if not np.all(y) and np.isnan(gx).any():
        return (
            "the result is 0 there, and a rule that divides by it gives 0 / 0, as the norm of a "
            "zero vector; give the slope 0 there, or add a small number"
        )
    if np.isinf(gx).any() and largest(g) > far(g):
        return f"an overflow: the gradient that comes in has grown to {largest(g):.2g}"
    return ""


def of_nothing(g: Any, gx: Any) -> bool:
    """Whether NaNs in `gx` stand where no gradient comes in."""
    nan, none = np.isnan(gx), np.equal(g, 0)
    return bool(nan.any() and (none[nan].all() if none.shape == nan.shape else none.all()))


def of_root_slope(args: Args, y: Any, place: int) -> str:
    """Return why the gradient of a root is infinite."""
    if np.all(y):
        return ""
    return (
        f"the slope of a root at zero is infinite; write np.sqrt(x + {little(args[0])}), or "
        "np.linalg.norm, which has the slope 0 there"
    )


def of_cube_root_slope(args: Args, y: Any, place: int) -> str:
    """Return why the gradient of a cube root is infinite."""
    return "" if np.all(y) else "the slope of a root at zero is infinite; keep away from zero"


def of_power_slope(args: Args, y: Any, place: int) -> str:
    """Return why the gradient of a power is not finite."""
    base, exponent = np.broadcast_arrays(args[0], args[1])
    if place == 1 and np.any(base.real < 0):
        return (
            "the slope with respect to the exponent is log(base), and the base is negative; "
            "if the exponent does not learn, give it as a number and not as a Value"
        )
    if np.any((base == 0) & (exponent.real < 1)):
        small = little(base)
        return f"x ** p has an infinite slope at zero for p < 1; write (x + {small}) ** p"
    return ""


def of_quotient_slope(args: Args, y: Any, place: int) -> str:
    """Return why the gradient of a quotient is not finite."""
    return of_divisor(args[-1])


def of_edge_slope(args: Args, y: Any, place: int) -> str:
    """Return why the gradient of arcsin and the like is not finite."""
    if np.any(np.abs(args[0]) == 1):
        return "the slope at the edge of where it is defined, ±1, is infinite; clip a little inside"
    return ""


def of_logarithm_slope(args: Args, y: Any, place: int) -> str:
    """Return why the gradient of a logarithm is not finite."""
    return (
        "the logarithm of zero, or of a number next to it" if np.any(next_to_zero(args[0])) else ""
    )


SLOPES: dict[str, Callable[..., str]] = {
    "sqrt": of_root_slope,
    "cbrt": of_cube_root_slope,
    "power": of_power_slope,
    "divide": of_quotient_slope,
    "reciprocal": of_quotient_slope,
    **dict.fromkeys(BOUNDED, of_edge_slope),
    **dict.fromkeys(LOGARITHMS - {"log1p"}, of_logarithm_slope),
}


def of_training(values: Sequence[Value], names: dict[int, str]) -> str:
    """Return what to say if numbers that went into some Values have grown too large."""
    sizes = [
        (largest(leaf._data), leaf) for leaf in history(list(values), {})[0] if leaf.op is None
    ]
    size, leaf = max(sizes, key=lambda pair: pair[0], default=(0.0, None))
    learns = leaf is not None and (type(leaf) is not Value or leaf._grad is not None)
    if leaf is None or size <= (GROWN if learns else HUGE):
        return ""
    name = leaf.name or names.get(leaf.serial, "")
    grown = f"The weights have grown, {name or 'one of them'} to {size:.2g}"
    if type(leaf) is Value:  # nobody says whether it is a weight
        grown = f"{name or 'A leaf of the graph'} is as large as {size:.2g}; if it learns"
    return (
        f"{grown}: is the learning rate too large? A smaller "
        "one, normalised inputs or clipped gradients help; nn.monitor shows when it began"
    )


def far(x: Any) -> float:
    """Return from what size on numbers like these are near an overflow."""
    kind = np.result_type(x)
    return float(np.finfo(kind if kind.kind in "fc" else float).max) ** 0.4


def next_to_zero(x: Any) -> Any:
    """Return which numbers are so small that to divide by them may overflow."""
    return np.abs(x) < 1 / far(x)


def little(x: Any) -> str:
    """Return a small number to be added, one that does not vanish beside numbers like these."""
    return "1e-7" if np.result_type(x) == np.float16 else "1e-12"


def dtype(y: Any) -> str:
    """Return the name of the dtype of a result."""
    return str(np.result_type(y))
