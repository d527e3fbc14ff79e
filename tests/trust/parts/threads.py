"""Eight threads at once: spectra, tables, bounds, LaTeX, certificates and changed limits, beside what one thread says.

Each process is new, so that nothing is known beforehand: in one, eight threads that start together work through all questions, each in an order of its own, and
Python changes between them a hundred times as often as it does by itself; in the other, one thread. All nine answers to a question must be one text.

``python -m tests.trust.parts.threads THREADS SEED`` is such a process.
"""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

from tests.trust.work import ROOT, Part, Work

THREADS, ROUNDS = 8, 12
#: A round in eight threads takes some minutes on a slow machine; one that stands still is found out.
LONGEST = 600


def questions() -> dict[str, Callable[[], object]]:
    """What is asked, by name; an answer is compared by its text."""
    import numpy as np

    import symkern as sk
    from symkern.abc import L, alpha, beta, v

    linear = sk.kernels.embedding(alpha, beta).attention().mean_pool()
    uniform, words = sk.kernels.uniform, sk.representations.words
    softmax = "embedding(1, 1) | attention(tied, softmax) | mean_pool"

    def spectrum(pipeline: str, **given: Any) -> Callable[[], object]:
        def derived() -> object:
            found = sk.kernels.read_pipeline(pipeline).spectrum(**given)
            return str(found), found.latex(), found.to_json()

        return derived

    def limits() -> object:
        names = ("exponent", "depth", "seconds")
        with sk.limits.changed(exponent=2000):
            first = sk.limits.current().exponent >= 1000
            with sk.limits.changed(depth=61):
                return first, [getattr(sk.limits.current(), n) > 0 for n in names]

    def table() -> object:
        values = sk.character_table(18).values
        return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()

    def curve() -> object:
        numbers = linear.spectrum(length=6, tokens=uniform(2)).evaluate(alpha=1, beta=1)
        errors = numbers.learning_curve(lambda x: x[0], n=[10, 100], ridge=0.1).test_error
        return [f"{float(e):.9f}" for e in errors]

    def flow() -> object:
        times = (0, 10, 1e6)
        return [f"{float(e):.6e}" for e in sk.bounds.selection.flow(6, 2, 2, times=times).loss]

    def vectors() -> object:
        numbers = sk.kernels.read_pipeline(softmax).spectrum(length=4, tokens=uniform(2))
        return [[str(f((0, 1, 1, t))) for f in s.basis()] for s in numbers for t in (0, 1)]

    def law() -> object:
        found = linear.spectrum(length=L, tokens=uniform(v)).scaling_law((1,), (2,))
        return str(found), found.latex(), str(found.derivation().check())

    def checked() -> object:
        claim = linear.spectrum(length=L, tokens=uniform(v)).certificate()
        return str(sk.certificates.check(claim))

    squares = "embedding(1, 1) | attention | residual | mlp(quadratic) | flatten"
    return {
        "linear attention": lambda: linear.spectrum(length=L, tokens=uniform(v)).latex(),
        "residual": spectrum(
            "embedding(alpha, beta) | attention | residual | mean_pool", length=L, tokens=uniform(2)
        ),
        "last position": spectrum(
            "embedding(2, 1) | attention | at_position(last)", length=4, tokens=uniform(3)
        ),
        "softmax": spectrum(softmax, length=4, tokens=uniform(2)),
        "relu": spectrum("embedding(1) | flatten | mlp(relu)", length=5, tokens=uniform(2)),
        "erf": spectrum("embedding(1, 1) | mlp(erf) | mean_pool", length=3, tokens=uniform(2)),
        "roots of high degree": spectrum(
            "embedding(1, 2) | attention | residual | mlp(quadratic) | mean_pool",
            length=4,
            tokens=sk.kernels.categorical(["1/2", "1/3", "1/6"]),
        ),
        "sensitivity of draws": lambda: str(
            linear.spectrum(length=5, tokens=uniform(2))
            .evaluate(alpha=1, beta=1)
            .average_sensitivity()
        ),
        "values": lambda: [sk.kernels.read_pipeline(softmax)((0, 1, 1), (t, 0, 1)) for t in (0, 1)],
        "skewed": spectrum(squares, length=3, tokens=sk.kernels.categorical(["1/2", "1/3", "1/6"])),
        "distinct": spectrum(
            "embedding(alpha, beta) | attention | mean_pool",
            length=L,
            tokens=sk.kernels.distinct(),
        ),
        "table": table,
        "table, shown": lambda: (sk.character_table(6).latex(), str(sk.character_table(7))),
        "characters": lambda: [sk.character(lam, (4, 3, 2, 2, 1)) for lam in sk.partitions(12)],
        "Kronecker": lambda: sk.kronecker((4, 3, 2), (5, 2, 2)),
        "Littlewood-Richardson": lambda: sk.littlewood_richardson((4, 3, 2), (3, 2, 1)),
        "Kostka": lambda: [sk.kostka(lam, (3, 2, 2, 1)) for lam in sk.partitions(8)],
        "character polynomial": lambda: sk.CharacterPolynomial.irreducible((3, 2)).expression,
        "orthogonal form": lambda: sk.representations.orthogonal((3, 2))((1, 2, 3, 4, 0)),
        "seminormal form": lambda: sk.representations.seminormal((3, 1, 1))((4, 3, 2, 1, 0)),
        "words": lambda: words(length=6, letters=2).multiplicities(),
        "projector": lambda: words(length=4, letters=2).projector((3, 1)).to_sympy(),
        "dimension": lambda: sk.bounds.dimension((3, 1), L),
        "sensitivity": lambda: sk.bounds.sensitivity.average("majority", 9),
        "selection": lambda: sk.bounds.selection.fully_connected(T=6, d=2, q=2, m=4),
        "diagram": lambda: (sk.Partition(5, 3, 1).latex(), repr(sk.Partition(5, 3, 1))),
        "scaling law": law,
        "certificate": checked,
        "learning curve": curve,
        "exponents": lambda: str(linear.spectrum(length=L, tokens=uniform(2)).exponent_map()),
        "flow": flow,
        "eigenfunctions": vectors,
        "formula": lambda: sk.abc.parse("(L + sqrt(2))/(alpha^2 + 3*beta - sqrt(5)/v)"),
        "limits": limits,
    }


def answers(threads: int, seed: int) -> list[dict[str, str]]:
    """What each of the threads, started together, finds."""
    asked = questions()
    found: list[dict[str, str]] = [{} for _ in range(threads)]
    together = threading.Barrier(threads)

    def work(number: int) -> None:
        names = sorted(asked)
        random.Random(f"{seed} {number}").shuffle(names)
        together.wait()
        for name in names:
            try:
                found[number][name] = str(asked[name]())
            except Exception as error:
                found[number][name] = f"raised {type(error).__name__}: {error}"

    sys.setswitchinterval(5e-5)
    running = [threading.Thread(target=work, args=(n,)) for n in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return found


def _asked(threads: int, seed: int) -> tuple[list[dict[str, str]], bool, str]:
    """The answers of a new process, whether its limits are as they were, and what it said on standard error."""
    command = [sys.executable, "-m", "tests.trust.parts.threads", str(threads), str(seed)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST, check=True
    )
    found, as_before = json.loads(done.stdout)
    return found, as_before, done.stderr


def run(work: Work) -> dict[str, Any]:
    """Round by round, each with other orders."""
    for number in range(ROUNDS):
        key = f"round {number}"
        if key in work.recorded and not work.recorded[key]["wrong"]:
            continue
        if work.out_of_time():
            break
        alone: dict[str, str] = {}
        try:
            [alone], _, _ = _asked(1, work.seed + number)
            found, as_before, said = _asked(THREADS, work.seed + number)
        except subprocess.SubprocessError as error:
            wrong = {"process": f"{error}"[:300]}
        else:
            wrong = {
                name: f"{texts[name]} and alone {alone[name]}"[:600]
                for texts in found
                for name in alone
                if texts.get(name) != alone[name] or alone[name].startswith("raised ")
            }
            wrong |= {} if as_before else {"limits": "are not as they were before"}
            wrong |= {"standard error": said[:300]} if said else {}
        work.record(key, {"answers": THREADS * len(alone), "wrong": wrong})
        for name, text in wrong.items():
            print(f"  {key}, {name}: {text}", flush=True)
    done = work.recorded.values()
    return {
        "rounds": f"{len(done)} of {ROUNDS}",
        "answers compared": sum(r["answers"] for r in done),
        "failed": sorted({name for r in done for name in r["wrong"]}),
    }


PART = Part("threads", "eight threads asking everything at once, beside one thread alone", run)

if __name__ == "__main__":
    import symkern.limits

    before = symkern.limits.current()
    result = answers(int(sys.argv[1]), int(sys.argv[2]))
    json.dump([result, symkern.limits.current() == before], sys.stdout)
