"""The memory that there is, as the system says it, and what is refused for want of it."""

import os
from pathlib import Path

import pytest

from symkern.combinatorics.memory import available_bytes, require_bytes
from symkern.errors import TooLarge


def test_the_system_says_what_is_available(monkeypatch):
    said = "MemTotal:       16 kB\nMemFree:         1 kB\nMemAvailable:    5 kB\nBuffers:  0 kB\n"
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: said)
    assert available_bytes() == 5 * 1024


@pytest.mark.parametrize("said", ["", "MemAvailable:", "MemAvailable: many kB"])
def test_what_is_not_said_is_estimated_from_all_there_is(monkeypatch, said):
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: said)
    assert available_bytes() == os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def test_more_than_there_is_is_refused(monkeypatch):
    monkeypatch.setattr("symkern.combinatorics.memory.available_bytes", lambda: 1 << 21)
    require_bytes("a table", 1 << 20)
    with pytest.raises(TooLarge):
        require_bytes("a table", 1 << 22)
