"""Everything that symkern claims, checked on the spot: the derivations of the catalogue, and certificates of the presets.

A certificate is written and read back as JSON text before the checker sees it, so that what is checked is what a file would hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from time import perf_counter

from symkern.certificates.catalogue import CATALOGUE, CERTIFIED, certificate_of, derivation
from symkern.certificates.checker import check


@dataclass(frozen=True)
class Finding:
    """What came of one check: ``verdict`` in a few words, ``report`` in full; ``status`` 0 for yes, 1 for no or for what the budget does not reach, 2 for what cannot be read."""

    kind: str
    name: str
    verdict: str
    report: str
    status: int
    seconds: float = 0.0

    def line(self) -> str:
        """One line of at most 80 columns.

        >>> Finding("derivation", "dimension-1", "2 steps hold at 34 points", "", 0).line()
        '  dimension-1                        2 steps hold at 34 points'
        """
        return f"  {self.name:<34} {self.verdict}"[:80]


def jobs(names: Iterable[str] = ()) -> list[tuple[str, str]]:
    """(kind, name) of what is checked: all of it, or the derivations and certificates of the names."""
    wanted = list(names)
    every = [("derivation", name) for name in CATALOGUE]
    every += [("certificate", name) for name in CERTIFIED]
    return [job for job in every if not wanted or job[1] in wanted]


def findings(chosen: Iterable[tuple[str, str]], sequences: int = 256) -> Iterator[Finding]:
    """The findings on `jobs`, one by one."""
    for kind, name in chosen:
        start = perf_counter()
        try:
            if kind == "derivation":
                found = _derived(name)
            else:
                found = checked(name, json.dumps(certificate_of(name)), sequences)
        except Exception as error:  # one that breaks must not hide what the others say
            reason = f"{type(error).__name__}: {error}"
            found = Finding(kind, name, "FAILS: it raises", f"{name}\n  raises {reason}", 1)
        yield replace(found, seconds=perf_counter() - start)


def _derived(name: str) -> Finding:
    verification = derivation(name).check()
    steps = len(verification.derivation.steps)
    if verification.passed:
        verdict = f"{steps} steps hold" if steps > 1 else "1 step holds"
        verdict += f" at {verification.count} points"
    elif verification.failures:
        step = verification.derivation.steps.index(verification.failures[0].step)
        verdict = f"FAILS at step {step + 1}"
    else:
        verdict = "FAILS: a step is not checked"
    return Finding("derivation", name, verdict, str(verification), int(not verification.passed))


def checked(name: str, text: str, sequences: int) -> Finding:
    """The finding on a certificate's text."""
    report = check(text, sequences)
    verdict = report.verdict if report.status == 0 else report.verdict.upper()
    return Finding("certificate", name, verdict, str(report), report.status)


def summary(found: Iterable[Finding]) -> str:
    """The last line of a report.

    >>> summary([Finding("derivation", "a", "holds", "", 0), Finding("certificate", "b", "refuted", "", 1)])
    '1 derivation holds; 0 of 1 certificate confirmed'
    """
    parts = []
    everything = list(found)
    for kind, good in (("derivation", "hold"), ("certificate", "confirmed")):
        ours = [f for f in everything if f.kind == kind]
        if not ours:
            continue
        right = sum(f.status == 0 for f in ours)
        count = f"{right}" if right == len(ours) else f"{right} of {len(ours)}"
        many = f"{kind}{'s' * (len(ours) != 1)}"
        ending = "s" if good == "hold" and len(ours) == 1 else ""
        parts.append(f"{count} {many} {good}{ending}")
    return "; ".join(parts)
