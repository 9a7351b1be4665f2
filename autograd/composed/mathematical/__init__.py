"""Mathematical functions: elementwise, along axes, and of sequences."""

from autograd.composed.mathematical import elementwise, reductions, sequences  # noqa: F401
