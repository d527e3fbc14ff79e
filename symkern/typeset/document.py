r"""Whole LaTeX documents, and plain words made safe for LaTeX.

The documents compile with pdfLaTeX and the packages of a basic TeX installation (amsmath, amssymb,
booktabs, geometry; ytableau, pict2e and amsthm only where the body uses them) and hold everything they need.
"""

from __future__ import annotations

import re
from unicodedata import normalize

#: Text width in em that fits a standard article as well as `symkern.typeset.document`.
PAGE = 33.0

_ESCAPES = {
    **{character: "\\" + character for character in "{}$&#%_"},
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
    "×": r"$\times$",
    "≥": r"$\geq$",
    "≤": r"$\leq$",
    "∅": r"$\varnothing$",
    "–": "--",
    "—": "---",
}
_LETTERS = dict(zip("ßæÆœŒøØłŁ", ("ss", "ae", "AE", "oe", "OE", "o", "O", "l", "L")))
#: LaTeX's accents by Unicode's combining marks.
_ACCENTS = dict(
    zip(
        "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327",
        ("`", "'", "^", "~", "=", "u", ".", '"', "r", "H", "v", "c"),
    )
)
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξπρστυφχψω",
        [
            "alpha",
            "beta",
            "gamma",
            "delta",
            "varepsilon",
            "zeta",
            "eta",
            "theta",
            "iota",
            "kappa",
            "lambda",
            "mu",
            "nu",
            "xi",
            "pi",
            "rho",
            "sigma",
            "tau",
            "upsilon",
            "varphi",
            "chi",
            "psi",
            "omega",
        ],
    )
)


def escape(text: str) -> str:
    r"""``text`` as it stands, in LaTeX outside math mode.

    Accented letters become LaTeX's accents, Greek letters go through math mode; a character that
    Computer Modern has no glyph for is named by its code point instead of stopping the compilation.

    >>> print(escape("100 % of a_b & \\alpha"))
    100 \% of a\_b \& \textbackslash{}alpha
    >>> print(escape("é: α≥0, 漢"))
    \'{e}: $\alpha$$\geq$0, [U+6F22]
    >>> print(escape("--full"))
    -{}-full
    """
    # Two hyphens of an option would become a dash, two quotes another quote.
    return re.sub(r"-(?=-)|`(?=`)|'(?=')|[?!](?=`)", r"\g<0>{}", "".join(_escaped(c) for c in text))


def program_text(text: str) -> str:
    r"""``text`` as it is typed, a pipeline or code, in typewriter letters outside math mode.

    >>> print(program_text("embedding(1) | mean_pool"))
    \texttt{embedding(1) | mean\_pool}
    """
    return (
        rf"\texttt{{{escape(text).replace(_ESCAPES['|'], '|')}}}"  # only other letters have no bar
    )


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character in _GREEK:
        return f"$\\{_GREEK[character]}$"
    if character in "\n\r\t":
        return " "
    if " " <= character <= "~":
        return character
    if character in _LETTERS:
        return f"\\{_LETTERS[character]}{{}}"
    base, *marks = list(normalize("NFD", character))
    if base.isascii() and base.isalpha() and len(marks) == 1 and marks[0] in _ACCENTS:
        letter = {"i": r"\i", "j": r"\j"}.get(base, base)
        return f"\\{_ACCENTS[marks[0]]}{{{letter}}}"
    return f"[U+{ord(character):04X}]"


def document(body: str, title: str = "", author: str = "", preamble: str = "") -> str:
    r"""A complete document around LaTeX ``body``; ``title`` and ``author`` are plain words.

    ``preamble`` is LaTeX that is put before ``\begin{document}``.

    >>> print(document("Hello", title="50 %").splitlines()[-5:])
    ['\\begin{document}', '\\maketitle', '', 'Hello', '\\end{document}']
    """
    packages = ["amsmath", "amssymb", "array", "booktabs"]
    if "\\begin{ytableau}" in body:
        packages.append("ytableau")
    if "\\begin{picture}" in body:
        packages.append("pict2e")
    if "\\begin{theorem}" in body:
        packages.append("amsthm")
    if "\\begin{landscape}" in body:
        packages.append("pdflscape")
    lines = [
        r"\documentclass[11pt]{article}",
        r"\usepackage[utf8]{inputenc}",
        r"\usepackage[margin=1in]{geometry}",
        f"\\usepackage{{{','.join(packages)}}}",
        r"\allowdisplaybreaks",
        r"\makeatletter\@beginparpenalty=10000\makeatother",  # what heads a list stands on its page
        r"\setlength{\emergencystretch}{6em}",  # program text has few places to break a line at
    ]
    if "\\begin{theorem}" in body:
        lines.append(r"\newtheorem{theorem}{Theorem}")
    if preamble:
        lines.append(preamble)
    if title:
        lines += [f"\\title{{{escape(title)}}}", f"\\author{{{escape(author)}}}", r"\date{}"]
    lines += [r"\begin{document}"]
    if title:
        lines += [r"\maketitle", ""]
    return "\n".join([*lines, body, r"\end{document}"]) + "\n"
