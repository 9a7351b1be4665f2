"""The checker lets right derivatives pass: a slice of what `draws.py` draws by the thousand."""

import pytest

from tests.testing.draws import alarms

pytestmark = pytest.mark.slow


def test_no_draw_raises_a_false_alarm():
    assert list(alarms(100, 3)) == []
