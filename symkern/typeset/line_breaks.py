r"""LaTeX of math mode broken into aligned lines, whatever wrote it: before relations and signs, after commas.

Formulas of SymPy are broken by `symkern.typeset.tex`, which knows their tree; here is only text. Nothing is broken inside braces, environments, and what
``\left`` and ``\right`` hold together; inside of plain parentheses only where nothing else does.
"""

from __future__ import annotations

import re

from symkern.typeset.document import PAGE
from symkern.typeset.plain import read_em

_TOKEN = re.compile(r"\\(?:begin|end)\{[^}]*\}|\\[A-Za-z]+\*?|\\.|[^\\]", re.S)
_FRACTION = re.compile(r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}")
_BRACED = re.compile(r"\{([^{}]*)\}")
_SCRIPT = re.compile(r"[\^_]")
_WIDE = {r"\qquad": 2.0, r"\quad": 1.0, r"\,": 0.17, r"\;": 0.28, r"\:": 0.22, r"\!": -0.17, r"\left": 0.1, r"\right": 0.1}  # fmt: skip
_RELATIONS = {"=", "<", ">", r"\sim", r"\leq", r"\geq", r"\le", r"\ge", r"\approx", r"\equiv", r"\to", r"\mapsto", r"\qquad", r"\otimes", r"\oplus", r"\in"}  # fmt: skip
_SPACED = {*_RELATIONS, "+", "-"}
_INDENT = 1.0


def formula_em(latex: str) -> float:
    r"""The estimated width of math mode in em, on the wide side; of a fraction that of its longer part.

    >>> formula_em(r"\frac{a}{b + c}") == formula_em("b + c")
    True
    """
    while True:
        longer = _FRACTION.sub(lambda m: max(m[1], m[2], key=_flat_em), latex)
        if longer == latex:
            longer = re.sub(r"\\(sqrt|mathbb|mathrm|operatorname|text|hat|bar|overline|phantom)\s*\{([^{}]*)\}", r"\2", latex)  # fmt: skip
        if longer == latex:
            longer = re.sub(r"[\^_]\{([^{}]*)\}", lambda m: m[1][: (2 * len(m[1]) + 2) // 3], latex)
        if longer == latex:
            longer = _BRACED.sub(r"\1", latex)
        if longer == latex:
            return _flat_em(latex)
        latex = longer


def _flat_em(latex: str) -> float:
    em = 0.0
    for token in _TOKEN.findall(latex):
        if token in _WIDE:
            em += _WIDE[token]
        elif token in _SPACED:
            em += 1.3
        elif token in " &^_{}" or token.startswith((r"\begin", r"\end")):
            continue
        elif token in "(),.;:|[]'!":
            em += 0.4
        else:
            em += 0.55 if token.isdigit() or token.islower() else 0.75
    return em


def broken_latex(latex: str, width: float = PAGE) -> str:
    r"""A formula in lines of at most ``width`` em, where it can be broken: for ``\[ ... \]``.

    >>> broken_latex("a + b")
    'a + b'
    >>> print(broken_latex("f = a + b + c + d", width=6))
    \begin{aligned}
    & f = a + b \\
    & \quad + c + d
    \end{aligned}
    """
    room = read_em(width)
    if formula_em(latex) <= room:
        return latex
    lines: list[str] = []
    rest, indent = latex.strip(), 0.0
    while rest and formula_em(rest) > room - indent:
        place = _place(rest, room - indent)
        if place is None:
            break
        lines.append(rest[:place].rstrip())
        rest, indent = rest[place:].lstrip(), _INDENT
    lines.append(rest)
    if len(lines) == 1:
        return latex
    body = " \\\\\n".join(("& " if i == 0 else r"& \quad ") + line for i, line in enumerate(lines))
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"


def _place(latex: str, room: float) -> int | None:
    """Where to break: as far right as fits, outside of parentheses if that leaves no line near empty; the first place where none fits."""
    held = depth = at = 0
    found: list[tuple[int, int]] = []
    last = ""
    for token in _TOKEN.findall(latex):
        if token in ("{", r"\left", r"\bigl") or token.startswith(r"\begin"):
            held += 1
        elif token in ("}", r"\right", r"\bigr") or token.startswith(r"\end"):
            held -= 1
        elif token in ("(", "["):
            depth += 1
        elif token in (")", "]"):
            depth -= 1
        elif held == 0 and at and (token in _RELATIONS or (token in "+-" and last not in ("", *_SPACED, ",", "(", "["))):  # fmt: skip
            found.append((at, depth))
        at += len(token)
        if token == "," and held == 0:
            found.append((at, depth))
        if not token.isspace():
            last = token
    fitting = [(place, deep) for place, deep in found if formula_em(latex[:place]) <= room]
    for most in sorted({deep for _, deep in fitting}):
        outer = [place for place, deep in fitting if deep <= most]
        if formula_em(latex[: outer[-1]]) > room / 3:
            return outer[-1]
    if fitting:
        return fitting[-1][0]
    return found[0][0] if found and found[0][0] < len(latex) else None
