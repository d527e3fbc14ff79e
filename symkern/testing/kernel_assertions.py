"""Assertions about kernels: symmetry, spectra, single eigenvalues."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.certificates import Report, check, eigenvalue
from symkern.certificates.spectrum_claim import spectrum_certificate
from symkern.combinatorics import act
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm
from symkern.exact import Ball, ExactMatrix
from symkern.kernels.function_kernels import FunctionKernel, from_function
from symkern.kernels.pipeline import Kernel
from symkern.kernels.presets import read_kernel
from symkern.limits import check_time, within_time
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.spectra import Spectrum
from symkern.testing.witnesses import (
    adjacent,
    exact_value,
    fail,
    require_few,
    same,
)
from symkern.tokens import Law

Word = tuple[int, ...]


@within_time("this test", "a smaller length or vocabulary takes less")
@typed
def assert_symmetric(
    kernel: object, length: int = 3, vocabulary: int = 2, last: bool = False
) -> None:
    """k(g x, g y) = k(x, y) for all permutations g of positions, and k(x, y) = k(y, x).

    Tested on all words of 1, ..., ``length`` letters among 0..vocabulary-1. Adjacent transpositions generate the permutations, so that they
    are tested; the witness is one of them.

    Args:
        kernel: a kernel, a preset's name, a pipeline's text, or a function of two tuples of letters with exact values.
        length: the largest length.
        vocabulary: the number of letters.
        last: whether the last position stays where it is, as for a kernel that reads it.

    Raises:
        AssertionError: with the first g, x, y and both values.
        InvalidArgument: sizes below 1, more pairs of words than ``exhaustive_evaluations`` of `symkern.limits`, or a function that raises.
        InvalidType: a kernel without a readout, a value that is not exact.

    >>> assert_symmetric(lambda x, y: sum(a == b for a, b in zip(x, y)))
    >>> assert_symmetric("embedding(1) | flatten", length=2, vocabulary=3)
    >>> assert_symmetric(lambda x, y: x[0] * y[0])
    Traceback (most recent call last):
    ...
    AssertionError: the kernel <lambda> changes when positions are permuted, at length 2 with 2 letters
      g = (1, 0), x = (0, 1), y = (0, 1)
      k(x, y)   = 0
      k(gx, gy) = 1
    """
    chosen = _kernel(kernel)
    most = read_integer(length, "length", minimum=1)
    letters = read_integer(vocabulary, "vocabulary", minimum=1)
    if not isinstance(last, bool):
        raise InvalidType("last", "must be True or False", last)
    require_few(letters, 2 * most, "length, vocabulary", "pairs of words")
    for n in range(1, most + 1):
        values: dict[tuple[Word, Word], sp.Expr | Ball] = {}

        def k(x: Word, y: Word, values: dict[Any, sp.Expr | Ball] = values) -> sp.Expr | Ball:
            if (x, y) not in values:
                values[x, y] = exact_value(chosen(x, y), f"kernel({x}, {y})")
            return values[x, y]

        where = f"at length {n} with {letters} letter{'s' * (letters > 1)}"
        for x, y in product(product(range(letters), repeat=n), repeat=2):
            check_time()
            if not same(k(x, y), k(y, x)):
                fail(
                    f"the kernel {chosen} changes when its arguments are exchanged, {where}",
                    f"x = {x}, y = {y}",
                    f"k(x, y) = {k(x, y)}",
                    f"k(y, x) = {k(y, x)}",
                )
            for g in adjacent(n - last):
                moved = (*g, n - 1) if last else g
                gx, gy = act(moved, x), act(moved, y)
                if not same(k(x, y), k(gx, gy)):
                    fail(
                        f"the kernel {chosen} changes when positions are permuted, {where}",
                        f"g = {moved}, x = {x}, y = {y}",
                        f"k(x, y)   = {k(x, y)}",
                        f"k(gx, gy) = {k(gx, gy)}",
                    )


def assert_spectrum(kernel: object, spectrum: Spectrum) -> None:
    """The spectrum is that of the kernel: of the operator (T f)(x) = sum_y k(x, y) P(y) f(y), sector by sector.

    A pipeline is tested by `symkern.certificates.check`, at all sizes where it is a polynomial in the matches. For a Python function, and
    for a pipeline with a stage that no certificate can state, T is formed at the size of the spectrum, as a matrix on all sequences, and

        sum over sectors of dimension x trace(block^j) = trace(T^j),    j = 1, 2, ..., 2 (number of eigenvalues) + 2,

    which holds for the eigenvalues of T with their multiplicities and for no others; sectors' labels are not tested then.

    Args:
        kernel: a kernel, a preset's name, a pipeline's text, or a function of two tuples of letters.
        spectrum: what `Kernel.spectrum` or `symkern.derive` gave, of this kernel or of another; its law, its sizes and its sectors are the claim.

    Raises:
        AssertionError: with the report of what is refuted, or not to be decided within the budget; for a function with the first j and both sides.
        InvalidType: what is no kernel, what is no spectrum.
        InvalidArgument: for a function, sizes that are symbols or more pairs of sequences than ``exhaustive_evaluations`` of `symkern.limits`.
        NoClosedForm: for a function, values that are irrational.

    >>> from symkern.kernels import embedding, uniform
    >>> k = embedding(1).attention().mean_pool()
    >>> spectrum = k.spectrum(length=3, tokens=uniform(2))
    >>> assert_spectrum(k, spectrum)
    >>> def f(x, y):
    ...     return sum(a == b for a, b in zip(x, y))
    >>> assert_spectrum(f, spectrum)
    Traceback (most recent call last):
    ...
    AssertionError: not the spectrum of f at length 3, tokens uniform(2)
      sum of dimension x trace(block^1) = 13/27
      trace(T^1)                        = 3
    """
    if not isinstance(spectrum, Spectrum):
        raise InvalidType("spectrum", "must be a Spectrum", spectrum)
    chosen = _kernel(kernel)
    if isinstance(chosen, Kernel) and isinstance(spectrum.kernel, Kernel):
        try:
            claim = spectrum_certificate(spectrum)
            claim["kernel"] = [stage.certificate() for stage in chosen.stages]
        except NoClosedForm:
            pass
        else:
            _require_confirmed(check(claim))
            return
    _assert_power_sums(chosen, spectrum)


def _assert_power_sums(kernel: Kernel | FunctionKernel, spectrum: Spectrum) -> None:
    length, law = spectrum.length, spectrum.tokens
    if not isinstance(length, int) or not isinstance(spectrum.vocabulary, int):
        rule = (
            "must have a length and a vocabulary that are numbers, to be compared with a function"
        )
        shown = f"they are {length} and {spectrum.vocabulary}"
        raise InvalidArgument("spectrum", rule, shown)
    require_few(law.given_vocabulary(length), 2 * length, "spectrum", "pairs of sequences")
    words = [(x, p) for x in law.sequences(length) if (p := law.probability(x))]
    rows = [
        [
            _rational(kernel(x, y), f"kernel({x}, {y})") * sp.Rational(p.numerator, p.denominator)
            for y, p in words
        ]
        for x, _ in words
    ]
    blocks: list[tuple[int, ExactMatrix]] = []
    for sector in spectrum.sectors:
        if not isinstance(sector.block, ExactMatrix) or not sector.block.is_rational:
            raise NoClosedForm(
                "spectrum: its eigenvalues are not those of rational matrices, so that sums of powers do not decide; "
                "the check of its certificate exists for pipelines"
            )
        blocks.append((int(sector.dimension), sector.block))
    powers = 2 * sum(block.shape[0] for _, block in blocks) + 2
    whole = _power_traces(ExactMatrix.from_rows(rows), powers)
    claimed = [_power_traces(block, powers) for _, block in blocks]
    for j in range(powers):
        left = sum(
            (d * traces[j] for (d, _), traces in zip(blocks, claimed, strict=True)), Fraction(0)
        )
        if left != whole[j]:
            fail(
                f"not the spectrum of {kernel} at length {length}, tokens {law!r}",
                f"sum of dimension x trace(block^{j + 1}) = {left}",
                f"{f'trace(T^{j + 1})':<33} = {whole[j]}",
            )


def _power_traces(matrix: ExactMatrix, powers: int) -> list[Fraction]:
    """trace(A), ..., trace(A^powers)."""
    base = matrix.to_flint()
    power, found = base, []
    for _ in range(powers):
        trace = sum((power[i, i] for i in range(power.nrows())), start=power[0, 0] * 0)
        found.append(Fraction(int(trace.p), int(trace.q)))
        power = power * base
    return found


def assert_eigenvalue(
    kernel: str | Kernel,
    mu: object,
    kappa: object,
    formula: object,
    length: object = CONTEXT_LENGTH,
    tokens: Law | None = None,
    valid_from: tuple[int, int] | None = None,
) -> None:
    """``formula`` is an eigenvalue of the kernel's block on the sector (mu, kappa).

    The claim is made by `symkern.certificates.eigenvalue` and decided by `symkern.certificates.check`: on all sequences of small sizes, and as an
    identity in L, v and hyperparameters where the kernel is a polynomial in the matches.

    Args:
        kernel: a pipeline with its readout, a preset's name, or a pipeline's text.
        mu: the irrep (n - |mu|, mu) of the positions.
        kappa: that of the letters; None where the law gives letters unlike probabilities.
        formula: the eigenvalue, text or a SymPy expression.
        length: the symbol L or an integer.
        tokens: the law; uniform on v letters where nothing is said.
        valid_from: (length, vocabulary) from which it is claimed; where nothing is said, those from which the block has its full size.

    Raises:
        AssertionError: with the report: the smallest size at which it fails, the claimed and the true value; or that it cannot be decided.
        InvalidArgument: no such irrep, or none of letters where letters can be renamed.
        NoClosedForm: a stage that the checker has no rule for.

    >>> from symkern.abc import L, alpha, v
    >>> assert_eigenvalue("bag-of-tokens", (), (1,), alpha / (L * v))
    >>> assert_eigenvalue("bag-of-tokens", (), (1,), alpha / (2 * L))
    Traceback (most recent call last):
    ...
    AssertionError: an eigenvalue of embedding(alpha) | mean_pool; tokens uniform on v letters
      differs at L = 2, v = 8, alpha = 2757/1658, sector [] x [1]
      claimed  2757/6632 = alpha/(2*L)
      found    2757/26528, 0
      refuted
    """
    claim = eigenvalue(
        kernel, mu, kappa, formula, length=length, tokens=tokens, valid_from=valid_from
    )
    _require_confirmed(check(claim))


def _require_confirmed(report: Report) -> None:
    if report.verdict != "confirmed":
        raise AssertionError(str(report))


def _kernel(kernel: object) -> Kernel | FunctionKernel:
    """The kernel that is given, named, written, or is a Python function."""
    chosen = read_kernel(kernel) if isinstance(kernel, str) else kernel
    if isinstance(chosen, (Kernel, FunctionKernel)):
        return chosen
    if hasattr(chosen, "stages") or not callable(chosen):
        rule = "must be a kernel with its readout, or a function of two sequences"
        raise InvalidType("kernel", rule, chosen)
    return from_function(chosen)


def _rational(value: object, argument: str) -> sp.Rational:
    found = exact_value(value, argument)
    if isinstance(found, Ball) or not found.is_Rational:
        raise NoClosedForm(
            f"{argument}: it is {found} and not rational, so that sums of powers do not decide; "
            "the check of certificates exists for pipelines"
        )
    return found
