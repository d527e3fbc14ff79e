"""Results as they are handed on: ranks that are proved, sizes that agree, formulas that are read back."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
import sympy as sp

import symkern as sk
from symkern.abc import L, parse, v
from symkern.errors import FormulaError, InvalidArgument, NoClosedForm
from symkern.kernels import categorical, distinct, from_function, uniform
from symkern.spectra.storage import read_spectrum

PIPELINE = "embedding(1, %s) | attention(tied, softmax) | flatten"
#: The position's variance is zero, which no ball and no normal form tells: a root of four terms.
HIDDEN_ZERO = PIPELINE % (
    "sqrt(2) + sqrt(3) + sqrt(5) - sqrt(10 + 2*sqrt(6) + 2*sqrt(10) + 2*sqrt(15))"
)


def floats_of_matches(length=3):
    """A kernel of rank 6 on words of two letters, whose floats leave residues of rounding."""
    return from_function(
        lambda x, y: 0.1 * sum(a == b for a, b in zip(x, y, strict=True)) + 0.3
    ).spectrum(length=length, tokens=uniform(2))


def test_a_ball_around_zero_is_not_counted():
    spectrum = sk.derive(HIDDEN_ZERO, length=3, tokens=uniform(2))
    with pytest.raises(NoClosedForm, match="at least 4 and at most 7, since for 3 of"):
        spectrum.rank()


def test_a_zero_by_a_root_in_a_root_is_seen():
    seen = sk.derive(
        PIPELINE % "sqrt(2) + sqrt(3) - sqrt(5 + 2*sqrt(6))", length=3, tokens=uniform(2)
    )
    assert seen.rank() == sk.derive(PIPELINE % "0", length=3, tokens=uniform(2)).rank() == 4


def test_balls_away_from_zero_are_counted():
    softmax = sk.derive("softmax-attention", length=3, tokens=uniform(2), alpha="1/2", beta="1/3")
    kernel = np.array([[float(e) for e in s.eigenvalues] for s in softmax if s.multiplicity == 1])
    assert softmax.rank() == sum(s.dimension * s.multiplicity for s in softmax)
    assert (kernel > 0).all()


def test_the_rank_of_an_exact_block_decides():
    # The spectra of blocks without written roots: rank by elimination against that at a point.
    spectrum = sk.derive("linear-attention-2", length=4, tokens=uniform(2))
    at = spectrum.evaluate(alpha=2, beta=3)
    assert spectrum.rank() == at.rank()
    dense = at.rank()
    zeros = sum(sector.dimension * sum(value == 0 for value in sector.eigenvalues) for sector in at)
    assert dense == sum(s.dimension * s.multiplicity for s in at) - zeros


def test_elimination_against_sympy():
    from symkern.exact import ExactMatrix
    from symkern.sectors.coordinates import reduced_rows
    from symkern.spectra.ranking import _exact_ranks

    a, b = sp.symbols("alpha beta", positive=True)
    rows = [[a, a * b, 1, a], [1, b, 1 / a, 1], [b, a, a + b, b], [0, a - b**2, 0, 0]]
    for entries in (rows, [[0, 0], [0, a]], [[a - 1009, 0], [0, 1]]):  # the last zero at one point
        matrix = ExactMatrix.from_rows(entries)
        rank = sp.Matrix(entries).rank()
        assert len(reduced_rows(list(matrix), matrix.field)[1]) == rank
        assert _exact_ranks(matrix) == (rank, rank)


def test_residues_of_floats_are_left_open():
    spectrum = floats_of_matches()
    numbers = [float(value) for s in spectrum for value in s.eigenvalues]
    residues = [e for e in numbers if 0 < abs(e) < 1e-12]
    if residues:
        with pytest.raises(NoClosedForm, match="at least 4 and at most"):
            spectrum.rank()
    else:
        assert spectrum.rank() == 4


def test_sizes_of_the_spectrum_are_not_overwritten():
    at = sk.derive("linear-attention", length=4, tokens=uniform(3), alpha=1, beta=1)
    right = at.floats([4], vocabulary=3)
    assert all(
        np.allclose(right[key], value) for key, value in at.floats([4]).items()
    ) and len(right) == len(at.sectors)  # fmt: skip
    with pytest.raises(InvalidArgument, match=r"lengths\[1\]: is 4 in this spectrum, but it is 5"):
        at.floats([4, 5])
    with pytest.raises(InvalidArgument, match="vocabulary: is 3 in this spectrum, but it is 4"):
        at.floats([4], vocabulary=4)
    free = sk.derive("linear-attention", alpha=1, beta=1)
    with pytest.raises(InvalidArgument, match=r"lengths\[0\]: must be a number"):
        free.floats([L], vocabulary=3)
    with pytest.raises(InvalidArgument, match="vocabulary: must be a number"):
        free.floats([4], vocabulary=v)
    at = free.evaluate(length=4, vocabulary=5)
    for key, value in free.floats([4], vocabulary=5).items():
        assert np.allclose(value, at.floats([4])[key])
    apart = sk.derive("linear-attention", tokens=distinct(), alpha=1, beta=1)
    with pytest.raises(InvalidArgument, match="vocabulary: is set by the law"):
        apart.floats([4], vocabulary=3)
    weighted = sk.derive("flatten", tokens=categorical(["1/2", "1/3", "1/6"]), alpha=1, beta=1)
    with pytest.raises(InvalidArgument, match="vocabulary: is 3 in this spectrum"):
        weighted.floats([4], vocabulary=2)


def formulas(document):
    """Every formula of a document of a spectrum."""
    yield document["trace"]
    for sector in document["sectors"]:
        yield from (e for row in sector["block"] for e in row)
        for name in ("eigenvalues", "minimal_polynomials", "samples", "leading"):
            yield from (e for e in sector[name] if e is not None)


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "settings", [{"alpha": 1}, {"beta": 1}, {}, {"alpha": "1/2"}, {"alpha": 2}, {"beta": "2/3"}]
)
def test_exponentials_are_read_back(settings):
    spectrum = sk.derive("softmax-attention", length=3, tokens=uniform(2), **settings)
    for text in formulas(spectrum.to_dict()):
        parse(text)
    again = read_spectrum(spectrum.to_json())
    assert again.to_json() == spectrum.to_json()
    assert [s.block for s in again] == [s.block for s in spectrum]
    assert again.check_trace()
    assert json.loads(spectrum.to_json())["kernel"] == str(spectrum.kernel)


def test_eulers_number_has_a_hint():
    with pytest.raises(FormulaError, match=r"'E' \(Euler's number is exp\(1\)\) stands"):
        parse("2*E")
    with pytest.raises(FormulaError, match="'F' stands"):
        parse("2*F")
    assert parse("exp(1)") is sp.E


def verdicts(first, second):
    """{(mu, kappa): verdict}."""
    return {
        (tuple(row.position_irrep), tuple(row.token_irrep)): row.verdict
        for row in sk.kernels.compare(first, second)
    }


def at_four(name, **settings):
    return sk.derive(name, length=4, tokens=uniform(2), **settings)


def test_numbers_are_compared_by_their_ends():
    softmax = at_four("softmax-attention", alpha="1/2", beta="1/3")
    bag = at_four("bag-of-tokens", alpha="1/2")
    linear = at_four("linear-attention", alpha="1/2", beta="1/3")
    assert verdicts(softmax, bag) == {((), ()): "first", ((), (1,)): "first", ((1,), ()): "first"}
    assert verdicts(softmax, linear) == {
        ((), ()): "first",
        ((), (1,)): "first",
        ((1,), ()): "second",
        ((1,), (1,)): "second",
    }
    assert set(verdicts(softmax, softmax).values()) == {"equal"} or set(
        verdicts(softmax, softmax).values()
    ) == {"undecided"}
    text = str(sk.kernels.compare(softmax, linear))
    assert "3.000 σ²" in text and "no formula" not in text and " ~ " not in text


def test_verdicts_between_numbers_are_those_of_the_floats():
    names = ["linear-attention-2", "linear-attention", "flatten"]
    spectra = [at_four(name, alpha="1/2", beta="1/3") for name in names]
    for first in spectra:
        for second in spectra:
            for row in sk.kernels.compare(first, second):
                assert row.crossing is None
                if None in row.laws:
                    continue
                values = [
                    max(float(e) for e in s.sector(row.position_irrep, row.token_irrep).eigenvalues)
                    for s in (first, second)
                ]
                if abs(values[0] - values[1]) > 1e-9 * values[0]:
                    assert row.verdict == ("first" if values[0] > values[1] else "second")
                else:
                    assert row.verdict == "equal"


def test_order_of_numbers_of_every_kind():
    from symkern.exact import AlgebraicNumber, Ball, Branch, branches, function_field
    from symkern.exact.algebraic import real_roots
    from symkern.learning.crossing import number_order

    q = function_field(())

    def roots(*coefficients):
        return branches([[q(c) for c in coefficients]], q)

    plastic = roots(-1, -1, 0, 1)[0]  # 1.3247..., degree three
    golden, conjugate = roots(-1, -1, 1)
    half = roots(sp.Rational(-1, 2), 1)[0]
    assert isinstance(plastic.value, AlgebraicNumber)
    assert plastic.value == real_roots((-1, -1, 0, 1))[0]
    ball = Branch((), 0, Ball("1.3", "1/100"))
    wide = Branch((), 0, Ball("1.3", "1/10"))
    zero = Branch((), 0, Ball(0, "1e-30"))
    ascending = [conjugate, zero, half, ball, plastic, golden]
    for i, a in enumerate(ascending):
        for j, b in enumerate(ascending):
            if i != j:
                assert number_order(a, b) == (1 if i > j else -1)
            elif isinstance(a.value, Ball):
                assert number_order(a, b) is None
            else:
                assert number_order(a, b) == 0
    assert number_order(wide, plastic) is number_order(plastic, wide) is None
    assert number_order(wide, half) == 1


def test_what_cannot_be_decided_is_not_a_verdict():
    hidden = sk.derive(HIDDEN_ZERO, length=3, tokens=uniform(2))
    other = sk.derive(
        HIDDEN_ZERO.replace("embedding(1,", "embedding(2,"), length=3, tokens=uniform(2)
    )
    assert verdicts(hidden, other)[(1,), ()] == "undecided"
    assert set(verdicts(hidden, hidden).values()) == {
        "equal"
    }  # one kernel, whatever its values are
    free = at_four(
        "softmax-attention", alpha=1
    )  # roots with symbols, of degree above two or written
    assert set(verdicts(free, at_four("linear-attention"))) == set(
        verdicts(at_four("linear-attention"), free)
    )


def test_csv_has_digits_for_balls():
    from click.testing import CliRunner

    from symkern.cli import command

    sizes = ["--length", "3", "--vocabulary", "2", "--format", "csv"]
    lines = CliRunner().invoke(command, ["derive", HIDDEN_ZERO, *sizes]).output.splitlines()
    assert "0.50000000000" in lines[1] and "*sigma2" in lines[1]
    assert re.search(r"\|\.\| <= \de-\d\d,,,,,", lines[2])
    number = lines[1].split(",")
    assert abs(float(number[4]) * float(number[8].removesuffix("*sigma2")) - 1) < 1e-10


def test_tables_say_what_is_open():
    text = sk.derive(HIDDEN_ZERO, length=3, tokens=uniform(2)).text()
    assert re.search(r"0 or below \de-\d\d\s", text)
    rows = [line for line in text.splitlines() if "0 or below" in line]
    assert len(rows) == 2 and not any("sigma2" in line for line in rows)
    for line in floats_of_matches().text().splitlines():
        assert "^" not in line
