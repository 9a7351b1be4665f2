"""HIPS autograd's name for `autograd.hips.misc.flatten`."""

from autograd.hips.misc.flatten import *  # noqa: F403
