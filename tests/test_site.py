"""The documentation site: every public name has its page, docstrings become the text that they are, and what is built loads nothing and breaks no link.

What is asked of built pages is skipped where none are built: `make site` builds them, and `.ci/run` does before the suite.
"""

from __future__ import annotations

import doctest
import importlib
import inspect
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

import symkern as sk
from tests.browser import browser

ROOT = Path(__file__).parents[1]
BUILT = ROOT / "docs" / "_build" / "html"

sys.path.insert(0, str(ROOT / "docs"))
sphinx = pytest.importorskip("sphinx", reason="the extra docs is not installed")

from extensions import api_pages, docstrings, public_names  # noqa: E402

# -- before it is built --


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return api_pages.pages()


def test_every_public_name_has_its_page(pages: dict[str, str]) -> None:
    """Of `symkern/__init__.pyi`, and of every public package that it names."""
    stub = (ROOT / "symkern" / "__init__.pyi").read_text(encoding="utf-8")
    named = re.findall(r"^from [\w.]+ import (\w+) as \1$", stub, re.MULTILINE)
    assert len(named) > 30
    told = set(
        re.findall(r"\.\. auto(?:class|function|module):: ([\w.]+)", "\n".join(pages.values()))
    )
    for name in named:
        thing = getattr(sk, name)
        place = thing.__name__ if inspect.ismodule(thing) else public_names.home("symkern", name)
        assert place in told, name
        if inspect.ismodule(thing):
            for inner in dir(thing):
                value = getattr(thing, inner)
                own = str(getattr(value, "__module__", "")).startswith("symkern")
                if inner.startswith("_") or inspect.ismodule(value) or not own:
                    continue
                if inspect.isclass(value) or inspect.isroutine(value):
                    assert public_names.home(place, inner) in told or inner not in public_names.names(place), inner  # fmt: skip


def test_what_methods_return_has_a_page(pages: dict[str, str]) -> None:
    curve = "symkern.learning.learning_curve.LearningCurve"
    assert f"{curve}.rst" in pages and "test_error" in pages[f"{curve}.rst"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("n ~ L^|mu|, x_ and a*b*c", r"n ~ L^\|mu\|, x\_ and a\*b\*c"),
        ("(*The Symmetric Group*, 2001)", "(*The Symmetric Group*, 2001)"),
        ("``a*|b|`` stays", "``a*|b|`` stays"),
        ("`nothing`s", r"``nothing``\ s"),
    ],
)
def test_text_of_docstrings_is_escaped(text: str, found: str) -> None:
    assert docstrings.inline(text, {}) == found


def test_docstrings_keep_examples_sections_and_formulas() -> None:
    given = ["The |mu|:", "", "    x = |y|", "", "Args:", "    mu: parts of |mu|.", "", ">>> 1 | 2", "3"]  # fmt: skip
    lines = docstrings.converted(given, {})
    assert [line for line in lines if line] == [
        r"The \|mu\|::", "    x = |y|", "Args:", r"    mu: parts of \|mu\|.", ">>> 1 | 2", "3",
    ]  # fmt: skip


def test_formulas_of_outputs_are_drawn_and_code_is_left_alone() -> None:
    from extensions.mathematics import in_html

    drawn = in_html("<td>$x^2$</td><code>$HOME and $PATH</code>")
    assert "<math" in drawn and "<code>$HOME and $PATH</code>" in drawn and "$x^2$" not in drawn


@pytest.mark.parametrize("name", ["docstrings", "mathematics"])
def test_examples_of_the_extensions(name: str) -> None:
    found = doctest.testmod(importlib.import_module(f"extensions.{name}"))
    assert found.attempted and not found.failed


# -- as it is built --

_REFERENCE = re.compile(r'\b(href|src|srcset|data-src)="([^"]*)"')
_LOADED = re.compile(r"<(?:link|script|img|iframe|source|object|embed|video|audio)\b[^>]*>")


@pytest.fixture(scope="module")
def built() -> dict[str, str]:
    """Address of a page below the site -> its HTML."""
    index = BUILT / "index.html"
    if not index.exists():
        pytest.skip("the site is not built: make site")
    sources = [*(ROOT / "symkern").rglob("*.py"), *(ROOT / "docs").rglob("*.md")]
    if any(s.stat().st_mtime > index.stat().st_mtime for s in sources if s.name != "changes.md"):
        pytest.skip("the site is older than the package and its pages: make site")
    return {
        path.relative_to(BUILT).as_posix(): path.read_text(encoding="utf-8")
        for path in BUILT.rglob("*.html")
        if "_static" not in path.parts
    }


def test_no_page_loads_from_a_network(built: dict[str, str]) -> None:
    for name, text in built.items():
        for element in _LOADED.findall(text):
            for kind, address in _REFERENCE.findall(element):
                assert not re.match(r"(?:https?:)?//", address), f"{name}: {kind} {address}"
    for path in BUILT.rglob("*.css"):
        style = path.read_text(encoding="utf-8")
        assert not re.search(r"(?:@import|url\()\s*[\"']?(?:https?:)?//", style), path.name


def _links(name: str, text: str) -> Iterator[tuple[str, str]]:
    """(page or file, fragment) of every link into the site."""
    for _, address in _REFERENCE.findall(text):
        if re.match(r"[a-z]+:|//", address):
            continue
        target, _, fragment = address.replace("&amp;", "&").partition("#")
        target = target.partition("?")[0]
        there = os.path.normpath(os.path.join(os.path.dirname(name), unquote(target))) if target else name  # fmt: skip
        yield there, unquote(fragment)


def test_links_within_the_site_resolve(built: dict[str, str]) -> None:
    places = {name: set(re.findall(r'\bid="([^"]+)"', text)) for name, text in built.items()}
    broken = set()
    for name, text in built.items():
        for there, fragment in _links(name, text):
            if there not in built:
                if not (BUILT / there).exists():
                    broken.add((name, there))
            elif fragment and fragment not in places[there]:
                broken.add((name, f"{there}#{fragment}"))
    assert not broken


def test_every_public_name_is_on_a_built_page(built: dict[str, str]) -> None:
    assert {f"api/{name.removesuffix('.rst')}.html" for name in api_pages.pages()} <= set(built)


def test_no_formula_is_left_raw(built: dict[str, str]) -> None:
    """Neither dollars nor LaTeX in the text of what notebooks show."""
    for name, text in built.items():
        bare = re.sub(r"<(pre|code|script|math)\b.*?</\1>|<[^>]+>", "", text, flags=re.DOTALL)
        assert not re.search(r"\$[^$\n]*\\[a-z]+[^$\n]*\$", bare), name


@pytest.mark.parametrize("dark", [False, True])
def test_pages_in_a_browser(built: dict[str, str], tmp_path: Path, dark: bool) -> None:
    """From a folder, without a server: nothing is asked for but files, nothing fails, and a telephone need not scroll sideways."""
    with browser(tmp_path) as page:
        page.size(360, 740, dark)
        for name in ("index.html", "tutorial.html", "theory/mathematics.html", "gallery.html"):
            page.open((BUILT / name).as_uri())
            assert all(r.startswith(("file:", "data:")) for r in page.requests()), page.requests()
            assert not page.complaints()
            assert page.run("document.documentElement.scrollWidth") <= 361, name
