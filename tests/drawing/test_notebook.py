"""What notebooks show: pictures that say what they are, and the page in a cell."""

import re
import sys
from html.parser import HTMLParser
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value, compare, draw, explain
from autograd.testing import check_gradients


def drawing(name="w"):
    x, w = Value([1.0, 2.0], "x"), Value(3.0, name)
    return draw(np.sum(x * w))


class Frame(HTMLParser):
    """The attributes of the one element of a cell."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)
        ((self.tag, self.attributes),) = self.found

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


@given(st.text(min_size=1))
def test_the_cell_holds_the_page_and_nothing_else(name):
    it = drawing(name)
    frame = Frame(it.show()._repr_html_())
    assert frame.tag == "iframe"
    assert frame.attributes["srcdoc"] == it.html
    assert frame.attributes["sandbox"] == "allow-scripts"
    assert "Content-Security-Policy" in frame.attributes["srcdoc"]
    assert "max-width: 100%" in frame.attributes["style"]
    assert "src" not in frame.attributes


def test_ipython_shows_it_at_once(monkeypatch):
    shown = []
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: "a shell"))
    monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display=shown.append))
    assert drawing().show(height=300) is None
    (cell,) = shown
    assert 'height="300"' in cell._repr_html_()


def test_elsewhere_it_is_returned(monkeypatch):
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))
    assert '.save("graph.html")' in repr(drawing().show())
    with pytest.raises(ValueError, match="number of pixels, such as 480"):
        drawing().show(height=0)


def test_a_comparison_too():
    x = Value(2.0, "x")
    assert Frame(compare(x * 2, x * 3).show()._repr_html_()).attributes["title"] == "What changed"


def trained():
    model = nn.MLP(2, [3, 1], seed=0)
    points, wanted = np.ones((4, 2)), np.zeros(4)
    optimiser = nn.SGD(model.parameters(), lr=0.1)
    with nn.monitor(model) as watch:
        for _ in range(3):
            optimiser.zero_grad()
            nn.squared_error(model(points)[:, 0], wanted).backward()
            optimiser.step()
            watch.step()
    return watch


def history():
    found = nn.training.history.History()
    found.add({"loss": 0.5, "accuracy <b>": 0.75})
    return found


PICTURES = {
    "drawing": lambda: drawing()._repr_mimebundle_()[0]["image/svg+xml"],
    "history": lambda: history()._repr_html_(),
    "plot of a history": lambda: history().plot()._repr_svg_(),
    "plot of a monitor": lambda: trained().plot()._repr_svg_(),
}


@pytest.mark.parametrize("make", PICTURES.values(), ids=PICTURES)
def test_pictures_fit_the_cell_and_say_what_they_are(make):
    try:
        text = make()
    except ModuleNotFoundError as error:
        pytest.skip(f"needs {error.name}")
    picture = ElementTree.fromstring(text[text.index("<svg") :])
    assert picture.get("role") == "img"
    assert "max-width: 100%" in picture.get("style")
    assert len(picture.get("aria-label")) > 5


def test_what_a_picture_says_of_itself():
    x, w = Value([1.0, 2.0], "x"), Value(3.0, "w")
    y = np.sum(x * w)
    y.name = "y"
    assert 'aria-label="Graph of y with 2 ops, from x and w"' in draw(y).svg
    many = sum((Value(float(i), f"x{i}") for i in range(9)), start=Value(0.0, "start"))
    assert (
        'aria-label="Graph of many with 9 ops, from start, x0, x1 and 7 more"'
        in draw(many, repeats=False).svg
    )


def test_reports_show_themselves():
    report = check_gradients(lambda x: x**2, 3.0)
    assert "are right" in report._repr_html_()
    assert "summary" not in nn.MLP(2, [1], seed=0).summary((3, 2))._repr_html_()[:5]
    x = Value(2.0)
    assert (
        re.search("∂", explain(x * x)._repr_markdown_())
        or "partial" in explain(x * x)._repr_markdown_()
    )
    assert "<svg" in trained()._repr_html_()
