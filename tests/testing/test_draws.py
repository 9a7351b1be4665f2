"""The checker lets right derivatives pass: a slice of what `draws.py` draws by the thousand."""

import numpy as np
import pytest

from autograd.engine.primitive import PRIMITIVES
from autograd.testing.collecting import of_op
from autograd.testing.programs import Network
from tests.testing.draws import alarms, check

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("hidden", [False, True], ids=["traced", "opaque"])
def test_no_draw_raises_a_false_alarm(hidden):
    assert list(alarms(50, 3, hidden)) == []


BESIDE_A_KINK = Network(  # a bias of 1e-8, as near to a kink, beside a result of 0.03
    "relu",
    np.array([[-0.0015223089679959612]]),
    [
        (
            np.array([[-1.9514024403719157, 0.99999]]),
            np.array([1.8626451492309574e-09, -4.1156019166911986e-09]),
        ),
        (
            np.array(
                [
                    [-1.5509084718575228, -5.405692907782852e-09, 7.969623796663162e-09],
                    [0.08992796936217604, -0.3333333333333333, 0.4383683430157208],
                ]
            ),
            np.array([0.95, 1e-08, 0.0]),
        ),
        (
            np.array(
                [
                    [1.4805214156369795, 0.0311294736029548],
                    [0.0, 1.3006361873624648e-08],
                    [-8.531513341380668e-09, -1.9113458467358044],
                ]
            ),
            np.array([-6.103515625e-05, 0.0]),
        ),
    ],
)


def test_a_kink_that_rounding_hides_raises_none():
    check(BESIDE_A_KINK, (BESIDE_A_KINK.parameters,), hidden=True)


def test_a_gradient_in_float32_raises_none_where_its_op_divides_by_small_numbers():
    f, args, _ = next(iter(of_op(PRIMITIVES["qr"], None).cases(np.dtype("f4"), 655)))
    check(f, args, hidden=True)
