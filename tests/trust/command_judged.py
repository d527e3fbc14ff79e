"""One line of the command with odd words, judged: status 0, 1 or 2, and what it says on standard error is one readable message."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import click
from click.testing import CliRunner

from symkern.cli import command

__all__ = ["judged", "line", "verbs"]

_NUMBERS, _SIZES = ["1", "1/2", "0.25", "3"], ["3", "4", "5", "8", "L"]
#: Words that are right, or nearly, by the name of what they stand for.
RIGHT = {
    "length": _SIZES, "n": ["3", "6", "n"], "vocabulary": ["2", "3", "v"], "tokens": ["uniform", "distinct", "1/2,1/2", "1/2,1/3,1/6"], "settings": ["alpha=1", "beta=1/2", "alpha=2/3"],
    "kernel": ["bag-of-tokens", "flatten", "linear-attention", "embedding(1, 1) | flatten", "embedding(alpha) | mean_pool", "embedding(1,1)|attention|mean_pool"],
    "name": ["flatten", "bag-of-tokens", "linear-attention"], "against": ["flatten", "bag-of-tokens"], "T": ["5", "6", "T"], "d": ["2", "3", "d"], "q": ["2", "1", "q"], "m": ["2", "m"], "a": _NUMBERS, "c": _NUMBERS,
    "T1": ["7", "9"], "time": _NUMBERS, "times": ["1,2", "1"], "until": ["1", "10"], "ridge": _NUMBERS, "noise": _NUMBERS, "trace": _NUMBERS, "eigenvalue": _NUMBERS, "learnability": ["1/2", "0.3"],
    "samples": ["5", "100"], "overlap": ["1/2"], "mu": ["2,1", "1", "[]", "2"], "lam": ["2,1", "3"], "kappa": ["1", "[]"], "part": ["2,1", "3"], "branch": ["0", "1"], "letters": ["2"], "size": ["3", "4"], "shape": ["2,1"],
    "target": ["x1*x2", "parity", "mean"], "function": ["x1*x2", "majority", "parity"], "formula": ["L", "alpha/v", "1/L"], "what": ["-"], "output": ["result.txt", "a.npz"], "plot": ["a.svg", "a.png"],
    "sequences": ["64", "256"],
}  # fmt: skip

#: Words that somewhere mean something, and words that nowhere do.
WORDS = [
    "1", "2", "3", "4", "0", "-1", "1/2", "0.5", "1e5", "1/0", "10^10", "9^9^9", "99999999999999999999", "L", "v", "n", "x", "2L", "L/2", "uniform", "distinct", "zipf", "1/2,1/2",
    "1/2,1/3,1/6", "1/3,1/3", "uniform(3)", "mixture([('1/2', uniform(2)), ('1/2', categorical(['1/3', '2/3']))])", "mixture(", "@nothing", "@/dev/null", "alpha=1", "beta=1/2", "alpha=", "=1",
    "alpha=1=2", "gamma=1", "alpha=L", "alpha=-1", "linear-attention", "bag-of-tokens", "flatten", "softmax-attention", "transformer-block", "linear-atention",
    "embedding(alpha, beta) | flatten", "embedding(1,1)|attention|mean_pool", "embedding(1) | mlp(relu) | mean_pool", "embedding(", "|", "| |", "embedding(1) | layer_norm | flatten",
    "2,1", "3,1", "1,2", "[]", "1", "(2,1)", "2,1,0", "2 1", "1,1,1", "0,1,2", "1,0,2", "x1*x2", "parity", "majority", "threshold(2)", "mean", "first*last", "s1", "n0/L", "[x1 = x2]", "copy(last)",
    "text", "latex", "json", "csv", "npz", "yaml", "1..10", "10..1", "1..", "1,2,3", "..", "6,2,2", "5", "8", "nan", "inf", "-inf", "None", "True", "", " ", "é", "²", "\udcff", "\0", "--", "-", "-x",
    "a" * 3000, "(" * 500, "'", '"', "__import__('os').getpid()", "/no/such/place", ".", "/dev/null", "result.txt",
]  # fmt: skip


@cache
def _everything() -> dict[tuple[str, ...], click.Command]:
    """Every verb, those of groups as two words."""
    found: dict[tuple[str, ...], click.Command] = {}

    def walk(path: tuple[str, ...], verb: click.Command) -> None:
        if isinstance(verb, click.Group):
            for name, inner in verb.commands.items():
                walk((*path, name), inner)
        if path:
            found[path] = verb

    walk((), command)
    return found


def verbs() -> list[str]:
    """Their names, but for that of what serves pages until somebody interrupts it."""
    return [" ".join(path) for path in _everything() if path != ("explore",)]


def line(verb: str, number: int) -> list[str]:
    """A line of this verb: each of its arguments and some of its options, with words of its own choices or odd ones."""
    generator = random.Random(f"{verb} {number}")
    path = tuple(verb.split())
    parameters = _everything()[path].params
    words = list(path)
    given: list[list[str]] = []
    for p in parameters:
        if isinstance(p, click.Argument):
            if (
                verb == "verify" or generator.random() < 0.9
            ):  # alone it checks everything, for minutes
                given.append([_word(p, generator) for _ in range(1 if p.nargs == 1 else 1 + generator.randrange(2))])  # fmt: skip
                if verb == "verify" and given[-1] == ["--"]:  # which stands for nothing
                    given[-1] = ["-"]
        elif generator.random() < 2.2 / max(len(parameters), 3):
            name = generator.choice(p.opts)
            flag = getattr(p, "is_flag", False)
            given += [[name] if flag else [name, _word(p, generator)]] * (2 if p.multiple and generator.random() < 0.3 else 1)  # fmt: skip
    if generator.random() < 0.05:
        given.append([generator.choice(["--nothing", "--set", "--length", "--help", "-h", "--version", *WORDS])])  # fmt: skip
    generator.shuffle(given)
    return words + [word for one in given for word in one]


def _word(p: click.Parameter, generator: random.Random) -> str:
    choices = getattr(p.type, "choices", None)
    if choices and generator.random() < 0.8:
        return str(generator.choice(list(choices)))
    if p.name in RIGHT and generator.random() < 0.75:
        return generator.choice(RIGHT[p.name])
    return generator.choice(WORDS)


def judged(case: list[Any]) -> dict[str, Any]:
    """The case is (verb, number)."""
    words = line(*case)
    with CliRunner().isolated_filesystem():
        said = CliRunner().invoke(command, words, prog_name="symkern")
    error = said.stderr
    kind = ""
    if said.exception is not None and not isinstance(said.exception, SystemExit):
        kind = type(said.exception).__name__
    elif said.exit_code not in (0, 1, 2):
        kind = f"status {said.exit_code}"
    elif "Traceback" in error + said.stdout:
        kind = "traceback"
    elif said.exit_code == 2 and said.stdout and case[0] != "verify":  # a report on each file
        kind = "output of what is refused"
    elif said.exit_code == 2 and not error.startswith(("symkern: ", "Usage: ")):
        kind = "no message"
    elif said.exit_code == 2 and error.startswith("symkern: ") and not _readable(error):
        kind = "no readable message"
    return {"kind": kind, "status": said.exit_code, "words": words, "text": str(said.exception)[:200] if kind else ""}  # fmt: skip


def _readable(error: str) -> bool:
    return error.count("\n") == 1 and len(error) < 4000 and error.strip().isprintable()
