"""Doors: HIPS autograd's modules lie in `hips`, and are found where HIPS autograd has them."""

import pickle
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
DOORS = [  # files that are one import from `hips`
    ".".join(path.relative_to(TOP).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted((TOP / "autograd").rglob("*.py"))
    if "HIPS autograd's name for" in path.read_text() and "hips" not in path.parts
]


def public(module):
    names = getattr(module, "__all__", None) or dir(module)
    return [name for name in names if name[0] not in "_@"]  # pytest puts in some with an @


def names_of(door):
    """Return (home, names): the module of `hips` that a door leads to, and its public names."""
    home = import_module(door.replace("autograd.", "autograd.hips.", 1).replace(".numpy.", "."))
    return home, public(home)


@pytest.mark.parametrize("door", DOORS)
def test_a_door_has_all_names(door):
    home, names = names_of(door)
    assert names
    assert all(getattr(import_module(door), name) is getattr(home, name) for name in names)


@pytest.mark.slow
def test_any_door_can_be_the_first_import():
    program = f"""if True:
        import sys
        from importlib import import_module
        for door in {DOORS}:
            for name in [name for name in sys.modules if name.startswith("autograd")]:
                del sys.modules[name]
            assert import_module(door).__name__ == door
    """
    subprocess.run([sys.executable, "-c", program], cwd=TOP, check=True)


@pytest.mark.parametrize("door", DOORS)
def test_pickles_of_old_names_are_read(door):
    home, names = names_of(door)
    for name in names:
        old = f"c{door}\n{name}\n.".encode()  # a pickle that names it where HIPS autograd has it
        assert pickle.loads(old) is getattr(home, name)


@pytest.mark.slow
def test_type_checkers_see_the_names(tmp_path):
    names = [(door, name) for door in DOORS for name in names_of(door)[1]]
    lines = ["import autograd", *[f"import {door}" for door in DOORS]]
    lines += [f"from {door} import {name} as name_{n}" for n, (door, name) in enumerate(names)]
    lines += [f"reveal_type(name_{n})" for n in range(len(names))]
    lines += ["reveal_type(autograd.core.make_vjp)", "reveal_type(autograd.grad)"]
    program = tmp_path / "program.py"
    program.write_text("\n".join(lines))
    options = ["--strict", "--follow-imports=silent", "--config-file=", "--no-color-output"]
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", *options, str(program)],
        cwd=TOP, capture_output=True, text=True,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout
    seen = re.findall(r'Revealed type is "(.*)"', ran.stdout)
    assert len(seen) == len(names) + 2
    assert "Any" not in seen
