"""Several devices, and several processes, give the weights of one: each in processes of its own."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import autograd
from tests.compiling import many_devices

jax = pytest.importorskip("jax", reason="JAX is not installed")

TOP = Path(__file__).parents[2]
SETTINGS = {"JAX_PLATFORMS": "cpu"}
LIMIT = 300  # seconds, on a busy machine


def started(*args, **env):
    return subprocess.Popen(
        [sys.executable, "-m", many_devices.__name__, *map(str, args)],
        cwd=TOP,
        env=os.environ | SETTINGS | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process):
    """Return what a process printed, when it has ended."""
    try:
        out, err = process.communicate(timeout=LIMIT)
    finally:
        process.kill()
    if process.returncode == 77:
        pytest.skip(f"this JAX does not join processes of CPUs: {out}")
    assert process.returncode == 0, err
    return out.split("\n")


@pytest.mark.slow
def test_on_2_and_8_devices_the_digits_network_gets_the_weights_of_one():
    flags = "--xla_force_host_platform_device_count=8"
    two, eight, _ = ended(started(XLA_FLAGS=flags))
    assert float(two) < 1e-10 and float(eight) < 1e-10


@pytest.mark.slow
def test_two_processes_get_the_weights_of_one():
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    processes = [started(i, port, XLA_FLAGS="") for i in range(2)]
    try:
        found = [ended(process)[-2].split() for process in processes]
    finally:
        for process in processes:
            process.kill()
    assert all(float(apart) < 1e-10 for apart, _ in found)
    assert found[0][1] == found[1][1]


@pytest.mark.parametrize(
    ("devices", "kind", "says"),
    [
        (10_000, ValueError, "write devices=.* or fewer.*xla_force_host_platform_device_count=8"),
        (0, ValueError, "at least 1, not 0"),
        (True, TypeError, "how many of JAX's there are to be, or a list such as jax.devices()"),
        (["cpu"], TypeError, "or a list"),
        ([], TypeError, "or a list"),
    ],
)
def test_devices_that_are_none(devices, kind, says):
    with pytest.raises(kind, match=says):
        autograd.compile(np.sin, target="jax", devices=devices)
    with pytest.raises(ValueError, match="give each device once"):
        autograd.compile(np.sin, target="jax", devices=jax.devices()[:1] * 2)
    with pytest.raises(ValueError, match='write target="jax" for several devices'):
        autograd.compile(np.sin, devices=2)
