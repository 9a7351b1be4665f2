"""PNG: letters that no font has are told of, and pixels are read as they were written."""

import io
import warnings

import numpy as np
import pytest

from autograd import Value, draw, tanh
from autograd.drawing.png import NO_LETTER, letters_without_font, pixels, png

pytest.importorskip("resvg_py", reason="needs the extra `draw`")


def test_letters_that_no_font_has():
    svg = draw(tanh(Value(2.0, "w") * Value(3.0, "шум <&> ελ ∂² ≤ …"))).svg
    assert letters_without_font(svg) == ""
    assert letters_without_font(draw(Value(2.0, "שלום ᵀ √ ÷")).svg) == ""
    assert letters_without_font(svg.replace(">w<", f">w{NO_LETTER}שw<")) == NO_LETTER


def test_saving_says_so(monkeypatch, tmp_path):
    drawing = draw(Value(2.0, "w") * 3.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawing.save(tmp_path / "g.png")
    monkeypatch.setattr("autograd.drawing.drawing.letters_without_font", lambda svg: "字")
    with pytest.warns(UserWarning, match=r"install a font that has 字.* g\.png has empty boxes"):
        drawing.save(tmp_path / "g.png")


def test_pixels_are_those_that_others_read():
    image = pytest.importorskip("matplotlib.image")
    rng = np.random.default_rng(0)
    marks = "".join(
        f'<circle cx="{x}" cy="{y}" r="{r}" fill="#{color:06x}" fill-opacity="0.7"/>'
        for x, y, r, color in rng.integers([1, 1, 2, 0], [60, 30, 20, 1 << 24], (12, 4))
    )
    written = png(f'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30">{marks}</svg>')
    read = image.imread(io.BytesIO(written))
    assert np.array_equal(pixels(written), np.round(read * 255))
