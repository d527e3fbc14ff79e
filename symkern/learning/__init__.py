"""What kernel regression learns, from how many samples, in how much time, and how that grows with the length.

    sk.learning.sklearn_kernel(k)          a kernel for scikit-learn's estimators

Learning curves and costs are asked of a spectrum: `Spectrum.learning_curve`, `Spectrum.training_curve`, `Spectrum.sample_complexity`.
"""

from symkern.doors import names

__all__ = ["sklearn_kernel"]

__getattr__, __dir__ = names("symkern.learning")
