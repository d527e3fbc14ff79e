"""``symkern symmetry``, and chains and texts as ``--tokens``."""

import json

import pytest

import symkern as sk
from symkern.kernels import markov
from tests.cli.running import invoke, printed, process
from tests.data.reading_texts import written

CHAIN = "markov([['3/4', '1/4'], ['1/4', '3/4']])"


@pytest.fixture
def files(tmp_path):
    return {name: str(path) for name, path in written(tmp_path).items()}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("form", ["text", "latex", "json", "csv"])
def test_every_format(form, files):
    shown = printed("symmetry", files["plain"], "--length", "3,6", "--shuffles", "2", "--format", form)  # fmt: skip
    report = sk.data.symmetry_report(files["plain"], [3, 6], shuffles=2)
    value = report.at(6).exchangeable.value
    if form == "json":
        assert json.loads(shown)["every"][-1]["exchangeable"]["value"] == value
    elif form == "latex":
        assert shown.startswith(r"\documentclass")
    elif form == "csv":
        assert shown.splitlines()[-1].startswith(f"6,{value!r},")
    else:
        assert max(map(len, shown.splitlines())) <= 80
        assert str(report.at(6).exchangeable) in shown and shown.strip() == report.text()


def test_several_files_units_and_a_figure(files, tmp_path):
    place = tmp_path / "s.svg"
    shown = printed("symmetry", files["plain"], files["gzip"], "--unit", "words", "--vocabulary", "5", "--length", "4", "--shuffles", "0", "--folds", "5", "--plot", str(place))  # fmt: skip
    assert "words in lower case; v = 5, the last one all others" in " ".join(shown.split())
    assert place.read_text().lstrip().startswith("<?xml")
    text = printed("symmetry", files["npy"], "--length", "4", "--folds", "5", "--shuffles", "0")
    assert "700 numbers; v = 3" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Missing argument|missing argument"),
        (["NONE"], "No such file"),
        (["a" * 5000], "source: must be a name that is short enough"),
        (["EMPTY"], "it is empty"),
        (["SHORT"], "symkern: length: must be at most half a fold"),
        (["LATIN"], "byte 3 is 0xef"),
        (["PLAIN", "--length", "1"], "symkern: length: "),
        (["PLAIN", "--length", "x"], "length: must be a positive integer"),
        (["PLAIN", "--vocabulary", "1"], "vocabulary"),
        (["PLAIN", "--unit", "ids"], "unit"),
        (["PLAIN", "--folds", "2"], "folds|2 is not in the range"),
        (["PLAIN", "--output", "/no/such/place"], "output"),
        (["PLAIN", "--plot", "/no/such/place.pdf"], "plot: must be a file that can be written"),
        (["PLAIN", "--output", "PLAIN"], "output: must be none of the texts"),
    ],
)
def test_bad_input_ends_with_one_line(arguments, message, files, tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "short").write_bytes(b"ab" * 50)
    (tmp_path / "latin").write_bytes(b"na\n\xefve")
    places = {"NONE": tmp_path / "none", "EMPTY": tmp_path / "empty", "SHORT": tmp_path / "short", "LATIN": tmp_path / "latin", "PLAIN": files["plain"]}  # fmt: skip
    result = invoke("symmetry", *(str(places.get(a, a)) for a in arguments))
    assert result.exit_code == 2 and result.stdout == ""
    assert len(result.stderr.splitlines()) == 1 and result.stderr.startswith("symkern: ")
    assert any(part in result.stderr for part in message.split("|")), result.stderr


def test_in_a_process_of_its_own(files, tmp_path):
    done = process("symmetry", files["bin"], "--length", "3", "--folds", "4", "--shuffles", "1")
    assert done.returncode == 0 and done.stderr == "" and "exch/off" in done.stdout


def test_chains_as_tokens():
    call = ["--length", "6", "--set", "alpha=1", "--set", "beta=1"]
    shown = printed("derive", "--tokens", CHAIN, *call)
    spectrum = sk.derive("linear-attention", 6, markov([["3/4", "1/4"], ["1/4", "3/4"]]), alpha=1, beta=1)  # fmt: skip
    assert "7/4320" in shown and "13/960" in shown and "shuffled windows of 6 letters" in shown
    document = json.loads(printed("derive", "--tokens", CHAIN, *call, "--format", "json"))
    assert document == json.loads(spectrum.to_json())
    refused = invoke("derive", "--tokens", CHAIN)
    assert refused.exit_code == 2 and "at a given length" in refused.stderr
    wrong = invoke("derive", "--tokens", "markov([['1/2', '1/3'], [0, 1]])", "--length", "3")
    assert wrong.exit_code == 2 and "must sum to 1" in wrong.stderr


def test_a_text_as_tokens(files):
    call = ["--tokens", f"@{files['plain']}", "--vocabulary", "2"]
    shown = printed("derive", "bag-of-tokens", *call, "--length", "4", "--format", "json")
    law = sk.data.law(sk.data.windows(files["plain"], 4, vocabulary=2))
    assert json.loads(shown) == json.loads(sk.derive("bag-of-tokens", 4, law).to_json())
    assert "test error" in printed("curve", *call, "--length", "3,4", "--n", "1,10")
    for more, message in (([], "length: must be a number"), (["--length", "10000000"], "length")):
        result = invoke("derive", *call, *more)
        assert result.exit_code == 2 and message in result.stderr
    assert invoke("decompose", files["plain"], "--tokens", CHAIN).exit_code == 2


@pytest.mark.parametrize("unit", ["words", "tokens", "bytes"])
def test_the_unit_of_a_text_as_tokens(unit, files, tmp_path):
    """Of every verb that takes a text; letters where nothing is said."""
    call = ["--tokens", f"@{files['plain']}", "--vocabulary", "2", "--unit", unit]
    law = sk.data.law(sk.data.windows(files["plain"], 3, vocabulary=2, unit=unit))
    assert law != sk.data.law(sk.data.windows(files["plain"], 3, vocabulary=2))
    shown = printed("derive", "bag-of-tokens", *call, "--length", "3", "--format", "json")
    spectrum = sk.derive("bag-of-tokens", 3, law)
    assert json.loads(shown) == json.loads(spectrum.to_json())
    if unit == "words":
        assert "test error" in printed("curve", "bag-of-tokens", *call, "--length", "3", "--n", "1")
        assert printed("bound", "learn", "[]", "bag-of-tokens", *call, "--length", "3") != printed("bound", "learn", "[]", "bag-of-tokens", *call[:-2], "--length", "3")  # fmt: skip
        folder = tmp_path / "report"
        assert invoke("report", "bag-of-tokens", *call, "--length", "3", "--set", "alpha=1", "--target", "s1", "--output", str(folder)).exit_code == 0  # fmt: skip
        assert (folder / "article.tex").exists()
    refused = invoke("derive", "--unit", unit)
    assert refused.exit_code == 2 and "unit: is an option of @FILE" in refused.stderr
