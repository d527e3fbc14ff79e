r"""The derivation of the time at which gradient flow learns an eigenvalue: the steps to the eigenvalue, then the flow.

Checked on a small instance: weights of five features on eight points, whose flow is integrated step by step, beside the eigenvectors of the kernel matrix.
"""

from __future__ import annotations

import numpy as np
import sympy as sp

from symkern.claims import Derivation, Step, reference
from symkern.derivations import derivation_of
from symkern.derivations.samples import learning_steps
from symkern.derivations.sector import conclusion
from symkern.learning.training_times import training_law
from symkern.spectra.sample_laws import scaling_law
from symkern.spectra.spectrum import Spectrum

_POINTS, _FEATURES = 8, 5


def training_derivation(spectrum: Spectrum, mu: object, kappa: object, branch: int) -> Derivation:
    """The steps to `symkern.learning.training_times.training_law`, whose arguments these are.

    >>> from symkern.kernels import derive
    >>> [step.name for step in derive("flatten").training_law([1]).derivation().steps][-2:]
    ['the flow of each part', 'the time constant']
    """
    law = training_law(spectrum, mu, kappa, branch)
    steps = derivation_of(scaling_law(spectrum, mu, kappa, branch)).steps
    steps = steps[: -len(learning_steps())] + flow_steps()
    title = "The time that an eigenvalue takes"
    return Derivation(title, steps, conclusion(law, sp.S.One), law.standing)


def flow_steps() -> tuple[Step, ...]:
    """From gradient flow of the weights to the time constant of an eigenvalue."""
    return (
        Step(
            "the flow of each part",
            r"\frac{df_t}{dt} = T (f^* - f_t), \qquad f_t = \sum_i (1 - e^{-\lambda_i t}) f_i",
            r"A network $f_w = \sum_j w_j \phi_j$ with $k(x, y) = \sum_j \phi_j(x) \phi_j(y)$, trained from $w = 0$ by $\dot w = -\nabla_w \tfrac12 \mathbb{E} (f_w - f^*)^2$, moves by $T$, "
            r"and $T$ multiplies each eigenfunction by its eigenvalue. Checked on a flow of weights that is integrated step by step.",
            reference("jacot2018"),
            sides=flow_of_weights,
            sizes={"t": (1, 4, 16)},
            tolerance=1e-9,
        ),
        Step(
            "the time constant",
            r"1 - e^{-\lambda t} = 1 - \frac{1}{e} \iff t = \frac{1}{\lambda}",
            "The share grows with $t$ from 0 to 1, and the equation is solved for $t$; half is learned at $t = \\log 2/\\lambda$.",
            sides=learned_at,
            sizes={"percent": (10, 50, 90)},
        ),
    )


def flow_of_weights(t: int) -> tuple[list[float], list[float]]:
    """Predictions on all points at time t: weights moved by the gradient, in steps of the fourth order; and by eigenvectors."""
    rng = np.random.default_rng(7)
    features = rng.integers(-2, 3, (_POINTS, _FEATURES)) / 3
    target = rng.integers(-3, 4, _POINTS).astype(float)

    def downhill(weights: np.ndarray) -> np.ndarray:
        slope: np.ndarray = -features.T @ (features @ weights - target) / _POINTS
        return slope

    weights, steps = np.zeros(_FEATURES), 400 * t
    h = t / steps
    for _ in range(steps):
        a = downhill(weights)
        b = downhill(weights + h / 2 * a)
        c = downhill(weights + h / 2 * b)
        d = downhill(weights + h * c)
        weights = weights + h / 6 * (a + 2 * b + 2 * c + d)
    values, vectors = np.linalg.eigh(features @ features.T / _POINTS)
    learned = vectors @ (-np.expm1(-values * t) * (vectors.T @ target))
    return (features @ weights).tolist(), learned.tolist()


def learned_at(percent: int) -> tuple[sp.Expr, sp.Expr]:
    """The time put back into the share that it teaches."""
    rate, share = sp.Rational(3, 7), sp.Rational(percent, 100)
    t = -sp.log(1 - share) / rate
    return 1 - sp.exp(-rate * t), share
