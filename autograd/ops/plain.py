"""NumPy functions without a derivative: given a Value, they return plain numbers."""

from collections.abc import Callable
from operator import attrgetter

import numpy as np

from autograd.engine.arrays import normal
from autograd.engine.dispatch import answers
from autograd.engine.tracing import tracer
from autograd.engine.value import Value, held

PLAIN = """
    argmax argmin argsort argwhere nonzero flatnonzero count_nonzero searchsorted digitize
    isneginf isposinf isclose allclose array_equal array_equiv all any iscomplexobj isrealobj
    iscomplex isreal nanargmax nanargmin argpartition lexsort histogram_bin_edges
    result_type shape ndim size
    may_share_memory shares_memory array2string array_repr array_str
    isfortran isscalar common_type min_scalar_type
    diag_indices_from tril_indices_from triu_indices_from ix_ ravel_multi_index unravel_index
    einsum_path linalg.matrix_rank
""".split()

# What these return does not depend on the numbers.
ABOUT_FORMS = {np.iscomplexobj, np.isrealobj, np.result_type, np.shape, np.ndim, np.size}
ABOUT_FORMS |= {np.isscalar, np.common_type, np.isfortran, np.may_share_memory, np.shares_memory}
WITHOUT_DERIVATIVE: set[Callable] = set()  # functions that return plain numbers


def plain(function):
    """Return a function that applies `function` to the raw numbers of its arguments."""

    def of_numbers(*args, **params):
        if (trace := tracer()) is not None and function not in ABOUT_FORMS:
            return trace.applied(function, args, params)
        args, params = tuple(map(_held, args)), {k: _held(x) for k, x in params.items()}
        return normal(function(*args, **params))

    WITHOUT_DERIVATIVE.add(of_numbers)
    return of_numbers


def raw(x):
    """Return the raw numbers of a Value, or of the Values in a list; a Value while it is traced."""
    if isinstance(x, Value) and (trace := tracer()) is not None:
        return trace.plain(x)
    return type(x)(map(raw, x)) if isinstance(x, (list, tuple)) else _held(x)


def _held(x):
    if isinstance(x, (list, tuple)):
        return type(x)(map(_held, x))
    return held(x.current()) if isinstance(x, Value) else x


for _name in PLAIN:
    _function = attrgetter(_name)(np)
    answers(_function)(plain(_function))
