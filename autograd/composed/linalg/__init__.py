"""Linear algebra: products, decompositions, norms and other numbers, equations."""

from autograd.composed.linalg import decompositions, equations, norms, products  # noqa: F401
