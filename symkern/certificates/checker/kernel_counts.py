"""Kernels that are polynomials in match counts, at any length and vocabulary, modulo a prime.

The tangent kernel comes along as a derivative: K + epsilon T with epsilon^2 = 0 stands in the place of K(x, y), while the variances K(x, x) and K(y, y) have
no epsilon; behind a layer's own weights it is multiplied by 1 + m epsilon for m matrices that the output is linear in.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from .residues import CONSTANT, Polynomial, Residue, inverse_modulo
from .verdicts import CannotCheck, NoPolynomial, spend

#: A polynomial with the power of epsilon, 0 or 1, behind those of the match counts.
Dual = dict[tuple[int, int, int, int, int, int], int]
_ONE = (*CONSTANT, 0)
_EPSILON = (*CONSTANT, 1)


def _plus(*polynomials: Dual) -> Dual:
    total: Dual = {}
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
        trained = int(stages[-1][0] == "ntk")
        self._start: Dual = {_ONE: 1, _EPSILON: 1} if trained else {_ONE: 1}
        found = self._run(stages, True)[()]
        self.terms: Polynomial = {
            key[:5]: c % prime for key, c in found.items() if c % prime and key[5] == trained
        }
        self.degree = max((i + j + 2 * e + d for i, j, e, _, d in self.terms), default=0)
        self.last = any(key[4] for key in self.terms)

    def _number(self, value: Any) -> Dual:
        return {_ONE: value.value if isinstance(value, Residue) else value % self.prime}

    def _times(self, p: Dual, q: Dual) -> Dual:
        result: Dual = {}
        spend(3 * len(p) * len(q) + 3)
        for (i, j, e, f, d, t), a in p.items():
            for (k, l, g, h, c, u), b in q.items():
                if not t or not u:
                    key = (i + k, j + l, e + g, f + h, min(d + c, 1), t + u)
                    result[key] = (result.get(key, 0) + a * b) % self.prime
        if len(result) > self.MOST or max(map(max, result), default=0) > 60:
            raise CannotCheck("not checkable within the budget: a kernel of high degree")
        return result

    def _run(self, stages: Any, with_positions: bool) -> Any:
        """Entries by what agrees there: keys (letters agree, positions agree); after the readout the one key ()."""
        n = self.length
        now = self._embedded(stages[0][1], with_positions)
        states = [now]
        for i, (name, known) in enumerate(stages[1:], 1):
            trained = 0
            if name == "residual":
                earlier = states[i - 1 - known["over"]]
                now = {key: _plus(now[key], earlier[key]) for key in now}
            elif name == "attention":
                if known["query_key"] != "independent":
                    raise NoPolynomial
                values = now if known["positions_in_values"] else self._run(stages[:i], False)
                factor = self._total({key: self._times(now[key], values[key]) for key in now})
                if known["normalize"]:
                    factor = self._times(factor, self._number(self._inverse**2))
                now = {key: self._times(p, factor) for key, p in now.items()}
                trained = 4
            elif name == "linear":
                w, b = self._number(known["weight"]), self._number(known["bias"])
                now = {key: _plus(self._times(w, p), b) for key, p in now.items()}
                trained = 1
            elif name == "mlp":
                now = self._mlp(now, known["activation"])
            elif name == "layer_norm":
                over = self._number(inverse_modulo(self._variance(now), self.prime))
                now = {key: self._times(p, over) for key, p in now.items()}
            elif name == "mean_pool":
                now = {(): self._times(self._total(now), self._number(self._inverse**2))}
            elif name == "flatten":
                m, rest = _count(1), _plus({_ONE: n}, _count(1, -1))
                both = _plus(self._times(m, now[1, 1]), self._times(rest, now[0, 1]))
                now = {(): self._times(both, self._number(self._inverse))}
            elif name == "at_position":
                d, rest = _count(4), _plus({_ONE: 1}, _count(4, -1))
                now = {(): _plus(self._times(d, now[1, 1]), self._times(rest, now[0, 1]))}
            if trained and _EPSILON in self._start:
                now = {key: self._times(p, {_ONE: 1, _EPSILON: trained}) for key, p in now.items()}
            states.append(now)
        return now

    def _embedded(self, known: Any, with_positions: bool) -> Any:
        token, position, constant = (
            self._times(self._number(known[name]), self._start)
            for name in ("token", "position", "constant")
        )
        return {
            (a, b): _plus(constant, *([token] * a), *([position] * b if with_positions else []))
            for a in (0, 1)
            for b in (0, 1)
        }

    def _total(self, entries: Any) -> Dual:
        """Sum over all pairs of positions: m agree in both, s - m in letters, L - m in positions."""
        n = self.length
        counts = {
            (1, 1): _count(1),
            (1, 0): _plus(_count(0), _count(1, -1)),
            (0, 1): _plus({_ONE: n}, _count(1, -1)),
            (0, 0): _plus({_ONE: n * n - n}, _count(0, -1), _count(1)),
        }
        return _plus(*(self._times(counts[key], p) for key, p in entries.items()))

    def _of_one(self, p: Dual, y: bool) -> Dual:
        """At (x, x) or at (y, y), without epsilon: s = X = Y, m = L, d = 1."""
        result: Dual = {}
        for (i, j, e, f, _, t), c in p.items():
            if t:
                continue
            power = i + e + f
            key = (0, 0, 0, power, 0, 0) if y else (0, 0, power, 0, 0, 0)
            result[key] = (result.get(key, 0) + c * pow(self.length, j, self.prime)) % self.prime
        return result

    def _variance(self, now: Any) -> int:
        """K_aa(x, x) where it is the same number for all x."""
        found = self._of_one(now[()] if () in now else now[1, 1], False)
        if any(c for key, c in found.items() if key != _ONE):
            raise NoPolynomial
        return found.get(_ONE, 0)

    def _mlp(self, now: Any, activation: Any) -> Any:
        if isinstance(activation, list):
            diagonal = now[()] if () in now else now[1, 1]
            p, q = self._of_one(diagonal, False), self._of_one(diagonal, True)
            return {key: self._gaussian(activation, p, q, r) for key, r in now.items()}
        if activation.hermite is None:
            raise NoPolynomial
        over = self._number(inverse_modulo(self._variance(now), self.prime))
        found = dict.fromkeys(now, self._number(1))
        for _ in range(activation.hermite):  # (r/p)^k
            found = {key: self._times(found[key], self._times(r, over)) for key, r in now.items()}
        return found

    def _gaussian(self, activation: Any, p: Dual, q: Dual, r: Dual) -> Dual:
        """E phi(u) phi(w), by E u^a w^b = (a - 1) p E u^(a-2) w^b + b r E u^(a-1) w^(b-1)."""

        @cache
        def moment(a: int, b: int) -> Any:
            if (a + b) % 2:
                return {}
            if a == 0:
                if b == 0:
                    return {_ONE: 1}
                return self._times({_ONE: b - 1}, self._times(q, moment(0, b - 2)))
            value: Dual = {}
            if a >= 2:
                value = self._times({_ONE: a - 1}, self._times(p, moment(a - 2, b)))
            if b:
                value = _plus(value, self._times({_ONE: b}, self._times(r, moment(a - 1, b - 1))))
            return value

        total: Dual = {}
        for a, c in enumerate(activation):
            for b, e in enumerate(activation):
                total = _plus(total, self._times(self._number(c * e), moment(a, b)))
        return total


def _count(which: int, factor: int = 1) -> Dual:
    """One of s, m, X, Y, d, by its place."""
    return {(*(int(i == which) for i in range(5)), 0): factor}  # type: ignore[dict-item]
