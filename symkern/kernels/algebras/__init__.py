"""What the stages of a pipeline compute with: one file an algebra.

A pipeline is one recursion on K_ab(x, y); an *algebra* says what K_ab is and how it is added, multiplied and summed:

* `match_counts`: four patterns with coefficients in the match counts, symbolic in L; a kernel polynomial comes out;
* `position_types`: matrices over types of positions, for values on contingency tables, exact or in balls;
* `given_sequences`: L x L matrices of SymPy expressions, for one value on two given sequences.

A stage is written once, in the operations of `algebra.Algebra`, and acts in all of them; where one of them needs a rule
of its own, the stage has a method ``in_<name of the algebra>``. So a further algebra (arrays of floats, jets in 1/L, pairs of a
kernel with its tangent kernel) is a further file here with a subclass of `Algebra`, and an estimate that follows the
recursion without computing it (degrees, couplings, ranks: see the engines) is a subclass beside the one who asks.
"""

from symkern.kernels.algebras.algebra import Algebra
from symkern.kernels.algebras.given_sequences import Sequences
from symkern.kernels.algebras.match_counts import MatchCounts
from symkern.kernels.algebras.position_types import PositionTypes

__all__ = ["Algebra", "MatchCounts", "PositionTypes", "Sequences"]
