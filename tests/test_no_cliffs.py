"""Work that stays in proportion to what is asked: counted in calls, with the plain way as oracle where there is one."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest
import symfn
import sympy as sp

import symkern as sk
from symkern import limits, representations
from symkern.bounds import sensitivity
from symkern.characters import ClassFunction, littlewood_richardson_coefficient, skew_schur
from symkern.combinatorics import Partition, partition_count, partitions
from symkern.errors import InvalidArgument, TooLarge, TooLong
from symkern.exact import ExactMatrix
from symkern.kernels.algebras.given_sequences import recursion
from symkern.typeset import formula_lines
from tests.cli.running import invoke
from tests.effort import calls_at_most

FORMULA = sk.abc.parse("(L + 1)^20/7")

# -- refusals before work, and other programs' speed ------------------------------------------


def test_a_skew_schur_function_is_one_product_in_a_box() -> None:
    lam, mu = Partition(range(8, 0, -1)), Partition(range(4, 0, -1))
    with calls_at_most(20_000):
        found = skew_schur(lam, mu)
    assert found == dict(symfn.skew_schur(lam, mu)) and len(found) == 338
    with calls_at_most(20_000):
        assert list(skew_schur((1000, 3), (2,)).values()) == [1, 1, 1]


@pytest.mark.parametrize("n", range(7))
def test_skew_schur_functions_by_their_definition(n: int) -> None:
    for lam in partitions(n):
        for mu in (mu for k in range(n + 1) for mu in partitions(k) if lam.contains(mu)):
            plain = {
                nu: littlewood_richardson_coefficient(lam, mu, nu) for nu in partitions(n - mu.size)
            }
            assert skew_schur(lam, mu) == {nu: c for nu, c in plain.items() if c}


def test_partitions_are_counted_without_the_shorter_ones() -> None:
    with calls_at_most(1_000):
        found = partition_count(100_000)
    assert found % 10**9 == 421_098_519 and len(str(found)) == 347
    plain = [1] + [0] * 60
    for part in range(1, 61):
        for m in range(part, 61):
            plain[m] += plain[m - part]
    assert [partition_count(n) for n in range(61)] == plain


def test_class_constants_are_integers() -> None:
    n = 12
    f, g = (ClassFunction.indicator((k, *[1] * (n - k))) for k in (2, 3))
    product, whole = f.convolve(g), ClassFunction(n, lambda mu: Fraction(1, mu.part(0)))
    with calls_at_most(8_000):
        assert f.convolve(g) == product
    # (1 2)(3 4 5) arises from one pair of factors, (1 2 3 4) from four, (1 2)(3) from a 3-cycle through 1 and 2: 2 (n - 2).
    of_a_product = {mu: value for mu, value in product.items() if value}
    order = sp.factorial(n)
    assert of_a_product == {
        (3, 2, *[1] * 7): 1 / order,
        (4, *[1] * 8): 4 / order,
        (2, *[1] * 10): 2 * (n - 2) / order,
    }
    assert whole.convolve(ClassFunction.regular(n)) == whole


@pytest.mark.parametrize("name", ["projector", "projector_float"])
def test_a_projector_that_has_no_room_is_refused_before_its_basis(name: str) -> None:
    module = representations.words(length=20, letters=2)
    with limits.changed(memory=1 << 33), pytest.raises(TooLarge, match="projector"):
        getattr(module, name)((20,))
    assert "places" not in vars(module) and "orbit_labels" not in vars(module)


@pytest.mark.parametrize(
    "arguments",
    [
        ("verify", "--output", "/no/such/place.txt"),
        ("verify", "--plot", "/no/such/place.png"),
        ("verify", "--plot", "place.doc"),
        ("derive", "--certificate", "/no/such/place.json"),
        ("bound", "trace", "2,1", "--output", "/no/such/place.txt"),
    ],
)
def test_a_place_where_nothing_can_be_written_is_refused_first(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def worked(*_: Any, **__: Any) -> None:
        raise AssertionError("work came before the refusal")

    monkeypatch.setattr("symkern.certificates.verification.jobs", worked)
    monkeypatch.setattr("symkern.spectra.deriving.spectrum", worked)
    result = invoke(*arguments)
    assert result.exit_code == 2 and result.stdout == "" and result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"symkern: {arguments[-2].removeprefix('--')}: ")


@pytest.mark.parametrize("name", ["weights", "influences", "profile"])
def test_a_list_for_all_positions_is_refused_where_nobody_reads_it(name: str) -> None:
    ask = getattr(sensitivity, name)
    with calls_at_most(20_000), pytest.raises(InvalidArgument, match="symbol n"):
        ask("parity", 10**9)
    assert ask("parity", 3) == {
        "weights": (0, 0, 0, 1), "influences": (1, 1, 1), "profile": (0, 0, 0, 8),
    }[name]  # fmt: skip


def test_known_degrees_cost_no_others() -> None:
    for f in ("parity", "mean", "first"):
        plain = tuple(sensitivity.weight(f, d, 30) for d in range(31))
        assert sensitivity.weights(f, 30) == plain
    with calls_at_most(2_000):
        assert sensitivity.weights("parity", 10_000)[-1] == 1


def test_weights_in_all_degrees_end_with_a_reason() -> None:
    with limits.changed(seconds=1e-6), pytest.raises(TooLong, match=r"weight\(f, d, n\)"):
        sensitivity.weights("majority", 101)


@pytest.mark.parametrize("width", [0, -3])
def test_lines_without_width_are_refused_before_the_formula_is_written(width: int) -> None:
    with calls_at_most(200), pytest.raises(InvalidArgument, match="width"):
        formula_lines(FORMULA, width=width)


# -- showing costs no more than deriving --------------------------------------------------------

TWO_LAYERS = (
    "embedding(alpha, beta) | attention | attention | residual | mlp(quadratic) | mean_pool"
)


def test_a_summary_writes_no_formula_that_takes_longer_than_deriving(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Products of long polynomials are single calls of flint, so that they are counted by their estimate and not in calls.
    plain, costs = ExactMatrix.characteristic_factors, [0]

    def counted(block: ExactMatrix) -> Any:
        costs.append(block.characteristic_cost())
        return plain(block)

    monkeypatch.setattr(ExactMatrix, "characteristic_factors", counted)
    spectrum = sk.kernels.derive(TWO_LAYERS, vocabulary=2)
    text = spectrum.text(unicode=False)
    assert max(costs) <= limits.current().cheap_polynomial
    assert "whose formulas take longer than all else here: --full" in text
    assert not any("_rows" in vars(s) for s in spectrum.sectors if s.multiplicity > 3)
    # The leading terms are those of the characteristic polynomial, where it can be had in a moment.
    for sector in spectrum.sectors[6:9]:
        with limits.changed(cheap_polynomial=1):
            short = sector.abridged()
        assert short.is_abridged and not sector.is_abridged and not short.is_written
        assert short.exponents == sector.exponents
        for one, two in zip(short.leading, sector.leading, strict=True):
            assert sp.cancel(one - two) == 0


def test_a_notebook_counts_the_terms_of_a_long_trace() -> None:
    spectrum = sk.kernels.derive(TWO_LAYERS, vocabulary=2)
    page = spectrum._repr_html_()
    (count,) = re.findall(r"a formula of ([\d,]+) terms", page)
    assert f"trace   E k(x,x), a formula of {count} terms" in spectrum.text()
    assert len(page) < 40_000


def test_eigenvalues_that_explode_end_with_what_takes_less() -> None:
    spectrum = sk.kernels.derive(TWO_LAYERS, vocabulary=2)
    with limits.changed(seconds=0.05), pytest.raises(TooLong, match="numbers for symbols"):
        _ = spectrum.sectors[0].eigenvalues
    with limits.changed(seconds=0.05), pytest.raises(TooLong, match="full=True"):
        spectrum.text(full=True)


def test_the_bar_goes_on_while_formulas_are_written() -> None:
    from symkern.pages.spectrum import spectrum_text
    from symkern.pages.spectrum_latex import spectrum_latex

    spectrum = sk.kernels.derive("linear-attention")
    for write in (spectrum_text, spectrum_latex):
        seen: list[int] = []

        def progress(items: list[Any], seen: list[int] = seen) -> Any:
            for item in items:
                seen.append(len(items))
                yield item

        assert write(spectrum, progress=progress) == write(spectrum)
        assert seen == [len(spectrum.sectors)] * 2 * len(spectrum.sectors)


def test_equal_functions_have_equal_hashes_and_long_ones_cost_nothing() -> None:
    K = sk.exact.function_field((sk.abc.L, sk.abc.alpha))
    long = (K(sk.abc.L) + K(sk.abc.alpha) + 1) ** 40
    again = K(sk.abc.L) + 1
    assert hash(again + K(sk.abc.alpha)) == hash(K(sk.abc.alpha) + again)
    assert len({long, long * 1, long + 1, long * 2, K.zero}) == 4
    with calls_at_most(60):
        hash(long)


# -- single values of deep kernels ---------------------------------------------------------------


def deep(layers: int, weight: str = "w*w") -> Any:
    return sk.kernels.read_pipeline(
        "embedding(1) | flatten" + f" | linear({weight}) | mlp(relu)" * layers
    )


def test_a_value_shares_what_its_layers_repeat() -> None:
    with calls_at_most(600_000):
        deep(5)((0, 1), (0, 0))
    value = deep(2)((0, 1), (0, 0))
    # Digits by the recursion itself, in which nothing is nested.
    r, p = sp.Rational(1, 2), sp.Integer(1)
    for _ in range(2):
        angle = sp.acos(r / p).n(60)
        r, p = (p * (sp.sin(angle) + (sp.pi - angle) * sp.cos(angle)) / (2 * sp.pi)).n(60), p / 2
    w = sk.abc.parse("w")
    assert abs(value.subs(w, 1).n(30) - r) < sp.Rational(1, 10**25)


def test_equal_entries_are_made_once() -> None:
    kernel = sk.kernels.read_pipeline(
        "embedding(1) | attention(tied, softmax) | mlp(relu) | mean_pool"
    )
    with calls_at_most(310_000):
        kernel((0, 1, 0, 1, 1, 0, 0, 1), (0, 0, 1, 1, 0, 1, 0, 1))


def test_deep_polynomials_have_values_without_being_expanded() -> None:
    for layers in (2, 3):
        kernel = sk.kernels.read_pipeline(
            "embedding(1, 2)" + " | attention" * layers + " | mean_pool"
        )
        stages, pair = kernel.stages, ((0, 1, 1), (0, 0, 1))
        assert recursion(stages, *pair) == kernel(*pair)
    kernel = sk.kernels.read_pipeline("embedding(1, 1)" + " | attention" * 8 + " | mean_pool")
    with calls_at_most(100_000):
        assert kernel((0, 1), (0, 0)).is_Rational


def test_values_that_no_machine_writes_are_refused_before_work() -> None:
    kernel = sk.kernels.read_pipeline("embedding(1, 1)" + " | attention" * 500 + " | mean_pool")
    with calls_at_most(300_000), pytest.raises(TooLong, match="fewer layers"):
        kernel((0, 1), (0, 0))
    with limits.changed(seconds=1e-6), pytest.raises(TooLong, match="spectrum"):
        deep(3)((0, 1), (0, 0))
