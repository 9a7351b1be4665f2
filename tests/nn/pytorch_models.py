"""Networks that PyTorch saved, and what they gave, for the same networks here.

`MODELS` says how to build each with either library. Run with PyTorch and safetensors installed,
`python -m tests.nn.pytorch_models` writes the weights to `pytorch_<name>.safetensors`, as
`safetensors.torch.save_model` does, and inputs and outputs to `pytorch_<name>.npz`. Last made with
PyTorch 2.13.0.
"""

from pathlib import Path

import numpy as np

WORDS, SIZE, STEPS = 11, 8, 5


def language_model(module):
    """Return a causal Transformer whose last weights are those of its embedding.

    Args:
        module: what says where the two libraries differ, `Ours` or the class in `main`.
    """

    class LanguageModel(module.base):
        def __init__(self):
            module.start(self)
            self.embedding = module.nn.Embedding(WORDS, SIZE)
            self.positions = module.parameter((STEPS, SIZE))
            self.blocks = module.modules([module.block() for _ in range(2)])
            self.norm = module.nn.LayerNorm(SIZE)
            self.head = module.nn.Linear(SIZE, WORDS, bias=False)
            self.head.weight = self.embedding.weight

        def run(self, words):
            x = self.embedding(words) + self.positions
            for block in self.blocks:
                x = module.apply(block, x)
            return self.head(self.norm(x))

        __call__ = forward = run

    return LanguageModel()


def convolutional(module):
    """Return a convolutional network with running statistics."""
    nn = module.nn
    return nn.Sequential(
        nn.Conv2d(1, 3, 3, padding=1),
        module.batch_norm(3),
        module.relu,
        nn.MaxPool2d(2),
        nn.Conv2d(3, 4, 3, bias=False),
        module.relu,
        nn.Flatten(),
        nn.Linear(16, 5),
    )


MODELS = {"transformer": language_model, "convolutional": convolutional}


def files(name):
    """Return the paths of the weights, and of the inputs and outputs."""
    here = Path(__file__).parent
    return here / f"pytorch_{name}.safetensors", here / f"pytorch_{name}.npz"


def pytorch():
    """Return what builds the networks with PyTorch."""
    import torch

    class PyTorch:
        nn = torch.nn
        base = torch.nn.Module
        start = torch.nn.Module.__init__
        modules = torch.nn.ModuleList
        batch_norm = torch.nn.BatchNorm2d
        relu = torch.nn.ReLU()

        @staticmethod
        def parameter(shape):
            return torch.nn.Parameter(torch.randn(shape) / 10)

        @staticmethod
        def block():
            return torch.nn.TransformerEncoderLayer(
                SIZE, 2, 16, 0.0, "gelu", batch_first=True, norm_first=True
            )

        @staticmethod
        def apply(block, x):
            mask = torch.nn.Transformer.generate_square_subsequent_mask(STEPS)
            return block(x, mask, is_causal=True)

    return PyTorch


def main():
    import torch
    from safetensors.torch import save_model

    rng = np.random.default_rng(0)
    inputs = {
        "transformer": rng.integers(0, WORDS, (3, STEPS)),
        "convolutional": rng.normal(size=(4, 1, 8, 8)).astype("f4"),
    }
    torch.manual_seed(0)
    for name, build in MODELS.items():
        model, x = build(pytorch()), torch.tensor(inputs[name])
        for _ in range(3):
            model(x)  # in training, so that running statistics move
        weights, numbers = files(name)
        save_model(model.eval(), str(weights))
        np.savez_compressed(numbers, x=inputs[name], y=model(x).detach().numpy())


if __name__ == "__main__":
    main()
