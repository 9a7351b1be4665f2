"""A fault in a rule is caught: every fifteenth of the mutants of `python -m tests.mutation`."""

import pytest

from autograd.engine.primitive import PRIMITIVES
from tests import mutation
from tests.ops.points import OPS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_faults_in_rules_are_caught(op):
    some = slice(OPS.index(op) % 15, None, 15)
    assert not [str(m) for m, verdict in mutation.verdicts(op, some) if verdict == "survived"]


def test_the_command_counts_what_survives(monkeypatch, capsys):
    assert mutation.main(["sin", "floor_divide"]) == 0
    assert "| negated | 3 | 1 | 2 | 0 |" in capsys.readouterr().out
    monkeypatch.setattr(mutation, "check_gradients", lambda f, *args: None)
    assert mutation.main(["sin"]) > 5
    assert "survived: sin, argument 0: negated" in capsys.readouterr().out


def test_what_is_recorded_counts_beside_a_faster_rule_for_raw_numbers():
    found = mutation.verdicts(PRIMITIVES["getitem"])
    assert next(v for m, v in found if m.i == 0 and m.kind == "shifted by 0.03") == "caught"
