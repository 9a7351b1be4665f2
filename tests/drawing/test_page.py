"""The page without a browser: its facts are those of the graph, and nothing in them is markup."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value, tanh
from autograd.drawing.page.facts import MOST_NODES, facts
from autograd.drawing.page.html import html
from autograd.drawing.picture import picture_of
from autograd.engine.primitive import Primitive
from autograd.notation.names import short, visible
from autograd.testing import strategies


class Parts(HTMLParser):
    """The text of each element of a page, by tag, and all attributes."""

    def __init__(self, page):
        super().__init__()
        self.texts, self.attributes, self.open = {}, [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.attributes += [(tag, *attr) for attr in attrs]
        self.open.append(tag)
        self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if self.open:
            self.texts[self.open[-1]][-1] += data


def facts_in(page):
    return json.loads(Parts(page).texts["script"][0])


def network():
    model = nn.MLP(2, [3, 3, 1], activation=nn.tanh, seed=0)
    return picture_of(lambda x: nn.squared_error(model(x)[:, 0], np.ones(4)), np.ones((4, 2)))


# -- what it tells -------------------------------------------------------------------------------


@given(strategies.expressions("x", "y"))
def test_gradients_and_their_sums(f):
    x, y = Value([0.5, -1.25], "x"), Value(0.75, "y")
    result = np.sum(f(x, y))
    if not isinstance(result, Value):
        return
    result.backward()
    told = {fact["name"]: fact for fact in facts(picture_of(result), "")["nodes"]}
    for leaf in (x, y):
        if leaf.name in told and "gradient" in told[leaf.name]:
            assert told[leaf.name]["gradient"]["text"] == short(leaf.grad)
            assert told[leaf.name]["uses"][-1]["total"] == short(leaf.grad)


def test_a_neuron_to_the_letter():
    x, w = Value(2.0, "x"), Value(-0.5, "w")
    y = tanh(x * w)
    nodes = facts(picture_of(y + w), "")["nodes"]
    assert [node["name"] or node["made"] for node in nodes] == [
        "x",
        "w",
        "x·w",
        "tanh((-1))",
        "(-0.7616) + w",
    ]
    assert nodes[1]["uses"] == [
        {"by": 4, "part": "1", "total": "1", "slope": "1", "of": "a + w", "rule": "1"},
        {"by": 2, "part": "0.8399", "total": "1.84", "slope": "2", "of": "x·w", "rule": "x"},
    ]
    assert nodes[2]["value"]["text"] == "-1"
    assert nodes[3]["value"]["exact"] == str(float(np.tanh(-1.0)))
    assert "exact" not in nodes[2]["value"]


def test_letters_are_nobodys_names():
    """A product without a name is not called a where the user has an a."""
    a, b = Value(2.0, "a"), Value(3.0, "b")
    nodes = facts(picture_of(a * b + a), "")["nodes"]
    assert [use["of"] for use in nodes[0]["uses"]] == ["c + a", "a·b"]


def test_several_outputs_are_differentiated_as_a_sum():
    x = Value([1.0, 2.0], "x")
    told = facts(picture_of([x * 3.0, (x**2).sum()]), "")
    assert [told["nodes"][i]["kind"] for i in told["outputs"]] == ["output", "output"]
    assert told["nodes"][0]["gradient"]["text"] == "[5, 7]"


def test_gradients_that_a_backward_pass_left_elsewhere():
    x = Value(2.0, "x")
    y = x * 3.0
    (y * y).backward()
    assert (
        facts(picture_of(y), "")["nodes"][0] | {"left": "36"}
        == facts(picture_of(y), "")["nodes"][0]
    )


def test_why_there_are_no_gradients():
    assert "integers" in facts(picture_of(Value(np.array([1, 2]))), "")["trouble"]

    def refuse(g, y, x):
        raise ValueError("no rule for Mondays")

    op = Primitive("monday", lambda x: x, vjps=[refuse])
    told = facts(picture_of(op(Value(2.0))), "")
    assert "no rule for Mondays" in told["trouble"]
    assert told["nodes"][0]["value"]["text"] == "2"


@pytest.mark.parametrize(
    ("data", "odd"),
    [
        ([1.0, np.nan], "NaN"),
        ([np.inf, 0.0], "infinite"),
        ([np.nan, np.inf], "NaN and infinite"),
        (np.array([1 + 1j, np.nan]), "NaN"),
        ([1.0, 2.0], None),
        (np.zeros((0, 3)), None),
        (np.array([True, False]), None),
    ],
)
def test_numbers_that_are_not_finite_are_marked(data, odd):
    assert facts(picture_of(Value(data)), "")["nodes"][0]["value"].get("odd") == odd


# -- groups --------------------------------------------------------------------------------------


def spans(told):
    """Return for each group the places of all nodes inside it, at any depth."""
    found = {g: [] for g in range(len(told["groups"]))}
    for place, node in enumerate(told["nodes"]):
        g = node["group"]
        while g >= 0:
            found[g].append(place)
            g = told["groups"][g]["parent"]
    return found


@given(st.lists(st.lists(st.sampled_from("ab"), max_size=3), min_size=1, max_size=25), st.data())
def test_any_group_can_be_folded(paths, data):
    """A group is one run, and what it takes was there before: no circle, however it is folded."""
    w = Value(2.0)
    values = [w * 1.0]
    for _ in paths:
        first, second = (
            data.draw(st.sampled_from(values)),
            data.draw(st.sampled_from([*values, w, 1.5])),
        )
        values.append(first + second)
    picture = picture_of(values[-1], *values[:-1])
    computed = [node for node in picture.nodes if node.sources]
    for node, path in zip(computed[1:], paths, strict=True):
        node.group = tuple("".join(path[: n + 1]) for n in range(len(path)))
    told = facts(picture, "")
    for places in spans(told).values():
        assert places == list(range(places[0], places[-1] + 1))
    for place, node in enumerate(told["nodes"]):
        assert all(source < place for source in node["sources"])


def test_modules_are_groups():
    told = facts(network(), "")
    assert [group["path"] for group in told["groups"]] == ["layers.0", "layers.1", "layers.2"]
    names = {told["nodes"][place]["name"] for place in spans(told)[1]}
    assert {"layers.1.weights", "layers.1.bias"} <= names


# -- size ----------------------------------------------------------------------------------------


def test_of_a_large_array_some_entries():
    page = html(picture_of(Value(np.arange(1e6).reshape(1000, 1000)) * 2.0))
    value = facts_in(page)["nodes"][0]["value"]
    assert len(page) < 200_000
    assert value["every"] == [42, 42]
    assert value["entries"][1][1] == short(42042.0)
    assert value["shape"] == [1000, 1000]


def test_an_op_of_many_arguments_is_told_shortly():
    xs = [Value(float(n), f"x{n}") for n in range(300)]
    told = facts(picture_of(np.stack(xs)), "")
    for text in (told["nodes"][-1]["made"], told["nodes"][0]["uses"][0]["of"]):
        assert len(text) == 100 and text.startswith("stack(x0, x1, ") and text.endswith("x299)")


@pytest.mark.slow
def test_of_a_large_graph_the_newest():
    y = Value(0.0, "x")
    for _ in range(MOST_NODES):
        y = y + 1.0
    told = facts(picture_of(y), "")
    assert len(told["nodes"]) == MOST_NODES
    assert told["omitted"] == MOST_NODES + 1
    assert told["nodes"][told["outputs"][0]]["value"]["text"] == short(y)
    assert all(0 <= s < MOST_NODES for node in told["nodes"] for s in node["sources"])


# -- safety --------------------------------------------------------------------------------------

NASTY = "</script><script>alert(1)</script><!-- \"' & \u2028 \n {{facts}} \ud800 日本"


@given(st.text(st.characters(), min_size=1))
def test_text_of_users_stays_text(text):
    page = html(picture_of(Value(1.0, text) * 2.0), title=text)
    page.encode()
    parts = Parts(page)
    assert facts_in(page)["nodes"][0]["name"] == visible(text)
    assert all(sign.isprintable() or sign == "\n" for sign in page)
    assert len(parts.texts["script"]) == 2


def test_nasty_text():
    test_text_of_users_stays_text.hypothesis.inner_test(NASTY)


def test_it_loads_nothing_and_runs_nothing_else():
    parts = Parts(html(network()))
    assert not [
        a for a in parts.attributes if a[1] in ("src", "href", "style", "onclick", "onload")
    ]
    (policy,) = [a[2] for a in parts.attributes if a[2] and a[2].startswith("default-src")]
    for kind, text in (("script", parts.texts["script"][1]), ("style", parts.texts["style"][0])):
        digest = b64encode(sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none'; ")
    assert not re.search(r"url\((?!#)|@import|fetch\(|innerHTML", html(network()))
