"""The same questions through the project's history, by the conventions of asv (airspeed velocity).

    pip install asv
    asv run --config benchmarks/asv.conf.json        from the first commit that has this file on
    asv continuous --config benchmarks/asv.conf.json HEAD~1 HEAD

Each question starts with empty caches and finished imports, so it is asked once per measurement. What other programs
take beside symkern in one run stands in the other modules of this folder (``make bench``).
"""

from __future__ import annotations

from typing import ClassVar

from benchmarks.side_by_side import empty_caches

Parts = tuple[int, ...]


class _Once:
    """One call per measurement, since a second one would meet a warm cache."""

    number = 1
    repeat = (3, 20, 10.0)
    warmup_time = 0.0


class CharacterTables(_Once):
    """`character_table(n).values`, complete in memory."""

    params = (8, 12, 20, 25)
    param_names = ("n",)

    def setup(self, n: int) -> None:
        import scipy.sparse  # noqa: F401

        from symkern.characters import character_table

        self.character_table = character_table
        empty_caches()

    def time_values(self, n: int) -> None:
        _ = self.character_table(n).values

    def peakmem_values(self, n: int) -> None:
        _ = self.character_table(n).values


class SingleCharacters(_Once):
    """One value of one character, no cache to help."""

    questions: ClassVar[dict[str, tuple[Parts, Parts]]] = {
        "n = 10": ((7, 2, 1), (8, 2)),
        "n = 60": ((15, 12, 10, 8, 6, 4, 3, 2), (3,) * 8 + (2,) * 12 + (1,) * 12),
        "n = 100": ((10,) * 10, (3,) * 10 + (2,) * 10 + (1,) * 50),
    }
    params = tuple(questions)
    param_names = ("question",)

    def setup(self, question: str) -> None:
        from symkern.characters import character

        self.character = character
        self.character(*self.questions[question])  # numpy's own first calls

    def time_character(self, question: str) -> None:
        self.character(*self.questions[question])


class Products(_Once):
    """Products of characters with the table at hand, and the Kostka matrix from nothing."""

    def setup(self) -> None:
        from symkern import characters

        self.characters = characters
        self.table = characters.character_table(20)

    def time_kronecker_product_20(self) -> None:
        self.characters.kronecker((7, 5, 4, 3, 1), (6, 5, 4, 3, 2))

    def time_littlewood_richardson_15_and_10(self) -> None:
        self.characters.littlewood_richardson((5, 4, 3, 2, 1), (4, 3, 2, 1))

    def time_kostka_matrix_20(self) -> None:
        self.characters.kostka_matrix(20)


class Spectra(_Once):
    """Spectra symbolic in L and v, and one of softmax attention at given sizes."""

    def setup(self) -> None:
        import symkern
        from symkern.abc import L, v

        self.kernels, self.sizes = (
            symkern.kernels,
            {"length": L, "tokens": symkern.kernels.uniform(v)},
        )
        for sector in self.kernels.preset("bag-of-tokens").kernel.spectrum(**self.sizes):
            _ = sector.eigenvalues  # modules that load on first use

    def time_linear_attention(self) -> None:
        for sector in self.kernels.preset("linear-attention").kernel.spectrum(**self.sizes):
            _ = sector.eigenvalues

    def time_transformer_block(self) -> None:
        for sector in self.kernels.preset("transformer-block").kernel.spectrum(**self.sizes):
            _ = sector.eigenvalues

    def time_softmax_attention_16(self) -> None:
        kernel = self.kernels.embedding(1, 1).attention("tied", row_map="softmax").mean_pool()
        for sector in kernel.spectrum(length=16, tokens=self.kernels.uniform(2)):
            _ = sector.eigenvalues
