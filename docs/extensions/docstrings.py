"""Docstrings as reStructuredText: formulas such as ``|mu|`` and ``x*y`` stay what they are.

The package's docstrings are plain text: bullets, sections of Google's form, examples, formulas indented by four. What a formula
holds and reStructuredText would take for markup is escaped; a name in single backticks becomes a link where the site has a page for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from docutils import nodes
from sphinx import addnodes

from extensions.public_names import targets

#: The text of a property, by its name, while napoleon reads it.
_kept: dict[str, list[str]] = {}

#: What says no more of an argument than its name.
_NAMED = re.compile(r"\w+: (the|a|an)( [\w-]+){1,3}\.$")
_SECTION = re.compile(r"(Args|Returns|Raises|Attributes|Yields):$")
_BULLET = re.compile(r"( *)(\* |- |\d+\. )")
_LITERAL = re.compile(r"``(.+?)``|`([^`]+)`", re.DOTALL)
_TITLE = re.compile(r"(?<![\w*\\])\*(?=[A-Za-zÀ-ž])([^*]{2,200}?)(?<=[\w.)!?'])\*(?![\w*])", re.DOTALL)  # fmt: skip


def escaped(text: str) -> str:
    r"""Text in which nothing is markup.

    >>> print(escaped(r"|mu| <= x_a * y_ and \lambda"))
    \|mu\| <= x_a \* y\_ and \\lambda
    """
    text = re.sub(r"([\\*|`])", r"\\\1", text)
    return re.sub(r"_(?!\w)", r"\\_", text)


def inline(text: str, links: Mapping[str, str]) -> str:
    """A paragraph: code and titles of works are markup, nothing else is.

    >>> print(inline("`dimension` of *A book*, a*b, ``x``", {"dimension": "symkern.bounds.dimension"}))
    :py:obj:`dimension <symkern.bounds.dimension>` of *A book*, a\\*b, ``x``
    """
    pieces, last = [], 0
    for match in _LITERAL.finditer(text):
        pieces.append(_titles(text[last : match.start()]))
        code = " ".join((match[1] or match[2]).split())
        if match[1] is None and code in links:
            shown = f":py:obj:`{code} <{links[code]}>`"
        else:
            shown = f"``{code}``" if not code.startswith("`") else escaped(code)
        before, after = text[: match.start()][-1:], text[match.end() :][:1]
        start = "\\ " if before and (before.isalnum() or before in "^_=") else ""
        end = "\\ " if after.isalnum() else ""
        pieces.append(f"{start}{shown}{end}")
        last = match.end()
    pieces.append(_titles(text[last:]))
    return "".join(pieces)


def _titles(text: str) -> str:
    pieces, last = [], 0
    for match in _TITLE.finditer(text):
        pieces += [escaped(text[last : match.start()]), f"*{escaped(match[1])}*"]
        last = match.end()
    return "".join([*pieces, escaped(text[last:])])


def converted(lines: list[str], links: Mapping[str, str]) -> list[str]:
    """The lines of a docstring as reStructuredText."""
    result: list[str] = []
    paragraph: list[str] = []
    section = False

    def flush() -> None:
        if paragraph:
            result.extend(inline("\n".join(paragraph), links).split("\n"))
            paragraph.clear()

    number = 0
    while number < len(lines):
        line = lines[number].rstrip()
        bare = line.strip()
        indent = len(line) - len(line.lstrip())
        if not bare:
            flush()
            result.append("")
        elif bare.startswith(">>>"):
            flush()
            if result and result[-1]:
                result.append("")
            while number < len(lines) and lines[number].strip():
                result.append(lines[number].rstrip())
                number += 1
            continue
        elif indent == 0 and _SECTION.match(line):
            flush()
            if result and result[-1]:
                result.append("")
            result.append(line)
            section = True
        elif indent >= 4 and not section and not paragraph and not _in_list(result, indent):
            number = _block(lines, number, result)
            continue
        elif _BULLET.match(line):
            flush()
            if result and result[-1] and not _in_list(result, indent + 1):
                result.append("")
            mark = _BULLET.match(line)
            assert mark is not None
            result.append(mark[0] + inline(line[mark.end() :], links))
            number = _continued(lines, number + 1, len(mark[0]), result, links)
            continue
        else:
            if indent == 0 and section:
                section = bool(paragraph)
            if (
                section and indent
            ):  # one entry of a section, its colon left for the reader of sections
                flush()
            paragraph.append(line)
        number += 1
    flush()
    return result


def _in_list(result: list[str], indent: int) -> bool:
    """Whether the last lines are of a list, whose text goes on at ``indent``."""
    for line in reversed(result):
        if line and not line.startswith(" "):
            mark = _BULLET.match(line)
            return mark is not None and len(mark[0]) <= indent
    return False


def _block(lines: list[str], number: int, result: list[str]) -> int:
    """Formulas on lines of their own, as they stand."""
    while result and not result[-1]:
        result.pop()
    if result and result[-1].endswith("::"):
        result.append("")
    elif result and result[-1].endswith(":"):
        result[-1] += ":"
        result.append("")
    else:
        result += ["", "::", ""]
    while number < len(lines) and (not lines[number].strip() or lines[number].startswith("    ")):
        if lines[number].strip().startswith(">>>"):
            break
        result.append(lines[number].rstrip())
        number += 1
    result.append("")
    return number


def _continued(lines: list[str], number: int, indent: int, result: list[str], links: Mapping[str, str]) -> int:  # fmt: skip
    """The further lines of a bullet, set under its text."""
    taken: list[str] = []
    while number < len(lines) and lines[number].strip():
        line = lines[number]
        if _BULLET.match(line) or not line.startswith(" " * 2) or line.strip().startswith(">>>"):
            break
        taken.append(" " * indent + line.strip())
        number += 1
    if taken:
        result.extend(inline("\n".join(taken), links).split("\n"))
    return number


def without_object(lines: list[str]) -> list[str]:
    """The docstring of a function that is a method: without a line on its first argument, the object, that only names it.

    >>> without_object(["E f.", "", "Args:", "    law: the law.", "    n: at least 1."])
    ['E f.', '', 'Args:', '    n: at least 1.']
    >>> without_object(["Its size.", "", "Args:", "    law: the law.", ""])
    ['Its size.', '']
    """
    if "Args:" not in lines:
        return lines
    start = lines.index("Args:")
    if not _NAMED.match(lines[start + 1].strip()):
        return lines
    rest = lines[start + 2 :]
    alone = not (rest and rest[0].strip())
    return [*lines[:start], *rest[1:]] if alone else [*lines[: start + 1], *rest]


def _process(app: Any, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    if what == "method" and "." not in getattr(thing, "__qualname__", "."):  # through a door
        lines[:] = without_object(lines)
    lines[:] = converted(lines, targets())
    if what in ("property", "attribute", "data"):
        _kept[name] = list(lines)


def _restore(app: Any, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Of a property napoleon takes what stands before a colon in the first line for its type: undo that."""
    if name in _kept:
        lines[:] = _kept.pop(name)


def _hide_first(app: Any, domain: str, kind: str, content: Any) -> None:
    """Types are told of the parameters that the signature shows: not of ``self``, nor of the object that a door's function takes first, nor twice of fields."""
    if domain != "py" or not content.parent:
        return
    signature = content.parent[0]
    found = app.env.current_document.autodoc_annotations
    known = found.get(f"{signature.get('module')}.{signature.get('fullname')}")
    if known:
        shown = {"return"}
        for parameter in signature.findall(addnodes.desc_parameter):
            shown |= {part.astext().lstrip("*") for part in parameter}
        fields = [name.astext().split() for name in content.findall(nodes.field_name)]
        told = {words[1] for words in fields if words[0] == "ivar" and len(words) > 1}
        for name in [n for n in known if n.lstrip("*") not in shown or n in told]:
            del known[name]


def setup(app: Any) -> dict[str, Any]:
    """Before napoleon, which reads the sections, and before types are set beside parameters."""
    app.connect("autodoc-process-docstring", _process, priority=100)
    app.connect("autodoc-process-docstring", _restore, priority=900)
    app.connect("object-description-transform", _hide_first, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
