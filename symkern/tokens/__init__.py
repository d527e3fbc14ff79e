"""How the tokens of a sequence are drawn: laws that do not change when positions are permuted."""

from symkern.tokens.laws import (
    Categorical,
    Distinct,
    Exchangeable,
    Law,
    Mixture,
    Uniform,
    categorical,
    distinct,
    exchangeable,
    mixture,
    uniform,
)

__all__ = [
    "Categorical",
    "Distinct",
    "Exchangeable",
    "Law",
    "Mixture",
    "Uniform",
    "categorical",
    "distinct",
    "exchangeable",
    "mixture",
    "uniform",
]
