r"""Learning from any data set, judged under a symmetric law: the cross-dataset bound, and what it says of copying.

Let phi_t be an eigenfunction, with eigenvalue lambda_t, of a kernel under a symmetric law q, and fhat the kernel ridge regression (ridge sigma^2) on *any*
n samples (x_i, y_i), drawn from q or not. Then, with E_D the mean over the samples,

    |<fhat, phi_t>_q| <= (n lambda_t/sigma^2) sqrt(E_D phi_t^2 E_D y^2),

and to learn a share Lrn of the overlap <y, phi_t>_q takes

    n >= sigma^2 Lrn |<y, phi_t>_q| / (lambda_t sqrt(E_D phi_t^2 E_D y^2)).

So the irreps of the symmetric law bound what data without symmetry can teach. (Lavie, Ringel, *Demystifying Spectral Bias on Real-World Data*,
arXiv 2406.02663.) Copying: a head that copies tokens needs the irrep (L-1,1) x (v-1,1), of dimension (L-1)(v-1), whose
eigenvalues are at most E_q k/((L-1)(v-1)); hence n >= sigma^2 Lrn (L-1)(v-1)/E_q k for a normalised target.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import sympy as sp

from symkern.abc import sigma2
from symkern.bounds.samples import float_ridge
from symkern.errors import InvalidArgument, displayed
from symkern.exact import exact_at_least, exact_size
from symkern.exact.real_arguments import is_inexact, read_real

_HALF = sp.Rational(1, 2)


def cross_dataset(
    eigenvalue: Any,
    *,
    ridge: Any = sigma2,
    learnability: Any = _HALF,
    overlap: Any = 1,
    feature_power: Any = 1,
    label_power: Any = 1,
) -> Any:
    """Samples n below which no data set teaches the share ``learnability`` of an eigenfunction.

    Args:
        eigenvalue: lambda_t under the symmetric law q, above 0.
        ridge: at least 0; sigma2 where nothing is said, and a number wherever another argument is a float.
        learnability: the share that is to be learned, above 0 and at most 1.
        overlap: the size of <y, phi_t>_q.
        feature_power: E_D phi_t^2, the mean over the samples.
        label_power: E_D y^2, the mean over the samples.

    Returns:
        Exact, or a float where an argument is one. All three means are 1 for a normalised target and data that look like q.

    Raises:
        InvalidArgument: negative numbers, a zero eigenvalue or power, a learnability outside (0, 1], or floats without a number for ``ridge``.

    >>> from symkern.abc import L, v
    >>> cross_dataset(1/(L*v), learnability=1)
    L*sigma2*v
    >>> cross_dataset("1/100", ridge=1, feature_power=4)
    25
    """
    e, r, share, over, feature, label = _read(
        ("eigenvalue", eigenvalue), ("ridge", ridge), ("learnability", learnability),
        ("overlap", overlap), ("feature_power", feature_power), ("label_power", label_power),
    )  # fmt: skip
    function, data = "such a function is never learned", "such data teach nothing"
    for name, value, why in (
        ("eigenvalue", e, function), ("feature_power", feature, data), ("label_power", label, data)
    ):  # fmt: skip
        if value == 0:
            raise InvalidArgument(name, f"must not be zero: {why}", "it is 0")
    if (isinstance(share, float) or share.is_number) and not 0 < share <= 1:
        raise InvalidArgument(
            "learnability", "must lie between 0 and 1", f"it is {displayed(learnability)}"
        )
    return r * share * over / (e * _root(feature * label))


def cross_dataset_overlap(
    eigenvalue: Any, *, n: Any, ridge: Any = sigma2, feature_power: Any = 1, label_power: Any = 1
) -> Any:
    """Upper bound (n lambda/sigma^2) sqrt(E_D phi^2 E_D y^2) on the overlap |<fhat, phi>_q| after n samples.

    Args:
        eigenvalue: lambda under the symmetric law q, at least 0.
        n: the number of samples, at least 1.
        ridge: above 0; sigma2 where nothing is said.
        feature_power: E_D phi^2, the mean over the samples.
        label_power: E_D y^2, the mean over the samples.

    Raises:
        InvalidArgument: numbers out of range.

    >>> cross_dataset_overlap("1/100", n=10, ridge="1/2")
    1/5
    """
    e, r, count, feature, label = _read(
        ("eigenvalue", eigenvalue), ("ridge", ridge), ("n", n),
        ("feature_power", feature_power), ("label_power", label_power),
    )  # fmt: skip
    if r == 0:
        rule = "must be positive: without ridge there is no bound"
        raise InvalidArgument("ridge", rule, f"it is {displayed(ridge)}")
    if (isinstance(count, float) or count.is_number) and not count >= 1:
        raise InvalidArgument("n", "must be at least 1", f"it is {displayed(n)}")
    return count * e / r * _root(feature * label)


def copying(
    L: int | sp.Expr,
    v: int | sp.Expr,
    *,
    trace: Any = 1,
    ridge: Any = sigma2,
    learnability: Any = _HALF,
    overlap: Any = 1,
    feature_power: Any = 1,
    label_power: Any = 1,
) -> Any:
    """Samples below which no data set teaches a head to copy: sigma^2 Lrn (L-1)(v-1)/E_q k, of order sigma^2 L v.

    Args:
        L: the length, at least 2; a number or a formula.
        v: the number of letters, at least 2; a number or a formula.
        trace: E_q k(x, x), for a law q symmetric under S_L x S_v; above 0.
        ridge: as in `cross_dataset`.
        learnability: as in `cross_dataset`.
        overlap: as in `cross_dataset`.
        feature_power: as in `cross_dataset`.
        label_power: as in `cross_dataset`.

    >>> from symkern.abc import L, v
    >>> copying(L, v, learnability=1)
    sigma2*(L - 1)*(v - 1)
    >>> copying(1024, 50257, ridge="1/10")
    12852972/5
    """
    length, letters = exact_size(L, "L", 2), exact_size(v, "v", 2)
    [power] = _read(("trace", trace))
    if power == 0:
        raise InvalidArgument("trace", "must not be zero", "it is 0")
    return cross_dataset(
        power / ((length - 1) * (letters - 1)),
        ridge=ridge,
        learnability=learnability,
        overlap=overlap,
        feature_power=feature_power,
        label_power=label_power,
    )


def _read(*named: tuple[str, Any]) -> tuple[Any, ...]:
    """All floats if one of them is, all exact otherwise; none negative."""
    if any(is_inexact(value) for _, value in named):
        return tuple(
            float_ridge(value) if name == "ridge" else read_real(value, name, minimum=0)
            for name, value in named
        )
    return tuple(exact_at_least(value, name) for name, value in named)


def _root(value: Any) -> Any:
    return sqrt(value) if isinstance(value, float) else sp.sqrt(value)
