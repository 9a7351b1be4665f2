"""HIPS autograd's name for `autograd.hips.util`."""

from autograd.hips.util import *  # noqa: F403
