r"""The jet of a kernel around independent sequences: its Taylor polynomial in the fluctuations of the contingency table.

The recursion of a pipeline runs on types of positions as in `position_types`, with `jet_matrices` over the ring of `fluctuation_ring`. Sums over
positions are means here, and rows of attention are taken times L, so that no stage divides by eta = 1/L.

Where an entry is not smooth in the limit, relu at a cosine that tends to 1, its jet has a kink (`symkern.exact.weighted_series`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

import sympy as sp

from symkern.errors import NoClosedForm
from symkern.exact.weighted_series import Jet
from symkern.kernels.algebras.algebra import Algebra
from symkern.kernels.algebras.fluctuation_ring import FluctuationRing
from symkern.kernels.algebras.jet_matrices import JetMatrix, JetProduct, JetTypes

#: Weight of the first term that is not smooth: of an arc-cosine dual of order one, and of order zero, in the angle.
_CORNER, _JUMP = 3, 1


class Jets(Algebra):
    """The recursion on jets: on a pair of sequences, or with ``side`` on one of them beside itself."""

    name = "jets"
    gives = "its expansion in 1/L"
    lacks = "has no expansion in 1/L"
    functions: ClassVar[Mapping[str, Any]] = {
        "exp": lambda e: e.composed("exp"),
        "sqrt": lambda e: e.composed("sqrt"),
        "abs": lambda e: e * _side_of_zero("abs", e),
        "relu": lambda e: e * max(_side_of_zero("relu", e), 0),
    }

    def __init__(
        self, source: JetRecursion, star: tuple[int, int] | None, side: int | None = None
    ) -> None:
        super().__init__()
        self.source, self.side, self.star = source, side, star
        self.fluctuations = source.fluctuations
        self.ring = source.fluctuations.ring
        if side is not None:
            self.kept = []

    @cached_property
    def types(self) -> JetTypes:
        """All types that occur."""
        letters = range(self.fluctuations.letters)
        if self.side is None:
            cells = [(t, u) for t in letters for u in letters]
            sizes = [self.fluctuations.pair(t, u) for t, u in cells]
        else:
            cells = [(t, t) for t in letters]
            sizes = self.fluctuations.single(self.side)
        place = None
        if self.star is not None:
            place = len(cells)
            cells.append(self.star)
            sizes.append(self.fluctuations.eta)
        left, right = zip(*cells, strict=True)
        return JetTypes(left, right, tuple(sizes), place, self.fluctuations.eta)

    # -- numbers -------------------------------------------------------------------------------

    @property
    def length(self) -> int:
        """1: sums over positions are means."""
        return 1

    def number(self, value: sp.Expr, argument: str = "hyperparameter") -> Jet:
        """A hyperparameter as a constant jet."""
        return self.ring(value)

    @property
    def inverse_pi(self) -> Jet:
        """1/pi."""
        return self.ring(1 / sp.pi)

    def cosine(self, r: Jet, p: Jet, q: Jet) -> Jet:
        """r / sqrt(p q), 1 where all three are one jet."""
        if r.same(p) and r.same(q):
            if r.same(self.ring.zero):
                raise ZeroDivisionError("a variance is zero")
            return self.ring.one
        # Each variance is a series in the fluctuations of one sequence, which has far fewer terms than their product.
        return r * p.inverse_root * q.inverse_root

    def angle(self, r: Jet, square: Jet) -> Jet:
        """(2/pi) arcsin(r / sqrt(square)), with a kink where that tends to 1 or -1."""
        constants = self.ring.constants
        if not r.parts[0] and r.valuation > self.ring.order:
            return self.ring.zero
        if (r * r).same(square):
            return self.ring(constants.sign(r.constant))
        sine = r / square.composed("sqrt")
        for end in (1, -1):
            if constants.vanishes(sine.constant - constants(end)):
                return self.ring(end).smooth_below(_JUMP)
        return sine.composed("asin") * self.inverse_pi * 2

    def relu_dual(self, r: Jet, p: Jet, q: Jet) -> Jet:
        """E relu(u) relu(w), with a kink where the cosine tends to 1 or -1."""
        constants = self.ring.constants
        if p.same(q) and r.same(p):
            return r / 2
        if p.same(q) and (-r).same(p):
            return self.ring.zero
        scale = (p * q).composed("sqrt")
        cosine = r / scale
        if constants.vanishes(cosine.constant - constants(1)):
            return (r / 2).smooth_below(_CORNER)
        if constants.vanishes(cosine.constant + constants(1)):
            return self.ring.zero.smooth_below(_CORNER)
        return scale * cosine.composed("relu dual")

    def mapped_number(self, number: Jet, stage: Any) -> Jet:
        """An entrywise stage after the readout, refused where it is not smooth in the limit."""
        return _smooth(number, super().mapped_number(number, stage), stage)

    def slope_of_number(self, number: Jet, stage: Any) -> Jet:
        """Its derivative there."""
        return _smooth(number, super().slope_of_number(number, stage), stage)

    def embedded(self, token: Jet, position: Jet, constant: Jet) -> JetMatrix:
        """The matrix token [x_a = y_b] + position [a = b] + constant."""
        types = self.types
        off = [[constant + token * int(t == u) for u in types.right] for t in types.left]
        plain = JetMatrix(types, off, [position * 0] * len(off))
        return plain.with_diagonal([d + position for d in plain.diagonal()])

    # -- one sequence and two ------------------------------------------------------------------

    @cached_property
    def _alone(self) -> list[Jets]:
        stars = self.star or (None, None)
        return [self.source.alone(side, star) for side, star in enumerate(stars)]

    def alone(self) -> tuple[list[Any], list[Any]]:
        """What the runs on x alone and on y alone have kept."""
        left, right = self._alone
        assert left.kept is not None
        assert right.kept is not None
        return left.kept, right.kept

    @cached_property
    def _places(self) -> list[list[int]]:
        """For each side: the type of one sequence that each type of the pair has there."""
        if self.side is not None:
            return [list(range(len(self.types.sizes)))] * 2
        found = []
        for side, letters in zip(self._alone, (self.types.left, self.types.right), strict=True):
            types = side.types
            known = {(t, i == types.star): i for i, t in enumerate(types.left)}
            found.append([known[t, i == self.types.star] for i, t in enumerate(letters)])
        return found

    def placed(self, value: Any, side: int) -> Any:
        """Values by letter as values by type."""
        return [value[p] for p in self._places[side]] if isinstance(value, list) else value

    def product(self, left: JetMatrix, values: JetMatrix, right: JetMatrix) -> JetMatrix:
        """G V H^T over L^2, G and H being rows times L."""
        return JetProduct(left, values, right, self._places)


def _smooth(number: Jet, image: Jet, stage: Any) -> Jet:
    """The image of a number that has no kink of its own."""
    if image.kink is not None and number.kink is None:
        raise NoClosedForm(
            f"{stage}: behind the readout all long sequences look alike to this kernel, and there the activation is not smooth, so "
            "that it has no expansion in 1/L; its spectra at a given length and vocabulary exist"
        )
    return image


def _side_of_zero(name: str, entry: Jet) -> int:
    constants = entry.ring.constants
    if constants.vanishes(entry.constant):
        raise NoClosedForm(
            f"row_map: {name} is not smooth at zero, where a score of this kernel lies in the limit of long sequences, "
            "so that it has no expansion in 1/L; its spectra at a given length and vocabulary exist"
        )
    return constants.sign(entry.constant)


class JetRecursion:
    """The jets of a pipeline, one for each pair of letters of the position that is read.

    >>> from symkern.exact.exact_constants import ExactConstants
    >>> from symkern.kernels import embedding
    >>> from fractions import Fraction
    >>> half = (Fraction(1, 2),) * 2
    >>> ring = FluctuationRing((half, half), 2, ExactConstants.rational())
    >>> JetRecursion(embedding(1).mean_pool().stages, ring)().terms()
    {(0, 0, 0, 0): 1/2, (1, 1, 0, 0): 2}
    """

    def __init__(self, stages: Sequence[Any], fluctuations: FluctuationRing) -> None:
        Jets.require(stages)
        self.stages, self.fluctuations = stages, fluctuations
        self._alone: dict[tuple[int, int | None], Jets] = {}

    def __call__(self, star: tuple[int, int] | None = None) -> Jet:
        """The jet of k(x, y)."""
        found: Jet = Jets(self, star).follow(self.stages)
        return found

    def on_diagonal(self, star: int | None) -> Jet:
        """The jet of k(x, x), in the fluctuations of x."""
        run = Jets(self, None if star is None else (star, star), 0)
        found: Jet = run.follow(self.stages)
        return found

    def alone(self, side: int, star: int | None) -> Jets:
        """The run on one sequence, which keeps what pairs need of it."""
        key = side, star
        if key not in self._alone:
            run = Jets(self, None if star is None else (star, star), side)
            run.follow(self.stages)
            self._alone[key] = run
        return self._alone[key]
