"""Files written for the tests, and the statistic by its definition, pair of positions by pair of positions."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np

PROSE = (
    "It was a fine day in May; and the 2 dogs of the house, who had not been fed, ran out.\n"
    "Nobody SAW them: naïve as they were, they came back at ten o'clock.\n"
) * 40


def written(folder: Path) -> dict[str, Path]:
    """One text in several formats."""
    plain, packed = folder / "a.txt", folder / "a.txt.gz"
    plain.write_text(PROSE, encoding="utf-8")
    packed.write_bytes(gzip.compress(PROSE.encode()))
    numbers = np.array([3, 0, 70000, 0, 3, 3, 0] * 100)
    np.save(folder / "a.npy", numbers)
    (np.array([3, 0, 7, 0, 3, 3, 0] * 100, dtype="<u2")).tofile(folder / "a.bin")
    wiki = folder / "wiki.test.raw"
    wiki.write_text(" = Title = \n well @-@ known , 3 @,@ 000 <unk> words \n = = Part = = \n end \n" * 30)  # fmt: skip
    return {"plain": plain, "gzip": packed, "npy": folder / "a.npy", "bin": folder / "a.bin", "wiki": wiki}  # fmt: skip


def defined(
    text: np.ndarray, v: int, folds: int, length: int, edit: Callable[[np.ndarray], np.ndarray] = np.asarray
) -> dict[str, float]:  # fmt: skip
    """off, exch, arrow and diag from all pairs of different folds, every pair of positions written out."""
    p = np.bincount(text, minlength=v) / len(text)
    edges = [len(text) * b // folds for b in range(folds + 1)]
    moments = []
    for b in range(folds):
        part = np.eye(v)[text[edges[b] : edges[b + 1]]] - p
        at = {d: part[:-d].T @ part[d:] / (len(part) - d) for d in range(1, length)}
        whole = np.zeros((length, v, length, v))
        for a in range(length):
            for c in range(length):
                if a != c:
                    whole[a, :, c, :] = at[c - a] if c > a else at[a - c].T
        moments.append(edit(whole))
    sums = {"off": 0.0, "exch": 0.0, "arrow": 0.0}
    for b in range(folds):
        for c in range(folds):
            if b == c:
                continue
            k, h = moments[b], moments[c]
            mean = lambda m: m.sum(axis=(0, 2)) / (length * (length - 1))  # noqa: E731
            sums["off"] += float(np.sum(k * h))
            sums["exch"] += length * (length - 1) * float(np.sum(mean(k) * mean(h)))
            turned = lambda m: (m - m.transpose(0, 3, 2, 1)) / 2  # noqa: E731
            sums["arrow"] += float(np.sum(turned(k) * turned(h)))
    found = {name: value / (folds * (folds - 1)) for name, value in sums.items()}
    found["diag"] = length * float(np.sum((np.diag(p) - np.outer(p, p)) ** 2))
    return found
