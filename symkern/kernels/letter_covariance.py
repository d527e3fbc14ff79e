r"""Covariances of letters: C_tu for the letters t, u = 0..v-1 of an embedding whose letters are not all alike.

C is symmetric and positive semidefinite; its entries are exact numbers or formulas in the symbols of `symkern.abc`. What word vectors
E (v, d) give is C = E E^T / d, features being scaled by 1/sqrt(d) as those of a wide layer are. Where C = a I + b J letters are alike after all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np
import sympy as sp

from symkern.combinatorics.memory import require_bytes
from symkern.errors import InvalidArgument, InvalidType, NotPositive, SizeMismatch, SymmetryError
from symkern.errors import displayed as shown
from symkern.exact.integer_matrices import gram
from symkern.exact.semidefinite import negative_direction
from symkern.reading.sequences import read_rows
from symkern.typeset import formula_text

#: Letters up to which a vector is shown with its zeros.
_SHOWN = 12
#: Bytes of an entry, and of a number of a vector, at most.
_ENTRY_BYTES = 400


@dataclass(frozen=True)
class LetterCovariance:
    """C as a tuple of rows; made by `LetterCovariance.of`, which checks it, or by `of_vectors`."""

    rows: tuple[tuple[sp.Expr, ...], ...]

    @classmethod
    def of(cls, rows: Iterable[Sequence[sp.Expr]], argument: str = "token") -> LetterCovariance:
        """The covariance with these rows, square, symmetric and, where all are numbers, positive semidefinite.

        Raises:
            SizeMismatch: it is not square.
            SymmetryError: it is not symmetric; ``witness`` is the pair of letters.
            NotPositive: it is not positive semidefinite; ``witness`` is a vector w with w^T C w < 0.
        """
        found = tuple(map(tuple, rows))
        size = len(found)
        if not size or any(len(row) != size for row in found):
            what = f"it has {size} rows of {len(found[0]) if found else 0} entries"
            raise SizeMismatch(argument, "must be one formula or a square matrix", what)
        for t in range(size):
            for u in range(t):
                if found[t][u] != found[u][t] and (found[t][u] - found[u][t]).expand() != 0:
                    what = f"the letters {u} and {t} have {found[u][t]} one way and {found[t][u]} the other"  # fmt: skip
                    raise SymmetryError(argument, "must be a symmetric matrix", what, (u, t))
        require_positive(found, argument, "must be a positive semidefinite covariance of letters")
        return cls(found)

    @classmethod
    def of_vectors(cls, vectors: Any, argument: str = "vectors") -> LetterCovariance:
        """E E^T / d of vectors E (v, d), exactly; floats are the dyadic numbers that they are."""
        listed = [[_fraction(e, argument) for e in row] for row in read_rows(vectors, argument)]
        if not listed or not listed[0]:
            rule = "must be an array (v, d), one row a letter"
            raise InvalidArgument(argument, rule, f"it is {shown(vectors)}")
        size, features = len(listed), len(listed[0])
        require_bytes(f"a covariance of {size} letters", _ENTRY_BYTES * size * (size + features))
        whole = lcm(*{e.denominator for row in listed for e in row})
        products = gram([[e.numerator * (whole // e.denominator) for e in row] for row in listed])
        over = whole**2 * features
        half = [[sp.Rational(products[t][u], over) for u in range(t + 1)] for t in range(size)]
        return cls(tuple(tuple(half[max(t, u)][min(t, u)] for u in range(size)) for t in range(size)))  # fmt: skip

    @property
    def letters(self) -> int:
        """v."""
        return len(self.rows)

    @cached_property
    def formulas(self) -> dict[str, sp.Expr]:
        """The entries on and above the diagonal that are no rational numbers, by the name ``token[t,u]``."""
        return {
            f"token[{t},{u}]": e
            for t, row in enumerate(self.rows)
            for u, e in enumerate(row[t:], t)
            if not e.is_Rational
        }

    @cached_property
    def symbols(self) -> set[sp.Symbol]:
        """The symbols in them."""
        return {s for e in set(self.formulas.values()) for s in e.free_symbols}

    @cached_property
    def as_alike(self) -> tuple[sp.Expr, sp.Expr] | None:
        """(a, b) where C = a I + b J, which tells no two letters apart; None elsewhere."""
        diagonal = {row[t] for t, row in enumerate(self.rows)}
        beside = {e for t, row in enumerate(self.rows) for u, e in enumerate(row) if t != u}
        if len(diagonal) > 1 or len(beside) > 1:
            return None
        across = next(iter(beside), sp.S.Zero)
        return next(iter(diagonal)) - across, across

    def mapped(self, function: Callable[[sp.Expr], sp.Expr]) -> LetterCovariance:
        """With ``function`` of each entry that has symbols; checked again."""
        if not self.symbols:
            return self
        known = {e: function(e) for e in set(self.formulas.values())}
        return LetterCovariance.of([[known.get(e, e) for e in row] for row in self.rows])

    def among(self, letters: Sequence[int]) -> LetterCovariance:
        """The covariance of some of the letters, in that order."""
        return LetterCovariance(tuple(tuple(self.rows[t][u] for u in letters) for t in letters))

    def floats(self) -> Any:
        """As an array of floats (v, v); `InvalidArgument` for entries beyond them."""
        known = {e: float(e) for e in set(self.formulas.values())}
        try:
            found = np.array(
                [[e.p / e.q if e.is_Rational else known[e] for e in row] for row in self.rows]
            )
        except OverflowError:
            found = np.array([np.inf])
        if not np.isfinite(found).all():
            raise InvalidArgument("token", "must be within the range of floats", "it is not")
        return found

    def written(self, one: Callable[[sp.Expr], str]) -> str:
        """In brackets, with each entry written by ``one``."""
        return f"[{', '.join('[' + ', '.join(map(one, row)) + ']' for row in self.rows)}]"

    def __str__(self) -> str:
        return self.written(_text)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(self.rows)


def require_positive(rows: Sequence[Sequence[sp.Expr]], argument: str, rule: str) -> None:
    """Refuse a symmetric matrix of numbers that is not positive semidefinite, with the vector that shows it; symbols are left alone.

    >>> require_positive([[sp.S(1), sp.S(2)], [sp.S(2), sp.S(1)]], "token", "must be positive semidefinite")
    Traceback (most recent call last):
    ...
    symkern.errors.NotPositive: token: must be positive semidefinite, but with w = (-2, 1) it gives w^T C w = -3
    """
    if any(e.free_symbols for row in rows for e in row):
        for t, row in enumerate(rows):
            if row[t].is_negative:
                unit = tuple(sp.Integer(int(t == u)) for u in range(len(rows)))
                raise _refusal(rows, unit, argument, rule)
        return
    vector = negative_direction(rows)
    if vector is not None:
        raise _refusal(rows, vector, argument, rule)


def _refusal(rows: Any, vector: tuple[sp.Expr, ...], argument: str, rule: str) -> NotPositive:
    some = [(t, e) for t, e in enumerate(vector) if e]
    value = sp.Add(*(a * b * rows[t][u] for t, a in some for u, b in some))
    text = f"({', '.join(map(str, vector))}{',' * (len(vector) == 1)})"
    if len(vector) > _SHOWN:
        text = f"{{{', '.join(f'{t}: {e}' for t, e in some)}}}, zero elsewhere,"
    found = f"with w = {text} it gives w^T C w = {value if value.free_symbols or value.is_Rational else value.evalf(6)}"  # fmt: skip
    return NotPositive(argument, rule, found, vector)


def _text(entry: sp.Expr) -> str:
    """A formula's text; that of a rational number without its printer, which is slow."""
    if not entry.is_Rational:
        return formula_text(entry)
    return f"{entry.p}" if entry.q == 1 else f"{entry.p}/{entry.q}"


def _fraction(value: Any, argument: str) -> Fraction:
    """A number of a vector; floats are exact here."""
    if isinstance(value, (float, np.floating)):
        number = float(value)
        if not abs(number) < float("inf"):
            raise InvalidArgument(argument, "must hold finite numbers", f"it holds {value}")
        return Fraction(number)
    rational = isinstance(value, (int, Fraction)) and not isinstance(value, bool)
    if rational or isinstance(value, (np.integer, sp.Rational)):
        return Fraction(int(value.numerator), int(value.denominator))
    raise InvalidType(argument, "must hold numbers, one row a letter", value)
