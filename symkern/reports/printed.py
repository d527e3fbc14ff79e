"""A report as a LaTeX article and as a web page that needs nothing else: both from the same blocks."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from html import escape
from importlib.resources import files

from symkern.engines.engine import Progress
from symkern.pages.blocks import Block, bibliography_latex, blocks_latex, cited_keys
from symkern.pages.blocks_html import HtmlWriter
from symkern.reading.annotated import typed
from symkern.reports.content import report_blocks, title
from symkern.spectra.spectrum import Spectrum
from symkern.targets.formula_targets import formula_target
from symkern.typeset.document import document
from symkern.typeset.mathml import STYLE


@typed
def article(
    spectrum: Spectrum, target: str = "x1*x2", full: bool = False, progress: Progress = iter
) -> str:
    r"""The report as a LaTeX article that compiles by itself.

    Args:
        spectrum: what it reports.
        target: a formula, whose learning curves it shows.
        full: every formula, however long.
        progress: wraps the list of sectors.

    Raises:
        FormulaError: a target that cannot be read.

    >>> from symkern.kernels import derive
    >>> article(derive("bag-of-tokens")).count(r"\section")
    6
    """
    return article_of(spectrum, report_blocks(spectrum, formula_target(target), full, progress))


@typed
def page(
    spectrum: Spectrum, target: str = "x1*x2", full: bool = False, progress: Progress = iter
) -> str:
    """The report as one HTML page, formulas drawn as MathML; arguments and errors as `article`.

    >>> from symkern.kernels import derive
    >>> page(derive("bag-of-tokens")).splitlines()[0]
    '<!DOCTYPE html>'
    """
    return page_of(spectrum, report_blocks(spectrum, formula_target(target), full, progress))


def article_of(spectrum: Spectrum, blocks: Sequence[Block]) -> str:
    """These blocks as an article."""
    body = "\n\n".join(filter(None, (blocks_latex(blocks), bibliography_latex(cited_keys(blocks)))))
    return document(body, title=title(spectrum))


def page_of(spectrum: Spectrum, blocks: Sequence[Block]) -> str:
    """These blocks as a page."""
    writer = HtmlWriter(blocks)
    name = escape(title(spectrum))
    body = writer.body()
    references = writer.bibliography()
    if references:
        references = f'<h2 id="references">References</h2>\n{references}'
    contents = f"<h1>{name}</h1>\n{body}\n{references}"
    return html_page(name, contents, _resource("report.css"), _resource("report.js"))


def _resource(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def html_page(name: str, contents: str, style: str, script: str) -> str:
    """A whole page with its style and script inside, and a policy that lets it load and run nothing else."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="generator" content="symkern">
<title>{name}</title>
<style>
{STYLE}{style}</style>
</head>
<body>
<main>
{contents}
</main>
<p id="copied" role="status" aria-live="polite"></p>
<script>{script}</script>
</body>
</html>
"""
