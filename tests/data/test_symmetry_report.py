"""The symmetry of texts: against the definition, against exact shares of chains, against exchangeable data and nulls; the same to the last bit however a text comes."""

import dataclasses
import json
from importlib import import_module
from itertools import pairwise

import numpy as np
import pytest

import symkern as sk
from symkern.data import symmetry_report as make_report
from symkern.data.lag_counts import LagCounts, fold_edges, pairs_at_each_lag
from symkern.data.shuffling_nulls import shuffling_nulls
from symkern.data.symmetry_estimates import LagProducts, multiplets
from symkern.errors import InvalidArgument, InvalidType, SymkernError
from symkern.kernels import hidden_markov, markov, mixture, uniform
from tests.data.reading_texts import PROSE, defined, written

M2 = markov([["1/2", "1/3", "1/6"], ["1/6", "1/2", "1/3"], ["1/3", "1/6", "1/2"]])
M3 = hidden_markov(["2/3", "1/3"], [["9/10", "1/10"], ["1/5", "4/5"]], [["1/2", "1/3", "1/6"], ["1/6", "1/6", "2/3"]])  # fmt: skip
M5 = hidden_markov(["1/2", "1/2"], [["7/8", "1/8"], ["1/8", "7/8"]], [["9/10", "1/10"], ["3/10", "7/10"]])  # fmt: skip


def _text(law, letters, seed):
    return sk.data.samples(law, letters, 1, seed=seed)[0]


def _loop(text, v, lags, edges):
    found = np.zeros((len(edges) - 1, lags, v, v), dtype=int)
    for b in range(len(edges) - 1):
        for a in range(edges[b], edges[b + 1]):
            for d in range(1, lags + 1):
                if a + d < edges[b + 1]:
                    found[b, d - 1, text[a], text[a + d]] += 1
    return found


@pytest.mark.parametrize("pieces", [[], [1, 2, 3], [60, 61], list(range(0, 120, 7))])
def test_counts_in_pieces_and_lag_by_lag(pieces):
    text, edges = np.random.default_rng(0).integers(0, 3, 120), fold_edges(120, 7)
    right = _loop(text, 3, 5, edges)
    counts = LagCounts(3, 5, edges)
    for piece in np.split(text, pieces):
        counts.add(piece)
    assert (counts.pairs == right).all() and counts.letters.sum() == 120
    assert (np.array(list(pairs_at_each_lag([text], 3, 5, edges))).swapaxes(0, 1) == right).all()


def test_no_pair_crosses_from_one_text_into_another():
    rng = np.random.default_rng(1)
    texts, edges = [rng.integers(0, 2, n) for n in (13, 1, 40)], fold_edges(54, 4)
    right = np.zeros((4, 3, 2, 2), dtype=int)
    whole, names = np.concatenate(texts), np.repeat([0, 1, 2], [13, 1, 40])
    for b in range(4):
        for a in range(edges[b], edges[b + 1]):
            for d in range(1, 4):
                if a + d < edges[b + 1] and names[a] == names[a + d]:
                    right[b, d - 1, whole[a], whole[a + d]] += 1
    found, first = LagCounts(2, 3, edges), 0
    for text in texts:
        one = LagCounts(2, 3, edges, first)
        one.add(text)
        found.merge(one)
        first += len(text)
    assert (found.pairs == right).all()
    assert (np.array(list(pairs_at_each_lag(texts, 2, 3, edges))).swapaxes(0, 1) == right).all()


def _agree(one, right):
    off, exch, arrow = right["off"], right["exch"], right["arrow"]
    values = (
        one.exchangeable.value,
        one.arrow.value,
        one.decay.value,
        one.correlation.value,
        one.full.value,
    )
    wanted = (
        exch / off,
        arrow / off,
        (off - exch - arrow) / off,
        off / right["diag"],
        (right["diag"] + exch) / (right["diag"] + off),
    )
    return np.allclose(values, wanted, rtol=1e-9)  # fmt: skip


def test_the_estimates_by_their_definition():
    text = _text(M2, 3000, 3)
    report = make_report(text, [2, 5], folds=6, shuffles=0)
    order = [int(i) for i in report.alphabet.items]
    renamed = np.argsort(order)[text]
    for length in (2, 3, 5):
        assert _agree(report.at(length), defined(renamed, 3, 6, length))
    # A wrong formula is told apart: arrow without its transpose, moments about the wrong mean.
    assert not _agree(report.at(5), defined(renamed, 3, 6, 5, lambda k: k + 0.01))
    assert not _agree(report.at(5), defined(renamed, 3, 6, 4))


def test_the_jackknife_by_leaving_folds_out():
    text, folds = _text(M3, 4000, 5), 5
    edges, p = fold_edges(4000, folds), np.bincount(text, minlength=3) / 4000
    parts = [np.eye(3)[text[edges[b] : edges[b + 1]]] - p for b in range(folds)]
    k = [part[:-1].T @ part[1:] / (len(part) - 1) for part in parts]
    diag = 2 * np.sum((np.diag(p) - np.outer(p, p)) ** 2)

    def off(kept):
        pairs = [(b, c) for b in kept for c in kept if b != c]
        return 2 * sum(np.sum(k[b] * k[c]) for b, c in pairs) / len(pairs) / diag

    left = [off([b for b in range(folds) if b != out]) for out in range(folds)]
    error = np.sqrt((folds - 1) / folds * np.sum((left - np.mean(left)) ** 2))
    report = make_report(text, [2], folds=folds, shuffles=0).at(2).correlation
    assert report.value == pytest.approx(off(range(folds))) and report.error == pytest.approx(error)
    assert report.high - report.value == pytest.approx(2.7764451051977987 * error)  # t, 4 degrees


@pytest.mark.parametrize(("law", "seed"), [(M2, 1), (M3, 2), (M5, 3)])
def test_chains_have_their_exact_shares(law, seed):
    """Within four standard errors at every length, small enough that shares of other lengths or laws are not."""
    report = make_report(_text(law, 60000, seed), [4, 16], shuffles=0)
    for length in (4, 16):
        one, right = report.at(length), law.share(length)
        for name in ("exchangeable", "decay", "arrow", "correlation", "full"):
            found, exact = getattr(one, name), getattr(right, name)
            if found is None:
                assert name == "arrow" and law.vocabulary == 2
                continue
            assert abs(found.value - float(exact)) < 4 * found.error + 1e-12
    wrong = law.share(32).exchangeable
    found = report.at(4).exchangeable
    assert abs(found.value - float(wrong)) > 4 * found.error


def test_third_order_of_a_chain():
    report = make_report(_text(M2, 200000, 4), [6], shuffles=0, folds=40)  # C(6, 3) is not C(6, 2)
    exact = M2.order_shares(6, 3)[1]
    [third] = report.third
    assert abs(third.weight.value - float(exact.weight)) < 4 * third.weight.error
    assert abs(third.share.value - float(exact.share)) < 4 * third.share.error
    assert third.share.error < 0.25 and abs(third.weight.value) > 4 * third.weight.error
    wrong = M3.order_shares(6, 3)[1]
    assert abs(third.weight.value - float(wrong.weight)) > 4 * third.weight.error


def test_exchangeable_data_have_share_one():
    """Blocks that each come from one of two laws, far longer than windows, are nearly exchangeable; and nearly is seen once blocks are short."""
    topics = [hidden_markov([1], [[1]], [p]) for p in (["3/5", "3/10", "1/10"], ["1/10", "3/10", "3/5"])]  # fmt: skip
    rng = np.random.default_rng(5)

    def text(block):
        kinds = rng.integers(0, 2, 120000 // block)
        drawn = [sk.data.samples(t, block, len(kinds), seed=i) for i, t in enumerate(topics)]
        return np.where(kinds[:, None] == 0, *drawn).reshape(-1)

    near = make_report(text(2000), [4], shuffles=0).at(4)
    assert near.exchangeable.low < 1 < near.exchangeable.high + 0.002
    assert near.exchangeable.error < 0.01 and near.arrow.low < 0.01
    far = make_report(text(4), [4], shuffles=0).at(4)
    assert far.exchangeable.high < 0.97


def test_independent_letters_have_nothing_to_share():
    report = make_report(_text(markov([["1/3", "2/3"], ["1/3", "2/3"]]), 20000, 7), [8], shuffles=0)
    one = report.at(8)
    assert one.exchangeable is None and one.decay is None
    assert one.correlation.low <= 0 and "nothing to be symmetric" in " ".join(str(report).split())
    # Squares of the estimated moments, same folds among them, would see correlations: L (L-1) (1 - |p|^2)^2/N of them.
    text = _text(uniform(3), 20000, 8)
    products = LagProducts(np.stack([np.bincount(f, minlength=3) for f in np.split(text, 20)]))
    for pairs in pairs_at_each_lag([text], 3, 7, fold_edges(20000, 20)):
        products.add(pairs)
    plain = 8 * np.sum(products.variance**2)
    noise = 2 * sum((8 - d) * np.sum(k**2) for d, k in enumerate(products.moments, 1)) / plain
    assert noise == pytest.approx(56 * (2 / 3) ** 2 / 20000 / plain, rel=0.5)
    assert products.at(8).correlation.low < 0 < products.at(8).correlation.high < noise


def test_multiplets_by_the_whole_matrix():
    """All eigenvalues of Q K Q on u: against the matrix of windows written out."""
    text = _text(M2, 5000, 9)
    edges, length = fold_edges(5000, 3), 6
    products = LagProducts(np.stack([np.bincount(text[a:b], minlength=3) for a, b in pairwise(edges)]))  # fmt: skip
    for pairs in pairs_at_each_lag([text], 3, length - 1, edges):
        products.add(pairs)
    blocks = [products.variance, *products.moments]
    whole = np.block([[blocks[b - a] if b >= a else blocks[a - b].T for b in range(length)] for a in range(length)])  # fmt: skip
    mean = sum(blocks[abs(b - a)] + blocks[abs(b - a)].T for a in range(length) for b in range(length) if a != b) / (2 * length * (length - 1))  # fmt: skip
    values, vectors = np.linalg.eigh(products.variance - mean)
    found = multiplets(products.moments, products.variance, length, 2)
    for one, j in zip(found, (2, 1), strict=True):
        inside = np.kron(np.eye(length) - 1 / length, vectors[:, [j]])
        eigenvalues = np.sort(np.linalg.eigvalsh(inside.T @ whole @ inside))[-(length - 1) :]
        assert one.predicted == pytest.approx(values[j])
        assert (one.low, one.high) == pytest.approx((eigenvalues[0], eigenvalues[-1]))
        assert one.spread == pytest.approx(eigenvalues.std() / eigenvalues.mean())


def test_nulls():
    """Windows of a chain are told from exchangeable ones; the same shuffled are not, and shuffled text has no correlations."""
    rows = sk.data.samples(M2, 6, 3000, seed=2)
    found = shuffling_nulls(rows, 3, 19, 20)
    assert found.p_value == 1 / 20 and found.excess > 3 * found.shuffled_excess
    assert found.exchangeable.low < 1 < found.exchangeable.high
    assert found.correlation.low < 0 < found.correlation.high
    mixed = np.random.default_rng(3).permuted(rows, axis=1)
    assert shuffling_nulls(mixed, 3, 19, 20).p_value > 1 / 20
    assert shuffling_nulls(rows, 3, 19, 20, seed=0) == found
    assert shuffling_nulls(rows, 3, 19, 20, seed=1) != found


@pytest.mark.parametrize("runs", [20, pytest.param(400, marks=pytest.mark.wide)])
def test_the_exact_test_is_exact(runs):
    """p is uniform on its values for exchangeable windows: a share near 1/5 of runs has p at most 1/5."""
    rng, met = np.random.default_rng(11), 0
    for i in range(runs):
        rows = np.where(rng.integers(0, 2, 200)[:, None] == 0, *(rng.choice(2, (200, 4), p=p) for p in ([0.3, 0.7], [0.8, 0.2])))  # fmt: skip
        met += shuffling_nulls(rows, 2, 4, 5, seed=i).p_value <= 0.2 + 1e-9
    assert abs(met - runs / 5) < 4 * np.sqrt(runs * 0.16)
    assert met < runs / 2
    if runs >= 400:  # a test that rejects twice as often is outside
        assert abs(met - 2 * runs / 5) > 4 * np.sqrt(runs * 0.16)


@pytest.mark.parametrize(
    ("law", "runs"),
    [(M3, 15), *(pytest.param(m, 150, marks=pytest.mark.wide) for m in (M2, M3, M5))],
)
def test_intervals_cover(law, runs):
    """In 88 to 98 % of many runs; of few, in at least two thirds. Intervals half as wide would not."""
    exact = [float(law.share(length).exchangeable) for length in (4, 16)]
    covered = narrow = 0
    for seed in range(runs):
        report = make_report(_text(law, 20000, 1000 + seed), [16], shuffles=0)
        for length, right in zip((4, 16), exact, strict=True):
            one = report.at(length).exchangeable
            covered += one.low <= right <= one.high
            narrow += abs(one.value - right) <= (one.high - one.low) / 4
    share = covered / (2 * runs)
    if runs < 100:
        assert share >= 2 / 3
    else:
        assert 0.88 <= share <= 0.98 and narrow / (2 * runs) < 0.88


# -- however a text comes -----------------------------------------------------------------


def _numbers(report):
    return dataclasses.replace(report, sources=())


@pytest.mark.filterwarnings("error::ResourceWarning", "error::pytest.PytestUnraisableExceptionWarning")  # fmt: skip
def test_files_memory_and_processes_give_the_same_bits(tmp_path, monkeypatch):
    from symkern.data import text_files

    room = import_module("symkern.data.symmetry_report")  # the function has the name of its file
    files = written(tmp_path)
    memory = make_report(PROSE.encode(), [4], shuffles=2)
    assert _numbers(make_report(str(files["plain"]), [4], shuffles=2)) == _numbers(memory)
    assert _numbers(make_report([files["gzip"]], [4], shuffles=2)) == _numbers(memory)
    monkeypatch.setattr(text_files, "PIECE", 101)
    assert _numbers(make_report(files["plain"], [4], shuffles=2)) == _numbers(memory)
    monkeypatch.setattr(room, "_HELD", 1)  # lag by lag, as for large vocabularies
    assert _numbers(make_report(files["plain"], [4], shuffles=2)) == _numbers(memory)
    monkeypatch.undo()
    two = [files["plain"], files["gzip"]]
    alone = make_report(two, [4], shuffles=2, processes=1)
    monkeypatch.setattr(room, "_MANY", 1)
    assert make_report(two, [4], shuffles=2, processes=2) == alone


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: make_report(b"ab" * 30, [8]), InvalidArgument, "lengths: must be at most half a fold"),
        (lambda: make_report(b"", [2]), InvalidArgument, "it is empty"),
        (lambda: make_report(b"aaaa", [2]), InvalidArgument, "one letter alone"),
        (lambda: make_report(b"ab" * 300, []), InvalidArgument, "lengths"),
        (lambda: make_report(b"ab" * 300, [1]), InvalidArgument, "lengths"),
        (lambda: make_report(b"ab" * 300, [2], folds=2), InvalidArgument, "folds"),
        (lambda: make_report(b"ab" * 300, [2], vocabulary=1), InvalidArgument, "vocabulary"),
        (lambda: make_report(b"ab" * 300, [2], unit="runes"), SymkernError, "unit"),
        (lambda: make_report(b"ab" * 300, [2], seed=-1), InvalidArgument, "seed"),
        (lambda: make_report(None), InvalidType, "source"),
        (lambda: make_report(b"ab" * 300, [2], shuffles=0).at(3), InvalidArgument, "length"),
    ],
)  # fmt: skip
def test_refusals(make, error, message):
    with pytest.raises(error, match=message):
        make()


@pytest.fixture(scope="module")
def report():
    return make_report(PROSE.encode(), [4, 12], shuffles=2)


def test_pages(report, compile_latex):
    for width in (60, 80, 120):
        assert max(map(len, report.text(width).splitlines())) <= width
    assert str(report) == report.text() and "near-sinusoids" in " ".join(report.text().split())
    rows = report.csv().splitlines()
    assert len(rows) == 12 and rows[0].startswith("L,exchangeable,exchangeable_error")
    assert float(rows[3].split(",")[1]) == report.at(4).exchangeable.value
    document = json.loads(json.dumps(report.to_dict()))
    assert document["schema"] == 1 and document["every"][2]["full"]["value"] == report.at(4).full.value  # fmt: skip
    assert report._repr_html_().count("<table") == 3
    compile_latex(sk.typeset.document.document(report.latex()))


def test_the_figure(report):
    axes = sk.plot.symmetry(report)
    lines = {line.get_label(): line for line in axes.lines}
    assert list(lines) == ["exch/off", "decay/off", "arrow/off"]
    assert lines["exch/off"].get_ydata()[2] == report.at(4).exchangeable.value
    quiet = make_report(_text(markov([["1/3", "2/3"], ["1/3", "2/3"]]), 20000, 7), [8], shuffles=0)
    with pytest.raises(InvalidArgument, match="stand out"):
        sk.plot.symmetry(quiet)


def test_a_mixture_of_chains_is_read_as_well():
    """Windows of a mixture drawn one by one: shares by the pair form agree with the exact ones."""
    law = mixture([("1/3", M5), ("2/3", uniform(2))])
    rows = sk.data.samples(law, 4, 40000, seed=3)
    found = sk.data.law(rows)
    exact, wrong = law.symmetrised(4), mixture([("1/2", M5), ("1/2", uniform(2))]).symmetrised(4)
    apart = []
    for counts, chance in found.types:
        right = float(exact.type_probability(counts))
        error = np.sqrt(right / 40000)
        assert abs(float(chance) - right) < 5 * error
        apart.append(abs(float(chance) - float(wrong.type_probability(counts))) / error)
    assert max(apart) > 5
