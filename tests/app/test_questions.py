"""What the explorer's page is answered: the library's numbers, lines of Python that make them, errors at their fields, and nothing that is run."""

from __future__ import annotations

import io
import json
import re
import shlex

import pytest

import symkern as sk
from symkern.app import worker
from symkern.app.questions import answer
from tests.cli.running import invoke
from tests.reports.test_reports import Shown

_KERNEL = "embedding(alpha, beta) | flatten"


def asked(question, **more):
    found = answer({"question": question, "kernel": _KERNEL, **more})
    assert "error" not in found, found
    json.dumps(found)
    return found


def evaluated(line):
    """The value of a line that the page shows, as its reader would run it."""
    return eval(line, {"sk": sk})  # noqa: S307  a line of this program's own


def test_a_derivation_is_the_library_s():
    """The line of Python and the command make the same spectrum; the HTML shows no raw LaTeX; formulas can be copied."""
    found = asked("derive") | asked("rest")
    spectrum = sk.derive(_KERNEL)
    assert evaluated(found["python"]) == spectrum
    assert json.loads(found["json"]) == spectrum.to_dict()
    assert invoke(*shlex.split(found["command"])[1:], "--format", "json").stdout.strip() == found["json"]  # fmt: skip
    assert found["latex"].startswith(r"\documentclass") and found["csv"].count("\n") > 3
    page = Shown(found["spectrum"])
    assert page.open == [] and "\\" not in "".join(page.words)
    assert found["symbols"] == ["length", "vocabulary", "alpha", "beta"]
    assert "L²" in found["exponents"] or "L<" in found["exponents"] or ">L" in found["exponents"]


@pytest.mark.parametrize(
    "given",
    [
        {"length": "6", "vocabulary": "3", "settings": {"alpha": "1.35", "beta": "1/2"}},
        {"tokens": "1/2,1/3,1/6", "length": "3", "settings": {"alpha": "2", "beta": ""}},
        {"tokens": "distinct"},
        {"tokens": "p,1-p"},
        {"tokens": "p,1-p", "length": "4", "settings": {"p": "0.3", "alpha": "1", "beta": "1"}},
        {"vocabulary": "2"},
    ],
)
def test_lines_of_python_make_what_is_shown(given):
    found = asked("derive", **given) | asked("rest", **given)
    assert json.loads(found["json"]) == evaluated(found["python"]).to_dict()
    words = shlex.split(found["command"])
    again = json.loads(invoke(*words[1:], "--format", "json").stdout)
    assert again["sectors"] == json.loads(found["json"])["sectors"]


def test_numbers_are_the_library_s():
    """At sizes and hyperparameters of sliders: the table's rows, the parts of the target, the curves, and the line that makes them."""
    at = {"length": "6", "vocabulary": "2", "alpha": "0.5", "beta": "1"}
    found = asked("numbers", at=at, target="x1*x2", ridge="10^(-1)", lengths="4, 8")
    spectrum = sk.derive(_KERNEL, length=6, vocabulary=2, alpha="1/2", beta=1)
    assert evaluated(found["python"]) == spectrum
    assert found["table"].count("<tr>") == 1 + sum(s.multiplicity for s in spectrum.sectors)
    curve = evaluated(found["python_curve"])
    expected = spectrum.learning_curve("x1*x2", n=[10, 100, 1000], ridge="1/10")
    assert (curve.test_error == expected.test_error).all()
    assert len(re.findall(r'<polyline class="curve', found["curve"])) == 3
    assert found["parts"].count("<tr>") == 1 + len(expected.rows()) + len(expected.outside)


def test_symbols_of_the_law_have_numbers_like_others():
    """From a spectrum in p, at the slider's p: the table and the curve of the law with that number."""
    at = {"length": "6", "vocabulary": "2", "alpha": "1", "beta": "1", "p": "0.35"}
    found = asked("numbers", tokens="p,1-p", at=at, target="x1", ridge="1")
    law = sk.kernels.categorical(["7/20", "13/20"])
    there = sk.derive(_KERNEL, length=6, tokens=law, alpha=1, beta=1)
    spectrum = evaluated(found["python"])
    assert spectrum == there and "p='7/20'" in found["python"]
    curve = evaluated(found["python_curve"])
    expected = there.learning_curve("x1", n=[10, 100, 1000], ridge=1)
    assert (curve.test_error == expected.test_error).all()
    assert found["curve"] != asked("numbers", tokens="p,1-p", at={**at, "p": "0.4"}, target="x1", ridge="1")["curve"]  # fmt: skip
    both = answer({"question": "numbers", "tokens": "p,q,1-p-q", "at": {**at, "p": "0.6", "q": "0.6"}, "target": "x1", "kernel": _KERNEL})  # fmt: skip
    assert "must leave probabilities from 0 to 1" in both["error"]["message"]
    beside = asked("compare", tokens="p,1-p", against="flatten", length="4", settings={"p": "0.3", "alpha": "1", "beta": "1"})  # fmt: skip
    assert beside["python"].count("p='3/10'") == 2


def test_a_length_is_drawn_once():
    """The slider's and the further ones."""
    at = {"length": "4", "vocabulary": "2", "alpha": "1", "beta": "1"}
    found = asked("numbers", at=at, target="x1", ridge="1", lengths="4, 8,8")
    drawn = [line.partition(",")[0] for line in found["curve_csv"].splitlines()[1:]]
    assert list(dict.fromkeys(drawn)) == ["4", "8"] and drawn.count("4") == drawn.count("8")
    assert "(1,1)" in found["curve"] and "v-1" not in found["curve"] + found["parts"]


def test_a_spectrum_is_derived_once_and_numbers_do_not_wait_for_it(monkeypatch):
    """The second question about it takes what the first one found."""
    from symkern.app import questions

    asked("derive", kernel="embedding(alpha, beta) | attention | flatten")
    monkeypatch.setattr(questions, "derived", None)
    asked("numbers", kernel="embedding(alpha, beta) | attention | flatten", at={"length": "5", "vocabulary": "2", "alpha": "1", "beta": "1"})  # fmt: skip


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"kernel": "embedding(1) | atention | mean_pool"}, "kernel", "did you mean 'attention'"),
        ({"kernel": "embedding(1) | attention"}, "kernel", "readout"),
        ({"kernel": ""}, "kernel", ""),
        ({"kernel": "embedding((1) | mean_pool"}, "kernel", "parentheses"),
        ({"kernel": "embedding(y) | mean_pool"}, "kernel", "'y'"),
        ({"kernel": "embedding(1) | softmax | mean_pool"}, "kernel", "attention(tied, softmax)"),
        ({"tokens": "unifrom"}, "tokens", "did you mean 'uniform'"),
        ({"tokens": "1/2,1/3"}, "tokens", ""),
        ({"length": "-3"}, "length", ""),
        ({"length": "9^9^9"}, "length", ""),
        ({"length": "10^12"}, "length", "at most"),
        ({"vocabulary": "0"}, "vocabulary", ""),
        ({"target": "x1*"}, "target", ""),
        ({"target": "bananas"}, "target", ""),
        ({"kernel": 3}, "kernel", "must be a text"),
        ({"settings": [1]}, "", "settings"),
        ({"settings": {"alpha": None}}, "", "alpha"),
        ({"kernel": "(" * 20_000}, "kernel", "at most"),
        ({"kernel": "embedding(" + "(" * 3000 + "1" + ")" * 3000 + ") | mean_pool"}, "kernel", ""),
    ],
)  # fmt: skip
def test_errors_stand_at_their_fields(given, field, words):
    found = answer({"question": "read", **given})["error"]
    assert found["field"] == field and words in found["message"], found
    assert len(found["message"]) < 2000


def test_what_is_read_says_the_hyperparameters():
    found = asked("read", kernel="embedding(alpha) | linear(w, b) | mean_pool", target="x1")
    assert found["parameters"] == ["alpha", "b", "w"] and found["polynomial"]
    assert found["stages"] == ["embedding(alpha)", "linear(w, b)", "mean_pool"]
    assert found["chances"] == []
    assert asked("read", tokens="p,q,1-p-q")["chances"] == ["p", "q"]
    chain = "markov([['1-lam', 'lam'], ['lam', '1-lam']])"
    assert asked("read", tokens=chain, length="4")["chances"] == ["lam"]


def test_the_page_is_told_what_there_is():
    """Each preset and stage; every example that completion offers can be read."""
    found = asked("start")
    assert [p["name"] for p in found["presets"]] == list(sk.kernels.PRESETS)
    for stage in found["stages"]:
        if stage["example"] and stage["place"] == "between":
            kernel = f"embedding(1) | linear | {stage['example']} | mean_pool"
            assert "error" not in answer({"question": "read", "kernel": kernel}) or stage["name"] == "ntk"  # fmt: skip


def test_a_kernel_without_formulas_says_so_and_has_numbers():
    kernel = "embedding(alpha, beta) | attention(tied, softmax) | flatten"
    told = answer({"question": "derive", "kernel": kernel})["error"]
    assert "no formula symbolic in the length" in told["message"]
    given = {"kernel": kernel, "length": "4", "vocabulary": "2", "settings": {"alpha": "1", "beta": "1"}}  # fmt: skip
    found = asked("rest", **given)
    assert found["exponents"] == "" and found["no_exponents"]
    assert asked("numbers", **given, at={"length": "4"}, target="x1")["curve"]


@pytest.mark.parametrize(
    "field",
    [
        "kernel",
        "tokens",
        "length",
        "vocabulary",
        "target",
        "settings",
        "at",
        "lengths",
        "ridge",
        "question",
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('touch {}')", "().__class__.__base__.__subclasses__()", "exec(open('{}','w').write('x'))", "<script>alert(1)</script>",
        "\x00\x1b[31m", "{{7*7}}", "'; DROP TABLE", "embedding(<img src=x onerror=alert(1)>) | mean_pool", "\ud800",
    ],
)  # fmt: skip
def test_hostile_text_is_refused_and_never_run(tmp_path, field, text):
    place = tmp_path / "touched"
    text = text.replace("{}", str(place))
    given = {"question": "numbers", "kernel": "flatten", "at": {"length": "3", "vocabulary": "2", "alpha": "1", "beta": "1"}, "target": "x1"}  # fmt: skip
    given[field] = {"alpha": text} if field in ("settings", "at") else text
    found = answer(given)
    assert not place.exists()
    for name in ("table", "curve", "parts"):
        assert not re.search(r"<script|<img|\son\w+=", found.get(name, ""))
    told = found.get("error", {"message": found.get("no_curve")})["message"]
    assert told


def test_the_worker_answers_line_by_line_and_survives_a_fault(monkeypatch):
    """Progress comes before the answer; a fault of the library is told and the next question answered."""
    from symkern.app import questions

    def faulty(question, progress):
        if question.get("fail"):
            raise ZeroDivisionError("planted")
        return {"went": list(progress([1, 2, 3]))}

    monkeypatch.setitem(questions.QUESTIONS, "read", faulty)
    lines = [{"job": 1, "question": {"question": "read", "fail": True}}, {"job": 2, "question": {"question": "read"}}]  # fmt: skip
    out = io.StringIO()
    worker.serve(io.StringIO("\n".join(map(json.dumps, lines)) + "\n"), out)
    said = [json.loads(line) for line in out.getvalue().splitlines()]
    assert "planted" in said[0]["answer"]["error"]["message"]
    assert said[1] == {"job": 2, "progress": [0, 3]} and said[-1]["answer"] == {"went": [1, 2, 3]}
