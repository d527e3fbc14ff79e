"""The one place that speaks to python-flint and to SymPy's expressions as exact data.

* `rational_functions`: the field Q(symbols) over flint's sparse integer polynomials;
* `matrices`: immutable exact matrices over that field, and rational linear algebra;
* `algebraic`: real algebraic numbers as minimal polynomial and isolating interval;
* `exact_arguments`, `real_arguments`: exact values, and floats, from what users pass;
* `balls`, `ball_matrices`, `ball_roots`, `reals`, `forms`: numbers known to a proven radius, and operators given by two forms;
* `many_digits`: floating point of many digits that threads do not share;
* `quasipolynomials`: functions of an integer that are a polynomial on each residue class;
* `generic_points`, `images`: what is zero as a formula, and the normal forms of transcendental numbers;
* `sparse`, `sparse_vector`: rational matrices and vectors of thousands of entries, sparse over one denominator;
* `integer_matrices`, `binomial_products`: integers of any size in dense matrices and in products of polynomials;
* `branches`: the roots of a characteristic polynomial over Q(symbols), the way people write them.
"""

from symkern.exact.algebraic import AlgebraicNumber, real_roots
from symkern.exact.ball_matrices import BallMatrix
from symkern.exact.balls import Ball
from symkern.exact.branches import Branch, branches
from symkern.exact.exact_arguments import exact_at_least, exact_expression, exact_size
from symkern.exact.matrices import ExactMatrix
from symkern.exact.quasipolynomials import Quasipolynomial
from symkern.exact.rational_functions import (
    FunctionField,
    RationalFunction,
    function_field,
    polynomial_ring,
)
from symkern.exact.sparse import SparseMatrix
from symkern.exact.sparse_vector import RationalVector

__all__ = [
    "AlgebraicNumber",
    "Ball",
    "BallMatrix",
    "Branch",
    "ExactMatrix",
    "FunctionField",
    "Quasipolynomial",
    "RationalFunction",
    "RationalVector",
    "SparseMatrix",
    "branches",
    "exact_at_least",
    "exact_expression",
    "exact_size",
    "function_field",
    "polynomial_ring",
    "real_roots",
]
