"""The gradient of entropic optimal transport: POT's beside mpmath's."""

import mpmath as mp
import ot
import torch

COST = [[0.0, 1.0], [0.5, 0.2], [1.0, 0.3]]
A, B, REG = [0.2, 0.3, 0.5], [0.6, 0.4], 0.5


def value(a):
    """⟨T, M⟩ + reg KL(T‖abᵀ) at the best plan T, by Sinkhorn's iteration."""
    kernel = mp.matrix(3, 2)
    for i in range(3):
        for j in range(2):
            kernel[i, j] = mp.exp(-mp.mpf(COST[i][j]) / REG)
    v = mp.matrix([1, 1])
    for _ in range(100):
        u = mp.matrix([a[i] / (kernel[i, :] * v)[0] for i in range(3)])
        v = mp.matrix([mp.mpf(B[j]) / (u.T * kernel[:, j])[0] for j in range(2)])
    total = mp.mpf(0)
    for i in range(3):
        for j in range(2):
            plan, free = u[i] * kernel[i, j] * v[j], a[i] * mp.mpf(B[j])
            total += plan * COST[i][j] + REG * (plan * mp.log(plan / free) - plan + free)
    return total


def rows():
    """Yield (call, what POT gives, what is right), as mass moves from a[2] to a[0]."""
    a = torch.tensor(A, dtype=torch.float64, requires_grad=True)
    cost, b = (torch.tensor(x, dtype=torch.float64) for x in (COST, B))
    ot.solve(cost, a, b, reg=REG, grad="envelope", tol=1e-15, max_iter=3000).value.backward()

    def moved(t):
        return value([mp.mpf(A[0]) + t, mp.mpf(A[1]), mp.mpf(A[2]) - t])

    yield (
        "ot.solve(M, a, b, reg=0.5, grad='envelope'), a[0] - a[2]",
        a.grad[0] - a.grad[2],
        mp.diff(moved, 0),
    )
