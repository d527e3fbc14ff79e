r"""The blocks of a stored character table: which files belong together, the mark that vouches for them, and a reader that serves none without it.

A block's mark is 2^32 plus the CRC-32 of its files one after another (`symkern.characters.table_store`). A CRC-32 tells every flip of a
single bit, and every burst of up to 32 bits; of other damage one in 2^32 passes. What is read is checked and unpacked from the same bytes.
"""

from __future__ import annotations

import os
import re
import zlib
from functools import cache
from pathlib import Path
from typing import Any

from symkern.errors import InvalidArgument, install_line

MARK = 1 << 32

_CHUNK = re.compile(r"values/c/0/(?P<block>\d+)|higher/c/0/0/(?P<place>\d+)")


def require_zarr() -> Any:
    """The module zarr; `InvalidArgument` where the extra is not installed."""
    try:
        import zarr
    except ImportError:
        rule = f"needs the extra cluster ({install_line('cluster')})"
        raise InvalidArgument("output", rule, "zarr is not there") from None
    return zarr


class Layout:
    """Where the blocks of a store lie: ``step`` columns in each, and ``wide``, the numbers of the columns with higher limbs."""

    def __init__(self, path: Path, n: int, step: int, wide: list[int]) -> None:
        self.path, self.n, self.step = path, n, step
        self._blocks = [j // step for j in wide]

    def keys(self, i: int) -> list[str]:
        """The files of block i below the store, in the order of their checksum: its columns, and the higher limbs of its wide ones."""
        places = [place for place, block in enumerate(self._blocks) if block == i]
        return [f"values/c/0/{i}", *(f"higher/c/0/0/{place}" for place in places)]

    def block(self, key: str) -> int | None:
        """The block that a file belongs to; None where it belongs to none."""
        found = _CHUNK.fullmatch(key)
        if found is None:
            return None
        if found["block"] is not None:
            return int(found["block"])
        place = int(found["place"])
        return self._blocks[place] if place < len(self._blocks) else None

    def mark(self, i: int) -> int | None:
        """The mark of block i; None where there is none, or one that was cut off."""
        try:
            data = (self.path / "finished" / "c" / str(i)).read_bytes()
        except OSError:
            return None
        found = int.from_bytes(data, "little") if len(data) == 8 else 0
        return found if MARK <= found < 2 * MARK else None

    def mark_on_disk(self, i: int, settle: bool = False) -> int | None:
        """The mark that belongs to the files of block i as they lie on the disk; None where one is missing.

        With ``settle`` they are sure to be on the disk itself afterwards.
        """
        checksum = 0
        for key in self.keys(i):
            try:
                with open(self.path / key, "rb") as stream:
                    if settle:
                        os.fsync(stream.fileno())
                    checksum = zlib.crc32(stream.read(), checksum)
            except FileNotFoundError:
                return None
        return MARK + checksum

    def checked(self, i: int) -> dict[str, bytes]:
        """The files of block i, refused where it is not finished or they are not those that its mark was written for."""
        mark = self.mark(i)
        found: dict[str, bytes] = {}
        checksum = 0
        try:
            for key in self.keys(i) if mark is not None else ():
                found[key] = (self.path / key).read_bytes()
                checksum = zlib.crc32(found[key], checksum)
        except OSError:
            mark = None
        if mark is None:
            rule = f"is read in blocks that are finished; {repair(self.n, self.path)} writes what is missing"
            raise InvalidArgument("table", rule, f"block {i} of {self.path} is not")
        if mark != MARK + checksum:
            raise damaged(self.n, self.path, f"block {i}")
        return found


def repair(n: int, path: Path) -> str:
    """The command that writes again what is missing or damaged in a store, and nothing else of it."""
    import shlex

    return f"symkern table {n} --format zarr --output {shlex.quote(str(path))}"


def damaged(n: int, path: Path, what: str) -> InvalidArgument:
    """A part of a store that is not as it was written."""
    rule = f"must be as it was written; {repair(n, path)} writes what is damaged again"
    return InvalidArgument("table", rule, f"{what} of {path} cannot be read")


def described_otherwise(n: int, path: Path, what: str) -> InvalidArgument:
    """A store whose own description is damaged, which says no more how its blocks are to be read."""
    rule = (
        "must be described as it was written; move it away, and write the table "
        f"with {repair(n, path)}"
    )
    return InvalidArgument("table", rule, f"the description of {what} of {path} is damaged")


def checked_group(layout: Layout) -> Any:
    """The group of a store for reading: no chunk of columns is unpacked unless its block's checksum is right."""
    zarr = require_zarr()
    return zarr.open_group(store=_store_type()(layout), mode="r", use_consolidated=False)


@cache
def _store_type() -> type[Any]:
    """The Zarr store that checks; its class cannot be had without zarr."""
    local: Any = require_zarr().storage.LocalStore

    class CheckedStore(local):  # type: ignore[misc]
        """A directory of which chunks of columns are read with their block's checksum."""

        def __init__(self, layout: Layout) -> None:
            super().__init__(layout.path, read_only=True)
            self._layout = layout
            # The higher limbs of the block that was read last: a block's bytes depend on n alone, so that they stay right.
            self._higher: dict[str, bytes] = {}

        def with_read_only(self, read_only: bool = False) -> Any:
            return type(self)(self._layout)

        def _chunk(self, key: str) -> bytes:
            higher = self._higher.get(key)
            if higher is not None:
                return higher
            block = self._layout.block(key)
            if block is None:
                name = key.partition("/")[0]
                raise described_otherwise(self._layout.n, self._layout.path, name)
            found = self._layout.checked(block)
            self._higher = {k: data for k, data in found.items() if k.startswith("higher")}
            return found[key]

        async def get(self, key: str, prototype: Any = None, byte_range: Any = None) -> Any:
            if _is_chunk(key):
                import asyncio  # Zarr has loaded it

                data = await asyncio.to_thread(self._chunk, key)
                return prototype.buffer.from_bytes(data)
            return await super().get(key, prototype, byte_range)

        def get_sync(self, key: str, *, prototype: Any = None, byte_range: Any = None) -> Any:
            if _is_chunk(key):
                return prototype.buffer.from_bytes(self._chunk(key))
            return super().get_sync(key, prototype=prototype, byte_range=byte_range)

        async def get_partial_values(self, prototype: Any, key_ranges: Any) -> Any:
            # Parts of chunks have no checksum; Zarr asks for them in layouts other than ours.
            raise described_otherwise(self._layout.n, self._layout.path, "the arrays")

    return CheckedStore


def _is_chunk(key: str) -> bool:
    """Whether a key is that of numbers of the table, and not of what describes them."""
    return key.startswith(("values/", "higher/")) and not key.endswith(
        ("zarr.json", ".zattrs", ".zarray")
    )
