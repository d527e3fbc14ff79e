r"""Semistandard fillings of a shape as chains of horizontal strips: counted, listed, ranked, with or without a given weight.

The entries at most k fill a shape nu_k, and nu_k/nu_(k-1) is a horizontal strip. So a semistandard filling of lam/mu with letters 1..m is a chain
mu = nu_0 < nu_1 < ... < nu_m = lam of such strips, with w_k cells in the k-th where a weight w is given. The numbers N_k(nu) of chains that end in nu after
k letters,

    N_k(nu) = sum of N_(k-1)(kappa) over the kappa with nu/kappa a horizontal strip (of w_k cells),

are found once; whoever lists fillings then never comes to an end that cannot be filled, and the i-th filling is found without those before.

Order: by nu_(m-1) in reverse lexicographic order, then by nu_(m-2), and so on.
Source: Stanley, *Enumerative Combinatorics* 2, 7.10.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symkern.combinatorics.partition import Partition
from symkern.errors import InvalidArgument, displayed
from symkern.limits import check_time, within_time

Rows = tuple[int, ...]


class Fillings:
    """The fillings of outer/inner with letters 1..m; ``weight`` has for each letter its number of cells, or None where any will do.

    >>> fillings = Fillings(Partition(2, 1), Partition(), (1, 1, 1))
    >>> fillings.count, list(fillings)
    (2, [((1, 2), (3,)), ((1, 3), (2,))])
    """

    def __init__(self, outer: Partition, inner: Partition, weight: Sequence[int | None]) -> None:
        self._outer = tuple(outer)
        self._inner = tuple(inner.part(i) for i in range(len(outer)))
        self._weight = tuple(weight)
        self._known: list[dict[Rows, int]] = [{} for _ in range(len(weight) + 1)]
        with within_time("the number of fillings", "fewer cells or letters take less"):
            self.count = self._number()

    def _number(self) -> int:
        """All N_k that the whole shape needs: downward which shapes occur, upward their numbers."""
        levels: list[dict[Rows, list[Rows]]] = []
        wanted = {self._outer}
        for size in reversed(self._weight):
            below = {nu: list(self._below(nu, size)) for nu in wanted}
            levels.append(below)
            wanted = {kappa for found in below.values() for kappa in found}
        self._known[0] = {self._inner: 1}
        for k, below in enumerate(reversed(levels), 1):
            before = self._known[k - 1]
            for nu, found in below.items():
                total = sum(before.get(kappa, 0) for kappa in found)
                if total:
                    self._known[k][nu] = total
        return self._known[-1].get(self._outer, 0)

    def _below(self, nu: Rows, size: int | None) -> Iterator[Rows]:
        """The shapes without a horizontal strip (of ``size`` cells), reverse lexicographic, none smaller than the inner one."""
        check_time()
        rows = len(nu)
        least = [max(self._inner[i], nu[i + 1] if i + 1 < rows else 0) for i in range(rows)]
        if size is None:
            spare = [0] * (rows + 1)
        else:
            spare = [sum(nu[j] - least[j] for j in range(i, rows)) for i in range(rows + 1)]
            if size > spare[0]:
                return
        kept: list[int] = []

        def fill(i: int, rest: int) -> Iterator[Rows]:
            if i == rows:
                yield tuple(kept)
                return
            if size is None:
                fewest, most = 0, nu[i] - least[i]
            else:
                fewest, most = max(0, rest - spare[i + 1]), min(rest, nu[i] - least[i])
            for cells in range(fewest, most + 1):
                kept.append(nu[i] - cells)
                yield from fill(i + 1, rest - cells)
                kept.pop()

        yield from fill(0, size or 0)

    def __iter__(self) -> Iterator[tuple[tuple[int | None, ...], ...]]:
        """The fillings, rows with None where the inner shape is."""
        if not self.count:
            return
        chain = [self._outer]
        stack = [self._ways(len(self._weight), self._outer)]
        while stack:
            if len(stack) > len(self._weight):
                yield self._filled(chain)
                step = None
            else:
                step = next(stack[-1], None)
            if step is None:
                stack.pop()
                chain.pop()
            else:
                chain.append(step)
                stack.append(self._ways(len(self._weight) - len(stack), step))

    def _ways(self, k: int, nu: Rows) -> Iterator[Rows]:
        """The nu_(k-1) from which nu = nu_k can be reached."""
        if not k:
            return iter(())
        before = self._known[k - 1]
        return (kappa for kappa in self._below(nu, self._weight[k - 1]) if kappa in before)

    def unrank(self, index: int) -> tuple[tuple[int | None, ...], ...]:
        """The filling number ``index``, from 0 on."""
        if not 0 <= index < self.count:
            rule = f"must be an integer from 0 to {displayed(self.count - 1)}"
            raise InvalidArgument("index", rule, f"it is {displayed(index)}")
        chain = [self._outer]
        for k in range(len(self._weight), 0, -1):
            for kappa in self._ways(k, chain[-1]):
                count = self._known[k - 1][kappa]
                if index < count:
                    chain.append(kappa)
                    break
                index -= count
        return self._filled(chain)

    def rank(self, rows: Sequence[Sequence[int | None]]) -> int:
        """The number of a filling that is one of them."""
        index = 0
        nu = self._outer
        for k in range(len(self._weight), 0, -1):
            below = tuple(sum(1 for e in row if e is None or e < k) for row in rows)
            for kappa in self._ways(k, nu):
                if kappa == below:
                    break
                index += self._known[k - 1][kappa]
            nu = below
        return index

    def _filled(self, chain: Sequence[Rows]) -> tuple[tuple[int | None, ...], ...]:
        shapes = chain[::-1]
        filled: list[list[int | None]] = [[None] * size for size in shapes[0]]
        for k, nu in enumerate(shapes[1:], 1):
            for row, size in zip(filled, nu, strict=True):
                row.extend([k] * (size - len(row)))
        return tuple(map(tuple, filled))
