"""NumPy functions composed of ops, which need no rule of their own.

Files are named after the pages of NumPy's reference; a long page is a folder with a file for each
of its sections. Add a new file to the import below, which lets its functions replace NumPy's when
they are given a Value.
"""

from autograd.composed import (  # noqa: F401
    assignment,
    creation,
    fft,
    flat,
    functional,
    indexing,
    inplace,
    linalg,
    manipulation,
    mathematical,
    methods,
    ndarray,
    networks,
    polynomials,
    sorting,
    statistics,
    ufuncs,
)
