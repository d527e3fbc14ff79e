r"""Confirms or refutes a certificate. Standard library alone: ``python -m checker FILE...`` where this folder lies.

A certificate is a claim in JSON: formulas as text. This program shares no code with what wrote it. It reads formulas by a grammar of its own, never evaluates
text as code, and computes in fractions. What has to be tested follows from the claim: nothing in the file says where it wants to be looked at, and what a file says
of its own standing is not read. The report tells in one table what was tested and what was not; "confirmed" is never said of a comparison that was left out.

**Spectra.** The claim: the operator (T f)(x) = sum_y k(x, y) P(y) f(y) on functions of sequences of L tokens has on each sector, a pair of irreps of the groups that
move positions and letters, the roots of a polynomial as eigenvalues, each `dimension` times, and no others. Two independent ways decide.

*At small sizes* the kernel is evaluated on all sequences by its recursion. Functions that a Young subgroup H of positions and letters leaves alone form a space
on which T is a matrix indexed by the orbits of H. By the determinant of Jacobi and Trudi, sum over permutations of signs times traces of such matrices gives
trace(block^j) of each sector by itself, so that labels are tested and not only the sum. j = 1, ..., 2p + 2 suffice, p a bound on the number of distinct nonzero
claimed eigenvalues: T is similar to a symmetric matrix, its nonzero eigenvalues t_i on the sector are real, and g(x) = x^2 prod (x - c)^2 over the claimed c is not
negative on the real line, so that sum_i g(t_i) = 0 makes every t_i a claimed value; then the equations j <= p, a Vandermonde system, give the multiplicities. That no
sector is missing is the equation sum of dimension x trace(block^2) = trace(T^2), as no sector contributes a negative number.

*At all sizes*, for kernels that are polynomials in match counts: see `kernel_counts.MatchCounts` and `sector_blocks.Blocks`. L, v and the hyperparameters become residues
modulo a prime of 121 bits. They and the prime are digits of SHA-256 of the file's text, so that nobody can write a claim that is right there only: a false
identity of degree D passes with a chance below D/2^120 (Schwartz, Zippel).

Below the sizes at which the sectors are claimed to be the spectrum, dimensions may be zero or negative and the equations of traces are claimed as they stand.

**Irrational kernels** (softmax, relu, erf) are enclosed in intervals of 256 binary digits with proven ends; the claim is then confirmed up to the stated width,
and of hyperparameters at the three that were tried, between 1/48 and 48: a formula that is wrong elsewhere, or by less than the width, is not told from a right one. The width is
that of sums of powers: eigenvalues near zero are known to about its root.

**Series in 1/L** (`series_check`) of kernels on two letters are tested, and not proved: at a length of some 10^48 the eigenvalues of each sector come from quadrature in decimals of
some hundred digits, and each claimed branch must be the one of its rank by size there to the order that is claimed.

Exit status: 0 all confirmed, 1 one refuted or not checkable within the budget, 2 one that cannot be read.

**Alone.** The folder imports nothing of what is around it: copied anywhere, ``python -m checker FILE`` and ``python checker FILE`` run it; ``symkern verify --checker
checker.pyz`` writes it as one file.
"""

from .program import check, main
from .verdicts import CannotCheck, Report

__all__ = ["CannotCheck", "Report", "check", "main"]
