"""HIPS autograd's node classes, which record the steps of a computation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["JVPNode", "Node", "VJPNode"]


class Node:
    """A step of a computation, to be subclassed.

    A subclass defines `initialize_root(self, *args)` for an input, and `__init__` for a step. The
    latter gets the raw result, the function and its raw arguments; which positional arguments were
    traced; and the nodes of these.
    """

    __slots__ = ()

    def __init__(
        self,
        value: Any,
        fun: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        parent_argnums: tuple[int, ...],
        parents: tuple[Node, ...],
    ) -> None:
        raise NotImplementedError(
            "define __init__ in your class of nodes: it says what to keep of a step"
        )

    def initialize_root(self, *args: Any, **kwargs: Any) -> None:
        """Make this the node of an input."""
        raise NotImplementedError(
            "define initialize_root in your class of nodes: it says what to keep of an input"
        )

    @classmethod
    def new_root(cls, *args: Any, **kwargs: Any) -> Node:
        """Return the node of an input."""
        root = cls.__new__(cls)
        root.initialize_root(*args, **kwargs)
        return root


class VJPNode(Node):
    """Stands for reverse mode in `register_notrace` and `new_box`.

    Example:
        >>> from autograd.extend import primitive, register_notrace
        >>> register_notrace(VJPNode, primitive(lambda x: x // 1))
    """

    def initialize_root(self) -> None:
        """Make this the node of what goes in."""


class JVPNode(Node):
    """Stands for forward mode in `register_notrace`.

    Example:
        >>> from autograd.extend import primitive, register_notrace
        >>> register_notrace(JVPNode, primitive(lambda x: x // 1))
    """

    def initialize_root(self, g: Any) -> None:
        """Make this the node of an input that changes by `g`."""
        self.g = g
