"""SciPy's functions with derivatives, under the names and signatures of `scipy`.

    >>> from autograd import Value
    >>> from autograd.scipy import special
    >>> x = Value(1.0)
    >>> special.gammaln(x).backward()
    >>> round(x.grad, 6)
    -0.577216

Once `autograd.scipy.special` is imported, `scipy.special`'s own ufuncs take Values too.
"""

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from inspect import isroutine
from types import ModuleType
from typing import Any

import numpy as np

from autograd.engine.dispatch import NUMPY
from autograd.engine.value import Value

try:
    import scipy  # noqa: F401
except ImportError:
    raise ImportError("autograd.scipy needs SciPy: pip install 'chainrule[scipy]'") from None


def on_numbers(owner: Any, name: str, where: str) -> Any:
    """Return SciPy's own `name`, which has no derivative here; a function then refuses Values.

    Args:
        owner: the module or distribution of SciPy that has it.
        name: its name there.
        where: the name of the owner in messages, such as "scipy.special".

    Raises:
        AttributeError: SciPy does not have it either.
    """
    try:
        found = getattr(owner, name)
    except AttributeError:
        raise AttributeError(f"{where} has no {name!r}") from None
    if not (isroutine(found) or isinstance(found, np.ufunc)):
        return found

    @wraps(found)
    def of_numbers(*args: Any, **params: Any) -> Any:
        if any(isinstance(x, Value) for x in (*args, *params.values())):
            if found in NUMPY:
                return NUMPY[found](*args, **params)
            raise TypeError(
                f"{where}.{name} has no derivative rule here, so it cannot take a Value; build it "
                "from functions that have one, or pass v.numpy() if no gradient is needed"
            )
        return found(*args, **params)

    return of_numbers


def others(module: ModuleType) -> Callable[[str], Any]:
    """Return a `__getattr__` that finds SciPy's other names, those without a derivative here."""

    def get(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return on_numbers(module, name, module.__name__)

    return get


def __getattr__(name: str) -> Any:
    if name in ("integrate", "linalg", "optimize", "signal", "special", "stats"):
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"autograd.scipy has no {name!r}")
