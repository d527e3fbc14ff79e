"""Arrays with missing entries, given to all that reads arrays: masked entries are no data, and a masked array without any is its data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symkern as sk
from symkern.errors import InvalidArgument, SymkernError
from symkern.kernels import embedding, uniform
from symkern.reading.missing_entries import without_mask

K = embedding(1, 1).attention().mean_pool()
X = np.array([[0, 1, 1], [1, 0, 1], [1, 1, 1]])
TEXT = np.array([0, 1, 1, 0, 1, 1, 1, 0] * 4)
EIGHT = np.arange(8)
selection, sensitivity = sk.bounds.selection, sk.bounds.sensitivity


def _spectrum():
    return K.spectrum(length=3, tokens=uniform(2))


#: What reads arrays: a call and an array that it takes.
READERS = {
    "a source": (lambda a: sk.data.windows(a, 2, unit="ids").array, TEXT),
    "sources": (lambda a: sk.data.windows([a, TEXT], 2, unit="ids").array, TEXT),
    "the symmetry report": (lambda a: sk.data.symmetry_report(a, lengths=[2], shuffles=0, folds=3).every[0].exchangeable, TEXT),
    "windows": (sk.data.law, X),
    "a matrix": (K.matrix, X),
    "the second argument": (lambda a: K.matrix(X, a), X),
    "rows of a matrix": (lambda a: K.matrix(list(a)), X),
    "a diagonal": (K.diagonal, X),
    "lengths": (lambda a: K.matrix(X, lengths=a), np.array([1, 2, 3])),
    "a sequence": (lambda a: K(a, (0, 1, 1)), X[0]),
    "a sequence of a law": (uniform(2).probability, X[0]),
    "a kernel of scikit-learn": (lambda a: sk.learning.sklearn_kernel(K)(a), X),
    "values of a target": (lambda a: sk.targets.energy(a, length=3, tokens=uniform(2)), EIGHT),
    "floats of a target": (lambda a: _spectrum().learning_curve(a, n=[1], ridge=1).test_error, EIGHT / 2),
    "numbers of samples": (lambda a: _spectrum().learning_curve("x1", n=a, ridge=1).n, np.array([1, 2])),
    "times": (lambda a: _spectrum().training_curve("x1", t=a).t, np.array([1.0, 2.0])),
    "a target's energies in a sector": (lambda a: _spectrum().sectors[0].energies(a), EIGHT),
    "eigenvalues": (lambda a: sk.bounds.eigenlearning(a, [1, 2], n=3, ridge=1).kappa, np.array([1.0, 2.0])),
    "exact eigenvalues": (lambda a: sk.bounds.eigenlearning(a, [1, 2], n=3, ridge=1).kappa, np.array([1, 2])),
    "multiplicities": (lambda a: sk.bounds.eigenlearning([2, 1], a, n=3, ridge=1).kappa, np.array([1, 2])),
    "a table of signs": (lambda a: sk.bounds.alignment(a, length=3), EIGHT),
    "a table of sensitivity": (lambda a: sensitivity.average(a, 3), EIGHT),
    "truth values": (lambda a: sensitivity.average(a, 3), EIGHT > 3),
    "a vectorised function": (lambda a: sensitivity.average(lambda x: a, 3, vectorized=True), EIGHT),
    "an automaton": (lambda a: sensitivity.automaton(a, [1]), np.array([[0, 1], [1, 1]])),
    "a function on a module": (lambda a: sk.representations.defining(4).components(a), np.arange(4)),
    "floats on a module": (lambda a: [*sk.representations.defining(4).components_float(a).values()], np.arange(4.0)),
    "vectors": (lambda a: sk.representations.orthogonal((2, 1)).apply_numeric((1, 0, 2), a), np.arange(2.0)),
    "a permutation": (sk.representations.seminormal((2, 1)), np.array([1, 0, 2])),
    "a partition": (sk.Partition, np.array([2, 1])),
    "a word": (sk.combinatorics.rsk, np.array([2, 1, 1])),
    "a layer": (lambda a: selection.first_layer_loss(a, 3, 1, 1), np.array([[1, 0, 0]])),
    "a layer of floats": (lambda a: selection.first_layer_loss(a, 3, 1, 1), np.array([[1.0, 0, 0]])),
    "codes": (lambda a: selection.fixed_codes(a, 1, 1), np.array([[1, 0], [0, 1]])),
    "widths": (lambda a: selection.fully_connected(6, 2, 2, a), np.array([1, 2])),
    "moments of flow": (lambda a: selection.flow(6, 2, 2, times=a).a, np.array([1.0, 2.0])),
    "word vectors": (sk.kernels.from_vectors, np.array([[1.0, 2], [2, 1]])),
    "a covariance of letters": (embedding, np.array([[2, 1], [1, 2]])),
    "transitions": (sk.kernels.markov, np.array([[0, 1], [1, 0]])),
    "probabilities": (sk.kernels.categorical, np.array([0, 1])),
    "an exact matrix": (sk.exact.ExactMatrix.from_rows, np.array([[1, 2], [3, 4]])),
    "a sparse matrix": (sk.exact.SparseMatrix.from_dense, np.array([[1, 2], [3, 4]])),
    "a rational vector": (sk.exact.RationalVector.of, EIGHT),
}  # fmt: skip


def _same(one, other):
    if isinstance(one, list):
        return all(map(_same, one, other))
    return np.array_equal(one, other) if isinstance(one, np.ndarray) else one == other


@pytest.mark.parametrize("name", READERS)
def test_masked_entries_are_no_data(name):
    if "scikit-learn" in name:
        pytest.importorskip("sklearn", reason="the extra sklearn is not installed")
    read, array = READERS[name]
    assert _same(read(np.ma.masked_array(array)), read(array))
    mask = np.zeros(array.shape, bool)
    mask.flat[1] = True
    with pytest.raises(SymkernError) as refusal:
        read(np.ma.masked_array(array, mask))
    said = str(refusal.value)
    assert "masked" in said or "None" in said or "--" in said


@settings(max_examples=20)
@given(st.lists(st.booleans(), min_size=1, max_size=6), st.sampled_from([(-1,), (1, -1), (-1, 1)]))
def test_any_mask(mask, shape):
    """Refused if and only if something is masked, and the place is the first."""
    array = np.ma.masked_array(np.arange(len(mask)), mask).reshape(shape)
    if not any(mask):
        found = without_mask(array, "f")
        assert type(found) is np.ndarray and (found == array.data).all()
        return
    place = np.unravel_index(mask.index(True), array.shape)
    with pytest.raises(InvalidArgument) as refusal:
        without_mask([1, array], "f")
    shown = ", ".join(map(str, map(int, place))) + "," * (len(place) == 1)
    assert str(refusal.value) == f"f[1]: must have an entry at each place, but {sum(mask)} of {len(mask)} are masked, the first at ({shown})"  # fmt: skip


def test_what_else_has_a_mask():
    frames = pytest.importorskip("pandas", reason="it is not installed")
    column = frames.Series([1, 2])
    assert without_mask(column, "f") is column
    assert without_mask([1, "a", None], "f") == [1, "a", None]


def _column(library, values):
    """A column of nullable whole numbers."""
    frames = pytest.importorskip(library.split()[0], reason="it is not installed")
    if library == "polars":
        return frames.Series(values)
    if library == "pandas arrow":
        pytest.importorskip("pyarrow", reason="it is not installed")
        return frames.Series(values, dtype="int64[pyarrow]")
    return frames.Series(values, dtype="Int64")


NULLABLE = [
    "a function on a module", "floats on a module", "a table of signs", "a table of sensitivity", "values of a target", "a rational vector",
    "a word", "probabilities", "a sequence", "vectors", "lengths",
]  # fmt: skip


@pytest.mark.parametrize("library", ["pandas", "pandas arrow", "polars"])
@pytest.mark.parametrize("name", NULLABLE)
def test_nulls_are_no_data(name, library):
    read, array = READERS[name]
    values = [int(e) for e in array]
    try:
        found = read(_column(library, values))
    except SymkernError:  # no column of this library is read here
        found = None
    assert found is None or _same(found, read(array))
    values[1] = None
    with pytest.raises(SymkernError):
        read(_column(library, values))


@pytest.mark.parametrize("kind", ["Int64", "int64[pyarrow]"])
def test_frames_with_nullable_columns(kind):
    """Their whole numbers are letters; a null is none."""
    frames = pytest.importorskip("pandas", reason="it is not installed")
    pytest.importorskip("pyarrow", reason="it is not installed")
    frame = frames.DataFrame({str(i): X[:, i] for i in range(3)}).astype(kind)
    assert (K.matrix(frame) == K.matrix(X)).all()
    frame.iloc[1, 1] = None
    with pytest.raises(SymkernError, match=r"X: must be an array \(n, L\) of whole numbers"):
        K.matrix(frame)
