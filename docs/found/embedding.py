"""The gradient of t-SNE: scikit-learn's beside mpmath's."""

import mpmath as mp
import numpy as np
from sklearn.manifold import _t_sne

POINTS, PARTS = 5, 3
PAIRS = [(i, j) for i in range(POINTS) for j in range(i + 1, POINTS)]


def example():
    """Return similarities of pairs that sum to 1/2, and an embedding."""
    rng = np.random.default_rng(0)
    similar = rng.uniform(size=len(PAIRS))
    return similar / similar.sum() / 2, rng.normal(size=POINTS * PARTS)


def divergence(similar, freedom, *y):
    """KL(P‖Q) where Q is Student's t with `freedom` degrees of freedom."""

    def kernel(i, j):
        apart = mp.fsum((y[PARTS * i + k] - y[PARTS * j + k]) ** 2 for k in range(PARTS))
        return (1 + apart / freedom) ** (-(freedom + mp.mpf(1)) / 2)

    kernels = [kernel(i, j) for i, j in PAIRS]
    total = 2 * mp.fsum(kernels)
    pairs = zip(map(mp.mpf, similar), kernels, strict=True)
    return 2 * mp.fsum(p * mp.log(p * total / q) for p, q in pairs)


def rows():
    """Yield (call, what scikit-learn gives, what is right)."""
    similar, y = example()
    freedom = PARTS - 1
    value, found = _t_sne._kl_divergence(y, similar, freedom, POINTS, PARTS)
    exact = [mp.mpf(x) for x in y]
    assert abs(value - divergence(similar, freedom, *exact)) < 1e-14
    first = tuple(int(i == 0) for i in range(len(y)))
    right = mp.diff(lambda *y: divergence(similar, freedom, *y), tuple(exact), first)
    yield "_t_sne._kl_divergence(y, P, 2, 5, 3)[1][0]", found[0], right
