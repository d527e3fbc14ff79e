"""The house rules that a program can check: who imports whom, what loads when, what is never called."""

from __future__ import annotations

import ast
import configparser
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "symkern"
SOURCES = sorted(PACKAGE.rglob("*.py"))


def test_imports_follow_the_table_of_rooms() -> None:
    """The contracts of setup.cfg, by import-linter."""
    code = "from importlinter.cli import lint_imports_command as c; c()"
    # Without its cache, so that tests leave nothing behind in the checkout.
    done = subprocess.run(
        [sys.executable, "-c", code, "--config", "setup.cfg", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Contracts: 1 kept, 0 broken" in done.stdout.replace("\n", " ")


def test_every_room_of_the_tree_is_in_the_contract() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    layers = config["importlinter:contract:rooms"]["layers"]
    listed = {name.strip(" ()") for line in layers.split("\n") for name in line.split(":")}
    rooms = {
        path.stem
        for path in PACKAGE.iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()
    }
    assert rooms <= listed


def test_every_directory_of_modules_is_a_package() -> None:
    """A directory without __init__.py would work in a checkout and be missing from an installation."""
    bare = {path.parent for path in SOURCES if not (path.parent / "__init__.py").exists()}
    assert not bare


def _imports(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_source(path: Path) -> None:
    """No text is evaluated, flint has one door, names say the mathematics, modules open with a docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    relative = path.relative_to(PACKAGE)
    called = {
        node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }
    assert not called & {"sympify", "parse_expr", "__import__"}
    plain = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not plain & {"eval", "exec", "compile"}
    if relative.parts[0] not in ("exact", "exact.py"):
        assert not {name for name in _imports(tree) if name.split(".")[0] == "flint"}
    assert path.stem not in {"utils", "helpers", "core", "common"}
    assert ast.get_docstring(tree), "a module opens with what lives in it"


def test_heavy_parts_load_on_first_use() -> None:
    """`import symkern` and the start of the command load neither networkx nor scipy nor matplotlib."""
    heavy = ["networkx", "scipy", "matplotlib", "sympy.combinatorics.perm_groups", "hypothesis"]
    code = (
        "import sys, sympy; before = set(sys.modules); import symkern; import symkern.abc; "
        f"print([m for m in {heavy!r} if m in sys.modules and m not in before])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
