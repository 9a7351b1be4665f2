"""The page: a graph as a single HTML file, to be opened in a browser."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib.resources import files

from autograd.drawing.page.facts import facts
from autograd.drawing.picture import Picture
from autograd.notation.names import visible

SCRIPTS = "graph visible layers layout view camera panel search player keys main".split()


def html(picture: Picture, title: str = "") -> str:
    """Return a picture as a page: pan, zoom, search, fold, and step through both passes.

    The page is one file, loads nothing and may be opened from anywhere. It holds the newest 20,000
    nodes of a graph, and of each array the shape, the range and up to 24 × 24 entries.

    Args:
        picture: what to show.
        title: the title of the page; "The graph of y" if left out.

    Example:
        >>> from autograd import Value
        >>> from autograd.drawing.picture import picture_of
        >>> page = html(picture_of(Value(2.0) ** 2), title="a square")
        >>> page.startswith("<!DOCTYPE html>"), "src=" in page
        (True, False)
    """
    assets = files("autograd.drawing.page") / "assets"
    script = "\n".join((assets / f"{name}.js").read_text("utf-8") for name in SCRIPTS)
    style = (assets / "page.css").read_text("utf-8")
    names = ", ".join(filter(None, (picture[key].name for key in picture.outputs)))
    title = visible(title) or (f"The graph of {names}" if names else "The graph")
    told = json.dumps(facts(picture, title), separators=(",", ":"))
    parts = {
        "title": escape(title).encode("utf-8", "replace").decode("utf-8"),
        "style": style,
        "style-hash": digest(style),
        "script": script,
        "script-hash": digest(script),
        # Only "<" could end a script element; JSON has it in strings alone.
        "facts": told.replace("<", "\\u003c"),
    }
    template = (assets / "page.html").read_text("utf-8")
    return re.sub(r"\{\{([\w-]+)\}\}", lambda match: parts[match[1]], template)


def digest(text: str) -> str:
    """Return the hash by which the page's security policy recognises its script or style."""
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
