"""The gradient of a node with respect to another one that it depends on, and nothing else."""

from __future__ import annotations

from typing import Any

from autograd.engine.fast_backward import fast_history, fast_visit


def gradient_at(target: Any, root: Any, seed: Any) -> Any:
    """Return the gradient of Σ seed · root with respect to a node; None if it has none.

    For rules that need to know how their gradient depends on their result, in the middle of a walk:
    no node shows another `grad` afterwards.

    Args:
        target: a node.
        root: a newer node.
        seed: numbers of the shape of `root`.
    """
    nodes, grads = fast_history([root], {target.serial: None}, target.serial)
    nodes = [node for node in nodes if node.serial > target.serial]
    shown = [node._grad for node in nodes]
    grads[root.serial] = seed
    fast_visit(nodes, grads)
    for node, grad in zip(nodes, shown, strict=True):
        node._grad = grad
    return grads[target.serial]
