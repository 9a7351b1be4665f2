"""Statistics: averages and covariances, medians and quantiles, histograms."""

from autograd.composed.statistics import averages, histograms, quantiles  # noqa: F401
