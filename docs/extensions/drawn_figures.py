"""Figures that pages show below the code that makes them.

An image ``drawn/NAME.svg`` on a page is what the block of Python above it has drawn last. The blocks of a page are run from top to bottom, as the
suite runs them; a page whose text and package have not changed keeps its figures.
"""

from __future__ import annotations

import doctest
import hashlib
import re
from pathlib import Path
from typing import Any

from sphinx.util import logging

_LOG = logging.getLogger(__name__)
_PIECE = re.compile(r"^```python\n(?P<code>.*?)^```|\]\((?:\.\./)?drawn/(?P<name>[\w-]+\.svg)\)", re.MULTILINE | re.DOTALL)  # fmt: skip


def pieces(text: str) -> list[tuple[str, str]]:
    """("code", block) and ("name", file) in the order of the page."""
    return [("code", m["code"]) if m["name"] is None else ("name", m["name"]) for m in _PIECE.finditer(text)]  # fmt: skip


def draw(page: Path, folder: Path) -> list[str]:
    """Run the page's blocks and save its figures; the names of the files."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as pyplot

    from symkern.plot.style import save

    names: dict[str, Any] = {}
    written = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    said: list[str] = []
    for kind, text in pieces(page.read_text(encoding="utf-8")):
        if kind == "code":
            test = doctest.DocTestParser().get_doctest(text, names, page.name, str(page), 0)
            runner.run(test, out=said.append, clear_globs=False)
            names = test.globs
        else:
            save(pyplot.gcf(), folder / text)
            pyplot.close("all")
            written.append(text)
    if runner.failures:
        _LOG.warning("examples of %s do not print what it shows:\n%s", page.name, "".join(said))
    return written


def _state(page: Path) -> str:
    """A digest of the page and of the package that draws."""
    import symkern

    digest = hashlib.sha256(page.read_bytes())
    for path in sorted(Path(str(symkern.__file__)).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def draw_all(source: Path) -> None:
    """The figures of all pages that have some."""
    import contextlib
    import io
    import tempfile

    folder = source / "drawn"
    folder.mkdir(exist_ok=True)
    for page in sorted(source.rglob("*.md")):
        if "_build" in page.parts:
            continue
        found = [text for kind, text in pieces(page.read_text(encoding="utf-8")) if kind == "name"]
        if not found:
            continue
        mark = folder / f"{page.stem}.state"
        state = _state(page)
        if (
            mark.exists()
            and mark.read_text() == state
            and all((folder / f).exists() for f in found)
        ):
            continue
        _LOG.info("drawing the figures of %s", page.name)
        place = tempfile.TemporaryDirectory()
        with place as empty, contextlib.chdir(empty), contextlib.redirect_stdout(io.StringIO()):
            draw(page, folder)
        mark.write_text(state)


def setup(app: Any) -> dict[str, Any]:
    """Before the pages are read."""
    app.connect("builder-inited", lambda app: draw_all(Path(app.srcdir)))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
