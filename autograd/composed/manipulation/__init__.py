"""Array manipulation: shapes, joining and splitting, rearranging entries, padding."""

from autograd.composed.manipulation import joining, padding, rearranging, shapes  # noqa: F401
