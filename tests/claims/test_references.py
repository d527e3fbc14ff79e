"""One BibTeX source: its entries are well formed and all are cited, and every reference of a derivation is one of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import symkern
from symkern.certificates.catalogue import CATALOGUE
from symkern.claims import bibtex, reference
from symkern.claims.references import references
from symkern.errors import InvalidArgument

HOME = Path(symkern.__file__).parent
SOURCES = {path: path.read_text(encoding="utf-8") for path in HOME.rglob("*.py")}


@pytest.mark.parametrize("key", references())
def test_entries_are_well_formed(key: str) -> None:
    entry = references()[key]
    needed = {
        "article": {"journal"},
        "book": {"publisher"},
        "inproceedings": {"booktitle"},
        "misc": {"eprint"},
    }
    assert {"author", "title", "year", *needed[entry["kind"]]} <= set(entry)
    assert re.fullmatch(r"(18|19|20)\d\d", entry["year"])
    assert key.startswith(re.sub(r"\W", "", entry["author"].partition(",")[0]).lower())
    assert entry["year"] in key
    assert ("eprint" in entry) == ("archiveprefix" in entry)
    assert re.fullmatch(r"\d{4}\.\d{4,5}", entry.get("eprint", "0000.0000"))
    written = bibtex(key)
    assert written.startswith(f"@{entry['kind']}{{{key},\n")
    assert written.count("{") == written.count("}")


@pytest.mark.parametrize("key", references())
def test_entries_are_cited(key: str) -> None:
    entry = references()[key]
    surname = entry["author"].partition(",")[0]
    named = re.compile(
        rf"{re.escape(surname)}\b.{{0,200}}?({entry['year']}|{re.escape(entry['title'][:12])})",
        re.S,
    )
    assert any(
        f'reference("{key}"' in text
        or f"reference('{key}'" in text
        or ("eprint" in entry and entry["eprint"] in text)
        or named.search(text)
        for text in SOURCES.values()
    )


def test_every_reference_of_a_derivation_is_an_entry() -> None:
    known = [reference(key, title=title) for key in references() for title in (False, True)]
    cited = {step.reference for make in CATALOGUE.values() for step in make().steps}
    for text in cited - {""}:
        pieces = text.split("; ")
        assert all(any(piece.startswith(entry) for entry in known) for piece in pieces), text


def test_numbers_in_arxiv_stand_in_the_source_alone() -> None:
    """No second list of references grows in the code; docstrings name papers in words."""
    known = {entry["eprint"] for entry in references().values() if "eprint" in entry}
    for path, text in SOURCES.items():
        found = set(re.findall(r"arXiv:? (\d{4}\.\d{4,5})", text))
        assert found <= known, path
        code = re.sub(r'r?"""(?s:.*?)"""', "", text)
        assert not re.search(r"arXiv:? \d{4}\.\d{4,5}", code), path


def test_everything_is_printed_without_keys() -> None:
    whole = symkern.bibtex()
    assert [line.partition("{")[2][:-1] for line in whole.splitlines() if line[:1] == "@"] == [
        *references()
    ]


def test_unknown_keys() -> None:
    with pytest.raises(InvalidArgument, match="it is 'hron20'; did you mean 'hron2020'"):
        bibtex("hron20")
    with pytest.raises(InvalidArgument, match="key: must be the key of a reference"):
        reference("nobody1900")
