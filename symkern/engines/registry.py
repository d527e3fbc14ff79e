"""The ordered list of engines, and which one a problem is given to: the one with the least estimated cost among those that apply."""

from __future__ import annotations

from symkern.engines.cost import Cost
from symkern.engines.engine import Engine
from symkern.engines.few_features.engine import FewFeaturesEngine
from symkern.engines.large_length.engine import LargeLength
from symkern.engines.match_counts.engine import MatchCounts
from symkern.engines.permutations.engine import Permutations
from symkern.engines.pooled_softmax.engine import PooledSoftmax
from symkern.engines.problem import Problem
from symkern.engines.tables.engine import Tables
from symkern.errors import InvalidArgument, InvalidType, TooLarge
from symkern.registration import Registration

_ENGINES: list[Engine] = [
    Permutations(),
    MatchCounts(),
    Tables(),
    FewFeaturesEngine(),
    PooledSoftmax(),
    LargeLength(),
]

#: Seconds that a later engine must save to be preferred where the kernel has symbols, of which an earlier one knows more.
WORTH_WHILE = 0.05


def engines() -> tuple[Engine, ...]:
    """All engines, in order.

    >>> [engine.name for engine in engines()]
    ['permutations', 'match counts', 'tables', 'few features', 'pooled softmax', 'large length']
    """
    return tuple(_ENGINES)


def register_engine(engine: Engine) -> Registration:
    """Put an engine in front of the others; it answers where its estimate is not above theirs.

    ``with register_engine(engine):`` takes it back at the end of the block, a plain call keeps it. `symkern.engines.engine` says what an engine is.

    Args:
        engine: an object with ``name``, ``applies``, ``estimate`` and ``solve``.

    Raises:
        InvalidType: what is no engine, or is the class of one.
        InvalidArgument: the name is taken.
    """
    if isinstance(engine, type) or not isinstance(engine, Engine):
        raise InvalidType("engine", "must have name, applies, estimate and solve", engine)
    if engine.name in [other.name for other in _ENGINES]:
        raise InvalidArgument("engine", "must have a name of its own", f"{engine.name!r} is taken")
    _ENGINES.insert(0, engine)

    def undo() -> None:
        if engine in _ENGINES:
            _ENGINES.remove(engine)

    return Registration(engine, undo)


def candidates(problem: Problem) -> list[tuple[Engine, Cost]]:
    """The engines that apply, with their estimates, in order."""
    return [(e, e.estimate(problem)) for e in _ENGINES if e.applies(problem)]


def cheapest(problem: Problem) -> tuple[Engine, Cost, TooLarge | None] | None:
    """The engine that a problem is given to, its estimate, and the refusal where no engine fits the machine; None where none applies."""
    found = candidates(problem)
    if not found:
        return None
    fitting, refusals = [], []
    for engine, cost in found:
        try:
            cost.require()
            fitting.append((engine, cost))
        except TooLarge as error:
            refusals.append((engine, cost, error))
    if not fitting:
        return min(refusals, key=lambda refusal: refusal[1].seconds)
    least = min(cost.seconds for _, cost in fitting)
    margin = WORTH_WHILE if problem.kernel.parameters else 0
    engine, cost = next(pair for pair in fitting if pair[1].seconds <= least + margin)
    return engine, cost, None
