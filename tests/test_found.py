"""docs/found.md says what the named releases give, and what is right."""

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
FOUND = runpy.run_path(str(DOCS / "found" / "__main__.py"))
PAGE = (DOCS / "found.md").read_text(encoding="utf-8").splitlines()


def test_each_release_has_rows_and_a_module():
    for module, release in FOUND["ABOUT"].items():
        assert (DOCS / "found" / f"{module}.py").exists()
        assert any(line.startswith(f"| {release} |") for line in PAGE), release


@pytest.mark.slow
@pytest.mark.parametrize("module", FOUND["ABOUT"])
@pytest.mark.filterwarnings("ignore")  # other packages' warnings are theirs
def test_the_page_has_the_numbers(module, monkeypatch):
    if reason := FOUND["missing"](module):
        pytest.skip(reason)
    monkeypatch.syspath_prepend(DOCS / "found")
    stands = [line for line in PAGE if line.startswith(f"| {FOUND['ABOUT'][module]} |")]
    assert list(FOUND["rows"](module)) == stands
