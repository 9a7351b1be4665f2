"""Style: how each kind of box looks, on light and on dark, and how much space text takes."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from math import isnan

from autograd.drawing.scene import Box

FONTS = "DejaVu Sans, Verdana, Geneva, sans-serif"  # all about as wide as the first
SIZES = {"name": 12.0, "value": 12.0, "gradient": 11.0, "source": 10.0, "change": 11.0}
LINE = 15.0  # from one line of text to the next
PAD = 8.0  # around text


@dataclass(frozen=True)
class Look:
    """How a kind of box is drawn: not by colour alone, so that kinds also differ in print."""

    fill: str
    border: str
    round: bool = False
    double: bool = False
    dashed: bool = False
    thick: bool = False


@dataclass(frozen=True)
class Palette:
    """The colours of a picture."""

    paper: str
    text: str
    faint: str
    gradient: str
    line: str
    cluster: str
    not_finite: str
    shades: tuple[str, str]
    looks: dict[str, Look]
    marks: dict[str, tuple[str, str]]  # fill and border of boxes in a comparison

    def ink(self, role: str) -> str:
        """Return the colour of a line of text in a box."""
        return {"gradient": self.gradient, "source": self.faint}.get(role, self.text)


LIGHT = Palette(
    paper="#ffffff",
    text="#1f2530",
    faint="#6d7480",
    gradient="#a2402a",
    line="#8b929c",
    cluster="#8b929c",
    not_finite="#e5484d",
    shades=("#fdf6ee", "#f0914a"),
    looks={
        "input": Look("#e4effb", "#4c82bd", round=True),
        "parameter": Look("#e3f3e6", "#4b9458", double=True),
        "constant": Look("#ffffff", "#a9afb8", dashed=True),
        "computed": Look("#f6f6f4", "#b4b8be"),
        "output": Look("#fff0d0", "#c78a22", thick=True),
        "module": Look("#eeeaf8", "#8674bb", round=True, double=True),
        "more": Look("#ffffff", "#a9afb8", round=True, dashed=True),
        "again": Look("#ffffff", "#d5d8dc", round=True),
        "op": Look("#ffffff", "#5a626e", round=True),
    },
    marks={
        "new": ("#d9f2dd", "#2f8a43"),
        "gone": ("#fbe0de", "#c0392f"),
        "different": ("#fdedc4", "#b37a10"),
        "same": ("#ffffff", "#b4b8be"),
    },
)
DARK = Palette(
    paper="#16191d",
    text="#e8eaee",
    faint="#9aa2ad",
    gradient="#f0a08a",
    line="#7d8590",
    cluster="#7d8590",
    not_finite="#d13438",
    shades=("#2b2622", "#a85510"),
    looks={
        "input": Look("#1d3049", "#6aa2e0", round=True),
        "parameter": Look("#1c3624", "#6dbb7b", double=True),
        "constant": Look("#1f2329", "#69717c", dashed=True),
        "computed": Look("#2a2e35", "#666e79"),
        "output": Look("#463513", "#dfa747", thick=True),
        "module": Look("#302b47", "#a592dd", round=True, double=True),
        "more": Look("#1f2329", "#69717c", round=True, dashed=True),
        "again": Look("#1a1d22", "#454b54", round=True),
        "op": Look("#1a1d22", "#a4acb7", round=True),
    },
    marks={
        "new": ("#1c3a25", "#62c27a"),
        "gone": ("#452220", "#ee7a70"),
        "different": ("#43350f", "#e0ad45"),
        "same": ("#1f2329", "#666e79"),
    },
)

# Widths of letters, in units of the font size; digits and most small letters have 0.64.
WIDTHS = {
    0.30: "'IJijl",
    0.35: " ,./:;\\|·",
    0.41: "()-[]ft",
    0.45: "r¹²!",
    0.53: 'csz"*_?⁻‖∂',
    0.60: "FLkvxy",
    0.72: "ABCKRVXZ∇",
    0.80: "DGHNOQUΠ&",
    0.87: "#+<=>^w~×÷−∗±≥≤≠∞M",
    1.00: "%@Wm…",
}
WIDTH = {letter: width for width, letters in WIDTHS.items() for letter in letters}


def text_width(text: str, size: float) -> float:
    """Return the width of a line of text.

    Example:
        >>> text_width("w", 10) > text_width("i", 10)
        True
    """
    return size * sum(letter_width(letter) for letter in text)


def letter_width(letter: str) -> float:
    """Return the width of a letter in units of its size; East Asian letters are square."""
    if letter in WIDTH or letter.isascii():
        return WIDTH.get(letter, 0.64)
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.05
    return 0.72 if letter.islower() else 0.85


def box_size(box: Box) -> tuple[float, float]:
    """Return the width and height of a box."""
    words = max((text_width(text, SIZES[role]) for role, text in box.lines), default=0.0)
    if box.kind == "op":
        return max(26.0, words + 16.0), 26.0
    return max(30.0, words + 2 * PAD), max(22.0, LINE * len(box.lines) + PAD)


def look_of(box: Box, palette: Palette) -> Look:
    """Return how a box is drawn: by its kind, in a comparison in the colours of its mark."""
    look = palette.looks[box.kind]
    if not box.mark:
        return look
    fill, border = palette.marks[box.mark]
    return replace(look, fill=fill, border=border, dashed=box.mark == "gone")


def fills_of(box: Box, palette: Palette) -> list[str]:
    """Return the fill colours of a box from left to right, most often a single one."""
    colours = [
        palette.not_finite if isnan(shade) else mixed(*palette.shades, shade)
        for shade in box.shades
    ]
    return colours[:1] if len(set(colours)) == 1 else colours or [look_of(box, palette).fill]


def mixed(a: str, b: str, share: float) -> str:
    """Return the colour that lies `share` of the way from `a` to `b`.

    Example:
        >>> mixed("#000000", "#ff8000", 0.5)
        '#804000'
    """
    parts = (
        round(int(a[i : i + 2], 16) * (1 - share) + int(b[i : i + 2], 16) * share)
        for i in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)
