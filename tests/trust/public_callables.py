"""Every public callable, and arguments that it takes: what the search for odd ones starts from.

Functions, classes and constants of every public namespace, by ``__all__`` and ``dir``, and every method of an example of every public class
that is the package's own. Right arguments are found by name and annotation, and by what the errors of a first attempt name.
"""

from __future__ import annotations

import importlib
import inspect
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache, cached_property
from typing import Any

import numpy as np
import sympy as sp

import symkern as sk
from symkern.abc import L, alpha, v
from symkern.errors import SymkernError
from symkern.exact import Ball, ExactMatrix, SparseMatrix, function_field
from symkern.exact.sparse_vector import RationalVector
from tests.test_values import EXAMPLES, ROOMS

__all__ = ["SKIPPED", "call", "found", "names", "parameters", "right_arguments"]

#: Not asked, for they say that they check nothing: makers of values that have been checked before, and of what the package makes alone.
SKIPPED = {"trusted", "reduced", "in_module", "from_dense_numerators"}
#: Nor asked: an enumeration, whose call is Python's; an element of a field, made millions of times, and the report of a checker that stands apart from the package and its errors.
APART = {"symkern.Standing", "symkern.exact.RationalFunction", "symkern.certificates.Report"}

_SPECIAL = ("__call__", "__getitem__", "__contains__")


@cache
def _all() -> dict[str, tuple[str, str]]:
    """Name -> ("function", "") or ("method", name of the method)."""
    seen: set[int] = set()
    result: dict[str, tuple[str, str]] = {}
    for room in (*ROOMS, "symkern.plot"):
        module = importlib.import_module(room)
        shown = {*getattr(module, "__all__", ())}
        if "__dir__" in vars(module):
            shown |= set(dir(module))
        for name in sorted(shown):
            value = getattr(module, name, None)
            if name.startswith("__") or not callable(value) or not _own(value) or id(value) in seen:
                continue
            if inspect.isclass(value) and issubclass(value, BaseException):
                continue
            seen.add(id(value))
            if f"{room}.{name}" in APART:
                continue
            result[f"{room}.{name}"] = ("function", "")
    for name in sorted(EXAMPLES, key=lambda n: (n != "PairKernel", n)):  # whose stages can go on
        value = EXAMPLES[name][0]()
        for method in dir(type(value)):
            if (method[0] == "_" and method not in _SPECIAL) or method in SKIPPED:
                continue
            if isinstance(getattr(type(value), method, None), (property, cached_property)):
                continue
            here = getattr(value, method, None)
            plain = getattr(here, "__func__", here)
            if not callable(here) or inspect.isclass(here) or not _own(plain) or id(plain) in seen:
                continue
            if not inspect.isroutine(here):
                continue  # a value that can be called, and has its own class
            seen.add(id(plain))
            result[f"{name}.{method}"] = ("method", method)
    return result


def _own(value: object) -> bool:
    return str(getattr(value, "__module__", "")).startswith("symkern")


def names() -> list[str]:
    """The names of all of them, in a fixed order."""
    return list(_all())


def found(name: str, maker: int | None = None) -> Callable[..., Any]:
    """The callable; a method of the example of its class with that number."""
    if name.startswith("symkern."):
        room, _, last = name.rpartition(".")
        return getattr(importlib.import_module(room), last)  # type: ignore[no-any-return]
    owner = name.partition(".")[0]
    method = name.partition(".")[2]
    makers = EXAMPLES[owner]
    number = _NUMERIC.get(owner, 0) if maker is None else maker % len(makers)
    example = _made(owner, number)
    return getattr(example if hasattr(example, method) else _made(owner, 0), method)  # type: ignore[no-any-return]


@cache
def _made(owner: str, number: int) -> Any:
    return EXAMPLES[owner][number]()


def parameters(f: Callable[..., Any]) -> list[inspect.Parameter]:
    """Those that a caller gives."""
    try:
        return list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):
        return []


# -- right arguments -------------------------------------------------------------------------

_KERNEL = sk.kernels.embedding(1, 1).attention().mean_pool()


@cache
def _spectrum() -> Any:
    return _KERNEL.spectrum(4, sk.kernels.uniform(2))


def _field() -> Any:
    return function_field((L, v))


def _row() -> tuple[Any, ...]:
    field = _field()
    return (field(-1), field.zero, field(L))


#: By name of the argument: what is tried, in this order.
_NAMED: dict[str, list[Callable[[], Any]]] = {
    "lam": [lambda: (2, 1), lambda: (3, 1), lambda: (2,)],
    "mu": [lambda: (2, 1), lambda: (1,), lambda: (3, 1), lambda: ()],
    "nu": [lambda: (2, 1), lambda: (3, 2, 1)],
    "kappa": [lambda: (1,), lambda: ()],
    "n": [lambda: 3, lambda: 4, lambda: 10, lambda: [1, 2], lambda: sk.tokens.Size(4)],
    "length": [lambda: 3, lambda: 4, lambda: L],
    "vocabulary": [lambda: 2, lambda: 3],
    "letters": [lambda: 2],
    "k": [lambda: 2, lambda: 1],
    "d": [lambda: 2], "q": [lambda: 2], "m": [lambda: 2], "T": [lambda: 5], "T1": [lambda: 7], "c": [lambda: 1], "a": [lambda: 1],
    "L": [lambda: L, lambda: 5], "v": [lambda: 2],
    "ridge": [lambda: 1], "noise": [lambda: 1], "trace": [lambda: 1], "eigenvalue": [lambda: "1/2", lambda: _spectrum().sample_complexity("x1*x2").rows[0]],
    "eigenvalues": [lambda: ["1/2"], lambda: (sp.Rational(1, 2),)], "multiplicities": [lambda: [1], lambda: {sk.Partition(1): 1}, lambda: (sp.S.One,)],
    "energies": [lambda: ["1/2"], lambda: ["1/2", "1/2"], lambda: {(sk.Partition(), 0): sp.S.One}],
    "f": [lambda: "parity", lambda: "x1*x2", lambda: lambda x: max(x), lambda: (lambda *a: 1), lambda: {(0, 1, 2): 1}, lambda: [1, 0, 0], lambda: sk.ClassFunction(3, [1, 2, 3]),
          lambda: [1, 0, 0, 0, 0, 0, 0, 0], lambda: (lambda x: x[0]), lambda: (lambda g: 1)],
    "x": [lambda: (0, 1, 0), lambda: (0, 1, 0, 1), lambda: (1, -1, 1)], "y": [lambda: (0, 1, 1)],
    "first": [lambda: (0, 1, 0), lambda: "linear-attention", lambda: 1, lambda: _spectrum()],
    "second": [lambda: (0, 1, 1), lambda: "flatten", lambda: 2, lambda: _spectrum()],
    "kernel": [lambda: "linear-attention", lambda: _KERNEL, lambda: sk.kernels.PRESETS["linear-attention"].kernel],
    "tokens": [lambda: sk.kernels.uniform(2), lambda: (1, 0)],
    "law": [lambda: sk.kernels.uniform(2), lambda: sk.bounds.dimension_law((1,)), lambda: type(sk.kernels.uniform(2)), lambda: [1, 0, 0, 0, 0, 0], lambda: _spectrum().average_sensitivity()],
    "spectrum": [_spectrum, lambda: sk.derive("linear-attention")],
    "target": [lambda: "x1", lambda: "x1*x2"],
    "sector": [lambda: _spectrum().sectors[0], lambda: (sk.Partition(), 0), lambda: ((1,), 1)],
    "formula": [lambda: L, lambda: "L"], "text": [lambda: "L", lambda: "uniform", lambda: "x1", lambda: "flatten"],
    "argument": [lambda: "x"], "name": [lambda: "flatten", lambda: "dimension"], "family": [lambda: "parity", lambda: sk.bounds.sensitivity.parity()],
    "positions": [lambda: (0, 1), lambda: (1, 0, 2, 3), lambda: None], "value": [lambda: 1, lambda: "1/2", lambda: sp.Rational(1, 2)],
    "perm": [lambda: (1, 0, 2), lambda: (1, 0), lambda: (1, 0, 2, 3)], "g": [lambda: (1, 0, 2)], "h": [lambda: (0, 2, 1)],
    "data": [lambda: [1, 2, 3], lambda: (lambda *a: 1)], "path": [lambda: "place", lambda: "other"], "probabilities": [lambda: ["1/2", "1/2"], lambda: (sp.Rational(1, 2),) * 2],
    "steps": [tuple], "title": [lambda: "title"], "labels": [lambda: ((2, 1), (2, 1)), lambda: ((3, 2), (3, 2)), lambda: ((2, 2), (2, 2))],
    "place": [lambda: (0, 0), lambda: 0, lambda: (1, 1)], "branch": [lambda: 0], "width": [lambda: 80, lambda: Fraction(1, 100), lambda: 33.0],
    "counts": [lambda: (2, 1), lambda: (1, 1), lambda: (2, 1, 0)], "rows": [lambda: ((1, 2), (3,)), lambda: [[1, 0], [0, 1]], lambda: [(1, 2)], lambda: (_row(), _row()), lambda: [[Ball(1)]], lambda: np.array([0])],
    "partition": [lambda: (2, 1), lambda: (3, 2), lambda: (2, 2)], "shape": [lambda: (2, 1), lambda: (2, 2)], "steps ": [tuple],
    "matrix": [lambda: [[1, 0], [0, 1]], lambda: SparseMatrix.identity(6), lambda: SparseMatrix.identity(8), lambda: ExactMatrix.from_rows([[1]])],
    "other": [lambda: (2, 1), lambda: Ball(1), lambda: sk.ClassFunction(3, [1, 2, 3]), lambda: sk.CharacterPolynomial("X1"), lambda: RationalVector.of([1, 2]), lambda: sk.ClassFunction(4, lambda mu: len(mu)).restrict_to((2, 2))],
    "field": [_field], "symbols": [lambda: (L, v), lambda: (L,)], "num": [lambda: _field()(L).num], "den": [lambda: _field()(L).den],
    "factors": [lambda: [_row()], lambda: sk.ClassFunction(2, [1, -1])], "coefficients": [lambda: [-2, 0, 1], _row, lambda: {sk.Partition(3): [[1.0]]}], "values": [lambda: {alpha: 1}, lambda: [1, 2], lambda: {L: 5}],
    "low": [lambda: 1], "high": [lambda: 2], "minimal_polynomial": [lambda: (-2, 0, 1), _row], "variable": [lambda: L], "variables": [lambda: 2],
    "graph": [lambda: sk.combinatorics.young_lattice(3), lambda: sk.combinatorics.bratteli_diagram(3)], "mask": [lambda: 0b1011], "inner": [lambda: (1,)], "outer": [lambda: (3, 2)],
    "certificate": [lambda: sk.certificates.selection_certificate(), lambda: _spectrum().certificate(), lambda: sk.derive("linear-attention").certificate()], "claim": [lambda: sk.bounds.dimension_law((1,)).claim],
    "key": [lambda: "lindsey2025", lambda: next(iter(sk.bibtex().split("{")[1].split(",")))], "components": [lambda: [("1/2", sk.kernels.uniform(2)), ("1/2", sk.kernels.categorical(["1/3", "2/3"]))]],
    "types": [lambda: {(2, 0): "1/4", (1, 1): "3/4"}], "basis": [lambda: [0, 1, 2]], "act": [lambda: (lambda g, p: g[p])], "module": [lambda: sk.representations.words(length=3, letters=2)],
    "numerators": [lambda: [1, 0, 2], lambda: [0] * 8], "rational": [lambda: SparseMatrix.identity(2)], "squared_norms": [lambda: (Fraction(1), Fraction(2))], "matrices": [lambda: {sk.Partition(1): SparseMatrix.identity(1)}],
    "sizes": [lambda: (2, 1), lambda: (2, 2), lambda: [1, 2, 3]], "terms": [lambda: {(1, 0): 1}], "entries": [lambda: [(0, 0, 1)]], "entry": [lambda: None], "activation": [lambda: "quadratic"], "weight": [lambda: 2], "bias": [lambda: 1],
    "token": [lambda: 1], "position": [lambda: 0, lambda: "last"], "constant": [lambda: 0], "over": [lambda: 1], "factor": [lambda: 2], "number": [lambda: 1], "scale": [lambda: 2], "part": [lambda: "first", lambda: sk.bounds.selection.symmetry_gap().parts[0].part],
    "group": [lambda: "S_T x S_T x O(d)"], "exponent": [lambda: 1], "lengths": [lambda: [4, 5]], "times": [lambda: [1.0, 2.0]], "layer": [lambda: np.eye(5)], "loss": [lambda: "1/100"], "count": [lambda: 2, lambda: 3],
    "keep": [lambda: (lambda s: True)], "f ": [tuple], "learnability": [lambda: "1/2"], "overlap": [lambda: 1], "accuracy": [lambda: "1/10"], "samples": [lambda: 5], "layers": [lambda: 1], "size": [lambda: 4, lambda: 3], "point": [lambda: (0, 1, 0), lambda: (0, 1)],
    "step": [lambda: sk.Step("even", "1 = 1", "")], "derivation": [lambda: sk.bounds.dimension_law((1,)).derivation()], "results": [lambda: ((),)], "curve": [lambda: _spectrum().learning_curve("x1*x2", n=[1, 2], ridge=1)],
    "proof": [lambda: (lambda *a: None)], "rho": [lambda: sk.representations.natural((2, 1))], "verification": [lambda: sk.bounds.dimension_law((1,)).derivation().check(L=[4])], "energy": [lambda: sk.targets.energy(max, length=3, tokens=sk.kernels.uniform(2))],
    "packets": [lambda: 2], "i": [lambda: 0, lambda: 1], "j": [lambda: 0], "asymmetry": [lambda: 0], "symmetric_degree": [lambda: 0], "degree": [lambda: 1], "point ": [tuple], "arms": [lambda: (1,)], "legs": [lambda: (1,)], "parts": [lambda: (2, 1)],
    "t": [lambda: 2], "vector": [lambda: [1, 2], lambda: [1, 0, 0]], "vectors": [lambda: [[1.0], [2.0]]], "quantity": [lambda: "q"], "leading": [lambda: None], "threshold": [lambda: {"L": 2}, lambda: 0], "standing": [lambda: sk.Standing.PROVED],
    "what": [lambda: "this"], "instead": [lambda: "that"], "block": [lambda: ExactMatrix.from_rows([[1]])], "dimension": [lambda: 1], "position_irrep": [lambda: sk.Partition(1), lambda: (1,)], "token_irrep": [lambda: sk.Partition(1), lambda: (1,)],
    "valid_for": [lambda: {"L": 2}], "sectors": [tuple], "mean_diagonal": [lambda: sp.S.One], "stages": [lambda: _KERNEL.stages, lambda: sk.kernels.embedding(1).stages], "engine": [lambda: None], "p": [lambda: 2], "letter": [lambda: 1],
    "verdict": [lambda: "confirmed"], "lines": [lambda: ("a",)], "function": [lambda: (lambda *a: 1), lambda: "parity"], "of_table": [lambda: False], "header": [lambda: ("a", "b")], "statement": [lambda: "1 = 1"], "reason": [lambda: ""],
    "left": [lambda: 1], "right": [lambda: 1], "holds": [lambda: True], "index": [lambda: 0], "operations": [lambda: 1], "seconds": [lambda: 1.0], "fixed": [lambda: 0], "irrep": [lambda: "(1)"], "source": [lambda: "s"], "pipeline": [lambda: "embedding(1)"],
    "squared_norm": [lambda: sp.S.One], "eigenvalue_bound": [lambda: sp.S.One], "last": [lambda: 2], "out": [lambda: np.zeros((5, 1), np.int64)], "numbers": [lambda: [0]], "laws": [lambda: (None, None)],
}  # fmt: skip

#: And by the beginning of the annotation.
_TYPED: list[tuple[str, Callable[[], Any]]] = [
    ("bool", lambda: True), ("int", lambda: 2), ("float", lambda: 0.5), ("str", lambda: "x"), ("PartitionLike", lambda: (2, 1)), ("PermutationLike", lambda: (1, 0, 2)),
    ("sp.Symbol", lambda: L), ("sp.", lambda: sp.Rational(1, 2)), ("Sequence", lambda: (1, 0)), ("Iterable", lambda: (1, 0)), ("tuple[int, int]", lambda: (0, 0)), ("tuple", tuple), ("Mapping", dict),
    ("dict", dict), ("Callable", lambda: lambda *a: 1), ("Size", lambda: sk.tokens.Size(3)), ("Law", lambda: sk.kernels.uniform(2)), ("Spectrum", _spectrum), ("Standing", lambda: sk.Standing.PROVED),
    ("Fraction", lambda: Fraction(1, 2)), ("Rational", lambda: Fraction(1, 2)), ("Partition", lambda: sk.Partition(2, 1)), ("RationalFunction", lambda: _field()(L)), ("FunctionField", _field),
    ("ExactMatrix", lambda: ExactMatrix.from_rows([[1]])), ("SparseMatrix", lambda: SparseMatrix.identity(2)), ("SignedAction", lambda: sk.representations.words(length=3, letters=2)),
    ("Module", lambda: sk.representations.words(length=3, letters=2)), ("Floats", lambda: np.array([0.5])), ("IntegerArray", lambda: np.array([0])), ("Progress", lambda: iter),
]  # fmt: skip


#: For single callables, where name and type do not say it.
_OWN: dict[str, dict[str, Callable[[], Any]]] = {
    "symkern.Standing": {"value": lambda: "proved"},
    "symkern.bounds.selection.first_layer_loss": {"layer": lambda: np.zeros((2, 10)), "T": lambda: 5, "d": lambda: 2, "q": lambda: 2},
    "symkern.bounds.selection.flow": {"T": lambda: 5, "d": lambda: 2, "q": lambda: 2, "until": lambda: 1.0},
    "symkern.experiments.selection": {"T": lambda: 3, "d": lambda: 1, "q": lambda: 1, "m": lambda: 2, "steps": lambda: 4, "batch": lambda: 8, "draws": lambda: 100, "longer": tuple, "widths": tuple},
    "symkern.experiments.text": {"lengths": lambda: (4,), "shuffles": lambda: 0, "length": lambda: 3, "vocabulary": lambda: 2, "n": lambda: (5,), "draws": lambda: 2},
    "symkern.experiments.network": {"width": lambda: (4,), "length": lambda: 2, "samples": lambda: 2, "others": lambda: 2, "draws": lambda: 4, "trained": lambda: 2, "steps": lambda: 2, "chains": lambda: 2, "moves": lambda: 4},
    "symkern.experiments.sensitivity": {"functions": lambda: ("parity",), "length": lambda: (2,), "width": lambda: 4, "hidden": lambda: 4, "batch": lambda: 8, "steps": lambda: 2, "perturbations": lambda: 2},
    "symkern.plot.selection_flow": {"flow": lambda: sk.bounds.selection.flow(5, 2, 2, until=1.0)},
    "symkern.bounds.selection.width_for_loss": {"T": lambda: 4, "d": lambda: 1, "q": lambda: 2, "loss": lambda: 1},
    "RandomCodes.flow": {"times": lambda: [0.0]},
    "symkern.bounds.learnability": {"eigenvalue": lambda: "1/2", "n": lambda: 3},
    "symkern.exact.SparseMatrix": {"shape": lambda: (2, 2), "rows": lambda: np.array([0]), "columns": lambda: np.array([1]), "numerators": lambda: np.array([3])},
    "symkern.kernels.read_pipeline": {"text": lambda: "embedding(1) | flatten"},
    "symkern.representations.FourierTransform": {"n": lambda: 1, "matrices": lambda: {sk.Partition(1): SparseMatrix.identity(1)}},
    "symkern.representations.inverse_fourier_transform_float": {"n": lambda: 1, "coefficients": lambda: {sk.Partition(1): np.eye(1)}},
    "symkern.testing.assert_eigenvalue": {"kernel": lambda: "bag-of-tokens", "mu": tuple, "kappa": tuple, "formula": lambda: "alpha/v"},
    "CharacterPolynomial.__call__": {"perm": lambda: (1, 0, 2, 3, 4)}, "CharacterPolynomial.value": {"mu": lambda: (3, 2)}, "CharacterTable.column": {"mu": lambda: (3, 2)}, "CharacterTable.row": {"lam": lambda: (3, 2)},
    "Eigenfunction.__call__": {"x": lambda: (0, 1, 0), "vocabulary": lambda: 2, "parameters": lambda: 1}, "Eigenfunction.values": {"length": lambda: 3, "vocabulary": lambda: 2, "parameters": lambda: 1},
    "FunctionKernel.value": {"point": lambda: (0, 1)}, "Partition.dominates": {"other": lambda: (4, 2)}, "ModuleVector.dot": {"other": lambda: RationalVector.of([1] * 6)},
    "ExactMatrix.substitute": {"values": lambda: {L: 5, v: 3}, "field": _field},
    "CharacterPolynomial.subs": {"arguments": lambda: {sk.abc.cycle_count(1): 2}}, "ClassFunction.subs": {"arguments": lambda: {alpha: 2}}, "Columns.fill": {"out": lambda: np.zeros((2, 5), np.int64), "first": lambda: 0, "last": lambda: 2},
    "LearningCurve.samples": {"part": lambda: _spectrum().learning_curve("x1*x2", n=[1, 2], ridge=1).parts[0]}, "Spectrum.floats": {"lengths": lambda: [4]}, "symkern.plot.exponent_map": {"found": lambda: sk.derive("linear-attention").exponent_map()},
    "symkern.plot.learning_curve": {"curves": lambda: _spectrum().learning_curve("x1*x2", n=[1, 2], ridge=1)}, "symkern.plot.target_comparison": {"energies": lambda: {"a": sk.targets.energy("x1", length=3, tokens=sk.kernels.uniform(2))}},
    "YoungClassFunction.__getitem__": {"types": lambda: ((2,), (1, 1))},
}  # fmt: skip
for _name in ("draw_sensitivity", "draw_weights"):
    _OWN[f"symkern.plot.{_name}"] = {"found": lambda: _spectrum().average_sensitivity()}
#: Examples with a number for every symbol, where others stand first.
_NUMERIC = {
    "Spectrum": 1,
    "Sector": 1,
    "Eigenfunction": 1,
    "SectorFunction": 1,
    "ExactMatrix": 1,
    "RationalFunction": 1,
}


def _candidates(p: inspect.Parameter) -> list[Callable[[], Any]]:
    typed = [make for start, make in _TYPED if str(p.annotation).startswith(start)]
    return [*_NAMED.get(p.name, ()), *typed, lambda: 2, lambda: "1/2", lambda: (1, 0), lambda: None]


def _needed(p: inspect.Parameter) -> bool:
    return p.default is p.empty and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)


@cache
def right_arguments(name: str) -> dict[str, Callable[[], Any]] | None:
    """What makes an argument for each that is needed, so that the call has a result; None where no such arguments are known."""
    f = found(name)
    needed = [p for p in parameters(f) if _needed(p) and p.name not in _OWN.get(name, {})]
    choice = {p.name: 0 for p in needed}
    tried = {p.name: _candidates(p) for p in needed}
    generator = random.Random(name)
    for attempt in range(60):
        chosen = {key: tried[key][i % len(tried[key])] for key, i in choice.items()}
        chosen |= _OWN.get(name, {})
        try:
            call(f, {key: make() for key, make in chosen.items()})
            return chosen
        except SymkernError as error:
            named = str(getattr(error, "argument", "")).replace(",", " ").split()
            guilty = [key for key in choice if key in named]
        except Exception:
            guilty = []
        if attempt < 20 and guilty:
            choice[guilty[0]] += 1
        elif choice:
            choice[generator.choice(list(choice))] += 1
    return None


def some_arguments(name: str) -> dict[str, Callable[[], Any]]:
    """Right ones, or the first of each kind where no right ones are known."""
    known = right_arguments(name)
    return known if known is not None else {p.name: _candidates(p)[0] for p in parameters(found(name)) if _needed(p)}  # fmt: skip


def call(f: Callable[..., Any], given: dict[str, Any]) -> Any:
    """``f`` with arguments by name; what a star takes is one argument."""
    positional: list[Any] = []
    named: dict[str, Any] = {}
    places = parameters(f)
    starred = any(p.kind is p.VAR_POSITIONAL and p.name in given for p in places)
    for p in places:
        if p.name not in given:
            continue
        if p.kind is p.VAR_KEYWORD:
            named["alpha"] = given[p.name]
        elif p.kind in (p.POSITIONAL_ONLY, p.VAR_POSITIONAL) or (starred and p.kind is p.POSITIONAL_OR_KEYWORD):  # fmt: skip
            positional.append(given[p.name])
        else:
            named[p.name] = given[p.name]
    return f(*positional, **named)


def arguments(name: str) -> Iterator[str]:
    """The names of the arguments to be replaced."""
    for p in parameters(found(name)):
        if p.name not in ("self", "cls") and p.name[0] != "_":
            yield p.name
