r"""Targets written as formulas: functions of a sequence of tokens, read by a grammar of their own and never evaluated as code.

Positions count from 1 as in mathematics, tokens from 0 as everywhere in symkern. (In functions of signs, `symkern.bounds.sensitivity`, x3 is the sign that is
s3 here, and ``first*last`` is the same in both.) The atoms are

| atom | value on the sequence x |
|---|---|
| ``x3``, ``xL`` | the token at position 3, at the last position, as a number; ``xn`` is ``xL`` |
| ``s3``, ``sL`` | its spin (-1)^x |
| ``n1`` | how often token 1 occurs |
| ``L`` | the length |
| ``[x1=x2]``, ``[n1 > L/2]`` | 1 where the relation holds and 0 elsewhere; relations = != < <= > >= |
| ``first``, ``last`` | the spin at the first, at the last position |
| ``parity`` | (-1)^(sum of all tokens) |
| ``majority`` | the sign of n1 - n0 |
| ``mean`` | (n1 - n0)/L |
| ``threshold(2)`` | 1 where n1 >= 2, -1 elsewhere |
| ``bigram(0,1)`` | the number of places where token 1 follows token 0 |
| ``copy(3)``, ``copy(last)`` | the token at position 3, at the last, as a one-hot vector; stands alone |

and formulas are built from them by the rules of `symkern.reading.expressions`, with whole numbers as exponents. Values are ints and
Fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from symkern.errors import InvalidArgument, displayed
from symkern.reading.annotated import typed
from symkern.reading.expressions import RELATIONS, Node
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.targets.formula_reader import LAST, read_formula
from symkern.targets.known_targets import bigram, majority, parity
from symkern.typeset.shown import Written, displays

Values = Callable[[Sequence[int]], Any]


@dataclass(frozen=True)
class FormulaTarget(Written):
    """A target read from ``text``; call it on a sequence of tokens.

    >>> f = FormulaTarget("[x1=x2] + n0/L")
    >>> f((0, 0, 1, 1)), f((0, 1, 1, 1))
    (Fraction(3, 2), Fraction(1, 4))
    >>> FormulaTarget("x0")
    Traceback (most recent call last):
    ...
    symkern.errors.FormulaError: target: positions count from 1, but 'x0' stands at position 0 of 'x0'
    """

    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "_tree", read_formula(self.text))

    @property
    def tree(self) -> Node:
        """The formula as nested tuples."""
        tree: Node = self.__dict__["_tree"]
        return tree

    @cached_property
    def positions(self) -> frozenset[int]:
        """The positions that it names, `LAST` for the last one."""
        return frozenset(_indices(self.tree, ("token", "spin", "copy")))

    @cached_property
    def tokens(self) -> frozenset[int]:
        """The tokens that it names in counts and bigrams."""
        return frozenset(_indices(self.tree, ("count", "bigram")))

    @property
    def is_symmetric(self) -> bool:
        """Whether only counts stand in it, so that the order of the tokens does not matter."""
        return not self.positions and all(node[0] != "bigram" for node in self.tree.walk())

    @property
    def is_vector(self) -> bool:
        """Whether its values are one-hot vectors."""
        return bool(self.tree[0] == "copy")

    @typed
    def require(self, length: int, vocabulary: int) -> None:
        """Refuse a length or vocabulary that the formula reaches beyond."""
        beyond = max(self.positions, default=0)
        if beyond > length:
            rule = f"may name positions 1 to {displayed(length)}, the length"
            raise InvalidArgument("target", rule, f"it names {beyond}")
        highest = max(self.tokens, default=0)
        if highest >= vocabulary:
            rule = f"may name tokens 0 to {displayed(vocabulary - 1)}"
            raise InvalidArgument("target", rule, f"it names {displayed(highest)}")

    @typed
    def values(self, vocabulary: int) -> Values:
        """The function itself, for tokens below ``vocabulary``: faster than calling the target.

        One-hot vectors have that many entries.

        Args:
            vocabulary: the number of letters.
        """
        if self.is_vector:
            place = self.tree[1]
            return lambda x: tuple(int(x[place - 1] == t) for t in range(vocabulary))
        return compiled(self.tree)

    def __call__(self, x: Sequence[int], vocabulary: int | None = None) -> Any:
        """The value on a sequence of tokens from 0, exact; a vector of ``vocabulary`` entries for ``copy``."""
        if vocabulary is not None:
            vocabulary = read_integer(vocabulary, "vocabulary")
        elif self.is_vector:
            raise InvalidArgument("vocabulary", "must be given for a one-hot target", "it is None")
        word = tuple(read_integer(t, f"x[{i}]") for i, t in enumerate(read_list(x, "x", "tokens")))
        self.require(len(word), max(max(self.tokens, default=0), max(word, default=0)) + 1)
        return self.values(vocabulary or 0)(word)

    @displays
    def latex(self) -> str:
        r"""The formula for math mode.

        >>> print(FormulaTarget("[x1 = x2]*n0/L").latex())
        \frac{[x_{1} = x_{2}] n_{0}}{L}
        """
        return _latex(self.tree, 0)

    def __str__(self) -> str:
        return self.text


def formula_target(text: str) -> FormulaTarget:
    """The target that a formula's text describes.

    Args:
        text: a formula in x1, x2, ..., positions counted from 1; the grammar stands at the head of `symkern.targets.formula_targets`.

    Raises:
        FormulaError: it cannot be read; with the place.

    >>> formula_target("x1*x2")((1, 1, 0))
    1
    """
    return FormulaTarget(text)


# -- evaluation ------------------------------------------------------------------------


def compiled(node: Node) -> Values:
    """The value of a node as a function of the sequence."""
    kind = node[0]
    if kind in _ATOMS:
        values: Values = _ATOMS[kind](*node[1:])
        return values
    if kind == "bracket":
        holds = RELATIONS[node[1]]
        left, right = compiled(node[2]), compiled(node[3])
        return lambda x: int(holds(left(x), right(x)))
    parts = [compiled(child) for child in node[1:] if isinstance(child, Node)]
    if kind == "sum":
        return lambda x: sum(part(x) for part in parts)
    first, last = parts[0], parts[-1]
    if kind == "negative":
        return lambda x: -first(x)
    if kind == "product":
        return lambda x: first(x) * last(x)
    if kind == "power":
        exponent = node[2]
        return lambda x: first(x) ** exponent
    return lambda x: _quotient(first(x), last(x))


#: The values of atoms by what stands in their nodes; `LAST` is 0, and x[-1] is the last token.
_ATOMS: dict[str, Callable[..., Any]] = {
    "number": lambda constant: lambda x: constant,
    "length": lambda: len,
    "token": lambda place: lambda x: int(x[place - 1]),
    "spin": lambda place: lambda x: -1 if x[place - 1] % 2 else 1,
    "count": lambda token: lambda x: x.count(token),
    "parity": lambda: parity,
    "majority": lambda: majority,
    "bigram": bigram,
}


def _quotient(top: Any, bottom: Any) -> Any:
    if bottom == 0:
        rule = "must not divide by zero"
        raise InvalidArgument("target", rule, "a divisor is 0 on some sequence")
    ratio = Fraction(top) / bottom
    return ratio.numerator if ratio.denominator == 1 else ratio


def _indices(tree: Node, kinds: tuple[str, ...]) -> set[int]:
    found: set[int] = set()
    for node in tree.walk():
        if node[0] in kinds:
            found |= set(node[1:])
        elif node[0] == "majority" and "count" in kinds:
            found.add(1)
    return found


# -- LaTeX -----------------------------------------------------------------------------

_SIGNS = {"=": "=", "!=": r"\neq", "<": "<", "<=": r"\le", ">": ">", ">=": r"\ge"}


def _latex(node: Node, level: int) -> str:
    """``level``: 0 anywhere, 1 inside a product, 2 under a power."""
    kind = node[0]
    if kind == "number":
        q = Fraction(node[1])
        return str(q) if q.denominator == 1 else rf"\frac{{{q.numerator}}}{{{q.denominator}}}"
    if kind == "length":
        return "L"
    if kind in ("token", "spin", "count"):
        letter = {"token": "x", "spin": "s", "count": "n"}[kind]
        return f"{letter}_{{{'L' if kind != 'count' and node[1] == LAST else node[1]}}}"
    if kind in ("parity", "majority"):
        return rf"\mathrm{{{kind}}}"
    if kind == "bigram":
        return rf"\mathrm{{bigram}}({node[1]},{node[2]})"
    if kind == "copy":
        return rf"\mathrm{{copy}}({'L' if node[1] == LAST else node[1]})"
    if kind == "bracket":
        return f"[{_latex(node[2], 0)} {_SIGNS[node[1]]} {_latex(node[3], 0)}]"
    if kind == "quotient":
        written = rf"\frac{{{_latex(node[1], 0)}}}{{{_latex(node[2], 0)}}}"
        return rf"\left({written}\right)" if level == 2 else written
    if kind == "power":
        return f"{_latex(node[1], 2)}^{{{node[2]}}}"
    if kind == "product":
        written = f"{_latex(node[1], 1)} {_latex(node[2], 1)}"
        if node[2][0] == "number":  # two numbers side by side would read as one
            written = rf"{_latex(node[1], 1)} \cdot {_latex(node[2], 1)}"
    elif kind == "negative":
        written = f"-{_latex(node[1], 1)}"
    else:
        written = _latex(node[1], 0)
        for child in node[2:]:
            minus = child[0] == "negative"
            inner = child[1] if minus else child
            written += f" {'-' if minus else '+'} {_latex(inner, 1 if minus else 0)}"
    return rf"\left({written}\right)" if level >= (2 if kind == "product" else 1) else written
