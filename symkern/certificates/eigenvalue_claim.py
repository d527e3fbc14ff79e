"""A conjecture about one eigenvalue as a certificate: the kernel, the law, the sector and the formula, without any spectrum derived.

Whoever gets the file tests it with `symkern.certificates.checker` alone, which says where the formula fails and what stands there instead.
"""

from __future__ import annotations

from typing import Any

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.combinatorics import Partition
from symkern.engines.match_counts.multiplicities import full_length, full_vocabulary
from symkern.engines.problem import Problem
from symkern.errors import InvalidArgument, InvalidType, SymkernError
from symkern.exact import exact_expression
from symkern.kernels.algebras.match_counts import kernel_polynomial
from symkern.kernels.pipeline import Kernel
from symkern.kernels.presets import read_kernel
from symkern.limits import current
from symkern.reading.integers import read_integer
from symkern.tokens import Law, Size, require_law, uniform
from symkern.typeset import formula_text
from symkern.version import __version__


def eigenvalue(
    kernel: str | Kernel,
    position_irrep: object,
    token_irrep: object,
    formula: object,
    length: object = CONTEXT_LENGTH,
    tokens: Law | None = None,
    valid_from: tuple[int, int] | None = None,
) -> dict[str, Any]:
    """The certificate that ``formula`` is an eigenvalue of the block on the sector (mu, kappa).

    Nothing is derived and nothing tested here: `symkern.certificates.check` of the result, or ``python checker.pyz FILE`` on a machine without symkern,
    confirms it on all sequences of small sizes and, for kernels that are polynomials in match counts, as an identity in L, v and
    the hyperparameters; or refutes it with the size, the claimed and the true value.

    Args:
        kernel: a kernel with its readout, a preset's name or a pipeline's text.
        position_irrep: mu, the irrep (n - |mu|, mu) of the positions that the kernel permutes.
        token_irrep: kappa, that of the letters; None where the law gives letters unlike probabilities.
        formula: the eigenvalue: text, or a SymPy expression, in L, v and hyperparameters.
        length: the symbol L or an integer.
        tokens: the law; uniform on v letters where nothing is said.
        valid_from: (length, vocabulary) from which it is claimed; where nothing is said, those from which the block has its full size.

    Returns:
        The certificate as a dictionary of plain data, for `json.dump`.

    Raises:
        InvalidArgument: no such irrep, or none of letters where letters can be renamed.
        NoClosedForm: a stage that the checker has no rule for.

    >>> from symkern.certificates import check
    >>> claim = eigenvalue("bag-of-tokens", (), (1,), "alpha/(L*v)")
    >>> check(claim).verdict
    'confirmed'
    >>> print(check(eigenvalue("embedding(1) | mean_pool", (), (1,), "1/L")))
    an eigenvalue of embedding(1) | mean_pool; tokens uniform on v letters
      differs at L = 1, v = 2, sector [] x [1]
      claimed  1 = 1/L
      found    1/2
      refuted
    """
    chosen = read_kernel(kernel) if isinstance(kernel, str) else kernel
    if not isinstance(chosen, Kernel):
        raise InvalidType("kernel", "must be a pipeline with its readout", kernel)
    law = uniform(VOCABULARY) if tokens is None else require_law(tokens)
    size = Size.read(length, "length").value
    if isinstance(size, int):
        read_integer(size, "length", maximum=10 ** current().formula_digits)
    law.require_length(size)
    mu = Partition.read(position_irrep, "position_irrep")
    problem = Problem.of(chosen, law, size)
    symmetric = law.symmetric_letters
    if (token_irrep is None) == symmetric:
        rule = "must be an irrep of the letters" if symmetric else "must be None"
        given = "it is None" if symmetric else f"the letters of {law} cannot be renamed"
        raise InvalidArgument("token_irrep", rule, given)
    kappa = None if token_irrep is None else Partition.read(token_irrep, "token_irrep")
    start = _start(problem, mu, kappa) if valid_from is None else _read_start(valid_from)
    return {
        "certificate": 1,
        "claim": "eigenvalue",
        "kernel": [stage.certificate() for stage in chosen.stages],
        "law": problem.law.claim(problem.length),
        "length": str(problem.length),
        "position_irrep": list(mu),
        "token_irrep": None if kappa is None else list(kappa),
        "eigenvalue": formula_text(exact_expression(formula, "formula")),
        "from": dict(zip(("length", "vocabulary"), start, strict=True)),
        "versions": {"symkern": __version__},
    }


def _read_start(valid_from: object) -> tuple[int, int]:
    if not isinstance(valid_from, tuple) or len(valid_from) != 2:
        raise InvalidType("valid_from", "must be a pair (length, vocabulary)", valid_from)
    length, letters = (read_integer(size, "valid_from", 1, 10**9) for size in valid_from)
    return length, letters


def _start(problem: Problem, mu: Partition, kappa: Partition | None) -> tuple[int, int]:
    """The smallest length and vocabulary at which the block has its full size; those of the irreps where the kernel is no polynomial."""
    star = int(problem.kernel.reads_position)
    length, letters = problem.length, problem.vocabulary
    numbers = [size if isinstance(size, int) else None for size in (length, letters)]
    least = [mu.threshold + star, 1 if kappa is None else kappa.threshold]
    if kappa is not None and isinstance(problem.kernel, Kernel):
        try:
            terms = kernel_polynomial(problem.kernel).terms
        except SymkernError:
            terms = {}
        highest = max((i + j + 2 * max(a, b) for i, j, a, b, _ in terms), default=0)
        if highest:
            sites = None if numbers[0] is None else numbers[0] - star
            least = [
                full_length(mu, kappa, highest, bool(star), numbers[1]),
                full_vocabulary(mu, kappa, highest, bool(star), sites),
            ]
    start = [max(1, size) if n is None else n for n, size in zip(numbers, least, strict=True)]
    return start[0], start[1]
