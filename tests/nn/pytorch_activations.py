"""What PyTorch's activations give, for modules here of the same settings.

Run with PyTorch installed, `python -m tests.nn.pytorch_activations` writes the values and the
gradients to `pytorch_activations.npz`. Last
made with PyTorch 2.13.0.
"""

from pathlib import Path

import numpy as np

FILE = Path(__file__).with_suffix(".npz")
# from −8 to 8 with all kinks, and far out
SIZES = [1e-300, 1e-8, 20.0, 40.0, 100.0, 1e3, 1e8]
X = np.array([*np.linspace(-8, 8, 33), *SIZES, *(-s for s in SIZES), 0.0]).reshape(2, 4, 6)

# name: (ours, PyTorch's)
CASES = {
    code: (f"nn.{code}", f"nn.{theirs or code}")
    for code, theirs in {
        "Identity()": "",
        "ReLU()": "",
        "ReLU6()": "",
        "LeakyReLU()": "",
        "LeakyReLU(0.3)": "",
        "LeakyReLU(negative_slope=1.5)": "",
        "PReLU()": "",
        "PReLU(4, init=0.375)": "",
        "ELU()": "",
        "ELU(alpha=0.3)": "",
        "CELU()": "",
        "CELU(2.5)": "",
        "SELU()": "",
        "GELU()": "",
        "GELU(approximate='tanh')": "",
        "SiLU()": "",
        "Mish()": "",
        "Sigmoid()": "",
        "LogSigmoid()": "",
        "Tanh()": "",
        "Softplus()": "Softplus(threshold=50.0)",
        "Softplus(beta=3.0)": "Softplus(3.0, threshold=50.0)",
        "Softsign()": "",
        "Tanhshrink()": "",
        "Hardtanh()": "",
        "Hardtanh(-3.0, 0.5)": "",
        "Hardsigmoid()": "",
        "Hardswish()": "",
        "Hardshrink()": "",
        "Hardshrink(2.0)": "",
        "Softshrink()": "",
        "Softshrink(lambd=1.5)": "",
        "Threshold(0.25, -2.0)": "",
        "Softmax(axis=1)": "Softmax(dim=1)",
        "Softmax()": "Softmax(dim=-1)",
        "LogSoftmax(axis=0)": "LogSoftmax(dim=0)",
        "LogSoftmax()": "LogSoftmax(dim=-1)",
        "Softmin(1)": "",
        "GLU()": "",
        "GLU(axis=1)": "GLU(dim=1)",
    }.items()
}


def main():
    import torch
    from torch import nn

    found = {}
    for name, (_, code) in CASES.items():
        module = eval(code, {"nn": nn}).double()
        x = torch.tensor(X, requires_grad=True)
        y = module(x)
        weights = torch.linspace(0.5, 2.0, y.numel(), dtype=torch.float64).reshape(y.shape)
        parameters = list(module.parameters())
        first = torch.autograd.grad((weights * y).sum(), [x, *parameters])
        found |= {f"{name}/y": y.detach().numpy(), f"{name}/x": first[0].numpy()}
        for slope in first[1:]:
            found[f"{name}/weight"] = slope.numpy()
    np.savez_compressed(FILE, **found)


if __name__ == "__main__":
    main()
