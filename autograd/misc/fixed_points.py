"""HIPS autograd's name for `autograd.hips.misc.fixed_points`."""

from autograd.hips.misc.fixed_points import *  # noqa: F403
