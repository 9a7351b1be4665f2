"""Functions that return derivatives, against HIPS autograd: `grad` of ten functions, a Hessian."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

import autograd
import autograd.numpy
from benchmarks.harness import Row, hips, rows

Case = tuple[Callable[[Any], Any], tuple[Any, ...]]  # a function of a NumPy, and its arguments


def chain(anp: Any, x: Any) -> Any:
    """Return a sum over a chain of elementwise functions."""
    y = x
    for _ in range(5):
        y = anp.tanh(y * 1.1 + 0.1) + anp.exp(-y * y) * anp.sin(y)
    return anp.sum(y)


def logistic(anp: Any, w: Any, x: Any, labels: Any) -> Any:
    """Return the negative log-likelihood of a logistic regression."""
    p = 0.5 * (anp.tanh(anp.dot(x, w)) + 1)
    return -anp.sum(anp.log(p * labels + (1 - p) * (1 - labels)))


def lstm(anp: Any, parameters: Any, x: Any, hidden: Any, cell: Any) -> Any:
    """Return a sum over one step of a long short-term memory."""
    gates = anp.dot(anp.concatenate([x, hidden], axis=1), parameters)
    n = hidden.shape[1]
    forget, ignore, output = (0.5 * (anp.tanh(gates[:, i * n : (i + 1) * n]) + 1) for i in range(3))
    cell = forget * cell + ignore * anp.tanh(gates[:, 3 * n :])
    return anp.sum(output * anp.tanh(cell))


def gaussian_process(anp: Any, log_scales: Any, x: Any, y: Any) -> Any:
    """Return the log marginal likelihood of a Gaussian process."""
    distances = (x[:, None] - x[None, :]) ** 2
    kernel = anp.exp(log_scales[0] - 0.5 * distances * anp.exp(-2 * log_scales[1]))
    kernel = kernel + anp.exp(log_scales[2]) * np.eye(len(x))
    sign, logdet = anp.linalg.slogdet(kernel)
    return -0.5 * anp.dot(y, anp.linalg.solve(kernel, y)) - 0.5 * sign * logdet


def ode(anp: Any, parameters: Any, start: Any) -> Any:
    """Return where a predator and its prey are after 100 Runge-Kutta steps, summed."""

    def slope(state: Any) -> Any:
        prey, predators = state[0], state[1]
        return anp.array([
            prey * (parameters[0] - parameters[1] * predators),
            predators * (parameters[2] * prey - parameters[3]),
        ])  # fmt: skip

    state, h = start, 0.05
    for _ in range(100):
        k1 = slope(state)
        k2 = slope(state + h / 2 * k1)
        state = state + h * k2
    return anp.sum(state)


def indexing(anp: Any, x: Any) -> Any:
    """Return a sum of products of neighbours, taken one by one."""
    total = 0.0
    for i in range(x.shape[0] - 1):
        total = total + x[i] * x[i + 1]
    return total


def rosenbrock(anp: Any, x: Any) -> Any:
    """Return the Rosenbrock function of a vector."""
    return anp.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def cases() -> dict[str, Case]:
    """Return the ten functions with their arguments, of sizes from 1 to 1,000,000."""
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(200, 20)), rng.normal(size=20) * 0.1
    labels = (rng.random(200) > 0.5) * 1.0
    points = np.linspace(0, 5, 60)
    hidden = rng.normal(size=(16, 32))
    return {
        "chain, 1": (chain, (0.3,)),
        "chain, 100": (chain, (rng.normal(size=100),)),
        "chain, 10,000": (chain, (rng.normal(size=10_000),)),
        "chain, 1,000,000": (chain, (rng.normal(size=1_000_000),)),
        "logistic regression, 200 × 20": (logistic, (w, x, labels)),
        "LSTM step, 16 × 32": (
            lstm,
            (rng.normal(size=(40, 128)) * 0.1, rng.normal(size=(16, 8)), hidden, hidden),
        ),
        "Gaussian process, 60": (gaussian_process, (np.zeros(3) - 1, points, np.sin(points))),
        "ODE, 100 steps": (ode, (np.array([1.0, 0.5, 0.4, 0.9]), np.array([1.0, 0.8]))),
        "indexing in a loop, 200": (indexing, (rng.normal(size=200),)),
        "Rosenbrock, 1,000": (rosenbrock, (rng.normal(size=1000),)),
    }


def gradients(hips_folder: str | None) -> list[Row]:
    """`grad` of each of the ten functions."""
    peer = hips(hips_folder)
    found = []
    for name, (f, args) in cases().items():
        runs = {"ours": slope(autograd, f, args), "HIPS autograd": peer and slope(peer, f, args)}
        found += rows(f"grad: {name}", runs, {"HIPS autograd": 1.0}, rounds=9)
    return found


def slope(package: ModuleType, f: Callable[..., Any], args: tuple[Any, ...]) -> Callable[[], Any]:
    """Return a call of the gradient of `f`, written in the package's NumPy."""
    gradient = package.grad(lambda *args: f(package.numpy, *args))
    return lambda: gradient(*args)


def hessians(hips_folder: str | None) -> list[Row]:
    """The Hessian of a function of 100 variables."""
    peer = hips(hips_folder)
    x = np.random.default_rng(0).normal(size=100)

    def run(package: ModuleType) -> Callable[[], Any]:
        hessian = package.hessian(lambda x: rosenbrock(package.numpy, x))
        return lambda: hessian(x)

    runs = {"ours": run(autograd), "HIPS autograd": peer and run(peer)}
    return rows("Hessian: Rosenbrock, 100", runs, {"HIPS autograd": 0.5}, rounds=9)
