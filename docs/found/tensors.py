"""Derivatives of PyTorch beside mpmath's."""

import mpmath as mp
import torch


def slope(f, *numbers):
    """The gradient that PyTorch finds, of a function that returns one number."""
    x = torch.tensor(*numbers, dtype=torch.float64, requires_grad=True)
    f(x).backward()
    return x.grad


def sinc(x):
    return mp.sin(mp.pi * x) / (mp.pi * x)


def rows():
    """Yield (call, what PyTorch gives, what is right)."""
    found = slope(torch.nn.functional.hardsigmoid, 1.0)
    yield "6 * slope of functional.hardsigmoid at 1, less 1", float(found * 6 - 1), mp.mpf(0)
    for x in (1e-8, 1e-7):
        yield f"slope of torch.sinc at {x:g}", float(slope(torch.sinc, x)), mp.diff(sinc, mp.mpf(x))
    matrix = [[1.0, 2.0], [2.0, 4.0]]
    yield (
        "gradient of torch.linalg.det at [[1, 2], [2, 4]], [0, 0]",
        float(slope(torch.linalg.det, matrix)[0, 0]),
        mp.mpf(4),
    )
    half = slope(lambda x: torch.ldexp(x, torch.tensor(-1)), 3.0)
    yield "slope of torch.ldexp(x, -1)", float(half), mp.mpf(1) / 2
