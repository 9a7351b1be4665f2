"""scipy.integrate: odeint, with gradients by the adjoint equation.

See Pontryagin et al., The Mathematical Theory of Optimal Processes (1962), and for observations at
many times Chen et al., Neural Ordinary Differential Equations (2018, arXiv:1806.07366).
"""

from math import prod
from typing import Any

import numpy as np
import scipy.integrate as sp

from autograd.composed.creation import array
from autograd.engine.primitive import define
from autograd.engine.trees import filled, leaves
from autograd.engine.value import Value
from autograd.scipy import others
from autograd.transforms.products import vjp

__getattr__ = others(sp)

TOLERANCES = ("rtol", "atol", "mxstep")  # options for solving the adjoint equation too


class Equation:
    """dy/dt = func(y, t, *args) as a function of y, t and θ, a vector of the Values in `args`.

    Args:
        func: returns dy/dt, an array or a list of numbers.
        args: its other arguments, numbers or trees of numbers.
        tfirst: whether func takes t before y.
    """

    def __init__(self, func: Any, args: tuple, tfirst: bool) -> None:
        found = [x for _, x in leaves(args)]
        self.func, self.tfirst = func, tfirst
        self.shapes = [x.shape if isinstance(x, Value) else None for x in found]
        self.args = filled(args, iter([None if isinstance(x, Value) else x for x in found]))

    def __call__(self, y: Any, t: Any, theta: Any) -> Any:
        parts, start = [], 0
        for (_, constant), shape in zip(leaves(self.args), self.shapes, strict=True):
            stop = start if shape is None else start + prod(shape)
            parts.append(constant if shape is None else np.reshape(theta[start:stop], shape))
            start = stop
        args = filled(self.args, iter(parts))
        return array(self.func(t, y, *args) if self.tfirst else self.func(y, t, *args))


def _plain(f):
    """Return `f` for SciPy, which needs plain numbers."""

    def of_numbers(*args):
        slope = array(f(*args))
        if isinstance(slope, Value):
            raise TypeError(
                "odeint: the function uses a Value that is not among its arguments, so its "
                "gradient would be lost; pass it on, odeint(func, y0, t, args=(value,))"
            )
        return slope

    return of_numbers


def _split(flat, size, times):
    return flat[:size], flat[size : size + times], flat[size + times :]


def _solve(flat, equation, size, times, options):
    y0, t, theta = _split(flat, size, times)
    y = sp.odeint(_plain(equation), y0, t, args=(theta,), **options)
    return y.astype(flat.dtype)


def _adjoint(g, y, flat, equation, size, times, options):
    """Return the gradient of `flat`, by solving the adjoint equation back from the last time.

    Let a(t) be the gradient of y(t), and f = dy/dt. Then da/dt = −a ∂f/∂y, and the gradient of θ
    grows at the rate a ∂f/∂θ. A later observation time changes the observation at the rate f, a
    later start at the rate −f.
    """
    g, y, flat = (np.astype(x, float) for x in (g, y, flat))  # float32 rounds above the tolerance
    _, t, theta = _split(flat, size, times)
    tolerances = {name: np.min(options[name]) for name in TOLERANCES if name in options}

    def backwards(state, time, theta):
        slope, pull = vjp(lambda y, theta: equation(y, time, theta), state[:size], theta)
        return np.concatenate([slope, *pull(-state[size : 2 * size])])

    a, arriving, by_theta = g[times - 1], 0.0 * y[0], 0.0 * theta
    by_times = []
    for i in range(times - 1, 0, -1):
        by_times.append(np.sum(g[i] * equation(y[i], t[i], theta)))
        start = np.concatenate([y[i], a, by_theta])
        before = odeint(backwards, start, t[i - 1 : i + 1][::-1], (theta,), **tolerances)[1]
        arriving, by_theta = before[size : 2 * size], before[2 * size :]
        a = arriving + g[i - 1]
    by_times.append(-np.sum(arriving * equation(y[0], t[0], theta)))
    return np.concatenate([a, array(by_times[::-1]), by_theta])


def _samples(rng):
    def growth(y, t, rate):
        return [rate[0] * y[0] * (1 - y[0]) + np.cos(t)]

    equation = Equation(growth, (Value([0.0]),), False)
    flat = np.concatenate([rng.uniform(0.2, 0.8, 1), [0.1, 0.2], [0.6]])
    options = {"rtol": 1e-12, "atol": 1e-12}
    return [((flat,), {"equation": equation, "size": 1, "times": 2, "options": options})]


_odeint = define("odeint", _solve, vjps=(_adjoint,), samples=_samples)


def odeint(func, y0, t, args=(), Dfun=None, col_deriv=0, full_output=0, tfirst=False, **options):
    """Return y at the times `t`, where dy/dt = func(y, t, *args) and y(t[0]) = y0.

    Args:
        func: returns dy/dt (n,), written with functions that take Values.
        y0: the state (n,) at the first time.
        t: times (m,), in order, from first to last or from last to first.
        args: other arguments of func, numbers or (nested) lists, tuples and dicts of them.
        Dfun, col_deriv, full_output, tfirst, options: as in scipy.integrate.odeint; with Values,
            Dfun is not used.

    Returns:
        the states (m, n). They have gradients of any order with respect to `y0`, `t` and `args`,
        as accurate as `rtol` and `atol` make the solution.

    Raises:
        TypeError: func uses a Value that is not among its arguments, or `full_output` is set
            with Values among the arguments.

    Example:
        >>> decay = Value(2.0)
        >>> y = odeint(lambda y, t, k: -k * y, [1.0], [0.0, 1.0], args=(decay,))
        >>> y[1, 0].backward()
        >>> round(decay.grad, 4)
        -0.1353
    """
    args = args if isinstance(args, tuple) else (args,)
    y0, t = np.atleast_1d(array(y0)), array(t)
    moving = [x for x in (y0, t, *[x for _, x in leaves(args)]) if isinstance(x, Value)]
    if not moving:
        own = {"Dfun": Dfun, "col_deriv": col_deriv, "full_output": full_output}
        return sp.odeint(_plain(func), y0, t, args, tfirst=tfirst, **own, **options)
    if full_output:
        raise TypeError("full_output works only on plain numbers, and odeint was given Values")
    theta = [np.ravel(x) for _, x in leaves(args) if isinstance(x, Value)]
    flat = np.concatenate([y0, t, *theta])
    equation = Equation(func, args, tfirst)
    return _odeint(flat, equation=equation, size=y0.shape[0], times=t.shape[0], options=options)
