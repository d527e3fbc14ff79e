r"""The multiplicity space of a sector (mu, kappa) in the model of `states`.

Permutations of the explicit sites and of the named tokens act on states and commute with every kernel.
The Young symmetrizers of mu and kappa (columns after rows) cut out one copy of each: basis vectors are c b with c
the product of both and b a state, and coordinates of c s are tabulated for every state s once, so that a
block's column is read off the image of a single state.

At given small L or v the same vectors are reduced:

* small v: replace named tokens by letters, antisymmetrise over the columns of kappa[v] (first row included)
  and use sum_t w_t = 0; what vanishes or depends linearly is divided out;
* small L: a vector of bulk degree e extends to a highest-weight function iff moving any
  L - k - e + 1 explicit sites into the bulk gives zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, permutations, product
from typing import Any

from symkern.combinatorics import Partition
from symkern.engines.match_counts.states import State, degree, states
from symkern.exact import polynomial_ring
from symkern.exact.row_reduction import row_reduce
from symkern.sectors.coordinates import null_space
from symkern.sectors.tabulated import filling

Permutation = tuple[int, ...]


class SectorSpace:
    """Basis of a sector in degree at most ``highest``, stable in L and v.

    ``sources`` are states b with basis vectors c b, by rising degree; ``coordinates[s]`` are the coordinates of c s for every
    state s; ``vectors`` the basis vectors themselves.
    """

    def __init__(self, mu: Partition, kappa: Partition, highest: int, star: bool) -> None:
        self.mu, self.kappa, self.highest, self.star = mu, kappa, highest, star
        self.sources: list[State] = []
        self.vectors: list[dict[State, int]] = []
        self.coordinates: dict[State, list[tuple[int, Fraction]]] = {}
        for total in range(mu.size, highest + 1):
            self._add_degree(states(mu.size, kappa.size, total, star))

    def __len__(self) -> int:
        return len(self.sources)

    def bulk_degree(self, s: State) -> int:
        """Number of letters in the bulk."""
        return degree(s) - self.mu.size

    def into_bulk(self, s: State, chosen: Sequence[int]) -> State:
        """The explicit sites in ``chosen``, counted from 1, give their letters to the bulk."""
        bits = sum(1 << i for i in chosen)

        def moved(block: tuple[int, int, int]) -> tuple[int, int, int]:
            mask, bulk, held = block
            return mask & ~bits, bulk + (mask & bits).bit_count(), held

        return State(tuple(moved(b) for b in s.named), tuple(sorted(moved(b) for b in s.free)))

    def _add_degree(self, found: list[State]) -> None:
        if not found:
            return
        images = self._images(found)
        # Columns of the transpose are the images: its pivots are states whose images are a basis.
        transpose = [[images[t].get(s, 0) for t in found] for s in found]
        reduced, pivots = row_reduce(transpose, len(found))
        offset = len(self.sources)
        self.sources += [found[p] for p in pivots]
        self.vectors += [images[found[p]] for p in pivots]
        for i, s in enumerate(found):
            self.coordinates[s] = [(offset + r, row[i]) for r, row in enumerate(reduced) if row[i]]

    def symmetrized(self, s: State) -> dict[State, int]:
        """c s for one state."""
        return self._images([s])[s]

    def _images(self, found: list[State]) -> dict[State, dict[State, int]]:
        """c s for every state s; the same for all states that row permutations carry into each other."""
        rows = list(product(row_group(self.mu), row_group(self.kappa)))
        columns = [
            (sites, tokens, a * b)
            for (sites, a), (tokens, b) in product(column_group(self.mu), column_group(self.kappa))
        ]
        images: dict[State, dict[State, int]] = {}
        for s in found:
            if s in images:
                continue
            orbit: dict[State, int] = {}
            for sites, tokens in rows:
                t = _act(s, sites, tokens)
                orbit[t] = orbit.get(t, 0) + 1
            image = combined(
                ({_act(t, sites, tokens): sign}, count)
                for t, count in orbit.items()
                for sites, tokens, sign in columns
            )
            images.update(dict.fromkeys(orbit, image))
        return images


def row_group(shape: Partition) -> list[Permutation]:
    """Permutations, in one line, that keep the rows of the tableau."""
    return [image for image, _ in _group(filling(shape), shape.size, signed=False)]


def column_group(shape: Partition) -> list[tuple[Permutation, int]]:
    """Permutations that keep the columns of the tableau, with their signs."""
    return _group(_columns(shape), shape.size, signed=True)


@lru_cache(maxsize=256)
def placements(kappa: Partition) -> tuple[tuple[Permutation, int], ...]:
    """The tokens of the named blocks under the column group of kappa[v], its first row included, with signs."""
    columns = [[*column, kappa.size + j] for j, column in enumerate(_columns(kappa))]
    group = _group(columns, kappa.threshold, signed=True)
    return tuple((image[: kappa.size], sign) for image, sign in group)


def _columns(shape: Partition) -> list[list[int]]:
    rows = filling(shape)
    return [[row[j] for row in rows if j < len(row)] for j in range(shape.part(0))]


def _group(sets: Sequence[Sequence[int]], size: int, signed: bool) -> list[tuple[Permutation, int]]:
    """All products of permutations of the given disjoint sets, with their signs if asked for."""
    out = []
    for choice in product(*(permutations(range(len(part))) for part in sets)):
        image = list(range(size))
        sign = 1
        for part, order in zip(sets, choice, strict=True):
            for i, j in enumerate(order):
                image[part[i]] = part[j]
            if signed and sum(a > b for a, b in combinations(order, 2)) % 2:
                sign = -sign
        out.append((tuple(image), sign))
    return out


def _act(s: State, sites: Permutation, tokens: Permutation) -> State:
    """Move site i + 1 to sites[i] + 1 and the name j to tokens[j]."""

    def moved(mask: int) -> int:
        out = mask & 1
        for i, j in enumerate(sites):
            if mask >> (i + 1) & 1:
                out |= 1 << (j + 1)
        return out

    named: list[Any] = [None] * len(tokens)
    for j, (mask, bulk, held) in enumerate(s.named):
        named[tokens[j]] = (moved(mask), bulk, held)
    free = tuple(sorted((moved(mask), bulk, held) for mask, bulk, held in s.free))
    return State(tuple(named), free)


@lru_cache(maxsize=512)
def sector_space(mu: Partition, kappa: Partition, highest: int, star: bool) -> SectorSpace:
    """The stable multiplicity space of the sector, in degree at most ``highest``."""
    return SectorSpace(mu, kappa, highest, star)


class Reduction:
    """The true multiplicity space at given L, v or both: a subspace of a quotient of the stable one.

    ``kept`` are the basis vectors that stay independent in the quotient and ``onto`` the coordinates of every
    basis vector in them; ``subspace`` lists a basis, in those coordinates, that is
    the unit matrix at ``free``. `restrict` brings a stable block there.
    """

    def __init__(self, space: Any, sites: int | None, vocabulary: int | None) -> None:
        self.space = space
        stable = len(space)
        self.kept = list(range(stable))
        self.onto = [[Fraction(i == j) for j in range(stable)] for i in range(stable)]
        concrete = _Letters(space, vocabulary) if vocabulary is not None else None
        if concrete is not None:
            images = [concrete.image(vector) for vector in space.vectors]
            columns = sorted({key for image in images for key in image})
            rows = [[image.get(key, 0) for image in images] for key in columns]
            self.onto, self.kept = row_reduce(rows, stable)
        constraints = [] if sites is None else self._constraints(sites, concrete)
        self.subspace, self.free = null_space(constraints, len(self.kept))

    def __len__(self) -> int:
        return len(self.free)

    def _constraints(self, sites: int, concrete: _Letters | None) -> list[list[int]]:
        """Linear conditions on the kept vectors that make them extend to highest-weight functions."""
        space = self.space
        k = space.mu.size
        rows: dict[Any, list[int]] = {}
        for column, index in enumerate(self.kept):
            bulk = space.bulk_degree(space.sources[index])
            moved = sites - k - bulk + 1
            if moved > k:
                continue
            for chosen in combinations(range(1, k + 1), max(moved, 0)):
                vector = space.vectors[index].items()
                image = combined(({space.into_bulk(s, chosen): 1}, c) for s, c in vector)
                if concrete is not None:
                    image = concrete.image(image)
                for key, c in image.items():
                    label = (bulk, chosen, key)
                    rows.setdefault(label, [0] * len(self.kept))[column] += c
        return list(rows.values())

    def restrict(self, block: list[list[Any]], zero: Any) -> list[list[Any]]:
        """The block of an operator in the basis ``subspace``, from its stable block."""
        kept = [[row[j] for j in self.kept] for row in block]
        return sandwiched([self.onto[i] for i in self.free], kept, self.subspace, zero)


def sandwiched(
    left: Iterable[Sequence[Any]],
    block: Sequence[Sequence[Any]],
    right: Sequence[Sequence[Any]],
    zero: Any,
) -> list[list[Any]]:
    """The matrix of left B right^T for sparse rational matrices beside a block B."""
    columns = [[(j, c) for j, c in enumerate(vector) if c] for vector in right]
    found = []
    for coordinates in left:
        rows = [(block[i], c) for i, c in enumerate(coordinates) if c]
        row = [sum((r[j] * c for r, c in rows), zero) for j in range(len(block[0]))]
        found.append([sum((row[j] * c for j, c in terms), zero) for terms in columns])
    return found


def combined(terms: Iterable[tuple[Mapping[Any, Any], Any]]) -> dict[Any, Any]:
    """The sum of vectors times numbers, without zeros.

    >>> combined([({"a": 1, "b": 1}, 2), ({"b": 1}, -2)])
    {'a': 2}
    """
    total: dict[Any, Any] = {}
    for vector, c in terms:
        for key, e in vector.items():
            total[key] = total.get(key, 0) + c * e
    return {key: c for key, c in total.items() if c}


class _Letters:
    """States written out in the v letters, with sum_t w_t = 0 and the columns of kappa[v] antisymmetrised."""

    def __init__(self, space: SectorSpace, vocabulary: int) -> None:
        self.vocabulary = vocabulary
        self.placements = placements(space.kappa)
        sites = space.mu.size + 2  # the star, explicit sites 1..k, and last the bulk
        width = vocabulary - 1
        gens, self.zero, self.one = polynomial_ring(sites * width)
        self.letters = []
        for i in range(sites):
            row = gens[i * width : (i + 1) * width]
            self.letters.append([*row, -sum(row, self.zero)])
        self.memo: dict[State, dict[Any, int]] = {}

    def _block(self, block: tuple[int, int, int], token: int) -> Any:
        mask, bulk, _ = block
        value = self.letters[-1][token] ** bulk
        for i in range(len(self.letters) - 1):
            if mask >> i & 1:
                value = value * self.letters[i][token]
        return value

    def _written(self, s: State) -> dict[Any, int]:
        if s not in self.memo:
            summed = self.one
            for block in s.free:
                summed = summed * sum(
                    (self._block(block, t) for t in range(self.vocabulary)),
                    self.zero,
                )
            total = self.zero
            for tokens, sign in self.placements:
                term = sign * self.one
                for block, t in zip(s.named, tokens, strict=True):
                    term = term * self._block(block, t)
                total = total + term
            self.memo[s] = {key: int(c) for key, c in (total * summed).to_dict().items()}
        return self.memo[s]

    def image(self, vector: dict[State, int]) -> dict[Any, int]:
        """The vector in the monomials of the letters."""
        return combined((self._written(s), c) for s, c in vector.items())
