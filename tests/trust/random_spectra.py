"""Kernels, laws and sizes drawn at random, as plain data, and the eigenvalues that symkern and the whole matrix have for them.

A case is {"stages": [[name, arguments], ...], "law": [kind, parameters], "length", "vocabulary", "symbols"}; numbers are texts such as "-1/3".
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from tests.oracles import dense

__all__ = ["Case", "drawn", "expected", "found", "seen", "smaller"]

#: So many sequences at most, and so many in nine cases of ten.
LARGEST, USUAL = 400, 130

Case = dict[str, Any]


def drawn(rng: random.Random) -> Case:
    """A case, as plain data: stages, law, sizes, and how it is derived."""
    vocabulary, length = rng.choice(_sizes(LARGEST if rng.random() < 0.1 else USUAL))
    stages = _stages(rng, length, vocabulary)
    if max(length, vocabulary) > 4:  # exact characteristic polynomials of large blocks are slow
        while _degree(stages) > 9:
            stages = _stages(rng, length, vocabulary)
    kind, given = _law(rng, length, vocabulary)
    return {
        "stages": stages,
        "law": [kind, given],
        "length": length,
        "vocabulary": vocabulary,
        "symbols": kind != "exchangeable" and _is_short(stages) and rng.random() < 0.4,
    }


def _sizes(most: int) -> list[tuple[int, int]]:
    return [(v, n) for v in range(1, 21) for n in range(1, 9) if v**n <= most]


def _fraction(rng: random.Random, low: int = 0) -> str:
    return str(Fraction(rng.randint(low, 6), rng.randint(1, 4)))


def _stages(rng: random.Random, length: int, vocabulary: int) -> list[Any]:
    given = {"token": str(Fraction(rng.randint(1, 6), rng.randint(1, 4)))}
    if rng.random() < 0.7:
        given["position"] = _fraction(rng)
    if rng.random() < 0.3:
        least = -Fraction(given["token"]) / vocabulary
        least -= Fraction(given.get("position", "0")) / length
        given["constant"] = str(least * Fraction(rng.randint(0, 4), 4))
        if rng.random() < 0.7:
            given["constant"] = _fraction(rng)
    stages: list[Any] = [["embedding", given]]
    for depth in range(rng.choice([0, 1, 1, 1, 2, 2, 3])):
        for name in ("mlp", "linear", "residual"):
            if rng.random() < 0.25 and (name != "residual" or stages[-1][0] not in _INPUTLESS):
                stages.append([name, _arguments(rng, name)])
        if rng.random() < 0.1:
            stages.append(["positions", {"position": _fraction(rng), "keep": _fraction(rng, 1)}])
        stages.append(["attention", _arguments(rng, "attention")])
        if rng.random() < 0.15:
            stages.append(["affine", {"scale": _fraction(rng, 1), "bias": _fraction(rng)}])
        if rng.random() < 0.15:
            stages.append(["layer_norm", {}])
        if len(stages) == 2 and depth == 0 and rng.random() < 0.2:
            stages[-1][1]["positions_in_values"] = False
    for name in ("residual", "mlp", "linear", "residual"):
        if rng.random() < 0.3 and (name != "residual" or stages[-1][0] not in _INPUTLESS):
            stages.append([name, _arguments(rng, name)])
    stages.append([rng.choice(["mean_pool", "flatten", "at_position"]), {}])
    for name in ("mlp", "linear"):
        if rng.random() < 0.2:
            stages.append([name, _arguments(rng, name)])
    if rng.random() < 0.15:
        stages.append(["plus", {"other": _other(rng)}])
    if rng.random() < 0.2:
        stages.append(["ntk", {}])
    return stages


def _other(rng: random.Random) -> list[Any]:
    """A short pipeline, to be added."""
    stages: list[Any] = [["embedding", {"token": _fraction(rng, 1), "position": _fraction(rng)}]]
    if rng.random() < 0.4:
        stages.append(["attention", _arguments(rng, "attention")])
    return [*stages, [rng.choice(["mean_pool", "flatten", "at_position"]), {}]]


_INPUTLESS = ("embedding", "residual")


def _arguments(rng: random.Random, name: str) -> dict[str, Any]:
    if name == "residual":
        return {}
    if name == "linear":
        return {"weight": _fraction(rng, 1), "bias": rng.choice(["0", _fraction(rng)])}
    if name == "mlp":
        polynomial = [str(rng.randint(-2, 3)) for _ in range(rng.randint(1, 4))]
        return {"activation": rng.choice(["quadratic", "relu", "erf", polynomial])}
    given: dict[str, Any] = {}
    if rng.random() < 0.4:
        given = {"query_key": "tied"}
        given["row_map"] = rng.choice(["identity", "softmax", "softmax", "relu", "abs"])
    if rng.random() < 0.2:
        given["normalize"] = False
    return given


def _is_short(stages: list[Any]) -> bool:
    """Whether there is a formula in L, and one that seconds suffice for."""
    if not all(_is_short(given["other"]) for name, given in stages if name == "plus"):
        return False
    tied = any(given.get("query_key") == "tied" for _, given in stages)
    plain = not any(given.get("activation") in ("relu", "erf") for _, given in stages)
    plain = plain and all(name != "layer_norm" for name, _ in stages)
    return plain and not tied and _degree(stages) <= 6


def _degree(stages: list[Any]) -> int:
    degree = 1
    for name, given in stages:
        activation = given.get("activation")
        if name == "attention":
            degree *= 3
        elif name == "plus":
            degree = max(degree, _degree(given["other"]))
        elif activation == "quadratic":
            degree *= 2
        elif isinstance(activation, list):
            degree *= max(1, len(activation) - 1)
    return degree


def _weights(rng: random.Random, count: int, most: int = 9) -> list[str]:
    drawn = [rng.randint(1, most) for _ in range(count)]
    return [str(Fraction(n, sum(drawn))) for n in drawn]


def _law(rng: random.Random, length: int, vocabulary: int) -> tuple[str, Any]:
    kind = rng.choice(
        ["uniform", "uniform", "uniform", "categorical", "skewed", "mixture", "counts"]
    )
    if kind == "categorical":
        return kind, _weights(rng, vocabulary, 3)
    if kind == "skewed":  # some letters a thousand times rarer, or never
        skewed = [Fraction(rng.choice([0, 1, 7, 1000])) for _ in range(vocabulary)]
        skewed[0] += 1
        return "categorical", [str(n / sum(skewed)) for n in skewed]
    if kind == "mixture":
        count = rng.randint(1, 3)
        return kind, [[w, _weights(rng, vocabulary)] for w in _weights(rng, count)]
    if kind == "counts" and vocabulary <= 4:
        words = dense.sequences(length, vocabulary).tolist()
        counts = sorted({tuple(w.count(t) for t in range(vocabulary)) for w in words})
        chosen = rng.sample(counts, rng.randint(1, len(counts)))
        return "exchangeable", [
            [list(c), p] for c, p in zip(chosen, _weights(rng, len(chosen)), strict=True)
        ]
    return "uniform", None


# -- both sides ----------------------------------------------------------------------------


def text(stages: list[Any]) -> str:
    """The pipeline as symkern reads it."""
    pieces = []
    for name, given in stages:
        words = []
        for key, value in given.items():
            if key == "other":
                words.append(text(value))
                continue
            if isinstance(value, list):  # the coefficients of a polynomial
                value = " + ".join(f"({c})*x^{k}" for k, c in enumerate(value))
            words.append(f"{key}={value}")
        pieces.append(f"{name}({', '.join(words)})" if words else name)
    return " | ".join(pieces)


def expected(case: Case) -> Any:
    """The eigenvalues of the whole matrix, the smallest first."""
    words = dense.sequences(case["length"], case["vocabulary"])
    chances = dense.law(*case["law"], words, case["vocabulary"])
    return dense.eigenvalues(dense.gram(case["stages"], words), chances)


def found(case: Case) -> Any:
    """Those of symkern, the smallest first, without the zeros that no sector lists."""
    import symkern as sk
    from symkern.abc import L, alpha, beta, v

    kind, given = case["law"]
    length, vocabulary = case["length"], case["vocabulary"]
    laws = {
        "uniform": lambda: sk.kernels.uniform(vocabulary),
        "categorical": lambda: sk.kernels.categorical(given),
        "mixture": lambda: sk.kernels.mixture([(w, sk.kernels.categorical(p)) for w, p in given]),
        "exchangeable": lambda: sk.kernels.exchangeable({tuple(c): p for c, p in given}),
    }
    if not case["symbols"]:
        spectrum = sk.kernels.read_pipeline(text(case["stages"])).spectrum(
            length=length, tokens=laws[kind]()
        )
    else:
        stages = json.loads(json.dumps(case["stages"]))
        values: dict[str, Any] = {}
        for key, letter in (("token", alpha), ("position", beta)):
            if Fraction(stages[0][1].get(key, "0")):
                values[letter.name] = stages[0][1][key]
                stages[0][1][key] = letter.name
        kernel = sk.kernels.read_pipeline(text(stages))
        sizes: dict[str, Any] = {"vocabulary": vocabulary} if kind == "uniform" else {}
        general = sk.kernels.uniform(v) if kind == "uniform" else laws[kind]()
        formulas = kernel.spectrum(length=L, tokens=general)
        spectrum = formulas.evaluate(length=length, **sizes, **values)
    listed = []
    for sector in spectrum:
        eigenvalues = [float(e) for e in sector.eigenvalues]
        if len(eigenvalues) != sector.multiplicity:
            raise ArithmeticError(f"{len(eigenvalues)} eigenvalues of {sector.multiplicity}")
        listed += eigenvalues * int(sector.dimension)
    return np.sort(np.array(listed))


# -- smaller ones --------------------------------------------------------------------------


def smaller(case: Case) -> Iterator[Case]:
    """Cases with a stage, a letter, a position or an argument less, and of a simpler law."""
    stages = case["stages"]
    for i in range(1, len(stages)):
        yield {**case, "stages": stages[:i] + stages[i + 1 :]}
    for i, (name, given) in enumerate(stages):
        for key in given:
            rest = {k: x for k, x in given.items() if k != key}
            yield {**case, "stages": [*stages[:i], [name, rest], *stages[i + 1 :]]}
            if given[key] not in ("1", "tied", False) and key not in (
                "activation",
                "row_map",
                "other",
            ):
                one = {**given, key: "1"}
                yield {**case, "stages": [*stages[:i], [name, one], *stages[i + 1 :]]}
    if case["symbols"]:
        yield {**case, "symbols": False}
    if case["law"][0] != "uniform":
        yield {**case, "law": ["uniform", None]}
    else:
        for size in ("length", "vocabulary"):
            if case[size] > 1:
                yield {**case, size: case[size] - 1}


def seen(case: Case) -> list[str]:
    """What the case has of what can be had, for the figures."""
    found = {case["law"][0], "symbols" if case["symbols"] else "numbers"}
    for name, given in case["stages"]:
        found.add(name)
        found |= {str(x) for k, x in given.items() if k in ("row_map", "activation") and x}
    return sorted(name if name[0] != "[" else "polynomial" for name in found)
