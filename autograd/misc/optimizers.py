"""HIPS autograd's name for `autograd.hips.misc.optimizers`."""

from autograd.hips.misc.optimizers import *  # noqa: F403
