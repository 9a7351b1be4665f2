"""HIPS autograd's name for `autograd.hips.wrap_util`."""

from autograd.hips.wrap_util import *  # noqa: F403
