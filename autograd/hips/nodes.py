"""Names HIPS autograd's users import: what a step of a computation is noted down as."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["JVPNode", "Node", "VJPNode"]


class Node:
    """A step of a computation, to be subclassed.

    A subclass has `initialize_root(self, *args)` for what goes in, and `__init__` for a step:
    the result, the function and its arguments, raw; which positional arguments were traced, and
    their nodes.
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
        raise NotImplementedError("a class of nodes says in __init__ what it keeps of a step")

    def initialize_root(self, *args: Any, **kwargs: Any) -> None:
        """Make this the node of what goes in."""
        raise NotImplementedError("a class of nodes says in initialize_root how it begins")

    @classmethod
    def new_root(cls, *args: Any, **kwargs: Any) -> Node:
        """Return a node of what goes in."""
        root = cls.__new__(cls)
        root.initialize_root(*args, **kwargs)
        return root


class VJPNode(Node):
    """The name of reverse mode, for `register_notrace` and `new_box`.

    Example:
        >>> from autograd.extend import primitive, register_notrace
        >>> register_notrace(VJPNode, primitive(lambda x: x // 1))
    """

    def initialize_root(self) -> None:
        """Make this the node of what goes in."""


class JVPNode(Node):
    """The name of forward mode, for `register_notrace`.

    Example:
        >>> from autograd.extend import primitive, register_notrace
        >>> register_notrace(JVPNode, primitive(lambda x: x // 1))
    """

    def initialize_root(self, g: Any) -> None:
        """Make this the node of what goes in and moves along `g`."""
        self.g = g
