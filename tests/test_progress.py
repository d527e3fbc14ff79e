"""Bars on a terminal: there while the first item still takes its time, and gone at the end."""

from __future__ import annotations

import io
import sys
import time

import pytest

from symkern import progress


class Terminal(io.StringIO):
    """What says that a person looks."""

    def isatty(self) -> bool:
        return True


def test_a_bar_is_there_while_the_first_item_takes_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "DELAY", 0.01)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    seen = []
    for _ in progress.shown("ab", 2, "letter"):
        until = time.monotonic() + 20
        while "/2" not in terminal.getvalue() and time.monotonic() < until:
            time.sleep(0.01)
        seen.append(terminal.getvalue())
    assert "0/2" in seen[0]
    assert terminal.getvalue().endswith("\r")


def test_what_is_quick_has_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert list(progress.shown("ab", 2, "letter")) == ["a", "b"]
    assert not terminal.getvalue()
