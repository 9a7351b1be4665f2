"""Mathematical functions: of single numbers, along axes, of numbers in a row."""

from autograd.composed.mathematical import elementwise, reductions, sequences  # noqa: F401
