"""Comparing two graphs: what is the same is the same, and each node is told of once."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value, compare, draw
from autograd.drawing.changes import apart, changed_picture
from autograd.drawing.labels import own_label
from autograd.drawing.pairing import Pairing
from autograd.drawing.picture import picture_of
from autograd.testing import strategies

UNARY = [np.sin, np.tanh, np.exp, np.negative, np.arctan, np.square]
BINARY = [np.add, np.subtract, np.multiply, np.maximum]


@st.composite
def programs(draw, most=12):
    """Return a list of (op, places of its arguments), counted back from the newest number."""
    program = []
    for n in range(draw(st.integers(1, most))):
        places = st.integers(0, n + 1)  # two leaves, and n results so far
        if draw(st.booleans()):
            program.append((draw(st.sampled_from(UNARY)), [draw(places)]))
        else:
            program.append((draw(st.sampled_from(BINARY)), [draw(places), draw(places)]))
    return program


def run(program, x=0.75, w=0.5, dtype=float):
    """Run a program, and return the sum of its results."""
    found = [Value(np.array([x, 1.0], dtype), "x"), Value(np.array([w, 2.0], dtype), "w")]
    for op, places in program:
        found.append(op(*(found[place] for place in places)))
    return np.sum(sum(found[2:], start=found[0]))


def check(before, after):
    """Check that a comparison is complete and true; return the nodes of its picture."""
    old, new = picture_of(before), picture_of(after)
    pairing = Pairing(old, new)
    merged, keys = changed_picture(old, new)
    assert len(pairing.now) == len(set(pairing.now.values())) == len(pairing.then)
    assert {node.key for node in merged.nodes} >= {node.key for node in new.nodes}
    assert sorted(keys) == sorted(node.key for node in old.nodes)
    assert len(set(keys.values())) == len(old.nodes)
    assert len(merged.nodes) == len({node.key for node in merged.nodes})
    assert len(merged.nodes) == len(old.nodes) + len(new.nodes) - len(pairing.now)
    met = set()
    for node in merged.nodes:  # sources come first, so it has no circle
        assert met.issuperset(node.sources)
        met.add(node.key)
    home = {there: here for here, there in keys.items()}
    for node in merged.nodes:
        mark = node.change.mark if node.change else "the same"
        assert (mark == "new") == (node.key not in home)
        assert (mark == "gone") == (node.key not in new.by_key)
        if mark not in ("new", "gone"):
            was = old[home[node.key]]
            assert (was.op is None) == (node.op is None)
            assert node.op is None or was.op.name == node.op.name
        if mark == "the same":
            assert np.array_equal(was.number, node.number, equal_nan=True)
            assert np.asarray(was.number).dtype == np.asarray(node.number).dtype
            assert [keys[key] for key in was.sources] == node.sources
            assert node.op is None or own_label(was) == own_label(node)
    return merged.nodes


def marked(nodes, mark):
    return [node for node in nodes if node.change and node.change.mark == mark]


@given(programs())
def test_with_itself(program):
    """All is the same, whether the graphs share their nodes or not."""
    y = run(program)
    assert not any(node.change for node in check(y, y))
    assert not any(node.change for node in check(y, run(program)))


@given(programs(), programs())
def test_any_two_programs(one, other):
    check(run(one), run(other))


@given(programs(), st.data())
def test_what_is_new_one_way_is_gone_the_other(program, data):
    longer = [*program]
    longer.append((np.cos, [data.draw(st.integers(0, len(program) + 1))]))
    there, back = check(run(program), run(longer)), check(run(longer), run(program))
    assert "cos" in {node.op.name for node in marked(there, "new") if node.op}
    assert 2 <= len(marked(there, "new")) == len(marked(back, "gone")) <= 3  # its sum, a leaf
    assert not marked(there, "gone") and not marked(back, "new")


@given(programs(), st.randoms())
def test_the_order_does_not_matter(program, random):
    """Ops that need nothing of each other may run in any order."""
    waiting, done, found = [*range(len(program))], {0, 1}, {}
    numbers = {0: Value(np.array([0.75, 1.0]), "x"), 1: Value(np.array([0.5, 2.0]), "w")}
    while waiting:
        ready = [i for i in waiting if done.issuperset(program[i][1])]
        i = random.choice(ready)
        waiting.remove(i)
        op, places = program[i]
        numbers[i + 2] = found[i] = op(*(numbers[place] for place in places))
        done.add(i + 2)
    y = np.sum(sum((found[i] for i in range(len(program))), start=numbers[0]))
    assert not any(node.change for node in check(run(program), y))


@given(programs(), st.sampled_from([0.75, 0.5, 1e-3, np.nan]))
def test_how_far_numbers_are_apart(program, x):
    before, after = run(program), run(program, x)
    nodes = check(before, after)
    old = {node.key: node for node in picture_of(before).nodes}
    for node in nodes:
        size = node.change.size if node.change else 0.0
        a, b = np.asarray(old[node.key].number), np.asarray(node.number)
        with np.errstate(all="ignore"):
            largest = max(np.max(np.abs(a)), np.max(np.abs(b)))
            if np.isfinite(a).all() and np.isfinite(b).all() and largest:
                assert size == pytest.approx(np.max(np.abs(a - b)) / largest, rel=1e-9)


@given(strategies.expressions("x", "y"))
def test_the_same_in_float32(f):
    """Every node says that its dtype was another one, and none is new or gone."""
    numbers = np.array([0.5, -1.25]), np.array([0.75, 2.0])
    pairs = [
        [Value(x.astype(dtype), name) for x, name in zip(numbers, "xy", strict=True)]
        for dtype in ("f8", "f4")
    ]
    before, after = (np.sum(f(*pair)) for pair in pairs)
    if isinstance(before, Value):
        nodes = check(before, after)
        assert not marked(nodes, "new") and not marked(nodes, "gone")
        for node in nodes:
            if node.value is not None and node.value.dtype == np.float32:
                assert "was float64" in node.change.words


def test_nodes_that_would_be_their_own_source_are_parted():
    x, c = Value(0.5, "x"), 3.0
    before = np.exp(np.sin(x)) + np.sin(np.exp(x) * c)
    after = np.sin(np.exp(x)) * c + np.exp(np.sin(x * c))
    check(before, after)
    check(after, before)


@settings(max_examples=30)
@given(st.lists(st.sampled_from([3, 4]), min_size=1, max_size=4), st.integers(0, 4), st.booleans())
def test_a_layer_more(sizes, place, by_value):
    """Whether the networks are drawn or their results, the layer is what is new."""
    longer = [*sizes[:place], 5, 5, *sizes[place:]]
    one, other = (nn.MLP(3, [*found, 1], seed=0) for found in (sizes, longer))
    x = np.ones((2, 3))
    told = compare(one(x), other(x)) if by_value else compare(one, other, x)
    assert len(told.gone) <= 4  # a layer that lost its input or output shape may be two
    assert len(told.new) - len(told.gone) == 10  # two layers
    assert str(told).count("\n+ ") == 0


# -- what it says ---------------------------------------------------------------------------------


def before(x, w):
    return np.sum(np.tanh(x * w))


def after(x, w):
    return np.sum(np.tanh(x * w + 0.5) ** 2)


X = np.array([1.0, 2.0])


def test_to_the_letter():
    text = re.sub(r" \(\S*test_comparison.py:\d+\)", "", str(compare(before, after, X, 0.5)))
    assert text.splitlines() == [
        "9 nodes: 3 the same, 2 different, 4 new",
        "",
        "    x   2  input",
        "    w      input",
        "    v1  2  = x·w",
        "  + v2  2  = v1 + 0.5",
        "  ~ v3  2  = tanh(v2)  by up to 33.1 %, took v1",
        "  + v4  2  = v3²",
        "  ~ v5     = sum(v4)   was 1.224, 12.5 %, took v3",
        "",
        "numbers differ most at v3, 33.1 %",
    ]


def test_lists_of_names():
    told = compare(before, after, X, 0.5)
    assert (told.new, told.gone, told.different) == (["v2", "v4"], [], ["v3", "v5"])
    back = compare(after, before, X, 0.5)
    assert (back.new, len(back.gone)) == ([], 2)


def test_another_constant_and_another_axis():
    x = Value(np.ones((2, 3)), "x")
    told = str(compare(np.sum(x * 2.0, axis=0), np.sum(x * 3.0, axis=1)))
    assert "3 was 2, 33.3 %" in told
    assert "was Σ axis=0" in told
    assert "was 3" in told


def test_gradients():
    x, w = Value(2.0, "x"), Value(3.0, "w")
    one, other = x * w, (x * w) * 1.5
    told = compare(one, other, gradients=True)
    by_name = {node.name: node.change for node in told.picture.nodes if node.name}
    assert by_name["x"].slope == pytest.approx(1 / 3)
    assert "grad was 3, 33.3 %" in str(told)
    assert "grad" not in str(compare(one, other, gradients=False))
    one.backward()
    assert "grad" not in str(compare(one, one))


def test_up_to_a_tolerance():
    x = Value(np.linspace(0.1, 1, 5), "x")
    one, other = np.sin(x), np.sin(x) * 1.001 / 1.001
    assert compare(np.sin(x), np.sin(x) + 1e-9).tolerance == 0.0
    y = Value(x.numpy() * (1 + 1e-9), "x")
    assert compare(np.sin(x), np.sin(y)).different
    assert not compare(np.sin(x), np.sin(y), tolerance=1e-8).different
    assert one is not other


def test_drawings_with_other_inputs():
    f = nn.Layer(3, 2, seed=0)
    told = compare(draw(f, np.ones((4, 3))), draw(f, np.ones((6, 3))))
    assert "was 4×3" in str(told) and not told.new and not told.gone


def test_picture_page_and_files(tmp_path):
    told = compare(after, before, X, 0.5)
    assert 'stroke-dasharray="4 3"' in told.svg
    for said in ("new", "by up to", "took"):
        assert said in str(compare(before, after, X, 0.5))
    page = told.save(tmp_path / "changes.html").read_text("utf-8")
    assert "<title>What changed</title>" in page and '"mark":"gone"' in page
    for ending in ("svg", "png", "dot", "txt", "mmd"):
        assert told.save(tmp_path / f"changes.{ending}").stat().st_size
    assert "green: new" in told.svg


def test_colours_are_not_all_there_is():
    """In print and to the colour-blind, a changed box says what it is."""
    svg = compare(before, after, X, 0.5).svg
    assert svg.count(">new</text>") == 4  # two results, two constants
    assert ">by up to 33.1 %, takes something else</text>" in svg


def test_a_large_network_folds_what_is_the_same():
    one, other = (
        nn.Sequential(*[nn.TransformerBlock(8, 2, seed=i) for i in range(3)]) for _ in "ab"
    )
    other[1].linear1.weight.data[0, 0] += 1.0
    told = compare(one, other, np.random.default_rng(0).normal(size=(1, 4, 8)), repeats=True)
    assert len(told.folded.nodes) <= 120
    assert "1.linear1.weight" in str(told)
    modules = [node.name for node in told.folded.nodes if node.kind == "module"]
    assert "0" in " ".join(modules)
    assert told.different and not told.new and not told.gone


def test_a_limit_means_what_it_means_to_draw():
    """Left out, it is 60 boxes of a tangle and 300 of others, with a note; a text has 300 lines."""

    def tangle(x, last):
        known = [x, x + 1.0]
        for n in range(150):
            known.append(np.tanh(known[-1] * known[n // 2]))
        return last(sum(known[-40:]))

    told = compare(tangle, tangle, 0.5, np.sin)
    assert len(told.folded.nodes) == 61 and len(told.listed.nodes) == 301
    assert "limit=None draws all" in told.scene.words and "green: new" in told.scene.words
    changed = str(compare(draw(tangle, 0.5, np.sin), draw(tangle, 0.6, np.sin)))
    assert re.search(r"~ … \d+ more .* \d+ the same, \d+ different", changed)
    for limit, size in (5, 6), (None, len(told.picture.nodes)):
        told = compare(tangle, tangle, 0.5, np.sin, limit=limit, repeats=False)
        assert len(told.folded.nodes) == len(told.listed.nodes) == size
    with pytest.raises(ValueError, match="limit=0"):
        compare(tangle, tangle, 0.5, np.sin, limit=0)


@pytest.mark.parametrize(
    ("wrong", "remedy"),
    [
        ((3.0, 4.0), "draw takes the Values"),
        ((Value(1.0) * 2, Value(2.0) * 2, 3.0), r"compare\(before, after\)"),
        ((before, after), "has not been called"),
    ],
)
def test_mistakes_are_answered(wrong, remedy):
    with pytest.raises(TypeError, match=remedy):
        compare(*wrong)


def test_apart_at_the_edges():
    assert apart(np.zeros(3), np.zeros(3)) == 0.0
    assert apart(np.zeros((0, 2)), np.zeros((0, 2))) == 0.0
    assert apart(np.inf, np.inf) == 0.0
    assert apart(np.inf, 1.0) == np.inf
    assert apart(1e308, -1e308) == 2.0
    assert apart(5e-324, 0.0) == 1.0
    assert apart(np.array([1, 2]), np.array([1, 3])) == pytest.approx(1 / 3)
    assert apart(True, False) == 1.0
    assert apart(1j, -1j) == 2.0


def test_it_is_public():
    assert "compare" in autograd.__all__
