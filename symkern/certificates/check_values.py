"""Eigenvalues of mean-pooled linear attention at L = 4, worked out by hand and kept as claims: alpha = beta = 1, v = 2 and 3 uniform tokens.

Whatever the engines derive, these numbers are tested by the checker alone.
"""

from __future__ import annotations

from typing import Any

#: The arguments of linear attention as a stage of a certificate.
ATTENTION = {
    "query_key": "independent",
    "row_map": "identity",
    "normalize": True,
    "positions_in_values": True,
}

Row = tuple[list[int], list[int], str, list[str]]

#: v -> (mean diagonal, sectors: position irrep, token irrep, dimension, characteristic polynomial without its leading 1).
_VALUES: dict[int, tuple[str, list[Row]]] = {
    2: (
        "157/128",
        [
            ([], [], "1", ["27/1024", "-828/1024"]),
            ([], [1], "1", ["-17/64"]),
            ([1], [], "3", ["-1/256"]),
            ([1], [1], "3", ["-3/64"]),
        ],
    ),
    3: (
        "23/24",
        [
            ([], [], "1", ["21/3072", "-1456/3072"]),
            ([], [1], "2", ["13/6144", "-944/6144"]),
            ([1], [], "3", ["-1/576"]),
            ([1], [1], "6", ["7/165888", "-4464/165888"]),
            ([1], [1, 1], "3", ["-1/288"]),
        ],
    ),
}


def check_values(letters: int) -> dict[str, Any]:
    """The claim for v = 2 or 3.

    >>> check_values(2)["trace"]
    '157/128'
    """
    trace, rows = _VALUES[letters]
    size = {"length": 4, "vocabulary": letters}
    return {
        "certificate": 1,
        "claim": "spectrum",
        "kernel": [
            ["embedding", {"token": "1", "position": "1", "constant": "0"}],
            ["attention", dict(ATTENTION)],
            ["mean_pool", {}],
        ],
        "law": {"kind": "uniform", "vocabulary": str(letters)},
        "length": "4",
        "range": {"spectrum_from": size, "traces_from": size},
        "trace": trace,
        "sectors": [
            {
                "position_irrep": mu,
                "token_irrep": kappa,
                "dimension": dimension,
                "characteristic_polynomial": polynomial,
            }
            for mu, kappa, dimension, polynomial in rows
        ],
    }
