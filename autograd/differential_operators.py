"""HIPS autograd's name for `autograd.hips.differential_operators`."""

from autograd.hips.differential_operators import *  # noqa: F403
from autograd.hips.differential_operators import _make_jvp, _make_vjp  # noqa: F401
