from contextlib import suppress

from hypothesis import settings

with suppress(ImportError):  # without SciPy its rows are not there to be tested
    from autograd.scipy import integrate, linalg, signal, special, stats  # noqa: F401

settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True, max_examples=25)
settings.load_profile("ci")
