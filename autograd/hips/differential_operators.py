"""The names of HIPS autograd's `differential_operators`: functions that return derivatives."""

from autograd.hips.core import make_jvp as _make_jvp  # noqa: F401  of functions of one argument
from autograd.hips.core import make_vjp as _make_vjp  # noqa: F401
from autograd.hips.core import vspace as vspace
from autograd.hips.wrap_util import unary_to_nary as unary_to_nary
from autograd.transforms import *  # noqa: F403
