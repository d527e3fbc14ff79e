"""The public Hypothesis strategies: what they draw, what they can reach, what they shrink to."""

import builtins
from dataclasses import dataclass
from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from hypothesis.vendor.pretty import pretty

import symkern as sk
from symkern import strategies
from symkern.abc import parse
from symkern.errors import InvalidArgument, InvalidType, SymkernError
from symkern.kernels.stages import Entrywise
from tests.oracles import symmetric_group as sym
from tests.search import examples


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
