"""Why results and slopes are not finite: the causes that several rows state in `outside`, `steep`.

Each is a pair of a condition and words for `debug()` to say; `engine/described.py` explains them.
"""

import numpy as np


def far(x):
    """Return the size from which numbers of this dtype are close to an overflow."""
    kind = np.result_type(x)
    return float(np.finfo(kind if kind.kind in "fc" else float).max) ** 0.4


def next_to_zero(x):
    """Return which numbers are so small that dividing by them may overflow."""
    return np.abs(x) < 1 / far(x)


EMPTY_ROW = (
    "leave at least one entry in each row, or give a row without one harmless numbers and put 0 in "
    "place of its result: np.where(mask.any(axis=…), result, 0.0)"
)


def divided_by(place):
    """Return the causes that lie in the divisor, the argument at this position."""
    return (
        (
            lambda y, *args: (args[place] == 0) & np.isnan(y) & (args[0] == 0),
            "0 / 0, a division by zero; make sure that the divisor is not 0; if this is a mean of "
            f"a row with no entry left, {EMPTY_ROW}",
        ),
        (
            lambda y, *args: args[place] == 0,
            "a division by zero; make sure that the divisor is not 0, or add a small number to it",
        ),
        (
            lambda y, *args: next_to_zero(args[place]),
            f"a division by a number as small as {{least[{place}]:.2g}}; add a small number to it",
        ),
    )


OVERFLOW = (
    (
        lambda y, x: np.isfinite(x),
        "an overflow: {op} of {sizes[0]:.4g} is larger than any {dtype}; "
        "autograd.logsumexp, softmax, log_softmax, softplus and sigmoid do not overflow",
    ),
)
INF_MINUS_INF = (
    (
        lambda y, x, *_: np.isinf(x),
        "inf − inf, which is not a number; look for an infinity that came in, such as a mask's",
    ),
)
NOTHING_TIMES_INF = (
    (
        lambda y, *args: any(np.isinf(x).any() for x in args),
        "0 · inf, which is not a number; multiply only finite numbers by a mask of 0 and 1",
    ),
)
LOGARITHM = {
    "outside": (
        (
            lambda y, x: np.isnan(y),
            "the logarithm of a negative number; write np.log(np.maximum(x, {small}))",
        ),
        (
            lambda y, x: x == 0,
            "the logarithm of zero; write np.log(x + {small}), or np.log(np.maximum(x, {small})), "
            "or autograd.log_softmax for the logarithm of probabilities",
        ),
    ),
    "steep": (
        (
            lambda y, x: next_to_zero(x),
            "the logarithm of zero, or of a number very close to it",
        ),
    ),
}


def defined_from(interval):
    """Return the causes for an op that is defined on an interval and steep at its ends."""
    return {
        "outside": (
            (
                lambda y, x: True,
                f"{{op}} is defined from {interval}, not at {{x!r}}; clip its argument with "
                "np.clip(x, low, high)",
            ),
        ),
        "steep": (
            (
                lambda y, x: np.abs(x) == 1,
                "its slope at the ends of its interval, ±1, is infinite; clip the argument to a "
                "slightly smaller interval",
            ),
        ),
    }
