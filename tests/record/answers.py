"""What symkern answers to a question, as plain data, reduced to what does not depend on a choice of basis.

A question is a dictionary of texts: what is asked ("ask"), and kernel, law, length and hyperparameters. Only public names are used, so that the
same question can be put to another version. In an answer

    {"formula": text or values}   is compared by its values at the points of `tests.record.formulas`,
    {"between": [low, high]}      by whether the intervals meet and the new one is narrow,
    {"float": number}             to nine digits,
    what stands under "message" or "order" is shown where it differs, but is no difference;

and everything else must be equal.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import sympy as sp

import symkern as sk
import symkern.abc as symbols
from tests.record.formulas import (
    POINTS,
    characteristic_polynomial,
    characteristic_polynomials,
    outward,
    values,
)

__all__ = ["answer", "read_law"]

#: Formulas longer than this are kept as their values at the points.
LONGEST = 200


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """The answer to a question, or the class and message of symkern's refusal."""
    try:
        return _ASKED[question["ask"]](question)
    except sk.SymkernError as error:
        return {"refused": type(error).__name__, "message": str(error)}


def read_law(text: str) -> Any:
    """A token law from its repr, read and not evaluated.

    >>> read_law("mixture([('1/3', uniform(2)), ('2/3', categorical(['1/4', '3/4']))])")
    mixture([('1/3', uniform(2)), ('2/3', categorical(['1/4', '3/4']))])
    """
    return _read(ast.parse(text, mode="eval").body)


def _read(node: ast.expr) -> Any:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return getattr(sk.kernels, node.func.id)(*map(_read, node.args))
    if isinstance(node, ast.Name):
        return getattr(symbols, node.id)
    if isinstance(node, (ast.List, ast.Tuple)):
        return (list if isinstance(node, ast.List) else tuple)(map(_read, node.elts))
    if isinstance(node, ast.Dict):
        return {_read(k): _read(e) for k, e in zip(node.keys, node.values, strict=True) if k}
    return ast.literal_eval(node)


def _spectrum(question: dict[str, Any]) -> Any:
    length = question["length"]
    return sk.derive(
        question["kernel"],
        symbols.L if length == "L" else length,
        read_law(question["law"]),
        **question.get("set", {}),
    )


def _of_spectrum(question: dict[str, Any]) -> dict[str, Any]:
    """Everything that a spectrum says of itself; with "values" the kernel's value on pairs of sequences, with "costs" samples."""
    spectrum = _spectrum(question)
    document = spectrum.to_dict()
    found = {
        "trace": _leaf(document["trace"]),
        "check": spectrum.check_trace(),
        "group": document["group"],
        "standing": document["standing"],
        "valid_for": spectrum.valid_for,
        "sectors": {_label(s): _sector(s, question) for s in document["sectors"]},
        "order": [_label(s) for s in document["sectors"]],
    }
    if "values" in question:
        kernel = sk.kernels.read_kernel(question["kernel"])
        given = question.get("set", {})
        pairs = [(tuple(x), tuple(y)) for x, y in question["values"]]
        found["values"] = [_leaf(kernel(x, y, **given)) for x, y in pairs]
    return found


def _of_blocks(question: dict[str, Any]) -> dict[str, Any]:
    """Sectors, sizes and characteristic polynomials alone, where the eigenvalues' formulas would take too long."""
    spectrum = _spectrum(question)
    sectors = {}
    for sector in spectrum.sectors:
        token = sector.token_irrep
        label = {
            "position_irrep": list(sector.position_irrep),
            "token_irrep": None if token is None else list(token),
        }
        sectors[_label(label)] = {
            "dimension": _leaf(sector.dimension),
            "multiplicity": sector.multiplicity,
            "valid_for": dict(sector.valid_for),
            "standing": sector.standing.value,
            "block": [_block_at(sector.block, point) for point in POINTS],
        }
    return {
        "trace": _leaf(spectrum.trace()),
        "group": spectrum.group,
        "valid_for": spectrum.valid_for,
        "sectors": sectors,
    }


def _block_at(block: Any, point: dict[str, Fraction]) -> list[str]:
    symbols_there = {s for row in block for entry in row for s in entry.free_symbols()}
    numbers = {s: sp.Rational(str(point[s.name])) for s in symbols_there}
    return characteristic_polynomial(
        block.substitute(numbers, sk.exact.function_field(())).to_flint()
    )


def _label(sector: dict[str, Any]) -> str:
    irreps = (sector["position_irrep"], sector["token_irrep"])
    return " x ".join("-" if mu is None else str(tuple(mu)).replace(" ", "") for mu in irreps)


def _sector(sector: dict[str, Any], question: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "dimension": _leaf(sector["dimension"]),
        **{name: sector[name] for name in ("multiplicity", "valid_for", "standing")},
    }
    rows = sector["block"]
    if all(isinstance(entry, str) for row in rows for entry in row):
        found["block"] = characteristic_polynomials(rows)
    branches = []
    for i, polynomial in enumerate(sector["minimal_polynomials"]):
        branch: dict[str, Any] = {}
        if polynomial is not None:
            branch["minimal_polynomial"] = _leaf(polynomial)
        elif sector["intervals"][i] is not None:
            branch["eigenvalue"] = _leaf(sector["intervals"][i])
        for name in ("leading", "exponents") + ("samples",) * ("costs" in question):
            if sector[name][i] is not None:
                branch[name] = _leaf(sector[name][i])
        edges = sector.get("edges")
        if edges and edges[i]:
            branch["edge"] = [_leaf(c) for c in edges[i]]
        branches.append(branch)
    found["branches"] = branches
    return found


def _of_sensitivity(question: dict[str, Any]) -> dict[str, Any]:
    found = _spectrum(question).average_sensitivity()
    return {
        "ratio": _leaf(found.ratio),
        "weights": {str(d): _leaf(weight) for d, weight in found.weights.items()},
    }


def _of_exponents(question: dict[str, Any]) -> dict[str, Any]:
    found = _spectrum(question).exponent_map()
    places = [(a, e) for a in found.asymmetries for e in found.symmetric_degrees]
    return {
        "exponents": {f"{a},{e}": [str(q) for q in found[a, e]] for a, e in places if found[a, e]}
    }


def _of_energies(question: dict[str, Any]) -> dict[str, Any]:
    """Energies of the target [x_1 = x_L = 0] on every eigenvalue."""

    def target(sequence: tuple[int, ...]) -> int:
        return int(sequence[0] == 0 and sequence[0] == sequence[-1])

    spectrum = _spectrum(question)
    return {
        "energies": {
            f"{s.position_irrep} x {s.token_irrep}": [_leaf(e) for e in s.energies(target)]
            for s in spectrum.sectors
        }
    }


def _of_curve(question: dict[str, Any]) -> dict[str, Any]:
    curve = _spectrum(question).learning_curve(
        question["target"], n=question["n"], ridge=question["ridge"], noise=question["noise"]
    )
    return {
        name: [{"float": float(e)} for e in getattr(curve, name)]
        for name in ("test_error", "train_error")
    } | {"unlearnable": {"float": float(curve.unlearnable)}}


def _of_command(question: dict[str, Any]) -> dict[str, Any]:
    """What a command line prints, to the letter."""
    done = subprocess.run(
        [sys.executable, "-m", "symkern", *question["arguments"]],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(sk.__file__).parents[1]),
            "PYTHONIOENCODING": "utf-8",
        },
    )
    return {"status": done.returncode, "printed": done.stdout.splitlines(), "message": done.stderr}


_ASKED = {
    "spectrum": _of_spectrum,
    "blocks": _of_blocks,
    "sensitivity": _of_sensitivity,
    "exponents": _of_exponents,
    "energies": _of_energies,
    "curve": _of_curve,
    "command": _of_command,
}


def _leaf(value: Any) -> dict[str, Any]:
    """A number or formula of an answer: symkern's own, or as its documents write it."""
    if hasattr(value, "lower") and hasattr(value, "upper") and not isinstance(value, str):
        value = [str(value.lower), str(value.upper)]
    if isinstance(value, list):
        low, high = (Fraction(end) for end in value)
        return {"between": outward(low, high)}
    text = str(value)
    return {"formula": text if len(text) <= LONGEST else list(values(text))}
