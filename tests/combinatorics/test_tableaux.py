"""Tableaux against all fillings, and counts against closed forms and symfn."""

from __future__ import annotations

from itertools import permutations, product

import pytest
import symfn
from hypothesis import given
from hypothesis import strategies as st

from symkern.combinatorics import Partition, SkewPartition, Tableau, iter_partitions, partitions
from symkern.errors import InvalidArgument, InvalidType, PartitionError


def fillings(lam: Partition, entries: tuple[int, ...]) -> Tableau:
    rest = iter(entries)
    return Tableau(tuple(tuple(next(rest) for _ in range(row)) for row in lam))


def increases(t: Tableau) -> bool:
    at = {(i, j): e for i, row in enumerate(t.rows) for j, e in enumerate(row)}
    return all(
        at.get((i, j + 1), e) >= e and at.get((i + 1, j), e + 1) > e for (i, j), e in at.items()
    )


@pytest.mark.parametrize("n", range(7))
def test_standard_tableaux_are_all_of_them(n: int) -> None:
    for lam in partitions(n):
        every = {fillings(lam, word) for word in permutations(range(1, n + 1))}
        listed = list(lam.standard_tableaux())
        assert len(listed) == len(set(listed)) == lam.dimension
        assert set(listed) == {t for t in every if increases(t)}
        assert all(t.is_standard and t.shape == lam for t in listed)
        words = [
            [row for k in range(1, n + 1) for row, r in enumerate(t.rows) if k in r] for t in listed
        ]
        assert words == sorted(words)


@pytest.mark.parametrize(("n", "letters"), [(n, m) for n in range(6) for m in range(4)])
def test_semistandard_tableaux_are_all_of_them(n: int, letters: int) -> None:
    for lam in partitions(n):
        every = [fillings(lam, word) for word in product(range(1, letters + 1), repeat=n)]
        listed = list(lam.semistandard_tableaux(letters))
        # Larger shapes of the entries below m first, then of those below m - 1, ...
        assert listed == sorted(filter(increases, every), key=lambda t: [
            [-sum(e < k for e in row) for row in t.rows] for k in range(letters, 1, -1)
        ])  # fmt: skip
        assert len(listed) == lam.semistandard_count(letters)


@pytest.mark.parametrize("weight", [(2, 2, 2), (3, 1, 2), (1, 1, 1, 2, 1)])
def test_weights_against_an_independent_program(weight: tuple[int, ...]) -> None:
    for lam in partitions(6):
        listed = [t for t in lam.semistandard_tableaux(len(weight)) if t.weight == weight]
        assert len(listed) == symfn.kostka_number(list(lam), list(weight))


def test_multiplicities_on_words() -> None:
    """Schur-Weyl: functions on words of length L in v letters hold S^lam as often as this."""
    assert [lam.semistandard_count(2) for lam in iter_partitions(6, max_length=2)] == [7, 5, 3, 1]
    assert [lam.semistandard_count(3) for lam in iter_partitions(5, max_length=3)] == [
        21,
        24,
        15,
        6,
        3,
    ]


def test_statistics_of_a_tableau() -> None:
    t = Tableau(((1, 3, 4), (2, 5)))
    assert t.contents == (0, -1, 1, 2, 0)
    assert t.descents == (1, 4)
    assert t.conjugate == Tableau(((1, 2), (3, 5), (4,)))
    again = eval(repr(t))  # noqa: S307
    assert again == t and hash(again) == hash(t)
    assert Tableau(()).shape == () and next(Partition().standard_tableaux()) == Tableau(())


@pytest.mark.parametrize("n", range(1, 9))
def test_contents_separate_standard_tableaux(n: int) -> None:
    tableaux = [t for lam in partitions(n) for t in lam.standard_tableaux()]
    assert len({t.contents for t in tableaux}) == len(tableaux)


def test_bad_tableaux() -> None:
    with pytest.raises(PartitionError):
        Tableau(((1,), (2, 3)))
    with pytest.raises(InvalidArgument):
        Tableau(((0,),))
    with pytest.raises(InvalidType):
        Tableau("12")
    with pytest.raises(InvalidArgument, match="tableau: must be standard"):
        _ = Tableau(((2,),)).contents


@pytest.mark.parametrize("n", range(8))
def test_skew_counts_by_paths(n: int) -> None:
    for lam in partitions(n):
        paths = {lam: 1}
        for _ in range(n + 1):
            for mu, count in paths.items():
                assert SkewPartition(lam, mu).standard_count == count
            below: dict[Partition, int] = {}
            for mu, count in paths.items():
                for nu in mu.down():
                    below[nu] = below.get(nu, 0) + count
            paths = below


@pytest.mark.parametrize("letters", range(4))
def test_skew_semistandard_counts_by_horizontal_strips(letters: int) -> None:
    def count(lam: Partition, mu: Partition, m: int) -> int:
        """Take the cells of the largest letter off the outer shape."""
        if m == 0:
            return int(lam == mu)
        inner = (nu for k in range(lam.size + 1) for nu in partitions(k) if lam.contains(nu))
        return sum(
            count(nu, mu, m - 1)
            for nu in inner
            if nu.contains(mu) and SkewPartition(lam, nu).is_horizontal_strip
        )

    for lam in partitions(5):
        for k in range(6):
            for mu in partitions(k):
                if lam.contains(mu):
                    assert SkewPartition(lam, mu).semistandard_count(letters) == count(
                        lam, mu, letters
                    )


@given(st.lists(st.integers(1, 30), min_size=1, max_size=12), st.integers(0, 10))
def test_skew_by_the_empty_shape(parts: list[int], letters: int) -> None:
    lam = Partition(sorted(parts)[::-1])
    assert lam.skew(()).standard_count == lam.dimension
    assert lam.skew("[]").semistandard_count(letters) == lam.semistandard_count(letters)
    assert lam.skew(lam).standard_count == 1


def test_skew_shapes_as_values() -> None:
    shape = SkewPartition((3, 2), (1,))
    assert eval(repr(shape)) == shape  # noqa: S307
    assert str(shape) == "3,2/1"
    assert shape.conjugate == SkewPartition((2, 2, 1), (1,))
    assert (shape.is_horizontal_strip, SkewPartition((3, 1), (1,)).is_horizontal_strip) == (
        False,
        True,
    )
    assert (shape.is_vertical_strip, SkewPartition((2, 2), (1, 1)).is_vertical_strip) == (
        False,
        True,
    )
