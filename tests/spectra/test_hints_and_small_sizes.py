"""What a refusal suggests works, sizes below thresholds have their true values, and what was read back knows its functions."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

import symkern as sk
from symkern.abc import L, v
from symkern.claims.derivation import Standing
from symkern.errors import NoClosedForm
from symkern.kernels import (
    Spectrum,
    derive,
    distinct,
    embedding,
    exchangeable,
    from_function,
    uniform,
)
from tests.cli.running import invoke, printed


@pytest.mark.parametrize("preset", ["softmax-block", "fully-connected"])
def test_the_suggested_options_work(preset):
    refused = invoke("derive", preset)
    assert refused.exit_code == 2
    options = re.search(r"for example (--length.*)$", refused.output.strip(), re.DOTALL)[1].split()
    options[options.index("--length") + 1] = "4"  # as it says, but smaller
    assert "trace" in printed("derive", preset, *options)


def test_relu_never_promises_symbols():
    with pytest.raises(
        NoClosedForm, match=r"mlp\(relu\): has no exact form in symbols; give alpha"
    ):
        derive("fully-connected", length=8, tokens=uniform(3))


def test_the_suggested_law_for_distinct_tokens_works():
    with pytest.raises(NoClosedForm, match=r"tokens=exchangeable\(\{\(1, 1, 1\): 1\}\)"):
        derive("softmax-attention", length=3, tokens=distinct(), alpha=1, beta=1)
    law = exchangeable({(1, 1, 1): 1})
    spec = derive("softmax-attention", length=3, tokens=law, alpha=1, beta=1)
    assert spec.rank() == 1  # rows sum to one: the pooled kernel is constant there


def test_irrational_hyperparameters_of_polynomial_kernels():
    kernel = embedding("exp(1)", "sqrt(2)").attention().mean_pool()
    spec = kernel.spectrum(3, uniform(2))
    near = embedding(sk.abc.parse("2.718281828459045"), sk.abc.parse("1.4142135623730951"))
    other = near.attention().mean_pool().spectrum(3, uniform(2))
    for sector in spec:
        same = other.sector(sector.position_irrep, sector.token_irrep)
        values = [sorted(map(float, s.eigenvalues)) for s in (sector, same)]
        assert np.allclose(*values, rtol=1e-12)
    with pytest.raises(NoClosedForm, match="numbers that are not rational"):
        kernel.spectrum(L, uniform(v))


def test_floats_at_small_lengths_are_those_of_the_true_spectrum():
    spec = derive("linear-attention", alpha=1, beta=1)
    lengths = [1, 2, 10]
    found = spec.floats(lengths, vocabulary=2)
    for row, length in enumerate(lengths):
        there = spec.evaluate(length=length, vocabulary=2)
        for sector in spec:
            values = found[sector.position_irrep, sector.token_irrep][row]
            expected = [
                float(e)
                for s in there
                if (s.position_irrep, s.token_irrep) == (sector.position_irrep, sector.token_irrep)
                for e in s.eigenvalues
            ]
            known = values[~np.isnan(values)]
            assert np.allclose(known, sorted(expected, reverse=True))
    assert np.isnan(found[sk.Partition(1), sk.Partition(1)][0]).all()


@pytest.mark.parametrize(
    ("preset", "settings"),
    [
        ("linear-attention", {"tokens": uniform(v), "alpha": 1, "beta": 1}),
        ("linear-attention", {"tokens": uniform(2), "length": 3, "alpha": 1, "beta": "1/2"}),
        ("softmax-attention", {"tokens": uniform(2), "length": 3, "alpha": 1, "beta": 1}),
        ("flatten", {"tokens": distinct(), "alpha": 1, "beta": 1}),
    ],
)
def test_a_spectrum_that_was_saved_knows_its_functions(tmp_path, preset, settings):
    spec = derive(preset, **settings)
    spec.save(tmp_path / "spectrum.json")
    again = Spectrum.load(tmp_path / "spectrum.json")
    for sector, same in zip(spec, again, strict=True):
        for phi, psi in zip(sector.basis(), same.basis(), strict=True):
            sizes = {} if isinstance(spec.length, int) else {"vocabulary": 5}
            x = (0, 1, 2) if isinstance(settings["tokens"], type(distinct())) else (0, 1, 0)
            sizes = {} if "length" in settings or x == (0, 1, 2) else sizes
            assert float(phi(x, **sizes)) == pytest.approx(float(psi(x, **sizes)))


def test_an_altered_block_has_no_functions(tmp_path):
    """Altered off the diagonal, where no trace tells it."""
    spec = derive("linear-attention", tokens=uniform(2), length=3, alpha=1, beta=1)
    document = spec.to_dict()
    document["sectors"][0]["block"][0][1] = "7/9"
    (tmp_path / "altered.json").write_text(json.dumps(document))
    again = Spectrum.load(tmp_path / "altered.json")
    with pytest.raises(sk.errors.InvalidArgument, match="must have the blocks that its pipeline"):
        again.sectors[0].basis()


def test_a_spectrum_without_sectors_keeps_its_standing():
    """Asymmetric at one pair in a million, which random pairs do not meet."""
    first, second = (0, 1) * 5, (1, 0) * 5
    kernel = from_function(lambda x, y: int(x == first and y == second))
    spec = kernel.spectrum(10, uniform(2))
    assert not spec.sectors and spec.standing is Standing.SAMPLED
    assert "symmetry not proved" in spec.text() and spec.to_dict()["standing"] == "sampled"


@pytest.mark.parametrize(
    ("token", "activation"),
    [("10^20", "x^100"), pytest.param(1, "x^900", marks=pytest.mark.wide)],
)
def test_numbers_of_thousands_of_digits_are_written(token, activation):
    spec = embedding(token).mean_pool().mlp(activation).spectrum(3, uniform(2))
    # More digits than Python writes of one integer.
    assert max(map(len, re.findall(r"\d+", spec.to_json()))) > 4300
    assert (
        "digits" in spec.text()
        and "inf" not in spec.text()
        and max(map(len, spec.text().splitlines())) <= 80
    )
    assert len(spec.to_json()) > 4300 and len(spec.latex(full=True)) > 4300
