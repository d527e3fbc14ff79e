r"""Blocks of a polynomial kernel for any law of independent tokens, or a mixture of such laws, with L symbolic.

One site has the basis 1, b_1, ..., b_{v-1} with b_u = [x = u] - q_u, the same for every law of a mixture. As in `states`, a function of
shape mu[L] is known by its part of full degree in k = |mu| explicit sites; here a *letter state* lists the letter of each explicit site,
the numbers of bulk sites with each letter, and the letter of the star (0 for the constant) where one position is read. Letters in the bulk
are averaged over its sites.

* The count n_t is a sum over sites of [x = t]: 1 -> b_t + q_t, b_u -> ([u = t] - q_u)(b_t + q_t) (and [x = 0] is 1 minus the others).
* For one law p of independent tokens T_{z^m} is the product over sites of E + (z - 1) M with E the mean and (M f)(x) = p(x) f(x), so
  T_{(m)_j}/j! is its coefficient of (z - 1)^j; in the basis E: b_u -> p_u - q_u, M: 1 -> sum p_t [x = t], b_u -> p_u [x = u] - q_u M 1.
* A mixture of laws is the mixture of the operators.

The centres q are free. With q = p, the Efron-Stein basis of a single law, E maps every letter to zero: T_{m^j} vanishes on degrees above j, and
what stands inside many counts is short. The letters of a state are then uncorrelated on different sites, and a state with b letters in the bulk has a
norm of order L^(-b/2).

The image of T has degree at most D, so that its nonzero eigenvalues are those on functions of degree at most D.
Explicit sites take part in full: a site that is constant in the whole function stands in the part we keep with
minus its letter moved to the bulk, for any set of explicit sites.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations, product
from math import comb, factorial
from typing import Any

from symkern.combinatorics.stirling_numbers import stirling2
from symkern.engines.match_counts.blocks import Exponents
from symkern.engines.match_counts.letter_spaces import LetterSpace, LetterState
from symkern.exact import FunctionField, RationalFunction

Counts = tuple[int, ...]
Vector = dict[LetterState, RationalFunction]


@dataclass(frozen=True)
class LetterOperator:
    """T_k for k = sum of ``terms`` (exponents of s, m, s_x, s_y, d) under a mixture of independent laws.

    ``laws`` lists (weight, probabilities), ``centres`` q_0, ..., q_{v-1} (q_0 is not used; none are zeros); ``length`` and the coefficients are
    elements of ``field``.
    """

    field: FunctionField
    terms: Mapping[Exponents, RationalFunction]
    length: RationalFunction
    laws: tuple[tuple[Fraction, tuple[Fraction, ...]], ...]
    star: bool
    centres: tuple[Fraction, ...] = ()
    _known: dict[tuple[int, int, int, LetterState], Vector] = dataclasses.field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _bulks: dict[Any, dict[Counts, RationalFunction]] = dataclasses.field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    @property
    def letters(self) -> int:
        """Number of letters v."""
        return len(self.laws[0][1])

    @cached_property
    def _site(self) -> tuple[_Site, ...]:
        """What one site does under each law."""
        centres = self.centres or (Fraction(0),) * self.letters
        return tuple(_Site(p, centres) for _, p in self.laws)

    @cached_property
    def _indicators(self) -> dict[tuple[int, int], dict[int, Fraction]]:
        """[x = t], t > 0, times the letter u (0 for the constant)."""
        site = self._site[0]
        return {(t, u): site.indicator(t, u) for t in range(1, self.letters) for u in range(self.letters)}  # fmt: skip

    @cached_property
    def _is_centred(self) -> bool:
        """Whether every law maps every letter to zero."""
        return not any(q for site in self._site for q in site.means[1:])

    @property
    def sites(self) -> RationalFunction:
        """Number of symmetric positions."""
        return self.length - 1 if self.star else self.length

    @cached_property
    def _groups(self) -> dict[tuple[int, int], dict[tuple[int, int, int], RationalFunction]]:
        """The terms by their powers of s_x and s_y."""
        found: dict[tuple[int, int], dict[tuple[int, int, int], RationalFunction]] = {}
        for (i, j, a, b, q), c in self.terms.items():
            found.setdefault((a, b), {})[i, j, q] = c
        return dict(sorted(found.items()))

    @cached_property
    def matches(self) -> int:
        """Highest power of m."""
        return max((j for _, j, _, _, _ in self.terms), default=0)

    @cached_property
    def degree(self) -> int:
        """Degree that the image of the operator does not exceed."""
        return max((i + j + 2 * a for i, j, a, _, _ in self.terms), default=0)

    def block(self, space: LetterSpace) -> list[list[RationalFunction]]:
        """Matrix of T_k on the space."""
        columns = []
        for source in space.sources:
            column = [self.field.zero] * len(space)
            for state, c in self.apply(source).items():
                for i, q in space.coordinates[state]:
                    column[i] = column[i] + c * q
            columns.append(column)
        return [[column[i] for column in columns] for i in range(len(space))]

    def apply(self, source: LetterState) -> Vector:
        """T_k on one state."""
        total: Vector = {}
        for a, b in self._groups:
            vector: Vector = {source: self.field.one}
            for _ in range(b):
                vector = self._squares(vector)
            image: Vector = {}
            for state, c in vector.items():
                _accumulate(image, self._inside(a, b, 0, state), c)
            for _ in range(a):
                image = self._squares(image)
            _accumulate(total, image)
        return {s: c for s, c in total.items() if c}

    def _squares(self, vector: Vector) -> Vector:
        """Multiply by sum_t n_t^2."""
        total: Vector = {}
        for t in range(self.letters):
            _accumulate(total, self._count(self._count(vector, t), t))
        return total

    def _inside(self, a: int, b: int, level: int, state: LetterState) -> Vector:
        """What stands inside ``level`` pairs of count operators, on one state.

        With R_i that part, sum of c n...n T_{m^j d^q} n...n is R_0, and R_i = middle_i + sum_t n_t R_{i+1} n_t. Every R_i is
        computed once for each state, which many states and ways lead to.
        """
        key = a, b, level, state
        if key in self._known:
            return self._known[key]
        group = self._groups[a, b]
        if self._is_centred:
            # A count lowers the degree by one at most, and T_{m^j} sees no degree above j.
            seen = max((i + j - level for i, j, _ in group if i >= level), default=-1)
            if len(state.explicit) + sum(state.bulk) > seen:
                return {}
        own = {(j, q): c for (i, j, q), c in group.items() if i == level}
        total = self._middle({state: self.field.one}, own) if own else {}
        if level < max(i for i, _, _ in group):
            for t in range(self.letters):
                inner: Vector = {}
                for s, c in self._count({state: self.field.one}, t).items():
                    if c:
                        _accumulate(inner, self._inside(a, b, level + 1, s), c)
                _accumulate(total, self._count(inner, t))
        found = {s: c for s, c in total.items() if c}
        self._known[key] = found
        return found

    def _count(self, vector: Vector, t: int) -> Vector:
        """n_t, the number of sites with the letter t."""
        out: Vector = {}
        for s, c in vector.items():
            if t == 0:  # the length minus all other counts
                _add(out, s, c * self.length)
                for u in range(1, self.letters):
                    self._count_letter(out, s, -c, u)
            else:
                self._count_letter(out, s, c, t)
        return out

    def _count_letter(self, out: Vector, s: LetterState, c: RationalFunction, t: int) -> None:
        constants = self.sites - (len(s.explicit) + sum(s.bulk))
        for w, q in self._indicators[t, 0].items():
            bulk = _raised(s.bulk, w) if w else s.bulk
            _add(out, LetterState(s.explicit, bulk, s.star), c * constants * q)
            if w:  # an explicit site that is constant
                for i, u in enumerate(s.explicit):
                    explicit = (*s.explicit[:i], w, *s.explicit[i + 1 :])
                    _add(out, LetterState(explicit, _raised(s.bulk, u), s.star), c * -q)
        for u, times in enumerate(s.bulk, 1):
            if times:
                lower = (*s.bulk[: u - 1], times - 1, *s.bulk[u:])
                for w, q in self._indicators[t, u].items():
                    bulk = _raised(lower, w) if w else lower
                    _add(out, LetterState(s.explicit, bulk, s.star), c * (q * times))
        for i, u in enumerate(s.explicit):
            for w, q in self._indicators[t, u].items():
                if w:
                    explicit = (*s.explicit[:i], w, *s.explicit[i + 1 :])
                    _add(out, LetterState(explicit, s.bulk, s.star), c * q)
        if self.star:
            for w, q in self._indicators[t, s.star].items():
                _add(out, LetterState(s.explicit, s.bulk, w), c * q)

    def _middle(self, vector: Vector, terms: Mapping[tuple[int, int], RationalFunction]) -> Vector:
        """sum of c T_{m^j d^q}, mixed over the laws."""
        out: Vector = {}
        highest = max(j for j, _ in terms)
        for (weight, _), site in zip(self.laws, self._site, strict=True):
            for s, c in vector.items():
                by_subset = [self._subsets(s, site, j) for j in range(highest + 1)]
                for (j, q), e in terms.items():
                    for r in range(j + 1) if self.star else (0,):
                        outer = self._at_star(s.star, site, matched=bool(r + q))
                        scale = c * e * (weight * comb(j, r))
                        for i in range(j - r + 1):
                            count = stirling2(j - r, i) * factorial(i)
                            if not count:
                                continue
                            for t, value in by_subset[i].items():
                                for star, share in outer.items():
                                    _add(
                                        out,
                                        LetterState(t.explicit, t.bulk, star),
                                        scale * value * (share * count),
                                    )
        return out

    def _at_star(self, u: int, site: _Site, matched: bool) -> dict[int, Fraction]:
        """M or E on the star's letter; nothing where no position is read."""
        if not self.star:
            return {0: Fraction(1)}
        if matched:
            return site.matched[u]
        return {0: site.means[u]} if site.means[u] else {}

    def _subsets(self, s: LetterState, site: _Site, j: int) -> Vector:
        """Sum over j-subsets of the symmetric sites of M on the subset and E on the others."""
        k = len(s.explicit)
        out: Vector = {}
        if j < k:
            return out
        for size in range(k + 1):
            for constant in combinations(range(k), size):
                bulk = list(s.bulk)
                choices = []
                for i, u in enumerate(s.explicit):
                    if i in constant:
                        bulk[u - 1] += 1
                    image = site.matched[0 if i in constant else u]
                    choices.append([(w, x) for w, x in image.items() if w])
                inside = self._bulk(tuple(bulk), site, j - k, k)
                for letters in product(*choices):
                    explicit = tuple(w for w, _ in letters)
                    scale = Fraction((-1) ** size)
                    for _, x in letters:
                        scale *= x
                    if scale:
                        for counts, value in inside.items():
                            _add(out, LetterState(explicit, counts, s.star), value * scale)
        return out

    def _bulk(
        self, bulk: tuple[int, ...], site: _Site, chosen: int, explicit: int
    ) -> dict[tuple[int, ...], RationalFunction]:
        """Coefficient of z^chosen in the product of E + z M over the bulk sites; found once for each law and bulk."""
        key = site.probabilities, bulk, chosen, explicit
        if key not in self._bulks:
            self._bulks[key] = self._new_bulk(bulk, site, chosen, explicit)
        return self._bulks[key]

    def _new_bulk(
        self, bulk: tuple[int, ...], site: _Site, chosen: int, explicit: int
    ) -> dict[tuple[int, ...], RationalFunction]:
        constants = self.sites - (explicit + sum(bulk))
        # Letters first: series[i] maps bulk letters after the operator to the coefficient of z^i.
        series: list[dict[tuple[int, ...], Fraction]] = [{(0,) * len(bulk): Fraction(1)}]
        for u, count in enumerate(bulk, 1):
            for _ in range(count):
                series = _times(series, site.means[u], site.matched[u], chosen)
        total: dict[tuple[int, ...], RationalFunction] = {}
        image = site.matched[0]
        ones: list[dict[tuple[int, ...], Fraction]] = [{(0,) * len(bulk): Fraction(1)}]
        ways = self.field.one
        for r in range(chosen + 1):
            if chosen - r < len(series):
                for a, x in series[chosen - r].items():
                    for b, y in ones[0].items():
                        key = tuple(m + n for m, n in zip(a, b, strict=True))
                        value = ways * (x * y)
                        total[key] = total[key] + value if key in total else value
            ones = [_applied(ones[0], image)]
            ways = ways * (constants - r) / (r + 1)
        return total


class _Site:
    """One site under the law p, in the basis 1, b_u = [x = u] - q_u: ``means`` E of the letters and ``matched`` M of them, the constant first."""

    def __init__(self, p: Sequence[Fraction], centres: Sequence[Fraction]) -> None:
        self.centres = centres
        self.probabilities = tuple(p)
        letters = range(1, len(p))
        self.means = [Fraction(1), *(p[u] - centres[u] for u in letters)]
        one = {u: p[u] - p[0] for u in letters}
        one[0] = p[0] + sum((c * centres[u] for u, c in one.items()), Fraction(0))
        self.matched = [one]
        for u in letters:
            image = {w: -centres[u] * c for w, c in one.items()}
            image[u] += p[u]
            image[0] += p[u] * centres[u]
            self.matched.append(image)
        self.matched = [{w: c for w, c in image.items() if c} for image in self.matched]

    def indicator(self, t: int, u: int) -> dict[int, Fraction]:
        """[x = t], t > 0, times the letter u: ([u = t] - q_u)(b_t + q_t)."""
        scale = int(u == t) - self.centres[u] if u else Fraction(1)
        return {w: c * scale for w, c in ((0, self.centres[t]), (t, Fraction(1))) if c * scale}


def _applied(
    polynomial: dict[tuple[int, ...], Fraction], image: Mapping[int, Fraction]
) -> dict[tuple[int, ...], Fraction]:
    """A polynomial in the bulk letters times sum of image[w] Y_w, Y_0 = 1."""
    out: dict[tuple[int, ...], Fraction] = {}
    for counts, x in polynomial.items():
        for w, y in image.items():
            key = _raised(counts, w) if w else counts
            out[key] = out.get(key, Fraction(0)) + x * y
    return {key: x for key, x in out.items() if x}


def _times(
    series: list[dict[tuple[int, ...], Fraction]],
    mean: Fraction,
    image: Mapping[int, Fraction],
    highest: int,
) -> list[dict[tuple[int, ...], Fraction]]:
    """A power series in z times mean + z image, up to z^highest."""
    out: list[dict[tuple[int, ...], Fraction]] = [{} for _ in range(min(len(series), highest) + 1)]
    for i, polynomial in enumerate(series):
        if i < len(out):
            for key, x in polynomial.items():
                if mean:
                    out[i][key] = out[i].get(key, Fraction(0)) + x * mean
        if i + 1 < len(out):
            for key, x in _applied(polynomial, image).items():
                out[i + 1][key] = out[i + 1].get(key, Fraction(0)) + x
    return out


def _raised(counts: tuple[int, ...], u: int) -> tuple[int, ...]:
    return (*counts[: u - 1], counts[u - 1] + 1, *counts[u:])


def _add(out: Vector, s: LetterState, c: RationalFunction) -> None:
    out[s] = out[s] + c if s in out else c


def _accumulate(total: Vector, more: Vector, times: RationalFunction | None = None) -> None:
    for s, c in more.items():
        _add(total, s, c if times is None else c * times)
