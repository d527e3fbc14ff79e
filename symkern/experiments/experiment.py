"""What every experiment's result has: columns of numbers, a line of verdict, and the settings that run it again."""

from __future__ import annotations

import csv
import io
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any, ClassVar

import numpy as np

from symkern.claims.by_content import ByContent
from symkern.errors import SizeMismatch
from symkern.reading.annotated import typed
from symkern.reading.documents import read_indent
from symkern.typeset.shown import Shown


class Experiment(ByContent, Shown, ABC):
    """Floating point: the result of one experiment; a frozen dataclass that inherits from here says the three things below and has the rest; ``settings`` is a field of it, or a property.

    Attributes:
        name: the experiment's name, by which ``symkern experiment`` runs it.
        settings: the settings by name, as plain data; the same settings give the same numbers on the same machine.
        columns: name of a column -> its entries; all columns are equally long. Entries are numbers, texts, or None where there is nothing to say.
        verdict: one line in plain words, with numbers and standard errors.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True, eq=False)
    ... class Tosses(Experiment):
    ...     name = "tosses"
    ...     heads: int
    ...     settings = {"tosses": 100, "seed": 0}
    ...     @property
    ...     def columns(self):
    ...         return {"predicted": [50], "measured": [self.heads], "standard_error": [5.0]}
    ...     @property
    ...     def verdict(self):
    ...         return f"{self.heads} heads of 100 tosses, 50 +- 5 predicted"
    >>> found = Tosses(47)
    >>> print(found)
    47 heads of 100 tosses, 50 +- 5 predicted
    >>> print(found.to_csv())
    predicted,measured,standard_error
    50,47,5.0
    """

    name: ClassVar[str]
    settings: Mapping[str, Any]

    @property
    @abstractmethod
    def columns(self) -> dict[str, list[Any]]:
        """The numbers."""

    @property
    @abstractmethod
    def verdict(self) -> str:
        """One line."""

    def to_dict(self) -> dict[str, Any]:
        """As plain data: {"schema": 1, "experiment": name, "settings", "verdict", "columns"}; what is no finite number is None."""
        return {
            "schema": 1,
            "experiment": self.name,
            "settings": {name: _plain(value) for name, value in self.settings.items()},
            "verdict": self.verdict,
            "columns": self._plain_columns(),
        }

    @typed
    def to_json(self, indent: int | None = 2) -> str:
        """`to_dict` as JSON text.

        Args:
            indent: blanks of a level; None for a single line.
        """
        return json.dumps(self.to_dict(), indent=read_indent(indent), ensure_ascii=False)

    def to_csv(self) -> str:
        """The columns as CSV text with a head line; floats in as many digits as they need, None as nothing."""
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        columns = self._plain_columns()
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
        return stream.getvalue()

    def _plain_columns(self) -> dict[str, list[Any]]:
        columns = {name: [_plain(e) for e in entries] for name, entries in self.columns.items()}
        sizes = {name: len(entries) for name, entries in columns.items()}
        if len(set(sizes.values())) > 1:
            raise SizeMismatch("columns", "must be equally long", f"their lengths are {sizes}")
        return columns

    def __str__(self) -> str:
        return self.verdict


def _plain(value: Any) -> Any:
    """Python's own numbers, None for what is not finite, lists for what is listed, and the text of everything else."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): _plain(e) for name, e in value.items()}
    if isinstance(value, Iterable):
        return [_plain(e) for e in value]
    return str(value)
