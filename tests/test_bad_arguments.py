"""Arguments that cannot mean what is asked for: each is refused by a typed error that names it, or has its right answer."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import fields
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from sympy.combinatorics import Permutation
from sympy.parsing import sympy_parser

import symkern as sk
from symkern import limits
from symkern.abc import L, alpha, n, parse, sigma2
from symkern.bounds import selection, sensitivity
from symkern.characters import StableDecomposition, StoredTable, YoungClassFunction
from symkern.characters.columns import Columns
from symkern.claims import ScalingLaw, Standing
from symkern.errors import (
    FormulaError,
    InvalidArgument,
    InvalidType,
    PartitionError,
    PipelineError,
    SizeMismatch,
    SymkernError,
    TooLarge,
)
from symkern.exact import (
    AlgebraicNumber,
    BallMatrix,
    Branch,
    ExactMatrix,
    FunctionField,
    SparseMatrix,
    function_field,
    real_roots,
)
from symkern.exact.asymptotics import newton_polygon
from symkern.exact.graded import graded_leading
from symkern.targets import formula_target
from symkern.typeset import Table, formula_display, matrix_latex, matrix_text

HUGE = 10**30
NEGATIVE = sp.Symbol("s", negative=True)
KERNEL = sk.kernels.embedding(1, 1).attention().mean_pool()
SOFTMAX = sk.kernels.embedding(1, 1).attention("tied", "softmax").mean_pool()
NOTHING, PRIOR = sk.kernels.embedding(0).mean_pool(), sk.kernels.embedding(alpha).mean_pool()
LETTERS = sk.kernels.embedding([[1, 0], [0, 2]]).mean_pool()
SAME = sk.kernels.from_function(lambda x, y: int(x == y), "same")
WIDE, TINY = sk.kernels.uniform(10**80), sp.Rational(1, 10**200)
RARE = sk.kernels.categorical([TINY, 1 - TINY])
SPECTRUM = KERNEL.spectrum(3, sk.kernels.uniform(2))
CODE = "__import__('os').system('true')"


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        # sizes and numbers of bounds
        (lambda: sk.bounds.trace_bound((1,), L, sp.oo), InvalidType, "trace: must be exact"),
        (lambda: sk.bounds.trace_bound((1,), L, sp.nan), InvalidType, "trace: must be exact"),
        (lambda: sk.bounds.trace_bound((1,), L, sp.zoo), InvalidType, "trace: must be exact"),
        (lambda: sk.bounds.trace_bound((1,), L, sp.I), InvalidArgument, "trace: must be a real"),
        (lambda: sk.bounds.trace_bound((1,), L, NEGATIVE), InvalidArgument, "must not be negative"),
        (lambda: sk.bounds.trace_bound((1,), sp.nan, 1), InvalidType, "L: must be exact"),
        (lambda: sk.bounds.trace_bound((1,), np.array([2, 1]), 1), InvalidType, "L: must be an int"),
        (lambda: sk.bounds.dimension((1,), -L), InvalidArgument, "L: must be an integer of at least"),
        (lambda: sk.bounds.samples_to_learn(NEGATIVE), InvalidArgument, "eigenvalue: must not be neg"),
        (lambda: sk.bounds.samples_to_learn(1, -sigma2), InvalidArgument, "ridge: must not be neg"),
        (lambda: sk.bounds.samples_to_learn(1, 1 + 2j), InvalidType, "ridge: must be"),
        (lambda: sk.bounds.learnability(0.5, np.complex64(1), 3), InvalidType, "ridge: must be a real"),
        (lambda: sk.bounds.cross_dataset(NEGATIVE), InvalidArgument, "eigenvalue: must not be neg"),
        (lambda: sk.bounds.eigenlearning([NEGATIVE], n=1, ridge=1), InvalidArgument, "eigenvalues"),
        (lambda: sk.bounds.alignment("x1*x2", HUGE), TooLarge, "a function of"),
        # token selection
        (lambda: selection.flow(5, 2, 2, times=1 + 2j), InvalidType, "times: must be a real number"),
        (lambda: selection.flow(5, 2, 2, times="x"), InvalidArgument, "times: must be a number"),
        (lambda: selection.flow(5, 2, 2, until=1.0, points=10**9), InvalidArgument, "points: must"),
        (lambda: selection.subset_moment(10**9, 2), TooLarge, "a matrix of 1000000000 rows"),
        (lambda: selection.subset_moment(HUGE, 2), TooLarge, "a matrix of"),
        (lambda: selection.fully_connected_law(d=np.array([2, 1])), InvalidType, "single values"),
        (lambda: selection.width_needed(6, 2, 2, -1), InvalidArgument, "loss: must not be negative"),
        # sensitivity
        (lambda: sensitivity.family("parity").average(CODE), FormulaError, "n: a formula holds"),
        (lambda: sensitivity.family("threshold(2)").at(CODE), FormulaError, "n: a formula holds"),
        (lambda: sensitivity.family("mean").influence(CODE), FormulaError, "n: a formula holds"),
        (lambda: sensitivity.sharpness("first").at(CODE), FormulaError, "n: a formula holds"),
        (lambda: sensitivity.majority(np.array([2, 1])), InvalidArgument, "remainder: must be"),
        (lambda: sensitivity.total_influence("x1", 3, 2, 1.5), InvalidType, "probabilities: must be"),
        # texts
        (lambda: parse("(" * 90 + "1" + ")" * 90), FormulaError, "nest at most 60 deep"),
        (lambda: parse("exp(1, 2)"), FormulaError, "exp takes one argument"),
        (lambda: formula_target("x1^x2"), FormulaError, "an exponent is an integer from 0"),
        (lambda: sensitivity.average("x1/" + "x2*" * 2000 + "2", 2), FormulaError, "hold no x"),
        (lambda: sk.bounds.trace_bound((1,), L, 1) and parse(None), InvalidType, "from a string"),
        # characters
        (lambda: sk.kronecker((2, 1), (2, 1), (3,)), InvalidType, "kronecker_coefficient"),
        (lambda: sk.ClassFunction.regular(10**9), SymkernError, ""),
        (lambda: sk.ClassFunction(3, object), InvalidType, "data: must be"),
        (lambda: sk.ClassFunction(2, [alpha, 1]).subs(CODE), InvalidType, "arguments: must be"),
        (lambda: sk.ClassFunction(2, [alpha, 1]).subs("alpha", CODE), FormulaError, "arguments: a formula"),
        (lambda: sk.CharacterPolynomial("X1").subs("X1", CODE), FormulaError, "arguments: a formula"),
        (lambda: StableDecomposition(None, 2), InvalidType, "multiplicities: must be a dictionary"),
        (lambda: StoredTable(None), InvalidType, "path: must be the path"),
        (lambda: YoungClassFunction.restriction(None, (2, 1)), InvalidType, "f: must be a class"),
        (lambda: YoungClassFunction((2, 1), Permutation(1, 0)), InvalidType, "data: must be"),
        # combinatorics
        (lambda: sk.Partition(2, 0, 1), PartitionError, "parts must be positive"),
        (lambda: sk.Partition.from_frobenius(None, (2, 1)), InvalidType, "arms: must be a list"),
        (lambda: sk.combinatorics.act((1, 0), None), InvalidType, "x: must be a sequence"),
        (lambda: sk.combinatorics.beads((2, 1), HUGE), TooLarge, "the beads"),
        (lambda: sk.combinatorics.quotient((2, 1), HUGE), TooLarge, "the quotient"),
        (lambda: sk.combinatorics.path_count(None, (2, 1)), InvalidType, "graph: must be"),
        (lambda: sk.combinatorics.representative((HUGE,)), TooLarge, "the permutation"),
        (lambda: sk.combinatorics.read_permutation((1, 0), n=""), InvalidType, "n: must be"),
        (lambda: sk.kostka((2, 1), (1, -1, 3)), InvalidArgument, "mu: must be an integer"),
        # representations
        (lambda: sk.representations.regular(10**9), TooLarge, "regular"),
        (lambda: sk.representations.regular(HUGE), SymkernError, "regular"),
        (lambda: sk.representations.action(3, None, max), InvalidType, "basis: must be"),
        (lambda: sk.representations.action(3, (1, 2), object), InvalidType, "act: must be"),
        (lambda: sk.representations.random_transposition(HUGE), TooLarge, "a law on"),
        (lambda: sk.representations.total_variation(None, 3), InvalidType, "law: must be a list"),
        (lambda: sk.representations.total_variation(["x"], 3), InvalidArgument, "law"),
        (lambda: sk.representations.total_variation([1], HUGE), TooLarge, "!"),
        (lambda: sk.representations.total_variation([1, 2], 3), InvalidArgument, "law: must have the sum 1, but it has 3"),
        (lambda: sk.representations.total_variation([2, -1], 3), InvalidArgument, "law[1]: must not be negative"),
        (lambda: sk.representations.total_variation(["1/3"] * 3, 2), InvalidArgument, "law: must have at most 2! = 2"),
        (lambda: sk.representations.total_variation({(0, 1): 1}, 3), SizeMismatch, "law: must be a permutation of 0..2"),
        (lambda: sk.representations.total_variation({(1, 0): "1/2", Permutation([1, 0]): "1/2"}, 2), InvalidArgument, "law: must name each"),
        (lambda: LETTERS.among((5,)), InvalidArgument, "letters[0]: must be an integer of at most 1"),
        (lambda: LETTERS.among((0, 0)), InvalidArgument, "letters: must hold each letter once"),
        (lambda: LETTERS.among(()), InvalidArgument, "letters: must hold at least one"),
        (lambda: LETTERS.among((-1,)), InvalidArgument, "letters[0]: must be an integer of at least 0"),
        (lambda: sk.characters.h[2].inner_plethysm(sk.characters.h[1] + sk.characters.h[2]), InvalidArgument, "g: must be homogeneous"),
        (lambda: sk.characters.h[2].inner_plethysm(3), InvalidType, "g: must be a SymmetricFunction"),
        (lambda: selection.symmetry_gap().law("x"), InvalidArgument, "group: must be S_T x S_T x O"),
        (lambda: selection.symmetry_gap().part("mena"), InvalidArgument, "part: must be mean or selection, but it is 'mena'; did you mean 'mean'"),
        (lambda: selection.symmetry_gap().part("mean", "S_T x 0(d)"), InvalidArgument, "did you mean 'S_T x O(d)'"),
        (lambda: selection.symmetry_gap(q=selection.symmetry_gap().T).law(), InvalidArgument, "q: must be below T"),
        (lambda: sk.representations.fourier_transform_float(3, 1 + 2j), InvalidType, "f: must be"),
        (lambda: sk.representations.FourierTransform(1, (2, 1)), InvalidType, "matrices: must be"),
        (lambda: sk.representations.RadicalMatrix(None, (1,)), InvalidType, "rational: must be"),
        # algebraic numbers
        (lambda: AlgebraicNumber((-2, 0, 1), 1, -3), InvalidArgument, "must enclose a root"),
        (lambda: AlgebraicNumber("x1", 1, 2), InvalidType, "coefficients: must be a list"),
        (lambda: AlgebraicNumber((-2, 0, 1), 1.0, 2), InvalidType, "low: must be a fraction"),
        (lambda: real_roots(None), InvalidType, "coefficients: must be a list"),
        (lambda: real_roots([0]), InvalidArgument, "coefficients: must not all be zero"),
        # spectra and pages
        (lambda: sk.derive("flatten", tokens=sk.kernels.uniform(2), vocabulary=2), InvalidArgument, "vocabulary: is that"),
        (lambda: sensitivity.average("s1 + n0", 3), FormulaError, "stand in targets alone"),
        (lambda: sk.derive("flatten", vocab=2), InvalidArgument, "did you mean 'vocabulary'"),
        (lambda: sk.derive("flatten", alhpa=2), InvalidArgument, "did you mean 'alpha'"),
        (lambda: PRIOR((0, 1), (0, 1), alhpa=1), InvalidArgument, "did you mean 'alpha'"),
        (lambda: KERNEL((0, 1, None), (0, 1, 1)), InvalidType, "x: must hold tokens that equal"),
        (lambda: KERNEL((0, 1, 1), (0, 1, float("nan"))), InvalidType, "y: must hold tokens that"),
        (lambda: SAME(None, (0, 1)), InvalidType, "x: must be a sequence of tokens"),
        (lambda: SAME((0, 1), (0, 1, 2)), SizeMismatch, "x, y: must have one length"),
        (lambda: sk.kernels.embedding(1).attention("causal"), InvalidArgument, "a causal mask lets"),
        (lambda: sk.kernels.embedding(1).attention("rope"), InvalidArgument, "distance of positions"),
        (lambda: KERNEL.spectrum(4, RARE).learning_curve("x1*x2", n=[10], ridge=1), InvalidArgument, "spectrum: must have"),
        (lambda: KERNEL.spectrum(4, WIDE).learning_curve("x1*x2", n=[10], ridge=1), TooLarge, "a table of a target"),
        (lambda: SOFTMAX.spectrum(4, WIDE), TooLarge, "4e638 contingency tables"),
        (lambda: sk.littlewood_richardson((2, 1), (2, 1), (3,)), InvalidType, "littlewood_richardson_coeff"),
        (lambda: sk.reduced_kronecker((2, 1), (2, 1), (3,)), InvalidType, "reduced_kronecker_coefficient"),
        (lambda: sk.kostka((2, 1), (2, 1), (3,)), InvalidType, "takes a shape and a content"),
    ],
)  # fmt: skip
def test_it_is_refused_by_name(call, error, message) -> None:
    with pytest.raises(error) as caught:
        call()
    assert isinstance(caught.value, SymkernError)
    assert message in str(caught.value)


FIELD = function_field(())
LAW = {"quantity": "q", "formula": L, "leading": None, "threshold": {}, "standing": Standing.PROVED}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("wrong", [None, 3, -1, 2.5, "abc", [1], {}], ids=repr)
@pytest.mark.parametrize(
    "make",
    [
        newton_polygon, graded_leading, BallMatrix, FunctionField, Columns, SparseMatrix.identity,
        lambda wrong: ExactMatrix(FIELD, wrong), lambda wrong: ExactMatrix(wrong, [[FIELD.one]]),
        lambda wrong: SparseMatrix((1, 1), wrong, wrong, wrong), lambda wrong: SparseMatrix.from_entries((1, 1), wrong),
        ExactMatrix.from_rows, SparseMatrix.from_dense, lambda wrong: Branch(wrong, "0", sp.S.One),
        lambda wrong: Branch((), 0, [wrong]), lambda wrong: ScalingLaw(**LAW | {"relation": [wrong]}),
        lambda wrong: ScalingLaw(**LAW | {"quantity": [wrong]}), lambda wrong: ScalingLaw(**LAW | {"standing": wrong}),
        lambda wrong: ScalingLaw(**LAW | {"threshold": (wrong,)}), lambda wrong: ScalingLaw(**LAW | {"symbol": (wrong,)}),
        sk.Kernel, sk.kernels.PairKernel, SPECTRUM.filter, SPECTRUM.floats, SPECTRUM.sample_laws,
        lambda wrong: KERNEL.substitute({3: wrong}), lambda wrong: KERNEL.substitute([wrong]),
        lambda wrong: SAME.substitute([wrong]), lambda wrong: matrix_text([wrong, [1, 2]]),
    ],
)  # fmt: skip
def test_what_a_class_or_a_method_cannot_take(make, wrong) -> None:
    if (make, wrong) in [(SparseMatrix.identity, 3), (Columns, 3)]:
        return
    with pytest.raises(SymkernError, match=r"must|is 3 in this spectrum"):
        make(wrong)


PAGES = {
    "spectrum": SPECTRUM.text,
    "learning curve": SPECTRUM.learning_curve("x1*x2", n=[10], ridge=1).text,
    "comparison": sk.kernels.compare(SPECTRUM, SPECTRUM).text,
    "draws": SPECTRUM.average_sensitivity().text,
    "character table": sk.character_table(4).text,
    "sensitivity": sensitivity.describe("x1", 3).text,
    "derivation": selection.fully_connected_derivation().text,
    "matrix": lambda width: matrix_text([[alpha]], width=width),
}
DISPLAYS = {
    "character table": sk.character_table(4).latex,
    "table": Table(("n",), [(1,)]).latex,
    "formula": lambda width: formula_display(alpha, width=width),
    "matrix": lambda width: matrix_latex([[alpha]], width=width),
}


@pytest.mark.parametrize("pages", [PAGES, DISPLAYS])
@pytest.mark.parametrize("width", [None, "a", 0, -1, True])
def test_a_page_has_a_width(pages, width) -> None:
    for name, page in pages.items():
        with pytest.raises(SymkernError, match="width: must be") as caught:
            page(width=width)
        assert isinstance(caught.value, ValueError if type(width) is int else TypeError), name


@pytest.mark.parametrize(
    ("call", "value"),
    [
        (lambda: sk.Partition(2, 1, 0), sk.Partition(2, 1)),
        (lambda: sk.kostka((2, 1, 0), (1, 0, 2)), 1),
        (lambda: sk.kostka("2,1", "1,2"), 1),
        (lambda: KERNEL.cost(4, WIDE).sectors, 8),
        (lambda: NOTHING.spectrum(3, sk.kernels.distinct()).sectors, ()),
        (lambda: NOTHING.spectrum(3, sk.kernels.uniform(2)).sectors, ()),
        (lambda: PRIOR.substitute({"alpha": "1/2"}), PRIOR.substitute({alpha: sp.Rational(1, 2)})),
        (lambda: sk.kostka((3, 2, 1), (1, 2, 1, 2)), 4),
        (lambda: sk.character((2, 1), (0, 1, 2)), 2),
        (lambda: sk.character((2, 1), Permutation(2)), 2),
        (lambda: sk.character((1, 1), (1, 0)), -1),
        (lambda: sk.character_table(3)[(2, 1), Permutation(0, 1, 2)], -1),
        (lambda: sk.ClassFunction(3, {(1, 0, 2): 5})[2, 1], 5),
        (lambda: sk.combinatorics.core((2, 1), HUGE), sk.Partition(2, 1)),
        (
            lambda: sk.derive("bag-of-tokens", vocabulary=2).sectors[1].eigenvalues,
            (alpha / (2 * L),),
        ),
        (lambda: formula_target("copy(last)")((0, 1), 2), (0, 1)),
        (lambda: formula_target("first*last")((0, 1, 1)), -1),
        (lambda: formula_target("threshold(2)*x1 + mean + xn")((1, 1, 0)), Fraction(4, 3)),
        (lambda: formula_target("threshold(2)")((1, 0, 0)), -1),
        (lambda: sensitivity.CubeFormula("threshold(2)")((1, 1, -1)), 1),
        (
            lambda: sk.bounds.alignment("threshold(2)", 4),
            sk.bounds.alignment("2*[ones >= 2] - 1", 4),
        ),
        (
            lambda: sensitivity.average("threshold(2)*first*first", 4),
            sensitivity.average("threshold(2)", 4),
        ),
        (
            lambda: sensitivity.weights("0 + threshold(2)", 4),
            sensitivity.weights("threshold(2)", 4),
        ),
        (lambda: sensitivity.average("first*last", 5), 2),
        (lambda: sensitivity.average("*".join(["x1"] * 5001), 2), 1),
        (lambda: sensitivity.family("parity").average("n"), n),
        (lambda: selection.fully_connected(6, 2, 2, 4), sp.Rational(8, 15)),
        (lambda: sk.bounds.samples_to_learn(Fraction(1, 2), 1), 2),
    ],
)
def test_it_has_its_right_answer(call, value) -> None:
    assert call() == value


def test_no_text_is_evaluated(monkeypatch) -> None:
    """SymPy's reader evaluates; whatever takes text is asked with code, and never reaches it."""

    def reached(*arguments: object, **_: object) -> None:
        raise AssertionError(f"evaluated: {arguments}")

    monkeypatch.setattr(sympy_parser, "parse_expr", reached)
    family = sensitivity.family("majority")
    for call in (
        lambda: family.average(CODE),
        lambda: family.weight(1, CODE),
        lambda: family.profile(CODE),
        lambda: family.at(CODE),
        lambda: sensitivity.average("parity", CODE),
        lambda: sensitivity.average(CODE, 3),
        lambda: sensitivity.threshold(CODE),
        lambda: sk.bounds.samples_to_learn(CODE),
        lambda: sk.bounds.alignment(CODE, 3),
        lambda: sk.CharacterPolynomial(CODE),
        lambda: sk.ClassFunction(2, [CODE, 1]),
        lambda: sk.ClassFunction(2, [alpha, 1]).subs(alpha, CODE),
        lambda: formula_target(CODE),
        lambda: sk.kernels.read_pipeline(f"embedding({CODE}) | flatten"),
        lambda: sk.derive("flatten", alpha=CODE),
        lambda: selection.population_loss(6, 2, 2, CODE, 1),
    ):
        with pytest.raises(SymkernError):
            call()


def test_zeros_and_ones_are_said_to_be_quartered() -> None:
    with pytest.warns(UserWarning, match="a quarter of those of the signs"):
        assert sensitivity.average([0, 1, 1, 0], 2) == sp.Rational(1, 2)


# -- thresholds ----------------------------------------------------------------------------


def test_a_threshold_changes_for_a_while_and_in_threads() -> None:
    inside = threading.Event()
    found = []

    def ask() -> None:
        inside.wait(10)
        found.append(parse("L^1500"))

    before = threading.Thread(target=ask)  # it has begun when the threshold changes
    before.start()
    with limits.changed(exponent=2000):
        inside.set()
        before.join()
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
        with limits.changed(exponent=10), pytest.raises(FormulaError, match="at most 10"):
            parse("L^1500")
        assert parse("L^1500") == L**1500
    assert found == [L**1500] * 2
    with pytest.raises(FormulaError, match="at most 1000"):
        parse("L^1500")


@pytest.mark.parametrize(
    ("name", "value"), [("hours", 0.5), ("hours", 2), ("small_memory", 1), ("flow_time", 10)]
)
def test_a_threshold_that_is_no_whole_number_may_be_a_fraction(name: str, value: float) -> None:
    with limits.changed(**{name: value}) as now:
        assert getattr(now, name) == value


def test_thresholds_are_what_their_types_say() -> None:
    for f in fields(limits.Limits):
        assert type(f.default).__name__ == f.type, f.name


def test_changes_may_end_in_any_order() -> None:
    first, second = limits.changed(exponent=2000), limits.changed(exponent=3000)
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert limits.current().exponent == 3000
    second.__exit__(None, None, None)
    assert limits.current() == limits.Limits()


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("exponents", 1, InvalidArgument), ("exponent", 0, InvalidArgument), ("exponent", 1.5, InvalidType),
        ("exponent", None, InvalidType), ("exponent", True, InvalidType), ("memory", "1", InvalidType),
    ],
)  # fmt: skip
def test_what_is_no_threshold(name: str, value: object, error: type[SymkernError]) -> None:
    with pytest.raises(error), limits.changed(**{name: value}):
        pass


def test_every_threshold_says_why() -> None:
    for name, value, unit, why in limits.described():
        assert value > 0 and unit and why.endswith("."), name


# -- the command ---------------------------------------------------------------------------


def test_a_closed_standard_output_is_reported() -> None:
    for arguments in (["derive", "flatten"], ["character", "2,1", "3"]):
        done = subprocess.run(
            ["/bin/sh", "-c", 'exec "$0" -m symkern "$@" >&-', sys.executable, *arguments],
            stderr=subprocess.PIPE, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 2
        assert done.stderr.startswith("symkern: standard output cannot be written")
        assert done.stderr.count("\n") == 1


def test_an_interrupted_command_has_its_status(monkeypatch) -> None:
    from click.testing import CliRunner

    from symkern.cli import command

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("symkern.cli.characters.deliver_form", interrupted)
    said = CliRunner().invoke(command, ["table", "3"], prog_name="symkern")
    assert (said.exit_code, said.stderr) == (130, "symkern: interrupted\n")


def test_a_misspelt_verb_is_suggested_once() -> None:
    from click.testing import CliRunner

    from symkern.cli import command

    said = CliRunner().invoke(command, ["deriv"], prog_name="symkern")
    assert said.exit_code == 2
    assert said.stderr == "symkern: no such command 'deriv'; did you mean 'derive'?\n"


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["spectrum", "flatten"], "no such command 'spectrum'; what you may want is symkern derive"),
        (["compare"], "no such command 'compare'; what you may want is symkern derive A --against B"),
        (["curve", "--kernel", "flatten"], "no such option '--kernel'; the kernel stands without one: symkern curve softmax-attention"),
    ],
)  # fmt: skip
def test_verbs_by_what_their_result_is_called(words: list[str], hint: str) -> None:
    from click.testing import CliRunner

    from symkern.cli import command

    said = CliRunner().invoke(command, words, prog_name="symkern")
    assert (said.exit_code, said.stderr) == (2, f"symkern: {hint}\n")


@pytest.mark.parametrize(
    ("pipeline", "found"),
    [
        ("embedding(1) | attn | mean_pool", "it is attention, or attention\\(tied, softmax\\)$"),
        ("embedding(1) -> attention -> mean_pool", "stages are joined by \\|$"),
    ],
)
def test_stages_by_other_names_and_signs(pipeline: str, found: str) -> None:
    with pytest.raises(PipelineError, match=found):
        sk.kernels.read_pipeline(pipeline)


def test_two_sizes_of_one_argument_are_named() -> None:
    with pytest.raises(SizeMismatch, match="mu: must be a partition of 3"):
        sk.character((2, 1), (1, 0))
