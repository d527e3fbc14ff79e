r"""Formulas as MathML, written by symkern's own `mathml`: browsers draw it, so that no page needs a script, a font or a network.

Formulas of pages and docstrings are Sphinx's own nodes; those between dollars in the HTML of notebooks' outputs are found in its text.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any

from docutils import nodes
from sphinx.util import logging

from symkern.errors import SymkernError
from symkern.typeset.mathml import STYLE, mathml

_LOG = logging.getLogger(__name__)
_DOLLARS = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$", re.DOTALL)
_CODE = re.compile(r"(<(?:pre|code|script|style|svg)\b.*?</(?:pre|code|script|style|svg)>|<[^>]*>)", re.DOTALL)  # fmt: skip


def drawn(latex: str, display: bool, place: Any = None) -> str:
    """A formula as MathML; one that cannot be read is shown as text, with a warning."""
    text = re.sub(r"^\\displaystyle\b", "", latex.strip()).strip()
    try:
        return mathml(text, display)
    except SymkernError as error:
        _LOG.warning("formula: %s in %s", error, latex, location=place)
        return f"<code>{escape(latex)}</code>"


def in_html(html: str) -> str:
    """The HTML of an output with the formulas between its dollars drawn.

    >>> in_html("<td>$x$</td><code>$HOME</code>").count("<math")
    1
    """
    pieces = _CODE.split(html)
    for i in range(0, len(pieces), 2):
        pieces[i] = _DOLLARS.sub(lambda m: drawn(unescape(m[1] or m[2]), bool(m[1])), pieces[i])
    return "".join(pieces)


def _inline(translator: Any, node: nodes.Node) -> None:
    translator.body.append(drawn(node.astext(), False, node))
    raise nodes.SkipNode


def _display(translator: Any, node: nodes.Node) -> None:
    translator.body.append(f'<div class="formula">{drawn(node.astext(), True, node)}</div>\n')
    raise nodes.SkipNode


def _outputs(app: Any, tree: nodes.document, docname: str) -> None:
    """Draw what stands between dollars in outputs of notebooks, in the tree that the page is made from."""
    for node in tree.findall(nodes.raw):
        if "html" in node.get("format", "").split() and "$" in node.astext():
            node.children = [nodes.Text(in_html(node.astext()))]
            node.rawsource = ""


def _style(app: Any) -> None:
    from pathlib import Path

    folder = Path(app.outdir) / "_static"
    if app.builder.format == "html":
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "mathml.css").write_text(STYLE, encoding="utf-8")


def setup(app: Any) -> dict[str, Any]:
    """In the place of sphinx.ext.mathjax."""
    app.add_html_math_renderer("mathml", (_inline, None), (_display, None))
    app.connect("doctree-resolved", _outputs)
    app.connect("builder-inited", _style)
    app.add_css_file("mathml.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
