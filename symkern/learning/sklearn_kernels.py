"""A pipeline as a kernel of scikit-learn, in floating point: for Gaussian processes, kernel ridge regression and support vector machines.

    GaussianProcessRegressor(sklearn_kernel(k) + WhiteKernel()).fit(X, y)          marginal likelihood finds the hyperparameters
    SVC(kernel=sklearn_kernel(k, alpha=2)), KernelRidge(kernel=sklearn_kernel(k))

Needs the extra ``sklearn`` (scikit-learn), which is imported on first use.
"""

from __future__ import annotations

from typing import Any

from symkern.errors import SymkernError, install_line
from symkern.kernels.pipeline import Kernel
from symkern.kernels.presets import read_kernel
from symkern.reading.annotated import typed


@typed
def sklearn_kernel(kernel: Kernel | str, *, v: int | None = None, **hyperparameters: Any) -> Any:
    """Floating point: the kernel for scikit-learn, k(x, y) on the rows of X, with hyperparameters, bounds and exact gradients.

    The symbols of the pipeline but L and v are its hyperparameters. As scikit-learn has it, those that are fitted are positive and theta is the
    vector of their logarithms, by name; the gradient is h dk/dh, by jets and not by differences
    (`symkern.kernels.kernel_gradients`). The length is that of the rows.

    Args:
        kernel: a pipeline, its text, or the name of a preset.
        v: size of the vocabulary, where hyperparameters of the pipeline depend on it.
        **hyperparameters: values by name, ``alpha=2.0``, each 1 where nothing is said; and bounds, ``alpha_bounds=(1e-3, 1e3)`` or "fixed",
            (1e-5, 1e5) where nothing is said. A value of 0 or below has no logarithm: it must be fixed.

    Returns:
        A `symkern.learning.pipeline_kernel.PipelineKernel`, an object of ``sklearn.gaussian_process.kernels.Kernel``. Letters in X are whole numbers;
        scikit-learn turns them into floats in places, so that floats without a fraction are taken for them.

    Raises:
        InvalidArgument: names that the pipeline has not, values that cannot be fitted, bounds that are none.
        SymkernError: scikit-learn is not installed.

    >>> k = sklearn_kernel("embedding(alpha, beta) | attention | mean_pool", beta=0.5)
    >>> k
    PipelineKernel(embedding(alpha, beta) | attention | mean_pool, alpha=1, beta=0.5)
    >>> k([[0, 1], [1, 1]]).tolist()
    [[0.84375, 0.65625], [0.65625, 2.03125]]
    >>> k.theta.round(4).tolist()
    [0.0, -0.6931]
    """
    try:
        from symkern.learning.pipeline_kernel import PipelineKernel
    except ModuleNotFoundError as error:
        if not str(error.name).startswith("sklearn"):
            raise
        raise SymkernError(
            f"sklearn_kernel: needs scikit-learn, which is not installed ({install_line('sklearn')})"
        ) from None
    read = read_kernel(kernel) if isinstance(kernel, str) else kernel
    return PipelineKernel(read, v=v, **hyperparameters)
