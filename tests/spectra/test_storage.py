"""Spectra read back from their JSON, under every law; what cannot be read back says why."""

from __future__ import annotations

import json

import pytest

import symkern as sk
from symkern.errors import InvalidArgument
from symkern.exact import AlgebraicNumber, Ball
from symkern.kernels import categorical, embedding, exchangeable, mixture, read_kernel, uniform
from symkern.spectra.storage import read_spectrum

LAWS = [
    uniform(3),
    categorical(["1/2", "1/3", "1/6"]),
    mixture([("1/3", categorical(["1/5", "4/5"])), ("2/3", uniform(2))]),
    exchangeable({(2, 1): "1/2", (0, 3): "1/2"}),
]


def without_note(spectrum):
    """Its summary without the line that says that it was read."""
    lines = spectrum.text().splitlines(keepends=True)
    note = [line for line in lines if line.startswith("note    read from a file")]
    assert len(note) == 1
    return "".join(line for line in lines if line not in note)


@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_every_law_is_read_back(law):
    spectrum = sk.derive("linear-attention", length=3, tokens=law, alpha=1, beta=2)
    again = read_spectrum(spectrum.to_json())
    assert again == spectrum
    assert again.tokens == law
    assert [s.eigenvalues for s in again] == [s.eigenvalues for s in spectrum]


@pytest.mark.parametrize(
    "tokens",
    [
        "zipf(2)",
        "mixture([('1/2', __import__('os'))])",
        "exchangeable({(2, 1): open('x')})",
        "(1).__class__",
        "mixture(" * 200,
        "uniform(2)",
        "mixture([('1/2', uniform(2))], 3)",
    ],
)
def test_nothing_else_is_a_law(tokens):
    document = sk.derive("flatten", length=3, tokens=uniform(2), alpha=1, beta=1).to_dict()
    with pytest.raises(InvalidArgument, match=r"^tokens"):
        read_spectrum(json.dumps({**document, "tokens": tokens}))


def test_a_function_is_not_read_back():
    document = sk.derive("flatten", length=3, tokens=uniform(2), alpha=1, beta=1).to_dict()
    with pytest.raises(InvalidArgument, match="must be a pipeline to be read back"):
        read_spectrum(json.dumps({**document, "kernel": "a function of the contingency table"}))


@pytest.mark.parametrize(
    "kernel",
    [
        embedding("exp(1)", 1).attention().mean_pool(),
        embedding(1, "exp(1) + 1").linear("exp(1)", "exp(-1)").flatten().mlp("exp(1)*x^2 + 1"),
    ],
)
def test_eulers_number_is_read_back(kernel, tmp_path):
    assert read_kernel(str(kernel)) == kernel
    assert eval(repr(kernel), {"embedding": embedding}) == kernel  # noqa: S307
    spectrum = kernel.spectrum(3, uniform(2))
    spectrum.save(tmp_path / "spectrum.json")
    again = sk.Spectrum.load(tmp_path / "spectrum.json")
    assert again == spectrum and without_note(again) == spectrum.text()
    assert again.to_json() == spectrum.to_json()


@pytest.fixture(scope="module")
def large():
    """A spectrum with a rational block of more than sixteen rows, whose eigenvalues are balls."""
    kernel = (embedding(1, "1/2").attention("tied", "relu").attention("tied", "abs").flatten()).mlp(
        "quadratic"
    )
    with sk.limits.changed(algebraic_block=16):
        yield kernel.spectrum(6, categorical(["1/2", "1/3", "1/6"]))


@pytest.mark.wide
def test_balls_of_rational_blocks_are_read_back(large):
    again = read_spectrum(large.to_json())
    assert any(isinstance(e, Ball) for s in again for e in s.eigenvalues)
    assert again.to_json() == large.to_json() and without_note(again) == large.text()
    assert [s.eigenvalues for s in again] == [s.eigenvalues for s in large]


def test_a_file_without_the_metric_is_read(large):
    """As written before it was kept: the eigenvalues are exact roots then, in the same intervals."""
    document = json.loads(large.to_json())
    metrics = [s.pop("metric") for s in document["sectors"] if "metric" in s]
    assert metrics
    again = read_spectrum(json.dumps(document))
    assert again == large
    for sector, other in zip(again, large, strict=True):
        if len(sector.eigenvalues) > 16:
            for e, ball in zip(sector.eigenvalues, other.eigenvalues, strict=True):
                assert not isinstance(e, AlgebraicNumber) or abs(float(e) - float(ball)) < 1e-12


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda m: m[1:], "that of a block"),
        (lambda m: [["L", *m[0][1:]], *m[1:]], "a symbol"),
        (lambda m: [["7/3", *m[0][1:]], *m[1:]], "not self-adjoint"),
        (lambda m: [[f"-({e})" for e in row] for row in m], "positive definite"),
    ],
)
def test_another_metric_is_refused(large, change, found):
    document = json.loads(large.to_json())
    for s in document["sectors"]:
        if "metric" in s:
            s["metric"] = change(s["metric"])
    with pytest.raises(InvalidArgument, match=f"^metric: .*{found}"):
        read_spectrum(json.dumps(document))


def test_a_rank_that_was_proved_on_the_way_is_kept(tmp_path):
    kernel = embedding("13/4", 1).attention().residual().attention("tied", "softmax").mean_pool()
    spectrum = kernel.spectrum(5, uniform(2))
    spectrum.save(tmp_path / "s.json")
    loaded = sk.Spectrum.load(tmp_path / "s.json")
    assert [s.regular for s in loaded] == [s.regular for s in spectrum] and any(
        s.regular for s in loaded
    )
    assert loaded.rank() == spectrum.rank() and loaded.to_json() == spectrum.to_json()


def test_no_file_is_believed_about_the_rank_of_an_exact_block():
    spectrum = sk.derive("linear-attention", 2, uniform(2), alpha=1, beta=0)
    document = json.loads(spectrum.to_json())
    for sector in document["sectors"]:
        assert "regular" not in sector
        sector["regular"] = True
    loaded = read_spectrum(json.dumps(document))
    assert loaded.rank() == spectrum.rank() and not any(s.regular for s in loaded)
