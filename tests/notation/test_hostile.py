"""Hostile expressions: some of the 200,000 of `benchmarks/hostile.py`, and those that cost most."""

import random

import pytest

from autograd.notation.expressions import ExpressionError, evaluate
from benchmarks.hostile import VARIABLES, expression, mutated, run, tried


@pytest.mark.parametrize("seed", range(3))
def test_a_result_or_a_sentence(seed):
    found = run(200, seed)
    assert not found["wrong"]


@pytest.mark.parametrize(
    "text, message",
    [
        ("prod(w, dtype='V1000000000')", "dtype should be one of 'float16', 'float32'"),
        ("sum(w, dtype='O')", "dtype should be one of"),
        ("sum(w, dtype=[0])", "dtype should be one of"),
        ("sum(w, axis={[1]})", "an option should be a constant: the number of an axis"),
        ("sum(w, axis='0')", "axis should be the number of an axis, or several"),
        ("sum(w, axis=99999999999999999999)", "axis should be the number of an axis"),
        ("sum(w, axis=((0,), 1))", "axis should be the number of an axis"),
        ("sum(w, axis=True)", "axis should be the number of an axis"),
        ("sum(w, keepdims=1)", "keepdims should be keepdims=True or keepdims=False"),
        ("norm(m, ord='x')", "ord should be a small number, 'fro' or 'nuc'"),
        ("var(w, ddof=1e400)", "ddof should be a small number"),
        ("sum(w, out=w)", "sum has no option out here; it takes axis and keepdims and dtype"),
        ("tanh(w, where=False)", "tanh has no option where here and takes no others"),
        ("sum(w, 0)", "sum takes 1 argument, not 2; name the rest, as in axis=0"),
        ("where(w)", "where takes 3 arguments, not 1"),
        ("x[0]", "only an array has entries, and this is one number"),
        ("w[True]", "an index should be made of constants"),
        ("w[~0]", "an index should be made of constants"),
        ("q" * 1000, "q" * 40 + " has no value"),
        ("dot(transpose([wide]), [wide])", "all steps together would have 900,"),
        ("transpose([wide]) @ [wide]", "all steps together would have 900,"),
        ("wide - transpose([wide])", "all steps together would have 900,"),
        ("[" + "wide, " * 50 + "]", "all steps together would have 1,530,"),
        ("wide" + " + wide" * 50, "all steps together would have 1,0"),
    ],
)
def test_what_costs_much_or_means_nothing_is_refused(text, message):
    with pytest.raises(ExpressionError) as error:
        evaluate(text, VARIABLES)
    assert message in str(error.value)


def test_the_fuzzer_sees_what_is_wrong(monkeypatch, tmp_path):
    rng = random.Random(0)
    assert tried(rng, "x + w", str(tmp_path)) == ""
    monkeypatch.setattr("benchmarks.hostile.evaluate", lambda text, variables: {}[text])
    assert tried(rng, "x + w", str(tmp_path)) == "KeyError: 'x + w'"


def test_expressions_differ_and_some_are_right():
    rng = random.Random(1)
    texts = [expression(rng) for _ in range(300)]
    assert len(set(texts)) > 200
    assert sum(is_right(text) for text in texts) > 30
    assert sum(mutated(rng, text) != text for text in texts) > 200


def is_right(text):
    try:
        evaluate(text, VARIABLES)
    except ExpressionError:
        return False
    return True
