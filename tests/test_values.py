"""Every public type pickles, copies and compares by what it holds; where `EVALUATED` says so, ``eval(repr(x)) == x``.

`EXAMPLES` has entries for every class of every public namespace: a new public class without one fails here.
"""

from __future__ import annotations

import ast
import copy
import importlib
import inspect
import os
import pickle
import pkgutil
import tempfile
from collections.abc import Callable
from fractions import Fraction
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import symkern as sk
from symkern import limits, strategies, tokens
from symkern.abc import L, alpha, v
from symkern.bounds import selection, sensitivity
from symkern.certificates.catalogue import CATALOGUE
from symkern.certificates.checker import Report
from symkern.characters.columns import Columns
from symkern.characters.table_store import StoredTable
from symkern.claims import Claim, ScalingLaw, Verification
from symkern.derivations import derivation
from symkern.exact import (
    AlgebraicNumber,
    Ball,
    SparseMatrix,
    function_field,
)
from symkern.exact.sparse_vector import RationalVector
from symkern.exact.written import readable_repr
from symkern.experiments.langevin_dynamics import LangevinPosterior
from symkern.experiments.trained_networks import TrainedNetworks
from symkern.experiments.width_regression import InWidth
from symkern.kernels import derive, embedding, from_function, uniform
from symkern.learning.learning_curve import LearningCurve

ROOMS = [
    "symkern",
    "symkern.bounds.selection",
    "symkern.bounds.sensitivity",
    *(
        f"symkern.{room.name}"
        for room in pkgutil.iter_modules(sk.__path__)
        if room.name not in ("cli", "__main__", "plot")
    ),
]


def _public() -> dict[type, str]:
    """Every public class that is no error, with the namespace that shows it."""
    found: dict[type, str] = {}
    for room in ROOMS:
        module = importlib.import_module(room)
        for name in getattr(module, "__all__", ()):
            value = getattr(module, name)
            if inspect.isclass(value) and value.__module__.startswith("symkern"):
                found.setdefault(value, room)
    return {c: room for c, room in found.items() if not issubclass(c, BaseException)}


# -- examples ----------------------------------------------------------------------------


def _attention() -> Any:
    return derive("linear-attention")


def _numeric() -> Any:
    return derive("linear-attention", 4, uniform(2), alpha=1, beta="1/2")


def _regression() -> Any:
    kernel = sk.kernels.read_kernel("linear-attention")
    return sk.experiments.regression(kernel, "x1", uniform(2), length=3, n=[4], draws=2)


def _networks() -> Any:
    """One that no network was drawn for."""
    three, pairs = (InWidth((2, 4), np.ones((2, *s)), np.ones((2, *s)), np.ones(s)) for s in ((3,), (3, 2)))  # fmt: skip
    moments = InWidth((2, 4), np.ones((2, 2, 2)), np.ones((2, 2, 2)), np.ones((2, 2)))
    moved = (np.ones(2), np.ones(2))
    training = TrainedNetworks(np.ones(3), pairs, pairs, three, moved, moved)
    words = np.array([(0, 1), (1, 1)])
    found = (three, training, LangevinPosterior(moments, (0.5, 0.5), 2))
    return sk.experiments.NetworkExperiment(derive("flatten").kernel, words, 1, {"seed": 0}, *found)


def _ball() -> Any:
    return derive("softmax-attention", 3, uniform(2), alpha=1, beta=1)


def _series() -> Any:
    return derive("softmax-attention", L, uniform(2), alpha=1, beta=1)


def _permuted() -> Any:
    """Distinct tokens: the first eigenvalue is 3 (5 L + 4)/L^3, a number times a sum."""
    return derive("linear-attention", L, sk.kernels.distinct(), alpha=1, beta=2)


def _curve() -> LearningCurve:
    return _numeric().learning_curve("x1*x2", n=[1, 2], ridge="1/10")


def _verification() -> Verification:
    return sk.bounds.dimension_law((1,)).derivation().check(L=[4, 5])


def _chain() -> Any:
    return sk.kernels.markov([["3/4", "1/4"], ["1/4", "3/4"]])


def _turning() -> Any:
    return sk.kernels.markov([["1/2", "1/3", "1/6"], ["1/6", "1/2", "1/3"], ["1/3", "1/6", "1/2"]])


@cache
def _report() -> Any:
    text = sk.data.samples(_chain(), 4000, 1)[0]
    return sk.data.symmetry_report(text, [3], folds=5, shuffles=2)


def _overlap(x: tuple[int, ...], y: tuple[int, ...]) -> int:
    return sum(a == b for a, b in zip(x, y, strict=True))


@cache
def _store() -> str:
    return tempfile.mkdtemp()


def _stored() -> StoredTable:
    pytest.importorskip("zarr")
    path = f"{_store()}/table"
    if not os.path.exists(path):
        sk.characters.write_table(4, path)
    return StoredTable(path)


def _first(x: tuple[int, ...]) -> int:
    return x[0]


def _sides(a: int) -> tuple[int, int]:
    return 2 * a, a + a


_R = sk.representations

#: Name of the class -> functions that make examples of it.
EXAMPLES: dict[str, list[Callable[[], Any]]] = {
    "AlternatingTable": [lambda: sk.characters.alternating_table(4)],
    "Alphabet": [lambda: sk.data.Alphabet("words", ("the", "of"), True)],
    "AlgebraicNumber": [lambda: AlgebraicNumber((-2, 0, 0, 1), 1, 2)],
    "Ball": [lambda: Ball("1/3", "1/1000")],
    "Basis": [lambda: sk.characters.s, lambda: sk.characters.st],
    "BallMatrix": [lambda: _ball().sectors[0].block],
    "BeforeShuffling": [lambda: embedding(1).mean_pool().spectrum(3, _chain()).before_shuffling()],
    "Branch": [
        lambda: _attention().sectors[1].branches[0],
        lambda: _numeric().sectors[0].branches[0],
        lambda: _ball().sectors[0].branches[0],
        lambda: _permuted().sectors[0].branches[0],
    ],
    "Categorical": [lambda: sk.kernels.categorical(["1/2", "1/3", "1/6"])],
    "Cell": [lambda: sk.typeset.tables.Cell("a", "b")],
    "CharacterPolynomial": [lambda: sk.CharacterPolynomial.irreducible((2, 1))],
    "CharacterTable": [lambda: sk.character_table(5)],
    "Checked": [lambda: _verification().results[0][0]],
    "Claim": [
        lambda: Claim("dimension", (sk.Partition(2, 1),)),
        lambda: sk.bounds.trace_law((1,), "1/2").claim,
    ],
    "ClassFunction": [lambda: sk.ClassFunction(3, lambda mu: len(mu))],
    "Columns": [lambda: Columns(4)],
    "ComparedSector": [lambda: next(iter(sk.kernels.compare(_attention(), derive("flatten"))))],
    "Comparison": [lambda: sk.kernels.compare(_attention(), derive("flatten"))],
    "Cost": [lambda: _attention().kernel.cost(L, uniform(v)), lambda: _numeric().cost()],
    "CubeFormula": [lambda: sensitivity.CubeFormula("x1*x2 + 1")],
    "DemihyperoctahedralTable": [lambda: sk.characters.demihyperoctahedral_table(3)],
    "Derivation": [
        lambda: _attention().derivation([1], [1]),
        *(partial(derivation, Claim(name)) for name in ("symmetry gap", "narrow first layer")),
    ],
    "DiagramModule": [lambda: sk.representations.diagram_module([(0, 0), (1, 1), (1, 2)])],
    "Distinct": [lambda: sk.kernels.distinct()],
    "DrawSensitivity": [lambda: _attention().average_sensitivity()],
    "Eigenlearning": [
        lambda: sk.bounds.eigenlearning([0.5, 0.1], [3, 2], n=4, ridge=0.2),
        lambda: sk.bounds.eigenlearning([0.5, 0.1], [3, 2], n=np.array([4, 5]), ridge=0.2),
    ],
    "ErrorBound": [lambda: _series().error_bound([1], [], terms=1, least=100)],
    "Eigenvalue": [lambda: _numeric().eigenvalues()[0]],
    "Eigenfunction": [
        lambda: _attention().sectors[1].basis()[0],
        lambda: _numeric().sectors[0].basis()[1],
        lambda: _ball().sectors[0].basis()[0],
    ],
    "Estimate": [lambda: _report().at(3).correlation],
    "ExactEigenlearning": [
        lambda: sk.bounds.eigenlearning(["1/2"], [3], n=4, ridge="1/5"),
        lambda: sk.bounds.eigenlearning([1 / L], [L], n=L, ridge="1/2"),
    ],
    "ExactMatrix": [lambda: _attention().sectors[0].block, lambda: _numeric().sectors[0].block],
    "Exchangeable": [lambda: sk.kernels.exchangeable({(2, 0): "1/4", (1, 1): "3/4"})],
    "ExponentMap": [lambda: _attention().exponent_map()],
    "Family": [sensitivity.parity, sensitivity.mean, lambda: sensitivity.threshold(2)],
    "Flow": [lambda: selection.flow(4, 1, 2, times=[1.0, 2.0])],
    "CodeFlow": [lambda: selection.random_codes(4, 1, 1, 3, codes="rademacher").flow([1.0])],
    "CodeHeads": [lambda: selection.code_heads(4, 1, 2, 3, a=[1, 2], draws=50)],
    "FixedCodes": [
        lambda: selection.equal_coherence(4, 2, "1/3"),
        lambda: selection.fixed_codes([[1.0, 0.5], [0.5, 1.0]], 1),
    ],
    "FixedFlow": [lambda: selection.equal_coherence(3, 1, 0).flow([1.0])],
    "Heads": [lambda: selection.several_heads(4, 1, 2, [0.0, 1.0], [0.5, 0.5])],
    "HeadsFlow": [lambda: selection.several_heads(4, 1, 2, [0.0, 1.0], [0.0, 0.0]).flow([1.0])],
    "RandomCodes": [lambda: selection.random_codes(6, 2, 2, 4, "dual")],
    "SelectionExperiment": [
        lambda: sk.experiments.selection(T=4, q=1, m=3, steps=4, batch=2, draws=50, widths=())
    ],
    "TextExperiment": [
        lambda: sk.experiments.text(lengths=(4,), shuffles=0, length=3, n=(4,), draws=2)
    ],
    "FormulaTarget": [lambda: sk.targets.FormulaTarget("[x1=x2] + n0/L")],
    "FourierCoefficients": [lambda: sensitivity.coefficients("majority", 3)],
    "FourierTransform": [lambda: _R.fourier_transform(3, {(1, 0, 2): 1, (0, 1, 2): 2})],
    "FunctionField": [lambda: function_field((L, v))],
    "FunctionKernel": [lambda: from_function(_overlap)],
    "HiddenMarkov": [
        _chain,
        lambda: sk.kernels.markov([[0, 1], [1, 0]], [1, 0]),
        lambda: sk.kernels.mixture([("1/3", _chain()), ("2/3", uniform(2))]),
        lambda: sk.kernels.markov([[1 - alpha, alpha], [alpha, 1 - alpha]]),
    ],
    "Kernel": [lambda: embedding(alpha, "1/2").attention().mean_pool()],
    "KernelPolynomial": [lambda: sk.kernels.kernel_polynomial(_attention().kernel)],
    "GroupAlgebraElement": [
        lambda: _R.GroupAlgebraElement(3, {(1, 0, 2): "1/2", (0, 1, 2): -3}),
        lambda: _R.young_symmetriser(sk.combinatorics.Tableau(((1, 2), (3,)))),
    ],
    "KostkaMatrix": [lambda: sk.characters.kostka_matrix(4)],
    "MeasuredCurve": [lambda: _curve().at([4, 9]).measured(draws=2)],
    "LateTimes": [lambda: selection.late_times(6, 2, 2), selection.late_times],
    "LagMoments": [lambda: _chain().lag_moment("d"), lambda: _turning().lag_moment("d")],
    "Law": [lambda: sk.kernels.categorical(["1/4", "3/4"])],
    "Leading": [lambda: sk.bounds.leading(L**2 / 3 + L)],
    "LearnabilityTable": [lambda: _numeric().learnabilities(n=3, ridge=1)],
    "LearningCurve": [_curve],
    "LengthSymmetry": [lambda: _report().at(3)],
    "LengthSeries": [
        lambda: _series().sectors[0].series()[0],
        lambda: _attention().sectors[0].series(3)[0],
    ],
    "LengthGeneralisation": [selection.length_generalisation],
    "Limits": [limits.current],
    "MovedFunction": [
        lambda: _numeric().sectors[0].basis()[0].moved(positions=(1, 0, 2, 3)),
        lambda: _attention().sectors[1].functions()[0].moved(positions=(1, 0)),
    ],
    "MappedEigenvalue": [lambda: _attention().exponent_map().entries[0]],
    "Mixture": [
        lambda: sk.kernels.mixture(
            [("1/2", uniform(2)), ("1/2", sk.kernels.categorical(["1/3", "2/3"]))]
        )
    ],
    "Module": [
        lambda: _R.words(length=3, letters=2),
        lambda: _R.subsets(4, 2),
        lambda: _R.regular(3),
    ],
    "ModuleVector": [lambda: _R.subsets(4, 2).symmetry_adapted_basis().copies((3, 1))[0]],
    "Multiplet": [lambda: _report().multiplets[0][0]],
    "Natural": [lambda: _R.natural((2, 1))],
    "OrderShare": [lambda: _chain().order_shares(4)[0]],
    "Orthogonal": [lambda: _R.orthogonal((2, 1))],
    "PairKernel": [lambda: embedding(alpha, 1).attention()],
    "Partition": [lambda: sk.Partition(3, 2, 1), lambda: sk.Partition()],
    "PositionGroup": [lambda: tokens.PositionGroup(1)],
    "PredictedOutput": [lambda: _numeric().predicted_output("x1*x2", n=3, ridge=1)],
    "Preset": [lambda: sk.kernels.PRESETS["flatten"]],
    "RadicalMatrix": [lambda: _R.orthogonal((2, 1))((1, 2, 0))],
    "NetworkExperiment": [_networks],
    "Protocol": [lambda: next(iter(sk.experiments.protocols().values()))],
    "SignLaws": [lambda: derive("flatten").sign_sensitivity(centred=True)],
    "RegressionExperiment": [lambda: _regression()],
    "RegressionTest": [lambda: _regression().tests[0]],
    "SiteProducts": [lambda: tokens.site_products([("1/2", {0: [1, -1], 2: [1, -1]})])],
    "ShiftedCurve": [lambda: _regression().tests[0].prediction],
    "Quasipolynomial": [lambda: sk.exact.Quasipolynomial("n^2/3 + 1", 0, "(n - 1)/2")],
    "RationalFunction": [
        lambda: function_field((L, v))(L / (3 * v) - sp.Rational(1, 2)),
        lambda: function_field(())(sp.Rational(2, 3)),
    ],
    "RationalVector": [lambda: RationalVector.of([1, sp.Rational(1, 2)])],
    "Report": [lambda: Report("confirmed", "a certificate", ["one line"])],
    "SampleComplexity": [
        lambda: derive("linear-attention", tokens=uniform(2)).sample_complexity("x1*x2")
    ],
    "SampledTraining": [lambda: _numeric().training_curve("x1*x2", t=[1, 2], n=3, draws=2)],
    "TrainingCurve": [lambda: _numeric().training_curve("x1*x2", t=[1, 2])],
    "TrainingTimes": [
        lambda: derive("linear-attention", tokens=uniform(2)).training_times("x1*x2")
    ],
    "ScalingLaw": [
        lambda: sk.bounds.dimension_law((2, 1)),
        lambda: sk.bounds.samples_law(1 / (L - 1)),
        lambda: _attention().scaling_law([1], [1]),
        lambda: _attention().trace_law([1], [1]),
        lambda: _numeric().scaling_law([1], [1]),
        lambda: _permuted().scaling_law([], []),
        lambda: _ball().scaling_law([], []),
        lambda: sensitivity.majority().law(),
        lambda: selection.late_times().loss,
    ],
    "SensitivityExperiment": [
        lambda: sk.experiments.SensitivityExperiment({"steps": 1}, (("first", 3, 0, *[0.5] * 15),))
    ],
    "SeriesSector": [lambda: _series().sectors[0]],
    "Sector": [
        lambda: _attention().sectors[1],
        lambda: _numeric().sectors[0],
        lambda: _ball().sectors[0],
    ],
    "SectorFunction": [
        lambda: _attention().sectors[1].functions()[0],
        lambda: _numeric().sectors[0].functions()[-1],
        lambda: _permuted().sectors[0].functions()[0],
    ],
    "Seminormal": [lambda: _R.seminormal((2, 1))],
    "Sensitivity": [
        lambda: sensitivity.describe("majority", 3),
        lambda: sensitivity.describe("parity", sk.abc.n),
    ],
    "Sharpness": [lambda: sensitivity.sharpness("parity")],
    "Automaton": [lambda: sensitivity.automaton([[0, 1], [1, 1]], [1])],
    "ZeroFamily": [lambda: sensitivity.zero_family("exactly(2)")],
    "ZeroGrowth": [lambda: sensitivity.ZeroGrowth("polynomial", 1)],
    "ZeroVerdict": [
        lambda: sensitivity.zero_verdict(sensitivity.ZeroGrowth("zero"), width=9, layers=1)
    ],
    "ShufflingNulls": [lambda: _report().nulls[0]],
    "SignSensitivity": [lambda: _numeric().sign_sensitivity()],
    "Size": [lambda: tokens.Size(5), lambda: tokens.Size(L)],
    "SkewTableau": [lambda: sk.combinatorics.SkewTableau(((None, 1), (2,)))],
    "SkewPartition": [lambda: sk.combinatorics.SkewPartition((3, 2), (1,))],
    "SparseMatrix": [lambda: SparseMatrix.from_dense([[1, 0], [sp.Rational(1, 2), 3]])],
    "Spectrum": [
        _attention,
        _numeric,
        _ball,
        lambda: from_function(_overlap).spectrum(3, uniform(2)),
    ],
    "StableDecomposition": [lambda: sk.CharacterPolynomial("X1^2").decompose()],
    "StoredTable": [_stored],
    "Standing": [lambda: sk.Standing.PROVED],
    "Step": [lambda: sk.Step("even", "2 a = a + a", "", sides=_sides, sizes={"a": (1, 2)})],
    "SymmetryAdaptedBasis": [lambda: _R.subsets(4, 2).symmetry_adapted_basis()],
    "SymmetricShare": [
        lambda: _chain().share(4),
        lambda: _chain().share(L),
        lambda: _turning().share(L),
    ],
    "Symmetrised": [lambda: _chain().symmetrised(3)],
    "SymmetryReport": [lambda: _report()],
    "SymmetryGap": [selection.symmetry_gap, lambda: selection.symmetry_gap(6, 2, 2)],
    "SymmetricFunction": [
        lambda: sk.characters.s[2, 1] / 3 - sk.characters.s[()],
        lambda: 0 * sk.characters.p[1],
        lambda: sk.characters.h[2, 1].to("st") * alpha,
    ],
    "Table": [lambda: sk.typeset.tables.Table(("a", "b"), [(1, 2), (3, 4)])],
    "Tableau": [lambda: sk.combinatorics.Tableau(((1, 2), (3,)))],
    "Tail": [lambda: _curve().tail],
    "StretchedCoefficient": [lambda: sk.characters.stretched_kronecker((6, 6), (7, 5), (6, 4, 2))],
    "TargetEnergy": [lambda: sk.targets.energy(_first, length=3, tokens=uniform(2))],
    "TargetPart": [lambda: selection.symmetry_gap(6, 2, 2).parts[0]],
    "ThirdOrder": [lambda: _report().third[0]],
    "Tightness": [lambda: _attention().tightness()[0], lambda: _numeric().tightness()[0]],
    "Uniform": [lambda: uniform(3), lambda: uniform(v)],
    "Verification": [_verification, lambda: _attention().derivation([1], [1]).check(L=[3], v=[3])],
    "WreathTable": [
        lambda: sk.characters.hyperoctahedral_table(3),
        lambda: sk.characters.wreath_table(sk.character_table(3), 2),
    ],
    "Windows": [lambda: sk.data.windows(b"abba abba", 4)],
    "YoungClassFunction": [lambda: sk.ClassFunction(4, lambda mu: len(mu)).restrict_to((2, 2))],
}
CASES = [
    pytest.param(make, id=f"{name}-{i}")
    for name, makers in EXAMPLES.items()
    for i, make in enumerate(makers)
]


def test_every_public_class_has_an_example() -> None:
    known = {
        *EXAMPLES,
        "Experiment",
        "Registration",
    }  # what results inherit from, and what takes an entry back, are no values
    missing = {c.__name__: room for c, room in _public().items() if c.__name__ not in known}
    assert not missing


def test_every_class_that_a_method_returns_has_an_example() -> None:
    """As `doors.pyi` says; those that no namespace shows are found there."""
    tree = ast.parse((Path(sk.__path__[0]) / "doors.pyi").read_text(encoding="utf-8"))
    homes = {a.name: node.module for node in tree.body if isinstance(node, ast.ImportFrom) for a in node.names}  # fmt: skip
    returned = {
        name.id
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.returns is not None
        for name in ast.walk(node.returns)
        if isinstance(name, ast.Name) and str(homes.get(name.id)).startswith("symkern")
        and inspect.isclass(getattr(importlib.import_module(homes[name.id]), name.id))
    }  # fmt: skip
    assert returned - {*EXAMPLES} == set()


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_of_their_class(name: str) -> None:
    for make in EXAMPLES[name]:
        assert name in {c.__name__ for c in type(make()).__mro__}


@pytest.mark.parametrize("make", CASES)
def test_pickles_and_copies(make: Callable[[], Any]) -> None:
    value = make()
    for again in (pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):
        assert again == value
        assert type(again) is type(value)
        try:
            known = hash(value)
        except TypeError:
            continue
        assert hash(again) == known
    assert value == make()


# -- source text --------------------------------------------------------------------------

#: Classes of what is asked of a spectrum, of floats and of users' functions, whose repr describes; the others read back as they were.
DESCRIBED = {
    "Cell", "CharacterTable", "Checked", "Derivation", "DrawSensitivity", "Eigenfunction", "Eigenlearning", "ExponentMap",
    "FourierCoefficients", "KernelPolynomial", "LearnabilityTable", "LearningCurve", "MappedEigenvalue", "MeasuredCurve", "MovedFunction", "NetworkExperiment", "PredictedOutput", "Protocol", "RegressionExperiment", "SampleComplexity", "SampledTraining", "SectorFunction", "SelectionExperiment", "SensitivityExperiment", "ShiftedCurve", "SignLaws", "SignSensitivity", "RegressionTest", "TextExperiment", "Windows",
    "Step", "Table", "Tail", "TrainingCurve", "TrainingTimes", "Verification",
}  # fmt: skip


@cache
def _names() -> dict[str, Any]:
    """SymPy's names, over them those of every public namespace, and the functions of this module."""
    names: dict[str, Any] = {name: getattr(sp, name) for name in sp.__all__}
    for room in (*ROOMS, "symkern.abc", "symkern.bounds.selection.symbols"):
        module = importlib.import_module(room)
        shown = getattr(module, "__all__", None) or [n for n in vars(module) if n[0] != "_"]
        for name in shown:
            value = getattr(module, name)
            if not inspect.ismodule(value):
                names[name] = value
    return {**names, "Fraction": Fraction, "_overlap": _overlap}


@pytest.mark.parametrize("make", [c for c in CASES if c.id.rpartition("-")[0] not in DESCRIBED])
def test_repr_reads_back(make: Callable[[], Any]) -> None:
    value = make()
    home = importlib.import_module(type(value).__module__.rpartition(".")[0])
    names = {**_names(), **{n: getattr(home, n) for n in getattr(home, "__all__", ())}}
    names[type(value).__name__] = type(value)
    assert eval(repr(value), names) == value  # noqa: S307  text of this module's own examples


@pytest.mark.parametrize("name", ["DrawSensitivity", "SignLaws", "SignSensitivity"])
def test_what_is_asked_of_a_spectrum_names_it(name: str) -> None:
    """In brackets that Python does not read, since numbers are computed when they are asked for."""
    value = EXAMPLES[name][0]()
    assert repr(value).startswith(f"<{name} of {value.spectrum!r}")


# -- drawn values --------------------------------------------------------------------------


def _fraction(f: sk.ClassFunction) -> Any:
    """(f(1) L + f((1, 2)))/(v + f((1, 2, 3))^2), with the values of a class function on S_3."""
    a, b, c = (sp.S(f[mu]) for mu in sk.partitions(3))
    return function_field((L, v))((a * L + b) / (v + c**2))


DRAWN = {
    "partitions": strategies.partitions(max_size=9),
    "stable partitions": strategies.stable_partitions(length=6),
    "class functions": strategies.class_functions(4),
    "laws": strategies.laws(vocabulary=3),
    "kernels": strategies.kernels(),
    "formulas": strategies.formulas().map(sk.abc.parse).map(sp.factor),
    "scaling laws": st.builds(sk.bounds.trace_law, strategies.stable_partitions(length=5)),
    "fractions": strategies.class_functions(3).map(_fraction),
}


@pytest.mark.parametrize("kind", DRAWN)
def test_drawn_values_pickle_copy_and_read_back(kind: str) -> None:
    @settings(max_examples=40)
    @given(DRAWN[kind])
    def holds(value: Any) -> None:
        for again in (pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):
            assert again == value
            assert hash(again) == hash(value)
        if kind != "formulas":
            assert eval(repr(value), _names()) == value  # noqa: S307  its own text

    holds()


def test_a_pickled_derivation_still_checks_itself() -> None:
    found = pickle.loads(pickle.dumps(_attention().derivation([1], [1])))
    verification = found.check(L=[3], v=[3])
    assert verification
    assert str(verification) == str(_attention().derivation([1], [1]).check(L=[3], v=[3]))


def test_every_step_of_the_catalogue_pickles() -> None:
    for name, make in CATALOGUE.items():
        made = make()
        again = pickle.loads(pickle.dumps(made))
        assert again == made, name
        assert [step.parameters for step in again.steps] == [s.parameters for s in made.steps]


def test_factors_outlive_the_pickle() -> None:
    """SymPy would multiply the number into the sum when the product is made again."""
    formula = sp.factor(L / 2 - sp.Rational(1, 2))
    law = ScalingLaw("n", formula, sk.bounds.leading(formula), {"L": 2}, sk.Standing.PROVED)
    for again in (pickle.loads(pickle.dumps(law)), copy.deepcopy(law), eval(repr(law), _names())):  # noqa: S307
        assert again == law
        assert again.formula.is_Mul


@given(strategies.formulas().map(sk.abc.parse), strategies.formulas().map(sk.abc.parse))
@settings(max_examples=40)
def test_formulas_read_back_as_they_stand(first: sp.Expr, second: sp.Expr) -> None:
    """In sums, products and quotients, each factored or not."""
    for formula in (sp.factor(first / 6 + second / 4), sp.factor(first) / (6 * sp.factor(second) + 4), sp.factor(first * 2) + second):  # fmt: skip
        assert eval(readable_repr(formula), _names()) == formula  # noqa: S307  its own text


def test_results_of_other_content_differ() -> None:
    first, second = _numeric().sectors[0].functions()
    assert first != second and first != _numeric().sectors[0].basis()[0]
    assert first.moved((1, 0, 2, 3)) != first.moved((0, 1, 2, 3))
    assert _curve() == _curve()
    assert _curve().at([1, 3]) != _curve()
    assert sensitivity.describe("majority", 3) != sensitivity.describe("majority", 5)
    first, second = (sk.bounds.eigenlearning([e], [3], n=4.0, ridge=0.2) for e in (0.5, 0.25))
    assert first != second


@pytest.mark.parametrize("name", ["Partition", "ClassFunction", "CharacterPolynomial", "SymmetricFunction", "Permutation", "Tableau"])  # fmt: skip
def test_counterexamples_are_printed_as_they_are_typed(name: str) -> None:
    """By Hypothesis, which asks as IPython does."""
    from hypothesis.vendor.pretty import pretty

    for make in EXAMPLES.get(name, []):
        value = make()
        assert pretty(value) == repr(value)
