"""The command line on expressions: `draw` and `explain`."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from autograd.__main__ import main

TOP = Path(__file__).parents[1]
COMMAND = re.compile(r"^python -m autograd ((?:draw|explain|check) .*)$", re.MULTILINE)
NEURON = ["tanh(x*w + b)", "x=2", "w=-3", "b=6.88"]


def test_draw_prints_the_graph_with_its_gradients(capsys):
    assert main(["draw", *NEURON]) == 0
    printed = capsys.readouterr().out
    assert "tanh" in printed and "0.7064" in printed and "-1.503" in printed


def test_draw_writes_files(tmp_path, capsys):
    path = tmp_path / "g.dot"
    assert main(["draw", "x*w", "x=2", "-o", str(path), "w=[1, 2]"]) == 0
    assert capsys.readouterr().out == f"{path}\n"
    assert "digraph" in path.read_text()


def test_explain_in_each_format(capsys):
    assert main(["explain", *NEURON, "--wrt", "x, w"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("y = tanh(x·w + b) = 0.7064\n")
    assert "∂y/∂x = −1.503" in printed and "∂y/∂w = 1.002" in printed and "∂y/∂b" not in printed
    assert main(["explain", *NEURON, "--format", "latex"]) == 0
    assert r"\begin{align*}" in capsys.readouterr().out
    assert main(["explain", *NEURON, "--format", "markdown", "--paths", "1"]) == 0
    assert "| --- |" in capsys.readouterr().out


def test_numbers_are_expressions_and_an_expression_may_begin_with_a_minus(capsys):
    assert main(["explain", "-x*2", "x=[1, pi/2][1]"]) == 0
    assert "= −3.142" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words, message",
    [
        (["tahn(x)", "x=1"], "did you mean tanh?\n  tahn(x)\n  ^^^^"),
        (["x*w", "x=1"], "w has no value; give it one: w=1.0"),
        (["1 + 2"], "the expression needs a variable"),
        (["x*2", "x=__import__('os')"], "there is no function __import__"),
        (["x*2", "x"], "write name=number, such as x=2 or 'w=[1, 2]', not 'x'"),
        (["x*2", "2=x"], "not '2=x'"),
        (["x*2", "x=1", "x=2"], "x is given twice"),
        (["x*2", "x=1", "-o", "nowhere/g.svg"], "there is no folder nowhere"),
        (["x*2", "x=1", "-o", "g.gif"], "'g.gif' should end in .svg"),
        (["x*2", "x=1", "-o", "g"], "'g' should end in .svg"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(words, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["draw", *words]) == 2
    printed = capsys.readouterr()
    assert message in printed.err and not printed.out
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "words, message",
    [
        (["x*2", "x=[1, 2]"], "write explain(y[0]) for one entry"),
        (["x*2", "x=1", "--paths", "0"], "number of paths to show, should be at least 1, not 0"),
        (["x*2", "x=1", "--wrt", "q"], "depends on no Value called 'q'; choose from x"),
    ],
)
def test_what_cannot_be_explained(words, message, capsys):
    assert main(["explain", *words]) == 2
    assert message in capsys.readouterr().err


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path, capsys):
    (tmp_path / "g.dot").mkdir()
    assert main(["draw", "x*2", "x=1", "-o", str(tmp_path / "g.dot")]) == 2
    assert "cannot write" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["g.dot"]


def test_help_reads_well(capsys):
    assert main([]) == 0
    printed = capsys.readouterr().out
    assert all(command in printed for command in ("check", "draw", "explain"))
    with pytest.raises(SystemExit) as stop:
        main(["draw", "--help"])
    assert stop.value.code == 0 and "x=2 w=-3 b=6.88 -o g.svg" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["draw", "x*2", "x=1", "--nothing"], ["paint"], ["draw"]])
def test_what_no_command_knows(words, capsys):
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 2 and "python -m autograd" in capsys.readouterr().err


COMMANDS = [
    command
    for page in sorted((TOP / "docs").glob("*.md"))
    for command in COMMAND.findall(page.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_on_the_pages_run(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    status, error = main(shlex.split(command, comments=True)), capsys.readouterr().err
    if "pip install" in error:
        pytest.skip(error)
    assert status == 0, error


def test_from_a_shell():
    ran = subprocess.run(
        [sys.executable, "-m", "autograd", "draw", "tanh(x*w", "x=2"],
        cwd=TOP,
        capture_output=True,
        encoding="utf-8",
    )
    assert ran.returncode == 2 and ran.stdout == ""
    assert ran.stderr.startswith("the expression stops before it is complete\n  tanh(x*w\n")


def test_no_line_is_named_that_nobody_wrote():
    ran = subprocess.run(
        [sys.executable, "-m", "autograd", "check", "math:sin", "--args", "1.0"],
        cwd=TOP,
        capture_output=True,
        encoding="utf-8",
    )
    assert ran.returncode == 1 and "DroppedGradientError" in ran.stderr
    assert "<frozen" not in ran.stderr


def test_a_terminal_without_the_signs():
    ran = subprocess.run(
        [sys.executable, "-m", "autograd", "explain", "2*x", "x=1"],
        cwd=TOP,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        encoding="ascii",
        check=True,
    )
    assert ran.stdout.startswith("y = 2?x = 2\n")


NASTY = "\x1b[2J\x07\x00\x9b"


@pytest.mark.parametrize(
    "words",
    [
        ["draw", f"x*{NASTY}", "x=1"],
        ["draw", "x*2", f"{NASTY}=1"],
        ["draw", "x*2", "x=1", "-o", f"{NASTY}.gif"],
        ["explain", "x*2", "x=1", "--wrt", NASTY],
        ["explain", "x*2", "x=1", "--paths", NASTY],
        ["explain", "x*2", "x=1", f"--{NASTY}"],
        ["check", f"math:{NASTY}", "--args", "1"],
        ["check", "math:sin", "--args", NASTY],
        [NASTY],
    ],
)
def test_no_control_character_reaches_a_terminal(words, capsys):
    try:
        assert main(words) == 2
    except SystemExit as stop:  # argparse
        assert stop.code == 2
    printed = capsys.readouterr().err
    assert printed and all(sign.isprintable() or sign == "\n" for sign in printed)


def test_names_and_entries_of_many_variables(capsys):
    many = [f"x{n}=1" for n in range(20_000)]
    assert main(["draw", "x0 + x19999", *many]) == 0
    large = "dot(transpose([[" + "1," * 400 + "]]), [[" + "1," * 400 + "]])"
    assert main(["draw", "a", *[f"{name}={large}" for name in "abcdefg"]]) == 2
    assert "g is too large: together they may have 1,000,000 entries" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="pipes are closed otherwise elsewhere")
@pytest.mark.parametrize(
    "words",
    [
        ["draw", *NEURON],
        ["explain", *NEURON],
        ["check", "numpy:sin", "--args", "1.0"],
        ["draw", "--help"],
        [],
    ],
)
def test_it_ends_quietly_when_nobody_reads(words):
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(
        [sys.executable, "-m", "autograd", *words],
        stdout=writer,
        stderr=subprocess.PIPE,
        cwd=TOP,
        env={**os.environ, "PYTHONPATH": str(TOP)},
    )
    os.close(writer)
    assert ran.stderr == b"" and ran.returncode in (0, 1)  # 0: argparse wrote its help
