"""Several attention heads: sums sum_h V_h sum_i p^h_i x_i of heads, what they add and what they cost.

* `several_heads`: heads in two numbers each, with their loss, the best values, their flow; `identical` ones;
* `two_heads`: the values of two heads that solve the task exactly;
* `code_heads`: heads with the same random codes (Monte Carlo);
* `ordered_selection`: what H heads must lose where the query names the places.
"""

from symkern.bounds.selection.heads.code_heads import CodeHeads, code_heads
from symkern.bounds.selection.heads.ordered_selection import (
    concatenation_bound,
    ordered_selection,
    ordered_selection_reached,
)
from symkern.bounds.selection.heads.several_heads import (
    Heads,
    HeadsFlow,
    identical_heads,
    several_heads,
    two_heads,
)

__all__ = [
    "CodeHeads",
    "Heads",
    "HeadsFlow",
    "code_heads",
    "concatenation_bound",
    "identical_heads",
    "ordered_selection",
    "ordered_selection_reached",
    "several_heads",
    "two_heads",
]
