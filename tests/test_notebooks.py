"""Notebooks are kept with their outputs, and running them again gives the same outputs; those of long experiments are run at small sizes, where they must say as much."""

from __future__ import annotations

import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
#: Pictures are drawn anew by every version of a plotting library; everything else is compared.
_PICTURES = ("image/png", "image/jpeg", "image/svg+xml")


def _shown(output: nbformat.NotebookNode) -> object:
    """What a reader sees of one output."""
    if output["output_type"] == "stream":
        return output["name"], output["text"]
    if output["output_type"] == "error":
        return "error", output["ename"], output["evalue"]
    return {
        kind: re.sub(r"0x[0-9a-f]{6,}", "0x...", "".join(data))
        for kind, data in output["data"].items()
        if kind not in _PICTURES
    }


def _merged(outputs: list[nbformat.NotebookNode]) -> list[object]:
    """Outputs with neighbouring pieces of one stream joined: how they are cut is chance."""
    result: list[object] = []
    for shown in map(_shown, outputs):
        last = result[-1] if result else None
        if isinstance(shown, tuple) and isinstance(last, tuple) and shown[0] == last[0]:
            result[-1] = (shown[0], last[1] + shown[1])
        else:
            result.append(shown)
    return result


def _kinds(cells: list[list[object]]) -> list[list[object]]:
    """Which stream or which forms each output has."""
    return [[o[0] if isinstance(o, tuple) else sorted(o) for o in cell] for cell in cells]  # type: ignore[call-overload]


def test_there_is_a_notebook() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_notebook_is_kept_with_its_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert any(cell.outputs for cell in code)
    assert path.stat().st_size < 500_000


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_notebook_runs_and_prints_what_it_shows(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = nbformat.read(path, as_version=4)
    kept = [_merged(cell.outputs) for cell in notebook.cells if cell.cell_type == "code"]
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    is_fast = notebook.metadata.get("symkern", {}).get("fast", False)
    if is_fast:
        pytest.importorskip("torch", reason="PyTorch is not installed")
        monkeypatch.setenv("SYMKERN_FAST", "1")
    NotebookClient(
        notebook, timeout=900, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}
    ).execute()
    fresh = [_merged(cell.outputs) for cell in notebook.cells if cell.cell_type == "code"]
    if is_fast:
        kept, fresh = _kinds(kept), _kinds(fresh)
    for number, (old, new) in enumerate(zip(kept, fresh, strict=True), start=1):
        assert new == old, f"cell {number}"
