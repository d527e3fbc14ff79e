"""Nothing of a user is evaluated: a list of the places that make formulas of values, and a canary in every argument of every public callable."""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import sympy as sp
from sympy.parsing import sympy_parser

import symkern as sk
from symkern.errors import SymkernError
from tests.house import PACKAGE
from tests.test_values import EXAMPLES, ROOMS

# -- the source ------------------------------------------------------------------------------

#: What evaluates text, and SymPy's functions that do so with a text that they are given.
EVALUATORS = {"eval", "exec", "compile", "__import__", "parse_expr", "literal_eval", "sympify"}
OF_SYMPY = {"S", "sympify", "N", "Float", "Poly", "simplify"}
LOADERS = {"pickle", "marshal", "shelve", "yaml", "dill", "cloudpickle", "joblib", "runpy", "ast"}

#: Where they stand on values that the package has made: formulas and numbers of its results, never what a caller passes.
ALLOWED = {
    "characters/character_polynomial.py": {"sp.Poly(value, *map(cycle_count, places))"},
    "bounds/sensitivity/regular_languages.py": {"sp.Poly(f, x)"},  # of recurrences of whole numbers
    "exact/linear_recurrences.py": {"sp.Poly(factor, z)"},  # of polynomials of the package
    "cli/selection.py": {"sp.S(sizes['d'])"},
    "engines/large_length/degree_shares.py": {"sp.N(value, mp.dps)"},
    "exact/algebraic.py": {"sp.Poly(self.minimal_polynomial[::-1], z)"},
    "exact/exact_arguments.py": {"sp.S(value, strict=True)"},  # refuses text
    "exact/asymptotics.py": {"sp.S(10 ** 6)"},
    "exact/quasipolynomials.py": {"sp.Poly(expression, N, domain='QQ')"},  # behind exact_expression
    "kernels/gaussian.py": {"sp.Poly(phi, x)"},
    "testing/witnesses.py": {"sp.simplify(value)"},
    "kernels/activations/polynomials.py": {"sp.Poly(self.expression, x)"},
    "learning/crossing.py": {"sp.Poly(e, x)", "sp.Poly(e, CONTEXT_LENGTH)"},
    "learning/sign_rates.py": {
        "sp.simplify(read - 1)",
        "sp.simplify(slope / same)",
        "sp.simplify(apart / same)",
        "sp.simplify(r / sp.sqrt(p * q))",
        "sp.simplify(p * q - r * r)",
    },
    "learning/target_energies.py": {"sp.N(value, _DIGITS)"},
    "pages/learnability.py": {"sp.Float(e, 6)"},
    "tokens/symmetric_share.py": {"sp.Poly(factor, unknown)"},
}


def evaluators(source: str) -> Iterator[tuple[int, str]]:
    """The line and the text of every such call that is not of constants alone, and of every such import."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [a.name for a in node.names]
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if {n.partition(".")[0] for n in names} & LOADERS or set(names) & EVALUATORS:
                yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Call):
            f = node.func
            named = isinstance(f, ast.Name) and f.id in EVALUATORS | {"S"}
            named |= isinstance(f, ast.Attribute) and f.attr in EVALUATORS - {"compile"}
            named |= (
                isinstance(f, ast.Attribute)
                and ast.unparse(f.value) in ("sp", "sympy")
                and f.attr in OF_SYMPY
            )
            loads = isinstance(f, ast.Attribute) and ast.unparse(f) in ("np.load", "numpy.load")
            if loads or (named and not all(isinstance(a, ast.Constant) for a in node.args)):
                yield node.lineno, ast.unparse(node)


def strangers(room: Path = PACKAGE, allowed: dict[str, set[str]] = ALLOWED) -> list[str]:
    """Those of a package that are not on the list; derivations check formulas of the package, and read nothing."""
    found = []
    for path in sorted(room.rglob("*.py")):
        name = str(path.relative_to(room))
        if name.startswith("derivations/"):
            continue
        for line, text in evaluators(path.read_text()):
            if text not in allowed.get(name, ()):
                found.append(f"{name}:{line} {text}")
    return found


def test_what_evaluates_text_stands_on_the_list() -> None:
    assert strangers() == []
    there = {name: {t for _, t in evaluators((PACKAGE / name).read_text())} for name in ALLOWED}
    assert {n: sorted(ALLOWED[n] - t) for n, t in there.items() if not ALLOWED[n] <= t} == {}


@pytest.mark.parametrize(
    "line",
    [
        "sp.S(value)", "sp.sympify(value)", "eval(value)", "builtins.eval(value)", "exec(value)", "import pickle", "from yaml import load",
        "sympy.N(value)", "from sympy import sympify", "parse_expr(value)", "sp.Poly(value, x)", "np.load(value)", "ast.literal_eval(value)",
    ],
)  # fmt: skip
def test_a_planted_call_is_found(line: str, tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text(f"def read(value):\n    {line}\n")
    assert strangers(tmp_path) == [f"planted.py:2 {line}"]


# -- the canary ------------------------------------------------------------------------------

#: Arguments that are right, by name, so that the canary gets beyond the first of them.
RIGHT: dict[str, Any] = {
    "lam": (2, 1), "mu": (2, 1), "nu": (2, 1), "kappa": (1,), "n": 3, "length": 3, "L": 3, "k": 2, "T": 5, "d": 2, "q": 2, "m": 2,
    "ridge": 1, "eigenvalue": "1/2", "energies": ["1/2"], "kernel": "flatten", "tokens": sk.kernels.uniform(2), "letters": 2, "vocabulary": 2,
    "target": "x1", "formula": sk.abc.L, "x": (0, 1, 0), "y": (0, 1, 1), "perm": (1, 0, 2), "trace": 1, "eigenvalues": ["1/2"], "value": "1/2",
    "multiplicities": [1], "probabilities": ["1/2", "1/2"], "first": "linear-attention", "second": "flatten", "weights": [1, 1],
}  # fmt: skip
#: Methods of matrices, lists and mappings say what Python's own do where something is no index.
INDEXED = "__getitem__"


def callables() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function and class, and the methods of an example of every public class."""
    seen = set()
    for room in ROOMS:
        module = importlib.import_module(room)
        for name in getattr(module, "__all__", ()):
            value = getattr(module, name)
            if callable(value) and str(getattr(value, "__module__", "")).startswith("symkern"):
                if inspect.isclass(value) and issubclass(value, BaseException):
                    continue
                if id(value) not in seen:
                    seen.add(id(value))
                    yield f"{room}.{name}", value
    for name, makers in EXAMPLES.items():
        value = makers[0]()
        for method in dir(type(value)):
            if method.startswith("_") and method not in ("__call__", "__getitem__"):
                continue
            try:
                found = getattr(value, method, None)
            except SymkernError:  # a property without a value here
                continue
            if callable(found) and not inspect.isclass(found):
                yield f"{name}.{method}", found


def given(f: Callable[..., Any], canary: object) -> Iterator[tuple[str, Callable[[], Any]]]:
    """For each argument a call that has the canary there, and what is right, or the canary, where an argument is needed."""
    try:
        parameters = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):
        return
    for p in parameters:
        if p.name in ("self", "cls"):
            continue
        first: list[object] = []
        named: dict[str, object] = {}
        for q in parameters:
            value = canary if q is p else RIGHT.get(q.name, canary)
            if q.kind is q.VAR_POSITIONAL:
                first += [canary] if q is p else []
            elif q.kind is q.VAR_KEYWORD:
                named |= {"alpha": canary} if q is p else {}
            elif q is p or q.default is q.empty:
                if q.kind is q.KEYWORD_ONLY:
                    named[q.name] = value
                elif (
                    any(o.kind is o.VAR_POSITIONAL for o in parameters)
                    or q.kind is q.POSITIONAL_ONLY
                ):
                    first.append(value)
                else:
                    named[q.name] = value
        yield p.name, lambda first=first, named=named: f(*first, **named)


def use(value: object) -> None:
    """Read every attribute of an object that took the canary, and call what needs no argument; whatever it says."""
    for name in dir(value):
        if not name.startswith("_") or name in (
            "__str__",
            "__repr__",
            "_repr_latex_",
            "_repr_html_",
        ):
            try:
                found = getattr(value, name)
                if callable(found) and not inspect.isclass(found):
                    found()
            except Exception:
                pass


@pytest.fixture
def fired(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What has been evaluated that is the canary's; a file of the canary's name would lie in the folder too."""
    found: list[str] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "system", lambda command: found.append(command) or 0)

    def watched(name: str, plain: Callable[..., Any]) -> Callable[..., Any]:
        def call(source: object, *arguments: object, **named: object) -> object:
            if not isinstance(source, str) or "touch canary" not in source:
                if not arguments and not named and plain.__module__ == "builtins":
                    frame = sys._getframe(1)  # as without this watch
                    return plain(source, frame.f_globals, frame.f_locals)
                return plain(source, *arguments, **named)
            found.append(f"{name}: {source[:80]}")
            raise AssertionError(f"{name} of the canary")

        return call

    for name in ("eval", "exec"):
        monkeypatch.setattr(builtins, name, watched(name, getattr(builtins, name)))
    monkeypatch.setattr(sympy_parser, "parse_expr", watched("parse_expr", sympy_parser.parse_expr))
    return found


CANARY = "__import__('os').system('touch canary')"


def _promised(f: Callable[..., Any]) -> bool:
    """Whether typed errors are: not of what a class has from Python, as enumerations have their call, nor of what says that it takes values that have been checked."""
    own = str(getattr(f, "__module__", None) or "").startswith("symkern")
    routine = inspect.isroutine(f) or (inspect.isclass(f) and not issubclass(f, Enum))
    return (
        own
        and routine
        and f.__name__ not in ("trusted", "reduced", "in_module", "from_dense_numerators")
    )


def test_a_canary_in_every_argument_never_sings(fired: list[str], tmp_path: Path) -> None:
    raw: list[str] = []
    sung: list[str] = []
    asked = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, f in list(callables()):
            for argument, call in given(f, CANARY):
                asked += 1
                try:
                    found = call()
                except (SymkernError, OSError):  # of a file, Python says what is the matter
                    pass
                except Exception as error:
                    if not name.endswith(INDEXED) and _promised(f):
                        raw.append(f"{name}({argument}): {type(error).__name__} {error}")
                else:
                    if inspect.isclass(f):
                        use(found)
                sung += [f"{name}({argument}): {evaluated}" for evaluated in fired]
                fired.clear()
    assert sung == [] and asked > 1000
    assert raw == []
    assert not (tmp_path / "canary").exists()


def test_an_object_that_prints_the_canary_never_sings(fired: list[str]) -> None:
    """SymPy's S reads what an object that it does not know prints."""

    class Printed:
        def __str__(self) -> str:
            return CANARY

        __repr__ = __str__

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, f in list(callables()):
            for argument, call in given(f, Printed()):
                try:
                    found = call()
                    if inspect.isclass(f):
                        use(found)
                except Exception:
                    pass
                assert fired == [], f"{name}({argument})"


def test_the_canary_would_sing(fired: list[str]) -> None:
    """SymPy's readers evaluate it, so that one call of them on an argument is enough to be found."""
    for evaluates in (
        sp.S,
        lambda t: sp.Symbol("y").subs("y", t),
        lambda t: sp.Poly(t, sp.Symbol("y")),
    ):
        before = len(fired)
        with pytest.raises(Exception):  # noqa: B017
            evaluates(CANARY)
        assert len(fired) > before
