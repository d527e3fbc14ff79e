"""The experiments that can be run by name; one line each, and what users register."""

from __future__ import annotations

from symkern.errors import InvalidArgument
from symkern.experiments.network_experiment import NETWORKS
from symkern.experiments.protocols import Protocol
from symkern.experiments.regression import REGRESSION
from symkern.experiments.selection_experiment import SELECTION
from symkern.experiments.sensitivity_experiment import SENSITIVITY
from symkern.experiments.text_experiment import TEXT
from symkern.reading.annotated import typed
from symkern.reading.spelling import did_you_mean
from symkern.registration import Registration

_OWN: tuple[Protocol, ...] = (NETWORKS, REGRESSION, SELECTION, SENSITIVITY, TEXT)

_PROTOCOLS = {p.name: p for p in _OWN}


def protocols() -> dict[str, Protocol]:
    """Name -> `Protocol` of every experiment, in alphabetical order."""
    return dict(sorted(_PROTOCOLS.items()))


@typed
def protocol(name: str) -> Protocol:
    """The experiment of that name.

    >>> protocol("perpetuum mobile")
    Traceback (most recent call last):
    ...
    symkern.errors.InvalidArgument: experiment: must be one of ..., but it is 'perpetuum mobile'
    """
    if name not in _PROTOCOLS:
        rule = f"must be one of {', '.join(protocols())}"
        found = f"it is {name!r}{did_you_mean(name, _PROTOCOLS)}"
        raise InvalidArgument("experiment", rule, found)
    return _PROTOCOLS[name]


@typed
def register(protocol: Protocol) -> Registration:
    """Let an experiment of one's own be run by its name, until the registration is undone or the ``with`` block ends.

    Args:
        protocol: the experiment, with its name.

    Raises:
        InvalidArgument: there is one of that name.
    """
    if protocol.name in _PROTOCOLS:
        rule = "must have a name of its own"
        raise InvalidArgument("protocol", rule, f"there is a {protocol.name!r}")
    _PROTOCOLS[protocol.name] = protocol
    return Registration(protocol, lambda: _PROTOCOLS.pop(protocol.name, None))
