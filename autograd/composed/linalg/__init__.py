"""Linear algebra: products, decompositions, norms, determinants, equations."""

from autograd.composed.linalg import decompositions, equations, norms, products  # noqa: F401
