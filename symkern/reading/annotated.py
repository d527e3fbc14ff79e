"""Objects are of the types that annotations say: a class or function that is `typed` refuses others by name, before it does anything.

Results are classes whose fields other results fill, and one that holds something else would fail far away, when it is shown. So their
annotations are promises: ``@typed`` below ``@dataclass`` reads them once, at the first object, and looks at each field; on a function it
looks at the arguments. A number may be any that Python counts as one (NumPy's, SymPy's); an annotation whose
names the module does not know when it runs says nothing, nor does one of ``Any`` and ``object``. Whole numbers of NumPy, which wrap,
and of SymPy, where no formula may stand, go on as Python's, and Python's as SymPy's where nothing but a formula may stand; a range whose list would not fit the memory goes nowhere.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from inspect import isclass, signature, unwrap
from numbers import Real
from types import NoneType, SimpleNamespace, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from symkern.errors import InvalidType
from symkern.reading.integers import is_integer
from symkern.reading.sequences import require_short

_Typed = TypeVar("_Typed", bound=Callable[..., Any])

#: What a name of Python's says of the values, where it is not an instance's class, and how it is called.
_PLAIN: dict[Any, tuple[Callable[[Any], bool], str]] = {
    NoneType: (lambda value: value is None, "None"),
    bool: (lambda value: type(value).__name__ in ("bool", "bool_"), "True or False"),
    int: (is_integer, "an integer"),
    float: (lambda value: isinstance(value, Real) and not isinstance(value, bool), "a number"),
    str: (lambda value: isinstance(value, str), "a string"),
}

_ANYTHING: tuple[Callable[[Any], bool], str] = (lambda value: True, "anything")

#: SymPy's classes by what mathematicians call them.
_FORMULAS = {"Basic": "a formula", "Expr": "a formula", "Rational": "a rational number"}


def typed(target: _Typed) -> _Typed:
    """A class whose fields, or a function whose arguments, are what their annotations say; others raise `InvalidType`.

    On a dataclass it stands below ``@dataclass``, which finds its ``__post_init__``.

    >>> from dataclasses import dataclass
    >>> @dataclass
    ... @typed
    ... class Word:
    ...     letters: tuple[str, ...]
    ...     weight: int = 1
    >>> Word(("a", "b"))
    Word(letters=('a', 'b'), weight=1)
    >>> Word(("a", 3))
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidType: letters: must be a tuple of strings, but it is ('a', 3) of type tuple
    >>> @typed
    ... def longer(first: Word, second: Word | None = None) -> bool:
    ...     return second is None or len(first.letters) > len(second.letters)
    >>> longer(Word(()), "b")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidType: second: must be a Word or None, but it is 'b' of type str
    """
    return _typed_class(target) if isclass(target) else _typed_function(target)  # type: ignore[return-value]


def _typed_class(target: type) -> type:
    later = target.__dict__.get("__post_init__")

    def __post_init__(self: Any) -> None:
        for name, reading in _promises(target).items():
            value = getattr(self, name)
            if value is getattr(target, name, self):  # its default is right
                continue
            read = reading(value)
            if read is not value:
                object.__setattr__(self, name, read)
        if later is not None:
            later(self)

    target.__post_init__ = __post_init__  # type: ignore[attr-defined]
    return target


def _typed_function(target: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(target)
    def called(*arguments: Any, **named: Any) -> Any:
        rules, (names, starred) = _promises(target), _places(target)
        given = list(arguments)
        for place, value in enumerate(arguments):
            name = names[place] if place < len(names) else starred
            if name in rules:
                given[place] = rules[name](value)
        for name in named.keys() & rules.keys():
            named[name] = rules[name](named[name])
        return target(*given, **named)

    return called


_Promise = tuple[Callable[[Any], bool], str]


@dataclass(frozen=True)
class _Reading:
    """What an annotation says of an argument: a test, its rule in words, and which whole numbers become Python's."""

    name: str
    accepts: Callable[[Any], bool]
    rule: str
    converts: Callable[[Any], bool]
    formula: bool

    def __call__(self, value: Any) -> Any:
        """The value as the function takes it."""
        if isinstance(value, range):
            require_short(value, self.name)
        if not self.accepts(value):
            raise InvalidType(self.name, f"must be {self.rule}", value)
        if self.formula:
            return _as_formulas(value)
        return value if type(value) is int or not self.converts(value) else int(value)


@cache
def _places(target: Callable[..., Any]) -> tuple[list[str], str]:
    """The names of arguments that may be given by place, and that of the rest."""
    places = signature(target).parameters.values()
    names = [p.name for p in places if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return names, next((p.name for p in places if p.kind is p.VAR_POSITIONAL), "")


@cache
def _promises(target: Any) -> dict[str, _Reading]:
    """What the annotations of a class or function say that can be looked at: a test of the value, and its rule in words."""
    found = {}
    known = vars(sys.modules[target.__module__]) if isclass(target) else unwrap(target).__globals__
    for name, annotation in target.__annotations__.items():
        if name == "return":
            continue
        one = SimpleNamespace(__annotations__={name: annotation})
        try:
            kind = get_type_hints(one, known)[name]
        except (NameError, AttributeError, TypeError):
            continue
        promise = _promise(kind)
        if promise is not None:
            found[name] = _Reading(name, *promise, _converted(kind), _is_formula(kind))
    return found


def _converted(kind: Any) -> Callable[[Any], bool]:
    """Which values become Python's integers: NumPy's wrap, and SymPy's stay where a formula may stand, since a quotient of Python's is no fraction."""
    kinds = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    if int not in kinds:
        return lambda value: False
    if any(k.__module__.startswith("sympy.") for k in kinds if isclass(k)):
        return lambda value: is_integer(value) and not type(value).__module__.startswith("sympy.")
    return is_integer


def _is_formula(kind: Any) -> bool:
    """Whether a formula of SymPy's stands there, or tuples of them, and no integer of Python's."""
    if get_origin(kind) in (Union, UnionType):
        kinds = [k for k in get_args(kind) if k is not NoneType]
        return bool(kinds) and all(map(_is_formula, kinds))
    if get_origin(kind) is tuple:
        return all(_is_formula(k) for k in get_args(kind) if k is not ...)
    return isclass(kind) and kind.__module__.startswith("sympy.") and kind.__name__ in _FORMULAS


def _as_formulas(value: Any) -> Any:
    """The same with SymPy's integers: a quotient of Python's is no fraction, and they have no symbols."""
    if isinstance(value, tuple):
        read = tuple(map(_as_formulas, value))
        return value if all(a is b for a, b in zip(read, value, strict=True)) else read
    whole = is_integer(value) and not type(value).__module__.startswith("sympy.")
    return sys.modules["sympy"].Integer(int(value)) if whole else value


def _promise(kind: Any) -> _Promise | None:
    """None where any value is right, or nobody can tell."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _any_of([_promise(k) for k in inner])
    if origin is Literal:
        kinds = tuple(map(type, inner))  # what compares entry by entry is of none
        return (lambda value: isinstance(value, kinds) and value in inner), " or ".join(
            map(repr, inner)
        )
    if origin is not None and isclass(origin):
        return _holding(origin, inner)
    if kind in (Any, object) or not isclass(kind):
        return None
    if getattr(kind, "_is_protocol", False) and not getattr(kind, "_is_runtime_protocol", False):
        return None
    if kind.__module__.startswith("sympy.") and kind.__name__ in _FORMULAS:
        rule = _FORMULAS[kind.__name__]  # whole numbers are written without their class
        return (lambda value: isinstance(value, kind) or is_integer(value)), rule
    return (lambda value: isinstance(value, kind)), _called(kind)


def _any_of(kinds: list[_Promise | None]) -> _Promise | None:
    tests = [k[0] for k in kinds if k is not None]
    if len(tests) < len(kinds):
        return None
    names = list(dict.fromkeys(k[1] for k in kinds if k is not None))
    rule = " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return (lambda value: any(accepts(value) for accepts in tests)), rule


def _holding(origin: type, inner: tuple[Any, ...]) -> _Promise | None:
    """Tuples, lists, mappings and arrays, and what they hold; an iterator cannot be looked at without using it up."""
    if issubclass(origin, tuple) and inner and inner[-1] is not ...:
        each = [_promise(k) for k in inner]
        shown = ", ".join(e[1] if e else "anything" for e in each)

        def is_row(value: Any) -> bool:
            return isinstance(value, tuple) and len(value) == len(each) and all(
                e is None or e[0](v) for e, v in zip(each, value, strict=True)
            )  # fmt: skip

        return is_row, f"a tuple ({shown})"
    if issubclass(origin, Mapping):
        keys, values = map(_promise, inner)
        return (
            lambda value: isinstance(value, origin)
            and (keys is None or all(map(keys[0], value)))
            and (values is None or all(map(values[0], value.values())))
        ), "a dictionary" + (f" from {_many(keys[1])}" if keys else "") + (f" to {_many(values[1])}" if values else "")  # fmt: skip
    if issubclass(origin, Collection) and origin.__module__ in ("builtins", "collections.abc"):
        entry = _promise(inner[0])
        lazy = origin.__module__ == "collections.abc"  # what says so much takes arrays too
        return (
            lambda value: (isinstance(value, origin) or (lazy and getattr(value, "ndim", False)))
            and not isinstance(value, (str, bytes))
            and (entry is None or all(map(entry[0], _looked_at(value))))
        ), _called(origin) + (f" of {_many(entry[1])}" if entry else "")  # fmt: skip
    if origin is Iterable:  # an iterator is used up by a look at it
        listed = _promise(inner[0]) or _ANYTHING
        return (
            lambda value: (
                isinstance(value, Iterable)
                and (not isinstance(value, (list, tuple, str)) or all(map(listed[0], value)))
            )
        ), "a list" + (f" of {_many(listed[1])}" if listed is not _ANYTHING else "")
    if origin.__name__ == "Callable":
        return callable, "a function"
    return (lambda value: isinstance(value, origin)), _called(origin)


def _looked_at(value: Any) -> Any:
    """The entries whose types are looked at: those of a range are alike."""
    return value[:1] if isinstance(value, range) else value


def _called(kind: type) -> str:
    name = {"ndarray": "array", "Sequence": "list or tuple"}.get(kind.__name__, kind.__name__)
    return f"{'an' if name[0] in 'aeiouAEIO' else 'a'} {name}"


def _many(rule: str) -> str:
    """The plural of what is one word, for the entries of a list."""
    words = rule.split(" ")
    return f"{words[1]}s" if len(words) == 2 and words[0] in ("a", "an") else f"{rule} each"
