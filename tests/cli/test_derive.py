"""``symkern derive``: the printed table within 80 columns, and the JSON field by field.

The numbers are those of the full v^L x v^L matrix, reached through the text of the JSON alone: formulas
are read by symkern.abc.parse and, as a second reader, by SymPy with symkern.abc.namespace.
"""

import csv
import io
import json
from fractions import Fraction
from functools import cache
from itertools import chain
from unicodedata import east_asian_width

import pytest
import sympy as sp
from flint import fmpq, fmpq_mat, fmpq_poly
from sympy.parsing.sympy_parser import parse_expr

from symkern.abc import L, alpha, beta, namespace, parse, sigma2, v, x
from tests.cli.running import invoke, printed, process
from tests.oracles import attention, spectrum

PRESETS = [
    "bag-of-tokens",
    "flatten",
    "linear-attention",
    "linear-attention-flatten",
    "transformer-block",
]
NUMBERS = {"alpha": Fraction(2), "beta": Fraction(1, 3), "w": Fraction(3), "b": Fraction(1, 4)}
STAGES = {
    "bag-of-tokens": [("embedding", {"token": "alpha"}), ("mean_pool", {})],
    "flatten": [("embedding", {"token": "alpha", "position": "beta"}), ("flatten", {})],
    "linear-attention": [
        ("embedding", {"token": "alpha", "position": "beta"}),
        ("attention", {}),
        ("mean_pool", {}),
    ],
    "linear-attention-flatten": [
        ("embedding", {"token": "alpha", "position": "beta"}),
        ("attention", {}),
        ("flatten", {}),
    ],
    "transformer-block": [
        ("embedding", {"token": "alpha", "position": "beta"}),
        ("attention", {}),
        ("residual", {}),
        ("linear", {"weight": "w", "bias": "b"}),
        ("mean_pool", {}),
    ],
}


def _oracle(preset):
    stages = [
        (name, {key: NUMBERS[value] for key, value in arguments.items()})
        for name, arguments in STAGES[preset]
    ]
    return lambda p, q: attention.kernel(stages, p, q)


@cache
def _derived(*arguments):
    text = printed("derive", *arguments, "--format", "json")
    result = json.loads(text)
    assert json.loads(json.dumps(result)) == result
    return result


def _at(text, values):
    number = parse(text).subs({namespace[k]: sp.Rational(str(q)) for k, q in values.items()})
    assert number.is_Rational
    return Fraction(int(number.p), int(number.q))


def _charpoly(sector, values):
    entries = [_at(entry, values) for row in sector["block"] for entry in row]
    size = sector["multiplicity"]
    return fmpq_mat(size, size, [fmpq(q.numerator, q.denominator) for q in entries]).charpoly()


# Text


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--full"],
        ["--tokens", "distinct"],
        ["--length", "4", "--vocabulary", "3"],
        ["--length", "4", "--vocabulary", "3", "--set", "alpha=1", "--set", "beta=1/2"],
        ["--vocabulary", "2", "--full"],
        ["--length", "5"],
        ["flatten"],
        ["bag-of-tokens"],
        ["linear-attention-flatten"],
        ["linear-attention-flatten", "--full"],
        ["transformer-block"],
        ["transformer-block", "--full"],
        ["embedding(alpha, beta, gamma) | attention | linear(weight=w, bias=b) | mean_pool"],
    ],
    ids=" ".join,
)
def test_text_stays_within_eighty_columns(arguments):
    text = printed("derive", *arguments)
    for line in text.splitlines():
        assert sum(2 if east_asian_width(c) in "WF" else 1 for c in line) <= 80, line
        assert line == line.rstrip()
    assert "\t" not in text


@pytest.mark.floor
def test_the_header_and_the_rows():
    text = printed("derive")
    header, table, below = text.split("\n\n", 2)
    assert "embedding(alpha, beta) | attention | mean_pool" in header
    assert "uniform" in header
    assert "trace" in header
    assert "E k(x,x)" in header
    for title in ("positions", "tokens", "dimension", "block", "leading", "samples"):
        assert title in table.splitlines()[0]
    irreps = ["(L)", "(L-1,1)"], ["(v)", "(v-1,1)", "(v-2,2)", "(v-2,1,1)"]
    assert all(label in table for group in irreps for label in group)
    assert below.count("roots of") == 3
    assert "sqrt" not in below
    assert "sqrt" in printed("derive", "--full")


@pytest.mark.floor
def test_alone_it_is_linear_attention_on_uniform_tokens():
    expected = printed("derive", "linear-attention", "--tokens", "uniform", "--length", "L")
    assert printed("derive") == expected
    assert printed("derive", "embedding(alpha,beta)|attention|mean_pool") == expected
    assert printed("derive", "--vocabulary", "v") == expected


def test_a_terminal_without_unicode_gets_ascii():
    result = process("derive", PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert result.returncode == 0
    assert result.stdout.isascii()
    assert "?" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.floor
def test_in_a_process_nothing_but_the_result():
    result = process("derive", "flatten")
    assert result.returncode == 0
    assert result.stderr == ""
    assert result.stdout == printed("derive", "flatten")


def test_latex_compiles(compile_latex):
    source = printed("derive", "--format", "latex")
    assert "\\documentclass" in source
    compile_latex(source)


def test_output_file(tmp_path):
    target = tmp_path / "spectrum.json"
    assert printed("derive", "--format", "json", "--output", str(target)) == ""
    assert json.loads(target.read_text(encoding="utf-8")) == _derived()


# JSON

TOP = {
    "schema",
    "kernel",
    "length",
    "vocabulary",
    "tokens",
    "group",
    "parameters",
    "trace",
    "standing",
    "sectors",
}
PARALLEL = [
    "eigenvalues",
    "minimal_polynomials",
    "intervals",
    "leading",
    "exponents",
    "samples",
]
SECTOR = {
    "position_irrep",
    "token_irrep",
    "dimension",
    "multiplicity",
    "block",
    "valid_for",
    "standing",
    *PARALLEL,
}


@pytest.mark.floor
def test_json_top():
    found = _derived()
    assert set(found) == TOP
    assert found["schema"] == 1
    assert found["kernel"] == "embedding(alpha, beta) | attention | mean_pool"
    assert (found["length"], found["vocabulary"]) == ("L", "v")
    assert (found["tokens"], found["group"]) == ("uniform", "S_L")
    assert set(found["parameters"]) == {"alpha", "beta"}
    assert all(isinstance(text, str) for text in found["parameters"].values())


def test_json_top_with_numbers_and_distinct_tokens():
    found = _derived("--length", "4", "--vocabulary", "3", "--set", "beta=0.1")
    assert (found["length"], found["vocabulary"]) == (4, 3)
    assert found["parameters"] == {"alpha": "alpha", "beta": "1/10"}
    found = _derived("--tokens", "distinct")
    assert (found["length"], found["vocabulary"], found["tokens"]) == ("L", "L", "distinct")
    assert _derived("--tokens", "distinct", "--length", "5")["vocabulary"] in (5, "L")
    found = _derived("linear-attention-last", "--length", "3", "--vocabulary", "2")
    assert found["group"] == "S_{L-1}"


CASES = [[preset] for preset in PRESETS] + [
    ["--tokens", "distinct"],
    ["--vocabulary", "2"],
    ["--length", "4", "--vocabulary", "3"],
    ["--length", "4", "--vocabulary", "3", "--set", "alpha=1", "--set", "beta=1"],
    [
        "embedding(alpha, beta) | flatten | mlp(1 + x^3)",
        "--length=3",
        "--vocabulary=3",
        "--set=alpha=1",
        "--set=beta=1",
    ],
]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("arguments", CASES, ids=" ".join)
def test_json_fields_of_every_sector(arguments):
    found = _derived(*arguments)
    for sector in found["sectors"]:
        assert set(sector) == SECTOR
        for label in (sector["position_irrep"], sector["token_irrep"]):
            assert isinstance(label, list)
            assert all(isinstance(part, int) for part in label)
            assert label == sorted(label, reverse=True)
        size = sector["multiplicity"]
        assert isinstance(size, int)
        assert size >= 1
        assert [len(row) for row in sector["block"]] == [size] * size
        assert any(entry != "0" for row in sector["block"] for entry in row)
        for name in PARALLEL:
            assert len(sector[name]) == size, name
        for name in PARALLEL:
            for entry in sector[name]:
                if name == "intervals":
                    assert entry is None or (len(entry) == 2 and all(type(e) is str for e in entry))
                else:
                    assert entry is None or isinstance(entry, str)
        assert set(sector["valid_for"]) == {"L", "v"}
        assert all(isinstance(least, int) and least >= 1 for least in sector["valid_for"].values())
        assert sector["standing"] in ("proved", "fitted", "cited")
        texts = [found["trace"], sector["dimension"], *(e for row in sector["block"] for e in row)]
        for name in PARALLEL:
            if name != "intervals":
                texts += [entry for entry in sector[name] if entry is not None]
        for text in texts:
            _two_readers(text)


@cache
def _two_readers(text):
    """symkern's parser and SymPy's read the same formula, and no float is in it."""
    assert "." not in text
    first = parse(text)
    second = parse_expr(text.replace("^", "**"), local_dict=dict(namespace))
    assert first == second or sp.simplify(first - second) == 0


@pytest.mark.sampled(8)
@pytest.mark.parametrize("arguments", CASES, ids=" ".join)
def test_json_eigenvalues_are_roots(arguments):
    """Each branch is a root of its minimal polynomial; the polynomials make up the block's."""
    for sector in _derived(*arguments)["sectors"]:
        block = sp.Matrix([[parse(entry) for entry in row] for row in sector["block"]])
        symbols = sorted(block.free_symbols, key=str)
        point = {s: sp.Rational(7 + 2 * i) for i, s in enumerate(symbols)}
        whole = sp.Poly(block.subs(point).charpoly().as_expr(x), x)
        product = sp.Poly(1, x)
        for text in _once_per_factor(sector["minimal_polynomials"]):
            product *= sp.Poly(parse(text).subs(point), x)
        assert whole.monic() == product.monic()
        for i, polynomial in enumerate(sector["minimal_polynomials"]):
            degree = sp.degree(parse(polynomial), x)
            written, interval = sector["eigenvalues"][i], sector["intervals"][i]
            if degree <= 2:
                assert written is not None  # with or without --full
            if written is not None:
                value = parse(written).subs(point)
                assert sp.simplify(parse(polynomial).subs(point).subs(x, value)) == 0
                assert interval is None
            elif interval is not None:
                low, high = (sp.Rational(end) for end in interval)
                assert sp.Poly(parse(polynomial), x).count_roots(low, high) == 1
            if sector["samples"][i] is not None and written is not None and parse(written) != 0:
                product_is_ridge = parse(sector["samples"][i]) * parse(written)
                assert sp.simplify(product_is_ridge.subs(point) - sigma2.subs(point)) == 0


def _once_per_factor(polynomials):
    """One polynomial for each factor: a factor of degree d stands d times in the list."""
    result = []
    for text in dict.fromkeys(polynomials):
        degree = int(sp.degree(parse(text), x))
        times, rest = divmod(polynomials.count(text), degree)
        assert rest == 0
        result += [text] * times
    return result


@pytest.mark.sampled(8)
@pytest.mark.parametrize("preset", PRESETS)
def test_json_holds_the_whole_spectrum(preset):
    """At L = v = 4 the blocks, to the power of their dimensions, give the 256 x 256 matrix."""
    found = _derived(preset)
    values = {**NUMBERS, "L": 4, "v": 4}
    total, dimensions = fmpq_poly([1]), 0
    trace = Fraction(0)
    for sector in found["sectors"]:
        assert sector["valid_for"]["L"] <= 4
        assert sector["valid_for"]["v"] <= 4
        polynomial, times = _charpoly(sector, values), int(_at(sector["dimension"], values))
        total *= polynomial**times
        dimensions += polynomial.degree() * times
        trace += times * sum(
            (_at(sector["block"][i][i], values) for i in range(sector["multiplicity"])), Fraction(0)
        )
    index, numbers = spectrum.gram(_oracle(preset), 4, 4)
    expected = spectrum.full_charpoly(index, numbers)
    assert total * fmpq_poly([0, 1]) ** (256 - dimensions) == expected
    assert trace == spectrum.power_sums(index, numbers)[0] == _at(found["trace"], values)


def test_json_leading_terms():
    """leading is the limit: eigenvalue/leading -> 1; exponents are its power of L."""
    for sector in _derived()["sectors"]:
        for eigenvalue, leading, exponent in zip(
            sector["eigenvalues"], sector["leading"], sector["exponents"], strict=True
        ):
            term = parse(leading)
            assert sp.simplify(term * L ** (-parse(exponent))).has(L) is False
            numbers = {alpha: 2, beta: sp.Rational(1, 3), v: 5, L: 10**9}
            ratio = sp.N(parse(eigenvalue).subs(numbers) / term.subs(numbers), 15, maxn=400)
            assert abs(ratio - 1) < sp.Rational(1, 10**6)


def test_csv_agrees_with_json():
    found = _derived("linear-attention-flatten")
    text = printed("derive", "linear-attention-flatten", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == sum(sector["multiplicity"] for sector in found["sectors"])
    expected = [e for sector in found["sectors"] for e in sector["eigenvalues"]]
    assert [row["eigenvalue"] or None for row in rows] == expected


def test_values_are_read_exactly():
    """0.1 is 1/10, and --set gives what substitution gives."""
    direct = _derived("--set", "alpha=0.1", "--set", "beta=1/3")
    general = _derived()
    values = {alpha: sp.Rational(1, 10), beta: sp.Rational(1, 3)}
    for one, other in zip(direct["sectors"], general["sectors"], strict=True):
        for left, right in zip(chain(*one["block"]), chain(*other["block"]), strict=True):
            assert sp.simplify(parse(left) - parse(right).subs(values)) == 0


@pytest.mark.wide
def test_kernels_of_two_groups_are_compared_under_the_smaller() -> None:
    run = process("derive", "linear-attention", "--against", "linear-attention-last")
    assert run.returncode == 0, run.stderr
    assert all(len(line) <= 80 for line in run.stdout.splitlines())
    words = " ".join(run.stdout.split())
    assert "compared under S_{L-1}, the positions that are not read; of A, (L) restricts" in words
    assert "(L-1,1) to (L-2,1) and (L-1)" in words
    turned = printed("derive", "linear-attention-last", "--against", "linear-attention")
    assert "of B, (L) restricts to (L-1)" in " ".join(turned.split())
    found = json.loads(
        printed(
            "derive", "linear-attention", "--against", "linear-attention-last", "--format", "json"
        )
    )
    assert found["group"] == "S_{L-1}"
    assert found["restricted"]["sectors"][1] == {"from": [1], "to": [[1], []]}
    # The sector (L-1,1) x (v-2,1,1) of the one kernel stands under both labels.
    both = [s["position_irrep"] for s in found["sectors"] if s["token_irrep"] == [1, 1]]
    assert both == [[], [1]]
    for form in ("csv", "latex"):
        assert printed(
            "derive", "linear-attention", "--against", "linear-attention-last", "--format", form
        )


def test_a_theorem_that_leaves_formulas_out_says_how_to_have_them():
    """On standard error, so that the LaTeX is LaTeX."""
    deep = "embedding(alpha, beta) | attention | residual | attention | mean_pool"
    found = invoke("derive", deep, "--vocabulary", "2", "--format", "latex", "--theorem")
    assert found.exit_code == 0 and "whose formulas are not printed" in found.stdout
    assert found.stderr.startswith("symkern: ") and "--full prints them" in found.stderr
    assert "--full" not in found.stdout
    short = invoke("derive", "flatten", "--format", "latex", "--theorem")
    assert short.exit_code == 0 and short.stderr == ""
