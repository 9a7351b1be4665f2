"""NumPy's namespace, for programs that differentiate: `import autograd.numpy as np`.

Every public name of the installed NumPy is here. Functions with a derivative are the same that
plain `import numpy` calls for a Value; here they also find Values inside lists. Arguments without
a Value go to NumPy itself.

Example:
    >>> import autograd.numpy as np
    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> np.mean([x, 2 * x])
    Value(4.5)
    >>> np.mean([3.0, 6.0])
    np.float64(4.5)
"""

from typing import Any

import numpy as _numpy

from autograd.engine.elsewhere import NAMES
from autograd.engine.primitive import PRIMITIVES
from autograd.hips.numpy_wrapper import make_diagonal  # noqa: F401  a name of HIPS autograd
from autograd.numpy import (  # noqa: F401
    fft,
    linalg,
    numpy_boxes,
    numpy_vjps,
    numpy_vspaces,
    numpy_wrapper,
    random,
)
from autograd.numpy.concatenators import c_, r_  # noqa: F401
from autograd.numpy.namespace import differentiable

globals().update(differentiable(_numpy, __name__))

__all__ = list(_numpy.__all__)


def __getattr__(name: str) -> Any:
    if name in PRIMITIVES and not hasattr(_numpy, name):
        raise AttributeError(f"NumPy has no {name}: use autograd.{name}", name=name)
    if name in NAMES and not hasattr(_numpy, name):
        raise AttributeError(f"NumPy has no {name}: use {NAMES[name]}", name=name)
    return getattr(_numpy, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *dir(_numpy)})
