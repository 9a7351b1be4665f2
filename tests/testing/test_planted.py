"""The checker is right about every planted case: the wrong ones, and the right ones that are hard.

`python -m benchmarks.verdicts` says what other checkers make of them.
"""

import warnings

import numpy as np
import pytest

from autograd.testing import GradientError
from benchmarks.planted import RIGHT, WRONG
from benchmarks.planted.library import Missing, Ours, OursExtended


def pairs(kinds):
    """Return (library, case) for all cases, with an id."""
    return [
        pytest.param(lib, case, id=f"{lib.name}: {kind}: {case.name}")
        for lib in (Ours(), OursExtended())
        for kind, cases in kinds.items()
        for case in cases(lib)
    ]


@pytest.mark.parametrize("lib, case", pairs(WRONG))
def test_a_wrong_derivative_is_caught(lib, case):
    with pytest.raises(GradientError):
        check(lib, case)


@pytest.mark.parametrize("lib, case", pairs(RIGHT))
def test_a_right_derivative_passes(lib, case):
    check(lib, case)


def check(lib, case):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            lib.check(case)
        except Missing as missing:
            pytest.skip(f"{missing} needs SciPy")
