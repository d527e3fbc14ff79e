"""All sectors of a polynomial kernel on independent tokens of any law, or a mixture of laws; L may be a symbol."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from symkern.bounds import dimension
from symkern.engines.engine import Progress
from symkern.engines.match_counts.fluctuations import ByFluctuation
from symkern.engines.match_counts.letter_polynomials import LetterFunctions
from symkern.engines.match_counts.letter_spaces import letter_space
from symkern.engines.match_counts.letters import LetterOperator
from symkern.engines.match_counts.multiplicity_space import Reduction
from symkern.engines.match_counts.supported_functions import SupportedFunctions
from symkern.engines.match_counts.supports import (
    FunctionsOnSupports,
    OnSupports,
    largest_supports,
)
from symkern.engines.match_counts.uniform_tokens import stable_labels, uniform_operator
from symkern.exact import ExactMatrix
from symkern.kernels.pipeline import Kernel
from symkern.progress import handed
from symkern.sectors.realisation import Realisation
from symkern.sectors.sector import Sector
from symkern.tokens import Law


def independent_sectors(
    kernel: Kernel,
    length: int | sp.Expr,
    law: Law,
    progress: Progress = iter,
) -> list[Sector]:
    """The sectors mu of the kernel that are not zero; the tokens have no symmetry of their own.

    Letters of probability 0 take no part: their functions would only add eigenvalues 0 that belong to no function under the law.
    For the same reason functions that vanish on all sequences of positive probability are divided out (`supports`).
    """
    occurring, support = law.occurring()
    assert support is not None
    letters = len(support)
    alike = (Fraction(1, letters),) * letters
    laws = tuple((weight, p or alike) for weight, p in occurring.symbolic_components() or ())
    supports = largest_supports(laws)
    asked = law.given_vocabulary()
    polynomial = uniform_operator(kernel, length, letters, law.parameters)
    own = [p for _, p in laws]
    if law.parameters:
        to = polynomial.field
        laws = tuple((to(weight), tuple(map(to, p))) for weight, p in laws)
    centres = laws[0][1] if len(laws) == 1 else ()
    operator = LetterOperator(
        polynomial.field, polynomial.terms, polynomial.length, laws, polynomial.star, centres
    )
    star = int(operator.star)
    sites = length - star if isinstance(length, int) else None
    highest = operator.degree
    found = []
    for mu in handed(
        progress, [m for m in stable_labels(operator.matches, sites) if len(m) < letters]
    ):
        space = letter_space(mu, letters, highest, operator.star)
        reduction = None
        if sites is not None and sites < highest + mu.part(0):
            reduction = Reduction(space, sites, None)
        if not len(space if reduction is None else reduction):
            continue
        rows = operator.block(space)
        if reduction is not None:
            rows = reduction.restrict(rows, operator.field.zero)
        left = OnSupports(space, reduction, supports) if len(supports) > 1 else None
        if left is not None:
            rows = left.restrict(rows, operator.field.zero)
        basis: Reduction | OnSupports | ByFluctuation | None = left or reduction
        if len(laws) > 1 and reduction is None:
            chosen = range(len(space)) if left is None else left.chosen
            basis = ByFluctuation(space.vectors, chosen, own)
            rows = basis.restrict(rows, operator.field.zero)
        block = ExactMatrix(operator.field, rows)
        if block.is_zero:
            continue
        # Full from the first row that every nu = mu + (boxes in the first row) fits in.
        least = max(highest + mu.part(0) if letters > 1 else 0, mu.threshold) + star
        functions: Realisation = LetterFunctions(
            mu, None, operator.star, length, occurring, space, basis, centres
        )
        if left is not None:
            functions = FunctionsOnSupports(
                mu, None, operator.star, length, occurring, functions, supports
            )
        if letters < asked:
            functions = SupportedFunctions(
                mu, None, operator.star, length, law, functions, tuple(support)
            )
        found.append(
            Sector(
                mu,
                None,
                dimension(mu, length - star),
                block,
                {"L": length if isinstance(length, int) else max(least, 1), "v": asked},
                realisation=functions,
            )
        )
    return found
