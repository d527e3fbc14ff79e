"""How strategies draw: the smallest size first, and Hypothesis itself looked for only when one is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

from symkern.doors import register_strategies
from symkern.errors import InvalidArgument, displayed, install_line
from symkern.limits import current
from symkern.reading.integers import read_integer
from symkern.reading.sequences import read_list

if TYPE_CHECKING:
    from hypothesis import strategies
    from hypothesis.strategies import SearchStrategy

    st = strategies


Drawn = TypeVar("Drawn")

#: Lists up to so long are walked through one by one, and with more sizes than that a size is drawn at once.
_LISTED, _SIZES = 200, 60
#: What the number of objects of one size counts at most: small sizes are to be drawn often.
_WEIGHT = 50


class _Strategies:
    """`hypothesis.strategies`, looked for when a strategy is asked for."""

    def __getattr__(self, name: str) -> Any:
        try:
            from hypothesis import strategies
        except ImportError:
            raise ImportError(
                "symkern.strategies draws with Hypothesis, which is not installed: "
                f"{install_line('proofs')} (or pip install hypothesis)"
            ) from None
        register_strategies()  # where symkern is no installed package, nobody else has
        return getattr(strategies, name)


#: `hypothesis.strategies`.
if not TYPE_CHECKING:
    st = _Strategies()


def walk(draw: Any, weights: Sequence[int]) -> int:
    """An index, drawn with these weights by a walk from 0 on that may stop at each.

    One draw for every step: Hypothesis shrinks by deleting draws, so that it comes to the smallest index that does. Of the ways that were
    tried no other always ended at the smallest of a list.
    """
    rest = sum(weights)
    for index, weight in enumerate(weights[:-1]):
        if draw(st.integers(0, rest - 1)) < weight:
            return index
        rest -= weight
    return len(weights) - 1


def smallest_first(
    sizes: Sequence[int],
    of_size: Callable[[int], Iterator[Drawn]],
    grown: Callable[[Any, int], Drawn],
) -> SearchStrategy[Drawn]:
    """The members of these sizes, the smallest size first and in the order of ``of_size``; one of a size of many by ``grown(draw, size)``.

    One walk leads through all of them, or through as many sizes as are short; every other time it goes on to those beyond.
    """

    @cache
    def few(size: int) -> list[Drawn]:
        return list(islice(of_size(size), _LISTED + 1))

    everything = list(islice(chain.from_iterable(map(few, sizes)), _LISTED + 1))
    near: list[Drawn] = []
    far = list(sizes)
    if len(everything) <= _LISTED:
        near, far = everything, []
    while far and len(near) + len(few(far[0])) <= _LISTED // 2:
        near += few(far.pop(0))
    weights = [1] * len(near) + [len(near) or 1] * bool(far)
    sizes_far = [min(len(few(n)), _WEIGHT) for n in far] if len(far) <= _SIZES else []

    @st.composite
    def one(draw: Any) -> Drawn:
        index = walk(draw, weights)
        if index < len(near):
            return near[index]
        size = far[walk(draw, sizes_far) if sizes_far else draw(st.integers(0, len(far) - 1))]
        members = few(size)
        if len(members) <= _LISTED:
            return members[walk(draw, [1] * len(members))]
        return grown(draw, size)

    return one()


def read_size(value: object, argument: str, minimum: int = 0) -> int:
    """A number of cells, letters or stages, not larger than what can be drawn."""
    return read_integer(value, argument, minimum, current().drawn_size)


def among(
    argument: str, words: Iterable[str], known: Sequence[str], may_be_empty: bool = False
) -> tuple[str, ...]:
    """The words as a tuple, each of them one of ``known``; a single word counts as a list of one."""
    chosen = (words,) if isinstance(words, str) else tuple(read_list(words, argument, "names"))
    for word in chosen:
        if word not in known:
            raise InvalidArgument(
                argument, f"must be among {', '.join(known)}", f"{displayed(word)} is among them"
            )
    if not chosen and not may_be_empty:
        raise InvalidArgument(argument, "must name at least one", "it is empty")
    return chosen
