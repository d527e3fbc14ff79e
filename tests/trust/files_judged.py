"""One altered file, judged: certificates, spectra and stored tables whose bits, ends and values were changed.

A reader of a changed file raises a typed error or finds what was there before. Nothing changed is "confirmed" where the change makes another
claim: another number in a field that the claim is made of. What is read of a spectrum is never called proved. A table never shows a wrong character.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import sympy as sp

import symkern as sk
from symkern.abc import parse
from symkern.certificates import check
from symkern.certificates.catalogue import CERTIFIED, certificate_of
from symkern.characters import StoredTable, character_table, write_table
from symkern.claims import Standing
from symkern.errors import SymkernError
from symkern.kernels import categorical, uniform

__all__ = ["KINDS", "judged"]

KINDS = ("certificates", "spectra", "tables")

#: What stands in a claim without being claimed: changed there it may be confirmed.
UNCLAIMED = {"symkern", "versions", "standing", "title", "range", "from", "valid_for"}
#: Values that no field expects.
HOSTILE: list[Any] = [
    None, True, False, 0, -1, 10**40, 0.5, 1e308, "", "0", "1/0", "9^9^9", "1e999999999", "nan", "oo", "zoo", "I", "-1", "alpha", "x", "__import__('os').getpid()", "(" * 5000, "1" * 9000, "L" * 50, [], [[]], [1], [0.5], ["1"], {}, {"": ""},
    [-1], [2, 1], [1, 2], [10**30], "((L + 1)^1000)^1000", "(L + v)^1000", "é", "\ud800", "\0", "1/(L - 4)", "L/L", "sqrt(2)", "exp(1)", "2*(1)", "False", "embedding(1) | flatten",
]  # fmt: skip


def judged(case: list[Any]) -> dict[str, str]:
    """The case is (kind, number)."""
    kind, number = case
    generator = random.Random(f"{kind} {number}")
    try:
        said = {"certificates": _certificate, "spectra": _spectrum, "tables": _table}[kind](generator)  # fmt: skip
    except SymkernError as error:
        message = str(error)
        readable = message.isprintable() and 0 < len(message) < 2000
        return {"kind": "refused" if readable else "no readable message", "text": message[:200]}
    except Exception as error:
        return {"kind": type(error).__name__, "text": str(error)[:300]}
    return {"kind": said}


# -- texts -----------------------------------------------------------------------------------


def _altered(text: str, generator: random.Random) -> bytes:
    """The document with a flipped bit, a missing end, a hostile value in a place of its own, a doubled key or a nest."""
    raw = text.encode()
    kind = generator.randrange(6)
    if kind == 0:
        place = generator.randrange(len(raw))
        return raw[:place] + bytes([raw[place] ^ 1 << generator.randrange(8)]) + raw[place + 1 :]
    if kind == 1:
        return raw[: generator.randrange(len(raw))]
    if kind == 2:
        digits = [i for i, b in enumerate(raw) if chr(b).isdigit()]
        place = generator.choice(digits)
        return raw[:place] + generator.choice(b"0123456789.e-/").to_bytes(1, "big") + raw[place + 1 :]  # fmt: skip
    document = json.loads(text)
    places = list(_places(document))
    path = generator.choice(places)
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    if kind == 3:
        holder[path[-1]] = generator.choice(HOSTILE)
    elif kind == 4:
        other = generator.choice(places)
        value: Any = document
        for key in other:
            value = value[key]
        holder[path[-1]] = json.loads(json.dumps(value))
    else:
        written = json.dumps(document)
        deep = generator.choice(["[" * 20000 + "]" * 20000, '{"a":' * 5000 + "1" + "}" * 5000, "1e400", "NaN", "-Infinity", '"\\ud800"', "1" * 5000])  # fmt: skip
        holder[path[-1]] = "@here@"
        return json.dumps(document).replace('"@here@"', deep).encode() if generator.random() < 0.9 else written.encode() + deep.encode()  # fmt: skip
    return json.dumps(document).encode()


def _places(value: Any, path: tuple[Any, ...] = ()) -> Any:
    if path:
        yield path
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from _places(entry, (*path, key))
    elif isinstance(value, list):
        for i, entry in enumerate(value):
            yield from _places(entry, (*path, i))


# -- certificates ----------------------------------------------------------------------------


@cache
def _claims() -> list[str]:
    found = [json.dumps(certificate_of(name)) for name in CERTIFIED]
    for made in (
        sk.derive("flatten", 4, uniform(2), alpha=1, beta=1).certificate(),
        sk.derive("bag-of-tokens", 3, categorical(["1/2", "1/3", "1/6"]), alpha=1).certificate(),
        sk.derive("softmax-attention", 3, uniform(2), alpha=1, beta=1).certificate(),
        sk.certificates.character_certificate(5),
        sk.certificates.sensitivity_certificate("majority", [3, 5]),
        sk.certificates.dimension_certificate((2, 1)),
    ):
        found.append(json.dumps(made))
    return found


def _certificate(generator: random.Random) -> str:
    text = generator.choice(_claims())
    changed = _altered(text, generator)
    try:
        written = changed.decode()
    except UnicodeDecodeError:
        return "value"  # no text, and so no certificate: the command says it
    report = check(written)
    if report.verdict not in ("confirmed", "refuted", "not checkable"):
        return f"verdict {report.verdict}"
    if not str(report).strip():
        return "no word"
    if report.verdict == "confirmed":
        width = re.match(r"1e-(\d+)", report.width)  # an end of an interval may move by no more
        near = Fraction(100, 10 ** int(width[1])) if width else Fraction(0)
        if other := _another_claim(json.loads(text), json.loads(written), near):
            return f"confirmed with another {other}"
    return "value"


def _another_claim(first: Any, second: Any, near: Fraction, field: str = "claim") -> str:
    """The first field in which two claims say another thing; "" where they say the same."""
    if isinstance(first, dict) and isinstance(second, dict):
        for key in sorted({*first, *second}):
            if key not in UNCLAIMED:
                if key not in first or key not in second:
                    return str(key)
                if other := _another_claim(first[key], second[key], near, key):
                    return other
        return ""
    if isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        return next((o for a, b in zip(first, second, strict=True) if (o := _another_claim(a, b, near, field))), "")  # fmt: skip
    if type(first) is type(second) and first == second:
        return ""
    try:
        apart = sp.simplify(parse(str(first)) - parse(str(second)))
        return "" if apart == 0 or (apart.is_Rational and abs(apart) <= near) else field
    except SymkernError:
        return field


# -- spectra ---------------------------------------------------------------------------------


@cache
def _documents() -> list[str]:
    return [
        sk.derive(name, length, law, **given).to_json()
        for name, length, law, given in (
            ("linear-attention", sk.abc.L, uniform(sk.abc.v), {}),
            ("linear-attention", 4, uniform(3), {"alpha": 1, "beta": "1/2"}),
            ("softmax-attention", 3, uniform(2), {"alpha": 1, "beta": 1}),
            ("bag-of-tokens", 3, categorical(["1/2", "1/3", "1/6"]), {"alpha": 1}),
            ("flatten", sk.abc.L, sk.kernels.distinct(), {"alpha": 1}),
        )
    ]


def _holds(ends: Any, inner: Any) -> bool:
    """Whether an enclosure holds another one: it says less, and is as true."""
    if not (isinstance(ends, list) and isinstance(inner, list)):
        return False
    (low, high), (least, most) = (map(Fraction, pair) for pair in (ends, inner))
    return low <= least and most <= high


def _spectrum(generator: random.Random) -> str:
    text = generator.choice(_documents())
    Path("spectrum.json").write_bytes(_altered(text, generator))
    read = sk.Spectrum.load("spectrum.json")
    if any(sector.standing is not Standing.READ for sector in read.sectors):
        return "called proved"
    shown = read.text() + repr(read)
    if "nan" in shown.lower().split():
        return "shows nan"
    again = json.loads(read.to_json())
    written = json.loads(text)
    same = all(again[name] == written[name] for name in ("kernel", "parameters", "length"))
    if same and again["trace"] != written["trace"] and not _holds(again["trace"], written["trace"]):
        return "another trace of the same kernel"
    return "value"


# -- tables ----------------------------------------------------------------------------------

_SIZES = (5, 8, 11)


@cache
def _store(n: int) -> Path:
    place = Path(f"store-{n}").resolve()
    write_table(n, place, width=4)
    return place


def _table(generator: random.Random) -> str:
    n = generator.choice(_SIZES)
    place = Path("altered").resolve()
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(_store(n), place)
    files = sorted(p for p in place.rglob("*") if p.is_file())
    path = generator.choice(files)
    raw = bytearray(path.read_bytes())
    kind = generator.randrange(6)
    if kind == 0:
        os.remove(path)
    elif kind == 1:
        path.write_bytes(raw[: generator.randrange(len(raw) + 1)])
    elif kind == 2:
        path.write_bytes(generator.choice(files).read_bytes())
    elif kind == 3 and path.name.endswith(".json"):
        path.write_bytes(_altered(raw.decode(), generator))
    else:
        for _ in range(generator.choice([1, 1, 2, 8])):
            place_in = generator.randrange(max(1, len(raw)))
            if raw:
                raw[place_in] ^= 1 << generator.randrange(8)
        path.write_bytes(raw)
    true = character_table(n)
    stored = StoredTable(place)
    if stored.n != n:
        return f"a table of another size, {stored.n}"
    lam, mu = (generator.choice(true.partitions) for _ in range(2))
    for asked, right in (
        (lambda: int(stored[lam, mu]), int(true[lam, mu])),
        (lambda: list(map(int, stored.row(lam))), list(map(int, true.row(lam)))),
        (lambda: list(map(int, stored.column(mu))), list(map(int, true.column(mu)))),
    ):
        try:
            found = asked()
        except SymkernError:
            continue
        if found != right:
            return "a wrong character"
    return "value"
