"""The map of exponents and the trace bound as figures: what they show, read back from the Axes."""

import matplotlib as mpl
import numpy as np
import pytest

import symkern as sk

pytestmark = pytest.mark.floor

mpl.use("Agg")


@pytest.fixture(autouse=True)
def _closed():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


def test_map_shows_every_cell():
    found = sk.derive("linear-attention").exponent_map()
    ax = sk.plot.exponent_map(found)
    shown = {t.get_text() for t in ax.texts}
    assert {"$L^{0}$", "$L^{1}$", "$L^{2}$", "$L^{3}$"} <= shown
    assert len(ax.patches) == 5
    assert sk.plot.exponent_map(sk.derive("flatten"), ax=ax) is ax


def test_eigenvalues_stay_under_the_bound():
    ax = sk.plot.trace_bound(sk.derive("linear-attention"), [1], [1], alpha=2, vocabulary=5)
    bound, *curves = (line.get_ydata() for line in ax.lines)
    assert len(curves) == 2
    for curve in curves:
        assert (np.asarray(curve) < np.asarray(bound)).all()
    assert "alpha = 2" in ax.get_title()
