"""How the tokens of a sequence are drawn: laws that do not change when positions are permuted, sizes, and the groups of positions."""

from symkern.tokens.categorical import Categorical, categorical
from symkern.tokens.distinct import Distinct, distinct
from symkern.tokens.exchangeable import Exchangeable, exchangeable
from symkern.tokens.groups import ALL_POSITIONS, OTHER_POSITIONS, PositionGroup
from symkern.tokens.law import Law
from symkern.tokens.mixture import Mixture, mixture
from symkern.tokens.sizes import Size
from symkern.tokens.table import law_names, read_law, register_law, require_law
from symkern.tokens.uniform import Uniform, uniform

__all__ = [
    "ALL_POSITIONS",
    "OTHER_POSITIONS",
    "Categorical",
    "Distinct",
    "Exchangeable",
    "Law",
    "Mixture",
    "PositionGroup",
    "Size",
    "Uniform",
    "categorical",
    "distinct",
    "exchangeable",
    "law_names",
    "mixture",
    "read_law",
    "register_law",
    "require_law",
    "uniform",
]
