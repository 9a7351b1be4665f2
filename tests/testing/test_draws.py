"""The checker lets right derivatives pass: a slice of what `draws.py` draws by the thousand."""

from tests.testing.draws import alarms


def test_no_draw_raises_a_false_alarm():
    assert list(alarms(100, 3)) == []
