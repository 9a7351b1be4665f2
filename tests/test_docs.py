"""The pages: their code runs, their links lead somewhere, the two commands stand where CI looks."""

import doctest
import re
import runpy
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from unittest.mock import patch

import pytest

from autograd.engine.dispatch import NUMPY
from autograd.engine.primitive import PRIMITIVES

TOP = Path(__file__).parents[1]
PAGES = [TOP / "README.md", TOP / "CONTRIBUTING.md", *sorted((TOP / "docs").glob("**/*.md"))]
PAGES += [page for folder in ("tests", "examples") if (page := TOP / folder / "README.md").exists()]
BLOCK = re.compile(
    r"(?:^<!-- needs ([\w.-]+)(?: ([\d.]+))? -->\n)?^( *)```(\w+)\n(.*?)^ *```$",
    re.MULTILINE | re.DOTALL,
)
SHOWN = re.compile(
    r"^```python\n((?:(?!```).*\n)*)```\n+```text\n((?:(?!```).*\n)*)```$", re.MULTILINE
)
LINK = re.compile(r"\]\(([^)\s]+)\)|<(?:img|source)[^>]*?\ssrc(?:set)?=\"([^\"]+)\"")
COMMENTED_PRINT = re.compile(r"^print\(.*\)  # (.*)$", re.MULTILINE)

# Examples that take long by themselves, or do several things, run with these options.
RUNS = {
    "adding_neuron.py": ["--rows 2000 --epochs 2"],
    "autoencoder.py": ["--epochs 2"],
    "burgers.py": ["--rounds 1 --points 100 --picture wave.png"],
    "convolution.py": ["--epochs 2"],
    "digits.py": ["--epochs 2", "--network 100 --epochs 2 --checkpoint run.npz"],
    "language.py": [
        "{TOP}/LICENSE --size 16 --epochs 2",
        "{TOP}/LICENSE --size 16 --epochs 2 --network lstm",
    ],
    "many_devices.py": ["--epochs 2"],
    "moons.py": ["--epochs 5", "--epochs 5 --shape spirals --picture boundary.png"],
}
EXAMPLES = [
    (example, options)
    for example in sorted((TOP / "examples").glob("*.py"))
    for options in RUNS.get(example.name, [""])
]


def by_name(path):
    return path.relative_to(TOP).as_posix()


def blocks(page, language):
    """Return (line, text) of each fenced block of a page in a language that can run here."""
    text = page.read_text(encoding="utf-8")
    return [
        (text[: m.start(5)].count("\n") + 1, re.sub(rf"^{m[3]}", "", m[5], flags=re.MULTILINE))
        for m in BLOCK.finditer(text)
        if m[4] == language and (m[1] is None or installed(m[1], m[2]))
    ]


def installed(distribution, wanted=None):
    """Return whether a distribution is here, in the version that is wanted if one is."""
    try:
        found = version(distribution).partition("+")[0]
    except PackageNotFoundError:
        return False
    return wanted in (None, found)


def skip_without(error):
    """Skip a test for a package that is not ours and not here."""
    if (error.name or "").split(".")[0] in ("autograd", "nn", "numpy"):
        raise error
    pytest.skip(f"needs {error.name}, which is not installed")


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Run in an empty directory; what a program writes or defines is gone afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    with patch.dict(PRIMITIVES), patch.dict(NUMPY):
        yield


@pytest.mark.slow
@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "python")], ids=by_name)
def test_code_runs(page, elsewhere, capsys):
    names = {"__name__": "__main__"}
    shown = dict(SHOWN.findall(page.read_text(encoding="utf-8")))
    for line, code in blocks(page, "python"):
        where = f"{by_name(page)}, line {line}"
        try:
            if code.lstrip().startswith(">>>"):
                run_session(code, names, where)
            else:
                # empty lines ahead let a traceback name the line of the page
                exec(compile("\n" * (line - 1) + code, str(page), "exec"), names)
                printed = capsys.readouterr().out
                compare_prints(code, printed, where)
                assert shown.get(code, printed) == printed, f"{where} prints\n{printed}"
        except ModuleNotFoundError as error:
            skip_without(error)


def run_session(code, names, where):
    """Run an interactive session; what it defines stays in `names`."""
    session = doctest.DocTestParser().get_doctest(code, names, where, where, 0)
    report = []
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    runner = doctest.DocTestRunner(optionflags=flags)
    failed = runner.run(session, out=report.append, clear_globs=False).failed
    names.update(session.globs)
    if any("ModuleNotFoundError" in part for part in report):
        missing = re.search(r"No module named '([\w.]+)'", "".join(report))[1]
        raise ModuleNotFoundError(name=missing)
    assert not failed, "".join(report)


def compare_prints(code, printed, where):
    """Hold what a block prints against the comments that stand after its prints."""
    comments, lines = COMMENTED_PRINT.findall(code), printed.splitlines()
    if len(comments) == len(lines):
        for comment, line in zip(comments, lines, strict=True):
            assert comment.startswith(line), f"{where} prints {line!r} where it says {comment!r}"


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_links_lead_somewhere(page):
    for target in (a or b for a, b in LINK.findall(page.read_text(encoding="utf-8"))):
        if re.match(r"\w+:", target):
            continue
        path, _, heading = target.partition("#")
        file = page.parent / path if path else page
        assert file.exists(), f"{by_name(page)} links to {target}, which does not exist"
        if heading and file.suffix == ".md":
            assert heading in headings(file), f"{by_name(page)}: no heading for {target}"


def headings(page):
    """Return the names by which a page's headings can be linked to."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_index_of_decisions_is_whole():
    page = TOP / "docs" / "decisions.md"
    text = page.read_text(encoding="utf-8")
    listed = re.findall(r"^- \[.*?\]\(#(.*?)\)", text, re.MULTILINE)
    assert sorted([*listed, "decisions"]) == sorted(headings(page))


@pytest.mark.parametrize(
    ("marker", "ends"),
    [("run command", "examples/adding_neuron.py"), ("test command", "-m pytest")],
)
def test_the_readme_holds_the_two_commands(marker, ends):
    """`.ci/run` and people paste them: one line each that starts from nothing."""
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    found = re.findall(rf"<!-- {marker} -->\n```sh\n(.*?)```", readme, re.DOTALL)
    assert len(found) == 1, f"README.md has {len(found)} blocks marked <!-- {marker} -->"
    command = found[0].strip()
    assert "\n" not in command
    assert command.startswith("python3 -m venv ")
    assert ends in command
    assert len(re.findall(r"<!-- \w+ command -->", readme)) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("example", "options"), EXAMPLES, ids=[f"{path.name} {options}" for path, options in EXAMPLES]
)
def test_examples_run(example, options, elsewhere, monkeypatch, capsys):
    monkeypatch.setattr(
        sys, "argv", [str(example), *(part.format(TOP=TOP) for part in options.split())]
    )
    try:
        runpy.run_path(str(example), run_name="__main__")
    except ModuleNotFoundError as error:
        skip_without(error)
    except SystemExit as stop:
        assert not stop.code, f"{example.name} ended with {stop.code}"
    assert capsys.readouterr().out, f"{example.name} prints nothing"
