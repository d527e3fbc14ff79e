"""A stage from outside the package: one class, and text, values, spectra and costs know it; without a rule, a typed error."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import pytest

import symkern as sk
from symkern.abc import L, alpha, v
from symkern.errors import InvalidArgument, NoAction, NoClosedForm, PipelineError
from symkern.kernels import embedding, kernel_polynomial, read_pipeline, register, uniform
from symkern.kernels.algebras.given_sequences import recursion
from symkern.kernels.algebras.position_types import TypeRecursion
from symkern.kernels.stages import STAGES, Entrywise, Stage
from symkern.kernels.stages.stage_table import beside


@dataclass(frozen=True)
class HalfSquare(Entrywise):
    """K/2 + K^2 at every entry."""

    name = "half_square"
    degree = 2

    def entry(self, algebra):
        """The map."""
        return lambda r, p, q: r / 2 + r**2


def test_a_stage_from_outside():
    """Values in all three algebras, spectra with symbols and with numbers, text, JSON, LaTeX, cost; then it is gone."""
    with register(HalfSquare):
        kernel = embedding(alpha, 1).attention().half_square().residual().mean_pool()
        assert read_pipeline(str(kernel)) == kernel
        assert repr(kernel).endswith(".attention().half_square().residual().mean_pool()")
        assert sk.kernels.PairKernel.half_square.__doc__ == HalfSquare.__doc__
        known = kernel.substitute({alpha: 2})
        tables = TypeRecursion(known)
        for x, y in product(product(range(2), repeat=3), repeat=2):
            cells = list(zip(x, y, strict=True))
            table = [[cells.count((t, u)) for u in range(2)] for t in range(2)]
            expected = _by_hand(Fraction(2), 1, x, y)
            assert known(x, y) == recursion(known.stages, x, y) == expected
            assert Fraction(str(tables(table))) == expected
        symbolic = kernel.spectrum(length=L, tokens=uniform(v))
        there = symbolic.evaluate(length=3, vocabulary=2, alpha=2)
        numeric = known.spectrum(length=3, tokens=uniform(2))
        assert [s.eigenvalues for s in there.sectors] == [s.eigenvalues for s in numeric.sectors]
        assert r"\lambda" in symbolic.latex()
        assert read_pipeline(symbolic.to_dict()["kernel"]) == kernel
        assert kernel.cost(L, uniform(v)).degree == 3
        with pytest.raises(NoClosedForm, match="the checker has no rule for the stage half_square"):
            symbolic.certificate()
    assert "half_square" not in STAGES
    with pytest.raises(AttributeError, match="half_square"):
        embedding(1).half_square()
    with pytest.raises(PipelineError, match="'half_square'"):
        read_pipeline("embedding(1) | half_square | flatten")


def _by_hand(token, position, x, y):
    """Attention, K/2 + K^2, residual, mean, in fractions."""
    size = range(len(x))
    k = [[token * (x[a] == y[b]) + position * (a == b) for b in size] for a in size]
    c = sum(e * e for row in k for e in row) / len(x) ** 2
    return sum(e * c / 2 + (e * c) ** 2 + e * c for row in k for e in row) / len(x) ** 2


def test_it_stands_after_softmax_and_after_the_readout():
    with register(HalfSquare):
        kernel = embedding(1).attention("tied", "softmax").half_square().flatten().half_square()
        spectrum = kernel.spectrum(length=3, tokens=uniform(2))
        mean = sum(kernel(x, x) for x in product(range(2), repeat=3)) / 8
        assert abs(float(spectrum.mean_diagonal.midpoint) - float(mean)) < 1e-12
        with pytest.raises(NoClosedForm, match="no polynomial in the match counts"):
            kernel.spectrum(length=L, tokens=uniform(v))


@dataclass(frozen=True)
class Doubled(Stage):
    """2 K, with a rule for sequences alone."""

    name = "doubled"

    def in_sequences(self, algebra, matrix):
        """K + K."""
        return matrix.plus(matrix)


def test_a_stage_without_a_rule_is_told_with_what_exists():
    with register(Doubled):
        kernel = embedding(alpha).doubled().mean_pool()
        assert kernel((0, 1), (0, 0)) == alpha
        with pytest.raises(NoAction, match=r"no rule for it in the algebra of match counts.*values k") as caught:  # fmt: skip
            kernel_polynomial(kernel)
        assert (caught.value.stage, caught.value.algebra) == ("doubled", "match_counts")
        assert caught.value.exist == ("its exact values k(x, y) on given sequences",)
        with pytest.raises(NoAction, match=r"position types.*on given sequences exist"):
            kernel.substitute({alpha: 1}).spectrum(length=2, tokens=uniform(2))
        with pytest.raises(NoClosedForm, match="no formula symbolic in the length"):
            kernel.spectrum(length=L, tokens=uniform(2))


@dataclass(frozen=True)
class Norm(Entrywise):
    """Each position's features divided by their norm: K_ab / sqrt(K_aa(x, x) K_bb(y, y))."""

    name = "norm"
    uses_variances = True

    def entry(self, algebra):
        """The cosine."""
        root = algebra.functions["sqrt"]
        return lambda r, p, q: r / root(p * q)


def test_a_map_that_is_no_polynomial_has_spectra_by_tables():
    with register(Norm):
        kernel = embedding(3, 1).attention("tied", "softmax").norm().at_position("last")
        spectrum = kernel.spectrum(length=3, tokens=uniform(2))
        assert abs(float(spectrum.mean_diagonal.midpoint) - 1) < 1e-12
        with pytest.raises(NoAction, match="norm: its map of the entries is no polynomial"):
            kernel_polynomial(embedding(3, 1).attention().norm().flatten())
        with pytest.raises(NoClosedForm, match="norm: has no exact form in symbols"):
            embedding(alpha).norm().flatten().spectrum(length=2, tokens=uniform(2))


def test_a_stage_that_is_there_is_not_among_what_is_none():
    """Adding a stage that was missing is one file: the hint for those who miss it goes by itself."""
    for word in ("rms_norm", "dropout", "relu"):
        kind = type("Known", (Norm,), {"name": word})
        assert beside(word)
        with register(kind):
            assert beside(word) == ""
            assert str(read_pipeline(f"embedding(1, 1) | {word} | mean_pool").stages[1]) == word


@dataclass(frozen=True)
class Inverse(Entrywise):
    """1/K at every entry."""

    name = "inverse"

    def entry(self, algebra):
        """The map."""
        return lambda r, p, q: 1 / r


@dataclass(frozen=True)
class Doubtful(Entrywise):
    """1/(exp(K) - exp(K/2)^2), which balls cannot tell from 1/0 where they do not see that it is."""

    name = "doubtful"

    def entry(self, algebra):
        """The map."""
        exp = algebra.functions["exp"]
        return lambda r, p, q: 1 / (exp(r) - exp(r / 2) ** 2)


@pytest.mark.parametrize(
    "pipeline",
    [
        "embedding(0) | norm | mean_pool",
        "embedding(0) | mean_pool | norm",
        "embedding(1) | inverse | mean_pool",
        "embedding(1) | at_position(last) | inverse",
        "embedding(1) | inverse | inverse | mean_pool",
        "embedding(1) | doubtful | mean_pool",
        "embedding(1) | attention(tied, softmax) | doubtful | mean_pool",
    ],
)
def test_a_division_by_zero_is_told_by_its_stage(pipeline):
    """In values, where SymPy calculates on, and in spectra."""
    with register(Norm), register(Inverse), register(Doubtful):
        kernel = read_pipeline(pipeline)
        told = r"^(norm|inverse|doubtful): must not divide by zero.*after embedding\([01]\)"
        with pytest.raises(InvalidArgument, match=told):
            kernel((0, 1, 1), (1, 0, 0))
        with pytest.raises(InvalidArgument, match=told):
            kernel.spectrum(length=3, tokens=uniform(2))


def test_register_refuses_names_that_are_taken():
    class Again(HalfSquare):
        name = "spectrum"

    for stage, what in ((Again, "'spectrum' is taken"), (STAGES["mlp"], "'mlp' is taken")):
        with pytest.raises(InvalidArgument, match=what):
            register(stage)
    plainly = register(HalfSquare)
    assert str(embedding(1).half_square()) == "embedding(1) | half_square"
    plainly.undo()
    assert "half_square" not in STAGES


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("attention(softmax)", r"attention\(tied, softmax\)"),
        ("attention(independent, softmax)", r"attention\(tied, softmax\)"),
        ("attention(causal=true)", "permutations of positions"),
        ("causal", r"at_position\(last\)"),
        ("rms_norm", "it is layer_norm"),
        ("ntk", "must stand behind the readout"),
        ("rope", "distance of positions"),
        ("dropout", "leave it out"),
        ("relu", r"mlp\(relu\)"),
    ],
)
def test_what_is_no_stage_says_why_or_what_instead(text, hint):
    with pytest.raises(InvalidArgument, match=hint):
        read_pipeline(f"embedding(1) | {text} | flatten")


def test_the_builder_says_so_too():
    with pytest.raises(AttributeError, match="leave it out"):
        embedding(1).dropout()
    with pytest.raises(InvalidArgument, match="permutations of positions"):
        embedding(1).attention(causal=True)


def test_tokens_of_mean_zero():
    """One-hot tokens minus their mean: the constant is negative as far as the kernel stays one."""
    kernel = embedding(2, 0, -1).attention().mean_pool()
    assert kernel((0, 1), (0, 0)) == 0
    spectrum = kernel.spectrum(length=3, tokens=uniform(2))
    assert all(e > 0 for s in spectrum.sectors for e in s.eigenvalues)
    plain = embedding(2, 0, -1).mean_pool().spectrum(length=L, tokens=uniform(2))
    assert [s.eigenvalues for s in plain.sectors] == [(1 / L,)]
    with pytest.raises(InvalidArgument, match="constant: must be at least"):
        kernel.spectrum(length=3, tokens=uniform(3))
    with pytest.raises(InvalidArgument, match="constant: must be at least -token/v"):
        kernel.spectrum(length=L, tokens=uniform(3))
    pooled = embedding(0, 3, -1).mean_pool()
    assert len(pooled.spectrum(length=3, tokens=uniform(2)).sectors) == 0
