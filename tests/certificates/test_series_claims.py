"""Series in 1/L as certificates: what the lone checker confirms, and that it refutes one altered digit, power or label anywhere."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from itertools import product
from math import prod
from typing import Any

import pytest

from symkern.abc import L, alpha, beta, v
from symkern.certificates import check, series
from symkern.certificates.checker.claimed_kernel import Kernel as ClaimedKernel
from symkern.certificates.checker.gauss_nodes import BinomialRule, symmetric_eigenvalues
from symkern.certificates.checker.intervals import Interval
from symkern.certificates.checker.letter_pairs import PairedLetters
from symkern.certificates.checker.many_decimals import arcsine_of, decimal_of, exponential_of
from symkern.certificates.checker.recursion import kernel_value
from symkern.certificates.checker.residues import Chance
from symkern.certificates.checker.series_check import stages_with_decimals
from symkern.certificates.checker.setting import Setting
from symkern.errors import NoClosedForm
from symkern.exact.many_digits import many_digits
from symkern.kernels import Kernel, categorical, derive, embedding, mixture, read_pipeline, uniform

TWO = uniform(2)
SKEW = categorical(["2/3", "1/3"])


def softmax(a: Any = 1, b: Any = 1) -> Any:
    return embedding(a, b).attention("tied", "softmax")


KERNELS: dict[str, tuple[Kernel, Any]] = {
    "mean pool, letters unlike": (softmax().mean_pool(), SKEW),
    "flatten, symbols": (softmax(alpha, beta).flatten(), TWO),
    "last": (softmax("1/2").at_position("last"), SKEW),
    "two layers": (softmax().attention("tied", "softmax").mean_pool(), TWO),
    "a mixture": (softmax().mean_pool(), mixture([("1/3", SKEW), ("2/3", TWO)])),
    "fully connected": (embedding(1).flatten().mlp("relu"), TWO),
}
LONGER = {
    "erf": (softmax().residual().mlp("erf").flatten(), TWO),
    "layer norm": (softmax().residual().layer_norm().mean_pool(), TWO),
    "relu": (softmax().residual().mlp("relu").mean_pool(), TWO),
    "gelu, trained": (softmax().residual().mlp("gelu").mean_pool().ntk(), TWO),
}


@cache
def claimed(name: str) -> str:
    kernel, law = {**KERNELS, **LONGER}[name]
    return json.dumps(kernel.spectrum(length=L, tokens=law).certificate())


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", [*KERNELS, *(pytest.param(n, marks=pytest.mark.wide) for n in LONGER)])  # fmt: skip
def test_series_are_confirmed_branch_by_branch(name: str) -> None:
    report = check(claimed(name))
    assert report.status == 0, str(report)
    branches = sum(len(s["series"]) for s in json.loads(claimed(name))["sectors"])
    assert f"{branches} branches" in report.table[0][1] and "not proved" in dict(report.table)


# -- one change anywhere -----------------------------------------------------------------------


def alterations(claim: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Claims with one coefficient, power, order or label changed to what is false."""
    for i, sector in enumerate(claim["sectors"]):
        for j, found in enumerate(sector["series"]):
            path = ("sectors", i, "series", j)
            for t, (power, coefficient) in enumerate(found["terms"]):
                for text in altered_numbers(coefficient):
                    yield f"{path} term {t}", put(claim, (*path, "terms", t, 1), text)
                below = str(Fraction(power) - Fraction(1, 4 if t + 1 == len(found["terms"]) else 8))
                yield f"{path} power {t}", put(claim, (*path, "terms", t, 0), below)
                yield f"{path} power {t}", put(claim, (*path, "terms", t, 0), str(Fraction(power) + Fraction(1, 2)))  # fmt: skip
            if len(found["terms"]) > 1:
                yield f"{path} one term less", put(claim, (*path, "terms"), found["terms"][:1])
        if sector["series"]:
            yield f"{i} one branch less", put(claim, ("sectors", i, "series"), sector["series"][1:])
            yield f"{i} twice", put(claim, ("sectors", i, "series"), [*sector["series"], sector["series"][0]])  # fmt: skip
        yield f"{i} dimension", put(claim, ("sectors", i, "dimension"), f"{sector['dimension']} + 1")  # fmt: skip
        yield f"{i} mu", put(claim, ("sectors", i, "position_irrep"), [sum(sector["position_irrep"]) + 1])  # fmt: skip
    for t, (_, coefficient) in enumerate(claim["trace"]["terms"]):
        for text in altered_numbers(coefficient):
            yield f"trace {t}", put(claim, ("trace", "terms", t, 1), text)
    first = claim["sectors"][0]
    yield "a sector twice", {**claim, "sectors": [*claim["sectors"], first]}


def altered_numbers(coefficient: Any) -> Iterator[Any]:
    """One digit of a formula; of a decimal the last among others."""
    if isinstance(coefficient, str):
        places = [i for i, c in enumerate(coefficient) if c.isdigit()]
        yield from (change(coefficient, i) for i in random.Random(coefficient).sample(places, min(3, len(places))))  # fmt: skip
        return
    (text,) = coefficient
    digits = [i for i, c in enumerate(text) if c.isdigit()]
    for i in random.Random(text).sample(digits, 3):
        yield [change(text, i)]
    yield [change(text, digits[-1])]


def change(text: str, i: int) -> str:
    return text[:i] + str((int(text[i]) + 1) % 10) + text[i + 1 :]


def put(claim: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    found = copy.deepcopy(claim)
    inner = found
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return found


@pytest.mark.parametrize("name", [*(pytest.param(n, marks=[] if "unlike" in n else pytest.mark.wide) for n in KERNELS)])  # fmt: skip
def test_one_altered_digit_or_power_anywhere_is_not_confirmed(name: str) -> None:
    claim = json.loads(claimed(name))
    verdicts = {}
    for where, wrong in alterations(claim):
        report = check(wrong)
        assert report.verdict != "confirmed", (where, str(report))
        verdicts[where] = report.verdict
    refuted = [where for where, verdict in verdicts.items() if verdict == "refuted"]
    assert len(refuted) > 6, verdicts


@pytest.mark.wide
def test_a_stronger_order_and_fewer_other_eigenvalues_are_refuted() -> None:
    claim = json.loads(claimed("mean pool, letters unlike"))
    for i, sector in enumerate(claim["sectors"]):
        for j, found in enumerate(sector["series"]):
            stronger = put(
                claim, ("sectors", i, "series", j, "error"), str(Fraction(found["error"]) - 1)
            )
            assert check(stronger).verdict == "refuted"
    claim = json.loads(claimed("fully connected"))
    for i, sector in enumerate(claim["sectors"]):
        order = str(Fraction(sector["others"]) - 1)
        report = check(put(claim, ("sectors", i, "others"), order))
        assert report.verdict == "refuted", (i, order, str(report))
    report = check(put(claim, ("sectors", 0, "series"), []))
    assert report.verdict == "refuted" and "another eigenvalue" in str(report)


def test_terms_that_vanish_together_at_one_length_are_refuted() -> None:
    """The length is drawn from the digits of the text."""
    claim = json.loads(claimed("mean pool, letters unlike"))
    terms = claim["sectors"][1]["series"][0]["terms"]
    big = 10**48
    (a, one), (b, two) = terms
    terms[:] = [[a, f"{one} + 1"], [b, f"{two} - {big}"]]
    assert check(claim).verdict == "refuted"


def test_another_kernel_or_law_is_refuted() -> None:
    claim = json.loads(claimed("mean pool, letters unlike"))
    for path, value in (
        (("kernel", 0, 1, "token"), "2"),
        (("kernel", 0, 1, "position"), "1/2"),
        (("kernel", 2), ["flatten", {}]),
        (("kernel", 1, 1, "row_map"), "identity"),
        (("law",), {"kind": "categorical", "probabilities": ["3/5", "2/5"]}),
    ):
        assert check(put(claim, path, value)).verdict == "refuted", path


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("length",), "32", "L is given"),
        (("law",), {"kind": "uniform", "vocabulary": "3"}, "two letters"),
        (("law",), {"kind": "distinct"}, "independent tokens"),
        (("law",), {"kind": "categorical", "probabilities": ["1", "0"]}, "probability 0"),
        (("sectors",), [], "at least 1"),
        (("sectors", 0, "series", 0, "terms"), [], "at least 1"),
        (("sectors", 0, "series", 0, "terms", 0, 0), "1/3", "half power"),
        (("sectors", 0, "series", 0, "terms", 0, 1), ["0.5835"], "fewer than 12 digits"),
        (("sectors", 0, "series", 0, "terms", 0, 1), "L", "depends on L"),
        (("sectors", 0, "series", 0, "error"), "1", "must fall"),
        (("sectors", 0, "series", 0, "error"), None, "never that nothing is"),
        (("sectors", 0, "others"), None, "never that they are 0"),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_is_not_confirmed(path: tuple[Any, ...], value: Any, says: str) -> None:  # fmt: skip
    report = check(put(json.loads(claimed("mean pool, letters unlike")), path, value))
    assert report.verdict == "not checkable" and says in str(report).replace("\n", " "), str(report)


def test_a_whole_spectrum_claims_its_trace() -> None:
    for name in KERNELS:
        assert json.loads(claimed(name))["trace"]["terms"], name


# -- one sector, exact eigenvalues, and refusals -----------------------------------------------


def test_exact_eigenvalues_have_their_expansions_certified() -> None:
    """Two eigenvalues with a square root, of a polynomial kernel: their formulas know nothing of quadrature."""
    spectrum = derive("linear-attention", tokens=TWO, alpha=1, beta=1)
    for mu, kappa in (((), ()), ((1,), (1,)), ((1,), ())):
        claim = series(spectrum, mu, kappa, terms=3)
        assert claim["trace"] is None and check(claim).verdict == "confirmed", (mu, kappa)
        term = claim["sectors"][0]["series"][0]["terms"][-1]
        term[1] = f"{term[1]} + 1/1000000"
        assert check(claim).verdict == "refuted"


def test_one_sector_of_a_spectrum_of_series() -> None:
    kernel, law = KERNELS["mean pool, letters unlike"]
    spectrum = kernel.spectrum(length=L, tokens=law)
    claim = series(spectrum, [1])
    assert [s["position_irrep"] for s in claim["sectors"]] == [[1]]
    assert check(claim).verdict == "confirmed"


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: softmax().mean_pool().spectrum(length=L, tokens=uniform(3)), "two letters"),
        (lambda: softmax().mean_pool().spectrum(length=L, tokens=uniform(v)), "two letters"),
        (lambda: derive("linear-attention"), "two letters"),
        (lambda: softmax().mean_pool().spectrum(length=4, tokens=TWO), "symbol L"),
    ],
)
def test_what_has_no_certificate_is_refused_with_the_reason(make: Any, says: str) -> None:
    with pytest.raises(NoClosedForm, match=says):
        series(make())


# -- the checker's own arithmetic --------------------------------------------------------------


def test_functions_of_many_digits_are_those_of_mpmath() -> None:
    mp = many_digits(120)
    with localcontext() as context:
        context.prec = 120
        for x in ("0.3", "-0.95", "0.9999999999999999999999999999", "1e-30", "0.5000001"):
            for ours, theirs in ((arcsine_of, mp.asin), (exponential_of, mp.exp)):
                near = ours(Decimal(x) + Decimal("1e-28")) if abs(Decimal(x)) < Decimal("0.99") else ours(Decimal(x))  # fmt: skip
                argument = mp.mpf(x) + mp.mpf("1e-28") if abs(float(x)) < 0.99 else mp.mpf(x)
                assert abs(mp.mpf(str(near)) - theirs(argument)) < mp.mpf(10) ** -100


def test_quadrature_has_the_binomial_moments() -> None:
    """E n(n - 1)...(n - j + 1) = M(M - 1)...(M - j + 1) p^j up to the degree 2m - 1, and no further."""
    with localcontext() as context:
        context.prec = 60
        p = decimal_of(Fraction(1, 3))
        for trials in (Decimal(60), Decimal("1e30") + Decimal("0.5")):
            rule = BinomialRule(trials, p, 5).rule()
            for j in range(11):
                found = sum(w * _falling(n, j) for w, n, _ in rule)
                exact = _falling(trials, j) * p**j
                assert (abs(found - exact) < exact * Decimal("1e-20")) == (j < 10 or trials > 99), j


def _falling(n: Decimal, j: int) -> Decimal:
    return prod((n - i for i in range(j)), start=Decimal(1))


def test_eigenvalues_of_graded_matrices_are_found() -> None:
    with localcontext() as context:
        context.prec = 80
        vectors = [[1, 2, 2], [2, 1, -2], [2, -2, 1]]  # orthogonal, of length three
        values = [Decimal(1), Decimal("1e-20"), Decimal("-1e-40")]
        matrix = [
            [sum(x * w[i] * w[j] for x, w in zip(values, vectors, strict=True)) / 9 for j in range(3)]
            for i in range(3)
        ]  # fmt: skip
        found = symmetric_eigenvalues(matrix, Decimal("1e-70"))
        assert all(abs(a - b) < Decimal("1e-65") for a, b in zip(found, sorted(values), strict=True))  # fmt: skip


STAGES = (
    "attention(tied, softmax) | residual | layer_norm",
    "attention(tied, relu) | linear(2, 1/3) | mlp(gelu)",
    "attention(tied, abs, positions_in_values=false) | attention(tied, softmax)",
    "attention | mlp(x^3 + x) | residual(2)",
    "mlp(leaky_relu(1/10)) | attention(tied, softmax)",
    "linear(1, 1) | mlp(sin) | attention | mlp(cos) | mlp(exp)",
    "attention(tied, softmax) | mlp(hermite(3)) | mlp(abs) | residual",
    "mlp(step) | mlp(sign) | attention(tied, softmax) | mlp(erf)",
)
READOUTS = ("mean_pool", "flatten", "at_position(last)", "flatten | ntk", "mean_pool | mlp(erf) | linear(1/2) | ntk")  # fmt: skip


@pytest.mark.sampled(3)
@pytest.mark.parametrize("stages", STAGES)
def test_the_kernel_on_pairs_of_letters_is_the_recursion_on_positions(stages: str) -> None:
    """Two programs of the checker, decimals on kinds of positions and intervals on all of them."""
    rng = random.Random(stages)
    for readout in READOUTS:
        kernel = read_pipeline(f"embedding(1, 1/2, 1/3) | {stages} | {readout}")
        claim = {"kernel": [s.certificate() for s in kernel.stages], "law": {"kind": "uniform", "vocabulary": "2"}, "length": "L"}  # fmt: skip
        setting = Setting(claim, [], Chance("x"))
        alone: ClaimedKernel = setting.kernel
        with localcontext() as context:
            context.prec = 80
            letters = [(rng.randrange(2), rng.randrange(2)) for _ in range(4)]
            moved = letters[: 4 - setting.fixed]
            kinds = [((t, u), Decimal(moved.count((t, u)))) for t, u in product((0, 1), repeat=2)]
            kinds += [(letters[-1], Decimal(1))] * setting.fixed
            found = PairedLetters(
                stages_with_decimals(setting, {}), Decimal(4), setting.fixed
            ).value(kinds)
            exact = Interval.of(kernel_value(alone.bound({}, Interval.of), tuple(letters), Interval.of, alone.alone))  # fmt: skip
        low, high = exact.ends
        assert low - Fraction(1, 10**60) <= Fraction(found) <= high + Fraction(1, 10**60), readout
