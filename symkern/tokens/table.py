"""The table of token laws: which there are, how a new one joins them, and how the text of one is read.

A law of the package is a file of this folder and a line of the table below. A law from outside is a subclass of `Law` that is registered,

    with register_law(Polya):
        ...                                      # its text is read in documents and in the command

for as long as the block lasts, or for good without ``with``. A law that is not registered works wherever a law is passed as an object.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import index

from symkern.abc import L, parse
from symkern.abc import v as VOCABULARY
from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.reading.annotated import typed
from symkern.reading.calls import read_calls
from symkern.reading.integers import is_integer
from symkern.reading.spelling import did_you_mean
from symkern.reading.tokens import Source
from symkern.registration import Registration
from symkern.tokens.categorical import categorical
from symkern.tokens.distinct import distinct
from symkern.tokens.exchangeable import exchangeable
from symkern.tokens.hidden_markov import HiddenMarkov, hidden_markov, markov
from symkern.tokens.law import Law
from symkern.tokens.mixture import mixture
from symkern.tokens.symmetrised import symmetrised
from symkern.tokens.uniform import uniform

#: What makes a law of its arguments, by the name with which its text begins.
_TABLE: dict[str, Callable[..., Law | HiddenMarkov]] = {
    "uniform": uniform,
    "categorical": categorical,
    "mixture": mixture,
    "exchangeable": exchangeable,
    "distinct": distinct,
    "markov": markov,
    "hidden_markov": hidden_markov,
    "symmetrised": symmetrised,
}


def register_law(law: type[Law], constructor: Callable[..., Law] | None = None) -> Registration:
    """Make the text of a law from outside known; undone when the ``with`` block that it opens is left.

    Args:
        law: a subclass of `Law` with ``vocabulary`` and ``type_probability`` or ``components``.
        constructor: what makes it of the arguments in its text, the class itself unless given.

    Raises:
        InvalidType: the class is no law, or defines no probabilities or no vocabulary.
        InvalidArgument: there is a law of that name.

    >>> from dataclasses import dataclass
    >>> from fractions import Fraction
    >>> @dataclass(frozen=True)
    ... class Constant(Law):
    ...     vocabulary: int
    ...     def type_probability(self, counts):
    ...         return Fraction(max(counts) == sum(counts), len(counts))
    >>> with register_law(Constant):
    ...     read_law("Constant(vocabulary=3)").probability((1, 1))
    Fraction(1, 3)
    """
    if not (isinstance(law, type) and issubclass(law, Law)):
        raise InvalidType("law", "must be a class of laws, a subclass of Law", law)
    if law.type_probability is Law.type_probability and law.components is Law.components:
        raise InvalidType("law", "must define type_probability or components", law)
    if not (hasattr(law, "vocabulary") or "vocabulary" in getattr(law, "__dataclass_fields__", ())):
        raise InvalidType("law", "must define vocabulary", law)
    if law.name in _TABLE:
        raise InvalidArgument("law", "must have a name of its own", f"there is {law.name!r}")
    _TABLE[law.name] = constructor or law
    return Registration(law, lambda: _TABLE.pop(law.name, None))


def law_names() -> tuple[str, ...]:
    """The names of all laws that there are."""
    return tuple(_TABLE)


def require_law(tokens: object, argument: str = "tokens") -> Law:
    """The argument where it is a law; an `InvalidType` that names the laws that there are where it is not.

    Args:
        tokens: what may be a law.
        argument: the name that the message has for it.

    >>> require_law("uniform")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidType: tokens: must be a token law: uniform, categorical, mixture, exchangeable, distinct, markov, hidden_markov or symmetrised, but it is 'uniform' of type str
    """
    if isinstance(tokens, HiddenMarkov):
        rule = "must be a law that no permutation of the positions changes here, as .symmetrised(length) is"
        raise InvalidType(argument, rule, tokens)
    if not isinstance(tokens, Law):
        *others, last = _TABLE
        rule = f"must be a token law: {', '.join(others)} or {last}"
        if is_integer(tokens) and 0 < index(tokens) < 1000:  # type: ignore[arg-type]
            rule += f", such as uniform({tokens}) for {tokens} letters"
        raise InvalidType(argument, rule, tokens)
    return tokens


@typed
def read_law(
    text: str,
    vocabulary: object = VOCABULARY,
    argument: str = "tokens",
    among: Sequence[str] = ("uniform", "distinct"),
) -> Law | HiddenMarkov:
    """The law that a text names, as the command and the JSON documents write it; nothing is evaluated.

    Args:
        text: "uniform", "distinct", probabilities "1/2,1/3,1/6" or "p,1-p", or what a law prints: "mixture([('1/2', uniform(2)), ...])".
        vocabulary: the number of letters of "uniform", which does not say it.
        argument: the name in messages.
        among: which of the two words may stand there.

    Raises:
        InvalidArgument: it is none of these.

    >>> read_law("uniform", 3), read_law("1/2,1/3,1/6")
    (uniform(3), categorical(['1/2', '1/3', '1/6']))
    >>> read_law("p, 1-p")
    categorical(['p', '1 - p'])
    >>> read_law("unifrom")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: tokens: must be uniform, distinct or a list of probabilities, but it is 'unifrom'; did you mean 'uniform'?
    """
    written = text.strip()
    if written in among:
        return uniform(vocabulary) if written == "uniform" else distinct()
    head, bracket, _ = written.partition("(")
    if bracket and head.strip().isidentifier():
        return _written_law(written, argument)
    rule = f"must be {', '.join(among)} or a list of probabilities"
    if written.isdecimal() and written != "1":
        hint = (
            "; how many letters uniform tokens have is the vocabulary" if "uniform" in among else ""
        )
        raise InvalidArgument(argument, rule, f"it is {displayed(text)}{hint}")
    if "," not in written and not written[:1].isdigit():
        raise InvalidArgument(argument, rule, f"it is {text!r}{did_you_mean(written, among)}")
    return categorical(
        [parse(piece, f"{argument}[{i}]") for i, piece in enumerate(written.split(","))]
    )


def _written_law(text: str, argument: str) -> Law | HiddenMarkov:
    """A law from its repr: calls of laws on literals."""
    rule = f"must be uniform, distinct, probabilities, or one of the laws {', '.join(_TABLE)} with its arguments"
    found = read_calls(Source(text, argument), _TABLE, {"L": L, "v": VOCABULARY}, rule)
    if not isinstance(found, (Law, HiddenMarkov)):
        raise InvalidArgument(argument, rule, f"it is {displayed(text)}")
    return found
