"""What Values are called, and how numbers are written shortly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value, draw, explain
from autograd.notation.formulas import formula
from autograd.notation.names import names_in, short


def test_names_are_the_users():
    model, w, b = nn.MLP(1, [1], seed=0), Value(1.0), Value(2.0, name="bias")
    both = {"w": w, "b": b, "rates": [w, Value(3.0)], "model": model, "_": Value(4.0), "n": 3}
    found = names_in(both)
    assert sorted(found.values()) == ["bias", "layers.0.bias", "layers.0.weights", "rates[1]", "w"]


def test_what_no_program_can_write_is_no_name():
    v = Value(1.0)
    assert names_in({"@py_assert1": v, "_": v, "v": v}) == {v.serial: "v"}


def test_two_networks_are_told_apart():
    scope = {"a": nn.Neuron(1, seed=0), "b": nn.Neuron(1, seed=0)}
    assert sorted(names_in(scope).values()) == ["a.bias", "a.weights", "b.bias", "b.weights"]


def test_large_data_is_not_searched_through():
    assert names_in({"data": [0.0] * 10_000_000}) == {}
    rows = [[[0.0] * 1000] * 1000] * 1000  # a billion numbers, if one counts them
    assert names_in({"rows": rows, "last": (w := Value(1.0))}) == {w.serial: "last"}


@pytest.mark.parametrize(
    "x, text",
    [
        (1 / 3, "0.3333"),
        (True, "True"),
        (Value(2.0), "2"),
        (np.array([1.0, np.nan, np.inf, -2.0]), "4 in -2 … 1, 1 NaN, 1 infinite"),
        (np.array([np.nan] * 4), "4 in 4 NaN"),
        (np.zeros((0, 3)), "0×3"),
        (1 + 2j, "1+2j"),
        (np.array([3 + 4j, 1j, 0, 2]), "4, |·| in 0 … 5"),
        (np.float32(0.5), "0.5"),
        (np.arange(6).reshape(2, 3), "2×3 in 0 … 5"),
    ],
)
def test_numbers_are_short(x, text):
    assert short(x) == text


SIGNS = st.text(st.characters(categories=["Cc", "Cf", "Cs", "Zl"]) | st.just("a"), min_size=1)


@given(SIGNS)
def test_no_control_character_reaches_a_picture_a_page_or_a_terminal(name):
    x = Value(1.5, name)
    y = np.tanh(x * 2)
    net = nn.Module()
    net.layers = {name: nn.Parameter([1.0, 2.0])}
    drawing = draw(y)
    for text in (
        *(str(drawing), drawing.svg, drawing.html, drawing.source),
        *(str(explain(y)), explain(y).latex(), explain(y).markdown(), repr(x), repr(net)),
        *(formula(y), str(draw(net.layers[name] * x))),
    ):
        assert all(sign.isprintable() or sign in "\n\t" for sign in text)


@pytest.mark.parametrize("name", [3, b"x", ["x"], 1.5, Value(1.0)])
def test_a_name_is_a_string(name):
    with pytest.raises(TypeError, match="a name is a string, such as name='x', not"):
        Value(1.0, name=name)
    with pytest.raises(TypeError, match="a name is a string"):
        Value(1.0).detach(name)


def test_a_name_set_later_is_shown_as_text():
    x = Value(1.0)
    x.name = 3
    assert formula(x * 2) == "2·3" and "3 = 1  (input)" in str(draw(x * 2))
    assert "∂y/∂3 = 2" in str(explain(x * 2))
