r"""LaTeX mathematics as MathML, which browsers draw by themselves: no script, no font, no network.

What is read is the LaTeX that symkern writes: letters, digits, signs, fractions, roots, scripts, brackets of every size, words, matrices and
aligned lines, of amsmath and amssymb. It is a reader of formulas and no TeX: there are no definitions, and a command that is not in the tables
is refused by name instead of being shown raw. Alignment is told by the classes ``l``, ``c`` and ``r``, a frame by the class ``boxed``;
`STYLE` is the style sheet that a page needs for them. Elements and attributes are those of MathML Core (W3C, *MathML Core*, 2025).
"""

from __future__ import annotations

import re
from html import escape

from symkern.errors import InvalidArgument, displayed
from symkern.reading.annotated import typed
from symkern.typeset.mathml_names import (
    ACCENTS,
    ALPHABETS,
    BELOW,
    EARLIER,
    ENVIRONMENTS,
    ESCAPED,
    FENCES,
    FUNCTIONS,
    IDENTIFIERS,
    IGNORED,
    LARGE,
    LIMITS,
    OPERATORS,
    PLAIN,
    SIZES,
    SPACES,
)

#: What a page that shows these formulas has in its style sheet.
STYLE = """\
math { font-size: 1.05em; }
math[display="block"] { margin: 0.7em 0; }
mtd.l { text-align: left; text-align: -webkit-left; }
mtd.c { text-align: center; text-align: -webkit-center; }
mtd.r { text-align: right; text-align: -webkit-right; }
mtable.lines mtd { padding: 0.25em 0; }
mtable.cells mtd { padding: 0.2em 0.5em; }
mrow.boxed { border: 1px solid currentColor; padding: 0.35em 0.6em; }
mtext.code { font-family: monospace; }
"""

_TOKENS = re.compile(r"\\begin\{[a-z*]+\}|\\end\{[a-z*]+\}|\\[A-Za-z]+|\\.|[0-9]+(?:\.[0-9]+)?|\s+|.", re.DOTALL)  # fmt: skip
_WORDS = {"text", "textrm", "texttt", "textit", "emph", "mbox", "textbf"}
_OPENING = set("([{⟨⌊⌈")
_CLOSING = set(")]}⟩⌋⌉")

#: Signs and letters that have a name in words of LaTeX.
NAMED_SIGNS = {
    "textbackslash": "\\", "textasciicircum": "^", "textasciitilde": "~", "textless": "<", "textgreater": ">", "textbar": "|",
    "ldots": "…", "dots": "…", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
    "i": "ı", "j": "ȷ", "noindent": "", "quad": "\u2003", "qquad": "\u2003\u2003", "par": " ", "sloppy": "",
}  # fmt: skip


@typed
def mathml(latex: str, display: bool = False) -> str:
    r"""A formula of LaTeX's math mode as a ``<math>`` element; ``display`` sets it on a line of its own.

    Args:
        latex: mathematics without dollars.
        display: whether it stands on its own.

    Returns:
        MathML Core, with the LaTeX in ``alttext`` for programs that read pages aloud without it.

    Raises:
        InvalidArgument: a command, an environment or a bracket that cannot be read.

    >>> print(mathml(r"\frac{\alpha}{L^2}"))
    <math alttext="\frac{\alpha}{L^2}"><mfrac><mi>α</mi><msup><mi>L</mi><mn>2</mn></msup></mfrac></math>
    >>> mathml(r"\input{secret}")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: latex: must be mathematics of the commands that symkern writes, but there is '\\input'
    """
    reader = _Reader(latex)
    body = reader.row(())
    kind = ' display="block"' if display else ""
    return f'<math{kind} alttext="{escape(" ".join(latex.split()))}">{body}</math>'


class _Reader:
    """One formula, token by token."""

    def __init__(self, latex: str) -> None:
        self.tokens: list[str] = _TOKENS.findall(latex)
        self.at = 0

    # -- tokens -------------------------------------------------------------------------

    def peek(self, skip: bool = True) -> str:
        """The next token that is no space; empty at the end."""
        while skip and self.at < len(self.tokens) and self.tokens[self.at].isspace():
            self.at += 1
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def refuse(self, found: str) -> InvalidArgument:
        rule = "must be mathematics of the commands that symkern writes"
        return InvalidArgument("latex", rule, found)

    def expect(self, token: str) -> None:
        found = self.take()
        if found != token:
            raise self.refuse(f"{displayed(found) if found else 'its end'} stands where {token!r} should")  # fmt: skip

    def raw(self) -> str:
        """The text of a group, as it stands."""
        if self.peek() != "{":
            return self.take()
        self.at += 1
        depth = 1
        pieces: list[str] = []
        while True:
            token = self.peek(skip=False)
            self.at += 1
            if not token:
                raise self.refuse("a brace stays open")
            depth += (token == "{") - (token == "}")
            if not depth:
                return "".join(pieces)
            pieces.append(token)

    # -- rows ---------------------------------------------------------------------------

    def row(self, ends: tuple[str, ...]) -> str:
        """Atoms up to one of ``ends``, which is left; as one element."""
        return _grouped(self.atoms(ends))

    def atoms(self, ends: tuple[str, ...]) -> list[str]:
        found: list[str] = []
        while True:
            token = self.peek()
            if token in ends or not token:
                if not token and ends:
                    raise self.refuse(f"{' or '.join(map(repr, ends))} is missing")
                return found
            if token in ("}", "&", r"\\", r"\right") or token.startswith(r"\end{"):
                raise self.refuse(f"{token!r} stands alone")
            prefix = not found or _ends_open(found[-1])
            atom = self.atom(prefix)
            if atom is not None:
                found.append(self.scripted(atom))

    def argument(self) -> str:
        """What a command applies to: a group or one atom."""
        if self.peek() == "{":
            self.at += 1
            body = self.row(("}",))
            self.at += 1
            return body
        if not self.peek() or self.peek() == "}":
            raise self.refuse("an argument is missing")
        if self.peek()[0].isdigit():  # one digit, as TeX has it
            token = self.tokens[self.at]
            self.tokens[self.at : self.at + 1] = [token[0], *([token[1:]] if token[1:] else [])]
        return self.atom(True) or "<mrow></mrow>"

    # -- scripts ------------------------------------------------------------------------

    def scripted(self, atom: str) -> str:
        """An atom with what stands below and above it."""
        below = above = ""
        while self.peek() in ("_", "^", "'"):
            mark = self.take()
            if mark == "'":
                above += "<mo>′</mo>"
            elif mark == "_":
                below = self.argument()
            else:
                above = self.argument()
        if not (below or above):
            return atom
        stacked = 'movablelimits="true"' in atom
        if below and above:
            kind = "munderover" if stacked else "msubsup"
            return f"<{kind}>{atom}{below}{above}</{kind}>"
        kind = ("munder" if stacked else "msub") if below else ("mover" if stacked else "msup")
        return f"<{kind}>{atom}{below or above}</{kind}>"

    # -- atoms --------------------------------------------------------------------------

    def atom(self, prefix: bool) -> str | None:
        """One atom; ``prefix`` where nothing stands to its left that a sign could join. None for what shows nothing."""
        token = self.take()
        if token == "{":
            body = self.row(("}",))
            self.at += 1
            return body
        if token in ("_", "^"):
            self.at -= 1
            return "<mrow></mrow>"
        if token.startswith("\\"):
            return self.command(token[1:], prefix)
        if token[0].isdigit():
            return f"<mn>{token}</mn>"
        if token in ("$", "#", "%"):  # TeX's own, in no formula
            raise self.refuse(f"{token!r} stands there")
        if token == "~":
            return _space("0.3333em")
        if token.isalpha():
            return f"<mi>{token}</mi>"
        return _sign(token, prefix)

    def command(self, name: str, prefix: bool) -> str | None:
        if name in IDENTIFIERS:
            upright = ' mathvariant="normal"' if name[0].isupper() or name == "infty" else ""
            return f"<mi{upright}>{IDENTIFIERS[name]}</mi>"
        if name in OPERATORS:
            return f"<mo>{OPERATORS[name]}</mo>"
        if name in ESCAPED:
            return f'<mi mathvariant="normal">{ESCAPED[name]}</mi>'
        if name in PLAIN:
            return _sign(PLAIN[name], prefix)
        if name in LARGE:
            return f'<mo movablelimits="true" largeop="true">{LARGE[name]}</mo>'
        if name in FUNCTIONS:
            return self.function(name)
        if name in SPACES:
            return _space(SPACES[name])
        if name in SIZES:
            return self.sized(SIZES[name])
        if name in IGNORED:
            return None
        if name in _WORDS:
            return _words(self.raw(), name == "texttt")
        if name.startswith("begin{"):
            return self.environment(name[6:-1])
        return self.built(name)

    def built(self, name: str) -> str:
        """Commands with arguments."""
        if name in ("frac", "dfrac", "tfrac"):
            above, below = self.argument(), self.argument()
            body = f"<mfrac>{above}{below}</mfrac>"
            return f'<mstyle displaystyle="false">{body}</mstyle>' if name == "tfrac" else body
        if name == "binom":
            above, below = self.argument(), self.argument()
            inside = f'<mfrac linethickness="0">{above}{below}</mfrac>'
            return f"<mrow><mo>(</mo>{inside}<mo>)</mo></mrow>"
        if name == "sqrt":
            if self.peek() == "[":
                self.at += 1
                degree = self.row(("]",))
                self.at += 1
                return f"<mroot>{self.argument()}{degree}</mroot>"
            return f"<msqrt>{self.argument()}</msqrt>"
        if name in ACCENTS:
            return f'<mover accent="true">{self.argument()}<mo stretchy="false">{ACCENTS[name]}</mo></mover>'
        if name == "left":
            return self.fenced()
        if name == "boxed":
            return f'<mrow class="boxed">{self.argument()}</mrow>'
        if name == "phantom":
            return f"<mphantom>{self.argument()}</mphantom>"
        if name == "operatorname":
            return self.function(self.raw())
        if name in ("mathrm", "mathsf", "mathbf", "mathit"):
            return self.lettered(name)
        if name in ALPHABETS:
            return self.alphabet(name)
        raise self.refuse(f"there is {chr(92) + name!r}")

    def function(self, name: str) -> str:
        """A function's name; a thin space before an argument without brackets."""
        shown = escape(LIMITS.get(name, name))
        if name in BELOW:
            atom = f'<mo movablelimits="true" lspace="0" rspace="0">{shown}</mo>'
        else:
            atom = f'<mi mathvariant="normal">{shown}</mi>'
        atom = self.scripted(atom)
        following = self.peek()
        bare = bool(following) and (following[0].isalnum() or following[0] == "\\")
        bare &= following not in (r"\left", r"\,", r"\;", r"\quad", r"\qquad", r"\right", r"\\", r"\bigl", r"\Bigl")  # fmt: skip
        bare &= following[1:] not in OPERATORS
        return f"<mrow>{atom}<mo>\u2061</mo>{_space('0.1667em') if bare else ''}</mrow>"

    def lettered(self, name: str) -> str:
        """Upright words and letters; of a formula in upright letters, the formula."""
        text = self.raw()
        if re.fullmatch(r"[A-Za-z]+", text):
            variant = ' mathvariant="normal"' if len(text) == 1 and name != "mathit" else ""
            return f"<mi{variant}>{text}</mi>"
        return _Reader(text).row(())

    def alphabet(self, name: str) -> str:
        letters = self.raw()
        if not re.fullmatch(r"[A-Z]", letters):
            raise self.refuse(f"there is {chr(92) + name!r} of {displayed(letters)}")
        shown = EARLIER[name].get(letters, chr(ALPHABETS[name] + ord(letters) - ord("A")))
        return f'<mi mathvariant="normal">{shown}</mi>'

    # -- brackets and environments -------------------------------------------------------

    def bracket(self) -> str:
        """What follows \\left, \\right or \\bigl."""
        token = self.take()
        shown = PLAIN.get(token[1:], "") if token.startswith("\\") else token
        if not shown or shown not in "()[]{}|.⟨⟩⌊⌋⌈⌉/‖<>":
            raise self.refuse(f"no bracket follows but {displayed(token)}")
        return "" if shown == "." else escape(shown)

    def sized(self, em: str) -> str:
        shown = self.bracket()
        return f'<mo stretchy="true" symmetric="true" minsize="{em}" maxsize="{em}"{_side(shown)}>{shown}</mo>'

    def fenced(self) -> str:
        opening = self.bracket()
        body = self.row((r"\right",))
        self.at += 1
        closing = self.bracket()
        left = f'<mo stretchy="true" form="prefix">{opening}</mo>' if opening else ""
        right = f'<mo stretchy="true" form="postfix">{closing}</mo>' if closing else ""
        return f"<mrow>{left}{body}{right}</mrow>"

    def environment(self, name: str) -> str:
        """Rows of cells."""
        if name not in ENVIRONMENTS:
            raise self.refuse(f"there is the environment {name!r}")
        if self.peek() == "[":  # the place of aligned[t]
            while self.take() != "]":
                pass
        kind = ENVIRONMENTS[name]
        columns = re.sub(r"[^lcr]", "", self.raw()) if name == "array" else ""
        ends = ("&", r"\\", rf"\end{{{name}}}")
        rows: list[list[str]] = [[]]
        while True:
            atoms = self.atoms(ends)
            if rows[-1] and kind == "lines" and atoms:  # a relation goes on from the cell before
                atoms[0] = re.sub(r"^<mo>", '<mo form="infix">', atoms[0])
            rows[-1].append(_grouped(atoms))
            token = self.take()
            if token == r"\\":
                rows.append([])
                if self.peek() == "[":  # space between lines
                    while self.take() != "]":
                        pass
            elif token != "&":
                break
        if rows[-1] == ["<mrow></mrow>"]:
            rows.pop()
        lines = "".join(
            f"<mtr>{''.join(f'<mtd class={_column(name, columns, i)}>{cell}</mtd>' for i, cell in enumerate(row))}</mtr>"
            for row in rows
        )
        shown = ' displaystyle="true"' if kind == "lines" else ""
        table = f'<mtable class="{kind}"{shown}>{lines}</mtable>'
        if name not in FENCES:
            return table
        left, right = FENCES[name]
        closing = f'<mo stretchy="true" form="postfix">{right}</mo>' if right else ""
        return f'<mrow><mo stretchy="true" form="prefix">{left}</mo>{table}{closing}</mrow>'


def _column(name: str, columns: str, place: int) -> str:
    """The class of a cell, in quotes: where its text stands."""
    if name in ("aligned", "align*"):
        return '"l"' if place % 2 else '"r"'
    if name == "array" and place < len(columns):
        return f'"{columns[place]}"'
    return '"l"' if name == "cases" else '"c"'


def _grouped(atoms: list[str]) -> str:
    return atoms[0] if len(atoms) == 1 else f"<mrow>{''.join(atoms)}</mrow>"


def _space(width: str) -> str:
    return f'<mspace width="{width}"/>'


def _side(sign: str) -> str:
    """The form of a bracket, which browsers else take from its place in the row."""
    if sign in _OPENING:
        return ' form="prefix" lspace="0" rspace="0"'
    return ' form="postfix" lspace="0" rspace="0"' if sign in _CLOSING else ' lspace="0" rspace="0"'


def _sign(sign: str, prefix: bool) -> str:
    """An operator, bracket or mark."""
    if sign == "-":
        return '<mo form="prefix">−</mo>' if prefix else "<mo>−</mo>"
    if sign == "+":
        return '<mo form="prefix">+</mo>' if prefix else "<mo>+</mo>"
    if sign in _OPENING or sign in _CLOSING:
        return f'<mo stretchy="false"{_side(sign)}>{escape(sign)}</mo>'
    if sign in "|‖/":
        return f'<mo stretchy="false" lspace="0" rspace="0">{sign}</mo>'
    if sign in "∂∇…⋯′":
        return f"<mi>{sign}</mi>" if sign in "∂∇" else f"<mo>{sign}</mo>"
    if sign == "*":
        return "<mo>∗</mo>"
    return f"<mo>{escape(sign)}</mo>"


def _ends_open(atom: str) -> bool:
    """Whether a sign behind this atom stands in front of what follows: behind another sign, a relation or an opening bracket."""
    match = re.fullmatch(r"<mo[^>]*>([^<]*)</mo>", atom)
    return match is not None and match[1] not in _CLOSING and match[1] not in ("!", "′", "…", "|")


def _words(text: str, code: bool) -> str:
    r"""Words of \text, with formulas between dollars."""
    pieces = re.split(r"\$([^$]*)\$", text)
    shown = []
    for i, piece in enumerate(pieces):
        if i % 2:
            shown.append(_Reader(piece).row(()))
        elif piece:
            named = re.sub(r"\\([A-Za-z]+)\{\}", lambda m: NAMED_SIGNS.get(m[1], m[0]), piece)
            plain = re.sub(r"\\([#%&_${}])", r"\1", named).replace("~", "\u00a0")
            plain = re.sub(r"^ | $", "\u00a0", re.sub(r"\s+", " ", plain)).replace("--", "–")
            if "\\" in plain or "{" in plain:
                raise InvalidArgument("latex", "must have plain words in \\text", f"they are {displayed(piece)}")  # fmt: skip
            kind = ' class="code"' if code else ""
            shown.append(f"<mtext{kind}>{escape(plain)}</mtext>")
    return _grouped(shown)
