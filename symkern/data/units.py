"""What counts as one letter of a text: letters, words, bytes, or the numbers that a tokenizer has given; the most frequent of them, and the rest as one.

* letters: lower case; every run of what are no letters is one symbol, written as a space;
* words: runs of letters, lower case; what stands between them is left out;
* tokens: what stands between white space, as it is, as texts are written whose words and signs stand apart (the token format of WikiText);
* bytes: as they are;
* ids: whole numbers, in a file or of a tokenizer.

Lower-casing, the size of the vocabulary and the rest as one letter all change the numbers of a report, which prints them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from symkern.data.text_files import (
    byte_pieces,
    is_wikitext,
    number_pieces,
    text_pieces,
    without_marks,
)
from symkern.data.text_tables import TextColumn
from symkern.data.tokenizer_ids import id_pieces, tokenizer_of
from symkern.errors import InvalidArgument, InvalidType
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer
from symkern.typeset.shown import Shown

Unit = Literal["letters", "words", "tokens", "bytes", "ids"]
Piece = Path | bytes | np.ndarray | TextColumn

#: Vocabulary where none is given: an alphabet of 26 letters and the space, the hundred most frequent words, all bytes, all numbers.
DEFAULTS: dict[Unit, int] = {"letters": 27, "words": 100, "tokens": 100, "bytes": 256, "ids": 1000}

_WORD = re.compile(r"[^\W\d_]+")
_SPACE = ord(" ")


@dataclass(frozen=True)
@typed
class Alphabet(Shown):
    """The letters 0..v-1: ``items`` by frequency, and one for all others where ``rest`` is true, the last; ``tokenizer`` is the file that made ids of a text, if any.

    >>> Alphabet("words", ("the", "of"), True).vocabulary
    3
    """

    unit: Unit
    items: tuple[str | int, ...]
    rest: bool
    tokenizer: str = ""

    @property
    def vocabulary(self) -> int:
        """Number of letters."""
        return len(self.items) + int(self.rest)

    def names(self) -> tuple[str, ...]:
        """The letters as they print."""
        shown = [tokenizer_of(self.tokenizer).id_to_token(i) for i in self.items] if self.tokenizer else self.items  # fmt: skip
        return (*map(str, shown), *(["(rest)"] if self.rest else []))


def read_unit(unit: object, texts: list[Piece], tokenizer: str = "") -> Unit:
    """The unit, which the kind of the texts decides where none is given: ids for arrays and files of numbers and where there is a tokenizer, else letters."""
    numbers = [isinstance(t, np.ndarray) or (isinstance(t, Path) and t.suffix in (".npy", ".bin")) for t in texts]  # fmt: skip
    if tokenizer:
        if unit not in (None, "ids") or any(numbers):
            rule = "may be given for texts whose unit is ids"
            raise InvalidArgument("tokenizer", rule, f"it is {tokenizer!r}")
        tokenizer_of(tokenizer)
        return "ids"
    if unit is None:
        return "ids" if all(numbers) else "letters"
    if unit not in ("letters", "words", "tokens", "bytes", "ids"):
        rule = "must be letters, words, tokens, bytes or ids"
        raise InvalidArgument("unit", rule, f"it is {unit!r}")
    if unit == "ids" and not all(numbers):
        raise InvalidArgument(
            "unit",
            "must be letters, words, tokens or bytes for a text without a tokenizer",
            "it is 'ids'",
        )
    if unit in ("letters", "words", "tokens") and any(isinstance(t, np.ndarray) for t in texts):
        raise InvalidType("source", f"must be a text where unit is {unit!r}", texts[0])
    return unit


def items_of(text: Piece, unit: Unit, tokenizer: str = "") -> Iterator[np.ndarray | list[str]]:
    """The units one after another: code points of letters, words, or numbers."""
    if tokenizer and not isinstance(text, np.ndarray):
        yield from id_pieces(text_pieces(text), tokenizer)
        return
    if unit == "ids":
        if isinstance(text, (bytes, TextColumn)):
            raise InvalidType("source", "must hold numbers where unit is 'ids'", text)
        yield from number_pieces(text)
        return
    if isinstance(text, np.ndarray):
        raise InvalidType("source", f"must be a text where unit is {unit!r}", text)
    if unit == "bytes":
        for piece in byte_pieces(text):
            yield np.frombuffer(piece, dtype=np.uint8)
        return
    if unit == "tokens":
        yield from _tokens(text_pieces(text))
        return
    marked = is_wikitext(text)
    ended, held = True, ""
    for chunk in text_pieces(text):
        lowered = (without_marks(chunk) if marked else chunk).lower()
        if unit == "words":
            lowered, held = held + lowered, ""
            cut = len(lowered)
            while cut and _WORD.match(lowered[cut - 1]):
                cut -= 1
            if 0 < cut < len(lowered) < 1 << 24:  # a word that may go on
                lowered, held = lowered[:cut], lowered[cut:]
            yield _WORD.findall(lowered)
            continue
        codes = _letters(lowered)
        spaces = codes == _SPACE
        before = np.concatenate([[ended], spaces[:-1]])
        kept = codes[~(spaces & before)]
        if len(codes):
            ended = bool(spaces[-1])
        yield kept
    if held:
        yield _WORD.findall(held)


def _tokens(texts: Iterable[str]) -> Iterator[list[str]]:
    """What stands between white space, of a text that comes in pieces."""
    held = ""
    for text in texts:
        found = (held + text).split()
        held = found.pop() if found and not text[-1:].isspace() else ""
        yield found
    if held:
        yield [held]


def _letters(text: str) -> np.ndarray:
    """Code points, with a space for what is no letter."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    if not len(codes):
        return codes
    present = np.flatnonzero(np.bincount(codes))
    table = np.zeros(int(present[-1]) + 1, dtype=np.uint32)
    table[present] = [c if chr(c).isalpha() else _SPACE for c in present.tolist()]
    return table[codes]


def counted(text: Piece, unit: Unit, tokenizer: str = "") -> Counter[str | int]:
    """How often each unit occurs."""
    found: Counter[str | int] = Counter()
    for items in items_of(text, unit, tokenizer):
        if isinstance(items, list):
            found.update(items)
        elif len(items):
            values, numbers = np.unique(items, return_counts=True)
            for value, number in zip(values.tolist(), numbers.tolist(), strict=True):
                found[value] += number
    return found


@typed
def alphabet_of(
    counts: Mapping[str | int, int], unit: Unit, vocabulary: int | None = None, tokenizer: str = ""
) -> Alphabet:
    """The most frequent units; with equal numbers the smaller first.

    Args:
        counts: how often each unit occurs.
        unit: what they are.
        vocabulary: how many letters there are to be, the rest among them; all that occur where they are no more.
        tokenizer: the file that made ids of the text, if any.

    Raises:
        InvalidArgument: there is nothing in the text, or one letter alone.

    >>> alphabet_of(Counter({"the": 3, "of": 2, "a": 1}), "words", 2)
    Alphabet(unit='words', items=('the',), rest=True, tokenizer='')
    """
    most = DEFAULTS[unit] if vocabulary is None else read_integer(vocabulary, "vocabulary", 2, current().listed_positions)  # fmt: skip
    ranked = sorted(counts, key=lambda item: (-counts[item], item))
    if len(ranked) < 2:
        found = "is empty" if not ranked else "has one letter alone"
        raise InvalidArgument("source", "must hold at least two different letters", f"it {found}")
    rest = len(ranked) > most
    kept = ranked[: most - 1] if rest else ranked
    shown = [chr(int(c)) for c in kept] if unit == "letters" else kept
    return Alphabet(unit, tuple(shown), rest, tokenizer)


def encoded(text: Piece, alphabet: Alphabet) -> Iterator[np.ndarray]:
    """The text in letters 0..v-1, piece by piece, in the smallest type of whole numbers that holds them."""
    last = alphabet.vocabulary - 1
    kind = np.min_scalar_type(last)
    keys = [ord(str(i)) for i in alphabet.items] if alphabet.unit == "letters" else list(alphabet.items)  # fmt: skip
    numbers = {item: t for t, item in enumerate(keys)}
    ordered = np.array(sorted(k for k in keys if isinstance(k, int)), dtype=np.int64)
    ranks = np.array([numbers[int(k)] for k in ordered], dtype=kind)
    for items in items_of(text, alphabet.unit, alphabet.tokenizer):
        if isinstance(items, list):
            yield np.fromiter((numbers.get(w, last) for w in items), dtype=kind, count=len(items))
        elif len(items):
            values = items.astype(np.int64)
            places = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
            yield np.where(ordered[places] == values, ranks[places], kind.type(last))
