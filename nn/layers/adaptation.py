"""Adapting a trained network to something new with few more numbers."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from nn.arguments import positive_int
from nn.initialisers import he_uniform, initial
from nn.layers.linear import Linear
from nn.module import Module
from nn.parameter import Parameter


class LoRA(Module):
    """A Linear that stays as it is, plus a learned product of low rank: W x + b + s B A x.

    Hu et al., "LoRA: low-rank adaptation of large language models", 2021, arXiv:2106.09685. B
    begins with 0, so the network does.

    Args:
        base: the Linear; its parameters are frozen.
        rank: how many numbers lie between A and B.
        alpha: s is alpha / rank; as large as the rank if left out.
        seed: an int or a NumPy generator for A; None draws afresh.

    The call takes x of shape (…, inputs) and returns shape (…, outputs).

    Raises:
        TypeError: `base` is no Linear.

    Example:
        >>> import nn
        >>> model = nn.Sequential(nn.Linear(4, 8, seed=0), nn.ReLU(), nn.Linear(8, 1, seed=1))
        >>> model.layers[0] = nn.LoRA(model[0], rank=2, seed=2)
        >>> [path for path, p in model.named_parameters() if p.trainable][:2]
        ['0.lora_A', '0.lora_B']
    """

    def __init__(
        self, base: Linear, rank: int = 8, alpha: float | None = None, seed: Any = None
    ) -> None:
        if not isinstance(base, Linear):
            raise TypeError(f"LoRA goes around an nn.Linear, not {base!r:.60}")
        rank, dtype = positive_int(rank, "rank"), base.weight.dtype
        base.freeze()
        self.base = base
        self.lora_A = Parameter(initial(he_uniform, (base.inputs, rank), seed, dtype).T)
        self.lora_B = Parameter(np.zeros((base.outputs, rank), dtype))
        self.scale = 1.0 if alpha is None else alpha / rank
        self.merged = False

    def __call__(self, x: Any) -> Any:
        y = self.base(x)
        return y if self.merged else y + self.scale * (x @ self.lora_A.T) @ self.lora_B.T

    def merge(self) -> Self:
        """Add the product to the weights of the base, for use without further training."""
        return self.moved(True)

    def unmerge(self) -> Self:
        """Take the product out of the weights of the base again, up to rounding."""
        return self.moved(False)

    def moved(self, merged: bool) -> Self:
        """Bring the product into the weights, or out of them, unless it is there already."""
        if merged != self.merged:
            product = self.scale * (self.lora_B.numpy() @ self.lora_A.numpy())
            weight = self.base.weight
            weight.data = weight.numpy() + (product if merged else -product)
            self.merged = merged
        return self

    @staticmethod
    def samples(rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        layer = LoRA(Linear(3, 2, seed=rng), rank=1, alpha=2.0, seed=rng)
        layer.lora_B.data = rng.normal(size=(2, 1))
        return [(layer, rng.normal(size=(4, 3)))]
