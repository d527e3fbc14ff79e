"""Kernel matrices of Dask arrays and on disk: each block is the direct one to the last bit, and a killed run goes on where it ended."""

from __future__ import annotations

import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symkern.errors import InvalidArgument, InvalidType, SizeMismatch, SymkernError
from symkern.kernels import embedding, matrix_to_zarr, read_kernel, stored_matrices

KERNELS = [
    "embedding(alpha, 1/2) | attention | mean_pool",
    "embedding(alpha) | attention(tied, softmax) | layer_norm | mlp(relu) | mean_pool | ntk",
    "embedding(alpha, 1/2) | attention(tied, softmax) | residual | mlp(relu) | mean_pool",
]


def words(n: int, length: int = 7, letters: int = 5) -> Any:
    return np.random.default_rng(n).integers(0, letters, (n, length))


def direct(kernel: Any, parts: list[Any], others: list[Any] | None, **given: Any) -> Any:
    """The blocks one by one, those below the diagonal as transposes."""
    if others is not None:
        return np.block([[kernel.matrix(x, y, **given) for y in others] for x in parts])
    blocks = [[kernel.matrix(x, **given) if x is y else kernel.matrix(x, y, **given) for y in parts] for x in parts]  # fmt: skip
    return np.block([[blocks[i][j] if i <= j else blocks[j][i].T for j in range(len(parts))] for i in range(len(parts))])  # fmt: skip


@pytest.mark.sampled(2)
@pytest.mark.parametrize("text", KERNELS)
def test_blocks_of_dask_arrays_are_the_direct_ones(text: str) -> None:
    da = pytest.importorskip("dask.array", reason="Dask is not installed")
    kernel, X, Y = read_kernel(text), words(53), words(31)
    lazy, other = da.from_array(X, chunks=(20, 3)), da.from_array(Y, chunks=(16, 7))
    found = kernel.matrix(lazy, alpha=2)
    assert isinstance(found, da.Array) and found.chunks == ((20, 20, 13),) * 2
    assert isinstance(found._meta, np.ndarray) and found.dtype == found._meta.dtype == np.float64
    own = found.compute()
    assert (own == direct(kernel, [X[:20], X[20:40], X[40:]], None, alpha=2)).all()
    assert (own == own.T).all() and own == pytest.approx(kernel.matrix(X, alpha=2), rel=1e-12)
    both = kernel.matrix(lazy, other, alpha=2, dtype="float32")
    assert both.dtype == np.float32 and both.compute().dtype == np.float32
    parts = [X[:20], X[20:40], X[40:]], [Y[:16], Y[16:]]
    assert (both.compute() == direct(kernel, *parts, alpha=2, dtype="float32")).all()
    diagonal = kernel.diagonal(lazy, alpha=2)
    assert diagonal.chunks == ((20, 20, 13),)
    assert diagonal.compute() == pytest.approx(np.diag(own), rel=1e-12)
    assert kernel.matrix(lazy, alpha=2).name == found.name != kernel.matrix(lazy, alpha=3).name


def test_blocks_above_the_diagonal_alone_are_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    da = pytest.importorskip("dask.array", reason="Dask is not installed")
    from symkern.kernels import kernel_matrices

    calls = []
    plain = kernel_matrices.matrix

    def counted(*given: Any, **named: Any) -> Any:
        calls.append(given[1].shape)
        return plain(*given, **named)

    monkeypatch.setattr(kernel_matrices, "matrix", counted)
    kernel = embedding(1).mean_pool()
    found = plain(kernel, da.from_array(words(40), chunks=(10, 7)))
    assert not calls, "nothing is computed before it is asked for"
    found.compute(scheduler="synchronous")
    assert len(calls) == 10
    found[:10, 30:].compute(scheduler="synchronous")
    assert len(calls) == 11


def test_lengths_go_with_the_chunks() -> None:
    da = pytest.importorskip("dask.array", reason="Dask is not installed")
    kernel, X = read_kernel(KERNELS[2]), words(12)
    lengths = np.random.default_rng(1).integers(1, 8, 12).tolist()
    lazy = da.from_array(X, chunks=(5, 7))
    expected = kernel.matrix(X, lengths=lengths, alpha=1)
    assert kernel.matrix(lazy, lengths=lengths, alpha=1).compute() == pytest.approx(expected, rel=1e-12)  # fmt: skip
    pair = kernel.matrix(lazy, lazy, lengths=(lengths, lengths), alpha=1)
    assert pair.compute() == pytest.approx(expected, rel=1e-12)


def test_what_is_wrong_is_said_before_anything_is_computed() -> None:
    da = pytest.importorskip("dask.array", reason="Dask is not installed")
    kernel, X = read_kernel(KERNELS[0]), words(12)
    lazy = da.from_array(X, chunks=(5, 7))
    wrong: list[tuple[Any, type, str]] = [
        (lambda: kernel.matrix(lazy), InvalidArgument, "give alpha by name"),
        (lambda: kernel.matrix(lazy, X, alpha=1), InvalidArgument, "both or neither, but Y is none"),
        (lambda: kernel.matrix(X, lazy, alpha=1), InvalidArgument, "both or neither, but X is none"),
        (lambda: kernel.matrix(lazy.astype(float), alpha=1), InvalidType, "whole numbers"),
        (lambda: kernel.matrix(lazy, lazy[:, :3], alpha=1), SizeMismatch, "are 7 and 3"),
        (lambda: kernel.matrix(lazy[lazy[:, 0] > 2], alpha=1), InvalidArgument, "compute_chunk_sizes"),
        (lambda: kernel.matrix(lazy, alpha=1, lengths=[1]), InvalidArgument, "they are 1, and there are 12"),
        (lambda: kernel.diagonal(lazy[0], alpha=1), InvalidArgument, "its shape is (7,)"),
    ]  # fmt: skip
    for ask, error, said in wrong:
        with pytest.raises(error) as found:
            ask()
        assert said in str(found.value)


# -- on disk --------------------------------------------------------------------------------------

_CHILD = """
import sys, time
import numpy as np
from symkern.kernels import embedding, stored_matrices
plain = stored_matrices.matrix
def slow(*given, **named):
    time.sleep(0.02)
    return plain(*given, **named)
stored_matrices.matrix = slow
X = np.random.default_rng(2000).integers(0, 5, (2000, 7))
stored_matrices.matrix_to_zarr(embedding("alpha", "1/2").attention().mean_pool(), X, sys.argv[1], block=200, alpha=2)
"""


def test_a_killed_run_goes_on_where_it_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    pytest.importorskip("zarr", reason="Zarr is not installed")
    store = tmp_path / "gram.zarr"
    child = subprocess.Popen([sys.executable, "-c", _CHILD, str(store)])
    marks = store / "finished" / "c"
    end = time.monotonic() + 120
    while len(list(marks.glob("*/[0-9]*"))) < 12 and time.monotonic() < end:
        time.sleep(0.002)
    child.kill()  # SIGKILL: nothing is tidied up
    assert child.wait() == -9
    finished = sorted(path.relative_to(marks).parts for path in marks.glob("*/[0-9]*"))
    assert 12 <= len(finished) < 100
    # A block that was cut off, one with a flipped bit, one without its mark, and one that never got its name.
    torn, flipped, unmarked = (store / "values" / "c" / i / j for i, j in finished[:3])
    torn.write_bytes(torn.read_bytes()[:1000])
    content = bytearray(flipped.read_bytes())
    content[77] ^= 1
    flipped.write_bytes(content)
    marks.joinpath(*finished[2]).unlink()
    unmarked.with_name(".9.partial").write_bytes(b"half")

    calls = []
    plain = stored_matrices.matrix

    def counted(*given: Any, **named: Any) -> Any:
        calls.append(1)
        return plain(*given, **named)

    monkeypatch.setattr(stored_matrices, "matrix", counted)
    kernel, X = embedding("alpha", "1/2").attention().mean_pool(), words(2000)
    given = {"block": 200, "alpha": 2}
    found = matrix_to_zarr(kernel, X, store, **given)  # type: ignore[arg-type]
    assert 0 < len(calls) < 55
    expected = direct(kernel, [X[i : i + 200] for i in range(0, 2000, 200)], None, alpha=2)
    assert found.shape == (2000, 2000) and (found[:] == expected).all()
    calls.clear()
    assert (matrix_to_zarr(kernel, X, store, **given)[:] == expected).all() and not calls  # type: ignore[arg-type]


def test_rectangles_and_blocks_that_do_not_divide(tmp_path: Path) -> None:
    zarr = pytest.importorskip("zarr", reason="Zarr is not installed")
    kernel, X, Y = read_kernel(KERNELS[0]), words(23), words(11)
    parts = [X[:10], X[10:20], X[20:]], [Y[:10], Y[10:]]
    single = {"alpha": 0.5, "dtype": "float32"}
    found = matrix_to_zarr(kernel, X, tmp_path / "a", Y, block=10, **single)  # type: ignore[arg-type]
    assert found.dtype == np.float32 and (found[:] == direct(kernel, *parts, **single)).all()
    assert (zarr.open_group(str(tmp_path / "a"), mode="r")["values"][:] == found[:]).all()
    same = matrix_to_zarr(kernel, X.tolist(), str(tmp_path / "a"), Y, block=10, alpha="1/2", dtype="float32")  # fmt: skip
    assert (same[:] == found[:]).all()


def test_a_number_is_itself_in_every_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("zarr", reason="Zarr is not installed")
    kernel, X = read_kernel(KERNELS[0]), words(5)
    first = matrix_to_zarr(kernel, X, tmp_path / "a", alpha=0.5)[:]
    monkeypatch.setattr(stored_matrices, "matrix", lambda *_, **__: pytest.fail("it is there"))
    for half in (np.float32(0.5), np.float64(0.5), Fraction(1, 2), "1/2", "0.5", "2/4"):
        assert (matrix_to_zarr(kernel, X, tmp_path / "a", alpha=half)[:] == first).all()
    with pytest.raises(InvalidArgument, match="of another parameters"):
        matrix_to_zarr(kernel, X, tmp_path / "a", alpha=np.float32(0.1))


@pytest.mark.parametrize("beside", [False, True])
def test_lengths_go_with_the_blocks(tmp_path: Path, beside: bool) -> None:
    pytest.importorskip("zarr", reason="Zarr is not installed")
    kernel, X, Y = read_kernel(KERNELS[2]), words(50), words(21) if beside else None
    rng = np.random.default_rng(1)
    ours, theirs = rng.integers(1, 8, 50), rng.integers(1, 8, 21).tolist()
    lengths: Any = (ours, theirs) if beside else ours
    given: dict[str, Any] = {"block": 16, "alpha": 1}
    found = matrix_to_zarr(kernel, X, tmp_path / "a", Y, lengths=lengths, **given)[:]
    assert found == pytest.approx(kernel.matrix(X, Y, lengths=lengths, alpha=1), rel=1e-12)
    again = matrix_to_zarr(kernel, X, tmp_path / "a", Y, lengths=lengths, **given)
    assert (again[:] == found).all()
    for other in (None, (ours * 0 + 7, theirs) if beside else ours * 0 + 7):
        with pytest.raises(InvalidArgument, match="of another lengths"):
            matrix_to_zarr(kernel, X, tmp_path / "a", Y, lengths=other, **given)
    for wrong in ([1.5] * 50, [1] * 49, [8] * 50):
        with pytest.raises(SymkernError, match="lengths"):
            matrix_to_zarr(kernel, X, tmp_path / "b", lengths=wrong, **given)
    assert not (tmp_path / "b").exists()


def test_another_matrix_is_not_overwritten(tmp_path: Path) -> None:
    pytest.importorskip("zarr", reason="Zarr is not installed")
    kernel, X = read_kernel(KERNELS[0]), words(5)
    store = tmp_path / "a"
    matrix_to_zarr(kernel, X, store, alpha=1)
    (tmp_path / "b").write_text("a file")
    wrong: list[tuple[Any, type, str]] = [
        (lambda: matrix_to_zarr(kernel, X, store, alpha=2), InvalidArgument, "of another parameters"),
        (lambda: matrix_to_zarr(kernel, X + 1, store, alpha=1), InvalidArgument, "of another X"),
        (lambda: matrix_to_zarr(kernel, X, store, X, alpha=1), InvalidArgument, "of another Y"),
        (lambda: matrix_to_zarr(kernel, X, store, block=3, alpha=1), InvalidArgument, "of another block"),
        (lambda: matrix_to_zarr(embedding(1).mean_pool(), X, store), InvalidArgument, "of another kernel"),
        (lambda: matrix_to_zarr(kernel, X, tmp_path / "b", alpha=1), InvalidArgument, "is something else"),
        (lambda: matrix_to_zarr(kernel, X, tmp_path / "no" / "c", alpha=1), InvalidArgument, "can be written"),
        (lambda: matrix_to_zarr(kernel, X, 3, alpha=1), InvalidType, "path"),  # type: ignore[arg-type]
        (lambda: matrix_to_zarr("flatten", X, tmp_path / "c"), InvalidType, "kernel"),  # type: ignore[arg-type]
        (lambda: matrix_to_zarr(kernel, X, tmp_path / "c"), InvalidArgument, "give alpha by name"),
        (lambda: matrix_to_zarr(kernel, X[:0], tmp_path / "c", alpha=1), InvalidArgument, "it holds none"),
        (lambda: matrix_to_zarr(kernel, X * 0.5, tmp_path / "c", alpha=1), InvalidType, "whole numbers"),
        (lambda: matrix_to_zarr(kernel, [[0], [0, 1]], tmp_path / "c", alpha=1), SymkernError, "one length"),
        (lambda: matrix_to_zarr(kernel, X, tmp_path / "c", block=0, alpha=1), SymkernError, "block"),
    ]  # fmt: skip
    for ask, error, said in wrong:
        with pytest.raises(error) as found:
            ask()
        assert said in str(found.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "zarr", None)
    with pytest.raises(InvalidArgument, match=r"pip install -e '\.\[cluster\]'"):
        matrix_to_zarr(embedding(1).mean_pool(), [[0]], tmp_path / "a")
