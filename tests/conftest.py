"""What every test shares: Hypothesis profiles and the compiler of LaTeX documents.

Under ``CI=true`` a missing LaTeX fails the tests that need it; elsewhere they are skipped and say so.
"""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

# SymPy forgets after a thousand expressions by default, and would work the same ones out again from test to test.
os.environ.setdefault("SYMPY_CACHE_SIZE", "20000")
# Two tests run at once; threads of a library of matrix products would wait for each other, here and in the notebooks.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tests.house import guard_doors
from tests.search import load_profile

guard_doors()
load_profile()
# Formulas are trees and seldom circles: looked for after every 700 objects, as Python does, circles cost a share of every test.
gc.set_threshold(50_000, 20, 100)


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Between two files what has stayed is set aside: memories grow, and every later search for circles would go through them again."""
    if nextitem is None or nextitem.path != item.path:
        gc.collect()
        gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a test that is ``sampled(k)`` every k-th case runs by default; the others are wide."""
    met: Counter[str] = Counter()
    for item in items:
        if sampled := item.get_closest_marker("sampled"):
            test = item.nodeid.partition("[")[0]
            if met[test] % sampled.args[0]:
                item.add_marker("wide")
            met[test] += 1


@pytest.fixture(scope="session")
def compile_latex(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Compile a whole LaTeX document and return its log; fails on any TeX error."""
    if shutil.which("pdflatex") is None:
        reason = "pdflatex is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}, and under CI=true nothing may be skipped for that")
        pytest.skip(reason)

    def compile(source: str) -> str:
        place = tmp_path_factory.mktemp("latex")
        Path(place, "document.tex").write_text(source, encoding="utf-8")
        command = ["pdflatex", "-interaction=nonstopmode", "-no-shell-escape", "document.tex"]
        subprocess.run(command, cwd=place, capture_output=True, timeout=120, check=False)
        log = Path(place, "document.log").read_text(encoding="utf-8", errors="replace")
        errors = [line for line in log.splitlines() if line.startswith("!")]
        assert not errors, "\n".join(errors[:5])
        assert Path(place, "document.pdf").exists()
        return log

    return compile
