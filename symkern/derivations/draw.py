r"""Derivation of the sensitivity of draws, its steps checked on dense matrices over all v^L sequences.

The checks call the kernel on pairs of sequences and decompose with explicit projectors: they share no code with the engines.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cached_property, partial
from itertools import product
from math import prod
from typing import Any

import numpy as np
import sympy as sp

from symkern.abc import L as CONTEXT_LENGTH
from symkern.abc import v as VOCABULARY
from symkern.claims import Derivation, Step, reference
from symkern.errors import NoClosedForm
from symkern.exact.balls import Ball
from symkern.exact.exact_arguments import sympified
from symkern.kernels.algebras.match_counts import kernel_polynomial
from symkern.kernels.pipeline import Kernel
from symkern.learning.draw_report import DrawSensitivity
from symkern.limits import current
from symkern.reading.integers import power_exceeds
from symkern.spectra.spectrum import Spectrum
from symkern.typeset import formula_display

#: Hyperparameters at which the checks run: different primes over different denominators.
_VALUES = (Fraction(1, 2), Fraction(3), Fraction(2, 5), Fraction(7, 3), Fraction(5, 4))
#: Largest difference that counts as rounding, where a kernel's values are irrational.
_TOLERANCE = 1e-9


def draw_derivation(found: DrawSensitivity) -> Derivation:
    """From the definition of influence to the closed form."""
    dense = _Dense(found.spectrum)
    exact = not isinstance(found.ratio, Ball)
    tolerance = 0.0 if exact and dense.exact else _TOLERANCE
    sizes, where = dense.sizes, dense.where_few
    symbol = r"\frac{\mathbb{E} I(f)}{\mathbb{E} |f|^2}"
    if isinstance(found.ratio, Ball):
        ratio = f"{symbol} = {found.ratio.latex()}"
    else:
        ratio = formula_display(found.ratio, symbol, width=28)
    steps = (
        Step(
            "influence by resampling",
            r"\operatorname{Inf}_i(f) = \mathbb{E} \operatorname{Var}_i f = \mathbb{E} f(x)^2 - \mathbb{E} f(x) f(x^{(i)})",
            r"$x^{(i)}$ is $x$ with a new token at position $i$, drawn from the same law; given the other tokens, $f(x)$ and $f(x^{(i)})$ are independent.",
            reference("odonnell2014", "chapter 8"),
            sides=partial(where, dense.variances),
            sizes=sizes,
        ),
        Step(
            "degrees",
            r"I(f) = \sum_i \operatorname{Inf}_i(f) = \sum_d d \, \| f^{=d} \|^2",
            r"$\operatorname{Var}_i$ keeps the parts of the Efron--Stein decomposition that depend on $x_i$, and a part of degree $d$ depends on $d$ tokens. "
            r"On two uniform tokens this is the average sensitivity $\operatorname{as}(f)$.",
            f"{reference('odonnell2014', 'chapter 8')}; {reference('hahn2024')}",
            sides=partial(where, dense.degrees),
            sizes=sizes,
        ),
        Step(
            "the mean over draws",
            r"\mathbb{E} \operatorname{Inf}_i(f) = \mathbb{E} k(x, x) - \mathbb{E} k(x, x^{(i)}), \qquad "
            r"\mathbb{E} I(f) = \sum_d d \operatorname{tr}(P_d T_k P_d)",
            r"$f$ is a Gaussian process with $\mathbb{E} f(x) f(y) = k(x, y)$, and both sides are linear in these products. $T_k$ is the operator of the kernel, "
            r"and $P_d$ the projector on degree $d$.",
            reference("lavie2024"),
            sides=partial(where, dense.traces),
            sizes=sizes,
            tolerance=0.0 if dense.exact else _TOLERANCE,
        ),
        Step(
            "the closed form",
            ratio,
            r"On pairs that differ at one position with tokens $t \ne u$ the kernel depends on the counts $a, b$ of $t, u$ and the sum $S$ of the squared counts "
            r"of the other tokens among the other $L - 1$ positions; their moments come from independent Poisson counts, $z^J$ read as "
            r"$(L-1)(L-2) \cdots (L-J)$. Divided by $\mathbb{E} |f|^2 = \mathbb{E} k(x, x)$: a ratio of expectations.",
            sides=partial(where, partial(dense.ratios, found)),
            sizes=sizes,
            tolerance=tolerance,
        ),
    )
    return Derivation(f"Sensitivity of draws from {found.spectrum.kernel}", steps, ratio)


class _Dense:
    """The kernel of a spectrum on all pairs of sequences at small sizes, with numbers for its hyperparameters."""

    def __init__(self, spectrum: Spectrum) -> None:
        self.spectrum = spectrum
        self.values = dict(zip(_parameters(spectrum), _VALUES, strict=False))
        self._known: dict[tuple[int, int], Any] = {}

    @cached_property
    def exact(self) -> bool:
        """Whether values of the kernel are rational."""
        if not isinstance(self.spectrum.kernel, Kernel):
            return False
        try:
            kernel_polynomial(self.spectrum.kernel)
        except NoClosedForm:
            return False
        return True

    @property
    def sizes(self) -> dict[str, Any]:
        """Those of the spectrum, small ones for symbols."""
        length, v = self.spectrum.length, self.spectrum.vocabulary
        lengths: Any = (length,) if isinstance(length, int) else (1, 2, 3, 4)
        letters: Any = (v,) if isinstance(v, int) else (2, 3)
        return {"L": lengths, "v": letters}

    def where_few(self, sides: Callable[[int, int], tuple[Any, Any]], L: int, v: int) -> Any:
        """``sides``; None where sequences are too many, or others than asked for."""
        for size, asked in ((self.spectrum.length, L), (self.spectrum.vocabulary, v)):
            if isinstance(size, int) and size != asked:
                return None
        return None if L < 1 or power_exceeds(v, L, current().evidence_draws) else sides(L, v)

    def _chances(self, L: int, v: int) -> Any:
        """The probabilities of all sequences."""
        law = self._law(v)
        found = [prod((law[t] for t in x), start=Fraction(1)) for x in _words(L, v)]
        return np.array(found, dtype=object)

    def _resampled(self, L: int, v: int, i: int) -> list[tuple[int, int, Fraction]]:
        """Places of x and of x with a new token at position i, and the probability of the two."""
        words, chances, law = _words(L, v), self._chances(L, v), self._law(v)
        place = {x: a for a, x in enumerate(words)}
        return [
            (a, place[(*x[:i], t, *x[i + 1 :])], chances[a] * p)
            for a, x in enumerate(words)
            for t, p in enumerate(law)
        ]

    def _matrix(self, L: int, v: int) -> Any:
        """k on all pairs."""
        if (L, v) not in self._known:
            words = _words(L, v)
            names = {p.name: q for p, q in self.values.items()}
            full = np.empty((len(words), len(words)), dtype=object if self.exact else float)
            for i, x in enumerate(words):
                for j, y in enumerate(words[: i + 1]):
                    full[i, j] = full[j, i] = self._value(x, y, names)
            self._known[L, v] = full
        return self._known[L, v]

    def _value(self, x: Any, y: Any, names: dict[str, Any]) -> Any:
        value = self.spectrum.kernel(x, y, **names)
        if not self.exact:
            return float(value)
        value = sympified(value).subs(CONTEXT_LENGTH, len(x))
        return Fraction(int(value.p), int(value.q)) if isinstance(value, sp.Rational) else value

    def _law(self, v: int) -> list[Fraction]:
        return list(self.spectrum.tokens.at_sizes(vocabulary=v).letter_probabilities())

    def _function(self, L: int, v: int) -> Any:
        """A function without symmetry: the numbers 1, 2, 4, ... modulo a prime."""
        return np.array([Fraction(pow(3, i + 1, 101), 7) for i in range(v**L)], dtype=object)

    def _means(self, values: Any, L: int, v: int, i: int) -> Any:
        """E_i: the mean over the token at position i, along the first axis."""
        law = self._law(v) if values.dtype == object else [float(p) for p in self._law(v)]
        cube = values.reshape(v**i, v, v ** (L - 1 - i), -1)
        mean = sum(p * cube[:, t] for t, p in enumerate(law))
        return np.repeat(mean[:, None], v, axis=1).reshape(values.shape)

    def _part(self, values: Any, L: int, v: int, chosen: Any) -> Any:
        """f^{=P}: mean-zero at the positions chosen, constant in the others."""
        for i in range(L):
            mean = self._means(values, L, v, i)
            values = values - mean if i in chosen else mean
        return values

    def _by_degree(self, values: Any, L: int, v: int) -> list[Any]:
        found = [values * 0 for _ in range(L + 1)]
        for bits in product((0, 1), repeat=L):
            chosen = {i for i, b in enumerate(bits) if b}
            found[len(chosen)] = found[len(chosen)] + self._part(values, L, v, chosen)
        return found

    def variances(self, L: int, v: int) -> tuple[Any, Any]:
        """Inf_i as the mean of a variance; by drawing one token anew."""
        f, chances = self._function(L, v), self._chances(L, v)
        left, right = [], []
        for i in range(L):
            off = f - self._means(f, L, v, i)
            left.append(_number(sum(chances * off * off)))
            pairs = self._resampled(L, v, i)
            right.append(_number(sum(p * (f[a] * f[a] - f[a] * f[b]) for a, b, p in pairs)))
        return left, right

    def degrees(self, L: int, v: int) -> tuple[Any, Any]:
        """I(f) by positions; by degrees."""
        f, chances = self._function(L, v), self._chances(L, v)
        left = sum(sum(chances * (f - self._means(f, L, v, i)) ** 2) for i in range(L))
        right = sum(d * sum(chances * g * g) for d, g in enumerate(self._by_degree(f, L, v)))
        return _number(left), _number(right)

    def traces(self, L: int, v: int) -> tuple[Any, Any]:
        """E I(f) by drawing tokens anew; by degrees."""
        matrix = self._matrix(L, v)
        left: Any = 0
        for i in range(L):
            for a, b, p in self._resampled(L, v, i):
                left = left + (p if self.exact else float(p)) * (matrix[a, a] - matrix[a, b])
        return _number(left), _number(self._weighted_trace(L, v))

    def _weighted_trace(self, L: int, v: int) -> Any:
        """sum_d d tr(P_d T P_d), (T f)(x) = E_y k(x, y) f(y), by columns."""
        parts = self._by_degree(self._matrix(L, v) * self._weights(L, v)[None, :], L, v)
        return sum(d * np.trace(part) for d, part in enumerate(parts))

    def _weights(self, L: int, v: int) -> Any:
        """The probabilities, in floating point where the kernel is."""
        return self._chances(L, v).astype(object if self.exact else float)

    def ratios(self, report: DrawSensitivity, L: int, v: int) -> tuple[Any, Any]:
        """The closed form; E I(f) over E |f|^2."""
        dense = self._weighted_trace(L, v)
        dense = dense / sum(self._weights(L, v) * np.diag(self._matrix(L, v)))
        if isinstance(report.ratio, Ball):
            return float(report.ratio), float(dense)
        values = {p: sp.Rational(q) for p, q in self.values.items()}
        formula = report.ratio.subs({**values, CONTEXT_LENGTH: L, VOCABULARY: v})
        return (formula, _number(dense)) if self.exact else (float(formula), float(dense))


def _words(L: int, v: int) -> list[tuple[int, ...]]:
    return list(product(range(v), repeat=L))


def _parameters(spectrum: Spectrum) -> tuple[sp.Symbol, ...]:
    """Hyperparameters that are symbols; a length inside the kernel is a size."""
    return tuple(p for p in spectrum.parameters if p not in (CONTEXT_LENGTH, VOCABULARY))


def _number(value: Any) -> Any:
    if isinstance(value, Fraction):
        return sp.Rational(value)
    return float(value) if isinstance(value, (float, np.floating)) else value
