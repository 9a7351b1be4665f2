"""Which of JAX's functions computes what one of NumPy's, or SciPy's, does."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from autograd.engine.dispatch import there


@cache
def jax_itself() -> ModuleType:
    """Return JAX, imported on first use.

    Raises:
        ImportError: it is not there.
    """
    try:
        import jax
        import jax.scipy.special
    except ImportError as error:
        raise ImportError("to_jax needs JAX: pip install 'chainrule[jax]'") from error
    return jax


@cache
def counterpart(function: Any) -> Callable[..., Any]:
    """Return JAX's function for one of NumPy's, or for a ufunc of SciPy's.

    Raises:
        TypeError: JAX has none.
    """
    jax = jax_itself()
    if function in OTHERWISE:
        return OTHERWISE[function]
    if isinstance(function, np.ufunc):
        places = [jax.numpy, jax.scipy.special]
    else:
        place = jax.numpy
        for part in function.__module__.split(".")[1:]:
            place = getattr(place, part, None)
        places = [place]
    for place in places:
        found = getattr(place, function.__name__, None)
        if found is not None:
            return found
    raise TypeError(
        f"to_jax: JAX has no {function.__name__}; compute it from functions that it has "
        f"(jax.numpy lists them){there()}"
    )


def _windows(x: Any, window_shape: Any, axis: Any = None, **_: Any) -> Any:
    """Return the windows of an array, by their places."""
    numbered = np.arange(x.size).reshape(x.shape)
    places = np.lib.stride_tricks.sliding_window_view(numbered, window_shape, axis)
    return jax_itself().numpy.ravel(x)[places]


def _cholesky(a: Any, *, upper: bool = False) -> Any:
    return jax_itself().numpy.linalg.cholesky(a, upper=upper, symmetrize_input=False)


def _eigh(a: Any, UPLO: str = "L") -> Any:
    return jax_itself().numpy.linalg.eigh(a, UPLO, symmetrize_input=False)


def _repeat(a: Any, repeats: Any, axis: Any = None) -> Any:
    return jax_itself().numpy.repeat(a, np.asarray(repeats), axis)


# JAX's differ in their arguments; or they read both triangles of a matrix, where NumPy reads one.
OTHERWISE: dict[Any, Callable[..., Any]] = {
    np.lib.stride_tricks.sliding_window_view: _windows,
    np.linalg.cholesky: _cholesky,
    np.linalg.eigh: _eigh,
    np.repeat: _repeat,
    np.copy: lambda a, order="K", subok=False: jax_itself().numpy.copy(a),
    np.asarray: lambda a, dtype=None, **_: jax_itself().numpy.asarray(a, dtype),
    np.array: lambda a, dtype=None, **_: jax_itself().numpy.array(a, dtype),
}
