"""``{references}``: the program's bibliography as a list, from its one BibTeX source."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from symkern.claims.references import reference, references


class References(SphinxDirective):
    """An entry a line, by first author and year as the source has them."""

    def run(self) -> list[nodes.Node]:
        """A bullet list; a number of arXiv is a link."""
        items = []
        for key in sorted(references(), key=lambda k: reference(k, title=True)):
            paragraph = nodes.paragraph()
            text = reference(key, title=True)
            number = references()[key].get("eprint", "")
            before, found, after = text.partition(f"arXiv {number}") if number else (text, "", "")
            paragraph += nodes.Text(before)
            if found:
                paragraph += nodes.reference(text=found, refuri=f"https://arxiv.org/abs/{number}")
                paragraph += nodes.Text(after)
            paragraph += nodes.Text("  ")
            paragraph += nodes.literal(text=key)
            items.append(nodes.list_item("", paragraph))
        return [nodes.bullet_list("", *items)]


def setup(app: Any) -> dict[str, Any]:
    """One directive."""
    app.add_directive("references", References)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
