"""The law of a problem as its independent components, each with the probabilities of its letters."""

from __future__ import annotations

from fractions import Fraction

from symkern.engines.large_length.jet_block import Laws
from symkern.engines.problem import Problem


def laws_of(problem: Problem) -> Laws:
    """The weights of the components, with the probabilities of each."""
    vocabulary = problem.vocabulary
    assert isinstance(vocabulary, int)
    alike = (Fraction(1, vocabulary),) * vocabulary
    return tuple((weight, p or alike) for weight, p in problem.law.symbolic_components() or ())
