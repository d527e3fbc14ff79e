"""What docstrings say of arguments: everything that users call with two or more describes each of them, in order.

That an ``Args:`` part leaves none out is also a rule of ruff (D417), which finds only those that are there.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from symkern import doors

sys.path.insert(0, str(Path(__file__).parents[1] / "docs"))

from extensions import public_names

#: For other rooms, with no docstring for users: what refuses, and what takes parts that are known to be right.
_WITHIN = re.compile(r"(require|trusted|checked|claim|advising|written|fill|in_module|reduced|ratio|on_tables|order_of_unlisted|as_scipy|from_dense_numerators|remove_strips|adjacent)(_|$)")  # fmt: skip
_RETURNED = re.compile(r"^Returns:\n    (.*)", re.MULTILINE)
_ORDER = ("Args:", "Returns:", "Raises:", ">>>")
_CODE = re.compile(r"``.*?``|`[^`]*`")


def called() -> Iterator[tuple[str, Callable[..., Any], bool]]:
    """(name, function, whether its first argument is the object) of every public function and method, each once."""
    known: set[Any] = set()
    kinds = list(public_names.results())
    for room in public_names.rooms():
        for name in public_names.names(room):
            thing = public_names.value(room, name)
            if inspect.isclass(thing):
                kinds.append(thing)
            elif inspect.isroutine(thing) and thing.__module__.startswith("symkern"):
                yield f"{room}.{name}", inspect.unwrap(thing), False
    for kind in kinds:
        for name in dir(kind):
            static = inspect.getattr_static(kind, name)
            if isinstance(static, doors.Door):
                static = None if static.target.endswith("!") else doors.opened(static.target)
            alone = isinstance(static, staticmethod)
            function = inspect.unwrap(getattr(static, "__func__", static))
            ours = inspect.isfunction(function) and function.__module__.startswith("symkern")
            if ours and not name.startswith("_") and function not in known:
                known.add(function)
                yield f"{kind.__name__}.{name}", function, not alone


CALLED = {name: (function, bound) for name, function, bound in called()}


def entries(text: str, section: str) -> list[str]:
    """The names that a section describes."""
    found = re.search(rf"^{section}:\n((?:    .*\n?)+)", text, re.MULTILINE)
    return re.findall(r"^    (\*{0,2}\w+): ", found[1], re.MULTILINE) if found else []


def arguments(function: Callable[..., Any]) -> list[str]:
    """The names of all arguments, with their stars."""
    stars: dict[Any, str] = {
        inspect.Parameter.VAR_POSITIONAL: "*",
        inspect.Parameter.VAR_KEYWORD: "**",
    }
    return [stars.get(p.kind, "") + n for n, p in inspect.signature(function).parameters.items()]


def test_arguments_are_described() -> None:
    """All of them, in the order in which they are given."""
    wrong = {}
    for name, (function, bound) in CALLED.items():
        text, taken = inspect.getdoc(function) or "", arguments(function)
        if bound and taken[:1] in (["self"], ["cls"]):
            taken, bound = taken[1:], False
        given = entries(text, "Args")
        known = [a for a in taken if not a.lstrip("*").startswith("_")]
        asked = len(known) - bound >= 2 and not _WITHIN.match(name.rpartition(".")[2])
        if given != known and (given or asked):
            wrong[name] = (given, known)
    assert len(CALLED) > 800 and wrong == {}


def test_sections_stand_once_in_their_order_before_the_examples() -> None:
    """Two changes to one docstring may both have brought a section."""
    wrong = []
    for name, (function, _) in CALLED.items():
        text = inspect.getdoc(function) or ""
        heads = re.findall(r"^(?:Args|Returns|Raises):$|^>>>", text, re.MULTILINE)
        if list(dict.fromkeys(heads)) != [h for h in _ORDER if h in heads] or any(
            heads.count(h) > 1 for h in _ORDER[:3]
        ):
            wrong.append(name)
    assert wrong == []


def test_what_is_returned_is_a_sentence_and_no_type() -> None:
    """What stands before a colon there is taken for a type by those who lay docstrings out."""
    texts = {name: inspect.getdoc(function) or "" for name, (function, _) in CALLED.items()}
    found = [(name, line) for name, text in texts.items() for line in _RETURNED.findall(text)]
    assert len(found) > 50
    assert [(name, line) for name, line in found if ":" in _CODE.sub("", line)] == []
