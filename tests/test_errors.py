"""The exception tree: what catches what, the form of a message, pickling."""

import copy
import pickle

import pytest

from symkern import errors

EXAMPLES = [
    errors.SymkernError("reason"),
    errors.InvalidArgument("length", "must be a positive integer", "it is 0"),
    errors.InvalidType("lam", "must be a partition", 1.5),
    errors.PartitionError("lam", "parts must weakly decrease", "part 2 is 3 after 1 in (1, 3)"),
    errors.PermutationError("g", "must hold each of 0..2 once", "2 occurs twice in (0, 2, 2)"),
    errors.SizeMismatch("mu", "must have the size of lam, 4", "it has size 5"),
    errors.BelowThreshold("n", "must be at least 4", "it is 3"),
    errors.FormulaError("formula", "a formula must not be empty", "it ends at position 0", 0),
    errors.NoAction("cube", "sequences", "there is no rule for it", ["its spectra"]),
    errors.PipelineError("pipeline", "a stage must be one of ...", "'atention' stands", 12),
    errors.SymmetryError("kernel", "must be unchanged by S_L", "(0 1) changes it", witness=(0, 1)),
    errors.NoClosedForm("softmax: exact at a given length, not symbolic in L"),
    errors.NotPositive("token", "must be positive semidefinite", "w^T C w = -3", witness=(-2, 1)),
    errors.TooLarge("character_table(90)", 10**15, 10**9),
    errors.TooLong("one value of 500 layers", 60.0, "its spectrum takes less"),
]


def test_every_error_has_an_example():
    assert sorted(type(e).__name__ for e in EXAMPLES) == sorted(errors.__all__)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda e: type(e).__name__)
def test_one_root(error):
    assert isinstance(error, errors.SymkernError)
    assert type(error).__doc__


@pytest.mark.parametrize(
    ("kind", "familiar"),
    [
        (errors.InvalidArgument, ValueError),
        (errors.PartitionError, ValueError),
        (errors.PermutationError, ValueError),
        (errors.SizeMismatch, ValueError),
        (errors.BelowThreshold, ValueError),
        (errors.FormulaError, ValueError),
        (errors.PipelineError, errors.FormulaError),
        (errors.SymmetryError, ValueError),
        (errors.InvalidType, TypeError),
        (errors.NoClosedForm, NotImplementedError),
        (errors.TooLarge, MemoryError),
        (errors.TooLong, TimeoutError),
    ],
)
def test_familiar_kinds(kind, familiar):
    assert issubclass(kind, familiar)


def test_message_names_argument_rule_and_value():
    error = errors.PartitionError(
        "lam", "parts must weakly decrease", "part 2 is 3 after 1 in (1, 3)"
    )
    assert str(error) == "lam: parts must weakly decrease, but part 2 is 3 after 1 in (1, 3)"
    assert (error.argument, error.rule) == ("lam", "parts must weakly decrease")
    assert error.found == "part 2 is 3 after 1 in (1, 3)"
    typed = errors.InvalidType("length", "must be an integer", 2.5)
    assert str(typed) == "length: must be an integer, but it is 2.5 of type float"
    assert repr(typed) == "InvalidType('length', 'must be an integer', 2.5)"
    nest: list[object] = []
    for _ in range(10**5):
        nest = [nest]
    assert len(repr(errors.InvalidType("source", "must be text", nest))) < 200
    assert (
        str(errors.TooLarge("it", 10**5000, 1))
        == "it needs over 2^16609 bytes, but 1 are available"
    )
    large = errors.TooLarge("a table of n = 90", 2_000_000, 1000)
    assert str(large) == "a table of n = 90 needs 2,000,000 bytes, but 1,000 are available"


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda e: type(e).__name__)
@pytest.mark.parametrize("again", [copy.copy, lambda e: pickle.loads(pickle.dumps(e))])
def test_errors_travel(error, again):
    """Through copy and through pickle, as between processes: same text, same attributes."""
    twin = again(error)
    assert type(twin) is type(error)
    assert str(twin) == str(error)
    assert vars(twin) == vars(error)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda e: type(e).__name__)
def test_errors_are_made_without_arguments_too(error):
    """As schedulers do that send errors between processes with their tracebacks."""
    assert isinstance(type(error).__new__(type(error)), errors.SymkernError)
