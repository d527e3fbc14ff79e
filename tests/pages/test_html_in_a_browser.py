"""What notebooks show of every type, in a real browser: words stand out from their background in both themes, and nothing pushes the page aside."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from html import escape

import pytest

from symkern.typeset.mathml import mathml
from tests.browser import browser
from tests.test_values import EXAMPLES

_STYLE = """body { margin: 8px; font: 14px sans-serif; background: #fff; color: #111; }
@media (prefers-color-scheme: dark) { body { background: #111; color: #ddd; } }"""

#: The least contrast of any words with what lies behind them, by the formula of WCAG 2, and whose it is.
_CONTRAST = """(() => {
  const light = (c) => { const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3).map((p) => { p /= 255; return p <= 0.03928 ? p / 12.92 : ((p + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  let worst = 99, whose = "";
  for (const element of document.querySelectorAll("section *")) {
    if (![...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
    let behind = element;
    while (behind && /^rgba\\(.*, 0\\)$|^transparent$/.test(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement;
    const svg = element.closest("svg");
    const paper = getComputedStyle(behind || document.body).backgroundColor;
    const ink = svg ? getComputedStyle(element).fill : getComputedStyle(element).color;
    const [a, b] = [light(ink), light(paper)].sort((x, y) => y - x);
    const found = (a + 0.05) / (b + 0.05);
    if (found < worst) { worst = found; whose = element.closest("section").id; }
  }
  return [worst, whose];
})()"""


def _sections():
    """Of each type its HTML, formulas drawn, and its SVG both inside the page and as an image, as notebooks have it."""
    for name, makers in EXAMPLES.items():
        value = makers[0]()
        for form in ("_repr_html_", "_repr_svg_"):
            if not hasattr(value, form):
                continue
            shown = getattr(value, form)()
            shown = re.sub(r"\$([^$]+)\$", lambda m: mathml(m[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")), shown)  # fmt: skip
            if form == "_repr_svg_":
                code = base64.b64encode(shown.encode()).decode()
                shown += (
                    f'<img alt="" style="max-width:100%" src="data:image/svg+xml;base64,{code}">'
                )
            yield f'<section id="{escape(name)}">{shown}</section>'


def test_every_type_in_both_themes(tmp_path):
    place = tmp_path / "shown.html"
    sections = "\n".join(_sections())
    assert sections.count("<section") > 25
    place.write_text(f"<!DOCTYPE html><meta charset=utf-8><meta name=viewport content='width=device-width'><style>{_STYLE}</style>{sections}", encoding="utf-8")  # fmt: skip
    with browser(tmp_path) as page:
        for width, dark in ((1200, False), (1200, True), (420, False)):
            page.size(width, dark=dark)
            page.open(place.as_uri())
            worst, whose = page.run(_CONTRAST)
            assert worst >= 4.5, (whose, dark)
            assert page.run("document.documentElement.scrollWidth") <= width
        assert page.complaints() == []


def test_katex_takes_every_formula(tmp_path):
    """Strict, where Node.js finds katex; notebooks of VS Code and sites draw formulas with it."""
    # Debian's packages stand beside those that Node.js looks for by itself.
    places = os.pathsep.join(filter(None, [os.environ.get("NODE_PATH"), "/usr/share/nodejs"]))
    environment = {**os.environ, "NODE_PATH": places}
    if shutil.which("node") is None or subprocess.run(["node", "-e", "require('katex')"], capture_output=True, check=False, env=environment).returncode:  # fmt: skip
        reason = "Node.js does not find katex"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}, and under CI=true nothing may be skipped for that")
        pytest.skip(reason)
    formulas = []
    for makers in EXAMPLES.values():
        value = makers[0]()
        if hasattr(value, "_repr_latex_") and (shown := value._repr_latex_()):
            bare = shown.strip().removeprefix("\\[").removesuffix("\\]")
            formulas.append(bare.strip("$").removeprefix("\\displaystyle"))
    (tmp_path / "formulas.json").write_text(json.dumps(formulas))
    program = "const k = require('katex'); for (const f of require(process.argv[1])) k.renderToString(f, {strict: 'error', displayMode: true});"
    done = subprocess.run(["node", "-e", program, str(tmp_path / "formulas.json")], capture_output=True, text=True, check=False, env=environment)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
