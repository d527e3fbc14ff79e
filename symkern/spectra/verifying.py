"""What can be verified of a spectrum that a file holds, in a time that does not depend on who wrote it.

Labels are those of irreps that exist, each pair once; dimensions are dim S^mu times dim S^kappa, as formulas; the functions of all sectors
are no more than there are sequences; the sectors' dimension x trace(block) sum to the trace, as formulas; and that is E k(x, x) of the kernel under the
law, computed anew where the kernel is small. What this leaves open is the blocks beyond their traces: the standing of a spectrum that was read says so.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from math import log2, prod

import sympy as sp

from symkern.bounds import dimension
from symkern.combinatorics import Partition
from symkern.engines.match_counts.mean_diagonal import mean_by_moments, mean_diagonal
from symkern.engines.problem import Problem
from symkern.engines.tables.diagonal import general_mean_diagonal
from symkern.errors import InvalidArgument, SymkernError
from symkern.exact import Ball, ExactMatrix, function_field
from symkern.exact.exact_arguments import sympified
from symkern.exact.expansion import expansion_bits
from symkern.exact.length_series import LengthSeries
from symkern.kernels.pipeline import Kernel
from symkern.limits import current
from symkern.reading.documents import require_list, shortened
from symkern.sectors.sector import Sector
from symkern.spectra.deriving import expected_cost
from symkern.spectra.spectrum import Spectrum

#: Seconds that deriving the spectrum may be estimated to take where its trace is computed anew; sizes up to which that is estimated.
_SECONDS, _SIZE = 1.0, 10_000
#: Stages of a kernel, and the product of their degrees, up to which it is asked what its spectrum costs.
_STAGES, _DEGREE = 16, 100
#: Bits of the traces, written out, up to which they are added as formulas.
_ADDED = 1 << 22


def read_labels(mu: list[object], kappa: list[object] | None) -> tuple[Partition, Partition | None]:
    """The labels of a sector from lists of whole numbers.

    >>> read_labels([2, 1], None)
    (Partition(2, 1), None)
    """
    found: list[Partition | None] = []
    for parts, name in ((mu, "position_irrep"), (kappa, "token_irrep")):
        if parts is None:
            found.append(None)
            continue
        label = Partition.read(require_list(parts, name, (int,)), name)
        if label.size > current().document_label or 0 in parts:
            rule = f"must be positive parts of at most {current().document_label} cells"
            raise InvalidArgument(name, rule, f"they are {len(parts)} with other numbers")
        found.append(label)
    assert found[0] is not None
    return found[0], found[1]


def require_apart(labels: list[tuple[Partition, Partition | None]]) -> None:
    """Refuse two sectors of the same labels."""
    twice = [pair for pair, times in Counter(labels).items() if times > 1]
    if twice:
        rule = "must have labels of their own"
        raise InvalidArgument("sectors", rule, f"{_named(twice[0])} is there twice")


def verify(spectrum: Spectrum) -> None:
    """Raise `InvalidArgument` where parts of the spectrum do not belong together."""
    for sector in spectrum.sectors:
        _verify_sector(spectrum, sector)
    _verify_total(spectrum)
    _verify_trace(spectrum)


def _named(pair: tuple[Partition, Partition | None]) -> str:
    return f"({pair[0]}; {pair[1]})"


def _verify_sector(spectrum: Spectrum, sector: Sector) -> None:
    mu, kappa = sector.position_irrep, sector.token_irrep
    sizes = [(mu, spectrum.positions, "position_irrep")]
    if kappa is not None:
        sizes.append((kappa, spectrum.vocabulary, "token_irrep"))
    times: int | sp.Expr = 1
    for label, size, name in sizes:
        if isinstance(size, int) and size < label.threshold:
            raise InvalidArgument(name, f"must label an irrep of S_{size}", f"it is {label}")
        times *= dimension(label, size) if size else 1
    written = sympified(sector.dimension)
    if written != times:
        field = function_field(tuple(sorted(sympified(times).free_symbols, key=str)))
        same = written.free_symbols <= set(field.symbols) and written.is_rational_function()
        if not same or field(written) != field(sympified(times)):
            raise InvalidArgument(
                "dimension",
                f"must be {shortened(times)} for {_named((mu, kappa))}",
                f"it is {shortened(written)}",
            )
    for name, size in (("L", spectrum.length), ("v", spectrum.vocabulary)):
        if isinstance(size, int) and sector.valid_for[name] > size:
            rule = f"must be at most the size {size} where {name} is a number"
            raise InvalidArgument("valid_for", rule, f"it is {sector.valid_for[name]}")


def _verify_total(spectrum: Spectrum) -> None:
    """Eigenvalues are no more than sequences, where both are numbers of a length that anybody counts to."""
    length, letters = spectrum.length, spectrum.vocabulary
    if not isinstance(length, int) or not isinstance(letters, int):
        return
    if length * log2(max(letters, 2)) > 1e5:
        return
    total = sum(int(t.dimension) * t.multiplicity for t in spectrum.sectors)
    most = spectrum.tokens.sequence_count(length)
    if total > most:
        rule = f"must have at most {most} eigenvalues together, one for each sequence"
        raise InvalidArgument("sectors", rule, f"they have {total}")


def _verify_trace(spectrum: Spectrum) -> None:
    """The sectors sum to the trace, and the trace is that of the kernel, each where it is quickly told."""
    trace = spectrum.trace()
    if isinstance(trace, LengthSeries):
        return  # whose sectors have no blocks
    exact = [(t, t.block) for t in spectrum.sectors if isinstance(t.block, ExactMatrix)]
    sums = [
        sympified(t.dimension) * sp.Add(*(block[i, i] for i in range(t.multiplicity)))
        for t, block in exact
    ]
    sums += [trace] if isinstance(trace, sp.Expr) else []
    balls = isinstance(trace, Ball) or len(exact) < len(spectrum.sectors)
    if balls and not all(part.is_Rational for part in sums):
        rule = "must hold balls and rational numbers alone where it holds balls"
        raise InvalidArgument("sectors", rule, "another number stands there")
    same = (
        spectrum.check_trace()
        if balls or expansion_bits(sp.Add(*sums)) <= _ADDED
        else _agree(exact, trace)
    )
    if not same:
        rule = "must be the sum of dimension x trace(block) over the sectors"
        raise InvalidArgument("trace", rule, "it is another one")
    own = _own_trace(spectrum)
    if own is None:
        return
    if isinstance(own, Ball) or isinstance(trace, Ball):
        both = [
            e if isinstance(e, Ball) else Ball(e)
            for e in (own, trace)
            if isinstance(e, Ball) or e.is_Rational
        ]
        same = len(both) < 2 or both[0].overlaps(both[1])
    else:
        same = own == trace or sp.cancel(own - trace) == 0
    if not same:
        raise InvalidArgument("trace", "must be E k(x, x) of kernel and law", "it is another one")


def _agree(sectors: list[tuple[Sector, ExactMatrix]], trace: sp.Expr) -> bool:
    """Whether the sum over the sectors is the trace where the symbols, exponentials among them, are certain large numbers."""
    numbers = function_field(())
    if not sectors:
        return bool(trace == 0)
    field = sectors[0][1].field
    for start in (10**9 + 7, 2 * 10**9 + 11):
        point = {t: Fraction(start + 1009 * i, 1 + i) for i, t in enumerate(field.symbols)}
        found = [field(trace).substitute(point, numbers)]
        for sector, block in sectors:
            diagonal = [row[i].substitute(point, numbers) for i, row in enumerate(block)]
            found.append(
                -field(sympified(sector.dimension)).substitute(point, numbers)
                * sum(diagonal, numbers.zero)
            )
        if sum(found, numbers.zero):
            return False
    return True


def _own_trace(spectrum: Spectrum) -> sp.Expr | Ball | None:
    """E k(x, x) computed from the kernel; None where that takes long, or has no form."""
    kernel, length, law = spectrum.kernel, spectrum.length, spectrum.tokens
    sizes = [n for n in (length, spectrum.vocabulary) if isinstance(n, int)]
    if not isinstance(kernel, Kernel) or max(sizes, default=1) > _SIZE:
        return None
    degree = prod(max(getattr(stage, "degree", None) or 1, 1) for stage in kernel.stages)
    if len(kernel.stages) > _STAGES or degree > _DEGREE:
        return None
    try:
        if expected_cost(kernel, length, law).seconds > _SECONDS:
            return None
        problem = Problem.of(kernel, law, length)
        sized = problem.kernel
        assert isinstance(sized, Kernel)
        if not law.letters_repeat:
            return mean_by_moments(sized, length, law, lambda p, sites: sites**p)
        if sized.is_polynomial and sized.is_rational and law.symbolic_components() is not None:
            return mean_diagonal(sized, length, law)
        return general_mean_diagonal(sized, length, law) if isinstance(length, int) else None
    except (SymkernError, ArithmeticError):
        return None
