"""NumPy functions made of ops: they need no rule of their own.

A new file is a name in the import below, which lets its functions answer for NumPy's.
"""

from autograd.composed import (  # noqa: F401
    assignment,
    creation,
    inplace,
    manipulation,
    mathematical,
    methods,
    nans,
    ndarray,
    padding,
    polynomials,
    reductions,
    selection,
    sequences,
    shapes,
    sorting,
    statistics,
    ufuncs,
)
