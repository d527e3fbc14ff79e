"""Every threshold of the package: what is refused, cut short or handed to another method, from which size on, and why.

A threshold says what a machine and a person put up with. Constants of the mathematics stand where they are used, and so does what only
chooses the faster of two methods with one result. `current` gives
the values in force, `changed` changes them for a while:

    with symkern.limits.changed(memory=4 << 30, exponent=5000):
        ...

A change is in force in the whole process, in every thread that runs inside, those that were started before included: a thread
that a library starts does not know who asked for its work. Changes may nest and may end in any order; the latest that has not
ended wins. Processes that are forked inside keep it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields, replace
from functools import cache
from threading import Lock
from time import thread_time
from typing import Any

from symkern.errors import InvalidArgument, InvalidType, TooLong, displayed

__all__ = ["Limits", "changed", "check_time", "current", "described", "expect", "within_time"]


def _limit(value: Any, unit: str, why: str) -> Any:
    return field(default=value, metadata={"unit": unit, "why": why})


@dataclass(frozen=True)
class Limits:
    """The thresholds, by name; `described` lists them with their units and reasons."""

    # fmt: off
    # A table: one line a threshold.
    # -- memory ------------------------------------------------------------------------
    memory: int = _limit(1 << 62, "bytes", "No single result may need more, nor more than the machine has free.")
    unknown_memory: int = _limit(1 << 34, "bytes", "What is taken to be free where the system does not say.")
    flow_points: int = _limit(10**6, "times", "Points of a trajectory, each of which is integrated to.")
    small_memory: int = _limit(1 << 30, "bytes", "A spectrum that needs less is begun in any case.")
    code_size: int = _limit(10**9, "codes", "Lengths and widths of random codes: averages over them are floats that lose their digits beyond.")
    subset_entries: int = _limit(2**22, "entries", "Sums over all subsets of tokens, for fixed codes: a flow takes them thousands of times.")
    heads: int = _limit(1000, "heads", "Heads of one layer, whose flow is integrated.")
    code_draws: int = _limit(2**28, "numbers", "Codes that are drawn at once.")
    # -- time --------------------------------------------------------------------------
    seconds: float = _limit(60.0, "seconds", "Computing time after which what may explode gives up and says what takes less: showing, single values, "
                             "characteristic polynomials. Somebody waits for them; spectra have an estimate instead.")
    value_degree: int = _limit(10**7, "degree", "A single value of a polynomial kernel has as many digits, about; beyond they take more than a minute.")
    value_pieces: int = _limit(500, "pieces", "A value whose formula has more, the pairs of types of positions to the power of the maps inside one another, is a ball: SymPy takes ten seconds and more for its digits.")
    # -- what users write --------------------------------------------------------------
    exponent: int = _limit(1000, "absolute value", "Exponents in a text, so that 9^9^9 is refused and not computed.")
    depth: int = _limit(60, "levels", "Parentheses, signs and powers in each other: reading and working on them recurse.")
    formula_digits: int = _limit(4000, "characters", "A number in a formula; Python itself refuses to read over 4300 digits.")
    target_digits: int = _limit(200, "characters", "A number in a target or a function of signs, computed with on every input.")
    formula_bits: int = _limit(1_000_000, "bits", "All numbers of a sum, a product or a power in a formula, before it is computed.")
    root_bits: int = _limit(2000, "bits", "A number under a root, whose square part is searched for.")
    factors: int = _limit(61, "factors", "A product in a target, which is evaluated by nested calls.")
    sign_bits: int = _limit(512, "bits", "Any number that a value of a function of signs may be made of.")
    document_bytes: int = _limit(1 << 25, "bytes", "A file of a spectrum; reading its formulas takes minutes beyond.")
    document_bits: int = _limit(1 << 25, "bits", "All formulas of such a file, written out as quotients of polynomials, or 16 for each of its characters.")
    document_label: int = _limit(1000, "cells", "The partitions that label its sectors: a dimension has as many factors.")
    pipeline_characters: int = _limit(10_000, "characters", "A pipeline's text.")
    group_size: int = _limit(1_000_000, "n", "Groups S_n that are read at all; counting the partitions of n takes n^1.5 steps.")
    command_length: int = _limit(10**9, "tokens", "Lengths and vocabularies on the command line; longer ones only keep a machine busy.")
    command_positions: int = _limit(10_000, "positions", "Functions of signs on the command line: above it numbers have more digits than anyone prints.")
    # -- what is computed, checked and shown ------------------------------------------------
    layer_entries: int = _limit(2**27, "entries", "A first layer that is written out.")
    flow_time: float = _limit(1e30, "time", "Gradient flow is integrated up to here; later the late laws say more than floats.")
    flow_start: float = _limit(300.0, "size of a0", "Beyond it e^a leaves the floats.")
    flow_value: float = _limit(1e6, "size of c0", "The flow takes c^2 steps to bring it down.")
    cube_positions: int = _limit(62, "positions", "Above it a table of all 2^n inputs is never begun.")
    family_weights: int = _limit(128, "positions", "Families have their weights in all degrees computed up to here; one degree is had beyond.")
    binary_length: int = _limit(5000, "tokens", "Functions of the counts of two letters are expanded up to this length.")
    weighted_tables: int = _limit(5000, "tables", "Weights by degree are summed over contingency tables up to this many.")
    dense_sequences: int = _limit(1 << 20, "sequences", "All sequences are visited up to this number of them.")
    eigenfunction_sequences: int = _limit(4096, "sequences", "Eigenfunctions are had on other sequences from a matrix of all of them.")
    automaton_states: int = _limit(20_000, "states", "An automaton of words and their neighbours; sets of states can be any.")
    span_work: int = _limit(10**9, "entries", "Entries that are moved about to name token irreps; beyond they keep no name.")
    span_contents: int = _limit(3000, "contents", "Contents of words up to which positions are split by irreps; beyond, the degree alone is told.")
    symbolic_tables: int = _limit(800, "tables", "Hyperparameters may be symbols up to this many contingency tables.")
    counted_size: int = _limit(10_000, "cells", "Partitions into few parts are counted up to it.")
    listed_irreps: int = _limit(1_000_000, "irreps", "A list of multiplicities that is made.")
    subset_positions: int = _limit(100_000, "positions", "Their subsets are counted up to it.")
    energy_degrees: int = _limit(64, "tokens", "Functions of counts are split into all of their degrees up to this length.")
    energy_block: int = _limit(4, "rows", "Blocks up to this size have the energies on their eigenvalues as formulas.")
    listed_terms: int = _limit(100, "terms", "Terms of a series that are asked for.")
    series_power: int = _limit(5, "power of 1/L", "Series of kernels without a formula go down to it, where no power is asked for.")
    series_terms: int = _limit(100, "terms", "The longest coefficient of a series, after the first, that a summary prints.")
    series_seconds: float = _limit(20.0, "seconds", "Their jets are expanded no further than such an estimate, where no power is asked for.")
    stretched_values: int = _limit(10**4, "values", "The most coefficients that are computed for a stretched one, where their number is given.")
    stretched_seconds: float = _limit(20.0, "seconds", "Estimated for the coefficients from which a stretched one is found, where their number is not given.")
    quick_degree: int = _limit(3, "degree", "Kernels up to it derive in a second with L a symbol, whatever the vocabulary.")
    cached_table: int = _limit(22, "n", "Character tables that are kept: eight of at most 8 MB.")
    factored_bits: int = _limit(128, "bits", "A number whose primes are all sought, under roots and logarithms: 0.1 seconds.")
    symbol_orders: int = _limit(120, "orders", "Orders of the symbols that are tried for the fastest elimination.")
    trial_divisor: int = _limit(10_000, "divisor", "Square parts are searched for by trial division up to it.")
    checked_sequences: int = _limit(730, "sequences", "Dense operators that check a step are made up to it: seconds.")
    checked_sequences_at_most: int = _limit(1100, "sequences", "The same where a sector needs them to be whole.")
    proof_sequences: int = _limit(16, "sequences", "Rocq multiplies matrices of so many rows in seconds.")
    evidence_sequences: int = _limit(300, "sequences", "Sums over all pairs that a check takes.")
    evidence_tableaux: int = _limit(200_000, "tableaux", "Tableaux that a check counts one by one.")
    evidence_bits: int = _limit(12, "bits", "A check takes all inputs of a function of signs.")
    evidence_weight_bits: int = _limit(7, "bits", "As before, for each of its coefficients.")
    evidence_form_bits: int = _limit(200_000, "bits", "A check writes binomial coefficients out.")
    evidence_draws: int = _limit(32, "sequences", "A check of draws takes all pairs of them.")
    evidence_orbit: int = _limit(6, "positions", "A check averages the whole orbit of a function.")
    evidence_powers: int = _limit(6, "powers", "Traces of powers of a dense operator are compared.")
    evidence_subsets: int = _limit(200_000, "additions", "A check sums over subsets of tokens.")
    evidence_signs: int = _limit(1_000_000, "additions", "A check sums over signs as well; NumPy does, so they cost less.")
    evidence_tokens: int = _limit(16, "tokens", "A check has SymPy take so many rows apart.")
    evidence_seconds: float = _limit(30.0, "seconds", "Estimated for the longest of the exact spectra that a check extrapolates from.")
    evidence_numbers: int = _limit(400, "numbers", "Of all these tokens together.")
    evidence_selected: int = _limit(12, "tokens", "A check writes one term for each selected one.")
    evidence_score: int = _limit(200, "bits", "The largest e^a that such a check takes.")
    evidence_late: int = _limit(50, "T and d", "At t = 10^9 all is late; the plateau grows like T^2.")
    evidence_flow: int = _limit(5, "T and d", "A check integrates the flow of all entries.")
    listed_influences: int = _limit(8, "positions", "Longer lists are summed up by their ends.")
    listed_weights: int = _limit(12, "degrees", "Weights beyond these are printed as one sum.")
    eliminated_block: int = _limit(6, "rows", "Singular blocks with symbols have their rank proved by elimination up to it; entries grow without mercy.")
    exhaustive_evaluations: int = _limit(10**6, "evaluations", "A user's function is tested for symmetry on all inputs up to it, on random ones beyond.")
    cancelled_bits: int = _limit(50_000, "bits", "Bits that may cancel before the first digits of a number are known.")
    radicand_bits: int = _limit(1000, "bits", "A number under a square root of which SymPy may take out squares: minutes beyond.")
    expanded_terms: int = _limit(4000, "terms", "A formula whose expansion would have more is printed as it stands.")
    factored_terms: int = _limit(150, "terms", "Polynomials with more keep their content and common powers factored out, no more.")
    coefficient_bits: int = _limit(512, "bits", "Polynomials with a longer coefficient are not factored either where they are shown: seconds each.")
    factored_entries: int = _limit(40, "entries", "Finding a common factor of more is not worth its time.")
    laid_out_terms: int = _limit(60, "terms", "Factors of a polynomial with more are not laid out.")
    readable_terms: int = _limit(280, "terms times degree", "The largest polynomial that a summary prints: some fifteen lines.")
    number_digits: int = _limit(40, "digits", "Longer numbers are shown by their first digits.")
    number_characters: int = _limit(24, "characters", "Of a number in a table of eigenvalues.")
    line_characters: int = _limit(160, "characters", "Of LaTeX, that surely fit into a line.")
    readable_digits: int = _limit(400, "digits", "The longest number that a summary prints.")
    summary_rows: int = _limit(60, "rows", "Longer tables join the alike eigenvalues of a block.")
    repr_values: int = _limit(1000, "values", "Longer vectors are described and not written out.")
    repr_entries: int = _limit(400, "entries", "Matrices with more are described, not written out.")
    typeset_rows: int = _limit(12, "rows", "Larger matrices are shown as text in a notebook.")
    cell_terms: int = _limit(24, "terms", "The longest coefficient that stands in a table of a summary: some ten lines of a narrow column.")
    trace_terms: int = _limit(50, "terms", "The longest trace that a summary prints.")
    # -- spectra ---------------------------------------------------------------------------
    hours: float = _limit(4.0, "hours", "A spectrum whose estimate is longer is not begun.")
    written_block: int = _limit(5, "rows", "Blocks with symbols have their eigenvalues written; larger ones where cheap.")
    cheap_polynomial: int = _limit(2 * 10**7, "coefficients multiplied", "The characteristic polynomial of a larger block with symbols: under a second.")
    costly_polynomial: int = _limit(3 * 10**9, "coefficients multiplied", "The same where leading terms cannot be read off the block: half a minute.")
    algebraic_block: int = _limit(32, "rows", "Rational blocks have exact eigenvalues; those of larger ones are balls.")
    split_letters: int = _limit(5, "letters", "Irreps of tokens are split off by sums over permutations of the letters.")
    checked_bits: int = _limit(256, "bits", "Irrational values count as equal that agree so far.")
    far_length: int = _limit(10**8, "tokens", "Where the exponents of a map are told apart.")
    farthest_length: int = _limit(10**30, "tokens", "Where leading terms of energies are.")
    shown_rank: int = _limit(1 << 22, "bits times evaluations", "Digits are added up to it to show that an eigenvalue is not zero.")
    ranked_evaluations: int = _limit(30_000, "evaluations", "Beyond so many values of a kernel, ranks that digits leave open stay open: settling one takes them all again, in a finite field: minutes.")
    tabled_length: int = _limit(256, "tokens", "Kernels of few features on two letters have eigenfunctions up to this length; beyond, eigenvalues alone, at any length.")
    tabled_numbers: int = _limit(300_000, "tables", "On three letters or more, kernels of few features have eigenfunctions up to so many contingency tables; beyond, eigenvalues alone.")
    counted_monomials: int = _limit(30_000, "monomials", "A kernel polynomial with more is known by its degrees alone: ten seconds to expand.")
    isolated_bits: int = _limit(20_000, "bits", "Roots of a polynomial with exponentials are sought up to it.")
    sampled_pairs: int = _limit(2000, "pairs", "Random tests of a user's function beyond ``exhaustive_evaluations``.")
    probability_bits: int = _limit(4_000_000, "bits", "Of the probability of a sequence or a type, a fraction; dividing longer ones takes minutes.")
    summed_types: int = _limit(20_000, "types", "A law from outside is summed up to so many, to see that it is one.")
    page_rows: int = _limit(24, "rows", "Of a LaTeX table, which does not break across pages.")
    shown_table: int = _limit(12, "n", "Character tables that a notebook shows by itself: 77 x 77 entries; beyond, the name.")
    shown_lines: int = _limit(60, "lines", "Of the short text form of a result; print shows all.")
    expansion_terms: int = _limit(8, "terms", "Of expansions in L, before two eigenvalues are called undecided.")
    proof_lengths: int = _limit(64, "lengths", "Beyond the least one, from which on a proof for all lengths is tried where other symbols are left.")
    listed_positions: int = _limit(1_000_000, "positions", "A tuple with an entry for each position or degree; formulas in n have no such end.")
    listed_entries: int = _limit(100_000_000, "entries", "Of a range that a user passes, which is short until it is a list.")
    drawn_size: int = _limit(10_000, "cells", "Of what a strategy draws: beyond, one example takes minutes.")
    drawn_degree: int = _limit(20, "degree", "Of a drawn polynomial in X1, X2, ..., which has 2,714 coefficients then.")
    drawn_boxes: int = _limit(100_000, "boxes", "Of a Young diagram: one with more is larger than any page or screen.")
    drawn_pixels: int = _limit(100_000, "pixels", "Of the side of a box: no page or screen shows a larger one.")
    indent: int = _limit(100, "columns", "By which a level of a JSON text stands in: more fit on no screen.")
    drawn_length: int = _limit(10**12, "tokens", "Of a figure in L, whose points are floats.")
    figure_points: int = _limit(120, "points", "Of a range of n on the command line, in figures and in data.")
    # fmt: on

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            _check(name, value)


@cache
def _defaults() -> dict[str, Any]:
    return {f.name: f.default for f in fields(Limits)}


def _check(name: str, value: object) -> None:
    defaults = _defaults()
    if name not in defaults:
        raise InvalidArgument(name, f"must be one of {', '.join(defaults)}", "it is no threshold")
    whole = isinstance(defaults[name], int)
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        raise InvalidType(name, "must be an integer" if whole else "must be a number", value)
    if not value > 0:
        raise InvalidArgument(name, "must be positive", f"it is {displayed(value)}")


_lock = Lock()
_changes: list[dict[str, Any]] = []
_current = Limits()


def current() -> Limits:
    """The thresholds in force.

    >>> current().exponent
    1000
    """
    return _current


@contextmanager
def changed(**values: float) -> Iterator[Limits]:
    """Thresholds by name with their new values, in force until the block ends.

    Args:
        **values: fields of `Limits` with numbers above 0.

    Raises:
        InvalidArgument: for a name that is no threshold, or a value that is not positive.
        InvalidType: for a value that is no number, or a fraction where whole numbers count.

    >>> from symkern.abc import parse
    >>> with changed(exponent=2000):
    ...     parse("L^1500")
    L**1500
    """
    for name, value in values.items():
        _check(name, value)
    _apply(values, begin=True)
    try:
        yield _current
    finally:
        _apply(values, begin=False)


_deadline: ContextVar[tuple[float, str, float, str] | None] = ContextVar("deadline", default=None)


@contextmanager
def within_time(what: str, instead: str) -> Iterator[None]:
    """What is computed inside has `Limits.seconds` of computing time; `check_time` in its loops raises `TooLong` beyond.

    The outermost block counts: inside another one nothing changes. Time is that of the thread, so that a busy machine refuses no sooner.

    Args:
        what: what is computed, the beginning of the message.
        instead: what takes less, for the message.

    Raises:
        TooLong: from `check_time` inside.

    >>> with changed(seconds=1e-9), within_time("this", "nothing takes less"):
    ...     check_time()
    Traceback (most recent call last):
    ...
    symkern.errors.TooLong: this takes more than 1e-09 seconds; nothing takes less, and sk.limits.changed(seconds=...) allows more
    """
    if _deadline.get() is not None:
        yield
        return
    seconds = current().seconds
    token = _deadline.set((thread_time() + seconds, what, seconds, instead))
    try:
        yield
    finally:
        _deadline.reset(token)


def check_time() -> None:
    """Raise `TooLong` where the block of `within_time` around has used its time up; call it in loops that may be long."""
    deadline = _deadline.get()
    if deadline is not None and thread_time() > deadline[0]:
        _, what, seconds, instead = deadline
        raise TooLong(what, seconds, f"{instead}, and sk.limits.changed(seconds=...) allows more")


def expect(seconds: float) -> None:
    """Raise `TooLong` at once where an estimate is longer than what the block of `within_time` around has in all.

    Args:
        seconds: a low estimate of the computing time, so that nothing is refused that would have ended.

    >>> with within_time("this", "nothing takes less"):
    ...     expect(10**6)
    Traceback (most recent call last):
    ...
    symkern.errors.TooLong: this takes more than 60 seconds; nothing takes less, and sk.limits.changed(seconds=...) allows more
    """
    deadline = _deadline.get()
    if deadline is not None and seconds > deadline[2]:
        _, what, allowed, instead = deadline
        raise TooLong(what, allowed, f"{instead}, and sk.limits.changed(seconds=...) allows more")


def described() -> list[tuple[str, float, str, str]]:
    """Each threshold: its name, the value in force, its unit, and why it stands.

    >>> described()[0][3]
    'No single result may need more, nor more than the machine has free.'
    """
    now = current()
    return [
        (f.name, getattr(now, f.name), f.metadata["unit"], f.metadata["why"]) for f in fields(now)
    ]


def _apply(values: dict[str, Any], begin: bool) -> None:
    global _current
    with _lock:
        if begin:
            _changes.append(values)
        else:
            place = next(i for i, change in enumerate(_changes) if change is values)
            del _changes[place]
        found = Limits()
        for change in _changes:
            found = replace(found, **change)
        _current = found
