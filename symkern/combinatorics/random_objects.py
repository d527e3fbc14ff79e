r"""Random partitions, permutations and tableaux, drawn exactly from their laws.

    partitions of n, uniform     pairs (d, j) with weight d p(n - jd) of total weight n p(n): j parts d are taken, and the rest goes on
                                 (Nijenhuis and Wilf);
    partitions of n, Plancherel  probability (dim lam)^2/n!: the shape of the insertion tableau of a uniform permutation (Schensted);
    standard tableaux, uniform   the hook walk: from a uniform cell to a uniform cell of its hook, until a corner holds n (Greene, Nijenhuis, Wilf);
    other tableaux, uniform      the tableau at a uniform place (`symkern.combinatorics.fillings`).

All choices are of integers and none of floats, so that the laws hold exactly as far as the generator's bits are random. The same ``seed`` gives the same object;
None takes fresh entropy.

Source: Nijenhuis and Wilf, *Combinatorial Algorithms* (2nd ed., 1978), chapters 10 and 14; Greene, Nijenhuis and Wilf, *A probabilistic proof of a formula for
the number of Young tableaux of a given shape*, Adv. Math. 31 (1979).
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from symkern.combinatorics.generation import partition_count
from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.combinatorics.rsk import inserted_rows
from symkern.combinatorics.skew import SkewPartition
from symkern.combinatorics.skew_tableaux import SkewTableau
from symkern.combinatorics.tableaux import Tableau, fillings_of
from symkern.errors import InvalidArgument, displayed
from symkern.limits import check_time, current, within_time
from symkern.reading.integers import read_integer


def random_permutation(n: int, seed: int | None = None) -> tuple[int, ...]:
    """A uniform permutation of 0..n-1.

    Args:
        n: at least 0.
        seed: of the draw, at least 0; another one each time where nothing is said.

    >>> random_permutation(5, seed=1)
    (2, 3, 4, 0, 1)
    """
    size = read_integer(n, "n", maximum=current().listed_entries)
    require_bytes("the permutation", 40 * size)
    images = list(range(size))
    _generator(seed).shuffle(images)
    return tuple(images)


def random_partition(n: int, law: str = "uniform", seed: int | None = None) -> Partition:
    """A random partition of n.

    Args:
        n: at least 0.
        law: "uniform", or "plancherel", the shapes of uniform permutations under RSK.
        seed: of the draw, at least 0; another one each time where nothing is said.

    Raises:
        InvalidArgument: another law.

    >>> random_partition(20, seed=2), random_partition(20, "plancherel", seed=2)
    (Partition(8, 4, 2, 2, 2, 2), Partition(7, 5, 3, 2, 1, 1, 1))
    """
    size = read_integer(n, "n", maximum=current().group_size)
    laws = {"uniform": _uniform, "plancherel": _plancherel}
    if not isinstance(law, str) or law not in laws:
        raise InvalidArgument("law", "must be 'uniform' or 'plancherel'", f"it is {displayed(law)}")
    with within_time("a random partition", "a smaller n takes less"):
        return laws[law](size, _generator(seed))


def _plancherel(n: int, generator: Random) -> Partition:
    images = list(range(n))
    generator.shuffle(images)
    return Partition.trusted(map(len, inserted_rows(images)))


def _uniform(n: int, generator: Random) -> Partition:
    counts = [partition_count(m) for m in range(n + 1)]
    parts: list[int] = []
    rest = n
    while rest:
        check_time()
        place = generator.randrange(rest * counts[rest])
        # n p(n) = sum over m of sigma(n - m) p(m), and sigma sums the divisors d of n - m = j d.
        d = j = 0
        for size in range(1, rest + 1):
            for d in _divisors(size):
                place -= d * counts[rest - size]
                if place < 0:
                    break
            if place < 0:
                j = size // d
                break
        parts += [d] * j
        rest -= d * j
    return Partition.trusted(sorted(parts, reverse=True))


def _divisors(m: int) -> list[int]:
    low = [d for d in range(1, int(m**0.5) + 1) if m % d == 0]
    return low + [m // d for d in reversed(low) if d * d != m]


def random_standard_tableau(
    shape: PartitionLike | SkewPartition, seed: int | None = None
) -> Tableau | SkewTableau:
    """A uniform standard tableau of a straight or skew shape; straight ones by the hook walk.

    Args:
        shape: a partition or a skew shape.
        seed: of the draw, at least 0; another one each time where nothing is said.

    >>> print(random_standard_tableau((3, 2), seed=2))
    1 2 5
    3 4
    """
    generator = _generator(seed)
    if isinstance(shape, SkewPartition):
        return _random_filling(shape, None, [1] * shape.size, generator)
    lengths = list(Partition.read(shape, "shape"))
    require_bytes("the tableau", 40 * sum(lengths))
    filled: list[dict[int, int]] = [{} for _ in lengths]
    columns = list(Partition.trusted(lengths).conjugate)
    for entry in range(sum(lengths), 0, -1):
        cell = generator.randrange(entry)
        i = 0
        while cell >= lengths[i]:
            cell -= lengths[i]
            i += 1
        j = cell
        while hook := lengths[i] - j - 1 + columns[j] - i - 1:
            step = generator.randrange(hook)
            if step < lengths[i] - j - 1:
                j += step + 1
            else:
                i += step - (lengths[i] - j - 1) + 1
        filled[i][j] = entry
        lengths[i] -= 1
        columns[j] -= 1
    return Tableau.trusted(tuple(tuple(row[j] for j in sorted(row)) for row in filled))


def random_semistandard_tableau(
    shape: PartitionLike | SkewPartition,
    letters: int | None = None,
    weight: Sequence[int] | None = None,
    seed: int | None = None,
) -> Tableau | SkewTableau:
    """A uniform semistandard tableau with entries 1..letters, or of a given weight.

    Args:
        shape: a partition or a skew shape.
        letters: the largest entry that is allowed; this or the weight.
        weight: how often each of 1, 2, ... occurs.
        seed: of the draw; another one each time where nothing is said.

    Raises:
        InvalidArgument: where there is none.

    >>> print(random_semistandard_tableau((3, 2), weight=(2, 2, 1), seed=2))
    1 1 2
    2 3
    """
    return _random_filling(shape, letters, weight, _generator(seed))


def _random_filling(
    shape: PartitionLike | SkewPartition,
    letters: int | None,
    weight: Sequence[int] | None,
    generator: Random,
) -> Tableau | SkewTableau:
    fillings = fillings_of(shape, letters, weight)
    if not fillings.count:
        raise InvalidArgument("shape", "must have such a filling", "there is none")
    rows = fillings.unrank(generator.randrange(fillings.count))
    return SkewTableau(rows) if isinstance(shape, SkewPartition) else Tableau(rows)  # type: ignore[arg-type]


def _generator(seed: int | None) -> Random:
    return Random(None if seed is None else read_integer(seed, "seed"))
