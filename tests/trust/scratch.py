"""A copy of the checkout in which a file may be changed for a moment, and the tests of it, run by `tests.trust.forked_pytest`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from tests.trust.work import ROOT

__all__ = ["Scratch"]

_TOPS = ("symkern", "tests", "setup.cfg", "pyproject.toml", "README.md", "CONTRIBUTING.md", "docs")
_MEMORY = 4 << 30


class Scratch:
    """A copy of the checkout at ``folder``, brought up to date when it is made, and a server beside it while it is entered."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for top in _TOPS:
            _copied(ROOT / top, folder / top)

    def __enter__(self) -> Self:
        given = {
            **os.environ,
            "SYMPY_CACHE_SIZE": "20000",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "MPLBACKEND": "agg",
        }
        given.pop("PYTHONPATH", None)
        given.pop("HYPOTHESIS_PROFILE", None)
        program = Path(__file__).parent / "forked_pytest.py"
        self._server = subprocess.Popen(
            [sys.executable, "-P", str(program)],
            cwd=self.folder,
            env=given,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *error: object) -> None:
        with self._server as server:
            server.stdin.close() if server.stdin else None
            server.terminate()

    def pytest(
        self,
        files: list[str],
        *,
        seconds: float,
        only: list[str] | None = None,
        cover: tuple[str, ...] = (),
        stop: bool = True,
    ) -> dict[str, Any]:
        """What `tests.trust.forked_pytest` answers. Where lines are recorded nothing is changed, and byte code may be kept."""
        assert self._server.stdin is not None and self._server.stdout is not None
        request = {
            "files": files,
            "only": only,
            "stop": stop,
            "cover": [str(self.folder / place) for place in cover],
            "seconds": seconds,
            "memory": _MEMORY,
            "write": bool(cover),
        }
        self._server.stdin.write(json.dumps(request) + "\n")
        self._server.stdin.flush()
        line = self._server.stdout.readline()
        if not line:
            raise RuntimeError("the server of forks has ended")
        answer: dict[str, Any] = json.loads(line)
        return answer

    @contextmanager
    def changed(self, file: str, text: str) -> Iterator[None]:
        """The file of the copy reads so within the block; its byte code, known by the time of the source, is not believed meanwhile."""
        path = self.folder / file
        before, times = path.read_bytes(), path.stat()
        path.write_text(text, encoding="utf-8")
        try:
            yield
        finally:
            path.write_bytes(before)
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def _copied(source: Path, target: Path) -> None:
    """Make the target the same as the source, and leave alone what is the same already and what Python keeps beside it."""
    if source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        names = {path.name for path in source.iterdir()} - {"__pycache__", "_build"}
        for path in list(target.iterdir()):
            if path.name not in {*names, "__pycache__", "_build"}:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for name in names:
            _copied(source / name, target / name)
    elif not target.exists() or target.read_bytes() != source.read_bytes():
        shutil.copy2(source, target)
