r"""What every object shows of itself: short text where Python would print its ``repr``, and its LaTeX in three forms.

    IPython, a list of results   `Shown`: the text form in a terminal's width, cut off where it is long
    x.latex()                    for inside math mode
    x.latex(display=True)        the same broken into lines of a text width, for ``\[ ... \]``; `displays` makes it
    x.document()                 a whole file; `Written`

``repr`` stays what Python reads back.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from numbers import Real
from textwrap import wrap
from typing import Any

from symkern.errors import InvalidType, SymkernError
from symkern.limits import current
from symkern.reading.annotated import typed
from symkern.typeset.document import PAGE, document
from symkern.typeset.mathml import mathml


def short_text(value: Any, width: int = 79) -> str:
    """The text form of an object, cut to `limits.shown_lines` lines: its ``text`` in this width, else its ``str`` or ``repr``.

    >>> print(short_text(range(10**30)))
    range(0, 1000000000000000000000000000000)
    """
    whole = _whole(value, width).splitlines() or [""]
    lines = [piece for line in whole for piece in ([line] if len(line) <= width else _wrapped(line, width))]  # fmt: skip
    most = current().shown_lines
    if len(lines) > most:
        more = f"... ({len(lines) - most + 1:,} more lines: print shows all)"
        lines = [*lines[: most - 1], more]
    return "\n".join(lines)


def _wrapped(line: str, width: int) -> list[str]:
    """A long line in several, four at most."""
    pieces = wrap(line, width, subsequent_indent="  ", break_on_hyphens=False)
    if len(pieces) <= 4:
        return pieces
    return [*pieces[:3], f"  ... ({len(line):,} characters: print shows all)"]


def _whole(value: Any, width: int) -> str:
    # By the class: objects of any room come here, and what they show may live in a room above them.
    text = getattr(type(value), "text", None)
    try:
        if callable(text) and "width" in signature(text).parameters:
            return str(text(value, width=width))
        method: Any = type(value).__str__
        return str(method(value))
    except (SymkernError, RecursionError):  # what takes too long to be laid out is named
        return repr(value)


def pretty(value: Any, printer: Any, cycle: bool) -> None:
    """What IPython prints, and what stands in lists of such objects; Hypothesis prints what can be typed, the ``repr``."""
    if type(printer).__module__.startswith("hypothesis."):
        printer.text(repr(value))
        return
    if cycle:
        printer.text(f"{type(value).__name__}(...)")
        return
    for i, line in enumerate(short_text(value, max(40, getattr(printer, "max_width", 79))).splitlines()):  # fmt: skip
        if i:
            printer.break_()
        printer.text(line)


class Shown:
    """Shows its short text form in IPython."""

    __slots__ = ()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        pretty(self, printer, cycle)


@typed
def latex_document(value: Any, title: str = "") -> str:
    r"""The LaTeX of an object as a whole file, which compiles by itself.

    Args:
        value: the object.
        title: plain words, set above; none where it is empty.

    >>> from symkern.combinatorics import Partition
    >>> print(latex_document(Partition(1)).splitlines()[-2])
    \end{center}
    """
    method = type(value).latex
    in_lines = {"display": True} if "display" in signature(method).parameters else {}
    latex = method(value, **in_lines)
    return document(_body(latex), title)


def _body(latex: str) -> str:
    r"""What math mode takes as a display; words and tables as they stand."""
    if not _is_mathematics(latex):
        return latex
    return f"\\begin{{center}}\n$\\displaystyle {latex}$\n\\end{{center}}"


def _is_mathematics(latex: str) -> bool:
    """Whether it is for math mode, and not words or tables."""
    try:
        return bool(mathml(latex))
    except SymkernError:
        return False


class Written(Shown):
    """Has ``latex``, and so a document."""

    __slots__ = ()

    def document(self, title: str = "") -> str:
        """Its LaTeX as a whole file, which compiles by itself.

        Args:
            title: plain words, set above; none where it is empty.
        """
        return latex_document(self, title)


def displays(method: Callable[..., str]) -> Callable[..., str]:
    r"""A decorator of ``latex``: adds ``display`` and ``width``, for lines of that many em.

    >>> class Sum:
    ...     @displays
    ...     def latex(self):
    ...         return " + ".join("abcdefgh")
    >>> Sum().latex().count("\\\\"), Sum().latex(display=True, width=6).count("\\\\")
    (0, 3)
    """

    @wraps(method)
    def latex(self: Any, *given: Any, display: bool = False, width: float = PAGE, **named: Any) -> str:  # fmt: skip
        if type(display).__name__ not in ("bool", "bool_"):
            raise InvalidType("display", "must be True or False", display)
        if not isinstance(width, Real) or isinstance(width, bool):
            raise InvalidType("width", "must be a number", width)
        found = method(self, *given, **named)
        if not display:
            return found
        from symkern.typeset.line_breaks import broken_latex  # loads SymPy

        return broken_latex(found, width) if _is_mathematics(found) else found

    shown = signature(method)
    more = [
        Parameter("display", Parameter.KEYWORD_ONLY, default=False, annotation="bool"),
        Parameter("width", Parameter.KEYWORD_ONLY, default=PAGE, annotation="float"),
    ]
    latex.__signature__ = shown.replace(parameters=[*shown.parameters.values(), *more])  # type: ignore[attr-defined]
    return latex
