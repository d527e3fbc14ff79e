r"""The cross-dataset bound with a law of the data in the place of sample means.

In n >= sigma^2 Lrn |<y, phi>_q|/(lambda sqrt(E_D phi^2 E_D y^2)) (`symkern.bounds.cross_dataset`) the means over a data set D are numbers that nobody has beforehand. Averaged over data sets whose
windows all have the law P, overlapping or not, the bound E <fhat, phi>_q <= (n lambda/sigma^2) sqrt(E_P phi^2 E_P y^2) holds with the population moments (Cauchy and Schwarz); a single data set may
exceed it. P may have memory, while q is symmetric. The moments are exact: `symkern.tokens.site_products`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from symkern.abc import sigma2
from symkern.bounds.cross_dataset import cross_dataset, cross_dataset_overlap
from symkern.claims import Standing
from symkern.errors import InvalidArgument, SizeMismatch
from symkern.exact import exact_at_least
from symkern.exact.written import fields_repr
from symkern.reading.annotated import typed
from symkern.targets.formula_targets import FormulaTarget
from symkern.tokens import HiddenMarkov, Law, require_law
from symkern.tokens.site_products import second_moment


@dataclass(frozen=True)
@typed
class PopulationBound:
    """Moments under both laws, and the bounds that they give.

    Attributes:
        eigenvalue: lambda, under the symmetric law.
        feature_power: E_P phi^2, phi normalised under the symmetric law.
        label_power: E_P y^2.
        overlap: |<y, phi>_q|.
        standing: of the bound in the mean over data sets.
    """

    eigenvalue: sp.Expr
    feature_power: sp.Expr
    label_power: sp.Expr
    overlap: sp.Expr
    standing: Standing = Standing.PROVED

    def samples(self, ridge: Any = sigma2, learnability: Any = sp.S.Half) -> Any:
        """n below which data sets of this law do not teach the share ``learnability`` of phi, in the mean.

        Args:
            ridge: at least 0; sigma2 where nothing is said.
            learnability: the share, above 0 and at most 1.
        """
        return cross_dataset(
            self.eigenvalue, ridge=ridge, learnability=learnability, overlap=self.overlap,
            feature_power=self.feature_power, label_power=self.label_power,
        )  # fmt: skip

    def learned(self, n: Any, ridge: Any = sigma2) -> Any:
        """The largest that E <fhat, phi>_q can be after n samples.

        Args:
            n: the number of samples, at least 1.
            ridge: above 0; sigma2 where nothing is said.
        """
        return cross_dataset_overlap(
            self.eigenvalue, n=n, ridge=ridge, feature_power=self.feature_power, label_power=self.label_power
        )  # fmt: skip

    def __repr__(self) -> str:
        return fields_repr(self)


@typed
def population_bound(
    eigenvalue: Any, feature: Any, label: Any = None, *, data: Law | HiddenMarkov, symmetric: Law, length: int
) -> PopulationBound:  # fmt: skip
    """The cross-dataset bound for windows of the law ``data``, judged under a symmetric law.

    Args:
        eigenvalue: of the eigenfunction under the symmetric law.
        feature: the eigenfunction phi, of any size: `site_products`, a formula, or a function of a window; an eigenfunction of ``sector.basis()``.
        label: y, phi itself unless given.
        data: the law P of the windows, with memory or without.
        symmetric: the law q of which phi is an eigenfunction.
        length: of the windows.

    Raises:
        InvalidArgument: phi or y vanishes under a law.
        SizeMismatch: the laws have different numbers of letters.
        NoClosedForm: there are too many windows, and phi or y is no sum of products.

    >>> from symkern.kernels import markov, uniform
    >>> from symkern.tokens.site_products import site_products
    >>> difference = site_products([(1, {0: [1, -1]}), (-1, {1: [1, -1]})])
    >>> found = population_bound("1/54", difference, data=markov([["3/4", "1/4"], ["1/4", "3/4"]]), symmetric=uniform(2), length=6)
    >>> found.feature_power, found.samples(learnability=1)
    (1/2, 108*sigma2)
    """
    value = exact_at_least(eigenvalue, "eigenvalue")
    if value == 0:
        rule = "must not be zero, at which nothing is learned"
        raise InvalidArgument("eigenvalue", rule, "it is 0")
    require_law(symmetric, "symmetric")
    letters = data.vocabulary, symmetric.vocabulary
    if all(isinstance(v, int) for v in letters) and len(set(letters)) > 1:
        rule = f"must have as many letters as the data, {letters[0]}"
        raise SizeMismatch("symmetric", rule, f"it has {letters[1]}")
    phi = FormulaTarget(feature) if isinstance(feature, str) else feature
    y = phi if label is None else FormulaTarget(label) if isinstance(label, str) else label
    norm = second_moment(phi, phi, symmetric, length)
    if norm == 0:
        raise InvalidArgument(
            "feature", "must not vanish under the symmetric law", "its mean square is 0"
        )
    if y is phi:  # normalised, as the eigenfunction is
        power = second_moment(phi, phi, data, length) / norm
        return PopulationBound(value, power, power, sp.S.One)
    overlap = sp.Abs(second_moment(y, phi, symmetric, length)) / sp.sqrt(norm)
    if overlap == 0:
        raise InvalidArgument("label", "must overlap with the feature under the symmetric law", "they are orthogonal")  # fmt: skip
    feature_power = second_moment(phi, phi, data, length) / norm
    label_power = second_moment(y, y, data, length)
    return PopulationBound(value, feature_power, label_power, overlap)
