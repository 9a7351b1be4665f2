"""Derivatives step by step: a gate, a chain of gates, a neuron, a support-vector machine.

A circuit computes a number from its inputs. In which direction should each input be nudged to make
the number larger? The derivative tells, and the chain rule finds it for circuits of any size. Run
`python examples/circuits.py` and read the output side by side with the code. The circuits and their
numbers come from Andrej Karpathy's "Hacker's guide to Neural Networks".
"""

from __future__ import annotations

import numpy as np

from autograd import Value


def gate() -> None:
    """One multiplication gate, and three ways to find its derivative."""
    print("1. A gate: f(x, y) = x · y at x = -2, y = 3")

    def f(x: float, y: float) -> float:
        return x * y

    x, y, h = -2.0, 3.0, 1e-4
    print(f"   f = {f(x, y):g}")
    by_x = (f(x + h, y) - f(x, y)) / h
    by_y = (f(x, y + h) - f(x, y)) / h
    print(f"   nudge x by {h:g}: f moves {by_x:.4f} times as far; nudge y: {by_y:.4f} times")
    print(f"   on paper: df/dx = y = {y:g}, df/dy = x = {x:g}")

    a, b = Value(x), Value(y)
    (a * b).backward()
    print(f"   the chain rule: {a.grad:g} and {b.grad:g}")
    step = 0.01
    better = f(x + step * a.grad, y + step * b.grad)
    print(f"   a step of {step} along the gradient: f = {better:.4f}, up from {f(x, y):g}\n")


def chain() -> None:
    """Two gates: their derivatives are multiplied."""
    print("2. A chain of gates: f = (x + y) · z at x = -2, y = 5, z = -4")
    x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
    q = x + y
    f = q * z
    f.backward()
    print(f"   q = x + y = {q.data:g}, f = q · z = {f.data:g}")
    print(f"   df/dq = z = {q.grad:g} and df/dz = q = {z.grad:g}")
    print(f"   dq/dx = 1, so df/dx = df/dq · dq/dx = {q.grad:g} · 1 = {x.grad:g}\n")


def neuron() -> None:
    """A sigmoid neuron as a circuit with five inputs, and one step uphill."""
    print("3. A neuron: s = sigmoid(a·x + b·y + c)")
    a, b, c, x, y = (Value(v) for v in (1.0, 2.0, -3.0, -1.0, 3.0))

    def forward() -> Value:
        return (a * x + b * y + c).sigmoid()

    s = forward()
    s.backward()
    slope = s.data * (1 - s.data)
    print(f"   s = {s.data:.4f}; by hand ds/da = s (1 - s) x = {slope * x.data:.4f}")
    print(f"   the chain rule gives {a.grad:.4f}")
    for v in (a, b, c, x, y):
        v.data += 0.01 * v.grad
    print(f"   after a step of 0.01 uphill: s = {forward().data:.4f}\n")


POINTS = np.array([[1.2, 0.7], [-0.3, -0.5], [3.0, 0.1], [-0.1, -1.0], [-1.0, 1.1], [2.1, -3.0]])
LABELS = np.array([1, -1, 1, -1, -1, 1])


def support_vector_machine() -> None:
    """A line between two classes, pulled by points inside the margin or on the wrong side."""
    print("4. A support-vector machine: score = w·point + b should be > 1 or < -1")
    rng = np.random.default_rng(1)
    w, b = Value([1.0, -2.0]), Value(-1.0)
    for step in range(401):
        i = rng.integers(len(POINTS))
        score = w @ POINTS[i] + b
        loss = (1.0 - LABELS[i] * score).relu() + 0.01 * (w * w).sum()
        w.zero_grad()
        b.zero_grad()
        loss.backward()
        w.data -= 0.05 * w.grad
        b.data -= 0.05 * b.grad
        if step % 100 == 0:
            right = np.sum(np.sign(POINTS @ w.data + b.data) == LABELS)
            print(f"   step {step:3d}: {right} of {len(POINTS)} points on the right side")


if __name__ == "__main__":
    gate()
    chain()
    neuron()
    support_vector_machine()
