"""The questions of the record: presets under every kind of law, random pipelines, bad input, and what else a spectrum tells.

The list is the same every time: what is random comes from a generator with a fixed seed. `python -m tests.record.make_record --anew` puts them all and
leaves out those that take too long; the record holds each question with its answer, so that the questions are not drawn again to
compare.
"""

from __future__ import annotations

from random import Random
from typing import Any

import symkern as sk

__all__ = ["questions"]

SEED = 20261129
RANDOM = 420

_LETTERS = "categorical(['1/2', '1/3', '1/6'])"
_MIXED = "mixture([('1/3', uniform(2)), ('2/3', categorical(['1/4', '3/4']))])"
_PROBABILITIES = (
    "['1/3', '2/3']",
    "['1/2', '1/3', '1/6']",
    "['1/2', '0', '1/2']",
    "['1/4', '1/4', '1/2']",
    "['1/5', '1/5', '0', '3/5']",
    "['1', '0']",
    "['1/2', '1/2']",
)
_MIXTURES = (
    _MIXED,
    "mixture([('1/2', categorical(['1', '0'])), ('1/2', categorical(['0', '1']))])",
    "mixture([('1/4', uniform(3)), ('3/4', categorical(['1/2', '1/2', '0']))])",
    "mixture([('1/2', categorical(['1/5', '4/5'])), ('1/2', categorical(['4/5', '1/5']))])",
)
_COUNTED = "exchangeable({(2, 1): '1/2', (1, 2): '1/3', (3, 0): '1/6'})"
_NUMBERS = {"alpha": "2", "beta": "1/3", "w": "1/2", "b": "3"}

#: (length, law) for every preset: symbolic where there is a formula, else refused.
_PLACES: list[tuple[Any, str]] = [
    ("L", "uniform(v)"),
    ("L", "uniform(2)"),
    ("L", "uniform(3)"),
    ("L", "uniform(L)"),
    ("L", _LETTERS),
    ("L", _MIXED),
    ("L", "distinct()"),
    (4, "distinct()"),
    (3, _COUNTED),
    (4, _COUNTED),
    (4, "uniform(v)"),
    (1, "uniform(3)"),
    (2, "uniform(2)"),
    (3, "uniform(2)"),
    (4, "uniform(3)"),
    (3, _LETTERS),
    (5, _MIXED),
]

#: Three layers have no formula within reach here but at given sizes; two with v symbolic have their blocks alone.
_TOO_LONG = {
    "linear-attention-3": (
        "uniform(2)",
        "uniform(3)",
        "uniform(L)",
        "distinct()",
        _LETTERS,
        _MIXED,
    ),
    "linear-attention-2": ("uniform(3)", "uniform(L)", _LETTERS, _MIXED),
}


def questions() -> list[dict[str, Any]]:
    """All questions; each has its "id"."""
    generator = Random(SEED)
    groups = {
        "preset": _presets(),
        "blocks": _blocks(),
        "random": [_random(generator) for _ in range(RANDOM)],
        "input": _bad_input(),
        "sensitivity": _sensitivities(),
        "exponents": _exponents(),
        "energies": _energies(),
        "curve": _curves(),
        "command": _commands(),
    }
    return [
        {"id": f"{group}-{number:03d}", **question}
        for group, listed in groups.items()
        for number, question in enumerate(listed)
    ]


def _asked(
    kernel: str, length: Any, law: str, ask: str = "spectrum", **more: Any
) -> dict[str, Any]:
    question = {"ask": ask, "kernel": kernel, "length": length, "law": law}
    return question | {name: value for name, value in more.items() if value}


def _given(kernel: str) -> dict[str, str]:
    """Numbers for the hyperparameters of a kernel."""
    return {p.name: _NUMBERS[p.name] for p in sk.kernels.read_kernel(kernel).parameters}


def _presets() -> list[dict[str, Any]]:
    found = []
    for name in sk.kernels.PRESETS:
        for length, law in _PLACES:
            if length == "L" and law in _TOO_LONG.get(name, ()):
                continue
            pairs = [((0, 1, 1), (0, 0, 1)), ((0, 0, 1), (1, 0, 0))] if length == 3 else []
            found.append(_asked(name, length, law, costs=True, values=pairs))
            if isinstance(length, int):
                found.append(_asked(name, length, law, costs=True, values=pairs, set=_given(name)))
        found.append(_asked(name, "L", "uniform(v)", set=_given(name)))
    return found


def _blocks() -> list[dict[str, Any]]:
    two, three = "linear-attention-2", "linear-attention-3"
    return [
        _asked(two, "L", "uniform(v)", "blocks", seconds=60),
        *(
            _asked(two, "L", law, "blocks")
            for law in ("uniform(3)", "uniform(4)", _LETTERS, _MIXED)
        ),
        _asked(three, "L", "uniform(2)", "blocks"),
        _asked(three, "L", "uniform(2)", "blocks", set=_given(three)),
        _asked(three, "L", "distinct()", "blocks"),
        _asked("transformer-block", "L", "uniform(v)", "blocks"),
        _asked("linear-attention-last", "L", _LETTERS, "blocks"),
    ]


def _random(generator: Random) -> dict[str, Any]:
    """A pipeline of the grammar under some law at some sizes."""
    choose = generator.choice
    symbolic = generator.random() < 0.45
    length: Any = "L" if generator.random() < 0.35 else generator.randint(1, 6)
    irrational = generator.random() < (0.12 if length == "L" else 0.45)

    def number(symbol: str, *others: str) -> str:
        if symbolic and generator.random() < 0.6:
            return choose([symbol, symbol, symbol, f"{symbol}/2", f"{symbol}^2", f"1 + {symbol}"])
        return choose(["1", "1/2", "2", "3/4", *others])

    def network() -> str:
        smooth = ["quadratic", "1 + x^2", "x^3 + x", "2*x - x^2/3"]
        return f"mlp({choose(['relu', 'erf', 'relu'] if irrational else smooth)})"

    def attention(first: bool) -> str:
        words = []
        if irrational and generator.random() < 0.6:
            words.append("tied")
            words += choose([[], ["softmax"], ["softmax"], ["relu"], ["abs"]])
        if generator.random() < 0.2:
            words.append("normalize=false")
        if first and generator.random() < 0.2:
            words.append("positions_in_values=false")
        return f"attention({', '.join(words)})" if words else "attention"

    arguments = [number("alpha"), number("beta", "0", "0"), number("gamma", "0", "0", "0")]
    stages = [f"embedding({', '.join(arguments[: generator.randint(1, 3)])})"]
    seen = False
    for _ in range(choose([0, 1, 1, 1, 2, 2, 3])):
        kind = choose(["attention", "attention", "attention", "linear", "mlp", "residual"])
        if kind == "residual" and (len(stages) == 1 or stages[-1] == "residual"):
            kind = "attention"
        if kind == "attention":
            stages.append(attention(not seen))
            seen = True
        elif kind == "mlp":
            stages.append(network())
        elif kind == "linear":
            stages.append(f"linear({number('w')}, {number('b', '0')})")
        else:
            stages.append("residual")
    stages.append(choose(["mean_pool", "flatten", "at_position(last)"]))
    if generator.random() < 0.25:
        stages.append(choose([f"linear({number('w')}, {number('b')})", network()]))
    return _asked(" | ".join(stages), length, _random_law(generator, length))


def _random_law(generator: Random, length: Any) -> str:
    choose = generator.choice
    kind = choose(
        ["uniform", "uniform", "uniform", "categorical", "mixture", "exchangeable", "distinct"]
    )
    if kind == "uniform":
        return f"uniform({choose([1, 2, 2, 3, 4] if generator.random() < 0.7 else ['v', 'v', 'v', 'L'])})"
    if kind == "categorical":
        return f"categorical({choose(_PROBABILITIES)})"
    if kind == "mixture":
        return choose(_MIXTURES)
    if kind == "exchangeable":
        n = length if isinstance(length, int) else 3
        letters = generator.randint(1, 3)
        drawn = {_counts(generator, n, letters) for _ in range(generator.randint(1, 4))}
        listed = sorted(drawn)
        return f"exchangeable({{{', '.join(f'{c}: {chr(39)}1/{len(listed)}{chr(39)}' for c in listed)}}})"
    return "distinct()"


def _counts(generator: Random, total: int, letters: int) -> tuple[int, ...]:
    counts = [0] * letters
    for _ in range(total):
        counts[generator.randrange(letters)] += 1
    return tuple(counts)


def _bad_input() -> list[dict[str, Any]]:
    good = "linear-attention"
    kernels = [
        "linear-atention",
        "embedding(alpha) | atention | flatten",
        "embedding(alpha) | attention",
        "embedding | mean_pool",
        "attention | mean_pool",
        "embedding(-1) | mean_pool",
        "embedding(alpha) | mean_pool | attention",
        "embedding(alpha) | residual | mean_pool",
        "embedding(alpha) | attention(independent, softmax) | mean_pool",
        "embedding(alpha) | attention | attention(positions_in_values=false) | mean_pool",
        "embedding(alpha) | mlp(tanh) | flatten",
        "embedding(alpha) | mlp(1/x) | flatten",
        "embedding(delta) | mean_pool",
        "embedding(alpha) | at_position(first)",
        "embedding(alpha, token=1) | flatten",
        "embedding(alpha | flatten",
    ]
    places: list[tuple[Any, str, dict[str, str]]] = [
        (0, "uniform(2)", {}),
        (-3, "uniform(2)", {}),
        ("v", "uniform(2)", {}),
        (3, "uniform(0)", {}),
        (3, "categorical(['1/2', '1/3'])", {}),
        (3, "categorical(['3/2', '-1/2'])", {}),
        (3, "categorical([])", {}),
        (3, "mixture([('1/2', uniform(2)), ('1/2', uniform(3))])", {}),
        (3, "exchangeable({(1, 1): '1', (2, 1): '0'})", {}),
        (3, "uniform(2)", {"alpha": "-1"}),
        (3, "uniform(2)", {"gamma": "1"}),
        (3, "uniform(2)", {"alpha": "1/0"}),
    ]
    return [_asked(kernel, 2, "uniform(2)") for kernel in kernels] + [
        _asked(good, length, law, set=given) for length, law, given in places
    ]


def _sensitivities() -> list[dict[str, Any]]:
    names = [name for name in sk.kernels.PRESETS if name not in _TOO_LONG][:7]
    found = [_asked(name, "L", "uniform(v)", "sensitivity") for name in names]
    found += [_asked(name, 4, "uniform(2)", "sensitivity") for name in names]
    for name in ("linear-attention-2", "softmax-attention", "fully-connected", "flatten"):
        for length, law in ((3, "uniform(3)"), (4, _LETTERS), (3, _MIXED), ("L", "distinct()")):
            found.append(_asked(name, length, law, "sensitivity", set=_given(name)))
    return found[:30]


def _exponents() -> list[dict[str, Any]]:
    places = ["uniform(v)", "uniform(2)", _LETTERS, "distinct()"]
    short = [name for name in sk.kernels.PRESETS if name not in _TOO_LONG]
    return [_asked(name, "L", law, "exponents") for name in short for law in places]


def _energies() -> list[dict[str, Any]]:
    found = []
    for name in (
        "flatten",
        "linear-attention",
        "linear-attention-last",
        "softmax-attention",
        "fully-connected",
    ):
        for length, law in ((2, "uniform(3)"), (4, "uniform(2)"), (3, _LETTERS), (3, _COUNTED)):
            found.append(_asked(name, length, law, "energies", set=_given(name)))
    return found


def _curves() -> list[dict[str, Any]]:
    more = {"n": [1, 10, 100, 1000], "ridge": "1/10", "noise": "1/20"}
    return [
        _asked(name, length, "uniform(2)", "curve", target=target, set=_given(name), **more)
        for name, length, target in (
            ("linear-attention", 6, "x1"),
            ("linear-attention-last", 5, "x1*x2"),
            ("flatten", 8, "majority"),
            ("softmax-attention", 5, "parity"),
            ("transformer-block", 12, "x1"),
        )
    ]


def _commands() -> list[dict[str, Any]]:
    lines = [
        "derive",
        "derive bag-of-tokens --format json",
        "derive linear-attention --tokens distinct",
        "derive linear-attention --vocabulary 2 --format csv",
        "derive linear-attention --format latex",
        "derive --length 4 --vocabulary 3 --set alpha=1 --set beta=1 --format csv",
        "derive softmax-attention --length 4 --vocabulary 2 --set alpha=1 --set beta=1 --format json",
        "derive transformer-block-last --tokens 1/2,1/3,1/6 --set w=1 --set b=0",
        "derive fully-connected --length 5 --vocabulary 2 --set alpha=1",
        "derive linear-attention --against flatten --vocabulary 2",
        "derive softmax-attention",
        "presets",
    ]
    return [{"ask": "command", "arguments": line.split()} for line in lines]
