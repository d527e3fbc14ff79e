"""The opening of pictures in SVG: they bring their own ink and paper, so that they show on any page, and shrink to the width that there is.

A notebook shows SVG as an image, whose "colour of the surrounding text" is black whatever its theme; black ink on a dark page would be lost.
"""

from __future__ import annotations

#: Ink and paper of every picture, and how it fits a narrow page.
INK, PAPER = "#222222", "#ffffff"


def svg_opening(width: float, height: float, box: str = "") -> str:
    """The first tag of a picture of this size in pixels; ``box`` is its viewBox, from the corner where nothing is said.

    >>> svg_opening(20, 10).count("max-width:100%")
    1
    """
    shown = box or f"0 0 {width:g} {height:g}"
    style = f"max-width:100%;height:auto;color:{INK};background:{PAPER}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="{shown}" role="img" style="{style}">'
    )
