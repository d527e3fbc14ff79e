"""One text in one reader, judged: a typed error that can be read, or a value whose printed form reads back to the same value."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

import sympy as sp

import symkern as sk
from symkern.abc import L, n, parse, v
from symkern.bounds import sensitivity
from symkern.errors import FormulaError, SymkernError
from symkern.exact import Ball
from symkern.targets import formula_target
from symkern.tokens import Size, read_law
from symkern.typeset import formula_text

__all__ = ["READERS", "judged", "text"]

_FORMULAS = [
    "L", "1/2", "0.125", "(alpha*s + beta*L)/L^2", "sqrt(2)*exp(alpha/2)", "-L**2 + 3*v/(v - 1)", "2*alpha*(L - 1)/(L*v)", "X1^2 - X2", "1/(1 + 1/(1 + v))", "binomial(n, 2)", "sigma2/(L + 1)^3", "(((L)))", "1e3",
]  # fmt: skip
_PIPELINES = [
    "embedding(alpha, beta) | attention | mean_pool", "embedding(1) | flatten", "embedding(token=1/2, position=beta, constant=-1/8) | attention(tied, softmax) | residual | layer_norm | linear(w, b) | mlp(relu) | mean_pool",
    "embedding(alpha) | mlp(x^2 + 3*x/2) | at_position(last)", "embedding(1,1) | attention(normalize=false) | attention | residual(2) | mlp(leaky_relu(1/10)) | flatten | mlp(quadratic)", "embedding(1) | mlp(hermite(3)) | mean_pool",
]  # fmt: skip
_LAWS = ["uniform", "distinct", "1/2,1/2", "1/2, 1/3, 1/6", "mixture([('1/2', uniform(2)), ('1/2', categorical(['1/3', '2/3']))])", "exchangeable({(2, 0): '1/4', (1, 1): '3/4'})", "0.5,0.25,0.25"]  # fmt: skip
_TARGETS = ["x1*x2", "[x1 = x2] + n0/L", "parity", "majority", "copy(last)", "first*last", "threshold(2)*x1 + mean + xn", "2*[ones >= 2] - 1", "s1*s2", "[x1 = 0]*[x2 = 1] - 1/3", "bigram(0,1)"]  # fmt: skip
_FUNCTIONS = ["parity", "majority", "first", "mean", "threshold(2)", "threshold(n/2)", "x1*x2 + x3", "(x1 + x2)/2", "parity([0, 2])", "majority('odd')", "x1*x2*x3 - 1/2", "last", "sign(x1 + x2 + x3)"]  # fmt: skip
_PARTITIONS = ["4,2,1", "[]", "3", "(2, 1)", "[2,1]", "1,1,1", "2,1,0", "10,10"]
_SIZES = ["12", "L", "v", "n", " 3 ", "1000000000000"]
_BALLS = ["1/3", "0.125", "-2", "1e-3", "3.14159265"]

#: Pieces of all the grammars.
PIECES = [
    "(", ")", "[", "]", "{", "}", "|", ",", "=", "+", "-", "*", "/", "^", "**", "//", ".", "..", ";", ":", "'", '"', "#", "\\", "_", "__", " ", "\n", "\t", "0", "1", "2", "7", "10", "0.5", "1e9", "1e400", "1/0", "10^300", "9^9^9",
    "9" * 400, "L", "v", "n", "alpha", "beta", "gamma", "sigma2", "x", "x1", "x0", "x10", "X1", "s", "m", "d", "n0", "n1", "ones", "mean", "parity", "majority", "threshold", "first", "last", "copy", "bigram", "sqrt", "exp", "log", "sin",
    "oo", "nan", "I", "pi", "E", "None", "True", "false", "embedding", "attention", "tied", "softmax", "relu", "mlp", "linear", "residual", "layer_norm", "mean_pool", "flatten", "at_position", "uniform", "categorical", "mixture",
    "lambda", "import", "__class__", "é", "²", "½", "∞", "−", "×", "\u202e", "\u200b", "\ud800", "\0", "٣", "𝟙",
]  # fmt: skip


def _same_formula(first: sp.Expr, second: sp.Expr) -> bool:
    """Equal as they stand, or at three points."""
    if first == second:
        return True
    symbols = sorted(first.free_symbols | second.free_symbols, key=str)
    for k in (7, 11, 13):
        point = {s: sp.Rational(k + 2 * i, 3 + i) for i, s in enumerate(symbols)}
        a, b = (sp.N(e.subs(point), 30) for e in (first, second))
        if a != b and not (abs(a - b) <= 1e-20 * (abs(a) + abs(b))):
            return False
    return True


#: Reader -> (right texts, what reads, what prints, what compares).
READERS: dict[
    str, tuple[list[str], Callable[[str], Any], Callable[[Any], str], Callable[[Any, Any], bool]]
] = {
    "formulas": (_FORMULAS, parse, formula_text, _same_formula),
    "pipelines": (_PIPELINES, sk.kernels.read_pipeline, str, lambda a, b: a == b),
    "laws": (_LAWS, lambda t: read_law(t, 3), lambda law: law.text(), lambda a, b: a == b),
    "targets": (
        _TARGETS,
        formula_target,
        str,
        lambda a, b: a.tree == b.tree and a.latex() == b.latex(),
    ),
    "Boolean functions": (
        _FUNCTIONS,
        sensitivity.read_function,
        str,
        lambda a, b: a == b or str(a) == str(b),
    ),
    "partitions": (_PARTITIONS, sk.Partition.read, str, lambda a, b: a == b),
    "sizes": (
        _SIZES,
        lambda t: Size.read(t, "n", (L, v, n)),
        lambda size: str(size.value),
        lambda a, b: a == b,
    ),
    "numbers": (
        _BALLS,
        Ball,
        lambda ball: formula_text(sp.Rational(ball.midpoint)),
        lambda a, b: a == b,
    ),
}


def text(reader: str, number: int) -> str:
    """A text for this reader: a right one with some changes, or pieces in a row."""
    generator = random.Random(f"{reader} {number}")
    if generator.random() < 0.15:
        return generator.choice(["", " "]).join(generator.choice(PIECES) for _ in range(generator.randrange(1, 9)))  # fmt: skip
    found = generator.choice(READERS[reader][0])
    for _ in range(generator.choice([0, 1, 1, 1, 2, 2, 3, 6])):
        found = _changed(found, generator)
    return found


def _changed(found: str, generator: random.Random) -> str:
    words = re.findall(r"\w+|\W", found) or [""]
    i = generator.randrange(len(words))
    kind = generator.randrange(8)
    if kind == 0:
        del words[i]
    elif kind == 1:
        words.insert(i, generator.choice(PIECES))
    elif kind == 2:
        words[i] = generator.choice(PIECES)
    elif kind == 3:
        j = generator.randrange(len(words))
        words[i], words[j] = words[j], words[i]
    elif kind == 4:
        words[i] *= generator.choice([2, 3, 50])
    elif kind == 5 and words[i]:
        k = generator.randrange(len(words[i]))
        words[i] = words[i][:k] + generator.choice([chr(generator.randrange(1, 0x2FF)), ""]) + words[i][k + 1 :]  # fmt: skip
    elif kind == 6:
        words = [*words[:i], "(" * (depth := generator.choice([1, 2, 70, 3000])), *words[i:], ")" * depth]  # fmt: skip
    else:
        words = words[: i + 1]
    return "".join(words)


def judged(case: list[Any]) -> dict[str, str]:
    """The case is (reader, number)."""
    reader, number = case
    given = text(reader, number)
    _, read, write, same = READERS[reader]
    try:
        value = read(given)
        if isinstance(value, sp.Expr) and value.has(sp.nan, sp.zoo, sp.oo, sp.I, sp.Float):
            return {"kind": "nonsense", "text": f"{given!r} is {value}"[:300]}
        printed = write(value)
        again = read(printed)
        if not same(value, again):
            return {"kind": "read back as another", "text": f"{given!r} prints {printed!r}"[:300]}
    except SymkernError as error:
        said = str(error)
        place = getattr(error, "position", None)
        if not said or len(said) > 2000 or not said.isprintable():
            return {"kind": "no readable message", "text": f"{given[:100]!r}: {said[:200]!r}"}
        if isinstance(error, FormulaError) and place is not None and not 0 <= place <= len(given):
            return {"kind": "a place outside the text", "text": f"{given[:100]!r}: {place}"}
        return {"kind": "refused"}
    except Exception as error:
        return {"kind": type(error).__name__, "text": f"{given[:200]!r}: {str(error)[:200]}"}
    return {"kind": "value"}
