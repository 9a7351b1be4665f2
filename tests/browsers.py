"""Pages in a real browser: Chromium, driven by Playwright."""

import base64
import shutil
from contextlib import ExitStack

import pytest

BROWSERS = "chromium chromium-browser google-chrome chrome".split()
PROGRAM = next(filter(None, map(shutil.which, BROWSERS)), None)
NEEDS_BROWSER = [
    pytest.mark.slow,
    pytest.mark.skipif(PROGRAM is None, reason=f"needs one of {', '.join(BROWSERS)}"),
]

DESK = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
BOTH = pytest.mark.parametrize("device", [DESK, PHONE], ids=["desk", "phone"])


@pytest.fixture(scope="session")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the extra `browser`")
    playwright.expect.set_options(timeout=30_000)
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=PROGRAM)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser):
    """Open a file; it must request nothing but itself and make no error, then or later."""
    opened, troubles = [], []

    def open_page(file, device=DESK, **options):
        opened.append(file.as_uri())
        context = browser.new_context(reduced_motion="reduce", **{**device, **options})
        contexts.callback(context.close)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text))
        page.on("dialog", lambda dialog: troubles.append(dialog.message))
        page.on("request", lambda request: troubles.append(request.url))
        page.goto(opened[-1])
        return page

    with ExitStack() as contexts:
        yield open_page
    assert [trouble for trouble in troubles if trouble not in opened] == []


DIFFERENCE = """async (pictures) => {
  const pixels = await Promise.all(pictures.map(async (picture) => {
    const image = new Image();
    image.src = `data:image/png;base64,${picture}`;
    await image.decode();
    const pen = Object.assign(document.createElement("canvas"), { width: 64, height: 40 })
      .getContext("2d");
    pen.drawImage(image, 0, 0, 64, 40);
    return pen.getImageData(0, 0, 64, 40).data;
  }));
  const [a, b] = pixels;
  return a.reduce((sum, x, i) => sum + Math.abs(x - b[i]), 0) / a.length;
}"""


def difference(page, *pictures):
    """Return how far two PNG pictures are apart, seen small: the mean of 64 × 40 points, of 255."""
    return page.evaluate(DIFFERENCE, [base64.b64encode(png).decode() for png in pictures])
