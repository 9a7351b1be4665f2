"""Every callable of NumPy in one of four classes, by what it does with a Value.

`python -m tests.numpy.catalogue > docs/numpy.md` writes the page. What is differentiable, and
what returns plain numbers, follows from the registry; only the rest is listed here, for every
NumPy from 2.0 on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from autograd.engine.dispatch import NUMPY
from autograd.engine.primitive import PRIMITIVES
from autograd.numpy.namespace import known, public
from autograd.ops.plain import WITHOUT_DERIVATIVE

MODULES = {"": np, "linalg.": np.linalg, "fft.": np.fft, "random.": np.random}

DIFFERENTIABLE = "differentiable"
FLAT = "no derivative, or zero"
CONSTANT = "makes constants"
UNSUPPORTED = "not supported"

STEPS = """
    floor ceil trunc rint fix round around sign heaviside floor_divide spacing
    bitwise_and bitwise_or bitwise_xor bitwise_not bitwise_invert invert
""".split()

LIKE = "empty_like ones_like zeros_like".split()  # use a Value's shape, not its numbers

CONSTANTS = """
    arange empty eye identity indices ones zeros tri diag_indices tril_indices triu_indices
    mask_indices bartlett blackman hamming hanning kaiser fromfunction fromiter
    broadcast broadcast_shapes ndindex iterable
    fft.fftfreq fft.rfftfreq
    random.beta random.binomial random.bytes random.chisquare random.choice random.dirichlet
    random.exponential random.f random.gamma random.geometric random.gumbel
    random.hypergeometric random.laplace random.logistic random.lognormal random.logseries
    random.multinomial random.multivariate_normal random.negative_binomial
    random.noncentral_chisquare random.noncentral_f random.normal random.pareto
    random.permutation random.poisson random.power random.rand random.randint random.randn
    random.random random.random_integers random.random_sample random.ranf random.rayleigh
    random.sample random.shuffle random.standard_cauchy random.standard_exponential
    random.standard_gamma random.standard_normal random.standard_t random.triangular
    random.uniform random.vonmises random.wald random.weibull random.zipf
    random.default_rng random.Generator random.RandomState random.SeedSequence
    random.BitGenerator random.MT19937 random.PCG64 random.PCG64DXSM random.Philox random.SFC64
    random.seed random.get_state random.set_state
    random.get_bit_generator random.set_bit_generator
""".split()

REASONS = {
    "reads or writes files and buffers, which hold no gradient": """
        fromfile frombuffer fromregex fromstring from_dlpack genfromtxt load loadtxt memmap save
        savetxt savez savez_compressed
    """,
    "prints, or controls how NumPy prints": """
        format_float_positional format_float_scientific get_printoptions printoptions
        set_printoptions show_config show_runtime info base_repr binary_repr typename
    """,
    "is a type, or asks about types": """
        dtype finfo iinfo can_cast isdtype issubdtype mintypecode promote_types
        bool bool_ byte bytes_ cdouble character clongdouble complex128 complex192 complex256
        complex64 complexfloating csingle datetime64 double flexible float128 float16 float32
        float64 float96 floating generic half inexact int16 int32 int64 int8 int_ intc integer
        intp long longdouble longlong number object_ short signedinteger single str_ timedelta64
        ubyte uint uint16 uint32 uint64 uint8 uintc uintp ulong ulonglong unsignedinteger ushort
        void
    """,
    "works with dates": """
        busday_count busday_offset busdaycalendar datetime_as_string datetime_data is_busday isnat
    """,
    "works on the bits of integers": """
        bitwise_count bitwise_left_shift bitwise_right_shift left_shift right_shift packbits
        unpackbits gcd lcm
    """,
    "treats numbers as members of a set": """
        intersect1d isin in1d setdiff1d setxor1d union1d unique unique_all unique_counts
        unique_inverse unique_values
    """,
    "is an array class or an iterator of NumPy's own": """
        asmatrix bmat matrix ndarray recarray record rec chararray flatiter ndenumerate nditer
        nested_iters poly1d
    """,
    "makes a ufunc from a Python function, which only NumPy can call": "frompyfunc ufunc",
    "configures or tests NumPy itself": """
        errstate geterr geterrcall seterr seterrcall getbufsize setbufsize get_include test
        linalg.test fft.test random.test linalg.LinAlgError
    """,
}
UNSUPPORTED_BECAUSE = {name: why for why, names in REASONS.items() for name in names.split()}


def callables() -> Iterator[tuple[str, Callable]]:
    """Yield every public callable of the installed NumPy that is classified, with its name."""
    for prefix, module in MODULES.items():
        for name in public(module):
            if callable(thing := getattr(module, name)):
                yield prefix + name, thing


def classes(name: str, function: Callable) -> list[str]:
    """Return the classes of a callable of NumPy: exactly one, unless the lists have a fault."""
    found = []
    if name in UNSUPPORTED_BECAUSE:
        found.append(UNSUPPORTED)
    if name in CONSTANTS:
        found.append(CONSTANT)
    if known(function):
        found.append(FLAT if flat(name, function) else DIFFERENTIABLE)
    return found


def flat(name: str, function: Callable) -> bool:
    """Whether a NumPy function, called on Values, has no derivative or a derivative of zero."""
    ours = NUMPY[function]
    rules = [op for op in PRIMITIVES.values() if op.call is ours]
    return name in STEPS + LIKE or ours in WITHOUT_DERIVATIVE or any(not op.vjps for op in rules)


def sorting() -> dict[str, list[str]]:
    """Return the names of NumPy's callables by class.

    Example:
        >>> "sin" in sorting()["differentiable"], "argmax" in sorting()["differentiable"]
        (True, False)
    """
    found: dict[str, list[str]] = {c: [] for c in (DIFFERENTIABLE, FLAT, CONSTANT, UNSUPPORTED)}
    for name, function in callables():
        for kind in classes(name, function):
            found[kind].append(name)
    return found


def page() -> str:
    """Return the page that docs/numpy.md holds."""
    names = sorting()

    def listed(chosen: list[str]) -> str:
        return " ".join(f"`{name}`" for name in chosen)

    rows = [
        f"| {why} | {listed([n for n in names[UNSUPPORTED] if UNSUPPORTED_BECAUSE[n] == why])} |"
        for why in REASONS
    ]
    return "\n\n".join(
        [
            "# NumPy, function by function",
            "Written by `python -m tests.numpy.catalogue > docs/numpy.md` "
            f"from NumPy {np.__version__}. "
            "Call each function from `numpy` or from `autograd.numpy`.",
            f"## Differentiable: {len(names[DIFFERENTIABLE])}",
            listed(names[DIFFERENTIABLE]),
            f"## No derivative, or zero: {len(names[FLAT])}",
            "Comparisons, step functions, and functions that return positions, facts or numbers "
            "without a gradient.",
            listed(names[FLAT]),
            f"## Makes constants: {len(names[CONSTANT])}",
            listed(names[CONSTANT]),
            f"## Not supported: {len(names[UNSUPPORTED])}",
            "These functions cannot take a Value; pass `v.numpy()` instead.",
            "\n".join(["| The function… | |", "|---|---|", *rows]),
        ]
    )


if __name__ == "__main__":
    print(page())
