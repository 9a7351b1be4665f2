import gc
import os
from contextlib import suppress

# Before NumPy is there: on a busy machine BLAS threads wait for each other longer than the small
# matrices of these tests take.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from hypothesis import settings

from tests.browsers import browser, open_page  # noqa: F401

with suppress(ImportError):  # without SciPy its rows are not there to be tested
    from autograd.scipy import integrate, linalg, signal, special, stats  # noqa: F401

settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True, max_examples=16)
settings.load_profile("ci")


def pytest_collection_finish():
    """Have the collector pass over what is loaded by now: to look through it takes a second."""
    gc.freeze()


@pytest.fixture
def collector_off():
    """Collect nothing unless the test does, and then only among what came after its start."""
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.enable()
