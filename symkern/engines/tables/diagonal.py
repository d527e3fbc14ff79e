r"""E k(x, x) of any kernel at a given length and vocabulary, without any spectrum.

On the diagonal the contingency table is diagonal, so the mean is a sum over the counts of the letters,

    E k(x, x) = sum_c (L choose c_0, ..., c_{v-1}) P(c) k(diag c),

with P(c) the probability of one sequence with these counts; where one position is read, over its letter as well.
"""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from symkern.combinatorics.contingency_tables import compositions
from symkern.engines.tables.sector_forms import SPARE_BITS
from symkern.engines.tables.sectors import kernel_source
from symkern.exact.balls import Ball, from_arb, precision
from symkern.exact.reals import is_exact, real, symbols_of, to_expression
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.pipeline import Kernel
from symkern.tokens import Law
from symkern.tokens.letter_counts import orders


def general_mean_diagonal(kernel: Kernel | FunctionKernel, length: int, law: Law) -> sp.Expr | Ball:
    """E k(x, x): a rational number where every value is one, else a ball.

    >>> from symkern.kernels import embedding, uniform
    >>> general_mean_diagonal(embedding(1, 2).attention("tied").flatten(), 3, uniform(2))
    73/18
    """
    letters = law.given_vocabulary()
    source = kernel_source(kernel, length, letters, law.parameters)
    sites = length - int(source.starred)
    field = getattr(source, "field", None)
    with precision(SPARE_BITS + 64), symbols_of(field):
        total = real(0)
        for content in map(tuple, compositions(sites, letters).tolist()):
            table = [[n if t == u else 0 for u in range(letters)] for t, n in enumerate(content)]
            for star in range(letters) if source.starred else [None]:
                counts = tuple(n + int(t == star) for t, n in enumerate(content))
                weight = law.symbolic_sequence_probability(counts) * orders(content)
                if weight:
                    value = source(table, None if star is None else (star, star))
                    scale = field(weight) if law.parameters and field else real(Fraction(weight))
                    total = total + value * scale
        if field is not None:
            return field(total).to_sympy()
        return to_expression(total) if is_exact(total) else from_arb(total)
