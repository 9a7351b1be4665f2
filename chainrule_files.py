"""Importing this raises an ImportError if `import autograd` does not find the files of chainrule.

The distribution `autograd`, HIPS's, installs a package with the same import name, and pip writes
it over ours without a word. What of chainrule lies outside that package still runs then, and
imports this file first; it needs nothing but Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from os.path import isdir, isfile, join, samefile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import Distribution

OURS = "from autograd.engine"  # only our `autograd/__init__.py` says this
REPAIR = (
    "Run `pip uninstall autograd`, then `pip install --force-reinstall --no-deps chainrule`; "
    "docs/hips.md shows two ways to live with both."
)


def told(spec: ModuleSpec | None) -> str:
    """Return in three sentences what is wrong with the package that was found, or "".

    Args:
        spec: where `import autograd` leads.
    """
    if spec is None or not spec.submodule_search_locations:
        return f"The package autograd of chainrule is missing. Nothing of it works now. {REPAIR}"
    folder = next(iter(spec.submodule_search_locations))
    init = spec.origin or join(folder, "__init__.py")
    if contains_ours(init) or not init.endswith(".py") or not isdir(folder):
        return ""  # a package without its source, or in a zip file, is taken as it is
    names = [name_of(owner) for owner in owners(folder)]
    owner = " and ".join(names) or "another package"
    if not isdir(join(folder, "engine")):
        return (
            f"`import autograd` finds {owner} in {folder} instead of the package of chainrule, "
            "which has the same import name. What needs chainrule's cannot run. Let chainrule's "
            "come first in sys.path, or give each an environment of its own, as docs/hips.md shows."
        )
    needs = needed_by()
    why = f", needed by {needs}," if needs else ""
    did = f"{owner}{why} was installed over them" if names else "they were overwritten or removed"
    return (
        f"The files of chainrule in {folder} are no longer its own: {did}, as pip does without a "
        "word when two distributions install a package of the same name. Neither package works as "
        f"it should now. {REPAIR}"
    )


def contains_ours(file: str) -> bool:
    """Whether a file is there and is our `autograd/__init__.py`; pathlib is slow to import."""
    if not isfile(file):
        return False
    with open(file, encoding="utf-8", errors="replace") as text:
        return OURS in text.read()


def owners(folder: str) -> Iterator[Distribution]:
    """Yield the distributions other than chainrule that installed `autograd` in this folder."""
    from importlib.metadata import distributions  # slow to import, and seldom needed

    for one in distributions():
        files = [] if one.name == "chainrule" else one.files or []
        if any(str(file) == "autograd/__init__.py" for file in files) and (
            isdir(at := str(one.locate_file("autograd"))) and samefile(at, folder)
        ):
            yield one


def needed_by() -> str:
    """Return which installed distributions require the distribution `autograd`."""
    from importlib.metadata import distributions

    needs = re.compile(r"autograd(?![\w.-])(?!.*extra ==)")
    return " and ".join(
        name_of(one) for one in distributions() if any(map(needs.match, one.requires or []))
    )


def name_of(one: Distribution) -> str:
    """Return the name and the version of a distribution."""
    return f"{one.name} {one.version}"


if _message := told(find_spec("autograd")):
    raise ImportError(_message, name="autograd")
