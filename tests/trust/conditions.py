"""What the suite must bear: another hash seed, another order, every warning an error, no network; and runs of tests under some of these.

Every Python of a run without a network, children included, has an audit hook that notes and refuses names to be resolved and addresses beyond this machine, with
the test that was running. Where the system allows it, the run has besides a network of its own that leads nowhere (``unshare``), so that what is not Python
reaches nothing either.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.trust.suite import run_tests

__all__ = ["GUARD", "Conditions", "alone", "outcomes_under"]

#: Python looks for a module of this name when it starts.
GUARD = """
import os, sys

def _refused(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else "localhost"
    else:
        return
    host = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if host in ("localhost", "::1", "0.0.0.0", "::", os.uname().nodename) or host.startswith("127."):
        return
    with open(os.environ["TRUST_ATTEMPTS"], "a") as attempts:
        test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0]
        attempts.write(f"{test}\\t{event} {host}\\n")
    raise OSError(f"no network here: {event} {host}")

if "TRUST_ATTEMPTS" in os.environ:
    sys.addaudithook(_refused)
"""

#: The loopback of a new network is down, and tests talk to processes of their own through it (SIOCGIFFLAGS, SIOCSIFFLAGS with IFF_UP).
_WITHIN = """
import fcntl, os, socket, struct, sys
with socket.socket() as lo:
    flags, = struct.unpack("16xh6x", fcntl.ioctl(lo, 0x8913, struct.pack("16sh6x", b"lo", 0)))
    fcntl.ioctl(lo, 0x8914, struct.pack("16sh6x", b"lo", flags | 1))
os.execv(sys.argv[1], sys.argv[1:])
"""

#: What may be warned of, as Python's option -W says it, and why.
IGNORED: dict[str, str] = {}


@dataclass(frozen=True)
class Conditions:
    """The hash seed, the seed of the order (none: as it is written), whether warnings are errors, and whether there is no network."""

    hash_seed: int = 0
    order: str | None = None
    warnings: bool = False
    network: bool = False


@cache
def alone() -> tuple[str, ...]:
    """Words before a command that give it a network of its own; none where that is not allowed."""
    if shutil.which("unshare") is None:
        return ()
    words = ("unshare", "-rn", sys.executable, "-c", _WITHIN)
    asked = "import socket; socket.create_connection(('192.0.2.1', 9), 1)"
    done = subprocess.run(
        [*words, sys.executable, "-c", asked], capture_output=True, text=True, check=False
    )
    return words if "Network is unreachable" in done.stderr else ()


def outcomes_under(
    conditions: Conditions, paths: Sequence[str], folder: Path, seconds: float
) -> tuple[dict[str, str], dict[str, str]] | None:
    """The outcome of each test, and what each one's examples printed; None where the time did not suffice.

    Who looks for a network where there is none has failed, whether or not it does without.

    Args:
        conditions: under which they run.
        paths: what pytest is given.
        folder: for what the run writes.
        seconds: how long it may take.
    """
    guard, attempts, printed = folder / "guard", folder / "attempts", folder / "printed.jsonl"
    attempts.unlink(missing_ok=True)
    printed.unlink(missing_ok=True)
    options = ["-p", "tests.trust.printed"]
    environment = {"PYTHONHASHSEED": str(conditions.hash_seed), "TRUST_PRINTED": str(printed)}
    before: list[str] = []
    prefix: tuple[str, ...] = ()
    if conditions.order is not None:
        options += ["-p", "tests.trust.shuffled"]
        environment["TRUST_ORDER"] = conditions.order
    if conditions.warnings:
        options += ["-W", "error", *(word for each in IGNORED for word in ("-W", each))]
        environment["PYTHONWARNINGS"] = "error"
    if conditions.network:
        guard.mkdir(parents=True, exist_ok=True)
        (guard / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
        environment["TRUST_ATTEMPTS"] = str(attempts)
        before, prefix = [str(guard)], alone()
    outcomes = run_tests(
        paths,
        folder / "report.xml",
        options=options,
        environment=environment,
        before=before,
        prefix=prefix,
        seconds=seconds,
    )
    if outcomes is None:
        return None
    for test, what in _noted(attempts):
        if outcomes.get(test, "passed") in ("passed", "skipped"):
            outcomes[test or "pytest"] = f"looked for a network: {what}"
    texts: dict[str, str] = {}
    if printed.exists():
        for line in printed.read_text(encoding="utf-8").splitlines():
            test, got = json.loads(line)
            texts[test] = texts.get(test, "") + got
    return outcomes, texts


def _noted(attempts: Path) -> list[tuple[str, str]]:
    if not attempts.exists():
        return []
    lines = attempts.read_text(encoding="utf-8").splitlines()
    return [(test, what) for test, _, what in (line.partition("\t") for line in lines)]
