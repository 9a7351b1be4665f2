"""scipy.stats: distributions whose densities and probabilities have gradients.

    >>> from autograd import Value
    >>> from autograd.scipy.stats import gamma
    >>> shape = Value(2.0)
    >>> gamma.logpdf(1.0, shape).backward()
    >>> round(shape.grad, 6)
    -0.422784

SciPy's other methods (`rvs`, `mean`, `fit`) are there too, for plain numbers.
"""

import sys
from typing import Any

from autograd.scipy import on_numbers
from autograd.scipy.stats import continuous, discrete, multivariate
from autograd.scipy.stats.distribution import Family

DISTRIBUTIONS = {
    name: found
    for table in (continuous, discrete, multivariate)
    for name, found in vars(table).items()
    if isinstance(found, Family)
}
globals().update(DISTRIBUTIONS)
# Programs for HIPS autograd import them as modules: `import autograd.scipy.stats.norm as norm`.
sys.modules.update({f"{__name__}.{name}": found for name, found in DISTRIBUTIONS.items()})  # type: ignore[misc]


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    import scipy.stats

    if hasattr(getattr(scipy.stats, name, None), "rvs"):
        return Family(name)
    return on_numbers(scipy.stats, name, "scipy.stats")
