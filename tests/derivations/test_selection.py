"""The derivations of token selection hold, and a wrong formula fails at the step that states it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from math import comb
from typing import Any

import numpy as np
import pytest

from symkern.bounds import selection as room
from symkern.certificates.catalogue import CATALOGUE
from symkern.claims.derivation import Derivation
from symkern.derivations.selection import brute_force, full_head
from symkern.limits import current
from tests.effort import calls_at_most

HOME = "symkern.derivations.selection."


@pytest.mark.parametrize("name", list(room.derivations))
def test_every_step_is_checked_in_the_catalogue(name: str) -> None:
    """At its own sizes each of them is checked with the whole catalogue, as the same derivation."""
    assert CATALOGUE[name] is room.derivations[name]


def _off(formula: Callable[..., Any]) -> Callable[..., Any]:
    """The formula with its value (or the first of several) made wrong."""

    def wrong(*arguments: Any) -> Any:
        value = formula(*arguments)
        return (value[0] * 2 + 1, *value[1:]) if isinstance(value, tuple) else value * 2 + 1

    return wrong


@pytest.mark.parametrize(
    ("module", "formula", "step", "sizes"),
    [
        ("first_layer", "moment_eigenvalues", "the second moment of a subset", {"T": [3], "d": [1], "q": [1], "m": [1, 2]}),
        ("first_layer", "fully_connected", "the smallest eigenvalues", {"T": [3], "d": [1], "q": [2], "m": [1, 2]}),
        ("first_layer", "first_layer_loss", "the conditional mean", {"T": [2], "d": [1], "q": [1], "m": [1]}),
        ("first_layer", "least_error", "below d neurons", {"T": [3], "d": [2], "q": [2], "m": [1]}),
        ("reduction", "loss_gradient", "the gradient stays there", {"T": [3], "d": [1], "q": [2], "E": [1]}),
        ("head", "attention_weights", "the weights", {"T": [3], "d": [1], "q": [1], "E": [1]}),
        ("head", "population_loss", "the loss", {"T": [3], "d": [2], "q": [1], "E": [1]}),
        ("head", "loss_gradient", "its gradient", {"T": [3], "d": [2], "q": [1], "E": [1]}),
        ("head", "best_value", "the best value", {"T": [3], "d": [2], "q": [1], "E": [1]}),
    ],
)  # fmt: skip
def test_a_wrong_formula_fails_at_its_step(
    module: str, formula: str, step: str, sizes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = import_module(HOME + module)
    monkeypatch.setattr(home, formula, _off(getattr(home, formula)))
    assert step in {c.step.name for c in home.derivation().check(**sizes).failures}


def test_a_wrong_time_law_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    home = import_module(HOME + "late")
    monkeypatch.setattr(home, "slow_time", lambda *x: 2 * room.slow_time(*x))
    sizes = {"T": [3], "d": [1], "q": [1], "E": [1]}
    assert {c.step.name for c in home.derivation().check(**sizes).failures} == {"the slow flow"}


def test_a_loss_without_the_symmetry_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Score the first position differently: the loss is no longer invariant, and the gradient leaves the span."""
    home = import_module(HOME + "reduction")
    plain = brute_force.softmax

    def lopsided(scores: Any, y: Any) -> Any:
        weights = plain(scores, y)
        return [weights[0] * 2, *weights[1:]]

    monkeypatch.setattr(brute_force, "softmax", lopsided)
    failed = {c.step.name for c in home.derivation().check(T=[3], d=[1], q=[1], E=[1]).failures}
    assert {"symmetry of the loss", "the gradient stays there"} <= failed


def test_the_two_brute_forces_agree() -> None:
    """Fractions base 2 against floating point base e; its gradient against differences of its loss."""
    rng = np.random.default_rng(2)
    scores = rng.integers(-2, 3, size=(4, 4))
    values = rng.integers(-2, 3, size=(2, 2))
    exact = [[brute_force.Fraction(int(x)) for x in row] for row in scores]
    matrix = [[brute_force.Fraction(int(x)) for x in row] for row in values]
    natural, V = scores * np.log(2), values.astype(float)
    assert np.isclose(float(brute_force.head_loss(exact, matrix, 2)), full_head.population_loss_of(natural, V, 2))  # fmt: skip
    by_scores, by_values = full_head.gradients(natural, V, 2)
    slow = brute_force.head_gradient(exact, matrix, 2)
    assert np.allclose(np.array(slow[0], dtype=float), by_scores)
    assert np.allclose(np.array(slow[1], dtype=float), by_values)
    h = 1e-6
    for i, j in ((0, 1), (3, 3)):
        step = np.zeros((4, 4))
        step[i, j] = h
        up, down = (full_head.population_loss_of(natural + x * step, V, 2) for x in (1, -1))
        assert np.isclose((up - down) / (2 * h), by_scores[i, j], atol=1e-8)


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", list(room.derivations))
def test_pages_compile(name: str, compile_latex: Callable[[str], str]) -> None:
    derivation = room.derivations[name]()
    log = compile_latex(derivation.document())
    assert "Overfull" not in log


def test_a_softmax_of_half_integers_is_refused() -> None:
    with pytest.raises(ArithmeticError, match="must be integers"):
        brute_force.softmax([[brute_force.Fraction(1, 2)]], (1,))


def _reachable() -> dict[str, Derivation]:
    """Every derivation that the catalogue or an object of the room gives, by where it comes from."""
    laws = room.late_times()
    gap = room.symmetry_gap()
    longer = room.length_generalisation()
    found = {name: made() for name, made in CATALOGUE.items() if name.startswith("selection-")}
    objects: dict[str, Any] = {
        "bound law": room.fully_connected_law(), "gap": gap, "gap law": gap.law(), "late": laws, "late loss": laws.loss,
        "late excess": laws.excess, "flow": room.flow(4, 1, 1, times=[1.0]), "length": longer, "gain": longer.gain,
        "late at T1": longer.late, "reach": longer.reach,
    }  # fmt: skip
    found |= {name: thing.derivation() for name, thing in objects.items()}
    for made in (room.fully_connected_derivation, room.loss_derivation, room.reduction_derivation):
        found[made.__name__] = made()
    return found


def _distinct() -> list[Derivation]:
    """One of each title: the others are made by the same functions."""
    return list({made.title: made for made in _reachable().values()}.values())


#: Flows are followed and losses summed at every T, at 6 and 7 for seconds.
SLOW = ("selection-late", "selection-loss", "selection-generalisation")


def test_what_is_reachable_is_what_is_named() -> None:
    """So that the checks of the named derivations below are checks of every one that a user can hold."""
    titles = {made().title for made in room.derivations.values()}
    assert {made.title for made in _reachable().values()} == titles


@pytest.mark.sampled(12)
@pytest.mark.parametrize(
    ("name", "most", "more"),
    [
        *((name, 6, {}) for name in room.derivations if name not in SLOW),
        *((name, 5, {"d": [1]}) for name in SLOW),
        *(pytest.param(name, 7, {}, marks=pytest.mark.wide) for name in room.derivations),
    ],
    ids=str,
)
def test_requested_lengths_are_checked_where_they_are_cheap(
    name: str, most: int, more: dict[str, Any]
) -> None:
    """Without much work; T = 4 and 5 at every step that has a T."""
    made = room.derivations[name]()
    with calls_at_most(20_000_000):
        found = made.check(T=range(4, most + 1), **more)
    assert found, str(found)
    for step, results, own in zip(made.steps, found.results, found.own, strict=True):
        if "T" in step.parameters:
            assert not own, step.name
            assert {dict(c.point)["T"] for c in results} >= {4, 5}, step.name


@pytest.mark.wide
def test_other_lengths_too() -> None:
    found = room.derivations["selection-generalisation"]().check(T1=range(4, 8))
    assert found and not any(found.own), str(found)


ABSURD: list[dict[str, Any]] = [
    {"T": [10**9]}, {"T": [10**400]}, {"T": [10**9], "q": [5 * 10**8]}, {"T": [10**5], "q": [10**5 - 1, 10**5]},
    {"d": [10**9]}, {"d": [1000]}, {"q": [10**9]}, {"m": [10**9]}, {"E": [10**9]}, {"T1": [10**9]},
    {"T": [10**9], "d": [10**9], "q": [10**8], "m": [10**9]}, {"T": [14], "q": [7], "d": [2]},
]  # fmt: skip


@pytest.mark.sampled(32)
@pytest.mark.parametrize("asked", ABSURD, ids=str)
@pytest.mark.parametrize("name", list(room.derivations))
def test_sizes_beyond_brute_force_are_skipped(name: str, asked: dict[str, Any]) -> None:
    """What is too big for a step is not begun, and what is left is no failure."""
    made = room.derivations[name]()
    known = {p for step in made.steps for p in step.parameters}
    sizes = {key: values for key, values in asked.items() if key in known}
    with calls_at_most(20_000_000):
        for step in made.steps:
            own = {key: values for key, values in sizes.items() if key in step.parameters}
            if own:
                assert all(c.holds for c in step.check(**own)), step.name


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", ["selection-loss", "selection-reduction"])
def test_scores_of_many_bits_are_skipped(name: str) -> None:
    found = room.derivations[name]().check(E=[-(10**9)])
    text = " ".join(str(found).split())
    assert found and "skipped T = " in text and "E = -1000000000" in text


def test_an_absurd_length_is_reported_as_skipped() -> None:
    for made in _distinct()[::3]:
        found = made.check(T=[10**9]) if made.title != "One attention head at another length" else made.check(T1=[10**9])  # fmt: skip
        assert found, str(found)
        assert "skipped" in str(found)


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("module", "formula", "step"),
    [
        ("first_layer", "first_layer_loss", "the conditional mean"),
        ("first_layer", "fully_connected", "a network that attains it"),
        ("gap", "symmetry_gap", "two parts"),
        ("gap", "symmetry_gap", "separate permutations"),
        ("gap", "symmetry_gap", "simultaneous permutations"),
        ("reduction", "head_loss", "the model and its loss"),
        ("reduction", "_rotation", "symmetry of the loss"),
    ],
)
def test_a_wrong_side_fails_at_requested_lengths(
    module: str, formula: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = import_module(HOME + module)
    right = getattr(home, formula)
    wrong: Callable[..., Any] = _off(right)
    if formula == "symmetry_gap":  # the parts of a longer target
        wrong = lambda T, d, q, **more: right(T + 1, d + 1, q, **more)  # noqa: E731
    if formula == "_rotation":  # no longer orthogonal
        wrong = lambda d: [[2 * x for x in row] for row in right(d)]  # noqa: E731
    monkeypatch.setattr(home, formula, wrong)
    chosen = tuple(s for s in home.derivation().steps if s.name == step)
    found = Derivation("", chosen).check(T=range(4, 8))
    assert {dict(c.point)["T"] for c in found.failures} >= {4, 5}


@pytest.mark.parametrize("signs", [0, 3])
def test_the_work_is_counted_as_it_would_be_done(signs: int) -> None:
    """`beyond` against the count itself, on both sides of what is allowed."""
    most = current().evidence_signs if signs else current().evidence_subsets
    for T in range(1, 22):
        for q in range(1, T + 1):
            for work in (0, 1, 30, 5000):
                whole = max(1, work) * 2**signs * comb(T, q)
                assert brute_force.beyond(T, q, work, signs) == (whole > most)
            pairs = 2**signs * comb(T, q) ** 2
            assert brute_force.beyond(T, q, 1, signs, pairs=True) == (pairs > most)
