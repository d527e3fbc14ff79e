"""``{command} NAME``: what ``symkern NAME --help`` prints, read from click while the page is made; without a name, a section for each verb."""

from __future__ import annotations

from typing import Any

import click
from docutils import nodes
from sphinx.util.docutils import SphinxDirective


def _contexts() -> dict[tuple[str, ...], click.Context]:
    """Words of a verb -> its context, 80 columns wide, as on a terminal."""
    from symkern.cli import command as all_verbs

    found: dict[tuple[str, ...], click.Context] = {}
    waiting: list[tuple[tuple[str, ...], click.Command, click.Context | None]] = [
        ((), all_verbs, None)
    ]
    while waiting:
        words, command, parent = waiting.pop()
        context = click.Context(
            command,
            parent=parent,
            info_name=words[-1] if words else "symkern",
            max_content_width=80,
            terminal_width=80,
        )
        found[words] = context
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                verb = command.get_command(context, name)
                assert verb is not None
                waiting.append(((*words, name), verb, context))
    return dict(sorted(found.items()))


class Reference(SphinxDirective):
    """A section a verb."""

    has_content = False
    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Literal blocks; with sections where no verb is named."""
        if self.arguments:
            return [_block(_contexts()[tuple(self.arguments[0].split())])]
        contexts = _contexts()
        made: list[nodes.Node] = [_block(contexts.pop(()))]
        for words, context in contexts.items():
            name = "symkern " + " ".join(words)
            section = nodes.section(ids=[nodes.make_id(name)], names=[name])
            section += [nodes.title(text=name), _block(context)]
            made.append(section)
        return made


def _block(context: click.Context) -> nodes.literal_block:
    text = context.get_help()
    return nodes.literal_block(text, text, language="text")


def setup(app: Any) -> dict[str, Any]:
    """One directive."""
    app.add_directive("command", Reference)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
