"""Folds tell the truth: each node is drawn, or counted in one fold of nodes that are equal.

The checker knows nothing of how folds are found. It reads the picture, and compares it, node by
node, with the graph and with the networks themselves.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import nn
from autograd import Value, draw, sigmoid, softmax, tanh
from autograd.drawing import Drawing
from autograd.drawing.colours import MOST_SHADES
from autograd.drawing.grouping import title
from autograd.drawing.nearness import FEW_LINES, lines_beside
from autograd.drawing.page.facts import facts
from autograd.drawing.picture import picture_of
from autograd.drawing.repeats import in_turns
from tests.drawing.networks import Attention, Deep, Twice, Unet

MATMUL = (Value([1.0]) @ Value([1.0])).op

# -- the checker ---------------------------------------------------------------------------------


def check(drawing, model=None):
    """Compare what is drawn with the graph; and what is folded also where all of it is drawn."""
    check_boxes(drawing, model)
    check_written(drawing)
    if any(box.kind in ("module", "more") for box in drawing.folded.nodes):
        drawing = Drawing(drawing.picture, replace(drawing.options, depth=9, limit=None))
        check_boxes(drawing, model)
    whole, folded = drawing.picture, drawing.folded
    folds = [Row.of(box) for box in folded.nodes if box.covers]
    rows = {key: row for row in folds for key in row.index}
    for row in folds:
        check_row(whole, row, rows)
    check_users(whole, rows)


def check_boxes(drawing, model):
    """Each node is in one box, arrows lead to the right ones, and what is counted is right."""
    whole, boxes = drawing.picture, drawing.folded.nodes
    folded = {node.key for box in boxes for node in box.covers}
    covered = {
        box.key: list(box.covers) or [box]
        for box in boxes
        if box.covers or box.key not in folded or box.key not in whole.outputs
    }  # an output that was folded is drawn once more
    check_each_node_is_somewhere(whole, boxes, covered)
    check_arrows(whole, boxes, covered)
    for box in boxes:
        if box.kind == "module":
            check_module(whole, box, model)
        elif box.kind == "more":
            assert box.name == f"… {len(box.covers):,} more"


def check_each_node_is_somewhere(whole, boxes, covered):
    """Each node of the graph is in one box."""
    count = Counter(node.key for covers in covered.values() for node in covers)
    assert count == Counter(node.key for node in whole.nodes)
    assert set(whole.outputs) <= {box.key for box in boxes} or len(boxes) < len(whole.nodes)


def frames_of(box):
    """Return the frames that count a folded box, outer ones first, and their counts."""
    frames = [box.group[: n + 1] for n, part in enumerate(box.group) if "× " in title(part)]
    assert frames, f"{box.key} stands for {len(box.covers)} and no frame says so"
    found = [re.search(r"× ([\d,]+)", title(frame[-1])) for frame in frames]
    counts = [int(match[1].replace(",", "")) for match in found]
    return frames, counts


def module_of(path, whole):
    return type(whole.modules.get(re.sub(r" \(\d+\)$", "", path))).__name__


def settings_of(node):
    """Return the arguments of an op that are not numbers it computes with, but for an index."""
    rules = node.op.vjps
    given = list(node.value.params.items())
    for place, (parent, arg) in enumerate(zip(node.value.parents, node.value.args, strict=True)):
        if parent is None and type(rules) is tuple and place >= len(rules):
            given.append((place, "" if place == node.op.index else arg))
    return repr(given)


@dataclass
class Row:
    """A folded box: the frames around it, and the index in each of them of each node."""

    box: Any
    frames: list
    counts: list
    index: dict

    @classmethod
    def of(cls, box):
        frames, counts = frames_of(box)
        keys, indices = [node.key for node in box.covers], product(*map(range, counts))
        return cls(box, frames, counts, dict(zip(keys, indices, strict=False)))


def neighbours(row):
    """Yield (axis, turn, key, next key) for each node of a row and the one that is a turn later."""
    at = {index: key for key, index in row.index.items()}
    for index, key in at.items():
        for axis in range(len(index)):
            later = (*index[:axis], index[axis] + 1, *index[axis + 1 :])
            if later in at:
                yield axis, index[axis], key, at[later]


def step(row, axis, key, next_key, rows):
    """Return the row, axis and turn of a node whose next is the same a turn later, else None."""
    other = rows.get(key)
    if other is None or next_key not in other.index:
        return None
    a, b = other.index[key], other.index[next_key]
    moved = [n for n in range(len(a)) if a[n] != b[n]]
    if len(moved) != 1 or b[moved[0]] != a[moved[0]] + 1:
        return None
    if other.counts[moved[0]] != row.counts[axis]:
        return None
    return other, moved[0], a[moved[0]]


def check_row(whole, row, rows):
    """All members look like the one that is drawn, and take the same, or what is in step."""
    box, first, members = row.box, row.box.covers[0], row.box.covers
    assert np.prod(row.counts) == len(members) and min(row.counts) >= 3
    assert members[0].key == box.key and len(row.index) == len(members)
    for node in members:
        assert (node.op is None) == (first.op is None)
        assert np.shape(node.number) == np.shape(first.number)
        if node.op is None:
            assert node.kind == first.kind
            continue
        assert node.op.name == first.op.name and settings_of(node) == settings_of(first)
        assert [module_of(p, whole) for p in node.group] == [
            module_of(p, whole) for p in first.group
        ]
        assert len(node.sources) == len(first.sources)
    for axis, turn, key, next_key in neighbours(row):
        for a, b in zip(whole[key].sources, whole[next_key].sources, strict=True):
            if a == b:
                continue
            if turn == 0 and b in rows and starts(row, axis, rows[b], rows[b].index[b]):
                continue
            moved = step(row, axis, a, b, rows)
            assert moved is not None, (key, next_key, a, b)
            other, along, at = moved
            onward = at == turn - 1 and other.frames[along] == row.frames[axis]
            assert at == turn or onward, (key, next_key, a, b)


def starts(row, axis, other, index):
    """Whether what a node takes is in the first turn of its own frame."""
    frame = row.frames[axis]
    return frame in other.frames and index[other.frames.index(frame)] == 0


def check_users(whole, rows):
    """A folded node is used by what is in step, by what uses all of its row, or it is the last.

    This holds along each axis.
    """
    chains = {
        row.frames[axis]
        for row in rows.values()
        for axis, turn, _, next_key in neighbours(row)
        for key in whole[next_key].sources
        if turn == 0 and key in rows and starts(row, axis, rows[key], rows[key].index[key])
    }
    for user in whole.nodes:
        taken = Counter(user.sources)
        for key in taken.keys() & rows.keys():
            row, index = rows[key], rows[key].index[key]
            for axis, at in enumerate(index):
                alike = {
                    taken[other]
                    for other, place in row.index.items()
                    if place[:axis] + place[axis + 1 :] == index[:axis] + index[axis + 1 :]
                }
                last = at == row.counts[axis] - 1 and row.frames[axis] in chains
                assert used_in_step(row, axis, at, user.key, rows) or last or len(alike) == 1, (
                    user.key,
                    key,
                )


def used_in_step(row, axis, at, user, rows):
    """Whether the user of a node is in the same turn of as many turns, or in the next one."""
    if user not in rows:
        return False
    other = rows[user]
    return any(
        (count == row.counts[axis] and turn == at)
        or (other.frames[n] == row.frames[axis] and turn == at + 1)
        for n, (count, turn) in enumerate(zip(other.counts, other.index[user], strict=True))
    )


def check_arrows(whole, boxes, covered):
    """The arrows into a box come from the boxes of what its first node takes, and no others.

    Dashed ones come from what the others take instead.
    """
    home = {node.key: key for key, covers in covered.items() for node in covers}
    more = any(box.kind == "more" for box in boxes)  # and what it hides may be covered by others
    for box in boxes:
        inside = covered.get(box.key, [])
        wanted = {home[key] for node in inside for key in whole[node.key].sources}
        later = {key for key, _ in box.later}
        assert wanted - {box.key} <= {*box.sources, *later} or more
        assert later <= {home[key] for node in inside for key in whole[node.key].sources}
        if box.kind == "module":
            assert set(box.sources) <= wanted - {box.key}
        elif box.kind == "more":
            assert not box.sources
        elif box.key not in covered:
            assert box.sources == [home[box.key]]
        else:
            assert set(box.sources) == {home[key] for key in whole[box.key].sources} or more
            assert later <= {home[key] for node in inside[1:] for key in whole[node.key].sources}


def check_module(whole, box, model):
    """Ops, parameters, multiply-adds and bytes are counted by hand, from graph and network."""
    kind, *told = box.number.split("\n")
    told = re.split(r"(?<!\d),|, (?=\d)", ",".join(told).replace(" each", ""))
    counts = {}
    for part in told:
        number, unit = part.strip().split(" ", 1)
        counts[unit.removesuffix("s").partition(",")[0]] = number.replace(",", "")
    name = re.sub(r" \(\d+\)$", "", re.split(r" … | × ", box.name)[0])
    times = int(re.search(r"× ([\d,]+)|$", box.name)[1] or 1)
    assert box.number.endswith(" each") == ("× " in box.name)
    loop = [int(n) for part in box.group if "\n" in part for n in re.findall(r"× (\d+)", part)]
    every = times * int(np.prod(loop))
    made = [node.value for node in box.covers if node.op is not None]
    assert int(counts.get("op", 0)) * every == len(made)
    if name.startswith("backward pass"):
        assert kind.startswith("→") and "parameter" not in counts
    else:
        known = dict(model.named_modules())
        outer = [re.split(r" … | ?× ", title(part))[0] for part in box.group]
        paths = [".".join(filter(None, [*outer[n:], name])) for n in range(len(outer) + 1)]
        paths = [path.removeprefix("model.") for path in [*paths, *(f"{x}.{name}" for x in outer)]]
        module = next(known[path] for path in paths if path in known)
        assert kind.startswith(type(module).__name__)
        assert int(counts.get("parameter", 0)) == sum(p.size for p in module.parameters())
    products = sum(x.size * x.args[0].shape[-1] for x in made if x.op is MATMUL)
    assert int(counts.get("multiply-add", 0)) * every == products


def check_written(drawing):
    """All of it is in the DOT text and in the text tree."""
    source, told = drawing.source, str(drawing)
    for box in drawing.scene.boxes:
        assert f"\t{box.key} [" in source or f'"{box.key}"' in source
    for part in {part for node in drawing.folded.nodes for part in node.group}:
        assert title(part).replace("\\", "") in source.replace("\\", "")
    assert told.count("\n") + 1 >= len(drawing.folded.nodes)


# -- random programs -----------------------------------------------------------------------------

OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "values": st.booleans(),
        "gradients": st.sampled_from([None, False]),
        "shapes": st.booleans(),
        "dtypes": st.booleans(),
        "dark": st.booleans(),
        "depth": st.sampled_from([None, 0, 1, 2]),
        "repeats": st.just(True),
        "limit": st.sampled_from([None, 300, 10]),
        "direction": st.sampled_from([None, "LR", "TB"]),
    },
)
UNARY = [np.tanh, np.cos, np.sin, lambda x: 0.5 * x, lambda x: x[::-1], lambda x: np.sin(x) ** 2]
BINARY = [
    lambda a, b: a * b,
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a + 0.5 * b,
    lambda a, b: np.tanh(a) * b,
    lambda a, b: a,
]


@st.composite
def bodies(draw):
    """A function of a state and of two more Values, as the body of a loop or a term of a sum."""
    steps = [
        (draw(st.sampled_from(BINARY)), draw(st.integers(-4, -1)), draw(st.integers(-4, -1)))
        for _ in range(draw(st.integers(1, 4)))
    ]

    def body(h, x, w):
        made = [w, x, h]
        for op, first, second in steps:
            made.append(op(made[max(first, -len(made))], made[max(second, -len(made))]))
        return np.tanh(made[-1] * h)

    return body


@st.composite
def programs(draw):
    """A function without arguments that returns the Values to draw."""
    known = [Value(np.linspace(0.5, 1, 3)) for _ in range(2)]

    def some():
        return known[-draw(st.integers(1, min(len(known), 6)))]

    def many(n):
        """Return n Values: leaves, entries of one Value, the same again and again, or others."""
        rows = Value(np.linspace(-1, 1, 3 * n).reshape(n, 3))
        again = some()
        return draw(
            st.sampled_from(
                [
                    [Value(np.full(3, 0.1 * i)) for i in range(n)],
                    list(rows),
                    [rows[i] for i in reversed(range(n))],
                    [again] * n,
                    [np.full(3, 0.1 * i) for i in range(n)],
                    [some() for _ in range(n)],
                    [np.tanh(Value(np.full(3, 0.1 * i))) for i in range(n)],
                ]
            )
        )

    def one_op():
        known.append(draw(st.sampled_from(UNARY))(some()))
        known.append(draw(st.sampled_from(BINARY))(some(), some()))

    def unequal_sum():
        terms = [draw(st.sampled_from(UNARY))(some()) for _ in range(draw(st.integers(2, 9)))]
        known.append(sum(terms))

    def equal_sum():
        n, body, w = draw(st.integers(2, 9)), draw(bodies()), some()
        xs, ys = many(n), many(n)
        terms = (body(x, y, w) for x, y in zip(xs, ys, strict=True))
        known.append(sum(terms if draw(st.booleans()) else list(terms)))

    def loop():
        n, body = draw(st.integers(2, 9)), draw(bodies())
        xs, ws = many(n), many(n)
        h, kept = draw(st.sampled_from([some(), np.ones(3)])), []
        for x, w in zip(xs, ws, strict=True):
            h = body(h, x, w)
            kept.append(h)
        known.append(some() + h)
        if draw(st.booleans()):
            known.append(kept[draw(st.integers(0, n - 1))] * some())
        if draw(st.booleans()):
            known.append(np.stack(kept[draw(st.integers(0, 1)) : n]).sum(axis=0) + some())
        if draw(st.booleans()):
            known.append(np.stack(kept[: n - 1]).sum(axis=0) + some())

    def heads():
        n, body, x = draw(st.integers(2, 9)), draw(bodies()), some()
        made = [body(x, w, x) for w in many(n)]
        known.append(np.concatenate(made).sum() * some())
        if draw(st.booleans()):
            known.append(draw(st.sampled_from(made)) + some())

    def nested():
        """A loop whose body is a sum, a loop or heads, over weights that the turns share or not."""
        n, m = draw(st.integers(2, 5)), draw(st.integers(2, 5))
        body, last, xs, shared = draw(bodies()), draw(bodies()), many(n), many(m)
        kind, own, h = draw(st.sampled_from(["sum", "loop", "heads"])), draw(st.booleans()), some()
        for x in xs:
            ws = many(m) if own else shared
            if kind == "loop":
                for w in ws:
                    h = body(h, x, w)
            else:
                terms = [body(h, x, w) for w in ws]
                h = sum(terms) if kind == "sum" else np.stack(terms).sum(axis=0)
                known.append(terms[draw(st.integers(0, m - 1))])
            h = last(h, x, x)
        known.append(h)

    for _ in range(draw(st.integers(1, 4))):
        draw(st.sampled_from([one_op, unequal_sum, equal_sum, loop, heads, nested]))()
    known = [x for x in known if isinstance(x, Value)]
    more = draw(st.integers(0, 2))
    return [known[-1], *[some() for _ in range(more)]]


@settings(max_examples=250)
@given(programs(), OPTIONS)
def test_of_random_programs(outputs, options):
    check(draw(outputs, **options))
    check(draw(outputs, **options | {"limit": None}))


@settings(max_examples=60)
@given(programs(), st.booleans())
def test_of_colours(outputs, after):
    """What is written of gradients, and the colours, are those of all nodes that a box stands for.

    They are compared with the gradients that the engine leaves in each node.
    """
    root = sum((y.sum() for y in outputs), start=Value(0.0))
    root.backward()
    if not after:
        for node in draw(root).picture.nodes:
            if node.value is not None:
                node.value.zero_grad()
    drawing = draw(root, color="gradient")
    folded, scale = {node.key: node for node in drawing.folded.nodes}, drawing.scene.legend
    root.backward(retain_gradients=True)
    for box in drawing.scene.boxes:
        node = folded.get(box.key)
        inside = [] if node is None else node.covers or [node]
        twice = 2.0 if after else 1.0  # a leaf has the gradients of both passes
        sizes = [
            size(x.value.grad) / (1.0 if x.op else twice) for x in inside if x.value is not None
        ]
        if node is None or node.kind == "more" or not sizes:
            ends = [scale.shade(x) for x in (min(sizes), max(sizes))] if sizes else []
            np.testing.assert_allclose(box.shades, ends, atol=1e-9)
            continue
        written = dict(box.lines).get("gradient", "")
        if node.covers:
            ends = dict.fromkeys(f"{x:.2g}".replace("e-0", "e-") for x in (min(sizes), max(sizes)))
            assert written.startswith(f"grad {' … '.join(ends)} over {len(sizes)} ")
        if len(sizes) <= MOST_SHADES:
            np.testing.assert_allclose(box.shades, [scale.shade(x) for x in sizes], atol=1e-9)


def size(g):
    return np.sqrt(np.mean(np.square(g)))


@st.composite
def tangles(draw):
    """Values of random ops, each of some of those before, near or far."""
    known = [Value(float(i), f"x{i}") for i in range(1, 5)]
    for _ in range(draw(st.integers(20, 150))):
        few = known[-draw(st.sampled_from([4, 15, 200])) :]
        first, second = draw(st.sampled_from(few)), draw(st.sampled_from(few))
        known.append(draw(st.sampled_from(BINARY[:5]))(np.tanh(first), second))
    return known[-draw(st.integers(1, 8)) :]


@settings(max_examples=40)
@given(tangles(), OPTIONS)
def test_of_tangles(outputs, options):
    check(draw(outputs, **options))
    drawing = draw(outputs)
    check(drawing)
    boxes = len(drawing.folded.nodes)
    whole = len(draw(outputs, limit=None).folded.nodes)
    if boxes < whole:
        note = f"the {boxes - 1} boxes nearest to the result, of {whole}: limit=None draws all"
        assert drawing.scene.words == note and str(drawing).endswith(f"({note})")
    assert boxes <= 61 or lines_beside(drawing.folded) <= FEW_LINES


@settings(max_examples=60)
@given(programs())
def test_of_second_derivatives(outputs):
    leaf = next(node for node in draw(outputs).picture.nodes if node.kind == "input")
    total = sum((y.sum() for y in outputs), start=Value(0.0))
    total.backward(create_graph=True)
    if isinstance(leaf.value.grad, Value):
        check(draw((leaf.value.grad**2).sum()))


@pytest.mark.parametrize(
    "terms",
    [
        lambda a, b: [tanh(a), a * b, np.exp(b), a - b, np.sqrt(a), np.log(b), a / b],
        lambda a, b: [tanh(x) for x in [a] * 5 + [b] * 5],
        lambda a, b: [a * float(n) for n in range(9)],
        lambda a, b: [np.sum(Value(np.ones((2, 2, 2))), axis=n) for n in (0, 1, 2, 0, 1, 2, 0, 1)],
    ],
)
def test_no_term_of_a_sum_vanishes(terms):
    a, b = Value(0.5), Value(1.5)
    made = terms(a, b)
    drawing = draw(sum(made))
    check(drawing)


def test_the_weights_of_a_neuron_are_named_and_counted():
    w, x = [Value(n / 3) for n in range(7)], [Value(float(n)) for n in range(7)]
    y = sum([wi * xi for wi, xi in zip(w, x, strict=True)])
    drawing = draw(y)
    check(drawing)
    assert str(drawing).splitlines() == [
        "y = 30.33",
        "  + #22 0 … 30.3  [× 7]",
        "    0",
        "    × 0 … 12  [× 7 side by side]",
        "      w[0] … w[6] = 0 … 2  (input)",
        "      x[0] … x[6] = 0 … 6  (input)",
        "    + #22, in later turns",
    ]


# -- networks ------------------------------------------------------------------------------------


class Cell(nn.Module):
    """A recurrent cell, with a state of two parts if it is long."""

    def __init__(self, long):
        self.into, self.on, self.long = nn.Layer(8, 4, seed=0), nn.Layer(4, 4, seed=1), long

    def __call__(self, x, state):
        h, c = state
        a = self.into(x) + self.on(h)
        if not self.long:
            return tanh(a), c
        c = 0.5 * c + sigmoid(a) * tanh(a)
        return sigmoid(a) * tanh(c), c


class Loop(nn.Module):
    """A cell over a sequence, as a list or as rows of one Value; `every` collects its results."""

    def __init__(self, long, every):
        self.cell, self.head, self.every = Cell(long), nn.Layer(4, 2, seed=2), every

    def __call__(self, xs):
        state = (np.zeros(4), np.zeros(4))
        results = []
        for x in xs:
            state = self.cell(x, state)
            results.append(self.head(state[0]) if self.every else state[0])
        return np.stack(results).sum() if self.every else self.head(state[0]).sum()


class Head(nn.Module):
    def __init__(self, n):
        self.query, self.key, self.value = (nn.Layer(8, 4, seed=3 * n + i) for i in range(3))

    def __call__(self, x):
        weights = softmax(self.query(x) @ self.key(x).T / 2.0)
        return weights @ self.value(x)


class Block(nn.Module):
    """A block as in GPT, with heads that are modules, or slices of one matrix."""

    def __init__(self, heads, sliced, hidden=nn.relu):
        self.sliced, self.hidden = sliced, hidden
        self.heads = [Head(n) for n in range(heads)]
        self.joined = nn.Layer(4 * heads, 8, seed=5)
        self.wide, self.narrow = nn.Layer(8, 16, seed=6), nn.Layer(16, 8, seed=7)
        self.all = nn.Layer(8, 4 * heads, seed=8)

    def __call__(self, x):
        x = np.tanh(x * 2.0)
        if self.sliced:
            whole = self.all(x)
            parts = [whole[:, 4 * n : 4 * n + 4] for n in range(len(self.heads))]
            made = [softmax(part @ part.T) @ part for part in parts]
        else:
            made = [head(x) for head in self.heads]
        x = x + self.joined(np.concatenate(made, axis=1))
        return x + self.narrow(self.hidden(self.wide(x)))


class Stack(nn.Module):
    """Blocks one after the other; `skips` adds what an earlier one made."""

    def __init__(self, blocks, skips):
        self.blocks, self.skips = blocks, skips

    def __call__(self, x):
        kept = []
        for n, block in enumerate(self.blocks):
            kept.append(x)
            x = block(x)
            if self.skips and n >= len(self.blocks) // 2:
                x = x + kept[len(self.blocks) - 1 - n]
        return x.sum()


NETWORKS = st.tuples(
    st.sampled_from(
        "mlp list values rows blocks mixed shared skips twice again attention unet deep".split()
    ),
    st.integers(2, 6),
    st.integers(1, 5),
    st.booleans(),
)


def network(kind, n, m, flag):
    """Return a network that computes one number, and its input."""
    x, xs = np.random.default_rng(0).normal(size=(2, 8, 8))
    if kind == "mlp":
        return Stack([nn.MLP(8, [8] * n + [8], activation=tanh, seed=0)], False), x
    if kind in ("list", "values", "rows"):
        inputs = {"list": list(xs), "values": [Value(row) for row in xs], "rows": Value(xs)}
        return Loop(flag, m > 2), inputs[kind][: n + 2]
    if kind == "blocks":
        return Stack([Block(m, flag) for _ in range(n)], False), x
    if kind == "mixed":
        return Stack([Block(2, flag, nn.relu if i % m else np.tanh) for i in range(n)], False), x
    if kind in ("twice", "again", "attention", "unet", "deep"):
        part = nn.MLP(4, [5] * (m - 1) + [4], seed=0) if flag else nn.Layer(4, 4, tanh, seed=0)
        again = Attention(4) if flag else Deep()
        parts = {
            "twice": [Twice(part)],
            "again": [part] * 3,
            "attention": [Attention(4) for _ in range(n)],
            "unet": [Unet(n + m)],
            "deep": [again, Twice(part), again],
        }
        return Stack(parts[kind], False), x[:, :4]
    layers = [nn.Layer(8, 8, seed=i) for i in range(n)]
    return Stack(layers * 2 if kind == "shared" else layers, kind == "skips"), x


def penalty(model, kind):
    """Return weight decay in one of the ways that people write it."""
    if kind == "squares":
        return 0.01 * sum((p * p).sum() for p in model.parameters())
    if kind == "listed":
        return sum([0.1 * np.abs(p).sum() for p in model.parameters()])
    if kind == "weights":
        return 0.1 * sum((p**2).sum() for p in model.parameters() if p.ndim == 2)
    return 0.0


@settings(max_examples=150)
@example(("blocks", 4, 3, False), {}, "", False)
@given(NETWORKS, OPTIONS, st.sampled_from(["", "squares", "listed", "weights"]), st.booleans())
def test_of_random_networks(kind, options, decay, called):
    model, x = network(*kind)
    if called:
        drawing = draw(lambda x: model(x) + penalty(model, decay), x, **options)
    else:
        drawing = draw(model(x) + penalty(model, decay), **options)
    check(drawing, model)


@settings(max_examples=20)
@given(NETWORKS, st.sampled_from(["", "listed"]))
def test_of_the_gradients_of_networks(kind, decay):
    model, x = network(*kind)
    loss = model(x) + penalty(model, decay)
    loss.backward(create_graph=True)
    check(draw(sum((p.grad**2).sum() for p in model.parameters() if p.has_grad)), model)


def several_of_a_loop():
    """An output after a loop, and one in the middle of its last turn."""
    made = [Value(0.5)]
    for _ in range(6):
        a, b = np.sin(made[-1] * 2.0), np.cos(made[-1])
        made += [a, b * 3.0, np.tanh(a + b)]
    return [np.exp(made[-1]), made[-3]]


@settings(max_examples=30)
@example(several_of_a_loop())
@given(st.one_of(programs(), NETWORKS))
def test_of_pages(outputs):
    """Each node stands once on a page, and a group "× 7" of turns has seven of them."""
    if isinstance(outputs, tuple):
        model, x = network(*outputs)
        outputs = model(x)
    picture = picture_of(outputs)
    told = facts(in_turns(picture), "")
    assert len(told["nodes"]) == len(picture.nodes)
    groups = told["groups"]
    turns = Counter(group["parent"] for group in groups if group["path"].startswith("turn "))
    for group, count in turns.items():
        assert int(re.search(r"× ([\d,]+)", groups[group]["path"])[1].replace(",", "")) == count
