"""What a person meets on a terminal: examples in every help, the width, colours, the pager, completion, and Ctrl-C."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import sys
import time

import click
import pytest
from click.shell_completion import ShellComplete

from symkern.cli import command, terminal
from tests.cli.running import invoke, printed


def _verbs(group=command, path=()):
    for name, verb in group.commands.items():
        if isinstance(verb, click.Group):
            yield from _verbs(verb, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize("path", list(_verbs()), ids=" ".join)
def test_every_verb_has_two_examples_that_are_read(path):
    """In its help, within 80 columns; each goes through the options' own readers."""
    text = printed(*path, "--help")
    assert max(map(len, text.splitlines())) <= 80
    text = re.sub(r" \\\n +", " ", text)  # a line that a backslash continues
    examples = [line.strip() for line in text.splitlines() if line.strip().startswith(f"symkern {' '.join(path)}")]  # fmt: skip
    assert len(set(examples)) >= 2, text
    for line in examples:
        words = shlex.split(line)[1 + len(path) :]
        verb = command
        for name in path:
            verb = verb.commands[name]
        verb.make_context(path[-1], words)


def test_width():
    heights = []
    for width in (45, 80, 120):
        lines = printed("presets", "--width", str(width)).splitlines()
        assert max(map(len, lines)) <= width
        heights.append(len(lines))
        assert max(map(len, printed("derive", "flatten", "--width", str(width)).splitlines())) <= width  # fmt: skip
    assert heights[0] > heights[1] > heights[2]
    assert invoke("derive", "--width", "5").exit_code == 2


@pytest.fixture
def screen(monkeypatch):
    """A terminal of 100 columns and 30 lines; what is sent to the pager is kept."""
    monkeypatch.setattr(terminal, "_is_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LINES", "30")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("LESS", raising=False)
    paged = []
    monkeypatch.setattr(click, "echo_via_pager", lambda text, color=None: paged.append((text, color)))  # fmt: skip
    return paged


def test_the_terminal_says_how_wide(screen, monkeypatch):
    assert terminal.page_width() == 100 and terminal.page_width("file.txt") == 80
    monkeypatch.setenv("COLUMNS", "400")
    assert terminal.page_width() == 160  # longer lines are hard to read
    monkeypatch.setattr(terminal, "_is_terminal", lambda: False)
    assert terminal.page_width() == 80


def test_colours_and_no_color(screen, monkeypatch, capsys):
    page = "irrep  n\n-----  -\n(L)    1\n"
    terminal.show(page)
    shown = capsys.readouterr().out
    assert "\x1b[1m" in terminal.coloured(page) and click.unstyle(shown) == page
    assert terminal.shows_colours()
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            assert not terminal.shows_colours()
    monkeypatch.setenv("NO_COLOR", "")  # empty says nothing
    assert terminal.shows_colours()


def test_long_results_are_paged(screen, capsys):
    terminal.show("line\n" * 29)
    assert screen == []
    terminal.show("line\n" * 30)
    assert len(screen) == 1 and screen[0][0].count("\n") == 30
    result = invoke("table", "9", "--no-pager")
    assert result.exit_code == 0 and len(screen) == 1
    assert invoke("table", "9").exit_code == 0 and len(screen) == 2


@pytest.mark.parametrize(
    ("args", "incomplete", "wanted", "unwanted"),
    [
        (["derive"], "lin", "linear-attention", "flatten"),
        (["derive"], "embedding(1) | at", "embedding(1) | attention", "embedding(1) | flatten"),
        (["derive", "--tokens"], "un", "uniform", "distinct"),
        (["derive", "flatten", "--set", "alpha=1", "--set"], "", "beta=", "alpha="),
        (["derive", "--format"], "l", "latex", "json"),
        (["derive"], "--voc", "--vocabulary", "--length"),
        (["presets"], "soft", "softmax-block", "flatten"),
        (["verify"], "linear", "linear-attention", "flatten"),
        ([], "sym", "symmetry", "derive"),
        (["bound"], "m", "map", "trace"),
    ],
)
def test_completion(args, incomplete, wanted, unwanted):
    class Plain(ShellComplete):
        name = "plain"

    offered = [item.value for item in Plain(command, {}, "symkern", "_SYMKERN_COMPLETE").get_completions(args, incomplete)]  # fmt: skip
    assert wanted in offered and unwanted not in offered


def test_completion_is_installed_and_not_over_another_file(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert invoke("completion", "fish", "--install").exit_code == 0
    place = tmp_path / ".config/fish/completions/symkern.fish"
    assert place.read_text() == printed("completion", "fish") and "_SYMKERN_COMPLETE" in place.read_text()  # fmt: skip
    assert invoke("completion", "fish", "--install").exit_code == 0
    place.write_text("mine")
    refused = invoke("completion", "fish", "--install")
    assert refused.exit_code == 2 and place.read_text() == "mine"
    assert invoke("completion", "fish", "--install", "--force").exit_code == 0


def test_ctrl_c_ends_with_130():
    """While a derivation runs; nothing is printed on standard output, one line on the other."""
    code = "import sys; from symkern.cli import main; print('ready', file=sys.stderr, flush=True); main()"
    values = ["--set", "alpha=1", "--set", "beta=1", "--set", "w=1", "--set", "b=1/4"]
    arguments = ["derive", "softmax-block", "--vocabulary", "4", *values]
    running = subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
    assert running.stderr.readline() == "ready\n"
    time.sleep(0.5)
    running.send_signal(signal.SIGINT)
    out, error = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, ""), error
    assert "Traceback" not in error


@pytest.mark.parametrize("where", ["callback of a weak reference", "finaliser"])
def test_ctrl_c_is_heard_where_python_drops_it(where):
    """It falls where no exception can be caught, as in the lock of an import; the wait after it ends."""
    held = {
        "callback of a weak reference": "kept = weakref.ref(held, fall)",
        "finaliser": "Held.__del__ = fall",
    }[where]
    code = f"""
import signal, sys, time, weakref
from symkern import cli

class Held: pass

def fall(_):
    signal.raise_signal(signal.SIGINT)

@cli.command.command()
def wait():
    held = Held()
    {held}
    del held
    time.sleep(40)

sys.argv[1:] = ["wait"]
cli.main()
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=50)
    assert (run.returncode, run.stdout, run.stderr) == (130, "", "symkern: interrupted\n")
