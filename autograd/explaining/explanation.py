"""explain: show how a derivative comes about, as text, Markdown or LaTeX."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from autograd.explaining import pages
from autograd.explaining.found import Found, find
from autograd.explaining.text import text
from autograd.notation.names import variables


class Explanation(Found):
    """How a derivative comes about, ready to print; see `explain`."""

    def __str__(self) -> str:
        return text(self)

    __repr__ = __str__

    def markdown(self) -> str:
        """Return the explanation as Markdown, with its formulas in LaTeX."""
        return pages.markdown(self)

    def latex(self) -> str:
        """Return the explanation as LaTeX, the lines of `align*` environments."""
        return pages.latex(self)

    def _repr_markdown_(self) -> str:
        return self.markdown()


def explain(y: Any, wrt: Any = None, *, paths: int = 5) -> Explanation:
    """Explain the derivative of a Value: each step as a formula and a number, path by path.

    The derivative is the sum over all paths from `y` to `wrt` of the product of the local
    derivatives on the path. Finite differences are shown next to it, and how each gradient grows
    in the backward pass. Small arrays are written in full, constants under their variables' names.

    Args:
        y: a computed Value of one entry. If it is complex, the derivative is that of its real
            part, which is the complex derivative if the function is holomorphic.
        wrt: what to differentiate with respect to: a Value, several in a list, or a name; if left
            out, all leaves, those with the largest gradients first.
        paths: how many paths to show, strongest first.

    Returns:
        an Explanation: print it, or use `.markdown()` or `.latex()`. Notebooks show it.

    Raises:
        TypeError: `y` or `wrt` is not a Value, or holds integers.
        ValueError: `y` has more than one entry, or depends on nothing that can be differentiated;
            or `paths` is below 1.
        FreedGraphError: the graph was freed.

    Example:
        >>> from autograd import Value
        >>> x = Value(3.0)
        >>> print(explain(x * x + 2 * x, wrt=x))
        y = x² + 2·x = 15
        <BLANKLINE>
          v1 = x²         = 9     ∂v1/∂x = x = 3, twice
          v2 = 2·x        = 6     ∂v2/∂x = 2
          y  = v1 + v2    = 15    ∂y/∂v1 = 1
                                  ∂y/∂v2 = 1
        <BLANKLINE>
        from y back, each gradient as it grows:
          ∂y/∂y     1              = 1
          ∂y/∂v1    + 1 from y     = 1
          ∂y/∂v2    + 1 from y     = 1
          ∂y/∂x     + 2 from v2    = 2
          ∂y/∂x     + 3 from v1    = 5
          ∂y/∂x     + 3 from v1    = 8
        <BLANKLINE>
        ∂y/∂x = 8, the sum over 3 paths
          y → v1 → x            1 · 3    = 3, twice
          y → v2 → x            1 · 2    = 2
          sum                            = 8
          finite differences             ≈ 8 ✓
    """
    return explanation(y, wrt, paths, variables(sys._getframe(1)))


def explanation(y: Any, wrt: Any, paths: int, scope: Mapping[str, Any]) -> Explanation:
    """Return the explanation of a Value, with names from a scope."""
    return Explanation(**vars(find(y, wrt, paths, scope)))
