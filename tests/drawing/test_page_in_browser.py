"""The page in a real browser: every action, on a desk and on a phone.

`python tests/drawing/test_page_in_browser.py` takes the picture in the docs anew.
"""

import re
from pathlib import Path

import numpy as np
import pytest

import nn
from autograd import Value, compare, draw, tanh
from autograd.drawing.page.html import html
from autograd.drawing.picture import picture_of
from autograd.drawing.repeats import in_turns
from tests.browsers import BOTH, DESK, NEEDS_BROWSER, PHONE, PROGRAM, difference

playwright = pytest.importorskip("playwright.sync_api", reason="needs the extra `browser`")
pytestmark = NEEDS_BROWSER


@pytest.fixture
def visit(open_page, tmp_path):
    """Open the page of a picture."""

    def visit(picture, device=DESK, title="A page", **options):
        file = tmp_path / "g.html"
        file.write_bytes(html(picture, title).encode())
        return open_page(file, device, **options)

    return visit


# -- pictures ------------------------------------------------------------------------------------


def neuron():
    x, w, b = Value(2.0, "x"), Value(-0.5, "w"), Value(0.75, "b")
    y = tanh(x * w + b)
    y.name = "y"
    return picture_of(y)


def twice():
    """A Value that is used twice, so its gradient is a sum."""
    x = Value(3.0, "x")
    z = x * x + 2.0 * x
    z.name = "z"
    return picture_of(z)


def network(sizes=(4, 4, 1)):
    model = nn.MLP(2, list(sizes), activation=nn.tanh, seed=0)
    return picture_of(lambda x: nn.squared_error(model(x)[:, 0], np.ones(3)), np.ones((3, 2)))


class Block(nn.Module):
    def __init__(self, seed):
        self.inner = nn.MLP(2, [3, 2], seed=seed)

    def __call__(self, x):
        return x + self.inner(x)


class Nested(nn.Module):
    def __init__(self, blocks):
        self.blocks = [Block(seed) for seed in range(blocks)]

    def __call__(self, x):
        for block in self.blocks:
            x = block(x)
        return x.sum() + x.mean()


def tangle(seed, size=25):
    """A graph of random ops, with long and crossing edges."""
    rng = np.random.default_rng(seed)
    values = [Value(float(i), f"x{i}") for i in range(4)]
    for _ in range(size):
        a, b = (values[i] for i in rng.integers(max(0, len(values) - 15), len(values), 2))
        values.append([tanh(a), a + b, a * b, a - 2.0][rng.integers(4)])
    return picture_of(sum(values, start=Value(0.0)))


def maze(size=300):
    """A graph of random ops, each of any of those before."""
    rng = np.random.default_rng(0)
    values = [Value(float(i), f"x{i}") for i in range(8)]
    for i in range(size):
        a, b = (values[i] for i in rng.integers(0, len(values), 2))
        values.append(tanh(a) if i % 3 else a * b)
    return picture_of(sum(values[-40:], start=Value(0.0)))


def chain(length):
    y, w = Value(0.5, "start"), Value(1.0, "w")
    for _ in range(length):
        y = y * w
    return picture_of(y)


# -- looking at it -------------------------------------------------------------------------------

GEOMETRY = """() => {
  const world = document.getElementById("world").getCTM().inverse();
  const box = (element) => {
    const { x, y, width, height } = element.getBBox();
    const at = world.multiply(element.getCTM());
    return [at.e + x, at.f + y, at.e + x + width, at.f + y + height];
  };
  const lines = [...document.querySelectorAll(".edge")].map((edge) => {
    const length = edge.getTotalLength();
    return Array.from({ length: 17 }, (_, i) => edge.getPointAtLength((length * i) / 16))
      .map(({ x, y }) => [x, y]);
  });
  const all = (selector) => [...document.querySelectorAll(selector)].map(box);
  const texts = [...document.querySelectorAll(".card")].map((card) =>
    [...card.querySelectorAll(".paper:not(.behind), text")].map(box));
  return { cards: all(".card .paper:not(.behind)"), walls: all(".wall"), lines, texts };
}"""


def overlap(a, b):
    return min(a[2], b[2]) - max(a[0], b[0]) > 0.5 and min(a[3], b[3]) - max(a[1], b[1]) > 0.5


def inside(a, b):
    return a[0] >= b[0] - 0.5 and a[1] >= b[1] - 0.5 and a[2] <= b[2] + 0.5 and a[3] <= b[3] + 0.5


PICTURES = {
    "neuron": neuron,
    "network": network,
    "nested": lambda: picture_of(Nested(3), np.ones((2, 2))),
    "one": lambda: picture_of(Value(3.0)),
    "wide": lambda: picture_of(np.stack([Value(float(i)) for i in range(60)]).sum()),
    "long": lambda: chain(60),
    "odd": lambda: picture_of(Value([np.nan, np.inf], "n" * 90) * Value(1e300, "m") * 1e300),
    **{f"tangle {seed}": lambda seed=seed: tangle(seed) for seed in range(2)},
}


@BOTH
@pytest.mark.parametrize("name", PICTURES)
def test_nothing_overlaps(name, device, visit):
    page = visit(PICTURES[name](), device)
    if page.locator("#unfold").is_visible():
        page.click("#unfold")
    seen = page.evaluate(GEOMETRY)
    cards = seen["cards"]
    assert cards
    for i, a in enumerate(cards):
        for b in cards[:i]:
            assert not overlap(a, b), "two cards overlap"
        for wall in seen["walls"]:
            assert inside(a, wall) or not overlap(a, wall), "a card crosses a wall"
    points = np.array(seen["lines"]).reshape(-1, 1, 2)
    low, high = np.array(cards)[:, :2] + 2, np.array(cards)[:, 2:] - 2
    assert not ((points > low) & (points < high)).all(axis=2).any(), "an edge runs across a card"
    for card, *texts in seen["texts"]:
        for text in texts:
            assert inside(text, card), "a text is wider than its card"


def where(page):
    """Return the position and the scale of the world."""
    x, y, scale = re.findall(r"-?\d[\d.e-]*", page.locator("#world").get_attribute("transform"))
    return float(x), float(y), float(scale)


@BOTH
def test_it_opens_with_everything_in_sight(device, visit):
    page = visit(neuron(), device)
    canvas = page.locator("#canvas").bounding_box()
    for card in page.locator(".card").all():
        box = card.bounding_box()
        assert inside(
            [box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]],
            [
                canvas["x"],
                canvas["y"],
                canvas["x"] + canvas["width"],
                canvas["y"] + canvas["height"],
            ],
        )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_drag_wheel_and_keys_move_and_zoom(visit):
    page = visit(neuron())
    x, y, scale = where(page)
    page.mouse.move(200, 200)
    page.mouse.down()
    page.mouse.move(260, 230, steps=3)
    page.mouse.up()
    assert where(page) == pytest.approx((x + 60, y + 30, scale))
    card = page.locator(".card.output").bounding_box()
    page.mouse.move(card["x"] + 9, card["y"] + 9)
    page.mouse.down()
    page.mouse.move(card["x"] - 50, card["y"] + 9, steps=3)
    page.mouse.up()
    assert page.locator("#panel").is_hidden()  # a drag that begins on a box is no click
    page.mouse.wheel(0, -100)
    page.wait_for_function("s => world.transform.baseVal.consolidate().matrix.a > s", arg=scale)
    for press, grows in [("+", True), ("-", False), ("#in", True), ("#out", False)]:
        before = where(page)[2]
        page.click(press) if press.startswith("#") else page.locator("#canvas").press(press)
        assert (where(page)[2] > before) == grows
    before = where(page)
    page.locator("#canvas").press("ArrowLeft")
    page.locator("#canvas").press("ArrowDown")
    after = where(page)
    assert after[0] > before[0] and after[1] < before[1]
    page.click("#fit")
    assert where(page) == pytest.approx((x, y, scale))


def touches(session, kind, *points):
    points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_touch_moves_and_pinches(visit):
    page = visit(neuron(), PHONE)
    fingers = page.context.new_cdp_session(page)
    x, y, scale = where(page)
    touches(fingers, "touchStart", (100, 500))
    for step in (10, 20, 40):
        touches(fingers, "touchMove", (100 + step, 500))
    touches(fingers, "touchEnd")
    page.wait_for_function("x => world.transform.baseVal.consolidate().matrix.e > x", arg=x + 20)
    assert where(page)[1:] == pytest.approx((y, scale))
    touches(fingers, "touchStart", (150, 400), (210, 400))
    for step in (10, 20, 40):
        touches(fingers, "touchMove", (150 - step, 400), (210 + step, 400))
    touches(fingers, "touchEnd")
    page.wait_for_function(
        "s => world.transform.baseVal.consolidate().matrix.a > 1.5 * s", arg=scale
    )


# -- search --------------------------------------------------------------------------------------


@BOTH
def test_search_finds_names_and_ops(device, visit):
    page = visit(neuron(), device)
    page.fill("#query", "TANH")
    assert page.locator("#matches").text_content() == "1 of 1"
    assert page.locator(".card.chosen").get_attribute("aria-label").startswith("y = tanh")
    page.fill("#query", "input")
    assert page.locator("#matches").text_content() == "1 of 3"
    for expected in ["2 of 3", "3 of 3", "1 of 3"]:
        page.click("#next")
        assert page.locator("#matches").text_content() == expected
    page.click("#previous")
    assert page.locator("#matches").text_content() == "3 of 3"
    chosen = page.locator(".card.chosen").bounding_box()
    free = page.locator("#canvas").bounding_box()
    panel = page.locator("#panel").bounding_box()
    if device is DESK:
        free["width"] -= panel["width"]
    else:
        free["height"] -= panel["height"]
    for start, size in (("x", "width"), ("y", "height")):
        middle = chosen[start] + chosen[size] / 2
        assert middle == pytest.approx(free[start] + free[size] / 2, abs=3)
    page.fill("#query", "nothing of the kind")
    assert page.locator("#matches").text_content() == "none"


def test_search_by_keyboard_and_in_folded_modules(visit):
    page = visit(network())
    page.click("#fold")
    assert page.locator(".card.folded").count() == 3
    page.keyboard.press("/")
    page.keyboard.type("layers.1.bias")
    assert page.locator("#subject").text_content() == "layers.1.bias"
    assert page.locator(".card.chosen .name").text_content() == "bias"
    assert page.locator(".card.folded").count() == 2
    page.keyboard.press("Escape")
    assert page.locator("#query").input_value() == ""


# -- folding -------------------------------------------------------------------------------------


@BOTH
def test_fold_and_unfold_by_a_click(device, visit):
    page = visit(network(), device)
    page.click("#unfold")
    page.click("#fit")
    cards = page.locator(".card").count()
    handle = page.get_by_role("button", name="Fold layers.1")
    handle.click()
    folded = page.get_by_role("button", name="Unfold layers.1, 5 nodes")
    assert page.locator(".card").count() == cards - 4
    assert "Layer 3×4 → 3×4" in folded.text_content()
    assert "3 ops, 20 parameters" in folded.text_content()
    place = folded.bounding_box()
    folded.click()
    assert page.locator(".card").count() == cards
    assert handle.bounding_box()["x"] == pytest.approx(place["x"], abs=8)  # it stays in its place


def test_a_module_that_is_tapped_is_seen_whole(visit):
    page = visit(network((4, 4, 4, 1)), PHONE)
    page.click("#fold")
    for name in ("layers.3", "layers.0"):
        page.click("#fit")
        page.get_by_role("button", name=f"Unfold {name}").click()
        handle = page.get_by_role("button", name=f"Fold {name}")
        wall = handle.locator("xpath=..").locator(".wall").bounding_box()
        canvas = page.locator("#canvas").bounding_box()
        assert wall["x"] >= canvas["x"]
        assert wall["y"] >= canvas["y"]
        assert wall["x"] + wall["width"] <= canvas["x"] + canvas["width"]
        assert wall["y"] + wall["height"] <= canvas["y"] + canvas["height"]


def test_fold_by_keyboard_and_all_at_once(visit):
    page = visit(picture_of(Nested(3), np.ones((2, 2))))
    page.click("#fold")
    assert page.locator(".card.folded").count() == 3
    page.locator(".card.folded").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".card.folded").count() == 3  # two blocks, and `inner` in the open one
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Fold blocks.0"
    page.keyboard.press("Enter")
    assert page.locator(".frame").count() == 0
    page.click("#unfold")
    assert page.locator(".card.folded").count() == 0
    assert page.locator(".frame").count() == 3 * 4  # a block, its network, two layers


@BOTH
def test_turns_of_a_loop_open_by_a_click(device, visit):
    w, y = Value(0.5, "w"), Value(1.0, "start")
    for _ in range(30):
        y = np.tanh(np.sin(np.cos(y * w)))
    page = visit(in_turns(picture_of(y)), device)
    assert page.locator(".card").count() == 4  # start and w, all turns but the output, the output
    page.get_by_role("button", name="Unfold × 30").click()
    assert page.locator(".card.folded").count() == 30
    page.fill("#query", "turn 17")
    assert page.locator("#matches").text_content() == "1 of 4"
    assert "computed in turn 17" in page.locator("#details").inner_text()


# -- the panel -----------------------------------------------------------------------------------


@BOTH
def test_a_click_tells_the_chain_rule(device, visit):
    page = visit(twice(), device)
    page.locator(".card.input").click()
    details = page.locator("#details")
    for text in ("∂ z / ∂ x", "1 × 3 = 3", "1 × 2 = 2", "Sum 8"):
        assert text in details.inner_text()
    assert page.locator(".sum li").count() == 3  # twice in x·x
    assert page.locator(".edge.lit").count() == 4  # x to both, both to z
    box, canvas = page.locator("#panel").bounding_box(), page.locator("#canvas").bounding_box()
    if device is PHONE:
        assert box["width"] == canvas["width"] and box["y"] > canvas["y"] + canvas["height"] * 0.4
    else:
        assert box["x"] > canvas["width"] / 2
    page.locator(".sum button", has_text="2·x").click()
    assert page.locator("#subject").inner_text() == "2·x"
    assert page.locator(".card.chosen .number").text_content() == "6"
    assert page.locator(".edge.lit").count() == 1
    page.click("#close")
    assert page.locator("#panel").is_hidden()
    assert page.locator(".edge.lit").count() == 0


@BOTH
def test_the_line_that_made_it(device, visit):
    page = visit(network(), device)
    page.click("#unfold")
    page.fill("#query", "subtract")
    code, where = page.locator("#panel .line code"), page.locator("#panel .line .about")
    assert code.text_content().endswith("np.ones(3)), np.ones((3, 2)))")
    assert where.text_content().endswith("in <lambda>")
    page.fill("#query", "parameter")
    assert page.locator("#panel .line").count() == 0


def test_in_the_cell_of_a_notebook(browser, tmp_path):
    """The page works in a sandbox, and the wheel is the notebook's until the page is clicked."""
    x = Value(2.0, "x")
    cell = draw(tanh(x) * x).show(height=400)._repr_html_()
    file = tmp_path / "notebook.html"
    file.write_text(f"<!DOCTYPE html><body style='height: 3000px'>{cell}", "utf-8")
    context = browser.new_context(**DESK)
    page = context.new_page()
    troubles = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text))
    page.goto(file.as_uri())
    frame = page.frame_locator("iframe")
    playwright.expect(frame.locator(".card")).to_have_count(3)
    world = frame.locator("#world")
    before = world.get_attribute("transform")
    page.mouse.move(400, 200)
    page.mouse.wheel(0, 120)
    page.wait_for_function("scrollY > 0")
    assert world.get_attribute("transform") == before
    page.evaluate("scrollTo(0, 0)")
    frame.locator(".card").first.click()
    assert frame.locator("#subject").text_content() == "x"
    before = world.get_attribute("transform")
    page.mouse.move(300, 200)
    page.mouse.wheel(0, 120)
    playwright.expect(world).not_to_have_attribute("transform", before)
    context.close()
    assert not troubles


@BOTH
def test_what_changed(device, visit):
    """In a comparison only what changed is open, and says how."""
    small, large = (nn.MLP(2, sizes, activation=nn.tanh, seed=0) for sizes in ([4, 1], [4, 4, 1]))
    page = visit(compare(small, large, np.ones((3, 2))).picture, device)
    assert page.locator(".card.folded").count() == 1
    assert page.locator(".card.new").count() == 5
    page.fill("#query", "layers.2.weights")
    assert "was layers.1.weights" in page.locator("#panel .change").text_content()
    page.fill("#query", "matmul")
    page.click("#previous")
    assert "It took" in page.locator("#panel .change").text_content()
    assert page.locator(".edge.gone").count() >= 1
    page.click("#help")
    assert [*page.locator("#panel .legend li").all_text_contents()][-3:] == [
        "new",
        "gone",
        "different",
    ]


def test_arrays_show_shape_range_and_entries(visit):
    w = Value(np.arange(6.0).reshape(2, 3), "w")
    page = visit(picture_of((w * np.array([1.0, np.nan, -2.0])).sum()))
    page.locator(".card.input").click()
    text = page.locator("#details").inner_text()
    for part in (
        "2×3 in 0 … 5",
        "shape 2 × 3, float64",
        "local derivative of w·[1, nan, -2]: [1, nan, -2]",
    ):
        assert part in text
    assert page.locator(".entries").first.locator("td").all_inner_texts() == list("012345")
    assert page.locator(".entries").nth(1).locator("td.odd").count() == 2
    assert "Some entries are NaN" in text
    assert page.locator(".card .odd").count() > 0


# -- the passes ----------------------------------------------------------------------------------


def to_step(page, step):
    slider = page.locator("#time")
    slider.evaluate("(e, n) => { e.value = n; e.dispatchEvent(new Event('input')); }", step)


def gradient(page, name):
    return (
        page.get_by_role("button", name=re.compile(f"^{name}[, ]"))
        .locator(".gradient")
        .text_content()
    )


@BOTH
def test_values_then_gradients_appear(device, visit):
    page = visit(twice(), device)
    to_step(page, 0)
    assert page.locator(".waiting").count() == 3
    assert page.locator(".gradient:not(:empty)").count() == 0
    caption = page.locator("#caption")
    for text in ("Forward 1 of 3: x² = 9", "Forward 2 of 3", "Forward 3 of 3: z = "):
        page.click("#forth")
        assert text in caption.text_content()
    assert page.locator(".waiting").count() == 0
    page.click("#forth")
    assert gradient(page, "z") == "∂ 1"
    page.click("#forth")
    assert "Backward 1 of 3" in caption.text_content()
    page.click("#forth")
    assert gradient(page, "x") == "∂ 2"  # so far
    page.click("#forth")
    assert gradient(page, "x") == "∂ 8"
    assert "8 so far" in caption.text_content()
    page.click("#back")
    assert gradient(page, "x") == "∂ 2"


def test_play_runs_to_the_end_and_stops(visit):
    page = visit(twice())
    page.clock.install()
    page.clock.pause_at("2100-01-01")
    page.click("#play")
    assert page.locator("#time").input_value() == "0"
    page.clock.run_for(1700)
    assert page.locator("#time").input_value() == "2"
    assert page.locator("#play").get_attribute("aria-label") == "Pause"
    page.keyboard.press("P")
    page.clock.run_for(5000)
    assert page.locator("#time").input_value() == "2"
    page.click("#play")
    page.clock.run_for(60_000)
    assert page.locator("#caption").text_content() == "Both passes are done"
    assert page.locator("#play").get_attribute("aria-label") == "Play"


# -- keyboard and eyes ---------------------------------------------------------------------------


def test_everything_is_reached_and_left_by_tab(visit):
    page = visit(twice())
    seen = []
    for _ in range(14):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "document.activeElement.id || document.activeElement.dataset.key || 'body'"
            )
        )
        assert (
            page.evaluate("document.activeElement.matches(':focus-visible')") or seen[-1] == "body"
        )
    order = "query out in fit help canvas n0 back play forth time".split()
    assert seen[: len(order)] == order
    assert "body" in seen[len(order) :] or seen[len(order)] == "query"  # no trap


def test_boxes_by_arrow_keys_and_escape(visit):
    page = visit(neuron())
    page.get_by_role("button", name=re.compile("^x,")).focus()
    focused = "document.activeElement.getAttribute('aria-label')"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused).startswith("x·w")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused).startswith("w,")
    page.keyboard.press("Enter")
    assert page.locator("#subject").inner_text() == "w"
    page.locator("#close").focus()
    page.keyboard.press("Escape")
    assert page.locator("#panel").is_hidden()
    assert page.evaluate(focused).startswith("w,")  # the focus goes back
    page.keyboard.press("?")
    assert "Esc" in page.locator("#details").inner_text()


def test_everything_has_a_name(visit):
    page = visit(network())
    page.locator(".card.output").click()
    nameless = """() => [...document.querySelectorAll("button, input, [role=button], [tabindex]")]
      .filter((e) => !(e.getAttribute("aria-label") || e.textContent.trim() || e.id === "details"))
      .map((e) => e.outerHTML)"""
    assert page.evaluate(nameless) == []


def test_dark_and_light_and_paper(visit):
    background = "getComputedStyle(document.body).backgroundColor"
    page = visit(neuron())
    light = page.evaluate(background)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(background) != light
    moving = "getComputedStyle(document.querySelector('.edge')).transitionDuration"
    assert page.evaluate(moving) == "0s"
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(moving) != "0s"
    page.click("#out")
    before = page.locator("#world").get_attribute("transform")
    page.emulate_media(media="print")
    playwright.expect(page.locator("#world")).not_to_have_attribute("transform", before)
    assert page.evaluate(background) == light
    assert page.locator("footer").is_hidden() and page.locator(".tools").is_hidden()
    assert page.locator("#canvas").is_visible()
    page.emulate_media(media="screen")
    playwright.expect(page.locator("#world")).to_have_attribute("transform", before)


# -- text from users, large graphs ---------------------------------------------------------------


def test_names_are_shown_as_text_and_not_run(visit):
    name = '</script><script>alert(1)</script><img src=x onerror=alert(2)> "q" & \u2028\n日本'
    page = visit(picture_of(Value(2.0, name) * 3.0), title=name)
    page.locator(".card.input").click()
    shown = name.replace("\u2028", r"\u2028").replace("\n", r"\n")
    assert page.locator("#subject").text_content() == shown
    assert page.locator("#title").text_content() == shown
    assert page.locator("img").count() == 0


def test_ten_thousand_nodes_open_capped(visit):
    page = visit(chain(10_000))
    assert page.locator(".card").count() == 401
    assert page.locator(".more .name").text_content() == "… 9,602 more"
    page.locator(".card.more").focus()
    page.keyboard.press("Enter")
    assert page.locator(".card.more").count() == 2
    page.fill("#query", "start")
    assert page.locator(".card.chosen .name").text_content() == "start"
    assert page.locator(".card").count() == 401
    to_step(page, 5)
    assert page.locator(".card.active").count() == 1


def test_a_large_network_opens_folded(visit):
    page = visit(picture_of(Nested(60), np.ones((2, 2))))
    assert page.locator(".card.folded").count() == 60
    page.click("#unfold")
    assert page.locator(".card").count() == 401


# -- the picture in the docs ---------------------------------------------------------------------


@BOTH
def test_what_nobody_can_follow_opens_near_the_result(visit, device):
    page = visit(maze(), device)
    few, size = page.locator(".card").count(), len(maze().nodes)
    assert few == 61 and size > 200
    more = page.get_by_role("button", name=re.compile(f"{size - 60} more"))
    assert "“All” shows them" in more.text_content()
    page.get_by_role("button", name="All", exact=True).click()
    assert page.locator(".card").count() == size
    page.get_by_role("button", name="Near", exact=True).click()
    assert page.locator(".card").count() == few
    page.fill("#query", "x0")
    assert page.get_by_role("button", name=re.compile("^x0,")).is_visible()


def test_what_can_be_followed_opens_whole(visit):
    page = visit(chain(100))
    assert page.locator(".card").count() > 100
    assert not page.get_by_role("button", name="All", exact=True).is_visible()


SHOT = Path(__file__).parents[2] / "docs" / "pictures" / "page.png"


def shot(page):
    """Return a picture of a page on which somebody asked for the gradient of w."""
    page.get_by_role("button", name=re.compile("^w,")).click()
    page.click("#fit")
    page.mouse.move(0, 0)
    return page.screenshot(animations="disabled", caret="hide")


def regularised():
    x, w, b = Value(2.0, "x"), Value(-0.5, "w"), Value(0.75, "b")
    loss = (tanh(x * w + b) - 1.0) ** 2 + 0.1 * w**2
    loss.name = "loss"
    return picture_of(loss)


def test_the_picture_in_the_docs(visit):
    """Fonts differ from machine to machine, so pictures are compared small."""
    page = visit(regularised())
    blank = page.context.new_page()
    assert difference(blank, shot(page), SHOT.read_bytes()) < 1  # of 255; other fonts: up to 0.5


if __name__ == "__main__":
    with playwright.sync_playwright() as driver:
        page = driver.chromium.launch(executable_path=PROGRAM).new_page(**DESK)
        page.set_content(html(regularised(), "A page"))
        SHOT.write_bytes(shot(page))
