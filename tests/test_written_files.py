"""Files and folders that users have written: a place that cannot be written is a typed error that names it, and what lies there stays."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import symkern as sk
from symkern.errors import InvalidArgument, InvalidType
from symkern.plot.style import save

KERNEL = sk.kernels.embedding(1).mean_pool()
SPECTRUM = KERNEL.spectrum(2, sk.kernels.uniform(2))


def _store(place: Any) -> object:
    pytest.importorskip("zarr")
    return sk.characters.write_table(3, place)


def _matrix(place: Any) -> object:
    pytest.importorskip("zarr")
    return sk.kernels.matrix_to_zarr(KERNEL, [[0, 1], [1, 1]], place)


def _figure(place: Any) -> None:
    figures = pytest.importorskip("matplotlib.figure")
    save(figures.Figure(), f"{place}.svg" if isinstance(place, (str, Path)) else place)


WRITERS: dict[str, Callable[[Any], object]] = {
    "spectrum": lambda place: SPECTRUM.save(place),
    "report": lambda place: sk.report(SPECTRUM, place),
    "figure": _figure,
    "table": _store,
    "matrix": _matrix,
}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("place", ["missing/x.json", "file/x.json", "a\0b", "\ud800", 3, None])
def test_a_place_that_cannot_be_written(writer: str, place: object, tmp_path: Path) -> None:
    """A folder that is missing, a file in its stead, names that no system takes, and what is no name."""
    (tmp_path / "file").write_text("kept")
    known = {3: InvalidType, None: InvalidType}.get(place, InvalidArgument)  # type: ignore[call-overload]
    with pytest.raises(known, match=r"^(path|plot|output|folder): must be "):
        WRITERS[writer](f"{tmp_path}/{place}" if isinstance(place, str) else place)
    assert os.listdir(tmp_path) == ["file"]
    assert (tmp_path / "file").read_text() == "kept"


def test_a_spectrum_replaces_a_file_once_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "x.json"
    place.write_text("old")
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", _full)
        with pytest.raises(
            InvalidArgument,
            match=r"^path: must be a file that can be written, but .*x.json: No space",
        ):
            SPECTRUM.save(place)
    assert place.read_text() == "old"
    assert os.listdir(tmp_path) == ["x.json"]
    SPECTRUM.save(place)
    assert type(SPECTRUM).load(place).trace() == SPECTRUM.trace()


def _full(*places: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match=r"^path: must be a file, but .* is a directory"):
        SPECTRUM.save(tmp_path)


def test_what_is_no_figure_is_not_saved(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    with pytest.raises(InvalidType, match="figure: must be a figure or Axes of matplotlib"):
        save(3, tmp_path / "x.svg")  # type: ignore[arg-type]
