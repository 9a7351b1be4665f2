"""Importing this raises an ImportError if `autograd` is another package than ours."""

from contextlib import suppress

with suppress(ModuleNotFoundError):  # a copy of these two packages alone goes without it
    import chainrule_files  # noqa: F401
