"""Lines of the program in pictures and pages."""

import json
import os
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value, debug, draw, tanh
from autograd.drawing.source import lines_in_words


def loss(x, w):
    h = np.tanh(x @ w)
    return np.sum(h**2)


ARGS = np.ones((3, 2)), np.ones((2, 2))


def facts_in(drawing):
    text = re.search(r'<script id="facts"[^>]*>(.*?)</script>', drawing.html, re.DOTALL)[1]
    return json.loads(text)


def lines_in(drawing):
    """Return the text of the line of each op on the page."""
    told = facts_in(drawing)
    return {fact["op"]: told["lines"][fact["line"]] for fact in told["nodes"] if "line" in fact}


def test_the_page_of_a_function_shows_them():
    found = lines_in(draw(loss, *ARGS))
    number = loss.__code__.co_firstlineno + 1
    where = f"{os.path.relpath(__file__)}:{number}, in loss"
    assert found["tanh"] == [where, "h = np.tanh(x @ w)"]
    assert {text for _, text in found.values()} == {"h = np.tanh(x @ w)", "return np.sum(h**2)"}


def test_the_page_of_a_graph_made_inside_debug_shows_them():
    x = Value(2.0)
    with debug():
        y = tanh(x)
    assert lines_in(draw(y * 3.0)) == {"tanh": lines_in(draw(y))["tanh"]}
    assert lines_in(draw(y))["tanh"][1] == "y = tanh(x)"


def test_no_folder_of_the_author_is_on_the_page(monkeypatch, tmp_path):
    from autograd.graphs.lines import shown_file

    monkeypatch.chdir(tmp_path)
    shown_file.cache_clear()
    page = draw(loss, *ARGS).html
    shown_file.cache_clear()
    assert os.path.dirname(__file__) not in page
    assert os.path.basename(__file__) in page


def test_a_graph_of_which_none_is_known():
    y = tanh(Value(2.0))
    assert lines_in(draw(y)) == {}
    with pytest.raises(ValueError, match=r"inside `with autograd.debug\(\):`, or give draw"):
        draw(y, source=True)


def test_pictures_show_them_when_asked():
    file = os.path.relpath(__file__)
    number = loss.__code__.co_firstlineno + 1
    drawing = draw(loss, *ARGS, source=True)
    for form in str(drawing), drawing.svg, drawing.program, drawing.source:
        assert f"{file}:{number}" in form
        assert f"{file}:{number + 1}" in form
    plain = draw(loss, *ARGS)
    for form in str(plain), plain.svg, plain.program, plain.source:
        assert file not in form


def test_in_two_modules():
    class Net(nn.Module):
        def __init__(self):
            self.first = nn.Layer(2, 2, activation=nn.tanh, seed=0)
            self.last = nn.Layer(2, 1, seed=1)

        def __call__(self, x):
            h = self.first(x)
            return self.last(h)

    found = lines_in(draw(Net(), np.ones((3, 2))))
    assert found["tanh"][1] == "h = self.first(x)"
    assert found["matmul"][1] == "return self.last(h)"


@given(st.lists(st.sampled_from(["np.sin", "np.tanh", "3.0 *", "np.exp"]), min_size=1, max_size=9))
def test_each_op_is_on_the_line_that_is_shown(ops):
    """And a folded box has the lines of all that it stands for."""
    rows = [f"    x = {op}(x)" for op in ops]
    scope = {"np": np}
    exec("\n".join(["def f(x):", *rows, "    return x"]), scope)
    drawing = draw(scope["f"], 0.01, source=True)
    computed = [node for node in drawing.picture.nodes if node.op is not None]
    assert [node.line.number for node in computed] == [*range(2, len(ops) + 2)]
    for node in drawing.folded.nodes:
        for one in node.covers:
            if one.line is not None and len(node.covers) <= 3:
                assert str(one.line.number) in lines_in_words(node)


def test_a_fold_says_which_lines():
    w = Value(np.eye(2))
    with debug():
        h = np.ones(2)
        for _ in range(9):
            h = np.tanh(h @ w)
    boxes = [node for node in draw(h, source=True).folded.nodes if len(node.covers) == 9]
    assert {lines_in_words(node).partition(":")[0] for node in boxes if node.sources} == {
        os.path.relpath(__file__)
    }
    assert all(re.fullmatch(r".*:\d+", lines_in_words(node)) for node in boxes if node.sources)
