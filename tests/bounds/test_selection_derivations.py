"""The derivations of token selection hold, and a wrong formula fails at the step that states it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from symkern.bounds import selection as room
from symkern.bounds.selection.derivations import brute_force, full_head

HOME = "symkern.bounds.selection.derivations."


@pytest.mark.parametrize("name", list(room.derivations))
def test_every_step_holds(name: str) -> None:
    found = room.derivations[name]().check()
    assert found, str(found)


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


@pytest.mark.parametrize("name", list(room.derivations))
def test_pages_compile(name: str, compile_latex: Callable[[str], str]) -> None:
    derivation = room.derivations[name]()
    log = compile_latex(derivation.document())
    assert "Overfull" not in log


def test_a_softmax_of_half_integers_is_refused() -> None:
    with pytest.raises(ArithmeticError, match="must be integers"):
        brute_force.softmax([[brute_force.Fraction(1, 2)]], (1,))
