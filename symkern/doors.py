"""Doors: what users find on an object of a lower room and what lives in a higher one.

Rooms import downward only. A method such as ``kernel.spectrum(...)`` needs what stands above kernels; so its class takes from here a
descriptor that fetches the function when a user calls it. The function's first argument is the object; its signature, docstring and
examples are the method's. The tables below are the one place of the package whose strings point upward: no module of the package
calls a door of a lower room, it imports the function. `doors.pyi` tells type checkers the same.

* ``METHODS``: class -> method -> "module:function"; a target that ends in "!" is a property, one in "@" a class method;
* ``NAMES``: package -> public name -> module that defines it, passed on by the package's ``__getattr__`` and listed by its ``__dir__``;
* ``STRATEGIES``: class -> "module:function", the Hypothesis strategy of its objects.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from types import MethodType
from typing import Any, TypeVar

_K, _C, _R = "symkern.combinatorics.", "symkern.characters.", "symkern.representations."
_S, _P, _D, _L = "symkern.spectra.", "symkern.pages.", "symkern.derivations.", "symkern.learning."
_T = "symkern.typeset."

METHODS: dict[str, dict[str, str]] = {
    "Kernel": {
        "spectrum": f"{_S}deriving:spectrum",
        "sector": f"{_S}deriving:one_sector",
        "cost": f"{_S}deriving:expected_cost",
        "class_function": "symkern.engines.permutations.class_functions:class_function",
    },
    "FunctionKernel": {
        "spectrum": f"{_S}deriving:spectrum",
        "sector": f"{_S}deriving:one_sector",
        "cost": f"{_S}deriving:expected_cost",
    },
    "Spectrum": {
        "cost": f"{_S}evaluating:derivation_cost",
        "evaluate": f"{_S}evaluating:evaluate",
        "enclosure": f"{_S}enclosing:enclosure",
        "error_bound": f"{_S}error_bounds:error_bound",
        "eigenvalues": f"{_S}ranking:ranked",
        "rank": f"{_S}ranking:rank",
        "tightness": f"{_S}trace_bounds:tightness",
        "trace_law": f"{_S}trace_bounds:trace_law",
        "before_shuffling": f"{_S}before_shuffling:before_shuffling",
        "scaling_law": f"{_S}sample_laws:scaling_law",
        "sample_laws": f"{_S}sample_laws:sample_laws",
        "derivation": f"{_D}sector:spectrum_derivation",
        "joint_limit": f"{_S}joint_limits:joint_limit",
        "floats": f"{_S}numeric:floats",
        "to_dict": f"{_S}spectrum_document:spectrum_document",
        "to_json": f"{_S}spectrum_document:spectrum_json",
        "save": f"{_S}storage:save",
        "load": f"{_S}storage:load@",
        "learnability": f"{_L}learnability:learnability",
        "learnabilities": f"{_L}learnability:learnabilities",
        "learning_curve": f"{_L}learning_curve:learning_curve",
        "training_curve": f"{_L}training_curve:training_curve",
        "training_law": f"{_L}training_times:training_law",
        "training_times": f"{_L}training_times:training_times",
        "predicted_output": f"{_L}predicted_output:predicted_output",
        "sample_complexity": f"{_L}sample_complexity:sample_complexity",
        "exponent_map": f"{_L}exponent_map:exponent_map",
        "average_sensitivity": f"{_L}draw_sensitivity:draw_sensitivity",
        "sign_sensitivity": f"{_L}sign_sensitivity:sign_sensitivity",
        "certificate": "symkern.certificates.spectrum_claim:spectrum_certificate",
        "latex": f"{_P}spectrum_latex:spectrum_latex",
        "theorem": f"{_P}theorem:theorem_latex",
        "text": f"{_P}spectrum:spectrum_text",
        "__str__": f"{_P}spectrum:spectrum_text",
        "_repr_html_": f"{_P}spectrum_html:spectrum_html",
        "to_dataframe": f"{_P}spectrum_csv:spectrum_dataframe",
        "document": f"{_T}shown:latex_document",
        "_repr_pretty_": f"{_T}shown:pretty",
    },
    "Sector": {
        "functions": "symkern.sectors.eigenfunction:sector_functions",
        "basis": "symkern.sectors.eigenfunction:eigenfunctions",
        "series": "symkern.sectors.exact_series:series",
        "energies": "symkern.sectors.sector_energies:energies",
        "component": "symkern.sectors.sector_energies:component",
        "_repr_html_": f"{_P}spectrum_html:sector_html",
        "text": f"{_P}spectrum:sector_text",
        "__str__": f"{_P}spectrum:sector_text",
    },
    "ScalingLaw": {"derivation": "symkern.derivations:derivation_of"},
    "HiddenMarkov": {
        "symmetrised": "symkern.tokens.symmetrised:symmetrised",
        "share": "symkern.tokens.symmetric_share:share",
        "lag_moment": "symkern.tokens.lag_moments:lag_moment",
        "order_shares": "symkern.tokens.symmetric_orders:order_shares",
    },
    "Law": {
        "symmetrised": "symkern.tokens.symmetrised:symmetrised",
        "share": "symkern.tokens.symmetric_share:share",
        "lag_moment": "symkern.tokens.lag_moments:lag_moment",
        "order_shares": "symkern.tokens.symmetric_orders:order_shares",
    },
    "Module": {
        "components": f"{_R}isotypic:components",
        "projector": f"{_R}isotypic:projector",
        "projectors": f"{_R}isotypic:projectors",
        "components_float": f"{_R}isotypic_numeric:components_float",
        "projector_float": f"{_R}isotypic_numeric:projector_float",
        "energies": f"{_R}squared_parts:energies",
        "symmetry_adapted_basis": f"{_R}symmetry_adapted:symmetry_adapted_basis",
        "block_diagonalise": f"{_R}symmetry_adapted:block_diagonalise",
        "__add__": f"{_R}constructions:direct_sum",
        "__mul__": f"{_R}constructions:tensor_product",
        "symmetric_power": f"{_R}constructions:symmetric_power",
        "exterior_power": f"{_R}constructions:exterior_power",
    },
    "SignedAction": {"commutant": f"{_R}commutant:commutant"},
    "ClassFunction": {
        "adams": f"{_C}powers:adams",
        "symmetric_power": f"{_C}powers:symmetric_power",
        "exterior_power": f"{_C}powers:exterior_power",
        "schur_power": f"{_C}powers:schur_power",
        "outer_power": f"{_C}powers:outer_power",
        "restrict_to": f"{_C}young_subgroups:restrict_to",
        "frobenius": f"{_C}plethysms:frobenius",
    },
    "YoungClassFunction": {
        "restrict_to": f"{_C}young_refinements:restricted",
        "induce_to": f"{_C}young_refinements:induced",
    },
    "CharacterPolynomial": {
        "adams": f"{_C}stable_powers:adams_polynomial",
        "symmetric_power": f"{_C}stable_powers:symmetric_power_polynomial",
        "exterior_power": f"{_C}stable_powers:exterior_power_polynomial",
        "schur_power": f"{_C}stable_powers:schur_power_polynomial",
    },
    "SymmetricFunction": {
        "plethysm": f"{_C}plethysms:substituted",
        "inner_plethysm": f"{_C}plethysms:inner_plethysm",
        "class_function": f"{_C}plethysms:class_function",
        "polynomial": f"{_C}specialisations:polynomial",
        "from_polynomial": f"{_C}specialisations:from_polynomial@",
        "principal_specialisation": f"{_C}specialisations:principal_specialisation",
        "exponential_specialisation": f"{_C}specialisations:exponential_specialisation",
        "character_polynomial": f"{_C}specialisations:character_polynomial",
        "to_sage": f"{_C}program_texts:function_to_sage",
        "to_gap": f"{_C}program_texts:function_to_gap",
    },
    "GroupAlgebraElement": {
        "to_sage": f"{_R}algebra_texts:element_to_sage",
        "to_gap": f"{_R}algebra_texts:element_to_gap",
    },
    "Partition": {
        "skew": "symkern.combinatorics.skew:skew",
        "standard_tableaux": "symkern.combinatorics.tableaux:standard_tableaux",
        "semistandard_tableaux": "symkern.combinatorics.tableaux:semistandard_tableaux",
        "arms": f"{_K}boundary:arms!",
        "legs": f"{_K}boundary:legs!",
        "rim": f"{_K}boundary:rim!",
        "boundary_word": f"{_K}boundary:boundary_word!",
        "to_sage": f"{_K}other_programs:to_sage",
        "to_gap": f"{_K}other_programs:to_gap",
    },
    "SkewPartition": {
        "standard_tableaux": f"{_K}skew_tableaux:skew_standard_tableaux",
        "semistandard_tableaux": f"{_K}skew_tableaux:skew_semistandard_tableaux",
        "to_sage": f"{_K}other_programs:to_sage",
        "to_gap": f"{_K}other_programs:to_gap",
    },
    "Tableau": {
        "promotion": f"{_K}jeu_de_taquin:promotion",
        "promotion_orbit": f"{_K}jeu_de_taquin:promotion_orbit",
        "inverse_promotion": f"{_K}jeu_de_taquin:inverse_promotion",
        "evacuation": f"{_K}jeu_de_taquin:evacuation",
        "major_index": f"{_K}word_statistics:major_index!",
        "charge": f"{_K}word_statistics:charge!",
        "cocharge": f"{_K}word_statistics:cocharge!",
        "to_sage": f"{_K}other_programs:to_sage",
        "to_gap": f"{_K}other_programs:to_gap",
    },
    "SkewTableau": {
        "slide": f"{_K}jeu_de_taquin:slide",
        "rectify": f"{_K}jeu_de_taquin:rectify",
        "promotion": f"{_K}jeu_de_taquin:promotion",
        "promotion_orbit": f"{_K}jeu_de_taquin:promotion_orbit",
        "inverse_promotion": f"{_K}jeu_de_taquin:inverse_promotion",
        "evacuation": f"{_K}jeu_de_taquin:evacuation",
        "to_sage": f"{_K}other_programs:to_sage",
        "to_gap": f"{_K}other_programs:to_gap",
    },
    "SymmetryReport": {
        "table": f"{_P}symmetry_report:report_table",
        "text": f"{_P}symmetry_report:report_text",
        "__str__": f"{_P}symmetry_report:report_text",
        "latex": f"{_P}symmetry_report:report_latex",
        "csv": f"{_P}symmetry_report:report_csv",
        "to_dict": f"{_P}symmetry_report:report_document",
        "_repr_html_": f"{_P}symmetry_report:report_html",
        "to_dataframe": f"{_P}symmetry_report:report_dataframe",
        "document": f"{_T}shown:latex_document",
        "_repr_pretty_": f"{_T}shown:pretty",
    },
    "TargetEnergy": {
        "svg": f"{_P}target_energy:svg",
        "to_dataframe": f"{_P}dataframes:energy_dataframe",
    },
    "ExactEigenlearning": {"derivation": "symkern.derivations:derivation_of"},
    "SymmetryGap": {"derivation": "symkern.derivations:derivation_of"},
    "LateTimes": {"derivation": "symkern.derivations:derivation_of"},
    "LengthGeneralisation": {"derivation": "symkern.derivations:derivation_of"},
    "RandomCodes": {"derivation": "symkern.derivations:derivation_of"},
    "FixedCodes": {"derivation": "symkern.derivations:derivation_of"},
    "Heads": {"derivation": "symkern.derivations:derivation_of"},
    "Flow": {"derivation": "symkern.derivations:derivation_of"},
    "Family": {"derivation": "symkern.derivations:derivation_of"},
    "Sharpness": {"derivation": "symkern.derivations:derivation_of"},
    "Tightness": {"derivation": f"{_D}sector:tightness_derivation"},
    "CharacterTable": {
        "text": f"{_P}character_table:text",
        "latex": f"{_P}character_table:latex",
        "csv": f"{_P}character_table:csv",
        "_repr_html_": f"{_P}character_table:notebook_html",
        "_repr_latex_": f"{_P}character_table:notebook_latex",
        "to_dataframe": f"{_P}character_table:table_dataframe",
        "document": f"{_P}character_table:table_document",
        "_repr_pretty_": f"{_T}shown:pretty",
    },
    "Derivation": {
        "latex": f"{_P}derivations:derivation_latex",
        "document": f"{_P}derivations:derivation_document",
        "text": f"{_P}derivations:derivation_text",
        "__str__": f"{_P}derivations:derivation_text",
        "_repr_markdown_": f"{_P}derivations:derivation_markdown",
        "_repr_pretty_": f"{_T}shown:pretty",
    },
    "ComparedSector": {"derivation": f"{_D}crossing:crossing_derivation"},
    "Comparison": {
        "text": f"{_P}comparison:comparison_text",
        "__str__": f"{_P}comparison:comparison_text",
        "latex": f"{_P}comparison:comparison_latex",
        "_repr_html_": f"{_P}comparison:comparison_html",
        "to_dataframe": f"{_P}dataframes:comparison_dataframe",
        "document": f"{_T}shown:latex_document",
        "_repr_pretty_": f"{_T}shown:pretty",
    },
    "LearningCurve": {
        "table": f"{_P}learning_curve:curve_table",
        "text": f"{_P}learning_curve:curve_text",
        "__str__": f"{_P}learning_curve:curve_text",
        "latex": f"{_P}learning_curve:curve_latex",
        "_repr_html_": f"{_P}learning_curve:curve_html",
        "growth": f"{_L}sample_complexity:curve_growth!",
        "measured": f"{_L}measured_curve:measured",
        "to_dict": f"{_L}curve_document:curve_document",
        "to_json": f"{_L}curve_document:curve_json",
        "to_dataframe": f"{_P}curve_columns:curve_dataframe",
        "document": f"{_T}shown:latex_document",
        "_repr_pretty_": f"{_T}shown:pretty",
    },
    "MeasuredCurve": {
        "table": f"{_P}measured_curve:measured_table",
        "text": f"{_P}measured_curve:measured_text",
        "__str__": f"{_P}measured_curve:measured_text",
        "latex": f"{_P}measured_curve:measured_latex",
        "_repr_html_": f"{_P}measured_curve:measured_html",
        "to_dict": f"{_L}measured_document:measured_document",
        "to_json": f"{_L}measured_document:measured_json",
        "to_dataframe": f"{_P}curve_columns:measured_dataframe",
        "document": f"{_T}shown:latex_document",
        "_repr_pretty_": f"{_T}shown:pretty",
    },
    "Tail": {"derivation": "symkern.derivations:derivation_of"},
    "TrainingCurve": {
        "table": f"{_P}training_curve:training_table",
        "text": f"{_P}training_curve:training_text",
        "__str__": f"{_P}training_curve:training_text",
        "latex": f"{_P}training_curve:training_latex",
        "_repr_html_": f"{_P}training_curve:training_html",
        "times": f"{_L}training_times:curve_times",
        "to_dict": f"{_L}training_document:training_document",
        "to_json": f"{_L}training_document:training_json",
        "to_dataframe": f"{_P}curve_columns:training_dataframe",
        "document": f"{_T}shown:latex_document",
        "_repr_pretty_": f"{_T}shown:pretty",
    },
    "TrainingTimes": {
        "table": f"{_P}training_times:times_table",
        "text": f"{_P}training_times:times_text",
        "__str__": f"{_P}training_times:times_text",
        "latex": f"{_P}training_times:times_latex",
        "_repr_html_": f"{_P}training_times:times_html",
        "to_dataframe": f"{_P}dataframes:times_dataframe",
        "document": f"{_T}shown:latex_document",
        "_repr_pretty_": f"{_T}shown:pretty",
    },
    "SampleComplexity": {
        "derivation": f"{_D}target:cost_derivation",
        "table": f"{_P}learning_curve:complexity_table",
        "text": f"{_P}learning_curve:complexity_text",
        "__str__": f"{_P}learning_curve:complexity_text",
        "latex": f"{_P}learning_curve:complexity_latex",
        "_repr_html_": f"{_P}learning_curve:complexity_html",
        "to_dataframe": f"{_P}dataframes:complexity_dataframe",
        "document": f"{_T}shown:latex_document",
        "_repr_pretty_": f"{_T}shown:pretty",
    },
    "DrawSensitivity": {
        "derivation": f"{_D}draw:draw_derivation",
        "text": f"{_P}draw_sensitivity:draw_text",
        "__str__": f"{_P}draw_sensitivity:draw_text",
        "latex": f"{_P}draw_sensitivity:draw_latex",
        "document": f"{_T}shown:latex_document",
        "_repr_pretty_": f"{_T}shown:pretty",
    },
    "ExponentMap": {
        "table": f"{_P}exponent_map:exponent_table",
        "details": f"{_P}exponent_map:exponent_details",
        "text": f"{_P}exponent_map:exponent_text",
        "__str__": f"{_P}exponent_map:exponent_text",
        "latex": f"{_P}exponent_map:exponent_latex",
        "_repr_html_": f"{_P}exponent_map:exponent_html",
        "to_dataframe": f"{_P}dataframes:exponent_dataframe",
        "document": f"{_T}shown:latex_document",
        "_repr_pretty_": f"{_T}shown:pretty",
    },
    "LearnabilityTable": {
        "table": f"{_P}learnability:learnability_table",
        "text": f"{_P}learnability:learnability_text",
        "__str__": f"{_P}learnability:learnability_text",
        "latex": f"{_P}learnability:learnability_latex",
        "_repr_html_": f"{_P}learnability:learnability_html",
        "to_dataframe": f"{_P}dataframes:learnability_dataframe",
        "document": f"{_T}shown:latex_document",
        "_repr_pretty_": f"{_T}shown:pretty",
    },
}

NAMES: dict[str, dict[str, str]] = {
    "symkern": {
        "CharacterPolynomial": "symkern.characters",
        "CharacterTable": "symkern.characters",
        "ClassFunction": "symkern.characters",
        "Derivation": "symkern.claims",
        "Kernel": "symkern.kernels",
        "Partition": "symkern.combinatorics",
        "Sector": "symkern.sectors",
        "Spectrum": "symkern.spectra",
        "Standing": "symkern.claims",
        "Step": "symkern.claims",
        "SymkernError": "symkern.errors",
        "SymmetricFunction": "symkern.characters",
        "Verification": "symkern.claims",
        "abc": "symkern.abc",
        "bibtex": "symkern.claims",
        "bounds": "symkern.bounds",
        "certificates": "symkern.certificates",
        "character": "symkern.characters",
        "character_table": "symkern.characters",
        "characters": "symkern.characters",
        "combinatorics": "symkern.combinatorics",
        "data": "symkern.data",
        "derive": "symkern.spectra",
        "errors": "symkern.errors",
        "experiments": "symkern.experiments",
        "explore": "symkern.app",
        "exact": "symkern.exact",
        "kernels": "symkern.kernels",
        "kostka": "symkern.characters",
        "kronecker": "symkern.characters",
        "learning": "symkern.learning",
        "limits": "symkern.limits",
        "littlewood_richardson": "symkern.characters",
        "partitions": "symkern.combinatorics",
        "plot": "symkern.plot",
        "reduced_kronecker": "symkern.characters",
        "report": "symkern.reports",
        "representations": "symkern.representations",
        "strategies": "symkern.strategies",
        "targets": "symkern.targets",
        "testing": "symkern.testing",
        "typeset": "symkern.typeset",
    },
    "symkern.bounds": {
        "alignment_derivation": f"{_D}alignment",
        "copying_law": "symkern.bounds.laws",
        "cross_dataset_law": "symkern.bounds.laws",
        "dimension_law": "symkern.bounds.laws",
        "learnability_law": "symkern.bounds.laws",
        "population_bound": "symkern.targets.population_moments",
        "samples_law": "symkern.bounds.laws",
        "selection": "symkern.bounds.selection",
        "sensitivity": "symkern.bounds.sensitivity",
        "trace_law": "symkern.bounds.laws",
    },
    "symkern.bounds.selection": {
        "derivations": f"{_D}selection",
        "fully_connected_derivation": f"{_D}selection",
        "loss_derivation": f"{_D}selection",
        "reduction_derivation": f"{_D}selection",
    },
    "symkern.kernels": {
        "ComparedSector": f"{_L}compared_sectors",
        "Comparison": f"{_L}comparison",
        "Sector": "symkern.sectors",
        "Spectrum": "symkern.spectra",
        "compare": f"{_L}comparison",
        "derive": "symkern.spectra",
        "register": "symkern.engines.registering",
        "register_engine": "symkern.engines.registry",
        "targets": "symkern.targets",
    },
    "symkern.learning": {
        "sklearn_kernel": "symkern.learning.sklearn_kernels",
    },
}

STRATEGIES: dict[str, str] = {
    "CharacterPolynomial": "symkern.strategies:character_polynomials",
    "ClassFunction": "symkern.strategies:class_functions",
    "Kernel": "symkern.strategies:kernels",
    "Law": "symkern.strategies:laws",
    "Partition": "symkern.strategies:partitions",
    "Tableau": "symkern.strategies:standard_tableaux",
}


def opened(target: str) -> Any:
    """The function that a target of ``METHODS`` names.

    >>> opened("symkern.combinatorics.partition:Partition").__name__
    'Partition'
    """
    module, _, name = target.rstrip("!@").partition(":")
    return getattr(import_module(module), name)


class Door:
    """One method of a class, fetched from its room at the first call."""

    def __init__(self, target: str) -> None:
        self.target = target

    def __get__(self, instance: Any, owner: type) -> Any:
        function = opened(self.target)
        if self.target.endswith("@"):
            return MethodType(function, owner)
        if instance is None:
            return property(function) if self.target.endswith("!") else function
        return function(instance) if self.target.endswith("!") else MethodType(function, instance)

    def __repr__(self) -> str:
        return f"Door({self.target!r})"


def _base(name: str) -> type:
    doors = {method: Door(target) for method, target in METHODS[name].items()}
    text = f"The methods of `{name}` that live in higher rooms."
    return type(
        f"{name}Doors", (), {"__doc__": text, "__module__": __name__, "__slots__": (), **doors}
    )


for _owner in METHODS:  # KernelDoors, SpectrumDoors, ...
    globals()[f"{_owner}Doors"] = _base(_owner)


def names(package: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The ``__getattr__`` and ``__dir__`` of a package: names that live in higher rooms or load on first use, by ``NAMES``, and public ones alone.

    >>> names("symkern.bounds")[0]("nothing")
    Traceback (most recent call last):
    ...
    AttributeError: module 'symkern.bounds' has no attribute 'nothing'
    """
    homes = NAMES[package]

    def passed_on(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        home = import_module(homes[name])
        is_module = homes[name].rpartition(".")[2] == name
        return home if is_module else getattr(home, name)

    return passed_on, lambda: sorted({*homes, *import_module(package).__all__})


_Kind = TypeVar("_Kind", bound=type)
_unregistered: list[type] = []


def drawable(kind: _Kind) -> _Kind:
    """A decorator of classes: Hypothesis draws their objects as ``STRATEGIES`` says, ``st.from_type(sk.Partition)``.

    Told to Hypothesis at once where it is in use, and otherwise by `register_strategies` when it is.
    """
    _unregistered.append(kind)
    if hasattr(sys.modules.get("hypothesis.strategies"), "register_type_strategy"):
        register_strategies()
    return kind


def register_strategies() -> None:
    """Tell Hypothesis what draws the classes that are loaded; it calls this by itself when it is imported, an entry point of `setup.cfg`.

    Nothing is imported for it: classes that are loaded later are told then, and a strategy is made when it is asked for.
    """
    from hypothesis.strategies import register_type_strategy

    while _unregistered:
        kind = _unregistered.pop()
        target = STRATEGIES[kind.__name__]
        register_type_strategy(kind, lambda _, target=target: opened(target)())
