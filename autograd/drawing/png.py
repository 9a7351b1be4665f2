"""PNG: an SVG document as pixels, with letters from the package's own font or the system's."""

from __future__ import annotations

import re
from html import escape, unescape
from pathlib import Path
from struct import unpack
from typing import Any
from zlib import decompress

import numpy as np

PIXELS = 20e6  # a PNG is enlarged up to this size
FONT = Path(__file__).parent / "font" / "DejaVuSans.ttf"
OURS = (range(0x530), range(0x2000, 0x2300))  # Latin, Greek, Cyrillic, and signs: in the font
MOST_LETTERS = 60  # that are looked for in the fonts
CELL = 20  # pixels for each of them
NO_LETTER = "\U0010fffd"  # what no font has


def size_of(text: str) -> tuple[float, float]:
    """Return the width and height of an SVG document."""
    width, height = re.findall(r' (?:width|height)="(.*?)"', text)[:2]
    return float(width), float(height)


def png(text: str, zoom: float = 2.0) -> bytes:
    """Return an SVG document as a PNG, with letters from the package's own font.

    The PNG has twice the size of the SVG, for sharp letters, unless that makes it very large.
    """
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise ModuleNotFoundError(
            "PNG pictures need resvg-py: pip install 'chainrule[draw]'", name="resvg_py"
        ) from None
    width, height = size_of(text)
    zoom = min(zoom, max(1.0, (PIXELS / (width * height)) ** 0.5))
    return bytes(svg_to_bytes(svg_string=text, zoom=zoom, font_files=[str(FONT)]))


def letters_without_font(text: str) -> str:
    """Return the letters of an SVG document that no font here has, and a PNG cannot show."""
    words = unescape("".join(re.findall(r"<text[^>]*>(.*?)</text>", text)))
    rare = [x for x in dict.fromkeys(words) if not any(ord(x) in known for known in OURS)]
    if not rare:
        return ""
    rare = rare[:MOST_LETTERS]
    nothing, *cells = drawn([NO_LETTER, *rare])
    return "".join(
        letter for letter, cell in zip(rare, cells, strict=True) if np.array_equal(cell, nothing)
    )


def drawn(letters: list[str]) -> list[np.ndarray]:
    """Return the pixels of each of some letters."""
    row = "".join(
        f'<text x="{CELL * i}" y="{CELL * 0.75}" font-size="{CELL * 0.6}" '
        f'font-family="DejaVu Sans">{escape(letter)}</text>'
        for i, letter in enumerate(letters)
    )
    size = f'width="{CELL * len(letters)}" height="{CELL}"'
    image = png(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{row}</svg>', zoom=1.0)
    return np.split(pixels(image), len(letters), axis=1)


def pixels(image: bytes) -> np.ndarray:
    """Return the numbers of a PNG of four bytes a pixel, of shape (height, width, 4).

    After the PNG specification (ISO/IEC 15948), section 9, on filters.
    """
    width, height = unpack(">II", image[16:24])
    at, packed = 8, b""
    while at < len(image):
        (length,) = unpack(">I", image[at : at + 4])
        packed += image[at + 8 : at + 8 + length] * (image[at + 4 : at + 8] == b"IDAT")
        at += length + 12
    rows = np.frombuffer(decompress(packed), np.uint8).reshape(height, 1 + 4 * width)
    found = np.zeros((height + 1, width + 1, 4), int)  # with zeros above and on the left
    for y, row in enumerate(rows, 1):
        for x, pixel in enumerate(row[1:].reshape(width, 4).astype(int), 1):
            left, above, corner = found[y, x - 1], found[y - 1, x], found[y - 1, x - 1]
            found[y, x] = (pixel + guess(row[0], left, above, corner)) % 256
    return found[1:, 1:].astype(np.uint8)


def guess(kind: int, left: np.ndarray, above: np.ndarray, corner: np.ndarray) -> Any:
    """Return what a filter of PNG expects of a pixel, from those around it."""
    if kind == 4:  # Paeth's: the one of the three that is nearest to left + above − corner
        near = [abs(above - corner), abs(left - corner), abs(left + above - 2 * corner)]
        return np.choose(np.argmin(near, axis=0), [left, above, corner])
    return (0 * left, left, above, (left + above) // 2)[kind]
