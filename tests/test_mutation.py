"""Tests of the tests: every rule was run, and a fault in any of them is noticed."""

import numpy as np
import pytest
from mutation import add_into_is_noticed, mutants, planted, rules_of, run_checks

from autograd.primitive import PRIMITIVES, Each

OPS = [op for op in PRIMITIVES.values() if op.vjps and (op.elementwise or op.samples)]
ELSEWHERE = {"cholesky"}  # reads a triangle, has a symmetric gradient: tests/test_linalg.py
CONDITIONS = {("where", 0)}  # arguments that never have a gradient


def by_name(op):
    return op.name


@pytest.mark.parametrize("op", OPS, ids=by_name)
def test_every_rule_is_run(op):
    ran = set()

    def note(i, rule):
        def noted(*args, **params):
            ran.add(i)
            return rule(*args, **params)

        return noted

    with planted(op, note):
        run_checks(op)
    if isinstance(op.vjps, Each):
        assert ran >= {0, 1}
    else:
        expected = {i for i in range(len(op.vjps)) if (op.name, i) not in CONDITIONS}
        assert ran - {i for name, i in CONDITIONS if name == op.name} == expected
    assert ran >= set(rules_of(op))


@pytest.mark.parametrize("op", OPS, ids=by_name)
def test_faults_are_noticed(op):
    for mutant in mutants(op):
        assert mutant.caught() or not mutant.changed, f"rule {mutant.i} {mutant.fault}"
    assert op.add_into is None or add_into_is_noticed(op)


def test_a_right_rule_passes():
    """What the mutants fail, the rules themselves pass: also with the wrapping around them."""
    for name in ("multiply", "sum", "getitem", "einsum"):
        with planted(PRIMITIVES[name], lambda i, rule: rule), np.errstate(all="ignore"):
            run_checks(PRIMITIVES[name])


def test_no_op_goes_without_samples():
    assert {op.name for op in PRIMITIVES.values() if op.vjps} == {op.name for op in OPS} | ELSEWHERE
