"""The page in the cell of a notebook."""

from __future__ import annotations

import sys
from html import escape
from importlib import import_module
from typing import Any

FRAME = (
    "width: 100%; max-width: 100%; border: 1px solid #8886; border-radius: 6px; resize: vertical"
)


class Cell:
    """A page that a notebook shows in a cell.

    It is an iframe that holds the whole page, so it loads nothing, and the page's own security
    policy stays in force; the sandbox keeps its script away from the notebook.

    Args:
        page: the page.
        title: what it shows, for those who cannot see it.
        height: how high the frame is, in pixels.

    Example:
        >>> Cell("<p>1 < 2</p>", "a sum", 300)._repr_html_()[:46]
        '<iframe title="a sum" role="document" width="1'
    """

    def __init__(self, page: str, title: str, height: int) -> None:
        self.page, self.title, self.height = page, title, height

    def _repr_html_(self) -> str:
        return (
            f'<iframe title="{escape(self.title)}" role="document" width="100%" '
            f'height="{self.height}" style="{FRAME}" sandbox="allow-scripts" loading="lazy" '
            f'srcdoc="{escape(self.page)}"></iframe>'
        )

    def __repr__(self) -> str:
        return f'{self.title}: a notebook shows it here; elsewhere write .save("graph.html")'


def shown(cell: Cell) -> Cell | None:
    """Show a cell where IPython runs, and return None; elsewhere return the cell."""
    ipython: Any = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        return cell
    import_module("IPython.display").display(cell)
    return None
