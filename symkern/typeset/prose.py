r"""Sentences of LaTeX as HTML: words, emphasis, program text, accents, and formulas as MathML.

What is read is the prose that symkern writes into documents: formulas between dollars or in a display, \emph, \textbf, \texttt, \cite, \ref and what
`symkern.typeset.document.escape` makes. A command that is not among them is refused by name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from html import escape

from symkern.errors import InvalidArgument
from symkern.reading.annotated import typed
from symkern.typeset.mathml import NAMED_SIGNS, mathml

_PIECES = re.compile(
    r"\$(?P<math>[^$]*)\$"
    r"|\\\[(?P<display>.*?)\\\]"
    r"|\\begin\{align\*\}(?P<aligned>.*?)\\end\{align\*\}"
    r"|\\cite\[(?P<place>[^\]]*)\]\{(?P<key>[^}]*)\}"
    r"|\\(?P<eq>eq)?ref\{(?P<label>[^}]*)\}"
    r"|\\(?P<wrap>emph|textbf|texttt|textit|cite|textsc)\{"
    r"|\\(?P<accent>[`'^~=.\"uHvcr])\{(?P<letter>\\?[A-Za-z])\}"
    r"|\\(?P<mark>[`'^~=.\"])(?P<base>[A-Za-z])"
    r"|\\(?P<named>[A-Za-z]+)(?:\{\}|\s*)"
    r"|\\(?P<sign>[{}$&#%_, ])"
    r"|(?P<dashes>---?)|(?P<quotes>''|``)|(?P<tie>~)|(?P<brace>[{}])"
    r"|(?P<words>[^\\$~{}'`-]+|.)",
    re.DOTALL,
)
_MARK_BEHIND = re.compile(r"[.,;:)]+")
_TAGS = {"emph": "em", "textit": "em", "textbf": "strong", "texttt": "code", "textsc": "span"}
_MARKS = dict(zip("`'^~=u.\"rHvc", "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327"))  # fmt: skip


@typed
def prose_html(latex: str, numbers: Mapping[str, int] | None = None) -> str:
    r"""Sentences of LaTeX as HTML.

    Args:
        latex: prose outside math mode.
        numbers: what \cite shows, by key, with a link to ``#ref-KEY``, the key itself where it has none; what \ref and \eqref show, by label.

    Returns:
        HTML in which everything else is escaped.

    Raises:
        InvalidArgument: a command that is not known here, or a brace that stays open.

    >>> print(prose_html(r"An \emph{eigenvalue} of 50 \% \& more"))
    An <em>eigenvalue</em> of 50 % &amp; more
    >>> prose_html(r"\href{javascript:alert(1)}{x}")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: latex: must be prose of the commands that symkern writes, but there is '\\href'
    """
    return _html(latex, numbers or {})


def _html(latex: str, numbers: Mapping[str, int]) -> str:
    shown, at = [], 0
    while at < len(latex):
        match = _PIECES.match(latex, at)
        assert match is not None  # the last alternative takes any character
        at = match.end()
        kind, text = match.lastgroup, match.group()
        if kind == "math":
            formula = mathml(match["math"])
            # Browsers end a line between a formula and the comma behind it.
            mark = _MARK_BEHIND.match(latex, at)
            at = mark.end() if mark else at
            shown.append(f'<span class="kept">{formula}{mark[0]}</span>' if mark else formula)
        elif kind == "display":
            shown.append(mathml(match["display"], display=True))
        elif kind == "aligned":
            lines = rf"\begin{{aligned}}{match['aligned']}\end{{aligned}}"
            shown.append(mathml(lines, display=True))
        elif kind == "label":
            number = numbers.get(match["label"], "?")
            shown.append(
                f'<a href="#{escape(match["label"])}">{f"({number})" if match["eq"] else number}</a>'
            )
        elif kind == "key":
            shown.append(_cited(match["key"], numbers, _html(match["place"], numbers)))
        elif kind == "wrap":
            inside, at = _group(latex, at)
            shown.append(_wrapped(match["wrap"], inside, numbers))
        elif kind == "letter":
            letter = {r"\i": "i", r"\j": "j"}.get(match["letter"], match["letter"])
            shown.append(unicodedata.normalize("NFC", letter + _MARKS[match["accent"]]))
        elif kind == "base":
            shown.append(unicodedata.normalize("NFC", match["base"] + _MARKS[match["mark"]]))
        elif kind == "named":
            if match["named"] not in NAMED_SIGNS:
                raise _refused(f"there is {chr(92) + match['named']!r}")
            shown.append(escape(NAMED_SIGNS[match["named"]]))
        elif kind == "sign":
            shown.append({",": "\u2009", " ": " "}.get(match["sign"], escape(match["sign"])))
        elif kind == "dashes":
            shown.append("—" if text == "---" else "–")
        elif kind == "quotes":
            shown.append("”" if text == "''" else "“")
        elif kind == "tie":
            shown.append("\u00a0")
        elif kind == "words":
            shown.append("’" if text == "'" else escape(text))
            if text in ("\\", "$"):
                raise _refused(f"{text!r} stands alone")
    return "".join(shown)


def _group(latex: str, start: int) -> tuple[str, int]:
    """What stands before the brace that closes, and where it goes on behind it."""
    depth, at = 1, start
    while at < len(latex):
        if latex[at] == "\\":
            at += 2
            continue
        depth += (latex[at] == "{") - (latex[at] == "}")
        at += 1
        if not depth:
            return latex[start : at - 1], at
    raise _refused("a brace stays open")


def _wrapped(command: str, inside: str, numbers: Mapping[str, int]) -> str:
    if command == "cite":
        return _cited(inside, numbers)
    tag = _TAGS[command]
    body = _html(inside, numbers)
    return f"<{tag}>{body.replace('’', chr(39)) if tag == 'code' else body}</{tag}>"


def _cited(inside: str, numbers: Mapping[str, int], place: str = "") -> str:
    keys = [key.strip() for key in inside.split(",")]
    links = [f'<a href="#ref-{escape(k)}">{numbers.get(k, escape(k))}</a>' for k in keys]
    return f"[{', '.join([*links, place] if place else links)}]"


def _refused(found: str) -> InvalidArgument:
    return InvalidArgument("latex", "must be prose of the commands that symkern writes", found)
