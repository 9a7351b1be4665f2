"""The pytest plugin and the command line, run as their users run them."""

import subprocess
import sys
from pathlib import Path

import pytest

from autograd.__main__ import main

pytest_plugins = ["pytester"]
TOP = str(Path(__file__).parents[2])

OPS = """
import numpy as np
from autograd.primitive import Primitive

cube = Primitive("cube", lambda x: x**3, vjps=[lambda g, y, x: g * {factor} * x**2],
                 elementwise=True, domain=[(-2, 2)])
flip = Primitive("my flip", lambda x, axis: np.flip(x, axis),
                 vjps=[lambda g, y, x, axis: np.flip(g, axis)],
                 samples=lambda rng: [((rng.normal(size=(2, 3)), 1), {{}})])
pick = Primitive("pick", lambda x, index: x[index],
                 vjps=[lambda g, y, x, index: np.array([0.0, 1.0, 0.0]) * g],
                 samples=lambda rng: [((rng.normal(size=3), (1, ...)), {{}})])
bare = Primitive("bare", lambda x: x, vjps=[lambda g, y, x: g])
"""


@pytest.fixture
def run(pytester, monkeypatch):
    """Run pytest with the plugin in a process of its own."""
    monkeypatch.setenv("PYTHONPATH", TOP)

    def run(*args):
        plugin = [] if "--help" in args else ["-p", "no:cacheprovider"]
        return pytester.runpytest_subprocess(
            "-p", "pytest_chainrule", "-p", "no:xdist", *plugin, *args
        )

    return run


def test_the_fixture(run, pytester):
    pytester.makepyfile(
        """
        import numpy as np
        from autograd import Primitive

        wrong = Primitive("wrong", lambda x: x * x, vjps=[lambda g, y, x: g * 2.1 * x])

        def test_right(check_gradients):
            assert check_gradients.keywords == {"order": 1, "seed": 7}
            check_gradients(np.sin, 0.5)

        def test_wrong(check_gradients):
            check_gradients(wrong, 0.5)
        """
    )
    result = run("--gradients-order", "1", "--gradients-seed", "7")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*GradientError*"])


def test_each_op_of_a_package_is_a_test(run, pytester):
    pytester.mkpydir("mine")
    pytester.makepyfile(**{"mine/ops": OPS.format(factor=3)})
    result = run("--gradients", "mine", "-v")
    result.assert_outcomes(passed=24, skipped=8)
    for name in "cube[reverse-order1-float64]", "my flip[forward-order2-float32]":
        result.stdout.fnmatch_lines([f"*mine::{name.replace('[', '[[]')} PASSED*"])
    run("--gradients", "mine", "--gradients-order", "1", "-k", "cube").assert_outcomes(
        passed=4, deselected=12
    )


def test_a_wrong_op_fails_and_prints_where(run, pytester):
    pytester.mkpydir("mine")
    pytester.makepyfile(**{"mine/ops": OPS.format(factor=3.1)})
    result = run("--gradients", "mine", "--gradients-order", "1", "-q", "-k", "reverse and cube")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*check_gradients(cube, np.array(*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_package_that_is_not_there_or_has_no_ops(run, pytester):
    pytester.mkpydir("empty")
    assert run("--gradients", "absent").ret == pytest.ExitCode.USAGE_ERROR
    result = run("--gradients", "empty")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*no module of it holds a Primitive*"])


def test_the_door_is_light():
    program = "import sys, pytest_chainrule; print('autograd' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=TOP, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "False"


def test_the_options_are_explained(run):
    run("--help").stdout.fnmatch_lines(["*--gradients=PACKAGE*", "*--gradients-order=N*"])


@pytest.fixture
def functions(tmp_path, monkeypatch):
    """A module of functions in the current directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    tmp_path.joinpath("cli_functions.py").write_text(
        "from autograd import Primitive\n"
        "def product(x, y): return x * y\n"
        "wrong = Primitive('w', lambda x: x * x, vjps=[lambda g, y, x: g * 2.1 * x])\n"
    )
    yield "cli_functions"
    sys.modules.pop("cli_functions", None)


def test_the_command_checks(functions, capsys):
    assert main(["check", f"{functions}:product", "--args", "[1, 2]", "0.5"]) == 0
    assert capsys.readouterr().out
    assert main(["check", f"{functions}:wrong", "--args", "2", "--order", "1"]) == 1
    assert capsys.readouterr().err


def test_the_command_at_a_point_outside_the_domain(capsys):
    assert main(["check", "numpy:log", "--args=-1"]) == 2
    assert "not finite at -1.0" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("function", "argument", "words"),
    [
        ("cli_functions", "1", "should be module:function"),
        ("cli_functions:absent", "1", "has no attribute 'absent'"),
        ("absent:f", "1", "No module named 'absent'"),
        ("cli_functions:product", "one", "should be a number or a list of numbers"),
        ("cli_functions:product", "'a'", "should be a number or a list of numbers"),
        ("cli_functions:product", "[[1], [1, 2]]", "should be a number or a list of numbers"),
    ],
)
def test_the_command_says_what_it_wants(functions, capsys, function, argument, words):
    with pytest.raises(SystemExit):
        main(["check", function, "--args", argument])
    assert words in capsys.readouterr().err
