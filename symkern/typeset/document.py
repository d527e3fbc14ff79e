r"""Whole LaTeX documents, and plain words made safe for LaTeX.

The documents compile with pdfLaTeX and the packages of a basic TeX installation (amsmath, amssymb,
booktabs, geometry; ytableau only where the body uses it) and hold everything they need.
"""

from __future__ import annotations

__all__ = ["document", "escape"]

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
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

    Greek letters go through math mode; a character that pdfLaTeX has no glyph for is named by its
    code point instead of stopping the compilation.

    >>> print(escape("100 % of a_b & \\alpha"))
    100 \% of a\_b \& \textbackslash{}alpha
    >>> print(escape("α≥0, 漢"))
    $\alpha$$\geq$0, [U+6F22]
    """
    return "".join(_escaped(character) for character in text)


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character in _GREEK:
        return f"$\\{_GREEK[character]}$"
    if character in "\n\r\t":
        return " "
    if " " <= character <= "~" or ("\u00c0" <= character <= "\u017e" and character.isalpha()):
        return character
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
    lines = [
        r"\documentclass[11pt]{article}",
        r"\usepackage[utf8]{inputenc}",
        r"\usepackage[margin=1in]{geometry}",
        f"\\usepackage{{{','.join(packages)}}}",
        r"\allowdisplaybreaks",
    ]
    if preamble:
        lines.append(preamble)
    if title:
        lines += [f"\\title{{{escape(title)}}}", f"\\author{{{escape(author)}}}", r"\date{}"]
    lines += [r"\begin{document}"]
    if title:
        lines += [r"\maketitle", ""]
    return "\n".join([*lines, body, r"\end{document}"]) + "\n"
