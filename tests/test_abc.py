"""The reader of formulas: what it accepts, what it refuses, and that nothing is ever evaluated.

The second route is SymPy's own reader, given text that this file wrote itself and the names of symkern.abc.
"""

import json
import os
import re
import select
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp
from hypothesis import example, given
from hypothesis import strategies as st
from sympy.parsing.sympy_parser import parse_expr

from symkern import abc
from symkern.abc import L, alpha, beta, cycle_count, namespace, parse, v, x
from symkern.errors import FormulaError, InvalidType, SymkernError
from tests.effort import calls_at_most
from tests.search import examples


def _read(text):
    """The expression, or None where it was refused with a FormulaError whose message can be shown."""
    try:
        with calls_at_most(300_000):
            result = parse(text)
    except SymkernError as refusal:
        assert isinstance(refusal, FormulaError)
        assert str(refusal).startswith("formula: ")
        assert refusal.position is None or 0 <= refusal.position <= len(text)
        result = None
    if result is not None:
        assert isinstance(result, sp.Expr)
        assert not result.has(sp.Float, sp.nan, sp.zoo, sp.oo)
    return result


class Reader:
    """A process that reads formulas and can be stopped where one keeps it busy."""

    program = """
import json, sys
from symkern.abc import parse
from symkern.errors import FormulaError
print(json.dumps("ready"), flush=True)
for line in sys.stdin:
    try:
        parse(json.loads(line))
        answer = "read"
    except FormulaError as refusal:
        answer = "refused" if str(refusal) else "refused without a word"
    except BaseException as other:
        answer = f"{type(other).__name__}: {str(other)[:200]}"
    print(json.dumps(answer), flush=True)
"""

    def __init__(self):
        self.process = None

    def _answer(self, seconds):
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        return json.loads(self.process.stdout.readline()) if ready else None

    def ask(self, text, seconds=120):
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-c", self.program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONPATH": str(Path(abc.__file__).parents[1])},
            )
            assert self._answer(60) == "ready"
        self.process.stdin.write(json.dumps(text) + "\n")
        self.process.stdin.flush()
        answer = self._answer(seconds)
        if answer is None:
            self.close()
            return f"still reading after {seconds} s"
        return answer

    def close(self):
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None


@pytest.fixture(scope="module")
def reader():
    """One process for all texts, replaced when it had to be stopped."""
    process = Reader()
    yield process
    process.close()


# Pins


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2^3^2", sp.Integer(512)),  # right associative
        ("-2^2", sp.Integer(-4)),  # a sign binds less than a power
        ("2^-2", sp.Rational(1, 4)),
        ("2**3", sp.Integer(8)),
        ("8/2/2", sp.Integer(2)),  # left associative
        ("7-3-2", sp.Integer(2)),
        ("0.1", sp.Rational(1, 10)),
        (".5", sp.Rational(1, 2)),
        ("2.", sp.Integer(2)),
        ("1/3", sp.Rational(1, 3)),
        ("--1", sp.Integer(1)),
        (" alpha ^ 2 * L / ( 2 * v ) + 0.5 ", alpha**2 * L / (2 * v) + sp.Rational(1, 2)),
        ("sqrt(8)", 2 * sp.sqrt(2)),
        ("sqrt(L^2)", L),  # L is positive
        ("exp(0)", sp.Integer(1)),
        ("exp(beta)", sp.exp(beta)),
        ("X1*(X1-3)/2 + X2", cycle_count(1) * (cycle_count(1) - 3) / 2 + cycle_count(2)),
        ("X100", cycle_count(100)),
        ("0^0", sp.Integer(1)),
        ("x^(4/2)", x**2),
    ],
)
def test_pins(text, expected):
    result = parse(text)
    assert result == expected
    assert type(result) is type(expected)


def test_names_have_the_library_s_assumptions():
    """A symbol of the same name with other assumptions is another symbol to SymPy."""
    for name, symbol in namespace.items():
        assert parse(name) is symbol or parse(name) == symbol
        assert sp.Symbol(name) != symbol
    assert parse("X21") == cycle_count(21)
    assert {"L", "v", "n", "alpha", "beta", "gamma", "sigma2", "w", "b", "x", "X1"} <= set(
        namespace
    )
    assert all(getattr(abc, name) == namespace[name] for name in abc.__all__ if name in namespace)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("   ", 0),
        ("2L", 1),  # no implied product
        ("1e5", 1),
        ("1_0", 1),
        ("1..2", 2),
        ("(1", 0),
        ("1)", 1),
        ("1 2", 2),
        ("*2", 0),
        ("2*", 2),
        ("a", 0),
        ("delta + 1", 0),
        ("alpha + delta", 8),
        ("X0", 0),
        ("X01", 0),
        ("sqrt 2", 0),
        ("sqrt()", 5),
        ("sin(1)", 0),
        ("alpha.real", 5),
        ("alpha[0]", 5),
        ("'a'", 0),
        ("1;2", 1),
        ("lambda: 0", 6),
        ("x = 1", 2),
        ("1/0", 2),
        ("alpha/(L-L)", 6),
        ("0^-1", 1),
        ("x^L", 1),
        ("x^0.5", 1),
        ("x^(1/2)", 1),
        ("x^1001", 1),
        ("x^-1001", 1),
        ("9^9^9", 1),
        ("α", 0),
        ("２", 0),
        ("1\x002", 1),
    ],
)
def test_refusals_point_at_the_place(text, position):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert caught.value.position == position
    where = f"position {position} of" if text.strip() else "it is empty"
    assert where in str(caught.value)


@pytest.mark.parametrize("value", [1, 1.5, None, b"alpha", alpha, ["alpha"]])
def test_only_text_is_read(value):
    with pytest.raises(InvalidType, match="formula"):
        parse(value)


def test_the_argument_s_name_is_in_the_message():
    with pytest.raises(FormulaError, match=r"^token: "):
        parse("delta", "token")


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('touch symkern_was_here')",
        "exec(1)",
        "eval(1)",
        "open(x)",
        "x.__class__",
        "[x for x in L]",
        "getattr(x, 'func')",
        "S(1)",
        "Integer(5)",
        "symbols",
        "f'{x}'",
        "(lambda: 1)()",
        "x if x else x",
        "x and x",
        "not x",
        "~x",
        "x@x",
        "x//2",
        "x%2",
        "x<2",
        "x!",
        "I",
        "pi",
        "E",
        "oo",
        "zoo",
        "nan",
        "inf",
        "True",
        "None",
        "0x10",
        "1j",
        "`x`",
        "x\\\ny",
        "#x",
        "x'",
    ],
)
def test_python_and_sympy_are_not_spoken(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert _read(text) is None
    assert not list(tmp_path.iterdir())


# Texts that try to exhaust time, memory or the stack


@pytest.mark.parametrize(
    "text",
    [
        "9" * 4001,
        "9^999^999",
        "2^((2^999)^999)",  # the exponent itself has 300 000 digits, more than Python prints
        "x^" + "9" * 3999,
        "((2^999)^999)^999",
        "*".join(["(2^999)^999"] * 200),
        "*".join(["9^1000"] * 3000),
        "+".join(["1/9^1000"] + [f"1/{i}^300" for i in range(1, 800)]),
        "(" * 101 + "1" + ")" * 101,
        "-" * 101 + "1",
        "(" * 100_000,
        "sqrt(" * 101 + "2" + ")" * 101,
        "2^" * 101 + "1",
        "1+" * 50_000 + "1",
        "x*" * 5_000 + "x",
        "*".join(f"X{i}" for i in range(1, 3000)),
        "*".join(f"(x+{i})" for i in range(1, 2000)),
        "+".join(f"X{i}" for i in range(1, 20_000)),
        "1/(" + "-".join(f"X{i}" for i in range(1, 1500)) + ")",
        "sqrt(" + "7" * 3999 + ")",  # a factorisation
        "sqrt((2^999)^999+1)",
        "sqrt(" * 40 + "2" + "+1)" * 40,
        "1/(exp(exp(exp(exp(1000))))-1)",  # whether this is zero cannot be computed in floats
        "(exp(exp(exp(20)))+1)^-1",
        "1/(exp(exp(exp(exp(9))))-exp(exp(exp(exp(8)))))",
        "1/(" + "exp(" * 60 + "1" + ")" * 60 + "-" + "exp(" * 59 + "1" + ")" * 59 + ")",
        "1/(1-sqrt(" * 45 + "2" + "))" * 45,
        "1/(1-" * 95 + "x" + ")" * 95,
        "1/(" + "+".join(f"sqrt({i})" for i in range(2, 300)) + ")",
        "(" * 30 + "2*x+3" + ")^1000" * 30,
        "exp(" * 90 + "x" + ")" * 90,
    ],
    ids=lambda text: text[:30],
)
def test_no_text_is_too_much(text, reader):
    """Accepted or refused by a FormulaError, and never without an answer."""
    assert reader.ask(text) in ("read", "refused")


@pytest.mark.parametrize(
    "text",
    [
        "1/((x+1)^2-x^2-2*x-1)",
        "((x+1)*x-x^2-x)^-1",
        "1/(sqrt(3+2*sqrt(2))-1-sqrt(2))",
        "1/(sqrt(2)*sqrt(3)-sqrt(6))",
        "1/((alpha+beta)*(alpha-beta)-alpha^2+beta^2)",
    ],
)
def test_zeros_in_disguise_are_no_divisors(text):
    assert _read(text) is None


# Hypothesis


@given(st.text(max_size=40))
@examples(300)
@example("\ud800")
@example("1\u2028+\u00a02")
def test_any_text_is_read_or_refused(text):
    _read(text)


_words = st.sampled_from(
    ["L", "v", "alpha", "X1", "X2", "0", "1", "2", "37", "0.25", "1000", "1001", "sqrt", "exp", "I"]
) | st.sampled_from(["+", "-", "*", "/", "^", "**", "(", ")", " ", ".", "_", "e"])


@given(st.lists(_words, max_size=25).map("".join))
@examples(600)
def test_any_words_are_read_or_refused(text):
    _read(text)


_leaves = st.one_of(
    st.integers(0, 99).map(str),
    st.sampled_from(sorted(set(namespace) - {"x"})),
    st.tuples(st.integers(0, 99), st.integers(0, 99)).map(lambda p: f"{p[0]}.{p[1]:02d}"),
)


def _deeper(inner):
    two = st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner)
    return st.one_of(
        two.map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, st.integers(1, 30)).map(lambda t: f"{t[0]}/{t[1]}"),
        st.tuples(inner, st.integers(0, 4)).map(lambda t: f"({t[0]})^{t[1]}"),
        inner.map(lambda t: f"-({t})"),
        inner.map(lambda t: f"({t})**2"),
    )


@given(st.recursive(_leaves, _deeper, max_leaves=8))
@examples(300)
def test_agrees_with_sympy_on_formulas(text):
    """Both readers on text from a grammar of this file; decimals are given to SymPy as fractions."""
    rational = re.sub(r"\d+\.\d+", lambda m: "(" + str(Fraction(m[0])) + ")", text)
    other = parse_expr(
        rational.replace("^", "**"),
        local_dict=dict(namespace),
    )
    assert sp.expand(parse(text) - other) == 0


@given(st.recursive(_leaves, _deeper, max_leaves=6))
@examples(200)
def test_printed_formulas_are_read_back(text):
    """str(expression) is a formula again, and the same one."""
    expression = parse(text)
    assert parse(str(expression)) == expression
    factored = sp.factor(expression)
    assert sp.expand(parse(str(factored)) - factored) == 0


@given(st.decimals(min_value=0, max_value=10**6, places=8).map(lambda d: format(d, "f")))
@examples(100)
def test_decimals_are_exact(text):
    result = parse(text)
    assert Fraction(int(result.p), int(result.q)) == Fraction(text)
