"""What PyTorch's layers give, for layers here of the same settings.

`CASES` says how to build each with either library. Run with PyTorch installed,
`python -m tests.nn.pytorch_layers` writes the numbers to `pytorch_layers.npz`: the state, the
input, the output and the gradients in training; for modules with buffers, these afterwards, and
the same in evaluation. Last made with PyTorch 2.13.0.
"""

from pathlib import Path

import numpy as np

MODES = {False: ["train"], True: ["train", "eval"]}  # by whether there are buffers
FILE = Path(__file__).with_suffix(".npz")

# name: (ours, PyTorch's, shape of the input, or ints to draw below); both are called with the
# namespace `nn` and may return a function around the module
CASES = {
    "Linear": ("nn.Linear(3, 4)", "nn.Linear(3, 4)", (5, 3)),
    "Conv1d": ("nn.Conv1d(4, 6, 3, dilation=2)", "nn.Conv1d(4, 6, 3, dilation=2)", (2, 4, 7)),
    "Conv2d": (
        "nn.Conv2d(4, 6, (3, 2), 2, 1, groups=2)",
        "nn.Conv2d(4, 6, (3, 2), 2, 1, groups=2)",
        (2, 4, 7, 6),
    ),
    "Conv2d same": (
        "nn.Conv2d(2, 2, 4, padding='same', bias=False)",
        "nn.Conv2d(2, 2, 4, padding='same', bias=False)",
        (2, 2, 5, 6),
    ),
    "Conv3d": ("nn.Conv3d(2, 3, 2)", "nn.Conv3d(2, 3, 2)", (1, 2, 3, 3, 4)),
    "ConvTranspose1d": (
        "nn.ConvTranspose1d(4, 2, 3, dilation=2)",
        "nn.ConvTranspose1d(4, 2, 3, dilation=2)",
        (2, 4, 5),
    ),
    "ConvTranspose2d": (
        "nn.ConvTranspose2d(4, 6, 3, 2, 1, 1, groups=2)",
        "nn.ConvTranspose2d(4, 6, 3, 2, 1, 1, groups=2)",
        (2, 4, 3, 4),
    ),
    "ConvTranspose3d": (
        "nn.ConvTranspose3d(2, 1, 2)",
        "nn.ConvTranspose3d(2, 1, 2)",
        (1, 2, 2, 3, 2),
    ),
    "MaxPool1d": ("nn.MaxPool1d(3, 2)", "nn.MaxPool1d(3, 2)", (2, 3, 8)),
    "MaxPool2d": ("nn.MaxPool2d(3, 2, 1)", "nn.MaxPool2d(3, 2, 1)", (2, 3, 7, 6)),
    "MaxPool3d": ("nn.MaxPool3d(2)", "nn.MaxPool3d(2)", (1, 2, 4, 4, 5)),
    "AvgPool1d": ("nn.AvgPool1d(3, 1, 1)", "nn.AvgPool1d(3, 1, 1)", (2, 3, 6)),
    "AvgPool2d": ("nn.AvgPool2d((2, 3))", "nn.AvgPool2d((2, 3))", (2, 3, 7, 6)),
    "AvgPool3d": ("nn.AvgPool3d(2)", "nn.AvgPool3d(2)", (1, 2, 4, 4, 5)),
    "AdaptiveAvgPool1d": ("nn.AdaptiveAvgPool1d(3)", "nn.AdaptiveAvgPool1d(3)", (2, 3, 7)),
    "AdaptiveAvgPool2d": (
        "nn.AdaptiveAvgPool2d((3, 2))",
        "nn.AdaptiveAvgPool2d((3, 2))",
        (2, 3, 7, 7),
    ),
    "AdaptiveMaxPool1d": ("nn.AdaptiveMaxPool1d(3)", "nn.AdaptiveMaxPool1d(3)", (2, 3, 7)),
    "AdaptiveMaxPool2d": (
        "nn.AdaptiveMaxPool2d((3, 2))",
        "nn.AdaptiveMaxPool2d((3, 2))",
        (2, 3, 7, 7),
    ),
    "BatchNorm": ("nn.BatchNorm(4)", "nn.BatchNorm2d(4)", (3, 4, 5, 2)),
    "BatchNorm of all batches": (
        "nn.BatchNorm(4, momentum=None)",
        "nn.BatchNorm1d(4, momentum=None)",
        (3, 4),
    ),
    "LayerNorm": ("nn.LayerNorm((3, 4))", "nn.LayerNorm((3, 4))", (2, 3, 4)),
    "RMSNorm": ("nn.RMSNorm(4)", "nn.RMSNorm(4, eps=1e-5)", (2, 3, 4)),
    "GroupNorm": ("nn.GroupNorm(2, 4)", "nn.GroupNorm(2, 4)", (3, 4, 3)),
    "InstanceNorm": (
        "nn.InstanceNorm(4, affine=True)",
        "nn.InstanceNorm1d(4, affine=True)",
        (3, 4, 3),
    ),
    "Embedding": ("nn.Embedding(7, 3)", "nn.Embedding(7, 3)", 7),
    "RNN": (
        "first(nn.RNN(3, 2, 2))",
        "first(nn.RNN(3, 2, 2, batch_first=True))",
        (2, 4, 3),
    ),
    "LSTM": (
        "first(nn.LSTM(3, 2, 2, bidirectional=True))",
        "first(nn.LSTM(3, 2, 2, bidirectional=True, batch_first=True))",
        (2, 4, 3),
    ),
    "LSTM, steps first": (
        "first(nn.LSTM(3, 2, batch_first=False))",
        "first(nn.LSTM(3, 2))",
        (4, 2, 3),
    ),
    "GRU": (
        "first(nn.GRU(3, 2, bidirectional=True, bias=False))",
        "first(nn.GRU(3, 2, bidirectional=True, bias=False, batch_first=True))",
        (2, 4, 3),
    ),
    "MultiheadAttention": (
        "nn.MultiheadAttention(4, 2)",
        "to_itself(nn.MultiheadAttention(4, 2, batch_first=True))",
        (2, 3, 4),
    ),
    "TransformerBlock": (
        "nn.TransformerBlock(4, 2, 6, activation=nn.relu)",
        "nn.TransformerEncoderLayer(4, 2, 6, 0.0, batch_first=True, norm_first=True)",
        (2, 3, 4),
    ),
    "TransformerBlock, norms last": (
        "nn.TransformerBlock(4, 2, 6, norm_first=False)",
        "nn.TransformerEncoderLayer(4, 2, 6, 0.0, 'gelu', batch_first=True)",
        (2, 3, 4),
    ),
}


def first(module):
    """Return a recurrent network as a function to its outputs."""
    return module, lambda x: module(x)[0]


def to_itself(module):
    """Return an attention as a function of what attends to itself."""
    return module, lambda x: module(x, x, x)[0]


def built(code, nn):
    """Return the module that some code builds, and the function to call."""
    made = eval(code, {"nn": nn, "first": first, "to_itself": to_itself})
    return made if isinstance(made, tuple) else (made, made)


def main():
    import torch

    rng, found = np.random.default_rng(0), {}
    for name, (_, code, shape) in CASES.items():
        module, call = built(code, torch.nn)
        module = module.double()
        state = {
            path: rng.normal(size=x.shape) / 2 if path.split(".")[-1] != "running_var" else x
            for path, x in module.state_dict().items()
            if x.is_floating_point()
        }
        module.load_state_dict(
            {path: torch.as_tensor(x) for path, x in state.items()}, strict=False
        )
        found |= {f"{name}/state/{path}": np.array(x) for path, x in module.state_dict().items()}
        ints = isinstance(shape, int)
        x = rng.integers(0, shape, (2, 4)) if ints else rng.normal(size=shape)
        found[f"{name}/x"] = x
        for mode in MODES[bool(list(module.buffers()))]:
            getattr(module, mode)()
            module.zero_grad()
            input_ = torch.tensor(x, requires_grad=not ints)
            y = call(input_)
            g = rng.normal(size=tuple(y.shape))
            y.backward(torch.tensor(g))
            found |= {f"{name}/{mode}/y": y.detach().numpy(), f"{name}/{mode}/g": g}
            if not ints:
                found[f"{name}/{mode}/x"] = input_.grad.numpy()
            for path, parameter in module.named_parameters():
                found[f"{name}/{mode}/grad/{path}"] = parameter.grad.numpy().copy()
        for path, x in module.named_buffers():
            found[f"{name}/after/{path}"] = np.array(x)
    np.savez_compressed(FILE, **found)


if __name__ == "__main__":
    main()
