"""``symkern explore``: the explorer in a browser."""

from __future__ import annotations

import click

from symkern.cli.parameters import kernel_argument, options


@click.command()
@options(
    kernel_argument(),
    click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="INT", help="The port of this machine; any that is free where none is given."),
    click.option("--browser/--no-browser", default=True, show_default=True, help="Open the page in the browser."),
)  # fmt: skip
def explore(kernel: str, port: int, browser: bool) -> None:
    """Explore a kernel in a browser, until Ctrl-C.

    The page is for this machine alone: it is served on 127.0.0.1, and its
    address holds a secret. Pick or type a kernel stage by stage, a law and
    sizes; derive its spectrum; move sliders for the hyperparameters, the length
    and the vocabulary, and see eigenvalues, exponents, the learning curves of
    a target and its parts; take away LaTeX, JSON, CSV and the lines of Python
    and of this command that make what is shown.

    \b
      symkern explore
      symkern explore transformer-block --no-browser --port 8765
    """
    from symkern.app.explorer import explore as opened

    with opened(kernel, port, framed=False) as explorer:
        click.echo(explorer.address)
        click.echo("Ctrl-C ends the explorer.", err=True)
        if browser:
            import webbrowser

            webbrowser.open(explorer.address)
        explorer.wait()
