"""The forms of a kernel on multiplicity spaces: E(T', T), Gram matrix and weights of the law, sector by sector."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from symkern.combinatorics import Partition
from symkern.engines.tables.kernel_values import KernelValues, Source
from symkern.engines.tables.polarisations import WeylModule, kernel_entries
from symkern.engines.tables.relabelling import TokenSplit, Weight
from symkern.engines.tables.two_letters import TwoLetterModule, two_letter_entries
from symkern.exact.generic_points import GenericPoint

Counts = tuple[int, ...]
IntArray = Any
Functions = tuple[tuple[int | None, Counts, Fraction], ...]
Progress = Callable[[list[Any]], Iterable[Any]]

#: Bits of a fixed-point value beyond those that polarisations can consume.
SPARE_BITS = 256


@dataclass(frozen=True)
class Forms:
    """E within ``errors`` of ``form``/``denominator``, the Gram matrix, and the weights of the law.

    ``functions`` says what the basis is: sums of (letter that is read or None, tableau's counts, coefficient).
    """

    form: IntArray
    errors: IntArray
    gram: IntArray
    weights: list[Any]
    denominator: int
    functions: tuple[Functions, ...]


@dataclass(frozen=True)
class FormSetting:
    """What forms are computed on: sequences of ``sites`` letters, modules, the weights of the law, and the contents whose rows are needed."""

    sites: int
    letters: int
    modules: tuple[WeylModule, ...]
    weights: Mapping[Weight, Any]
    contents: frozenset[Counts]

    def only(self, numbers: Sequence[int]) -> FormSetting:
        """The same with some of the modules."""
        return replace(self, modules=tuple(self.modules[number] for number in numbers))


class SectorForms:
    """A kernel on all modules of a setting at once.

    ``spare`` is the precision in bits beyond those that polarisations consume. At a ``point``, forms are the images there of what they are.
    """

    def __init__(
        self,
        source: Source,
        setting: FormSetting,
        progress: Progress = iter,
        spare: int = SPARE_BITS,
        point: GenericPoint | None = None,
    ) -> None:
        letters, modules = setting.letters, setting.modules
        self.weights = setting.weights
        self.modules = modules
        bits = spare + max(_lost_bits(m) for m in modules)
        contents = sorted(setting.contents, reverse=True)
        self.values = KernelValues(source, setting.sites, letters, contents, bits, progress, point)
        stars: list[tuple[int, int] | None] = [None]
        if source.starred:
            stars = [(p, q) for p in range(letters) for q in range(letters)]
        self._entries: list[dict[Any, IntArray]] = [{} for _ in modules]
        wanted = setting.contents.__contains__
        found_entries = two_letter_entries if letters == 2 else kernel_entries
        for star in stars:
            found = found_entries(self.values.on(star), modules, iter, wanted)
            for listed, entry in zip(self._entries, found, strict=True):
                listed[star] = entry

    def on(self, number: int, kappa: Partition | None) -> Forms | None:
        """The forms on maps of S^kappa into the module, or on all of it; None where there is no such map."""
        module, entries = self.modules[number], self._entries[number]
        allowed = [w for w in self.weights if w[0] in module.contents]
        if not allowed:
            return None
        if kappa is None:
            return self._whole(module, entries, allowed)
        return self._part(module, entries, TokenSplit(module, kappa, allowed))

    def _whole(
        self, module: WeylModule, entries: dict[Any, IntArray], allowed: list[Weight]
    ) -> Forms:
        """A basis vector for each tableau and letter that is read."""
        basis = [(w[1], t, w) for w in allowed for t in module.contents[w[0]]]
        size = len(basis)
        bound = _errors(module, self.values.radius)
        form, errors, gram = (np.zeros((size, size), dtype=object) for _ in range(3))
        for i, (p, s, w) in enumerate(basis):
            first = module.contents[w[0]].start
            for j, (q, t, u) in enumerate(basis):
                form[i, j] = entries[None if p is None else (p, q)][s, t]
                errors[i, j] = bound[s, t]
                if u == w:
                    gram[i, j] = module.gram[w[0]][s - first, t - first]
        weights = [self.weights[w] for _, _, w in basis]
        functions = tuple(((p, module.tableaux[t], Fraction(1)),) for p, t, _ in basis)
        return Forms(form, errors, gram, weights, self.values.denominator, functions)

    def _part(
        self, module: WeylModule, entries: dict[Any, IntArray], split: TokenSplit
    ) -> Forms | None:
        if not len(split):
            return None
        form, scale = split.form(entries)
        errors = np.zeros_like(form)
        if self.values.radius:
            bound = _errors(module, self.values.radius)
            errors, _ = split.form(dict.fromkeys(entries, bound), absolute=True)
        weights = [self.weights[o.weight] for o, _ in split.owners]
        denominator = self.values.denominator * scale
        return Forms(form, errors, split.gram(), weights, denominator, split.functions())


def _lost_bits(module: WeylModule) -> int:
    if isinstance(module, TwoLetterModule):
        return module.lost_bits
    most = max(module.growth(t) for t in range(len(module)))
    return (most * most * module.size_of_highest).bit_length()


def _errors(module: WeylModule, radius: int) -> IntArray:
    growth = np.array([module.growth(t) for t in range(len(module))], dtype=object)
    return np.outer(growth, growth) * (module.size_of_highest * radius)
