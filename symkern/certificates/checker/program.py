"""Reads a certificate, has its claim tested, and says what came of it."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from textwrap import indent
from typing import Any

from .bound_checks import check_draws, check_selection, check_sensitivity
from .character_checks import check_character_polynomial, check_characters, check_dimension
from .claimed_kernel import Kernel
from .claimed_laws import Law
from .eigenvalue_check import check_eigenvalue
from .labels import read_label
from .residues import Chance
from .series_check import check_series
from .spectrum_check import check_spectrum
from .verdicts import (
    FORMAT,
    OPERATIONS,
    CannotCheck,
    NoPolynomial,
    NoRoot,
    Pole,
    Refuted,
    Report,
    Row,
    Step,
    Unreadable,
    operations_left,
    said,
)

Check = Callable[[Any, int, Chance, Step], list[Row]]
#: Kind of claim -> (what it is about, in words; its check).
CLAIMS: dict[str, tuple[Callable[[Any], str], Check]] = {
    "spectrum": (
        lambda c: f"spectrum of {Kernel(c['kernel'])}; tokens {Law(c['law'])}",
        check_spectrum,
    ),
    "series": (
        lambda c: f"series in 1/L of {Kernel(c['kernel'])}; tokens {Law(c['law'])}",
        check_series,
    ),
    "eigenvalue": (
        lambda c: f"an eigenvalue of {Kernel(c['kernel'])}; tokens {Law(c['law'])}",
        check_eigenvalue,
    ),
    "dimension": (
        lambda c: f"dimension of the irrep {read_label(c['irrep'])} of S_n below the first row",
        check_dimension,
    ),
    "characters": (lambda c: "characters of symmetric groups", check_characters),
    "character polynomial": (
        lambda c: (
            f"character of {read_label(c['irrep'])} below the first row, by numbers of cycles"
        ),
        check_character_polynomial,
    ),
    "sensitivity": (lambda c: f"average sensitivity of {said(c['family'])}", check_sensitivity),
    "selection": (lambda c: "the moment of a subset, and the loss of m neurons", check_selection),
    "draws": (
        lambda c: f"sensitivity of draws from {Kernel(c['kernel'])}; tokens {Law(c['law'])}",
        check_draws,
    ),
}
#: Characters of a file.
LARGEST = 20_000_000


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("a name stands twice in one object")
    return found


def _no_float(text: str) -> Any:
    raise Unreadable(f"numbers are integers or texts, but {text[:40]} stands")


def _whole_number(text: str) -> int:
    if len(text) > 30:
        raise Unreadable(f"an integer of {len(text)} digits; long numbers are texts")
    return int(text)


def read(certificate: Any) -> tuple[Any, str]:
    """The claim and its text; refuses what JSON allows and a claim has no use for."""
    if isinstance(certificate, (str, bytes)):
        text = certificate if isinstance(certificate, str) else certificate.decode()
    else:
        text = json.dumps(certificate, sort_keys=True)
    if len(text) > LARGEST:
        raise Unreadable(f"a file of more than {LARGEST} characters")
    claim = json.loads(
        text,
        object_pairs_hook=_object,
        parse_float=_no_float,
        parse_constant=_no_float,
        parse_int=_whole_number,
    )
    return claim, text


def _silent(where: str) -> None:
    """Visits a place without a word."""


def check(certificate: Any, sequences: int = 256, step: Step = _silent) -> Report:
    """The `Report` on a certificate, given as JSON text or as the dictionary.

    Args:
        certificate: its JSON text, or the dictionary.
        sequences: the largest number of sequences that are looked at one by one.
        step: called with each place that is visited.

    Returns:
        A `Report` with the verdict "confirmed", "refuted" or "not checkable"; what is no certificate is the last.
    """
    title = "certificate"
    token = operations_left.set([OPERATIONS])
    try:
        claim, text = read(certificate)
        if (
            type(claim) is not dict
            or type(claim.get("certificate")) is not int
            or claim["certificate"] != FORMAT
        ):
            raise Unreadable(f"no certificate of format {FORMAT}")
        if type(claim.get("claim")) is not str or claim["claim"] not in CLAIMS:
            raise Unreadable(f"a claim of kind {said(claim.get('claim'))}")
        name, decide = CLAIMS[claim["claim"]]
        title = name(claim)
        rows = decide(claim, sequences, Chance(text), step)
        widths = [re.search(r"1e-[0-9]+", what) for _, what in rows if "interval" in what]
        width = next((found[0] for found in widths if found), "")
        if width and any("random values" in what for _, what in rows):
            width += ", at three values of the hyperparameters from 1/48 to 48"
        return Report("confirmed", title, (), tuple(rows), 0, width)
    except Refuted as refuted:
        return Report("refuted", title, refuted.lines)
    except Unreadable as error:
        return Report("not checkable", title, (f"reason: {error}",), status=2)
    except CannotCheck as error:
        reason, status = str(error), 1
    except RecursionError:
        reason, status = "it nests too deeply", 2
    except MemoryError:
        reason, status = "not checkable within the memory there is", 1
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
        Pole,
        NoPolynomial,
        NoRoot,
    ) as error:
        reason, status = (
            f"a field is missing or odd ({type(error).__name__}: {str(error)[:100]})",
            2,
        )
    finally:
        operations_left.reset(token)
    return Report("not checkable", title, (f"reason: {reason}",), status=status)


def main(arguments: list[str] | None = None) -> int:
    """Check files; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", nargs="+")
    parser.add_argument("--sequences", type=int, default=256, help="largest number of sequences")
    options = parser.parse_args(arguments)
    status = 0
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    for name in options.file:
        try:
            with open(name, encoding="utf-8") as stream:
                text = stream.read(LARGEST + 1)
            report = check(text, options.sequences)
        except (OSError, UnicodeDecodeError) as error:
            report = Report("not checkable", "certificate", (f"reason: {error}",), status=2)
        print(f"{name}\n{indent(str(report), '  ')}")
        status = max(status, report.status)
    return status
