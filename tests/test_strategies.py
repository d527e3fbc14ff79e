"""The public Hypothesis strategies: what they draw, what they can reach, what they shrink to."""

import builtins
import configparser
import os
import subprocess
import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
import sympy as sp
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.vendor.pretty import pretty

import symkern as sk
from symkern import strategies
from symkern.abc import parse
from symkern.doors import STRATEGIES
from symkern.errors import InvalidArgument, InvalidType, SymkernError
from symkern.kernels.stages import Entrywise
from tests.oracles import symmetric_group as sym
from tests.search import examples

ROOT = Path(__file__).parents[1]


def _reached(strategy, examples=400):
    """Everything that a strategy draws in so many tries."""
    seen = set()

    @given(strategy)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def collect(value):
        seen.add(value)

    collect()
    return seen


def test_every_partition_can_be_drawn():
    assert _reached(strategies.partitions(5)) == set(sym.shapes(5))
    assert {lam.size for lam in _reached(strategies.partitions(min_size=2, max_size=4))} == {
        2,
        3,
        4,
    }
    assert _reached(strategies.partitions(0)) == {()}


@given(st.integers(0, 40).flatmap(lambda n: st.tuples(st.just(n), strategies.partitions(n))))
def test_partitions_have_the_size(pair):
    n, lam = pair
    assert isinstance(lam, sk.Partition)
    assert lam.size == n


def test_partitions_shrink_to_one_row():
    assert find(strategies.partitions(6), lambda lam: True) == (6,)
    assert find(strategies.partitions(max_size=9), lambda lam: lam.size > 3) == (4,)
    assert find(strategies.cycle_types(6), lambda mu: True) == (1,) * 6
    assert find(strategies.permutations(5), lambda g: True) == (0, 1, 2, 3, 4)


@given(st.integers(1, 9).flatmap(lambda n: st.tuples(st.just(n), strategies.stable_partitions(n))))
def test_stable_partitions_can_be_padded(pair):
    n, mu = pair
    assert mu.padded(n).size == n
    assert mu.size <= 4


def test_every_stable_label_can_be_drawn():
    expected = {sym.stable(lam) for lam in sym.shapes(6) if sum(lam[1:]) <= 4}
    assert _reached(strategies.stable_partitions(6), 800) == expected


def test_every_permutation_and_class_can_be_drawn():
    assert _reached(strategies.permutations(3)) == set(sym.group(3))
    assert _reached(strategies.permutations(0), 5) == {()}
    assert _reached(strategies.cycle_types(4)) == set(sym.shapes(4))


@given(st.integers(0, 5).flatmap(strategies.class_functions))
@examples(40)
def test_class_functions(f):
    assert isinstance(f, sk.ClassFunction)
    assert f == f * 1


def test_class_functions_take_other_values():
    drawn = _reached(strategies.class_functions(2, values=st.sampled_from([0, 1])), 60)
    assert len(drawn) == 4


@given(strategies.sequences(5, 2))
def test_sequences(x):
    assert isinstance(x, tuple)
    assert len(x) == 5
    assert set(x) <= {0, 1}


def test_every_sequence_can_be_drawn():
    assert len(_reached(strategies.sequences(2, 3))) == 9


@given(
    strategies.kernels(depth=2, readouts=("mean_pool", "flatten", "at_position")),
    strategies.sequences(3, 2),
    strategies.sequences(3, 2),
)
@examples(60)
def test_kernels_have_exact_values(k, x, y):
    value = k(x, y)
    assert isinstance(value, (int, sp.Rational))
    assert value == k(y, x)
    assert value >= 0


@pytest.mark.wide
@given(strategies.kernels(depth=1, symbolic=True))
@examples(30)
def test_symbolic_kernels(k):
    names = {s.name for s in sp.sympify(k((0, 1), (0, 1))).free_symbols}
    assert "alpha" in names
    assert names <= {"alpha", "beta", "w", "b"}


@given(strategies.kernels(depth=1))
@examples(15)
def test_drawn_kernels_have_spectra(k):
    """Trace of the spectrum at L = v = 2 against the four sequences."""
    spec = k.spectrum(length=2, tokens=sk.kernels.uniform(2))
    words = [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert sp.sympify(spec.trace()) == sum(k(x, x) for x in words) / sp.Integer(4)


def test_readouts_are_kept_to():
    kinds = {repr(k).count("flatten") for k in _reached(strategies.kernels(1, "flatten"), 40)}
    assert kinds == {1}


@pytest.mark.wide
def test_kernels_shrink_to_a_bag_of_tokens():
    assert find(strategies.kernels(2), lambda k: True) == sk.kernels.embedding(1).mean_pool()


@given(strategies.laws(vocabulary=3))
def test_laws_are_hashable_values(law):
    assert law == law
    assert {law: 1}[law] == 1


def test_all_kinds_of_laws():
    kinds = {type(law) for law in _reached(strategies.laws(2), 80)}
    assert len(kinds) == 3
    assert strategies.laws(2, kinds="mixture") is not None
    mixtures = _reached(strategies.laws(2, kinds="mixture"), 20)
    assert mixtures
    assert _reached(strategies.laws(4, kinds="uniform"), 10) == {sk.kernels.uniform(4)}


@given(strategies.formulas())
@examples(200)
def test_formulas_are_always_readable(text):
    expression = parse(text)
    assert {s.name for s in expression.free_symbols} <= {"L", "v", "alpha", "beta"}


@given(strategies.formulas(names=[]))
@examples(50)
def test_formulas_without_names_are_numbers(text):
    assert parse(text).is_number


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: strategies.partitions(-1), "size"),
        (lambda: strategies.partitions(2.0), "size"),
        (lambda: strategies.partitions(True), "size"),
        (lambda: strategies.partitions(min_size=5, max_size=4), "min_size"),
        (lambda: strategies.stable_partitions(0), "length"),
        (lambda: strategies.stable_partitions(max_boxes=-1), "max_boxes"),
        (lambda: strategies.permutations(-1), "n"),
        (lambda: strategies.cycle_types("3"), "size"),
        (lambda: strategies.class_functions("4"), "n"),
        (lambda: strategies.class_functions(max_n=0), "max_n"),
        (lambda: strategies.sequences(0, 2), "length"),
        (lambda: strategies.sequences(2, 0), "vocabulary"),
        (lambda: strategies.partitions(max_parts=-1), "max_parts"),
        (lambda: strategies.partitions(max_part="3"), "max_part"),
        (lambda: strategies.cores(0), "p"),
        (lambda: strategies.cores(2, max_size=-1), "max_size"),
        (lambda: strategies.standard_tableaux(-1), "shape"),
        (lambda: strategies.standard_tableaux((1, 2)), "shape"),
        (lambda: strategies.character_polynomials(-1), "max_degree"),
        (lambda: strategies.boolean_functions(11), "n"),
        (lambda: strategies.laws(kinds="exchangeable"), "length"),
        (lambda: strategies.kernels(depth=-1), "depth"),
        (lambda: strategies.kernels(readouts=[]), "readouts"),
        (lambda: strategies.kernels(readouts="median"), "readouts"),
        (lambda: strategies.laws(0), "vocabulary"),
        (lambda: strategies.laws(kinds=["zipf"]), "kinds"),
        (lambda: strategies.formulas(names=["delta"]), "names"),
        (lambda: strategies.formulas(max_leaves=0), "max_leaves"),
    ],
)
def test_bad_arguments(call, argument):
    with pytest.raises(SymkernError, match=rf"^{argument}: ") as caught:
        call()
    assert isinstance(caught.value, (InvalidArgument, InvalidType))


def test_without_hypothesis_the_error_says_what_to_install(monkeypatch):
    plain = builtins.__import__

    def missing(name, *arguments, **keywords):
        if name.split(".")[0] == "hypothesis":
            raise ImportError(f"No module named {name!r}")
        return plain(name, *arguments, **keywords)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(ImportError, match=r"pip install"):
        strategies.partitions(3)


def test_weights_of_laws_are_fractions():
    for law in _reached(strategies.laws(3, kinds="categorical"), 30):
        weights = [Fraction(str(p)) for p in law.probabilities]
        assert sum(weights) == 1
        assert all(weight > 0 for weight in weights)


SMALLEST = {
    "dimension divisible by 6": lambda lam: lam.dimension % 6 == 0,
    "self-conjugate of five cells": lambda lam: lam.size > 4 and lam.is_self_conjugate,
    "elements of order 6": lambda lam: lam.order == 6,
}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", SMALLEST)
def test_partitions_shrink_to_the_smallest_that_does(name):
    """The first of all partitions by size, those of one size in reverse lexicographic order."""
    holds = SMALLEST[name]
    smallest = next(lam for n in range(11) for lam in sk.partitions(n) if holds(lam))
    phases = [Phase.generate, Phase.shrink]
    quiet = settings(database=None, deadline=None, max_examples=400, phases=phases)
    drawn = strategies.partitions(max_size=14 if name == "elements of order 6" else 10)
    assert find(drawn, holds, settings=quiet, random=Random(1)) == smallest


def test_partitions_keep_to_their_shape():
    drawn = _reached(strategies.partitions(max_size=9, max_parts=2, max_part=4), 200)
    assert drawn == {lam for n in range(9) for lam in sym.shapes(n) if len(lam) < 3 and max(lam, default=0) < 5}  # fmt: skip
    drawn = _reached(strategies.partitions(60, max_parts=3, max_part=25), 30)
    assert {lam.size for lam in drawn} == {60}
    assert all(len(lam) == 3 and lam[0] <= 25 for lam in drawn)
    with pytest.raises(InvalidArgument, match="max_parts, max_part: must leave room for 7 cells"):
        strategies.partitions(7, max_parts=2, max_part=3)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("p", [2, 3])
def test_cores_are_those_without_a_hook_of_that_length(p):
    def is_core(lam):
        return all(h % p for row in sk.Partition(lam).hook_lengths for h in row)

    expected = {lam for n in range(8) for lam in sym.shapes(n) if is_core(lam)}
    assert _reached(strategies.cores(p, max_size=7), 200) == expected
    assert find(strategies.cores(p), lambda lam: True) == ()


def test_standard_tableaux():
    drawn = _reached(strategies.standard_tableaux((3, 2)), 100)
    assert drawn == set(sk.Partition(3, 2).standard_tableaux())
    assert find(strategies.standard_tableaux((3, 2)), lambda t: True).rows == ((1, 2, 3), (4, 5))
    assert {t.size for t in _reached(strategies.standard_tableaux(4), 60)} == {4}
    large = _reached(strategies.standard_tableaux((5, 4, 3)), 20)
    assert all(t.is_standard and t.shape == (5, 4, 3) for t in large)
    assert len(large) > 10
    assert all(t.is_standard for t in _reached(strategies.standard_tableaux(9), 20))


@given(strategies.character_polynomials(2))
@examples(30)
def test_character_polynomials(p):
    assert isinstance(p, sk.CharacterPolynomial)
    assert p.degree <= 2
    printed = pretty(p)
    assert eval(printed, {"CharacterPolynomial": sk.CharacterPolynomial}) == p  # noqa: S307


def test_boolean_functions():
    assert len(_reached(strategies.boolean_functions(2), 150)) == 16
    assert find(strategies.boolean_functions(2), lambda f: -1 in f).count(-1) == 1


def test_class_functions_of_some_group():
    sizes = {f.n for f in _reached(strategies.class_functions(max_n=3), 40)}
    assert sizes == {1, 2, 3}


@given(strategies.laws(2, kinds="exchangeable", length=3))
@examples(10)
def test_exchangeable_laws(law):
    assert sum(law.type_probability((k, 3 - k)) for k in range(4)) == 1
    assert law.length == 3


def test_kernels_have_every_stage_and_argument():
    """All names in the table of stages, and of attention and activations all that there is."""
    readouts = ("mean_pool", "flatten", "at_position")
    drawn = _reached(strategies.kernels(1, readouts, polynomial=False), 150)
    stages = {stage for kernel in drawn for stage in kernel.stages}
    assert {stage.name for stage in stages} == set(sk.kernels.stages.STAGES)
    layers = [stage for stage in stages if stage.name == "attention"]
    assert {layer.row_map for layer in layers} == {"identity", "softmax", "relu", "abs"}
    assert {layer.query_key for layer in layers} == {"independent", "tied"}
    assert {True, False} == {layer.positions_in_values for layer in layers}
    activations = {str(stage.activation) for stage in stages if stage.name == "mlp"}
    assert {"relu", "erf", "quadratic"} < activations
    polynomials = _reached(strategies.kernels(2), 60)
    assert all(kernel.is_polynomial for kernel in polynomials)
    assert {"attention", "linear", "mlp", "residual"} <= {s.name for k in polynomials for s in k.stages}  # fmt: skip


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("drawn", "printed"),
    [
        (
            strategies.kernels(1).filter(lambda k: "attention" in str(k)),
            "embedding(1).attention().mean_pool()",
        ),
        (strategies.laws(2), "uniform(2)"),
        (strategies.laws(2, kinds="categorical"), "categorical(['1/2', '1/2'])"),
        (strategies.class_functions(2), "ClassFunction(2, {})"),
        (strategies.partitions(3), "Partition(3)"),
        (strategies.standard_tableaux((2, 1)), "Tableau(((1, 2), (3,)))"),
        (strategies.character_polynomials(), "CharacterPolynomial('0')"),
    ],
)  # fmt: skip
def test_falsifying_examples_print_what_one_types(drawn, printed):
    @given(drawn)
    @settings(
        database=None, max_examples=10, derandomize=True, phases=[Phase.generate, Phase.shrink]
    )
    def never(value):
        raise AssertionError("planted")

    with pytest.raises(AssertionError, match="planted") as caught:
        never()
    said = "\n".join(getattr(caught.value, "__notes__", [printed]))
    assert printed in said
    names = {**vars(sk.kernels), **vars(sk.combinatorics), "ClassFunction": sk.ClassFunction, "CharacterPolynomial": sk.CharacterPolynomial}  # fmt: skip
    assert pretty(eval(printed, names)) == printed  # noqa: S307


ENTRY_POINT = """
import sys
from hypothesis import given, settings, strategies as st
assert not [name for name in sys.modules if name.startswith(("sympy", "symkern.strat", "symkern.kern"))], sys.modules
import symkern as sk
for name in {kinds}:
    kind = getattr(sk, name, None) or getattr(sk.kernels, name, None) or getattr(sk.combinatorics, name)
    drawn = st.from_type(kind)
    @given(drawn)
    @settings(max_examples=10, database=None, deadline=None)
    def test(value):
        assert isinstance(value, kind)
        seen.add(value)
    seen = set()
    test()
    assert len(seen) > 2, seen
    print(name)
"""


@pytest.mark.sampled(2)
@pytest.mark.parametrize("installed", [True, False])
def test_types_are_known_to_hypothesis(tmp_path, installed):
    """As an installed package by its entry point, which imports nothing of weight; from a checkout since classes tell it themselves."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    entry = config["options.entry_points"]["hypothesis"].strip()
    if installed:
        metadata = tmp_path / "symkern_planted-1.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(
            "Metadata-Version: 2.1\nName: symkern-planted\nVersion: 1\n"
        )
        (metadata / "entry_points.txt").write_text(f"[hypothesis]\n{entry}\n")
    kinds = sorted(STRATEGIES, key=lambda name: name != "Partition") if installed else ["Partition"]
    code = ENTRY_POINT.format(kinds=kinds)
    if installed:  # loaded before Hypothesis is: only the entry point can tell
        code = code.replace("import sys\n", "import sys\nimport symkern.combinatorics\n", 1)
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == kinds, done.stderr[-2000:]


def test_kernels_print_as_they_are_typed():
    kernel = sk.kernels.embedding(2, "1/3").attention("tied", "softmax").mlp("x^2 + 1").flatten()
    printed = pretty(kernel)
    assert printed == (
        "embedding(2, '1/3').attention(query_key='tied', row_map='softmax').mlp('x^2 + 1').flatten()"
    )
    assert eval(printed, {"embedding": sk.kernels.embedding}) == kernel  # noqa: S307


def test_registered_stages_are_drawn():
    @dataclass(frozen=True)
    class Cube(Entrywise):
        """K^3 at every entry."""

        name, degree = "cube", 3

        def entry(self, algebra):
            """The map."""
            return lambda r, p, q: r**3

    with sk.kernels.register(Cube):
        drawn = _reached(strategies.kernels(1, stages=("cube", "mlp")), 60)
        assert {"cube", "mlp"} <= {s.name for k in drawn for s in k.stages}
        assert all(k.is_polynomial for k in drawn)
    with pytest.raises(InvalidArgument, match="stages"):
        strategies.kernels(stages="cube")
