"""The command line: `python -m autograd check`."""

import sys

import pytest

from autograd.__main__ import main


@pytest.fixture
def functions(tmp_path, monkeypatch):
    """A module of functions in the current directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    tmp_path.joinpath("cli_functions.py").write_text(
        "from autograd import Primitive\n"
        "def product(x, y): return x * y\n"
        "wrong = Primitive('w', lambda x: x * x, vjps=[lambda g, y, x: g * 2.1 * x])\n"
        "def nothing(x): pass\n"
        "def words(x): return 'a'\n"
        "def crash(x): return x.nope\n"
        "three = 3\n"
        "def table(x): return round(x * x, 5)\n"
        "def slope(x): return 2 * x * (1 + 1e-5)\n"
    )
    tmp_path.joinpath("cli_broken.py").write_text("x = 1 / 0")
    yield "cli_functions"
    sys.modules.pop("cli_functions", None)


def test_the_command_checks(functions, capsys):
    assert main(["check", f"{functions}:product", "--args", "[1, 2]", "0.5"]) == 0
    assert capsys.readouterr().out
    assert main(["check", f"{functions}:wrong", "--args", "2", "--order", "1"]) == 1
    assert capsys.readouterr().err


def test_a_gradient_by_hand_and_the_other_options(functions, capsys):
    def run(name, *words):
        status = main(["check", f"{functions}:{name}", "--args", *words])
        said = capsys.readouterr()
        return status, said.out + said.err

    assert run("table", "2", "--grad", f"{functions}:slope")[0] == 1
    status, said = run("table", "2", "--grad", f"{functions}:slope", "--accuracy", "1e-3")
    assert status == 0
    assert "by grad=: 1 moves, each entry by itself; relative error at most" in said
    status, said = run("product", "[1, 2]", "0.5", "--wrt", "1", "--modes", "reverse")
    assert status == 0
    assert "reverse mode, order 2: 3 moves" in said
    assert "forward" not in said
    assert "reverse mode, order 1: 3 moves" in run("product", "[1, 2]", "0.5", "--wrt", "0,1")[1]
    status, said = run("product", "1", "2", "--modes", "sideways")
    assert (status, "modes should be" in said) == (2, True)
    status, said = run("product", "1", "2", "--accuracy", "7")
    assert (status, "accuracy should be" in said) == (2, True)


def test_the_command_at_a_point_outside_the_domain(capsys):
    assert main(["check", "numpy:log", "--args=-1"]) == 2
    assert "not finite at -1.0" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["product", "--args", "1"], "missing 1 required positional argument: 'y'"),
        (["product", "--args", "1", "2", "3"], "takes 2 positional arguments but 3 were given"),
        (
            ["product", "--args", "1", "2", "--order", "0"],
            "order should be an int of at least 1, not 0",
        ),
        (["nothing", "--args", "1"], "does it lack a return?"),
        (["words", "--args", "1"], "should be a number or an array of numbers"),
        (["crash", "--args", "1"], "raises AttributeError: 'float' object has no attribute"),
    ],
)
def test_the_command_says_in_one_line_why_nothing_can_be_checked(functions, capsys, words, message):
    assert main(["check", f"{functions}:{words[0]}", *words[1:]]) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert said.err.count("\n") == 1
    assert not said.out


@pytest.mark.parametrize(
    ("function", "argument", "words"),
    [
        ("cli_functions:three", "1", "cli_functions:three is 3, which is not a function"),
        ("cli_broken:f", "1", "cli_broken cannot be imported: ZeroDivisionError"),
        ("cli_functions", "1", "write module:function"),
        ("cli_functions:absent", "1", "has no attribute 'absent'"),
        ("absent:f", "1", "No module named 'absent'"),
        ("cli_functions:product --wrt=x", "1", "write positions of arguments, 0 or 0,2, not 'x'"),
        ("cli_functions:product --grad=absent:f", "1", "No module named 'absent'"),
        ("cli_functions:product", "one", "write a number or a list of numbers"),
        ("cli_functions:product", "'a'", "write a number or a list of numbers"),
        ("cli_functions:product", "[[1], [1, 2]]", "write a number or a list of numbers"),
    ],
)
def test_the_command_says_what_it_wants(functions, capsys, function, argument, words):
    with pytest.raises(SystemExit) as stop:
        main(["check", *function.split(), "--args", argument])
    assert stop.value.code == 2
    assert words in capsys.readouterr().err
