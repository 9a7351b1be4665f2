"""Array manipulation: shapes, joining and splitting, entries moved about, padding."""

from autograd.composed.manipulation import joining, padding, rearranging, shapes  # noqa: F401
