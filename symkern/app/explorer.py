"""The explorer as an object: in a notebook a frame with the page, for the command its address."""

from __future__ import annotations

import atexit
import weakref
from html import escape
from typing import Any
from urllib.parse import quote

from symkern.app.background import Background
from symkern.errors import InvalidType
from symkern.reading.annotated import typed
from symkern.reading.integers import read_integer


class Explorer:
    """A page that explores kernels; shows itself in a notebook. `explore` makes it.

    ``address`` opens it in a browser of this machine; `close` ends it, as the end of Python does.
    """

    def __init__(
        self, kernel: str, port: int, framed: bool, height: int, background: Background
    ) -> None:
        from symkern.app.server import Server

        self.kernel, self.height = kernel, height
        self._server = Server(port, framed, background)
        self._last_call = weakref.finalize(self, self._server.close)
        atexit.register(self._last_call)

    @property
    def address(self) -> str:
        """The page's address, with its secret and the kernel to begin with."""
        return f"{self._server.address}&kernel={quote(self.kernel, safe='')}"

    def wait(self) -> None:
        """Serve until it is closed, or interrupted."""
        self._server.wait()

    def close(self) -> None:
        """End the server and what it computes; twice does no harm."""
        atexit.unregister(self._last_call)
        self._last_call()

    def __enter__(self) -> Explorer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _repr_html_(self) -> str:
        return (
            f'<iframe src="{escape(self.address)}" title="The explorer of symkern" width="100%" height="{self.height}" '
            'style="border: 1px solid #8888" allow="clipboard-write"></iframe>'
        )

    def __repr__(self) -> str:
        state = "open" if self._last_call.alive else "closed"
        return f"<Explorer of {self.kernel}, {state}>"


@typed
def explore(
    kernel: Any = "linear-attention", port: int = 0, framed: bool = True, height: int = 900
) -> Explorer:
    """Explore a kernel in a browser: its spectrum as formulas, sliders for numbers, exponents, learning curves, energies of a target.

    In a notebook the result shows itself in the cell, where notebook and browser run on one machine; elsewhere open its ``address``.

    Args:
        kernel: a preset, a pipeline's text or a kernel to begin with.
        port: the port of this machine; 0 for any that is free.
        framed: whether pages of this machine, such as notebooks, may show it in a frame.
        height: of the frame in a notebook, in pixels.

    Returns:
        The `Explorer`, which serves until it is closed.

    Raises:
        PipelineError: a text that is no kernel.
        InvalidType: anything else that is none.
        InvalidArgument: a port that is taken, or none.

    >>> with explore("flatten") as explorer:
    ...     explorer
    <Explorer of embedding(alpha, beta) | flatten, open>
    """
    place = read_integer(port, "port", 0, 65535)
    pixels = read_integer(height, "height", 200, 10_000)
    background = Background()
    background.start()  # first: it loads what computes while this process loads what reads
    try:
        return Explorer(_read(kernel), place, framed, pixels, background)
    except BaseException:
        background.close()
        raise


def _read(kernel: object) -> str:
    """The pipeline of a kernel to begin with."""
    from symkern.kernels.pipeline import Kernel
    from symkern.kernels.presets import read_kernel

    if isinstance(kernel, str):
        kernel = read_kernel(kernel)
    if not isinstance(kernel, Kernel):
        raise InvalidType("kernel", "must be a kernel, a preset or a pipeline's text", kernel)
    return str(kernel)
