"""The front door is true: every example of README.md and CONTRIBUTING.md is run, and what it prints is compared.

* ``python`` blocks are doctests; the blocks of one document share their names, from top to bottom.
* ``console`` blocks hold commands after ``$`` with their output. Those that call ``symkern`` are run; the
  output of ``make demo`` is that of ``symkern derive``, which it ends in. A line ``...`` stands for any lines.
"""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("**/*.md"))]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(path: Path, language: str) -> list[tuple[int, str]]:
    text = path.read_text(encoding="utf-8")
    return [
        (text.count("\n", 0, m.start(2)) + 1, m[2])
        for m in _BLOCK.finditer(text)
        if m[1] == language
    ]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_every_block_is_closed_and_runs_if_it_is_python(path: Path) -> None:
    """Fences come in pairs, language then none; a block of Python that held no example would be checked by nothing."""
    fences = re.findall(r"^```(\w*)", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert all(fences[::2]) and not any(fences[1::2]) and len(fences) % 2 == 0
    assert [line for line, block in blocks(path, "python") if ">>>" not in block] == []


def commands() -> list[tuple[str, str, str]]:
    """(place, command, output) of every console line that shows symkern's output."""
    found = []
    for path in DOCUMENTS:
        for line, block in blocks(path, "console"):
            for piece in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, output = piece.partition("\n")
                if command.startswith("symkern") or (command == "make demo" and output.strip()):
                    found.append((f"{path.name}:{line} {command}", command, output))
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_python_examples(path: Path) -> None:
    names: dict[str, object] = {}
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    report: list[str] = []
    for line, block in blocks(path, "python"):
        test = doctest.DocTestParser().get_doctest(block, names, path.name, str(path), line - 1)
        runner.run(test, out=report.append, clear_globs=False)
        names = test.globs
    assert not runner.failures, "".join(report)


@pytest.mark.parametrize(
    ("command", "output"), [c[1:] for c in commands()], ids=[c[0] for c in commands()]
)
def test_console_examples(command: str, output: str) -> None:
    import shlex

    words = ["symkern", "derive"] if command == "make demo" else shlex.split(command)
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    shown = "\n".join(line.rstrip() for line in output.rstrip().splitlines())
    printed = "\n".join(line.rstrip() for line in done.stdout.rstrip().splitlines())
    parts = re.split(r"^\.\.\.$", shown, flags=re.MULTILINE)
    if len(parts) == 1:
        assert printed == shown
    assert re.fullmatch(".*".join(map(re.escape, parts)), printed, re.DOTALL), printed


def test_the_readme_opens_with_its_two_commands() -> None:
    """In under a screen, before anything else."""
    opening = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:45])
    assert "make demo" in opening and "make test" in opening


def test_nothing_names_a_registry_host_or_a_home_directory() -> None:
    """What is committed works elsewhere."""
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if tracked.returncode != 0:
        pytest.skip("not a git checkout")
    forbidden = re.compile(
        r"(?<![\w/])/(?:home|root|Users)/|files\.pythonhosted|pypi\.org|://[^/ ]*simple/"
    )
    for name in tracked.stdout.split("\0"):
        path = ROOT / name
        if not name or name == "tests/test_docs.py" or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not forbidden.search(text), name
