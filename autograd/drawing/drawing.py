"""Drawing: a graph to look at in notebooks, terminals and files."""

from __future__ import annotations

import os
import sys
from base64 import b64encode
from collections.abc import Callable, Collection
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from warnings import warn

from autograd.drawing.alternative import alternative
from autograd.drawing.colours import gradients_of
from autograd.drawing.columns import in_columns
from autograd.drawing.dot import digraph, direction_of
from autograd.drawing.files import write_whole
from autograd.drawing.folding import by_module, readable, with_leaves_at_hand
from autograd.drawing.layout import by_dot
from autograd.drawing.mermaid import mermaid
from autograd.drawing.nearness import FAR, near_the_result, nearest, readable_part
from autograd.drawing.picture import Picture, picture_of
from autograd.drawing.png import letters_without_font, png, size_of
from autograd.drawing.program import program
from autograd.drawing.repeats import in_turns, without_repeats
from autograd.drawing.scene import Options, Scene, scene_of
from autograd.drawing.source import needed
from autograd.drawing.svg import svg
from autograd.drawing.text import tree
from autograd.drawing.touching import clear_layout
from autograd.notation.names import variables

if TYPE_CHECKING:
    import graphviz

    from autograd.drawing.page.cell import Cell


def draw(
    target: Any,
    *args: Any,
    values: bool = True,
    gradients: bool | None = None,
    shapes: bool = True,
    dtypes: bool = False,
    color: str | None = None,
    dark: bool = False,
    depth: int | None = None,
    repeats: bool = True,
    limit: int | Literal["auto"] | None = "auto",
    direction: str | None = None,
    source: bool = False,
) -> Drawing:
    """Return a drawing of the graph behind a Value, or of the one a module or function builds.

    Boxes are Values, circles are ops, and arrows follow the data. A Value is called by its own
    name, its path in a network or the caller's variable that holds it.

    Args:
        target: a Value, or several in a list; or a module or a function to call.
        args: more Values; or the inputs of the module or function.
        values: show numbers; of large arrays, the smallest and the largest.
        gradients: None shows those in `.grad`; True computes them here, without changing `.grad`;
            False shows none.
        shapes: show the shapes of arrays.
        dtypes: show dtypes.
        color: "gradient" colours each Value by the size of its gradient.
        dark: colours for a dark background.
        depth: how many levels of modules to open; 0 draws each module as one box. If left out, all
            are open in a picture of up to 60 boxes, and in a larger one as many as keep it so.
        repeats: draw repeated parts once, with "× 16"; False draws every part of every module.
        limit: how many Values and constants to draw, those nearest to the result; None for all. If
            left out, 300, or 60 if more than five lines would run beside each other.
        direction: where the data goes: "LR" (left to right), "RL", "TB" (top to bottom) or "BT".
            If left out, long graphs go from top to bottom and others from left to right.
        source: write the line of the program that made it on each computed Value. Lines are known
            if a function is drawn, draw(f, x), or the graph was made inside `debug()`; the page
            shows them anyway.

    Raises:
        TypeError: there is no Value to draw, or a module or function came without its inputs.
        ValueError: an option has no such value, gradients of several numbers are to be drawn, or
            `source` is to be shown of a graph of which no line is known.
        FreedGraphError: the graph was freed.

    Example:
        >>> from autograd import Value, tanh
        >>> x, w = Value(2.0), Value(-0.5)
        >>> print(draw(tanh(x * w), gradients=True))
        tanh -0.7616  grad 1
          × -1  grad 0.42
            x = 2  (input)  grad -0.21
            w = -0.5  (input)  grad 0.8399
    """
    options = Options(
        values, gradients, shapes, dtypes, color, dark, depth, repeats, limit, direction, source
    )
    picture = picture_of(target, *args, scope=variables(sys._getframe(1)))
    return Drawing(needed(picture) if source else picture, options)


class Drawing:
    """A graph to look at: notebooks and terminals show it, and `save` writes it to a file.

    Attributes:
        picture: all nodes of the graph.
        options: what to show of them.

    Example:
        >>> from autograd import Value, draw
        >>> x = Value(2.0)
        >>> "2" in draw(x * x).source
        True
    """

    title = ""  # of the page; a page without one is called after the outputs

    def __init__(self, picture: Picture, options: Options) -> None:
        self.picture = picture
        self.options = options

    @cached_property
    def gradients(self) -> dict[str, Any]:
        """The gradient of each node by its key."""
        return gradients_of(self.picture, self.options.gradients, self.options.color is not None)

    @cached_property
    def folded(self) -> Picture:
        """The nodes that are drawn: repeats and modules folded, distant nodes left out."""
        options = self.options
        if options.limit is None:
            return self.whole
        if options.limit != "auto":
            return nearest(self.whole, options.limit)
        by_itself = options.repeats and options.depth is None
        return readable_part(self.whole) if by_itself else near_the_result(self.whole, FAR)

    @cached_property
    def whole(self) -> Picture:
        """The nodes with repeats and modules folded."""
        picture, options = self.picture, self.options
        if options.repeats:
            picture = without_repeats(picture)
        if options.depth is not None:
            picture = by_module(picture, options.depth)
        elif options.repeats:
            picture = readable(picture)
        return picture

    @cached_property
    def scene(self) -> Scene:
        """The boxes and lines that are drawn."""
        return scene_of(with_leaves_at_hand(self.folded), self.gradients, self.options)

    @cached_property
    def graph(self) -> graphviz.Digraph:
        """The drawing as a `graphviz.Digraph`."""
        return digraph(self.scene, self.options.direction, self.options.dark)

    @property
    def source(self) -> str:
        """The drawing in Graphviz's DOT language."""
        return self.graph.source

    @cached_property
    def svg(self) -> str:
        """The drawing as an SVG document."""
        places = clear_layout(self.scene, self.source, self.options.direction)
        if self.options.direction is None:
            places = in_columns(places, self.scene)
        return svg(self.scene, places, self.options.dark, alternative(self.folded))

    @property
    def png(self) -> bytes:
        """The drawing as a PNG picture, at twice its size for sharp letters."""
        return png(self.svg)

    @property
    def html(self) -> str:
        """The whole graph as a page to explore, in one file."""
        from autograd.drawing.page.html import html

        return html(in_turns(self.picture) if self.options.repeats else self.picture, self.title)

    def show(self, height: int = 480) -> Cell | None:
        """Show the page in the cell of a notebook.

        Args:
            height: how high the page is there, in pixels.

        Returns:
            None where IPython shows it; elsewhere a Cell, which other notebooks show as the last
            line of a cell.

        Raises:
            ValueError: the height is no positive number.
        """
        from autograd.drawing.page.cell import Cell, shown

        if not height > 0:
            raise ValueError(f"height={height!r} should be a number of pixels, such as 480")
        return shown(Cell(self.html, self.title or alternative(self.picture), height))

    @property
    def mermaid(self) -> str:
        """The drawing as a Mermaid flowchart, which Markdown on many sites draws as a picture."""
        return mermaid(self.scene, direction_of(self.scene, self.options.direction))

    @cached_property
    def listed(self) -> Picture:
        """The nodes that have a line in a text; lines do not cross, so there may be 300."""
        return near_the_result(self.whole, FAR) if self.options.limit == "auto" else self.folded

    @property
    def program(self) -> str:
        """The drawing as lines of code, one for each op, in the order in which they ran."""
        return program(self.listed)

    def __str__(self) -> str:
        told = tree(self.folded, self.gradients, self.options)
        return f"{told}\n({self.folded.note})" if self.folded.note else told

    __repr__ = __str__

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        """Return what a notebook shows: SVG, PNG and text, or only text without Graphviz."""
        makers: dict[str, Callable[[], str]] = {
            "image/svg+xml": lambda: self.svg,
            "image/png": lambda: b64encode(self.png).decode(),
            "text/plain": lambda: str(self),
        }
        bundle = {}
        for kind, make in makers.items():
            if (include and kind not in include) or (exclude and kind in exclude):
                continue
            try:
                bundle[kind] = make()
            except ModuleNotFoundError as error:
                missing = str(error)
                continue
            if kind == "text/plain" and len(bundle) == 1 and not include:
                bundle[kind] += f"\n\n{missing}"
        if "image/png" not in bundle:
            return bundle, {}
        width, height = size_of(self.svg)
        return bundle, {"image/png": {"width": width, "height": height}}

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the drawing to a file, by its ending: .svg, .png, .pdf, .dot, .mmd, .html or .txt.

        Args:
            path: the file; an existing one is replaced once the new one is complete. A PNG warns of
                letters that no font here has.

        Returns:
            the path.

        Raises:
            ValueError: the path has another ending.
            ModuleNotFoundError: a package or program for this kind of file is missing.
            OSError: the folder does not exist or cannot be written to.

        Example:
            >>> from tempfile import TemporaryDirectory
            >>> from autograd import Value, draw
            >>> with TemporaryDirectory() as folder:
            ...     draw(Value(2.0) * 3.0).save(f"{folder}/six.dot").name
            'six.dot'
        """
        makers: dict[str, Callable[[], str | bytes]] = {
            ".svg": lambda: self.svg,
            ".png": lambda: self.png,
            ".pdf": lambda: by_dot(self.source, "pdf"),
            ".dot": lambda: self.source,
            ".html": lambda: self.html,
            ".mmd": lambda: f"{self.mermaid}\n",
            ".txt": lambda: f"{self}\n",
        }
        path = Path(path)
        make = makers.get(path.suffix.lower())
        if make is None:
            raise ValueError(f"{path.name!r} should end in {', '.join(makers)}")
        if not path.parent.is_dir():
            raise FileNotFoundError(f"cannot write {path}: there is no folder {path.parent}")
        content = make()
        if path.suffix.lower() == ".png" and (missing := letters_without_font(self.svg)):
            warn(
                f"install a font that has {missing}, such as Noto Sans CJK or Noto Emoji, or save "
                f"an .svg, which shows them in browsers: {path.name} has empty boxes instead",
                stacklevel=2,
            )
        write_whole(path, content.encode() if isinstance(content, str) else content)
        return path
