r"""Estimates of the symmetric share from counts of pairs, without the bias of their noise.

Squares of estimated moments hold the noise of the estimate, which is symmetric and hides what is not. So products are taken between different folds alone,

    off   = 2 sum_d (L-d) <k_d^b, k_d^c>,                      arrow = sum_d (L-d) (<k_d^b, k_d^c> - <k_d^b, (k_d^c)^T>),
    exch  = 4/(L (L-1)) <S^b, S^c>,  S = sum_d (L-d) sym k_d,  decay = off - exch - arrow,                  means over b != c,

k_d^b = E (e_{x_a} - p)(e_{x_{a+d}} - p)^T in fold b, p the letters' shares in the whole text: about those of the fold, topics, which are genuine exchangeable correlations, would be lost. Errors are those of the jackknife
over folds, intervals of 95 % have the t quantile of folds - 1 degrees. diag = L |diag p - p p^T|^2.

The squared norm of the centred second moments is split as in `symkern.tokens.symmetric_share`, where the same is exact for given laws. Floating point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from symkern.errors import InvalidArgument, displayed
from symkern.reading.annotated import typed
from symkern.typeset.shown import Shown


@dataclass(frozen=True)
@typed
class Estimate(Shown):
    """A number with its standard error and the ends of its 95 % interval.

    >>> print(Estimate(0.12568, 0.002, 0.1215, 0.1299))
    0.1257(20)
    """

    value: float
    error: float
    low: float
    high: float

    def __post_init__(self) -> None:
        for name in ("value", "error", "low", "high"):
            value = getattr(self, name)
            try:
                object.__setattr__(self, name, float(value))
            except OverflowError:
                rule = "must be below 1e308 in size"
                raise InvalidArgument(name, rule, f"it is {displayed(value)}") from None

    def __str__(self) -> str:
        if not (np.isfinite(self.error) and self.error > 1e-9 * abs(self.value)):
            return f"{self.value:.4g}"
        decimals = max(1 - int(np.floor(np.log10(self.error))), 0)
        return f"{self.value:.{decimals}f}({round(self.error * 10**decimals)})"


@dataclass(frozen=True)
@typed
class LengthSymmetry(Shown):
    """The symmetry of windows of one length.

    Attributes:
        length: the number of positions L.
        exchangeable: exch/off; None where correlations do not stand out of their noise, as of all shares.
        decay: decay/off.
        arrow: arrow/off; None with two letters too, where it is 0 for every stationary text.
        correlation: off/diag.
        full: (diag + exch)/(diag + off), near 1 for all text, symmetric or not.
        excess: (off - exch)/diag, 0 for exchangeable windows.
    """

    length: int
    exchangeable: Estimate | None
    decay: Estimate | None
    arrow: Estimate | None
    correlation: Estimate
    full: Estimate
    excess: Estimate


@dataclass
class LagProducts:
    """Products between folds, lag by lag: what every length is made of.

    Fed with the pairs of one lag after the other, folds by v by v, whatever keeps them.
    """

    letters: np.ndarray
    folds: int = 0
    _same: list[np.ndarray] = field(default_factory=list)
    _turned: list[np.ndarray] = field(default_factory=list)
    _mean: list[np.ndarray] = field(default_factory=list)
    #: The moments of the whole text, lag by lag.
    moments: list[np.ndarray] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folds = len(self.letters)
        total = self.letters.sum(axis=0)
        self.p = total / total.sum()
        self.variance = np.diag(self.p) - np.outer(self.p, self.p)
        v = len(self.p)
        self._zeroth, self._first = np.zeros((self.folds, v * v)), np.zeros((self.folds, v * v))

    def add(self, pairs: np.ndarray) -> None:
        """The pairs of the next lag, in integers."""
        lag, v = len(self._same) + 1, len(self.p)
        sizes = pairs.sum(axis=(1, 2))
        blocks = self._centred(pairs / np.maximum(sizes, 1)[:, None, None])
        whole = pairs.sum(axis=0, keepdims=True) / max(int(sizes.sum()), 1)
        self.moments.append(self._centred(whole)[0])
        flat = blocks.reshape(self.folds, v * v)
        turned = blocks.transpose(0, 2, 1).reshape(self.folds, v * v)
        self._same.append(flat @ flat.T)
        self._turned.append(flat @ turned.T)
        even = (flat + turned) / 2
        self._zeroth += even
        self._first += lag * even
        summed = (lag + 1) * self._zeroth - self._first  # S at L = lag + 1
        self._mean.append(summed @ summed.T)

    def _centred(self, shares: np.ndarray) -> np.ndarray:
        """E (e_{x_a} - p)(e_{x_{a+d}} - p)^T: with the letters of the fold itself, or letters' shares would be noise that folds have in common."""
        p = self.p
        first, second = shares.sum(axis=2), shares.sum(axis=1)
        mixed = first[:, :, None] * p + p[:, None] * second[:, None, :]
        return np.asarray(shares - mixed + np.outer(p, p))

    @property
    def longest(self) -> int:
        """The longest windows that the lags reach."""
        return len(self._same) + 1

    def at(self, length: int) -> LengthSymmetry:
        """The estimates for windows of this length, at least 2."""
        weights = length - np.arange(1, length)
        same = np.tensordot(weights, np.array(self._same[: length - 1]), axes=1)
        turned = np.tensordot(weights, np.array(self._turned[: length - 1]), axes=1)
        off = jackknifed(2 * same)
        arrow = jackknifed(same - turned)
        exch = jackknifed(4 / (length * (length - 1)) * self._mean[length - 2])
        diagonal = length * float(np.sum(self.variance**2))
        correlation = estimated(off / diagonal)
        full = estimated((diagonal + exch) / (diagonal + off))
        excess = estimated((off - exch) / diagonal)
        if correlation.low <= 0:
            return LengthSymmetry(length, None, None, None, correlation, full, excess)
        directed = len(self.p) > 2
        shares = exch / off, (off - exch - (arrow if directed else 0)) / off, arrow / off
        found = [estimated(share) for share in shares]
        return LengthSymmetry(
            length, found[0], found[1], found[2] if directed else None, correlation, full, excess
        )


def jackknifed(products: np.ndarray) -> np.ndarray:
    """The mean over pairs of different folds, and the same without each of the folds: 1 + folds numbers.

    >>> jackknifed(np.ones((4, 4))).tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0]
    """
    folds = len(products)
    apart = products - np.diag(np.diag(products))
    total = apart.sum()
    touching = apart.sum(axis=0) + apart.sum(axis=1)
    rest = (total - touching) / ((folds - 1) * (folds - 2))
    return np.concatenate([[total / (folds * (folds - 1))], rest])


def estimated(values: np.ndarray) -> Estimate:
    """A function of jackknifed numbers, with its error and interval.

    >>> estimated(np.array([1.0, 1.0, 1.0, 1.0])).error
    0.0
    """
    from scipy.special import stdtrit

    rest, folds = values[1:], len(values) - 1
    error = float(np.sqrt((folds - 1) / folds * np.sum((rest - rest.mean()) ** 2)))
    reach = float(stdtrit(folds - 1, 0.975)) * error
    value = float(values[0])
    return Estimate(value, error, value - reach, value + reach)


# -- multiplets ---------------------------------------------------------------------------


@dataclass(frozen=True)
@typed
class Multiplet(Shown):
    """Principal components that exchangeability would make equal: ``predicted`` L - 1 times, on (L-1,1) x u.

    Attributes:
        predicted: <u, (K_0 - K_1) u>, the mean of the eigenvalues.
        low: the least of them.
        high: the largest.
        spread: their standard deviation over the mean.
    """

    predicted: float
    low: float
    high: float
    spread: float


def multiplets(
    moments: list[np.ndarray], variance: np.ndarray, length: int, most: int
) -> tuple[Multiplet, ...]:
    """The eigenvalues of Q <u|K|u> Q, Q = 1 - J/L, for the leading eigenvectors u of K_0 - K_1.

    >>> [m] = multiplets([np.array([[0.125, -0.125], [-0.125, 0.125]])], np.array([[0.25, -0.25], [-0.25, 0.25]]), 2, 1)
    >>> round(m.predicted, 9), m.spread
    (0.25, 0.0)
    """
    weights = length - np.arange(1, length)
    lags = np.array(moments[: length - 1])
    mean = np.tensordot(weights, lags, axes=1) * 2 / (length * (length - 1))
    values, vectors = np.linalg.eigh(variance - (mean + mean.T) / 2)
    places = np.abs(np.subtract.outer(np.arange(length), np.arange(length)))
    projector = np.eye(length) - 1 / length
    found = []
    for j in range(len(values) - 1, max(len(values) - 1 - most, -1), -1):
        u = vectors[:, j]
        along = np.concatenate([[u @ variance @ u], lags @ u @ u])
        inside = np.linalg.eigvalsh(projector @ along[places] @ projector)
        zero = int(np.argmin(np.abs(inside)))  # along constants
        inside = np.delete(inside, zero)
        middle = float(inside.mean())
        if middle > 1e-12 * float(variance.max()):
            spread = float(inside.std()) / middle
            found.append(Multiplet(middle, float(inside.min()), float(inside.max()), spread))
    return tuple(found)


def lag_by_lag(
    letters: np.ndarray, pairs: Iterable[np.ndarray] | Iterator[np.ndarray]
) -> LagProducts:
    """The products of counts that come lag after lag, each folds by v by v.

    >>> lag_by_lag(np.ones((3, 2)), [np.ones((3, 2, 2))]).longest
    2
    """
    products = LagProducts(letters)
    for block in pairs:
        products.add(block)
    return products
