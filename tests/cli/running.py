"""The command as a user runs it: in this process through click, and in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner

import symkern
from symkern.cli import command


def invoke(*arguments: str) -> Any:
    """click's result: ``exit_code``, ``stdout``, ``stderr``."""
    return CliRunner().invoke(command, list(arguments), prog_name="symkern")


def printed(*arguments: str) -> str:
    """What a successful call prints."""
    result = invoke(*arguments)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return str(result.stdout)


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """``python -m symkern`` in a fresh process."""
    root = str(Path(symkern.__file__).parents[1])
    return subprocess.run(
        [sys.executable, "-m", "symkern", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": root, "PYTHONIOENCODING": "utf-8", **environment},
    )
