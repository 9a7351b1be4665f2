"""Alternative: a picture in words, for those who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.drawing.picture import Picture


def alternative(picture: Picture) -> str:
    """Return a picture in a few words, for those who cannot see it.

    Example:
        >>> from autograd.drawing.picture import picture_of
        >>> alternative(picture_of(lambda x, w: x * w + 1.0, 3.0, 2.0))
        'Graph with 2 ops, from x and w'
    """
    ops = sum(node.op is not None for node in picture.nodes)
    of = several_names([picture[key].name for key in picture.outputs])
    inputs = several_names([node.name for node in picture.nodes if node.kind == "input"])
    size = f"with {ops:,} op{'s' * (ops != 1)}"
    return f"Graph{f' of {of}' if of else ''} {size}{f', from {inputs}' if inputs else ''}"


def several_names(names: Sequence[str], most: int = 4) -> str:
    """Return names as a list in words, of many the first ones."""
    names = list(dict.fromkeys(filter(None, names)))
    if len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1:,} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
