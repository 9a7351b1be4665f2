"""SVG: a scene with its layout, as text that browsers, printers and `png` read."""

from __future__ import annotations

from html import escape

from autograd.drawing.colours import LEAST_SHADE, Scale
from autograd.drawing.dot import clusters
from autograd.drawing.grouping import is_pass, title
from autograd.drawing.layout import Layout, Point
from autograd.drawing.scene import Box, Scene
from autograd.drawing.style import (
    DARK,
    FONTS,
    LIGHT,
    LINE,
    SIZES,
    Palette,
    box_size,
    fills_of,
    look_of,
    mixed,
    text_width,
)

MARGIN = 8.0
SCALE = 34.0  # space for the scale of a legend
BAR = 280.0  # how long it is


def svg(scene: Scene, places: Layout, dark: bool = False, words_for_it: str = "") -> str:
    """Return a scene as an SVG document, with words for those who cannot see it."""
    palette = DARK if dark else LIGHT
    scale = [] if scene.legend is None else scale_elements(scene.legend, places.height, palette)
    words = scene.words
    width = max(places.width, text_width(words, 11)) + 2 * MARGIN
    height = places.height + (SCALE if scale else 0.0) + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{say(width)}" height="{say(height)}" '
        f'viewBox="{-MARGIN:g} {-MARGIN:g} {say(width)} {say(height)}" '
        f'role="img" aria-label="{escape(words_for_it)}" style="max-width: 100%; height: auto" '
        f'font-family="{FONTS}" font-size="12" text-anchor="middle">'
    ]
    frames = {name: places.frames[name] for name in clusters(scene).values()}
    parts += gradient_elements(scene, palette)
    colors = {
        name: palette.gradient if is_pass(group[-1]) else palette.cluster
        for group, name in clusters(scene).items()
    }
    parts += [frame_element(at, colors[name]) for name, at in frames.items()]
    for line, way in zip(places.paths, places.classes, strict=True):
        parts.append(arrow_element(line, way, palette))
    for group, name in clusters(scene).items():
        left, top, _, _ = frames[name]
        halo = (
            f' text-anchor="start" stroke="{palette.paper}" stroke-width="4" paint-order="stroke"'
        )
        color = palette.gradient if is_pass(group[-1]) else palette.faint
        parts.append(text_element(title(group[-1]), left + 10, top + 16, 11, color, halo))
    for box in scene.boxes:
        parts.append(box_element(box, places.centers[box.key], palette))
    if words:
        start = ' text-anchor="start"'
        parts.append(text_element(words, 0, places.height - 4, 11, palette.faint, start))
    return "\n".join([*parts, *scale, "</svg>\n"])


def say(x: float) -> str:
    """Return a length with at most one decimal."""
    return f"{x:.1f}".removesuffix(".0")


def text_element(text: str, x: float, y: float, size: float, color: str, more: str = "") -> str:
    """Return one line of text."""
    return (
        f'<text x="{say(x)}" y="{say(y)}" font-size="{size:g}" fill="{color}"{more}>'
        f"{escape(text)}</text>"
    )


def frame_element(at: tuple[float, float, float, float], color: str) -> str:
    """Return the frame around a module or a backward pass."""
    left, top, right, bottom = at
    return (
        f'<rect x="{say(left)}" y="{say(top)}" width="{say(right - left)}" '
        f'height="{say(bottom - top)}" rx="8" fill="{color}" fill-opacity="0.07" '
        f'stroke="{color}" stroke-opacity="0.6"/>'
    )


def arrow_element(line: list[Point], way: str, palette: Palette) -> str:
    """Return an edge: Bézier curves, dashed if it goes some way, and a triangle to the tip."""
    (x0, y0), *curve, end, (tip_x, tip_y) = line
    curves = " ".join(f"{say(x)},{say(y)}" for x, y in [*curve, end])
    dx, dy = tip_x - end[0], tip_y - end[1]
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    side_x, side_y = -dy / length * 2.6, dx / length * 2.6
    triangle = [
        (end[0] + side_x, end[1] + side_y),
        (tip_x, tip_y),
        (end[0] - side_x, end[1] - side_y),
    ]
    corners = " ".join(f"{say(x)},{say(y)}" for x, y in triangle)
    color = palette.marks["gone"][1] if way == "gone" else palette.line
    dashes = ' stroke-dasharray="4 3"' if way else ""
    return (
        f'<path d="M{say(x0)},{say(y0)} C{curves}" fill="none" stroke="{color}"{dashes}/>'
        f'<polygon points="{corners}" fill="{color}"/>'
    )


def box_element(box: Box, center: Point, palette: Palette) -> str:
    """Return a box with its text."""
    look, fill = look_of(box, palette), fill_in_svg(fills_of(box, palette))
    (x, y), (width, height) = center, box_size(box)
    stroke = f'stroke="{look.border}"'
    stroke += ' stroke-width="2"' if look.thick else ""
    stroke += ' stroke-dasharray="4 3"' if look.dashed else ""
    radius = height / 2 if box.kind == "op" else 7 if look.round else 2
    parts = [f"<g><title>{escape(box.hint)}</title>" if box.hint else "<g>"]
    if look.double:
        parts.append(rectangle(x, y, width + 8, height + 8, radius + 3, f'fill="none" {stroke}'))
    parts.append(rectangle(x, y, width, height, radius, f'fill="{fill}" {stroke}'))
    first = y - LINE * (len(box.lines) - 1) / 2
    for n, (role, text) in enumerate(box.lines):
        color = palette.text if box.shades else palette.ink(role)
        parts.append(text_element(text, x, first + LINE * n + 4.3, SIZES[role], color))
    return "".join([*parts, "</g>"])


def fill_in_svg(fills: list[str]) -> str:
    """Return a colour, or the name of what `gradient_elements` defines for several of them.

    Several pictures may be in one notebook, so the name says which colours these are.
    """
    return fills[0] if len(fills) == 1 else f"url(#fill{'-'.join(x[1:] for x in fills)})"


def gradient_elements(scene: Scene, palette: Palette) -> list[str]:
    """Return the definitions of the fills that have several colours."""
    several = [fills_of(box, palette) for box in scene.boxes if len(box.shades) > 1]
    if scene.legend is not None:
        several.append(scale_colours(palette))
    return [
        f'<linearGradient id="{name}">'
        + "".join(
            f'<stop offset="{i / (len(found) - 1):.3g}" stop-color="{color}"/>'
            for i, color in enumerate(found)
        )
        + "</linearGradient>"
        for name, found in {fill_in_svg(found)[5:-1]: found for found in several}.items()
        if len(found) > 1
    ]


def scale_elements(scale: Scale, top: float, palette: Palette) -> list[str]:
    """Return a bar with the shades of a scale, and sizes written below it."""
    marks = scale.marks()
    if len(marks) < 2:
        return []
    fill = fill_in_svg(scale_colours(palette))
    frame = f'fill="{fill}" stroke="{palette.line}"'
    elements = [rectangle(BAR / 2, top + 9, BAR, 10, 2, frame)]
    for (shade, text), anchor in zip(
        marks, ["start", *["middle"] * (len(marks) - 2), "end"], strict=True
    ):
        x = BAR * (shade - LEAST_SHADE) / (1 - LEAST_SHADE)
        elements.append(
            text_element(text, x, top + 27, 10, palette.faint, f' text-anchor="{anchor}"')
        )
    return elements


def scale_colours(palette: Palette) -> list[str]:
    """Return the colours at the ends of a scale."""
    return [mixed(*palette.shades, LEAST_SHADE), palette.shades[1]]


def rectangle(x: float, y: float, width: float, height: float, radius: float, look: str) -> str:
    """Return a rectangle around a centre."""
    return (
        f'<rect x="{say(x - width / 2)}" y="{say(y - height / 2)}" width="{say(width)}" '
        f'height="{say(height)}" rx="{say(radius)}" {look}/>'
    )
