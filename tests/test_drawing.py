"""Drawing: what stands in the DOT text, for any graph, without the `dot` program."""

from pathlib import Path

import numpy as np
import pytest

from autograd import Value, draw, tanh

DOCS = Path(__file__).parents[1] / "docs"


def neuron():
    x1, x2 = Value(2.0, name="x1"), Value(0.5, name="x2")
    w1, w2, b = Value(-0.5, name="w1"), Value(1.5, name="w2"), Value(0.75, name="b")
    y = tanh(x1 * w1 + x2 * w2 + b)
    y.backward()
    return y


def test_the_readmes_picture_is_what_the_code_draws():
    assert (DOCS / "graph.dot").read_text() == draw(neuron()).source
    assert "<svg" in (DOCS / "graph.svg").read_text()


def test_what_a_drawing_shows():
    source = draw(neuron()).source
    for text in ("x1", "grad", "tanh", "×", "+", "-0.5"):
        assert text in source


def test_arrays_constants_and_names_from_users():
    v = Value(np.ones((3, 4)), name='a "quoted" <name>\\')
    y = (v * 2.0)[0].sum()
    y.backward(create_graph=True)
    source = draw(y, v).source
    assert "3×4 in 1 … 1" in source
    assert r"\"quoted\" <name>" in source
    assert "dashed" in source


def test_a_long_chain_draws_without_recursion():
    y = Value(0.0)
    for _ in range(20_000):
        y = y + 1.0
    assert draw(y).source.count("+") >= 20_000


@pytest.mark.parametrize("bad", [(), (3.0,), (lambda: 1,)])
def test_what_cannot_be_drawn(bad):
    with pytest.raises(TypeError, match="draw takes the Values to draw"):
        draw(*bad)
