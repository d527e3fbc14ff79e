"""The front door is true: every example of README.md, CONTRIBUTING.md and the pages in docs/ is run, and what it prints is compared.

* ``python`` blocks are doctests; the blocks of one document share their names, from top to bottom.
* ``console`` blocks hold commands after ``$`` with their output. Those that call ``symkern`` are run; the
  output of ``make demo`` is that of ``symkern derive``, which it ends in. A line ``...`` stands for any lines.
* A page of docs/ is run from top to bottom in an empty folder, Python and commands in turn, so that one may write what the next one reads.
"""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FRONT = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
#: Not what is made while the site is built.
PAGES = [
    path
    for path in sorted((ROOT / "docs").glob("**/*.md"))
    if not {"_build", "notebooks"} & set(path.parts) and path.name != "changes.md"
]
DOCUMENTS = [*FRONT, *PAGES]
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
    """Fences come in pairs, language or directive, then none; a block of Python that held no example would be checked by nothing."""
    fences = re.findall(r"^```([\w{}-]*)", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert all(fences[::2]) and not any(fences[1::2]) and len(fences) % 2 == 0
    assert [line for line, block in blocks(path, "python") if ">>>" not in block] == []


def commands() -> list[tuple[str, str, str]]:
    """(place, command, output) of every console line that shows symkern's output."""
    found = []
    for path in FRONT:
        for line, block in blocks(path, "console"):
            for piece in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, output = piece.partition("\n")
                if command.startswith("symkern") or (command == "make demo" and output.strip()):
                    found.append((f"{path.name}:{line} {command}", command, output))
    return found


@pytest.mark.parametrize("path", FRONT, ids=lambda p: p.name)
def test_python_examples(path: Path) -> None:
    names: dict[str, object] = {}
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    report: list[str] = []
    for line, block in blocks(path, "python"):
        test = doctest.DocTestParser().get_doctest(block, names, path.name, str(path), line - 1)
        runner.run(test, out=report.append, clear_globs=False)
        names = test.globs
    assert not runner.failures, "".join(report)


def assert_shown(output: str, printed: str) -> None:
    """What was printed is what the document shows, but for what its lines ``...`` stand for."""
    shown = "\n".join(line.rstrip() for line in output.rstrip().splitlines())
    printed = "\n".join(line.rstrip() for line in printed.rstrip().splitlines())
    parts = re.split(r"^\.\.\.$", shown, flags=re.MULTILINE)
    if len(parts) == 1:
        assert printed == shown
    assert re.fullmatch(".*".join(map(re.escape, parts)), printed, re.DOTALL), printed


@pytest.mark.parametrize(
    ("command", "output"), [c[1:] for c in commands()], ids=[c[0] for c in commands()]
)
def test_console_examples(command: str, output: str) -> None:
    words = ["symkern", "derive"] if command == "make demo" else shlex.split(command)
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert_shown(output, done.stdout)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(ROOT / "docs").as_posix())
def test_pages(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands of symkern run in this process, 80 columns wide; ``python FILE`` in one of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("agg")
    names: dict[str, object] = {}
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    runner = doctest.DocTestRunner(optionflags=flags)
    report: list[str] = []
    text = path.read_text(encoding="utf-8")
    try:
        for match in _BLOCK.finditer(text):
            line = text.count("\n", 0, match.start(2))
            if match[1] == "python":
                test = doctest.DocTestParser().get_doctest(
                    match[2], names, path.name, str(path), line
                )
                runner.run(test, out=report.append, clear_globs=False)
                names = test.globs
            elif match[1] == "console":
                for piece in re.split(r"^\$ ", match[2], flags=re.MULTILINE)[1:]:
                    command, _, output = piece.partition("\n")
                    assert_shown(output, printed_by(shlex.split(command)))
    finally:
        plt.close("all")
    assert not runner.failures, "".join(report)


def printed_by(words: list[str]) -> str:
    """What a command on a page prints."""
    from click.testing import CliRunner

    from symkern.cli import command

    if words[0] == "python":
        done = subprocess.run(
            [sys.executable, *words[1:]], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout
    assert words[0] == "symkern", words
    found = CliRunner().invoke(command, words[1:], prog_name="symkern")
    assert found.exit_code == 0, found.output
    return found.stdout


def shell_lines() -> list[tuple[str, str]]:
    """(place, line) of every call of symkern that is shown without its output: what writes files, or takes a file of the reader's."""
    return [
        (f"{path.name}:{line + number}", call)
        for path in DOCUMENTS
        for line, block in blocks(path, "sh")
        for number, call in enumerate(block.splitlines())
        if call.startswith("symkern ")
    ]


@pytest.mark.parametrize(("place", "call"), shell_lines(), ids=lambda x: x.replace(" ", "_")[:60])
def test_calls_without_output_are_read(place: str, call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Every verb, option and value is one that the command has; nothing is computed."""
    import click

    from symkern.cli import command

    monkeypatch.chdir(tmp_path)
    for name in ("book.txt", "claim.json"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    context = click.Context(command, info_name="symkern")
    words = shlex.split(call)[1:]
    verb = command
    while hasattr(verb, "commands"):
        verb = verb.commands[words.pop(0)]
    if "--help" not in words:
        assert verb.make_context(verb.name, words, parent=context), place


def calls_that_only_print() -> list[tuple[str, str]]:
    """Of these calls, those that write no file and take none."""
    others = ("--output", "--plot", "--help", "book.txt", "claim.json", "explore")
    return [pair for pair in shell_lines() if not any(word in pair[1] for word in others)]


@pytest.mark.parametrize(("place", "call"), calls_that_only_print(), ids=lambda x: x.replace(" ", "_")[:60])  # fmt: skip
def test_calls_without_output_are_answered(place: str, call: str) -> None:
    from click.testing import CliRunner

    from symkern.cli import command

    found = CliRunner().invoke(command, shlex.split(call)[1:], prog_name="symkern")
    assert found.exit_code == 0, (place, found.output)
    assert found.stdout


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
