"""Texts and sequences of numbers as they lie on disk, read in pieces: plain text in UTF-8, gzip, zstd, WikiText, columns of tables, bytes, ``.npy`` and 16-bit ``.bin``.

Nothing is downloaded, and nothing of a file is run: arrays of objects are refused. What is packed by gzip or zstd is told by its first bytes, not by its name; zstd and tables need the extra ``text``.
"""

from __future__ import annotations

import codecs
import gzip
import io
import os
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

from symkern.data.text_tables import TABLES, TextColumn, column_pieces
from symkern.errors import Advice, InvalidArgument, InvalidType, displayed, install_line
from symkern.reading.documents import read_path
from symkern.reading.missing_entries import without_mask

#: Bytes that are read at a time.
PIECE = 1 << 20
_ZSTD = b"\x28\xb5\x2f\xfd"

_UNREAD = {
    ".bz2": "bzip2",
    ".xz": "xz",
    ".zip": "zip",
    ".pdf": "PDF",
}


def opened_bytes(path: Path) -> IO[bytes]:
    """The file, unpacked where it is gzip or zstd.

    Raises:
        InvalidArgument: it cannot be opened, or its format is none that is read.
    """
    kind = _UNREAD.get(path.suffix.lower())
    if kind is not None:
        rule = (
            "must be plain text, gzip, zstd, WikiText, Parquet, Arrow, bytes, .npy or 16-bit .bin"
        )
        raise InvalidArgument("source", rule, f"{str(path)!r} is {kind}; unpack it first")
    try:
        with path.open("rb") as stream:
            first = stream.read(4)
        # A file of gzip closes what it has opened itself, and that alone.
        packed = first[:2] == b"\x1f\x8b"
        opened = cast("IO[bytes]", gzip.GzipFile(path)) if packed else path.open("rb")
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    return cast("IO[bytes]", io.BufferedReader(_Zstd(path, opened))) if first == _ZSTD else opened


class _Zstd(io.RawIOBase):
    """What frames of zstd hold; one that is cut off is an error."""

    def __init__(self, path: Path, stream: IO[bytes]) -> None:
        self._stream = stream
        try:
            import zstandard
        except ImportError:
            stream.close()
            rule = (
                f"needs zstandard to be unpacked: {install_line('text')} (or pip install zstandard)"
            )
            raise InvalidArgument("source", rule, f"{str(path)!r} is zstd") from None
        self._made, self._error = zstandard.ZstdDecompressor().decompressobj, zstandard.ZstdError
        self._held, self._left = b"", b""
        self._frame: Any = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._held:
            packed = self._left or self._stream.read(PIECE)
            self._left = b""
            if not packed:
                if self._frame is not None:
                    raise OSError("the last frame is cut off")
                return 0
            if self._frame is None:
                self._frame = self._made()
            try:
                self._held = self._frame.decompress(packed)
            except self._error as error:
                raise OSError(str(error)) from None
            if self._frame.eof:
                self._left, self._frame = self._frame.unused_data, None
        size = min(len(buffer), len(self._held))
        buffer[:size], self._held = self._held[:size], self._held[size:]
        return size

    def close(self) -> None:
        self._stream.close()
        super().close()


def byte_pieces(source: Path | bytes | TextColumn) -> Iterator[bytes]:
    """The bytes of a file, of a column of a table, or of a text in memory, piece by piece."""
    if isinstance(source, TextColumn):
        yield from column_pieces(source)
        return
    if isinstance(source, bytes):
        for begin in range(0, len(source), PIECE):
            yield source[begin : begin + PIECE]
        return
    with opened_bytes(source) as stream:
        while True:
            try:
                piece = stream.read(PIECE)
            except (OSError, EOFError, zlib.error) as error:
                raise _unreadable(source, error) from None
            if not piece:
                return
            yield piece


def text_pieces(source: Path | bytes | TextColumn) -> Iterator[str]:
    """The same in UTF-8, each piece ending with a line where lines are shorter than pieces.

    Raises:
        InvalidArgument: bytes that are no UTF-8, with the place of the first.

    >>> list(text_pieces("naïve".encode()))
    ['naïve']
    >>> list(text_pieces(b"na\\xefve"))
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: source: must be text in UTF-8, but byte 2 is 0xef; unit="bytes" takes any file
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    place, waiting, held = 0, 0, ""
    try:
        for piece in byte_pieces(source):
            waiting = len(decoder.getstate()[0])  # bytes of a character that the last piece began
            held += decoder.decode(piece)
            place += len(piece)
            cut = held.rfind("\n") + 1
            if cut or len(held) > 16 * PIECE:
                cut = cut or len(held)
                yield held[:cut]
                held = held[cut:]
        waiting = len(decoder.getstate()[0])
        held += decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        shown = f"byte {place - waiting + error.start:,} is 0x{error.object[error.start]:02x}"
        of_rows = " the rows of" if isinstance(source, TextColumn) else ""
        named = "" if isinstance(source, bytes) else f" of{of_rows} {str(source)!r}"
        rule = "must be text in UTF-8"
        advice = Advice(example=(("unit", '"bytes"'),))
        refusal = InvalidArgument("source", rule, f"{shown}{named}; {advice} takes any file")
        raise refusal.advising(advice) from None
    if held:
        yield held


_HEADING = re.compile(r"^ *=+ .* =+ *$", re.MULTILINE)
_JOINED = re.compile(r" @(.)@ ")


def is_wikitext(source: Path | bytes | TextColumn) -> bool:
    """Whether a file has the name of a part of WikiText, in its raw or its token format.

    >>> is_wikitext(Path("wiki.test.raw")), is_wikitext(Path("wiki.txt"))
    (True, False)
    """
    if not isinstance(source, Path):
        return False
    return source.name.startswith("wiki.") and source.suffix in (".raw", ".tokens")


def without_marks(text: str) -> str:
    """WikiText without its headings, with the signs that its tokens stand apart joined again, and a space for each unknown word.

    >>> without_marks(" = Title = \\n well @-@ known <unk> ")
    '\\n well-known   '
    """
    return _JOINED.sub(r"\1", _HEADING.sub("", text)).replace("<unk>", " ")


def number_pieces(source: Path | np.ndarray) -> Iterator[np.ndarray]:
    """Whole numbers from 0 on, piece by piece: an array, ``.npy``, or ``.bin`` of 16-bit numbers as nanoGPT writes them.

    Raises:
        InvalidType: an array of other things.
        InvalidArgument: a file of another kind, or negative numbers.
    """
    array = source if isinstance(source, np.ndarray) else _mapped(source)
    if array.dtype.kind not in "iu" or array.ndim != 1:
        raise InvalidType("source", "must hold a row of whole numbers", array)
    for begin in range(0, len(array), PIECE):
        piece = np.asarray(array[begin : begin + PIECE])
        if piece.dtype.kind == "i" and piece.min() < 0:
            where = begin + int(np.argmax(piece < 0))
            raise InvalidArgument("source", "must hold whole numbers from 0 on", f"number {where} is {int(piece.min())}")  # fmt: skip
        yield piece


def _mapped(path: Path) -> Any:
    try:
        if path.suffix == ".npy":
            return np.lib.format.open_memmap(path, mode="r")
        if path.stat().st_size % 2:
            rule = "must hold 16-bit numbers where it ends in .bin"
            raise InvalidArgument("source", rule, f"{str(path)!r} has an odd number of bytes")
        if not path.stat().st_size:
            return np.zeros(0, dtype=np.uint16)
        return np.memmap(path, dtype="<u2", mode="r")
    except (OSError, ValueError, EOFError) as error:
        if isinstance(error, InvalidArgument):
            raise
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: Exception) -> InvalidArgument:
    reason = getattr(error, "strerror", None) or str(error)
    return InvalidArgument(
        "source", "must be a file that can be read", f"{displayed(str(path), 300)}: {reason}"
    )


def read_source(
    source: object, column: str | None = None
) -> list[Path | bytes | np.ndarray | TextColumn]:
    """The texts that a user names: a path or several, bytes that are a text themselves, an array of numbers; ``column`` is that of tables.

    >>> read_source(["a.txt", "b.txt"])[1].name
    'b.txt'
    >>> read_source(3)
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidType: source: must be a path or several, a text in bytes, or an array of whole numbers, but it is 3 of type int
    """
    source = without_mask(source, "source")
    if isinstance(source, (list, tuple)) and source and not all(type(e) is int for e in source):
        found = [one for entry in source for one in read_source(entry)]
        return _with_column(found, column)
    if isinstance(source, bytes):
        return _with_column([source], column)
    if isinstance(source, (str, os.PathLike)):
        path = read_path(source, "source")
        if path.is_dir():
            rule = "must be a file that can be read"
            raise InvalidArgument("source", rule, f"{str(path)!r} is a directory")
        if path.suffix.lower() in TABLES:
            return [TextColumn(path, column or "")]
        return _with_column([path], column)
    if isinstance(source, np.ndarray) or (isinstance(source, (list, tuple)) and source):
        array = np.asarray(source)
        if array.dtype.kind in "iu" and array.ndim == 1:
            return _with_column([array], column)
    rule = "must be a path or several, a text in bytes, or an array of whole numbers"
    raise InvalidType("source", rule, source)


def _with_column(
    found: list[Path | bytes | np.ndarray | TextColumn], column: str | None
) -> list[Path | bytes | np.ndarray | TextColumn]:
    """The texts, of tables the column that is asked for."""
    if column is None:
        return found
    if not any(isinstance(one, TextColumn) for one in found):
        rule = f"may be given for tables, files that end in {', '.join(TABLES)}"
        raise InvalidArgument("column", rule, f"it is {column!r}")
    return [TextColumn(one.path, column) if isinstance(one, TextColumn) else one for one in found]
