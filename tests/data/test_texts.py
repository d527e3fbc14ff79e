"""Texts to letters: formats, units, alphabets, windows and their law; what cannot be read says where."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

import symkern as sk
from symkern.data import text_files
from symkern.data.text_files import text_pieces
from symkern.data.units import alphabet_of, counted, encoded
from symkern.errors import InvalidArgument, InvalidType, SymkernError
from symkern.kernels import distinct, embedding, hidden_markov, markov, uniform
from tests.data.reading_texts import PROSE, written


def _letters(text):
    """The unit "letters" by a loop."""
    found = []
    for c in text.lower():
        c = c if c.isalpha() else " "
        if c != " " or not found or found[-1] != " ":
            found.append(c)
    return found


def _decoded(text, unit, vocabulary=None):
    alphabet = alphabet_of(counted(text, unit), unit, vocabulary)
    names = alphabet.names()
    return [names[t] for piece in encoded(text, alphabet) for t in piece]


def test_letters_and_words():
    text = PROSE.encode()
    right = _letters(PROSE)
    right = right[1:] if right[0] == " " else right
    assert _decoded(text, "letters") == right
    words = "".join(c if c.isalpha() else " " for c in PROSE.lower()).split()
    assert _decoded(text, "words") == words
    top = [w for w, _ in sorted(Counter(words).items(), key=lambda e: (-e[1], e[0]))[:4]]
    assert _decoded(text, "words", 5) == [w if w in top else "(rest)" for w in words]
    assert bytes(int(t) for t in _decoded(b"\x00\xff\x00", "bytes")) == b"\x00\xff\x00"


@pytest.mark.parametrize("unit", ["letters", "words", "bytes"])
def test_pieces_of_any_size_give_one_text(unit, monkeypatch, tmp_path):
    whole = _decoded(PROSE.encode(), unit)
    path = written(tmp_path)["plain"]
    for size in (1, 7, 50, 1000):
        monkeypatch.setattr(text_files, "PIECE", size)
        assert _decoded(path, unit) == whole == _decoded(PROSE.encode(), unit)


def test_formats(tmp_path):
    files = written(tmp_path)
    assert _decoded(files["gzip"], "words") == _decoded(files["plain"], "words")
    assert _decoded(files["npy"], "ids")[:7] == ["3", "0", "70000", "0", "3", "3", "0"]
    assert _decoded(files["bin"], "ids")[:7] == ["3", "0", "7", "0", "3", "3", "0"]
    assert _decoded(files["wiki"], "words")[:4] == ["well", "known", "words", "end"]
    assert sk.data.windows(files["npy"], 7).array.tolist() == [[1, 0, 2, 0, 1, 1, 0]] * 100
    assert sk.data.windows(files["bin"], 7) == sk.data.windows([files["bin"]], 7)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"fine, then \xff\xfe", "byte 11 is 0xff"),
        (b"x" * 5000 + b"\n\xc3", "byte 5,001 is 0xc3"),
        (b"", "it is empty"),
        (b"aaaa", "one letter alone"),
    ],
)
def test_texts_that_cannot_be_read(content, message, tmp_path, monkeypatch):
    monkeypatch.setattr(text_files, "PIECE", 6)
    path = tmp_path / "x.txt"
    path.write_bytes(content)
    for source in (path, content):
        with pytest.raises(InvalidArgument, match=message):
            sk.data.windows(source, 2)


def test_a_character_may_be_cut_by_the_end_of_a_piece(monkeypatch):
    for size in (1, 2, 3, 5):
        monkeypatch.setattr(text_files, "PIECE", size)
        assert "".join(text_pieces("aé€𝒳\nü".encode())) == "aé€𝒳\nü"


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda f: sk.data.windows(f / "none", 3), InvalidArgument, "No such file"),
        (lambda f: sk.data.windows(f, 3), InvalidArgument, "is a directory"),
        (lambda f: sk.data.windows(f / "a.xz", 3), InvalidArgument, "is xz"),
        (lambda f: sk.data.windows(f / "a.pdf", 3), InvalidArgument, "is PDF"),
        (lambda f: sk.data.windows(f / "odd.bin", 3), InvalidArgument, "odd number"),
        (lambda f: sk.data.windows(f / "bad.npy", 3), InvalidArgument, "bad.npy"),
        (lambda f: sk.data.windows(f / "cut.gz", 3), InvalidArgument, "cut.gz"),
        (lambda f: sk.data.windows(b"abc", 9), InvalidArgument, "length: must be at most that of the text, 3"),
        (lambda f: sk.data.windows(b"abc", 0), InvalidArgument, "length"),
        (lambda f: sk.data.windows(b"abc", 2, unit="runes"), SymkernError, "unit: must be"),
        (lambda f: sk.data.windows(b"abc", 2, unit="ids"), InvalidArgument, "unit: must be"),
        (lambda f: sk.data.windows(np.array([1, -1]), 1), InvalidArgument, "number 1 is -1"),
        (lambda f: sk.data.windows(np.array([1.5, 2]), 1), InvalidType, "source"),
        (lambda f: sk.data.windows(np.array([1, 2]), 1, unit="words"), InvalidType, "must be a text"),
        (lambda f: sk.data.windows(b"abc", 2, vocabulary=1), InvalidArgument, "vocabulary"),
        (lambda f: sk.data.windows(3, 2), InvalidType, "source: must be a path"),
        (lambda f: sk.data.law(np.array([1, 2])), InvalidType, "windows"),
        (lambda f: sk.data.law(np.array([[1, -2]])), InvalidArgument, "from 0 on"),
        (lambda f: sk.data.law("abc"), InvalidType, "windows"),
    ],
)  # fmt: skip
def test_refusals(make, error, message, tmp_path):
    import gzip

    (tmp_path / "odd.bin").write_bytes(b"abc")
    (tmp_path / "bad.npy").write_bytes(b"not numpy")
    (tmp_path / "cut.gz").write_bytes(gzip.compress(PROSE.encode())[:-30])
    with pytest.raises(error, match=message):
        make(tmp_path)


def test_the_law_of_windows():
    """Counts of windows over their number; expectations of a function of the counts are the text's own."""
    found = sk.data.windows(PROSE.encode(), 3, vocabulary=3, step=1)
    law = sk.data.law(found)
    assert law.length == 3 and law.vocabulary == 3 and len(found) == len(_letters(PROSE)) - 2
    rows = [tuple(np.bincount(w, minlength=3)) for w in found.array]
    for counts, chance in law.types:
        assert Fraction(chance) == Fraction(rows.count(counts), len(rows))
    spectrum = embedding(1, 1).attention().mean_pool().spectrum(3, law)
    assert spectrum.check_trace()
    kernel = embedding(1, 1).attention().mean_pool()
    diagonal = np.mean(kernel.diagonal(found.array))
    assert float(spectrum.mean_diagonal) == pytest.approx(float(diagonal))


def test_samples(monkeypatch):
    """Seeded, of the right shape; shares of letters and pairs within five standard errors of the law's."""
    moves = [["1/2", "1/3", "1/6"], ["1/6", "1/2", "1/3"], ["1/3", "1/6", "1/2"]]
    chain = hidden_markov(None, moves, [["9/10", "1/10", 0], [0, "9/10", "1/10"], [0, 0, 1]])
    drawn = sk.data.samples(chain, 4, 20000, seed=1)
    assert drawn.shape == (20000, 4) and (drawn == sk.data.samples(chain, 4, 20000, seed=1)).all()
    assert (drawn != sk.data.samples(chain, 4, 20000, seed=2)).any()
    monkeypatch.setattr("symkern.data.sampling._FEW", 1)
    many = sk.data.samples(chain, 500, 3, seed=4)
    monkeypatch.setattr("symkern.data.sampling._FEW", 10)
    assert (many == sk.data.samples(chain, 500, 3, seed=4)).all()
    monkeypatch.undo()

    def apart(found, law):
        return max(
            abs(float(np.mean((found[:, :2] == [t, u]).all(axis=1)) - p)) / np.sqrt(float(p * (1 - p)) / 20000)
            for t in range(3)
            for u in range(3)
            for p in [law(t, u)]
        )  # fmt: skip

    first = lambda t, u: chain.probability((t, u))  # noqa: E731
    assert apart(drawn, first) < 5
    mixed = sk.data.samples(chain.symmetrised(4), 4, 20000, seed=3)
    shuffled = chain.symmetrised(4)
    pair = lambda t, u: sum(shuffled.probability((t, u, a, b)) for a in range(3) for b in range(3))  # noqa: E731
    assert apart(mixed, pair) < 5 < apart(mixed, first)  # the unshuffled law is told apart
    assert sk.data.samples(uniform(2), 3, 5).max() <= 1
    assert sorted(sk.data.samples(distinct(), 4, 1)[0]) == [0, 1, 2, 3]
    for wrong in (
        lambda: sk.data.samples(uniform(2), 0, 1),
        lambda: sk.data.samples("uniform", 2, 1),
        lambda: sk.data.samples(chain.symmetrised(3), 4, 1),
        lambda: sk.data.samples(markov([["1 - alpha", "alpha"], ["alpha", "1 - alpha"]]), 4, 1),
    ):
        with pytest.raises(SymkernError):
            wrong()
