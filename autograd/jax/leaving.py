"""Numbers that a program takes out of JAX's arrays, and the errors where they are not known yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.engine.dispatch import there
from autograd.jax.names import jax_itself


def known(x: Any, convert: Callable[[Any], Any], remedy: str) -> Any:
    """Return an array as a number of Python's.

    Raises:
        TypeError: the numbers are not known yet.
    """
    try:
        return convert(x.array)
    except jax_itself().errors.JAXTypeError as error:
        raise TypeError(
            f"to_jax: the program asks for a number that is not known yet; {remedy}{there()}"
        ) from error


def from_outside(x: Any) -> TypeError:
    """Return the error for a Value that is not an argument."""
    name = f" ({x.name})" if x.name else ""
    return TypeError(
        f"to_jax: the function uses a Value{name} that is not an argument, and a compiled "
        "function would keep its numbers of now; make it an argument, with "
        f"nn.functional_call(model, parameters, x) for a model, or use v.numpy(){there()}"
    )
