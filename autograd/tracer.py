"""HIPS autograd's name for `autograd.hips.tracer`."""

from autograd.hips.tracer import *  # noqa: F403
