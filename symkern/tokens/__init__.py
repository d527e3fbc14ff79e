"""How the tokens of a sequence are drawn: laws that do not change when positions are permuted, chains with memory, sizes, and the groups of positions."""

from symkern.tokens.categorical import Categorical, categorical
from symkern.tokens.distinct import Distinct, distinct
from symkern.tokens.exchangeable import Exchangeable, exchangeable
from symkern.tokens.groups import ALL_POSITIONS, OTHER_POSITIONS, PositionGroup
from symkern.tokens.hidden_markov import HiddenMarkov, hidden_markov, markov
from symkern.tokens.lag_moments import LagMoments
from symkern.tokens.law import Law
from symkern.tokens.mixture import Mixture, mixture
from symkern.tokens.site_products import SiteProducts, second_moment, site_products
from symkern.tokens.sizes import Size
from symkern.tokens.symmetric_orders import OrderShare
from symkern.tokens.symmetric_share import SymmetricShare
from symkern.tokens.symmetrised import Symmetrised, symmetrised
from symkern.tokens.table import law_names, read_law, register_law, require_law
from symkern.tokens.uniform import Uniform, uniform

__all__ = [
    "ALL_POSITIONS",
    "OTHER_POSITIONS",
    "Categorical",
    "Distinct",
    "Exchangeable",
    "HiddenMarkov",
    "LagMoments",
    "Law",
    "Mixture",
    "OrderShare",
    "PositionGroup",
    "SiteProducts",
    "Size",
    "SymmetricShare",
    "Symmetrised",
    "Uniform",
    "categorical",
    "distinct",
    "exchangeable",
    "hidden_markov",
    "law_names",
    "markov",
    "mixture",
    "read_law",
    "register_law",
    "require_law",
    "second_moment",
    "site_products",
    "symmetrised",
    "uniform",
]
