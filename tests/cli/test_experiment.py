"""``symkern experiment`` with an experiment that is registered for it, and the list of the package's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import symkern as sk
from symkern.experiments import Protocol
from tests.cli.running import invoke, printed, process
from tests.experiments.test_protocols import COINS, coins


@pytest.fixture(autouse=True)
def _registered() -> Iterator[None]:
    with sk.experiments.register(COINS):
        yield


def test_without_a_name_they_are_listed() -> None:
    lines = printed("experiment").splitlines()
    assert [line.split()[0] for line in lines] == list(sk.experiments.protocols())
    assert any(line.split() == ["coins", "Heads."] for line in lines)
    assert max(map(len, lines)) <= 80
    done = process("experiment")
    assert done.returncode == 0 and done.stderr == ""
    assert len(done.stdout.splitlines()) == len(lines) - 1


def test_it_prints_the_verdict_or_the_numbers() -> None:
    assert printed("experiment", "coins") == coins().verdict + "\n"
    assert printed("experiment", "coins", "--fast", "--seed", "3") == coins(tosses=10, seed=3).verdict + "\n"  # fmt: skip
    assert printed("experiment", "coins", "--format", "csv", "--set", "coins=1,2") == coins(coins=(1, 2)).to_csv()  # fmt: skip
    assert json.loads(printed("experiment", "coins", "--full", "--format", "json")) == coins(tosses=1000).to_dict()  # fmt: skip
    assert "tosses=10\ncoins=3,4\n" in printed("experiment", "coins", "--fast", "--settings")


def test_it_writes_a_folder(tmp_path: Path) -> None:
    place = tmp_path / "coins"
    result = invoke("experiment", "coins", "--output", str(place))
    assert result.exit_code == 0 and result.stdout == coins().verdict + "\n"
    assert len(result.stderr.splitlines()) == len(list(place.iterdir())) == 6
    refused = invoke("experiment", "coins", "--output", str(place))
    assert refused.exit_code == 2 and "must be a folder that does not exist yet" in refused.stderr
    assert invoke("experiment", "coins", "--output", str(place), "--force").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["coin"], "did you mean 'coins'"),
        (["coins", "--set", "tosses"], "set: must read NAME=VALUE"),
        (["coins", "--set", "tosses=1", "--set", "tosses=2"], "'tosses' stands twice"),
        (["coins", "--set", "toses=1"], "did you mean 'tosses'"),
        (["coins", "--set", "tosses=many"], "tosses: must be a whole number"),
        (["coins", "--fast", "--full"], "fast, full: must be one of the two"),
        (["coins", "--seed", "-1"], "--seed"),
        (["coins", "--output", "/no/such/place"], "output: must be a folder that can be written"),
    ],
)
def test_bad_usage(arguments: list[str], message: str) -> None:
    result = invoke("experiment", *arguments)
    assert result.exit_code == 2 and result.stdout == ""
    assert message in result.stderr and len(result.stderr.splitlines()) == 1


def test_an_interrupted_run_leaves_nothing(tmp_path: Path) -> None:
    def stopped(*, seed: int = 0) -> Any:
        raise KeyboardInterrupt

    with sk.experiments.register(Protocol("stopped", "Never ends.", stopped)):
        result = invoke("experiment", "stopped", "--output", str(tmp_path / "place"))
    assert result.exit_code == 130 and result.stderr == "symkern: interrupted\n"
    assert list(tmp_path.iterdir()) == []
