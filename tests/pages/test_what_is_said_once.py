"""Proofs of many sectors say once what is the same for all; nothing that a single derivation states is lost."""

from __future__ import annotations

from symkern.derivations.sector import derivations_of_sectors
from symkern.kernels import derive
from symkern.pages.derivations import Told, derivation_text, latex_after, text_after
from symkern.pages.spectrum_latex import sector_latex
from symkern.pages.theorem import theorem_latex
from symkern.typeset.readable import readable_formula, readable_prose


def joined(text: str) -> str:
    return "".join(text.split())


def test_steps_that_were_told_are_not_told_again_and_none_is_lost():
    proofs = derivations_of_sectors(derive("linear-attention"))
    told, told_in_latex = Told(), Told()
    text = joined("\n".join(text_after(proof, 80, told) for proof in proofs))
    latex = "\n".join(latex_after(proof, told_in_latex) for proof in proofs)
    for step in (step for proof in proofs for step in proof.steps):
        assert joined(readable_formula(step.statement)) in text
        assert joined(readable_prose(step.reason)) in text
        assert step.statement in latex
        assert latex.count(step.reason) == 1
    alone = joined("\n".join(derivation_text(proof, 80) for proof in proofs))
    assert len(text) < 0.6 * len(alone)


def test_the_proof_of_a_theorem_has_one_row_for_each_sector_alike():
    spectrum = derive("linear-attention")
    proof = theorem_latex(spectrum, derivation=True).partition(r"\begin{proof}")[2]
    assert proof.count(r"\emph{Symmetry.}") == 1
    rows = proof.partition(r"\textbf{Blocks of one row.}")[2]
    for sector in spectrum.sectors:
        label = sector_latex(spectrum, sector)
        assert f"${label}$ & " in proof
        assert (f"${label}$ & " in rows) == (sector.multiplicity == 1)
        assert (rf"\textbf{{On ${label}$.}}" in proof) == (sector.multiplicity > 1)


def test_blocks_of_one_row_at_a_given_length_have_no_growth():
    proof = theorem_latex(derive("flatten", length=6), derivation=True)
    assert r"\textbf{Blocks of one row.}" in proof
    assert r"\lambda \sim" not in proof.partition(r"\textbf{Blocks of one row.}")[2]
