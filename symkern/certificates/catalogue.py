"""The derivations that symkern can check on the spot, by name; each is built when it is asked for.

A provider is a function without arguments that returns a `Derivation`; every step of it that is not cited checks itself by code that shares
nothing with what it checks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from types import MappingProxyType

from symkern.claims.derivation import Derivation
from symkern.errors import InvalidArgument

__all__ = ["CATALOGUE", "CERTIFIED", "certificate_of", "derivation"]


def _law(name: str, *arguments: object) -> Derivation:
    """The derivation of a law of `symkern.bounds`."""
    law = getattr(import_module("symkern.derivations.bounds"), name)(*arguments)
    made: Derivation = law.derivation()
    return made


def _eigenvalue() -> Derivation:
    """1/(L (L - 1)), the eigenvalue of fix/L on distinct tokens."""
    from symkern.abc import L

    return _law("samples_law", 1 / (L * (L - 1)))


def _bound(name: str) -> Derivation:
    from symkern.abc import L

    return _law(name, 1 / L**2)


def _sensitivity(family: str, *arguments: object) -> Derivation:
    made: Derivation = getattr(import_module("symkern.bounds.sensitivity"), family)(
        *arguments
    ).derivation()
    return made


def _sharpness() -> Derivation:
    made: Derivation = import_module("symkern.bounds.sensitivity").sharpness("parity").derivation()
    return made


def _draws() -> Derivation:
    from symkern.spectra.deriving import derive

    made: Derivation = derive("linear-attention").average_sensitivity().derivation()
    return made


def _selection(name: str) -> Derivation:
    made: Derivation = import_module("symkern.bounds.selection").derivations[name]()
    return made


def _sector(preset: str, mu: tuple[int, ...], kappa: tuple[int, ...]) -> Derivation:
    from symkern.spectra.deriving import derive

    made: Derivation = derive(preset).derivation(mu, kappa)
    return made


def _trace_bound() -> Derivation:
    from symkern.spectra.deriving import derive

    made: Derivation = derive("linear-attention").trace_law((1,), (1,)).derivation()
    return made


def _tightness() -> Derivation:
    """The sector (L-1,1) x (v-1,1), whose largest eigenvalue falls below the bound by a power of L."""
    from symkern.spectra.deriving import derive

    rows = derive("linear-attention").tightness()
    made: Derivation = next(t for t in rows if t.sector.position_irrep == (1,)).derivation()
    return made


def _target(ridge: object = None) -> Derivation:
    from symkern.spectra.deriving import derive
    from symkern.tokens import uniform

    spectrum = derive("linear-attention", tokens=uniform(2))
    given = {} if ridge is None else {"ridge": ridge}
    made: Derivation = spectrum.sample_complexity("x1*x2", **given).derivation()
    return made


def _tail() -> Derivation:
    from symkern.spectra.deriving import derive
    from symkern.tokens import uniform

    spectrum = derive("linear-attention", 6, uniform(2), alpha=1, beta=1)
    made: Derivation = spectrum.learning_curve("x1*x2", n=[1], ridge="1/10", noise="1/100").tail.derivation()  # fmt: skip
    return made


def _crossing() -> Derivation:
    """Attention overtakes a flat readout somewhere above the smallest length."""
    from symkern.learning.comparison import compare
    from symkern.spectra.deriving import derive
    from symkern.tokens import uniform

    letters = uniform(3)
    attention = derive("linear-attention", tokens=letters, alpha=1, beta=10)
    flat = derive("flatten", tokens=letters, alpha=3, beta=1)
    made: Derivation = next(
        row
        for row in compare(attention, flat)
        if row.crossing is not None and row.crossing > row.least
    ).derivation()
    return made


def _alignment() -> Derivation:
    made: Derivation = import_module("symkern.bounds").alignment_derivation(
        lambda x: x[0] - x[1], 4
    )
    return made


def _page(module: str) -> Derivation:
    made: Derivation = import_module(f"symkern.certificates.{module}").derivation()
    return made


#: Name -> function that builds the derivation.
CATALOGUE: Mapping[str, Callable[[], Derivation]] = MappingProxyType(
    {
        "linear-attention": partial(_page, "linear_attention"),
        "dimension-1": partial(_law, "dimension_law", (1,)),
        "dimension-2": partial(_law, "dimension_law", (2,)),
        "dimension-1,1": partial(_law, "dimension_law", (1, 1)),
        "dimension-2,1": partial(_law, "dimension_law", (2, 1)),
        "trace-bound": partial(_law, "trace_law", (1,)),
        "samples": _eigenvalue,
        "learnability": partial(_bound, "learnability_law"),
        "cross-dataset": partial(_bound, "cross_dataset_law"),
        "copying": partial(_law, "copying_law"),
        "flatten-sector": partial(_sector, "flatten", (1,), (1,)),
        "linear-attention-flatten-sector": partial(_sector, "linear-attention-flatten", (1,), (1,)),
        "transformer-block-sector": partial(_sector, "transformer-block", (1,), (1,)),
        "linear-attention-sector": partial(_sector, "linear-attention", (1,), (1,)),
        "linear-attention-trace-bound": _trace_bound,
        "linear-attention-tightness": _tightness,
        "target-samples": _target,
        "target-samples-without-ridge": partial(_target, 0),
        "curve-tail": _tail,
        "crossing": _crossing,
        "alignment": _alignment,
        "sensitivity-parity": partial(_sensitivity, "parity"),
        "sensitivity-majority": partial(_sensitivity, "majority"),
        "sensitivity-first": partial(_sensitivity, "first"),
        "sensitivity-mean": partial(_sensitivity, "mean"),
        "sensitivity-threshold": partial(_sensitivity, "threshold", 2),
        "sensitivity-sharpness": _sharpness,
        "sensitivity-draws": _draws,
        **{
            name: partial(_selection, name)
            for name in (
                "selection-bound",
                "selection-gap",
                "selection-reduction",
                "selection-loss",
                "selection-late",
                "selection-generalisation",
            )
        },
    }
)


def _spectrum(preset: str, **settings: object) -> dict[str, object]:
    """The certificate of a preset's spectrum, symbolic in L and v where nothing is given."""
    from symkern.spectra.deriving import derive
    from symkern.tokens import uniform

    if "vocabulary" in settings:
        settings["tokens"] = uniform(settings.pop("vocabulary"))
    return derive(preset, **settings).certificate()  # type: ignore[arg-type]


def _closed_form(kind: str, *arguments: object) -> dict[str, object]:
    made: dict[str, object] = getattr(
        import_module("symkern.certificates.closed_forms"), f"{kind}_certificate"
    )(*arguments)
    return made


def _check_values(letters: int) -> dict[str, object]:
    from symkern.certificates.check_values import check_values

    return check_values(letters)


def _draws_of(preset: str) -> dict[str, object]:
    from symkern.spectra.deriving import derive

    return _closed_form("draws", derive(preset))


_SOFTMAX = {"length": 6, "vocabulary": 2, "alpha": 1, "beta": 1}

#: Name -> function that makes the certificate.
CERTIFIED: Mapping[str, Callable[[], dict[str, object]]] = MappingProxyType(
    {
        **{
            name: partial(_spectrum, name)
            for name in (
                "bag-of-tokens",
                "flatten",
                "linear-attention",
                "linear-attention-flatten",
                "linear-attention-last",
                "transformer-block",
                "transformer-block-last",
            )
        },
        "linear-attention-2": partial(_spectrum, "linear-attention-2", vocabulary=2),
        "softmax-attention": partial(_spectrum, "softmax-attention", **_SOFTMAX),
        "fully-connected": partial(_spectrum, "fully-connected", length=6, vocabulary=2, alpha=1),
        "check-values-v=2": partial(_check_values, 2),
        "check-values-v=3": partial(_check_values, 3),
        "linear-attention-draws": partial(_draws_of, "linear-attention"),
        "linear-attention-last-draws": partial(_draws_of, "linear-attention-last"),
        "dimension-2,1": partial(_closed_form, "dimension", (2, 1)),
        "dimension-3,2,1": partial(_closed_form, "dimension", (3, 2, 1)),
        "characters-6": partial(_closed_form, "character", 6),
        "character-polynomial-2,1": partial(_closed_form, "character_polynomial", (2, 1)),
        "character-polynomial-2,2": partial(_closed_form, "character_polynomial", (2, 2)),
        **{
            f"sensitivity-{name}": partial(_closed_form, "sensitivity", name)
            for name in ("parity", "majority", "first", "mean")
        },
        "selection-bound": partial(_closed_form, "selection"),
    }
)


def derivation(name: str) -> Derivation:
    """The derivation of that name.

    >>> derivation("dimension-1").title
    'The dimension of (L-1,1)'
    """
    if name not in CATALOGUE:
        raise InvalidArgument("name", f"must be one of {', '.join(CATALOGUE)}", f"it is {name!r}")
    return CATALOGUE[name]()


def certificate_of(name: str) -> dict[str, object]:
    """The certificate of that name.

    >>> certificate_of("flatten")["trace"]
    'alpha + beta'
    """
    if name not in CERTIFIED:
        raise InvalidArgument("name", f"must be one of {', '.join(CERTIFIED)}", f"it is {name!r}")
    return CERTIFIED[name]()
