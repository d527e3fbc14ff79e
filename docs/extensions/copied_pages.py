"""Pages that live elsewhere in the project and are shown here as they stand: notebooks with their outputs, and what changed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any


def copy(source: Path) -> None:
    """Copy what is newer; forget what is gone."""
    folder = source / "notebooks"
    folder.mkdir(exist_ok=True)
    kept = {path.name: path for path in (source.parent / "notebooks").glob("*.ipynb")}
    for old in folder.glob("*.ipynb"):
        if old.name not in kept:
            old.unlink()
    for name, path in [*kept.items(), ("../changes.md", source.parent / "CHANGELOG.md")]:
        there = folder / name
        if not there.exists() or there.read_bytes() != path.read_bytes():
            shutil.copyfile(path, there)


def setup(app: Any) -> dict[str, Any]:
    """Before Sphinx looks for pages."""
    app.connect("config-inited", lambda app, config: copy(Path(app.srcdir)))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
