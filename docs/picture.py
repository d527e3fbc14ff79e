"""The picture of README.md and of the site's first page: `python docs/picture.py` writes `docs/staircase.svg`.

Learning curves of the first token at three context lengths, by linear attention. Its ground is transparent and its greys are of middle lightness, so
that it can be read on white and on black.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np

import symkern as sk
from symkern.plot.style import save

GREY = "#808080"
COLOURS = {16: "#3d9bd9", 64: "#e0762c", 256: "#25a97c"}


def draw() -> plt.Figure:
    """The figure."""
    style = {
        "text.color": GREY, "axes.labelcolor": GREY, "axes.edgecolor": GREY, "xtick.color": GREY, "ytick.color": GREY,
        "axes.spines.top": False, "axes.spines.right": False, "font.size": 11, "mathtext.fontset": "cm", "svg.fonttype": "path",
    }  # fmt: skip
    kernel = sk.kernels.embedding(1, 1).attention().mean_pool()
    n = np.geomspace(1, 1e6, 121)
    with plt.rc_context(style):
        figure, ax = plt.subplots(figsize=(7.2, 3.3), layout="constrained")
        figure.patch.set_alpha(0)
        ax.patch.set_alpha(0)
        for length, colour in COLOURS.items():
            spectrum = kernel.spectrum(length=length, tokens=sk.kernels.uniform(2))
            curve = spectrum.learning_curve("x1", n=list(n), ridge=1)
            ax.plot(n, curve.test_error / curve.total, color=colour, linewidth=2.4)
            last = max((r for r in curve.rows() if r.share > 0.01), key=lambda r: r.half_learned)
            height = float(curve.at(last.half_learned).test_error[0]) / curve.total
            ax.plot([last.half_learned], [height], "o", color=colour, markersize=7)
            ax.annotate(
                f"$L = {length}$", (last.half_learned, height), (9, 5), textcoords="offset points", color=colour,
            )  # fmt: skip
        ax.annotate("its mean,\nfrom a few samples", (4.2, 0.685), (10, 0.93), va="top", arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.8})  # fmt: skip
        ax.annotate("which position it was:\n$n \\sim 2\\sigma^2 L^2$ samples", (0.995, 0.97), xycoords="axes fraction", ha="right", va="top")  # fmt: skip
        ax.set(xscale="log", xlim=(1, 1e6), ylim=(0, 1), xlabel="samples $n$", ylabel="error of the first token")  # fmt: skip
    return figure


if __name__ == "__main__":
    save(draw(), Path(__file__).with_name("staircase.svg"))
