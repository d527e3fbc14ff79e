"""Columns of text in Parquet and Arrow files: their rows one after another, each ended by a line break; rows without a value are left out.

Needs pyarrow, of the extra ``text``, which is imported where a table is read. Arrow files may be of either format, files that are seekable or streams.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symkern.errors import InvalidArgument, displayed, install_line
from symkern.reading.annotated import typed

#: Endings of files that hold tables.
TABLES = (".parquet", ".arrow", ".feather", ".ipc")

#: Rows that are read at a time.
_ROWS = 4096


@dataclass(frozen=True)
@typed
class TextColumn:
    """A column of a table: ``name``, or the only one of text, or the one that is called "text", where it is empty."""

    path: Path
    name: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.name}" if self.name else str(self.path)


def column_pieces(source: TextColumn) -> Iterator[bytes]:
    """The rows in UTF-8, batch by batch.

    Raises:
        InvalidArgument: pyarrow is missing, the file is no table, or has no such column of text.
    """
    try:
        import pyarrow
    except ImportError:
        rule = f"needs pyarrow to read tables: {install_line('text')} (or pip install pyarrow)"
        raise InvalidArgument("source", rule, f"{str(source.path)!r} is one") from None
    try:
        schema, batches = _opened(source.path)
        name = _column(source, schema)
        for batch in batches(name):
            rows = _as_bytes(batch.column(batch.schema.get_field_index(name))).to_pylist()
            yield b"".join(row + b"\n" for row in rows if row is not None)
    except (OSError, pyarrow.ArrowException) as error:
        reason = str(error).partition("\n")[0]
        raise InvalidArgument("source", "must be a table that can be read", f"{str(source.path)!r}: {reason}") from None  # fmt: skip


def _opened(path: Path) -> tuple[Any, Any]:
    """The schema, and what gives the batches that hold a column."""
    if path.suffix.lower() == ".parquet":
        from pyarrow import parquet

        table = parquet.ParquetFile(path)
        return table.schema_arrow, lambda name: table.iter_batches(_ROWS, columns=[name])
    from pyarrow import ArrowInvalid, ipc, memory_map

    try:
        reader = ipc.open_file(memory_map(str(path)))
        return reader.schema, lambda _: (
            reader.get_batch(i) for i in range(reader.num_record_batches)
        )
    except ArrowInvalid:
        stream = ipc.open_stream(memory_map(str(path)))
        return stream.schema, lambda _: iter(stream)


def _as_bytes(column: Any) -> Any:
    """A column of text as the bytes that it holds, which who reads them looks at."""
    import pyarrow

    if pyarrow.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column.cast(pyarrow.large_binary())


def _column(source: TextColumn, schema: Any) -> str:
    from pyarrow import types

    def is_text(kind: Any) -> bool:
        if types.is_dictionary(kind):
            return is_text(kind.value_type)
        return bool(
            types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)
        )

    texts = [f.name for f in schema if is_text(f.type)]
    chosen = source.name or (texts[0] if len(texts) == 1 else "text")
    if texts.count(chosen) == 1:
        return str(chosen)
    rule = f"must be one of the columns of text, {', '.join(texts) or 'of which there are none'}"
    found = f"it is {displayed(source.name)}" if source.name else "it is not given"
    raise InvalidArgument("column", rule, f"{found} for {str(source.path)!r}")
