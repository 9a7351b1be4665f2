"""Compiled functions, for each target that is installed, against the peers of their kind.

Each row is measured in a fresh process that is kept on one processor, in CPU time, and says how
long compiling took. PyTorch runs op by op, JAX under `jit`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from time import process_time
from typing import Any

import numpy as np

import autograd
import nn
from autograd.compiling.compiled import TARGETS
from benchmarks import adding, networks
from benchmarks.graphs import chain
from benchmarks.harness import Row, compare, optional
from benchmarks.resident import settled, status
from benchmarks.training import moons_runs

ONE_THREAD = {
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
    "JAX_ENABLE_X64": "1",
} | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# the function to compile as "ours", with what it is called with
Runs = dict[str, Any]


def targets() -> list[str]:
    """Return the targets of our own that are here."""
    return ["numpy", *(["llvm"] if "llvm" in TARGETS and optional("llvmlite") else [])]


def gelu() -> Runs:
    """Gradient of three GELUs, one after another, of a million doubles."""

    def thrice(np: Any, x: Any) -> Any:
        for _ in range(3):
            x = 0.5 * x * (1 + np.tanh((2 / np.pi) ** 0.5 * (x + 0.044715 * x * x * x)))
        return np.sum(x)

    x = np.random.default_rng(0).normal(size=1_000_000)
    runs: Runs = {"ours": partial(autograd.grad(partial(thrice, np)), x), "JAX": None}
    if jax := optional("jax"):
        slope, jx = jax.jit(jax.grad(partial(thrice, jax.numpy))), jax.numpy.asarray(x)
        runs["JAX"] = lambda: slope(jx).block_until_ready()
    return runs


def mlp() -> Runs:
    """Step of SGD with momentum."""
    runs = networks.mlp(momentum=0.9)
    return runs | {"JAX": jax_mlp()}


def jax_mlp() -> Callable[[], object] | None:
    """Return the same step in JAX, which may reuse the memory of the old state."""
    jax = optional("jax")
    if not jax:
        return None
    layers = nn.MLP(784, [256, 128, 10], seed=0, dtype=np.float32).layers
    x, labels = map(jax.numpy.asarray, networks.images(128, 784))

    def loss(layers: Any) -> Any:
        y = x
        for w, b in layers[:-1]:
            y = jax.nn.relu(y @ w + b)
        w, b = layers[-1]
        logits = jax.nn.log_softmax(y @ w + b)
        return -jax.numpy.take_along_axis(logits, labels[:, None], 1).mean()

    @partial(jax.jit, donate_argnums=(0, 1))
    def update(layers: Any, speeds: Any) -> Any:
        value, slopes = jax.value_and_grad(loss)(layers)
        speeds = jax.tree.map(lambda v, g: 0.9 * v + g, speeds, slopes)
        return jax.tree.map(lambda w, v: w - 1e-4 * v, layers, speeds), speeds, value

    start = [(jax.numpy.array(p.weights.data), jax.numpy.array(p.bias.data)) for p in layers]
    state = [start, jax.tree.map(jax.numpy.zeros_like, start)]

    def run() -> None:
        *state[:], _ = jax.block_until_ready(update(*state))

    return run


def ops() -> Runs:
    """Gradient of 1,000 ops on three numbers, which op by op takes new graphs each time."""
    slope = autograd.grad(partial(chain, relu=autograd.relu), (0, 1, 2))
    call = partial(slope, 0.3, 0.5, 1.0)
    return {"ours": call, "op by op": call}


Bars = dict[str, dict[str, float]]  # for a peer and a target
STEPS: dict[str, tuple[str, Callable[[], Runs], Bars]] = {
    "gelu": (
        "gradient of GELU thrice, 1e6 doubles",
        gelu,
        {"JAX": {"llvm": 0.8, "numpy": 1.15}},
    ),
    "mlp": (
        "MLP 784-256-128-10, batch of 128, momentum",
        mlp,
        {"PyTorch": {"llvm": 0.8, "numpy": 0.85}, "JAX": {"llvm": 0.9, "numpy": 1.0}},
    ),
    "moons": (
        "moons, one step",
        moons_runs,
        {"micrograd": {"llvm": 1 / 5_000, "numpy": 1 / 3_000}},
    ),
    "ops": (
        "1,000 scalar ops and gradient",
        ops,
        {"op by op": {"llvm": 1 / 300, "numpy": 1 / 12}},
    ),
    "convnet": (
        "LeNet-5, batch of 64",
        networks.convnet,
        {"PyTorch": {"llvm": 1.5, "numpy": 2.0}},
    ),
} | {
    name: (*networks.STEPS[name][:2], {"PyTorch": {"llvm": 1.0, "numpy": 1.2}})
    for name in ("lstm", "transformer")
}  # fmt: skip
FIRST_CALLS: Bars = {
    "1,000": {"llvm": 0.3, "numpy": 0.2},
    "10,000": {"llvm": 3.0, "numpy": 2.0},
}
MEMORY = "mlp", "convnet"
PEAKS = 5  # runs of which the median counts, as one may take 0.5 MB more than another


def step(name: str) -> dict[str, float]:
    """Return the median times of a call in µs, and the seconds that compiling took."""
    runs = STEPS[name][1]()
    call = runs.pop("ours")
    call()  # an optimiser with momentum has nothing to remember before
    found = {}
    for target in targets():
        compiled = autograd.compile(call.func, target=target)
        started = process_time()
        compiled(*call.args)
        found[f"compiling, {target}"] = process_time() - started
        compiled(*call.args)
        runs[f"ours, {target}"] = partial(compiled, *call.args)
    return found | compare(runs, rounds=7 if name == "moons" else 25, clock=process_time)


def first_call(length: str, target: str) -> float:
    """Return the seconds that the first call of a compiled function of many ops takes."""

    def f(x: Any, a: Any, b: Any) -> Any:
        for _ in range(int(length.replace(",", "")) // 1_000):
            x = chain(x, a, b, autograd.relu)
        return x

    autograd.compile(lambda x: x * x, target=target)(1.0)  # loads what is loaded once
    started = process_time()
    autograd.compile(f, target=target)(0.3, 0.5, 1.0)
    return process_time() - started


def compiled(hips_folder: str | None) -> Iterator[Row]:
    """Yield the rows of all compiled functions, for each target."""
    yield from adding.rows(targets(), apart)
    for name, (what, _, bars) in STEPS.items():
        found = apart("step", name)
        for target in targets():
            words = f"{what}: {target}, compiled in {found[f'compiling, {target}']:.2g} s"
            for peer, bar in bars.items():
                yield Row(words, peer, found[f"ours, {target}"], found.get(peer), bar[target])
    for length, bar in FIRST_CALLS.items():
        for target in targets():
            seconds = apart("first_call", length, target)
            words = f"first call of {length} ops: {target}"
            yield Row(words, f"bar of {bar[target]} s", seconds, bar[target], 1.0, "s")
    for name in MEMORY:
        sides = [*targets(), *(["PyTorch"] if networks.torch else [])]
        peaks = {side: median(apart("peak", name, side) for _ in range(PEAKS)) for side in sides}
        for target in targets():
            words = f"peak memory of a step, {STEPS[name][0]}: {target}"
            yield Row(words, "PyTorch", peaks[target], peaks.get("PyTorch"), 1.0, "MB")


def peak(name: str, side: str) -> float:
    """Return by how many MB training grows the memory at most, once models and data are there.

    Gradients, what the optimiser remembers and what compiling leaves behind count; compiling itself
    does not. A step of another size has loaded all libraries before.

    Args:
        name: of the step.
        side: "PyTorch" or a target.
    """

    def ready(runs: Runs) -> Callable[[], object]:
        if side == "PyTorch":
            return runs[side]
        return partial(autograd.compile(runs["ours"].func, target=side), *runs["ours"].args)

    for warm in (networks.mlp(hidden=8), networks.convnet(batch=2)):
        run = ready(warm)
        for _ in range(4):
            run()
        del run, warm
    run = ready(STEPS[name][1]())
    before = settled()
    for _ in range(4):
        run()
    settled()
    for _ in range(4):
        run()
    return status("VmHWM") - before


def apart(*what: str) -> Any:
    """Return what a function of this module finds in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.compiled", *what]
    env = os.environ | ONE_THREAD
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
    return json.loads(done.stdout)


APART: dict[str, Callable[..., Any]] = {
    f.__name__: f for f in (step, first_call, peak, adding.loop, adding.first_epoch, adding.whole)
}

if __name__ == "__main__":
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
    function, *given = sys.argv[1:]
    print(json.dumps(APART[function](*given)))
