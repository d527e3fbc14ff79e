"""Spectra from strangers: what does not belong together is refused by a typed error, and what is read is never called proved."""

from __future__ import annotations

import copy
import json
import random

import pytest
import sympy as sp

import symkern as sk
from symkern import limits
from symkern.claims import Standing
from symkern.errors import InvalidArgument, InvalidType, SymkernError
from symkern.exact.expansion import expansion_bits
from symkern.kernels import categorical, uniform
from symkern.spectra.storage import read_spectrum

LINEAR = sk.derive("linear-attention")
NUMBERS = sk.derive("linear-attention", 4, uniform(3), alpha=1, beta="1/2")
BALLS = sk.derive("softmax-attention", 3, uniform(2), alpha=1, beta=1)
FEW = sk.derive("linear-attention", 3, categorical(["1/2", "1/3", "1/6"]), alpha=1, beta=1)


def document(spectrum):
    return json.loads(spectrum.to_json())


def first(**changes):
    """A change of the fields of the first sector."""

    def change(found):
        found["sectors"][0].update(changes)

    return change


def block(entry):
    """A change of one entry of the first block."""

    def change(found):
        found["sectors"][0]["block"][0][0] = entry

    return change


def whole(**changes):
    return lambda found: found.update(changes)


def identity(found):
    size = found["sectors"][0]["multiplicity"]
    found["sectors"][0]["block"] = [
        ["1" if i == j else "0" for j in range(size)] for i in range(size)
    ]


def doubled(found):
    found["sectors"].append(copy.deepcopy(found["sectors"][0]))


def scaled(found):
    """Everything twice as large, so that blocks and trace agree with each other and not with the kernel."""
    found["trace"] = f"2*({found['trace']})"
    for sector in found["sectors"]:
        sector["block"] = [[f"2*({e})" for e in row] for row in sector["block"]]


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("spectrum", "change", "message"),
    [
        (LINEAR, whole(trace="17"), "trace: must be the sum of dimension"),
        (LINEAR, whole(trace="1/0"), "trace: a divisor must not be zero"),
        (LINEAR, whole(trace=17), "text: must have a field trace of type str or list"),
        (LINEAR, whole(trace=["0", "1"]), "trace: must be a formula where"),
        (LINEAR, first(dimension="-7"), "dimension: must be 1"),
        (LINEAR, first(dimension="L"), "dimension: must be 1"),
        (LINEAR, first(dimension="alpha"), "dimension: must be 1"),
        (LINEAR, first(dimension="L/X1"), "dimension: must hold the symbols"),
        (LINEAR, identity, "trace: must be the sum of dimension"),
        (NUMBERS, identity, "trace: must be the sum of dimension"),
        (LINEAR, doubled, "sectors: must have labels of their own"),
        (LINEAR, scaled, "trace: must be E k"),
        (NUMBERS, scaled, "trace: must be E k"),
        (FEW, scaled, "trace: must be E k"),
        (LINEAR, first(position_irrep=[1, 2]), "position_irrep: parts must weakly decrease"),
        (LINEAR, first(position_irrep=[0]), "position_irrep: must be positive parts"),
        (LINEAR, first(position_irrep=[True]), "position_irrep: must be a list of type int"),
        (LINEAR, first(position_irrep=[10**4000]), "position_irrep: must be positive parts"),
        (NUMBERS, first(position_irrep=[3]), "position_irrep: must label an irrep of S_4"),
        (NUMBERS, first(token_irrep=[2]), "token_irrep: must label an irrep of S_3"),
        (LINEAR, first(multiplicity=3), "block: must have 3 entries"),
        (LINEAR, first(multiplicity=10**300), "block: must have 1000"),
        (LINEAR, first(multiplicity=True), "multiplicity of type int"),
        (LINEAR, first(multiplicity=0, block=[]), "multiplicity: must be positive"),
        (LINEAR, first(block=[["1"], ["0", "1"]]), "block: must have 2 entries"),
        (LINEAR, first(eigenvalues=["1"]), "eigenvalues: must have 2 entries"),
        (LINEAR, first(samples=None), "samples of type list"),
        (LINEAR, first(leading=[1, 2]), "leading: must be a list of type str or null"),
        (LINEAR, first(valid_for={"L": 0, "v": 1}), "valid_for: must be a size"),
        (NUMBERS, first(valid_for={"L": 9, "v": 3}), "valid_for: must be at most the size 4"),
        (LINEAR, first(standing="certain"), "standing: must be a standing"),
        (LINEAR, first(standing="fitted"), "standing: must be 'fitted' here"),
        (LINEAR, first(regular=1), "regular of type bool"),
        (LINEAR, first(extra=1), "must have no field but"),
        (LINEAR, whole(sectors=[None]), "sectors: must be a list of type dict"),
        (LINEAR, whole(group="S_9"), "group: must be 'S_L'"),
        (LINEAR, whole(length="v"), "length: must be a positive integer"),
        (LINEAR, whole(length=-3), "length: must be at least 1"),
        (LINEAR, whole(length=True), "length of type int or str"),
        (FEW, whole(vocabulary=5), "vocabulary: must be 3"),
        (LINEAR, whole(kernel="embedding(1)"), "kernel: must end in a readout"),
        (LINEAR, whole(parameters={"alpha": "beta", "beta": "beta"}), "parameters: must leave"),
        (LINEAR, whole(parameters={"gamma": 1}), "parameters: must be formulas"),
        (LINEAR, block(["0", "1e30000000"]), "block: must be a formula where"),
        (BALLS, block(["0", "1e30000000"]), "block: must have ends that are fractions"),
        (BALLS, block(["0", "1/0"]), "block: must have ends that are fractions"),
        (BALLS, block(["1", "0"]), "block: must be two ends, the lower one first"),
        (BALLS, block(["0", "9" * 9000]), "block: must have ends that are fractions"),
        (BALLS, block(["0"]), "block: must have 2 entries"),
        (BALLS, block("exp(1)"), "sectors: must hold balls and rational numbers alone"),
        (BALLS, whole(trace="exp(1)"), "sectors: must hold balls"),
        (BALLS, block("1"), "trace: must be the sum of dimension"),
        (BALLS, whole(trace=["17", "18"]), "trace: must be the sum of dimension"),
        (LINEAR, block(["0", "1"]), "block: must be a formula where"),
        (LINEAR, block("(" * 5000 + "1" + ")" * 5000), "block: parentheses, signs and powers nest"),
        (LINEAR, block("((L + 1)^1000)^1000"), "block: must have at most"),
        (LINEAR, block("(L + v + alpha + beta)^1000"), "block: must have at most"),
        (LINEAR, block("1/(L + v + alpha)^300 + 1/(L + 2*v + beta)^300"), "block: must have at most"),
        (LINEAR, block("exp(10^300*alpha) + exp(alpha)"), "block: must have exponentials"),
        (LINEAR, block("+".join(f"1/(L+v+{i})" for i in range(1, 60))), "trace: must be the sum of dimension"),
        (LINEAR, block("+".join(f"1/(L+{i})" for i in range(1, 2000))), "block: must have at most"),
        (LINEAR, whole(kernel="embedding(alpha, beta) | " + "mlp(x^1000) | " * 90 + "flatten", trace="17"), "trace: must be the sum"),
        (LINEAR, block("9^9^9"), "block: an exponent is"),
        (LINEAR, block("X1"), "block: must hold the symbols of kernel and sizes, L, alpha, beta, v"),
        (LINEAR, block("__import__('os').getpid()"), "block: a formula holds"),
        (LINEAR, block(1), "block: must be a list of type str or list"),
        (LINEAR, block("sqrt(L)"), "value: must be a rational function"),
    ],
)  # fmt: skip
def test_what_does_not_belong_together_is_refused(spectrum, change, message) -> None:
    found = document(spectrum)
    change(found)
    with pytest.raises(InvalidArgument) as refused:
        read_spectrum(json.dumps(found))
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000 + "]" * 100_000, "it nests too deep"),
        ('{"schema": 1, "sectors": ' + "[" * 100_000 + "]" * 100_000 + "}", "it nests too deep"),
        ('{"schema": 1e400}', "1e400 is no exact number"),
        ('{"schema": 1, "trace": NaN}', "is no exact number"),
        ('{"schema": 1, "length": ' + "9" * 5000 + "}", "must be the JSON of a spectrum"),
        ('{"schema": 1, "schema": 1}', "the name 'schema' occurs twice"),
        ('{"schema": true}', "must be of schema 1"),
        ("\ufeff{}", "must be the JSON of a spectrum"),
        ('"schema"', "it is of type str"),
    ],
)
def test_what_is_no_document_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidArgument, match=r"^text: must") as refused:
        read_spectrum(text)
    assert message in str(refused.value)


def test_files_that_cannot_be_read(tmp_path) -> None:
    path = tmp_path / "a.json"
    with pytest.raises(InvalidArgument, match="path: must be a file that can be read"):
        sk.Spectrum.load(path)
    with pytest.raises(InvalidArgument, match="path: must be a file that can be read"):
        sk.Spectrum.load(tmp_path)
    with pytest.raises(InvalidType, match="path: must be a string or a PathLike"):
        sk.Spectrum.load(None)
    path.write_bytes(b"\xff\xfe{}")
    with pytest.raises(InvalidArgument, match="text: must be the JSON"):
        sk.Spectrum.load(path)
    NUMBERS.save(path)
    with limits.changed(document_bytes=1000), pytest.raises(InvalidArgument, match="at most 1000"):
        sk.Spectrum.load(path)
    assert sk.Spectrum.load(path) == NUMBERS


def test_random_damage_is_refused_or_said_to_be_read() -> None:
    """Flipped bits, cuts and texts in the wrong places: nothing but typed errors, and nothing is proved by a file."""
    text, rng = NUMBERS.to_json(None), random.Random(0)
    pieces = ['"', "0", "1e9", "-", "L", "null", "[]", "{}", "/0", "^999", "(", ",", "true"]
    refused = 0
    for _ in range(250):
        at = rng.randrange(len(text))
        other = rng.choice(
            [
                text[:at] + chr(ord(text[at]) ^ 1 << rng.randrange(7)) + text[at + 1 :],
                text[:at],
                text[:at] + rng.choice(pieces) + text[at + rng.randrange(3) :],
            ]
        )
        try:
            found = read_spectrum(other)
        except SymkernError:
            refused += 1
        else:
            assert found.standing is Standing.READ and found.check_trace()
    assert refused > 150


@pytest.mark.parametrize("spectrum", [LINEAR, NUMBERS, BALLS, FEW], ids=["L", "4", "softmax", "p"])
def test_what_was_read_says_so_and_equals_what_was_saved(spectrum) -> None:
    again = read_spectrum(spectrum.to_json())
    assert again == spectrum and hash(again.sectors) == hash(spectrum.sectors)
    assert again.to_json() == spectrum.to_json()
    assert again.standing is Standing.READ and spectrum.standing is Standing.PROVED
    assert {s.standing for s in again} == {Standing.READ}
    assert "read from a file" in again.text() and "read from a file" not in spectrum.text()
    label = spectrum.sectors[0].position_irrep, spectrum.sectors[0].token_irrep
    assert again.sector(*label) == spectrum.sector(*label)
    twice = read_spectrum(again.to_json())
    assert twice == spectrum and twice.standing is Standing.READ


def test_laws_of_a_spectrum_that_was_read_are_not_proved() -> None:
    again = read_spectrum(LINEAR.to_json())
    assert "read, not proved" in str(again.scaling_law((1,)))
    assert again.sector((3,), (3,)).standing is Standing.READ  # not listed, so said to be zero
    assert again.evaluate(length=4, vocabulary=3, alpha=1, beta=1).standing is Standing.PROVED
    recorded = [Standing.SAMPLED, Standing.READ, Standing.READ]
    found = [sk.Sector(s.position_irrep, s.token_irrep, s.dimension, s.block, s.valid_for, t)
             for s, t in zip(LINEAR.sectors, recorded, strict=False)]  # fmt: skip
    assert found[0] != LINEAR.sectors[0] and found[0].recorded is Standing.SAMPLED


def test_a_sampled_spectrum_says_both_when_it_is_read() -> None:
    found = document(NUMBERS)
    for part in (found, *found["sectors"]):
        part["standing"] = "sampled"
    text = read_spectrum(json.dumps(found)).text()
    assert "symmetry not proved" in text and "read from a file" in text


def test_bounds_of_what_an_expansion_holds() -> None:
    """At least what SymPy finds when it expands."""
    rng = random.Random(1)
    symbols = [sk.abc.L, sk.abc.v, sk.abc.alpha]
    for _ in range(8):
        factors = [
            sum((rng.randint(1, 9) * t ** rng.randint(0, 2) for t in symbols), rng.randint(1, 5))
            for _ in range(3)
        ]
        formula = (
            factors[0] ** rng.randint(1, 4) / factors[1]
            + factors[2] ** -2
            + sp.Rational(1, rng.randint(1, 9))
        )
        bits = 0
        for p in sp.fraction(sp.cancel(formula)):
            bits += sum(int(c).bit_length() for c in sp.Poly(p, *symbols).coeffs())
        assert expansion_bits(formula) >= bits
