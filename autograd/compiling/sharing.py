"""Several devices of JAX's: each argument of a call is cut among them, along its first axis.

What a program reads from outside, such as parameters, is on all of them, whole. JAX adds the sums
over the parts of a batch by itself, so that a program means the same on any number of devices.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.compiling.node import Argument, Node
from autograd.jax.names import jax_itself

AXIS = "batch"


def devices_of(devices: Any) -> list[Any] | None:
    """Return devices of JAX's, given as a list or as how many; None for none in particular.

    Raises:
        TypeError: it is neither.
        ValueError: there are not as many, or one is there twice.
    """
    if devices is None:
        return None
    jax = jax_itself()
    if isinstance(devices, (int, np.integer)) and not isinstance(devices, bool):
        there = jax.devices()
        if not 1 <= devices <= len(there):
            raise ValueError(
                f"write devices={len(there)} or fewer, at least 1, not {devices}: JAX has "
                f"{len(there)} here ({there[0].platform}); to simulate 8 on one processor, set "
                "XLA_FLAGS=--xla_force_host_platform_device_count=8 before Python starts"
            )
        return there[: int(devices)]
    listed = list(devices) if isinstance(devices, (Sequence, np.ndarray)) else [devices]
    if not listed or not all(isinstance(x, jax.Device) for x in listed):
        raise TypeError(
            f"devices should be how many of JAX's there are to be, or a list such as jax.devices()"
            f", not {devices!r:.60}"
        )
    if len(set(listed)) < len(listed):
        raise ValueError(f"give each device once, not {devices!r:.60}")
    return listed


class Shared:
    """How the numbers that a program begins with lie on devices.

    An argument whose first axis does not divide by the number of devices is whole on all of them;
    if that holds for all, as for a smaller last batch, the first device of this process computes
    alone.

    Attributes:
        whole: the sharding of what all devices have; None for one device.

    Args:
        sources: the nodes of these numbers.
        devices: those that share them; None for JAX's first.
        lead: how many axes of an argument come before the one that is cut.
    """

    def __init__(self, sources: list[Node], devices: list[Any] | None, lead: int = 0) -> None:
        self.whole: Any = None
        self.places: dict[Node, Any] = {}
        if devices is None:
            return
        jax = jax_itself()
        cut = {source for source in sources if is_cut(source, len(devices))}
        if not cut:
            here = [d for d in devices if d.process_index == jax.process_index()]
            self.places = dict.fromkeys(sources, (here or jax.local_devices())[0])
            return
        mesh, spec = jax.sharding.Mesh(np.array(devices), (AXIS,)), jax.sharding.PartitionSpec
        self.whole = jax.sharding.NamedSharding(mesh, spec())
        part = jax.sharding.NamedSharding(mesh, spec(*[None] * lead, AXIS))
        self.places = {source: part if source in cut else self.whole for source in sources}

    def placed(self, sources: list[Node], given: Sequence[Any]) -> Sequence[Any]:
        """Return numbers as arrays on these devices; each process sends its own devices' parts."""
        if not self.places:
            return given
        jax, places = jax_itself(), [self.places[source] for source in sources]
        if self.whole is None or self.whole.is_fully_addressable:
            return jax.device_put(list(given), places)
        arrays = map(np.asarray, given)
        return [
            jax.make_array_from_callback(x.shape, place, x.__getitem__)
            for x, place in zip(arrays, places, strict=True)
        ]


def is_cut(source: Node, count: int) -> bool:
    """Whether a number is an argument of which each device gets an equal part."""
    shape = np.shape(source.sample)
    return (
        isinstance(source.source, Argument)
        and bool(shape)
        and shape[0] > 0
        and not shape[0] % count
    )
