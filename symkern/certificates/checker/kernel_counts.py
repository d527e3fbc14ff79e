"""Kernels that are polynomials in match counts, at any length and vocabulary, modulo a prime."""

from __future__ import annotations

from functools import cache
from typing import Any

from .residues import CONSTANT, Polynomial, Residue, inverse_modulo
from .verdicts import CannotCheck, NoPolynomial, spend


def _plus(*polynomials: Polynomial) -> Polynomial:
    total: Polynomial = {}
    for p in polynomials:
        for key, c in p.items():
            total[key] = total.get(key, 0) + c
    return total


class MatchCounts:
    """The kernel as a polynomial in match counts, with residues for coefficients."""

    MOST = 3000  # terms

    def __init__(self, stages: Any, length: int, prime: int) -> None:
        self.prime, self.length = prime, length
        self._inverse = inverse_modulo(length, prime)
        found = self._run(stages, True)
        self.terms = {key: c % prime for key, c in found.items() if c % prime}
        self.degree = max((i + j + 2 * e + d for i, j, e, _, d in self.terms), default=0)
        self.last = any(key[4] for key in self.terms)

    def _number(self, value: Any) -> Polynomial:
        return {CONSTANT: value.value if isinstance(value, Residue) else value % self.prime}

    def _times(self, p: Polynomial, q: Polynomial) -> Polynomial:
        result: Polynomial = {}
        spend(3 * len(p) * len(q) + 3)
        for (i, j, e, f, d), a in p.items():
            for (k, l, g, h, c), b in q.items():
                key = (i + k, j + l, e + g, f + h, min(d + c, 1))
                result[key] = (result.get(key, 0) + a * b) % self.prime
        if len(result) > self.MOST or max(map(max, result), default=0) > 60:
            raise CannotCheck("not checkable within the budget: a kernel of high degree")
        return result

    def _run(self, stages: Any, with_positions: bool) -> Any:
        """Entries by what agrees there: keys (letters agree, positions agree); after the readout the one key ()."""
        n = self.length
        before = now = self._embedded(stages[0][1], with_positions)
        for i, (name, known) in enumerate(stages[1:], 1):
            if name == "residual":
                now = {key: _plus(now[key], before[key]) for key in now}
                continue
            before = now
            if name == "attention":
                if known["query_key"] != "independent":
                    raise NoPolynomial
                values = now if known["positions_in_values"] else self._run(stages[:i], False)
                factor = self._total({key: self._times(now[key], values[key]) for key in now})
                if known["normalize"]:
                    factor = self._times(factor, self._number(self._inverse**2))
                now = {key: self._times(p, factor) for key, p in now.items()}
            elif name == "linear":
                w, b = self._number(known["weight"]), self._number(known["bias"])
                now = {key: _plus(self._times(w, p), b) for key, p in now.items()}
            elif name == "mlp":
                now = self._mlp(now, known["activation"])
            elif name == "mean_pool":
                now = {(): self._times(self._total(now), self._number(self._inverse**2))}
            elif name == "flatten":
                m, rest = {(0, 1, 0, 0, 0): 1}, {CONSTANT: n, (0, 1, 0, 0, 0): -1}
                both = _plus(self._times(m, now[1, 1]), self._times(rest, now[0, 1]))
                now = {(): self._times(both, self._number(self._inverse))}
            else:
                d, rest = {(0, 0, 0, 0, 1): 1}, {CONSTANT: 1, (0, 0, 0, 0, 1): -1}
                now = {(): _plus(self._times(d, now[1, 1]), self._times(rest, now[0, 1]))}
        return now if len(stages) and with_positions is False else now.get((), now)

    def _embedded(self, known: Any, with_positions: bool) -> Any:
        token, position, constant = (
            self._number(known[name]) for name in ("token", "position", "constant")
        )
        return {
            (a, b): _plus(constant, *([token] * a), *([position] * b if with_positions else []))
            for a in (0, 1)
            for b in (0, 1)
        }

    def _total(self, entries: Any) -> Polynomial:
        """Sum over all pairs of positions: m agree in both, s - m in letters, L - m in positions."""
        n = self.length
        s, m = (1, 0, 0, 0, 0), (0, 1, 0, 0, 0)
        counts = {
            (1, 1): {m: 1},
            (1, 0): {s: 1, m: -1},
            (0, 1): {CONSTANT: n, m: -1},
            (0, 0): {CONSTANT: n * n - n, s: -1, m: 1},
        }
        return _plus(*(self._times(counts[key], p) for key, p in entries.items()))

    def _of_one(self, p: Polynomial, y: bool) -> Polynomial:
        """At (x, x) or at (y, y): s = X = Y, m = L, d = 1."""
        result: Polynomial = {}
        for (i, j, e, f, _), c in p.items():
            power = i + e + f
            key = (0, 0, 0, power, 0) if y else (0, 0, power, 0, 0)
            result[key] = (result.get(key, 0) + c * pow(self.length, j, self.prime)) % self.prime
        return result

    def _mlp(self, now: Any, activation: Any) -> Any:
        if isinstance(activation, str):
            raise NoPolynomial
        diagonal = now[()] if () in now else now[1, 1]
        p, q = self._of_one(diagonal, False), self._of_one(diagonal, True)
        return {key: self._gaussian(activation, p, q, r) for key, r in now.items()}

    def _gaussian(self, activation: Any, p: Polynomial, q: Polynomial, r: Polynomial) -> Polynomial:
        """E phi(u) phi(w), by E u^a w^b = (a - 1) p E u^(a-2) w^b + b r E u^(a-1) w^(b-1)."""

        @cache
        def moment(a: int, b: int) -> Any:
            if (a + b) % 2:
                return {}
            if a == 0:
                if b == 0:
                    return {CONSTANT: 1}
                return self._times({CONSTANT: b - 1}, self._times(q, moment(0, b - 2)))
            value: Polynomial = {}
            if a >= 2:
                value = self._times({CONSTANT: a - 1}, self._times(p, moment(a - 2, b)))
            if b:
                value = _plus(
                    value, self._times({CONSTANT: b}, self._times(r, moment(a - 1, b - 1)))
                )
            return value

        total: Polynomial = {}
        for a, c in enumerate(activation):
            for b, e in enumerate(activation):
                total = _plus(total, self._times(self._number(c * e), moment(a, b)))
        return total
