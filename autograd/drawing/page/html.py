"""The page: a graph as a single HTML file, to be opened in a browser."""

from __future__ import annotations

from autograd.drawing.page.facts import facts
from autograd.drawing.picture import Picture
from autograd.notation.names import visible
from autograd.notation.pages import page_of

SCRIPTS = "graph visible layers layout view camera panel search passes keys main".split()


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
    names = ", ".join(filter(None, (picture[key].name for key in picture.outputs)))
    title = visible(title) or (f"The graph of {names}" if names else "The graph")
    return page_of("autograd.drawing.page", "page", SCRIPTS, title, facts(picture, title))
