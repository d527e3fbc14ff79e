r"""The derivation of the end of a learning curve, limit + coefficient n^exponent.

The equations of `symkern.bounds.eigenlearning` are solved once more for the checks, by bisection in 60 digits, and what is left of the test error beside its limit is
held against the tail at n = 10^p times the scale on which the last eigenvalue is learned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from symkern.claims import Derivation, Step, reference
from symkern.exact.many_digits import many_digits
from symkern.exact.real_arguments import read_real
from symkern.learning.learning_curve import LearningCurve, Tail, positive_eigenvalue

_DIGITS = 60


def curve_derivation(curve: LearningCurve) -> Derivation:
    """The steps to the tail of a learning curve; ``.check()`` solves the equations once more, in 60 digits."""
    modes = [
        (value, part.dimension, part.energy)
        for part in curve.found.parts
        if (value := float(positive_eigenvalue(part.eigenvalue))) > 0
    ]
    return tail_derivation(curve.tail, modes, read_real(curve.ridge, "ridge"), curve.limit)


def tail_derivation(
    tail: Tail, modes: Sequence[tuple[float, int, float]], ridge: float, floor: float
) -> Derivation:
    """The steps to ``tail`` for ``modes`` (eigenvalue > 0, multiplicity, energy); ``floor`` is what is unlearnable, and the noise."""
    equations = _Equations(tail, tuple(modes), ridge, floor)

    def step(name: str, statement: str, reason: str, sides: Callable[..., Any]) -> Step:
        check: dict[str, Any] = {"sides": sides, "sizes": {"p": (6, 8, 10)}, "tolerance": 1e-4}
        return Step(name, statement, reason, reference("simon2023"), **check)

    steps = (
        step(
            "what is half learned",
            r"\kappa \sim \frac{\delta}{n}",
            r"In $\sum_i m_i \lambda_i/(\lambda_i + \kappa) + \delta/\kappa = n$ the sum is at most the rank $r$, so that $\delta/\kappa$ lies between $n - r$ and $n$. Without ridge $\kappa = 0$ from $n = r$ on.",
            equations.shrinks,
        ),
        step(
            "the price of overfitting",
            r"E_0 = \frac{n}{n - \sum_i m_i \mathrm{Lrn}_i^2} = 1 + \frac{r}{n} + \dots",
            r"Every $\mathrm{Lrn}_i = \lambda_i/(\lambda_i + \kappa)$ tends to 1.",
            equations.price,
        ),
        step(
            "what is missed",
            r"\sum_i (1 - \mathrm{Lrn}_i)^2 v_i^2 \sim \frac{\delta^2}{n^2} \sum_i \frac{v_i^2}{\lambda_i^2}",
            r"$1 - \mathrm{Lrn}_i = \kappa/(\lambda_i + \kappa) \sim \delta/(n \lambda_i)$.",
            equations.missed,
        ),
        step(
            "the end of the curve",
            r"E_0 \Bigl(\sum_i (1 - \mathrm{Lrn}_i)^2 v_i^2 + u + \sigma^2\Bigr) \sim "
            + (r"(u + \sigma^2) \Bigl(1 + \frac{r}{n}\Bigr)" if floor else r"\frac{\delta^2}{n^2} \sum_i \frac{v_i^2}{\lambda_i^2}"),
            r"With $u$ unlearnable and labels of noise $\sigma^2$ the price comes first, since what is missed falls as $n^{-2}$. Checked on the whole error."
            if floor
            else r"Nothing is unlearnable and labels have no noise. Checked on the whole error.",
            equations.end,
        ),
    )  # fmt: skip
    return Derivation("The end of a learning curve", steps, tail.latex())


@dataclass(frozen=True)
class _Equations:
    """The equations of eigenlearning for some modes, solved by bisection."""

    tail: Tail
    modes: tuple[tuple[float, int, float], ...]
    ridge: float
    floor: float

    @property
    def rank(self) -> int:
        return sum(m for _, m, _ in self.modes)

    def samples(self, mp: Any, p: int) -> Any:
        smallest = min((e for e, _, _ in self.modes), default=1.0)
        return mp.mpf(10) ** p * (self.rank + 1 + self.ridge / smallest)

    def kappa(self, mp: Any, n: Any) -> Any:
        """The root of sum m lambda/(lambda + kappa) + ridge/kappa = n, by bisection."""
        if not self.ridge:
            return mp.mpf(0)  # n is larger than the rank
        low, high = mp.log(self.ridge / n), mp.log(self.ridge) + 1
        for _ in range(4 * _DIGITS):
            middle = (low + high) / 2
            k = mp.exp(middle)
            above = sum(m * e / (e + k) for e, m, _ in self.modes) + self.ridge / k > n
            low, high = (middle, high) if above else (low, middle)
        return mp.exp(low)

    def overfitting(self, n: Any, k: Any) -> Any:
        return n / (n - sum(m * (e / (e + k)) ** 2 for e, m, _ in self.modes))

    def shrinks(self, p: int) -> tuple[float, float]:
        mp = many_digits(_DIGITS)
        n = self.samples(mp, p)
        return float(self.kappa(mp, n) * n / self.ridge) if self.ridge else 1.0, 1.0

    def price(self, p: int) -> tuple[float, float]:
        mp = many_digits(_DIGITS)
        n = self.samples(mp, p)
        return float((self.overfitting(n, self.kappa(mp, n)) - 1) * n), float(self.rank)

    def missed(self, p: int) -> tuple[float, float]:
        mp = many_digits(_DIGITS)
        n = self.samples(mp, p)
        k = self.kappa(mp, n)
        whole = sum(v * (k / (e + k)) ** 2 for e, _, v in self.modes) * n**2
        wanted = self.ridge**2 * sum(mp.mpf(v) / mp.mpf(e) ** 2 for e, _, v in self.modes)
        return _ratio(whole, wanted)

    def end(self, p: int) -> tuple[float, float]:
        mp = many_digits(_DIGITS)
        n = self.samples(mp, p)
        k = self.kappa(mp, n)
        bias = sum(v * (k / (e + k)) ** 2 for e, _, v in self.modes)
        rest = self.overfitting(n, k) * (bias + self.floor) - self.tail.limit
        return _ratio(rest * n ** (-self.tail.exponent), self.tail.coefficient)


def _ratio(found: Any, wanted: Any) -> tuple[float, float]:
    """Both sides as a ratio: energies may be of any size."""
    return (float(found / wanted), 1.0) if wanted else (float(found), 0.0)
