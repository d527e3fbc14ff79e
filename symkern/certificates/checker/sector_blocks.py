"""Blocks of the operator on sectors at any length and vocabulary, modulo a prime."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, pairwise, product
from math import comb, factorial, prod
from typing import Any

from .claimed_laws import Law
from .kernel_counts import MatchCounts
from .labels import all_partitions, padded
from .modular_matrices import solved
from .residues import Chance, inverse_modulo, residue_of
from .slots import Slot, Word, column_terms, slots_of
from .verdicts import CannotCheck, spend

#: Words of one length that are gone through one by one.
MOST_WORDS = 60_000


class _Independent:
    """Words on which functions are independent, and their values there; one word after another."""

    def __init__(self, blocks: Blocks, functions: Any, positions: Any, letters: Any) -> None:
        self.blocks, self.functions = blocks, functions
        self.positions, self.letters = positions, letters
        self.words: list[Any] = []
        self.rows: list[list[int]] = []
        self.pivots: list[int] = []
        self._reduced: list[list[int]] = []

    @property
    def full(self) -> bool:
        """Whether no further word can be independent."""
        return len(self.words) == len(self.functions)

    def take(self, word: Word) -> bool:
        """Add the word where its values are independent of the others'."""
        blocks, prime = self.blocks, self.blocks.prime
        where = blocks.places(word, self.positions, self.letters)
        row = [blocks.summed(blocks.value, f, word, where) for f in self.functions]
        spend(3 * len(self._reduced) * len(row) + 10)
        left = row
        for r, p in zip(self._reduced, self.pivots):
            if left[p]:
                c = left[p]
                left = [(a - c * b) % prime for a, b in zip(left, r)]
        pivot = next((i for i, a in enumerate(left) if a), None)
        if pivot is None:
            return False
        inverse = pow(left[pivot], -1, prime)
        self._reduced.append([a * inverse % prime for a in left])
        self.pivots.append(pivot)
        self.words.append((word, where))
        self.rows.append(row)
        return True


class Blocks:
    """Blocks of the operator on sectors at one length and vocabulary, each a number or a residue.

    Functions are e_T F with e_T the Young symmetrisers of positions and letters and F spanned by products of `Slot`s: as many independent ones as the sector
    occurs among functions of at most D sites. T f is taken at words by the generating function of (s, m, counts), a product over sites, and
    read off in those functions again; one more word must agree.
    """

    def __init__(
        self,
        chance: Chance,
        law: Law,
        fixed: bool,
        counts: MatchCounts,
        numbers: tuple[int | None, int | None],
        sizes: tuple[int, int],
        renamed: bool,
    ) -> None:
        """``numbers``: length and number of letters where they are numbers; ``sizes`` as residues; ``renamed``: sectors have irreps of letters."""
        self.counts, self.prime, self.chance = counts, counts.prime, chance
        self.fixed = fixed  # the last position does not move
        self.length, self.letters = numbers
        self.positions = sizes[0] - self.fixed
        self.vocabulary = sizes[1]
        self.laws = [
            (residue_of(w, self.prime), [residue_of(q, self.prime) for q in p])
            for w, p in law.independent(self.letters, renamed)
        ]
        self.grid = sorted(
            {(i, j) for a, b, *_ in counts.terms for i in range(a + 1) for j in range(b + 1)},
            key=lambda pair: (sum(pair), pair),
        )
        self._shapes: dict[tuple[int, ...], Any] = {}
        #: Moments of the bulk of a word, which the functions share.
        self._table: dict[Any, dict[Any, Any]] = {}

    # -- functions and words

    def block(self, mu: tuple[int, ...], kappa: tuple[int, ...] | None) -> list[list[int]]:
        """The matrix of T on the multiplicity space of the sector, on functions of at most D sites."""
        named, positions = column_terms(mu)
        if kappa is None:
            assert self.letters is not None
            labels, present = self.letters - 1, self.letters
            letters = {tuple(range(labels)): 1}
        else:
            least, letters = column_terms(kappa)
            labels, present = sum(kappa), least + self.counts.degree
            if self.letters is not None:
                listed = any(p for _, p in self.laws)
                present = self.letters if listed else min(present, self.letters)
        free = None if self.length is None else self.length - self.fixed - named
        if (free is not None and free < 0) or (kappa is not None and present < least):
            raise CannotCheck("a label that does not occur at this size")
        self.present = present = max(1, present)
        self._table.clear()
        self.few = (0 if kappa is None else least) + self.counts.degree + 1
        # Boxes of one row are exchanged by the symmetriser, and so are labels of one row: one function of each kind.
        rows_of = [
            [r for r, row in enumerate(shape) for _ in range(row)] for shape in (mu, kappa or ())
        ]
        kinds: dict[Any, tuple[Slot, ...]] = {}
        for f in slots_of(sum(mu), labels, self.counts.degree, self.fixed, kappa is not None):
            spend(20)
            kind = sorted(
                (
                    rows_of[1][slot.label] if kappa and slot.label >= 0 else slot.label,
                    sorted(rows_of[0][i] for i in slot.boxes),
                    slot.power,
                    slot.last,
                )
                for slot in f
            )
            kinds.setdefault(repr(kind), f)
        functions = list(kinds.values())
        functions.sort(key=lambda f: sum(len(s.boxes) + s.power + s.last for s in f))
        basis = _Independent(self, functions, positions, letters)
        misses = 0
        most = 40 if free is None else 40 + 20 * len(functions)  # few words: many are met again
        while misses < most and not basis.full:
            misses += not basis.take(self._word(mu, named, free))
        if free is not None and not basis.full:
            self._complete(basis, mu, named, free, least if kappa is not None else present)
        words, rows, pivots = basis.words, basis.rows, basis.pivots
        if not words:
            return []
        pivots.sort()
        chosen = [functions[i] for i in pivots]
        values = [[row[i] for i in pivots] for row in rows]
        images = [[self.summed(self._mean, f, *at) for f in chosen] for at in words]
        block = solved(values, images, self.prime)
        for _ in range(1 if free is None else 6):
            word = self._word(mu, named, free)
            where = self.places(word, positions, letters)
            here = [self.summed(self.value, f, word, where) for f in chosen]
            there = [self.summed(self._mean, f, word, where) for f in chosen]
            if there != [
                sum(a * b[k] for a, b in zip(here, block)) % self.prime for k in range(len(chosen))
            ]:
                raise CannotCheck("functions of so few sites that T leads out of them")
        return block

    def _complete(
        self, basis: _Independent, mu: tuple[int, ...], named: int, free: int, told: int
    ) -> None:
        """Words that chance may never draw, all letters alike say: all of them where they can be gone through, else no function is missing that there is at other lengths."""
        sites = named + self.fixed
        if self.present**sites * comb(free + self.present - 1, self.present - 1) <= MOST_WORDS:
            for word in self._all_words(named, free, told):
                spend(5)
                if not basis.full:
                    basis.take(word)
            return
        generic = Blocks.__new__(Blocks)
        generic.__dict__.update(vars(self))
        generic.positions = self.chance.below(self.prime)
        other = _Independent(generic, basis.functions, basis.positions, basis.letters)
        misses = 0
        while misses < 40 and not other.full:
            misses += not other.take(generic._word(mu, named, None))
        if len(other.words) != len(basis.words):
            raise CannotCheck("not checkable: too many words to know all functions on them")

    def _all_words(self, named: int, free: int, told: int) -> Iterable[Word]:
        """All words up to exchanging letters from ``told`` on, which functions do not tell apart."""
        present = self.present
        for letters in product(range(present), repeat=named + self.fixed):
            places, last = letters[:named], letters[named] if self.fixed else None
            for bars in combinations(range(free + present - 1), present - 1):
                ends = (-1, *bars, free + present - 1)
                bulk = [y - x - 1 for x, y in pairwise(ends)]
                seen = [(*(int(t == u) for t in letters), bulk[u]) for u in range(told, present)]
                if all(x >= y for x, y in pairwise(seen)):
                    counts = tuple(c + places.count(u) for u, c in enumerate(bulk))
                    yield Word(places, last, counts)

    def candidates(self, renamed: bool) -> Iterable[tuple[tuple[int, ...], tuple[int, ...] | None]]:
        """Sectors on which T may differ from zero: |mu| is at most the power of m, as s only multiplies by counts of letters, and |kappa| at most D."""
        most = max((key[1] for key in self.counts.terms), default=0)
        labels: list[Any] = [None]
        if renamed:
            labels = [
                kappa for k in range(self.counts.degree + 1) for kappa in all_partitions(k, k)
            ]
        for k in range(most + 1):
            for mu in all_partitions(k, k):
                for kappa in labels:
                    exists = self.length is None or padded(mu, self.length - self.fixed) is not None
                    if kappa is not None and self.letters is not None:
                        exists = exists and padded(kappa, self.letters) is not None
                    if exists:
                        yield mu, kappa

    def _word(self, mu: tuple[int, ...], named: int, free: int | None) -> Word:
        """A random word; in every second one the letters of a column of mu are unlike, and in every second one all letters are among the first few."""
        few = min(self.present, self.few) if self.chance.below(2) else self.present
        letters = [self.chance.below(few) for _ in range(named)]
        if self.chance.below(2):
            first = self.chance.below(few)
            rows = [r + 1 for r, row in enumerate(mu) for _ in range(row)]
            rows += [0] * (named - len(rows))
            letters = [(first + r) % few for r in rows]
        last = self.chance.below(few) if self.fixed else None
        if free is None:
            bulk = [self.chance.below(self.prime) for _ in range(self.present - 1)]
            bulk.append((self.positions - named - sum(bulk)) % self.prime)
        else:
            cuts = sorted(self.chance.below(free + 1) for _ in range(few - 1))
            bulk = [b - a for a, b in zip([0, *cuts], [*cuts, free])] + [0] * (self.present - few)
        counts = [b + letters.count(u) for u, b in enumerate(bulk)]
        return Word(tuple(letters), last, tuple(counts))

    def places(self, word: Word, positions: Any, letters: Any) -> dict[Any, int]:
        """(letters at the boxes, letters of the labels) -> coefficient of the Young symmetrisers."""
        boxes: dict[tuple[int, ...], int] = {}
        for image, c in positions.items():
            key = tuple(word.named[i] for i in image)
            boxes[key] = boxes.get(key, 0) + c
        boxes = {key: c for key, c in boxes.items() if c}
        spend(len(positions) + len(boxes) * len(letters))
        return {(b, t): c * e for b, c in boxes.items() for t, e in letters.items()}

    def summed(self, function: Any, f: tuple[Slot, ...], word: Word, where: dict[Any, int]) -> int:
        return int(sum(c * function(f, word, *key) for key, c in where.items()) % self.prime)

    def value(
        self, f: tuple[Slot, ...], word: Word, boxes: tuple[int, ...], labels: tuple[int, ...]
    ) -> int:
        """f at the word whose boxes carry these letters."""
        spend(6 + 4 * len(f))
        result = 1
        for slot in f:
            found = {boxes[b] for b in slot.boxes}
            if slot.last:
                found.add(word.last)  # type: ignore[arg-type]
            if slot.label >= 0:
                found.add(labels[slot.label])
            if len(found) > 1:
                return 0
            among = found or range(self.present)
            result *= sum(
                pow(word.counts[u] - boxes.count(u), slot.power, self.prime) for u in among
            )
            result %= self.prime
        return result

    # -- means

    def _mean(
        self, f: tuple[Slot, ...], word: Word, boxes: tuple[int, ...], labels: tuple[int, ...]
    ) -> int:
        """(T f)(word) = E_y k(word, y) f(y)."""
        p = self.prime
        total = 0
        bulk = [(c - boxes.count(u)) % p for u, c in enumerate(word.counts)]
        whole = [c + (u == word.last) for u, c in enumerate(word.counts)]
        square = sum(c * c for c in whole) % p
        free_last = self.fixed and not any(slot.last for slot in f)
        for weight, probabilities in self.laws:
            one = probabilities or [inverse_modulo(self.vocabulary, p)] * self.present
            table = self._table.setdefault((tuple(bulk), tuple(whole), tuple(one)), {})
            for copies in {key[3] for key in self.counts.terms}:
                terms = [(key, c) for key, c in self.counts.terms.items() if key[3] == copies]
                for factor, at_boxes, at_last, powers, others, extra in self._assignments(
                    f, len(boxes), labels, one, not probabilities, free_last, copies
                ):
                    spend(20)
                    sizes = [*whole, *([0] * extra)]
                    s = sum(sizes[u] for u in at_boxes)
                    m = sum(a == b for a, b in zip(at_boxes, boxes))
                    d = 1
                    if at_last is not None:
                        s += sizes[at_last]
                        d = int(at_last == word.last)
                        m += d
                    found = 0
                    for monomial, c in self._expanded(powers, others, at_boxes, at_last).items():
                        if monomial not in table:
                            table[monomial] = self._moments(bulk, whole, one, monomial)
                        found += c * self._read(terms, table[monomial], s, m, d, square)
                    total += weight * factor * found
        return total % p

    def _assignments(self, f: Any, boxes: int, labels: Any, one: list[int], renamed: bool, free_last: bool, copies: int) -> Iterable[Any]:  # fmt: skip
        """Letters of y at the boxes, at the last position, of the sums in f and of ``copies`` factors Y.

        Yields (weight, letters at boxes, at last, powers of bulk counts, letters of Y's factors, number of letters that the word lacks).
        """
        p, present = self.prime, self.present
        at_boxes = [0] * boxes
        free: list[Any] = [slot for slot in f if slot.label < 0]
        fixed = [slot for slot in f if slot.label >= 0]
        if free_last:
            free.append(None)
        free += [()] * copies

        def place(
            k: int, extra: int, weight: int, last: int | None, powers: Any, others: Any
        ) -> Any:
            if k == len(free):
                yield weight, tuple(at_boxes), last, powers, others, extra
                return
            slot = free[k]
            choices = [(u, one[u], 1) for u in range(present)]
            if renamed:
                choices += [(u, one[0], 1) for u in range(present, present + extra)]
                rest = self.vocabulary - present - extra
                if self.letters is None or self.letters - present - extra > 0:
                    choices.append((present + extra, one[0], rest))
            for u, q, times in choices:
                more = extra + (u == present + extra)
                if slot is None:
                    yield from place(k + 1, more, weight * q * times % p, u, powers, others)
                elif slot == ():
                    yield from place(k + 1, more, weight * times % p, last, powers, (*others, u))
                else:
                    for b in slot.boxes:
                        at_boxes[b] = u
                    sites = len(slot.boxes) + slot.last
                    now = weight * times * pow(q, sites, p) % p
                    yield from place(
                        k + 1,
                        more,
                        now,
                        u if slot.last else last,
                        (*powers, (u, slot.power)),
                        others,
                    )

        weight, last, powers = 1, None, []
        for slot in fixed:
            u = labels[slot.label]
            for b in slot.boxes:
                at_boxes[b] = u
            weight = weight * pow(one[u], len(slot.boxes) + slot.last, p) % p
            last = u if slot.last else last
            powers.append((u, slot.power))
        yield from place(0, 0, weight, last, tuple(powers), ())

    def _expanded(self, powers: Any, others: Any, at_boxes: Any, at_last: Any) -> dict[Any, int]:
        """Monomials ((letter, power), ...) in bulk counts of the powers times (count of u in y)^2 for u in ``others``."""
        exponents: dict[int, int] = {}
        for u, e in powers:
            if e:
                exponents[u] = exponents.get(u, 0) + e
        result = {tuple(sorted(exponents.items())): 1}
        for u in others:
            b = at_boxes.count(u) + (at_last == u)
            total: dict[Any, int] = {}
            for key, c in result.items():
                for e, times in ((2, 1), (1, 2 * b), (0, b * b)):
                    if times:
                        now = dict(key)
                        now[u] = now.get(u, 0) + e
                        new = tuple(sorted((t, k) for t, k in now.items() if k))
                        total[new] = total.get(new, 0) + c * times
            result = total
        return result

    def _shape(self, powers: tuple[int, ...]) -> Any:
        """Indices of a truncated series in (s, m, counts), and for each the pairs that add up to it."""
        if powers not in self._shapes:
            keys = [
                (*pair, *rest)
                for pair in self.grid
                for rest in product(*(range(e + 1) for e in powers))
            ]
            keys.sort(key=lambda key: (sum(key), key))
            index = {key: k for k, key in enumerate(keys)}
            pairs = []
            spend(len(keys) ** 2 // 4 + 1)
            for key in keys:
                found = []
                for part in product(*(range(e + 1) for e in key)):
                    rest = tuple(e - f for e, f in zip(key, part))
                    if part in index and rest in index:
                        found.append((index[part], index[rest], sum(part), sum(rest)))
                pairs.append(found)
            inverses = [1] + [pow(sum(key), -1, self.prime) for key in keys[1:]]
            self._shapes[powers] = (keys, pairs, inverses)
        return self._shapes[powers]

    def _moments(
        self, bulk: Any, whole: Any, one: Any, monomial: Any
    ) -> dict[tuple[int, int], int]:
        """E s^i m^j prod (count of u)^e over the bulk of y, for all (i, j) of the kernel: i! j! e! times coefficients of prod_t G_t^(n_t).

        G_t = sum_u p_u exp(a phi_u + c [u = t] + z_u), phi_u the count of u in the whole word, is the generating function of a site where the word has t.
        """
        p = self.prime
        letters, powers = [u for u, _ in monomial], tuple(e for _, e in monomial)
        keys, pairs, inverses = self._shape(powers)
        work = sum(map(len, pairs))
        phi = [*whole, *([0] * (max(letters, default=0) + 1))]
        one = [*one, *([one[0]] * (max(letters, default=0) + 1))]
        most = max(i for i, _ in self.grid)
        sums = [
            1 if i == 0 else sum(q * pow(c, i, p) for q, c in zip(one, whole))
            for i in range(most + 1)
        ]
        result: list[int] | None = None
        for t, n in enumerate(bulk):
            if not n:
                continue
            spend(2 * work + 10 * len(keys))
            series = []
            for i, j, *rest in keys:
                where = [k for k, e in enumerate(rest) if e]
                if len(where) > 1 or (where and j and letters[where[0]] != t):
                    value = 0
                elif where:
                    u = letters[where[0]]
                    value = one[u] * pow(phi[u], i, p)
                elif j:
                    value = one[t] * pow(phi[t], i, p)
                else:
                    value = sums[i]
                under = factorial(i) * factorial(j) * prod(map(factorial, rest))
                series.append(value * pow(under, -1, p) % p if under > 1 else value % p)
            power = [1]
            for k in range(1, len(keys)):  # P' G = n P G' along the total degree
                found = 0
                for a, b, da, db in pairs[k]:
                    if db:
                        found += (n * db - da) * power[a] % p * series[b]
                power.append(found * inverses[k] % p)
            if result is None:
                result = power
            else:
                result = [sum(result[a] * power[b] for a, b, _, _ in found) % p for found in pairs]
        if result is None:
            result = [1] + [0] * (len(keys) - 1)
        moments = {}
        for (i, j, *rest), value in zip(keys, result):
            if tuple(rest) == powers:
                scale = factorial(i) * factorial(j) * prod(map(factorial, rest))
                moments[i, j] = value * scale % p
        return moments

    def _read(self, terms: Any, moments: Any, s: int, m: int, d: int, square: int) -> int:
        """E of the kernel's terms, s and m being those of the boxes and the last position."""
        total, p = 0, self.prime
        spend(2 * sum((i + 1) * (j + 1) for (i, j, *_), _ in terms))
        for (i, j, e, _, last), c in terms:
            if last and not d:
                continue
            found = 0
            for k in range(i + 1):
                left = comb(i, k) * pow(s, i - k, p)
                for l in range(j + 1):
                    found += left * comb(j, l) * m ** (j - l) * moments[k, l]
            total += c * pow(square, e, p) * found
        return total % p
