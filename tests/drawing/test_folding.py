"""Folding: large pictures get small and still tell the truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value, draw
from autograd.drawing import Drawing
from autograd.drawing.folding import by_module, with_leaves_at_hand
from autograd.drawing.grouping import title
from autograd.drawing.nearness import nearest
from autograd.drawing.page.facts import facts
from autograd.drawing.picture import picture_of
from autograd.drawing.repeats import in_turns, without_repeats
from autograd.drawing.scene import Options


@st.composite
def graphs(draw):
    """Graphs of scalars, in which anything may be used again."""
    values = [Value(1.0) for _ in range(draw(st.integers(1, 3)))]
    for _ in range(draw(st.integers(0, 25))):
        a = draw(st.sampled_from(values[-4:]))
        b = draw(st.one_of(st.sampled_from(values), st.just(0.5)))
        values.append(draw(st.sampled_from([lambda a, b: a + b, lambda a, b: a * b]))(a, b))
    return values[-draw(st.integers(1, min(3, len(values)))) :]


def check(picture):
    """Every source is there, everything leads to an output."""
    keys = [node.key for node in picture.nodes]
    assert len(keys) == len(set(keys))
    used = {key for node in picture.nodes for key in node.sources}
    assert used <= set(keys)
    assert set(picture.outputs) <= set(keys)
    assert set(keys) <= used | {*picture.outputs, "more"}


@given(graphs())
def test_every_node_is_drawn_once_in_order(outputs):
    picture = picture_of(outputs)
    check(picture)
    seen = set()
    for node in picture.nodes:
        assert seen.issuperset(node.sources)
        seen.add(node.key)
    drawing = draw(outputs, repeats=False, limit=None)
    ops = sum(node.op is not None for node in picture.nodes)
    boxes = [box for box in drawing.scene.boxes if box.kind != "again"]
    assert len(boxes) == len(picture.nodes) + ops
    lines = str(drawing).splitlines()
    assert len([line for line in lines if not line.endswith("as above")]) == len(picture.nodes)


@given(graphs(), st.integers(1, 20))
def test_what_is_left_out_is_counted(outputs, limit):
    whole = picture_of(outputs)
    small = nearest(whole, limit)
    check(small)
    more = [node for node in small.nodes if node.kind == "more"]
    left = len(small.nodes) - len(more)
    if more:
        assert more[0].name == f"… {len(whole.nodes) - left} more"
    else:
        assert small is whole
    assert left == min(limit, len(whole.nodes))
    assert whole.outputs[0] in {node.key for node in small.nodes} or len(whole.outputs) > 1


@given(graphs())
def test_folding_repeats_keeps_what_was_asked_for(outputs):
    whole = picture_of(outputs)
    small = without_repeats(whole)
    check(small)
    assert small.outputs == whole.outputs
    assert len(small.nodes) <= len(whole.nodes)


@given(st.integers(1, 4), st.integers(4, 30))
def test_a_repeated_part_is_drawn_once(steps, times):
    y = Value(1.0)
    for _ in range(times):
        for n in range(steps):
            y = y * 0.5 if n % 2 else y + 1.0
        y = np.tanh(y)
    picture = without_repeats(picture_of(y))
    if (times - 1) * (steps + 1) >= 2 * 6:
        (repeat,) = {title(node.group[-1]) for node in picture.nodes if node.group}
        assert int(repeat.removeprefix("× ")) in (times - 1, times)
        assert len([node for node in picture.nodes if node.op]) <= 2 * (steps + 1)


def test_likeness_is_in_shape_and_wiring_too():
    y = Value(np.ones(2))
    for n in range(30):
        y = np.concatenate([y, y]) if n < 3 else y + 1.0
    assert len(without_repeats(picture_of(y)).nodes) == 1 + 3 + 2 + 1
    a, b = Value(1.0), Value(2.0)
    for n in range(20):
        a, b = (a + b, b) if n % 7 in (0, 3, 4) else (b + 1.0, a)
    whole = picture_of(a + b)
    assert len(without_repeats(whole).nodes) == len(whole.nodes)


def test_side_by_side_is_not_one_after_the_other():
    x = Value(2.0)
    terms = without_repeats(picture_of(np.stack([np.sin(x) for _ in range(20)])))
    assert [node.sources for node in terms.nodes] == [[], ["n1"], ["n2"]]
    assert title(terms["n2"].group[-1]) == "× 20 side by side"
    square = np.sin(x) * np.sin(x)
    apart = picture_of(np.stack([np.sin(x) for _ in range(20)] + [square]))  # no op uses all 22
    titles = {title(node.group[-1]) for node in without_repeats(apart).nodes if node.group}
    assert titles == {"× 20 side by side"}


def test_side_by_side_may_be_of_several_ops():
    x = Value(2.0)
    terms = without_repeats(picture_of(np.stack([np.sin(np.cos(x)) for _ in range(20)])))
    assert [node.sources for node in terms.nodes] == [[], ["n1"], ["n2"], ["n3"]]
    assert title(terms["n2"].group[-1]) == "× 20 side by side"


def test_parts_that_go_to_different_places_are_no_repeats():
    x = Value(2.0)
    a, b, c, d, e, f, g, h = (np.sin(x) for _ in range(8))
    whole = picture_of((a / b) ** c - np.tanh(d) * np.cos(e / f) - g**h)
    assert without_repeats(whole) is whole


def test_turns_that_are_used_one_by_one_are_all_drawn():
    h, kept = Value(1.0), []
    for _ in range(9):
        h = np.tanh(h * 0.5)
        kept.append(h)
    for skip in reversed(kept):
        h = np.sin(h) + skip
    whole = picture_of(h)
    assert without_repeats(whole) is whole
    kept = without_repeats(picture_of(np.stack(kept)))  # all by one
    assert [title(node.group[-1]) for node in kept.nodes if node.group] == ["× 9"] * 3


def test_turns_begin_where_an_outer_module_does():
    class Block(nn.Module):
        def __init__(self, between):
            self.inner, self.between = nn.Layer(2, 3, seed=0), between
            self.outer = nn.Layer(3, 2, seed=0)

        def __call__(self, x):
            return x + self.outer(self.between(self.inner(x)))

    class Blocks(nn.Module):
        def __init__(self):
            self.blocks = [Block(np.tanh if n == 5 else nn.relu) for n in range(12)]
            self.head = nn.Layer(2, 1, seed=0)

        def __call__(self, x):
            for block in self.blocks:
                x = block(x)
            return self.head(x)

    folded = draw(Blocks(), np.ones(2), depth=0).folded
    assert [node.name for node in folded.nodes if node.kind == "module"] == [
        "blocks.0 … blocks.4 × 5",
        "blocks.5",
        "blocks.6 … blocks.11 × 6",
        "head",
    ]


@pytest.mark.parametrize("width", [8, 16])
@pytest.mark.parametrize("blocks", [4, 5, 6])
@pytest.mark.parametrize("last_norm", [False, True])
def test_turns_begin_with_a_block_though_the_first_one_is_not_whole(width, blocks, last_norm):
    """What the first block computes of a raw array before it uses a parameter is not recorded.

    A norm after the last block computes the same again, and there are as many turns as blocks.
    """
    layers = [nn.TransformerBlock(width, 2, seed=i) for i in range(blocks)]
    model = nn.Sequential(*layers, *([nn.LayerNorm(width)] if last_norm else []))
    x = np.random.default_rng(0).normal(size=(2, 3, width))
    folded = without_repeats(picture_of(model(x), scope={"model": model}))
    used = {}  # of each turn, the blocks whose parameters it takes
    for node in folded.nodes:
        if node.kind == "parameter" and node.covers:
            for turn, one in enumerate(node.covers):
                used.setdefault(turn, set()).add(one.name.partition(".")[0])
    whole = range(blocks) if last_norm else range(1, blocks)
    assert used == {turn: {str(block)} for turn, block in enumerate(whole)}


def test_first_and_last_turns_of_a_loop_are_turns():
    """The first starts with zeros, and variables name what the last one made."""
    rng = np.random.default_rng(0)
    wx, wh = Value(rng.normal(size=(3, 2))), Value(rng.normal(size=(2, 2)))
    xs, h = [Value(row) for row in rng.normal(size=(9, 3))], np.zeros(2)
    for x in xs:
        h = np.tanh(x @ wx + h @ wh)
    loss = (h**2).sum()
    folded = draw(loss).folded
    turn = [node for node in folded.nodes if node.group]
    assert {title(node.group[-1]) for node in turn} == {"× 9"}
    assert [node.op.name for node in turn if node.op] == ["matmul", "matmul", "add", "tanh"]
    assert turn[-1].name == "h"
    assert "xs[0] … xs[8]" in {node.name for node in folded.nodes}


def test_names_that_differ_are_no_repeats():
    a, b, c, d, e, f, g, h = (Value(float(n)) for n in range(8))
    whole = picture_of(a + b + c + d + e + f + g + h, scope=locals())
    assert without_repeats(whole) is whole


def test_what_was_asked_for_stands_after_the_turns_that_made_it():
    y = Value(1.0)
    for _ in range(50):
        y = y * 0.5 + 1.0
    assert str(draw(y)).splitlines() == [
        "y = 2",
        "  + #3 1.5 … 2  [× 50]",
        "    × 0.5 … 1",
        "      1  (input)",
        "      0.5",
        "      + #3, in later turns",
        "    1",
    ]


def test_what_a_turn_hands_on_is_drawn():
    """What no op of the same turn takes, too."""

    def program(x, h, s):
        for _ in range(9):
            h, s = np.tanh(h + s), np.sin(x * h)
        return h - s

    drawing = draw(program, 2.0, 0.5, 1.0)
    assert str(drawing).splitlines() == [
        "− 0.01381",
        "  tanh #5 0.905 … 0.957  [× 9]",
        "    + 1.5 … 1.91",
        "      h = 0.5  (input)",
        "      s = 1  (input)",
        "      tanh #5, in later turns",
        "      sin #7 0.841 … 0.971  (in later turns)",
        "        × 1 … 1.91",
        "          x = 2  (input)",
        "          h, as above",
        "          tanh #5, in later turns",
        "  sin #7, as above",
    ]
    assert drawing.scene.words == "dashed arrows lead to the next turn"
    later = [(tail, head) for tail, head, way in drawing.scene.edges if way == "later"]
    assert len(later) == 3 == drawing.svg.count('fill="none" stroke="#8b929c" stroke-dasharray')
    assert drawing.mermaid.count("-.->") == drawing.source.count("class=later") == 3


def test_a_program_of_a_loop_says_what_its_turns_take():
    rows, weights = np.arange(27.0).reshape(9, 3), Value(np.full((3, 3), 0.1), name="w")
    h = np.zeros(3)
    for n, row in enumerate(rows):
        h = np.tanh(row @ weights * float(n) + h)
    assert draw(h).program.splitlines() == [
        "w   3×3  input",
        "c1  3    constant, 0 … 26",
        "v1  3    = c1 @ w                    # × 9",
        "c2       constant, 0 … 8",
        "v2  3    = v1·c2                     # × 9",
        "v3  3    = v2 + [0, 0, 0] … v2 + v4  # × 9",
        "v4  3    = tanh(v3)                  # × 9",
        "h   3    = v4",
        "return h",
    ]


def test_modules_in_a_frame_are_named_for_all_that_it_stands_for():
    class Block(nn.Module):
        def __init__(self, n):
            self.first, self.last = nn.Linear(4, 4, seed=n), nn.Linear(4, 4, seed=n + 9)

        def __call__(self, x):
            return np.tanh(self.last(np.sin(self.first(x))))

    class Model(nn.Module):
        def __init__(self):
            self.blocks = [Block(n) for n in range(5)]

        def __call__(self, x):
            for block in self.blocks:
                x = np.cos(block(x))
            return x

    drawing = draw(Model(), np.ones(4))
    titles = {tuple(map(title, node.group)) for node in drawing.folded.nodes} - {()}
    assert titles == {
        ("× 5",),
        ("× 5", "blocks.0 … blocks.4"),
        ("× 5", "blocks.0 … blocks.4", "first"),
        ("× 5", "blocks.0 … blocks.4", "last"),
    }


def test_a_name_that_a_loop_leaves_on_its_last_turn_does_not_set_that_apart():
    x, heads = Value(np.linspace(-1, 1, 24).reshape(2, 12)), []
    for n in range(4):
        part = np.tanh(x[:, 3 * n : 3 * n + 3])
        heads.append(part * 2.0 + x[:, :3])
    drawing = draw(np.concatenate(heads, axis=1))
    assert {title(part) for node in drawing.folded.nodes for part in node.group} == {
        "× 4 side by side"
    }
    assert "… part" in {node.name for node in drawing.folded.nodes}


def network():
    return nn.MLP(4, [8] * 18 + [1], activation=nn.tanh, seed=0)


@pytest.mark.slow
def test_layers_that_are_alike_are_drawn_once():
    drawing = draw(network(), np.ones((3, 4)))
    groups = [
        title(part)
        for part in dict.fromkeys(node.group[0] for node in drawing.folded.nodes if node.group)
    ]
    assert groups == ["layers.0", "layers.1 … layers.17 × 17", "layers.18"]
    assert "layers.1 … layers.17 × 17" in drawing.svg
    assert len(draw(network(), np.ones((3, 4)), repeats=False).folded.nodes) == len(
        drawing.picture.nodes
    )


def test_large_networks_are_folded_until_they_are_readable():
    model = nn.Sequential(nn.TransformerBlock(8, 2, seed=0), nn.TransformerBlock(8, 2, 3, seed=1))
    x = Value(np.ones((2, 3, 8)))
    drawing = draw(model, x)
    assert len(drawing.folded.nodes) <= 60 < len(draw(model, x, depth=9).folded.nodes)
    modules = [node.name for node in drawing.folded.nodes if node.kind == "module"]
    assert "0.self_attn" in modules and "1.linear1" in modules
    note = "modules are folded: depth=3 opens them"
    assert note in drawing.svg and note in drawing.source
    assert str(drawing).endswith(f"({note})")
    whole = draw(model, x, depth=3)
    assert "folded" not in str(whole) and "folded" not in whole.source
    every = draw(model, x, repeats=False)
    assert len(every.folded.nodes) == len(every.picture.nodes)


def test_depth_folds_modules():
    class Two(nn.Module):
        def __init__(self):
            self.first, self.second = nn.MLP(2, [3, 2], seed=0), nn.Layer(2, 1, seed=0)

        def __call__(self, x):
            return self.second(self.first(x))

    def names(depth):
        nodes = draw(Two(), [1.0, 2.0], depth=depth).folded.nodes
        return [node.name for node in nodes if node.kind == "module"]

    assert names(0) == ["first", "second"]
    assert names(1) == ["first.layers.0", "first.layers.1"]
    assert names(2) == []
    folded = draw(Two(), np.ones(2), depth=0).folded
    check(folded)
    first, second = (node for node in folded.nodes if node.kind == "module")
    assert (first.number, second.number) == (
        "MLP 2 → 2\n5 ops, 17 parameters\n12 multiply-adds, 104 B",
        "Layer 2 → 1\n2 ops, 3 parameters\n2 multiply-adds, 16 B",
    )
    assert second.sources == [first.key]
    assert folded[folded.outputs[0]].sources == [second.key]


def test_calls_and_parameters_tell_the_same_groups():
    model = nn.MLP(3, [4, 5, 1], activation=nn.tanh, seed=0)
    x = Value(np.ones((2, 3)))
    out = model(x)
    called = [node.group for node in picture_of(model, x).nodes if node.op]
    guessed = [node.group for node in picture_of(out, scope={"model": model}).nodes if node.op]
    assert called == guessed
    assert called[0] == ("layers.0",)


def test_a_module_called_again_is_another_group():
    cell, end = nn.Layer(2, 2, seed=0), nn.Layer(2, 1, seed=0)
    picture = picture_of(lambda x: end(cell(cell(x))), np.ones(2), scope={"cell": cell, "end": end})
    assert list(dict.fromkeys(n.group for n in picture.nodes if n.op)) == [
        ("cell",),
        ("cell (2)",),
        ("end",),
    ]
    (weights,) = [n for n in picture.nodes if n.name == "cell.weights"]
    assert weights.group == ()


def test_repeats_inside_a_function_of_a_network():
    cell = nn.Layer(3, 3, activation=nn.tanh, seed=0)

    def run(x):
        for _ in range(12):
            x = cell(x)
        return x.sum()

    folded = draw(run, np.ones(3)).folded
    assert {title(node.group[-1]) for node in folded.nodes if node.group} == {"Layer × 12"}
    assert [node.name for node in by_module(folded, 0).nodes if node.kind == "module"] == [
        "Layer × 12"
    ]


@pytest.mark.slow
def test_a_long_chain():
    y = Value(0.0)
    for _ in range(20_000):
        y = y + 1.0
    picture = picture_of(y)
    folded = Drawing(picture, Options())
    assert "× 20,000" in folded.source and len(folded.folded.nodes) < 10
    limited = Drawing(picture, Options(repeats=False))
    assert len(limited.folded.nodes) == 301 and "… 39,701 more" in limited.source
    lines = str(Drawing(picture, Options(repeats=False, limit=None))).splitlines()
    assert len(lines) == 40_001
    assert max(map(len, lines)) < 120


def test_an_op_of_many_arguments():
    whole = picture_of(np.stack([Value(float(n)) for n in range(1000)]))
    small = nearest(whole, 300)
    assert len(small.nodes) == 301
    assert small["more"].name == "… 701 more"


def test_a_leaf_that_many_use_stands_beside_each():
    w, b, x = Value(2.0, "w"), Value(1.0, "b"), Value(0.5, "x")
    for n in range(9):
        x = x * w + b if n < 8 else np.sin(x * w)
    whole = picture_of(x)
    nodes = with_leaves_at_hand(whole).nodes
    again = [node.key for node in nodes if node.kind == "again"]
    assert len(again) == 8  # b has eight uses, w has one more
    uses = [key for node in nodes for key in node.sources]
    assert all(uses.count(key) == 1 for key in again) and uses.count("n1") == 1
    assert [node.name for node in nodes if node.key in again] == ["w"] * 8
    lines = [box.lines for box in draw(x, repeats=False).scene.boxes if box.kind == "again"]
    assert lines == [[("name", "w")]] * 8


# -- turns, for the page -------------------------------------------------------------------------


def test_each_turn_of_a_loop_is_a_group():
    xs, h, w = [Value([float(n)]) for n in range(9)], Value([0.0], "start"), Value([0.5], "w")
    for x in xs:
        h = np.tanh(x * w + np.sin(h))
    whole = picture_of(h, scope={"xs": xs})
    picture = in_turns(whole)
    assert [node.key for node in picture.nodes] == [node.key for node in whole.nodes]
    groups = {node.name or node.key: tuple(map(title, node.group)) for node in picture.nodes}
    assert groups["xs[0]"] == ("× 9", "turn 1") and groups["xs[8]"] == ("× 9", "turn 9")
    assert groups["start"] == groups["w"] == groups[picture.outputs[0]] == ()
    assert not whole[whole.nodes[-2].key].group  # it is left as it was


def test_turns_of_modules_are_the_modules():
    picture = in_turns(picture_of(network(), np.ones((3, 4))))
    paths = dict.fromkeys(tuple(map(title, node.group)) for node in picture.nodes)
    frame = "layers.1 … layers.17 × 17"
    assert {path for path in paths if frame in path} == {
        (frame, f"layers.{n}") for n in range(1, 18)
    }


def test_the_page_has_groups_of_turns_unless_all_is_asked_for():
    y = Value(1.0)
    for _ in range(30):
        y = np.sin(y * 0.5)
    assert '{"path":"\\u00d7 30","parent":-1}' in draw(y).html
    assert '"groups":[]' in draw(y, repeats=False).html


def test_many_inputs_of_one_op_are_drawn_once():
    xs = [Value(float(n)) for n in range(40)]
    y = np.stack([*xs[:30], Value([1.0]).sum(), *xs[30:]]) * Value(2.0)
    folded = without_repeats(picture_of(y, scope={"xs": xs}))
    rows = {node.name: tuple(map(title, node.group)) for node in folded.nodes if node.group}
    assert rows == {
        "xs[0] … xs[29]": ("× 30 side by side",),
        "xs[30] … xs[39]": ("× 10 side by side",),
    }
    used = np.stack(xs)
    whole = picture_of(used.sum() + used[0], *xs)  # what is asked for is drawn
    assert without_repeats(whole) is whole


def test_the_page_folds_rows_of_inputs():
    cell = nn.Layer(9, 2, seed=0)
    told = facts(in_turns(picture_of(lambda *xs: cell(np.stack(xs)), *map(float, range(9)))), "")
    paths = [told["groups"][node["group"]]["path"] for node in told["nodes"] if node["group"] >= 0]
    assert paths == ["× 9 side by side"] * 9 + ["Layer"] * 4


def test_folds_stand_within_folds():
    """Six turns, each a sum of five terms over weights that all turns share."""
    ws, h = [Value(0.1 * n) for n in range(5)], Value(np.ones(3), name="start")
    for _ in range(6):
        h = np.stack([np.tanh(h * w) for w in ws]).sum(axis=0)
    folded = without_repeats(picture_of(h, scope={"ws": ws}))
    told = [(node.name, list(map(title, node.group)), len(node.covers)) for node in folded.nodes]
    turns, parts = "× 6", "× 5 side by side"
    assert told == [
        ("ws[0] … ws[4]", [parts], 5),
        ("start", [], 0),
        ("", [turns, parts], 30),
        ("", [turns, parts], 30),
        ("", [turns], 6),
        ("", [turns], 6),
        ("", [], 0),  # the result, which is asked for
    ]


@pytest.mark.parametrize("alone", [False, True])
def test_only_what_all_turns_have_is_folded_within_them(alone):
    """One of the four terms of the last turn may be used alone."""
    h = Value(0.5)
    for _ in range(5):
        terms = [np.sin(h * n) for n in (0.5, 1.5, 2.5, 3.5)]
        h = np.tanh(np.stack(terms).sum())
    folded = without_repeats(picture_of(h * terms[2] if alone else h * 2.0))
    frames = {title(part) for node in folded.nodes for part in node.group}
    assert frames == ({"× 5"} if alone else {"× 5", "× 4 side by side"})


def test_a_folded_block_counts_the_ops_of_one_turn():
    class Block(nn.Module):
        def __init__(self, seed):
            self.heads = [nn.Layer(4, 4, seed=10 * seed + n) for n in range(3)]

        def __call__(self, x):
            return np.tanh(sum([head(x) for head in self.heads]))

    model = nn.Sequential(*[Block(seed) for seed in range(5)])
    drawing = draw(model, Value(np.ones((2, 4))), depth=0)
    (box,) = [node for node in drawing.folded.nodes if node.kind == "module"]
    assert (box.name, box.number) == (
        "0 … 4 × 5",
        "Block 2×4 → 2×4\n10 ops, 60 parameters each\n96 multiply-adds, 640 B each",
    )


def test_what_a_row_of_names_shares_is_written_once():
    class Neuron:
        def __init__(self):
            self.w = [Value(n / 3) for n in range(7)]

    layers = [Neuron()]
    y = sum(w * float(n) for n, w in enumerate(layers[0].w))
    assert "layers[0].w[0] … w[6]" in {node.name for node in draw(y).folded.nodes}
