"""What all experiments share: columns, documents, settings and their texts, the table of names, and the folder that a result is written to."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symkern as sk
from symkern.errors import InvalidArgument, InvalidType, SizeMismatch
from symkern.experiments import Experiment, Protocol
from symkern.reports.experiment_folder import experiment_folder


@dataclass(frozen=True, eq=False)
class Coins(Experiment):
    """Heads of some coins."""

    name = "coins"
    heads: np.ndarray
    tosses: int
    seed: int

    @property
    def settings(self) -> dict[str, Any]:
        """Both."""
        return {"tosses": self.tosses, "seed": self.seed}

    @property
    def columns(self) -> dict[str, list[Any]]:
        """Numbers, a text, and what is not known."""
        n = len(self.heads)
        return {
            "coin": ["a,b"] * n,
            "predicted": [self.tosses / 2] * n,
            "measured": list(self.heads),
            "standard_error": [np.inf, *[self.tosses**0.5 / 2] * (n - 1)],
        }

    @property
    def verdict(self) -> str:
        """A line."""
        return f"{self.heads.mean()} heads"


def coins(*, tosses: int = 100, coins: tuple[int, ...] = (3, 4), bias: float = 0.5, kind: str = "fair", loud: bool = False, seed: int = 0) -> Coins:  # fmt: skip
    """Tossed."""
    heads = np.random.default_rng(seed).binomial(tosses, bias, sum(coins))
    return Coins(heads, tosses, seed)


COINS = Protocol("coins", "Heads.", coins, fast={"tosses": 10}, full={"tosses": 1000})


def test_documents_hold_the_columns() -> None:
    found = coins()
    rows = list(csv.reader(io.StringIO(found.to_csv())))
    assert rows[0] == ["coin", "predicted", "measured", "standard_error"]
    assert [r[0] for r in rows[1:]] == ["a,b"] * 7
    assert [int(r[2]) for r in rows[1:]] == found.heads.tolist()
    assert [r[3] for r in rows[1:]] == ["", *["5.0"] * 6]
    read = json.loads(found.to_json())
    assert read == found.to_dict()
    assert read["columns"]["standard_error"] == [None, *[5.0] * 6]
    assert read["experiment"] == "coins" and read["settings"] == {"tosses": 100, "seed": 0}
    assert str(found) == read["verdict"] == found.verdict
    assert found == coins() and found != coins(seed=1)


def test_columns_are_equally_long() -> None:
    @dataclass(frozen=True, eq=False)
    class Uneven(Coins):
        @property
        def columns(self) -> dict[str, list[Any]]:
            return {"a": [1], "b": [1, 2]}

    with pytest.raises(SizeMismatch, match="equally long"):
        Uneven(np.ones(2), 1, 0).to_csv()


def test_settings_are_those_of_the_speed_and_what_texts_say() -> None:
    assert COINS.settings()["tosses"] == 100 and COINS.settings("full")["tosses"] == 1000
    given = {"tosses": "7", "coins": "1, 2,3", "bias": "1/4", "kind": "x, y", "loud": "true"}
    expected = {"tosses": 7, "coins": (1, 2, 3), "bias": 0.25, "kind": "x, y", "loud": True, "seed": 0}  # fmt: skip
    assert COINS.settings("fast", given) == expected


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"tosss": "1"}, "did you mean 'tosses'"),
        ({"tosses": "1.5"}, "tosses: must be a whole number"),
        ({"tosses": "__import__('os')"}, "tosses: must be a whole number"),
        ({"coins": "1,,2"}, "coins: must be a whole number"),
        ({"bias": "nan"}, "bias"),
        ({"loud": "yes"}, "loud: must be true or false"),
    ],
)
def test_texts_that_are_no_settings(texts: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        COINS.settings("default", texts)


def test_protocols_say_what_they_need() -> None:
    with pytest.raises(InvalidArgument, match="run: must be a function whose keywords"):
        Protocol("number", "", int)
    with pytest.raises(InvalidArgument, match="have defaults"):
        Protocol("x", "y", lambda *, n: n)
    with pytest.raises(InvalidArgument, match="must be one of"):
        Protocol("x", "y", coins, fast={"size": 3})
    with pytest.raises(InvalidType):
        COINS.settings("slow")  # type: ignore[arg-type]


def test_experiments_are_run_by_their_names() -> None:
    before = sk.experiments.protocols()
    assert list(before) == sorted(before)
    with sk.experiments.register(COINS):
        assert sk.experiments.protocols()["coins"] is COINS
        with pytest.raises(InvalidArgument, match="a name of its own"):
            sk.experiments.register(COINS)
    assert sk.experiments.protocols() == before


@pytest.mark.parametrize("name", sorted(sk.experiments.protocols()))
def test_the_packages_own_have_what_the_command_needs(name: str) -> None:
    """A seed, texts that are read back as the settings, and no more than a line of summary."""
    from symkern.cli.experiment import _written

    found = sk.experiments.protocols()[name]
    assert found.defaults["seed"] == 0 and "\n" not in found.summary and len(found.summary) < 80
    for speed in ("default", "fast", "full"):
        given = found.settings(speed)  # type: ignore[arg-type]
        assert found.settings("default", {k: _written(e) for k, e in given.items()}) == given


def test_a_folder_gets_all_of_it(tmp_path: Path) -> None:
    found, place = coins(), tmp_path / "coins"
    written = experiment_folder(found, place)
    assert [p.name for p in written] == ["coins.csv", "coins.json", "coins.pdf", "coins.png", "coins.svg", "verdict.txt"]  # fmt: skip
    assert (place / "coins.csv").read_text() == found.to_csv()
    assert json.loads((place / "coins.json").read_text()) == found.to_dict()
    assert (place / "verdict.txt").read_text() == found.verdict + "\n"
    assert (place / "coins.png").read_bytes()[:4] == b"\x89PNG"
    (place / "mine").write_text("kept")
    with pytest.raises(InvalidArgument, match="does not exist yet"):
        experiment_folder(coins(seed=1), place)
    assert (place / "coins.csv").read_text() == found.to_csv()
    experiment_folder(coins(seed=1), place, force=True)
    assert (place / "coins.csv").read_text() == coins(seed=1).to_csv()
    assert (place / "mine").read_text() == "kept"
    assert [p.name for p in tmp_path.iterdir()] == ["coins"]


def test_places_that_are_no_folders(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "no" / "such", "a\0b"):
        with pytest.raises(InvalidArgument, match="output"):
            experiment_folder(coins(), place, force=True)


def test_what_is_interrupted_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the pictures and the numbers."""

    def interrupted(self: Any) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(Coins, "to_csv", interrupted)
    with pytest.raises(KeyboardInterrupt):
        experiment_folder(coins(), tmp_path / "coins")
    assert list(tmp_path.iterdir()) == []
