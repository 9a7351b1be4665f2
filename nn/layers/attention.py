"""Attention, and the Transformer block around it (Vaswani et al., 2017, arXiv:1706.03762)."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Any

import numpy as np

from autograd import Value, array, gelu, softmax
from nn.arguments import checked_function, function_or_none, positive_int
from nn.elsewhere import refuse_options
from nn.initialisers import initial, xavier, zeros
from nn.layers.linear import Linear
from nn.layers.normalisation import LayerNorm
from nn.layers.positions import Rotary
from nn.module import Module
from nn.parameter import Parameter
from nn.places import place_of
from nn.precision import warn_if_wider


def attention(
    queries: Any, keys: Any, values: Any, mask: Any = None, *, causal: bool = False
) -> Any:
    """Return softmax(Q Kᵀ / √d) V: for each query, a mean of the values, by how its key fits.

    Args:
        queries: of shape (…, n, d).
        keys: of shape (…, m, d).
        values: of shape (…, m, e).
        mask: what may be looked at: booleans that broadcast to (…, n, m), or numbers to add to
            Q Kᵀ / √d. A query that may look at nothing gets 0.
        causal: whether the last query may look at all keys, the one before at all but the last,
            and so on.

    Returns:
        an array or Value of shape (…, n, e).

    Example:
        >>> x = np.eye(2)
        >>> attention(1000 * x, x, np.array([[1.0], [2.0]]))
        array([[1.],
               [2.]])
    """
    n, m = queries.shape[-2], keys.shape[-2]
    allowed = np.tri(n, m, m - n, dtype=bool) if causal else None
    if mask is not None and np.result_type(mask).kind == "b":
        allowed, mask = mask if allowed is None else np.logical_and(allowed, mask), None
    if allowed is None:
        return softmax(scores(queries, keys, mask), axis=-1) @ values
    some = np.max(allowed, axis=-1, keepdims=True, initial=False)
    allowed = np.logical_or(allowed, ~some)
    shares = softmax(np.where(allowed, scores(queries, keys, mask), -np.inf), axis=-1)
    return np.where(some, shares, 0.0) @ values


def scores(queries: Any, keys: Any, added: Any) -> Any:
    """Return Q Kᵀ / √d plus what is added; no variable holds them, so the graph lets them go."""
    products = queries / sqrt(queries.shape[-1]) @ np.swapaxes(keys, -1, -2)
    return products if added is None else products + added


class MultiheadAttention(Module):
    """Attention of several heads at once, each on its own part of W x + b.

    Args:
        size: how many numbers each step has.
        heads: how many heads, a divisor of `size`.
        groups: how many heads have keys and values of their own, which the others share (Ainslie
            et al., "GQA", 2023, arXiv:2305.13245); as many as heads if left out.
        bias: whether there is a b.
        causal: whether a step may only look at itself and those before.
        position: a function of queries or keys, of shape (…, heads, steps, size / heads), and of
            the number of the first step, such as `Rotary(...)`; None for none.
        seed: an int or a NumPy generator; None draws afresh.
        dtype: the dtype of the weights.

    The call takes x of shape (samples, steps, size); also other steps to look at, a mask as in
    `attention`, and a cache: a list that keeps keys and values from one call to the next, so that
    a text is continued step by step.

    Raises:
        ValueError: the sizes do not divide; or, when called, x has another shape.

    Example:
        >>> layer = MultiheadAttention(8, heads=2, causal=True)
        >>> layer(np.zeros((3, 5, 8))).shape
        (3, 5, 8)
    """

    def __init__(
        self,
        size: int,
        heads: int,
        groups: int | None = None,
        bias: bool = True,
        causal: bool = False,
        position: Callable[[Any, int], Any] | None = None,
        seed: Any = None,
        dtype: Any = float,
    ) -> None:
        groups = heads if groups is None else positive_int(groups, "groups")
        if positive_int(size, "size") % positive_int(heads, "heads") or heads % groups:
            raise ValueError(
                f"{size} numbers in {heads} heads in {groups} groups: each number should divide "
                "the one before"
            )
        self.size, self.heads, self.groups = size, heads, groups
        self.causal = causal
        self.position = function_or_none(position, "position", "nn.Rotary(8)")
        rng = np.random.default_rng(seed)
        rows = size + 2 * (size // heads) * groups
        self.in_proj_weight = Parameter(initial(xavier, (rows, size), rng, dtype))
        self.in_proj_bias = Parameter(np.zeros(rows, dtype)) if bias else None
        self.out_proj = Linear(size, size, bias, seed=rng, dtype=dtype)
        if self.out_proj.bias is not None:
            self.out_proj.bias.data = zeros((size,), rng)

    def __call__(
        self,
        x: Any,
        others: Any = None,
        mask: Any = None,
        cache: list[Any] | None = None,
        **other: Any,
    ) -> Any:
        refuse_options(other)
        x = self.steps(x)
        others = x if others is None else self.steps(others)
        width = self.size // self.heads
        ends = self.size, self.size + width * self.groups
        weights = np.split(self.in_proj_weight, ends)
        biases = [0.0] * 3 if self.in_proj_bias is None else np.split(self.in_proj_bias, ends)
        parts = [
            np.swapaxes(np.reshape(y @ w.T + b, (*y.shape[:2], len(w) // width, width)), 1, 2)
            for y, w, b in zip((x, others, others), weights, biases, strict=True)
        ]
        queries, keys, values = parts
        past = cache[0].shape[-2] if cache else 0
        if self.position is not None:
            queries, keys = self.position(queries, past), self.position(keys, past)
        if cache is not None:
            if cache:
                keys = np.concatenate([cache[0], keys], axis=-2)
                values = np.concatenate([cache[1], values], axis=-2)
            cache[:] = [keys, values]
        if self.groups < self.heads:
            keys, values = (np.repeat(y, self.heads // self.groups, axis=1) for y in (keys, values))
        if mask is not None:
            self.refuse_mask(np.shape(mask), (*queries.shape[:-1], keys.shape[-2]))
        y = attention(queries, keys, values, mask, causal=self.causal)
        return self.out_proj(np.reshape(np.swapaxes(y, 1, 2), x.shape))

    def refuse_mask(self, mask: tuple[int, ...], scores: tuple[int, ...]) -> None:
        """Raise if a mask does not fit the scores."""
        try:
            fits = np.broadcast_shapes(mask, scores) == scores
        except ValueError:
            fits = False
        if not fits:
            raise ValueError(
                f"the mask has shape {mask}, and should broadcast to (samples, heads, steps, steps "
                f"looked at), here {scores}; queries, keys and values are computed here: call "
                f"layer(x), or layer(x, others) to look at other steps{place_of(self)}"
            )

    def steps(self, x: Any) -> Any:
        """Return x as an array or Value; raise if it has another shape."""
        warn_if_wider(self, x, self.in_proj_weight)
        x = x if isinstance(x, Value) else array(x)
        if x.ndim != 3 or x.shape[-1] != self.size:
            raise ValueError(
                f"give a MultiheadAttention of size {self.size} x of shape (samples, steps, "
                f"{self.size}), not {x.shape}{place_of(self)}"
            )
        return x

    @staticmethod
    def samples(rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        x = rng.normal(size=(1, 2, 4))
        grouped = MultiheadAttention(4, 2, 1, causal=True, position=Rotary(2), seed=rng)
        return [(MultiheadAttention(4, 2, seed=rng), x), (grouped, x)]


class TransformerBlock(Module):
    """x + attention(norm(x)), then x + W₂ f(W₁ norm(x)): norms come first, as in GPT-2.

    Xiong et al., "On layer normalization in the Transformer architecture", 2020, arXiv:2002.04745.

    Args:
        size: how many numbers each step has.
        heads: how many heads the attention has.
        hidden: how many numbers lie between W₁ and W₂; four times `size` if left out.
        activation: f.
        causal, position, groups, seed, dtype: as in `MultiheadAttention`.
        dropout: a function such as `nn.Dropout(0.1)` of what is added to x; None for none.
        norm_first: False for norms after each sum, as in the first paper.

    Example:
        >>> TransformerBlock(8, heads=2)(np.zeros((3, 5, 8))).shape
        (3, 5, 8)
    """

    def __init__(
        self,
        size: int,
        heads: int,
        hidden: int | None = None,
        activation: Callable[[Any], Any] = gelu,
        causal: bool = False,
        position: Callable[[Any, int], Any] | None = None,
        groups: int | None = None,
        dropout: Callable[[Any], Any] | None = None,
        norm_first: bool = True,
        seed: Any = None,
        dtype: Any = float,
    ) -> None:
        rng = np.random.default_rng(seed)
        hidden = 4 * size if hidden is None else hidden
        self.self_attn = MultiheadAttention(size, heads, groups, True, causal, position, rng, dtype)
        self.linear1 = Linear(size, hidden, seed=rng, dtype=dtype)
        self.linear2 = Linear(hidden, size, seed=rng, dtype=dtype)
        self.norm1, self.norm2 = LayerNorm(size, dtype=dtype), LayerNorm(size, dtype=dtype)
        self.activation = checked_function(activation, "activation", "nn.gelu")
        self.dropout = function_or_none(dropout, "dropout", "nn.Dropout(0.1)")
        self.norm_first = norm_first

    def __call__(
        self, x: Any, mask: Any = None, cache: list[Any] | None = None, **other: Any
    ) -> Any:
        if other:
            refuse_options(other)

        def attend(x: Any) -> Any:
            return self.dropped(self.self_attn(x, mask=mask, cache=cache))

        if self.norm_first:
            x = x + attend(self.norm1(x))
            return x + self.inner(self.norm2(x))
        x = self.norm1(x + attend(x))
        return self.norm2(x + self.inner(x))

    def inner(self, x: Any) -> Any:
        """Return W₂ f(W₁ x)."""
        return self.dropped(self.linear2(self.activation(self.linear1(x))))

    def dropped(self, x: Any) -> Any:
        """Return x after dropout, if there is any."""
        return x if self.dropout is None else self.dropout(x)

    @staticmethod
    def samples(rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        x = rng.normal(size=(1, 2, 3))
        return [
            (TransformerBlock(3, 1, 1, causal=True, seed=rng), x),
            (TransformerBlock(3, 3, 1, norm_first=False, seed=rng), x),
        ]
