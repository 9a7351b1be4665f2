"""The entry point of the pytest plugin. pytest loads it at every start, so it imports little.

    pytest --gradients PACKAGE [--gradients-order 2] [--gradients-examples 25] [--gradients-seed 0]
        [--gradients-modes reverse,forward] [--gradients-dtypes float64] [--gradients-seconds 10]

adds a test for each op, function and network of a package, all with the marker `gradients`. Tests
may use the fixture `check_gradients`. The work is done in `autograd/testing/plugin.py`. Where
another package has overwritten `autograd`, the header says so, and these options are an error.
"""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

MODES = ("reverse", "forward")
DTYPES = ("float64", "float32", "float16", "complex128", "complex64")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("gradients", "derivatives compared with finite differences (chainrule)")
    group.addoption(
        "--gradients",
        metavar="PACKAGE",
        action="append",
        default=[],
        help="add a test for each op, function and network of PACKAGE",
    )
    for name, kind, default, text in (
        ("order", positive, 2, "highest order of derivatives to check"),
        ("examples", positive, 25, "how many points to draw for each op that has a domain"),
        ("seed", int, 0, "seed of the random points and directions"),
    ):
        group.addoption(
            f"--gradients-{name}",
            type=kind,
            default=default,
            metavar="N",
            help=f"{text} (default: {default})",
        )
    group.addoption(
        "--gradients-modes",
        type=modes,
        default=MODES,
        metavar="MODES",
        help="reverse, forward or both (default: reverse,forward)",
    )
    group.addoption(
        "--gradients-dtypes",
        type=dtypes,
        metavar="DTYPES",
        help="which dtypes to test, such as float64,float32, or all (default: float64)",
    )
    group.addoption(
        "--gradients-seconds",
        type=float,
        metavar="S",
        help="draw no more points for an op after S seconds (default: no limit)",
    )


def positive(text: str) -> int:
    """Return a positive whole number.

    Raises:
        ArgumentTypeError: the text is something else.
    """
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} should be a whole number, 1 or more")
    return int(text)


def modes(text: str) -> tuple[str, ...]:
    """Return the modes of differentiation in a text such as "reverse,forward".

    Raises:
        ArgumentTypeError: there is none, or no such mode.
    """
    found = tuple(text.split(","))
    if not set(found) <= set(MODES):
        raise ArgumentTypeError(f"{text!r} should be reverse, forward or reverse,forward")
    return found


def dtypes(text: str) -> list[Any]:
    """Return the dtypes in a text such as "float64,float32"; "all" stands for each.

    Raises:
        ArgumentTypeError: numbers of such a dtype have no derivative.
    """
    import numpy as np

    names = DTYPES if text == "all" else text.split(",")
    if not set(names) <= set(DTYPES):
        raise ArgumentTypeError(f"{text!r} should be all, or some of {','.join(DTYPES)}")
    return [np.dtype(name) for name in names]


def overwritten() -> str:
    """Return what is wrong with the package `autograd`, "" if it is that of chainrule."""
    try:
        import chainrule_files  # noqa: F401
    except ModuleNotFoundError:  # an incomplete copy: nothing is known
        return ""
    except ImportError as error:
        return str(error)
    return ""


def pytest_report_header() -> list[str]:
    """Say at the start of a run if another package has overwritten ours."""
    return [f"chainrule: {told}" for told in [overwritten()] if told]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "gradients: the tests that --gradients adds")


@pytest.fixture
def check_gradients(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """`autograd.testing.check_gradients`, with the order and the seed of the command line."""
    if told := overwritten():
        pytest.fail(told, pytrace=False)
    from autograd.testing import check_gradients

    option = request.config.getoption
    return partial(check_gradients, order=option("gradients_order"), seed=option("gradients_seed"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    if packages := session.config.getoption("gradients"):
        if told := overwritten():
            raise pytest.UsageError(told)
        from autograd.testing.plugin import tests_of

        for package in packages:
            tests = list(tests_of(package, session))
            items += tests
            # The terminal counts collected tests by report, and these come from no file.
            report = pytest.CollectReport(package, "passed", None, [*tests])
            session.config.hook.pytest_collectreport(report=report)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say which tests were cut short by --gradients-seconds."""
    cut = [
        f"{report.nodeid}: {left}"
        for report in terminalreporter.stats.get("passed", [])
        for name, left in report.user_properties
        if name == "gradients left out"
    ]
    if cut:
        terminalreporter.section(f"left out after {config.getoption('gradients_seconds'):g} s each")
        terminalreporter.write_line("\n".join(cut))
