"""Distribution: densities and probabilities from formulas in standard form.

The formulas are compositions of ops, so they have gradients of any order in every argument in
which their special functions have one. This file handles the rest for all distributions: SciPy's
signatures, `loc` and `scale`, the support, invalid arguments, and functions that follow from
others, such as sf from cdf.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograd.engine.arrays import normal
from autograd.engine.silence import silence
from autograd.engine.value import Value
from autograd.ops.plain import raw
from autograd.scipy import on_numbers
from autograd.scipy.stats.arguments import (
    INF,
    Power,
    all_positive,
    applied,
    as_float,
    as_precise_as,
    either,
    log_of_part,
    plainly,
    point_inside,
    product,
    unless,
)

OTHER = {"cdf": "sf", "sf": "cdf"}
Support = tuple[float, float] | Callable[..., tuple[Any, Any]]


class Family:
    """The base of all distributions: a name, and SciPy's own methods for plain numbers."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"autograd.scipy.stats.{self.name}"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        import scipy.stats  # takes a second

        return on_numbers(getattr(scipy.stats, self.name), name, f"scipy.stats.{self.name}")


class Distribution(Family):
    """A family of distributions, with the methods it has in `scipy.stats`.

    Args:
        name: its name in SciPy, for messages and for methods without derivatives (`rvs`).
        shapes: the names of its shape parameters, separated by spaces.
        log_density: `(z, *shapes)`, of a standard variable (loc 0, scale 1) in the support.
        powers: `(z, *shapes)`, the factors of the density that are powers of what may be 0; the
            logarithms of these are not in `log_density`.
        support: the smallest and largest value, or a function of the shapes that returns them.
        valid: whether the shapes are valid; if left out, whether all are greater than 0.
        formulas: any of `cdf sf logcdf logsf ppf entropy` in standard form. `cdf` or `sf` can be
            left out, and so can a logarithm that needs no formula of its own.
    """

    location: tuple[str, ...] = ("loc", "scale")

    def __init__(
        self,
        name: str,
        shapes: str,
        log_density: Callable[..., Any],
        *,
        powers: Callable[..., list[Power]] = lambda z, *shapes: [],
        support: Support = (-INF, INF),
        valid: Callable[..., Any] | None = None,
        **formulas: Callable[..., Any],
    ) -> None:
        super().__init__(name)
        self.shapes = shapes.split()
        self.rest, self.powers = log_density, powers
        self.support, self.formulas = support, formulas
        self.valid = valid or all_positive

    def __call__(self, *args: Any, **params: Any) -> Any:
        return Frozen(self, self.bind(args, params))

    def log_density(self, z: Any, *shapes: Any) -> Any:
        """Return the logarithm of the density or mass in standard form."""
        powers = self.powers(z, *shapes)
        return sum([power.logarithm() for power in powers], self.rest(z, *shapes))

    def density(self, z: Any, *shapes: Any) -> Any:
        """Return the density or mass in standard form: where a base is 0, not by its logarithm."""
        return product(self.powers(z, *shapes), self.rest(z, *shapes))

    # -- probabilities: the same for continuous and discrete distributions --------------------

    def cdf(self, x: Any, *args: Any, **params: Any) -> Any:
        """Return the probability of an outcome up to `x`."""
        return self.evaluate(self.formula("cdf"), (0.0, 1.0), x, args, params)

    def sf(self, x: Any, *args: Any, **params: Any) -> Any:
        """Return the probability of an outcome above `x`: 1 − cdf, but accurate when tiny."""
        return self.evaluate(self.formula("sf"), (1.0, 0.0), x, args, params)

    def logcdf(self, x: Any, *args: Any, **params: Any) -> Any:
        """Return the logarithm of the cdf."""
        return self.evaluate(self.formula("logcdf"), (-INF, 0.0), x, args, params)

    def logsf(self, x: Any, *args: Any, **params: Any) -> Any:
        """Return the logarithm of the survival function."""
        return self.evaluate(self.formula("logsf"), (0.0, -INF), x, args, params)

    @silence()
    def evaluate(
        self,
        formula: Callable[..., Any],
        beyond: tuple[float, float],
        x: Any,
        args: tuple,
        params: dict[str, Any],
        thinned: Callable[[Any, Any], Any] | None = None,
    ) -> Any:
        """Return a formula at `x`, given as one of the standard variable.

        Args:
            formula: `(z, *shapes)`, in standard form.
            beyond: its values below and above the support.
            thinned: for a density: `(y, scale)`, the density after stretching the variable by
                `scale`. A density has a value at the upper end of the support.
        """
        shapes, loc, scale = self.parted(args, params)
        x = as_float(x)
        z = self.standard(x, loc, scale)
        low, high = self.support(*shapes) if callable(self.support) else self.support
        below = self.infinite(z, -INF, beyond[0]) if plainly(low, -INF) else z < low
        if plainly(high, INF):
            above = self.infinite(z, INF, beyond[1])
        else:
            above = z > high if thinned else z >= high
        z = unless(either(below, above), point_inside(low, high), z)
        y = applied(formula, z, *shapes)
        if thinned and not plainly(scale, 1.0):
            y = thinned(y, scale)
        y = unless(above, beyond[1], unless(below, beyond[0], y))
        y = as_precise_as((x, *shapes, loc, scale), y)
        return y if isinstance(y, Value) else normal(y)

    @staticmethod
    def infinite(z: Any, end: float, value: float) -> Any:
        """Return where `z` is this infinity, if a formula has a finite value there."""
        found = value > -INF and raw(z) == end
        return found if np.any(found) else False

    def bind(self, args: tuple, params: dict[str, Any]) -> dict[str, Any]:
        """Return the parameters by name, taken as SciPy does: shapes, then loc and scale."""
        names = (*self.shapes, *self.location)
        given = dict(zip(self.location, (0.0, 1.0), strict=False))
        given |= dict(zip(names, args, strict=False)) | params
        if len(args) > len(names) or set(given) != set(names):
            raise TypeError(
                f"{self.name} takes the parameters {', '.join(names)}, but got {len(args)} by "
                f"position and {sorted(params)} by name"
            )
        return given

    def parted(self, args: tuple, params: dict[str, Any]) -> tuple[tuple, Any, Any]:
        """Return shapes, loc and scale; scale is NaN where the parameters are invalid."""
        given = self.bind(args, params)
        shapes = tuple([as_float(given[name]) for name in self.shapes])
        scale = as_float(given.get("scale", 1.0))
        valid = self.valid(*[raw(shape) for shape in shapes])
        if not plainly(scale, 1.0):
            valid = np.logical_and(valid, raw(scale) > 0)
        return shapes, as_float(given["loc"]), unless(np.logical_not(valid), np.nan, scale)

    def standard(self, x: Any, loc: Any, scale: Any) -> Any:
        """Return `x` as a value of the distribution with loc 0 and scale 1."""
        z = x if plainly(loc, 0.0) else x - loc
        return z if plainly(scale, 1.0) else z / scale

    def formula(self, name: str) -> Callable[..., Any]:
        """Return a formula in standard form, derived from another if none was given."""
        formulas = self.formulas
        if name in formulas:
            return formulas[name]
        if name in ("logcdf", "logsf"):
            part, rest = self.formula(name[3:]), self.formula(OTHER[name[3:]])
            return lambda z, *shapes: log_of_part(part(z, *shapes), rest(z, *shapes))
        other = OTHER.get(name)
        if other in formulas:
            return lambda z, *shapes: 1 - formulas[other](z, *shapes)
        raise NotImplementedError(
            f"{self.name} has no differentiable {name}; for plain numbers use "
            f"scipy.stats.{self.name}.{name}"
        )


class Continuous(Distribution):
    """A family of distributions of real numbers.

    Example:
        >>> from autograd import Value
        >>> from autograd.scipy.stats import norm
        >>> scale = Value(2.0)
        >>> norm.logpdf(1.0, 0.0, scale).backward()
        >>> scale.grad
        -0.375
    """

    def pdf(self, x: Any, *args: Any, **params: Any) -> Any:
        """Return the density at `x`."""
        return self.evaluate(
            self.density, (0.0, 0.0), x, args, params, thinned=lambda y, scale: y / scale
        )

    def logpdf(self, x: Any, *args: Any, **params: Any) -> Any:
        """Return the logarithm of the density at `x`, −inf outside the support."""
        return self.evaluate(
            self.log_density,
            (-INF, -INF),
            x,
            args,
            params,
            thinned=lambda y, scale: y - np.log(scale),
        )

    @silence()
    def ppf(self, q: Any, *args: Any, **params: Any) -> Any:
        """Return the value that an outcome is below with probability `q`: the inverse of cdf."""
        shapes, loc, scale = self.parted(args, params)
        q = as_float(q)
        wrong = np.logical_or(raw(q) < 0, raw(q) > 1)
        return applied(self.formula("ppf"), unless(wrong, np.nan, q), *shapes) * scale + loc

    @silence()
    def entropy(self, *args: Any, **params: Any) -> Any:
        """Return the differential entropy in nats."""
        shapes, _, scale = self.parted(args, params)
        return applied(self.formula("entropy"), *shapes) + np.log(scale)


class Discrete(Distribution):
    """A family of distributions of whole numbers; gradients are those of its parameters.

    Example:
        >>> from autograd import Value
        >>> from autograd.scipy.stats import poisson
        >>> rate = Value(2.0)
        >>> poisson.logpmf(3, rate).backward()
        >>> rate.grad
        0.5
    """

    location = ("loc",)

    def pmf(self, k: Any, *args: Any, **params: Any) -> Any:
        """Return the probability of the outcome `k`."""
        return self.mass(self.density, 0.0, k, args, params)

    def logpmf(self, k: Any, *args: Any, **params: Any) -> Any:
        """Return the logarithm of the probability of the outcome `k`, −inf where it is 0."""
        return self.mass(self.log_density, -INF, k, args, params)

    def mass(
        self, formula: Callable[..., Any], beyond: float, k: Any, args: tuple, params: dict
    ) -> Any:
        """Return a formula at the outcome `k`, and `beyond` at what is no outcome."""
        k = raw(as_float(k))
        y = self.evaluate(formula, (beyond, beyond), k, args, params, thinned=lambda y, scale: y)
        return unless(np.floor(k) < k, beyond, y)

    @silence()
    def entropy(self, *args: Any, **params: Any) -> Any:
        """Return the entropy in nats."""
        shapes, _, scale = self.parted(args, params)
        return applied(self.formula("entropy"), *shapes) * scale

    def standard(self, x: Any, loc: Any, scale: Any) -> Any:
        return np.floor(raw(x) - raw(loc)) * scale  # 1 or NaN


class Frozen:
    """A distribution with given parameters: `norm(0, 2).logpdf(x)`."""

    def __init__(self, distribution: Distribution, given: dict[str, Any]) -> None:
        self.distribution, self.given = distribution, given

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return partial(getattr(self.distribution, name), **self.given)
