"""A network learns to write, one character after another, from a text file.

For each character it is asked which one follows, given those before. `--network transformer` looks
back at all of them by attention; `--network lstm` reads them in order and remembers. Give a text,
the longer the better; without one, the pages of this project's documentation serve.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

import nn
from autograd import no_grad

PAGES = Path(__file__).parents[1] / "docs"
CONTEXT = 64  # how many characters it looks back at


def network(kind: str, characters: int, size: int, seed: int) -> nn.Sequential:
    """Return a network from codes (n, steps) to logits (n, steps, characters)."""
    options: dict[str, Any] = {"seed": np.random.default_rng(seed), "dtype": "f4"}
    embedding = nn.Embedding(characters, size, **options)
    body: list[Any]
    if kind == "lstm":
        body = [nn.LSTM(size, size, layers=2, **options), lambda found: found[0]]
    else:
        attention: dict[str, Any] = {"heads": 4, "causal": True, "position": nn.Rotary(size // 4)}
        body = [nn.TransformerBlock(size, **attention, **options) for _ in range(2)]
        body.append(nn.LayerNorm(size, dtype="f4"))
    return nn.Sequential(embedding, *body, nn.Linear(size, characters, **options))


def stretches(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cut a text into pieces (n, CONTEXT), and return them with the characters that follow."""
    pieces = sliding_window_view(codes, CONTEXT + 1)[:: CONTEXT // 2]
    return pieces[:, :-1], pieces[:, 1:]


def continued(model: nn.Sequential, codes: np.ndarray, length: int, seed: int) -> np.ndarray:
    """Go on with a text: draw each character with the probability that the model gives it."""
    rng = np.random.default_rng(seed)
    with no_grad():
        for _ in range(length):
            logits = model(codes[None, -CONTEXT:]).numpy()[0, -1]
            drawn = np.argmax(logits + rng.gumbel(size=len(logits)))  # as from softmax(logits)
            codes = np.append(codes, drawn)
    return codes


def main() -> None:
    """Train, and print what the network writes before and after."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("text", nargs="?", type=Path, help="a text file, in UTF-8")
    parser.add_argument("--network", default="transformer", choices=("transformer", "lstm"))
    parser.add_argument("--size", type=int, default=64, help="how many numbers stand for a place")
    parser.add_argument("--epochs", type=int, default=10)
    options = parser.parse_args()
    paths = [options.text] if options.text else sorted(PAGES.glob("*.md"))
    text = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    alphabet, codes = np.unique(list(text), return_inverse=True)
    training, validation = np.split(codes, [len(codes) * 9 // 10])
    model = network(options.network, len(alphabet), options.size, seed=0)
    before = continued(model, training[:20], 100, seed=0)
    history = nn.fit(
        model,
        nn.cross_entropy,
        nn.data.batches(*stretches(training), 32, seed=0),
        nn.AdamW(model.parameters(), lr=0.003, clip=1.0),
        options.epochs,
        metrics=[nn.accuracy],
        schedule=nn.schedules.cosine(0.003, options.epochs),
        validation=stretches(validation),
    )
    print(history)
    print("before training:", "".join(alphabet[before]), sep="\n", end="\n\n")
    after = continued(model, training[:20], 300, seed=0)
    print("after training:", "".join(alphabet[after]), sep="\n")


if __name__ == "__main__":
    main()
