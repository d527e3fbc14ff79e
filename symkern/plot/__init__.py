"""Figures as functions: ``sk.plot.learning_curve(...)`` returns a matplotlib Axes in the project's style.

Every function takes ``ax=`` to draw into an existing Axes and makes a figure of its own otherwise; none shows or
saves by itself. Needs the extra ``plot`` (matplotlib), which is imported on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: Function -> module of this room that defines it.
_FIGURES: dict[str, str] = {
    "alignment": "laws",
    "character_table": "representation_figures",
    "draw_sensitivity": "sensitivity",
    "draw_weights": "sensitivity",
    "experiment": "experiment_figures",
    "exponent_map": "exponents",
    "learning_curve": "curves",
    "measured_curve": "measured",
    "measured_parts": "measured",
    "network": "networks",
    "regression_errors": "regression",
    "regression_outputs": "regression",
    "scaling_law": "laws",
    "selection_bound": "selection",
    "selection_codes": "code_figures",
    "selection_flow": "selection",
    "selection_gap": "selection",
    "selection_generalisation": "selection",
    "selection_loss": "selection",
    "selection_training": "code_figures",
    "selection_width": "code_figures",
    "sensitivity_growth": "sensitivity",
    "sensitivity_profile": "sensitivity",
    "sensitivity_weights": "sensitivity",
    "series": "expansions",
    "symmetry": "symmetry_report",
    "target_comparison": "targets",
    "target_energy": "targets",
    "text_errors": "regression",
    "trace_bound": "exponents",
    "training_curve": "training",
    "transformer_sensitivity": "sensitive_transformers",
    "verification": "laws",
    "young_lattice": "representation_figures",
}

__all__ = sorted(_FIGURES)


def __getattr__(name: str) -> Any:
    if name in _FIGURES:
        return getattr(import_module(f"symkern.plot.{_FIGURES[name]}"), name)
    raise AttributeError(f"module 'symkern.plot' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
