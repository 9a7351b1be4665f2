"""Peak memory of training steps, ours and PyTorch's, each in a fresh process of one thread.

`STEPS` is one program for both: `np` is NumPy or a few functions of the same names on tensors. The
peak is counted from when the data have been made and a first step of another kind has loaded all
libraries.
"""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks.harness import Row, optional

STEPS = {
    "MLP, batch of 4,096": """
ws = [leaf(rng.normal(size=s) / 16) for s in [(64, 256), (256, 256), (256, 256), (256, 10)]]
bs = [leaf(rng.normal(size=w.shape[1])) for w in ws]
x, t = constant(rng.normal(size=(4096, 64))), constant(rng.normal(size=(4096, 10)))
leaves = ws + bs

def loss():
    y = x
    for w, b in zip(ws[:-1], bs[:-1]):
        y = np.tanh(y @ w + b)
    return (((y @ ws[-1] + bs[-1]) - t) ** 2).mean()
""",
    "convolution by hand": """
k1, k2 = leaf(rng.normal(size=(9, 16))), leaf(rng.normal(size=(9 * 16, 32)) / 12)
x = constant(rng.normal(size=(16, 1, 32, 32)))
leaves = [k1, k2]

def windows(x, n):
    parts = [x[:, :, i : i + n, j : j + n] for i in range(3) for j in range(3)]
    return np.stack(parts, -1)

def loss():
    y = np.tanh(windows(x, 30).reshape(16, 900, 9) @ k1)
    y = y.reshape(16, 30, 30, 16).transpose(0, 3, 1, 2)
    y = windows(y, 28).transpose(0, 2, 3, 1, 4).reshape(16, 784, 144) @ k2
    return (np.tanh(y) ** 2).mean()
""",
    "RNN of 200 steps": """
w, u, h0 = [leaf(rng.normal(size=s) / 8) for s in [(64, 64), (32, 64), (256, 64)]]
xs = [constant(rng.normal(size=(256, 32))) for _ in range(200)]
leaves = [w, u, h0]

def loss():
    h = h0
    for x in xs:
        h = np.tanh(h @ w + x @ u)
    return (h * h).mean()
""",
    "GRU of 100 steps": """
w, u, r = [leaf(rng.normal(size=(64, 64)) / 8) for _ in range(3)]
h0, x = leaf(rng.normal(size=(256, 64))), constant(rng.normal(size=(256, 64)))
leaves = [w, u, r, h0]

def loss():
    h = h0
    for _ in range(100):
        z = 1 / (1 + np.exp(-(h @ w + x @ u)))
        new = np.tanh((h * z) @ r + x @ w)
        h = (1 - z) * new + z * h
    return (h * h).mean()
""",
    "attention, 4 blocks": """
ws = [leaf(rng.normal(size=(128, 128)) / 11) for _ in range(4)]
x = constant(rng.normal(size=(8, 128, 128)))
leaves = ws

def loss():
    y = x
    for _ in range(4):
        q, k, v = [y @ w for w in ws[:3]]
        e = np.exp(q @ k.mT / 11.3)
        y = y + (e / e.sum(-1)[:, :, None] @ v) @ ws[3]
    return (y * y).mean()
""",
    "layer norm, 10 layers": """
w, x = leaf(rng.normal(size=(256, 256)) / 16), constant(rng.normal(size=(1024, 256)))
leaves = [w]

def loss():
    y = x
    for _ in range(10):
        y = y @ w
        y = y - y.mean(-1)[:, None]
        y = np.tanh(y / np.sqrt((y * y).mean(-1)[:, None] + 1e-5))
    return (y * y).mean()
""",
    "y[::2] *= 1.1, 150 steps of 1.6 MB": """
w, x = leaf(rng.normal(size=200_000)), constant(rng.normal(size=200_000))
leaves, times = [w], 150

def loss():
    y = w * x
    y[::2] *= 1.1
    return (y * y).sum()
""",
    "100 rows filled": """
w, x = leaf(rng.normal(size=5000)), constant(rng.normal(size=(100, 5000)))
leaves = [w]

def loss():
    y = np.zeros_like(w * x)
    for i in range(100):
        y[i] = np.tanh(w * x[i])
    return (y * y).sum()
""",
    "y[i] = 0.9 y[i−1] + x[i], n = 4,000": """
x = leaf(rng.normal(size=4000))
leaves = [x]

def loss():
    y = np.zeros_like(x * 1.0)
    for i in range(1, 4000):
        y[i] = 0.9 * y[i - 1] + x[i]
    return (y * y).sum()
""",
    "y *= c; y += x, 100 times": """
x, c = [leaf(rng.normal(size=100_000)) for _ in range(2)]
leaves = [x, c]

def loss():
    y = x * 1.0
    for _ in range(100):
        y *= c
        y += x
    return (y * y).sum()
""",
    "y[1:] *= c, 200 times": """
x, c = leaf(rng.normal(size=100_000)), leaf(1.01)
leaves = [x, c]

def loss():
    y = x * 1.0
    for _ in range(200):
        y[1:] *= c
    return (y * y).sum()
""",
}

OURS = """
import numpy as np
import autograd.numpy as np
from autograd import Value
from numpy.random import default_rng

leaf, constant = Value, lambda x: x

def cleared(x):
    x.zero_grad()
"""

PYTORCH = """
import torch as np
from numpy.random import default_rng

np.set_num_threads(1)
np.Tensor.transpose = np.Tensor.permute

def constant(x):
    return np.tensor(x, dtype=np.float64)

def leaf(x):
    return constant(x).requires_grad_()

def cleared(x):
    x.grad = None
"""

MEASURED = """
from benchmarks.resident import settled, status

def step():
    for x in leaves:
        cleared(x)
    loss().backward()

rng, times = default_rng(0), 3
a = leaf(rng.normal(size=(512, 512)))  # large enough for the buffers of the matrix product
y = np.tanh(a @ a + constant(rng.normal(size=512))) * 1.0
y[0] *= 2.0
(np.stack([y, y]) ** 2).mean().backward()
del a, y
{program}
before = settled()  # what the first step left free is not memory in hand
for _ in range(times):
    step()
print(status("VmHWM") - before)
"""


def peak(side: str, program: str) -> float:
    """Return by how many MB a program's memory grows at most over some steps."""
    code = side + MEASURED.format(program=program)
    env = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
    return float(done.stdout)


def peaks(hips_folder: str | None) -> list[Row]:
    """Training steps: the peak of their memory over that of the data, in float64."""
    torch = optional("torch")
    return [
        Row(
            f"peak memory: {name}",
            "PyTorch",
            peak(OURS, program),
            peak(PYTORCH, program) if torch else None,
            1.3,
            "MB",
        )
        for name, program in STEPS.items()
    ]
