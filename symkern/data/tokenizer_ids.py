"""Text as the numbers of a Hugging Face tokenizer, read from its JSON file; line by line, so that pieces of any size give the same numbers.

Needs tokenizers, of the extra ``text``. Marks of begin and end are left out; what a tokenizer makes of a line break at the end of a line is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from symkern.errors import InvalidArgument, install_line

#: Lines that are worked on at a time.
_LINES = 4096


@lru_cache(maxsize=4)
def tokenizer_of(path: str) -> Any:
    """The tokenizer of a file.

    Raises:
        InvalidArgument: tokenizers is missing, or the file is none.
    """
    try:
        from tokenizers import Tokenizer
    except ImportError:
        rule = f"needs tokenizers to be used: {install_line('text')} (or pip install tokenizers)"
        raise InvalidArgument("tokenizer", rule, f"it is {path!r}") from None
    try:
        text = Path(path).read_text(encoding="utf-8")
        found = Tokenizer.from_str(text)
    except Exception as error:  # the library raises Exception itself
        reason = getattr(error, "strerror", None) or str(error).partition("\n")[0]
        rule = "must be a tokenizer's JSON file"
        raise InvalidArgument("tokenizer", rule, f"{path!r}: {reason}") from None
    found.no_truncation()
    found.no_padding()
    return found


def id_pieces(texts: Iterable[str], path: str) -> Iterator[np.ndarray]:
    """The numbers of a text that comes in pieces, whatever its pieces are."""
    tokenizer, held = tokenizer_of(path), ""
    for text in texts:
        lines = (held + text).splitlines(keepends=True)
        held = lines.pop() if lines and not lines[-1].endswith("\n") else ""
        yield from _encoded(tokenizer, lines)
    if held:
        yield from _encoded(tokenizer, [held])


def _encoded(tokenizer: Any, lines: list[str]) -> Iterator[np.ndarray]:
    for begin in range(0, len(lines), _LINES):
        found = tokenizer.encode_batch(lines[begin : begin + _LINES], add_special_tokens=False)
        yield np.fromiter((i for one in found for i in one.ids), dtype=np.int64)
