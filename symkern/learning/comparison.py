"""Two kernels side by side: which learns which sector, and with how many samples.

Both are taken on the same data. For every pair of irreps that either kernel sees, the largest eigenvalue of each
gives the samples n = sigma2/lambda at which the first function there is half learned; a kernel that is
zero on a sector never learns it. The verdict compares growth in L, everything else fixed, then the leading coefficients, and where these are equal
the exact eigenvalues; ``crossing`` is the length from which on it holds. Only eigenvalues that are equal as formulas are called equal.

Where one kernel reads a single position and the other is symmetric in all, both are compared under S_{L-1}, the positions that are not read. The
sector mu[L] of S_L restricts to mu[L-1] and to nu[L-1] for every nu that is mu less one box (branching rule; Sagan, *The Symmetric Group*, 2.8.3), and its
eigenvalues are the same there. A label then has several sectors, and the largest of their eigenvalues counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import sigma2
from symkern.claims.scaling_law import ScalingLaw
from symkern.combinatorics import Partition
from symkern.doors import ComparisonDoors
from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.exact import Branch, ExactMatrix, exact_expression, exact_size
from symkern.exact.asymptotics import sample_value
from symkern.exact.length_series import LengthSeries
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.pipeline import Kernel, PairKernel
from symkern.learning.compared_sectors import ComparedSector, Contender, contender_pair
from symkern.learning.series_order import series_side
from symkern.reading.annotated import typed
from symkern.sectors.sector import Sector
from symkern.sectors.series_sector import SeriesSector
from symkern.spectra.deriving import derive
from symkern.spectra.ranking import ends, is_doubtful
from symkern.spectra.sample_laws import sample_laws
from symkern.spectra.spectrum import Spectrum
from symkern.spectra.spectrum_document import written
from symkern.tokens import Law
from symkern.typeset.numerals import decimal


@dataclass(frozen=True)
@typed
class Comparison(ComparisonDoors):
    """The sectors of two spectra on the same data, side by side; prints as a table.

    >>> found = compare("bag-of-tokens", "flatten")
    >>> [(str(row.position_irrep), str(row.token_irrep), row.verdict) for row in found]
    [('[]', '[]', 'same growth'), ('[]', '1', 'equal'), ('1', '1', 'second')]
    """

    first: Spectrum
    second: Spectrum

    @property
    def group(self) -> str:
        """The group of positions under which both are compared: "S_L", or "S_{L-1}" where either reads one position."""
        return max(self.first.kernel.group, self.second.kernel.group).name

    @property
    def label_sizes(self) -> tuple[int | sp.Expr, int | sp.Expr]:
        """How many positions and tokens the groups of both irreps of a row move."""
        length = self.first.length - 1 if self.group == "S_{L-1}" else self.first.length
        return length, self.first.vocabulary

    @property
    def restricted(self) -> Spectrum | None:
        """The spectrum of S_L whose sectors are restricted to S_{L-1}; None where the groups are equal."""
        if self.first.group == self.second.group:
            return None
        return min(self.first, self.second, key=lambda spectrum: spectrum.kernel.group)

    @property
    def restrictions(self) -> tuple[tuple[Partition, tuple[Partition, ...]], ...]:
        """The position irreps of the restricted spectrum, each with the stable labels of S_{L-1} it restricts to; empty where none is.

        >>> found = compare("flatten", "linear-attention-last")
        >>> [(str(mu), [str(nu) for nu in labels]) for mu, labels in found.restrictions]
        [('[]', ['[]']), ('1', ['1', '[]'])]
        """
        if self.restricted is None:
            return ()
        found = dict.fromkeys(sector.position_irrep for sector in self.restricted.sectors)
        return tuple((mu, _restriction(mu, self.restricted.length)) for mu in found)

    def _sectors(self, spectrum: Spectrum) -> _Table:
        """The sectors of a spectrum by the labels under which they are compared."""
        labels = dict(self.restrictions) if spectrum is self.restricted else {}
        table: _Table = {}
        for sector in spectrum.sectors:
            mu = sector.position_irrep
            for nu in labels.get(mu, (mu,)):
                table.setdefault((nu, sector.token_irrep), []).append((spectrum, sector))
        return table

    @cached_property
    def rows(self) -> tuple[ComparedSector, ...]:
        """One row per pair of irreps that either kernel sees."""
        tables = self._sectors(self.first), self._sectors(self.second)
        keys = sorted(
            {*tables[0], *tables[1]},
            key=lambda key: [
                (-1, ()) if mu is None else (mu.size, [-part for part in mu]) for mu in key
            ],
        )
        return tuple(self._row(*key, *(table.get(key, []) for table in tables)) for key in keys)

    def _row(
        self,
        position: Partition,
        token: Partition | None,
        first: list[tuple[Spectrum, Sector]],
        second: list[tuple[Spectrum, Sector]],
    ) -> ComparedSector:
        sides = first, second
        every = [sector for side in sides for _, sector in side]
        least = max(sector.valid_for.get("L", 1) for sector in every)
        if self.restricted is not None:
            least = max(least, _least_size(position) + 1)
        row = ComparedSector(
            position,
            token,
            self._dimension(position, first, second),
            (None, None),
            least=least,
            least_vocabulary=max(sector.valid_for.get("v", 1) for sector in every),
            blocks=(_nonzero(first), _nonzero(second)),
            same_block=_is_one_block(first, second),
            sizes=self.label_sizes,
        )
        if self.in_series:
            return replace(row, **self._in_series(row, sides))
        tops = [_contenders(row, side) for side in sides]
        shown = [found[0] if found else None for found in tops]
        row = replace(row, **contender_pair(*shown))
        return row if max(map(len, tops)) < 2 else replace(row, contenders=(tops[0], tops[1]))

    @property
    def in_series(self) -> bool:
        """Whether either spectrum has series in 1/L instead of formulas."""
        return any(isinstance(s.mean_diagonal, LengthSeries) for s in (self.first, self.second))

    def _in_series(
        self, row: ComparedSector, sides: tuple[list[tuple[Spectrum, Sector]], ...]
    ) -> dict[str, Any]:
        """The laws and what is known in 1/L, where either spectrum has series."""
        known, shown = [], []
        for spectrum, found in zip((self.first, self.second), sides, strict=True):
            mu = row.position_irrep
            labels = (mu, *mu.up()) if spectrum is self.restricted else (mu,)
            known.append(series_side(found, spectrum, labels, row.token_irrep))
            each = [_top(spectrum, sector) for spectrum, sector in found]
            tops = sorted((t for t in each if t is not None), key=_generic_size, reverse=True)
            shown.append(tops[0] if tops else None)
        return {**contender_pair(*shown), "sides": tuple(known)}

    def _dimension(
        self,
        position: Partition,
        first: list[tuple[Spectrum, Sector]],
        second: list[tuple[Spectrum, Sector]],
    ) -> int | sp.Expr:
        """How many functions the pair of irreps has, under the group of the comparison."""
        found = [*first, *second]
        own = next((t.dimension for s, t in found if s is not self.restricted), None)
        if own is not None:
            return own
        spectrum, sector = found[0]
        length = exact_expression(spectrum.length, "length")
        ratio = position.padded_dimension(length - 1) / sector.position_irrep.padded_dimension(
            length
        )
        dimension = sp.factor(ratio * sector.dimension)
        return int(dimension) if dimension.is_Integer else dimension

    def __iter__(self) -> Iterator[ComparedSector]:
        return iter(self.rows)

    def to_dict(self) -> dict[str, Any]:
        """As plain data; formulas are strings that `symkern.abc.parse` reads."""
        return {
            "schema": 1,
            "first": str(self.first.kernel),
            "second": str(self.second.kernel),
            "group": self.group,
            "restricted": None
            if self.restricted is None
            else {
                "kernel": "first" if self.restricted is self.first else "second",
                "sectors": [
                    {"from": list(mu), "to": [list(nu) for nu in labels]}
                    for mu, labels in self.restrictions
                ],
            },
            "sectors": [
                {
                    "position_irrep": list(row.position_irrep),
                    "token_irrep": None if row.token_irrep is None else list(row.token_irrep),
                    "dimension": written(row.dimension),
                    "samples": [
                        None if never else _written(law, branch)
                        for law, branch, never in zip(
                            row.laws, row.branches, row.is_never, strict=True
                        )
                    ],
                    "verdict": row.verdict,
                    "from_length": row.crossing,
                }
                for row in self.rows
            ],
        }


def _written(law: ScalingLaw | None, branch: Branch | None) -> dict[str, Any]:
    if law is None:  # of which an order is known alone
        return dict.fromkeys(("formula", "leading", "exponent", "eigenvalue_interval"))
    term = law.leading.expression if law.leading is not None else None
    known = law.formula is not None and law.relation == "="
    interval = None if branch is None else branch.interval
    found = {
        "formula": written(law.formula) if known else None,
        "leading": None if term is None else written(term),
        "exponent": None if law.exponent is None else written(law.exponent),
        "eigenvalue_interval": None if interval is None else [str(end) for end in interval],
    }
    if law.leading is not None and law.value is not None:
        found["coefficient_interval"] = [decimal(end) for end in ends(law.value)]
    return found


#: Sectors by position and token irrep, each with its spectrum.
_Table = dict[tuple[Partition, "Partition | None"], list[tuple[Spectrum, Sector]]]


def _least_size(mu: Partition) -> int:
    """The least n for which mu[n] = (n - |mu|, mu) is a partition."""
    return mu.size + (mu[0] if mu else 0)


def _restriction(mu: Partition, length: int | sp.Expr) -> tuple[Partition, ...]:
    """The stable labels of S_{length-1} in the restriction of mu[length]; all of them where the length is a symbol."""
    smaller = []
    for i, _ in mu.corners:
        parts = [part - (k == i) for k, part in enumerate(mu)]
        smaller.append(Partition([part for part in parts if part]))
    labels = (mu, *smaller)
    if isinstance(length, int):
        return tuple(nu for nu in labels if _least_size(nu) <= length - 1)
    return labels


def _nonzero(found: list[tuple[Spectrum, Sector]]) -> tuple[Branch, ...]:
    """The eigenvalues that are not known to be zero, those of each sector the largest first."""
    every = [branch for _, sector in found for branch in sector.branches]
    return tuple(branch for branch in every if branch.value is None or branch.value != 0)


def _contenders(row: ComparedSector, found: list[tuple[Spectrum, Sector]]) -> tuple[Contender, ...]:
    """The largest eigenvalue of each sector with its law, less those that another is proved to exceed or equal.

    Of several that are left the first is the largest at a generic point of the symbols, as in `symkern.spectra.ranking`.
    """
    kept: list[Contender] = []
    for spectrum, sector in found:
        new = _top(spectrum, sector)
        if new is None:
            continue
        words = [replace(row, same_block=False, **contender_pair(old, new)).verdict for old in kept]
        if "first" in words or "equal" in words:
            continue
        kept = [old for old, word in zip(kept, words, strict=True) if word != "second"]
        kept.append(new)
    return tuple(sorted(kept, key=_generic_size, reverse=True))


def _top(spectrum: Spectrum, sector: Sector) -> Contender | None:
    """The largest eigenvalue of a sector, with its law; None where nothing is known to be other than zero."""
    laws = sample_laws(spectrum, sector)
    branch = next(iter(_nonzero([(spectrum, sector)])), None)
    if not laws or branch is None:
        return None
    return laws[0], branch, is_doubtful(spectrum, sector, branch)


def _generic_size(found: Contender) -> tuple[float, float]:
    law, branch, _ = found
    if law.leading is not None:
        if law.value is not None:
            return float(-law.leading.exponent), 1 / float(law.value)
        term = law.leading.cost(sigma2)
        return float(term.exponent), sample_value(term.coefficient)
    if isinstance(branch.value, sp.Expr):
        return 0.0, sample_value(branch.value)
    return 0.0, float("-inf") if branch.value is None else float(branch.value)


def _is_one_block(
    first: list[tuple[Spectrum, Sector]], second: list[tuple[Spectrum, Sector]]
) -> bool:
    """Whether two sectors have the same block, so that they share eigenvalues that are not written: by its entries, or as the block of one kernel.

    Equal balls need not hold equal numbers.
    """
    if len(first) != 1 or len(second) != 1:
        return False
    (own, left), (other, right) = first[0], second[0]
    if isinstance(left, SeriesSector) and not left.multiplicity:
        return False  # of eigenvalues that nobody knows nothing is said
    if (own.kernel, own.tokens, own.length) == (other.kernel, other.tokens, other.length):
        labels = [(t.position_irrep, t.token_irrep) for t in (left, right)]
        return labels[0] == labels[1]
    a, b = left.block, right.block
    if isinstance(left, SeriesSector) or isinstance(right, SeriesSector):
        return False  # which have no blocks
    if not isinstance(a, ExactMatrix) or not isinstance(b, ExactMatrix):
        return False
    return a.field is b.field and a == b


def _spectra(
    first: object, second: object, length: object, tokens: Law | None
) -> tuple[Spectrum, Spectrum]:
    """The two sides of `compare` as spectra on the same data."""
    sides = []
    for name, given in (("first", first), ("second", second)):
        if not isinstance(given, (Spectrum, Kernel, FunctionKernel, PairKernel, str)):
            rule = "must be a kernel, the name of a preset, a pipeline's text or a spectrum"
            raise InvalidType(name, rule, given)
        sides.append(given)
    known = [side for side in sides if isinstance(side, Spectrum)]
    if length is not None:
        length = exact_size(length, "length")
    for spectrum in known:
        for argument, wanted, has in (
            ("length", length, spectrum.length),
            ("tokens", tokens, spectrum.tokens),
        ):
            if wanted is not None and wanted != has:
                rule = f"must be that of the spectrum, {has}"
                raise InvalidArgument(argument, rule, f"it is {displayed(wanted)}")
    if known:
        length, tokens = known[0].length, known[0].tokens
    elif length is None:
        length = CONTEXT_LENGTH
    a, b = (s if isinstance(s, Spectrum) else derive(s, length, tokens) for s in sides)  # type: ignore[arg-type]
    return a, b


def compare(
    first: Spectrum | Kernel | FunctionKernel | str,
    second: Spectrum | Kernel | FunctionKernel | str,
    *,
    length: object = None,
    tokens: Law | None = None,
) -> Comparison:
    """Set two kernels side by side: which learns which sector with fewer samples, n = sigma2/lambda, and from which L on.

    Args:
        first: a kernel, the name of a preset, a pipeline's text, or a spectrum.
        second: the same. Where one kernel has the group S_L of positions and the other S_{L-1}, both are compared under S_{L-1}
            (`Comparison.restrictions`).
        length: of the data, by default the symbol L; beside a spectrum its own, and two spectra must agree.
        tokens: their law, by default uniform on v letters; the same holds.

    Raises:
        InvalidType: for what is none of these; InvalidArgument where the data differ; what `derive` raises.

    >>> from symkern.kernels import embedding
    >>> [row.verdict for row in compare(embedding(1).flatten(), "embedding(1) | mean_pool")]
    ['equal', 'equal', 'first']
    """
    a, b = _spectra(first, second, length, tokens)
    for name in ("length", "tokens"):
        x, y = getattr(a, name), getattr(b, name)
        if x != y:
            rule = f"must share the {name} of the first spectrum, {x}"
            raise InvalidArgument("second", rule, f"its {name} is {y}")
    return Comparison(a, b)
