"""Beside HIPS autograd: where its files lie over ours, what is left of ours says so."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
NAMED = "Metadata-Version: 2.1\nName: {}\nVersion: {}\n"
MODULES = "chainrule_files.py", "pytest_chainrule.py"
THEIRS = {  # what the wheel of HIPS autograd installs, in short
    "autograd/__init__.py": "from .core import grad\n",
    "autograd/core.py": "def grad(f): return f\n",
    "autograd-1.9.1.dist-info/METADATA": NAMED.format("autograd", "1.9.1"),
    "autograd-1.9.1.dist-info/RECORD": "autograd/__init__.py,,\nautograd/core.py,,\n",
    "lifelines-0.30.3.dist-info/METADATA": (
        NAMED.format("lifelines", "0.30.3") + "Requires-Dist: autograd-gamma>=0.3\n"
        "Requires-Dist: autograd>=1.5\n"
    ),
}
ENTRY = "[pytest11]\npytest_chainrule = pytest_chainrule\n"
OURS = {  # how pip notes that it has installed this project, in short
    "chainrule-0.1.0.dist-info/METADATA": NAMED.format("chainrule", "0.1.0"),
    "chainrule-0.1.0.dist-info/RECORD": "autograd/__init__.py,,\nchainrule_files.py,,\n",
    "chainrule-0.1.0.dist-info/entry_points.txt": ENTRY,
}
REPAIR = "Run `pip uninstall autograd`, then `pip install --force-reinstall --no-deps chainrule`"


def written(folder, files):
    for name, text in files.items():
        folder.joinpath(name).parent.mkdir(exist_ok=True)
        folder.joinpath(name).write_text(text)


@pytest.fixture
def site(tmp_path):
    """A folder as pip leaves it: our files, and those of HIPS autograd over them."""
    folder = tmp_path / "site"
    for package in ("autograd", "nn"):
        shutil.copytree(TOP / package, folder / package, ignore=shutil.ignore_patterns("*.pyc"))
    for module in MODULES:
        shutil.copy(TOP / module, folder)
    written(folder, OURS | THEIRS)
    return folder


def run(site, *words):
    return subprocess.run(
        [sys.executable, *words],
        cwd=site.parent,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("module", ["nn", "nn.losses", "autograd.testing"])
def test_our_modules_say_what_happened_who_did_it_and_what_to_do(site, module):
    said = run(site, "-c", f"import {module}").stderr.strip().splitlines()[-1]
    assert said.startswith(f"ImportError: The files of chainrule in {site / 'autograd'} are no")
    assert "autograd 1.9.1, needed by lifelines 0.30.3, was installed over them" in said
    assert REPAIR in said
    assert "docs/hips.md" in said
    assert said.count(". ") == 2, "three sentences"


def test_the_command_line_says_it(site):
    ran = run(site, "-m", "autograd", "check", "numpy:sin", "--args", "1")
    assert "autograd 1.9.1, needed by lifelines 0.30.3" in ran.stderr


def test_pytest_says_it_and_runs_what_does_not_need_us(site):
    test = site.parent / "test_it.py"
    test.write_text("def test_it(): pass\ndef test_ours(check_gradients): pass\n")
    plain = "-m", "pytest", "-p", "pytest_chainrule", "-p", "no:xdist", "-p", "no:cacheprovider"
    ran = run(site, *plain, str(test))
    assert "chainrule: The files of chainrule in" in ran.stdout
    assert "1 passed, 1 error" in ran.stdout
    assert "Traceback" not in ran.stdout
    ran = run(site, *plain, str(test), "--gradients", "nn")
    assert ran.returncode == pytest.ExitCode.USAGE_ERROR
    assert "ERROR: The files of chainrule in" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_after_the_other_has_been_uninstalled(site):
    for name in THEIRS:
        (site / name).unlink()
    said = run(site, "-c", "import nn").stderr.strip().splitlines()[-1]
    assert "they were overwritten or removed" in said
    assert REPAIR in said


def test_another_package_that_comes_first_on_the_path(site, tmp_path):
    for name in ("autograd", "autograd-1.9.1.dist-info"):
        shutil.rmtree(site / name)
    first = tmp_path / "first"
    first.mkdir()
    written(first, THEIRS)
    program = f"import sys; sys.path.insert(0, {str(first)!r}); import nn"
    said = run(site, "-c", program).stderr.strip().splitlines()[-1]
    assert f"`import autograd` finds autograd 1.9.1 in {first / 'autograd'} instead" in said
    assert "come first in sys.path" in said


def test_a_copy_without_the_file_goes_without_it(site):
    shutil.copytree(TOP / "autograd", site / "autograd", dirs_exist_ok=True)
    (site / "chainrule_files.py").unlink()
    program = "import sys; sys.meta_path[:] = [f for f in sys.meta_path if isinstance(f, type)]"
    hidden = f"{program}; sys.modules['chainrule_files'] = None; import nn, autograd.testing"
    assert run(site, "-c", hidden).stderr == ""


def test_nothing_is_said_where_nothing_is_wrong(site):
    shutil.copytree(TOP / "autograd", site / "autograd", dirs_exist_ok=True)
    assert run(site, "-c", "import nn, autograd.testing").stderr == ""
