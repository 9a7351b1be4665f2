"""Derivatives of PyTorch beside mpmath's."""

import mpmath as mp
import torch


def slope(f, numbers, order=1):
    """The gradient that PyTorch finds of a function of one result, differentiated `order` times."""
    x = torch.tensor(numbers, dtype=torch.float64, requires_grad=True)
    y = f(x)
    for left in reversed(range(order)):
        (y,) = torch.autograd.grad(y, x, create_graph=left > 0)
    return y.detach()


def sinc(x):
    return mp.sin(mp.pi * x) / (mp.pi * x)


def rows():
    """Yield (call, what PyTorch gives, what is right)."""
    found = slope(torch.nn.functional.hardsigmoid, 1.0)
    yield "6 * slope of functional.hardsigmoid at 1, less 1", float(found * 6 - 1), mp.mpf(0)
    for x in (1e-8, 1e-7):
        yield f"slope of torch.sinc at {x:g}", slope(torch.sinc, x), mp.diff(sinc, mp.mpf(x))
    found = slope(torch.sinc, 1e-8, order=2)
    yield "second derivative of torch.sinc at 1e-08", found, mp.diff(sinc, mp.mpf(1e-8), 2)
    found, right = slope(torch.special.i1, 1e-12, order=2), mp.besseli(1, mp.mpf(1e-12), 2)
    yield "second derivative of torch.special.i1 at 1e-12", found, right
    matrix = [[1.0, 2.0], [2.0, 4.0]]
    yield (
        "gradient of torch.linalg.det at [[1, 2], [2, 4]], [0, 0]",
        slope(torch.linalg.det, matrix)[0, 0],
        mp.mpf(4),
    )
    half = slope(lambda x: torch.ldexp(x, torch.tensor(-1)), 3.0)
    yield "slope of torch.ldexp(x, -1)", half, mp.mpf(1) / 2
