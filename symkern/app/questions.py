r"""What the explorer's page asks and what it is answered: plain data in, plain data out, JSON both ways.

A question is a dictionary of texts, read as the command reads its options. Answers are HTML made by the pages' writers, which escape every word and draw
formulas as MathML, and texts to be copied. A question that cannot be read is answered by the library's error, with the field it is about.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from functools import lru_cache
from typing import Any

import sympy as sp

from symkern.abc import L, parse
from symkern.engines.engine import Progress
from symkern.errors import FormulaError, InvalidArgument, InvalidType, SymkernError
from symkern.kernels.pipeline import Kernel
from symkern.kernels.presets import PRESETS, read_kernel
from symkern.kernels.stages import STAGES
from symkern.learning.comparison import compare
from symkern.learning.exponent_map import exponent_map
from symkern.learning.learning_curve import learning_curve
from symkern.limits import current
from symkern.pages.blocks_html import HtmlWriter, table_html
from symkern.pages.comparison import comparison_table
from symkern.pages.curve_columns import curve_columns
from symkern.pages.learning_curve import learned_table, parts_table
from symkern.pages.result_charts import exponent_grid, learning_chart, sample_range
from symkern.pages.spectrum import spectrum_text
from symkern.pages.spectrum_csv import spectrum_csv
from symkern.pages.spectrum_latex import definition_blocks, spectrum_blocks, spectrum_latex
from symkern.pages.spectrum_summary import spectrum_table
from symkern.pages.theorem import theorem_latex
from symkern.spectra.deriving import derived
from symkern.spectra.evaluating import evaluated, symbols_left
from symkern.spectra.spectrum import Spectrum
from symkern.spectra.spectrum_document import spectrum_json
from symkern.targets import formula_target
from symkern.tokens import HiddenMarkov, Law, Size, read_law
from symkern.typeset.charts import chart_svg
from symkern.typeset.document import document
from symkern.typeset.plain_columns import columns_csv

Answer = dict[str, Any]

#: Parts of a target with a smaller share stand together.
_SHOWN = 1e-4


@dataclass(frozen=True)
class Asked:
    """A kernel, a law, sizes and hyperparameters as they are typed; empty texts stand for what is not given."""

    kernel: str = "linear-attention"
    tokens: str = "uniform"
    length: str = "L"
    vocabulary: str = "v"
    settings: tuple[tuple[str, str], ...] = field(default=())
    terms: str = ""
    down_to: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, Any]) -> Asked:
        """From plain data.

        >>> Asked.read({"kernel": "flatten", "settings": {"alpha": "1"}}).settings
        (('alpha', '1'),)
        >>> Asked.read({"kernel": 3})
        Traceback (most recent call last):
        ...
        symkern.errors.InvalidType: kernel: must be a text, but it is 3 of type int
        """
        given = asked.get("settings", {})
        if not isinstance(given, Mapping):
            raise InvalidType("settings", "must be texts by their names", given)
        settings = tuple((text_of(n, "settings"), text_of(e, n)) for n, e in sorted(given.items()))
        texts = {name: text_of(asked[name], name) for name in ("kernel", "tokens", "length", "vocabulary", "terms", "down_to") if name in asked}  # fmt: skip
        return cls(**texts, settings=settings)

    def read_kernel(self) -> Kernel:
        """The kernel."""
        return read_kernel(self.kernel)

    def law(self) -> Law | HiddenMarkov:
        """The law of tokens; the vocabulary is that of uniform ones."""
        if self.tokens.strip() != "uniform":
            return read_law(self.tokens)
        return read_law("uniform", parse(self.vocabulary or "v", "vocabulary"))

    def size(self) -> int | sp.Expr:
        """The length, L or a number."""
        size = Size.read(parse(self.length or "L", "length"), "length").value
        if isinstance(size, int) and size > current().command_length:
            rule = f"must be at most {current().command_length}"
            raise InvalidArgument("length", rule, f"it is {self.length.strip()}")
        return size

    def values(self) -> dict[str, sp.Expr]:
        """The values of hyperparameters that are given."""
        return {name: parse(text, name) for name, text in self.settings if text.strip()}

    def series(self) -> tuple[int, sp.Expr | None]:
        """How many terms series in 1/L have, two where nothing is said, and the power down to which every eigenvalue has one."""
        terms = read_integer_text(self.terms, "terms", 100) if self.terms.strip() else 2
        return terms, parse(self.down_to, "down_to") if self.down_to.strip() else None

    def python(self) -> str:
        """The call of the library that derives this.

        >>> Asked("flatten", length="8", vocabulary="2", settings=(("alpha", "1/2"),)).python()
        "sk.derive('flatten', length=8, vocabulary=2, alpha='1/2')"
        """
        given = [repr(self.kernel.strip())]
        if self.length.strip() not in ("", "L"):
            given.append(f"length={self.size()}")
        if self.tokens.strip() != "uniform":
            given.append(f"tokens=sk.kernels.{self.law()!r}")
        elif self.vocabulary.strip() not in ("", "v"):
            given.append(f"vocabulary={self.law().vocabulary}")
        for name, value in self.values().items():
            number = str(value) if value.is_Integer else repr(str(value))
            given.append(f"{name}={number}")
        terms, down_to = self.series()
        given += [f"terms={terms}"] if terms != 2 else []
        given += [] if down_to is None else [f"down_to={str(down_to)!r}"]
        return f"sk.derive({', '.join(given)})"

    def command(self) -> str:
        """The same on the command line."""
        words = ["symkern", "derive", self.kernel.strip()]
        if self.tokens.strip() != "uniform":
            words += ["--tokens", self.tokens.strip()]
        for name, text, usual in (("--length", self.length, "L"), ("--vocabulary", self.vocabulary, "v")):  # fmt: skip
            if text.strip() not in ("", usual) and (name == "--length" or self.tokens.strip() == "uniform"):  # fmt: skip
                words += [name, text.strip()]
        for name, value in self.values().items():
            words += ["--set", f"{name}={value}"]
        terms, down_to = self.series()
        words += ["--terms", str(terms)] if terms != 2 else []
        words += [] if down_to is None else ["--down-to", str(down_to)]
        return shlex.join(words)


def read_integer_text(text: str, name: str, most: int) -> int:
    """A positive integer that is typed, up to ``most``.

    >>> read_integer_text("3", "terms", 100)
    3
    """
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10 and 0 < int(digits) <= most):
        rule = f"must be a positive integer up to {most}"
        raise InvalidArgument(name, rule, f"it is {text[:80]!r}")
    return int(digits)


def text_of(value: object, name: object, most: int | None = None) -> str:
    """A text of a question, of bounded length."""
    argument = name if isinstance(name, str) else "question"
    if not isinstance(value, str):
        raise InvalidType(argument, "must be a text", value)
    most = current().pipeline_characters if most is None else most
    if len(value) > most:
        raise InvalidArgument(argument, f"has at most {most} characters", f"it has {len(value)}")
    return value


def answer(question: Mapping[str, Any], progress: Progress = iter) -> Answer:
    """The answer to one question, an error included.

    >>> answer({"question": "read", "kernel": "embedding(1) | atention | mean_pool"})["error"]["field"]
    'kernel'
    >>> answer({"question": "format the disk"})["error"]["message"]
    "question: must be one of compare, derive, numbers, read, rest, start, but it is 'format the disk'"
    """
    name = question.get("question")
    try:
        if not isinstance(name, str) or name not in QUESTIONS:
            raise InvalidArgument("question", f"must be one of {', '.join(sorted(QUESTIONS))}", f"it is {str(name)[:80]!r}")  # fmt: skip
        return QUESTIONS[name](question, progress)
    except (SymkernError, RecursionError) as error:
        return {"error": _told(error)}


_FIELDS = {
    "length": "length", "vocabulary": "vocabulary", "tokens": "tokens", "target": "target", "ridge": "ridge", "probabilities": "tokens",
    "lengths": "lengths", "terms": "terms", "down_to": "down_to", "down to": "down_to", "n": "n", "against": "against",
}  # fmt: skip


def _told(error: Exception) -> Answer:
    """An error as plain data: its message, the field of the page that it is about, the place in that field's text."""
    if isinstance(error, RecursionError):
        return {"message": "the input nests too deeply", "field": "kernel", "position": None}
    argument = str(getattr(error, "argument", "")).partition("[")[0]
    place = error.position if isinstance(error, FormulaError) else None
    where = _FIELDS.get(argument)
    if where is None:
        stages = (*STAGES, "pipeline", "preset", "kernel", "stage")
        where = "kernel" if argument in stages or place is not None else ""
    told = str(error)
    if isinstance(advice := getattr(error, "advice", None), str) and advice.startswith(("length=", "tokens=", "vocabulary=")):  # fmt: skip
        told = told.replace(
            f", for example {advice}", ""
        )  # the page has these choices, not these arguments
    return {"message": told, "field": where, "position": place}


# -- the questions -------------------------------------------------------------------------


def _start(question: Mapping[str, Any], progress: Progress) -> Answer:
    """What there is: presets, stages with their arguments, places and help."""
    stages = [
        {
            "name": name,
            "place": kind.place,
            "after": kind.after_readout,
            "help": " ".join(
                (kind.__doc__ or "").partition("Raises:")[0].replace("Args:", "").split()
            ),
            "example": _example(kind),
        }
        for name, kind in STAGES.items()
    ]
    presets = [{"name": p.name, "pipeline": p.pipeline, "formula": p.formula} for p in PRESETS.values()]  # fmt: skip
    return {"presets": presets, "stages": stages}


def _example(kind: Any) -> str:
    """How a stage may be spelled."""
    given = {"embedding": "embedding(alpha, beta)", "linear": "linear(w, b)", "mlp": "mlp(relu)", "at_position": "at_position(last)", "attention": "attention"}  # fmt: skip
    name: str = kind.name
    if name == "plus":
        return ""  # takes a pipeline, of which there is no usual one
    needed = any(f.default is MISSING for f in fields(kind))
    return given.get(name, f"{name}(1)" if needed else name)


def _read(question: Mapping[str, Any], progress: Progress) -> Answer:
    """Whether all of it can be read, and which hyperparameters and symbols of the law there are; nothing is derived."""
    asked = Asked.read(question)
    kernel = asked.read_kernel()
    if not isinstance(kernel, Kernel):
        kernel.spectrum()  # says which readouts there are
    asked.size()
    law = asked.law()
    asked.values()
    asked.series()
    if target := text_of(question.get("target", ""), "target").strip():
        formula_target(target)
    names = [p.name for p in kernel.parameters if p.name not in ("L", "v")]
    stages = [str(stage) for stage in kernel.stages]
    chances = [p.name for p in law.parameters if p.name not in names]
    return {"pipeline": str(kernel), "stages": stages, "parameters": names, "chances": chances, "polynomial": kernel.is_polynomial}  # fmt: skip


@lru_cache(maxsize=8)
def _derived(asked: Asked) -> list[Spectrum]:
    """A place for the spectrum of what is asked, empty until it is derived."""
    return []


def _spectrum(asked: Asked, progress: Progress) -> Spectrum:
    place = _derived(asked)
    if not place:
        found = derived(asked.read_kernel(), asked.size(), asked.law(), asked.values(), progress, *asked.series())  # fmt: skip
        place.append(found)
    return place[0]


def _derive(question: Mapping[str, Any], progress: Progress) -> Answer:
    """The spectrum as the page shows it, and the lines that make it; `_rest` has what takes longer."""
    asked = Asked.read(question)
    spectrum = _spectrum(asked, progress)
    writer = HtmlWriter([*definition_blocks(spectrum), *spectrum_blocks(spectrum, progress=progress, defined=False)])  # fmt: skip
    return {
        "spectrum": writer.body(),
        "python": asked.python(),
        "command": asked.command(),
        "symbols": symbols_left(spectrum),
    }


def _rest(question: Mapping[str, Any], progress: Progress) -> Answer:
    """The map of exponents, and the spectrum as files."""
    spectrum = _spectrum(Asked.read(question), progress)
    return {
        **_exponents(spectrum),
        "latex": document(spectrum_latex(spectrum)),
        "theorem": _theorem(spectrum),
        "json": spectrum_json(spectrum),
        "csv": spectrum_csv(spectrum),
        "text": spectrum_text(spectrum),
    }


def _theorem(spectrum: Spectrum) -> str:
    """A theorem for a paper, as a document; empty of a spectrum that is none."""
    try:
        return document(theorem_latex(spectrum))
    except SymkernError:
        return ""


def _exponents(spectrum: Spectrum) -> Answer:
    """The map of exponents, or why there is none."""
    try:
        return {"exponents": chart_svg(exponent_grid(exponent_map(spectrum))), "no_exponents": ""}
    except SymkernError as error:
        return {"exponents": "", "no_exponents": _told(error)["message"].partition(": ")[2]}


def _numbers(question: Mapping[str, Any], progress: Progress) -> Answer:
    """The spectrum at numbers, and the learning curves of a target there.

    ``at`` gives the sizes and hyperparameters that are symbols in the spectrum; ``lengths`` further lengths, whose curves are drawn beside it.
    """
    asked = Asked.read(question)
    at = question.get("at", {})
    if not isinstance(at, Mapping):
        raise InvalidType("at", "must be texts by their names", at)
    values: dict[str, object] = {
        name: parse(text_of(e, name), name if isinstance(name, str) else "at")
        for name, e in at.items()
    }
    whole = _spectrum(asked, progress)
    left = set(symbols_left(whole))
    length, vocabulary = values.pop("length", None), values.pop("vocabulary", None)
    given = {name: value for name, value in values.items() if name in left}
    vocabulary = vocabulary if "vocabulary" in left else None
    sizes = _lengths(question) if "length" in left else []
    spectra = [
        evaluated(whole, size if "length" in left else None, vocabulary, given)
        for size in (length, *(size for size in sizes if size != length))
    ]
    here = spectra[0]
    found: Answer = {"table": table_html(spectrum_table(here, unicode=False)), "python": _python_at(asked, here)}  # fmt: skip
    return {**found, **_curves(question, spectra, found["python"])}


def _lengths(question: Mapping[str, Any]) -> list[sp.Expr]:
    """Further lengths, separated by commas: at most five."""
    text = text_of(question.get("lengths", ""), "lengths").strip()
    pieces = list(dict.fromkeys(piece.strip() for piece in text.split(",") if piece.strip()))
    if len(pieces) > 5:
        raise InvalidArgument("lengths", "must be at most five", f"they are {len(pieces)}")
    return [parse(piece, "lengths") for piece in pieces]


def _curves(question: Mapping[str, Any], spectra: list[Spectrum], line: str) -> Answer:
    """The learning curves of the target, its parts, or why there are none."""
    text = text_of(question.get("target", ""), "target").strip()
    if not text:
        return {"curve": "", "parts": "", "at_n": "", "no_curve": "", "python_curve": "", "curve_csv": ""}  # fmt: skip
    ridge = parse(text_of(question.get("ridge", "1"), "ridge") or "1", "ridge")
    try:
        target = formula_target(text)
        curves = [learning_curve(one, target, n=[1], ridge=ridge) for one in spectra]
        n = sample_range(max(curves, key=lambda curve: curve.length))
        drawn = [curve.at(n) for curve in curves]
        samples = read_formula_number(text_of(question.get("n", ""), "n"))
        return {
            "curve": chart_svg(learning_chart(drawn)),
            "curve_csv": columns_csv(curve_columns(drawn)),
            "parts": table_html(parts_table(drawn[0], _SHOWN)),
            "at_n": "" if samples is None else table_html(learned_table(drawn[0], samples, _SHOWN)),
            "no_curve": "",
            "python_curve": f"{line}.learning_curve({text!r}, n=[10, 100, 1000], ridge={str(ridge)!r})",
        }
    except SymkernError as error:
        told = _told(error)
        return {"curve": "", "parts": "", "at_n": "", "curve_csv": "", "no_curve": told["message"], "python_curve": "", "field": told["field"]}  # fmt: skip


def read_formula_number(text: str) -> sp.Expr | None:
    """A number of samples as it is typed; None for nothing."""
    return parse(text, "n") if text.strip() else None


def _compare(question: Mapping[str, Any], progress: Progress) -> Answer:
    """The spectrum beside that of a second kernel, with the same data and the hyperparameters that each has: which learns which sector with how many samples."""
    asked = Asked.read(question)
    against = text_of(question.get("against", ""), "against").strip()
    if not against:
        raise InvalidArgument("against", "must be a preset or a pipeline", "it is empty")
    try:
        rival = replace(asked, kernel=against)
        names = {p.name for p in (*rival.read_kernel().parameters, *asked.law().parameters)}
        rival = replace(rival, settings=tuple((n, e) for n, e in asked.settings if n in names))
        found = compare(_spectrum(asked, progress), _spectrum(rival, progress))
    except SymkernError as error:
        return {"error": _told(error) | {"field": "against"}}
    words = [*shlex.split(asked.command()), "--against", against]
    return {
        "comparison": table_html(comparison_table(found)),
        "python": f"sk.kernels.compare({asked.python()}, {rival.python()})",
        "command": shlex.join(words),
        "csv": comparison_table(found).csv(),
    }


def _python_at(asked: Asked, spectrum: Spectrum) -> str:
    """The call that derives the spectrum at these numbers."""
    vocabulary = "v" if asked.tokens.strip() != "uniform" else str(spectrum.vocabulary)
    settings = tuple((name, str(value)) for name, value in spectrum.settings)
    length = "L" if spectrum.length == L else str(spectrum.length)
    return Asked(asked.kernel, asked.tokens, length, vocabulary, settings).python()


QUESTIONS: dict[str, Callable[[Mapping[str, Any], Progress], Answer]] = {
    "compare": _compare,
    "start": _start,
    "read": _read,
    "derive": _derive,
    "rest": _rest,
    "numbers": _numbers,
}
