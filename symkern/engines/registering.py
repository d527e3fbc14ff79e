"""One ``register`` for what can be added from outside: stages, token laws and engines."""

from __future__ import annotations

from symkern.engines.engine import Engine
from symkern.engines.registry import register_engine
from symkern.errors import InvalidType
from symkern.kernels.pipeline import register_stage
from symkern.kernels.stages import Stage
from symkern.registration import Registration
from symkern.tokens import Law, register_law


def register(entry: type[Stage] | type[Law] | Engine) -> Registration:
    """Make a stage, a law or an engine known to all that reads, builds and computes.

    Args:
        entry: a class below Stage, a class below Law, or an object with name, applies, estimate and solve.

    Returns:
        A context manager that takes the entry out again when it is left; used plainly, the entry stays.

    Raises:
        InvalidType: for what is none of the three.
        InvalidArgument: for a name that is taken.

    >>> from dataclasses import dataclass
    >>> from symkern.kernels import embedding
    >>> from symkern.kernels.stages import Entrywise
    >>> @dataclass(frozen=True)
    ... class Cube(Entrywise):
    ...     "K^3 at every entry."
    ...     name, degree = "cube", 3
    ...     def entry(self, algebra):
    ...         return lambda r, p, q: r**3
    >>> with register(Cube):
    ...     embedding(2).flatten().cube()((0, 1), (0, 0))
    1
    """
    if isinstance(entry, type):
        if issubclass(entry, Stage):
            return register_stage(entry)
        if issubclass(entry, Law):
            return register_law(entry)
    elif isinstance(entry, Engine):
        return register_engine(entry)
    rule = "must be a class of stages or of laws, or an engine with name, applies, estimate and solve"  # fmt: skip
    raise InvalidType("entry", rule, entry)
