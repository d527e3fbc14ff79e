"""Names and lengths that figures are given: each is used, or refused by name."""

import matplotlib as mpl
import numpy as np
import pytest

import symkern as sk
from symkern.abc import L
from symkern.errors import InvalidArgument

mpl.use("Agg")

SPECTRUM = sk.derive("linear-attention")
LAW = SPECTRUM.scaling_law((1,), (1,))
DRAWS = SPECTRUM.average_sensitivity()


@pytest.fixture(autouse=True)
def _closed():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


def _series(**named):
    return sk.plot.series(
        sk.derive("linear-attention", vocabulary=2), [1], [1], lengths=[], **named
    )


@pytest.mark.parametrize(
    ("figure", "rule"),
    [
        (lambda: sk.plot.scaling_law(LAW, alfa=2), "alfa: must be a symbol of the law: alpha, beta.* did you mean 'alpha'"),
        (lambda: sk.plot.scaling_law(LAW, L=2), "L: must be a symbol of the law"),
        (lambda: sk.plot.scaling_law(LAW, longest=1), "longest: must be beyond the first length of the curves, "),
        (lambda: sk.plot.draw_sensitivity(DRAWS, [4, 8], {"alpa": 2}), "alpa: must be a symbol of .* did you mean 'alpha'"),
        (lambda: sk.plot.trace_bound(SPECTRUM, [1], [1], alpa=2), "alpa: must be .* did you mean 'alpha'"),
        (lambda: sk.plot.trace_bound(SPECTRUM, [1], [1], longest=2), "longest: must be beyond"),
        (lambda: _series(alpa=2), "alpa: must be .* did you mean 'alpha'"),
        (lambda: _series(longest=1), "longest: must be beyond"),
    ],
)  # fmt: skip
def test_what_no_figure_can_mean_is_refused(figure, rule):
    with pytest.raises(InvalidArgument, match=rule):
        figure()


def test_what_is_given_is_used():
    """A parameter that cancels in the ratio may be given; a law is drawn from its threshold to ``longest``."""
    ax = sk.plot.scaling_law(LAW, longest=20, alpha=2)
    x, y = ax.lines[0].get_data()
    assert x[0] == max(LAW.threshold.get("L", 1), 1)
    assert x[-1] == 20
    at = {s: {"alpha": 2, "v": 4}.get(s.name, 1) for s in LAW.formula.free_symbols - {L}}
    assert y[-1] == pytest.approx(float(LAW.formula.subs(at).subs(L, 20)))
    ax = sk.plot.draw_sensitivity(DRAWS, [4, 8], {"alpha": 2})
    at = {s: {"alpha": 2, "v": 2}.get(s.name, 1) for s in DRAWS.ratio.free_symbols - {L}}
    assert ax.lines[1].get_ydata()[1] == pytest.approx(float(DRAWS.ratio.subs(at).subs(L, 8)))
    plain = sk.derive("bag-of-tokens").average_sensitivity()
    assert not any(s.name == "alpha" for s in plain.ratio.free_symbols)
    sk.plot.draw_sensitivity(plain, [4, 8], {"alpha": 2})


def test_a_series_ends_where_it_is_told():
    ax = sk.plot.series(sk.derive("linear-attention", vocabulary=2), [1], [1], longest=10)
    assert max(np.max(line.get_xdata()) for line in ax.lines) == pytest.approx(10)
