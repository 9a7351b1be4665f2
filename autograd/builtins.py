"""HIPS autograd's name for `autograd.hips.builtins`."""

from autograd.hips.builtins import *  # noqa: F403
