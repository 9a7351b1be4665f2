"""What PyTorch's losses of sequences give.

Run with PyTorch installed, `python -m tests.nn.pytorch_losses` writes inputs, losses and gradients
to `pytorch_losses.npz`. Last made with PyTorch 2.13.0.
"""

from pathlib import Path

import numpy as np

FILE = Path(__file__).with_suffix(".npz")
# name: (samples, steps, classes, greatest length, blank)
CTC = {
    "one label": (1, 3, 2, 1, 0),
    "repeated labels": (6, 9, 2, 3, 0),
    "several": (4, 7, 5, 3, 0),
    "blank last": (5, 12, 4, 5, 3),
    "blank in the middle": (3, 30, 28, 8, 11),
    "no labels": (3, 4, 3, 0, 1),
}


def drawn(rng, samples, steps, classes, most, blank):
    """Return logits, labels and lengths that fit."""
    others = np.delete(np.arange(classes), blank)
    labels = rng.choice(others, (samples, most)) if most else np.zeros((samples, 0), int)
    sizes = rng.integers(0, most + 1, samples)
    sizes[0] = most
    return {
        "x": 3 * rng.normal(size=(samples, steps, classes)),
        "labels": labels,
        "steps": np.minimum(2 * sizes + rng.integers(0, steps, samples) + 1, steps),
        "sizes": sizes,
    }


def main():
    import torch

    rng, found = np.random.default_rng(0), {}
    for name, (*settings, blank) in CTC.items():
        case = drawn(rng, *settings, blank)
        x = torch.tensor(case["x"], requires_grad=True)
        logs = torch.log_softmax(x, dim=-1).transpose(0, 1)
        given = [torch.tensor(case[key]) for key in ("labels", "steps", "sizes")]
        for reduction in ("none", "sum", "mean"):
            y = torch.nn.functional.ctc_loss(logs, *given, blank=blank, reduction=reduction)
            case[reduction] = y.detach().numpy()
        case["g"] = rng.normal(size=len(case["x"]))
        y = torch.nn.functional.ctc_loss(logs, *given, blank=blank, reduction="none")
        (case["slope"],) = torch.autograd.grad(y, x, torch.tensor(case["g"]))
        found |= {f"{name}/{key}": np.asarray(numbers) for key, numbers in case.items()}
    np.savez_compressed(FILE, **found)


if __name__ == "__main__":
    main()
