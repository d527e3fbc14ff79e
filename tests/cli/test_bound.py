"""``symkern bound``: formulas, numbers, derivations, figures, and what it refuses."""

import json
from fractions import Fraction
from itertools import pairwise, product
from math import prod

import pytest
import sympy as sp
from click.testing import CliRunner

from symkern.abc import parse
from symkern.cli import command
from tests.cli.running import invoke, printed

CHAIN = "markov([['3/4', '1/4'], ['1/4', '3/4']])"
DATA = ["cross-dataset", "1/54", "--feature", "s1-s2", "--length", "3"]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["trace", "2,1"], "3/(L*(L - 2)*(L - 4))"),
        (["trace", "1", "--length", "5", "--trace", "2"], "1/2"),
        (["learn", "1", "flatten"], "sigma2*L*v/alpha"),
        (["learn", "1", "flatten", "--learnability", "9/10"], "9*sigma2*L*v/alpha"),
        (["learn", "1", "flatten", "--n", "n"], "alpha*n"),
        (["learn", "1", "--kappa", "[]"], "loose by the factor L^2"),
        (["learn", "1", "linear-attention", "--against", "bag-of-tokens"], "fewer"),
        (["map", "flatten"], "|mu| e = 0 e = 1"),
        (["cross-dataset", "1/(L*v)"], "sigma2*L*v/2"),
        (["cross-dataset", "1/100", "--ridge", "1", "--feature-power", "4"], "25"),
        (["cross-dataset", "1/54", "--feature", "s1-s2", "--length", "6", "--tokens", CHAIN, "--learnability", "1"], "108*sigma2"),
        (["copying"], "sigma2*(L - 1)*(v - 1)/2"),
        (["copying", "--length", "3", "--vocabulary", "4", "--ridge", "1"], "3"),
        (["alignment", "x1-x2", "--length", "4"], "1/3"),
        (["alignment", "x1", "--length", "4"], "1/4"),
        (["alignment", "(x1-x2)*(x3-x4)", "--length", "4"], "1/2"),
        (["alignment", "parity", "--length", "4"], "1"),
    ],
)  # fmt: skip
def test_text(arguments, shown):
    text = printed("bound", *arguments)
    assert shown in " ".join(text.split())
    assert all(len(line) <= 80 for line in text.splitlines())


def test_moments_of_a_law_by_all_windows():
    """--tokens in the place of powers and overlap: sums over all 2^4 windows of a chain, and over as many of the symmetric law."""
    call = ["cross-dataset", "1/54", "--feature", "s1-s2", "--label", "s1*s3 + s1", "--length", "4", "--tokens", CHAIN, "--ridge", "3"]  # fmt: skip
    found = json.loads(printed("bound", *call, "--symmetric", "1/3,2/3", "--format", "json"))
    half, q = Fraction(1, 2), (Fraction(1, 3), Fraction(2, 3))
    chain = overlap = norm = label = Fraction(0)
    for x in product((0, 1), repeat=4):
        s = [1 - 2 * t for t in x]
        phi, y = s[0] - s[1], s[0] * s[2] + s[0]
        P = half * prod(Fraction(3 if a == b else 1, 4) for a, b in pairwise(x))
        Q = prod(q[t] for t in x)
        chain, label = chain + P * phi**2, label + P * y**2
        norm, overlap = norm + Q * phi**2, overlap + Q * phi * y
    assert parse(found["mean_square_of_the_feature"]) == sp.sympify(chain / norm)
    assert parse(found["mean_square_of_the_label"]) == sp.sympify(label)
    assert parse(found["overlap"]) == sp.sympify(abs(overlap)) / sp.sqrt(sp.sympify(norm))
    samples = (
        3 * sp.S.Half * parse(found["overlap"]) * 54 / sp.sqrt(sp.sympify(chain / norm * label))
    )
    assert sp.simplify(parse(found["samples_>="]) - samples) == 0


def test_json():
    found = json.loads(printed("bound", "learn", "1", "flatten", "--format", "json"))
    assert parse(found["samples"]["formula"]) != 0
    assert found["samples"]["exponent"] == "1"
    assert found["trace_bound"]["relation"] == "<="
    assert json.loads(printed("bound", "map", "flatten", "--format", "json"))["eigenvalues"]
    found = json.loads(printed("bound", "copying", "--derivation", "--format", "json"))
    assert found["derivation"]["passed"] is True


@pytest.mark.sampled(4)
@pytest.mark.parametrize("verb", [["trace", "1"], ["learn", "1"], ["cross-dataset", "1/L"], ["copying"]])  # fmt: skip
def test_derivations_are_checked_on_the_spot(verb):
    text = printed("bound", *verb, "--derivation")
    assert "all steps hold" in text
    assert "NOT" not in text


def test_latex_compiles(compile_latex):
    for arguments in (
        ["trace", "2,1", "--derivation"],
        ["learn", "1", "--n", "n", "--derivation"],
        ["map"],
        ["copying"],
        ["alignment", "2*x1*x2+x3+[x1=x4]*x5", "--length", "6"],
    ):
        log = compile_latex(printed("bound", *arguments, "--format", "latex"))
        assert "Overfull" not in log, arguments


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("verb", "ending"), [(["map"], "png"), (["learn", "1"], "svg")])
def test_figures(verb, ending, tmp_path):
    place = tmp_path / f"figure.{ending}"
    printed("bound", *verb, "--plot", str(place), "--output", str(tmp_path / "text"))
    assert place.stat().st_size > 1000
    assert (tmp_path / "text").read_text()


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["trace", "1,2"], "mu"),
        (["trace", "1", "--length", "1"], "L"),
        (["trace", "1", "--trace", "-1"], "trace"),
        (["trace", "1", "--trace", "0"], "trace"),
        (["trace", "1", "--ridge", "-1"], "ridge"),
        (["trace", "1", "--length", "0"], "L"),
        (["learn", "5", "--length", "4"], "n"),
        (["learn", "1", "--kappa", "9", "--vocabulary", "4"], "n"),
        (["learn", "1", "--branch", "7"], "branch"),
        (["learn", "1", "--learnability", "2"], "learnability"),
        (["learn", "1", "--n", "0"], "n"),
        (["learn", "1", "--n", "3", "--ridge", "-2"], "ridge"),
        (["learn", "1", "--plot", "figure.gif"], "plot"),
        (["learn", "1", "--against", "linear-atention"], "linear-atention"),
        (["map", "softmax-attention"], "at a given vocabulary, for example --vocabulary 3"),
        (["cross-dataset", "0"], "eigenvalue"),
        (["cross-dataset", "1/L", "--learnability", "3"], "learnability"),
        (["cross-dataset", "1/L", "--label-power", "0"], "label_power"),
        (["cross-dataset", "__import__('os')"], "eigenvalue"),
        (["cross-dataset", "1/3", "--length", "6"], "length: is an option of --feature"),
        (["cross-dataset", "1/3", "--tokens", CHAIN], "tokens: is an option of --feature"),
        (["cross-dataset", "1/3", "--feature", "s1"], "length: must be given"),
        (["cross-dataset", "1/3", "--feature", "y", "--length", "3"], "a name must be"),
        ([*DATA, "--overlap", "2"], "overlap: is a moment of --tokens"),
        ([*DATA, "--plot", "figure.pdf"], "plot: goes without --feature"),
        ([*DATA, "--derivation"], "derivation: goes without --feature"),
        ([*DATA, "--tokens", "@book.txt"], "tokens: must be a law of windows as they are"),
        ([*DATA, "--symmetric", CHAIN], "symmetric: must be a law that no permutation"),
        ([*DATA, "--vocabulary", "3", "--symmetric", "1/2,1/2"], "symmetric: must have as many letters as the data, 3"),
        ([*DATA, "--label", "s3"], "label: must overlap"),
        (["learn", "1", "--unit", "words"], "unit: is an option of @FILE"),
        (["copying", "--length", "1"], "L"),
        (["alignment", "x9", "--length", "4"], "f: may name positions"),
        (["alignment", "y", "--length", "4"], "f: a name must be"),
        (["alignment", "x1", "--length", "four"], "length"),
        (["alignment", "x1-x1", "--length", "4"], "f"),
        (["alignment", "copy(1)", "--length", "4"], "f: a name must be"),
        (["alignment", "x1", "--length", "200"], "bytes"),
    ],
    ids=str,
)  # fmt: skip
def test_refusals(arguments, named, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = invoke("bound", *arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    [line] = result.stderr.strip().splitlines()
    assert line.startswith("symkern: ")
    assert named in line
    assert not list(tmp_path.iterdir())


@pytest.mark.wide
def test_an_irrep_that_the_kernel_does_not_see():
    run = CliRunner().invoke
    found = run(command, ["bound", "learn", "2", "--n", "100"])
    assert found.exit_code == 0 and "never: the kernel is zero there" in found.output
    assert "Lrn = 0" in found.output
    rival = run(command, ["bound", "learn", "2", "--against", "linear-attention-2", "--vocabulary", "2"])  # fmt: skip
    assert rival.exit_code == 0 and "its samples" in rival.output
    neither = run(command, ["bound", "learn", "2", "--against", "flatten"])
    assert neither.exit_code == 0 and "neither" in neither.output
    refused = run(command, ["bound", "learn", "2", "--plot", "f.png"])
    assert refused.exit_code == 2 and "needs a sector that is not zero" in refused.output
    proof = run(command, ["bound", "learn", "2", "--derivation"])
    assert proof.exit_code == 0 and "the kernel is zero there  holds at" in proof.output
    for form in ("latex", "json"):
        assert run(command, ["bound", "learn", "2", "--format", form]).exit_code == 0


def test_the_map_takes_a_law_as_every_verb_and_says_which_it_has() -> None:
    assert printed("bound", "map", "--tokens", "uniform") == printed("bound", "map")
    found = invoke("bound", "map", "--tokens", "1/3,2/3")
    assert found.exit_code == 2 and "independent uniform tokens" in found.stderr
