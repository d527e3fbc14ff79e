"""Every preset from the command line: it derives, fits 80 columns, compiles as LaTeX, and its JSON is read back.

Kernels without a formula symbolic in L are taken at given sizes, one of them as its series in 1/L; deep ones on two letters, where they take seconds.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from unicodedata import east_asian_width

import pytest

import symkern as sk
from symkern.abc import parse
from tests.cli.running import invoke, printed

ROOT = Path(__file__).parents[2]
NUMBERS = ["--length=4", "--vocabulary=2", "--set=alpha=1"]
ARGUMENTS = {
    "linear-attention-2": ["--vocabulary=2"],
    "linear-attention-3": ["--vocabulary=2", "--length=6", "--set=alpha=1", "--set=beta=2"],
    "softmax-attention": [*NUMBERS, "--set=beta=1/2"],
    "softmax-block": [
        "--vocabulary=2",
        "--set=alpha=1",
        "--set=beta=1",
        "--set=w=1",
        "--set=b=1/4",
    ],
    "fully-connected": NUMBERS,
}
NAMES = list(sk.kernels.PRESETS)


@cache
def derived(name: str, form: str) -> str:
    return printed("derive", name, *ARGUMENTS.get(name, []), "--format", form)


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", NAMES)
def test_text_fits_eighty_columns(name):
    for text in (derived(name, "text"), printed("presets", name)):
        for line in text.splitlines():
            assert sum(2 if east_asian_width(c) in "WF" else 1 for c in line) <= 80, line
            assert line == line.rstrip()
            assert not line.endswith("(")
    if not any("=alpha=" in argument for argument in ARGUMENTS.get(name, [])):
        assert sk.kernels.PRESETS[name].pipeline in " ".join(derived(name, "text").split())


@pytest.mark.sampled(8)
@pytest.mark.parametrize("name", NAMES)
def test_latex_compiles(name, compile_latex):
    log = compile_latex(derived(name, "latex"))
    assert "Overfull \\vbox" not in log


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", NAMES)
def test_json_is_read_back(name):
    """Every string of the JSON but names and laws is a formula."""
    document = json.loads(derived(name, "json"))
    assert len(sk.kernels.read_kernel(document["kernel"]).stages) > 1
    assert document["sectors"]
    # The roots of one polynomial have it as one text.
    for text in set(_formulas({**document, "kernel": "0", "tokens": "0", "group": "0"})):
        parse(text)


def _formulas(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for entry in value:
            yield from _formulas(entry)
    elif isinstance(value, dict):
        for key, entry in value.items():
            if key != "standing":
                yield from _formulas(entry)


def test_the_site_lists_the_presets_as_they_are():
    rows = {}
    for line in (ROOT / "docs/kernels.md").read_text(encoding="utf-8").splitlines():
        cells = [c.strip() for c in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        if len(cells) == 3 and cells[0].strip("`") in sk.kernels.PRESETS:
            name, pipeline, formula = cells
            rows[name.strip("`")] = (pipeline.strip("`").replace("\\|", "|"), formula)
    assert rows == {p.name: (p.pipeline, p.formula) for p in sk.kernels.PRESETS.values()}
    assert list(rows) == NAMES


def test_the_listing_has_formula_and_source_of_each():
    text = printed("presets")
    joined = " ".join(text.split())
    for found in sk.kernels.PRESETS.values():
        assert re.search(rf"^{re.escape(found.name)}$", text, re.MULTILINE)
        for part in (found.pipeline, found.formula, found.source):
            assert part in joined
    one = printed("presets", "flatten")
    assert "alpha m/L + beta" in one
    assert "fully-connected" not in one


def test_help_names_every_preset_and_explains_the_words():
    text = printed("derive", "--help")
    words = text.split()
    assert all(name in words for name in NAMES)
    for word in ("sigma2", '"block"', '"dimension"', "--full"):
        assert word in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["derive", "linear-atention"], "did you mean 'linear-attention'?"),
        (["presets", "softmax"], "did you mean 'softmax-attention'?"),
        (["derive", "embedding(alpha) | flaten"], "stage 2 is 'flaten'; did you mean 'flatten'?"),
        (
            ["derive", "embedding(alpha) | attention(normalise=true) | flatten"],
            "names 'normalise'; did you mean 'normalize'?",
        ),
        (["derive", "--tokens", "unifrom"], "did you mean 'uniform'?"),
        (["derive", "--vocab=2", "--fromat=csv"], "did you mean"),
        (["--nothing"], "no such option '--nothing'"),
        (["derve"], "did you mean 'derive'"),
        (["table", "-1"], "must not be negative, but it begins with -1"),
        (["table"], "symkern table --help says what there is"),
        (["derive", "softmax-block"], "for example --length 16 --vocabulary 2"),
        (
            ["derive", "fully-connected", "--length=3", "--vocabulary=2"],
            "give --set alpha=...",
        ),
        (
            ["derive", "softmax-attention", "--length=20", "--vocabulary=3", "--set=beta=1"],
            "give --set alpha=..., but",
        ),
        (["derive", "linear-attention-3"], "vocabulary 2 takes least"),
        (
            ["curve", "softmax-attention", "--target", "x1", "--length", "32"],
            "at most 1,048,576 sequences, those of length 20 here",
        ),
        (
            ["derive", "--tokens", "2"],
            "it is '2'; how many letters uniform tokens have is the vocabulary",
        ),
        (["derive", "--vocabulary", "two"], "vocabulary: must be a number or v, but it is 'two'"),
        (["derive", "--v", "2"], "no such option '--v'; it is called --vocabulary"),
        (["derive", "--L", "2"], "no such option '--L'; it is called --length"),
        (
            ["derive", "--alpha", "1"],
            "no such option '--alpha'; hyperparameters are given by --set alpha=VALUE",
        ),
        (
            ["curve", "--length", "16", "64", "256"],
            "(256); several numbers are joined by commas, as in --length 16,64",
        ),
        (
            ["derive", "embedding | mean_pool"],
            "needs its argument token, but stage 1 is 'embedding' without it; for example embedding(alpha, beta)",
        ),
        (["derive", "embedding(alpha) | mlp | mean_pool"], "without it; for example mlp(relu)"),
        (["derive", "embedding(alpha).attention().mean_pool()"], "stages are joined by |"),
        (
            ["curve", "--target", "x3=x5"],
            "a relation stands in brackets, as in [x1=x2], but '=' stands at position 2",
        ),
        (["curve", "--target", "x3==x5"], "a relation stands in brackets"),
        (
            ["curve", "--target", "Parity"],
            "but 'Parity' (did you mean 'parity'?) stands at position 0",
        ),
    ],
    ids=lambda a: " ".join(a)[:50] if isinstance(a, list) else "",
)
def test_a_refusal_is_one_line_that_says_what_to_write(arguments, said):
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("symkern: ")
    assert said in line


def test_one_letter_and_short_names():
    assert "uniform on 1 letter\n" in printed("derive", "bag-of-tokens", "--vocabulary=1")
    assert repr(sk.kernels.embedding("alpha").linear(2).flatten()) == (
        "embedding('alpha').linear(2).flatten()"
    )
    kernel = sk.kernels.embedding(0, 0, "gamma").linear(1, "b").mean_pool()
    assert repr(kernel) == "embedding(0, 0, 'gamma').linear(1, 'b').mean_pool()"
