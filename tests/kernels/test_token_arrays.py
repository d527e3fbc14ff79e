"""What kernel matrices are given: lengths, letters and sizes are held to the same rules in every kind of array, those of Dask before anything is computed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symkern.errors import InvalidArgument, InvalidType, NotPositive, SymkernError
from symkern.kernels import embedding, from_vectors, read_kernel
from tests.search import examples

LINEAR = read_kernel("embedding(1, 1/2) | attention | mean_pool")
SOFTMAX = read_kernel("embedding(1, 1/2) | attention(tied, softmax) | mean_pool")
X = np.random.default_rng(0).integers(0, 4, (11, 6))


def refusal(ask: Any) -> tuple[type, str]:
    with pytest.raises(SymkernError) as found:
        ask()
    return type(found.value), str(found.value)


def lazy(rows: Any, chunk: int = 4) -> Any:
    da = pytest.importorskip("dask.array", reason="Dask is not installed")
    return da.from_array(rows, chunks=(max(chunk, 1), 3))


# -- lengths --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lengths", [[3.9] * 11, ["3"] * 11, [0] * 11, [9] * 11, [True] * 11, [3] * 10, [[3] * 11], "abc", 3], ids=str
)  # fmt: skip
def test_lengths_of_dask_arrays_are_refused_as_those_of_others_are(lengths: Any) -> None:
    array = lazy(X)
    direct = refusal(lambda: LINEAR.matrix(X, lengths=lengths))
    assert refusal(lambda: LINEAR.matrix(array, lengths=lengths)) == direct
    assert refusal(lambda: LINEAR.diagonal(array, lengths=lengths)) == direct
    both = [3] * 11, lengths
    assert refusal(lambda: LINEAR.matrix(array, array, lengths=both)) == direct
    assert refusal(lambda: LINEAR.matrix(array, array, lengths=3))[0] is InvalidType


def test_lengths_are_for_means_alone() -> None:
    summed = read_kernel("embedding(1) | mean_pool | plus(embedding(1) | flatten)")
    for kernel, readouts in ((embedding(1).flatten(), "flatten"), (summed, "mean_pool and flatten")):  # fmt: skip
        direct = refusal(lambda k=kernel: k.matrix(X, lengths=[3] * 11))
        assert direct[1].endswith(f"the kernel reads out by {readouts}")
        assert refusal(lambda k=kernel: k.matrix(lazy(X), lengths=[3] * 11)) == direct


def test_lengths_may_be_arrays() -> None:
    sizes = np.random.default_rng(2).integers(1, 7, 11)
    expected = LINEAR.matrix(X, lengths=sizes.tolist())
    for lengths in (sizes, tuple(sizes), sizes.astype("uint8"), lazy(X).sum(axis=1) * 0 + sizes):
        assert (LINEAR.matrix(X, lengths=lengths) == expected).all()
        found = LINEAR.matrix(lazy(X), lengths=lengths).compute()
        assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("part", ["matrix", "diagonal", "matrix_with_gradient"])
def test_the_length_in_a_hyperparameter_is_that_of_all_rows(part: str) -> None:
    """One row of three tokens has 1/L = 1/3, whatever it is padded to; so rows with lengths of their own are refused."""
    for text, given_ in (("1/L", {}), ("alpha", {"alpha": "1/L"}), ("1) | attention | linear(1, L", {})):  # fmt: skip
        kernel = read_kernel(f"embedding({text}) | mean_pool")
        said = refusal(lambda k=kernel, g=given_: getattr(k, part)(X, lengths=[3] * 11, **g))
        assert said[0] is InvalidArgument and "give batches of sequences of one length" in said[1]
    fixed = read_kernel("embedding(1/L) | mean_pool")
    assert fixed.matrix(X[:, :3])[0, 0] == pytest.approx(float(fixed(X[0, :3].tolist(), X[0, :3].tolist())))  # fmt: skip
    if part != "matrix_with_gradient":
        assert refusal(lambda: getattr(fixed, part)(lazy(X), lengths=[3] * 11))[0] is InvalidArgument  # fmt: skip


# -- letters of Dask arrays -----------------------------------------------------------------------


def test_an_indefinite_embedding_does_not_pass_chunk_by_chunk() -> None:
    rows = np.array([[0] * 3, [1] * 3, [2] * 3, [3] * 3])
    kernel = read_kernel("embedding(2, 0, -1) | mean_pool")
    direct = refusal(lambda: kernel.matrix(rows))
    assert np.linalg.eigvalsh(2 * np.eye(4) - 1)[0] < 0 and "constant" in direct[1]
    assert refusal(lambda: kernel.matrix(lazy(rows, 1))) == direct
    assert refusal(lambda: kernel.diagonal(lazy(rows, 1))) == direct
    pair = refusal(lambda: kernel.matrix(rows[:2], rows[2:]))
    assert refusal(lambda: kernel.matrix(lazy(rows[:2], 1), lazy(rows[2:], 1))) == pair
    # Two letters have a kernel, and padding is no letter.
    assert (kernel.matrix(lazy(rows[:2], 1)).compute() == kernel.matrix(rows[:2])).all()
    padded = np.array([[0, 2, 3], [1, 3, 2]])
    found = kernel.matrix(lazy(padded, 1), lengths=[1, 1]).compute()
    assert (found == kernel.matrix(padded, lengths=[1, 1])).all()
    letters = embedding([[2, 0, 0], [0, 2, 0], [0, 0, 2]], 0, -1).mean_pool()
    assert refusal(lambda: letters.matrix(lazy(rows[:3], 1)))[0] is NotPositive
    unknown = refusal(lambda: letters.matrix(rows))
    assert refusal(lambda: letters.matrix(lazy(rows, 1))) == unknown and "0..2" in unknown[1]
    assert (letters.matrix(lazy(rows[1:3], 1)).compute() == letters.matrix(rows[1:3])).all()


@given(st.integers(1, 12), st.sampled_from(["0", "1/2"]), st.sampled_from(["-1/5", "-1/4", "-2/3"]), st.integers(0, 999))  # fmt: skip
@examples(15)
def test_dask_refuses_where_others_do(letters: int, position: str, constant: str, seed: int) -> None:  # fmt: skip
    rows = np.random.default_rng(seed).integers(0, letters, (9, 3))
    kernel = embedding(2, position, constant).mean_pool()
    try:
        expected = kernel.matrix(rows)
    except InvalidArgument as error:
        assert refusal(lambda: kernel.matrix(lazy(rows, 1)))[1] == str(error)
        return
    assert kernel.matrix(lazy(rows, 1)).compute() == pytest.approx(expected, abs=1e-13)


# -- no sequences ---------------------------------------------------------------------------------


@pytest.mark.sampled(6)
@pytest.mark.parametrize("library", ["numpy", "torch", "array_api_strict", "jax.numpy", "dask.array"])  # fmt: skip
@pytest.mark.parametrize("kernel", [LINEAR, SOFTMAX], ids=str)
def test_no_sequences_have_an_empty_matrix(kernel: Any, library: str) -> None:
    xp = pytest.importorskip(library, reason="it is not installed")
    full, none = xp.asarray(X), xp.asarray(X[:0])
    for ours, theirs, shape in ((none, None, (0, 0)), (none, full, (0, 11)), (full, none, (11, 0))):
        found = kernel.matrix(ours, theirs, dtype="float32")
        assert found.shape == shape and type(found) is type(full)
        assert found.dtype == xp.float32
        lengths = [] if theirs is None else ([3] * ours.shape[0], [3] * theirs.shape[0])
        padded = kernel.matrix(ours, theirs, lengths=lengths, dtype="float32")
        assert padded.shape == shape
        if library == "dask.array":
            assert found.compute().shape == padded.compute().shape == shape
    diagonal = kernel.diagonal(none, dtype="float32")
    assert diagonal.shape == (0,) and type(diagonal) is type(full)
    if library == "dask.array":
        assert diagonal.compute().shape == (0,)


def test_no_sequences_are_asked_for_numbers_too() -> None:
    kernel = embedding("alpha", "beta").attention().mean_pool()
    K, G = kernel.matrix_with_gradient(X[:0], X, alpha=1, beta=2)
    assert K.shape == (0, 11) and G.shape == (0, 11, 2)
    assert "give beta by name" in refusal(lambda: kernel.matrix(X[:0], alpha=1))[1]


# -- other arrays ---------------------------------------------------------------------------------


def test_arrays_without_a_number_at_each_place_are_refused() -> None:
    masked = np.ma.masked_array(X, X == 0)
    kernel = embedding("alpha", "1/2").mean_pool()
    asked: list[tuple[str, Any]] = [
        ("X", lambda: LINEAR.matrix(masked)),
        ("Y", lambda: LINEAR.matrix(X, masked)),
        ("X[0]", lambda: LINEAR.matrix(list(masked))),
        ("X", lambda: LINEAR.diagonal(masked)),
        ("X", lambda: LINEAR.matrix(lazy(masked))),
        ("lengths", lambda: LINEAR.matrix(X, lengths=masked[:, 0])),
        ("X", lambda: kernel.matrix_with_gradient(masked, alpha=1)),
    ]
    for name, ask in asked:
        error, said = refusal(ask)
        assert error is InvalidArgument and said.startswith(f"{name}: must hold a number at each place")  # fmt: skip


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_data_frames_are_their_rows(library: str) -> None:
    frames = pytest.importorskip(library, reason="it is not installed")
    frame = frames.DataFrame({str(i): X[:, i] for i in range(6)})
    assert (LINEAR.matrix(frame) == LINEAR.matrix(X)).all()
    columns = {"a": ["b"]}
    assert refusal(lambda: LINEAR.matrix(frames.DataFrame(columns)))[0] is InvalidType


def test_derivatives_are_of_arrays_that_are_there() -> None:
    kernel = embedding("alpha", "1/2").mean_pool()
    for given_ in ((lazy(X),), (X, lazy(X))):
        error, said = refusal(lambda g=given_: kernel.matrix_with_gradient(*g, alpha=1))
        assert error is InvalidArgument and "give .compute() of it, but it is a Dask array" in said


def test_tensors_of_pytorch_that_are_not_dense() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    tensor = torch.tensor(X)
    for other, said in ((tensor.to_sparse(), "to_dense()"), (tensor.to("meta"), "of the device meta")):  # fmt: skip
        assert said in refusal(lambda t=other: LINEAR.matrix(t))[1]
        assert said in refusal(lambda t=other: LINEAR.matrix(tensor, t))[1]


# -- hyperparameters ------------------------------------------------------------------------------


def test_values_of_hyperparameters_in_matrices() -> None:
    kernel = embedding("alpha", "beta").attention().mean_pool()
    by_length = kernel.matrix(X, alpha="1/L", beta=1)
    assert (by_length == kernel.matrix(X, alpha="1/6", beta=1)).all()
    assert (kernel.matrix(X, alpha="1/v", beta="v", v=4) == kernel.matrix(X, alpha="1/4", beta=4)).all()  # fmt: skip
    assert kernel(X[0], X[1], alpha="1/v", beta="v", v=4) == kernel(X[0], X[1], alpha="1/4", beta=4)  # fmt: skip
    ours = kernel.matrix_with_gradient(X, alpha="1/v", beta="1/L", v=4)
    for found, expected in zip(ours, kernel.matrix_with_gradient(X, alpha="1/4", beta="1/6"), strict=True):  # fmt: skip
        assert (found == expected).all()
    assert "v: must be given" in refusal(lambda: kernel.matrix(X, alpha="v", beta=1))[1]
    assert "v: is the vocabulary" in refusal(lambda: kernel.matrix(X, alpha=1, beta=1, v=4))[1]
    assert refusal(lambda: kernel.matrix(X, alpha="beta", beta=1))[1] == "alpha: must be a number in a matrix, but it is beta"  # fmt: skip
    assert "alpha: must be finite" in refusal(lambda: kernel.matrix(X, alpha=np.float32("inf"), beta=1))[1]  # fmt: skip
    missing = refusal(lambda: kernel.matrix(X))[1]
    assert "give alpha, beta by name" in missing


def test_vectors_beyond_floats_have_values_and_no_matrix() -> None:
    kernel = from_vectors([[1e160, 1], [1, 1]]).mean_pool()
    assert kernel((0, 0), (0, 0)) == (int(1e160) ** 2 + 1) / sp.Integer(2)
    error, said = refusal(lambda: kernel.matrix([[0, 1]]))
    assert error is InvalidArgument and said.startswith("token: must be within the range of floats")
