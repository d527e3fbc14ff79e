r"""The tangent kernel of pure attention as a multiple of its kernel.

A pipeline of l attention layers and a readout, nothing else, with all weights trained and the embedding's among them, has T = c_l K:

    independent queries and keys      c_0 = 1, c_{l+1} = 4 + 3 c_l,   c_l = 3^{l+1} - 2
    tied ones, any row map            c_0 = 1, c_{l+1} = 2 + c_l,     c_l = 2 l + 1

So both have the same eigenfunctions, and the network learns in the same order as its last layer would. Values have to hold what the scores see.
"""

from __future__ import annotations

import sympy as sp

from symkern.abc import namespace
from symkern.claims import Claim, ScalingLaw, Standing
from symkern.errors import InvalidArgument, displayed
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer


@typed
def tangent_multiple(layers: object = None, query_key: str = "independent") -> ScalingLaw:
    """T / K of pure attention of so many layers: 3^(layers + 1) - 2, or 2 layers + 1 with tied queries and keys.

    Args:
        layers: how many attentions there are, 0 at least; the symbol n where nothing is said.
        query_key: "independent" or "tied".

    Returns:
        The multiple as a law, whose ``derivation().check()`` verifies its steps; ``formula`` is the number.

    Raises:
        InvalidArgument: a negative number of layers, another word.

    >>> print(tangent_multiple())
    T/K = 3^(n + 1) - 2  (n >= 0, proved)
    >>> tangent_multiple(2).formula, tangent_multiple(2, "tied").formula
    (25, 5)
    """
    if query_key not in ("independent", "tied"):
        rule = 'must be "independent" or "tied"'
        raise InvalidArgument("query_key", rule, f"it is {displayed(query_key)}")
    number = namespace["n"] if layers is None else sp.Integer(read_integer(layers, "layers", 0, 10_000))  # fmt: skip
    formula = 2 * number + 1 if query_key == "tied" else 3 ** (number + 1) - 2
    threshold = {"n": 0} if layers is None else {}
    claim = Claim("tangent kernel of attention", (query_key,))
    return ScalingLaw("T/K", formula, None, threshold, Standing.PROVED, symbol="T/K", claim=claim)
