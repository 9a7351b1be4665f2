"""What released packages give beside what is right: the rows of the tables in found.md.

    python docs/found

prints those whose packages are installed in the version that the page is about. The right numbers
are computed with mpmath at 40 digits from the formulas in the modules beside this file.
"""

from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

ABOUT = {
    "embedding": "scikit-learn 1.9.1",
    "counts": "statsmodels 0.15.0",
    "tensors": "torch 2.13.0",
    "special_functions": "scipy 1.17.1",
    "transport": "POT 0.9.7.post1",
    "probits": "gpytorch 1.15.2",
    "sincs": "jax 0.10.2",
    "constraints": "paramz 0.10.0",
    "priors": "GPy 1.15.0",
}


def missing(module: str) -> str:
    """Return why the rows of a module cannot be computed here, or nothing."""
    for distribution, wanted in (("mpmath", None), ABOUT[module].split()):
        try:
            found = version(distribution).partition("+")[0]
        except PackageNotFoundError:
            return f"{distribution} is not installed"
        if wanted not in (None, found):
            return f"found.md is about {distribution} {wanted}, and {found} is installed"
    return ""


def rows(module: str) -> Iterator[str]:
    """Yield the rows of a module as they stand on the page."""
    import mpmath

    with mpmath.workdps(40):
        for call, found, right in import_module(module).rows():
            yield f"| {ABOUT[module]} | `{call}` | {float(found):.6g} | {float(right):.6g} |"


if __name__ == "__main__":
    for module in ABOUT:
        reason = missing(module)
        print(f"{module}: {reason}" if reason else "\n".join(rows(module)))
