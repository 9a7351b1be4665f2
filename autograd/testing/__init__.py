"""Verify gradients: ours, those of an op of your own, or those of any function."""

from autograd.testing.checker import check_gradients
from autograd.testing.report import GradientError, Report

__all__ = ["GradientError", "Report", "check_gradients"]
