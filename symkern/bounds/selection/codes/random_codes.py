r"""One attention head whose positions carry random codes: its loss in two numbers, averaged over the codes.

Positions carry independent unit codes z_i in R^m, the query u is made of the codes of y, the scores are z_i^T W u and the output is
V sum_i p_i x_i. The law of the codes is invariant under a group that acts absolutely irreducibly on R^m (O(m) for the sphere, signed
permutations for Rademacher codes over sqrt(m)); so gradient flow of the loss from zero stays at W = a I_m, V = c I_d, and the loss is

    d (c^2 A - 2 c B + 1/q),   A = E sum_i p_i^2,   B = (1/q) E sum of p over y,

all exact. A and B are computed in floating point by sums or quadrature (`code_averages`), for the sum query with q >= 4 over drawn Gram
matrices, with Rademacher codes where finite sums over the codes of y are too long (`sign_nodes`). Queries: *sum*, u = sum of z_i over y (the mean is the same with a/q for a and the clock 1/(q^2 m)); *dual*, u = Z_y (Z_y^T Z_y)^{-1} 1, for
which z_i.u = 1 on y. Which of the two the paper trains is not known here; its width of order q log T is that of the dual query.

Source of the task: Wang, Wei, Hsu, Lee, ICML 2024 (arXiv 2406.06893). Of the dual vector: Sanford, Hsu, Telgarsky, NeurIPS 2023 (arXiv 2306.02896).
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from math import inf

import numpy as np

from symkern.bounds.selection.codes.code_arguments import (
    read_code_sizes,
    read_score,
    read_words,
    require_query,
)
from symkern.bounds.selection.codes.code_averages import equal_parts, sum_moments
from symkern.bounds.selection.codes.code_floors import hard_loss
from symkern.bounds.selection.codes.code_flow import integrated_head
from symkern.bounds.selection.codes.code_laws import rare_floor, sum_floor
from symkern.bounds.selection.codes.code_search import LARGEST_SCORE, narrowest, smallest
from symkern.bounds.selection.codes.sign_nodes import signs_are_listed
from symkern.claims import Claim, Standing
from symkern.doors import RandomCodesDoors
from symkern.errors import InvalidArgument, displayed
from symkern.exact.real_arguments import Floats, read_real, read_real_row
from symkern.limits import current, within_time
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.typeset.shown import Shown


@dataclass(frozen=True)
@typed
class RandomCodes(RandomCodesDoors, Shown):
    """A head with random codes of width ``m``; values are floats.

    For the sum query with q >= 4, with Rademacher codes where sums are too long, averages are over ``draws`` codes of y from ``seed``, the same for every a; `standing` says so.
    """

    T: int
    d: int
    q: int
    m: int
    query: str = "sum"
    codes: str = "sphere"
    draws: int = 2000
    seed: int = 0

    @property
    def equal(self) -> bool:
        """Whether all selected tokens score alike, whatever their codes are."""
        return self.query == "dual" or self.q <= 2

    @property
    def standing(self) -> Standing:
        """PROVED where averages are sums or quadratures of exact formulas, SAMPLED where codes of y are drawn."""
        listed = signs_are_listed(self.m, self.q) if self.codes == "rademacher" else self.q == 3
        return Standing.PROVED if self.equal or listed else Standing.SAMPLED

    def moments(self, a: object) -> tuple[float, float]:
        """(A, B) = (E sum_i p_i^2, E sum of p over y, divided by q) at the score a >= 0.

        Args:
            a: the score, at least 0.

        Raises:
            InvalidArgument: a negative score.

        >>> A, B = random_codes(8, 1, 2, 16, query="dual").moments(3)
        >>> round(A, 9), round(B, 9)
        (0.338410817, 0.398547729)
        """
        score = self._read_score(a)
        if self.equal:
            with self._in_time():
                F0, F1, _, FR = equal_parts(self.T, self.q, self.m, self.query, self.codes, score)
            return float(self.q * F0 + FR), float(self.q * F0 + F1)
        weights, A, B = self._sampled(score)
        return float(weights @ A), float(weights @ B)

    def loss(self, a: object, c: object) -> float:
        """The population loss d (c^2 A - 2 c B + 1/q) of the head (a, c), without cancellation where in-scores are equal.

        Args:
            a: the score, at least 0.
            c: the value.

        Raises:
            InvalidArgument: a negative score, or a value whose square is no float.

        >>> round(random_codes(12, 1, 3, 64).loss(2.62475, 1.13556), 7)
        0.03142
        """
        score, value = self._read_score(a), _read_value(c)
        alpha, beta, gamma = self._parts(score)
        excess = value - 1.0
        return float(self.d * (alpha * excess**2 - 2 * beta * excess + gamma))

    def standard_error(self, a: object, c: object) -> float:
        """The standard error of `loss` from drawn codes of y; 0 where nothing is drawn.

        Args:
            a: the score, at least 0.
            c: the value.
        """
        score, value = self._read_score(a), _read_value(c)
        if self.standing is not Standing.SAMPLED:
            return 0.0
        _, A, B = self._sampled(score)
        return float(self.d * np.std(value**2 * A - 2 * value * B) / np.sqrt(len(A)))

    def best_value(self, a: object) -> tuple[float, float]:
        """The best c = B/A at a given a, and the loss there.

        Args:
            a: the score, at least 0.
        """
        alpha, beta, gamma = self._parts(self._read_score(a))
        return 1.0 + float(beta / alpha), float(self.d * (gamma - beta**2 / alpha))

    def best(self) -> tuple[float, float, float]:
        """(a, c, loss) of the best head a I, c I: where gradient flow from zero ends.

        For q = 1 the loss goes to 0 as a grows, (inf, 1, 0); for q = T every token is selected, and a = 0 is best.

        >>> a, c, loss = random_codes(12, 1, 3, 64).best()
        >>> round(a, 3), round(loss, 6)
        (2.625, 0.03142)
        """
        return _best(self)

    def hard_loss(self) -> float:
        """The limit of the loss as a grows, at the best c; where in-scores are equal, on the sphere."""
        if self.q == self.T or (self.q == 1 and self.codes == "sphere"):
            return 0.0
        if not self.equal or self.codes != "sphere":
            raise InvalidArgument(
                "query", "must give equal scores to codes on the sphere here", f"it is {self.query!r} with q = {self.q}, codes = {self.codes!r}",
            )  # fmt: skip
        return self.d * hard_loss(self.T, self.q, self.m)

    def law(self) -> tuple[float, float] | None:
        """(a, least loss) by the leading order: a law, not proved; None for q = 1, q = T and Rademacher codes, which have none."""
        if self.q in (1, self.T) or self.codes != "sphere" or self.m <= self.q:
            return None
        if self.equal:
            return rare_floor(self.T, self.d, self.q, self.m, self.query)
        return sum_floor(self.T, self.d, self.q, self.m)

    def at_length(self, T1: object) -> RandomCodes:
        """The same head on sequences of T1 tokens: new codes are new draws of the same law, so (a, c) is taken over as it is.

        Args:
            T1: an integer of at least q.

        Raises:
            InvalidArgument: it is below q.

        >>> codes = random_codes(12, 1, 3, 64)
        >>> a, c, _ = codes.best()
        >>> round(codes.at_length(24).loss(a, c), 5)
        0.05288
        """
        length = read_integer(T1, "T1", self.q, current().code_size)
        return replace(self, T=max(length, 2))

    def flow(self, times: Iterable[float] | float) -> CodeFlow:
        """Population gradient flow from zero, at times that do not decrease.

        Args:
            times: one or more, from 0 on, that do not decrease.

        Raises:
            InvalidArgument: times that decrease or are negative.

        >>> run = random_codes(12, 1, 2, 32, query="dual").flow([1e3])
        >>> round(float(run.a[0]), 4), round(float(run.loss[0]), 6)
        (2.8441, 0.023085)
        """
        run = CodeFlow(self, read_times(times))
        with self._in_time():
            run.loss  # noqa: B018  integrate now, so that a failure is raised here
        return run

    @property
    def claim(self) -> Claim:
        """What `derivation` proves."""
        return Claim("head with random codes")

    def _read_score(self, a: object) -> float:
        return read_score(a, self.equal)

    def _parts(self, a: float) -> tuple[float, float, float]:
        """(alpha, beta, gamma): the loss at c = 1 + e is d (alpha e^2 - 2 beta e + gamma)."""
        combined = self._combined(self._averages(a), np.zeros(4 if self.equal else 3))[0]
        return float(combined[0]), float(combined[1]), float(combined[2])

    def _averages(self, a: float) -> Floats:
        """Logarithms of the positive averages from which the loss is made: F0, F1, F2, FR, or A, B and A - 2 B + 1/q."""
        with self._in_time():
            if self.q == self.T and self.equal:
                return np.log([1 / self.q**2, 1e-300, 1e-300, 1e-300])
            if self.equal:
                parts = equal_parts(self.T, self.q, self.m, self.query, self.codes, a)
                return np.asarray(np.log(np.maximum(parts, 1e-300)))
            weights, A, B = self._sampled(a)
            first, second = float(weights @ A), float(weights @ B)
            return np.log([first, second, max(first - 2 * second + 1 / self.q, 1e-300)])

    def _combined(self, logs: Floats, slopes: Floats) -> tuple[Floats, Floats]:
        """(alpha, beta, gamma) and their derivatives, from `_averages` and theirs."""
        values = np.exp(logs)
        grown = values * slopes
        found = []
        for part in (values, grown):
            if self.equal:
                F0, F1, F2, FR = part
                found.append(np.array([self.q * F0 + FR, F1 - FR, F2 / self.q + FR]))
            else:
                A, B, gamma = part
                found.append(np.array([A, B - A, gamma]))
        return found[0], found[1]

    def _sampled(self, a: float) -> tuple[Floats, Floats, Floats]:
        with self._in_time():
            return sum_moments(self.T, self.q, self.m, a, self.codes, self.draws, self.seed)

    def _in_time(self) -> AbstractContextManager[None]:
        return within_time("this head with random codes", "smaller sizes and scores take less")


@dataclass(frozen=True)
@typed
class CodeFlow(Shown):
    """The head ``codes`` trained from zero by population gradient flow, at ``times``; arrays are read-only."""

    codes: RandomCodes
    times: tuple[float, ...]

    @cached_property
    def _solution(self) -> tuple[Floats, Floats]:
        head = self.codes
        moments = np.array(self.times)
        if head.q == head.T and head.equal:
            a, e = np.zeros_like(moments), -np.exp(-2 * moments / head.T)
        else:
            late = head.d * (head.T - head.q + 1) * max(float(moments[-1]), 1.0) / head.m
            reach = 1.0 + 0.6 * float(np.log1p(late))
            a, e = integrated_head(head._averages, head._combined, head.m, head.d, moments, reach)
        for array in (a, e):
            array.setflags(write=False)
        return a, e

    @property
    def a(self) -> Floats:
        """The score a(t)."""
        return self._solution[0]

    @property
    def excess(self) -> Floats:
        """c(t) - 1."""
        return self._solution[1]

    @property
    def c(self) -> Floats:
        """The value c(t)."""
        return 1.0 + self.excess

    @property
    def loss(self) -> Floats:
        """The population loss along the trajectory."""
        return self.loss_at(self.codes.T)

    def loss_at(self, T1: object) -> Floats:
        """The loss of the same heads on sequences of T1 tokens.

        Args:
            T1: an integer of at least q.
        """
        longer = self.codes.at_length(T1)
        if longer.q == longer.T and longer.equal:
            return np.asarray(longer.d / longer.q * self.excess**2)
        found = np.array([longer.loss(max(a, 0.0), 1 + e) for a, e in zip(self.a, self.excess, strict=True)])  # fmt: skip
        found.setflags(write=False)
        return found


def read_times(times: object) -> tuple[float, ...]:
    """Times from 0 on that do not decrease."""
    moments, most = read_real_row(times, "times", "times"), current().flow_time
    if moments.min() < 0 or moments.max() > most or np.any(np.diff(moments) < 0):
        wrong = "they decrease" if moments.min() >= 0 and moments.max() <= most else "one is outside"  # fmt: skip
        raise InvalidArgument("times", f"must grow from 0 on, up to {most:g}", wrong)
    return tuple(map(float, moments))


def random_codes(
    T: object,
    d: object,
    q: object,
    m: object,
    query: object = "sum",
    codes: object = "sphere",
    *,
    draws: int = 2000,
    seed: int = 0,
) -> RandomCodes:
    """A head on T tokens of dimension d, q of them selected, whose positions carry fresh random codes of width m.

    Floating point; in the plane (m = 2) averages at large scores keep a relative error of some 1 %.

    Args:
        T: how many tokens.
        d: their dimension.
        q: how many are selected.
        m: the width of the codes, at least 2 on the sphere and at least q for the dual query.
        query: "sum" or "dual".
        codes: "sphere", or "rademacher" for signs over sqrt(m), with the sum query.
        draws: how many codes of y are drawn where averages over them are no sum or quadrature: for the sum query with q >= 4.
        seed: of these draws.

    Returns:
        `RandomCodes` with `.moments(a)`, `.loss(a, c)`, `.best()`, `.at_length(T1)`, `.flow(times)`.

    Raises:
        InvalidArgument: sizes out of range, or a query or law of codes that is not known.
        NoClosedForm: Rademacher codes with the dual query.

    >>> codes = random_codes(12, 1, 3, 64, query="dual")
    >>> f"{codes.best()[2]:.4e}"
    '9.0943e-06'
    >>> a, c, loss = random_codes(12, 1, 3, 16, codes="rademacher").best()
    >>> round(a, 3), round(loss, 4)
    (2.116, 0.0873)
    """
    total, dimension, chosen, width = read_code_sizes(T, d, q, m)
    words = read_words(query, codes)
    require_query(chosen, width, *words)
    many = read_integer(draws, "draws", 2, current().flow_points)
    return RandomCodes(total, dimension, chosen, width, *words, many, read_integer(seed, "seed", 0))


def width_for_loss(
    T: object, d: object, q: object, loss: object, query: object = "sum", codes: object = "sphere"
) -> int:
    """The least width m whose best head has at most this loss, from the averages themselves and not from a law.

    Args:
        T: the number of tokens, an integer of at least 2.
        d: the dimension of a token, an integer of at least 1.
        q: how many tokens are selected, an integer from 1 to T.
        loss: above 0.
        query: "sum" or "dual".
        codes: "sphere" or "rademacher".

    Raises:
        InvalidArgument: a loss that is not positive, or so small that no width up to 2^24 is enough.

    >>> width_for_loss(100, 1, 3, 0.01, query="dual")
    38
    """
    error = read_real(loss, "loss", minimum=0.0)
    if error == 0:
        raise InvalidArgument("loss", "must be positive (only in the limit is it 0)", "it is 0")
    total, dimension, chosen, _ = read_code_sizes(T, d, q, 2)
    words = read_words(query, codes)
    least = max(2, chosen) if words[0] == "dual" else 2
    start = random_codes(total, dimension, chosen, least, *words)
    if dimension / chosen <= error:
        return least
    guess = 8 * chosen * max(2, int(np.log(total)))

    @lru_cache(maxsize=128)
    def excess(m: int) -> float:
        found = replace(start, m=m).best()[2]
        return -1.0 if found == 0 else float(np.log(found / error))

    with within_time("this search for a width", "a larger loss takes less"):
        found = narrowest(excess, least, _WIDEST, guess)
    if found is None:
        rule = f"must be one that a width up to {_WIDEST} reaches"
        raise InvalidArgument("loss", rule, f"it is {displayed(loss)}")
    return found


_WIDEST = 1 << 24


def _read_value(c: object) -> float:
    value = read_real(c, "c")
    if abs(value) > 1e150:
        raise InvalidArgument("c", "must be at most 1e150 in size", f"it is {displayed(c)}")
    return value


@lru_cache(maxsize=256)
def _best(codes: RandomCodes) -> tuple[float, float, float]:
    if codes.q == codes.T:
        return 0.0, 1.0, 0.0
    if codes.q == 1 and codes.codes == "sphere":
        return inf, 1.0, 0.0
    law = codes.law()
    guess = 2.0 if law is None else min(law[0], LARGEST_SCORE / 4)
    a = smallest(lambda score: codes.best_value(score)[1], max(guess, 0.1))
    c, loss = codes.best_value(a)
    return a, c, loss
