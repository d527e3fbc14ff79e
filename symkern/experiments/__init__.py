"""Experiments: a measurement beside what the formulas predict for it, seeded, with its standard errors.

    sk.experiments.network("softmax-block", alpha=1, beta=1, w=1, b=0)      random, trained and sampled networks beside kernel, NTK and GP
    sk.experiments.sensitivity()          transformers trained on functions of bits: sharpness both ways, and the sensitivity of what they learn
    sk.experiments.regression(...)        kernel regression, in distribution and under shift
    sk.experiments.selection()            a trained head on sparse token selection beside its flow and its floor
    sk.experiments.text(source="book.txt")                the symmetry of a text, and what a kernel learns on its windows
    sk.experiments.protocols()            the experiments that can be run by name
    sk.experiments.register(protocol)     one more

Every experiment is a function with settings that returns an `Experiment`: the numbers as columns, one line of verdict, and the settings that run it again.
`sk.plot.experiment` draws it, and ``symkern experiment NAME`` runs it from the command line.
"""

from symkern.experiments.drawn_regressions import RegressionTest
from symkern.experiments.experiment import Experiment
from symkern.experiments.network_experiment import NetworkExperiment, network
from symkern.experiments.protocol_table import protocols, register
from symkern.experiments.protocols import Protocol
from symkern.experiments.regression import RegressionExperiment, regression
from symkern.experiments.selection_experiment import SelectionExperiment, selection
from symkern.experiments.sensitivity_experiment import SensitivityExperiment, sensitivity
from symkern.experiments.text_experiment import TextExperiment, text

__all__ = [
    "Experiment",
    "NetworkExperiment",
    "Protocol",
    "RegressionExperiment",
    "RegressionTest",
    "SelectionExperiment",
    "SensitivityExperiment",
    "TextExperiment",
    "network",
    "protocols",
    "register",
    "regression",
    "selection",
    "sensitivity",
    "text",
]
