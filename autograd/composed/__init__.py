"""NumPy functions made of ops: they need no rule of their own.

Files are named after the pages of NumPy's reference, and a page of many functions is a folder with
a file for each of its sections.  A new file is a name in the import below, which lets its functions
answer for NumPy's.
"""

from autograd.composed import (  # noqa: F401
    assignment,
    creation,
    fft,
    functional,
    indexing,
    inplace,
    linalg,
    manipulation,
    mathematical,
    methods,
    ndarray,
    polynomials,
    sorting,
    statistics,
    ufuncs,
)
