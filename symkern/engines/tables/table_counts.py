"""What a spectrum at a given length and vocabulary will take, known before it starts."""

from __future__ import annotations

from math import comb, factorial, isqrt

from symkern.combinatorics import Partition, iter_partitions
from symkern.combinatorics.contingency_tables import number_of_tables
from symkern.engines.cost import Cost
from symkern.engines.tables.couplings import coupling, on_lines
from symkern.kernels.function_kernels import FunctionKernel
from symkern.kernels.pipeline import Kernel
from symkern.limits import current
from symkern.tokens import Law

#: Tableaux have a box for each position, orbits a row for each number of them, and a function of two sequences is given both
#: written out. With one letter, and so one table, there is nothing else that grows.
_BYTES_OF_A_POSITION = 300

#: Seconds that any spectrum takes, an evaluation for each stage of the pipeline, an entry of the forms, one relabelling of a row in
#: all tables of one content, and a value that others give, where they were measured.
_ANY, _EVALUATED, _ENTERED, _RELABELLED, _GIVEN = 0.012, 7e-5, 1.5e-5, 2.5e-6, 2.5e-5
#: By how much values take less where all that have the same letters of x and of y are computed at once: at L = 256 one behind a softmax block takes 60
#: microseconds with erf, 120 with relu and 140 with gelu.
_ON_LINES = 3
#: Passes that values take on three letters or more where nothing bounds the ranks: balls leave zeros open there, and more digits and the formulas at a
#: point of a finite field, where a value takes ten times as long, decide.
_DECIDED = 12
#: Steps from which it does not matter how many more there are.
_ENOUGH = 10**30


def table_cost(
    kernel: Kernel | FunctionKernel, length: int, law: Law, only: Partition | None = None
) -> Cost:
    """An estimate of the work, for one position irrep where ``only`` is given.

    >>> from symkern.kernels import embedding, uniform
    >>> found = table_cost(embedding(1, 1).attention("tied", "softmax").mean_pool(), 10, uniform(3))
    >>> found.tables, found.evaluations, found.largest_block, found.bytes
    (43758, 3647, 99, 7608132)
    """
    letters = law.given_vocabulary()
    starred = kernel.reads_position
    sites = length - int(starred)
    factor = letters**2 if starred else 1
    tables = number_of_tables(sites, letters) * factor
    pipeline = isinstance(kernel, Kernel)
    orbit = 2 * (factorial(letters) if letters <= 6 else 1) if pipeline else 1
    evaluations = -(-tables // orbit)
    split = orbit if pipeline and law.is_uniform else 1
    most = coupling(kernel) if isinstance(kernel, Kernel) else None
    largest, entries = _modules(sites, letters, most)
    if only is not None and letters == 2:
        largest = max(sites - 2 * only.size + 1, 1)
        entries = largest**2
    given = 0
    if (
        letters == 2 and most is not None
    ):  # a few values for given letters of x and of y give the others
        given, evaluations = evaluations, min(evaluations, (most + 1) * -(-((sites + 1) ** 2) * factor // orbit))  # fmt: skip
    largest *= letters if starred else 1
    # Numbers of tables in the rows that are visited, values, coefficients of the bases, entries of the forms.
    visited = max(evaluations, tables // max(split // 2, 1))
    held = 24 * visited + 300 * max(evaluations, given) + 200 * largest**2 * factor + 100 * tables
    held += _BYTES_OF_A_POSITION * length
    stages = len(kernel.stages) if isinstance(kernel, Kernel) else 1
    if isinstance(kernel, Kernel) and letters == 2 and most is None and not starred and on_lines(kernel):  # fmt: skip
        stages = -(-stages // _ON_LINES)
    elif pipeline and letters > 2 and most is None and evaluations <= current().ranked_evaluations:
        stages *= _DECIDED
    contents = comb(sites + letters - 1, sites)
    relabelled = max(contents, -(-contents // max(split // 2, 1)) * factor)
    steps = evaluations * stages, entries * factor, relabelled * orbit * letters, given
    taken = zip((_EVALUATED, _ENTERED, _RELABELLED, _GIVEN), steps, strict=True)
    seconds = _ANY + sum(each * min(number, _ENOUGH) for each, number in taken)
    return Cost(seconds, held, tables=tables, evaluations=evaluations, largest_block=largest)


def _modules(sites: int, letters: int, most: int | None) -> tuple[int, int]:
    """The largest number of semistandard tableaux of a shape with at most ``most`` boxes below its first row, and the sum of their squares."""
    best, squares = 1, 0
    highest = most_below(sites, letters, most)
    # Beyond some size the shapes are too many to visit; their sum of squares is the number of tables.
    if comb(highest + letters, letters) > 20000:
        total = number_of_tables(sites, letters)
        return isqrt(total) + 1, total
    for below in range(highest + 1):
        for mu in iter_partitions(below, max_part=sites - below, max_length=letters - 1):
            rows = (sites - below, *mu, *(0 for _ in range(letters - 1 - len(mu))))
            top = bottom = 1
            for i in range(letters):
                for j in range(i + 1, letters):
                    top *= rows[i] - rows[j] + j - i
                    bottom *= j - i
            best = max(best, top // bottom)
            squares += (top // bottom) ** 2
    return best, squares


def most_below(sites: int, letters: int, most: int | None) -> int:
    """The largest number of boxes below the first row of a shape of ``sites`` boxes and at most ``letters`` rows, none longer; at most ``most``.

    >>> most_below(10, 3, None), most_below(10, 1, None), most_below(10, 3, 2)
    (6, 0, 2)
    """
    fitting = sites * (letters - 1) // letters
    return fitting if most is None else min(fitting, most)
