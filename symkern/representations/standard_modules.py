r"""The modules that sequences live in: words, subsets, tuples, Young modules, and any set with an action.

Words are sequences of letters 0..v-1, moved by (g x)_a = x_(g(a)); a position a moves to g^-1(a), subsets and
tuples of positions with it. Bases are in lexicographic order. The Young module M^lam is that of the words with lam_i letters
i, tabloids read as words: letter a is the row of position a; the regular module is M^(1^n), a permutation g being the word
g(0) g(1) ..., and moves by h g = h*g.

Source: Sagan, *The Symmetric Group* (2nd ed.), section 2.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from functools import cache
from itertools import combinations, permutations, product
from math import comb, factorial, perm, prod
from typing import Any

import numpy as np
import numpy.typing as npt

from symkern.combinatorics import Partition, PartitionLike
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, SymmetryError, displayed
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list
from symkern.representations.coxeter_relations import check_relations
from symkern.representations.letter_operators import TranspositionSum, among_words, letter_numbers
from symkern.representations.modules import Module
from symkern.representations.signed_actions import Places, require_module
from symkern.representations.young_rule import word_multiplicities, young_multiplicities


def _few_partitions(size: int, parts: int) -> bool:
    """Whether the partitions into at most that many parts are few enough to list."""
    if size > current().counted_size:
        return False
    counts = [1] + [0] * size
    for part in range(1, min(parts, size) + 1):
        for n in range(part, size + 1):
            counts[n] += counts[n - part]
        if counts[size] > current().listed_irreps:
            return False
    return True


def words(length: int, letters: int) -> Module:
    """Functions on the sequences of ``length`` letters among 0..letters-1; dimension letters^length.

    Args:
        length: at least 1.
        letters: at least 1.

    Raises:
        TooLarge: neither its basis nor its multiplicities can be had.

    >>> words(length=6, letters=2).multiplicities()
    {Partition(6): 7, Partition(5, 1): 5, Partition(4, 2): 3, Partition(3, 3): 1}
    """
    n = read_integer(length, "length", minimum=1)
    v = read_integer(letters, "letters", minimum=1)
    spelled = f"words(length={displayed(n)}, letters={displayed(v)})"
    # Multiplicities need no basis, but where even they are too many neither is to be had; v^n is not computed then.
    if v > 1 and n > 62 and not _few_partitions(n, v):
        require_module(1 << 62, n, spelled)
    size = v**n

    def places() -> Places:
        numbers = np.arange(size)
        moved = np.empty((n - 1, size), dtype=np.int64)
        for i in range(n - 1):
            table = numbers.reshape(v**i, v, v, -1)
            moved[i].reshape(table.shape)[...] = table.swapaxes(1, 2)
        return moved

    return Module(
        n, size, places, lambda: product(range(v), repeat=n), (words, (n, v)), spelled=spelled,
        multiplicities=lambda: word_multiplicities(n, v), transpositions=lambda: TranspositionSum(n, v),
        ones=(lambda: letter_numbers(n, 2, 1)) if v == 2 else None,
    )  # fmt: skip


def young_module(lam: PartitionLike) -> Module:
    """M^lam: functions on the words with lam_i letters i, that is on tabloids of shape lam.

    Args:
        lam: a partition of n, not of 0.

    Raises:
        InvalidArgument: the empty partition.

    >>> M = young_module((2, 1))
    >>> M.basis, M.multiplicities()
    (((0, 0, 1), (0, 1, 0), (1, 0, 0)), {Partition(3): 1, Partition(2, 1): 1})
    """
    shape = Partition.read(lam, "lam")
    if not shape:
        raise InvalidArgument("lam", "must be a partition of a positive number", "it is empty")
    listed, places = _arrangements(shape, f"young_module({tuple(shape)})")
    return Module(
        shape.size, len(listed), places, lambda: map(tuple, listed.tolist()),
        (young_module, (tuple(shape),)), multiplicities=lambda: young_multiplicities(shape),
        transpositions=(lambda: among_words(shape.size, _keys(listed))) if len(shape) == 2 else None,
        ones=(lambda: np.full(len(listed), shape[1])) if len(shape) == 2 else None,
    )  # fmt: skip


def subsets(n: int, k: int) -> Module:
    """Functions on the subsets of k among n positions, written as increasing tuples.

    Args:
        n: at least 1.
        k: from 0 to n.

    Raises:
        TooLarge: what does not fit in memory.

    >>> M = subsets(4, 2)
    >>> M.basis[:2], M.multiplicities()
    (((0, 1), (0, 2)), {Partition(4): 1, Partition(3, 1): 1, Partition(2, 2): 1})
    """
    size = read_integer(n, "n", minimum=1)
    chosen = read_integer(k, "k", minimum=0, maximum=size)
    # The letter 0 marks the positions in the subset, so that both orders are lexicographic.
    content = (chosen, size - chosen)
    if size > current().subset_positions:
        require_module(1 << 62, size, f"subsets({displayed(size)}, {displayed(chosen)})")

    @cache
    def arranged() -> tuple[npt.NDArray[np.integer[Any]], Places]:
        return _arrangements(content, f"subsets({size}, {chosen})")

    return Module(
        size, comb(size, chosen), lambda: arranged()[1], lambda: combinations(range(size), chosen),
        (subsets, (size, chosen)), multiplicities=lambda: young_multiplicities(content),
        transpositions=lambda: among_words(size, _keys(arranged()[0])),
        ones=lambda: np.full(comb(size, chosen), chosen),
    )  # fmt: skip


def tuples(n: int, k: int) -> Module:
    """Functions on the k-tuples of different positions among n.

    Args:
        n: at least 1.
        k: from 0 to n.

    Raises:
        TooLarge: what does not fit in memory.

    >>> tuples(3, 2).multiplicities()
    {Partition(3): 1, Partition(2, 1): 2, Partition(1, 1, 1): 1}
    """
    size = read_integer(n, "n", minimum=1)
    length = read_integer(k, "k", minimum=0, maximum=size)
    spelled = f"tuples({displayed(size)}, {displayed(length)})"
    count = perm(min(size, 1 << 62), min(length, 25))  # as many at least, and far too many then
    require_module(count, size, spelled)
    listed = np.array(list(permutations(range(size), length)), dtype=np.int64)
    listed = listed.reshape(count, length)
    places = np.empty((size - 1, count), dtype=np.int64)
    keys = _keys(listed)
    for i, exchange in enumerate(_exchanges(size)):
        places[i] = np.searchsorted(keys, _keys(exchange[listed]))
    content = (size - length,) + (1,) * length
    return Module(
        size, count, places, lambda: permutations(range(size), length), (tuples, (size, length)),
        multiplicities=lambda: young_multiplicities(content),
    )  # fmt: skip


def regular(n: int) -> Module:
    """Functions on S_n itself, permutations in one-line form; dimension n!, S^lam occurs dim S^lam times.

    Args:
        n: at least 1.

    Raises:
        TooLarge: a basis of n! does not fit in memory.

    >>> regular(3).multiplicities()
    {Partition(3): 1, Partition(2, 1): 2, Partition(1, 1, 1): 1}
    """
    size = read_integer(n, "n", minimum=1)
    require_module(factorial(min(size, 25)), size, f"regular({displayed(size)})")
    listed, places = _arrangements((1,) * size, f"regular({size})")
    return Module(
        size, len(listed), places, lambda: permutations(range(size)), (regular, (size,)),
        multiplicities=lambda: young_multiplicities((1,) * size),
    )  # fmt: skip


def defining(n: int) -> Module:
    """Functions on the n positions.

    Args:
        n: at least 1.

    >>> defining(4).multiplicities()
    {Partition(4): 1, Partition(3, 1): 1}
    """
    size = read_integer(n, "n", minimum=1)
    require_module(size, size, f"defining({displayed(size)})")
    return Module(
        size, size, _exchanges(size), lambda: range(size), (defining, (size,)),
        multiplicities=lambda: young_multiplicities((size - 1, 1)),
    )  # fmt: skip


@typed
def action(
    n: int,
    basis: Iterable[Any],
    act: Callable[[tuple[int, ...], Any], Any],
    signed: bool = False,
) -> Module:
    """The module of any finite set with an action of S_n.

    It is asked for the adjacent transpositions g only, and their relations are checked: `SymmetryError` names the one that fails and a point.

    Args:
        n: at least 1.
        basis: the points, each once; anything that can be hashed.
        act: act(g, x) is the point g x, g a one-line tuple; with ``signed`` a pair (sign, point).
        signed: whether points may change their sign.

    Raises:
        SymmetryError: it is no action, with the relation that fails and a point.
        InvalidArgument: a point occurs twice, or a sign is not 1 or -1.
        TooLarge: what does not fit in memory.

    >>> edges = [(a, b) for a in range(4) for b in range(a)]
    >>> M = action(4, edges, lambda g, e: tuple(sorted((g.index(a) for a in e), reverse=True)))
    >>> M.multiplicities()
    {Partition(4): 1, Partition(3, 1): 1, Partition(2, 2): 1}
    >>> action(3, range(3), lambda g, a: (a + 1) % 3)
    Traceback (most recent call last):
    ...
    symkern.errors.SymmetryError: action: must satisfy s_0 s_0 = 1, but it does not at 0
    """
    size = read_integer(n, "n", minimum=1)
    known = basis if isinstance(basis, (Mapping, Set, str)) else read_list(basis, "basis", "points")
    points = tuple(known)
    if not callable(act) or isinstance(act, type) or hasattr(act, "array_form"):
        raise InvalidType("act", "must be a function act(g, x)", act)
    require_module(len(points), size, f"a module of dimension {len(points)}")
    for x in points:
        _require_label(x, "basis")
    index = {x: k for k, x in enumerate(points)}
    if len(index) < len(points):
        raise InvalidArgument("basis", "must not name a point twice", "it does")
    places = np.empty((size - 1, len(points)), dtype=np.int64)
    signs = np.ones_like(places) if signed else None
    for i, exchange in enumerate(_exchanges(size).tolist()):
        for k, x in enumerate(points):
            image = act(tuple(exchange), x)
            if signs is not None:
                if not isinstance(image, tuple) or len(image) != 2:
                    raise InvalidType("act", "must give a pair (sign, point)", image)
                sign, image = image
                if sign not in (1, -1):
                    raise InvalidArgument("act", "must give a sign 1 or -1", f"it gives {sign!r}")
                signs[i, k] = sign
            _require_label(image, "act")
            if image not in index:
                raise SymmetryError(
                    "act", "must lead from points to points",
                    f"s_{i} leads from {x!r} to {image!r}", (i, x),
                )  # fmt: skip
            places[i, k] = index[image]
    check_relations(size, places, signs, points)
    return _checked(size, points, places, signs)


def _exchanges(size: int) -> Places:
    """The adjacent transpositions s_0, s_1, ... in one-line form."""
    images = np.tile(np.arange(size), (size - 1, 1))
    for i, row in enumerate(images):
        row[[i, i + 1]] = i + 1, i
    return images


def _require_label(point: Any, argument: str) -> None:
    try:
        hash(point)
    except TypeError:
        raise InvalidType(
            argument, "must give points that are hashable, as tuples are", point
        ) from None


def _checked(n: int, points: tuple[Any, ...], places: Places, signs: Places | None) -> Module:
    """The module of an action that has been checked; written by its size, since a function has no source text."""
    return Module(
        n, len(points), places, lambda: points, (_checked, (n, points, places, signs)), signs,
        spelled=f"<module of S_{n} on {len(points)} points>",
    )  # fmt: skip


def _arrangements(
    content: tuple[int, ...], what: str
) -> tuple[npt.NDArray[np.integer[Any]], Places]:
    """All words of a content in lexicographic order, and how the adjacent transpositions move them."""
    n = sum(content)
    if not n:
        raise SizeMismatch("lam", "must have at least one cell", "it has none")
    size = prod(comb(sum(content[: k + 1]), c) for k, c in enumerate(content))
    require_module(size, n, what)
    listed = np.zeros((1, n), dtype=np.uint16)
    left = np.array([content], dtype=np.int64)
    for a in range(n):
        path, letter = np.nonzero(left)
        listed, left = listed[path], left[path]
        listed[:, a] = letter
        left[np.arange(len(path)), letter] -= 1
    keys = _keys(listed)
    places = np.empty((n - 1, size), dtype=np.int64)
    for i in range(n - 1):
        swapped = listed.copy()
        swapped[:, [i, i + 1]] = swapped[:, [i + 1, i]]
        places[i] = np.searchsorted(keys, _keys(swapped))
    return listed, places


def _keys(rows: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Numbers (or byte strings) in the lexicographic order of the rows."""
    width = rows.shape[1]
    base = int(rows.max(initial=0)) + 1
    if base**width < 1 << 62:
        weights = np.array([base ** (width - 1 - j) for j in range(width)], dtype=np.int64)
        return rows.astype(np.int64) @ weights
    # Big-endian pairs of bytes compare as numbers do; numpy pads what it strips, zeros at the end.
    return np.ascontiguousarray(rows.astype(">u2")).view(f"S{2 * width}").ravel()
