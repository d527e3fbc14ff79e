"""The explorer in a browser, as its readers use it: by mouse and keyboard, on a telephone, with hostile text; skipped where no Chromium is installed."""

from __future__ import annotations

import json

import pytest

import symkern as sk
from tests.browser import browser

_SET = "(id, value, kind) => {{ const e = document.getElementById(id); e.value = value; e.dispatchEvent(new Event(kind || 'input', {{bubbles: true}})); }}"


def put(page, name, value, kind="input"):
    """Type into a field, or move a slider."""
    page.run(f"({_SET.replace('{{', '{').replace('}}', '}')})({json.dumps(name)}, {json.dumps(value)}, '{kind}')")  # fmt: skip


def text(page, name):
    return page.run(f"document.getElementById({json.dumps(name)}).textContent")


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """An explorer and a browser."""
    with sk.explore("flatten", framed=False) as explorer, browser(tmp_path_factory.mktemp("b")) as at:  # fmt: skip
        yield explorer, at


@pytest.fixture
def page(shown):
    """A page that has just derived its first kernel."""
    explorer, at = shown
    at.size(1200)
    at.open("about:blank")
    at.open(explorer.address)
    at.wait("document.body.dataset.whole >= 1 && document.body.dataset.drawn >= 1")
    assert at.complaints() == []
    base = explorer.address.partition("#")[0]
    assert all(url.startswith((base, "about:")) or url == "data:," for url in at.requests())
    return at


def test_the_first_kernel_is_shown(page):
    """Formulas are drawn, with a size; the curve, the map of exponents and the lines to take away are there."""
    assert page.run("document.querySelectorAll('#spectrum math').length") > 10
    assert page.run("Math.min(...[...document.querySelectorAll('#spectrum math')].map(m => m.getBoundingClientRect().width))") > 3  # fmt: skip
    shown = text(page, "spectrum")
    assert "\\" not in shown and "$" not in shown
    assert page.run("document.querySelectorAll('#curve svg polyline, #exponents svg rect').length") >= 2  # fmt: skip
    assert text(page, "python").startswith("sk.derive(") and page.run("document.getElementById('preset').value") == "flatten"  # fmt: skip


def test_a_slider_redraws_what_is_shown(page):
    """By the arrow keys, as those have it who use no mouse: the numbers, the curve and the line of Python follow."""
    before, drawn = text(page, "python-numbers"), page.run("document.body.dataset.drawn")
    page.run("document.getElementById('slide-beta').focus()")
    page.press("ArrowRight")
    page.wait(f"document.body.dataset.drawn > {drawn}")
    assert text(page, "shown-beta") == "1.05"
    assert text(page, "python-numbers") != before and "beta='21/20'" in text(page, "python-numbers")


def test_errors_stand_while_one_types(page):
    """At the stage that is wrong, said aloud, and gone when it is mended."""
    put(page, "stage-1", "flaten")
    page.wait("document.getElementById('error-kernel').textContent.includes('did you mean')")
    assert page.run("document.getElementById('stage-1').getAttribute('aria-invalid')") == "true"
    assert page.run("document.getElementById('error-kernel').getAttribute('role')") == "alert"
    put(page, "stage-1", "flatten")
    page.wait("document.getElementById('error-kernel').textContent === ''")
    put(page, "target", "x1*")
    page.wait("document.getElementById('error-target').textContent !== ''")
    put(page, "target", "s1*s2")
    page.wait("document.getElementById('error-target').textContent === ''")


def test_a_pipeline_that_is_pasted_is_split_into_stages(page):
    put(page, "stage-0", "embedding(alpha, beta) | attention(tied, softmax)")
    page.wait("document.querySelectorAll('#stages input').length === 3")
    assert page.run("document.getElementById('stage-1').value") == "attention(tied, softmax)"
    page.run("document.querySelector('input[value=numbers]').click()")
    page.wait("document.getElementById('command').textContent.includes('softmax')")
    # Without a formula in L the slider goes to a length at which the numbers are quick.
    assert "--length 8" in text(page, "command")
    # From an embedding to a readout it stands for all of them.
    put(page, "stage-1", "embedding(alpha, beta) | attention | residual | attention | mean_pool")
    page.wait("document.querySelectorAll('#stages input').length === 5")
    page.wait("document.getElementById('error-kernel').textContent === ''")
    assert page.run("document.getElementById('stage-4').value") == "mean_pool"
    put(page, "preset", "bag-of-tokens", "change")
    page.run("document.querySelector('input[value=formulas]').click()")
    page.wait("document.getElementById('python').textContent.includes('embedding(alpha) | mean_pool')")  # fmt: skip


@pytest.mark.parametrize(
    "hostile",
    ["<img src=x onerror='window.hit=1'>", "<script>window.hit=1</script>", "embedding(1) | <svg onload=window.hit=1>", "\u202e\u0000"],
)  # fmt: skip
def test_hostile_text_is_shown_as_text(page, hostile):
    kept = page.run("document.getElementById('stage-0').value")
    for field, error in (("stage-0", "kernel"), ("tokens", "tokens"), ("target", "target")):
        before = page.run(f"document.getElementById('{field}').value")
        put(page, field, hostile)
        page.wait(f"document.getElementById('error-{error}').textContent !== ''")
        assert page.run("document.querySelectorAll('.error *, #results img, #results script').length") == 0  # fmt: skip
        if field == "stage-0":
            put(page, "stage-0", kept)
            while page.run("document.querySelectorAll('#stages input').length") > 2:
                page.run("document.querySelector('#stages li:nth-child(2) button').click()")
        else:
            put(page, field, before)
        page.wait(f"document.getElementById('error-{error}').textContent === ''")
    assert page.run("window.hit") is None


def test_a_long_derivation_is_stopped(page):
    """And the next kernel is derived as if nothing had been."""
    put(page, "preset", "linear-attention-2", "change")
    page.run("document.getElementById('derive').click()")
    page.wait("!document.getElementById('stop').disabled")
    page.wait("!document.getElementById('progress').hidden")
    page.run("document.getElementById('stop').click()")
    page.wait("document.getElementById('state').textContent === 'stopped'")
    put(page, "preset", "flatten", "change")
    page.run("document.getElementById('derive').click()")
    page.wait("document.getElementById('python').textContent.includes('flatten')")


@pytest.mark.parametrize(("width", "dark"), [(360, False), (360, True), (800, False)])
def test_nothing_sticks_out(page, width, dark):
    page.size(width, dark=dark)
    assert page.run("document.documentElement.scrollWidth") <= width
    page.size(1200)


def test_everything_has_a_name_for_screen_readers(page):
    """Every field, slider and button, by the browser's own tree of accessibility; formulas are mathematics there."""
    page.call("Accessibility.enable")
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    roles = {}
    for node in nodes:
        if not node.get("ignored"):
            roles.setdefault(node["role"]["value"], []).append(node.get("name", {}).get("value", ""))  # fmt: skip
    for role in ("textbox", "combobox", "slider", "button", "radio"):
        assert roles.get(role) and all(roles[role]), (role, roles.get(role))
    assert len(roles["slider"]) >= 4 and "L" in roles["slider"]
    assert any("math" in role.lower() for role in roles)
    page.call("Accessibility.disable")


def test_the_keyboard_reaches_everything(page):
    """Tab after tab from the top, all that can be used comes by, each visible."""
    page.run("document.activeElement.blur(); window.scrollTo(0, 0); undefined")
    seen = []
    for _ in range(70):
        page.press("Tab")
        seen.append(page.run("document.activeElement.id || document.activeElement.textContent.slice(0, 20)"))  # fmt: skip
    wanted = {"preset", "stage-0", "add", "tokens", "derive", "slide-length", "slide-vocabulary", "slide-ridge", "slide-n", "target", "lengths", "against", "compare"}  # fmt: skip
    assert wanted <= set(seen), wanted - set(seen)


def test_samples_have_a_slider_and_a_table(page):
    """What n samples have learned follows the slider, in a third of a second on a machine that is not busy."""
    drawn, before = page.run("document.body.dataset.drawn"), text(page, "at-n")
    assert "learned at n = " in before
    page.run("document.getElementById('slide-n').focus()")
    page.press("ArrowRight")
    page.wait(f"document.body.dataset.drawn > {drawn}")
    assert text(page, "at-n") != before and f"n = {text(page, 'shown-n')}" in text(page, "at-n")


def test_two_kernels_are_compared(page):
    """A table, the lines that make it, and an error at the field where the second kernel is none."""
    put(page, "against", "bag-of-tokns")
    page.run("document.getElementById('compare').click()")
    page.wait("document.getElementById('error-against').textContent.includes('did you mean')")
    put(page, "against", "bag-of-tokens")
    page.run("document.getElementById('compare').click()")
    page.wait("!document.getElementById('compared').hidden")
    assert page.run("document.querySelectorAll('#comparison math').length") > 5
    assert text(page, "error-against") == ""
    assert "compare(sk.derive(" in text(page, "python-comparison") and "--against bag-of-tokens" in text(page, "command-comparison")  # fmt: skip


def test_the_last_that_was_asked_for_is_derived(page):
    """Whatever was asked before it and whatever is read meanwhile: a derivation is never given up without a word."""
    put(page, "preset", "bag-of-tokens", "change")
    page.run(
        "document.getElementById('derive').click(); document.querySelector('input[value=letters]').click(); undefined"
    )
    page.run("document.getElementById('derive').click()")
    page.wait("document.getElementById('python').textContent.includes('embedding(alpha) | mean_pool')")  # fmt: skip
    page.wait("document.getElementById('state').textContent.startsWith('derived in')")
    # What is typed is read a moment later, here while the answer to the derivation's own reading is held back.
    page.run("""(() => { const known = window.fetch; window.known = known; window.fetch = async (path, rest) => {
        const answer = await known(path, rest);
        if (path === '/answer') await new Promise((go) => setTimeout(go, 600));
        return answer; }; })()""")
    try:
        put(page, "preset", "flatten", "change")
        page.run("document.querySelector('input[value=formulas]').click()")
        put(page, "target", "s1")
        put(page, "down_to", "")
        page.wait("document.getElementById('python').textContent.includes('flatten')")
        assert text(page, "state").startswith("derived in")
    finally:
        page.run("window.fetch = window.known; undefined")


def test_a_stop_that_comes_late_stops_its_own_job_alone(page):
    """Where it reaches the server after the next derivation has been asked for."""
    page.run("""(() => { const known = window.fetch; window.known = known; window.late = 0; window.fetch = async (path, rest) => {
        if (path === '/stop') { window.late += 1; await new Promise((go) => setTimeout(go, 800)); }
        return known(path, rest); }; })()""")
    try:
        put(page, "preset", "linear-attention-2", "change")
        page.run("document.getElementById('derive').click()")
        page.wait("!document.getElementById('progress').hidden && job !== null")
        put(page, "preset", "bag-of-tokens", "change")
        page.run("document.getElementById('derive').click()")
        page.wait("document.getElementById('python').textContent.includes('embedding(alpha) | mean_pool')")  # fmt: skip
        assert page.run("window.late") >= 1 and text(page, "state").startswith("derived in")
    finally:
        page.run("window.fetch = window.known; undefined")
    put(page, "preset", "flatten", "change")
    page.run("document.getElementById('derive').click()")
    page.wait("document.getElementById('python').textContent.includes('flatten')")


def test_softmax_has_series_at_the_sliders(page):
    """With the number of terms that is typed; hyperparameters are those of the sliders there."""
    put(page, "preset", "softmax-attention", "change")
    page.run("document.querySelector('input[value=letters]').click()")
    put(page, "terms", "1")
    page.wait("document.getElementById('error-terms').textContent === ''")
    page.run("document.getElementById('derive').click()")
    page.wait("document.getElementById('python').textContent.includes('terms=1')")
    assert "vocabulary=2" in text(page, "python") and "alpha=" in text(page, "python")
    put(page, "terms", "none")
    page.wait("document.getElementById('error-terms').textContent !== ''")
    put(page, "terms", "")
    page.run("document.querySelector('input[value=formulas]').click()")
    put(page, "preset", "flatten", "change")
    page.run("document.getElementById('derive').click()")
    page.wait("document.getElementById('python').textContent.includes('flatten')")


def test_a_symbol_of_the_law_has_a_slider(page):
    """Beside the hyperparameters, while the law is typed; it redraws numbers, curve and the line of Python, and goes when the symbol goes."""
    put(page, "target", "s1")
    put(page, "tokens", "p,1-p")
    page.wait("document.getElementById('slide-p') !== null")
    told = "(({min, max, value}) => [min, max, value].join())(document.getElementById('slide-p'))"
    assert page.run(told) == "0.05,0.95,0.3"
    assert page.run("document.getElementById('slide-alpha') !== null")
    page.run("document.getElementById('derive').click()")
    page.wait("document.getElementById('python-numbers').textContent.includes(\"p='3/10'\")")
    assert "categorical(['p', '1 - p'])" in text(page, "python")
    before, table, drawn = page.run("document.getElementById('curve').innerHTML"), text(page, "numbers"), page.run("document.body.dataset.drawn")  # fmt: skip
    page.run("document.getElementById('slide-p').focus()")
    page.press("ArrowRight")
    page.wait(f"document.body.dataset.drawn > {drawn}")
    assert text(page, "shown-p") == "0.35" and "p='7/20'" in text(page, "python-numbers")
    assert page.run("document.getElementById('curve').innerHTML") != before
    assert text(page, "numbers") != table and "p='7/20'" in text(page, "python-curve")
    # At numbers it is derived anew there.
    page.run("document.querySelector('input[value=numbers]').click()")
    page.wait("document.getElementById('python').textContent.includes(\"p='7/20'\")")
    page.run("document.querySelector('input[value=formulas]').click()")
    put(page, "tokens", "uniform")
    page.wait("document.getElementById('slide-p') === null")
    page.run("document.getElementById('derive').click()")
    page.wait("!document.getElementById('python').textContent.includes('categorical')")
    assert text(page, "error-tokens") == "" and text(page, "error-") == ""


def test_a_kernel_without_a_formula_turns_to_series(page):
    """And back, unless the reader has chosen; the exponents and a theorem are there without another click."""
    put(page, "preset", "flatten", "change")
    page.run("document.querySelector('input[value=formulas]').click()")
    page.run("document.getElementById('derive').click()")
    page.wait("document.getElementById('python').textContent.includes('flatten')")
    put(page, "preset", "softmax-block", "change")
    page.wait("document.querySelector('input[name=mode]:checked').value === 'letters'")
    page.run("document.getElementById('derive').click()")
    page.wait("document.getElementById('python').textContent.includes('softmax-block') || document.getElementById('python').textContent.includes('layer_norm')")  # fmt: skip
    page.wait("document.querySelectorAll('#exponents svg').length === 1")
    assert text(page, "error-length") == "" and text(page, "no-exponents") == ""
    page.wait(r"saved.theorem && saved.theorem.includes('\\begin{theorem}')")
    put(page, "preset", "flatten", "change")
    page.wait("document.querySelector('input[name=mode]:checked').value === 'formulas'")
