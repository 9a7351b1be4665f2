"""Names HIPS autograd's users import: functions that return derivatives."""

from autograd.hips.wrap_util import unary_to_nary as unary_to_nary
from autograd.transforms import *  # noqa: F403
