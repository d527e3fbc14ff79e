"""The papers and books that the package cites, from one BibTeX source (`references.bib`, beside this file).

    reference("lavie2024")                    as derivations print it, in one line
    reference("sagan2001", "section 3.10")    the place in it as well
    bibtex("lavie2024", "hron2020")           entries for a bibliography; all of them without keys

Each entry stands on one line of the source: its kind, its key, its fields in braces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from symkern.errors import InvalidArgument, displayed
from symkern.reading.annotated import typed
from symkern.reading.spelling import did_you_mean

_SOURCE = Path(__file__).with_suffix(".bib")
_ENTRY = re.compile(r"@(\w+)\{([\w-]+), (.*)\}")
_FIELD = re.compile(r"(\w+) = \{((?:[^{}]|\{[^{}]*\})*)\}")


@cache
def references() -> Mapping[str, Mapping[str, str]]:
    """Key -> fields of every entry, its kind as "kind", in the order of the source.

    >>> references()["hahn2024"]["title"]
    'Why are Sensitive Functions Hard for Transformers?'
    """
    found = {}
    for line in _SOURCE.read_text(encoding="utf-8").splitlines():
        matched = _ENTRY.fullmatch(line)
        if matched is None:
            raise ValueError(f"references.bib: not an entry: {line!r}")
        kind, key, fields = matched.groups()
        found[key] = MappingProxyType({"kind": kind, **dict(_FIELD.findall(fields))})
    return MappingProxyType(found)


@typed
def reference(key: str, where: str = "", *, title: bool = False) -> str:
    """One entry in one line: authors, the title of a book, where and when it appeared, its number in arXiv, the place in it.

    Args:
        key: that of the entry.
        where: the place in it, "section 2.3".
        title: with the title of an article too, up to its first colon.

    Raises:
        InvalidArgument: a key that is none; the message has a near one.

    >>> reference("lavie2024")
    'Lavie, Gur-Ari, Ringel, ICML 2024, arXiv 2402.05173'
    >>> reference("odonnell2014", "section 2.3")
    "O'Donnell, Analysis of Boolean Functions, 2014, section 2.3"
    >>> reference("hron2020", title=True)
    'Hron, Bahri, Sohl-Dickstein, Novak, Infinite attention, ICML 2020 (arXiv 2006.10540)'
    >>> reference("lavie24")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: key: must be the key of a reference, but it is 'lavie24'; did you mean 'lavie2024'?
    """
    entry = _entry(key)
    pieces = [", ".join(name.partition(",")[0] for name in entry["author"].split(" and "))]
    if title or entry["kind"] == "book":
        pieces.append(entry["title"].partition(":")[0])
    if entry["kind"] == "book":
        pieces.append(entry["year"])
    elif "volume" in entry:
        pieces += [f"{entry['journal']} {entry['volume']}", entry["year"]]
    elif entry["kind"] != "misc":
        pieces.append(f"{entry.get('booktitle', entry.get('journal'))} {entry['year']}")
    if "eprint" in entry:
        number = f"arXiv {entry['eprint']}"
        pieces[-1:] = [f"{pieces[-1]} ({number})"] if title else [pieces[-1], number]
    return ", ".join([*pieces, where] if where else pieces)


@typed
def bibtex(*keys: str) -> str:
    """BibTeX entries of the keys.

    Args:
        *keys: keys of references; all of them where none is given.

    Raises:
        InvalidArgument: there is no such key.

    >>> print(bibtex("walker1950"))
    @book{walker1950,
      author = {Walker, Robert J.},
      title = {Algebraic Curves},
      publisher = {Princeton University Press},
      year = {1950},
    }
    """
    found = []
    for key in keys or references():
        entry = dict(_entry(key))
        lines = [f"@{entry.pop('kind')}{{{key},"]
        lines += [f"  {name} = {{{value}}}," for name, value in entry.items()]
        found.append("\n".join([*lines, "}"]))
    return "\n\n".join(found)


def cited(text: str) -> tuple[str, str] | None:
    """The key and the place of what `reference` printed; None for any other text.

    >>> cited(reference("odonnell2014", "section 2.3")), cited("by hand")
    (('odonnell2014', 'section 2.3'), None)
    """
    for key in references():
        line = reference(key)
        if text == line or text.startswith(f"{line}, "):
            return key, text[len(line) + 2 :]
    return None


def bibliography_entry(key: str) -> str:
    r"""An entry as a list of references prints it, in LaTeX: authors, title, where and when it appeared.

    >>> print(bibliography_entry("hron2020"))
    Jiri Hron, Yasaman Bahri, Jascha Sohl-Dickstein, Roman Novak. Infinite attention: NNGP and NTK for deep attention networks. \emph{ICML}, 2020. arXiv:2006.10540.
    """
    entry = _entry(key)
    names = []
    for author in entry["author"].split(" and "):
        last, _, first = author.partition(", ")
        names.append("et al." if author == "others" else f"{first} {last}".strip())
    is_book = entry["kind"] == "book"
    place = entry.get("publisher") or entry.get("booktitle") or entry.get("journal") or ""
    volume = f" {entry['volume']}" if "volume" in entry else ""
    shown = place if is_book else rf"\emph{{{place}}}{volume}" if place else ""
    title = rf"\emph{{{entry['title']}}}" if is_book else entry["title"]
    pieces = [", ".join(names), title.rstrip("?.") + "?" * title.endswith("?")]
    pieces.append(", ".join(part for part in (shown, entry["year"]) if part))
    pieces += [f"arXiv:{entry['eprint']}"] if "eprint" in entry else []
    return " ".join(piece if piece.endswith("?") else f"{piece}." for piece in pieces).replace(
        "et al..", "et al."
    )


def _entry(key: str) -> Mapping[str, str]:
    known = references()
    if key in known:
        return known[key]
    raise InvalidArgument(
        "key", "must be the key of a reference", f"it is {displayed(key)}{did_you_mean(key, known)}"
    )
