r"""LaTeX as text for a terminal: formulas in the letters of the blackboard, sentences in words.

    \frac{\alpha^2 s}{L^2}, \quad \lambda \leq \dim R     is shown as     α²s/L²,  λ ≤ dim R

It is for eyes only: what is to be read back is written by `symkern.typeset.plain`. What is read is what `symkern.typeset.mathml` and
`symkern.typeset.prose` read; a formula that they do not know is shown as it stands.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from symkern.errors import InvalidArgument
from symkern.reading.annotated import typed
from symkern.typeset.mathml import mathml
from symkern.typeset.prose import prose_html

_RAISED = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
_SPACED = set("=<>≤≥≠∼≈≍≅≡∈∋→↦⇒⟺⟂⊂⊆⊢+−⊗⊕⋅×±∖∪∩∝≪≫")
#: An irrep, which symkern writes without spaces.
_IRREP = re.compile(r"\(([A-Za-z]|\d+)(?: ?− ?(\d+))?((?:, \d+)+)\)")
_CLOSE = {",": ", ", ";": "; ", ":": ": "}
_HATS = {"^": "\u0302", "¯": "\u0304", "~": "\u0303", "˙": "\u0307", "→": "\u20d7"}
_ASCII = {
    **dict(zip("αβγδεζηθκλμνξπρστφχψωΓΔΘΛΣΦΨΩ", ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Sigma", "Phi", "Psi", "Omega"])),
    **{raised: f"^{plain}" for plain, raised in zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")},
    "⁻": "^-", "⁺": "^+", "ⁿ": "^n", "ϕ": "phi", "ϵ": "epsilon", "−": "-", "≤": "<=", "≥": ">=", "≠": "!=", "∼": "~", "≈": "~", "≍": "~~", "≅": "=~", "∈": "in", "→": "->",
    "⇒": "=>", "⟺": "<=>", "⊗": "x", "⊕": "(+)", "⋅": "*", "×": "x", "∖": "\\", "√": "sqrt", "∑": "sum", "∏": "prod", "⨁": "(+)", "∞": "oo", "∂": "d", "∇": "grad",
    "…": "...", "⋯": "...", "′": "'", "⟨": "<", "⟩": ">", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", "𝔼": "E", "ℚ": "Q", "ℝ": "R", "ℤ": "Z", "ℓ": "l", "∅": "0",
    "–": "-", "—": "-", "’": "'", "“": '"', "”": '"', "\u00a0": " ", "\u2009": " ", "‖": "||", "∣": "|", "\u2003": "  ",
}  # fmt: skip


@typed
def readable_formula(latex: str) -> str:
    r"""A formula of LaTeX's math mode as text, a line for each of its lines.

    >>> print(readable_formula(r"\lambda \sim \frac{2 \alpha^{2} \beta}{L^{2} v^{2}} \qquad (L \geq 3)"))
    λ ∼ 2α²β/(L²v²)  (L ≥ 3)
    >>> print(readable_formula(r"\begin{aligned} T_R &= \bigl(a \\ & \quad + b\bigr)^{1/2} \end{aligned}"))
    T_R = (a
      + b)^(1/2)
    """
    try:
        root = ElementTree.fromstring(mathml(latex))
    except (
        InvalidArgument,
        ElementTree.ParseError,
        UnicodeEncodeError,
    ):  # half of a pair of surrogates
        return latex
    lines = _IRREP.sub(_label, _row(list(root))).split("\n")
    return "\n".join(re.sub(r"(?<=\S) {3,}", "  ", line).rstrip() for line in lines)


@typed
def readable_prose(latex: str) -> str:
    r"""Sentences of LaTeX as text on one line.

    >>> print(readable_prose(r"The \emph{block} of $T_R$ has $\dim R$ rows, 100 \% of \texttt{mean\_pool}."))
    The block of T_R has dim R rows, 100 % of mean_pool.
    """
    try:
        root = ElementTree.fromstring(f"<p>{prose_html(latex)}</p>")
    except (
        InvalidArgument,
        ElementTree.ParseError,
        UnicodeEncodeError,
    ):  # half of a pair of surrogates
        return latex
    return _IRREP.sub(_label, " ".join(_words(root).split()))


def ascii_text(text: str) -> str:
    """A text for a terminal that knows no other letters.

    >>> ascii_text("λ ∼ 2α²β/L², √2 漢")
    'lambda ~ 2alpha^2beta/L^2, sqrt2 ?'
    """
    return "".join(_ASCII.get(c, c) for c in text).encode("ascii", "replace").decode()


def _label(match: re.Match[str]) -> str:
    below = f"-{match[2]}" if match[2] else ""
    return f"({match[1]}{below}{match[3].replace(' ', '')})"


def _words(element: ElementTree.Element) -> str:
    found = element.text or ""
    for child in element:
        found += _row(list(child)).replace("\n", " ") if child.tag == "math" else _words(child)
        found += child.tail or ""
    return found


def _row(elements: list[ElementTree.Element]) -> str:
    found, last = "", ""
    for element in elements:
        shown = _shown(element)
        if not shown:
            continue
        if found and last in ("mfrac", "mstyle") and re.match(r"[\w(\[√∑∏∂]", shown):
            found += " ⋅ "  # or it would stand below the line
        elif found and _touch(found, shown):
            found += " "
        if shown[0] == " " and found and found[-1] in " \n":
            shown = shown.lstrip(" ")
        found += shown
        last = element.tag
    return found


#: The end of a line in which its last word is looked for.
_WORD = 100


def _touch(left: str, right: str) -> bool:
    """Whether a word would run into what stands beside it: words, numbers and indices need a space, single letters none."""
    left = left[-_WORD:]
    before, after = re.search(r"[^\W_]+\Z", left), re.match(r"[^\W_]+", right)
    if before is None or after is None:
        return False
    one, two = before[0], after[0]
    if re.search(r"[_^]\w+\Z", left):
        return True
    words = any(len(word) > 1 and word.isalpha() and word.isascii() for word in (one, two))
    return words or two[0].isdigit()


def _shown(element: ElementTree.Element) -> str:
    text, children = element.text or "", list(element)
    match element.tag:
        case "mi" | "mn" | "mtext":
            return text
        case "mo":
            return _operator(element, text)
        case "mspace":
            width = float(element.get("width", "0").removesuffix("em"))
            return "  " if width >= 1 else " " if width > 0.1 else ""
        case "mfrac":
            above, below = _shown(children[0]), _shown(children[1])
            if element.get("linethickness") == "0":
                return f"{above} choose {below}"
            return f"{_grouped(above)}/{_grouped(below, product=True)}"
        case "msqrt":
            inner = _row(children)
            return f"√{inner}" if re.fullmatch(r"\w", inner) else f"√({inner})"
        case "mroot":
            return f"({_shown(children[0])})^(1/{_shown(children[1])})"
        case "msup":
            return _shown(children[0]) + _raised(_shown(children[1]))
        case "msub" | "munder":
            return _shown(children[0]) + _lowered(_shown(children[1]))
        case "mover":
            above = _shown(children[1]).strip()
            if element.get("accent") == "true":
                return _shown(children[0]) + _HATS.get(above, above)
            return _shown(children[0]) + _raised(above)
        case "msubsup" | "munderover":
            base, below, above = map(_shown, children)
            return base + _lowered(below) + _raised(above)
        case "mphantom":
            return ""
        case "mtable":
            return _table(element)
    return _row(children)


def _operator(element: ElementTree.Element, sign: str) -> str:
    if sign == "\u2061":
        return ""
    if sign in _CLOSE:
        return _CLOSE[sign]
    if sign in _SPACED and element.get("form") != "prefix":
        return f" {sign} "
    return sign


def _raised(power: str) -> str:
    power = power.strip()
    if re.fullmatch(r"[-−+]?[0-9]+|n", power):
        return power.translate(_RAISED)
    return (
        f"^{power}"
        if re.fullmatch(r"\w|′+", power)
        else power
        if power in ("′", "″")
        else f"^({power})"
    )


def _lowered(index: str) -> str:
    index = index.strip()
    bare = re.fullmatch(r"\w+|\([^()]*\)", _IRREP.sub(_label, index))
    return f"_{index}" if bare else f"_({index})"


def _grouped(text: str, product: bool = False) -> str:
    """In parentheses unless it is one factor; below a line a product needs them too."""
    text = text.strip()
    if re.fullmatch(r"[^\W_]?[⁰¹²³⁴⁵⁶⁷⁸⁹]*|[0-9]+", text):
        return text
    sums = re.sub(r"\([^()]*\)", "", text)
    whole = (
        text.startswith("(") and text.endswith(")") and "(" not in text[1:] and ")" not in text[:-1]
    )
    if whole or not (product or re.search(r" [+−] |\A−", sums)):
        return text
    return f"({text})"


def _table(element: ElementTree.Element) -> str:
    rows = [[_shown(cell) if len(cell) != 1 else _shown(cell[0]) for cell in row] for row in element]  # fmt: skip
    if element.get("class") == "lines":
        lines = ["".join(row).rstrip() for row in rows]
        return "\n".join(line if i == 0 else f"  {line.strip()}" if line.startswith(" ") else line for i, line in enumerate(lines))  # fmt: skip
    cells = (", ".join(filter(None, (cell.strip() for cell in row))) for row in rows)
    return "; ".join(cells)
