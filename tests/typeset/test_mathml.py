"""MathML: what a browser draws is read back as a formula, by a reader of elements that knows no LaTeX, and has the formula's values."""

from __future__ import annotations

import re
from fractions import Fraction
from xml.etree import ElementTree

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.abc import L, alpha, beta, parse, sigma2, v
from symkern.certificates.catalogue import CATALOGUE
from symkern.errors import InvalidArgument
from symkern.typeset import formula_display, formula_latex
from symkern.typeset.document import escape
from symkern.typeset.mathml import mathml
from symkern.typeset.prose import prose_html

_GREEK = {"α": "alpha", "β": "beta", "σ": "sigma", "π": "pi"}
#: Elements that MathML Core has and that are used here.
_CORE = {
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover",
    "mtable", "mtr", "mtd", "mstyle", "mphantom",
}  # fmt: skip


def read_back(element: ElementTree.Element) -> str:
    """The formula that an element shows, in the grammar of symkern.abc.parse: what stands side by side is multiplied."""
    children = [read_back(child) for child in element]
    text = element.text or ""
    match element.tag:
        case "mi":
            return _GREEK.get(text, text)
        case "mn":
            return text
        case "mo":
            return {"−": "-", "⋅": "*", "×": "*", "\u2061": ""}.get(text, text)
        case "mfrac":
            return f"(({children[0]})/({children[1]}))"
        case "msqrt":
            return f"sqrt({_joined(children)})"
        case "msup":
            return f"{children[0]}^({children[1]})"
        case "mspace":
            return ""
        case "mtable":
            return "".join(children)
    return _joined(children)


def _joined(pieces: list[str]) -> str:
    found = ""
    for piece in filter(None, pieces):
        both = re.search(r"[\w)]$", found) and re.match(r"[\w(]", piece)
        found += ("*" if both else "") + piece
    return found


def formula_of(latex: str) -> sp.Expr:
    root = ElementTree.fromstring(mathml(latex))
    assert {e.tag for e in root.iter()} <= _CORE
    text = re.sub(r"sigma\^\((\d+)\)", lambda m: f"sigma2^({int(m[1]) // 2})", read_back(root))
    return parse(re.sub(r"\^\((\d+)/2\)", r"^(\1/2)", text).replace("1*e^", "1*exp"))


_numbers = st.integers(-7, 7).filter(bool).map(sp.Integer)
_names = st.sampled_from([L, v, alpha, beta, sigma2])
_formulas = st.recursive(
    _numbers | _names,
    lambda inner: (
        st.tuples(inner, inner).map(sum)
        | st.tuples(inner, inner).map(lambda t: t[0] * t[1])
        | st.tuples(inner, st.integers(1, 3)).map(lambda t: t[0] ** t[1])
        | inner.filter(bool).map(lambda e: 1 / e)
    ),
    max_leaves=7,
)
_POINT = {L: 11, v: 5, alpha: Fraction(3, 7), beta: Fraction(2, 3), sigma2: Fraction(5, 13)}


def _value(formula: sp.Expr) -> sp.Expr:
    return sp.nsimplify(formula.subs({s: sp.Rational(str(q)) for s, q in _POINT.items()}))


@given(_formulas)
def test_what_is_drawn_has_the_value_of_the_formula(formula):
    """In one line, and broken into aligned lines."""
    assert _value(formula_of(formula_latex(formula))) == _value(formula)
    assert _value(formula_of(formula_display(formula, width=9))) == _value(formula)


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"x^2_a", "<msubsup><mi>x</mi><mi>a</mi><mn>2</mn></msubsup>"),
        (r"x^12", "<msup><mi>x</mi><mn>1</mn></msup><mn>2</mn>"),
        (r"\mathbb{E}", '<mi mathvariant="normal">𝔼</mi>'),
        (r"\mathbb Q", '<mi mathvariant="normal">ℚ</mi>'),
        (r"\text{if $x < 1$}", "<mtext>if\u00a0</mtext><mrow><mi>x</mi><mo>&lt;</mo><mn>1</mn></mrow>"),
        (r"\left( a \right.", '<mo stretchy="true" form="prefix">(</mo><mi>a</mi>'),
        (r"a = -b", '<mo>=</mo><mo form="prefix">−</mo>'),
        (r"(a) - b", "<mo>−</mo><mi>b</mi>"),
        (r"\sqrt[3]{x}", "<mroot><mi>x</mi><mn>3</mn></mroot>"),
    ],
)  # fmt: skip
def test_conventions(latex, shown):
    """Pinned, each by the place where another reading would differ."""
    assert shown in mathml(latex)


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{1}", "{a", "a}", r"\left(a", r"\begin{aligned} a", r"\end{aligned}", "a & b", r"\href{x}{y}", r"\bigl x", r"\right)", "\\",
        r"\begin{tabular}{l} a \end{tabular}", r"\text{a", r"\text{\input{x}}", r"\mathbb{12}", r"\sqrt",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_name(latex):
    with pytest.raises(InvalidArgument, match=r"^latex: "):
        mathml(latex)


@given(st.text(alphabet="\\{}^_&$ab12+-()[]<>'\"| \n", max_size=30) | st.text(max_size=20))
def test_any_text_is_well_formed_or_refused(text):
    """No input breaks the page around it."""
    for write in (mathml, prose_html):
        try:
            shown = write(text)
        except InvalidArgument:
            continue
        printable = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", shown)
        ElementTree.fromstring(f"<p>{printable}</p>")


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40))
def test_escaped_words_are_read_back(text):
    """What `escape` makes for LaTeX shows as the words themselves, but for characters that are named by their code points."""
    shown = "".join(ElementTree.fromstring(f"<p>{prose_html(escape(text))}</p>").itertext())
    if "[U+" not in escape(text) and text.isascii():
        assert re.sub(r"\s+", " ", shown.replace("”", '"').replace("’", "'")) == re.sub(r"\s+", " ", text)  # fmt: skip


@pytest.mark.parametrize("name", CATALOGUE)
@pytest.mark.sampled(3)
def test_every_derivation_can_be_drawn(name):
    """Each statement, conclusion and reason; nothing of LaTeX is left over."""
    derivation = CATALOGUE[name]()
    shown = [mathml(step.statement, display=True) for step in derivation.steps]
    shown += [prose_html(step.reason) for step in derivation.steps]
    shown += [mathml(derivation.conclusion)] if derivation.conclusion else []
    for one in shown:
        text = "".join(ElementTree.fromstring(f"<p>{one}</p>").itertext())
        assert not re.search(r"[\\$]|\{\}", text), text
