"""Work that stays in proportion to what is asked: counted in calls, with the plain way as oracle where there is one."""

from __future__ import annotations

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
    assert ("output" if "such" in arguments[-1] else "plot") in result.stderr


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
