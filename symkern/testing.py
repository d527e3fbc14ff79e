r"""Assertions about representations, kernels, laws and eigenvalues, for tests of one's own conjectures.

Each returns None where the statement holds, and otherwise raises an ``AssertionError`` that names the smallest witness: sizes from the smallest
up, words and permutations in lexicographic order, entries row by row. All of it is exact; floats are refused. An argument that cannot
mean what is asked for raises an error of `symkern.errors`.

    >>> from symkern.kernels import embedding
    >>> assert_eigenvalue(embedding(1).mean_pool(), (), (1,), "1/(L*v)")
    >>> assert_eigenvalue(embedding(1).mean_pool(), (), (1,), "1/L")
    Traceback (most recent call last):
    ...
    AssertionError: an eigenvalue of embedding(1) | mean_pool; tokens uniform on v letters
      differs at L = 1, v = 2, sector [] x [1]
      claimed  1 = 1/L
      found    1/2
      refuted

With `symkern.strategies` they are properties for Hypothesis. Positions count from 0, g*h is first g and then h, and
(g x)_a = x_(g(a)), as in `symkern.combinatorics`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import permutations, product
from math import factorial
from typing import Any, TypeVar

import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.certificates import Report, check, eigenvalue
from symkern.certificates.spectrum_claim import spectrum_certificate
from symkern.claims import ScalingLaw
from symkern.combinatorics import act, inverse, multiply
from symkern.derivations import derivation_of
from symkern.errors import InvalidArgument, InvalidType, NoClosedForm, SizeMismatch, displayed
from symkern.exact import Ball, ExactMatrix, exact_expression
from symkern.exact.asymptotics import leading
from symkern.exact.balls import enclosure, from_arb, precision
from symkern.exact.reals import real
from symkern.kernels.function_kernels import FunctionKernel, from_function
from symkern.kernels.pipeline import Kernel
from symkern.kernels.presets import read_kernel
from symkern.limits import check_time, current, within_time
from symkern.reading.annotated import typed
from symkern.reading.integers import power_exceeds, read_integer
from symkern.reading.sequences import read_list
from symkern.spectra import Spectrum
from symkern.spectra.sample_laws import sample_laws
from symkern.tokens import Law, require_law
from symkern.tokens.letter_counts import types
from symkern.typeset import formula_latex

__all__ = [
    "assert_class_function",
    "assert_eigenvalue",
    "assert_law",
    "assert_projector",
    "assert_representation",
    "assert_spectrum",
    "assert_symmetric",
]

Permutation = tuple[int, ...]
Word = tuple[int, ...]
Matrix = list[list[sp.Expr]]
Key = TypeVar("Key")

#: Irrational numbers that agree to so many bits and that no rule of SymPy tells apart count as equal.
_BITS = 256


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
    _require_few(letters, 2 * most, "length, vocabulary", "pairs of words")
    for n in range(1, most + 1):
        values: dict[tuple[Word, Word], sp.Expr | Ball] = {}

        def k(x: Word, y: Word, values: dict[Any, sp.Expr | Ball] = values) -> sp.Expr | Ball:
            if (x, y) not in values:
                values[x, y] = _value(chosen(x, y), f"kernel({x}, {y})")
            return values[x, y]

        where = f"at length {n} with {letters} letter{'s' * (letters > 1)}"
        for x, y in product(product(range(letters), repeat=n), repeat=2):
            check_time()
            if not _same(k(x, y), k(y, x)):
                _fail(
                    f"the kernel {chosen} changes when its arguments are exchanged, {where}",
                    f"x = {x}, y = {y}",
                    f"k(x, y) = {k(x, y)}",
                    f"k(y, x) = {k(y, x)}",
                )
            for g in _adjacent(n - last):
                moved = (*g, n - 1) if last else g
                gx, gy = act(moved, x), act(moved, y)
                if not _same(k(x, y), k(gx, gy)):
                    _fail(
                        f"the kernel {chosen} changes when positions are permuted, {where}",
                        f"g = {moved}, x = {x}, y = {y}",
                        f"k(x, y)   = {k(x, y)}",
                        f"k(gx, gy) = {k(gx, gy)}",
                    )


def assert_class_function(f: Callable[[Permutation], object], n: int | Iterable[int] = 4) -> None:
    """f(h g h^-1) = f(g) for all g and h in S_n.

    Tested for all g and for adjacent transpositions h, which generate the group.

    Args:
        f: a function of permutations, tuples of the images of 0..n-1, with exact values.
        n: S_1, ..., S_n are tested; of a list of sizes, these.

    Raises:
        AssertionError: with the first g and h, and both values.
        InvalidArgument: a size below 1, or more permutations than ``exhaustive_evaluations`` of `symkern.limits`.
        InvalidType: what cannot be called, a value that is not exact.

    >>> assert_class_function(lambda g: sum(g[a] == a for a in range(len(g))))
    >>> assert_class_function(lambda g: sum(a > b for a, b in zip(g, g[1:])))
    Traceback (most recent call last):
    ...
    AssertionError: f is no class function of S_3
      g = (0, 2, 1), h = (1, 0, 2), h g h^-1 = (2, 1, 0)
      f(g)        = 1
      f(h g h^-1) = 2
    """
    _require_function(f, "f", "a function of permutations")
    sizes: Sequence[int]
    if isinstance(n, Iterable) and not isinstance(n, str):
        listed = read_list(n, "n", "sizes")
        sizes = sorted({read_integer(size, "n", minimum=1) for size in listed})
    else:
        sizes = range(1, read_integer(n, "n", minimum=1) + 1)
    if not sizes:
        raise InvalidArgument("n", "must hold at least one size", "it is empty")
    _require_small_group(sizes[-1])
    for size in sizes:
        values = {g: _value(f(g), f"f({g})") for g in permutations(range(size))}
        for g, value in values.items():
            for h in _adjacent(size):
                moved = multiply(multiply(h, g), inverse(h))
                if not _same(value, values[moved]):
                    _fail(
                        f"f is no class function of S_{size}",
                        f"g = {g}, h = {h}, h g h^-1 = {moved}",
                        f"f(g)        = {value}",
                        f"f(h g h^-1) = {values[moved]}",
                    )


def assert_projector(matrix: object, rank: int | None = None) -> None:
    """P^2 = P, and the rank of P, which is its trace, where it is given.

    Args:
        matrix: a square matrix of exact numbers or formulas: of this package, SymPy's, an array, or a list of rows.
        rank: what its rank must be.

    Raises:
        AssertionError: with the first entry of P^2 - P that is not zero, or both ranks.
        InvalidType: what is no matrix, an entry that is not exact.
        SizeMismatch: a matrix that is not square.

    >>> assert_projector([["1/2", "1/2"], ["1/2", "1/2"]], rank=1)
    >>> assert_projector([[1, 1], [0, 1]])
    Traceback (most recent call last):
    ...
    AssertionError: P^2 is not P
      entry (0, 1) of P^2 - P = 1
    """
    rows = _rows(matrix, "matrix")
    if any(len(row) != len(rows) for row in rows):
        shown = f"it has {len(rows)} rows and {len(rows[0])} columns"
        raise SizeMismatch("matrix", "must be square", shown)
    least = None if rank is None else read_integer(rank, "rank")
    wrong = _difference(_times(rows, rows), rows)
    if wrong is not None:
        _fail("P^2 is not P", f"entry {wrong[0]} of P^2 - P = {wrong[1]}")
    trace = sum((row[i] for i, row in enumerate(rows)), sp.S.Zero)
    if least is not None and not _same(trace, sp.Integer(least)):
        _fail(
            f"the projector has not rank {displayed(least)}", f"rank P = trace P = {_plain(trace)}"
        )


def assert_representation(rho: Callable[[Permutation], object], n: int | None = None) -> None:
    """rho(e) = 1 and rho(g s_i) = rho(g) rho(s_i) for all g in S_n and adjacent transpositions s_i, so rho(g h) = rho(g) rho(h).

    Args:
        rho: a function of permutations, tuples of the images of 0..n-1, whose values are square matrices as in `assert_projector`.
        n: the group is S_n; where it is not given, ``rho.n``.

    Raises:
        AssertionError: with the first g, s_i and entry of the difference, or an entry of rho(e) - 1.
        InvalidArgument: n below 1, or more permutations than ``exhaustive_evaluations`` of `symkern.limits`; n not known.
        InvalidType: what cannot be called or gives no matrix, an entry that is not exact.

    >>> from symkern.representations import natural
    >>> assert_representation(natural((2, 1)))
    >>> assert_representation(lambda g: [[g[0]]], n=2)
    Traceback (most recent call last):
    ...
    AssertionError: rho(e) is not the identity of S_2
      entry (0, 0) of rho(e) - 1 = -1
    >>> assert_representation(lambda g: [[1 if g == (0, 1, 2) else -1]], n=3)
    Traceback (most recent call last):
    ...
    AssertionError: rho is no representation of S_3
      g = (0, 2, 1), s_0 = (1, 0, 2), g s_0 = (1, 2, 0)
      entry (0, 0) of rho(g s_0) - rho(g) rho(s_0) = -2
    """
    _require_function(rho, "rho", "a function of permutations")
    given = getattr(rho, "n", None) if n is None else n
    if given is None:
        raise InvalidArgument("n", "must be given where rho has no attribute n", "it is not")
    size = read_integer(given, "n", minimum=1)
    _require_small_group(size)
    found: dict[Permutation, Matrix] = {}

    def at(g: Permutation) -> Matrix:
        if g not in found:
            found[g] = _rows(rho(g), f"rho({g})")
        return found[g]

    neutral = tuple(range(size))
    one = at(neutral)
    dimension = len(one)
    identity = [[sp.Integer(i == j) for j in range(dimension)] for i in range(dimension)]
    for g in permutations(range(size)):
        shape = (len(at(g)), *{len(row) for row in at(g)})
        if shape != (dimension, dimension):
            _fail(
                f"rho is no representation of S_{size}",
                f"g = {g}",
                f"rho(g) has {shape[0]} rows of {shape[1]} entries, rho(e) has {dimension} rows",
            )
        if g == neutral:
            wrong = _difference(one, identity)
            if wrong is not None:
                _fail(
                    f"rho(e) is not the identity of S_{size}",
                    f"entry {wrong[0]} of rho(e) - 1 = {wrong[1]}",
                )
    for g in permutations(range(size)):
        for i, s in enumerate(_adjacent(size)):
            wrong = _difference(at(multiply(g, s)), _times(at(g), at(s)))
            if wrong is not None:
                _fail(
                    f"rho is no representation of S_{size}",
                    f"g = {g}, s_{i} = {s}, g s_{i} = {multiply(g, s)}",
                    f"entry {wrong[0]} of rho(g s_{i}) - rho(g) rho(s_{i}) = {wrong[1]}",
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
    _require_few(law.given_vocabulary(length), 2 * length, "spectrum", "pairs of sequences")
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
            _fail(
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


def assert_law(law: object, length: int = 3, vocabulary: int = 2) -> None:
    """A law of tokens is one; or a scaling law follows from its derivation.

    Of a law of tokens, at the lengths 1, ..., ``length``: probabilities are not negative and sum to 1, do not change when the
    positions are permuted, and sum to those of the types, P(counts = n) = sum of P(x) over the x with counts n. Of a scaling law: each step of its
    derivation holds at the step's own sizes, the formula is the one in which the derivation ends, and without roots it has the leading term that the
    law says.

    Args:
        law: a `symkern.kernels.Law`, or a scaling law with its derivation.
        length: the largest length that is tested; a law that has one length is tested there.
        vocabulary: the number of letters where that of the law is a symbol.

    Raises:
        AssertionError: with the first type or sequence at which a rule is broken and the number that stands there, or the step that fails.
        InvalidType: what is neither, a probability that is not exact.
        InvalidArgument: sizes below 1, or more sequences than ``exhaustive_evaluations`` of `symkern.limits`.
        NoClosedForm: a scaling law that was stated without a derivation.

    >>> from dataclasses import dataclass
    >>> from fractions import Fraction
    >>> from symkern.kernels import Law, uniform
    >>> assert_law(uniform(3))
    >>> @dataclass(frozen=True)
    ... class Lazy(Law):
    ...     vocabulary: int
    ...     def type_probability(self, counts):
    ...         return Fraction(1, 2)
    >>> assert_law(Lazy(3))
    Traceback (most recent call last):
    ...
    AssertionError: Lazy(vocabulary=3) is no law of tokens, at length 1
      the probabilities of the types sum to 3/2
    """
    if isinstance(law, ScalingLaw):
        _assert_scaling_law(law)
        return
    chosen = require_law(law, "law")
    most = read_integer(length, "length", minimum=1)
    letters = read_integer(vocabulary, "vocabulary", minimum=1)
    lengths = range(1, most + 1) if chosen.length is None else (chosen.length,)

    def at(n: int) -> Law:
        return chosen.at_sizes(n, letters) if chosen.vocabulary == VOCABULARY else chosen

    longest = lengths[-1]
    count = at(longest).given_vocabulary(longest)
    _require_few(count, longest, "length, vocabulary", "sequences")
    for n in lengths:
        _assert_law_at(at(n), n)


def _assert_law_at(law: Law, n: int) -> None:
    """One length: types first, as a law refuses sequences where these do not sum to 1."""
    title = f"{law!r} is no law of tokens, at length {n}"
    letters = law.given_vocabulary(n)
    chances: dict[Word, Fraction] = {}
    for counts in types(n, letters):
        chances[counts] = _probability(law.type_probability(counts), f"law({counts})")
        if chances[counts] < 0:
            _fail(title, f"the type with counts {counts} has the probability {chances[counts]}")
    if (total := sum(chances.values())) != 1:
        _fail(title, f"the probabilities of the types sum to {total}")
    sums = dict.fromkeys(chances, Fraction(0))
    values: dict[Word, Fraction] = {}
    for x in product(range(letters), repeat=n):
        values[x] = _probability(law.probability(x), f"law({x})")
        if values[x] < 0:
            _fail(title, f"the sequence {x} has the probability {values[x]}")
        sums[tuple(x.count(t) for t in range(letters))] += values[x]
    for x, value in values.items():
        for g in _adjacent(n):
            if value != values[act(g, x)]:
                _fail(
                    title,
                    f"g = {g}, x = {x}",
                    f"P(x)  = {value}",
                    f"P(gx) = {values[act(g, x)]}",
                )
    for counts, value in sums.items():
        if value != chances[counts]:
            _fail(
                title,
                f"the type with counts {counts} has the probability {chances[counts]}",
                f"its sequences have together {value}",
            )


def _assert_scaling_law(law: ScalingLaw) -> None:
    derivation = derivation_of(law)
    variable = CONTEXT_LENGTH if law.leading is None else law.leading.variable
    if law.formula is not None and law.formula.is_rational_function():
        if law.leading is not None and variable in law.formula.free_symbols:
            found = leading(law.formula, variable)
            if found != law.leading:
                _fail(
                    f"the law {law}",
                    f"has a formula that grows as {found.expression}",
                    f"and says that it grows as {law.leading.expression}",
                )
        name = f"{law.symbol or law.quantity} "
        conclusion = derivation.conclusion
        if conclusion.startswith(name) and formula_latex(law.formula) not in conclusion:
            _fail(f"the law {law}", f"has another derivation, which ends in {conclusion}")
    elif law.claim is not None and law.claim.name == "samples in a sector":
        spectrum, sector, _ = law.claim.arguments
        for stated in sample_laws(spectrum, sector):
            if stated.claim == law.claim and stated.formula != law.formula:
                _fail(f"the law {law}", f"has another derivation, that of {stated}")
    verification = derivation.check()
    if not verification.passed:
        _fail(f"the law {law} does not follow", *str(verification).splitlines())


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


# -- what the assertions share ------------------------------------------------------------


def _fail(*lines: str) -> None:
    raise AssertionError("\n  ".join(lines))


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


def _require_function(f: object, argument: str, what: str) -> None:
    if not callable(f) or isinstance(f, type):
        raise InvalidType(argument, f"must be {what}", f)


def _require_few(base: int, exponent: int, argument: str, what: str) -> None:
    most = current().exhaustive_evaluations
    if power_exceeds(base, exponent, most):
        rule = f"must leave at most {most} {what}"
        raise InvalidArgument(argument, rule, f"there are {displayed(base)}^{displayed(exponent)}")


def _require_small_group(n: int) -> None:
    most = current().exhaustive_evaluations
    if n > 20 or factorial(n) > most:
        rule = f"must have at most {most} permutations"
        raise InvalidArgument("n", rule, f"it is {displayed(n)}")


def _adjacent(n: int) -> Iterator[Permutation]:
    """s_0, ..., s_(n-2) of S_n."""
    for i in range(n - 1):
        yield (*range(i), i + 1, i, *range(i + 2, n))


def _value(value: object, argument: str) -> sp.Expr | Ball:
    """An exact number or formula, or a ball; True and False are 1 and 0."""
    if isinstance(value, Ball):
        return value
    return exact_expression(int(value) if isinstance(value, bool) else value, argument)


def _rational(value: object, argument: str) -> sp.Rational:
    found = _value(value, argument)
    if isinstance(found, Ball) or not found.is_Rational:
        raise NoClosedForm(
            f"{argument}: it is {found} and not rational, so that sums of powers do not decide; "
            "the check of certificates exists for pipelines"
        )
    return found


def _probability(value: object, argument: str) -> Fraction:
    found = _value(value, argument)
    if isinstance(found, Ball) or not found.is_Rational:
        raise InvalidType(argument, "must be a rational probability", value)
    return Fraction(int(found.p), int(found.q))


def _same(first: sp.Expr | Ball, second: sp.Expr | Ball) -> bool:
    """Equal as numbers, or as formulas; of balls as far as is known."""
    if first == second:
        return True
    if isinstance(first, Ball) or isinstance(second, Ball):
        one, other = (
            value if isinstance(value, Ball) else from_arb(enclosure(value))
            for value in (first, second)
        )
        return one.overlaps(other)
    if first.is_Rational and second.is_Rational:
        return False
    difference = sp.expand(sp.numer(sp.together(first - second)))
    if difference.is_Rational:
        return bool(difference == 0)
    if difference.free_symbols:
        return bool(sp.cancel(difference) == 0 or difference.equals(0))
    with precision(_BITS):
        return bool(real(difference, "difference").contains(0))


def _plain(value: sp.Expr) -> sp.Expr:
    return sp.cancel(value) if value.is_rational_function() else sp.simplify(value)


def _rows(matrix: object, argument: str) -> Matrix:
    """The rows of a matrix, exact."""
    given: Any = matrix.to_sympy() if hasattr(matrix, "to_sympy") else matrix
    if isinstance(given, sp.MatrixBase):
        given = given.tolist()
    rows = [read_list(row, argument, "entries") for row in read_list(given, argument, "rows")]
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        shown = f"the rows have the lengths {[len(row) for row in rows]}"
        raise SizeMismatch(argument, "must have rows of one length, at least one of them", shown)
    return [
        [_value(entry, f"{argument}[{i}][{j}]") for j, entry in enumerate(row)]
        for i, row in enumerate(rows)
    ]


def _times(first: Matrix, second: Matrix) -> Matrix:
    columns = list(zip(*second, strict=True))
    zero = sp.S.Zero
    return [
        [
            sum((a * b for a, b in zip(row, column, strict=True) if a and b), zero)
            for column in columns
        ]
        for row in first
    ]


def _difference(first: Matrix, second: Matrix) -> tuple[tuple[int, int], sp.Expr] | None:
    """The first place at which two matrices differ, and the difference there."""
    for i, (row, other) in enumerate(zip(first, second, strict=True)):
        for j, (a, b) in enumerate(zip(row, other, strict=True)):
            if not _same(a, b):
                return (i, j), _plain(a - b)
    return None
