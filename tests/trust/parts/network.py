"""The suite without a network, in the processes that it starts too, and a note of everyone who looks for one.

Every Python of the run, children included, has an audit hook that notes and refuses names to be resolved and addresses beyond this machine. Where the
system allows it, the run has besides a network of its own that leads nowhere (``unshare``), so that what is not Python reaches nothing either.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from tests.trust.suite import figures_of, pieces, run_pieces, run_tests
from tests.trust.work import Part, Work

#: Python looks for a module of this name when it starts.
_GUARD = """
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
        attempts.write(f"{event} {host}\\n")
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


def _alone() -> list[str]:
    """Words before a command that give it a network of its own; none where that is not allowed."""
    if shutil.which("unshare") is None:
        return []
    words = ["unshare", "-rn", sys.executable, "-c", _WITHIN]
    asked = "import socket; socket.create_connection(('192.0.2.1', 9), 1)"
    done = subprocess.run(
        [*words, sys.executable, "-c", asked], capture_output=True, text=True, check=False
    )
    return words if "Network is unreachable" in done.stderr else []


def run(work: Work) -> dict[str, Any]:
    """File by file; a file that looks for a network has failed, whether or not it does without."""
    guard, attempts = work.folder / "guard", work.folder / "attempts"
    guard.mkdir(exist_ok=True)
    (guard / "sitecustomize.py").write_text(_GUARD, encoding="utf-8")
    prefix, whole = _alone(), pieces()

    def outcomes_of(paths: Sequence[str]) -> dict[str, str] | None:
        attempts.unlink(missing_ok=True)
        outcomes = run_tests(
            paths,
            work.folder / "report.xml",
            environment={"TRUST_ATTEMPTS": str(attempts)},
            before=[str(guard)],
            prefix=prefix,
            seconds=work.remaining,
        )
        if outcomes is not None and attempts.exists():
            outcomes[f"{paths[0]}: network"] = attempts.read_text()[:300]
        return outcomes

    run_pieces(work, whole, outcomes_of)
    beyond = "unreachable by the system, refused by Python" if prefix else "refused by Python"
    return {**figures_of(work, whole), "network": beyond}


PART = Part(
    "network",
    "the suite without a network, in child processes too; who looks for one has failed",
    run,
)
