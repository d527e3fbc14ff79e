"""The API reference: a page for each package, and one for each public function and class."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

from extensions.docstrings import inline
from extensions.public_names import home, is_package, names, results, rooms, targets, value

_WRITTEN = "Written by `extensions/api_pages.py` from the package."


def first_sentence(thing: object) -> str:
    """The first paragraph of a docstring, as reStructuredText on one line."""
    text = inspect.getdoc(thing) or ""
    return inline(" ".join(text.split("\n\n")[0].split()), targets())


def members(kind: type) -> list[str]:
    """The public methods and properties that are symkern's own, not those of Python's containers and exceptions."""
    found = []
    for name in dir(kind):
        owner = next((c for c in kind.__mro__ if name in vars(c)), kind)
        ours = owner.__module__.startswith("symkern") and hasattr(kind, name)
        if not name.startswith("_") and ours:
            found.append(name)
    return found


def _title(text: str, mark: str = "=") -> list[str]:
    return [text, mark * max(len(text), 3), ""]


def _entry(full: str, thing: object) -> list[str]:
    if inspect.isclass(thing):
        lines = [f".. autoclass:: {full}"]
        own = members(thing)
        if own:
            lines.append(f"   :members: {', '.join(own)}")
    else:
        lines = [f".. autofunction:: {full}"]
    return [*lines, ""]


def _row(place: str, shown: str, thing: object) -> list[str]:
    return [f"   * - :py:obj:`{shown} <{place}>`", f"     - {first_sentence(thing)}"]


def _table(rows: list[str]) -> list[str]:
    return (
        [".. list-table::", "   :widths: 30 70", "   :class: names", "", *rows, ""] if rows else []
    )


def _data_row(name: str, thing: object) -> list[str]:
    shown = repr(thing)
    if len(shown) > 60:
        shown = f"{type(thing).__name__} of {len(thing)}" if hasattr(thing, "__len__") else type(thing).__name__  # fmt: skip
    return [f"   * - ``{name}``", f"     - ``{shown}``, a {type(thing).__name__}"]


def pages() -> dict[str, str]:
    """File below ``api/`` -> its text."""
    made: dict[str, str] = {}
    index: list[str] = []
    for room in rooms():
        called, data, own, packages = [], [], [], []
        for name in names(room):
            thing = value(room, name)
            if is_package(thing):
                packages += _row(thing.__name__, f"{room}.{name}".replace("symkern", "sk"), thing)
                continue
            if not (inspect.isclass(thing) or callable(thing)) or not _own(thing):
                data += _data_row(name, thing)
                continue
            place = home(room, name)
            called += _row(place, name, thing)
            if place == f"{room}.{name}":
                own.append(place)
                made[f"{place}.rst"] = "\n".join([*_title(name), *_entry(place, thing)])
        text = [*_title(room), f".. automodule:: {room}", "   :no-members:", ""]
        text += _table(called)
        if data:
            text += [*_title("Values", "-"), *_table(data)]
        if packages:
            text += [*_title("Packages", "-"), *_table(packages)]
        text += (
            [".. toctree::", "   :hidden:", "", *(f"   {place}" for place in own)] if own else []
        )
        made[f"{room}.rst"] = "\n".join(text) + "\n"
        index.append(room)
    called, own = [], []
    for kind in results():
        place = f"{kind.__module__}.{kind.__name__}"
        called += _row(place, kind.__name__, kind)
        own.append(place)
        made[f"{place}.rst"] = "\n".join([*_title(kind.__name__), *_entry(place, kind)])
    made["results.rst"] = "\n".join([
        *_title("What methods return"),
        "Classes that no package lists, since nobody makes their objects by hand: a method returns them.", "",
        *_table(called), ".. toctree::", "   :hidden:", "", *(f"   {place}" for place in own), "",
    ])  # fmt: skip
    made["index.rst"] = "\n".join([
        *_title("API reference"),
        "``import symkern as sk``, then ``sk.kernels.embedding`` or ``sk.character``. Types of arguments and results come from the code;",
        "every example is run by the suite.", "",
        *_table([line for room in index for line in _row(room, room.replace("symkern", "sk"), value_of(room))]),
        "Results that methods return have their own list: :doc:`results`.", "",
        ".. toctree::", "   :hidden:", "", *(f"   {room}" for room in index), "   results", "",
    ])  # fmt: skip
    return made


def value_of(room: str) -> Any:
    """The package of that name."""
    import importlib

    return importlib.import_module(room)


def _own(thing: object) -> bool:
    return str(getattr(thing, "__module__", "")).startswith("symkern") and (inspect.isclass(thing) or inspect.isroutine(thing))  # fmt: skip


def write(folder: Path) -> None:
    """Write the pages; one that has not changed keeps its date, so that Sphinx need not read it again."""
    folder.mkdir(exist_ok=True)
    made = pages()
    for old in folder.glob("*.rst"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def setup(app: Any) -> dict[str, Any]:
    """Before Sphinx looks for pages."""
    app.connect("config-inited", lambda app, config: write(Path(app.srcdir) / "api"))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
