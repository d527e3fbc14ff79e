"""How an experiment is run by its name: its function, whose arguments are the settings, and which of them make it fast or full."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from inspect import signature
from typing import Any, Literal

from symkern.errors import InvalidArgument, InvalidType, displayed
from symkern.exact.real_arguments import read_real
from symkern.experiments.experiment import Experiment
from symkern.reading.annotated import typed
from symkern.reading.spelling import did_you_mean
from symkern.typeset.shown import Shown

Speed = Literal["default", "fast", "full"]


@dataclass(frozen=True)
@typed
class Protocol(Shown):
    """An experiment by its name.

    Attributes:
        name: as ``symkern experiment`` takes it.
        summary: what it measures, on one line.
        run: a function of keywords that all have defaults, which returns an `Experiment`; each takes what its default is: a whole number, a number, a truth
            value, a text, or a row of whole numbers, numbers or texts. ``seed`` is one of them.
        fast: settings for an answer in seconds.
        full: settings of the published or the largest run.

    >>> def tosses(*, tosses=100, seed=0): ...
    >>> protocol = Protocol("tosses", "Heads of a coin.", tosses, fast={"tosses": 10})
    >>> protocol.settings("fast"), protocol.settings("fast", {"tosses": "1000"})
    ({'tosses': 10, 'seed': 0}, {'tosses': 1000, 'seed': 0})
    """

    name: str
    summary: str
    run: Callable[..., Experiment]
    fast: Mapping[str, Any] = field(default_factory=dict)
    full: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        defaults = self.defaults
        if without := [name for name, value in defaults.items() if value is None]:
            rule = "must be a function whose keywords have defaults of their kind"
            raise InvalidArgument("run", rule, f"{without[0]} has none")
        for speed in (self.fast, self.full):
            for name in speed:
                _require_known(name, defaults)

    @property
    def defaults(self) -> dict[str, Any]:
        """The settings and their values where none is given."""
        try:
            places = signature(self.run).parameters.values()
        except (ValueError, TypeError):  # what is not written in Python may tell no signature
            rule = "must be a function whose keywords are known"
            raise InvalidArgument("run", rule, f"it is {displayed(self.run)}") from None
        return {p.name: None if p.default is p.empty else p.default for p in places if p.kind is not p.VAR_KEYWORD}  # fmt: skip

    @typed
    def settings(self, speed: Speed = "default", texts: Mapping[str, str] | None = None) -> dict[str, Any]:  # fmt: skip
        """All settings: the defaults, those of the speed, and over them what texts say, as a person types them; rows with commas.

        Args:
            speed: "default", "fast" or "full".
            texts: the name of a setting with its value as text.

        Raises:
            InvalidArgument: an unknown setting, or a text that is not of its kind.
        """
        defaults = self.defaults
        found = {**defaults, **(getattr(self, speed) if speed != "default" else {})}
        for name, text in (texts or {}).items():
            _require_known(name, defaults)
            found[name] = _read(text, defaults[name], name)
        return found


def _require_known(name: str, defaults: Mapping[str, Any]) -> None:
    if name not in defaults:
        rule = f"must be one of {', '.join(defaults)}"
        raise InvalidArgument("settings", rule, f"it is {name!r}{did_you_mean(name, defaults)}")


def _read(text: str, default: Any, name: str) -> Any:
    """What a text says where the default is of some kind."""
    text = text.strip()
    if isinstance(default, bool):
        if text.lower() not in ("true", "false"):
            raise InvalidArgument(name, "must be true or false", f"it is {text!r}")
        return text.lower() == "true"
    if isinstance(default, int):
        if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) <= 19):
            raise InvalidArgument(name, "must be a whole number", f"it is {text!r}")
        return int(text)
    if isinstance(default, float):
        return read_real(text, name)
    if isinstance(default, str):
        return text
    if isinstance(default, tuple) and default:
        return tuple(_read(piece, default[0], name) for piece in text.split(","))
    raise InvalidType(name, "must have a number, a text or a row of these as its default", default)
