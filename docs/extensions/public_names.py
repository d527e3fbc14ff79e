"""The public names of symkern, each with the one place where the site tells of it.

A name that several packages pass on has its page at the first of them, in this order: `symkern` itself, then its public packages.
Classes of results, which methods return, have theirs in the module that defines them.
"""

from __future__ import annotations

import importlib
import inspect
import re
from functools import cache
from types import ModuleType
from typing import Any

from symkern import doors

__all__ = ["ROOMS", "home", "names", "results", "rooms", "targets"]

#: Public packages below `symkern`, in the order in which a reader meets them.
ROOMS = (
    "symkern.kernels",
    "symkern.tokens",
    "symkern.targets",
    "symkern.learning",
    "symkern.bounds",
    "symkern.bounds.selection",
    "symkern.bounds.sensitivity",
    "symkern.data",
    "symkern.plot",
    "symkern.certificates",
    "symkern.combinatorics",
    "symkern.characters",
    "symkern.representations",
    "symkern.exact",
    "symkern.typeset",
    "symkern.abc",
    "symkern.limits",
    "symkern.errors",
    "symkern.testing",
    "symkern.strategies",
)


def rooms() -> tuple[str, ...]:
    """The packages with a page: those above, and what `symkern` passes on and they lack."""
    top = doors.NAMES["symkern"]
    more = {m for name, m in top.items() if m.rpartition(".")[2] == name and m not in ROOMS}
    return ("symkern", *ROOMS, *sorted(more))


@cache
def names(room: str) -> tuple[str, ...]:
    """The public names of a package."""
    module = importlib.import_module(room)
    shown = {*getattr(module, "__all__", ()), *doors.NAMES.get(room, ())}
    return tuple(sorted(n for n in shown if not n.startswith("_")))


def value(room: str, name: str) -> Any:
    """What a public name stands for."""
    return getattr(importlib.import_module(room), name)


def is_package(thing: object) -> bool:
    """Whether a public name is a package, with a page of its own."""
    return isinstance(thing, ModuleType)


@cache
def _homes() -> dict[int, str]:
    """Identity of a function or class -> its place."""
    found: dict[int, str] = {}
    public = rooms()
    for name in names("symkern"):  # only what has no public package of its own
        thing = value("symkern", name)
        if not is_package(thing) and doors.NAMES["symkern"].get(name) not in public:
            found[id(thing)] = f"symkern.{name}"
    for room in public[1:]:
        for name in names(room):
            thing = value(room, name)
            if not is_package(thing) and (inspect.isclass(thing) or callable(thing)):
                found.setdefault(id(thing), f"{room}.{name}")
    return found


def home(room: str, name: str) -> str:
    """The full name under which the site tells of ``name``; a value that is neither function nor class has its own."""
    return _homes().get(id(value(room, name)), f"{room}.{name}")


@cache
def results() -> tuple[type, ...]:
    """Classes that functions and methods return and no package lists, by name."""
    listed = _homes()
    found: dict[str, type] = {}
    waiting = [value(room, name) for room in rooms() for name in names(room)]
    for table in doors.METHODS.values():
        waiting += [doors.opened(target) for target in table.values()]
    with_doors = [getattr(doors, f"{owner}Doors").__subclasses__() for owner in doors.METHODS]
    waiting += [kind for kinds in with_doors for kind in kinds]
    while waiting:
        thing = waiting.pop()
        for kind in {thing, *_returned(thing)} if inspect.isclass(thing) else _returned(thing):
            own = kind.__module__.startswith("symkern.") and not kind.__name__.startswith("_")
            own = own and not kind.__module__.startswith(
                "symkern.reading"
            )  # of the readers' own use
            if own and id(kind) not in listed and found.setdefault(kind.__name__, kind) is kind:
                listed = {**listed, id(kind): ""}
                waiting.append(kind)
    return tuple(found[name] for name in sorted(found))


def _returned(thing: Any) -> set[type]:
    """Classes in the annotations of what a function, or the public methods of a class, return."""
    functions = [thing]
    if inspect.isclass(thing):
        public = [inspect.getattr_static(thing, n) for n in dir(thing) if not n.startswith("_")]
        functions = [getattr(f, "fget", None) or getattr(f, "__func__", f) for f in public]
        functions = [doors.opened(f.target) if isinstance(f, doors.Door) else f for f in functions]
    found: set[type] = set()
    for function in functions:
        if inspect.isfunction(function):
            known = inspect.unwrap(function).__globals__
            told = str(getattr(function, "__annotations__", {}).get("return", ""))
            found |= {known[n] for n in re.findall(r"[A-Za-z]\w*", told) if inspect.isclass(known.get(n))}  # fmt: skip
    return found


@cache
def targets() -> dict[str, str]:
    """What docstrings call a thing -> its place; a name that two things have is left out."""
    found: dict[str, set[str]] = {}
    for room in rooms():
        found.setdefault(room, set()).add(room)
        for name in names(room):
            thing = value(room, name)
            place = thing.__name__ if is_package(thing) else home(room, name)
            for called in (name, f"{room}.{name}", f"sk.{room}.{name}".replace("symkern.", "")):
                found.setdefault(called, set()).add(place)
    for kind in results():
        place = f"{kind.__module__}.{kind.__name__}"
        found.setdefault(kind.__name__, set()).add(place)
        found.setdefault(place, set()).add(place)
    single = {"L", "s", "h", "e", "p", "m", "st", "v", "n", "w", "b", "x"}
    return {called: min(places) for called, places in found.items() if len(places) == 1 and called not in single}  # fmt: skip
