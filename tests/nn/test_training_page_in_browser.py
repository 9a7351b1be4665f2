"""The page of a training in a real browser: what it shows at each step, and how it follows.

`python -m tests.nn.test_training_page_in_browser` takes the picture in the docs anew.
"""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

import nn
from nn.histograms import BINS
from nn.page.live import LivePage
from tests.browsers import BOTH, DESK, NEEDS_BROWSER, PHONE, PROGRAM, difference

pytestmark = NEEDS_BROWSER

POINTS = np.random.default_rng(0).uniform(-1, 1, (200, 2))
INSIDE = np.where((POINTS**2).sum(axis=1) < 0.5, 1, -1)


class Training:
    """A deep stack of sigmoids, whose first layers vanish, with a page."""

    def __init__(self, path, layers=8, width=8):
        self.path = path
        sizes = [width] * (layers - 1) + [1]
        self.model = nn.MLP(2, sizes, activation=nn.sigmoid, init=nn.xavier, seed=0)
        self.optimiser = nn.SGD(self.model.parameters(), lr=0.5)
        self.watch = nn.monitor(self.model, histograms=True)

    def run(self, steps):
        for _ in range(steps):
            self.optimiser.zero_grad()
            loss = nn.hinge(self.model(POINTS)[:, 0], INSIDE)
            loss.backward()
            self.optimiser.step()
            self.watch.step(loss)
        return self

    def write(self, state=""):
        LivePage(self.path, every=1.0).write(self.watch, state)
        return self.path


@pytest.fixture
def training(tmp_path):
    training = Training(tmp_path / "training.html").run(40)
    yield training
    training.watch.close()


def at(page):
    return int(page.locator("#time").input_value())


def expect_caption(page, words):
    page.wait_for_function("words => document.getElementById('caption').value === words", arg=words)


def digits(x):
    return float(f"{x:.3g}")


def numbers_in(page, layer):
    """Return what the box of a layer says, as a dict."""
    box = page.locator("button.layer").nth(layer)
    spans = box.locator(".numbers span").all_text_contents()
    return dict(zip(spans[::2], spans[1::2], strict=True))


# -- what it shows --------------------------------------------------------------------------------


@BOTH
def test_each_step_shows_its_numbers(open_page, training, device):
    page = open_page(training.write(), device)
    assert page.locator("#caption").text_content() == "step 40 of 40"
    history = [*training.watch.history.values()]
    for place in (39, 0, 17):
        page.fill("#time", str(place))
        assert page.locator("#caption").text_content() == f"step {place + 1} of 40"
        assert page.locator("h2#layers-title").text_content() == f"The layers, at step {place + 1}"
        assert digits(float(page.locator(".now").first.text_content())) == digits(
            float(f"{training.watch.losses[place]:.4g}")
        )
        for i, layer in enumerate(history):
            shown = numbers_in(page, i)
            for word, field in (("gradient", "gradients"), ("weights", "weights")):
                wanted = float(f"{layer[field][place]:.4g}")
                assert float(shown[word]) == pytest.approx(wanted, rel=6e-3)


def test_validation_is_drawn_beside_the_loss(open_page, training):
    for step in range(4):
        training.watch.measure(validation_loss=2.0 + step, accuracy=0.5, validation_accuracy=0.25)
        training.run(10)
    page = open_page(training.write())
    titles = page.locator("figure.chart figcaption").evaluate_all("a => a.map(e => e.innerText)")
    assert [re.sub(r"\s+", " ", title) for title in titles[:2]] == [
        f"loss {digits(training.watch.losses[-1])} validation 5",
        "accuracy 0.5 validation 0.25",
    ]
    page.fill("#time", "52")
    loss = page.locator("figure.chart").first
    assert loss.locator(".now span").last.text_content() == "validation 3"
    assert loss.locator("path.line.measured").count() == 1
    xs = [
        float(x) for x in re.findall(r"[ML]([\d.]+) ", loss.locator(".measured").get_attribute("d"))
    ]
    assert len(xs) == 4 and np.ptp(np.diff(xs)) < 0.3


@BOTH
def test_nothing_is_wider_than_the_screen(open_page, training, device):
    page = open_page(training.write(), device)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= device["viewport"]["width"]
    for element in page.locator("button.layer, figure, #problems button").all():
        box = element.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= device["viewport"]["width"]
    spilling = "e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && e.outerHTML"
    for element in page.locator("#layers *").all():
        assert not element.evaluate(spilling)


def test_histograms_are_those_that_were_counted(open_page, training):
    page = open_page(training.write())
    read = """(canvas) => {
      const { width, height } = canvas;
      const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
      return Array.from({ length: height }, (_, y) =>
        Array.from({ length: width }, (_, x) => data[4 * (y * width + x) + 3] / 255));
    }"""
    for i, kinds in enumerate(training.watch.histograms.values()):
        for kind, found in kinds.items():
            canvas = page.get_by_label(f"{kind} of layers.{i}, over the steps")
            if not found.any():
                assert canvas.count() == 0
                continue
            drawn = np.array(canvas.evaluate(read))[::-1].T
            used = np.flatnonzero(drawn.any(axis=0))
            there = np.flatnonzero(found.any(axis=0))
            wanted = np.sqrt(found / found.sum(axis=1, keepdims=True))[:, there]
            assert len(used) == len(there) and (np.diff(used) == np.diff(there)).all()
            assert np.abs(drawn[:, used] - wanted).max() < 1 / 63 + 2 / 255
    assert drawn.shape[1] <= BINS


def test_lines_run_through_the_numbers(open_page, training):
    page = open_page(training.write())
    path = page.locator(".chart").first.locator(".line").get_attribute("d")
    points = np.array(
        [p.split() for p in path.replace("h0.01", "").replace("M", "L").split("L")[1:]]
    )
    x, y = points.astype(float).T
    losses = training.watch.losses
    assert len(x) == len(losses)
    for got, wanted in ((x, np.arange(len(losses))), (y, -losses)):
        share = (got - got.min()) / np.ptp(got)
        assert np.abs(share - (wanted - wanted.min()) / np.ptp(wanted)).max() < 0.01


def test_the_fuller_the_larger_the_gradient(open_page, training):
    page = open_page(training.write())
    boxes = page.locator("button.layer").all()
    shares = [box.evaluate("e => parseFloat(e.style.getPropertyValue('--share'))") for box in boxes]
    sizes = [
        layer["gradients"][-1] / part.size**0.5
        for layer, part in zip(training.watch.history.values(), training.watch.layers, strict=True)
    ]
    assert np.argsort(shares).tolist() == np.argsort(sizes).tolist()
    assert 0 < min(shares) < max(shares) <= 100


def test_a_run_that_was_nothing_but_steps(open_page, tmp_path):
    with nn.monitor(nn.Neuron(1)) as watch:
        watch.step()
    watch.save(tmp_path / "one.html")
    page = open_page(tmp_path / "one.html")
    assert page.locator("#caption").text_content() == "step 1 of 1"
    assert page.locator("#scale").text_content() == "No layer has had a gradient."
    assert not page.locator("#histograms").is_visible()


def test_names_are_text(open_page, tmp_path):
    class Odd(nn.Module):
        def __init__(self):
            setattr(self, "</script><img src=x onerror=alert(1)>", nn.Linear(2, 1, seed=0))

    with nn.monitor(Odd(), histograms=True) as watch:
        watch.step(1.0)
    watch.save(tmp_path / "odd.html")
    page = open_page(tmp_path / "odd.html")
    assert page.locator("button.layer .name").text_content().startswith("</script><img")
    assert page.locator("img").count() == 0


# -- what one can do ------------------------------------------------------------------------------


def test_the_film_runs_to_its_end(open_page, training, browser):
    page = open_page(training.write())
    page.clock.install()
    page.reload()
    page.get_by_role("button", name="Play").click()
    page.clock.run_for(2000)
    assert 1 < at(page) < 39
    page.clock.run_for(20_000)
    assert at(page) == 39
    assert page.get_by_role("button", name="Play").is_visible()


def test_keys_and_buttons(open_page, training):
    page = open_page(training.write())
    page.keyboard.press(",")
    page.keyboard.press(",")
    page.keyboard.press(".")
    page.get_by_role("button", name="Step back").click()
    assert at(page) == 37
    page.get_by_role("button", name="Step forward").click()
    assert at(page) == 38


@BOTH
def test_a_click_on_a_line_goes_to_its_step(open_page, training, device):
    page = open_page(training.write(), device)
    box = page.locator(".chart svg").first.bounding_box()
    page.mouse.click(box["x"] + 0.55 * box["width"], box["y"] + 50)
    assert 15 < at(page) < 25


@BOTH
def test_a_layer_is_chosen_everywhere(open_page, training, device):
    page = open_page(training.write(), device)
    box = page.locator("button.layer").nth(2)
    box.click()
    assert box.get_attribute("aria-pressed") == "true"
    assert page.locator(".spread").locator("visible=true").count() == 1
    assert page.locator(".line.chosen").count() >= 3
    box.click()
    assert page.locator(".spread").locator("visible=true").count() == 8


@BOTH
def test_a_problem_leads_to_its_step_and_layer(open_page, training, device):
    problem = training.watch.problems[0]
    page = open_page(training.write(), device)
    page.get_by_role("button", name=str(problem)).click()
    assert at(page) == problem.step - 1
    assert page.locator("button.layer.chosen .name").text_content() == problem.layer
    assert problem.kind in page.locator("button.layer.chosen .trouble").text_content()


# -- following ------------------------------------------------------------------------------------


@BOTH
def test_it_follows_a_training(open_page, training, device):
    page = open_page(training.write("running"), device)
    page.clock.install()
    page.reload()
    assert "running" in page.locator("#state").text_content()
    page.locator("button.layer").nth(1).click()
    for count in (45, 50):
        training.run(5).write("running")
        with page.expect_navigation():
            page.clock.run_for(1100)
        page.wait_for_function(
            f"document.getElementById('caption').value === 'step {count} of {count}'"
        )
    assert page.locator("button.layer").nth(1).get_attribute("aria-pressed") == "true"
    page.fill("#time", "20")
    training.run(5).write("finished")
    with page.expect_navigation():
        page.clock.run_for(1100)
    expect_caption(page, "step 21 of 55")
    assert "finished" in page.locator("#state").text_content()
    assert not page.get_by_role("button", name="Follow").is_visible()


def test_it_follows_only_if_asked(open_page, training):
    page = open_page(training.write("running"))
    page.clock.install()
    page.reload()
    page.evaluate("window.old = true")
    page.get_by_role("button", name="Follow").click()
    page.clock.run_for(5000)
    assert page.evaluate("window.old")
    page.get_by_role("button", name="Follow").click()
    with page.expect_navigation():
        page.clock.run_for(1100)


def test_a_training_of_which_nothing_is_heard(open_page, training):
    page = open_page(training.write("running"))
    page.clock.install()
    page.reload()
    page.get_by_role("button", name="Follow").click()
    page.clock.run_for(190_000)
    assert "last heard of 3 minutes ago" in page.locator("#state").text_content()


# -- the picture in the docs ----------------------------------------------------------------------

SHOT = Path(__file__).parents[2] / "docs" / "pictures" / "training.png"
LARGE = {"viewport": {"width": 1280, "height": 1120}}


def shot_of_the_docs(page, path):
    """Return a picture of the page that the docs write, without the time of day."""
    training = Training(path, layers=7, width=16).run(200)
    training.watch.close()
    page.goto(training.write("finished").as_uri())
    page.evaluate("() => { document.getElementById('state').textContent = 'step 200 · finished'; }")
    return page.screenshot(animations="disabled", caret="hide")


def test_the_picture_in_the_docs_is_this_page(browser, tmp_path):
    """Fonts differ from machine to machine, so pictures are compared small."""
    context = browser.new_context(**LARGE)
    new = shot_of_the_docs(context.new_page(), tmp_path / "page.html")
    assert difference(context.new_page(), new, SHOT.read_bytes()) < 1
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(open_page, training, scheme):
    """Contrast of at least 4.5 between the texts of the fullest box and its colour."""
    page = open_page(training.write(), DESK | PHONE, color_scheme=scheme)
    contrast = """(box) => {
      const light = (rgb) => {
        const [r, g, b] = rgb.map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
      const rgb = (colour) => {
        pen.fillStyle = colour;
        pen.fillRect(0, 0, 1, 1);
        return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3).map((x) => x / 255);
      };
      const ground = light(rgb(getComputedStyle(box).backgroundColor));
      return Math.min(...[...box.querySelectorAll("span")].filter((e) => e.textContent).map((e) => {
        const ink = light(rgb(getComputedStyle(e).color));
        return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
      }));
    }"""
    for box in page.locator("button.layer").all():
        assert box.evaluate(contrast) > 4.5


if __name__ == "__main__":
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver, TemporaryDirectory() as folder:
        large = driver.chromium.launch(executable_path=PROGRAM).new_page(**LARGE)
        SHOT.write_bytes(shot_of_the_docs(large, Path(folder) / "page.html"))
