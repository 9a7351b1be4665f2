"""HIPS autograd's name for `autograd.hips.misc.tracers`."""

from autograd.hips.misc.tracers import *  # noqa: F403
