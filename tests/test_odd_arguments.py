"""One example of each kind of odd argument that the wide search found: refused by a typed error, where it is given and in a message that can be read."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from inspect import isfunction, signature
from typing import Any

import numpy as np
import pytest
import sympy as sp

import symkern as sk
from symkern import limits
from symkern.claims import Claim, Verification
from symkern.errors import (
    InvalidArgument,
    InvalidType,
    SizeMismatch,
    SymkernError,
    TooLarge,
    TooLong,
    displayed,
)
from symkern.exact import (
    AlgebraicNumber,
    Ball,
    ExactMatrix,
    SparseMatrix,
    function_field,
    polynomial_ring,
)
from symkern.kernels import categorical, distinct, embedding, kernel_polynomial, uniform
from symkern.reading.annotated import typed
from symkern.tokens import Uniform
from tests.house import modules
from tests.trust.callables_judged import judged
from tests.trust.limited import Limited

HUGE = 10**10000
KERNEL = embedding(1, 1).mean_pool()
BIASED = categorical(["1/3", "2/3"])
SAME = sk.kernels.from_function(lambda x, y: int(x == y), "same")


def _nest() -> list[Any]:
    found: list[Any] = []
    for _ in range(5000):
        found = [found]
    return found


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        # a field of a result, a function's object
        (lambda: sk.Spectrum(None, 3, uniform(2), (), sp.S.One), InvalidType, "kernel: must be a Kernel or a FunctionKernel"),
        (lambda: sk.Spectrum(KERNEL, 3, uniform(2), (1,), sp.S.One), InvalidType, "sectors: must be a tuple of Sectors"),
        (lambda: Verification(None, ()), InvalidType, "derivation: must be a Derivation"),
        (lambda: sk.certificates.draws_certificate(3), InvalidType, "spectrum: must be a Spectrum"),
        (lambda: kernel_polynomial("flatten"), InvalidType, "kernel: must be"),
        (lambda: uniform(2).sequence_probability("ab"), InvalidType, "counts: must be"),
        (lambda: sk.Standing("sure"), InvalidArgument, "standing: must be one of proved"),
        # a claim whose proof takes other arguments
        (lambda: sk.bounds.ScalingLaw("n", sp.S.One, None, {}, sk.Standing.PROVED, claim=Claim("dimension")).derivation(), InvalidArgument, "claim: must have the arguments of 'dimension'"),
        # numbers that Python does not write, nests without end, long words
        (lambda: sk.bounds.dimension((1,), -HUGE), SymkernError, "a number of 33220 bits"),
        (lambda: sk.bounds.selection.subset_moment(HUGE, 2), TooLarge, "a number of 33220 bits"),
        (lambda: sk.character(_nest(), (1,)), SymkernError, "too long"),
        (lambda: sk.bounds.eigenlearning(_nest(), n=1), SymkernError, "eigenvalues"),
        (lambda: sk.kernels.preset("(" * 5000), InvalidArgument, " ... "),
        # what is short until it is a list
        (lambda: sk.kernels.categorical(range(10**12)), TooLarge, "a list of"),
        (lambda: sk.combinatorics.read_permutation(range(10**12)), TooLarge, "a list of"),
        (lambda: polynomial_ring(10**10), InvalidArgument, "variables: must be an integer of at most"),
        (lambda: sk.data.samples(uniform(2), 10**6, 10**8), TooLarge, "sequences of 1,000,000 letters"),
        (lambda: sk.data.law([[0, 10**8]]), InvalidArgument, "windows: must hold letters below"),
        # what cannot be looked up, and what has no module
        (lambda: sk.kernels.preset([1]), InvalidType, "name: must be a string"),
        (lambda: function_field([{}]), InvalidType, "symbols: must be a list of symbols"),
        (lambda: sk.character((2, 1), [[]]), SymkernError, "mu: "),
        (lambda: sk.character(sp.Function("f")(sp.Symbol("y")), (1,)), InvalidType, "lam: must be a partition"),
        (lambda: ExactMatrix.from_rows([[1]])[3], InvalidType, "place: must be a row and a column"),
        # of another shape or kind
        (lambda: SparseMatrix.from_entries((2, 2), [(0, 0)]), InvalidType, "entries: must be a list of"),
        (lambda: SparseMatrix.from_entries((-1, 2), []), InvalidArgument, "shape: must have"),
        (lambda: sk.bounds.sensitivity.average(np.array(2), 3), InvalidType, "f: must be"),
        (lambda: sk.bounds.cross_dataset(np.datetime64("2020-01-01")), SymkernError, "eigenvalue"),
        (lambda: sk.bounds.sensitivity.parity()("ab"), InvalidType, "x: must be an input"),
        (lambda: sk.targets.parity("ab"), InvalidType, "x: must be"),
        (lambda: Ball("1e999999999"), InvalidArgument, "midpoint: must be a decimal or a fraction"),
        (lambda: sk.Partition(10**30).latex(), TooLarge, "a Young diagram"),
        (lambda: Ball("1/0"), InvalidArgument, "midpoint: must be a decimal or a fraction"),
        # without end, and at sizes where a formula says nothing
        (lambda: AlgebraicNumber((-2, 0, 1), 1, 2).refine(0), InvalidArgument, "width: must be positive"),
        (lambda: sk.strategies.cores(2, max_size=10**30), InvalidArgument, "max_size: must be an integer of at most"),
        (lambda: sk.CharacterPolynomial("X1^2").eigenvalues(3), InvalidArgument, "size: the eigenvalues stand for n >="),
        (lambda: sk.limits.Limits(memory=None), InvalidType, "memory: must be an integer"),
        # counts and lengths of a law
        (lambda: BIASED.sequence_probability((1, 2, 0)), SizeMismatch, "a number for each of the 2 letters"),
        (lambda: BIASED.type_probability((1, -1)), InvalidArgument, "counts[1]: must be an integer of at least 0"),
        (lambda: BIASED.type_probability((HUGE, 1)), TooLarge, "a probability of so long a sequence"),
        (lambda: BIASED.sequences(-1), InvalidArgument, "length: must be an integer of at least 0"),
        (lambda: uniform(HUGE).sequences(2), TooLarge, "a list of letters"),
        (lambda: BIASED.sequence_count(HUGE), TooLarge, "their number"),
        (lambda: distinct().sequence_count(-1), InvalidArgument, "length"),
        (lambda: distinct().sequences(HUGE), InvalidArgument, "length: must be an integer of at most"),
        # arrays where one word or one number is due
        (lambda: sk.typeset.tableau_text([[1]], ascii=np.array([2, 1])), InvalidType, "ascii: must be True or False"),
        (lambda: sk.typeset.tableau_latex([[1]], style=np.array([2, 1])), InvalidType, "style: must be a string"),
        (lambda: embedding(1).attention(np.array([2, 1])), InvalidArgument, "query_key: must be"),
        (lambda: sk.character_table(3).index((2, 1), np.array([2, 1])), InvalidType, "argument: must be a string"),
        (lambda: sk.Partition(2, 1).part(np.array([2, 1])), InvalidType, "i: must be an integer"),
        (lambda: sk.Partition(2, 1).part(-1), InvalidArgument, "i: must be an integer of at least 0"),
        (lambda: sk.ClassFunction.regular(3).restrict_to(np.array(2)), InvalidType, "sizes: must be"),
        # a list that is read, one that is long, an entry that does not print
        (lambda: uniform(2).probability(range(10**12)), TooLarge, "x: a list of values"),
        (lambda: sk.representations.defining(3).vector(range(10**12)), TooLarge, "f: a list of values"),
        (lambda: sk.bounds.eigenlearning([1], n=range(10**12)), TooLarge, "n: a list of numbers"),
        (lambda: sk.typeset.partition_text(range(10**12)), TooLarge, "partition: a list of parts"),
        (lambda: sk.typeset.tableau_text([[_nest()]]), InvalidArgument, "rows: must have entries that can be written"),
        (lambda: sk.Partition(-HUGE), SymkernError, "a number of 33220 bits"),
        (lambda: sk.Partition.read(None, HUGE), InvalidType, "a number of 33220 bits: "),
        # a function that gives back what nobody can go on with
        (lambda: KERNEL.spectrum(3, uniform(2)).text(progress=lambda items: None), InvalidType, "progress: must give back"),
        (lambda: sk.representations.defining(3).block_diagonalise(int), InvalidArgument, "matrix: must have a value"),
        # files
        (lambda: KERNEL.spectrum(3, uniform(2)).save("a\0b"), InvalidArgument, "path: must be a name"),
        (lambda: KERNEL.spectrum(3, uniform(2)).save("\ud800"), InvalidArgument, "path: must be a name"),
        (lambda: KERNEL.spectrum(3, uniform(2)).to_json(indent=HUGE), InvalidArgument, "indent: must be an integer of at most"),
        # sizes without end
        (lambda: sk.ClassFunction.regular(3).exterior_power(HUGE), InvalidArgument, "k: must be an integer of at most"),
        (lambda: sk.ClassFunction.regular(3).schur_power((10**30,)), TooLarge, "the list of the partitions"),
        (lambda: Ball("1/3").digits(HUGE), InvalidArgument, "most: must be an integer of at most"),
        (lambda: sk.bounds.sensitivity.majority().profile(HUGE), InvalidArgument, "n: must be an integer of at most"),
        (lambda: sk.bounds.selection.trained_loss(6, 2, 2, 12, HUGE), InvalidArgument, "a: must be at most 10^300"),
        (lambda: sk.strategies.character_polynomials(255), InvalidArgument, "max_degree: must be an integer of at most"),
        (lambda: sk.strategies.standard_tableaux((10**30, 1)), InvalidArgument, "|shape|: must be an integer of at most"),
        (lambda: SAME.on_tables(HUGE, 2), InvalidArgument, "length: must be an integer of at most"),
        (lambda: SAME.on_tables(10, 50), TooLarge, "the contingency tables"),
        (lambda: SparseMatrix.identity(10**30), InvalidArgument, "size: must be an integer of at most"),
        (lambda: sk.bounds.selection.length_generalisation().loss(0.5, 1), InvalidArgument, "T1: must be a number where a or c is a float"),
        (lambda: sk.bounds.sensitivity.parity()([float("nan")]), InvalidType, "x: must be an input"),
        # fields of results, windows and figures; what would not fit
        (lambda: sk.data.Estimate(1, HUGE, 0, 2), InvalidArgument, "error: must be below 1e308"),
        (lambda: sk.data.windows("(" * 5000, 4), InvalidArgument, "source: must be a name that is short enough"),
        (lambda: sk.data.law([[0, 1], [0]]), InvalidType, "windows: must be windows"),
        (lambda: sk.experiments.regression("x", "x1", uniform(2), length=2, n=[3]), InvalidType, "kernel: must be a Kernel"),
        (lambda: sk.experiments.SelectionExperiment((), 1, 1, 0, 1, {}), InvalidArgument, "rows: must have one of the kind"),
        (lambda: sk.experiments.SensitivityExperiment({}, ()), InvalidArgument, "rows: must be some"),
        (lambda: sk.tokens.HiddenMarkov((1,), (), ()), SizeMismatch, "transitions: must be square"),
        (lambda: sk.tokens.HiddenMarkov((1,), ((1,),), ((),)), SizeMismatch, "emissions: must have a row"),
        (lambda: sk.ClassFunction.regular(3).latex(display=np.array([])), InvalidType, "display: must be True or False"),
        (lambda: sk.ClassFunction.regular(3).latex(width="x"), InvalidType, "width: must be a number"),
        (lambda: sk.bounds.selection.random_codes(4, 1, 2, 3).loss(1, -HUGE), InvalidArgument, "c: must be at most 1e150"),
        (lambda: sk.tokens.site_products([(1, {0: [1, 2]})]).require(3, HUGE), SizeMismatch, "terms: must have a value for each of"),
        (lambda: sk.bounds.sensitivity.automaton([[0, 1], [0, 1]], [1]).accepts(None), InvalidType, "word: must be a list of letters"),
        (lambda: BIASED.order_shares(6, highest=HUGE), InvalidArgument, "highest: must be at most the length"),
        (lambda: sk.bounds.selection.equal_coherence(HUGE, 2, 0), TooLarge, "a Gram matrix needs"),
    ],
)  # fmt: skip
def test_it_is_refused(call: Callable[[], Any], error: type[SymkernError], message: str) -> None:
    with pytest.raises(error) as caught:
        call()
    said = str(caught.value)
    assert message in said and len(said) < 2000 and said.isprintable()


def test_what_is_displayed_is_short() -> None:
    assert displayed(_nest()).endswith("that is too long")
    assert displayed(sp.Integer(HUGE) + sp.Symbol("y")).endswith("that is too long")
    assert len(displayed("a" * 1000)) == 80


def test_types_are_looked_at_and_nothing_else_changes() -> None:
    @typed
    def found(first: int, *rest: str, length: "sp.Expr | int" = 3, other: "Unknown" = None) -> Any:  # type: ignore[name-defined]  # noqa: F821, UP037
        """Its own words."""
        return first, rest, length, other

    assert found(np.int64(3), "a", length=sp.Symbol("y"), other=5) == (3, ("a",), sp.Symbol("y"), 5)
    assert found.__name__ == "found" and found.__doc__ == "Its own words."
    for wrong in (
        lambda: found("3"),
        lambda: found(True),
        lambda: found(1, 2),
        lambda: found(1, length=0.5),
    ):
        with pytest.raises(InvalidType):
            wrong()


def test_whole_numbers_go_on_as_those_of_python() -> None:
    @typed
    def found(n: int, *rest: int, size: "int | sp.Expr" = 1, f: "sp.Expr | None" = None) -> Any:  # noqa: UP037
        return n, *rest, size, f

    given = found(np.uint8(255), sp.Integer(2), size=np.int64(3), f=sp.Integer(4))
    assert given == (255, 2, 3, 4)
    assert [type(value) for value in given[:3]] == [int] * 3 and given[3] is sp.Integer(4)
    assert found(1, size=sp.Integer(5))[1] is sp.Integer(5)  # whose quotients are fractions
    assert str(uniform(2).at_sizes()) == "i.i.d. uniform on 2 letters"
    assert str(Uniform(np.int64(3))) == "i.i.d. uniform on 3 letters"
    assert float(AlgebraicNumber((-2, 0, 1), np.uint8(1), np.uint8(2))) == 2**0.5  # type: ignore[arg-type]
    assert Ball(0, 300).contains(np.uint8(255))
    assert SAME.on_tables(np.int64(2), np.uint8(2)) is SAME.on_tables(2, 2)


def test_integers_are_formulas_where_formulas_stand() -> None:
    assert sk.tokens.Categorical((2, sp.S.One)).probabilities[0] is sp.Integer(2)
    share = sk.tokens.OrderShare(2, 3, HUGE)
    assert share.share == sp.Rational(HUGE, 3)


def test_long_mathematics_is_read_in_one_pass() -> None:
    text = sk.Derivation("x", conclusion="ab " * 10_000).text()
    assert text.count("a") == 10_000


@pytest.mark.parametrize(
    "call",
    [
        lambda: sk.reduced_kronecker((4, 3, 2, 1), (4, 3, 2, 1)),
        lambda: sk.bounds.selection.flow(5, 10**30, 2, until=1e6),
        lambda: sk.CharacterPolynomial.irreducible((1,) * 40),
        lambda: sk.ClassFunction.regular(3).schur_power((1,) * 40),
        lambda: sk.bounds.sensitivity.total_influence(lambda x: sum(x), 3, letters=100),
        lambda: sk.targets.energy(max, length=16, tokens=uniform(2)),
        lambda: sk.testing.assert_symmetric(lambda x, y: x == y, length=9),
        lambda: sk.representations.class_sum((5, 4, 3)),
        lambda: sk.bounds.selection.equal_coherence(300, 2, 0),
    ],
)
def test_what_may_take_long_is_given_up(call: Callable[[], Any]) -> None:
    with limits.changed(seconds=0.05), pytest.raises(TooLong, match="less"):
        call()


def test_an_inverse_that_takes_hours_is_not_begun() -> None:
    with (
        limits.changed(hours=1e-15),
        pytest.raises(TooLong, match="the inverse of a matrix of 20 rows"),
    ):
        SparseMatrix.identity(20).inverse()


def test_every_switch_is_true_or_false() -> None:
    """Of every public function: what is a switch takes no word for one."""
    switches = []
    for name in modules():
        if name.endswith("__main__"):
            continue
        module = import_module(name)
        for public in getattr(module, "__all__", ()):
            function = getattr(module, public)
            if not isfunction(function):
                continue
            for parameter in signature(function).parameters.values():
                if isinstance(parameter.default, bool):
                    switches.append(f"{name}.{public}: {parameter.name}")
                    with pytest.raises(InvalidType, match=f"^{parameter.name}: must be True or F"):
                        function(**{parameter.name: "no"})
    assert len(set(switches)) > 25, switches


def test_the_search_tells_a_refusal_from_a_raw_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged(["symkern.partitions", "n", "None"]) == {"kind": "refused"}
    assert judged(["symkern.partitions", "n", "7"]) == {"kind": "value"}

    def planted(n: Any) -> Any:
        return n.size

    monkeypatch.setattr("tests.trust.callables_judged.found", lambda name, maker=None: planted)
    assert judged(["symkern.partitions", "n", "None"])["kind"] == "AttributeError"


def test_a_call_without_end_is_ended() -> None:
    asked = Limited("time:sleep", seconds=0.05)
    assert asked.ask(0)["answer"] is None
    assert asked.ask(1000)["killed"] == "no end"
    assert asked.ask(0)["answer"] is None
    asked.close()
