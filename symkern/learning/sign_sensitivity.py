r"""Sensitivity of the sign of a draw from a kernel's Gaussian process, at a given length; floating point.

With rho(x, y) = k(x, y)/sqrt(k(x, x) k(y, y)), P(sign f(x) != sign f(y)) = arccos(rho)/pi, so that for independent letters with probabilities p

    E I(sign f) = (2/pi) sum_i E_x E_{u ~ p} arccos rho(x, x^{i -> u}),      I = sum_i E Var_i,

which for two uniform letters is E as(sign f) = (1/pi) sum_i E_x arccos rho(x, x^i). With q the share of inputs where sign f = 1, E 2 q (1-q) = E_{xy} arccos(rho)/pi tells
constant draws, which have no sensitivity, from interesting ones. K_0 counts inputs on which no neighbour differs: E K_0 = sum_j C(L, j) P_j, P_j by
`symkern.learning.neighbour_signs`. Where k(x, x) = 0 the sign has no meaning; such inputs are left out, and their probability is said.

Values of k on sequences are functions of the letters' counts, and of the letter at a position that is read; ``centred`` takes k less its means, the draw less its mean over
inputs. They and the rho are exact, or proven balls, and rounded last (`symkern.learning.sign_covariance`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import comb, fsum, pi

from symkern.claims import Standing
from symkern.errors import InvalidArgument, NoClosedForm
from symkern.learning.sign_covariance import SignCovariance, beside, moved, number
from symkern.learning.sign_laws import SignLaws, sign_laws
from symkern.limits import check_time, within_time
from symkern.reading.annotated import typed
from symkern.spectra.spectrum import Spectrum
from symkern.typeset.shown import Shown

#: Positions up to which floats hold what the quadrature adds up.
_LONGEST = 250


@dataclass(frozen=True)
@typed
class SignSensitivity(Shown):
    """What the sign of a draw depends on; floating point, each number computed when it is asked for.

    Attributes:
        spectrum: at a given length and vocabulary, with numbers for all hyperparameters.
        centred: whether draws have their mean over all inputs taken off.
    """

    spectrum: Spectrum = field(repr=False)
    centred: bool = False

    def __repr__(self) -> str:
        return f"<SignSensitivity of {self.spectrum!r}{', centred' * self.centred}>"

    @property
    def standing(self) -> Standing:
        """That of the spectrum: proved, unless the kernel was sampled, given in floating point or read."""
        return self.spectrum.standing

    @cached_property
    def _kernel(self) -> SignCovariance:
        return SignCovariance(self.spectrum, self.centred)

    @cached_property
    def average(self) -> float:
        """E I(sign f), for two uniform letters E as(sign f), the mean number of positions whose letter decides."""
        k, parts = self._kernel, []
        p = [number(q) for q in k.probabilities]
        advice = "shorter sequences or fewer letters take less"
        with within_time("the sensitivity of signs", advice), k.exactly():
            for x in k.sequences():
                check_time()
                chance, (counts, letter) = number(k.chance(x)), x
                for t, n in enumerate(counts):
                    for u in range(k.letters):
                        if n and u != t:
                            turned = k.angle(*moved(x, t, u))
                            parts.append(2 * chance * n * p[u] * (turned or 0.0))
                if letter is not None:
                    for u in range(k.letters):
                        if u != letter:
                            turned = k.angle(beside(x)[0], (letter, u))
                            parts.append(2 * chance * p[u] * (turned or 0.0))
        return fsum(parts) / pi

    @cached_property
    def balance(self) -> float:
        """E 2 q (1 - q), q the share of inputs on which a draw is positive: 1/2 where half are, 0 for constant draws."""
        k, parts = self._kernel, []
        advice = "shorter sequences or fewer letters take less"
        with within_time("the balance of signs", advice), k.exactly():
            for table, star, times in k.pairs():
                check_time()
                turned = k.angle(table, star)
                if turned:
                    parts.append(times * k.pair_chance(table, star) * turned)
        return fsum(parts) / pi

    @cached_property
    def zero_inputs(self) -> float:
        """E K_0, the mean number of inputs on which no neighbour has the other sign; on two letters.

        Raises:
            NoClosedForm: there are more letters, or more than 250 positions.
        """
        k, length = self._kernel, int(self.spectrum.length)
        if k.letters != 2:
            raise NoClosedForm("vocabulary: inputs of zero sensitivity are counted on two letters")
        if length > _LONGEST:
            raise NoClosedForm(
                f"length: inputs of zero sensitivity are counted up to length {_LONGEST}"
            )
        total = 0.0
        with within_time("inputs of zero sensitivity", "shorter sequences take less"), k.exactly():
            for counts, letter in k.sequences():
                check_time()
                total += comb(k.sites, counts[1]) * (k.one_sign(counts[1], letter) or 0.0)
        return total

    @cached_property
    def left_out(self) -> float:
        """The probability of inputs at which k(x, x) = 0, which have no sign."""
        k = self._kernel
        return fsum(number(k.chance(x)) for x in k.sequences() if k.is_zero(x))

    def __str__(self) -> str:
        lines = [f"E I(sign f) = {self.average:.6f}", f"E 2q(1-q) = {self.balance:.6f}"]
        if self._kernel.letters == 2:
            lines.append(f"E K_0 = {self.zero_inputs:.6g} of {2 ** int(self.spectrum.length)}")
        if self.left_out:
            lines.append(f"inputs without a sign: {self.left_out:.6f}")
        return ", ".join(lines)


@typed
def sign_sensitivity(spectrum: Spectrum, centred: bool = False) -> SignSensitivity | SignLaws:
    """The sensitivity of sign f, f drawn from the kernel's Gaussian process: floating point at a given length, laws in L where the length is a symbol.

    Args:
        spectrum: at a given length and vocabulary, of independent tokens, with numbers for all hyperparameters; or at symbolic length (`symkern.learning.sign_laws`).
        centred: take the mean over all inputs off each draw.

    Raises:
        InvalidArgument: a size or a hyperparameter is a symbol.
        InvalidType: the tokens are not independent.

    >>> from symkern.kernels import embedding, uniform
    >>> found = sign_sensitivity(embedding(1, 1).attention().mean_pool().spectrum(8, uniform(2)))
    >>> print(found)
    E I(sign f) = 0.956146, E 2q(1-q) = 0.223062, E K_0 = 156.323 of 256
    """
    if not isinstance(spectrum.length, int):
        return sign_laws(spectrum, centred)
    if not isinstance(spectrum.vocabulary, int):
        rule = "must be a spectrum at a given length and vocabulary"
        raise InvalidArgument(
            "spectrum", rule, f"they are {spectrum.length} and {spectrum.vocabulary}"
        )
    if spectrum.parameters:
        shown = ", ".join(map(str, spectrum.parameters))
        raise InvalidArgument(
            "spectrum", "must have numbers as hyperparameters", f"{shown} have no value"
        )
    spectrum.tokens.letter_probabilities()
    return SignSensitivity(spectrum, centred)
