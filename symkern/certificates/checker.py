#!/usr/bin/env python3
r"""Confirms or refutes a certificate. Standard library alone: ``python checker.py FILE...``.

A certificate is a claim in JSON: formulas as text. This program shares no code with what wrote it. It reads formulas by a grammar of its own, never evaluates
text as code, and computes in fractions. What has to be tested follows from the claim: nothing in the file says where it wants to be looked at, and what a file says
of its own standing is not read. The report tells in one table what was tested and what was not; "confirmed" is never said of a comparison that was left out.

**Spectra.** The claim: the operator (T f)(x) = sum_y k(x, y) P(y) f(y) on functions of sequences of L tokens has on each sector, a pair of irreps of the groups that
move positions and letters, the roots of a polynomial as eigenvalues, each `dimension` times, and no others. Two independent ways decide.

*At small sizes* the kernel is evaluated on all sequences by its recursion. Functions that a Young subgroup H of positions and letters leaves alone form a space
on which T is a matrix indexed by the orbits of H. By the determinant of Jacobi and Trudi, sum over permutations of signs times traces of such matrices gives
trace(block^j) of each sector by itself, so that labels are tested and not only the sum. j = 1, ..., 2p + 2 suffice, p a bound on the number of distinct nonzero
claimed eigenvalues: T is similar to a symmetric matrix, its nonzero eigenvalues t_i on the sector are real, and g(x) = x^2 prod (x - c)^2 over the claimed c is not
negative on the real line, so that sum_i g(t_i) = 0 makes every t_i a claimed value; then the equations j <= p, a Vandermonde system, give the multiplicities. That no
sector is missing is the equation sum of dimension x trace(block^2) = trace(T^2), as no sector contributes a negative number.

*At all sizes*, for kernels that are polynomials in match counts: see `MatchCounts` and `Blocks`. L, v and the hyperparameters become residues
modulo a prime of 121 bits. They and the prime are digits of SHA-256 of the file's text, so that nobody can write a claim that is right there only: a false
identity of degree D passes with a chance below D/2^120 (Schwartz, Zippel).

Below the sizes at which the sectors are claimed to be the spectrum, dimensions may be zero or negative and the equations of traces are claimed as they stand.

**Irrational kernels** (softmax, relu, erf) are enclosed in intervals of 256 binary digits with proven ends; the claim is then confirmed up to the stated width,
and of hyperparameters at the few that were tried, between 1/48 and 48: a formula that is wrong beyond, or by less than the width, is not told from a right one.

Exit status: 0 all confirmed, 1 one refuted or not checkable within the budget, 2 one that cannot be read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import operator
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from itertools import combinations, dropwhile, pairwise, permutations, product, zip_longest
from math import comb, factorial, isqrt, lcm, prod
from textwrap import indent, wrap
from typing import Any

FORMAT = 1

Number = Callable[[Any], Any]  # makes a fraction, an interval or a residue of a number
Values = Mapping[str, Any]
Matrix = list[list[Any]]
Step = Callable[[str], object]
Row = tuple[str, str]  # "tested" or "not tested", and what


class CannotCheck(Exception):
    """The claim is outside what this program can decide within its budget."""


class Unreadable(CannotCheck):
    """The certificate cannot be read."""


class _Pole(Exception):
    """A formula divides by zero at this point."""


@dataclass(frozen=True)
class Report:
    """What came of one certificate: ``verdict`` ("confirmed", "refuted" or "not checkable"), the lines that tell why, and a table of what was tested and what not.

    ``width``: up to what, where numbers are enclosed in intervals. ``status``: 0 confirmed, 1 refuted or not checkable within the budget, 2 not readable.
    """

    verdict: str
    title: str
    lines: tuple[str, ...]
    table: tuple[Row, ...] = ()
    status: int = 1
    width: str = ""

    def __str__(self) -> str:
        lines = wrap(self.title, 76) or [""]
        for line in self.lines:
            lines += wrap(line, 76, initial_indent="  ", subsequent_indent="    ")
        for kind, what in self.table:
            lines += wrap(what, 76, initial_indent=f"  {kind:<12}", subsequent_indent=" " * 14)
        upto = f" up to {self.width}" if self.width else ""
        return "\n".join([*lines, f"  {self.verdict}{upto}"])


class _Refuted(Exception):
    """Both sides at the first place where they differ."""

    def __init__(self, where: str, *lines: str) -> None:
        self.lines = (f"differs at {where}", *lines)


# -- the budget -------------------------------------------------------------------------

#: Operations on numbers of a few words for one certificate: some seconds.
OPERATIONS = 14_000_000
#: Binary digits of a number.
LONGEST = 100_000


def _said(value: Any) -> str:
    """What stands there, in a few words."""
    if type(value) is str:
        return repr(value if len(value) <= 60 else f"{value[:57]}...")
    if value is None or type(value) in (bool, int):
        return str(value)[:60]
    return f"a list of {len(value)}" if type(value) is list else "an object"


#: Signs of square roots modulo a prime, where none is the positive one.
_signs: ContextVar[Mapping[str, int]] = ContextVar("_signs")

_left: ContextVar[list[int]] = ContextVar("_left")


def spend(operations: int) -> None:
    """Count operations before they are made; beyond the budget there is no answer."""
    left = _left.get(None)
    if left is not None:
        left[0] -= operations
        if left[0] < 0:
            raise CannotCheck("not checkable within the budget of operations")


# -- intervals --------------------------------------------------------------------------

BITS = 256
ONE = 1 << BITS


class Interval:
    """The real numbers between two integers over 2^256; every operation rounds outwards."""

    __slots__ = ("hi", "lo")

    def __init__(self, lo: int, hi: int) -> None:
        self.lo, self.hi = lo, hi

    @classmethod
    def of(cls, value: Any) -> Interval:
        if isinstance(value, Interval):
            return value
        value = Fraction(value)
        scaled = value.numerator << BITS
        return cls(scaled // value.denominator, -(-scaled // value.denominator))

    def __add__(self, other: Any) -> Interval:
        other = Interval.of(other)
        return Interval(self.lo + other.lo, self.hi + other.hi)

    def __neg__(self) -> Interval:
        return Interval(-self.hi, -self.lo)

    def __sub__(self, other: Any) -> Interval:
        return self + (-Interval.of(other))

    def __rsub__(self, other: Any) -> Interval:
        return Interval.of(other) - self

    def __mul__(self, other: Any) -> Interval:
        if isinstance(other, int):
            ends = (self.lo * other, self.hi * other)
            return Interval(min(ends), max(ends))
        other = Interval.of(other)
        low, high = other.lo, other.hi
        products = (self.lo * low, self.lo * high, self.hi * low, self.hi * high)
        return Interval(min(products) >> BITS, -(-max(products) >> BITS))

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other: Any) -> Interval:
        other = Interval.of(other)
        if other.lo == other.hi == 0:
            raise _Pole
        if other.lo <= 0 <= other.hi:
            raise CannotCheck("a divisor too near zero to tell it from zero")
        pairs = [(a << BITS, b) for a in (self.lo, self.hi) for b in (other.lo, other.hi)]
        return Interval(min(a // b for a, b in pairs), max(-(-a // b) for a, b in pairs))

    def __rtruediv__(self, other: Any) -> Interval:
        return Interval.of(other) / self

    def __pow__(self, n: int) -> Interval:
        result = Interval(ONE, ONE)
        spend(abs(n) * (1 + _bits(self) * abs(n) // 4000))
        for _ in range(abs(n)):
            result = result * self
        return 1 / result if n < 0 else result

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        return Fraction(self.lo, ONE), Fraction(self.hi, ONE)


def _sqrt(value: Any) -> Interval:
    value = Interval.of(value)
    if value.hi < 0:
        raise CannotCheck("a root of a negative number")
    return Interval(isqrt(max(value.lo, 0) << BITS), isqrt(value.hi << BITS) + 1)


def _exp(value: Any) -> Interval:
    """exp, which increases, on both ends."""
    value = Interval.of(value)
    if max(abs(value.lo), abs(value.hi)) > ONE << 12:
        raise CannotCheck("an exponential of a number above 2^12")
    spend(1000)
    return Interval(_exp_of(value.lo).lo, _exp_of(value.hi).hi)


@lru_cache(maxsize=10_000)
def _exp_of(end: int) -> Interval:
    """At one number over 2^256: halve until below 1/2, Taylor with its remainder, square back."""
    halvings = max(0, abs(end).bit_length() - BITS + 1)
    t = Interval(end >> halvings, -(-end >> halvings))
    term, total = Interval(ONE, ONE), Interval(ONE, ONE)
    for n in range(1, 70):
        term = term * t / Interval(n << BITS, n << BITS)
        total = total + term
    rest = abs(term.lo) + abs(term.hi) + 1  # above the geometric series of what is left out
    total = Interval(total.lo - rest, total.hi + rest)
    for _ in range(halvings):
        total = total * total
    return total


def _arctan(value: Any) -> Interval:
    """At one number or a narrow interval around it: halve the angle, then the alternating series with its remainder."""
    spend(400)
    for _ in range(6):
        value = value / (1 + _sqrt(1 + value * value))
    square, power, total = value * value, value, value
    for n in range(1, 60):
        power = power * square
        total = total + power * Fraction((-1) ** n, 2 * n + 1)
    rest = abs(power.lo) + abs(power.hi) + 1
    return Interval(total.lo - rest, total.hi + rest) * 64


def _arcsin(value: Any) -> Interval:
    """2 arctan(t/(1 + sqrt(1 - t^2))), increasing; the argument is a correlation, so at most 1."""
    ends = []
    for end in (value.lo, value.hi):
        end = min(max(end, -ONE), ONE)
        t = Interval(end, end)
        ends.append(2 * _arctan(t / (1 + _sqrt(1 - t * t))))
    return Interval(ends[0].lo, ends[1].hi)


@cache
def _pi() -> Interval:
    return 4 * _arctan(Interval(ONE, ONE))


# -- formulas ---------------------------------------------------------------------------

_TOKEN = re.compile(
    r"\s*(?:([0-9]+(?:\.[0-9]*)?|\.[0-9]+)|([A-Za-z_][A-Za-z_0-9]*)|(\*\*|[-+*/^()]))"
)
_FUNCTIONS = ("sqrt", "exp")


class Formula:
    """A formula read from text: sums, products, integer powers, parentheses, sqrt and exp.

    ``at(values, number)`` is its value with the names replaced; ``number`` makes a number of a fraction.
    """

    def __init__(self, text: Any) -> None:
        if type(text) is not str:
            raise Unreadable(f"a formula must be a text, but {_said(text)} stands")
        if len(text) > 200_000:
            raise CannotCheck("not checkable within the budget: a formula of 200,000 characters")
        spend(8 * len(text) + 4)
        self.text = text
        self._tokens = []
        position, end = 0, len(text.rstrip())
        while position < end:
            found = _TOKEN.match(text, position)
            if found is None:
                raise self._bad(position)
            self._tokens.append((found[1], found[2], found[3], found.start()))
            position = found.end()
        self._tokens.append((None, None, None, end))
        self._next = self._depth = 0
        self.names: set[str] = set()
        self.roots: set[str] = set()
        self.rooted = False  # whether names stand below a root
        self.divisors: list[Any] = []
        self.radicands: list[Any] = []
        self.irrational = False
        self.tree = self._sum()
        if self._next != len(self._tokens) - 1:
            raise self._bad(self._tokens[self._next][3])
        self._tokens = []

    def _bad(self, position: int) -> Unreadable:
        return Unreadable(f"no formula: position {position} of {self.text[:60]!r}")

    def _take(self, *operators: str) -> str | None:
        if self._tokens[self._next][2] in operators:
            self._next += 1
            return self._tokens[self._next - 1][2]
        return None

    def _sum(self) -> Any:
        self._depth += 1
        if self._depth > 60:
            raise Unreadable("parentheses nest deeper than 60")
        terms = [(1, self._product())]
        while operator := self._take("+", "-"):
            terms.append((1 if operator == "+" else -1, self._product()))
        self._depth -= 1
        return ("sum", terms) if len(terms) > 1 else terms[0][1]

    def _product(self) -> Any:
        factors = [(1, self._factor())]
        while operator := self._take("*", "/"):
            factors.append((1 if operator == "*" else -1, self._factor()))
            if operator == "/" and factors[-1][1][0] != "number":
                self.divisors.append(factors[-1][1])
        return ("product", factors) if len(factors) > 1 else factors[0][1]

    def _factor(self) -> Any:
        negative = 0
        while sign := self._take("+", "-"):
            negative ^= sign == "-"
        value = self._power()
        return ("sum", [(-1, value)]) if negative else value

    def _power(self) -> Any:
        base = self._atom()
        if not self._take("^", "**"):
            return base
        position = self._tokens[self._next][3]
        self._depth += 1
        if self._depth > 60:
            raise Unreadable("powers nest deeper than 60")
        exponent = _number(self._factor())
        self._depth -= 1
        if exponent is None or exponent.denominator != 1 or abs(exponent) > 1000:
            raise self._bad(position)
        if exponent < 0:
            self.divisors.append(base)
        return ("power", base, int(exponent))

    def _atom(self) -> Any:
        number, name, operator, position = self._tokens[self._next]
        self._next += 1
        if number is not None and len(number) < 4000:
            return ("number", Fraction(number))
        if name is not None and name not in _FUNCTIONS:
            self.names.add(name)
            return ("name", name)
        if name is not None and self._take("("):
            self.irrational = True
            before = set(self.names)
            self.names.clear()
            inner = self._sum()
            if name == "sqrt":
                self.roots.add(repr(inner))
                self.radicands.append(inner)
                self.rooted = self.rooted or bool(self.names)
            self.names |= before
            if self._take(")"):
                return (name, inner)
        elif operator == "(":
            inner = self._sum()
            if self._take(")"):
                return inner
        raise self._bad(position)

    def at(self, values: Values, number: Number = Fraction) -> Any:
        """The value, with ``values`` for the names."""
        return _value(self.tree, values, number)


def _number(tree: Any) -> Any:
    """The fraction that an exponent writes out, or None."""
    if tree[0] == "number":
        return tree[1]
    if tree[0] == "sum" and len(tree[1]) == 1:
        inner = _number(tree[1][0][1])
        return None if inner is None else tree[1][0][0] * inner
    base = _number(tree[1]) if tree[0] == "power" else None
    if base is None or abs(base) > 1000 or abs(tree[2]) > 10 or (not base and tree[2] < 0):
        return None
    return base ** tree[2]


def _bits(value: Any) -> int:
    parts = (value.lo, value.hi) if isinstance(value, Interval) else value.as_integer_ratio()
    return max(int(part).bit_length() for part in parts)


def _short(value: Any) -> Any:
    """The number, its length counted."""
    if isinstance(value, Residue):
        return value
    bits = _bits(value)
    if bits > LONGEST:
        raise CannotCheck("not checkable within the budget: a number of more than 100,000 bits")
    spend(4 + bits // 100 + (bits // 400) ** 2)  # the greatest common divisor is quadratic
    return value


def _value(tree: Any, values: Values, number: Number) -> Any:
    kind = tree[0]
    spend(1)
    if kind == "number":
        return number(tree[1])
    if kind == "name":
        if tree[1] not in values:
            raise Unreadable(f"the name {tree[1]!r} has no value")
        return number(values[tree[1]])
    if kind == "sum":
        total = number(0)
        for sign, term in tree[1]:
            value = _value(term, values, number)
            total = _short(total + value if sign > 0 else total - value)
        return total
    if kind == "product":
        result = number(1)
        for sign, factor in tree[1]:
            value = _value(factor, values, number)
            if sign < 0 and isinstance(value, Fraction) and not value:
                raise _Pole
            result = _short(result * value if sign > 0 else result / value)
        return result
    if kind == "power":
        base = _value(tree[1], values, number)
        if tree[2] < 0 and isinstance(base, Fraction) and not base:
            raise _Pole
        if not isinstance(base, Residue) and _bits(base) * abs(tree[2]) > LONGEST:
            raise CannotCheck("not checkable within the budget: a number of more than 100,000 bits")
        return _short(base ** tree[2])
    if number is Fraction:
        raise CannotCheck(f"{kind} in a formula of fractions")
    inner = _value(tree[1], values, number)
    if isinstance(inner, Residue):
        if kind == "exp":
            raise _NoPolynomial
        return inner.root() * _signs.get({}).get(repr(tree[1]), 1)
    return {"sqrt": _sqrt, "exp": _exp}[kind](inner)


# -- the kernel, by its recursion ---------------------------------------------------------

_ARGUMENTS = {
    "embedding": ("token", "position", "constant"),
    "attention": ("query_key", "row_map", "normalize", "positions_in_values"),
    "residual": (),
    "linear": ("weight", "bias"),
    "mlp": ("activation",),
    "mean_pool": (),
    "flatten": (),
    "at_position": ("position",),
}
_READOUTS = ("mean_pool", "flatten", "at_position")


class Kernel:
    """A pipeline of stages; K_ab(x, y) is the covariance of the features at position a of x and b of y.

    embedding K_ab = token [x_a = y_b] + position [a = b] + constant; attention with independent queries and keys
    K'_ac = K_ac sum_bd K_bd E_bd / L^2, tied K' = G(x) E(x, y) G(y)^T with G(x) = row_map(K(x, x)), E being K or K without its positions;
    residual adds the input of the stage before; linear weight K + bias; mlp E phi(u) phi(w) for Gaussian (u, w) with covariances from K;
    mean_pool sum_ab K_ab / L^2, flatten sum_a K_aa / L, at_position the last K_aa.
    """

    def __init__(self, stages: Any) -> None:
        self.stages, self.formulas = [], []
        if type(stages) is not list or len(stages) > 40:
            raise Unreadable("a kernel must be a list of at most 40 stages")
        for entry in stages:
            if (
                type(entry) is not list
                or len(entry) != 2
                or type(entry[0]) is not str
                or type(entry[1]) is not dict
                or entry[0] not in _ARGUMENTS
                or set(entry[1]) != set(_ARGUMENTS[entry[0]])
            ):
                raise Unreadable(
                    f"no stage of a kernel: {_said(entry[0] if type(entry) is list and entry else entry)}"
                )
            name, arguments = entry
            known = dict(arguments)
            for key in ("token", "position", "constant", "weight", "bias"):
                if key in known and name in ("embedding", "linear"):
                    known[key] = Formula(known[key])
                    self.formulas.append(known[key])
            if name == "mlp" and known["activation"] not in ("relu", "erf"):
                known["activation"] = Formula(known["activation"])
                self.formulas.append(known["activation"])
            if name == "attention" and (
                type(known["normalize"]) is not bool
                or type(known["positions_in_values"]) is not bool
                or known["query_key"] not in ("independent", "tied")
                or known["row_map"] not in ("identity", "softmax", "relu", "abs")
                or (known["query_key"] == "independent" and known["row_map"] != "identity")
            ):
                raise Unreadable(
                    "no attention: " + ", ".join(f"{k} {_said(x)}" for k, x in arguments.items())
                )
            if name == "at_position" and known["position"] != "last":
                raise Unreadable("a position other than the last")
            self.stages.append((name, known))
        names = [name for name, _ in self.stages]
        for i, (name, known) in enumerate(self.stages):
            if name == "residual" and (
                i < 2 or names[i - 1] in ("residual", *_READOUTS) or set(names[:i]) & set(_READOUTS)
            ):
                raise Unreadable(
                    "a residual adds the input of a stage before it, behind the embedding and before the readout"
                )
            if (
                name == "attention"
                and not known["positions_in_values"]
                and "attention" in names[:i]
            ):
                raise Unreadable(
                    "positions are left out of the values in the first attention alone"
                )
            if name == "embedding" and i:
                raise Unreadable("a kernel has one embedding")
        if names[:1] != ["embedding"] or sum(n in _READOUTS for n in names) != 1:
            raise Unreadable("a kernel begins with an embedding and has one readout")
        self.readout = next(n for n in names if n in _READOUTS)
        #: A stage that no polynomial is: softmax, relu, erf.
        self.alone_irrational = any(
            (name == "attention" and known["row_map"] == "softmax")
            or (name == "mlp" and isinstance(known["activation"], str))
            for name, known in self.stages
        )
        self.irrational = self.alone_irrational or any(f.irrational for f in self.formulas)
        self.alone = any(  # whether K(x, x) and K(y, y) matter
            name == "mlp" or (name == "attention" and known["query_key"] == "tied")
            for name, known in self.stages
        )

    def __str__(self) -> str:
        return " | ".join(_stage_text(*stage) for stage in self.stages)

    def names(self) -> set[str]:
        return set().union(*(f.names for f in self.formulas)) - {"x"}

    def require_signs(self) -> None:
        """Where relu or abs acts on scores, their sign does not hang on symbols: formulas are numbers, or polynomials with positive coefficients."""
        if not self.names() or not any(
            known.get("row_map") in ("relu", "abs") for _, known in self.stages
        ):
            return
        for name, known in self.stages:
            for key, value in known.items():
                if isinstance(value, Formula) and name != "attention":
                    above, below = _ratio(value.tree)
                    if any(c < 0 for part in (above, below) for c in part.values()):
                        raise CannotCheck(
                            f"not checkable: {key} may be negative, and relu or abs acts on it"
                        )

    def bound(self, values: Values, number: Number) -> list[Any]:
        """The stages with numbers in place of formulas."""
        stages = []
        for name, known in self.stages:
            found = {}
            for key, value in known.items():
                if key == "activation" and isinstance(value, Formula):
                    found[key] = _polynomial(value.tree, values, number)
                else:
                    found[key] = value.at(values, number) if isinstance(value, Formula) else value
            stages.append((name, found))
        return stages


_DEFAULTS = {
    "position": "0",
    "constant": "0",
    "weight": "1",
    "bias": "0",
    "query_key": "independent",
    "row_map": "identity",
    "normalize": "True",
    "positions_in_values": "True",
}


def _ordered(name: str, known: Any) -> list[tuple[str, Any]]:
    return [(key, known[key]) for key in _ARGUMENTS[name]]


def _stage_text(name: str, known: Any) -> str:
    """As a pipeline writes it: values in order, and nothing that is as by default."""
    shown = {k: v.text if isinstance(v, Formula) else str(v) for k, v in _ordered(name, known)}
    if name == "attention":
        words = [
            v if v not in ("True", "False") else f"{k}={v.lower()}"
            for k, v in shown.items()
            if v != _DEFAULTS[k]
        ]
    else:
        words, keys = list(shown.values()), list(shown)
        while words and _DEFAULTS.get(keys[len(words) - 1]) == words[-1]:
            words.pop()
        if name == "at_position":
            words = ["last"]
    return f"{name}({', '.join(words)})" if words else name


def _polynomial(tree: Any, values: Values, number: Number) -> list[Any]:
    """Coefficients in x, lowest first, of an activation."""
    kind = tree[0]
    if kind == "name" and tree[1] == "x":
        return [number(0), number(1)]
    if kind == "sum":
        total: list[Any] = []
        for sign, term in tree[1]:
            signed = [sign * c for c in _polynomial(term, values, number)]
            total = [p + q for p, q in zip_longest(total, signed, fillvalue=number(0))]
        return total
    if kind == "product":
        result = [number(1)]
        for sign, factor in tree[1]:
            value = _polynomial(factor, values, number)
            if sign < 0:
                if len(value) != 1:
                    raise CannotCheck("an activation that is no polynomial in x")
                value = [1 / value[0]]
            result = _times(result, value, number)
        return result
    if kind == "power" and tree[2] >= 0:
        if tree[2] > 40:
            raise CannotCheck("not checkable within the budget: an activation of degree above 40")
        base, result = _polynomial(tree[1], values, number), [number(1)]
        for _ in range(tree[2]):
            result = _times(result, base, number)
        return result
    return [_value(tree, values, number)]


def _times(p: Any, q: Any, number: Number) -> list[Any]:
    if len(p) + len(q) > 42:
        raise CannotCheck("not checkable within the budget: an activation of degree above 40")
    result = [number(0)] * (len(p) + len(q) - 1)
    spend(len(p) * len(q))
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            result[i + j] = result[i + j] + a * b
    return result


def kernel_value(stages: Any, letters: Iterable[Any], number: Number, alone: bool) -> Any:
    """k(x, y), given the letters (x_a, y_a), by running the recursion on the matrices K(x, y) and, where they matter, K(x, x) and K(y, y)."""
    x, y = zip(*letters)
    pairs = ((x, y), (x, x), (y, y)) if alone else ((x, y),)
    length = len(x)

    def embedded(known: Any, with_positions: bool) -> list[Matrix]:
        none = known["constant"]
        position = none + (known["position"] if with_positions else number(0))
        entry = {
            (False, False): none,
            (True, False): none + known["token"],
            (False, True): position,
            (True, True): position + known["token"],
        }
        return [
            [[entry[s == t, a == b] for b, t in enumerate(right)] for a, s in enumerate(left)]
            for left, right in pairs
        ]

    def run(stages: Any, with_positions: bool) -> list[Matrix]:
        before = now = embedded(stages[0][1], with_positions)
        for i, (name, known) in enumerate(stages[1:], 1):
            spend(len(now) * len(now[0]) ** 2)
            for m in now:
                _short(m[0][-1])
            if name == "residual":
                now = [_entrywise(operator.add, m, n) for m, n in zip(now, before)]
                continue
            before, entered = now, now
            if name == "attention":
                values = entered if known["positions_in_values"] else run(stages[:i], False)
                now = _attention(entered, values, known, length)
            elif name == "linear":
                now = [_linear(m, known["weight"], known["bias"]) for m in entered]
            elif name == "mlp":
                now = _mlp(entered, known["activation"], number)
            elif name == "mean_pool":
                now = [[[_total(m) * Fraction(1, length * length)]] for m in entered]
            elif name == "flatten":
                diagonals = [[[m[a][a] for a in range(length)]] for m in entered]
                now = [[[_total(m) * Fraction(1, length)]] for m in diagonals]
            else:
                now = [[[m[length - 1][length - 1]]] for m in entered]
        return now

    return run(stages, True)[0][0][0]


def _entrywise(function: Callable[..., Any], *matrices: Matrix) -> Matrix:
    """A function of entries at one place; entries are few objects at many places, and each combination is computed once."""
    known, result = {}, []
    for rows in zip(*matrices):
        row = []
        for entries in zip(*rows):
            key = tuple(map(id, entries))
            if key not in known:
                known[key] = function(*entries)
            row.append(known[key])
        result.append(row)
    return result


def _linear(matrix: Matrix, weight: Any, bias: Any = 0) -> Matrix:
    return _entrywise(lambda e: e * weight + bias, matrix)


def _total(matrix: Matrix) -> Any:
    """Sum of the entries, equal objects counted first."""
    objects = {id(e): e for row in matrix for e in row}
    counts = Counter(id(e) for row in matrix for e in row)
    return sum(objects[key] * n for key, n in counts.items())


def _attention(
    entered: list[Matrix], values: list[Matrix], known: Any, length: int
) -> list[Matrix]:
    if known["query_key"] == "independent":
        scale = Fraction(1, length * length) if known["normalize"] else Fraction(1)
        factors = (_total(_entrywise(operator.mul, m, e)) * scale for m, e in zip(entered, values))
        return [_linear(m, factor) for m, factor in zip(entered, factors)]
    maps = []
    for scores in entered[1:]:
        if known["row_map"] == "softmax":
            rows = _entrywise(_exp, scores)
            maps.append([_linear([row], 1 / _total([row]))[0] for row in rows])
        else:
            mapped = _entrywise(_ROW_MAPS[known["row_map"]], scores)
            maps.append(_linear(mapped, Fraction(1, length if known["normalize"] else 1)))
    g, h = maps
    return [
        _matrix_product(_matrix_product(p, e), [list(column) for column in zip(*q)])
        for (p, q), e in zip(((g, h), (g, g), (h, h)), values)
    ]


def _positive_part(e: Any) -> Any:
    if isinstance(e, Interval):
        return Interval(max(e.lo, 0), max(e.hi, 0))
    return max(e, Fraction(0))


_ROW_MAPS = {
    "identity": lambda e: e,
    "relu": _positive_part,
    "abs": lambda e: _positive_part(e) + _positive_part(-e),
}


def _matrix_product(m: Matrix, n: Matrix) -> Matrix:
    columns, products, sums, result = list(zip(*n)), {}, {}, []
    spend(len(m) * len(n) * len(columns) // 2)
    for row in m:
        entries = []
        for column in columns:
            counts = Counter(zip(map(id, row), map(id, column)))
            pattern = frozenset(counts.items())  # equal sums stay one object, for the next product
            if pattern not in sums:
                factors = {(id(p), id(q)): (p, q) for p, q in zip(row, column)}
                total = 0
                for key, times in counts.items():
                    if key not in products:
                        products[key] = factors[key][0] * factors[key][1]
                    total = total + products[key] * times
                sums[pattern] = total
            entries.append(sums[pattern])
        result.append(entries)
    return result


def _mlp(entered: list[Matrix], activation: Any, number: Number) -> list[Matrix]:
    of_xy, of_x, of_y = entered
    result = []
    spend(1000 if isinstance(activation, str) else 20 * len(activation) ** 2)
    for m, left, right in ((of_xy, of_x, of_y), (of_x, of_x, of_x), (of_y, of_y, of_y)):
        p = [[left[a][a]] * len(row) for a, row in enumerate(m)]
        q = [[right[b][b] for b in range(len(row))] for row in m]
        result.append(_entrywise(lambda p, q, r: _gaussian(activation, p, q, r, number), p, q, m))
    return result


def _gaussian(activation: Any, p: Any, q: Any, r: Any, number: Number) -> Any:
    """E phi(u) phi(w), variances p, q and covariance r: Stein's lemma, Cho and Saul (2009), Williams (1997)."""
    if activation == "relu":
        norm = _sqrt(p * q)
        if norm.lo <= 0:
            raise CannotCheck("relu of a variable whose variance may be zero")
        c = r / norm
        c = Interval(max(c.lo, -ONE), min(c.hi, ONE))
        root = _sqrt(Interval.of(1) - c * c)
        return norm * (root + (_pi() * Fraction(1, 2) + _arcsin(c)) * c) / (2 * _pi())
    if activation == "erf":
        return 2 / _pi() * _arcsin(2 * r / _sqrt((1 + 2 * p) * (1 + 2 * q)))

    @cache
    def moment(a: int, b: int) -> Any:
        """E u^a w^b = (a - 1) p E u^(a-2) w^b + b r E u^(a-1) w^(b-1)."""
        if a == 0:
            return (b - 1) * q * moment(0, b - 2) if b >= 2 else number(1 - b)
        value = (a - 1) * p * moment(a - 2, b) if a >= 2 else number(0)
        spend(20)
        return _short(value + b * r * moment(a - 1, b - 1) if b else value)

    total = number(0)
    for a, c in enumerate(activation):
        for b, e in enumerate(activation):
            total = _short(total + c * e * moment(a, b))
    return total


# -- match counts: kernels and blocks at any size, modulo a prime --------------------------------
#
# A pipeline of attention with independent queries is a polynomial in s = sum_t n_t(x) n_t(y), m = #{a : x_a = y_a}, X = s(x, x), Y = s(y, y) and, where the last
# position is read, d = [x_L = y_L]. Then T maps functions of D sites at a time to such functions, and the mean over y factorises over sites: the block
# of a sector at any L and v is a small matrix, found without listing a sequence. L and v may be residues: the claim is an identity of rational functions.

Exponents = tuple[int, int, int, int, int]  # of s, m, X, Y, d
Polynomial = dict[Exponents, int]
_ONE: Exponents = (0, 0, 0, 0, 0)


class Residue:
    """A number modulo a prime that is 3 modulo 4, so that squares have their roots by a power."""

    __slots__ = ("prime", "value")

    def __init__(self, value: int, prime: int) -> None:
        self.value, self.prime = value % prime, prime

    def _other(self, other: Any) -> int:
        if isinstance(other, Residue):
            return other.value
        return _residue(other, self.prime)

    def __add__(self, other: Any) -> Residue:
        return Residue(self.value + self._other(other), self.prime)

    def __sub__(self, other: Any) -> Residue:
        return Residue(self.value - self._other(other), self.prime)

    def __rsub__(self, other: Any) -> Residue:
        return Residue(self._other(other) - self.value, self.prime)

    def __mul__(self, other: Any) -> Residue:
        return Residue(self.value * self._other(other), self.prime)

    def __neg__(self) -> Residue:
        return Residue(-self.value, self.prime)

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other: Any) -> Residue:
        return self * _inverse(self._other(other), self.prime)

    def __rtruediv__(self, other: Any) -> Residue:
        return Residue(self._other(other), self.prime) * _inverse(self.value, self.prime)

    def __pow__(self, n: int) -> Residue:
        base = self.value if n >= 0 else _inverse(self.value, self.prime)
        return Residue(pow(base, abs(n), self.prime), self.prime)

    def root(self) -> Residue:
        found = pow(self.value, (self.prime + 1) // 4, self.prime)
        if found * found % self.prime != self.value:
            raise _NoRoot
        return Residue(found, self.prime)


class _NoRoot(Exception):
    """No square root at this point: another point is taken."""


def _inverse(value: int, prime: int) -> int:
    if value % prime == 0:
        raise _Pole
    return pow(value, -1, prime)


def _residue(value: Any, prime: int) -> int:
    over = 1 if isinstance(value, int) else _inverse(value.denominator, prime)
    return int(value.numerator * over % prime)


class Chance:
    """Numbers that nobody can choose who writes the claim: digits of SHA-256 of its text."""

    def __init__(self, text: str) -> None:
        self.seed, self.count = hashlib.sha256(text.encode()).digest(), 0

    def below(self, bound: int) -> int:
        digits = b""
        while 8 * len(digits) < bound.bit_length() + 64:
            self.count += 1
            digits += hashlib.sha256(self.seed + str(self.count).encode()).digest()
        return int.from_bytes(digits, "big") % bound

    def fraction(self, kind: int = 0) -> Fraction:
        """A value for a hyperparameter: between 1/3 and 3 and of moderate height; kind 1: of 64 binary digits; 2 and 3: about 16 times larger or smaller."""
        if kind == 1:
            return Fraction((1 << 62) + self.below(1 << 63), 1 << 63)
        scale = {0: Fraction(1), 2: Fraction(16), 3: Fraction(1, 16)}[kind]
        return scale * Fraction(1001 + self.below(1999), 1001 + self.below(1999))

    def prime(self) -> int:
        """Between 2^120 and 2^121."""
        while True:
            candidate = (1 << 120) + 4 * self.below(1 << 118) + 3
            if all(candidate % q for q in (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)) and all(
                self._witness(candidate) for _ in range(30)
            ):
                return candidate

    def _witness(self, n: int) -> bool:
        """Whether n looks prime (Rabin 1980); n is 3 modulo 4."""
        return pow(2 + self.below(n - 3), (n - 1) // 2, n) in (1, n - 1)


def _plus(*polynomials: Polynomial) -> Polynomial:
    total: Polynomial = {}
    for p in polynomials:
        for key, c in p.items():
            total[key] = total.get(key, 0) + c
    return total


class MatchCounts:
    """The kernel as a polynomial in match counts, with residues for coefficients."""

    MOST = 3000  # terms

    def __init__(self, stages: Any, length: int, prime: int) -> None:
        self.prime, self.length = prime, length
        self._inverse = _inverse(length, prime)
        found = self._run(stages, True)
        self.terms = {key: c % prime for key, c in found.items() if c % prime}
        self.degree = max((i + j + 2 * e + d for i, j, e, _, d in self.terms), default=0)
        self.last = any(key[4] for key in self.terms)

    def _number(self, value: Any) -> Polynomial:
        return {_ONE: value.value if isinstance(value, Residue) else value % self.prime}

    def _times(self, p: Polynomial, q: Polynomial) -> Polynomial:
        result: Polynomial = {}
        spend(3 * len(p) * len(q) + 3)
        for (i, j, e, f, d), a in p.items():
            for (k, l, g, h, c), b in q.items():
                key = (i + k, j + l, e + g, f + h, min(d + c, 1))
                result[key] = (result.get(key, 0) + a * b) % self.prime
        if len(result) > self.MOST or max(map(max, result), default=0) > 60:
            raise CannotCheck("not checkable within the budget: a kernel of high degree")
        return result

    def _run(self, stages: Any, with_positions: bool) -> Any:
        """Entries by what agrees there: keys (letters agree, positions agree); after the readout the one key ()."""
        n = self.length
        before = now = self._embedded(stages[0][1], with_positions)
        for i, (name, known) in enumerate(stages[1:], 1):
            if name == "residual":
                now = {key: _plus(now[key], before[key]) for key in now}
                continue
            before = now
            if name == "attention":
                if known["query_key"] != "independent":
                    raise _NoPolynomial
                values = now if known["positions_in_values"] else self._run(stages[:i], False)
                factor = self._total({key: self._times(now[key], values[key]) for key in now})
                if known["normalize"]:
                    factor = self._times(factor, self._number(self._inverse**2))
                now = {key: self._times(p, factor) for key, p in now.items()}
            elif name == "linear":
                w, b = self._number(known["weight"]), self._number(known["bias"])
                now = {key: _plus(self._times(w, p), b) for key, p in now.items()}
            elif name == "mlp":
                now = self._mlp(now, known["activation"])
            elif name == "mean_pool":
                now = {(): self._times(self._total(now), self._number(self._inverse**2))}
            elif name == "flatten":
                m, rest = {(0, 1, 0, 0, 0): 1}, {_ONE: n, (0, 1, 0, 0, 0): -1}
                both = _plus(self._times(m, now[1, 1]), self._times(rest, now[0, 1]))
                now = {(): self._times(both, self._number(self._inverse))}
            else:
                d, rest = {(0, 0, 0, 0, 1): 1}, {_ONE: 1, (0, 0, 0, 0, 1): -1}
                now = {(): _plus(self._times(d, now[1, 1]), self._times(rest, now[0, 1]))}
        return now if len(stages) and with_positions is False else now.get((), now)

    def _embedded(self, known: Any, with_positions: bool) -> Any:
        token, position, constant = (
            self._number(known[name]) for name in ("token", "position", "constant")
        )
        return {
            (a, b): _plus(constant, *([token] * a), *([position] * b if with_positions else []))
            for a in (0, 1)
            for b in (0, 1)
        }

    def _total(self, entries: Any) -> Polynomial:
        """Sum over all pairs of positions: m agree in both, s - m in letters, L - m in positions."""
        n = self.length
        s, m = (1, 0, 0, 0, 0), (0, 1, 0, 0, 0)
        counts = {
            (1, 1): {m: 1},
            (1, 0): {s: 1, m: -1},
            (0, 1): {_ONE: n, m: -1},
            (0, 0): {_ONE: n * n - n, s: -1, m: 1},
        }
        return _plus(*(self._times(counts[key], p) for key, p in entries.items()))

    def _of_one(self, p: Polynomial, y: bool) -> Polynomial:
        """At (x, x) or at (y, y): s = X = Y, m = L, d = 1."""
        result: Polynomial = {}
        for (i, j, e, f, _), c in p.items():
            power = i + e + f
            key = (0, 0, 0, power, 0) if y else (0, 0, power, 0, 0)
            result[key] = (result.get(key, 0) + c * pow(self.length, j, self.prime)) % self.prime
        return result

    def _mlp(self, now: Any, activation: Any) -> Any:
        if isinstance(activation, str):
            raise _NoPolynomial
        diagonal = now[()] if () in now else now[1, 1]
        p, q = self._of_one(diagonal, False), self._of_one(diagonal, True)
        return {key: self._gaussian(activation, p, q, r) for key, r in now.items()}

    def _gaussian(self, activation: Any, p: Polynomial, q: Polynomial, r: Polynomial) -> Polynomial:
        """E phi(u) phi(w), by E u^a w^b = (a - 1) p E u^(a-2) w^b + b r E u^(a-1) w^(b-1)."""

        @cache
        def moment(a: int, b: int) -> Any:
            if (a + b) % 2:
                return {}
            if a == 0:
                if b == 0:
                    return {_ONE: 1}
                return self._times({_ONE: b - 1}, self._times(q, moment(0, b - 2)))
            value: Polynomial = {}
            if a >= 2:
                value = self._times({_ONE: a - 1}, self._times(p, moment(a - 2, b)))
            if b:
                value = _plus(value, self._times({_ONE: b}, self._times(r, moment(a - 1, b - 1))))
            return value

        total: Polynomial = {}
        for a, c in enumerate(activation):
            for b, e in enumerate(activation):
                total = _plus(total, self._times(self._number(c * e), moment(a, b)))
        return total


class _NoPolynomial(Exception):
    """The kernel is no polynomial in match counts."""


@dataclass(frozen=True)
class Slot:
    """One letter of a function: ``label`` names it (-1: summed over all letters), ``boxes`` carry it, ``power`` counts the bulk, ``last`` the last position."""

    label: int
    boxes: tuple[int, ...]
    power: int
    last: bool


def _slots(
    boxes: int, labels: int, degree: int, last: bool, summed: bool
) -> Iterable[tuple[Slot, ...]]:
    """Functions of at most ``degree`` sites: every box in one slot, every label used where letters can be renamed (``summed``)."""

    def assign(i: int, parts: tuple[tuple[int, ...], ...], count: int) -> Iterable[Any]:
        """parts: the labels', then the summed ones'."""
        if i == boxes + last:
            yield parts
            return
        for k in range(len(parts)):
            yield from assign(i + 1, (*parts[:k], (*parts[k], i), *parts[k + 1 :]), count)
        if summed:
            yield from assign(i + 1, (*parts, (i,)), count)
        if i == boxes:  # the last position may stand in no slot
            yield from assign(i + 1, parts, count)

    def powers(parts: Any, left: int) -> Iterable[tuple[int, ...]]:
        if not parts:
            yield ()
            return
        index, part = parts[0]
        if index < labels:
            least = int(summed and not part)
        else:
            least = max(0, 2 - len(part))
        for power in range(least, left + 1):
            for rest in powers(parts[1:], left - power):
                yield (power, *rest)

    def alone(left: int, most: int) -> Iterable[tuple[int, ...]]:
        yield ()
        if summed:
            for power in range(2, min(left, most) + 1):
                for rest in alone(left - power, power):
                    yield (power, *rest)

    for parts in assign(0, ((),) * labels, 0):
        left = degree - sum(map(len, parts))
        if left < 0:
            continue
        for chosen in powers(list(enumerate(parts)), left):
            for more in alone(left - sum(chosen), degree):
                made = [
                    Slot(
                        k if k < labels else -1,
                        tuple(i for i in part if i < boxes),
                        power,
                        boxes in part,
                    )
                    for k, (part, power) in enumerate(zip(parts, chosen))
                ]
                made += [Slot(-1, (), power, False) for power in more]
                yield tuple(s for s in made if s.boxes or s.power or s.last)


def _column_terms(mu: tuple[int, ...]) -> tuple[int, dict[tuple[int, ...], int]]:
    """(named places, {place of each box: coefficient}) of the Young symmetriser of (n - |mu|, mu): rows first, then columns with signs.

    Boxes are read row by row; places 0 .. |mu| - 1 are the boxes', place |mu| + c that of the first row in column c.
    """
    cells = [(r, c) for r, row in enumerate(mu) for c in range(row)]
    at = {cell: i for i, cell in enumerate(cells)}
    boxes, width = len(cells), mu[0] if mu else 0
    rows = [[at[r, c] for c in range(row)] for r, row in enumerate(mu)]
    columns = [
        [boxes + c, *(at[r, c] for r, row in enumerate(mu) if c < row)] for c in range(width)
    ]

    def group(parts: list[list[int]]) -> Iterable[tuple[dict[int, int], int]]:
        if not parts:
            yield {}, 1
            return
        for rest, sign in group(parts[1:]):
            for image in permutations(parts[0]):
                inversions = sum(p > q for i, p in enumerate(image) for q in image[i + 1 :])
                order = sorted(parts[0])
                yield {**rest, **dict(zip(order, image))}, -sign if inversions % 2 else sign

    terms: dict[tuple[int, ...], int] = {}
    size = prod(factorial(len(p)) for p in (*rows, *columns))
    spend(size * (boxes + 1))
    for column, sign in group(columns):
        for row, _ in group(rows):
            image = tuple(column.get(row.get(i, i), row.get(i, i)) for i in range(boxes))
            terms[image] = terms.get(image, 0) + sign
    return boxes + width, {image: c for image, c in terms.items() if c}


@dataclass(frozen=True)
class Word:
    """A sequence by its named positions, the last one where it is special, and how often each letter occurs at all the positions that move."""

    named: tuple[int, ...]
    last: int | None
    counts: tuple[int, ...]


class Blocks:
    """Blocks of the operator on sectors at one length and vocabulary, each a number or a residue.

    Functions are e_T F with e_T the Young symmetrisers of positions and letters and F spanned by products of `Slot`s: as many independent ones as the sector
    occurs among functions of at most D sites. T f is taken at words by the generating function of (s, m, counts), a product over sites, and
    read off in those functions again; one more word must agree.
    """

    def __init__(
        self,
        setting: Setting,
        counts: MatchCounts,
        numbers: tuple[int | None, int | None],
        sizes: tuple[int, int],
        renamed: bool,
    ) -> None:
        """``numbers``: length and number of letters where they are numbers; ``sizes`` as residues; ``renamed``: sectors have irreps of letters."""
        self.counts, self.prime, self.chance = counts, counts.prime, setting.chance
        self.fixed = setting.fixed  # the last position does not move
        self.length, self.letters = numbers
        self.positions = sizes[0] - self.fixed
        self.vocabulary = sizes[1]
        self.laws = [
            (_residue(w, self.prime), [_residue(q, self.prime) for q in p])
            for w, p in setting.law.independent(self.letters, renamed)
        ]
        self.grid = sorted(
            {(i, j) for a, b, *_ in counts.terms for i in range(a + 1) for j in range(b + 1)},
            key=lambda pair: (sum(pair), pair),
        )
        self._shapes: dict[tuple[int, ...], Any] = {}
        #: Moments of the bulk of a word, which the functions share.
        self._table: dict[Any, dict[Any, Any]] = {}

    # -- functions and words

    def block(self, mu: tuple[int, ...], kappa: tuple[int, ...] | None) -> list[list[int]]:
        """The matrix of T on the multiplicity space of the sector, on functions of at most D sites."""
        named, positions = _column_terms(mu)
        if kappa is None:
            assert self.letters is not None
            labels, present = self.letters - 1, self.letters
            letters = {tuple(range(labels)): 1}
        else:
            least, letters = _column_terms(kappa)
            labels, present = sum(kappa), least + self.counts.degree
            if self.letters is not None:
                listed = any(p for _, p in self.laws)
                present = self.letters if listed else min(present, self.letters)
        free = None if self.length is None else self.length - self.fixed - named
        if (free is not None and free < 0) or (kappa is not None and present < least):
            raise CannotCheck("a label that does not occur at this size")
        self.present = present = max(1, present)
        self._table.clear()
        self.few = (0 if kappa is None else least) + self.counts.degree + 1
        # Boxes of one row are exchanged by the symmetriser, and so are labels of one row: one function of each kind.
        rows_of = [
            [r for r, row in enumerate(shape) for _ in range(row)] for shape in (mu, kappa or ())
        ]
        kinds: dict[Any, tuple[Slot, ...]] = {}
        for f in _slots(sum(mu), labels, self.counts.degree, self.fixed, kappa is not None):
            spend(20)
            kind = sorted(
                (
                    rows_of[1][slot.label] if kappa and slot.label >= 0 else slot.label,
                    sorted(rows_of[0][i] for i in slot.boxes),
                    slot.power,
                    slot.last,
                )
                for slot in f
            )
            kinds.setdefault(repr(kind), f)
        functions = list(kinds.values())
        functions.sort(key=lambda f: sum(len(s.boxes) + s.power + s.last for s in f))
        words: list[Any] = []
        rows: list[list[int]] = []
        reduced: list[list[int]] = []
        pivots: list[int] = []
        misses = 0
        most = 40 if free is None else 40 + 20 * len(functions)  # few words: many are met again
        while misses < most and len(words) < len(functions):
            word = self._word(mu, named, free)
            where = self._places(word, positions, letters)
            row = [self._sum(self._value, f, word, where) for f in functions]
            spend(3 * len(reduced) * len(row) + 10)
            left = row
            for r, p in zip(reduced, pivots):
                if left[p]:
                    c = left[p]
                    left = [(a - c * b) % self.prime for a, b in zip(left, r)]
            pivot = next((i for i, a in enumerate(left) if a), None)
            if pivot is None:
                misses += 1
                continue
            inverse = pow(left[pivot], -1, self.prime)
            reduced.append([a * inverse % self.prime for a in left])
            pivots.append(pivot)
            words.append((word, where))
            rows.append(row)
        if not words:
            return []
        pivots.sort()
        chosen = [functions[i] for i in pivots]
        values = [[row[i] for i in pivots] for row in rows]
        images = [[self._sum(self._mean, f, *at) for f in chosen] for at in words]
        block = _solved(values, images, self.prime)
        for _ in range(1 if free is None else 6):
            word = self._word(mu, named, free)
            where = self._places(word, positions, letters)
            here = [self._sum(self._value, f, word, where) for f in chosen]
            there = [self._sum(self._mean, f, word, where) for f in chosen]
            if there != [
                sum(a * b[k] for a, b in zip(here, block)) % self.prime for k in range(len(chosen))
            ]:
                raise CannotCheck("functions of so few sites that T leads out of them")
        return block

    def candidates(self, renamed: bool) -> Iterable[tuple[tuple[int, ...], tuple[int, ...] | None]]:
        """Sectors on which T may differ from zero: |mu| is at most the power of m, as s only multiplies by counts of letters, and |kappa| at most D."""
        most = max((key[1] for key in self.counts.terms), default=0)
        labels: list[Any] = [None]
        if renamed:
            labels = [kappa for k in range(self.counts.degree + 1) for kappa in _partitions(k, k)]
        for k in range(most + 1):
            for mu in _partitions(k, k):
                for kappa in labels:
                    exists = (
                        self.length is None or _padded(mu, self.length - self.fixed) is not None
                    )
                    if kappa is not None and self.letters is not None:
                        exists = exists and _padded(kappa, self.letters) is not None
                    if exists:
                        yield mu, kappa

    def _word(self, mu: tuple[int, ...], named: int, free: int | None) -> Word:
        """A random word; in every second one the letters of a column of mu are unlike, and in every second one all letters are among the first few."""
        few = min(self.present, self.few) if self.chance.below(2) else self.present
        letters = [self.chance.below(few) for _ in range(named)]
        if self.chance.below(2):
            first = self.chance.below(few)
            rows = [r + 1 for r, row in enumerate(mu) for _ in range(row)]
            rows += [0] * (named - len(rows))
            letters = [(first + r) % few for r in rows]
        last = self.chance.below(few) if self.fixed else None
        if free is None:
            bulk = [self.chance.below(self.prime) for _ in range(self.present - 1)]
            bulk.append((self.positions - named - sum(bulk)) % self.prime)
        else:
            cuts = sorted(self.chance.below(free + 1) for _ in range(few - 1))
            bulk = [b - a for a, b in zip([0, *cuts], [*cuts, free])] + [0] * (self.present - few)
        counts = [b + letters.count(u) for u, b in enumerate(bulk)]
        return Word(tuple(letters), last, tuple(counts))

    def _places(self, word: Word, positions: Any, letters: Any) -> dict[Any, int]:
        """(letters at the boxes, letters of the labels) -> coefficient of the Young symmetrisers."""
        boxes: dict[tuple[int, ...], int] = {}
        for image, c in positions.items():
            key = tuple(word.named[i] for i in image)
            boxes[key] = boxes.get(key, 0) + c
        boxes = {key: c for key, c in boxes.items() if c}
        spend(len(positions) + len(boxes) * len(letters))
        return {(b, t): c * e for b, c in boxes.items() for t, e in letters.items()}

    def _sum(self, function: Any, f: tuple[Slot, ...], word: Word, where: dict[Any, int]) -> int:
        return int(sum(c * function(f, word, *key) for key, c in where.items()) % self.prime)

    def _value(
        self, f: tuple[Slot, ...], word: Word, boxes: tuple[int, ...], labels: tuple[int, ...]
    ) -> int:
        """f at the word whose boxes carry these letters."""
        spend(6 + 4 * len(f))
        result = 1
        for slot in f:
            found = {boxes[b] for b in slot.boxes}
            if slot.last:
                found.add(word.last)  # type: ignore[arg-type]
            if slot.label >= 0:
                found.add(labels[slot.label])
            if len(found) > 1:
                return 0
            among = found or range(self.present)
            result *= sum(
                pow(word.counts[u] - boxes.count(u), slot.power, self.prime) for u in among
            )
            result %= self.prime
        return result

    # -- means

    def _mean(
        self, f: tuple[Slot, ...], word: Word, boxes: tuple[int, ...], labels: tuple[int, ...]
    ) -> int:
        """(T f)(word) = E_y k(word, y) f(y)."""
        p = self.prime
        total = 0
        bulk = [(c - boxes.count(u)) % p for u, c in enumerate(word.counts)]
        whole = [c + (u == word.last) for u, c in enumerate(word.counts)]
        square = sum(c * c for c in whole) % p
        free_last = self.fixed and not any(slot.last for slot in f)
        for weight, probabilities in self.laws:
            one = probabilities or [_inverse(self.vocabulary, p)] * self.present
            table = self._table.setdefault((tuple(bulk), tuple(whole), tuple(one)), {})
            for copies in {key[3] for key in self.counts.terms}:
                terms = [(key, c) for key, c in self.counts.terms.items() if key[3] == copies]
                for factor, at_boxes, at_last, powers, others, extra in self._assignments(
                    f, len(boxes), labels, one, not probabilities, free_last, copies
                ):
                    spend(20)
                    sizes = [*whole, *([0] * extra)]
                    s = sum(sizes[u] for u in at_boxes)
                    m = sum(a == b for a, b in zip(at_boxes, boxes))
                    d = 1
                    if at_last is not None:
                        s += sizes[at_last]
                        d = int(at_last == word.last)
                        m += d
                    found = 0
                    for monomial, c in self._expanded(powers, others, at_boxes, at_last).items():
                        if monomial not in table:
                            table[monomial] = self._moments(bulk, whole, one, monomial)
                        found += c * self._read(terms, table[monomial], s, m, d, square)
                    total += weight * factor * found
        return total % p

    def _assignments(self, f: Any, boxes: int, labels: Any, one: list[int], renamed: bool, free_last: bool, copies: int) -> Iterable[Any]:  # fmt: skip
        """Letters of y at the boxes, at the last position, of the sums in f and of ``copies`` factors Y.

        Yields (weight, letters at boxes, at last, powers of bulk counts, letters of Y's factors, number of letters that the word lacks).
        """
        p, present = self.prime, self.present
        at_boxes = [0] * boxes
        free: list[Any] = [slot for slot in f if slot.label < 0]
        fixed = [slot for slot in f if slot.label >= 0]
        if free_last:
            free.append(None)
        free += [()] * copies

        def place(
            k: int, extra: int, weight: int, last: int | None, powers: Any, others: Any
        ) -> Any:
            if k == len(free):
                yield weight, tuple(at_boxes), last, powers, others, extra
                return
            slot = free[k]
            choices = [(u, one[u], 1) for u in range(present)]
            if renamed:
                choices += [(u, one[0], 1) for u in range(present, present + extra)]
                rest = self.vocabulary - present - extra
                if self.letters is None or self.letters - present - extra > 0:
                    choices.append((present + extra, one[0], rest))
            for u, q, times in choices:
                more = extra + (u == present + extra)
                if slot is None:
                    yield from place(k + 1, more, weight * q * times % p, u, powers, others)
                elif slot == ():
                    yield from place(k + 1, more, weight * times % p, last, powers, (*others, u))
                else:
                    for b in slot.boxes:
                        at_boxes[b] = u
                    sites = len(slot.boxes) + slot.last
                    now = weight * times * pow(q, sites, p) % p
                    yield from place(
                        k + 1,
                        more,
                        now,
                        u if slot.last else last,
                        (*powers, (u, slot.power)),
                        others,
                    )

        weight, last, powers = 1, None, []
        for slot in fixed:
            u = labels[slot.label]
            for b in slot.boxes:
                at_boxes[b] = u
            weight = weight * pow(one[u], len(slot.boxes) + slot.last, p) % p
            last = u if slot.last else last
            powers.append((u, slot.power))
        yield from place(0, 0, weight, last, tuple(powers), ())

    def _expanded(self, powers: Any, others: Any, at_boxes: Any, at_last: Any) -> dict[Any, int]:
        """Monomials ((letter, power), ...) in bulk counts of the powers times (count of u in y)^2 for u in ``others``."""
        exponents: dict[int, int] = {}
        for u, e in powers:
            if e:
                exponents[u] = exponents.get(u, 0) + e
        result = {tuple(sorted(exponents.items())): 1}
        for u in others:
            b = at_boxes.count(u) + (at_last == u)
            total: dict[Any, int] = {}
            for key, c in result.items():
                for e, times in ((2, 1), (1, 2 * b), (0, b * b)):
                    if times:
                        now = dict(key)
                        now[u] = now.get(u, 0) + e
                        new = tuple(sorted((t, k) for t, k in now.items() if k))
                        total[new] = total.get(new, 0) + c * times
            result = total
        return result

    def _shape(self, powers: tuple[int, ...]) -> Any:
        """Indices of a truncated series in (s, m, counts), and for each the pairs that add up to it."""
        if powers not in self._shapes:
            keys = [
                (*pair, *rest)
                for pair in self.grid
                for rest in product(*(range(e + 1) for e in powers))
            ]
            keys.sort(key=lambda key: (sum(key), key))
            index = {key: k for k, key in enumerate(keys)}
            pairs = []
            spend(len(keys) ** 2 // 4 + 1)
            for key in keys:
                found = []
                for part in product(*(range(e + 1) for e in key)):
                    rest = tuple(e - f for e, f in zip(key, part))
                    if part in index and rest in index:
                        found.append((index[part], index[rest], sum(part), sum(rest)))
                pairs.append(found)
            inverses = [1] + [pow(sum(key), -1, self.prime) for key in keys[1:]]
            self._shapes[powers] = (keys, pairs, inverses)
        return self._shapes[powers]

    def _moments(
        self, bulk: Any, whole: Any, one: Any, monomial: Any
    ) -> dict[tuple[int, int], int]:
        """E s^i m^j prod (count of u)^e over the bulk of y, for all (i, j) of the kernel: i! j! e! times coefficients of prod_t G_t^(n_t).

        G_t = sum_u p_u exp(a phi_u + c [u = t] + z_u), phi_u the count of u in the whole word, is the generating function of a site where the word has t.
        """
        p = self.prime
        letters, powers = [u for u, _ in monomial], tuple(e for _, e in monomial)
        keys, pairs, inverses = self._shape(powers)
        work = sum(map(len, pairs))
        phi = [*whole, *([0] * (max(letters, default=0) + 1))]
        one = [*one, *([one[0]] * (max(letters, default=0) + 1))]
        most = max(i for i, _ in self.grid)
        sums = [
            1 if i == 0 else sum(q * pow(c, i, p) for q, c in zip(one, whole))
            for i in range(most + 1)
        ]
        result: list[int] | None = None
        for t, n in enumerate(bulk):
            if not n:
                continue
            spend(2 * work + 10 * len(keys))
            series = []
            for i, j, *rest in keys:
                where = [k for k, e in enumerate(rest) if e]
                if len(where) > 1 or (where and j and letters[where[0]] != t):
                    value = 0
                elif where:
                    u = letters[where[0]]
                    value = one[u] * pow(phi[u], i, p)
                elif j:
                    value = one[t] * pow(phi[t], i, p)
                else:
                    value = sums[i]
                under = factorial(i) * factorial(j) * prod(map(factorial, rest))
                series.append(value * pow(under, -1, p) % p if under > 1 else value % p)
            power = [1]
            for k in range(1, len(keys)):  # P' G = n P G' along the total degree
                found = 0
                for a, b, da, db in pairs[k]:
                    if db:
                        found += (n * db - da) * power[a] % p * series[b]
                power.append(found * inverses[k] % p)
            if result is None:
                result = power
            else:
                result = [sum(result[a] * power[b] for a, b, _, _ in found) % p for found in pairs]
        if result is None:
            result = [1] + [0] * (len(keys) - 1)
        moments = {}
        for (i, j, *rest), value in zip(keys, result):
            if tuple(rest) == powers:
                scale = factorial(i) * factorial(j) * prod(map(factorial, rest))
                moments[i, j] = value * scale % p
        return moments

    def _read(self, terms: Any, moments: Any, s: int, m: int, d: int, square: int) -> int:
        """E of the kernel's terms, s and m being those of the boxes and the last position."""
        total, p = 0, self.prime
        spend(2 * sum((i + 1) * (j + 1) for (i, j, *_), _ in terms))
        for (i, j, e, _, last), c in terms:
            if last and not d:
                continue
            found = 0
            for k in range(i + 1):
                left = comb(i, k) * pow(s, i - k, p)
                for l in range(j + 1):
                    found += left * comb(j, l) * m ** (j - l) * moments[k, l]
            total += c * pow(square, e, p) * found
        return total % p


def _solved(matrix: list[list[int]], right: list[list[int]], prime: int) -> list[list[int]]:
    """matrix^-1 right modulo the prime."""
    n = len(matrix)
    spend(n**3)
    rows = [[*a, *b] for a, b in zip(matrix, right)]
    for k in range(n):
        pivot = next(i for i in range(k, n) if rows[i][k] % prime)
        rows[k], rows[pivot] = rows[pivot], rows[k]
        inverse = pow(rows[k][k], -1, prime)
        rows[k] = [a * inverse % prime for a in rows[k]]
        for i in range(n):
            if i != k and rows[i][k]:
                c = rows[i][k]
                rows[i] = [(a - c * b) % prime for a, b in zip(rows[i], rows[k])]
    return [row[n:] for row in rows]


def _characteristic_polynomial(matrix: list[list[int]], prime: int) -> list[int]:
    """Coefficients of det(x - M) modulo the prime, the constant one first (Faddeev and LeVerrier)."""
    n = len(matrix)
    spend(n**4)
    coefficients, now = [1], [[0] * n for _ in range(n)]
    for k in range(1, n + 1):
        now = [
            [
                (sum(a * b for a, b in zip(row, column)) + 0) % prime
                for column in zip(
                    *[
                        [c + (i == j) * coefficients[-1] for j, c in enumerate(r)]
                        for i, r in enumerate(now)
                    ]
                )
            ]
            for row in matrix
        ]
        coefficients.append(-sum(now[i][i] for i in range(n)) * pow(k, -1, prime) % prime)
    return coefficients[::-1]


# -- laws and sizes ---------------------------------------------------------------------------

_NUMBER = re.compile(r"-?[0-9]{1,4000}(?:/[0-9]{1,4000}|\.[0-9]{1,400})?")


def _fraction(text: Any) -> Fraction:
    """The number that a text writes out, as integer, fraction or decimal."""
    if type(text) is not str or not _NUMBER.fullmatch(text):
        raise Unreadable(f"no fraction: {_said(text)}")
    try:
        return Fraction(text)
    except ZeroDivisionError:
        raise Unreadable(f"no fraction: {text[:60]!r}") from None


def _integer(value: Any, low: int, high: int, what: str) -> int:
    if type(value) is not int or not low <= value <= high:
        raise Unreadable(
            f"{what} must be an integer from {low} to {high}, but {_said(value)} stands"
        )
    return value


def _fields(claim: Any, what: str, *names: str, optional: tuple[str, ...] = ()) -> None:
    """Exactly these names, no others."""
    if type(claim) is not dict:
        raise Unreadable(f"{what} must be an object, but {_said(claim)} stands")
    missing = [name for name in names if name not in claim]
    odd = [name for name in claim if name not in (*names, *optional)]
    if missing or odd:
        raise Unreadable(
            f"{what}: " + (f"{missing[0]!r} is missing" if missing else f"no field {odd[0][:40]!r}")
        )


def _listed(value: Any, what: str, least: int = 1) -> list[Any]:
    if type(value) is not list or not least <= len(value) <= 100_000:
        raise Unreadable(f"{what} must be a list of at least {least}, but {_said(value)} stands")
    return value


class Size:
    """A length or a number of letters: a number, or one of the symbols L and v."""

    def __init__(self, text: Any, what: str) -> None:
        self.text = text
        self.symbol = self.number = None
        if text in ("L", "v"):
            self.symbol = text
        elif type(text) is str and re.fullmatch("[1-9][0-9]{0,17}", text):
            self.number = int(text)
        else:
            raise Unreadable(f"{what} must be L, v or a positive integer, but {_said(text)} stands")

    def at(self, values: Values) -> int:
        return self.number if self.number is not None else int(values[str(self.symbol)])


class Law:
    """Probabilities of sequences. ``relabelling``: whether they do not change when tokens are renamed."""

    def __init__(self, claim: Any, depth: int = 0) -> None:
        if type(claim) is not dict or type(claim.get("kind")) is not str:
            raise Unreadable("a law must have its kind")
        self.kind = claim["kind"]
        self.vocabulary: Size | None = None
        if self.kind == "uniform":
            _fields(claim, "a uniform law", "kind", "vocabulary")
            self.vocabulary = Size(claim["vocabulary"], "a vocabulary")
        elif self.kind == "categorical":
            _fields(claim, "a categorical law", "kind", "probabilities")
            listed = _listed(claim["probabilities"], "probabilities")
            if len(listed) > 100:
                raise CannotCheck(
                    "not checkable within the budget: more than a hundred letters by their probabilities"
                )
            self.probabilities = [_fraction(p) for p in listed]
            _must_be_weights(self.probabilities)
        elif self.kind == "mixture" and not depth:
            _fields(claim, "a mixture", "kind", "components")
            self.components = []
            if len(_listed(claim["components"], "components")) > 20:
                raise CannotCheck("not checkable within the budget: a mixture of more than 20 laws")
            for component in _listed(claim["components"], "components"):
                if len(_listed(component, "a component", 2)) != 2:
                    raise Unreadable("a component must be a weight and a law")
                self.components.append((_fraction(component[0]), Law(component[1], 1)))
            _must_be_weights([w for w, _ in self.components])
            laws = [law for _, law in self.components]
            if any(law.kind not in ("uniform", "categorical") for law in laws):
                raise CannotCheck("a mixture of other than independent tokens")
            if len({law._letters() for law in laws}) > 1:
                raise Unreadable("a mixture of laws on different letters")
        elif self.kind == "exchangeable":
            _fields(claim, "an exchangeable law", "kind", "types")
            self.types: dict[tuple[int, ...], Fraction] = {}
            for entry in _listed(claim["types"], "types"):
                if len(_listed(entry, "a type", 2)) != 2:
                    raise Unreadable("a type must be counts and a probability")
                if len(_listed(entry[0], "counts")) > 100 or len(self.types) > 1000:
                    raise CannotCheck(
                        "not checkable within the budget: more than 100 letters, or 1000 types"
                    )
                counts = tuple(
                    _integer(c, 0, 10**6, "a count") for c in _listed(entry[0], "counts")
                )
                if counts in self.types:
                    raise Unreadable(f"counts {list(counts)} stand twice")
                self.types[counts] = _fraction(entry[1])
            _must_be_weights(list(self.types.values()))
            self.types = {counts: w for counts, w in self.types.items() if w}
            if len({(len(c), sum(c)) for c in self.types}) > 1:
                raise Unreadable("counts of different letters or lengths")
        elif self.kind == "distinct":
            _fields(claim, "distinct tokens", "kind")
        else:
            raise CannotCheck(f"the law {self.kind[:60]!r}")
        self.relabelling = self._can_be_renamed()

    def _can_be_renamed(self) -> bool:
        if self.kind in ("uniform", "distinct"):
            return True
        weights: Counter[tuple[Any, ...]] = Counter()
        if self.kind == "exchangeable":
            weights.update(self.types)
        elif self.kind == "categorical":
            weights[tuple(self.probabilities)] = 1
        else:
            for w, law in self.components:
                if law.kind != "uniform":
                    weights[tuple(law.probabilities)] += w  # type: ignore[assignment]
        return all(
            weights.get((*key[:i], key[i + 1], key[i], *key[i + 2 :])) == weight
            for key, weight in weights.items()
            for i in range(len(key) - 1)
        )

    def __str__(self) -> str:
        if self.kind == "uniform" and self.vocabulary is not None:
            return f"uniform on {self.vocabulary.text} letters"
        if self.kind == "categorical":
            return f"independent, {', '.join(map(str, self.probabilities))}"
        return str(self.kind)

    def _letters(self) -> Any:
        return self.vocabulary.text if self.vocabulary is not None else str(len(self.probabilities))

    def size(self, length: Size) -> Size:
        """The number of letters."""
        if self.kind == "distinct":
            return length
        if self.kind == "mixture":
            return self.components[0][1].size(length)
        if self.kind == "exchangeable":
            return Size(str(len(next(iter(self.types)))), "a vocabulary")
        if self.kind == "categorical":
            return Size(str(len(self.probabilities)), "a vocabulary")
        assert self.vocabulary is not None
        return self.vocabulary

    def independent(
        self, letters: int | None, renamed: bool
    ) -> list[tuple[Fraction, list[Fraction]]]:
        """(weight, probabilities of the letters) of laws of independent tokens; no list where letters are alike and can be ``renamed``."""
        if self.kind == "mixture":
            return [(w, law.independent(letters, renamed)[0][1]) for w, law in self.components]
        if self.kind == "categorical":
            alike = renamed and len(set(self.probabilities)) == 1
            return [(Fraction(1), [] if alike else self.probabilities)]
        if self.kind != "uniform" or (letters is None and not renamed):
            raise _NoPolynomial
        if not renamed and (letters or 1) > 100:
            raise CannotCheck(
                "not checkable within the budget: more than a hundred letters one by one"
            )
        return [(Fraction(1), [] if renamed else [Fraction(1, letters or 1)] * (letters or 1))]

    def sequences(self, length: int, letters: int) -> list[tuple[int, ...]]:
        if self.kind == "distinct":
            return list(permutations(range(length)))
        return list(product(range(letters), repeat=length))

    def probability(self, x: tuple[int, ...], letters: int) -> Fraction:
        if self.kind == "distinct":
            return Fraction(1, factorial(len(x)))
        if self.kind == "uniform":
            return Fraction(1, letters ** len(x))
        if self.kind == "categorical":
            return prod((self.probabilities[t] for t in x), start=Fraction(1))
        if self.kind == "mixture":
            return sum((w * law.probability(x, letters) for w, law in self.components), Fraction(0))
        counts = tuple(x.count(t) for t in range(letters))
        ways = factorial(len(x)) // prod(map(factorial, counts))
        return self.types.get(counts, Fraction(0)) / ways


def _must_be_weights(weights: list[Fraction]) -> None:
    if max(map(_bits, weights)) > 1000:
        raise CannotCheck("not checkable within the budget: probabilities of more than 300 digits")
    if sum(weights) != 1 or any(w < 0 for w in weights):
        raise Unreadable("probabilities that do not sum to 1")


# -- partitions ----------------------------------------------------------------------------


def _label(parts: Any) -> tuple[int, ...]:
    if (
        type(parts) is not list
        or len(parts) > 60
        or any(type(p) is not int or not 0 < p <= 60 for p in parts)
    ):
        raise Unreadable(f"no partition of at most 60: {_said(parts)}")
    if any(a < b for a, b in pairwise(parts)) or sum(parts) > 60:
        raise Unreadable(f"no partition of at most 60: {_said(parts)}")
    return tuple(parts)


def _hooks(shape: tuple[int, ...]) -> int:
    """Product of the hook lengths."""
    columns = [sum(r > c for r in shape) for c in range(shape[0] if shape else 0)]
    return prod(r - c + columns[c] - i - 1 for i, r in enumerate(shape) for c in range(r))


def _padded(mu: tuple[int, ...], n: int) -> tuple[int, ...] | None:
    """(n - |mu|, mu), or None where that is no partition."""
    first = n - sum(mu)
    if first < (mu[0] if mu else 0) or first < 0:
        return None
    return (first, *mu) if first else ()


def irrep_dimension(mu: tuple[int, ...], n: int) -> int | None:
    """Dimension of the irrep (n - |mu|, mu) of S_n by hook lengths, or None where this is no partition."""
    shape = _padded(mu, n)
    if shape is None:
        return None
    return factorial(n) // _hooks(shape) if n < 200 else int(_stable_dimension(mu, Fraction(n)))


def _stable_dimension(mu: tuple[int, ...], n: Any) -> Any:
    """The same as a polynomial: (f/|mu|!) prod_i (n - |mu| - mu_i + i), f the number of standard tableaux of mu."""
    k, result = sum(mu), n**0 * Fraction(1, _hooks(mu))
    for i in range(1, k + 1):
        result = result * (n - (k + (mu[i - 1] if i <= len(mu) else 0) - i))
    return result


def _jacobi_trudi(shape: tuple[int, ...]) -> dict[tuple[int, ...], int]:
    """s_shape = det(h_(shape_i - i + j)) as sum of signs times products of h, each product as a sorted composition."""
    terms: dict[tuple[int, ...], int] = {}
    if len(shape) > 7:
        raise CannotCheck("not checkable within the budget: an irrep of more than seven rows")
    for w in permutations(range(len(shape))):
        parts = [r - i + w[i] for i, r in enumerate(shape)]
        if min(parts, default=0) < 0:
            continue
        inversions = sum(p > q for i, p in enumerate(w) for q in w[i + 1 :])
        key = tuple(sorted((p for p in parts if p), reverse=True))
        terms[key] = terms.get(key, 0) + (-1 if inversions % 2 else 1)
    return {key: c for key, c in terms.items() if c}


# -- sequences, one by one ---------------------------------------------------------------------


def _pair_key(x: tuple[int, ...], y: tuple[int, ...], last: bool) -> tuple[Any, ...]:
    """A pair on which every kernel has the value that it has on (x, y): positions sorted (but the last where it is read), tokens by first occurrence."""
    pairs = [*sorted(zip(x[:-1], y[:-1])), (x[-1], y[-1])] if last else sorted(zip(x, y))
    names: dict[int, int] = {}
    pairs = [(names.setdefault(s, len(names)), names.setdefault(t, len(names))) for s, t in pairs]
    return tuple(sorted(pairs[:-1]) + pairs[-1:] if last else sorted(pairs))


class Sequences:
    """All sequences of one size, and T on the functions that a Young subgroup leaves alone."""

    def __init__(self, kernel: Kernel, law: Law, length: int, letters: int) -> None:
        self.law, self.length, self.letters = law, length, letters
        self.all = law.sequences(length, letters)
        spend(20 * len(self.all))
        weights = [law.probability(x, letters) for x in self.all]
        self.scale = lcm(*(w.denominator for w in weights))
        self.weights = [int(w * self.scale) for w in weights]
        self.last = kernel.readout == "at_position"
        self.moved = length - self.last
        #: Pairs of letters -> index; the kernel has one value on each.
        self.kinds: dict[Any, int] = {}
        self._rows: dict[int, list[int]] = {}
        self._first: dict[Any, int] = {}
        self._known: dict[Any, int] = {}

    def row(self, i: int) -> list[int]:
        """The kinds of the pairs (x_i, y) for all y."""
        if i not in self._rows:
            spend(12 * len(self.all))
            x, found = self.all[i], []
            for y in self.all:
                pairs = (
                    [*sorted(zip(x[:-1], y[:-1])), (x[-1], y[-1])]
                    if self.last
                    else sorted(zip(x, y))
                )
                sketch = tuple(pairs)
                if sketch not in self._known:
                    key = _pair_key(x, y, self.last)
                    self._known[sketch] = self.kinds.setdefault(key, len(self.kinds))
                found.append(self._known[sketch])
            self._rows[i] = found
        return self._rows[i]

    def orbits(self, positions: tuple[int, ...], letters: tuple[int, ...]) -> list[list[int]]:
        """Orbits of the subgroup that permutes within consecutive blocks of positions and of letters, of these sizes."""
        spend(len(self.all) * self.letters * (len(positions) + 1))
        found: dict[Any, list[int]] = {}
        for i, x in enumerate(self.all):
            columns = [[0] * len(positions) for _ in range(self.letters)]
            place = 0
            for block, size in enumerate(positions):
                for t in x[place : place + size]:
                    columns[t][block] += 1
                place += size
            if self.last:
                columns[x[-1]].append(1)
            key, start = [], 0
            for size in letters:
                key.append(tuple(sorted(map(tuple, columns[start : start + size]))))
                start += size
            found.setdefault(tuple(key), []).append(i)
        return list(found.values())

    def quotient(self, orbits: list[list[int]]) -> list[list[dict[int, int]]]:
        """For each pair of orbits: kind -> weight of the y of that kind, x being the first of its orbit."""
        matrix = []
        for orbit in orbits:
            kinds, row = self.row(orbit[0]), []
            spend(len(self.all))
            for other in orbits:
                entry: dict[int, int] = {}
                for i in other:
                    k = kinds[i]
                    entry[k] = entry.get(k, 0) + self.weights[i]
                row.append(entry)
            matrix.append(row)
        return matrix


def _dot(p: Any, q: Any) -> int:
    return sum(map(int.__mul__, p, q))


def _power_traces(matrix: Matrix, powers: int) -> list[int]:
    """trace(M^j): powers up to half of the largest, then sums of products of entries of two of them."""
    half = (powers + 1) // 2
    longest = max((abs(e).bit_length() for row in matrix for e in row), default=1)
    size = len(matrix)
    spend(size**3 * half * (1 + longest * half // 400) // 4 + size**2 * half)
    table, columns = [matrix], list(zip(*matrix))
    for _ in range(half - 1):
        table.append([[_dot(row, column) for column in columns] for row in table[-1]])
    traces = []
    for j in range(1, powers + 1):
        if j <= half:
            traces.append(sum(table[j - 1][i][i] for i in range(len(matrix))))
        else:
            other = list(zip(*table[j - half - 1]))
            traces.append(sum(_dot(r, c) for r, c in zip(table[half - 1], other)))
    return traces


class Traces:
    """trace(block^j) of every sector at one size and one point, by quotients of Young subgroups; fractions or intervals."""

    def __init__(self, sequences: Sequences, stages: Any, alone: bool, number: Number) -> None:
        self.sequences, self.number, self.stages, self.alone = sequences, number, stages, alone
        self.values: list[Any] = []
        self._known: dict[Any, Any] = {}

    def kernel(self) -> list[Any]:
        """The kernel on every kind of pairs seen so far."""
        for key in list(self.sequences.kinds)[len(self.values) :]:
            self.values.append(kernel_value(self.stages, key, self.number, self.alone))
        return self.values

    @property
    def norm(self) -> Fraction:
        """A number above the square root of trace(T^2), which no eigenvalue exceeds, and at most twice it."""
        square = self.square()
        top = square.ends[1] if isinstance(square, Interval) else square
        shift = 2 * max(0, (top.denominator.bit_length() - top.numerator.bit_length()) // 2 + 8)
        return Fraction(isqrt((top.numerator << shift) // top.denominator) + 1, 1 << (shift // 2))

    def diagonal(self) -> Any:
        """E k(x, x)."""
        total = self.number(0)
        weights: dict[int, int] = {}
        for i, w in enumerate(self.sequences.weights):
            k = self.sequences.row(i)[i]
            weights[k] = weights.get(k, 0) + w
        values = self.kernel()
        for k, w in weights.items():
            total = total + values[k] * w
        return total * Fraction(1, self.sequences.scale)

    def square(self) -> Any:
        """trace(T^2) = E k(x, y)^2."""
        weights: dict[int, int] = {}
        for i, w in enumerate(self.sequences.weights):
            for k, u in zip(self.sequences.row(i), self.sequences.weights):
                weights[k] = weights.get(k, 0) + w * u
        values = self.kernel()
        total = self.number(0)
        for k, w in weights.items():
            total = total + values[k] * values[k] * w
        return total * Fraction(1, self.sequences.scale**2)

    def of(
        self, position: tuple[int, ...], token: tuple[int, ...] | None, powers: int
    ) -> list[Any]:
        """trace(block^j), j = 1, ..., powers, of the sector of these whole shapes."""
        totals = [self.number(0)] * powers
        letters = {(1,) * self.sequences.letters: 1} if token is None else _jacobi_trudi(token)
        for p, c in _jacobi_trudi(position).items():
            for q, e in letters.items():
                for j, value in enumerate(self._invariants(p, q, powers)):
                    totals[j] = totals[j] + value * (c * e)
        return totals

    def _invariants(
        self, positions: tuple[int, ...], letters: tuple[int, ...], powers: int
    ) -> list[Any]:
        """trace(T^j) on the functions that the Young subgroup leaves alone.

        Intervals: let S be the symmetric form of the matrix and A the same with the midpoints, c the largest |k| and e the largest radius. In the Frobenius norm
        |S|, |A| <= c + e and |S - A| <= e, as the probabilities sum to 1; telescoping S^j - A^j gives |trace(S^j) - trace(A^j)| <= j e (c + e)^(j-1).
        """
        known: list[Any] = self._known.get((positions, letters), [])
        if len(known) >= powers:
            return known[:powers]
        quotient = self.sequences.quotient(self.sequences.orbits(positions, letters))
        values = self.kernel()
        if self.number is Fraction:
            scale = lcm(*(k.denominator for k in values))
            whole = [int(k * scale) for k in values]
        else:
            scale, whole = ONE, [(k.lo + k.hi) // 2 for k in values]
        matrix = [
            [sum(whole[k] * w for k, w in entry.items()) for entry in row] for row in quotient
        ]
        scale *= self.sequences.scale
        traces = _power_traces(matrix, powers)
        result: list[Any] = [Fraction(t, scale**j) for j, t in enumerate(traces, 1)]
        if self.number is not Fraction:
            error = Fraction(max(k.hi - k.lo for k in values) + 1, ONE)
            norm = max(abs(Fraction(k, ONE)) for k in whole) + error
            result = [
                Interval(
                    Interval.of(t - j * error * norm ** (j - 1)).lo,
                    Interval.of(t + j * error * norm ** (j - 1)).hi,
                )
                for j, t in enumerate(result, 1)
            ]
        self._known[positions, letters] = result
        return result


# -- the claim of a spectrum -----------------------------------------------------------------


class Sector:
    """One sector's claim: the labels, the dimension, and the block or its characteristic polynomial."""

    def __init__(self, claim: Any) -> None:
        _fields(
            claim, "a sector", "position_irrep", "token_irrep", "dimension",
            optional=("block", "characteristic_polynomial"),
        )  # fmt: skip
        self.position = _label(claim["position_irrep"])
        token = claim["token_irrep"]
        self.token = None if token is None else _label(token)
        self.dimension = Formula(claim["dimension"])
        if ("block" in claim) == ("characteristic_polynomial" in claim):
            raise Unreadable("a sector has either a block or a characteristic polynomial")
        self.polynomial: list[Formula] = []
        self.block: Any = None
        if "block" in claim:
            rows = _listed(claim["block"], "a block")
            if any(len(_listed(row, "a row")) != len(rows) for row in rows) or len(rows) > 200:
                raise Unreadable("a block that is not square, or of more than 200 rows")
            self.block = [[_entry(e) for e in row] for row in rows]
            self.size = len(self.block)
            entries = [e for row in self.block for e in row]
        else:
            coefficients = _listed(
                claim["characteristic_polynomial"], "a characteristic polynomial"
            )
            if len(coefficients) > 200:
                raise Unreadable("a characteristic polynomial of degree above 200")
            entries = self.polynomial = [Formula(c) for c in coefficients]
            self.size = len(self.polynomial)
        self.formulas = [self.dimension, *(e for e in entries if isinstance(e, Formula))]
        self.enclosed = any(isinstance(e, Interval) for e in entries)

    def __str__(self) -> str:
        return _sector_name(self.position, self.token)

    def claimed(self, values: Values, number: Number) -> list[Any]:
        """The block or the coefficients at a point."""
        if self.block is None:
            return [c.at(values, number) for c in self.polynomial]
        return [
            [e.at(values, number) if isinstance(e, Formula) else e for e in row]
            for row in self.block
        ]

    def distinct(self, claimed: Any) -> int:
        """A bound on the number of distinct nonzero eigenvalues."""
        if self.block is not None:
            return self.size
        return len(list(dropwhile(lambda c: not isinstance(c, Interval) and not c, claimed)))

    def power_sums(self, claimed: Any, powers: int) -> list[Any]:
        """Sums of powers of the eigenvalues: Newton's identities, or traces of powers of the block."""
        if self.block is None:
            sums: list[Any] = []
            m = self.size
            spend(powers * m)
            for j in range(1, powers + 1):
                total = -j * claimed[m - j] if j <= m else 0
                for i in range(1, min(m, j - 1) + 1):
                    total = total - claimed[m - i] * sums[j - i - 1]
                sums.append(_short(total) if total else total)
            return sums
        power, sums = claimed, []
        spend(powers * self.size**3)
        for _ in range(powers):
            sums.append(sum(power[i][i] for i in range(self.size)))
            power = [
                [
                    _short(sum((a * b for a, b in zip(row, column)), 0 * row[0]))
                    for column in zip(*claimed)
                ]
                for row in power
            ]
        return sums


def _sector_name(position: tuple[int, ...], token: tuple[int, ...] | None) -> str:
    return f"{list(position)}" + ("" if token is None else f" x {list(token)}")


def _entry(claim: Any) -> Any:
    if type(claim) is list:
        if len(claim) != 2:
            raise Unreadable("an interval has two ends")
        low, high = map(_fraction, claim)
        if low > high:
            raise Unreadable("an interval whose ends are exchanged")
        if low == high:
            return Formula(claim[0])
        return Interval(Interval.of(low).lo, Interval.of(high).hi)
    return Formula(claim)


class Setting:
    """What every claim on a kernel has: the kernel, the law, the sizes, and the names that its formulas use."""

    def __init__(self, claim: Any, formulas: Iterable[Formula], chance: Chance) -> None:
        self.kernel, self.law, self.chance = Kernel(claim["kernel"]), Law(claim["law"]), chance
        self.length = Size(claim["length"], "a length")
        self.letters = self.law.size(self.length)
        self.symbols = {s.symbol for s in (self.length, self.letters) if s.symbol}
        self.kernel.require_signs()
        if self.law.kind == "exchangeable" and self.length.number != sum(
            next(iter(self.law.types))
        ):
            raise Unreadable("counts that do not sum to the length")
        formulas = [*self.kernel.formulas, *formulas]
        self.names = set().union(*(f.names for f in formulas)) - self.symbols - {"x"}
        odd = self.names & {"L", "v"}
        if odd:
            raise Unreadable(f"{sorted(odd)[0]} is given, and stands in a formula")
        self.formulas = formulas
        self.irrational = self.kernel.irrational or any(f.irrational for f in formulas)
        self.fixed = self.kernel.readout == "at_position"

    def parameters(self, fraction: Callable[[], Any]) -> dict[str, Any]:
        return {name: fraction() for name in sorted(self.names)}

    @property
    def kinds_of_points(self) -> tuple[int, ...]:
        """Which hyperparameters are tried at one size: nice ones, and some that cannot be guessed; in intervals over three magnitudes."""
        if not self.names:
            return (0,)
        return (0, 2, 3) if self.irrational else (0, 1)

    def sizes(self, most: int, low: tuple[int, int] = (1, 1)) -> list[tuple[int, int, int]]:
        """(number of sequences, length, letters) within ``most`` sequences, at least ``low``; two letters or more where their number is a symbol."""
        lengths = range(low[0], low[0] + 12) if self.length.symbol else [self.length.number or 1]
        same = self.law.kind == "distinct" or self.letters.symbol == self.length.symbol is not None
        found = []
        for n in lengths:
            if same:
                several: Iterable[int] = [n]
            elif self.letters.symbol:
                several = range(max(2, low[1]), max(2, low[1]) + 8)
            else:
                several = [self.letters.number or 1]
            for v in several:
                count = self.count(n, v)
                if n >= low[0] and v >= low[1] and count <= most:
                    found.append((count, n, v))
        return sorted(found)

    def count(self, n: int, v: int) -> int:
        """The number of sequences; beyond 2^64 some larger number."""
        if self.law.kind == "distinct":
            return factorial(min(n, 25))
        return v**n if n * v.bit_length() < 2000 else 1 << 2000

    def values(self, n: int, v: int) -> dict[str, Fraction]:
        sizes = {self.length.symbol: n, self.letters.symbol: v}
        return {name: Fraction(k) for name, k in sorted(sizes.items(), key=str) if name}

    def blocks(
        self, renamed: bool, sizes: tuple[int, int] | None = None
    ) -> tuple[dict[str, Residue], Blocks]:
        """A random point modulo a prime, at these ``sizes`` or random ones too, and the blocks there; raises where the kernel is no polynomial in match counts."""
        if self.law.kind in ("exchangeable", "distinct") or self.kernel.alone_irrational:
            raise _NoPolynomial
        numbers = sizes or (self.length.number, self.letters.number)
        for _ in range(200):
            prime = self.chance.prime()
            names = sorted({*self.names, *self.symbols})
            at = {name: Residue(self.chance.below(prime), prime) for name in names}
            residues = []
            for size, n in zip((self.length, self.letters), numbers):
                if size.symbol and n is not None:
                    at[size.symbol] = Residue(n, prime)
                residues.append(n % prime if n is not None else at[str(size.symbol)].value)
            try:
                stages = self.kernel.bound(at, _number_of(prime))
                counts = MatchCounts(stages, residues[0], prime)
            except (_NoRoot, _Pole):
                continue
            return at, Blocks(self, counts, numbers, (residues[0], residues[1]), renamed)
        raise CannotCheck("formulas without a value at 200 points")

    def rank(
        self, mu: tuple[int, ...], kappa: tuple[int, ...] | None, sizes: tuple[int, int] | None
    ) -> int:
        """The number of eigenvalues of the sector's block other than 0."""
        _, blocks = self.blocks(kappa is not None, sizes)
        return (
            len(_without_zeros(_characteristic_polynomial(blocks.block(mu, kappa), blocks.prime)))
            - 1
        )

    def with_every_sign(self, decide: Callable[[], Any]) -> Any:
        """``decide`` at random points modulo primes, for both signs of each square root: there none is the positive one."""
        roots = sorted(set().union(*(f.roots for f in self.formulas)))
        if len(roots) > 3:
            raise CannotCheck("not checkable within the budget: more than three square roots")
        refuted: list[_Refuted] = []
        result = None
        for signs in product((1, -1), repeat=len(roots)):
            token = _signs.set(dict(zip(roots, signs)))
            try:
                result = decide()
            except _Refuted as error:
                refuted.append(error)
            finally:
                _signs.reset(token)
        if len(refuted) == 2 ** len(roots):
            raise refuted[0]
        if refuted:
            raise CannotCheck("not checkable at all sizes: the sign of a square root decides")
        return result

    def require_range(self, low: tuple[int, int]) -> None:
        """A range that begins above the one size there is claims nothing."""
        for size, start, name in (
            (self.length, low[0], "length"),
            (self.letters, low[1], "vocabulary"),
        ):
            if size.number is not None and start > size.number:
                raise _Refuted(
                    "its one size",
                    f"claimed  a range from {name} {start} on",
                    f"found    the {name} {size.number}",
                )

    def starts(self, low: tuple[int, int]) -> tuple[int, int]:
        """The smallest length and number of letters of the range."""
        first = (self.length.number or low[0], self.letters.number or low[1])
        alike = self.law.kind == "distinct" or self.length.symbol == self.letters.symbol is not None
        return (max(first), max(first)) if alike and self.length.symbol else first

    def require_irrep(
        self, mu: tuple[int, ...], kappa: tuple[int, ...] | None, low: tuple[int, int]
    ) -> None:
        """The irreps exist at every size of the range."""
        starts = self.starts(low)
        for label, start, fixed in ((mu, starts[0], self.fixed), (kappa, starts[1], False)):
            if label is not None and _padded(label, start - fixed) is None:
                least = sum(label) + max(label, default=0) + fixed
                raise _Refuted(
                    f"size {start}",
                    f"claimed  the irrep {list(label)}",
                    f"found    a partition from {least} on",
                )

    def require_no_pole(self, low: tuple[int, int]) -> list[Row]:
        """Divisors do not vanish in the range, hyperparameters being positive; a row for what stays open."""
        starts = {
            size.symbol: start
            for size, start in zip((self.length, self.letters), self.starts(low))
            if size.symbol
        }
        return _require_no_pole(self.formulas, {str(k): n for k, n in starts.items()})


def _require_no_pole(formulas: Iterable[Formula], low: Mapping[str, int]) -> list[Row]:
    """Divisors, and radicands for their sign; refuted at a pole, not checkable where one is possible at some size."""
    poles = negative = 0
    for formula in formulas:
        for divisor in formula.divisors:
            for factor in _factors(divisor):
                poles += not _never_zero(factor, low)
        for radicand in formula.radicands:
            try:
                above, below = (_shifted(part, low) for part in _ratio(radicand))
                negative += any(c < 0 for part in (above, below) for c in part.values())
            except CannotCheck:
                negative += 1
    rows: list[Row] = []
    if poles:
        rows.append(
            (
                "not tested",
                f"hyperparameters at which a divisor vanishes ({poles} can): nothing is claimed there",
            )
        )
    if negative:
        rows.append(("not tested", f"where {negative} radicands are negative"))
    return rows


def _names_below(tree: Any) -> set[str]:
    kind = tree[0]
    if kind == "name":
        return {tree[1]}
    if kind == "number":
        return set()
    if kind in ("sum", "product"):
        return set().union(*(_names_below(part) for _, part in tree[1]))
    return _names_below(tree[1])


def _never_zero(factor: Any, low: Mapping[str, int]) -> bool:
    """Whether it is not zero for sizes from ``low`` on and all hyperparameters; False where some hyperparameters can make it zero."""
    try:
        above, _ = _ratio(factor)
    except CannotCheck:
        if _names_below(factor) & set(low):
            raise CannotCheck("a divisor with sizes below a root or an exponential") from None
        return not _names_below(factor)
    if not above:
        raise _Refuted("every size", "claimed  a value", "found    a division by zero")
    shifted = _shifted(above, low)
    bare = any(not any(name in low for name, _ in key) for key in shifted)
    if len({c > 0 for c in shifted.values()}) == 1 and bare:
        return True
    groups: dict[Any, Monomials] = {}
    for key, c in above.items():
        of_sizes = tuple((name, k) for name, k in key if name in low)
        rest = tuple((name, k) for name, k in key if name not in low)
        groups.setdefault(rest, {})[of_sizes] = c
    if len(groups) == 1:
        return _stays_away(next(iter(groups.values())), low)
    refused: Exception | None = None
    for part in groups.values():
        try:
            if _stays_away(part, low):
                return False
        except (CannotCheck, _Refuted) as error:
            refused = error
    raise CannotCheck("a divisor that may vanish at some size") from refused


def _ratio(tree: Any) -> tuple[Monomials, Monomials]:
    """Numerator and denominator, not reduced."""
    kind = tree[0]
    if kind == "sum":
        above: Monomials = {}
        below: Monomials = {(): Fraction(1)}
        for sign, term in tree[1]:
            a, b = _ratio(term)
            left, right = _product(above, b), _product(a, below)
            above = dict(left)
            for key, c in right.items():
                above[key] = above.get(key, Fraction(0)) + sign * c
            above = {key: c for key, c in above.items() if c}
            below = _product(below, b) if b != {(): 1} else below
        return above, below
    if kind == "product":
        above, below = {(): Fraction(1)}, {(): Fraction(1)}
        for sign, factor in tree[1]:
            a, b = _ratio(factor)
            above, below = (
                _product(above, a if sign > 0 else b),
                _product(below, b if sign > 0 else a),
            )
        return above, below
    if kind == "power":
        a, b = _ratio(tree[1])
        if abs(tree[2]) > 60:
            raise CannotCheck("not checkable within the budget: a high power")
        above, below = {(): Fraction(1)}, {(): Fraction(1)}
        for _ in range(abs(tree[2])):
            above, below = _product(above, a), _product(below, b)
        return (above, below) if tree[2] >= 0 else (below, above)
    return _expand(tree), {(): Fraction(1)}


def _factors(tree: Any) -> Iterable[Any]:
    if tree[0] == "product" and all(sign > 0 for sign, _ in tree[1]):
        for _, factor in tree[1]:
            yield from _factors(factor)
    elif (tree[0] == "power" and tree[2] > 0) or tree[0] == "sqrt":
        yield from _factors(tree[1])
    elif tree[0] == "sum" and len(tree[1]) == 1:
        yield from _factors(tree[1][0][1])
    elif tree[0] != "exp":  # which is never zero
        yield tree


def _stays_away(written: Monomials, low: Mapping[str, int]) -> bool:
    """Whether the polynomial in sizes has no zero at integers from ``low`` on; raises where it has one, or where that is open."""
    shifted = _shifted(written, low)
    if len({c > 0 for c in shifted.values()}) == 1 and () in shifted:
        return True
    names = {name for key in written for name, _ in key}
    if not names:
        return bool(written)
    if len(names) > 1:
        raise CannotCheck("a divisor that may vanish at some sizes")
    [name] = names
    coefficients = [Fraction(0)] * (1 + max(dict(key).get(name, 0) for key in written))
    for key, c in written.items():
        coefficients[dict(key).get(name, 0)] = c
    bound = 2 + max(abs(c / coefficients[-1]) for c in coefficients)
    if bound > 20_000:
        raise CannotCheck("a divisor that may vanish at some size")
    spend(20 * int(bound))
    for n in range(low[name], int(bound) + 1):
        if not sum(c * n**k for k, c in enumerate(coefficients)):
            raise _Refuted(
                f"{name} = {n}", "claimed  a value", "found    a formula that divides by zero there"
            )
    return True


def _shifted(written: Monomials, low: Mapping[str, int]) -> Monomials:
    """With name = low + name for the sizes."""
    result: Monomials = {}
    for key, c in written.items():
        part: Monomials = {(): c}
        for name, power in key:
            once: Monomials = {((name, 1),): Fraction(1)}
            if low.get(name):
                once[()] = Fraction(low[name])
            for _ in range(power):
                part = _product(part, once)
        for k, e in part.items():
            result[k] = result.get(k, Fraction(0)) + e
    return {k: c for k, c in result.items() if c}


def _number_of(prime: int) -> Number:
    return lambda value: (
        value if isinstance(value, Residue) else Residue(_residue(value, prime), prime)
    )


def _spread(sizes: list[tuple[int, int, int]], most: int) -> list[tuple[int, int, int]]:
    """The smallest, the largest, the longest, the one of most letters, then others; those that tell positions from letters first."""
    apart = [s for s in sizes if s[1] != s[2]] or sizes
    if not apart:
        return []
    chosen = [
        apart[-1],
        max(apart, key=lambda s: (s[1], s[2])),
        max(apart, key=lambda s: (s[2], s[1])),
        apart[0],
    ]
    chosen += [sizes[-1], sizes[len(sizes) // 2]]
    return sorted(dict.fromkeys(chosen[:most]))


def check_spectrum(claim: Any, sequences: int, chance: Chance, step: Step) -> list[Row]:
    """Compare every sector with the operator's own trace of powers on it."""
    _fields(
        claim, "the claim", "certificate", "claim", "kernel", "law", "length", "range", "trace", "sectors",
        optional=("standing", "versions"),
    )  # fmt: skip
    sectors = [Sector(s) for s in _listed(claim["sectors"], "sectors", 0)]
    trace = _entry(claim["trace"])
    formulas = [f for s in sectors for f in s.formulas]
    formulas += [trace] if isinstance(trace, Formula) else []
    setting = Setting(claim, formulas, chance)
    low, known = _range(claim["range"])
    law = setting.law
    labelled = {s.token is not None for s in sectors}
    if len(labelled) > 1 or (True in labelled and not law.relabelling):
        raise Unreadable("irreps of letters that cannot be renamed, or of some sectors only")
    if (False in labelled) and law.relabelling and setting.letters.symbol:
        raise CannotCheck("sectors without irreps of letters, on a vocabulary that is a symbol")
    twice = [name for name, count in Counter(map(str, sectors)).items() if count > 1]
    if twice:
        raise _Refuted(
            "every size", f"claimed  the sector {twice[0]} twice", "found    a sector stands once"
        )
    setting.require_range(low)
    setting.require_range(known)
    for sector in sectors:
        setting.require_irrep(sector.position, sector.token, low)
    rows = setting.require_no_pole((min(low[0], known[0]), min(low[1], known[1])))
    inside = _spread(setting.sizes(sequences, low), 4 if setting.symbols else 1)
    if (any(s.enclosed for s in sectors) or isinstance(trace, Interval)) and (
        setting.symbols or not inside
    ):
        raise CannotCheck(
            "not checkable: intervals at sizes that are symbols, or of too many sequences"
        )
    corner = setting.starts(low)
    if setting.symbols and setting.count(*corner) <= sequences:
        inside = sorted({*inside, (setting.count(*corner), *corner)})
    below = []
    if setting.symbols and law.kind != "distinct":
        below = [
            s for s in setting.sizes(min(sequences, 32), (1, 1)) if s[1] < low[0] or s[2] < low[1]
        ]
        below = _spread([s for s in below if s[1] >= known[0] and s[2] >= known[1]], 4)
    number = Interval.of if setting.irrational else Fraction
    widest, powers, missing = Fraction(0), 0, Fraction(0)
    for _, n, v in inside:
        step(_where(setting.values(n, v)))
        space = Sequences(setting.kernel, law, n, v)
        for kind in setting.kinds_of_points:
            width, most, other = _at_size(setting, space, sectors, trace, number, n, v, kind)
            widest, powers, missing = max(widest, width), max(powers, most), max(missing, other)
    for _, n, v in below:
        step(_where(setting.values(n, v)))
        _below(setting, sectors, trace, number, n, v)
    try:
        step("all sizes")
        everywhere = _everywhere(setting, sectors, trace, None)
        if (
            everywhere
            and setting.symbols
            and law.kind != "distinct"
            and setting.count(*corner) > sequences
        ):
            step("the smallest sizes of the range")
            _everywhere(setting, sectors, trace, corner)
            rows.append(
                ("tested", f"the same at the corner of the range, L = {corner[0]}, v = {corner[1]}")
            )
    except _NoPolynomial:
        everywhere = []
        if setting.symbols:
            raise CannotCheck(
                "not checkable at all sizes: the kernel is no polynomial in match counts that this program knows"
            ) from None
        if setting.names and any(f.rooted for f in setting.formulas):
            raise CannotCheck(
                "not checkable at all values: names stand below a square root"
            ) from None
    if not inside and not everywhere:
        raise CannotCheck(
            f"not checkable within the budget: no size of at most {sequences} sequences"
        )
    if inside:
        where = "; ".join(_where(setting.values(n, v)) for _, n, v in inside)
        count = f"{len(sectors)} sectors" if len(sectors) != 1 else "1 sector"
        rows.append(
            (
                "tested",
                f"{count}, each by itself: irreps, dimension, sums of powers 1..{powers} of its eigenvalues, on up to {max(inside)[0]} sequences, {where}",
            )
        )
        rows.append(("tested", "no other sector: trace(T^2) and the mean E k(x, x) there"))
    if widest or setting.irrational:
        rows.append(
            (
                "tested",
                f"intervals that overlap, of width below {_power_of_ten(widest)} of the norm of T; eigenvalues of another sector would sum to less than {_power_of_ten(missing)} of it",
            )
        )
    if setting.names:
        rows.append(("tested", f"random values of {', '.join(sorted(setting.names))}"))
    rows += everywhere
    if below:
        where = "; ".join(_where(setting.values(n, v)) for _, n, v in below)
        rows.append(("tested", f"below the range, sums over all sectors: {where}"))
    rows.append(("not tested", "what the file says of its standing and its versions"))
    return rows


def _range(claim: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    _fields(claim, "a range", "spectrum_from", "traces_from")
    pairs = []
    for name in ("spectrum_from", "traces_from"):
        _fields(claim[name], name, "length", "vocabulary")
        pairs.append(
            tuple(
                _integer(claim[name][k], 1, 10**9, f"{k} of {name}")
                for k in ("length", "vocabulary")
            )
        )
    return pairs[0], pairs[1]  # type: ignore[return-value]


def _point(setting: Setting, n: int, v: int, kind: int = 0) -> dict[str, Any]:
    return {**setting.values(n, v), **setting.parameters(lambda: setting.chance.fraction(kind))}


def _at_size(setting: Setting, space: Sequences, sectors: list[Sector], trace: Any, number: Number, n: int, v: int, kind: int) -> tuple[Fraction, int, Fraction]:  # fmt: skip
    """Every sector by itself where they are claimed to be the spectrum: the widest interval, the largest power, and what other sectors could hold."""
    at = _point(setting, n, v, kind)
    where = _where(at)
    stages = setting.kernel.bound(at, number)
    traces = Traces(space, stages, setting.kernel.alone, number)
    norm = traces.norm
    widest, most = Fraction(0), 2
    first, square = number(0), number(0)
    for sector in sectors:
        name = f"{where}, sector {sector}"
        try:
            dimension = sector.dimension.at(at)
            claimed = sector.claimed(at, Interval.of if sector.enclosed else number)
        except _Pole:
            raise _Refuted(name, "a formula of the claim divides by zero") from None
        position = _padded(sector.position, space.moved)
        token = None if sector.token is None else _padded(sector.token, v)
        expected: int | None = None
        if position is not None and (sector.token is None or token is not None):
            expected = irrep_dimension(sector.position, space.moved) or 0
            expected *= 1 if sector.token is None else irrep_dimension(sector.token, v) or 0
        if expected is None or expected != dimension:
            raise _Refuted(
                name,
                f"claimed  dimension {_shown(dimension)}",
                f"found    {expected} standard tableaux",
            )
        powers = 2 * sector.distinct(claimed) + 2
        most = max(most, powers)
        right = traces.of(position or (), token, powers)
        left = sector.power_sums(claimed, powers)
        for j, (a, b) in enumerate(zip(left, right), 1):
            what = "sum of the eigenvalues" if j == 1 else f"sum of their powers {j}"
            widest = max(widest, _compare(a, b, name, norm**j, what))
        first, square = left[0] * expected + first, left[1] * expected + square
    what, other = "sum of dimension x trace(block^2)", "trace(T^2): a sector is missing or wrong"
    widest = max(widest, _compare(square, traces.square(), where, norm**2, what, other))
    mean = traces.diagonal()
    missing = _compare(
        first,
        mean,
        where,
        norm,
        "sum of dimension x trace(block)",
        "E k(x, x): a sector is missing or wrong",
    )
    total = _at(trace, at, number, where)
    return max(widest, _compare(total, mean, where, norm, "the mean E k(x, x)")), most, missing


def _at(entry: Any, at: Values, number: Number, where: str) -> Any:
    try:
        return entry.at(at, number) if isinstance(entry, Formula) else entry
    except _Pole:
        raise _Refuted(where, "a formula of the claim divides by zero") from None


def _below(
    setting: Setting, sectors: list[Sector], trace: Any, number: Number, n: int, v: int
) -> None:
    """Sums over all sectors with their dimensions as polynomials."""
    at = _point(setting, n, v)
    where = _where(at)
    space = Sequences(setting.kernel, setting.law, n, v)
    traces = Traces(space, setting.kernel.bound(at, number), setting.kernel.alone, number)
    parts, count = [], 1
    try:
        for sector in sectors:
            dimension, claimed = sector.dimension.at(at), sector.claimed(at, number)
            if dimension:
                parts.append((sector, dimension, claimed))
                count += sector.distinct(claimed)
    except _Pole:
        return  # nothing is claimed of single formulas below the range
    powers = 2 * count
    left = [number(0)] * powers
    for sector, dimension, claimed in parts:
        for j, value in enumerate(sector.power_sums(claimed, powers)):
            left[j] = left[j] + dimension * value
    unit = traces.norm
    right = traces._invariants((1,) * space.moved, (1,) * v, powers)
    for j, (a, b) in enumerate(zip(left, right), 1):
        _compare(a, b, where, unit**j, f"sum of dimension x trace(block^{j})")
    _compare(_at(trace, at, number, where), traces.diagonal(), where, unit, "the mean E k(x, x)")


def _everywhere(
    setting: Setting, sectors: list[Sector], trace: Any, sizes: tuple[int, int] | None
) -> list[Row]:
    """Every sector's characteristic polynomial as an identity in the sizes and hyperparameters, at a random point modulo a prime; or at these sizes."""
    if setting.law.kind == "distinct":
        return _distinct(setting, sectors, trace)
    exact = [s for s in sectors if not s.enclosed]
    count: int = setting.with_every_sign(lambda: _at_a_point(setting, sectors, exact, trace, sizes))
    names = sorted({*setting.names, *setting.symbols})
    of = f" in {', '.join(names)}" if names else ""
    rows = [
        (
            "tested",
            f"the characteristic polynomials of {len(exact)} sectors as identities{of}, at random residues modulo a prime of 121 bits",
        )
    ]
    if len(exact) == len(sectors):
        rows.append(
            (
                "tested",
                f"{_others(count)}, and so E k(x, x)",
            )
        )
    return rows


def _others(count: int) -> str:
    if not count:
        return "no other sector: a kernel of this degree has none"
    many = f"{count} other sectors" if count > 1 else "one other sector"
    return f"likewise that T is zero on the {many} that a kernel of this degree can have"


def _at_a_point(
    setting: Setting,
    sectors: list[Sector],
    exact: list[Sector],
    trace: Any,
    sizes: tuple[int, int] | None,
) -> int:
    """The number of sectors that were found to be zero."""
    renamed = all(s.token is not None for s in sectors) and setting.law.relabelling
    for _ in range(100):
        at, blocks = setting.blocks(renamed, sizes)
        number = _number_of(blocks.prime)
        try:
            total = Residue(0, blocks.prime)
            for sector in exact:
                total = total + _generic_sector(setting, sector, at, blocks, sizes)
            mean = None if isinstance(trace, Interval) else trace.at(at, number)
        except _NoRoot:
            continue
        listed = {(s.position, s.token) for s in sectors}
        zero = 0
        for mu, kappa in blocks.candidates(renamed):
            if (mu, kappa) in listed:
                continue
            zero += 1
            if any(_characteristic_polynomial(blocks.block(mu, kappa), blocks.prime)[:-1]):
                where = "all sizes" if sizes is None else f"L = {sizes[0]}, v = {sizes[1]}"
                raise _Refuted(
                    where,
                    "claimed  the sectors listed",
                    f"found    the sector {_sector_name(mu, kappa)} beside them",
                )
        if mean is not None and len(exact) == len(sectors) and mean.value != total.value:
            raise _Refuted(
                "all sizes",
                f"claimed  E k(x, x) = {trace.text[:60]}",
                "found    another sum of dimension x trace(block), as formulas",
            )
        return zero
    raise CannotCheck("formulas without a value at 100 points")


def _generic_sector(setting: Setting, sector: Sector, at: Any, blocks: Blocks, sizes: tuple[int, int] | None) -> Residue:  # fmt: skip
    """dimension x trace(block), after comparing."""
    prime = blocks.prime
    number = _number_of(prime)
    where = "all sizes" if sizes is None else f"L = {sizes[0]}, v = {sizes[1]}"
    name = f"{where if setting.symbols else 'its one size'}, sector {sector}"
    try:
        dimension, claimed = sector.dimension.at(at, number), sector.claimed(at, number)
    except _Pole:
        raise _Refuted(name, "a formula of the claim divides by zero") from None
    expected = Residue(1, prime)
    residues = (blocks.positions, blocks.vocabulary)
    for mu, n in zip((sector.position, sector.token), residues):
        if mu is not None:
            expected = expected * _stable_dimension(mu, Residue(n, prime))
    if dimension.value != expected.value:
        raise _Refuted(
            name,
            f"claimed  dimension {sector.dimension.text[:60]}",
            "found    another number of standard tableaux",
        )
    true = _characteristic_polynomial(blocks.block(sector.position, sector.token), prime)
    if sector.block is None:
        given = [*(c.value for c in claimed), 1]
    else:
        given = _characteristic_polynomial([[e.value for e in row] for row in claimed], prime)
    left, right = _without_zeros(given), _without_zeros(true)
    if left != right:
        text = (
            "its block"
            if sector.block is not None
            else f"x^{sector.size} + ... with " + "; ".join(c.text for c in sector.polynomial)
        )
        raise _Refuted(
            name,
            f"claimed  {text[:200]}",
            f"found    another polynomial, of degree {len(right) - 1} without its zeros",
        )
    return expected * -(given[-2] if len(given) > 1 else 0)


def _without_zeros(coefficients: list[Any]) -> list[Any]:
    return list(dropwhile(lambda c: not c, coefficients))


def _distinct(setting: Setting, sectors: list[Sector], trace: Any) -> list[Row]:
    """Distinct tokens: the kernel is a polynomial sum_j c_j fix^j on S_L, with the eigenvalue sum_j c_j a_j/dim(mu) on mu.

    a_j, the multiplicity of mu in the j-th power of the permutation representation, counts walks of j steps that take a box away and add one.
    """
    if (
        not setting.length.symbol
        or setting.fixed
        or setting.kernel.alone_irrational
        or any(s.enclosed for s in sectors)
        or isinstance(trace, Interval)
        or any(f.roots for f in setting.formulas)
    ):
        raise _NoPolynomial
    for _ in range(100):
        prime = setting.chance.prime()
        number = _number_of(prime)
        at = {
            name: Residue(setting.chance.below(prime), prime)
            for name in sorted({*setting.names, *setting.symbols})
        }
        n = at[setting.length.symbol].value
        try:
            counts = MatchCounts(setting.kernel.bound(at, number), n, prime)
            by_power: dict[int, int] = {}
            for (i, j, e, f, _), c in counts.terms.items():  # s = X = Y = L
                by_power[j] = (by_power.get(j, 0) + c * pow(n, i + e + f, prime)) % prime
            walks = _walks(max(by_power, default=0))
            listed = set()
            for sector in sectors:
                if sector.token != sector.position:
                    raise _Refuted(
                        f"sector {sector}",
                        "claimed  unlike irreps of positions and letters",
                        "found    functions on the group have like ones",
                    )
                listed.add(sector.position)
                dimension = _stable_dimension(sector.position, at[setting.length.symbol])
                value = (
                    sum(c * walks[j].get(sector.position, 0) for j, c in by_power.items())
                    / dimension
                )
                if sector.dimension.at(at, number).value != (dimension * dimension).value:
                    raise _Refuted(
                        f"all sizes, sector {sector}",
                        f"claimed  dimension {sector.dimension.text[:60]}",
                        "found    another square",
                    )
                claimed = sector.claimed(at, number)
                given = (
                    [*(c.value for c in claimed), 1]
                    if sector.block is None
                    else _characteristic_polynomial(
                        [[e.value for e in row] for row in claimed], prime
                    )
                )
                if _without_zeros(given) != _without_zeros([-value.value % prime, 1]):
                    raise _Refuted(
                        f"all sizes, sector {sector}",
                        "claimed  its block",
                        "found    another eigenvalue",
                    )
            for mu in {mu for j in by_power for mu in walks[j]} - listed:
                if sum(c * walks[j].get(mu, 0) for j, c in by_power.items()) % prime:
                    raise _Refuted(
                        "all sizes",
                        "claimed  the sectors listed",
                        f"found    the sector {list(mu)} beside them",
                    )
            if (
                trace.at(at, number).value
                != sum(c * pow(n, j, prime) for j, c in by_power.items()) % prime
            ):
                raise _Refuted(
                    "all sizes", f"claimed  E k(x, x) = {trace.text[:60]}", "found    another mean"
                )
        except (_NoRoot, _Pole):
            continue
        return [
            (
                "tested",
                "every sector's eigenvalue, the mean, and that none is missing, as identities at random residues modulo a prime of 121 bits",
            )
        ]
    raise CannotCheck("formulas without a value at 100 points")


def _walks(steps: int) -> list[dict[tuple[int, ...], int]]:
    """Multiplicities of the irreps mu[n] in the powers of the permutation representation, n so large that they no longer change."""
    n = 2 * steps + 2
    now: dict[tuple[int, ...], int] = {(n,): 1}
    result: list[dict[tuple[int, ...], int]] = [{(): 1}]
    for _ in range(steps):
        after: dict[tuple[int, ...], int] = {}
        spend(40 * len(now))
        for shape, count in now.items():
            for i, r in enumerate(shape):
                if r == (shape[i + 1] if i + 1 < len(shape) else 0):
                    continue
                small = [*shape[:i], r - 1, *shape[i + 1 :], 0]
                for k in range(len(small)):
                    if k == 0 or small[k] < small[k - 1]:
                        grown = tuple(p for p in (*small[:k], small[k] + 1, *small[k + 1 :]) if p)
                        after[grown] = after.get(grown, 0) + count
        now = after
        result.append({shape[1:]: count for shape, count in now.items()})
    return result


def _compare(
    left: Any, right: Any, where: str, unit: Fraction, what: str, of: str = "that of the kernel"
) -> Fraction:
    """Refuse a difference; of intervals that overlap the width that could not be told apart, as a part of ``unit``."""
    enclosed = isinstance(left, Interval) or isinstance(right, Interval)
    if enclosed:
        left, right = Interval.of(left), Interval.of(right)
    if (left.hi < right.lo or right.hi < left.lo) if enclosed else left != right:
        raise _Refuted(
            where, f"claimed  {_shown(left)} = {what}", f"found    {_shown(right)} = {of}"
        )
    if not enclosed:
        return Fraction(0)
    width = Fraction(max(left.hi, right.hi) - min(left.lo, right.lo), ONE) / (unit or 1)
    if width > Fraction(1, 10**25):
        raise CannotCheck(f"the intervals of the {what} are too wide to decide")
    return width


def _shown(value: Any) -> str:
    if isinstance(value, Interval):
        low, high = value.ends
        return f"[{_decimal(low)}, {_decimal(high)}]"
    if isinstance(value, int) and abs(value) < 10**30:
        return str(value)
    value = Fraction(value)
    if _bits(value) < 100:
        return str(value)
    return f"{_decimal(value)}..."


def _decimal(value: Fraction) -> str:
    """Seventeen digits, also where the number is beyond every float."""
    try:
        return f"{float(value):.17g}"
    except OverflowError:
        return f"about 10^{int(value).bit_length() * 30103 // 100000}"


def _power_of_ten(width: Fraction) -> str:
    return f"1e-{next((n for n in range(70) if width >= Fraction(1, 10 ** (n + 1))), 70)}"


def _where(values: Values) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items()) or "its one size"


# -- one eigenvalue ------------------------------------------------------------------------------


def check_eigenvalue(claim: Any, sequences: int, chance: Chance, step: Step) -> list[Row]:
    """One formula is an eigenvalue of one sector's block, at small sizes in range and as an identity."""
    _fields(
        claim, "the claim", "certificate", "claim", "kernel", "law", "length", "position_irrep", "token_irrep", "eigenvalue", "from",
        optional=("versions",),
    )  # fmt: skip
    formula = Formula(claim["eigenvalue"])
    setting = Setting(claim, [formula], chance)
    mu = _label(claim["position_irrep"])
    kappa = None if claim["token_irrep"] is None else _label(claim["token_irrep"])
    if (kappa is not None) != setting.law.relabelling:
        raise Unreadable("an irrep of letters where they cannot be renamed, or none where they can")
    _fields(claim["from"], "from", "length", "vocabulary")
    low = (
        _integer(claim["from"]["length"], 1, 10**9, "length of from"),
        _integer(claim["from"]["vocabulary"], 1, 10**9, "vocabulary of from"),
    )
    setting.require_range(low)
    setting.require_irrep(mu, kappa, low)
    name = _sector_name(mu, kappa)
    rows = setting.require_no_pole(low)
    number = Interval.of if setting.kernel.irrational else Fraction
    corner = setting.starts(low)
    _require_sector(setting, mu, kappa, corner, sequences)
    chosen = _spread(setting.sizes(sequences, low), 4 if setting.symbols else 1)
    if setting.symbols and setting.count(*corner) <= sequences:
        chosen = sorted({*chosen, (setting.count(*corner), *corner)})
    nearest = Fraction(0)
    for _, n, v in chosen:
        step(_where(setting.values(n, v)))
        space = Sequences(setting.kernel, setting.law, n, v)
        for kind in setting.kinds_of_points:
            at = _point(setting, n, v, kind)
            nearest = max(
                nearest, _is_eigenvalue(setting, space, mu, kappa, formula, at, number, v)
            )
    everywhere = False
    try:
        step("all sizes")
        everywhere = setting.with_every_sign(
            lambda: _is_generic_eigenvalue(setting, mu, kappa, formula, None)
        )
        if setting.symbols:
            ranks = [setting.rank(mu, kappa, at) for at in (None, corner)]
            if ranks[0] != ranks[1]:
                raise CannotCheck(
                    f"not checkable: the block has {ranks[1]} eigenvalues but 0 at the smallest size of the range and {ranks[0]} later; begin where it is whole"
                )
        if setting.symbols and setting.count(*corner) > sequences:
            step("the smallest sizes of the range")
            setting.with_every_sign(
                lambda: _is_generic_eigenvalue(setting, mu, kappa, formula, corner)
            )
            rows.append(
                ("tested", f"the same at the corner of the range, L = {corner[0]}, v = {corner[1]}")
            )
    except _NoPolynomial:
        if setting.symbols:
            raise CannotCheck(
                "not checkable at all sizes: the kernel is no polynomial in match counts that this program knows"
            ) from None
        if setting.names and any(f.rooted for f in setting.formulas):
            raise CannotCheck(
                "not checkable at all values: names stand below a square root"
            ) from None
    if not chosen and not everywhere:
        raise CannotCheck(
            f"not checkable within the budget: no size of at most {sequences} sequences"
        )
    if chosen:
        where = "; ".join(_where(setting.values(n, v)) for _, n, v in chosen)
        rows.append(
            ("tested", f"an eigenvalue of the sector {name} of the whole operator, {where}")
        )
    if setting.irrational and chosen and not everywhere:
        rows.append(
            (
                "tested",
                f"in intervals: within {_power_of_ten(nearest)} of the norm of T of an eigenvalue",
            )
        )
    if setting.names:
        rows.append(("tested", f"random values of {', '.join(sorted(setting.names))}"))
    if everywhere:
        rows.append(
            (
                "tested",
                "a root of the block's characteristic polynomial as an identity, at random residues modulo a prime of 121 bits",
            )
        )
    rows.append(("not tested", "the other eigenvalues of the sector, and other sectors"))
    return rows


def _require_sector(
    setting: Setting, mu: Any, kappa: Any, corner: tuple[int, int], sequences: int
) -> None:
    """The sector occurs at the smallest size of the range, and so at every larger one: it does where it occurs at a smaller one."""
    known = False
    for n in range(1, min(corner[0], 12) + 1):
        for v in [n] if setting.law.kind == "distinct" else range(1, min(corner[1], 256) + 1):
            if (
                setting.letters.number is not None
                and v != setting.letters.number
                and setting.law.kind != "distinct"
            ):
                continue
            position = _padded(mu, n - setting.fixed)
            token = None if kappa is None else _padded(kappa, v)
            if (
                setting.count(n, v) > sequences
                or position is None
                or (kappa is not None and token is None)
            ):
                continue
            space = Sequences(setting.kernel, setting.law, n, v)
            if _multiplicity(space, position, token):
                return
            known = known or (n, v) == corner
    name = _sector_name(mu, kappa)
    if known:
        raise _Refuted(
            f"L = {corner[0]}, v = {corner[1]}",
            "claimed  an eigenvalue",
            f"found    the sector {name} does not occur",
        )
    raise CannotCheck(
        f"not checkable within the budget: whether the sector {name} occurs at L = {corner[0]}, v = {corner[1]}"
    )


def _is_eigenvalue(setting: Setting, space: Sequences, mu: Any, kappa: Any, formula: Formula, at: Values, number: Number, v: int) -> Fraction:  # fmt: skip
    where = f"{_where(at)}, sector {_sector_name(mu, kappa)}"
    position, token = _padded(mu, space.moved), None if kappa is None else _padded(kappa, v)
    traces = Traces(space, setting.kernel.bound(at, number), setting.kernel.alone, number)
    size = _multiplicity(space, position or (), token)
    if not size:
        raise _Refuted(
            where,
            f"claimed  an eigenvalue {formula.text[:60]}",
            "found    a sector that does not occur",
        )
    value = _at(formula, at, Interval.of if formula.irrational else number, where)
    coefficients = _from_power_sums(traces.of(position or (), token, size), number)
    if number is Fraction and not (isinstance(value, Fraction) and not value):
        coefficients = _without_zeros(coefficients)  # exact zeros are no neighbours of another root
    size = len(coefficients) - 1
    found = number(0)
    for c in reversed(coefficients):
        found = found * value + c
    zero = found.lo <= 0 <= found.hi if isinstance(found, Interval) else not found
    if not zero:
        near = traces.norm / 10**60
        middles = [_middle(c) for c in coefficients]
        true = list(
            dict.fromkeys(
                _real_roots(
                    [
                        c if abs(c) > near ** max(1, size - i) else Fraction(0)
                        for i, c in enumerate(middles)
                    ]
                )
            )
        ) or ["0"]
        raise _Refuted(
            where, f"claimed  {_shown(value)} = {formula.text[:80]}", f"found    {', '.join(true)}"
        )
    if not isinstance(found, Interval):
        return Fraction(0)
    # |p(value)| is the product of the distances to the roots, so that one of them is at most its root of degree ``size``.
    norm = traces.norm
    off = Fraction(max(abs(found.lo), abs(found.hi)), ONE) / norm**size
    near = Fraction(1)
    while near**size > off and near > Fraction(1, 10**70):
        near /= 10
    near *= 10
    if near > Fraction(1, 10**12) or abs(_middle(value)) < near * norm * 10**6:
        raise CannotCheck("the intervals are too wide to tell this eigenvalue from others")
    return near


def _multiplicity(
    space: Sequences, position: tuple[int, ...], token: tuple[int, ...] | None
) -> int:
    """How often the sector occurs among functions of sequences: numbers of orbits, by Jacobi and Trudi."""
    letters = {(1,) * space.letters: 1} if token is None else _jacobi_trudi(token)
    return sum(
        c * e * len(space.orbits(p, q))
        for p, c in _jacobi_trudi(position).items()
        for q, e in letters.items()
    )


def _from_power_sums(sums: list[Any], number: Number) -> list[Any]:
    """Coefficients of the monic polynomial with these power sums of its roots, the constant one first (Newton)."""
    elementary = [number(1)]
    for k in range(1, len(sums) + 1):
        total = number(0)
        for i in range(1, k + 1):
            term = elementary[k - i] * sums[i - 1]
            total = total + term if i % 2 else total - term
        elementary.append(_short(total * Fraction(1, k)))
    return [c * (-1) ** k for k, c in enumerate(elementary)][::-1]


def _middle(value: Any) -> Fraction:
    return Fraction(value.lo + value.hi, 2 * ONE) if isinstance(value, Interval) else value


def _real_roots(coefficients: list[Fraction]) -> list[str]:
    """The roots of a polynomial all of whose roots are real, for people to read: those of the derivative part them."""
    while len(coefficients) > 1 and not coefficients[0]:
        coefficients = coefficients[1:]
        rest = _real_roots(coefficients)
        return rest if "0" in rest else [*rest, "0"]
    if len(coefficients) == 2:
        return [_shown(-coefficients[0] / coefficients[1])]

    def at(p: list[Fraction], x: Fraction) -> Fraction:
        result = Fraction(0)
        for c in reversed(p):
            result = result * x + c
        return result

    def roots(p: list[Fraction]) -> list[Fraction]:
        if len(p) < 2:
            return []
        if len(p) == 2:
            return [-p[0] / p[1]]
        bound = 1 + max(abs(c / p[-1]) for c in p[:-1])
        ends = [-bound, *roots([k * c for k, c in enumerate(p)][1:]), bound]
        found = []
        for low, high in pairwise(ends):
            below = at(p, low) > 0
            if (at(p, high) > 0) == below:
                found += [low] if abs(at(p, low)) < abs(at(p, high)) and low != -bound else []
                continue
            for _ in range(90):
                middle = (low + high) / 2
                middle = Fraction(int(middle * (1 << 120)), 1 << 120)
                if (at(p, middle) > 0) == below:
                    low = middle
                else:
                    high = middle
            found.append(high)
        return found

    spend(2000 * len(coefficients) ** 3)
    return [_decimal(root) for root in roots(coefficients)]


def _is_generic_eigenvalue(
    setting: Setting, mu: Any, kappa: Any, formula: Formula, sizes: tuple[int, int] | None
) -> bool:
    if setting.law.kind == "distinct":
        raise _NoPolynomial
    for _ in range(100):
        at, blocks = setting.blocks(kappa is not None, sizes)
        try:
            value = formula.at(at, _number_of(blocks.prime))
        except (_NoRoot, _Pole):
            continue
        polynomial = _characteristic_polynomial(blocks.block(mu, kappa), blocks.prime)
        found = Residue(0, blocks.prime)
        for c in reversed(polynomial):
            found = found * value + c
        if not found.value and (value.value or not setting.symbols):
            return True
        where = "all sizes" if sizes is None else f"L = {sizes[0]}, v = {sizes[1]}"
        if not value.value:
            raise CannotCheck(
                f"not checkable: whether functions of more positions, which T maps to 0, are there at {where}"
            )
        raise _Refuted(
            where,
            f"claimed  the eigenvalue {formula.text[:80]}",
            "found    no root of the block's characteristic polynomial",
        )
    raise CannotCheck("a formula without a value at 100 points")


# -- other claims ------------------------------------------------------------------------------


def _equal(claimed: Any, found: Any, where: str, what: str) -> None:
    if claimed != found:
        raise _Refuted(
            where,
            f"claimed  {_shown(claimed)} = {what}",
            f"found    {'none' if found is None else _shown(found)}",
        )


def _claimed_value(formula: Formula, values: Values, where: str) -> Any:
    """What the formula of the claim says there; where it says nothing, the claim is wrong."""
    try:
        return formula.at(values)
    except _Pole:
        text = formula.text if len(formula.text) <= 60 else f"{formula.text[:60]}..."
        raise _Refuted(where, f"claimed  {text}", "found    it divides by zero there") from None


Monomials = dict[tuple[tuple[str, int], ...], Fraction]


def _expand(tree: Any) -> Monomials:
    """A polynomial written out; divisions by numbers only."""
    kind = tree[0]
    if kind == "number":
        return {(): tree[1]} if tree[1] else {}
    if kind == "name":
        return {((tree[1], 1),): Fraction(1)}
    if kind == "sum":
        total: Monomials = {}
        for sign, term in tree[1]:
            for key, c in _expand(term).items():
                total[key] = total.get(key, 0) + sign * c
        return {key: c for key, c in total.items() if c}
    if kind == "product":
        result: Monomials = {(): Fraction(1)}
        for sign, factor in tree[1]:
            found = _expand(factor)
            if sign < 0:
                if set(found) != {()}:
                    raise CannotCheck(
                        "a division by what is no number, where a polynomial is claimed"
                    )
                found = {(): 1 / found[()]}
            result = _product(result, found)
        return result
    if kind == "power" and 0 <= tree[2] <= 60:
        base, result = _expand(tree[1]), {(): Fraction(1)}
        for _ in range(tree[2]):
            result = _product(result, base)
        return result
    raise CannotCheck("a power or a function that no polynomial of low degree has")


def _product(p: Monomials, q: Monomials) -> Monomials:
    spend(25 * len(p) * len(q) + 1)
    result: Monomials = {}
    for a, c in p.items():
        for b, e in q.items():
            powers = dict(a)
            for name, k in b:
                powers[name] = powers.get(name, 0) + k
            if sum(powers.values()) > 120:
                raise CannotCheck(
                    "not checkable within the budget: a polynomial of degree above 120"
                )
            key = tuple(sorted(powers.items()))
            result[key] = _short(result.get(key, Fraction(0)) + c * e)
    return {key: c for key, c in result.items() if c}


def _from(claim: Any, mu: tuple[int, ...]) -> int:
    """The size from which the formula is claimed; below |mu| + mu_1 there is no such irrep."""
    start = _integer(claim["from"], 0, 10**9, "from")
    least = sum(mu) + max(mu, default=0)
    if start < least:
        raise _Refuted(
            f"n = {start}",
            f"claimed  the irrep {list(mu)} from there on",
            f"found    a partition from n = {least} on",
        )
    return start


def check_dimension(claim: Any, sequences: int, chance: Chance, step: Step) -> list[Row]:
    """dim mu[n] as a polynomial in n: written out, of degree |mu|, and equal to the hook length formula at |mu| + 1 sizes, which proves it."""
    _fields(
        claim,
        "the claim",
        "certificate",
        "claim",
        "irrep",
        "formula",
        "from",
        optional=("versions",),
    )
    mu, formula = _label(claim["irrep"]), Formula(claim["formula"])
    start = _from(claim, mu)
    written = _expand(formula.tree)
    names = {name for key in written for name, _ in key}
    if len(formula.names | names) > 1:
        raise Unreadable("a dimension is a formula in one name")
    degree = max((sum(k for _, k in key) for key in written), default=0)
    last = start + max(degree, sum(mu))
    if last > 10**5:
        last, start = last - start, 0
    for n in range(
        start + (0 if start else sum(mu) + max(mu, default=0)),
        last + 1 + (0 if start else sum(mu) + max(mu, default=0)),
    ):
        spend(n * 10)
        value = _claimed_value(formula, dict.fromkeys(formula.names, Fraction(n)), f"n = {n}")
        _equal(value, irrep_dimension(mu, n), f"n = {n}", "the dimension")
    return [
        (
            "proved",
            f"a polynomial of degree {degree}, equal to the dimension by hook lengths at {max(degree, sum(mu)) + 1} sizes",
        )
    ]


def _character(shape: tuple[int, ...], cycles: tuple[int, ...]) -> int:
    """Frobenius's formula: the coefficient of x^(shape + delta), delta = (l - 1, ..., 0), in the Vandermonde product times the power sums of the cycles.

    Taken cycle by cycle: each lowers one exponent; two equal exponents cancel, and exponents out of order change the sign.
    """
    shape = tuple(r for r in shape if r)
    exponents = tuple(r + len(shape) - 1 - i for i, r in enumerate(shape))
    now: dict[tuple[int, ...], int] = {exponents: 1}
    for k in sorted(cycles, reverse=True):
        after: dict[tuple[int, ...], int] = {}
        spend(12 * len(now) * (len(shape) + 1))
        for key, c in now.items():
            for i, e in enumerate(key):
                if e < k or e - k in key:
                    continue
                passed = sum(e - k < other < e for other in key)
                new = tuple(sorted((*key[:i], e - k, *key[i + 1 :]), reverse=True))
                after[new] = after.get(new, 0) + (-c if passed % 2 else c)
        now = {key: c for key, c in after.items() if c}
    return now.get(tuple(range(len(shape) - 1, -1, -1)), 0)


def check_characters(claim: Any, sequences: int, chance: Chance, step: Step) -> list[Row]:
    """Values of characters, by Frobenius's formula."""
    _fields(claim, "the claim", "certificate", "claim", "values", optional=("versions",))
    for entry in _listed(claim["values"], "values"):
        _fields(entry, "a value", "irrep", "cycles", "value")
        shape, cycles = _label(entry["irrep"]), _label(entry["cycles"])
        if sum(shape) != sum(cycles):
            raise Unreadable("an irrep and cycles of different numbers")
        where = f"irrep {list(shape)}, cycles {list(cycles)}"
        _equal(_fraction(entry["value"]), _character(shape, cycles), where, "the character")
    return [("proved", f"{len(claim['values'])} values, each by Frobenius's formula")]


def check_character_polynomial(claim: Any, sequences: int, chance: Chance, step: Step) -> list[Row]:
    """The character of mu[n] as a polynomial in the numbers X1, X2, ... of cycles.

    It has weight at most |mu| (X_k weighs k), and there is one polynomial alone. A polynomial of weight at most k that vanishes wherever X1 = n0 + a_1, X2 = a_2, ...
    with a_1 + 2 a_2 + ... <= k is zero, so that equal values there prove the claim, for every n from n0 = |mu| + mu_1 on.
    """
    _fields(
        claim,
        "the claim",
        "certificate",
        "claim",
        "irrep",
        "formula",
        "from",
        optional=("versions",),
    )
    mu, formula = _label(claim["irrep"]), Formula(claim["formula"])
    _from(claim, mu)
    for name in formula.names:
        _cycle_length(name)
    weight, k = 0, sum(mu)
    for key in _expand(formula.tree):
        weight = max(weight, sum(_cycle_length(name) * e for name, e in key))
    if weight > k:
        raise _Refuted(
            "all sizes",
            f"claimed  a polynomial of weight {weight}",
            f"found    one of weight {k}: X_k weighs k",
        )
    least, count = k + max(mu, default=0), 0
    for m in range(k + 1):
        step(f"weight {m}")
        for part in _partitions(m, m):
            cycles = (*part, *([1] * least))
            spend(100)
            values = {name: Fraction(cycles.count(_cycle_length(name))) for name in formula.names}
            where = f"cycles {[c for c in cycles if c > 1]} and {cycles.count(1)} fixed points"
            shape = _padded(mu, least + m)
            _equal(
                _claimed_value(formula, values, where),
                _character(shape or (), cycles),
                where,
                "the character",
            )
            count += 1
    return [
        (
            "proved",
            f"a polynomial of weight {weight}, equal to the character by Frobenius's formula at {count} cycle types that determine it",
        )
    ]


def _partitions(n: int, most: int) -> Iterable[tuple[int, ...]]:
    if n == 0:
        yield ()
    for k in range(min(n, most), 0, -1):
        for rest in _partitions(n - k, k):
            yield (k, *rest)


def _cycle_length(name: str) -> int:
    if not re.fullmatch("X[1-9][0-9]{0,2}", name):
        raise Unreadable(f"the name {name[:40]!r} counts no cycles")
    return int(name[1:])


_FAMILIES: dict[str, Callable[[tuple[int, ...]], Fraction]] = {
    "parity": lambda x: Fraction(-1 if x.count(-1) % 2 else 1),
    "majority": lambda x: Fraction(1 if sum(x) > 0 else -1),
    "first": lambda x: Fraction(x[0]),
    "mean": lambda x: Fraction(sum(x), len(x)),
}


def check_sensitivity(claim: Any, sequences: int, chance: Chance, step: Step) -> list[Row]:
    """Average sensitivities, E (1/4) sum_i (f(x) - f(x^i))^2, and numbers of inputs of each sensitivity, over all 2^n inputs."""
    _fields(claim, "the claim", "certificate", "claim", "family", "values", optional=("versions",))
    if type(claim["family"]) is not str or claim["family"] not in _FAMILIES:
        raise Unreadable(f"a function must be one of {', '.join(_FAMILIES)}")
    function = _FAMILIES[claim["family"]]
    sizes = []
    for entry in _listed(claim["values"], "values"):
        _fields(entry, "a value", "n", "average", optional=("profile",))
        n = _integer(entry["n"], 1, 10**6, "a number of inputs")
        if n > 14:
            raise CannotCheck("not checkable within the budget: more than 2^14 inputs")
        step(f"n = {n}")
        spend(12 * 2**n * n)
        values = {x: function(x) for x in product((1, -1), repeat=n)}
        found = []
        for x, value in values.items():
            flipped = (values[(*x[:i], -x[i], *x[i + 1 :])] for i in range(n))
            found.append(sum(((value - other) ** 2 for other in flipped), Fraction(0)) / 4)
        average = sum(found, Fraction(0)) / 2**n
        _equal(_fraction(entry["average"]), average, f"n = {n}", "the average sensitivity")
        if "profile" in entry:
            claimed: dict[Fraction, Any] = {}
            for pair in _listed(entry["profile"], "a profile"):
                if len(_listed(pair, "a pair", 2)) != 2:
                    raise Unreadable("a profile is a list of pairs: sensitivity, number of inputs")
                m, count = _fraction(pair[0]), _integer(pair[1], 0, 2**20, "a number of inputs")
                if not 0 <= m <= n:
                    raise _Refuted(f"n = {n}", f"claimed  sensitivity {m}", f"found    at most {n}")
                if m in claimed:
                    raise _Refuted(f"n = {n}", f"claimed  sensitivity {m} twice", "found    once")
                claimed[m] = count
            counts = Counter(found)
            for m in sorted({*claimed, *counts}):
                where = f"n = {n}, sensitivity {m}"
                _equal(claimed.get(m, 0), counts[m], where, "the number of inputs")
        sizes.append(n)
    return [
        ("proved", f"all 2^n inputs for n = {', '.join(map(str, sizes))}"),
        ("not tested", "other numbers of inputs"),
    ]


def check_selection(claim: Any, sequences: int, chance: Chance, step: Step) -> list[Row]:
    """The second moment of a uniform q-subset of {1..T}: its eigenvalues, and the loss that m neurons leave.

    The moment has q/T on its diagonal and q (q - 1)/(T (T - 1)) off it, tested over all subsets for T <= 7; so that its eigenvalues are the sum of a row once and the
    difference of the two T - 1 times. The best m of the T d directions, d <= m <= T d, leave the smallest eigenvalues of the moment times the identity of size
    d, over q^2. Formulas are compared at T <= 7 and at large random numbers.
    """
    _fields(
        claim, "the claim", "certificate", "claim", "eigenvalues", "loss", optional=("versions",)
    )
    values = []
    for entry in _listed(claim["eigenvalues"], "eigenvalues"):
        _fields(entry, "an eigenvalue", "value", "multiplicity")
        values.append((Formula(entry["value"]), Formula(entry["multiplicity"])))
    if len(values) > 10:
        raise CannotCheck("not checkable within the budget: more than ten eigenvalues")
    loss = Formula(claim["loss"])
    if any(f.irrational for f in (loss, *(f for pair in values for f in pair))):
        raise CannotCheck("irrational formulas of a rational moment")
    rows = _require_no_pole(
        [loss, *(f for pair in values for f in pair)], {"T": 2, "q": 1, "d": 1, "m": 1}
    )
    points = [(t, q) for t in range(2, 8) for q in range(1, t + 1)]
    for t, q in points:
        subsets = list(combinations(range(t), q))
        spend(len(subsets) * t * t)
        diagonal, off = Fraction(q, t), Fraction(q * (q - 1), t * (t - 1))
        for i in range(t):
            for j in range(t):
                both = Fraction(sum(i in y and j in y for y in subsets), len(subsets))
                _equal(diagonal if i == j else off, both, f"T = {t}, q = {q}", "the moment")
    large = [2 + chance.below(1 << 60) for _ in range(3)]
    points += [(t, 1 + chance.below(t)) for t in large]
    for t, q in points:
        step(f"T = {t}")
        at = {"T": Fraction(t), "q": Fraction(q)}
        diagonal, off = Fraction(q, t), Fraction(q * (q - 1), t * (t - 1))
        once, often = diagonal + (t - 1) * off, diagonal - off
        pairs = [tuple(_claimed_value(f, at, _where(at)) for f in pair) for pair in values]
        for value, many in pairs:
            alike = t > 7 and [v for v, _ in pairs].count(value) > 1
            if many.denominator != 1 or many < 0 or alike:
                raise _Refuted(
                    _where(at),
                    f"claimed  the eigenvalue {_shown(value)} {_shown(many)} times",
                    "found    eigenvalues apart, each a whole number of times",
                )
        for j in range(2 * len(values) + 3):
            claimed = sum((many * value**j for value, many in pairs), Fraction(0))
            _equal(
                claimed, once**j + (t - 1) * often**j, f"{_where(at)}, power {j}", "sum of powers"
            )
        widths = [(1, 1), (1, t), (2, 2), (2, t), (3, t + 1), (3, 3 * t)]
        d = 1 + chance.below(1000)
        widths += [(d, d + chance.below(t * d - d + 1)) for _ in range(2)]
        for d, m in widths:
            if not d <= m <= t * d:
                continue
            least = (t * d - m) * often / q**2
            sizes = {**at, "d": Fraction(d), "m": Fraction(m)}
            where = _where(sizes)
            _equal(_claimed_value(loss, sizes, where), least, where, "the loss")
    return [
        *rows,
        (
            "tested",
            f"the moment over all subsets for T = 2..7; the formulas there and at T = {', '.join(map(str, large))}, at eight widths each",
        ),
    ]


def check_draws(claim: Any, sequences: int, chance: Chance, step: Step) -> list[Row]:
    """E of the total influence of a draw f from the kernel's Gaussian process over E |f|^2, on uniform tokens.

    The influence of a position is the variance of f when its token is drawn anew; with x' so drawn its mean is E k(x, x) - E k(x, x'). Over all sequences at small
    sizes; and as an identity for polynomials in match counts, each power of s a sum over pairs of positions that agree or not.
    """
    _fields(
        claim, "the claim", "certificate", "claim", "influence", "power", "kernel", "law", "length",
        optional=("standing", "versions"),
    )  # fmt: skip
    influence, power = Formula(claim["influence"]), Formula(claim["power"])
    setting = Setting(claim, [influence, power], chance)
    if setting.law.kind != "uniform" or setting.irrational:
        raise CannotCheck("draws of other kernels than rational ones on uniform tokens")
    rows = setting.require_no_pole((1, 1))
    sizes = _spread(setting.sizes(sequences), 4 if setting.symbols else 1)
    for _, n, v in sizes:
        step(_where(setting.values(n, v)))
        at = _point(setting, n, v, 1)
        stages = setting.kernel.bound(at, Fraction)
        known: dict[Any, Fraction] = {}
        total = changed = Fraction(0)
        spend(8 * v**n * n * v)
        for x in product(range(v), repeat=n):
            for a in range(n):
                for u in range(v):
                    y = (*x[:a], u, *x[a + 1 :])
                    key = _pair_key(x, y, setting.fixed)
                    if key not in known:
                        known[key] = kernel_value(stages, key, Fraction, setting.kernel.alone)
                    changed += known[key]
                    if u == x[a]:
                        total += known[key]
        total, changed = total / v**n, changed / v ** (n + 1)
        where = _where(at)
        _equal(_claimed_value(power, at, where), total / n, where, "E |f|^2")
        _equal(
            _claimed_value(influence, at, where), total - changed, where, "E of the total influence"
        )
    if sizes:
        where = "; ".join(_where(setting.values(n, v)) for _, n, v in sizes)
        rows.append(("tested", f"both over all sequences: {where}"))
    if setting.names:
        rows.append(("tested", f"random values of {', '.join(sorted(setting.names))}"))
    step("all sizes")
    try:
        _generic_draws(setting, influence, power)
        rows.append(("tested", "both as identities, at random residues modulo a prime of 121 bits"))
    except _NoPolynomial:
        if setting.symbols or not sizes:
            raise CannotCheck(
                "not checkable at all sizes: the kernel is no polynomial in match counts that this program knows"
            ) from None
    return rows


def _generic_draws(setting: Setting, influence: Formula, power: Formula) -> None:
    """E k(x, x) and L E k(x, x'), x' with one position of x drawn anew."""
    for _ in range(100):
        at, blocks = setting.blocks(True)
        prime, counts = blocks.prime, blocks.counts
        number = _number_of(prime)
        n, v = blocks.counts.length, blocks.vocabulary
        try:
            claimed = power.at(at, number).value, influence.at(at, number).value
        except (_NoRoot, _Pole):
            continue
        same = changed = 0
        for (i, j, e, f, d), c in counts.terms.items():
            whole = _coincidences(i + e + f, 0, 0, n, v, prime, True)
            same += c * pow(n, j, prime) * whole
            # the position drawn anew is one of those that move, or the last one
            places = [(n - 1, False), (1, True)] if setting.fixed else [(n, False)]
            for many, last in places:
                agree = _coincidences(i, e, f, n, v, prime, True) * pow(n, j, prime)
                unlike = (
                    _coincidences(i, e, f, n, v, prime) * v
                    - _coincidences(i, e, f, n, v, prime, True)
                ) * pow(n - 1, j, prime)
                # with probability 1/v the letter is the old one
                value = (agree + (0 if d and last else unlike)) * _inverse(v, prime)
                changed += c * many * value
        whole = same * n
        if claimed[0] != same % prime:
            raise _Refuted(
                "all sizes", f"claimed  E |f|^2 = {power.text[:60]}", "found    another mean"
            )
        if claimed[1] != (whole - changed) % prime:
            raise _Refuted(
                "all sizes",
                f"claimed  E of the total influence = {influence.text[:60]}",
                "found    another mean",
            )
        return
    raise CannotCheck("formulas without a value at 100 points")


def _coincidences(i: int, e: int, f: int, n: int, v: int, prime: int, same: bool = False) -> int:
    """E s^i X^e Y^f at (x, x') modulo the prime, x' differing from x at one position where a letter is drawn anew; ``same``: that letter is the old one.

    A power of s is a sum over pairs of positions (a of x, b of x'), so that a set partition of the positions that occur tells which are one; letters then agree with
    the chance v^-(number of conditions that are independent).
    """
    sites = 2 * (i + e + f) + 1  # the first is the position drawn anew
    if sites > 9:
        raise CannotCheck("not checkable within the budget: draws of a kernel of high degree")
    of_y = [False] + [False, True] * i + [False, False] * e + [True, True] * f
    total = 0
    inverse = _inverse(v, prime)
    for blocks in _growth(sites):
        spend(4 * sites)
        count = max(blocks)
        weight = 1
        for k in range(count):
            weight = weight * (n - 1 - k) % prime
        # letters: one for each block, and that of x' where the position is drawn anew
        fresh = 0 if same else count + 1
        parent = list(range(count + 2))

        def root(u: int, parent: list[int] = parent) -> int:
            while parent[u] != u:
                u = parent[u]
            return u

        joined = 0
        for k in range(1, sites, 2):
            pair = []
            for site in (k, k + 1):
                pair.append(fresh if of_y[site] and blocks[site] == 0 else blocks[site])
            a, b = root(pair[0]), root(pair[1])
            if a != b:
                parent[a] = b
                joined += 1
        total += weight * pow(inverse, joined, prime)
    return total % prime


def _growth(n: int) -> Iterable[tuple[int, ...]]:
    """Set partitions as words: each letter at most one above all before it, the first 0."""

    def more(word: tuple[int, ...], most: int) -> Iterable[tuple[int, ...]]:
        if len(word) == n:
            yield word
            return
        for k in range(most + 2):
            yield from more((*word, k), max(most, k))

    return more((0,), 0)


Check = Callable[[Any, int, Chance, Step], list[Row]]

#: Kind of claim -> (what it is about, in words; its check).
CLAIMS: dict[str, tuple[Callable[[Any], str], Check]] = {
    "spectrum": (
        lambda c: f"spectrum of {Kernel(c['kernel'])}; tokens {Law(c['law'])}",
        check_spectrum,
    ),
    "eigenvalue": (
        lambda c: f"an eigenvalue of {Kernel(c['kernel'])}; tokens {Law(c['law'])}",
        check_eigenvalue,
    ),
    "dimension": (
        lambda c: f"dimension of the irrep {_label(c['irrep'])} of S_n below the first row",
        check_dimension,
    ),
    "characters": (lambda c: "characters of symmetric groups", check_characters),
    "character polynomial": (
        lambda c: f"character of {_label(c['irrep'])} below the first row, by numbers of cycles",
        check_character_polynomial,
    ),
    "sensitivity": (lambda c: f"average sensitivity of {_said(c['family'])}", check_sensitivity),
    "selection": (lambda c: "the moment of a subset, and the loss of m neurons", check_selection),
    "draws": (
        lambda c: f"sensitivity of draws from {Kernel(c['kernel'])}; tokens {Law(c['law'])}",
        check_draws,
    ),
}


# -- reading and reporting --------------------------------------------------------------------

#: Characters of a file.
LARGEST = 20_000_000


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("a name stands twice in one object")
    return found


def _no_float(text: str) -> Any:
    raise Unreadable(f"numbers are integers or texts, but {text[:40]} stands")


def _whole_number(text: str) -> int:
    if len(text) > 30:
        raise Unreadable(f"an integer of {len(text)} digits; long numbers are texts")
    return int(text)


def read(certificate: Any) -> tuple[Any, str]:
    """The claim and its text; refuses what JSON allows and a claim has no use for."""
    if isinstance(certificate, (str, bytes)):
        text = certificate if isinstance(certificate, str) else certificate.decode()
    else:
        text = json.dumps(certificate, sort_keys=True)
    if len(text) > LARGEST:
        raise Unreadable(f"a file of more than {LARGEST} characters")
    claim = json.loads(
        text,
        object_pairs_hook=_object,
        parse_float=_no_float,
        parse_constant=_no_float,
        parse_int=_whole_number,
    )
    return claim, text


def _silent(where: str) -> None:
    """Visits a place without a word."""


def check(certificate: Any, sequences: int = 256, step: Step = _silent) -> Report:
    """The `Report` on a certificate, given as JSON text or as the dictionary.

    ``sequences`` is the largest number of sequences that are looked at one by one; ``step`` is called with each place that is visited.
    """
    title = "certificate"
    token = _left.set([OPERATIONS])
    try:
        claim, text = read(certificate)
        if (
            type(claim) is not dict
            or type(claim.get("certificate")) is not int
            or claim["certificate"] != FORMAT
        ):
            raise Unreadable(f"no certificate of format {FORMAT}")
        if type(claim.get("claim")) is not str or claim["claim"] not in CLAIMS:
            raise Unreadable(f"a claim of kind {_said(claim.get('claim'))}")
        name, decide = CLAIMS[claim["claim"]]
        title = name(claim)
        rows = decide(claim, sequences, Chance(text), step)
        widths = [re.search(r"1e-[0-9]+", what) for _, what in rows if "interval" in what]
        width = next((found[0] for found in widths if found), "")
        if width and any("random values" in what for _, what in rows):
            width += ", for hyperparameters from 1/48 to 48"
        return Report("confirmed", title, (), tuple(rows), 0, width)
    except _Refuted as refuted:
        return Report("refuted", title, refuted.lines)
    except Unreadable as error:
        return Report("not checkable", title, (f"reason: {error}",), status=2)
    except CannotCheck as error:
        reason, status = str(error), 1
    except RecursionError:
        reason, status = "it nests too deeply", 2
    except MemoryError:
        reason, status = "not checkable within the memory there is", 1
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
        _Pole,
        _NoPolynomial,
        _NoRoot,
    ) as error:
        reason, status = (
            f"a field is missing or odd ({type(error).__name__}: {str(error)[:100]})",
            2,
        )
    finally:
        _left.reset(token)
    return Report("not checkable", title, (f"reason: {reason}",), status=status)


def main(arguments: list[str] | None = None) -> int:
    """Check files; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", nargs="+")
    parser.add_argument("--sequences", type=int, default=256, help="largest number of sequences")
    options = parser.parse_args(arguments)
    status = 0
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    for name in options.file:
        try:
            with open(name, encoding="utf-8") as stream:
                text = stream.read(LARGEST + 1)
            report = check(text, options.sequences)
        except (OSError, UnicodeDecodeError) as error:
            report = Report("not checkable", "certificate", (f"reason: {error}",), status=2)
        print(f"{name}\n{indent(str(report), '  ')}")
        status = max(status, report.status)
    return status


if __name__ == "__main__":
    sys.exit(main())
