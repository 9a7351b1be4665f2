"""Rows of an explanation: a step of the forward pass, and a path."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass
class Row:
    """One step of the forward pass, with its local derivatives.

    Attributes:
        name, made, number: `v1`, `x·w` and `-6`; a note on left-out steps has only a name.
        partials: the local derivatives on the paths.
        twins: the names of other nodes that were made in the same way.
    """

    name: str
    made: str = ""
    number: str = ""
    partials: list[str] = field(default_factory=list)
    twins: list[str] = field(default_factory=list)

    @property
    def names(self) -> str:
        """All names, as v1, v2."""
        return ", ".join([self.name, *self.twins])

    def key(self) -> tuple[str, ...]:
        """Return what equal steps have in common, however they are called."""
        own = re.compile(rf"(?<!\w){re.escape(self.name)}(?![\w′'])")
        return (self.made, self.number, *[own.sub("·", partial) for partial in self.partials])


@dataclass
class Way:
    """A path, or all the remaining ones together.

    Attributes:
        stops: the names from the result to the end.
        factors: the local derivatives, if they are single numbers.
        product: what it adds to the derivative.
    """

    stops: list[str]
    factors: list[str]
    product: str
