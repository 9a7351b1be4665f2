"""Where a layer lies in the network that is running, for messages about what it was given."""

from __future__ import annotations

import sys
from types import FrameType

from nn.module import Module


def place_of(layer: Module) -> str:
    """Return "; it is encoder.0 of the Net" for a layer that a network's call has called.

    The functions that are running tell: the first argument of a method is its object.
    """
    frame: FrameType | None = sys._getframe(1)
    running = []
    while frame is not None:
        names = frame.f_code.co_varnames[: frame.f_code.co_argcount]
        owner = frame.f_locals.get(names[0]) if names else None
        if isinstance(owner, Module):
            running.append(owner)
        frame = frame.f_back
    for network in reversed(running):
        for path, module in network.named_modules():
            if module is layer and path:
                return f"; it is {path} of the {type(network).__name__}"
    return ""
