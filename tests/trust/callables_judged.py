"""One call of a public callable with an odd argument, judged: it has a result, or it is refused by a typed error; anything else is a finding."""

from __future__ import annotations

import random
import re
import sys
import traceback
import warnings
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import sympy as sp

import symkern
from symkern import limits
from symkern.errors import SymkernError
from symkern.registration import Registration
from tests.trust.odd_values import ODD
from tests.trust.public_callables import call, found, names, parameters, some_arguments

__all__ = ["judged", "prepared"]

#: After which the package gives up by itself, less than its caller's patience: what would go on without end is told from what takes a minute.
SECONDS = 1.5
PACKAGE = Path(symkern.__file__).parent
_WRONG_CALL = re.compile(
    r"^int\(\)|(takes|missing|expected) .*argument|unexpected keyword|multiple values"
)
#: Arguments that are functions of a user, who reads their errors as they are.
_FUNCTIONS = (
    "f",
    "act",
    "labels",
    "function",
    "data",
    "rho",
    "proof",
    "keep",
    "progress",
    "target",
    "energies",
    "vectors",
)
#: Functions that say that they compute in floating point give nan for nan.
_FLOATING = re.compile("float|numeric|plot")
_OPERATIONS = ("__str__", "__repr__", "__hash__", "latex", "text", "to_dict", "_repr_html_")


def prepared() -> None:
    """Make what all cases need, once for all processes: the examples of the classes."""
    names()


def judged(case: list[Any]) -> dict[str, str]:
    """The case is (name, argument, value); a number for the value, with the argument "*", draws all arguments of which one is odd at least."""
    name, argument, value = case
    warnings.simplefilter("ignore")
    made = some_arguments(name)
    if argument == "*":
        generator = random.Random(f"{name} {value}")
        f = found(name, generator.randrange(8))
        places = [p.name for p in parameters(f) if p.name in made or generator.random() < 0.5]
        odd = {p for p in places if generator.random() < 0.6} or set(places[:1])
        values = {p: ODD[generator.choice(list(ODD))] if p in odd or p not in made else made[p] for p in places}  # fmt: skip
    else:
        f = found(name)
        values = {**made, argument: ODD[value]}
    given = {key: make() for key, make in values.items()}
    try:
        with limits.changed(seconds=SECONDS, hours=SECONDS / 3600):
            result = call(f, given)
            if isinstance(f, type):
                _read(result)
        given_back = any(result is value for value in given.values())
        for number in () if given_back or _FLOATING.search(name) else _numbers(result):
            if number is sp.nan or number is sp.zoo or (isinstance(number, float) and number != number):  # fmt: skip
                return {"kind": "nan", "text": f"a result holds {number}"}
    except Exception as error:
        return _of_error(name, f, given, error)
    finally:
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")
        given.clear()
    if isinstance(result, Registration) and not isinstance(f, type):
        result.undo()
    return {"kind": "value"}


def _read(value: Any) -> None:
    """What was accepted can be shown and compared."""
    for name in _OPERATIONS:
        operation = getattr(value, name, None)
        if callable(operation):
            try:
                operation()
            except SymkernError:
                pass
            except TypeError:
                if name != "__hash__":
                    raise
            except (ValueError, RecursionError) as error:
                if "4300 digits" not in str(error) and "recursion" not in str(error):
                    raise  # what Python itself does not write, wherever it stands
    assert (value == value) is not None


def _numbers(value: Any, depth: int = 0) -> Iterable[Any]:
    """The numbers of a result, as far as it shows them."""
    if isinstance(value, (sp.Basic, float)):
        yield value
    elif isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.size:
        yield float(value.sum())
    elif isinstance(value, Mapping) and depth < 3:
        for entry in islice(value.values(), 20):
            yield from _numbers(entry, depth + 1)
    elif isinstance(value, (list, tuple)) and depth < 3:
        for entry in islice(value, 20):
            yield from _numbers(entry, depth + 1)


def _of_error(name: str, f: Any, given: dict[str, Any], error: Exception) -> dict[str, str]:
    kind = type(error).__name__
    if isinstance(error, SymkernError):
        return {"kind": "refused", **({} if _readable(error) else {"odd": repr(str(error))[:200]})}
    if name.endswith(".__getitem__") and isinstance(error, (LookupError, TypeError)):
        return {
            "kind": "refused"
        }  # as Python's own lists and dictionaries say it, and `in` and `get` hear it
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, AssertionError) and name.startswith("symkern.testing."):
        return {"kind": "refused"}
    if isinstance(error, OSError) and not isinstance(error, BlockingIOError):
        return {"kind": "refused"}  # no such file
    if not Path(frames[-1].filename).is_relative_to(PACKAGE) and any(
        callable(value) and not str(getattr(value, "__module__", "")).startswith("symkern")
        for key, value in given.items()
        if key in _FUNCTIONS
    ):
        return {"kind": "refused"}  # what a user's own function says
    inside = [fr for fr in frames if Path(fr.filename).is_relative_to(PACKAGE)]
    at = (
        f"{Path(inside[-1].filename).relative_to(PACKAGE)}:{inside[-1].lineno} {inside[-1].name}"
        if inside
        else "outside"
    )
    if isinstance(error, TypeError) and _WRONG_CALL.search(str(error)):
        return {
            "kind": "refused"
        }  # by Python, which knows the arguments; or by a class that stands where a function is due
    text = " ".join(str(error).split())[:160]
    return {"kind": kind, "text": text, "at": at, "in": Path(frames[-1].filename).name}


def _readable(error: SymkernError) -> bool:
    said = str(error)
    return 0 < len(said) < 2000 and said.isprintable()
