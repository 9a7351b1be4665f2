"""HIPS autograd's name for `autograd.hips.test_util`."""

from autograd.hips.test_util import *  # noqa: F403
