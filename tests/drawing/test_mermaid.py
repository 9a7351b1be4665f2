"""Mermaid: every line is one of its grammar, and every label reads as it is meant.

With `MERMAID=path/to/mermaid.min.js` and a browser, Mermaid itself draws them, too.
"""

import html
import os
import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import nn
from autograd import Value, compare, draw, tanh
from autograd.drawing.dot import clusters
from autograd.drawing.grouping import title

LABEL = r'"((?:[^"\\]|<br>)*)"'
GRAMMAR = [
    r"flowchart (?:LR|RL|TB|BT)",
    rf" *(\w+)(?:\({LABEL}\)|\[{LABEL}\]|\(\[{LABEL}\]\))",
    rf" *subgraph (cluster_\d+)\[{LABEL}\]",
    r" *end",
    r"  \w+ (?:-->|-\.->) \w+",
    r"  style \w+ fill:#[0-9a-f]{6,8}(?:,stroke:#[0-9a-f]{6},color:#[0-9a-f]{6})?",
    r"  classDef \w+ fill:#[0-9a-f]{6},stroke:#[0-9a-f]{6},color:#[0-9a-f]{6}",
    r"  class \w+(?:,\w+)* \w+",
]
TRAPS = r"""
    end graph subgraph class style click default o x A--B {} | \ \n \\n &amp; a&b " $x$ $$x$$
    $$$x$$$ _x_ ~~~ fa:fa-car fab:fa-x %%c %%{init:{}}%% --- a;b x"y a]b a)b a>b <b>hi</b> `code`
    #35; a#b **bold** [link](http://a) - + * 1. ==> o--o 日本 😀 ünï ᵀ @{shape:x} it's
""".split()
TRAPS += ["direction LR", "a direction  TB b", "1. x", "- x", "subgraph direction BT", " "]


def read(text):
    """Return a label as Mermaid shows it."""
    codes = re.sub(r"#(\d+);", lambda match: f"&#{match[1]};", text.replace("<br>", "\n"))
    return html.unescape(codes).replace("\u2060", "")


def labels(drawing):
    """Check each line of a drawing, and return the labels by key."""
    found = {}
    for line in drawing.mermaid.splitlines():
        matches = [match for rule in GRAMMAR if (match := re.fullmatch(rule, line))]
        assert matches, line
        if len(groups := [part for part in matches[0].groups() if part is not None]) == 2:
            found[groups[0]] = read(groups[1])
            assert not re.search(r":fa-|direction|\$[^\u2060]|\$$|#92;(?!#8288;)", groups[1])
    return found


@given(st.text(max_size=20))
@example("direction LR")
@example("a\\nb")
@example("fa:fa-car")
def test_labels_read_as_they_are_meant(name):
    x = Value(np.ones(2), name=name)
    y = x
    for _ in range(9):
        y = np.sin(y * 2.0) * x
    drawing = draw(y, gradients=False)
    found = labels(drawing)
    for box in drawing.scene.boxes:
        assert found.pop(box.key).strip() == "\n".join(text for _, text in box.lines).strip()
    frames = {name: title(group[-1]) for group, name in clusters(drawing.scene).items()}
    assert found == frames


def drawings():
    model = nn.MLP(3, [4, 4, 4, 4, 1], activation=nn.tanh, seed=0)
    other = nn.MLP(3, [4, 4, 4, 4, 4, 1], activation=nn.tanh, seed=0)
    points = np.ones((2, 3))
    result = sum(Value(float(i)) * 2 for i in range(100))
    result.backward()
    x = Value(0.5)
    y = np.sin(x) ** 3
    y.backward(create_graph=True)
    return {
        "network": draw(model, points),
        "folded": draw(model, points, depth=0),
        "compared": compare(model, other, points),
        "coloured": draw(result, color="gradient"),
        "second": draw(x.grad * y),
        "alone": draw(Value(2.0)),
        "empty": draw(Value(np.zeros((0, 3)))),
        **{f"named {name}": draw(tanh(Value(2.0, name) * 3.0)) for name in TRAPS},
    }


def test_each_line_is_of_the_grammar():
    for drawing in drawings().values():
        assert {box.key for box in drawing.scene.boxes} <= labels(drawing).keys()


def test_what_is_gone_is_dashed():
    x = Value(2.0, "x")
    told = compare(np.sin(np.exp(x)), np.sin(x)).mermaid
    assert "-.->" in told
    assert "-.->" not in draw(np.sin(x)).mermaid


DRAW = """async (text) => {
  mermaid.initialize({ startOnLoad: false });
  const { svg } = await mermaid.render("m" + Math.random().toString(36).slice(2), text);
  document.body.innerHTML = svg;
  return [...document.querySelectorAll(".node")].map((node) => node.textContent);
}"""


@pytest.mark.slow
@pytest.mark.skipif("MERMAID" not in os.environ, reason="needs MERMAID=path/to/mermaid.min.js")
def test_mermaid_draws_each_box():
    from tests.drawing.test_page_in_browser import PROGRAM, playwright

    with playwright.sync_playwright() as driver:
        page = driver.chromium.launch(executable_path=PROGRAM).new_page()
        page.set_content("<!DOCTYPE html><meta charset=utf-8>")
        page.add_script_tag(path=os.environ["MERMAID"])
        for name, drawing in drawings().items():
            shown = sorted(bare(text) for text in page.evaluate(DRAW, drawing.mermaid))
            boxes = drawing.scene.boxes
            assert shown == sorted(bare("".join(t for _, t in box.lines)) for box in boxes), name


def bare(text):
    return re.sub(r"[\s\u2060]", "", text)
