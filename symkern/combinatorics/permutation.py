"""Permutations of the positions 0..n-1: reading, product, cycle type.

A permutation is the tuple of its images, ``g[a]`` the image of a (one-line form), or SymPy's
``Permutation``. The product is SymPy's, (g*h)(a) = h(g(a)): first g, then h. Sequences are moved by
(g x)_a = x_(g(a)), which is a left action for that product: (g*h) x = g (h x).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from symkern.combinatorics.memory import require_bytes
from symkern.combinatorics.partition import Partition, PartitionLike
from symkern.errors import InvalidType, PartitionError, PermutationError, SizeMismatch, displayed
from symkern.reading.cycle_texts import read_cycle_text
from symkern.reading.integers import is_integer, read_integer
from symkern.reading.sequences import read_list

Entry = TypeVar("Entry")
PermutationLike = Sequence[int] | Any


def read_permutation(
    value: PermutationLike, argument: str = "perm", n: int | None = None
) -> tuple[int, ...]:
    """The one-line tuple of a permutation.

    Args:
        value: a one-line tuple or list of 0..n-1, an array, SymPy's ``Permutation``, or a text of cycles such as "(0 1)(2 3)".
        argument: the name that an error message has for it.
        n: how many positions there must be.

    Raises:
        PermutationError: a repeat, a gap or a stranger.
        SizeMismatch: another n.
        InvalidType: what is no list.

    >>> read_permutation([2, 0, 1]), read_permutation("(0 2 1)", n=4)
    ((2, 0, 1), (2, 0, 1, 3))
    >>> read_permutation((0, 2, 2))
    Traceback (most recent call last):
    ...
    symkern.errors.PermutationError: perm: must hold each of 0..2 once, but 2 occurs twice in (0, 2, 2)
    """
    images: Any = value
    if isinstance(value, str) and value.strip()[:1] == "(":
        images = joined_cycles(read_cycle_text(value, argument), n, argument)
    if str(type(value).__module__).startswith("sympy.") and hasattr(value, "array_form"):
        images = value.array_form
        if n is not None and len(images) < n:
            images = [*images, *range(len(images), n)]  # SymPy leaves out fixed points at the end
    elif hasattr(value, "tolist") and hasattr(value, "ndim"):
        images = value.tolist() if value.ndim == 1 else None
    if isinstance(images, (str, bytes)) or not isinstance(images, Sequence):
        raise InvalidType(
            argument, "must be a permutation such as (2, 0, 1) or '(0 2)(1 3)'", value
        )
    if isinstance(images, range):
        images = read_list(images, argument, "images")
    size = len(images)
    if n is not None and size != read_integer(n, "n"):
        raise SizeMismatch(
            argument,
            f"must be a permutation of 0..{displayed(n - 1)}",
            f"it moves {size} positions",
        )
    rule = f"must hold each of 0..{size - 1} once"
    known = []
    for entry in images:
        try:
            number = read_integer(entry, argument, minimum=None)
        except InvalidType:
            raise PermutationError(
                argument, rule, f"{displayed(entry)} of type {type(entry).__name__} is among them"
            ) from None
        known.append(number)
    most = ", ..." * (size > 20)
    shown = f"({', '.join(map(displayed, known[:20]))}{most}{',' * (size == 1)})"
    seen = [False] * size
    for number in known:
        if not 0 <= number < size:
            raise PermutationError(argument, rule, f"{displayed(number)} occurs in {shown}")
        if seen[number]:
            raise PermutationError(argument, rule, f"{number} occurs twice in {shown}")
        seen[number] = True
    return tuple(known)


def joined_cycles(
    cycles: Sequence[Sequence[int]], n: int | None, argument: str, base: int = 0
) -> tuple[int, ...]:
    """The permutation of 0..n-1 with these cycles of 0, 1, ...; n is what they need where it is None.

    Raises:
        PermutationError: where they are not disjoint or leave the positions, named from ``base`` on.

    >>> joined_cycles([(0, 2)], None, "cycles")
    (2, 1, 0)
    """
    largest = max((a for cycle in cycles for a in cycle), default=-1)
    size = largest + 1 if n is None else n
    if largest >= size:
        rule = f"must move the positions {base}..{size - 1 + base} alone"
        raise PermutationError(argument, rule, f"{largest + base} occurs")
    require_bytes("the permutation", 40 * size)
    images = list(range(size))
    seen: set[int] = set()
    for cycle in cycles:
        for a, b in zip(cycle, [*cycle[1:], *cycle[:1]], strict=True):
            if a in seen:
                rule = "must be disjoint, each position in one of them at most"
                raise PermutationError(argument, rule, f"{a + base} occurs twice")
            seen.add(a)
            images[a] = b
    return tuple(images)


def multiply(g: PermutationLike, h: PermutationLike) -> tuple[int, ...]:
    """g*h, first g and then h: a -> h(g(a)).

    Args:
        g: a permutation of 0..n-1, which comes first.
        h: another one of them.

    Raises:
        SizeMismatch: permutations of different n.
        PermutationError: what is no permutation.

    >>> multiply((1, 0, 2), (0, 2, 1))
    (2, 0, 1)
    """
    first = read_permutation(g, "g")
    second = read_permutation(h, "h", n=len(first))
    return tuple(second[a] for a in first)


def inverse(g: PermutationLike) -> tuple[int, ...]:
    """The permutation that undoes g.

    Args:
        g: a permutation of 0..n-1.

    Raises:
        PermutationError: what is no permutation.

    >>> inverse((2, 0, 1))
    (1, 2, 0)
    """
    images = read_permutation(g, "g")
    return tuple(sorted(range(len(images)), key=images.__getitem__))


def act(g: PermutationLike, x: Sequence[Entry]) -> tuple[Entry, ...]:
    """g x, the sequence with entry x_(g(a)) at position a.

    Args:
        g: a permutation of the positions 0..n-1.
        x: a sequence of length n, of anything.

    Raises:
        SizeMismatch: another length.
        PermutationError: what is no permutation.

    >>> act((2, 0, 1), "abc")
    ('c', 'a', 'b')
    """
    if not isinstance(x, Sequence) and not getattr(x, "ndim", 0):
        raise InvalidType("x", "must be a sequence", x)
    return tuple(x[a] for a in read_permutation(g, "g", n=len(x)))


def cycle_type(g: PermutationLike) -> Partition:
    """The lengths of the cycles of g, fixed points included.

    Args:
        g: a permutation of 0..n-1.

    Raises:
        PermutationError: what is no permutation.

    >>> cycle_type((1, 2, 0, 3))
    Partition(3, 1)
    """
    images = read_permutation(g, "g")
    seen = [False] * len(images)
    lengths = []
    for start in range(len(images)):
        length = 0
        while not seen[start]:
            seen[start] = True
            start = images[start]
            length += 1
        if length:
            lengths.append(length)
    return Partition.trusted(sorted(lengths, reverse=True))


def read_cycle_type(
    value: PartitionLike | PermutationLike, argument: str = "mu", n: int | None = None
) -> Partition:
    """The cycle type that ``value`` is, or that of a permutation; of size ``n`` where that is given.

    What spells a partition is one: (2, 1, 0) is (2, 1), unless ``n`` says that only the permutation fits.

    >>> from sympy.combinatorics import Permutation
    >>> read_cycle_type((2, 1)), read_cycle_type((1, 0, 2)), read_cycle_type(Permutation(0, 1), n=4)
    (Partition(2, 1), Partition(2, 1), Partition(2, 1, 1))
    """
    if str(type(value).__module__).startswith("sympy.") and hasattr(value, "array_form"):
        return cycle_type(read_permutation(value, argument, n))
    images = (
        value.tolist() if hasattr(value, "tolist") and getattr(value, "ndim", 0) == 1 else value
    )
    permuted = isinstance(images, (tuple, list)) and all(map(is_integer, images))
    permuted = permuted and set(images) == set(range(len(images)))
    try:
        shape = Partition.read(value, argument)
    except PartitionError:
        if permuted and images:
            return cycle_type(images)
        if isinstance(value, str) and value.strip()[:1] == "(":
            return cycle_type(read_permutation(value, argument, n))
        raise
    if permuted and n is not None and shape.size != n == len(images):
        return cycle_type(images)
    return shape


def representative(mu: PartitionLike) -> tuple[int, ...]:
    """The permutation of cycle type mu whose cycles are runs of neighbours, largest first.

    Args:
        mu: a partition of n.

    >>> representative((3, 1))
    (1, 2, 0, 3)
    """
    shape = Partition.read(mu, "mu")
    require_bytes("the permutation", 40 * shape.size)
    images: list[int] = []
    for part in shape:
        start = len(images)
        images += [*range(start + 1, start + part), start]
    return tuple(images)
