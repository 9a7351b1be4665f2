"""Formulas: what is written is what the rules compute."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import FreedGraphError, Value, logsumexp, sigmoid, tanh
from autograd.engine.primitive import PRIMITIVES
from autograd.engine.value import held_grad
from autograd.graphs.steps import links_of
from autograd.notation.expressions import evaluate
from autograd.notation.formulas import definition, derivative, formula
from autograd.notation.writing import Latex, Text, escaped, index
from autograd.testing import strategies

ROWS = [op for op in PRIMITIVES.values() if op.elementwise and op.vjps]
LONG = {"bessel_i0", "ellipk", "sinc", "owens_t"}  # series and tables, at some points


def conditional(text, known):
    """Evaluate more than expressions hold: numbers that depend on a condition."""
    return eval(text.replace("−", "-").replace("≠", "!="), {}, known)


@pytest.mark.slow
@pytest.mark.parametrize("op", ROWS, ids=lambda op: op.name)
@given(data=st.data())
def test_formulas_of_derivatives_give_what_the_rules_give(op, data):
    args = [Value(data.draw(st.floats(*interval))) for interval in op.domain]
    node = op(*args)
    names = "x" if len(args) == 1 else "abcdef"
    known = dict(zip(names, [x.data for x in args], strict=False)) | {"y": node.data}
    for link in links_of(node, 1.0):
        latex = derivative(node, link.place, latex=True)
        assert latex.count("{") == latex.count("}")
        assert latex.count(r"\left") == latex.count(r"\right")
        text = derivative(node, link.place, digits=17)
        if text.startswith("the derivative of"):
            assert op.name in LONG
            continue
        if "constants=" in text:  # of a family of functions, which expressions do not know
            continue
        if re.search(r"\dj", text):  # a rule that turns numbers in the plane
            continue
        number = evaluate if " if " not in text else conditional
        found = number(text, known)
        np.testing.assert_allclose(found, link.gradient, rtol=1e-12, atol=1e-300, err_msg=text)


@given(strategies.expressions("x", "w"))
def test_formulas_of_graphs_give_their_values(f):
    x, w = Value(0.75, name="x"), Value(-1.25, name="w")
    y = f(x, w)
    if not isinstance(y, Value):
        return
    text = formula(y, digits=17, longest=2000)
    if " if " in text or "…" in text or "where" in text:
        return
    found = evaluate(text, {"x": x, "w": w})
    np.testing.assert_allclose(getattr(found, "data", found), y.data, rtol=1e-9, atol=1e-12)


x, w, b = Value(2.0, name="x"), Value(-3.0, name="w"), Value(0.5, name="b")
m, v = Value(np.ones((5, 3)), name="m"), Value(np.ones(3), name="v")


@pytest.mark.parametrize(
    "y, text, latex",
    [
        (tanh(x * w + b), "tanh(x·w + b)", r"\tanh\left(x \cdot w + b\right)"),
        (-(x - w) * -b, "(x − w)·b", r"\left(x - w\right) \cdot b"),
        (x - (w - b), "x − (w − b)", r"x - \left(w - b\right)"),
        (x - -w, "x + w", "x + w"),
        (1.0 * x + 0.0, "x", "x"),
        (x / (w / b), "x/(w/b)", r"\frac{x}{\frac{w}{b}}"),
        (x * x, "x²", "x^{2}"),
        ((x + 1) ** -2, "(x + 1)⁻²", r"\left(x + 1\right)^{-2}"),
        (x**w, "x^w", "x^{w}"),
        (2 ** (x + 1), "2^(x + 1)", "2^{x + 1}"),
        (np.sqrt(abs(x)), "sqrt(absolute(x))", r"\sqrt{\left\lvert x\right\rvert }"),
        (1e-7 * x, "1e-07·x", r"1 \cdot 10^{-7} \cdot x"),
        (m @ v, "m @ v", r"m \, v"),
        (-m.T @ (m * 2), "−mᵀ @ (2·m)", r"-m^{\top} \, \left(2 \cdot m\right)"),
        (m.sum(axis=0)[1], "sum(m, axis=0)[1]", None),
        (np.where(m > 0, m, 0.0), "where(m > 0, m, 0)", None),
        (v * [1.0, 2.0, 3.0], "v·[1, 2, 3]", None),
        ((v[1] + 1.0) ** 2, "(v[1] + 1)²", r"\left(v[1] + 1\right)^{2}"),
        (v * np.inf, "∞·v", r"\infty \cdot v"),
    ],
)
def test_what_is_written(y, text, latex):
    assert formula(y) == text
    assert latex is None or formula(y, latex=True) == latex


@pytest.mark.parametrize(
    "y, place, text",
    [
        (sigmoid(x), 0, "y·(1 − y)"),
        (x**3, 0, "3·x²"),
        (x**2.0, 0, "2·x"),
        (np.maximum(x, w), 0, "1 if x > w else 0"),
        (np.maximum(x, x), 0, "0.5"),  # a tie
        (np.hypot(x, w), 1, "w/y"),  # the rule takes care of y = 0
        (np.sinc(x), 0, "(cos(3.142·x) − y)/x"),  # the branch at hand
        (m @ v, 0, "outer(g, v)"),
        (logsumexp(v), 0, "g·softmax(v)"),
        (np.linalg.norm(v), 0, "g·v/y"),
        (np.where(m > 0, m, -m), 1, "where(a, g, 0)"),
        (np.ones(2) @ Value(np.ones((2, 3))), 1, "outer([1, 1], g)"),
        (m @ v, 1, "g @ m"),
        (m @ m.T, 0, "g @ aᵀ"),
        (m @ np.ones((3, 2)), 0, "g @ cᵀ"),
        (m.mean(), 0, "g/15"),
        (m[1:, 0], 0, "g at [1:, 0]"),
        (np.concatenate([v, v]), 0, "g[0:3]"),
        (np.linalg.inv(m.T @ m + np.eye(3)), 0, "−yᵀ @ g @ yᵀ"),
        (np.prod(m), 0, "g through the rule of prod"),
        (np.floor(x), 0, "0"),
        (tanh(m), 0, "1 − y²"),  # the same for each entry
    ],
)
def test_local_derivatives(y, place, text):
    assert derivative(y, place) == text


def test_of_an_array_the_formula_is_that_of_an_ordinary_entry():
    a = Value([0.0, 1.0, -1.0], name="a")
    assert derivative(np.maximum(a, 0.0), 0) == "1 if a > 0 else 0"
    assert derivative(np.sinc(a / 2), 0) == "(cos(3.142·x) − y)/x"
    assert derivative(np.maximum(a, a), 0) == "0.5"  # there is no other
    assert derivative(np.hypot(a, Value(np.ones((2, 1)), name="b")), 0) == "a/y"
    assert derivative(np.tanh(Value(np.ones((0, 2)), name="a")), 0) == "1 − y²"


def test_definitions_say_what_was_computed():
    assert [definition(y) for y in (1.0 * x, x * 0.0, x + 0.0, x / 1.0, x**1.0, 2 * x)] == [
        "1·x",
        "x·0",
        "x + 0",
        "x/1",
        "x^1",
        "2·x",
    ]


def test_names_are_the_callers_and_do_not_clash():
    y = Value(2.0, name="y") * w
    assert derivative(y, 1) == "y"
    z = tanh(Value(0.1, name="y"))
    assert derivative(z, 0) == "1 − z²"
    assert derivative(y, 1, {y.serial: "p", y.parents[0].serial: "q"}) == "q"
    assert definition((x * w) + b) == "a + b"


def test_a_long_chain_and_one_that_doubles():
    y = x
    for _ in range(20_000):
        y = np.sin(y)
    assert "…" in formula(y)
    for _ in range(200):
        y = y * y + y
    assert len(formula(y, longest=100)) < 400


def test_names_of_users_are_shown_as_text():
    nasty = Value(1.0, name="<b>|x_1$\\ `")
    assert formula(nasty * 2) == "2·<b>|x_1$\\ `"
    assert formula(nasty * 2, latex=True) == (
        r"2 \cdot \mathrm{{<}b{>}{\vert}x\_1\${\backslash}\ {\prime}}"
    )
    assert formula(Value(1.0, name="a\x1b\n") * 2) == r"2·a\x1b\n"
    assert escaped("a_b") == r"a\_b"
    assert Latex().name("x1").text == "x_{1}" and Text().name("x1").text == "x1"
    assert Latex().name("learning rate").text == r"\mathrm{learning\ rate}"
    assert [Latex().name(name).text for name in ("θ", "β_2", "Δloss")] == [
        r"\theta",
        r"\beta_{2}",
        r"\mathrm{{\Delta}loss}",
    ]
    assert formula(np.einsum("i,i->", v, v), latex=True) == (
        r"\operatorname{einsum}\left(v, v, \mathrm{subscripts=\text{'}i,i-{>}\text{'}}\right)"
    )


def test_indices():
    assert (
        index((0, slice(1, None), ..., slice(None, None, -1), [1, 2])) == "0, 1:, ..., ::-1, [1, 2]"
    )


def test_a_graph_that_was_let_go():
    y = Value(2.0) ** 2 + 1.0
    y.backward(free=True)
    for write in (formula, lambda y: derivative(y, 0)):
        with pytest.raises(FreedGraphError):
            write(y)


def test_writing_leaves_no_gradients_and_makes_no_numbers_of_others():
    y = tanh(x * w)
    derivative(y, 0)
    assert held_grad(x) is None and held_grad(y) is None
