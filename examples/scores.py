"""Test scores from hours of sleep and study: a small network, trained by SciPy's BFGS.

Three pupils tell how long they slept and studied, and what they scored. With two inputs, three
hidden neurons and one output, the network has 13 weights, for which BFGS, made for small smooth
problems, needs no learning rate. As there are more weights than pupils, it could learn these three
by heart and answer anything for a fourth one: a penalty on the squared weights keeps it sensible.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

import nn
from autograd import no_grad
from autograd.misc import flatten
from autograd.scipy.optimize import minimize

HOURS = np.array([[3.0, 5.0], [5.0, 1.0], [10.0, 2.0]])  # of sleep, of study
SCORES = np.array([[75.0], [82.0], [93.0]])
LONGEST, BEST = HOURS.max(axis=0), 100.0  # what counts as 1


def main() -> None:
    """Fit the network, and print the scores that it expects."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--penalty", type=float, default=1e-5, help="%(default)s")
    parser.add_argument("--sleep", type=float, default=8.0, help="hours of a fourth pupil")
    parser.add_argument("--study", type=float, default=3.0, help="hours of a fourth pupil")
    options = parser.parse_args()
    model = nn.MLP(2, [3, 1], nn.sigmoid, nn.sigmoid, seed=0)
    start, unflatten = flatten(model.state_dict())

    def loss(weights: Any) -> Any:
        output = nn.functional_call(model, unflatten(weights), HOURS / LONGEST)
        return nn.squared_error(output, SCORES / BEST) + options.penalty * np.sum(weights**2)

    found = minimize(loss, start, method="BFGS")
    model.load_state_dict(unflatten(found.x))
    print(f"{found.nit} iterations, loss {loss(start):.5f} -> {found.fun:.5f}")

    fourth = [options.sleep, options.study]
    with no_grad():
        expected = BEST * model(np.vstack([HOURS, fourth]) / LONGEST).numpy()[:, 0]
    for (sleep, study), score, right in zip(HOURS, expected, SCORES[:, 0], strict=False):
        print(f"{sleep:4g} h of sleep, {study:g} h of study: {score:5.1f} (scored {right:g})")
    print(f"{fourth[0]:4g} h of sleep, {fourth[1]:g} h of study: {expected[-1]:5.1f} expected")


if __name__ == "__main__":
    main()
