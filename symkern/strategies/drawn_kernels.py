"""Strategies of kernels, in the builder's words."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import MISSING
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, Any

import symkern.abc as symbols
from symkern.errors import InvalidArgument
from symkern.kernels.pipeline import embedding
from symkern.kernels.stages import STAGES
from symkern.kernels.stages.arguments import Formula, Switch, arguments_of
from symkern.kernels.stages.stage_table import names
from symkern.reading.annotated import typed
from symkern.strategies.drawing import among, read_size, st

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from symkern.kernels import Kernel


#: Symbols for the variances of the stages; gamma for those of others.
_LETTERS = {
    "token": symbols.alpha,
    "position": symbols.beta,
    "weight": symbols.w,
    "scale": symbols.w,
    "keep": symbols.w,
    "bias": symbols.b,
}
#: The degree of a drawn kernel, where its attentions alone have not a higher one: values of degree 100 take seconds.
_DEGREE = 12


@typed
def kernels(
    depth: int = 1,
    readouts: Iterable[str] = ("mean_pool", "flatten"),
    *,
    symbolic: bool = False,
    stages: Iterable[str] | None = None,
    polynomial: bool = True,
) -> SearchStrategy[Kernel]:
    """Kernels of at most ``depth`` attention layers; a bag of tokens is the simplest.

    Before and after each attention, and after the readout where it may stand there, there may be one of each of ``stages``.

    Args:
        depth: how many attention layers there are at most.
        readouts: among "mean_pool", "flatten" and "at_position".
        symbolic: whether parameters are the symbols alpha, beta, w and b; otherwise they are small rationals.
        stages: names in the table of stages, registered ones included; all that stand between embedding and readout where none are given.
        polynomial: whether every kernel is a polynomial in the matches of tokens and positions, with a rational value on any two sequences of
            one length. Where it is False, queries and keys may be tied with any row map, and activations be relu and erf.

    Raises:
        InvalidArgument: for names that there are not, and a negative depth.

    >>> from hypothesis import given
    >>> from symkern.strategies import permutations
    >>> @given(kernels(depth=2, stages=["linear", "residual"]), permutations(4))
    ... def test_positions_may_be_moved(k, g):
    ...     x, y = (0, 1, 1, 2), (2, 1, 0, 1)
    ...     assert k([x[a] for a in g], [y[a] for a in g]) == k(x, y)
    >>> test_positions_may_be_moved()
    """
    most = read_size(depth, "depth")
    highest = max(_DEGREE, 3**most)
    ends = among("readouts", readouts, names("readout"))
    between = names("between")
    if stages is None:
        stages = [name for name in between if name != "attention"]
    layers = among("stages", stages, between, may_be_empty=True)
    variances = st.just(Fraction(1)) | st.fractions(Fraction(1, 4), 4, max_denominator=4)

    def arguments(draw: Any, name: str) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for key, kind, default in arguments_of(STAGES[name]):
            choices = kind.examples if polynomial else kind.examples + kind.others
            if isinstance(kind, Formula):
                if not kind.is_variance or (kind.by_name and draw(st.booleans())):
                    continue
                if key in ("token", "weight", "scale", "keep") or draw(st.booleans()):
                    given[key] = _LETTERS.get(key, symbols.gamma) if symbolic else draw(variances)
                else:
                    given[key] = 0
            elif isinstance(kind, Switch):
                given[key] = default is not draw(st.booleans())
            elif len(choices) > 1 or default is MISSING:
                given[key] = draw(st.sampled_from(choices))
        return given

    def extended(draw: Any, built: Any, name: str) -> Any:
        """With that stage, or without it where it may not stand there."""
        given = [arguments(draw, name)]
        if name == "attention":  # whose arguments do not all go together
            given.append({})
        for words in given:
            with suppress(InvalidArgument):
                longer = getattr(built, name)(**words)
                if not polynomial or (longer.is_polynomial and _degree(longer) <= highest):
                    return longer
        return built

    @st.composite
    def kernel(draw: Any) -> Kernel:
        built: Any = embedding(**arguments(draw, "embedding"))
        for half in range(2 * draw(st.integers(0, most))):
            if half % 2:
                built = extended(draw, built, "attention")
            for name in layers:
                if draw(st.booleans()):
                    built = extended(draw, built, name)
        end = draw(st.sampled_from(ends))
        read: Kernel = getattr(built, end)(**arguments(draw, end))
        for name in names(after_readout=True):
            if name in layers and draw(st.booleans()):
                read = extended(draw, read, name)
        return read

    return kernel()


def _degree(kernel: Any) -> int:
    """The degree of a kernel in the matches, its attentions being cubic."""
    return prod(3 if s.name == "attention" else getattr(s, "degree", 1) or 1 for s in kernel.stages)
