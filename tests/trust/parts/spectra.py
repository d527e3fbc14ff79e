"""Random pipelines, laws and sizes: all eigenvalues of a spectrum, with multiplicity, beside those of the whole matrix of up to 400 sequences.

The matrix is that of `tests.oracles.dense`, in floating point and without symkern, so that eigenvalues below 1e-9 of the largest are seen as zeros only.
Some are derived with what can be a symbol as a symbol (the length, the vocabulary, the variances) and evaluated afterwards.
A case that differs is made smaller as long as it differs, and both are in the journal.
"""

from __future__ import annotations

import contextlib
import random
import signal
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.trust.random_spectra import Case, drawn, expected, found, seen, smaller
from tests.trust.work import Part, Work

#: So many cases are drawn, and a case has so many seconds for its spectrum.
CASES, SECONDS = 2000, 10
#: Relative to the largest eigenvalue.
TOLERANCE = 1e-9
_WRONG = ("differs", "error")


class _TooSlow(BaseException):
    """No error that anyone in between handles."""


@contextlib.contextmanager
def _within(seconds: int) -> Iterator[None]:
    def ring(*_: Any) -> None:
        raise _TooSlow

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def outcome(case: Case) -> str:
    """ "equal", "refused: ...", "slow", or how the two differ."""
    from symkern.errors import SymkernError

    true = expected(case)
    if not np.isfinite(true).all() or np.abs(true).max() > 1e200:
        return "refused: beyond floats"
    try:
        with _within(SECONDS):
            mine = found(case)
    except _TooSlow:
        return "slow"
    except SymkernError as error:
        return f"refused: {type(error).__name__}: {error}"[:200]
    except Exception as error:
        return f"error: {type(error).__name__}: {error}"[:300]
    if len(mine) > len(true):
        return f"differs: {len(mine)} eigenvalues of {len(true)} sequences"
    whole = np.sort(np.concatenate([mine, np.zeros(len(true) - len(mine))]))
    size = np.abs(true).max()
    apart = np.abs(whole - true)
    if apart.max() > TOLERANCE * size:
        at = int(apart.argmax())
        return f"differs: {whole[at]!r} where the matrix has {true[at]!r}"
    return "equal"


def _kind(said: str) -> str:
    return said.split(":")[0]


def minimised(case: Case, said: str, work: Work) -> tuple[Case, str]:
    """The smallest case of the same kind that a hundred attempts lead to."""
    attempts = 0
    again = True
    while again and attempts < 100 and work.remaining:
        again = False
        for other in smaller(case):
            attempts += 1
            try:
                says = outcome(other)
            except (ValueError, KeyError):  # no pipeline
                continue
            if _kind(says) == _kind(said):
                case, said, again = other, says, True
                break
    return case, said


# -- the part ------------------------------------------------------------------------------


def run(work: Work) -> dict[str, Any]:
    """Case by case, each drawn from the seed and its number."""
    for number in range(CASES):
        key = str(number)
        if key in work.recorded and _kind(work.recorded[key]["outcome"]) not in _WRONG:
            continue
        if work.out_of_time():
            break
        case = drawn(random.Random(f"{work.seed} {number}"))
        said = outcome(case)
        size = case["vocabulary"] ** case["length"]
        noted = {"outcome": said, "values": size, "seen": seen(case)}
        if _kind(said) in _WRONG:
            less, says = minimised(case, said, work)
            noted |= {"case": case, "smallest": less, "smallest outcome": says}
            print(f"  {said}\n    {case}\n    {less}: {says}", flush=True)
        work.record(key, noted)
    return _figures(work)


def _figures(work: Work) -> dict[str, Any]:
    noted = list(work.recorded.values())
    kinds = Counter(_kind(n["outcome"]) for n in noted)
    return {
        "spectra": f"{len(noted)} of {CASES}",
        "equal": kinds["equal"],
        "eigenvalues compared": sum(n["values"] for n in noted if n["outcome"] == "equal"),
        "refused": kinds["refused"],
        f"over {SECONDS} s": kinds["slow"],
        "failed": sorted(k for k, n in work.recorded.items() if _kind(n["outcome"]) in _WRONG),
    }


PART = Part("spectra", "random kernels, laws and sizes: spectra beside dense matrices", run)
