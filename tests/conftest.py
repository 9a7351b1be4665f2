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


@pytest.fixture
def collector_off():
    """Collect nothing unless the test does, and then only among what came after its start.

    To look through all that the tests have loaded takes a second.
    """
    gc.freeze()
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


@pytest.fixture
def nobody_blamed(monkeypatch):
    """Leave out the search for the op at fault, of which only a failure's message tells."""
    monkeypatch.setattr("autograd.testing.blame.blame", lambda *about: "")


@pytest.fixture(scope="session")
def constants(tmp_path_factory):
    return tmp_path_factory.mktemp("constants")


@pytest.fixture
def known_constants(constants, pytester):
    """Let Hypothesis in other processes look for the constants in our code once for all of them."""
    pytester.mkdir(".hypothesis").joinpath("constants").symlink_to(constants)
