"""Expressions as text: what they give, what is refused, and that nothing hangs or is run."""

import ast
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from autograd.engine.primitive import PRIMITIVES
from autograd.notation.calls import arguments
from autograd.notation.expressions import BRACKETS, LONGEST, ExpressionError, evaluate, functions

ALL = {"x": Value(2.0), "w": Value(-3.0), "b": 6.88, "m": Value(np.eye(3)), "σ²": 1.0}

leaves = st.sampled_from(["x", "w", "0.5", "2", "3.25"])
texts = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner).map(" ".join),
        inner.map(lambda text: f"({text})"),
        inner.map(lambda text: f"-({text})"),
        inner.map(lambda text: f"tanh({text})"),
        inner.map(lambda text: f"({text})**2"),
    ),
    max_leaves=12,
)


@given(texts)
def test_arithmetic_is_pythons(text):
    x, w = Value(1.5), Value(-0.75)
    try:
        expected = eval(text, {"x": 1.5, "w": -0.75, "tanh": math.tanh})
    except ZeroDivisionError:
        return
    found = evaluate(text, {"x": x, "w": w})
    np.testing.assert_allclose(getattr(found, "data", found), expected, rtol=1e-12)


@pytest.mark.parametrize(
    "text, result",
    [
        ("x^2 − w·3 ÷ 2", 8.5),
        ("x² + x⁻¹", 4.5),
        ("2**-1", 0.5),
        ("(-8)**0.5", np.nan),  # as in NumPy, not complex
        ("1/0", np.inf),
        ("9**9**9", np.inf),
        ("log(0) + ∞", np.nan),
        ("pi", math.pi),
        ("e^2", math.e**2),
        ("sum(m, axis=0)", [1, 1, 1]),
        ("m @ [1, 2, x]", [1, 2, 2]),
        ("[[1, 2], [3, 4]] @ [x, 1]", [4, 10]),
        ("m[0, :2]", [1, 0]),
        ("m[-1][2]", 1),
        ("mean(m, axis=(0, 1), keepdims=True)", [[1 / 3]]),
        ("σ(0) + ln(1) + abs(w)", 3.5),
        ("where(greater(x, w), x, w)", 2),
        ("  x\n+ 1 ", 3),
        ("\xa0x\t+\r\n\u20031", 3),
        ("x" + " + x" * 250, 502),
        ("(" * BRACKETS + "x" + ")" * BRACKETS, 2),
    ],
)
def test_what_expressions_give(text, result):
    found = evaluate(text, ALL)
    np.testing.assert_allclose(getattr(found, "data", found), result, rtol=1e-12)


@pytest.mark.parametrize(
    "text, message, place",
    [
        ("tahn(x)", "there is no function tahn; did you mean tanh?", "^^^^"),
        ("x + sqr(w)", "did you mean sqrt?", "    ^^^"),
        ("x(2)", "to multiply, write x*(...)", "^"),
        ("2*z", "z has no value; give it one: z=1.0", "  ^"),
        ("tanh * 2", "tanh is a function: write tanh(...)", "^^^^"),
        ("3x", "write the product with a *: 3*x", None),
        ("lambda * x", "'lambda' is a keyword of Python", None),
        ("tanh(x", "the expression stops before it is complete", None),
        ("x +", "the expression stops before it is complete", None),
        ("x w", "cannot be read at this place", "  ^"),
        ("y = x", "cannot be read at this place", None),
        ("x.data", "this is not allowed here", "^^^^^^"),
        ("x > 1", "this is not allowed here", "^^^^^"),
        ("__import__('os').system('true')", "this is not allowed here", None),
        ("__import__('os')", "there is no function __import__", "^^^^^^^^^^"),
        ("[i for i in x]", "this is not allowed here", None),
        ("f'{x}'", "this is not allowed here", None),
        ("'a' * 10**9", "this is not allowed here", "^^^"),
        ("True + 1", "this is not allowed here", "^^^^"),
        ("1j", "this is not allowed here", "^^"),
        ("tanh(*m)", "this is not allowed here", "     ^^"),
        ("sum(m, **{})", "write options one by one", None),
        ("sum(m, axis=x)", "an option should be a constant", "            ^"),
        ("sum(m, axis={[]})", "an option should be a constant", "            ^^^^"),
        ("sum(m, axis=7)", "sum of shapes (3, 3) and () and () is not possible", None),
        ("tanh(x, 1)", "tanh takes 1 argument, not 2", "^^^^^^^^^^"),
        ("m[x]", "an index should be made of constants", "  ^"),
        ("m[5]", "an index cannot take this", None),
        ("m @ [1, 2]", "matmul of shapes (3, 3) and (2,) is not possible", None),
        ("[[1], [2, 3]]", "a list cannot take this", None),
        ("9" * 400, "too large for a float", None),
        ("", "the expression is empty", None),
        ("x" * (LONGEST + 1), "shorten the expression", None),
        ("(" * 10_000 + "x" + ")" * 10_000, "shorten the expression", None),
        ("(" * 100 + "x" + ")" * 100, "brackets are nested more than", " " * BRACKETS + "^"),
        ("-" * 1000 + "x", "ops are nested", None),
        ("x" + "**x" * 600, "ops are nested", None),
        ("'\\d' + x", "this is not allowed here", "^^^^"),  # of which Python warns
        ("1or 2", "this is not allowed here", "^^^^^"),
    ],
)
def test_what_is_refused_says_where(text, message, place):
    with pytest.raises(ExpressionError) as error:
        evaluate(text, ALL)
    _, *shown = str(error.value).split("\n")
    assert message in str(error.value)
    assert all(len(line) <= 78 for line in shown)
    if place is not None:
        assert shown == [f"  {text[:76]}", f"  {place}"]


def as_before_3_11_4(text, **options):
    """What `ast.parse` did with null bytes in Python 3.11.3 and older."""
    if "\0" in text:
        raise ValueError("source code string cannot contain null bytes")
    return parse(text, **options)


parse = ast.parse


@pytest.mark.parametrize("read", [parse, as_before_3_11_4])
@pytest.mark.parametrize("sign", ["\0", "\x1b", "\ud800", "\ufeff", "\u200b"])
def test_a_sign_that_none_can_read_is_refused_alike_by_all_versions(monkeypatch, read, sign):
    monkeypatch.setattr(ast, "parse", read)
    with pytest.raises(ExpressionError) as error:
        evaluate(f"tanh({sign}x)", ALL)
    assert str(error.value).split("\n") == [
        "the expression cannot be read at this place",
        "  tanh(�x)",
        "       ^",
    ]


@pytest.mark.parametrize("kind", [MemoryError, RecursionError])
def test_what_the_parser_cannot_nest_is_refused_as_what_we_do_not(monkeypatch, kind):
    def full(text, **options):
        raise kind

    monkeypatch.setattr(ast, "parse", full)
    with pytest.raises(ExpressionError, match=r"^ops are nested more than 300 deep"):
        evaluate("-" * 1000 + "x", ALL)


def test_the_place_is_found_on_what_was_a_later_line():
    with pytest.raises(ExpressionError) as error:
        evaluate("(x\r+ tahn(x))", ALL)
    assert str(error.value).split("\n")[1:] == ["  (x + tahn(x))", "       ^^^^"]


def test_the_place_is_found_in_long_and_in_foreign_text():
    with pytest.raises(ExpressionError) as error:
        evaluate("σ(x)*1 + " * 30 + "tahn(x)", ALL)
    _, shown, marks = str(error.value).split("\n")
    assert shown[marks.index("^") :].startswith("tahn") and marks.endswith("^^^^")


def test_arrays_do_not_grow_beyond_measure():
    column, row = Value(np.zeros((4000, 1))), Value(np.zeros(4000))
    with pytest.raises(ExpressionError, match="together would have 16,008,000 entries, more"):
        evaluate("column * row", {"column": column, "row": row})


SIGNS = "xw12.+-*/^@()[],:=²·'\"_{}%!\\# \n"


@given(st.text(alphabet=st.sampled_from(SIGNS) | st.characters(), max_size=40))
def test_any_text_gives_a_result_or_a_sentence(text):
    try:
        evaluate(text, {"x": Value(2.0), "w": Value([1.0, 2.0])})
    except ExpressionError as error:
        assert str(error)


@pytest.mark.parametrize("name", functions())
def test_names_of_functions_can_be_written(name):
    assert isinstance(ast.parse(name, mode="eval").body, ast.Name)


@pytest.mark.parametrize("op", [op for op in PRIMITIVES.values() if op.elementwise])
def test_elementwise_functions_take_as_many_arguments_as_their_ops(op):
    assert arguments(op.name) == len(op.domain)
