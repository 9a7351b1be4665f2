"""The entry point of the pytest plugin. pytest loads it at every start, so it imports little.

    pytest --gradients PACKAGE [--gradients-order 2] [--gradients-examples 25] [--gradients-seed 0]

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


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("gradients", "derivatives compared with finite differences (chainrule)")
    group.addoption(
        "--gradients",
        metavar="PACKAGE",
        action="append",
        default=[],
        help="add a test for each op, function and network of PACKAGE, by mode, order and dtype",
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


def positive(text: str) -> int:
    """Return a positive whole number.

    Raises:
        ArgumentTypeError: the text is something else.
    """
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} should be a whole number, 1 or more")
    return int(text)


def overwritten() -> str:
    """Return what is wrong with the package `autograd`, "" if it is that of chainrule."""
    try:
        import chainrule_files  # noqa: F401
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
