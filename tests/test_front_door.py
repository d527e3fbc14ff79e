"""What a newcomer meets first: the import from any folder, the public names, one version, what a source archive carries."""

from __future__ import annotations

import configparser
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import symkern
from symkern.version import __version__

ROOT = Path(__file__).parents[1]
CONFIG = configparser.ConfigParser()
CONFIG.read(ROOT / "setup.cfg")


@pytest.mark.floor
def test_public_names_alone_are_listed() -> None:
    names = dir(symkern)
    assert names == sorted(set(symkern.__all__))
    assert all(hasattr(symkern, name) for name in names)
    assert [name for name in names if name.startswith("_")] == ["__version__"]
    stray = {name for name in vars(symkern) if not name.startswith("_")} - {*names, "annotations"}
    # Rooms and modules that were imported are attributes of a package, whoever imported them.
    assert all(f"symkern.{name}" in sys.modules for name in stray)


def test_the_version_stands_in_one_place() -> None:
    assert symkern.__version__ == __version__
    assert CONFIG["metadata"]["version"] == "attr: symkern.version.__version__"
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"^version: (.*)$", citation, re.MULTILINE) == [__version__]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## (\S+)", changelog, re.MULTILINE)[1] == __version__  # type: ignore[index]


def test_the_import_works_above_a_checkout_of_that_name(tmp_path: Path) -> None:
    """A folder called symkern without __init__.py wins over an import hook, and over no path entry."""
    assert CONFIG["options"]["package_dir"].split() == ["=", "."]
    (tmp_path / "symkern" / "symkern").mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-c", "import symkern; print(symkern.__version__)"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == __version__, done.stderr


def _named(requirements: str) -> dict[str, str]:
    """Package to floor, of the lines of a setup.cfg list or of a constraints file."""
    pairs = re.findall(r"^\s*([\w.-]+) *(?:>=|==) *([\w.]+)", requirements, re.MULTILINE)
    return {name.lower(): version for name, version in pairs}


def test_the_floors_that_are_tried_are_those_that_are_declared() -> None:
    declared = _named(CONFIG["options"]["install_requires"])
    for extra in ("plot", "proofs", "test", "cluster"):
        for name, version in _named(CONFIG["options.extras_require"][extra]).items():
            assert declared.setdefault(name, version) == version, name
    tried = _named((ROOT / "constraints" / "floors.txt").read_text(encoding="utf-8"))
    assert {name: tried.get(name) for name in declared} == declared
