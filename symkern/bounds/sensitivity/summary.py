"""Everything about the sensitivity of one function, in one object that prints as text, LaTeX and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import sympy as sp

from symkern.bounds.sensitivity.families import Family
from symkern.bounds.sensitivity.formulas import CubeFormula
from symkern.bounds.sensitivity.measures import (
    average,
    influences,
    profile,
    read_function,
    values,
    weights,
)
from symkern.bounds.sensitivity.sharpness import Sharpness, sharpness
from symkern.bounds.sensitivity.writing import closed_form_latex
from symkern.bounds.sensitivity.writing import closed_form_text as _short
from symkern.claims.by_content import ByContent
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm
from symkern.exact import exact_size
from symkern.exact.exact_arguments import sympified
from symkern.exact.written import fields_repr
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import is_integer
from symkern.typeset.document import escape, program_text
from symkern.typeset.plain import read_width
from symkern.typeset.shown import Written, displays
from symkern.typeset.tables import Cell, Table


@dataclass(frozen=True, eq=False)
@typed
class Sensitivity(ByContent, Written):
    """Average sensitivity and what goes with it, for one function at one size, a number or the symbol n.

    ``influences`` and ``weights`` are tuples at a number, mappings at a symbol; ``weights`` and ``profile`` are None where the function has none.
    """

    function: str
    n: int | sp.Expr
    average: sp.Expr | int | float
    mean_square: sp.Expr | int | float
    influences: dict[Any, Any] | tuple[Any, ...]
    weights: dict[Any, Any] | tuple[Any, ...] | None
    profile: tuple[Any, ...] | None
    family: Family | None = None

    def __post_init__(self) -> None:
        if isinstance(self.influences, dict) and not all(
            i == "other" or is_integer(i) for i in self.influences
        ):
            rule = "must be by position, a number or 'other'"
            raise InvalidType("influences", rule, self.influences)

    def __repr__(self) -> str:
        return fields_repr(self)

    @property
    def of_random(self) -> sp.Expr:
        """The average sensitivity n/2 that a random function, its 2^n values independent signs, has in the mean."""
        return sympified(self.n) / 2

    @property
    def sharpness(self) -> Sharpness | None:
        """The cited lower bound on the sharpness of transformers; for families."""
        return None if self.family is None else sharpness(self.family)

    def _lines(self) -> list[tuple[str, str, str]]:
        """(name, text, LaTeX) of the results."""
        rows = [
            _row("average sensitivity", self.average),
            _row("of a random function", self.of_random),
            _row("E f^2", self.mean_square),
            *self._influence_rows(),
            *self._weight_rows(),
        ]
        if self.family is not None and not isinstance(self.n, int):
            law = self.family.law()
            if law.leading is not None and law.leading.expression is not None:
                rows.insert(1, _row("as n grows", law.leading.expression, "~ ", r"\sim "))
        if self.sharpness is not None:
            rows.append(_row("lim as(f)/(2n)", self.sharpness.value))
        return rows

    def _influence_rows(self) -> list[tuple[str, str, str]]:
        if isinstance(self.influences, dict):
            rest = "other influences" if len(self.influences) > 1 else "each influence"
            return [
                _row(rest if i == "other" else f"influence of x{i + 1}", q)
                for i, q in self.influences.items()
            ]
        if len(set(self.influences)) == 1:
            return [_row("each influence", self.influences[0])]
        listed = [_row(f"influence of x{i + 1}", q) for i, q in enumerate(self.influences)]
        if len(listed) <= current().listed_influences:
            return listed
        largest = max(range(len(self.influences)), key=lambda i: self.influences[i])
        return [
            _row(f"largest influence, x{largest + 1}", self.influences[largest]),
            _row("smallest influence", min(self.influences)),
        ]

    def _weight_rows(self) -> list[tuple[str, str, str]]:
        if self.weights is None:
            return []
        pairs = self.weights.items() if isinstance(self.weights, dict) else enumerate(self.weights)
        found = [(d, w) for d, w in pairs if w != 0]
        most = current().listed_weights
        rows = [_row(f"weight in degree {_short(d)}", w) for d, w in found[:most]]
        if rest := [w for _, w in found[most:]]:
            rows.append(_row(f"in {len(rest)} higher degrees", sum(rest)))
        return rows

    def _profile_pairs(self) -> list[tuple[Any, Any]]:
        if self.profile is None:
            return []
        if isinstance(self.n, int):
            return [(m, k) for m, k in enumerate(self.profile) if k]
        return list(self.profile)

    @typed
    def text(self, width: int = 80, with_profile: bool = True) -> str:
        """As plain text, no line longer than ``width``.

        Args:
            width: columns, at least 20.
            with_profile: whether the inputs are counted by their sensitivity.
        """
        opening = f"f = {self.function}, n = {_short(self.n)}"
        lines = wrap(opening, read_width(width), subsequent_indent="    ")
        rows: list[Any] = [(name, Cell(text, latex)) for name, text, latex in self._lines()]
        if with_profile:
            rows += [
                (f"inputs with sensitivity {_short(m)}", Cell(_short(k), closed_form_latex(k)))
                for m, k in self._profile_pairs()
            ]
        table = Table(("", "value"), rows).text(width)
        notes = self._notes(width, with_profile)
        return "\n".join([*lines, "", *table.splitlines()[2:], *([""] if notes else []), *notes])

    def _notes(self, width: int, with_profile: bool) -> list[str]:
        found = []
        if self.sharpness is not None:
            found.append(
                "Sharpness of a transformer for f, n to infinity before the perturbation "
                "to 0: at least lim as(f)/(2n) - (layers) exp(-Omega(width)) "
                "(cited: Hahn, Rofin 2024)."
            )
        if with_profile and not isinstance(self.n, int) and len(self.profile or ()) > 1:
            found.append("Where two sensitivities agree, their counts add up.")
        return [line for note in found for line in wrap(note, width)]

    @displays
    @typed
    def latex(self, with_profile: bool = True) -> str:
        """As a LaTeX table.

        Args:
            with_profile: whether the inputs are counted by their sensitivity.
        """
        rows = [rf"{_latex_name(name)} & ${latex}$ \\" for name, _, latex in self._lines()]
        if with_profile:
            rows += [
                rf"inputs with sensitivity ${closed_form_latex(m)}$ & ${closed_form_latex(k)}$ \\"
                for m, k in self._profile_pairs()
            ]
        head = rf"$f$ = {program_text(self.function)}, $n = {closed_form_latex(self.n)}$"
        lines = [
            r"\begin{center}",
            r"\renewcommand{\arraystretch}{1.4}",
            r"\begin{tabular}{ll}",
            r"\toprule",
            rf"\multicolumn{{2}}{{l}}{{{head}}} \\",
            r"\midrule",
            *rows,
            r"\bottomrule",
            r"\end{tabular}",
            r"\end{center}",
        ]
        if (found := self.sharpness) is not None:
            lines += [
                rf"\noindent Sharpness ({found.standing.value}: {escape(found.reference)}), the limits in the order that is written:",
                rf"\[ {found.statement} \]",
            ]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """As plain data, every exact number and formula a string."""
        found: dict[str, Any] = {
            "schema": 1,
            "function": self.function,
            "n": self.n if isinstance(self.n, int) else str(self.n),
            "average_sensitivity": _short(self.average),
            "random_function": _short(self.of_random),
            "mean_square": _short(self.mean_square),
            "influences": _plain(self.influences),
            "weights": _plain(self.weights),
            "profile": None if self.profile is None else _plain(self._profile_pairs()),
        }
        if self.sharpness is not None:
            found["sharpness"] = {
                "limit": _short(self.sharpness.value),
                "standing": self.sharpness.standing.value,
                "order_of_limits": self.sharpness.order_of_limits,
                "reference": self.sharpness.reference,
            }
        return found

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        rows: list[Any] = [(name, Cell(text, latex)) for name, text, latex in self._lines()]
        rows += [(f"inputs with sensitivity {_short(m)}", k) for m, k in self._profile_pairs()]
        return Table(("quantity", "value"), rows).html()


@typed
def describe(f: Any, n: object, *, vectorized: bool = False) -> Sensitivity:
    """All measures of one function.

    Args:
        f: as in `average`.
        n: the number of signs, a positive integer; a symbol for families and products of distinct entries.
        vectorized: whether the function is called with int64 arrays (n, N), ``x[i]`` the entries at position i of N inputs, for N values.

    >>> print(describe("majority", 3))
    f = majority, n = 3
    <BLANKLINE>
    average sensitivity        3/2
    of a random function       3/2
    E f^2                      1
    each influence             1/2
    weight in degree 1         3/4
    weight in degree 3         1/4
    lim as(f)/(2n)             0
    inputs with sensitivity 0  2
    inputs with sensitivity 2  6
    <BLANKLINE>
    Sharpness of a transformer for f, n to infinity before the perturbation to 0: at
    least lim as(f)/(2n) - (layers) exp(-Omega(width)) (cited: Hahn, Rofin 2024).
    """
    size = exact_size(n, "n")
    read = read_function(f, size)
    family = read if isinstance(read, Family) else None
    if family is None and isinstance(size, int):
        read = values(read, size, vectorized)
        square = read.mean_square()  # the values are computed once, and all measures take them
    else:
        average(read, size)  # refuses before anything is computed
        assert family is not None
        square = family.mean_square(size)
    by_position = influences(read, size)
    total = average(read, size) if family is not None else sum(by_position)
    name, counts = describe_name(f), _if_any(profile, read, size)
    many = family and isinstance(size, int) and size > current().family_weights
    by_degree = None if many else _if_any(weights, read, size)
    return Sensitivity(name, size, total, square, by_position, by_degree, counts, family)


def _if_any(measure: Any, f: Any, n: Any) -> Any:
    try:
        return measure(f, n)
    except NoClosedForm:
        return None
    except InvalidArgument as error:
        if "two values" in error.rule:
            return None
        raise


def describe_name(f: Any) -> str:
    """What a function is called in print.

    Args:
        f: as in `average`.
    """
    if isinstance(f, (str, Family, CubeFormula)):
        return str(f).strip()
    return getattr(f, "__name__", "a table of values") if callable(f) else "a table of values"


def _plain(value: Any) -> Any:
    """Mappings and sequences of exact values as plain data."""
    if isinstance(value, dict):
        return {k if isinstance(k, str) else _short(k): _plain(e) for k, e in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(e) for e in value]
    return None if value is None else _short(value)


def _row(name: str, value: Any, text: str = "", latex: str = "") -> tuple[str, str, str]:
    shown, written = (_short(value),) * 2 if isinstance(value, float) else _readable(value)
    return name, text + shown, latex + written


def _readable(value: Any) -> tuple[str, str]:
    """Text and LaTeX; fractions with their first digits beside them, very long numbers by these alone."""
    if not (isinstance(value, sp.Rational) and not value.is_Integer):
        return _short(value), closed_form_latex(value)
    about = f"{int(value.p) / int(value.q):.6g}"
    if (int(value.p) * int(value.q)).bit_length() > 3 * current().number_digits:
        return f"about {about}", rf"\approx {about}"
    shown = _short(value)
    return (f"{shown}, about {about}" if len(shown) > 8 else shown), closed_form_latex(value)


def _latex_name(name: str) -> str:
    return {
        "E f^2": r"$\mathbb{E} f^2$",
        "lim as(f)/(2n)": r"$\lim \operatorname{as}(f)/(2n)$",
    }.get(name, escape(name))
