"""Reports: the article compiles within its page, the page shows no raw LaTeX and asks for nothing, both hold the spectrum's numbers, and files are whole."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest

import symkern as sk
from symkern.abc import L, alpha, beta, parse, v
from symkern.errors import FormulaError, InvalidArgument
from symkern.kernels import read_kernel
from symkern.reports import article, page, report
from symkern.reports import folder as writing
from tests.browser import browser
from tests.cli.running import invoke, process

_POINT = {L: 7, v: 5, alpha: 3, beta: 2}


class Shown(HTMLParser):
    """What a reader sees, what buttons copy, what the page would load, and the elements that stay open."""

    def __init__(self, text):
        super().__init__()
        self.words, self.copies, self.loads, self.open, self.data = [], [], [], [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if "data-copy" in given:
            self.copies.append((given["aria-label"], given["data-copy"]))
        self.loads += [given[name] for name in ("src", "href", "srcset", "action") if name in given]
        if tag not in ("meta", "br", "mspace", "line", "rect", "path", "polyline", "link"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        if "script" in self.open or "style" in self.open:
            self.data += text if "{" in text[:2] else ""
        else:
            self.words.append(text)


@pytest.fixture(scope="module")
def spectrum():
    return sk.derive("linear-attention")


@pytest.fixture(scope="module")
def shown(spectrum):
    text = page(spectrum)
    return text, Shown(text)


def test_an_article_compiles_within_its_page(spectrum, compile_latex):
    log = compile_latex(article(spectrum))
    assert [e for e in re.findall(r"Overfull \\hbox \(([0-9.]+)pt", log) if float(e) > 5] == []


@pytest.mark.wide
@pytest.mark.parametrize("name", sk.kernels.PRESETS)
def test_every_preset_has_a_report_that_compiles(name, compile_latex):
    kernel = read_kernel(name)
    given = {p.name: 1 for p in kernel.parameters}
    spectrum = sk.derive(name, vocabulary=2) if kernel.is_polynomial else sk.derive(name, length=4, vocabulary=2, **given)  # fmt: skip
    log = compile_latex(article(spectrum))
    assert [e for e in re.findall(r"Overfull \\hbox \(([0-9.]+)pt", log) if float(e) > 5] == []
    assert "\\" not in "".join(Shown(page(spectrum)).words)


def test_a_page_shows_no_raw_latex_and_loads_nothing(shown):
    text, found = shown
    assert found.open == []
    words = "".join(found.words)
    assert "\\" not in words and "$" not in words and "\u2061" in words
    outside = [e for e in found.loads if not e.startswith("#")]
    assert all(re.fullmatch(r"https://arxiv\.org/abs/[\d.]+", e) for e in outside)
    inside = {e.removeprefix("#") for e in found.loads if e.startswith("#")}
    assert inside <= set(re.findall(r' id="([^"]*)"', text))


def test_the_policy_of_a_page_allows_its_own_script_alone(shown):
    text, _ = shown
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)[1]
    assert f"script-src 'sha256-{digest}'" in policy and policy.startswith("default-src 'none'")
    assert " style=" not in text and not re.search(r"<[^>]* on\w+=", text)


def test_buttons_copy_the_eigenvalues(spectrum, shown):
    """What SymPy is given is each eigenvalue that has a formula; the JSON is that of the spectrum."""
    _, found = shown
    sympy = [text for name, text in found.copies if name == "Copy as SymPy"]
    values = {parse(t.replace("**", "^")).subs(_POINT) for t in sympy if not re.search(r"\b(lambda|s)\b", t)}  # fmt: skip
    for sector in spectrum.sectors:
        if sector.multiplicity == 1:
            assert sector.eigenvalues[0].subs(_POINT) in values
    assert json.loads(found.data) == spectrum.to_dict()


def test_the_article_and_the_page_say_the_same(spectrum, shown):
    """Sections in one order, the same references, as many numbered formulas."""
    text, _ = shown
    tex = article(spectrum)
    titles = re.findall(r"\\section\{([^}]*)\}", tex)
    assert titles == re.findall(r"<h2 id=\"[^\"]*\">\d+\. ([^<]*)</h2>", text)
    assert titles == ["The kernel", "The spectrum", "Laws", "Exponents", "Learning curves", "Derivation"]  # fmt: skip
    assert len(re.findall(r"\\bibitem", tex)) == len(re.findall(r'<li id="ref-', text)) >= 4
    assert len(re.findall(r"\\label\{eq:", tex)) == len(re.findall(r'class="number"', text))


@pytest.mark.parametrize(
    ("kernel", "given", "missing"),
    [("softmax-attention", {"length": 3, "vocabulary": 2, "alpha": 1, "beta": 1}, ["Exponents", "Derivation"]), ("embedding(0) | mean_pool", {}, [])],
)  # fmt: skip
def test_what_a_spectrum_does_not_have_is_said(kernel, given, missing):
    tex = article(sk.derive(kernel, **given))
    for name in missing:
        assert re.search(rf"\\section\{{{name}\}}[^\n]*\n\nThere is none here: ", tex)


def test_figures_stand_where_the_numbers_are():
    """The points of a curve, read back from the picture, have its errors."""
    from symkern.pages.result_charts import learning_chart
    from symkern.typeset.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, chart_svg

    spectrum = sk.derive("flatten", 16, vocabulary=2, alpha=1, beta=1)
    curve = spectrum.learning_curve("x1*x2", n=[1, 10, 100, 1000], ridge=1)
    svg = chart_svg(learning_chart([curve]))
    [points] = re.findall(r'<polyline class="curve c0"[^>]* points="([^"]*)"', svg)
    places = [tuple(map(float, point.split(","))) for point in points.split()]
    chart = learning_chart([curve])
    for (x, y), n, error in zip(places, curve.n, curve.test_error, strict=True):
        across = (x - LEFT) / (WIDTH - LEFT - RIGHT)
        up = (HEIGHT - y - BOTTOM) / (HEIGHT - TOP - BOTTOM)
        assert 10 ** (3 * across) == pytest.approx(n, rel=0.01)
        span = chart.high[1] / chart.low[1]
        assert chart.low[1] * span**up == pytest.approx(error / curve.total, rel=0.01)


# -- files ---------------------------------------------------------------------------------


@pytest.fixture
def small():
    return sk.derive("bag-of-tokens")


def test_a_report_is_written_and_written_again(small, tmp_path):
    place = tmp_path / "made"
    first = report(small, place)
    assert [p.name for p in first] == ["article.tex", "page.html"]
    before = [p.read_bytes() for p in first]
    with pytest.raises(InvalidArgument, match="output: must not hold a report"):
        report(small, place)
    assert [p.read_bytes() for p in report(small, place, force=True)] == before
    assert sorted(p.name for p in place.iterdir()) == ["article.tex", "page.html"]


@pytest.mark.parametrize("name", ["article.tex", "page.html"])
def test_what_is_there_is_kept(small, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"mine\n")
    with pytest.raises(InvalidArgument, match="output: must not hold"):
        report(small, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [name] and path.read_bytes() == b"mine\n"
    report(small, tmp_path, force=True)
    assert path.read_bytes() != b"mine\n"


@pytest.mark.parametrize("at", ["page_of", "article_of"])
def test_an_interruption_leaves_nothing(small, tmp_path, monkeypatch, at):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, at, interrupted)
    with pytest.raises(KeyboardInterrupt):
        report(small, tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing(small, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(writing.os, "fsync", full)
    with pytest.raises(InvalidArgument, match="No space left"):
        report(small, tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_a_signal_leaves_nothing(tmp_path):
    """Ctrl-C in the middle: status 130, and no file."""
    command = [sys.executable, "-m", "symkern", "report", "linear-attention-2", "--output", str(tmp_path / "r")]  # fmt: skip
    root = str(Path(sk.__file__).parents[1])
    running = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": root}, stderr=subprocess.PIPE)  # fmt: skip
    time.sleep(2.5)
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=60)
    assert running.returncode in (130, -signal.SIGINT) and list(tmp_path.iterdir()) == []


def test_bad_places_are_refused_before_work(small, tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "has" / "article.tex").mkdir(parents=True)
    for place in ("file", "missing/deeper", "link", "has", "nul\0"):
        with pytest.raises(InvalidArgument, match=r"^output: "):
            report(small, str(tmp_path / place))
    with pytest.raises(FormulaError, match="target"):
        report(small, tmp_path / "new", target="x1*")
    assert not (tmp_path / "new").exists()


def test_the_verb(tmp_path):
    place = str(tmp_path / "r")
    done = process("report", "flatten", "--set", "alpha=1", "--output", place)
    assert done.returncode == 0 and done.stdout == ""
    assert "embedding(1, beta)" in Path(place, "article.tex").read_text()
    assert "unless force is given" in invoke("report", "flatten", "--output", place).stderr
    again = invoke("report", "flatten", "--output", f"{place}2", "--target", "nonsense(")
    assert again.exit_code == 2 and again.stderr.count("\n") == 1
    assert invoke("report").exit_code == 2


# -- in a browser ---------------------------------------------------------------------------


def test_a_page_in_a_browser(shown, tmp_path):
    """Light and dark, wide and narrow: nothing sticks out, formulas have a size, buttons work by keyboard, and nothing is asked of a network."""
    place = tmp_path / "page.html"
    place.write_text(shown[0], encoding="utf-8")
    with browser(tmp_path) as at:
        at.open(place.as_uri())
        for width in (360, 1000):
            at.size(width, dark=width == 360)
            assert at.run("document.documentElement.scrollWidth") <= width
            assert at.run("Math.min(...[...document.querySelectorAll('math')].map(m => m.getBoundingClientRect().width))") > 3  # fmt: skip
        light = at.run("getComputedStyle(document.body).backgroundColor")
        at.size(1000, dark=True)
        assert light != at.run("getComputedStyle(document.body).backgroundColor")
        at.run("document.querySelector('button[data-copy]').focus()")
        at.press("Enter", "\r")
        at.wait("document.getElementById('copied').textContent === 'Copied'")
        assert at.requests() == [place.as_uri()] and at.complaints() == []


@pytest.mark.wide
def test_a_kernel_without_a_formula_is_reported_with_numbers_that_are_said(tmp_path):
    """softmax-block without sizes: series at numbers that standard error names, in the words of the options; and the article says them."""
    result = invoke("report", "softmax-block", "--output", str(tmp_path / "r"))
    assert result.exit_code == 0, result.output
    options = re.search(r"reported with (.*)", result.stderr)[1].split()
    assert options[:2] == ["--vocabulary", "2"] and set(options[3::2]) == {"alpha=1", "beta=1", "w=1", "b=1"}  # fmt: skip
    tex = (tmp_path / "r" / "article.tex").read_text()
    assert r"\title{The spectrum of softmax-block}" in tex and r"\begin{abstract}" in tex
    assert "L^{-2}" in tex and r"\texttt{Spectrum" not in tex
    refused = invoke("report", "flatten", "--set", "gamma=1", "--output", str(tmp_path / "s"))
    assert refused.exit_code == 2 and "gamma" in refused.stderr and not (tmp_path / "s").exists()
